/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-zip-private.h"

#include <string.h>

#define ALIGNMENT 64
/* Android's kind of extra field, which fills the room before contents that are to be aligned. */
#define EXTRA_ALIGNMENT 0xd935
/* 1 January 1980, the first day that archives know: equal tensors make equal files. */
#define DATE 0x21
/* The version 4.5, the first with sizes of 64 bits. */
#define VERSION 45
#define UTF_8 (1 << 11)

struct _TgZipWriter
{
  GOutputStream *stream;
  GByteArray    *directory;
  guint64        limit;
  guint64        offset;
  guint64        n_entries;
};

static void
append_16 (GByteArray *bytes,
           guint64     number)
{
  guint16 value = GUINT16_TO_LE ((guint16) number);

  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

static void
append_32 (GByteArray *bytes,
           guint64     number)
{
  guint32 value = GUINT32_TO_LE ((guint32) number);

  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

static void
append_64 (GByteArray *bytes,
           guint64     number)
{
  guint64 value = GUINT64_TO_LE (number);

  g_byte_array_append (bytes, (const guint8 *) &value, sizeof value);
}

TgZipWriter *
tg_zip_writer_new (GOutputStream *stream,
                   guint64        limit)
{
  TgZipWriter *self = g_new0 (TgZipWriter, 1);

  self->stream = g_object_ref (stream);
  self->directory = g_byte_array_new ();
  self->limit = limit;

  return self;
}

void
tg_zip_writer_free (TgZipWriter *self)
{
  g_object_unref (self->stream);
  g_byte_array_unref (self->directory);
  g_free (self);
}

static gboolean
write_data (TgZipWriter    *self,
            gconstpointer   data,
            gsize           n_bytes,
            GError        **error)
{
  if (!g_output_stream_write_all (self->stream, data, n_bytes, NULL, NULL, error))
    return FALSE;

  self->offset += n_bytes;
  return TRUE;
}

static gboolean
write_bytes (TgZipWriter  *self,
             GBytes       *bytes,
             GError      **error)
{
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (bytes, &n_bytes);

  return write_data (self, data, n_bytes, error);
}

/* What both headers of an entry have in common. */
static void
append_common (GByteArray *header,
               TgZipEntry *entry,
               gboolean    is_wide,
               gsize       extra_length)
{
  append_16 (header, VERSION);
  append_16 (header, UTF_8);
  append_16 (header, entry->method);
  append_16 (header, 0);
  append_16 (header, DATE);
  append_32 (header, entry->crc);
  append_32 (header, is_wide ? G_MAXUINT32 : entry->packed_size);
  append_32 (header, is_wide ? G_MAXUINT32 : entry->size);
  append_16 (header, strlen (entry->name));
  append_16 (header, extra_length);
}

static gboolean
write_local_header (TgZipWriter  *self,
                    TgZipEntry   *entry,
                    gboolean      is_wide,
                    GError      **error)
{
  g_autoptr (GByteArray) header = g_byte_array_new ();
  gsize extra_length = (is_wide ? 20 : 0) + 4;
  gsize padding = (gsize) (self->offset + TG_ZIP_LOCAL_SIZE + strlen (entry->name) + extra_length)
                  % ALIGNMENT;

  padding = (ALIGNMENT - padding) % ALIGNMENT;
  append_32 (header, TG_ZIP_LOCAL);
  append_common (header, entry, is_wide, extra_length + padding);
  g_byte_array_append (header, (const guint8 *) entry->name, (guint) strlen (entry->name));
  if (is_wide)
    {
      append_16 (header, TG_ZIP_EXTRA_64);
      append_16 (header, 16);
      append_64 (header, entry->size);
      append_64 (header, entry->packed_size);
    }
  append_16 (header, EXTRA_ALIGNMENT);
  append_16 (header, padding);
  for (gsize i = 0; i < padding; i++)
    g_byte_array_append (header, (const guint8 *) "", 1);

  return write_data (self, header->data, header->len, error);
}

static void
append_directory_entry (TgZipWriter *self,
                        TgZipEntry  *entry,
                        gboolean     is_wide)
{
  append_32 (self->directory, TG_ZIP_CENTRAL);
  append_16 (self->directory, VERSION);
  append_common (self->directory, entry, is_wide, is_wide ? 28 : 0);
  append_16 (self->directory, 0);
  append_16 (self->directory, 0);
  append_16 (self->directory, 0);
  append_32 (self->directory, 0);
  append_32 (self->directory, is_wide ? G_MAXUINT32 : entry->offset);
  g_byte_array_append (self->directory, (const guint8 *) entry->name,
                       (guint) strlen (entry->name));
  if (is_wide)
    {
      append_16 (self->directory, TG_ZIP_EXTRA_64);
      append_16 (self->directory, 24);
      append_64 (self->directory, entry->size);
      append_64 (self->directory, entry->packed_size);
      append_64 (self->directory, entry->offset);
    }
}

/* Both parts, deflated. */
static GBytes *
deflate (GBytes  *first,
         GBytes  *second,
         GError **error)
{
  g_autoptr (GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr (GZlibCompressor) zlib = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, -1);
  g_autoptr (GOutputStream) packer = g_converter_output_stream_new (memory, G_CONVERTER (zlib));
  GBytes *const parts[] = { first, second };

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      gsize n_bytes;
      gconstpointer data = g_bytes_get_data (parts[i], &n_bytes);

      if (!g_output_stream_write_all (packer, data, n_bytes, NULL, NULL, error))
        return NULL;
    }

  if (!g_output_stream_close (packer, NULL, error))
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

gboolean
tg_zip_writer_add (TgZipWriter  *self,
                   const char   *name,
                   TgZipMethod   method,
                   GBytes       *first,
                   GBytes       *second,
                   GError      **error)
{
  g_autoptr (GBytes) packed = NULL;
  TgZipEntry entry = { (char *) name, .method = method, .offset = self->offset };
  gboolean is_wide;

  entry.size = g_bytes_get_size (first) + g_bytes_get_size (second);
  entry.packed_size = entry.size;
  entry.crc = tg_zip_crc (0, g_bytes_get_data (first, NULL), g_bytes_get_size (first));
  entry.crc = tg_zip_crc (entry.crc, g_bytes_get_data (second, NULL), g_bytes_get_size (second));
  if (method == TG_ZIP_DEFLATED)
    {
      packed = deflate (first, second, error);
      if (packed == NULL)
        return FALSE;

      entry.packed_size = g_bytes_get_size (packed);
    }

  is_wide = MAX (MAX (entry.size, entry.packed_size), entry.offset) >= self->limit;
  if (!write_local_header (self, &entry, is_wide, error))
    return FALSE;

  append_directory_entry (self, &entry, is_wide);
  self->n_entries++;

  if (packed != NULL)
    return write_bytes (self, packed, error);

  return write_bytes (self, first, error) && write_bytes (self, second, error);
}

/* The end of the directory in 64 bits, and where to find that. */
static void
append_end_64 (TgZipWriter *self,
               guint64      size)
{
  append_32 (self->directory, TG_ZIP_END_64);
  append_64 (self->directory, TG_ZIP_END_64_SIZE - 12);
  append_16 (self->directory, VERSION);
  append_16 (self->directory, VERSION);
  append_32 (self->directory, 0);
  append_32 (self->directory, 0);
  append_64 (self->directory, self->n_entries);
  append_64 (self->directory, self->n_entries);
  append_64 (self->directory, size);
  append_64 (self->directory, self->offset);

  append_32 (self->directory, TG_ZIP_LOCATOR_64);
  append_32 (self->directory, 0);
  append_64 (self->directory, self->offset + size);
  append_32 (self->directory, 1);
}

gboolean
tg_zip_writer_close (TgZipWriter  *self,
                     GError      **error)
{
  guint64 size = self->directory->len;
  gboolean is_wide = MAX (size, self->offset) >= self->limit
                     || self->n_entries >= MIN (self->limit, G_MAXUINT16);

  if (is_wide)
    append_end_64 (self, size);

  append_32 (self->directory, TG_ZIP_END);
  append_16 (self->directory, 0);
  append_16 (self->directory, 0);
  append_16 (self->directory, is_wide ? G_MAXUINT16 : self->n_entries);
  append_16 (self->directory, is_wide ? G_MAXUINT16 : self->n_entries);
  append_32 (self->directory, is_wide ? G_MAXUINT32 : size);
  append_32 (self->directory, is_wide ? G_MAXUINT32 : self->offset);
  append_16 (self->directory, 0);

  return write_data (self, self->directory->data, self->directory->len, error);
}
