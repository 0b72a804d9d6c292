/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-print-private.h"

G_BEGIN_DECLS

/* Files of graphs and functions: a ZIP archive that has for each a text in the notation, with the
 * ending .tg, and for each shared variable and large constant beside the texts a .npy file of the
 * name that it has in them.  What two texts call alike is one. */

#define TG_ARCHIVE_TEXT ".tg"
#define TG_ARCHIVE_VALUE ".npy"

typedef struct _TgArchiveWriter TgArchiveWriter;

TgArchiveWriter *tg_archive_writer_new     (void);
void             tg_archive_writer_free    (TgArchiveWriter    *self);

/* Names what stands beside a text, for all texts, before any is added. */
gboolean         tg_archive_writer_collect (TgArchiveWriter    *self,
                                            const TgPrintable  *printable,
                                            GError            **error);

/* Adds a text, whose name is made one of the notation and of no other text. */
void             tg_archive_writer_add     (TgArchiveWriter    *self,
                                            TgPrintable         printable);
GBytes          *tg_archive_writer_finish  (TgArchiveWriter    *self,
                                            GError            **error);

/* Writes a file that takes the place of an old one when it is complete. */
gboolean         tg_archive_save           (GBytes             *bytes,
                                            const char         *path,
                                            GError            **error);

GBytes          *tg_archive_load           (const char         *path,
                                            GError            **error);

typedef struct _TgArchive TgArchive;

/* What a text says, and the variables that it made. */
typedef struct
{
  TgExpression *expression;
  GPtrArray    *inputs;
  GPtrArray    *beside;
  GPtrArray    *outputs; /* results, then new values */
} TgArchived;

TgArchive       *tg_archive_new            (GBytes             *bytes,
                                            GError            **error);
void             tg_archive_free           (TgArchive          *self);
guint            tg_archive_get_n_texts    (TgArchive          *self);

/* The name of a member, for messages. */
const char      *tg_archive_get_name       (TgArchive          *self,
                                            guint               index);

/* Fills `archived`, to be cleared also where it fails. */
gboolean         tg_archive_build          (TgArchive          *self,
                                            guint               index,
                                            TgArchived         *archived,
                                            GError            **error);
void             tg_archived_clear         (TgArchived         *archived);

/* Whether every value has a name in a text; for when all texts were built. */
gboolean         tg_archive_check_values   (TgArchive          *self,
                                            GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgArchiveWriter, tg_archive_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgArchive, tg_archive_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgArchived, tg_archived_clear)

G_END_DECLS
