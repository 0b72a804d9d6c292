/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-zip-private.h"

#include <string.h>

#include "tg-error.h"

/* No deflated entry has more contents: two bits can stand for 258 bytes.  A small file with a large
 * number in it must not ask for much memory. */
#define MOST_INFLATED(packed_size) ((packed_size) * 1032 + 1024)
/* GIO counts the bytes that it hands to zlib in 32 bits. */
#define CHUNK ((gsize) 1 << 30)
#define ENCRYPTED 1

/* Numbers in an archive have their lowest byte first, and are not aligned. */
static guint
read_16 (const guint8 *data)
{
  return data[0] | (guint) data[1] << 8;
}

static guint32
read_32 (const guint8 *data)
{
  return read_16 (data) | (guint32) read_16 (data + 2) << 16;
}

static guint64
read_64 (const guint8 *data)
{
  return read_32 (data) | (guint64) read_32 (data + 4) << 32;
}

static gboolean
fail (GError     **error,
      guint64      offset,
      const char  *what)
{
  g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
               "byte %" G_GUINT64_FORMAT ": this is no ZIP archive: %s", offset, what);
  return FALSE;
}

guint32
tg_zip_crc (guint32       crc,
            gconstpointer data,
            gsize         n_bytes)
{
  const guint8 *bytes = data;
  guint32 table[256];

  /* It is made anew for each call, whose data are long. */
  for (guint i = 0; i < 256; i++)
    {
      table[i] = i;
      for (guint k = 0; k < 8; k++)
        table[i] = table[i] >> 1 ^ (table[i] & 1 ? 0xedb88320 : 0);
    }

  crc = ~crc;
  for (gsize i = 0; i < n_bytes; i++)
    crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];

  return ~crc;
}

typedef struct
{
  guint64 n_entries;
  guint64 size;
  guint64 offset;
} Directory;

/* Reads the wider end of the directory, if there is one: its locator lies before the other end. */
static gboolean
find_directory_64 (const guint8  *data,
                   gsize          end,
                   Directory     *directory,
                   GError       **error)
{
  guint64 where;

  if (end < TG_ZIP_LOCATOR_64_SIZE + TG_ZIP_END_64_SIZE
      || read_32 (data + end - TG_ZIP_LOCATOR_64_SIZE) != TG_ZIP_LOCATOR_64)
    return TRUE;

  where = read_64 (data + end - TG_ZIP_LOCATOR_64_SIZE + 8);
  if (where > end - TG_ZIP_LOCATOR_64_SIZE - TG_ZIP_END_64_SIZE
      || read_32 (data + where) != TG_ZIP_END_64)
    return fail (error, end, "the end of its directory is not where it should be");

  directory->n_entries = read_64 (data + where + 32);
  directory->size = read_64 (data + where + 40);
  directory->offset = read_64 (data + where + 48);
  return TRUE;
}

/* The directory's end is the end of the file, but for a comment of up to 64 KiB. */
static gboolean
find_directory (const guint8  *data,
                gsize          n_bytes,
                Directory     *directory,
                GError       **error)
{
  gsize first = n_bytes > TG_ZIP_END_SIZE + G_MAXUINT16 ? n_bytes - TG_ZIP_END_SIZE - G_MAXUINT16
                                                        : 0;
  gsize end = n_bytes - TG_ZIP_END_SIZE;

  if (n_bytes < TG_ZIP_END_SIZE)
    return fail (error, n_bytes, "it is too short");

  while (read_32 (data + end) != TG_ZIP_END
         || read_16 (data + end + 20) != n_bytes - end - TG_ZIP_END_SIZE)
    {
      if (end == first)
        return fail (error, n_bytes, "it has no directory");
      end--;
    }

  if (read_16 (data + end + 4) != read_16 (data + end + 6)
      || read_16 (data + end + 8) != read_16 (data + end + 10))
    return fail (error, end, "it is one part of several");

  directory->n_entries = read_16 (data + end + 10);
  directory->size = read_32 (data + end + 12);
  directory->offset = read_32 (data + end + 16);
  if (!find_directory_64 (data, end, directory, error))
    return FALSE;

  if (directory->offset > end || directory->size > end - directory->offset)
    return fail (error, end, "its directory is not within it");

  return TRUE;
}

/* Takes the next number of 64 bits from an extra field in the place of one that is all ones. */
static gboolean
widen (guint64       *number,
       const guint8 **field,
       gsize         *length)
{
  if (*number != G_MAXUINT32)
    return TRUE;

  if (*length < 8)
    return FALSE;

  *number = read_64 (*field);
  *field += 8;
  *length -= 8;
  return TRUE;
}

/* Reads the extra fields of an entry, of which one kind matters. */
static gboolean
read_extra (const guint8 *extra,
            gsize         n_bytes,
            TgZipEntry   *entry)
{
  while (n_bytes >= 4)
    {
      guint kind = read_16 (extra);
      gsize length = read_16 (extra + 2);
      const guint8 *field = extra + 4;

      if (length > n_bytes - 4)
        return FALSE;

      if (kind == TG_ZIP_EXTRA_64)
        return widen (&entry->size, &field, &length) && widen (&entry->packed_size, &field, &length)
               && widen (&entry->offset, &field, &length);

      extra += 4 + length;
      n_bytes -= 4 + length;
    }

  return TRUE;
}

/* Reads an entry of the directory of `left` bytes; gives its length, or 0 where it is none. */
static gsize
read_entry (const guint8  *data,
            gsize          left,
            guint64        offset,
            TgZipEntry    *entry,
            GError       **error)
{
  const char *name = (const char *) data + TG_ZIP_CENTRAL_SIZE;
  gsize name_length, extra_length, length;

  if (left < TG_ZIP_CENTRAL_SIZE || read_32 (data) != TG_ZIP_CENTRAL)
    return (gsize) fail (error, offset, "its directory has fewer entries than it says");

  name_length = read_16 (data + 28);
  extra_length = read_16 (data + 30);
  length = TG_ZIP_CENTRAL_SIZE + name_length + extra_length + read_16 (data + 32);
  if (length > left)
    return (gsize) fail (error, offset, "an entry of its directory is not within it");

  if (!g_utf8_validate (name, (gssize) name_length, NULL))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME,
                   "byte %" G_GUINT64_FORMAT ": the archive has a name that is no UTF-8", offset);
      return 0;
    }

  entry->flags = read_16 (data + 8);
  entry->method = read_16 (data + 10);
  entry->crc = read_32 (data + 16);
  entry->packed_size = read_32 (data + 20);
  entry->size = read_32 (data + 24);
  entry->offset = read_32 (data + 42);
  if (!read_extra (data + TG_ZIP_CENTRAL_SIZE + name_length, extra_length, entry))
    return (gsize) fail (error, offset, "an entry of its directory is damaged");

  entry->name = g_strndup (name, name_length);
  return length;
}

static void
clear_entry (gpointer entry)
{
  g_free (((TgZipEntry *) entry)->name);
}

GArray *
tg_zip_read (GBytes  *archive,
             GError **error)
{
  g_autoptr (GArray) entries = g_array_new (FALSE, TRUE, sizeof (TgZipEntry));
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (archive, &n_bytes);
  Directory directory;

  g_array_set_clear_func (entries, clear_entry);
  if (!find_directory (data, n_bytes, &directory, error))
    return NULL;

  data += directory.offset;
  for (guint64 i = 0; i < directory.n_entries; i++)
    {
      TgZipEntry entry = { NULL, };
      gsize length = read_entry (data, directory.size, directory.offset, &entry, error);

      if (length == 0)
        return NULL;

      g_array_append_val (entries, entry);
      data += length;
      directory.offset += length;
      directory.size -= length;
    }

  return g_steal_pointer (&entries);
}

/* Where the contents of an entry are: behind a second header, which may be longer than that in the
 * directory. */
static GBytes *
find_contents (GBytes      *archive,
               TgZipEntry  *entry,
               GError     **error)
{
  gsize n_bytes;
  const guint8 *data = g_bytes_get_data (archive, &n_bytes);
  guint64 start;

  if (entry->offset > n_bytes || n_bytes - entry->offset < TG_ZIP_LOCAL_SIZE
      || read_32 (data + entry->offset) != TG_ZIP_LOCAL)
    {
      fail (error, entry->offset, "an entry is not where its directory says");
      return NULL;
    }

  data += entry->offset;
  start = entry->offset + TG_ZIP_LOCAL_SIZE + read_16 (data + 26) + read_16 (data + 28);
  if (start > n_bytes || entry->packed_size > n_bytes - start)
    {
      fail (error, entry->offset, "it ends before an entry does");
      return NULL;
    }

  return g_bytes_new_from_bytes (archive, (gsize) start, (gsize) entry->packed_size);
}

/* Inflates until the end of the data or of the room; gives how many bytes there are. */
static gboolean
inflate (const guint8  *source,
         gsize          n_source,
         guint8        *target,
         gsize          room,
         gsize         *n_written,
         GError       **error)
{
  g_autoptr (GZlibDecompressor) zlib = g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW);
  GConverterResult result = G_CONVERTER_CONVERTED;

  *n_written = 0;
  while (result == G_CONVERTER_CONVERTED && *n_written < room)
    {
      gsize n_read, n_made;
      gsize n_offered = MIN (n_source, CHUNK);

      result = g_converter_convert (G_CONVERTER (zlib), source, n_offered, target + *n_written,
                                    MIN (room - *n_written, CHUNK),
                                    n_offered == n_source ? G_CONVERTER_INPUT_AT_END
                                                          : G_CONVERTER_NO_FLAGS,
                                    &n_read, &n_made, error);
      if (result == G_CONVERTER_ERROR)
        return FALSE;

      source += n_read;
      n_source -= n_read;
      *n_written += n_made;
    }

  return TRUE;
}

static GBytes *
unpack_deflated (GBytes      *packed,
                 TgZipEntry  *entry,
                 GError     **error)
{
  gsize size = (gsize) entry->size;
  g_autofree guint8 *target = g_try_malloc (size + 1);
  gsize n_packed, n_written;
  const guint8 *source = g_bytes_get_data (packed, &n_packed);

  if (target == NULL)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_MEMORY,
                   "there is no memory for %" G_GSIZE_FORMAT " bytes", size);
      return NULL;
    }

  /* One byte more than there should be tells an entry that is too long. */
  if (!inflate (source, n_packed, target, size + 1, &n_written, error))
    {
      g_prefix_error (error, "byte %" G_GUINT64_FORMAT ": ", entry->offset);
      return NULL;
    }

  if (n_written != size)
    {
      fail (error, entry->offset, "an entry is not as long as its directory says");
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&target), size);
}

static GBytes *
unpack (GBytes      *archive,
        TgZipEntry  *entry,
        GError     **error)
{
  g_autoptr (GBytes) packed = NULL;
  g_autoptr (GBytes) contents = NULL;

  if ((entry->flags & ENCRYPTED) != 0
      || (entry->method != TG_ZIP_STORED && entry->method != TG_ZIP_DEFLATED))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_UNSUPPORTED,
                   "byte %" G_GUINT64_FORMAT ": it is encrypted, or packed by the method %u, which "
                   "is neither stored nor deflated", entry->offset, entry->method);
      return NULL;
    }

  packed = find_contents (archive, entry, error);
  if (packed == NULL)
    return NULL;

  if (entry->method == TG_ZIP_STORED ? entry->size != entry->packed_size
                                     : entry->size > MOST_INFLATED (entry->packed_size))
    {
      fail (error, entry->offset, "an entry is not as long as its directory says");
      return NULL;
    }

  contents = entry->method == TG_ZIP_STORED
             ? g_bytes_ref (packed) : unpack_deflated (packed, entry, error);
  if (contents != NULL
      && tg_zip_crc (0, g_bytes_get_data (contents, NULL), g_bytes_get_size (contents))
         != entry->crc)
    {
      fail (error, entry->offset, "the checksum of an entry is wrong");
      return NULL;
    }

  return g_steal_pointer (&contents);
}

GBytes *
tg_zip_unpack (GBytes      *archive,
               TgZipEntry  *entry,
               GError     **error)
{
  GBytes *contents = unpack (archive, entry, error);

  if (contents == NULL)
    g_prefix_error (error, "%s: ", entry->name);

  return contents;
}
