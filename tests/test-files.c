/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Files of tensors: what is written is read back, and no damage to a file does worse than fail. */

#include <glib/gstdio.h>
#include <tg.h>

#include "tg-zip-private.h"

static const gdouble numbers[] = { 1, 2, 3, 4, 5, 6 };

static TgTensor *
make_matrix (void)
{
  return tg_tensor_new_doubles (numbers, 6, (gint64[]) { 2, 3 }, 2, NULL);
}

static void
test_npy_goes_out_and_in (void)
{
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (TgTensor) turned = tg_tensor_permute_dims (matrix, (gint64[]) { 1, 0 }, 2, NULL);
  g_autoptr (TgTensor) gaps = tg_tensor_slice (matrix, 1, 0, G_MAXINT64, 2, NULL);
  g_autoptr (TgTensor) number = tg_tensor_new_boolean (TRUE);
  g_autoptr (TgTensor) nothing = tg_tensor_new_zeros (TG_DTYPE_INT32, (gint64[]) { 2, 0 }, 2, NULL);
  TgTensor *tensors[] = { matrix, turned, gaps, number, nothing };

  for (gsize i = 0; i < G_N_ELEMENTS (tensors); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = tg_tensor_dup_npy (tensors[i], &error);
      g_autoptr (TgTensor) back = tg_tensor_new_from_npy (bytes, &error);

      g_assert_no_error (error);
      g_assert_true (tg_tensor_equal (tensors[i], back));
    }
}

static void
test_elements_are_not_copied (void)
{
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (GBytes) bytes = tg_tensor_dup_npy (matrix, NULL);
  g_autoptr (TgTensor) back = tg_tensor_new_from_npy (bytes, NULL);
  guint64 address = (guint64) (gsize) g_bytes_get_data (bytes, NULL);

  g_assert_cmpuint (tg_tensor_get_address (back), ==,
                    address + g_bytes_get_size (bytes) - sizeof numbers);
}

/* Checks which error it is that a file with this header makes. */
static void
assert_header_fails (const char *header,
                     GQuark      domain,
                     int         code)
{
  g_autoptr (GString) text = g_string_new_len ("\x93NUMPY\x01\x00\x00\x00", 10);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GError) error = NULL;

  text->str[8] = (char) strlen (header);
  g_string_append (text, header);
  g_string_append_len (text, (const char *) numbers, sizeof numbers);
  bytes = g_bytes_new (text->str, text->len);

  g_assert_null (tg_tensor_new_from_npy (bytes, &error));
  g_assert_error (error, domain, code);
}

static void
test_headers_are_read_strictly (void)
{
  static const char *const wrong[] = {
    "", "{", "{}", "[]", "{'descr': '<f8', 'fortran_order': False}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': 3}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (3)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1 2)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1+1,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,)} + {}",
    "{'descr': '<f8', 'fortran_order': False 'shape': (2,)}",
    "{'descr': '<f8', 'fortran_order': 0, 'shape': (2,)}",
    "{'descr': f8, 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), 'more': 1}",
    "{descr: '<f8', 'fortran_order': False, 'shape': (2,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (7,)}",
    "{'descr': '<f8', 'fortran_order': False, 'shape': (1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,"
    "1,1,1,1,1,1,1,1,1,1,1,1)}",
  };
  static const char *const dtypes[] = { "'<f7'", "'|O'", "'<U3'", "''", "'<'", "'f'", "'<f08 '",
                                        "'<M8[s]'", "'|S8'", "[('a', '<f8')]", "'\xff'" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++)
    assert_header_fails (wrong[i], TG_FILE_ERROR, TG_FILE_ERROR_FORMAT);

  for (gsize i = 0; i < G_N_ELEMENTS (dtypes); i++)
    {
      g_autofree char *header = g_strdup_printf ("{'descr': %s, 'fortran_order': False, "
                                                 "'shape': (2,)}", dtypes[i]);

      assert_header_fails (header, TG_FILE_ERROR, TG_FILE_ERROR_DTYPE);
    }

  assert_header_fails ("{'descr': '<f8', 'fortran_order': True, 'shape': (0, 9999999999, "
                       "9999999999)}", TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE);
}

/* The contents of an archive with the entries a, b and c; from `limit` on numbers are wide. */
static GBytes *
make_archive (TgZipMethod method,
              guint64     limit)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (TgZipWriter) writer = tg_zip_writer_new (stream, limit);
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (GBytes) bytes = tg_tensor_dup_npy (matrix, NULL);
  g_autoptr (GBytes) first = g_bytes_new_from_bytes (bytes, 0, 64);
  g_autoptr (GBytes) second = g_bytes_new_from_bytes (bytes, 64, g_bytes_get_size (bytes) - 64);
  g_autoptr (GError) error = NULL;

  for (const char *const *name = (const char *[]) { "a.npy", "b.npy", "c.npy", NULL };
       *name != NULL; name++)
    tg_zip_writer_add (writer, *name, method, first, second, &error);

  tg_zip_writer_close (writer, &error);
  g_output_stream_close (stream, NULL, &error);
  g_assert_no_error (error);

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

static void
free_tensors (TgTensor **tensors,
              gsize      n_tensors)
{
  for (gsize i = 0; i < n_tensors; i++)
    tg_tensor_unref (tensors[i]);
  g_free (tensors);
}

static void
test_archives_go_out_and_in (void)
{
  static const guint64 limits[] = { G_MAXUINT32, 300, 3, 0 };
  g_autoptr (TgTensor) matrix = make_matrix ();

  for (gsize i = 0; i < 2 * G_N_ELEMENTS (limits); i++)
    {
      g_autoptr (GBytes) archive = make_archive (i % 2 ? TG_ZIP_DEFLATED : TG_ZIP_STORED,
                                                 limits[i / 2]);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) names = NULL;
      gsize n_tensors;
      TgTensor **tensors = tg_parse_npz (archive, &names, &n_tensors, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (n_tensors, ==, 3);
      g_assert_true (g_strv_equal ((const char *const *) names,
                                   (const char *[]) { "a", "b", "c", NULL }));
      g_assert_true (tg_tensor_equal (tensors[2], matrix));
      if (i % 2 == 0)
        g_assert_cmpuint ((tg_tensor_get_address (tensors[1])
                           - (guint64) (gsize) g_bytes_get_data (archive, NULL)) % 64, ==, 0);
      free_tensors (tensors, n_tensors);
    }
}

/* Changes some bytes, and sometimes the length. */
static GBytes *
damage (GBytes *bytes,
        GRand  *rand)
{
  static const guint8 telling[] = { 0, 1, 0x7f, 0x80, 0xfe, 0xff, '\'', '(', ',', '9' };
  gsize n_bytes;
  gconstpointer data = g_bytes_get_data (bytes, &n_bytes);
  guint8 *copy = g_memdup2 (data, n_bytes);
  int n_changes = g_rand_int_range (rand, 1, 6);

  for (int i = 0; i < n_changes; i++)
    {
      gsize where = (gsize) g_rand_int_range (rand, 0, (gint32) n_bytes);
      gsize length = (gsize) g_rand_int_range (rand, 1, 9);
      gsize from = (gsize) g_rand_int_range (rand, 0, (gint32) n_bytes);

      length = MIN (length, n_bytes - MAX (where, from));
      if (g_rand_int_range (rand, 0, 4) == 0)
        memmove (copy + where, copy + from, length);
      else if (g_rand_boolean (rand))
        copy[where] = telling[g_rand_int_range (rand, 0, G_N_ELEMENTS (telling))];
      else
        copy[where] = (guint8) g_rand_int (rand);
    }

  if (g_rand_int_range (rand, 0, 8) == 0)
    n_bytes = (gsize) g_rand_int_range (rand, 0, (gint32) n_bytes);

  /* Of its own size, so that the sanitizers see each step behind its end. */
  return g_bytes_new_take (g_realloc (copy, n_bytes), n_bytes);
}

/* Reads every element of a tensor. */
static void
use (TgTensor *tensor)
{
  g_autoptr (GBytes) bytes = tg_tensor_dup_bytes (tensor);
  g_autofree char *text = tg_tensor_to_string (tensor);

  g_assert_nonnull (text);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==,
                    tg_tensor_get_n_elements (tensor)
                    * tg_dtype_get_size (tg_tensor_get_dtype (tensor)));
}

static void
test_no_damage_to_npy_does_harm (void)
{
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (GBytes) bytes = tg_tensor_dup_npy (matrix, NULL);
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);
  guint n_read = 0, n_refused = 0;

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (GBytes) damaged = damage (bytes, rand);
      g_autoptr (GError) error = NULL;
      g_autoptr (TgTensor) tensor = tg_tensor_new_from_npy (damaged, &error);

      g_assert_true ((tensor == NULL) == (error != NULL));
      if (tensor != NULL)
        use (tensor);
      *(tensor != NULL ? &n_read : &n_refused) += 1;
    }

  /* The damage is neither so small nor so large that only one of the ways is taken. */
  g_test_message ("%u read, %u refused", n_read, n_refused);
  g_assert_cmpuint (MIN (n_read, n_refused), >, 1000);
}

static void
test_no_damage_to_npz_does_harm (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260102);
  guint n_read = 0, n_refused = 0;

  for (guint i = 0; i < 20000; i++)
    {
      static const guint64 limits[] = { G_MAXUINT32, 0 };
      g_autoptr (GBytes) archive = make_archive (i % 2 ? TG_ZIP_DEFLATED : TG_ZIP_STORED,
                                                 limits[i / 2 % 2]);
      g_autoptr (GBytes) damaged = damage (archive, rand);
      g_autoptr (GError) error = NULL;
      g_auto (GStrv) names = NULL;
      gsize n_tensors = 0;
      TgTensor **tensors = tg_parse_npz (damaged, &names, &n_tensors, &error);

      g_assert_true ((tensors == NULL) == (error != NULL));
      for (gsize k = 0; k < n_tensors; k++)
        use (tensors[k]);
      *(tensors != NULL ? &n_read : &n_refused) += 1;
      free_tensors (tensors, n_tensors);
    }

  g_test_message ("%u read, %u refused", n_read, n_refused);
  g_assert_cmpuint (MIN (n_read, n_refused), >, 1000);
}

/* The checksum that zlib's manual gives for nine digits. */
static void
test_checksums (void)
{
  g_assert_cmphex (tg_zip_crc (0, "123456789", 9), ==, 0xcbf43926);
  g_assert_cmphex (tg_zip_crc (tg_zip_crc (0, "1234", 4), "56789", 5), ==, 0xcbf43926);
  g_assert_cmphex (tg_zip_crc (0, NULL, 0), ==, 0);
}

static void
test_a_file_that_cannot_be_written_is_left (void)
{
  static const char *const names[] = { "x", "x", NULL };
  g_autofree char *folder = g_dir_make_tmp ("tg-files-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "x.npz", NULL);
  g_autofree char *nowhere = g_build_filename (folder, "none", "x.npy", NULL);
  g_autoptr (TgTensor) matrix = make_matrix ();
  TgTensor *tensors[] = { matrix, matrix };
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) read = NULL;
  gsize n_tensors;

  g_assert_true (tg_save_npz (path, names + 1, tensors, 1, TRUE, &error));
  g_assert_no_error (error);
  g_assert_false (tg_save_npz (path, names, tensors, 2, TRUE, &error));
  g_assert_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME);
  g_clear_error (&error);
  g_assert_false (tg_save_npz (path, names, tensors, 1, TRUE, &error));
  g_assert_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME);
  g_clear_error (&error);
  free_tensors (tg_load_npz (path, &read, &n_tensors, &error), 1);
  g_assert_no_error (error);
  g_assert_cmpuint (n_tensors, ==, 1);

  g_assert_false (tg_tensor_save (matrix, nowhere, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tg_tensor_load (nowhere, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_NOENT);
  g_clear_error (&error);
  g_assert_null (tg_tensor_map (path, &error));
  g_assert_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT);

  g_remove (path);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_TEST(path, name) g_test_add_func ("/files/" path, test_##name)
  ADD_TEST ("npy-goes-out-and-in", npy_goes_out_and_in);
  ADD_TEST ("elements-are-not-copied", elements_are_not_copied);
  ADD_TEST ("headers-are-read-strictly", headers_are_read_strictly);
  ADD_TEST ("archives-go-out-and-in", archives_go_out_and_in);
  ADD_TEST ("no-damage-to-npy-does-harm", no_damage_to_npy_does_harm);
  ADD_TEST ("no-damage-to-npz-does-harm", no_damage_to_npz_does_harm);
  ADD_TEST ("checksums", checksums);
  ADD_TEST ("a-file-that-cannot-be-written-is-left", a_file_that_cannot_be_written_is_left);
#undef ADD_TEST

  return g_test_run ();
}
