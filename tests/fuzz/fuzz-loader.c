/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Bytes of any kind are a file of functions, or an error with a place; what was loaded is saved as
 * a file that is loaded again and saved the same. */

#include <string.h>
#include <tg.h>

#include "tg-zip-private.h"

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static guint
read_number (const guint8 *data,
             guint         n_bytes)
{
  guint number = 0;

  for (guint i = 0; i < n_bytes; i++)
    number |= (guint) data[i] << 8 * i;

  return number;
}

/* Whether the message says where: a byte of the file, or line and column of a text. */
static gboolean
has_place (const char *message)
{
  return g_regex_match_simple ("byte \\d+: |\\.tg:\\d+:\\d+: |^byte", message, 0, 0);
}

/* Gives stored entries the checksums of what they have now, or no change would get past those. */
static void
mend_checksums (guint8 *data,
                gsize   size)
{
  for (gsize i = 0; size >= TG_ZIP_CENTRAL_SIZE && i <= size - TG_ZIP_CENTRAL_SIZE; i++)
    {
      gsize local, start, length;
      guint32 crc;

      if (read_number (data + i, 4) != TG_ZIP_CENTRAL || read_number (data + i + 10, 2) != 0)
        continue;

      local = read_number (data + i + 42, 4);
      length = read_number (data + i + 20, 4);
      if (local > size - TG_ZIP_CENTRAL_SIZE)
        continue;

      start = local + TG_ZIP_LOCAL_SIZE + read_number (data + local + 26, 2)
              + read_number (data + local + 28, 2);
      if (start > size || length > size - start)
        continue;

      crc = tg_zip_crc (0, data + start, length);
      for (guint k = 0; k < 4; k++)
        data[i + 16 + k] = (guint8) (crc >> 8 * k);
    }
}

static void
free_functions (TgFunction **functions,
                gsize        n_functions)
{
  for (gsize i = 0; i < n_functions; i++)
    g_object_unref (functions[i]);
  g_free (functions);
}

/* The file of what is in a file, or NULL where that is none. */
static GBytes *
load_and_save (GBytes *bytes)
{
  g_autoptr (TgMode) mode = tg_mode_new_from_string ("reference", NULL);
  g_autoptr (GError) error = NULL;
  gsize n_functions = 0;
  TgFunction **functions = tg_functions_from_bytes (bytes, mode, &n_functions, &error);
  GBytes *saved;

  if (functions == NULL)
    {
      if (!has_place (error->message))
        g_error ("no place: %s", error->message);
      return NULL;
    }

  saved = tg_functions_to_bytes (functions, n_functions, &error);
  g_assert_no_error (error);
  free_functions (functions, n_functions);

  return saved;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  guint8 *copy = g_memdup2 (data, size);
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GBytes) as_it_is = load_and_save (bytes);
  g_autoptr (GBytes) mended = NULL;
  g_autoptr (GBytes) saved = NULL;
  g_autoptr (GBytes) again = NULL;

  if (copy != NULL)
    mend_checksums (copy, size);
  mended = g_bytes_new_take (copy, size);
  saved = load_and_save (mended);
  g_assert_true (as_it_is == NULL || saved != NULL);
  if (saved == NULL)
    return 0;

  again = load_and_save (saved);
  g_assert_nonnull (again);
  g_assert_true (g_bytes_equal (saved, again));

  return 0;
}
