/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-file.h"

#include <string.h>

#include "tg-error.h"
#include "tg-npy-private.h"
#include "tg-zip-private.h"

#define SUFFIX ".npy"

/**
 * tg_tensor_new_from_npy:
 * @bytes: the contents of a .npy file
 * @error: return location for a [error@Tg.FileError] or [error@Tg.ShapeError]
 *
 * Reads a tensor from memory that holds what NumPy's `save()` writes.
 *
 * The versions 1.0, 2.0 and 3.0 of the format are read, elements in either order of bytes, and in
 * C's and in Fortran's order. Two bytes of NumPy's type `V2` are taken to be a bfloat16, as the
 * Python package ml_dtypes writes them. Bytes behind the elements are left alone.
 *
 * The tensor keeps @bytes instead of copying them, if the elements are aligned and in the order of
 * this machine.
 *
 * Returns: (transfer full): the tensor
 */
TgTensor *
tg_tensor_new_from_npy (GBytes  *bytes,
                        GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return tg_npy_read (bytes, error);
}

/**
 * tg_tensor_dup_npy:
 * @self: a tensor
 * @error: return location for a [error@Tg.RunError]
 *
 * Writes a tensor to memory as NumPy's `save()` does to a file.
 *
 * The format has the version 1.0, and this machine's order of bytes. A tensor in Fortran's order
 * stays in it.
 *
 * Returns: (transfer full): the contents of a .npy file
 */
GBytes *
tg_tensor_dup_npy (TgTensor  *self,
                   GError   **error)
{
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GBytes) elements = NULL;
  gsize header_size, size;
  char *contents;

  g_return_val_if_fail (self != NULL, NULL);

  if (!tg_npy_write (self, &header, &elements, error))
    return NULL;

  header_size = g_bytes_get_size (header);
  size = g_bytes_get_size (elements);
  contents = g_malloc (header_size + size);
  memcpy (contents, g_bytes_get_data (header, NULL), header_size);
  if (size > 0)
    memcpy (contents + header_size, g_bytes_get_data (elements, NULL), size);

  return g_bytes_new_take (contents, header_size + size);
}

static GBytes *
read_file (const char  *path,
           GError     **error)
{
  char *contents;
  gsize n_bytes;

  if (!g_file_get_contents (path, &contents, &n_bytes, error))
    return NULL;

  return g_bytes_new_take (contents, n_bytes);
}

static TgTensor *
load (GBytes      *bytes,
      const char  *path,
      GError     **error)
{
  TgTensor *self = tg_npy_read (bytes, error);

  if (self == NULL)
    g_prefix_error (error, "%s: ", path);

  return self;
}

/**
 * tg_tensor_load:
 * @path: (type filename): a .npy file
 * @error: return location for a [error@Tg.FileError], [error@Tg.ShapeError] or
 *   [error@GLib.FileError]
 *
 * Reads a tensor from a file that NumPy's `save()` or [method@Tg.Tensor.save] wrote; see
 * [ctor@Tg.Tensor.new_from_npy].
 *
 * Returns: (transfer full): the tensor
 */
TgTensor *
tg_tensor_load (const char  *path,
                GError     **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = read_file (path, error);

  return bytes != NULL ? load (bytes, path, error) : NULL;
}

/**
 * tg_tensor_map:
 * @path: (type filename): a .npy file
 * @error: return location for a [error@Tg.FileError], [error@Tg.ShapeError] or
 *   [error@GLib.FileError]
 *
 * Maps a .npy file into memory: its parts are read once they are used, and however large it is, it
 * takes no memory that others need.
 *
 * The file must not change as long as the tensor is there. Where elements are not aligned, or not
 * in the order of this machine, they are copied as by [func@Tg.Tensor.load].
 *
 * Returns: (transfer full): the tensor
 */
TgTensor *
tg_tensor_map (const char  *path,
               GError     **error)
{
  g_autoptr (GMappedFile) file = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  file = g_mapped_file_new (path, FALSE, error);
  if (file == NULL)
    return NULL;

  bytes = g_mapped_file_get_bytes (file);
  return load (bytes, path, error);
}

/* Writes to a new file, which takes the place of the old one only when it is complete. */
static gboolean
replace_file (const char  *path,
              gboolean  (* write) (GOutputStream *stream, gpointer data, GError **error),
              gpointer     data,
              GError     **error)
{
  g_autoptr (GFile) file = g_file_new_for_path (path);
  g_autoptr (GFileOutputStream) stream = g_file_replace (file, NULL, FALSE, G_FILE_CREATE_NONE,
                                                         NULL, error);

  if (stream == NULL)
    return FALSE;

  if (!write (G_OUTPUT_STREAM (stream), data, error))
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();

      /* Closed under a cancelled operation, a stream leaves the old file where it was. */
      g_cancellable_cancel (cancellable);
      g_output_stream_close (G_OUTPUT_STREAM (stream), cancellable, NULL);
      return FALSE;
    }

  return g_output_stream_close (G_OUTPUT_STREAM (stream), NULL, error);
}

static gboolean
write_tensor (GOutputStream  *stream,
              gpointer        tensor,
              GError        **error)
{
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GBytes) elements = NULL;

  if (!tg_npy_write (tensor, &header, &elements, error))
    return FALSE;

  return g_output_stream_write_all (stream, g_bytes_get_data (header, NULL),
                                    g_bytes_get_size (header), NULL, NULL, error)
         && g_output_stream_write_all (stream, g_bytes_get_data (elements, NULL),
                                       g_bytes_get_size (elements), NULL, NULL, error);
}

/**
 * tg_tensor_save:
 * @self: a tensor
 * @path: (type filename): where to write it; a file that is there already is replaced
 * @error: return location for a [error@Gio.IOErrorEnum] or [error@Tg.RunError]
 *
 * Writes a tensor to a .npy file, which NumPy's `load()` reads; see [method@Tg.Tensor.dup_npy].
 *
 * A file that is replaced is so once the new one is complete. A bfloat16 is for NumPy, which does
 * not know it, of the type `V2`.
 *
 * Returns: whether the file was written
 */
gboolean
tg_tensor_save (TgTensor    *self,
                const char  *path,
                GError     **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  return replace_file (path, write_tensor, self, error);
}

static gboolean
check_name (const char  *name,
            GHashTable  *names,
            GError     **error)
{
  if (strlen (name) > G_MAXUINT16 - strlen (SUFFIX))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME, "a name of %" G_GSIZE_FORMAT
                   " bytes is too long for an archive", strlen (name));
      return FALSE;
    }

  if (!g_hash_table_add (names, g_strdup (name)))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME, "the name “%s” is there twice", name);
      return FALSE;
    }

  return TRUE;
}

/* The tensor of an entry, whose name loses its suffix. */
static TgTensor *
read_entry (GBytes      *archive,
            TgZipEntry  *entry,
            GHashTable  *names,
            GError     **error)
{
  g_autoptr (GBytes) contents = NULL;
  TgTensor *tensor;

  if (!g_str_has_suffix (entry->name, SUFFIX))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                   "%s: this entry of an archive is no .npy file", entry->name);
      return NULL;
    }

  entry->name[strlen (entry->name) - strlen (SUFFIX)] = '\0';
  if (!check_name (entry->name, names, error))
    return NULL;

  contents = tg_zip_unpack (archive, entry, error);
  if (contents == NULL)
    return NULL;

  tensor = tg_npy_read (contents, error);
  if (tensor == NULL)
    g_prefix_error (error, "%s: ", entry->name);

  return tensor;
}

/**
 * tg_parse_npz:
 * @bytes: the contents of a .npz file
 * @names: (out) (array zero-terminated=1) (transfer full): return location for the names of the
 *   tensors
 * @n_tensors: (out): return location for the number of tensors
 * @error: return location for a [error@Tg.FileError], [error@Tg.ShapeError] or
 *   [error@Gio.IOErrorEnum]
 *
 * Reads tensors from memory that holds what NumPy's `savez()` or `savez_compressed()` writes: a ZIP
 * archive of .npy files, whose names are those of the tensors.
 *
 * Returns: (array length=n_tensors) (transfer full): the tensors
 */
TgTensor **
tg_parse_npz (GBytes   *bytes,
              char   ***names,
              gsize    *n_tensors,
              GError  **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GPtrArray) tensors = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GArray) entries = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (names != NULL, NULL);
  g_return_val_if_fail (n_tensors != NULL, NULL);

  entries = tg_zip_read (bytes, error);
  if (entries == NULL)
    return NULL;

  for (guint i = 0; i < entries->len; i++)
    {
      TgZipEntry *entry = &g_array_index (entries, TgZipEntry, i);
      TgTensor *tensor = read_entry (bytes, entry, seen, error);

      if (tensor == NULL)
        return NULL;

      g_ptr_array_add (tensors, tensor);
      g_strv_builder_add (builder, entry->name);
    }

  *names = g_strv_builder_end (builder);
  *n_tensors = tensors->len;
  g_ptr_array_add (tensors, NULL);

  return (TgTensor **) g_ptr_array_steal (tensors, NULL);
}

/**
 * tg_load_npz:
 * @path: (type filename): a .npz file
 * @names: (out) (array zero-terminated=1) (transfer full): return location for the names of the
 *   tensors
 * @n_tensors: (out): return location for the number of tensors
 * @error: return location for a [error@Tg.FileError], [error@Tg.ShapeError],
 *   [error@Gio.IOErrorEnum] or [error@GLib.FileError]
 *
 * Reads all tensors of a file that NumPy's `savez()` or [func@Tg.save_npz] wrote.
 *
 * Returns: (array length=n_tensors) (transfer full): the tensors
 */
TgTensor **
tg_load_npz (const char   *path,
             char       ***names,
             gsize        *n_tensors,
             GError      **error)
{
  g_autoptr (GBytes) bytes = NULL;
  TgTensor **tensors;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (names != NULL, NULL);
  g_return_val_if_fail (n_tensors != NULL, NULL);

  bytes = read_file (path, error);
  if (bytes == NULL)
    return NULL;

  tensors = tg_parse_npz (bytes, names, n_tensors, error);
  if (tensors == NULL)
    g_prefix_error (error, "%s: ", path);

  return tensors;
}

typedef struct
{
  const char *const *names;
  TgTensor *const   *tensors;
  gsize              n_tensors;
  TgZipMethod        method;
} Contents;

static gboolean
write_archive (GOutputStream  *stream,
               gpointer        data,
               GError        **error)
{
  const Contents *contents = data;
  g_autoptr (TgZipWriter) writer = tg_zip_writer_new (stream, G_MAXUINT32);

  for (gsize i = 0; i < contents->n_tensors; i++)
    {
      g_autofree char *name = g_strconcat (contents->names[i], SUFFIX, NULL);
      g_autoptr (GBytes) header = NULL;
      g_autoptr (GBytes) elements = NULL;

      if (!tg_npy_write (contents->tensors[i], &header, &elements, error)
          || !tg_zip_writer_add (writer, name, contents->method, header, elements, error))
        return FALSE;
    }

  return tg_zip_writer_close (writer, error);
}

/**
 * tg_save_npz:
 * @path: (type filename): where to write; a file that is there already is replaced
 * @names: (array zero-terminated=1): the names of the tensors, each there once
 * @tensors: (array length=n_tensors): the tensors
 * @n_tensors: how many there are
 * @compress: whether to make the file smaller, which takes time
 * @error: return location for a [error@Tg.FileError], [error@Gio.IOErrorEnum] or
 *   [error@Tg.RunError]
 *
 * Writes tensors to a .npz file, which NumPy's `load()` reads.
 *
 * A file that is replaced is so once the new one is complete. The same names and tensors make the
 * same bytes.
 *
 * Returns: whether the file was written
 */
gboolean
tg_save_npz (const char         *path,
             const char *const  *names,
             TgTensor *const    *tensors,
             gsize               n_tensors,
             gboolean            compress,
             GError            **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Contents contents = { names, tensors, n_tensors, compress ? TG_ZIP_DEFLATED : TG_ZIP_STORED };

  g_return_val_if_fail (path != NULL, FALSE);
  g_return_val_if_fail (names != NULL, FALSE);
  g_return_val_if_fail (tensors != NULL || n_tensors == 0, FALSE);

  if (g_strv_length ((char **) names) != n_tensors)
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME,
                   "%u names are not those of %" G_GSIZE_FORMAT " tensors",
                   g_strv_length ((char **) names), n_tensors);
      return FALSE;
    }

  for (gsize i = 0; i < n_tensors; i++)
    if (!check_name (names[i], seen, error))
      return FALSE;

  return replace_file (path, write_archive, &contents, error);
}
