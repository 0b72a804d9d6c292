/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

#include "tg-cpu-loop-private.h"

G_BEGIN_DECLS

/* Objects of machine code on disk, for the next process.  It is a cache: whatever goes wrong, there
 * is nothing in it.  Threads and processes may share a folder. */
typedef struct _TgCodeCache TgCodeCache;

/* The one of this user, or NULL: in a folder that others may write to, an entry could be anyone's
 * code. */
TgCodeCache *tg_code_cache_get_default (void);

/* Beyond so many bytes, the entries go that were not used for longest. */
TgCodeCache *tg_code_cache_new         (const char             *folder,
                                        guint64                 most_bytes);
void         tg_code_cache_free        (TgCodeCache            *self);

GBytes      *tg_code_cache_load        (TgCodeCache            *self,
                                        const char             *key);
void         tg_code_cache_store       (TgCodeCache            *self,
                                        const char             *key,
                                        GBytes                 *object);

/* The key of what these loops are compiled to: it differs where the loops do, the machine, or what
 * of libtg and LLVM makes the code.  `machine` is NULL for this one. */
char        *tg_code_make_key          (const TgCpuLoop *const *loops,
                                        guint                   n_loops,
                                        const char             *machine);
/* What there is to know about the processor without LLVM. */
char        *tg_code_describe_machine  (void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgCodeCache, tg_code_cache_free)

G_END_DECLS
