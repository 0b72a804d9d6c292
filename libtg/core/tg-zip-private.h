/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Archives by PKWARE's description (APPNOTE.TXT 6.3.10): entries that are stored or deflated, with
 * the sizes of 64 bits where those of 32 do not suffice, on one disk and without encryption. */

#define TG_ZIP_LOCAL 0x04034b50
#define TG_ZIP_CENTRAL 0x02014b50
#define TG_ZIP_END 0x06054b50
#define TG_ZIP_END_64 0x06064b50
#define TG_ZIP_LOCATOR_64 0x07064b50
#define TG_ZIP_LOCAL_SIZE 30
#define TG_ZIP_CENTRAL_SIZE 46
#define TG_ZIP_END_SIZE 22
#define TG_ZIP_END_64_SIZE 56
#define TG_ZIP_LOCATOR_64_SIZE 20
/* The extra field of an entry that has sizes of 64 bits. */
#define TG_ZIP_EXTRA_64 1

typedef enum
{
  TG_ZIP_STORED = 0,
  TG_ZIP_DEFLATED = 8,
} TgZipMethod;

typedef struct
{
  char    *name;
  guint    flags;
  guint    method;
  guint32  crc;
  guint64  packed_size;
  guint64  size;
  guint64  offset; /* of the local header */
} TgZipEntry;

typedef struct _TgZipWriter TgZipWriter;

/* The remainder that archives check their contents with; begin with 0. */
guint32      tg_zip_crc          (guint32        crc,
                                  gconstpointer  data,
                                  gsize          n_bytes);

/* What is in an archive, an array of TgZipEntry. */
GArray      *tg_zip_read         (GBytes        *archive,
                                  GError       **error);

/* The contents of an entry, which look at the archive where they are stored. */
GBytes      *tg_zip_unpack       (GBytes        *archive,
                                  TgZipEntry    *entry,
                                  GError       **error);

/* Numbers from `limit` on are written with 64 bits; it is G_MAXUINT32 but in tests. */
TgZipWriter *tg_zip_writer_new   (GOutputStream *stream,
                                  guint64        limit);

/* Adds an entry that consists of two parts.  The second begins at a multiple of 64 bytes if the
 * first has such a length and nothing is deflated. */
gboolean     tg_zip_writer_add   (TgZipWriter   *self,
                                  const char    *name,
                                  TgZipMethod    method,
                                  GBytes        *first,
                                  GBytes        *second,
                                  GError       **error);

/* Writes the directory. */
gboolean     tg_zip_writer_close (TgZipWriter   *self,
                                  GError       **error);
void         tg_zip_writer_free  (TgZipWriter   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgZipWriter, tg_zip_writer_free)

G_END_DECLS
