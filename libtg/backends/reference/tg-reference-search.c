/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-error.h"

/* Operators that go along an axis, or look for something. */

/* Goes on from each part of `x` along the axis to the next, in the dtype of an accumulator. */
static TgTensor *
accumulate (TgVariable  *variable,
            TgTensor    *x,
            TgOpId       step,
            TgOpId       whole,
            GError     **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  TgDType dtype = tg_reference_kernels[whole][tg_dtype_widen (variable->compute)].accumulator;
  TgInnerLoop loop = tg_reference_kernels[step][dtype].loop;
  g_autoptr (TgTensor) result = tg_tensor_copy (x, dtype, error);

  if (result == NULL)
    return NULL;

  for (gint64 i = 1; i < result->shape[axis]; i++)
    {
      g_autoptr (TgTensor) before = tg_tensor_index (result, axis, i - 1, NULL);
      g_autoptr (TgTensor) part = tg_tensor_index (result, axis, i, NULL);

      tg_loop_run (part->ndim, part->shape, 3,
                   (char *[]) { part->data, before->data, part->data },
                   (const gint64 *[]) { part->strides, before->strides, part->strides }, loop,
                   NULL);
    }

  return tg_tensor_astype (result, variable->type->dtype, error);
}

TgTensor *
tg_reference_run_cumulative_sum (TgVariable       *variable,
                                 TgTensor *const  *inputs,
                                 GError          **error)
{
  return accumulate (variable, inputs[0], TG_OP_ADD, TG_OP_SUM, error);
}

TgTensor *
tg_reference_run_cumulative_prod (TgVariable       *variable,
                                  TgTensor *const  *inputs,
                                  GError          **error)
{
  return accumulate (variable, inputs[0], TG_OP_MULTIPLY, TG_OP_PROD, error);
}

/* An element as an integer that is ordered as the elements are; nan is the largest. */
static guint64
get_key (TgDType     dtype,
         const char *element)
{
  const guint64 top = G_GUINT64_CONSTANT (1) << 63;
  guint64 bits = *(const guint64 *) (gconstpointer) element;
  gdouble value;

  if (dtype == TG_DTYPE_UINT64)
    return bits;

  if (dtype == TG_DTYPE_INT64)
    return bits ^ top;

  memcpy (&value, &bits, sizeof value);
  if (isnan (value))
    return G_MAXUINT64;

  if (value == 0)
    return top;

  return bits & top ? ~bits : bits | top;
}

/* The keys of the elements in row-major order. */
static guint64 *
make_keys (TgTensor  *x,
           GError   **error)
{
  TgDType dtype = tg_dtype_in_set (x->dtype, TG_DTYPE_SET_FLOAT) ? TG_DTYPE_FLOAT64
                  : x->dtype == TG_DTYPE_UINT64 ? TG_DTYPE_UINT64 : TG_DTYPE_INT64;
  g_autoptr (TgTensor) wide = tg_tensor_astype (x, dtype, error);
  g_autoptr (TgTensor) dense = wide != NULL ? tg_tensor_make_contiguous (wide, error) : NULL;
  guint64 *keys;

  if (dense == NULL)
    return NULL;

  keys = g_new (guint64, dense->n_elements + 1);
  for (gsize i = 0; i < dense->n_elements; i++)
    keys[i] = get_key (dtype, dense->data + i * sizeof (guint64));

  return keys;
}

typedef struct
{
  guint64 key;
  gint64  position;
} Entry;

static int
compare_entries (gconstpointer a,
                 gconstpointer b,
                 gpointer      descending)
{
  const Entry *first = a, *second = b;
  int order = first->key < second->key ? -1 : first->key > second->key;

  return descending != NULL ? -order : order;
}

/* The positions along the axis in the order of the elements; equal ones keep theirs. */
static TgTensor *
find_order (TgVariable  *variable,
            TgTensor    *x,
            GError     **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  gboolean descending = tg_variable_find_bool (variable, "descending");
  gint64 size = x->shape[axis], stride = 1, n_rows;
  g_autofree guint64 *keys = make_keys (x, error);
  g_autofree Entry *entries = NULL;
  TgTensor *result;
  gint64 *positions;

  result = keys != NULL ? tg_tensor_new_uninitialised (TG_DTYPE_INT64, x->shape, x->ndim, error)
                        : NULL;
  if (result == NULL || x->n_elements == 0)
    return result;

  for (guint i = axis + 1; i < x->ndim; i++)
    stride *= x->shape[i];

  n_rows = (gint64) x->n_elements / size;
  entries = g_new (Entry, size);
  positions = (gint64 *) (gpointer) result->data;
  for (gint64 row = 0; row < n_rows; row++)
    {
      gint64 first = row / stride * stride * size + row % stride;

      for (gint64 i = 0; i < size; i++)
        entries[i] = (Entry) { keys[first + i * stride], i };

      /* GLib's sort keeps the order of equal entries. */
      g_qsort_with_data (entries, (gint) size, sizeof (Entry), compare_entries,
                         GINT_TO_POINTER (descending));
      for (gint64 i = 0; i < size; i++)
        positions[first + i * stride] = entries[i].position;
    }

  return result;
}

static gboolean
check_length (TgVariable  *variable,
              TgTensor    *x,
              GError     **error)
{
  if (x->shape[tg_variable_find_int (variable, "axis")] <= G_MAXINT)
    return TRUE;

  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "at most 2^31 - 1 elements can be sorted");
  return FALSE;
}

TgTensor *
tg_reference_run_argsort (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  return check_length (variable, inputs[0], error) ? find_order (variable, inputs[0], error) : NULL;
}

TgTensor *
tg_reference_run_sort (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  g_autoptr (TgTensor) order = NULL;

  if (!check_length (variable, inputs[0], error))
    return NULL;

  order = find_order (variable, inputs[0], error);

  return order != NULL
           ? tg_reference_run_take_along_axis (variable, (TgTensor *[]) { inputs[0], order }, error)
           : NULL;
}

TgTensor *
tg_reference_run_searchsorted (TgVariable       *variable,
                               TgTensor *const  *inputs,
                               GError          **error)
{
  gboolean behind = strcmp (tg_variable_find_text (variable, "side"), "right") == 0;
  g_autofree guint64 *keys = make_keys (inputs[0], error);
  g_autofree guint64 *wanted = keys != NULL ? make_keys (inputs[1], error) : NULL;
  TgTensor *result;

  result = wanted != NULL ? tg_tensor_new_uninitialised (TG_DTYPE_INT64, inputs[1]->shape,
                                                         inputs[1]->ndim, error)
                          : NULL;

  for (gsize i = 0; result != NULL && i < inputs[1]->n_elements; i++)
    {
      gsize low = 0, high = inputs[0]->n_elements;

      while (low < high)
        {
          gsize middle = low + (high - low) / 2;

          if (keys[middle] < wanted[i] || (behind && keys[middle] == wanted[i]))
            low = middle + 1;
          else
            high = middle;
        }

      ((gint64 *) (gpointer) result->data)[i] = (gint64) low;
    }

  return result;
}

TgTensor *
tg_reference_run_nonzero (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  TgTensor *x = inputs[0];
  g_autoptr (TgTensor) marks = tg_tensor_astype (x, TG_DTYPE_BOOL, error);
  g_autoptr (TgTensor) dense = marks != NULL ? tg_tensor_make_contiguous (marks, error) : NULL;
  gint64 shape[2] = { x->ndim, 0 };
  gint64 column = 0;
  TgTensor *result;

  if (dense == NULL)
    return NULL;

  for (gsize i = 0; i < dense->n_elements; i++)
    shape[1] += dense->data[i];

  result = tg_tensor_new_uninitialised (TG_DTYPE_INT64, shape, 2, error);
  for (gsize i = 0; result != NULL && i < dense->n_elements; i++)
    {
      gint64 rest = (gint64) i;

      if (!dense->data[i])
        continue;

      for (guint axis = x->ndim; axis-- > 0;)
        {
          ((gint64 *) (gpointer) result->data)[axis * shape[1] + column] = rest % x->shape[axis];
          rest /= x->shape[axis];
        }
      column++;
    }

  return result;
}

TgTensor *
tg_reference_run_broadcast_shape (TgVariable       *variable,
                                  TgTensor *const  *inputs,
                                  GError          **error)
{
  gint64 shape[TG_MAX_NDIM];
  guint ndim;

  return tg_reference_broadcast (variable, inputs, shape, &ndim, error)
           ? tg_tensor_new_integers (shape, ndim, (gint64[]) { ndim }, 1, error) : NULL;
}
