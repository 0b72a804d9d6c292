/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What takes long to find, on disk for the next process: machine code, forms of formulas.  It is a
 * cache: whatever goes wrong, there is nothing in it.  Threads and processes may share a folder. */
typedef struct _TgDiskCache TgDiskCache;

/* The one of this user, or NULL: in a folder that others may write to, an entry could be anyone's
 * code. */
TgDiskCache *tg_disk_cache_get_default (void);

/* Beyond so many bytes, the entries go that were not used for longest. */
TgDiskCache *tg_disk_cache_new         (const char             *folder,
                                        guint64                 most_bytes);
void         tg_disk_cache_free        (TgDiskCache            *self);

GBytes      *tg_disk_cache_load        (TgDiskCache            *self,
                                        const char             *key);
void         tg_disk_cache_store       (TgDiskCache            *self,
                                        const char             *key,
                                        GBytes                 *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgDiskCache, tg_disk_cache_free)

G_END_DECLS
