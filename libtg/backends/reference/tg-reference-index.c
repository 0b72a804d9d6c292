/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-form-private.h"

/* Operators that find elements by positions, which are checked as they come. */

static gboolean
fail_position (gint64    position,
               guint     axis,
               gint64    size,
               GError  **error)
{
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
               "index %" G_GINT64_FORMAT " is out of bounds for axis %u of size %" G_GINT64_FORMAT,
               position, axis, size);

  return FALSE;
}

/* Like `tensor`, the axes from `axis` on, `n_axes` of them, made one; it is row-major. */
static TgTensor *
join_axes (TgTensor *tensor,
           guint     axis,
           guint     n_axes)
{
  gint64 shape[TG_MAX_NDIM + 1];
  guint ndim = 0;

  for (guint i = 0; i < axis; i++)
    shape[ndim++] = tensor->shape[i];

  shape[ndim++] = 1;
  for (guint i = axis; i < axis + n_axes; i++)
    shape[axis] *= tensor->shape[i];

  for (guint i = axis + n_axes; i < tensor->ndim; i++)
    shape[ndim++] = tensor->shape[i];

  return tg_tensor_reshape (tensor, shape, ndim, NULL);
}

TgTensor *
tg_reference_run_take (TgVariable       *variable,
                       TgTensor *const  *inputs,
                       GError          **error)
{
  TgTensor *x = inputs[0];
  const gint64 *positions = tg_reference_get_integers (inputs[1]);
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  gint64 shape[TG_MAX_NDIM];
  guint ndim = 0;
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) rows = NULL;

  for (guint i = 0; i < x->ndim; i++)
    {
      if (i != axis)
        shape[ndim++] = x->shape[i];

      for (guint k = 0; k < inputs[1]->ndim && i == axis; k++)
        shape[ndim++] = inputs[1]->shape[k];
    }

  result = tg_tensor_new_uninitialised (x->dtype, shape, ndim, error);
  if (result == NULL)
    return NULL;

  rows = join_axes (result, axis, inputs[1]->ndim);
  for (gsize i = 0; i < inputs[1]->n_elements; i++)
    {
      g_autoptr (TgTensor) target = NULL;
      g_autoptr (TgTensor) source = tg_tensor_index (x, axis, positions[i], error);

      if (source == NULL)
        return NULL;

      target = tg_tensor_index (rows, axis, (gint64) i, NULL);
      tg_tensor_copy_elements (target, source);
    }

  return g_steal_pointer (&result);
}

/* Puts the elements of `x` to those of `sums`, of the same dtype and shape, or in their place. */
static void
add_elements (TgTensor *sums,
              TgTensor *x,
              gboolean  accumulate)
{
  if (!accumulate)
    {
      tg_tensor_copy_elements (sums, x);
      return;
    }

  tg_loop_run (x->ndim, x->shape, 3, (char *[]) { sums->data, sums->data, x->data },
               (const gint64 *[]) { sums->strides, sums->strides, x->strides },
               tg_reference_kernels[TG_OP_ADD][x->dtype].loop, NULL);
}

TgTensor *
tg_reference_run_untake (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  const gint64 *positions = tg_reference_get_integers (inputs[2]);
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  gboolean accumulate = tg_variable_find_bool (variable, "accumulate");
  TgDType dtype = tg_dtype_widen (variable->compute);
  g_autoptr (TgTensor) wide = tg_tensor_astype (inputs[0], dtype, error);
  g_autoptr (TgTensor) dense = NULL;
  g_autoptr (TgTensor) rows = NULL;
  g_autoptr (TgTensor) result = NULL;

  result = tg_tensor_new_zeros (dtype, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  dense = wide != NULL ? tg_tensor_make_contiguous (wide, error) : NULL;
  if (result == NULL || dense == NULL)
    return NULL;

  for (guint i = 0; i < dense->ndim; i++)
    {
      guint n_positions = inputs[2]->ndim;
      gint64 needed = i < axis ? result->shape[i]
                      : i < axis + n_positions ? inputs[2]->shape[i - axis]
                                               : result->shape[i + 1 - n_positions];

      if (dense->shape[i] != needed)
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                               "x must have the shape of what is taken");
          return NULL;
        }
    }

  rows = join_axes (dense, axis, inputs[2]->ndim);
  for (gsize i = 0; i < inputs[2]->n_elements; i++)
    {
      g_autoptr (TgTensor) source = tg_tensor_index (rows, axis, (gint64) i, NULL);
      g_autoptr (TgTensor) target = tg_tensor_index (result, axis, positions[i], error);

      if (target == NULL)
        return NULL;

      add_elements (target, source, accumulate);
    }

  return tg_tensor_astype (result, variable->type->dtype, error);
}

/* A walk over positions along an axis, next to elements that are copied or added. */
typedef struct
{
  gint64      size;
  gint64      stride;     /* along the axis, of what the positions are of */
  gsize       item_size;
  gboolean    is_putting; /* to there, not taking from there */
  TgInnerLoop add;        /* or NULL, to copy */
  gint64      wrong;
  gboolean    failed;
} Walk;

/* Operands: element, position, the beginning of its row. */
static void
walk (gsize         count,
      char        **data,
      const gint64 *strides,
      gpointer      user_data)
{
  const gint64 stay[3] = { 0, 0, 0 };
  Walk *self = user_data;

  for (gsize step = 0; step < count && !self->failed; step++)
    {
      gint64 position = *(const gint64 *) (gconstpointer) data[1];
      gint64 normal = position < 0 ? position + self->size : position;
      char *place;

      if (normal < 0 || normal >= self->size)
        {
          self->wrong = position;
          self->failed = TRUE;
          return;
        }

      place = data[2] + normal * self->stride;
      if (self->add != NULL)
        self->add (1, (char *[]) { place, place, data[0] }, stay, NULL);
      else if (self->is_putting)
        memcpy (place, data[0], self->item_size);
      else
        memcpy (data[0], place, self->item_size);

      for (guint k = 0; k < 3; k++)
        data[k] += strides[k];
    }
}

/* Copies from `whole` to `elements` or, putting, the other way round. */
static gboolean
walk_along_axis (TgTensor    *elements,
                 TgTensor    *positions,
                 TgTensor    *whole,
                 guint        axis,
                 gboolean     is_putting,
                 gboolean     accumulate,
                 GError     **error)
{
  gint64 strides[TG_MAX_NDIM];
  Walk state = {
    .size = whole->shape[axis], .stride = whole->strides[axis],
    .item_size = tg_dtype_get_size (whole->dtype), .is_putting = is_putting,
    .add = accumulate ? tg_reference_kernels[TG_OP_ADD][whole->dtype].loop : NULL,
  };

  for (guint i = 0; i < whole->ndim; i++)
    {
      strides[i] = i == axis ? 0 : whole->strides[i];
      if ((i != axis && whole->shape[i] != positions->shape[i])
          || elements->shape[i] != positions->shape[i])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "indices must have the shape of x but along axis %u", axis);
          return FALSE;
        }
    }

  tg_loop_run (positions->ndim, positions->shape, 3,
               (char *[]) { elements->data, positions->data, whole->data },
               (const gint64 *[]) { elements->strides, positions->strides, strides }, walk, &state);

  return !state.failed || fail_position (state.wrong, axis, state.size, error);
}

TgTensor *
tg_reference_run_take_along_axis (TgVariable       *variable,
                                  TgTensor *const  *inputs,
                                  GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  g_autoptr (TgTensor) result = NULL;

  result = tg_tensor_new_uninitialised (inputs[0]->dtype, inputs[1]->shape, inputs[1]->ndim, error);

  return result != NULL
         && walk_along_axis (result, inputs[1], inputs[0], axis, FALSE, FALSE, error)
           ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_run_untake_along_axis (TgVariable       *variable,
                                    TgTensor *const  *inputs,
                                    GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  TgDType dtype = tg_dtype_widen (variable->compute);
  g_autoptr (TgTensor) x = tg_tensor_astype (inputs[0], dtype, error);
  g_autoptr (TgTensor) result = NULL;

  result = tg_tensor_new_zeros (dtype, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (x == NULL || result == NULL
      || !walk_along_axis (x, inputs[2], result, axis, TRUE,
                           tg_variable_find_bool (variable, "accumulate"), error))
    return NULL;

  return tg_tensor_astype (result, variable->type->dtype, error);
}

/* The part of `x` at the position along its first axes, or NULL. */
static TgTensor *
find_part (TgTensor      *x,
           const gint64  *position,
           gint64         n_indexed,
           GError       **error)
{
  char *data = x->data;

  for (gint64 i = 0; i < n_indexed; i++)
    {
      gint64 normal = position[i] < 0 ? position[i] + x->shape[i] : position[i];

      if (normal < 0 || normal >= x->shape[i])
        {
          fail_position (position[i], (guint) i, x->shape[i], error);
          return NULL;
        }

      data += normal * x->strides[i];
    }

  return tg_tensor_new_view (x, x->ndim - (guint) n_indexed, x->shape + n_indexed,
                             x->strides + n_indexed, data);
}

/* Goes over the positions, with the parts of `elements` and those of `whole` next to each other. */
static gboolean
go_over_parts (TgTensor  *elements,
               TgTensor  *positions,
               TgTensor  *whole,
               gboolean   is_putting,
               gboolean   accumulate,
               GError   **error)
{
  guint n_outer = positions->ndim - 1;
  gint64 n_indexed = positions->shape[n_outer];
  gsize n_parts = 1;
  /* A single part is all the elements, which may have all the dimensions that there are. */
  g_autoptr (TgTensor) rows = n_outer > 0 ? join_axes (elements, 0, n_outer) : NULL;

  for (guint i = 0; i < n_outer; i++)
    n_parts *= (gsize) positions->shape[i];

  for (gsize i = 0; i < n_parts; i++)
    {
      const gint64 *position = tg_reference_get_integers (positions) + (gint64) i * n_indexed;
      g_autoptr (TgTensor) row = rows != NULL ? tg_tensor_index (rows, 0, (gint64) i, NULL)
                                              : tg_tensor_ref (elements);
      g_autoptr (TgTensor) part = find_part (whole, position, n_indexed, error);

      if (part == NULL)
        return FALSE;

      if (is_putting)
        add_elements (part, row, accumulate);
      else
        tg_tensor_copy_elements (row, part);
    }

  return TRUE;
}

TgTensor *
tg_reference_run_take_nd (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  TgTensor *x = inputs[0], *positions = inputs[1];
  gint64 shape[TG_MAX_NDIM];
  guint ndim = 0;
  g_autoptr (TgTensor) result = NULL;

  for (guint i = 0; i + 1 < positions->ndim; i++)
    shape[ndim++] = positions->shape[i];

  for (gint64 i = positions->shape[positions->ndim - 1]; i < (gint64) x->ndim; i++)
    shape[ndim++] = x->shape[i];

  result = tg_tensor_new_uninitialised (x->dtype, shape, ndim, error);

  return result != NULL && go_over_parts (result, positions, x, FALSE, FALSE, error)
           ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_run_untake_nd (TgVariable       *variable,
                            TgTensor *const  *inputs,
                            GError          **error)
{
  TgTensor *positions = inputs[2];
  TgDType dtype = tg_dtype_widen (variable->compute);
  g_autoptr (TgTensor) wide = tg_tensor_astype (inputs[0], dtype, error);
  g_autoptr (TgTensor) dense = wide != NULL ? tg_tensor_make_contiguous (wide, error) : NULL;
  g_autoptr (TgTensor) result = NULL;
  guint n_outer = positions->ndim - 1;

  result = tg_tensor_new_zeros (dtype, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (result == NULL || dense == NULL)
    return NULL;

  for (guint i = 0; i < dense->ndim; i++)
    {
      gint64 needed = i < n_outer ? positions->shape[i]
                                  : result->shape[i - n_outer + positions->shape[n_outer]];

      if (dense->shape[i] != needed)
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                               "x must have the shape of what is taken");
          return NULL;
        }
    }

  if (!go_over_parts (dense, positions, result, TRUE,
                      tg_variable_find_bool (variable, "accumulate"), error))
    return NULL;

  return tg_tensor_astype (result, variable->type->dtype, error);
}

/* The diagonal of `x` as a view of it. */
static TgTensor *
look_at_diagonal (TgVariable *variable,
                  TgTensor   *x)
{
  gint64 offset = tg_variable_find_int (variable, "offset");
  guint rows = (guint) tg_variable_find_int (variable, "axis1");
  guint columns = (guint) tg_variable_find_int (variable, "axis2");
  gint64 length = tg_diagonal_length (x->shape[rows], x->shape[columns], offset);
  gint64 shape[TG_MAX_NDIM], strides[TG_MAX_NDIM];
  char *data = x->data;
  guint ndim = 0;

  for (guint i = 0; i < x->ndim; i++)
    {
      if (i == rows || i == columns)
        continue;

      shape[ndim] = x->shape[i];
      strides[ndim++] = x->strides[i];
    }

  shape[ndim] = length;
  strides[ndim++] = x->strides[rows] + x->strides[columns];
  if (length > 0)
    data += offset < 0 ? -offset * x->strides[rows] : offset * x->strides[columns];

  return tg_tensor_new_view (x, ndim, shape, strides, data);
}

TgTensor *
tg_reference_run_diagonal (TgVariable       *variable,
                           TgTensor *const  *inputs,
                           GError          **error)
{
  return look_at_diagonal (variable, inputs[0]);
}

TgTensor *
tg_reference_run_undiagonal (TgVariable       *variable,
                             TgTensor *const  *inputs,
                             GError          **error)
{
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) place = NULL;

  result = tg_tensor_new_zeros (variable->compute, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (result == NULL)
    return NULL;

  place = look_at_diagonal (variable, result);

  return tg_reference_fill_place (place, inputs[0], error) ? g_steal_pointer (&result) : NULL;
}
