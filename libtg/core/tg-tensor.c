/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include <string.h>

#include "tg-dtype-private.h"
#include "tg-loop-private.h"
#include "tg-shape-private.h"

/**
 * TgTensor:
 *
 * An array of numbers in any number of dimensions.
 *
 * A tensor is a dtype, a shape, and strides that say how many bytes a step along each axis is. It
 * never changes, so views, which tensors such as slices are, share the memory of what they look at.
 */

G_DEFINE_BOXED_TYPE (TgTensor, tg_tensor, tg_tensor_ref, tg_tensor_unref)

/* Takes the buffer. */
static TgTensor *
take_buffer (TgBuffer     *buffer,
             TgDType       dtype,
             guint         ndim,
             const gint64 *shape,
             const gint64 *strides,
             char         *data)
{
  TgTensor *self = g_malloc (sizeof (TgTensor) + 2 * ndim * sizeof (gint64));

  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->ndim = ndim;
  self->n_elements = 1;
  self->buffer = buffer;
  self->data = data;
  self->strides = self->shape + ndim;

  for (guint i = 0; i < ndim; i++)
    {
      self->shape[i] = shape[i];
      self->n_elements *= (gsize) shape[i];
    }

  if (strides == NULL)
    tg_shape_get_strides (shape, ndim, tg_dtype_get_size (dtype), self->strides);
  else
    for (guint i = 0; i < ndim; i++)
      self->strides[i] = strides[i];

  return self;
}

TgTensor *
tg_tensor_new_in_buffer (TgBuffer     *buffer,
                         TgDType       dtype,
                         guint         ndim,
                         const gint64 *shape,
                         const gint64 *strides,
                         char         *data)
{
  return take_buffer (tg_buffer_ref (buffer), dtype, ndim, shape, strides, data);
}

TgTensor *
tg_tensor_new_view (TgTensor     *base,
                    guint         ndim,
                    const gint64 *shape,
                    const gint64 *strides,
                    char         *data)
{
  return tg_tensor_new_in_buffer (base->buffer, base->dtype, ndim, shape, strides, data);
}

TgTensor *
tg_tensor_new_uninitialised (TgDType        dtype,
                             const gint64  *shape,
                             gsize          n_shape,
                             GError       **error)
{
  TgBuffer *buffer;
  gsize item_size = tg_dtype_get_size (dtype);
  gsize n_elements;

  if (!tg_shape_get_n_elements (shape, n_shape, item_size, &n_elements, error))
    return NULL;

  buffer = tg_buffer_new_uninitialised (n_elements * item_size, error);
  if (buffer == NULL)
    return NULL;

  return take_buffer (buffer, dtype, (guint) n_shape, shape, NULL, buffer->data);
}

/**
 * tg_tensor_ref:
 * @self: a tensor
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same tensor
 */
TgTensor *
tg_tensor_ref (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * tg_tensor_unref:
 * @self: (transfer full): a tensor
 *
 * Gives a reference back; the tensor is gone with the last one, and the memory with the last tensor
 * that looks at it.
 */
void
tg_tensor_unref (TgTensor *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  tg_buffer_unref (self->buffer);
  g_free (self);
}

/**
 * tg_tensor_get_dtype:
 * @self: a tensor
 *
 * Gets the type of the elements.
 *
 * Returns: the dtype
 */
TgDType
tg_tensor_get_dtype (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, TG_DTYPE_BOOL);

  return self->dtype;
}

/**
 * tg_tensor_get_ndim:
 * @self: a tensor
 *
 * Gets the number of dimensions.
 *
 * Returns: the number of dimensions
 */
guint
tg_tensor_get_ndim (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ndim;
}

/**
 * tg_tensor_get_shape:
 * @self: a tensor
 * @n_shape: (out) (optional): return location for the number of dimensions
 *
 * Gets the number of elements along each axis.
 *
 * Returns: (array length=n_shape) (transfer none): the shape
 */
const gint64 *
tg_tensor_get_shape (TgTensor *self,
                     gsize    *n_shape)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_shape != NULL)
    *n_shape = self->ndim;

  return self->shape;
}

/**
 * tg_tensor_get_strides:
 * @self: a tensor
 * @n_strides: (out) (optional): return location for the number of dimensions
 *
 * Gets the number of bytes from one element to the next along each axis.
 *
 * Strides may be negative, and zero where elements repeat.
 *
 * Returns: (array length=n_strides) (transfer none): the strides
 */
const gint64 *
tg_tensor_get_strides (TgTensor *self,
                       gsize    *n_strides)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_strides != NULL)
    *n_strides = self->ndim;

  return self->strides;
}

/**
 * tg_tensor_get_n_elements:
 * @self: a tensor
 *
 * Gets the number of elements, which is the product of the shape.
 *
 * Returns: the number of elements
 */
gsize
tg_tensor_get_n_elements (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->n_elements;
}

/**
 * tg_tensor_dup_tensor_type:
 * @self: a tensor
 *
 * Gets the dtype and the shape together.
 *
 * Returns: (transfer full): the type of the tensor
 */
TgTensorType *
tg_tensor_dup_tensor_type (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tg_tensor_type_new (self->dtype, self->shape, self->ndim, NULL);
}

/**
 * tg_tensor_get_address:
 * @self: a tensor
 *
 * Gets the address of the first element, for who wants to read the elements in place.
 *
 * The memory must not be written to, and is there as long as the tensor is.
 *
 * Returns: the address
 */
guint64
tg_tensor_get_address (TgTensor *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return (guint64) GPOINTER_TO_SIZE (self->data);
}

/**
 * tg_tensor_is_contiguous:
 * @self: a tensor
 *
 * Checks whether the elements lie in memory one after the other, the last axis varying fastest.
 *
 * Returns: whether the tensor is contiguous
 */
gboolean
tg_tensor_is_contiguous (TgTensor *self)
{
  gint64 stride;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->n_elements == 0)
    return TRUE;

  stride = (gint64) tg_dtype_get_size (self->dtype);
  for (guint i = self->ndim; i-- > 0;)
    {
      if (self->shape[i] != 1 && self->strides[i] != stride)
        return FALSE;

      stride *= self->shape[i];
    }

  return TRUE;
}

typedef struct
{
  gsize    item_size;
  gboolean is_equal;
} Comparison;

static void
compare (gsize         n,
         char        **data,
         const gint64 *strides,
         gpointer      user_data)
{
  Comparison *comparison = user_data;

  for (gsize i = 0; i < n && comparison->is_equal; i++)
    {
      comparison->is_equal = memcmp (data[0], data[1], comparison->item_size) == 0;
      data[0] += strides[0];
      data[1] += strides[1];
    }
}

/**
 * tg_tensor_equal:
 * @self: a tensor
 * @other: another
 *
 * Checks whether two tensors have the same dtype, shape and elements, bit by bit.
 *
 * So nan equals itself here, and 0.0 does not equal -0.0.
 *
 * Returns: whether the tensors are equal
 */
gboolean
tg_tensor_equal (TgTensor *self,
                 TgTensor *other)
{
  Comparison comparison = { .is_equal = TRUE };

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  if (self->dtype != other->dtype
      || !tg_shape_equal (self->shape, self->ndim, other->shape, other->ndim))
    return FALSE;

  comparison.item_size = tg_dtype_get_size (self->dtype);
  tg_loop_run (self->ndim, self->shape, 2, (char *[]) { self->data, other->data },
               (const gint64 *[]) { self->strides, other->strides }, compare, &comparison);

  return comparison.is_equal;
}
