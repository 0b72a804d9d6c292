/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include "tg-error.h"
#include "tg-shape-private.h"

static char *
describe (TgTensor *self)
{
  return tg_shape_describe (self->dtype, self->shape, self->ndim);
}

/* Writes to `result` what `shape` is once its only -1 is computed. */
static gboolean
resolve_shape (TgTensor      *self,
               const gint64  *shape,
               gsize          n_shape,
               gint64        *result,
               GError       **error)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  gint64 *unknown = NULL;
  gsize n_elements;

  for (gsize i = 0; i < MIN (n_shape, TG_MAX_NDIM); i++)
    {
      result[i] = shape[i];
      if (shape[i] == TG_UNKNOWN && unknown == NULL)
        {
          unknown = &result[i];
          *unknown = 1;
        }
    }

  if (!tg_shape_get_n_elements (n_shape > TG_MAX_NDIM ? shape : result, n_shape,
                                tg_dtype_get_size (self->dtype), &n_elements, error))
    return FALSE;

  if (unknown != NULL && n_elements > 0 && self->n_elements % n_elements == 0)
    {
      *unknown = (gint64) (self->n_elements / n_elements);
      return TRUE;
    }

  if (unknown == NULL && self->n_elements == n_elements)
    return TRUE;

  from = describe (self);
  to = tg_shape_to_string (shape, n_shape);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "cannot reshape %s into %s: %" G_GSIZE_FORMAT " elements are not %s%" G_GSIZE_FORMAT,
               from, to, self->n_elements, unknown != NULL ? "a multiple of " : "", n_elements);
  return FALSE;
}

/* Strides that read the same elements as another shape of as many, if there are any.
 *
 * From the last axis on, each new axis takes its share of a run of old ones that can be walked
 * through with one stride. */
static gboolean
find_strides (TgTensor     *self,
              const gint64 *shape,
              gsize         ndim,
              gint64       *strides)
{
  guint axis = self->ndim;
  gint64 left = 1;
  gint64 stride = (gint64) tg_dtype_get_size (self->dtype);

  for (gsize i = ndim; i-- > 0;)
    {
      while (left == 1 && shape[i] != 1 && axis > 0)
        {
          left = self->shape[--axis];
          if (left != 1)
            stride = self->strides[axis];
        }

      while (axis > 0 && (self->shape[axis - 1] == 1
                          || (left > 1 && self->strides[axis - 1] == stride * left)))
        left *= self->shape[--axis];

      if (left % shape[i] != 0)
        return FALSE;

      strides[i] = stride;
      stride *= shape[i];
      left /= shape[i];
    }

  return TRUE;
}

/**
 * tg_tensor_reshape:
 * @self: a tensor
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis; one may be -1,
 *   which is what is left for it
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError] or [error@Tg.RunError]
 *
 * Arranges the elements in another shape, the last axis varying fastest.
 *
 * The result shares the memory if it can, or is a copy else.
 *
 * Returns: (transfer full): the elements in the new shape
 */
TgTensor *
tg_tensor_reshape (TgTensor      *self,
                   const gint64  *shape,
                   gsize          n_shape,
                   GError       **error)
{
  g_autoptr (TgTensor) dense = NULL;
  gint64 result[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  if (!resolve_shape (self, shape, n_shape, result, error))
    return NULL;

  if (self->n_elements > 0 && find_strides (self, result, n_shape, strides))
    return tg_tensor_new_view (self, (guint) n_shape, result, strides, self->data);

  dense = tg_tensor_make_contiguous (self, error);
  if (dense == NULL)
    return NULL;

  return tg_tensor_new_view (dense, (guint) n_shape, result, NULL, dense->data);
}

/**
 * tg_tensor_permute_dims:
 * @self: a tensor
 * @axes: (array length=n_axes) (nullable): for each axis of the result, the axis of @self that it
 *   is; counted from the end where negative
 * @n_axes: the number of axes, which is that of dimensions
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Changes the order of the axes.
 *
 * The result shares the memory.
 *
 * Returns: (transfer full): the permuted tensor
 */
TgTensor *
tg_tensor_permute_dims (TgTensor      *self,
                        const gint64  *axes,
                        gsize          n_axes,
                        GError       **error)
{
  gboolean seen[TG_MAX_NDIM] = { FALSE };
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (axes != NULL || n_axes == 0, NULL);

  if (n_axes != self->ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                   "axes must name each of %u axes once, not %" G_GSIZE_FORMAT, self->ndim, n_axes);
      return NULL;
    }

  for (gsize i = 0; i < n_axes; i++)
    {
      guint axis;

      if (!tg_axis_normalise (axes[i], n_axes, "axis", &axis, error))
        return NULL;

      if (seen[axis])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice", axis);
          return NULL;
        }

      seen[axis] = TRUE;
      shape[i] = self->shape[axis];
      strides[i] = self->strides[axis];
    }

  return tg_tensor_new_view (self, self->ndim, shape, strides, self->data);
}

/**
 * tg_tensor_broadcast_to:
 * @self: a tensor
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Repeats a tensor along axes where it has one element, and along new axes before its own.
 *
 * The result shares the memory.
 *
 * Returns: (transfer full): the repeated tensor
 */
TgTensor *
tg_tensor_broadcast_to (TgTensor      *self,
                        const gint64  *shape,
                        gsize          n_shape,
                        GError       **error)
{
  g_autofree char *from = NULL;
  g_autofree char *to = NULL;
  gint64 result[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  gsize n_elements;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  if (!tg_shape_get_n_elements (shape, n_shape, tg_dtype_get_size (self->dtype), &n_elements,
                                error))
    return NULL;

  for (gsize i = 0; i < n_shape; i++)
    result[i] = shape[i];

  if (n_shape >= self->ndim && tg_shape_broadcast (result, n_shape, self->shape, self->ndim)
      && tg_shape_equal (result, n_shape, shape, n_shape))
    {
      tg_shape_broadcast_strides (self->shape, self->strides, self->ndim, n_shape, strides);
      return tg_tensor_new_view (self, (guint) n_shape, shape, strides, self->data);
    }

  from = describe (self);
  to = tg_shape_to_string (shape, n_shape);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST, "cannot broadcast %s to %s", from,
               to);
  return NULL;
}

/* A tensor without elements may look at no memory, where there is no way to go. */
static char *
get_data_at (TgTensor *self,
             guint     axis,
             gint64    index)
{
  return self->n_elements > 0 ? self->data + index * self->strides[axis] : self->data;
}

static gint64
clip (gint64 index,
      gint64 size,
      gint64 least,
      gint64 most)
{
  return CLAMP (index < 0 ? index + size : index, least, most);
}

gint64
tg_slice_first (gint64 step)
{
  return step > 0 ? 0 : G_MAXINT64;
}

gint64
tg_slice_last (gint64 step)
{
  return step > 0 ? G_MAXINT64 : G_MININT64;
}

void
tg_slice_clip (gint64  size,
               gint64 *start,
               gint64 *stop,
               gint64  step,
               gint64 *n_elements)
{
  gint64 least = step > 0 ? 0 : -1;
  gint64 most = step > 0 ? size : size - 1;

  g_return_if_fail (step != 0);

  *start = clip (*start, size, least, most);
  *stop = clip (*stop, size, least, most);

  if (step > 0)
    *n_elements = *start < *stop ? (*stop - *start - 1) / step + 1 : 0;
  else
    *n_elements = *start > *stop ? (*stop - *start + 1) / step + 1 : 0;
}

/**
 * tg_tensor_slice:
 * @self: a tensor
 * @axis: the axis to take elements of
 * @start: the index of the first element
 * @stop: the index of the first element that is not taken any more
 * @step: how far to go from one element to the next; may be negative
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Takes some of the elements along an axis, by the rules of Python's `[start:stop:step]`.
 *
 * Indices are counted from the end where negative, and those out of bounds are the closest within
 * them. So %G_MAXINT64 and %G_MININT64 stand for a start or stop that Python's slices leave out.
 *
 * The result shares the memory.
 *
 * Returns: (transfer full): the slice
 */
TgTensor *
tg_tensor_slice (TgTensor  *self,
                 guint      axis,
                 gint64     start,
                 gint64     stop,
                 gint64     step,
                 GError   **error)
{
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  char *data;

  g_return_val_if_fail (self != NULL, NULL);

  if (!tg_axis_normalise (axis, self->ndim, "axis", &axis, error))
    return NULL;

  if (step == 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
                           "a slice cannot have the step 0");
      return NULL;
    }

  for (guint i = 0; i < self->ndim; i++)
    {
      shape[i] = self->shape[i];
      strides[i] = self->strides[i];
    }

  tg_slice_clip (self->shape[axis], &start, &stop, step, &shape[axis]);

  /* A start or a step that leads to no element may be out of all bounds. */
  data = get_data_at (self, axis, shape[axis] > 0 ? start : 0);
  if (shape[axis] > 1)
    strides[axis] *= step;

  return tg_tensor_new_view (self, self->ndim, shape, strides, data);
}

/**
 * tg_tensor_index:
 * @self: a tensor
 * @axis: the axis to remove
 * @index: the index along it; counted from the end where negative
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Takes what is at an index along an axis.
 *
 * The result shares the memory.
 *
 * Returns: (transfer full): a tensor without @axis
 */
TgTensor *
tg_tensor_index (TgTensor  *self,
                 guint      axis,
                 gint64     index,
                 GError   **error)
{
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  gint64 size, position;

  g_return_val_if_fail (self != NULL, NULL);

  if (!tg_axis_normalise (axis, self->ndim, "axis", &axis, error))
    return NULL;

  size = self->shape[axis];
  position = index < 0 ? index + size : index;
  if (position < 0 || position >= size)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
                   "index %" G_GINT64_FORMAT " is out of bounds for axis %u of size %"
                   G_GINT64_FORMAT, index, axis, size);
      return NULL;
    }

  for (guint i = 0, k = 0; i < self->ndim; i++)
    if (i != axis)
      {
        shape[k] = self->shape[i];
        strides[k++] = self->strides[i];
      }

  return tg_tensor_new_view (self, self->ndim - 1, shape, strides,
                             get_data_at (self, axis, position));
}

/**
 * tg_tensor_get:
 * @self: a tensor
 * @index: the index along the first axis; counted from the end where negative
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Takes what is at an index along the first axis; in Vala, `tensor[index]`.
 *
 * The result shares the memory.
 *
 * Returns: (transfer full): a tensor without the first axis
 */
TgTensor *
tg_tensor_get (TgTensor  *self,
               gint64     index,
               GError   **error)
{
  return tg_tensor_index (self, 0, index, error);
}
