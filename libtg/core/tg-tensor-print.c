/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include <string.h>

#include "tg-number-text-private.h"

/* NumPy's default print options. */
#define LINE_WIDTH 75
#define MAX_ELEMENTS 1000
#define N_EDGE_ITEMS 3

#define PREFIX "array("
#define ELLIPSIS "..."

typedef struct
{
  TgTensor *tensor;
  GString  *text;
  gsize     line_start;
  GStrv     words;      /* what is shown of the elements, in order */
  gsize     next_word;
} Printer;

static gboolean
is_abridged (TgTensor *tensor,
             guint     axis)
{
  return tensor->n_elements > MAX_ELEMENTS && tensor->shape[axis] > 2 * N_EDGE_ITEMS;
}

static gint64
count_shown (TgTensor *tensor,
             guint     axis)
{
  return is_abridged (tensor, axis) ? 2 * N_EDGE_ITEMS : tensor->shape[axis];
}

static void
collect_shown (TgTensor   *tensor,
               guint       axis,
               const char *data,
               GByteArray *elements)
{
  if (axis == tensor->ndim)
    {
      g_byte_array_append (elements, (const guint8 *) data,
                           (guint) tg_dtype_get_size (tensor->dtype));
      return;
    }

  for (gint64 i = 0; i < count_shown (tensor, axis); i++)
    {
      gboolean is_at_end = is_abridged (tensor, axis) && i >= N_EDGE_ITEMS;
      gint64 n_skipped = is_at_end ? tensor->shape[axis] - 2 * N_EDGE_ITEMS : 0;

      collect_shown (tensor, axis + 1, data + (i + n_skipped) * tensor->strides[axis], elements);
    }
}

static gsize
get_column (Printer *self)
{
  return self->text->len - self->line_start;
}

static void
break_line (Printer *self,
            guint    n_lines,
            gsize    indent)
{
  for (guint i = 0; i < n_lines; i++)
    g_string_append_c (self->text, '\n');

  self->line_start = self->text->len;
  g_string_append_printf (self->text, "%*s", (int) indent, "");
}

/* Leads from one entry of an axis to the next, which is a word of `width` on the last axis. */
static void
separate (Printer *self,
          guint    axis,
          gsize    width)
{
  guint n_lines = self->tensor->ndim - axis - 1;
  gsize indent = strlen (PREFIX) + axis + 1;

  g_string_append_c (self->text, ',');

  /* Room is left for a comma and the brackets that may end the line. */
  if (n_lines == 0 && get_column (self) + 1 + width <= LINE_WIDTH - axis - 2)
    g_string_append_c (self->text, ' ');
  else
    break_line (self, MAX (n_lines, 1), indent);
}

static void
print_axis (Printer *self,
            guint    axis)
{
  gboolean is_last = axis + 1 == self->tensor->ndim;

  g_string_append_c (self->text, '[');

  for (gint64 i = 0; i < count_shown (self->tensor, axis); i++)
    {
      if (is_abridged (self->tensor, axis) && i == N_EDGE_ITEMS)
        {
          separate (self, axis, strlen (ELLIPSIS));
          g_string_append (self->text, ELLIPSIS);
        }

      if (i > 0)
        separate (self, axis, strlen (self->words[0]));

      if (is_last)
        g_string_append (self->text, self->words[self->next_word++]);
      else
        print_axis (self, axis + 1);
    }

  g_string_append_c (self->text, ']');
}

static void
print_elements (Printer *self)
{
  TgTensor *tensor = self->tensor;
  g_autoptr (GByteArray) elements = g_byte_array_new ();
  gsize n_shown;

  collect_shown (tensor, 0, tensor->data, elements);
  n_shown = elements->len / tg_dtype_get_size (tensor->dtype);
  self->words = tg_number_texts_new (tensor->dtype, elements->data, n_shown);

  if (tensor->ndim == 0)
    g_string_append (self->text, g_strchug (self->words[0]));
  else
    print_axis (self, 0);

  g_strfreev (self->words);
}

static void
print_no_elements (Printer *self)
{
  TgTensor *tensor = self->tensor;

  g_string_append (self->text, "[]");
  if (tensor->ndim == 1)
    return;

  for (guint i = 0; i < tensor->ndim; i++)
    g_string_append_printf (self->text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : ", shape=(",
                            tensor->shape[i]);
  g_string_append_c (self->text, ')');
}

/* Lists of numbers as Python reads them are of these dtypes. */
static gboolean
has_plain_dtype (TgTensor *self)
{
  return self->n_elements > 0
         && (self->dtype == TG_DTYPE_BOOL || self->dtype == TG_DTYPE_INT64
             || self->dtype == TG_DTYPE_FLOAT64 || self->dtype == TG_DTYPE_COMPLEX128);
}

/**
 * tg_tensor_to_string:
 * @self: a tensor
 *
 * Writes a tensor as NumPy does, such as `array([0.5, 1. ])`.
 *
 * Of more than a thousand elements, only those at the edges are written.
 *
 * Returns: (transfer full): the text
 */
char *
tg_tensor_to_string (TgTensor *self)
{
  Printer printer = { .tensor = self };

  g_return_val_if_fail (self != NULL, NULL);

  printer.text = g_string_new (PREFIX);
  if (self->n_elements > 0)
    print_elements (&printer);
  else
    print_no_elements (&printer);

  if (!has_plain_dtype (self))
    {
      g_autofree char *dtype = g_strdup_printf ("dtype=%s)", tg_dtype_get_name (self->dtype));

      g_string_append_c (printer.text, ',');
      if (get_column (&printer) + strlen (dtype) + 1 > LINE_WIDTH)
        break_line (&printer, 1, strlen (PREFIX));
      else
        g_string_append_c (printer.text, ' ');
      g_string_append (printer.text, dtype);
    }
  else
    {
      g_string_append_c (printer.text, ')');
    }

  return g_string_free (printer.text, FALSE);
}
