/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tgk.h"

#include "tg-error.h"
#include "tg-form-private.h"

TgTensor *
tg_reference_run_astype (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  return tg_tensor_astype (inputs[0], variable->type->dtype, error);
}

TgTensor *
tg_reference_run_with_gradient (TgVariable       *variable,
                                TgTensor *const  *inputs,
                                GError          **error)
{
  return tg_tensor_ref (inputs[0]);
}

TgTensor *
tg_reference_run_assume (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  return tg_tensor_ref (inputs[0]);
}

TgTensor *
tg_reference_run_shape (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        GError          **error)
{
  const gint64 ndim = inputs[0]->ndim;

  return tg_tensor_new_integers (inputs[0]->shape, inputs[0]->ndim, &ndim, 1, error);
}

TgTensor *
tg_reference_run_size (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  gboolean chosen[TG_MAX_NDIM];
  gint64 size = 1;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), inputs[0]->ndim, chosen);
  for (guint i = 0; i < inputs[0]->ndim; i++)
    {
      if (chosen[i])
        size *= inputs[0]->shape[i];
    }

  return tg_tensor_new_integer (size);
}

TgTensor *
tg_reference_run_full (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  return tg_reference_fill (variable->type->dtype, tg_reference_get_integers (inputs[0]),
                            (guint) inputs[0]->n_elements, inputs[1], error);
}

TgTensor *
tg_reference_run_zeros (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        GError          **error)
{
  return tg_tensor_new_zeros (variable->type->dtype, tg_reference_get_integers (inputs[0]),
                              inputs[0]->n_elements, error);
}

TgTensor *
tg_reference_run_ones (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  g_autoptr (TgTensor) one = tg_tensor_new_integer (1);

  return tg_reference_fill (variable->type->dtype, tg_reference_get_integers (inputs[0]),
                            (guint) inputs[0]->n_elements, one, error);
}

TgTensor *
tg_reference_run_eye (TgVariable       *variable,
                      TgTensor *const  *inputs,
                      GError          **error)
{
  const gint64 shape[2] = { *tg_reference_get_integers (inputs[0]),
                            *tg_reference_get_integers (inputs[1]) };
  gint64 k = tg_variable_find_int (variable, "k");
  g_autoptr (TgTensor) one = NULL;
  g_autoptr (TgTensor) diagonal = NULL;
  TgTensor *result = tg_tensor_new_zeros (variable->type->dtype, shape, 2, error);
  gint64 row, column, length;

  if (result == NULL)
    return NULL;

  /* Compared, not subtracted: k may be any number. */
  if (k <= -shape[0] || k >= shape[1])
    return result;

  row = k < 0 ? -k : 0;
  column = k > 0 ? k : 0;
  length = MIN (shape[0] - row, shape[1] - column);
  one = tg_tensor_new_integer (1);
  diagonal = tg_tensor_new_view (result, 1, &length,
                                 (const gint64[]) { result->strides[0] + result->strides[1] },
                                 result->data + row * result->strides[0]
                                 + column * result->strides[1]);

  for (gint64 i = 0; i < length; i++)
    {
      g_autoptr (TgTensor) place = tg_tensor_index (diagonal, 0, i, NULL);

      tg_tensor_copy_elements (place, one);
    }

  return result;
}

/* How many numbers there are; -1 where that is no number of elements. */
static gint64
count_doubles (gdouble start,
               gdouble stop,
               gdouble step)
{
  gdouble count = ceil ((stop - start) / step);

  if (!(count < 0x1p62))
    return -1;

  return count > 0 ? (gint64) count : 0;
}

static TgTensor *
make_arange (const gint64     *integers,
             const gdouble    *doubles,
             gboolean          is_integer,
             gint64            count,
             GError          **error)
{
  TgTensor *result = tg_tensor_new_uninitialised (is_integer ? TG_DTYPE_INT64 : TG_DTYPE_FLOAT64,
                                                  &count, 1, error);

  if (result != NULL && is_integer)
    {
      gint64 *numbers = (gint64 *) (gpointer) result->data;

      for (gint64 i = 0; i < count; i++)
        numbers[i] = tgk_add_i64 (integers[0], tgk_mul_i64 (i, integers[2]));
    }
  else if (result != NULL)
    {
      gdouble *numbers = (gdouble *) (gpointer) result->data;

      for (gint64 i = 0; i < count; i++)
        numbers[i] = doubles[0] + (gdouble) i * doubles[2];
    }

  return result;
}

TgTensor *
tg_reference_run_arange (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  gboolean is_integer = tg_dtype_in_set (variable->compute, TG_DTYPE_SET_INTEGER);
  g_autoptr (TgTensor) wide = NULL;
  gint64 integers[3] = { 0, };
  gdouble doubles[3];
  gint64 count;

  for (guint i = 0; i < 3; i++)
    {
      if (!tg_tensor_get_double (inputs[i], &doubles[i], error)
          || (is_integer && !tg_tensor_get_integer (inputs[i], &integers[i], error)))
        return NULL;
    }

  if (doubles[2] == 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE, "step must not be 0");
      return NULL;
    }

  count = is_integer ? tg_arange_count (integers[0], integers[1], integers[2])
                     : count_doubles (doubles[0], doubles[1], doubles[2]);
  if (count < 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "there is no end to the numbers");
      return NULL;
    }

  wide = make_arange (integers, doubles, is_integer, count, error);

  return wide != NULL ? tg_tensor_astype (wide, variable->type->dtype, error) : NULL;
}

/* Multiplies each product by all elements that come before it on the way. */
static void
multiply_running (TgTensor *x,
                  TgTensor *products,
                  gint64    from,
                  gint64    to,
                  gint64    step)
{
  TgInnerLoop multiply = tg_reference_kernels[TG_OP_MULTIPLY][x->dtype].loop;
  g_autoptr (TgTensor) one = tg_tensor_new_integer (1);
  g_autoptr (TgTensor) running = tg_tensor_copy (one, x->dtype, NULL);
  const gint64 stay = 0;

  for (gint64 i = from; i != to; i += step)
    {
      char *product = products->data + i * products->strides[0];
      char *element = x->data + i * x->strides[0];

      multiply (1, (char *[]) { product, product, running->data },
                (gint64[]) { stay, stay, stay }, NULL);
      multiply (1, (char *[]) { running->data, running->data, element },
                (gint64[]) { stay, stay, stay }, NULL);
    }
}

/* The chosen axes of `x` last, and made one. */
static TgTensor *
make_rows (TgVariable  *variable,
           TgTensor    *x,
           gint64      *axes,
           GError     **error)
{
  gboolean chosen[TG_MAX_NDIM];
  gint64 shape[2] = { 1, 1 };
  gsize n_axes = 0;
  g_autoptr (TgTensor) permuted = NULL;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, chosen);
  for (guint i = 0; i < x->ndim; i++)
    {
      if (!chosen[i])
        {
          axes[n_axes++] = i;
          shape[0] *= x->shape[i];
        }
    }

  for (guint i = 0; i < x->ndim; i++)
    {
      if (chosen[i])
        {
          axes[n_axes++] = i;
          shape[1] *= x->shape[i];
        }
    }

  permuted = tg_tensor_permute_dims (x, axes, n_axes, error);

  return permuted != NULL ? tg_tensor_reshape (permuted, shape, 2, error) : NULL;
}

TgTensor *
tg_reference_run_product_of_others (TgVariable       *variable,
                                    TgTensor *const  *inputs,
                                    GError          **error)
{
  g_autoptr (TgTensor) x = tg_tensor_astype (inputs[0], tg_dtype_widen (variable->compute), error);
  gint64 axes[TG_MAX_NDIM];
  gint64 inverse[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];
  g_autoptr (TgTensor) rows = x != NULL ? make_rows (variable, x, axes, error) : NULL;
  g_autoptr (TgTensor) one = tg_tensor_new_integer (1);
  g_autoptr (TgTensor) products = NULL;
  g_autoptr (TgTensor) permuted = NULL;

  if (rows == NULL)
    return NULL;

  products = tg_reference_fill (x->dtype, rows->shape, 2, one, error);
  if (products == NULL)
    return NULL;

  for (gint64 i = 0; i < rows->shape[0] && rows->shape[1] > 0; i++)
    {
      g_autoptr (TgTensor) row = tg_tensor_index (rows, 0, i, NULL);
      g_autoptr (TgTensor) result = tg_tensor_index (products, 0, i, NULL);

      multiply_running (row, result, 0, row->shape[0], 1);
      multiply_running (row, result, row->shape[0] - 1, -1, -1);
    }

  for (guint i = 0; i < x->ndim; i++)
    {
      shape[i] = x->shape[axes[i]];
      inverse[axes[i]] = i;
    }

  permuted = tg_tensor_reshape (products, shape, x->ndim, error);

  return permuted != NULL ? tg_tensor_permute_dims (permuted, inverse, x->ndim, error) : NULL;
}
