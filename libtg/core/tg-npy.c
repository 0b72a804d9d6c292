/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-npy-private.h"

#include <string.h>

#include "tg-dtype-private.h"
#include "tg-error.h"
#include "tg-shape-private.h"
#include "tg-tensor-private.h"

/* NumPy's format of files: six bytes of magic, two of version, the length of a header, the header,
 * which is a dictionary in Python's notation, and the elements.  It is described in
 * https://numpy.org/neps/nep-0001-npy-format.html and the documentation of numpy.lib.format. */

#define MAGIC "\x93NUMPY"
#define MAGIC_LENGTH 6
/* Elements begin at a multiple of this many bytes. */
#define ALIGNMENT 64
#define NATIVE_ORDER (G_BYTE_ORDER == G_LITTLE_ENDIAN ? '<' : '>')

typedef struct
{
  const char *cursor;
  const char *end;
} Scanner;

typedef struct
{
  TgDType  dtype;
  gboolean is_swapped;
  gboolean is_fortran;
  gsize    ndim;
  gint64   shape[TG_MAX_NDIM];
} Header;

/* The letters that NumPy has for the kinds of dtypes, by the first part of our names.  To NumPy,
 * bfloat16 is two bytes of nothing in particular, which is how ml_dtypes writes it. */
static const struct
{
  const char *prefix;
  char        letter;
} kinds[] = {
  { "bool", 'b' }, { "int", 'i' }, { "uint", 'u' }, { "float", 'f' }, { "complex", 'c' },
  { "bfloat", 'V' },
};

static char
get_letter (TgDType dtype)
{
  const char *name = tg_dtype_get_name (dtype);
  gsize length = strcspn (name, "0123456789");

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (strlen (kinds[i].prefix) == length && strncmp (kinds[i].prefix, name, length) == 0)
      return kinds[i].letter;

  g_return_val_if_reached ('V');
}

static gboolean
find_dtype (char     letter,
            guint64  size,
            TgDType *dtype)
{
  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if (!tg_dtype_is_valid ((TgDType) i) || tg_dtype_get_size ((TgDType) i) != size
          || get_letter ((TgDType) i) != letter)
        continue;

      *dtype = (TgDType) i;
      return TRUE;
    }

  return FALSE;
}

static gboolean
fail (GError     **error,
      const char  *what)
{
  g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT, "this is no .npy file: %s", what);
  return FALSE;
}

static void
skip_blanks (Scanner *scanner)
{
  while (scanner->cursor < scanner->end && g_ascii_isspace (*scanner->cursor))
    scanner->cursor++;
}

/* Goes past a sign, if it comes next. */
static gboolean
accept (Scanner *scanner,
        char     sign)
{
  skip_blanks (scanner);
  if (scanner->cursor == scanner->end || *scanner->cursor != sign)
    return FALSE;

  scanner->cursor++;
  return TRUE;
}

static gboolean
accept_word (Scanner    *scanner,
             const char *word)
{
  gsize length = strlen (word);

  skip_blanks (scanner);
  if ((gsize) (scanner->end - scanner->cursor) < length
      || strncmp (scanner->cursor, word, length) != 0)
    return FALSE;

  scanner->cursor += length;
  return TRUE;
}

/* A string without escapes, which nothing in a header needs; NULL if it is none. */
static char *
scan_string (Scanner *scanner)
{
  const char *start, *end;
  char quote;

  skip_blanks (scanner);
  if (scanner->cursor == scanner->end || (*scanner->cursor != '\'' && *scanner->cursor != '"'))
    return NULL;

  quote = *scanner->cursor;
  start = scanner->cursor + 1;
  end = memchr (start, quote, (gsize) (scanner->end - start));
  if (end == NULL || memchr (start, '\\', (gsize) (end - start)) != NULL
      || memchr (start, '\0', (gsize) (end - start)) != NULL)
    return NULL;

  scanner->cursor = end + 1;
  return g_strndup (start, (gsize) (end - start));
}

static gboolean
scan_descriptor (Scanner  *scanner,
                 Header   *header,
                 GError  **error)
{
  g_autofree char *text = NULL;
  const char *code;
  char order = '=';
  guint64 size;

  if (accept (scanner, '['))
    {
      g_set_error_literal (error, TG_FILE_ERROR, TG_FILE_ERROR_DTYPE,
                           "the file has elements of several fields, which no dtype has");
      return FALSE;
    }

  text = scan_string (scanner);
  if (text == NULL)
    return fail (error, "its “descr” is no string");

  code = text;
  if (*code != '\0' && strchr ("<>=|", *code) != NULL)
    order = *code++;

  if (*code == '\0' || !g_ascii_string_to_unsigned (code + 1, 10, 1, 1024, &size, NULL)
      || !find_dtype (*code, size, &header->dtype))
    {
      g_autofree char *shown = g_utf8_make_valid (text, -1);

      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_DTYPE,
                   "the file has elements of NumPy's type “%s”, which no dtype is", shown);
      return FALSE;
    }

  header->is_swapped = (order == '<' || order == '>') && order != NATIVE_ORDER && size > 1;
  return TRUE;
}

/* A tuple of whole numbers; Python 2 wrote an L behind them. */
static gboolean
scan_shape (Scanner  *scanner,
            Header   *header,
            GError  **error)
{
  gboolean is_tuple = TRUE;

  if (!accept (scanner, '('))
    return fail (error, "its “shape” is no tuple");

  while (!accept (scanner, ')'))
    {
      gint64 size = 0;

      skip_blanks (scanner);
      if (!is_tuple || scanner->cursor == scanner->end || !g_ascii_isdigit (*scanner->cursor))
        return fail (error, "its “shape” is no tuple of sizes");

      if (header->ndim == TG_MAX_NDIM)
        return fail (error, "its “shape” has too many dimensions");

      for (; scanner->cursor < scanner->end && g_ascii_isdigit (*scanner->cursor);
           scanner->cursor++)
        if (__builtin_mul_overflow (size, 10, &size)
            || __builtin_add_overflow (size, *scanner->cursor - '0', &size))
          return fail (error, "its “shape” has a size beyond all memory");

      if (scanner->cursor < scanner->end && *scanner->cursor == 'L')
        scanner->cursor++;

      header->shape[header->ndim++] = size;
      is_tuple = accept (scanner, ',');
    }

  if (header->ndim == 1 && !is_tuple)
    return fail (error, "its “shape” is a number and no tuple");

  return TRUE;
}

static gboolean
scan_order (Scanner  *scanner,
            Header   *header,
            GError  **error)
{
  header->is_fortran = accept_word (scanner, "True");

  return header->is_fortran || accept_word (scanner, "False")
         || fail (error, "its “fortran_order” is neither True nor False");
}

static gboolean
scan_header (Scanner  *scanner,
             Header   *header,
             GError  **error)
{
  static const struct
  {
    const char *key;
    gboolean (* scan) (Scanner *scanner, Header *header, GError **error);
  } entries[] = {
    { "descr", scan_descriptor }, { "fortran_order", scan_order }, { "shape", scan_shape },
  };
  guint seen = 0;
  gboolean more = TRUE;

  if (!accept (scanner, '{'))
    return fail (error, "its header is no dictionary");

  while (!accept (scanner, '}'))
    {
      g_autofree char *key = more ? scan_string (scanner) : NULL;
      guint entry = 0;

      if (key == NULL || !accept (scanner, ':'))
        return fail (error, "its header is no dictionary");

      while (entry < G_N_ELEMENTS (entries) && !g_str_equal (key, entries[entry].key))
        entry++;

      if (entry == G_N_ELEMENTS (entries) || (seen & (1u << entry)) != 0)
        return fail (error, "its header has a key that is not known, or is there twice");

      if (!entries[entry].scan (scanner, header, error))
        return FALSE;

      seen |= 1u << entry;
      more = accept (scanner, ',');
    }

  skip_blanks (scanner);
  if (seen != (1u << G_N_ELEMENTS (entries)) - 1 || scanner->cursor != scanner->end)
    return fail (error, "its header lacks a key, or goes on behind the dictionary");

  return TRUE;
}

/* Finds the header, and after it the elements. */
static gboolean
find_header (const char  *data,
             gsize        n_bytes,
             Scanner     *scanner,
             GError     **error)
{
  const guint8 *bytes = (const guint8 *) data;
  gsize start = MAGIC_LENGTH + 4;
  gsize length;

  if (n_bytes < start || memcmp (data, MAGIC, MAGIC_LENGTH) != 0)
    return fail (error, "it does not begin like one");

  length = bytes[8] | (gsize) bytes[9] << 8;
  if (bytes[6] == 2 || bytes[6] == 3)
    {
      start += 2;
      if (n_bytes < start)
        return fail (error, "it ends too early");

      length |= (gsize) bytes[10] << 16 | (gsize) bytes[11] << 24;
    }
  else if (bytes[6] != 1)
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_UNSUPPORTED,
                   "the version %u.%u of .npy files is not known", bytes[6], bytes[7]);
      return FALSE;
    }

  if (length > n_bytes - start)
    return fail (error, "it ends too early");

  scanner->cursor = data + start;
  scanner->end = scanner->cursor + length;
  return TRUE;
}

/* A copy of the elements with their bytes in this machine's order. */
static GBytes *
swap_bytes (const char *source,
            gsize       n_bytes,
            TgDType     dtype)
{
  gsize unit = tg_dtype_get_size (dtype) / (get_letter (dtype) == 'c' ? 2 : 1);
  char *target = g_malloc (n_bytes);

  for (gsize i = 0; i < n_bytes; i += unit)
    for (gsize k = 0; k < unit; k++)
      target[i + k] = source[i + unit - 1 - k];

  return g_bytes_new_take (target, n_bytes);
}

static void
get_fortran_strides (const gint64 *shape,
                     gsize         ndim,
                     gsize         item_size,
                     gint64       *strides)
{
  gint64 stride = (gint64) item_size;

  for (gsize i = 0; i < ndim; i++)
    {
      strides[i] = stride;
      stride *= shape[i];
    }
}

TgTensor *
tg_npy_read (GBytes  *bytes,
             GError **error)
{
  g_autoptr (GBytes) elements = NULL;
  Header header = { .ndim = 0 };
  Scanner scanner;
  gint64 strides[TG_MAX_NDIM];
  gsize n_bytes, item_size, n_elements;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  guint64 address;

  if (!find_header (data, n_bytes, &scanner, error) || !scan_header (&scanner, &header, error))
    return NULL;

  item_size = tg_dtype_get_size (header.dtype);
  if (!tg_shape_get_n_elements (header.shape, header.ndim, item_size, &n_elements, error))
    return NULL;

  if (n_elements * item_size > (gsize) (data + n_bytes - scanner.end))
    {
      g_autofree char *text = tg_shape_describe (header.dtype, header.shape, header.ndim);

      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                   "the file ends before the %" G_GSIZE_FORMAT " bytes of %s",
                   n_elements * item_size, text);
      return NULL;
    }

  if (header.is_swapped)
    elements = swap_bytes (scanner.end, n_elements * item_size, header.dtype);
  else
    elements = g_bytes_new_from_bytes (bytes, (gsize) (scanner.end - data),
                                       n_elements * item_size);

  if (header.is_fortran)
    get_fortran_strides (header.shape, header.ndim, item_size, strides);

  address = (guint64) GPOINTER_TO_SIZE (g_bytes_get_data (elements, NULL));
  return tg_tensor_new_from_memory (header.dtype, header.shape, header.ndim,
                                    header.is_fortran ? strides : NULL,
                                    header.is_fortran ? header.ndim : 0, address,
                                    (TgReleaseFunc) g_bytes_unref, g_steal_pointer (&elements),
                                    error);
}

/* Whether the first axis varies fastest, and the elements leave no gap. */
static gboolean
is_fortran_contiguous (TgTensor *tensor)
{
  gint64 stride = (gint64) tg_dtype_get_size (tensor->dtype);

  for (guint i = 0; i < tensor->ndim; i++)
    {
      if (tensor->shape[i] != 1 && tensor->strides[i] != stride)
        return FALSE;

      stride *= tensor->shape[i];
    }

  return TRUE;
}

static GBytes *
make_header (TgTensor *tensor,
             gboolean  is_fortran)
{
  gsize item_size = tg_dtype_get_size (tensor->dtype);
  GString *text = g_string_new_len (MAGIC "\x01\x00\x00\x00", MAGIC_LENGTH + 4);
  gsize length;

  g_string_append_printf (text, "{'descr': '%c%c%" G_GSIZE_FORMAT "', 'fortran_order': %s, "
                          "'shape': (", item_size > 1 ? NATIVE_ORDER : '|',
                          get_letter (tensor->dtype), item_size, is_fortran ? "True" : "False");
  for (guint i = 0; i < tensor->ndim; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT "%s", i > 0 ? ", " : "", tensor->shape[i],
                            tensor->ndim == 1 ? "," : "");
  g_string_append (text, "), }");

  while ((text->len + 1) % ALIGNMENT != 0)
    g_string_append_c (text, ' ');
  g_string_append_c (text, '\n');

  /* No shape is so long that it needs the wider length of version 2. */
  length = text->len - MAGIC_LENGTH - 4;
  text->str[8] = (char) (length & 0xff);
  text->str[9] = (char) (length >> 8);

  return g_string_free_to_bytes (text);
}

gboolean
tg_npy_write (TgTensor  *tensor,
              GBytes   **header,
              GBytes   **elements,
              GError   **error)
{
  g_autoptr (TgTensor) dense = NULL;
  gboolean is_fortran = !tg_tensor_is_contiguous (tensor) && is_fortran_contiguous (tensor);

  /* The elements in the order of memory are those of the reversed axes. */
  if (is_fortran)
    {
      gint64 shape[TG_MAX_NDIM];

      for (guint i = 0; i < tensor->ndim; i++)
        shape[i] = tensor->shape[tensor->ndim - 1 - i];
      dense = tg_tensor_new_view (tensor, tensor->ndim, shape, NULL, tensor->data);
    }
  else
    {
      dense = tg_tensor_make_contiguous (tensor, error);
      if (dense == NULL)
        return FALSE;
    }

  *header = make_header (tensor, is_fortran);
  *elements = tg_tensor_dup_bytes (dense);
  return TRUE;
}
