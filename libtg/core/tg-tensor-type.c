/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include "tg-dtype-private.h"
#include "tg-shape-private.h"

/**
 * TgTensorType:
 *
 * What is known about a tensor before it is there: its dtype and its shape, of which some
 * dimensions may be unknown.
 *
 * It never changes.
 */

G_DEFINE_BOXED_TYPE (TgTensorType, tg_tensor_type, tg_tensor_type_ref, tg_tensor_type_unref)

/**
 * tg_tensor_type_new:
 * @dtype: the dtype
 * @shape: (array length=n_shape) (nullable): the shape, where -1 is a dimension that is not known
 *   before a function runs
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Creates the type of the tensors of a dtype and a shape.
 *
 * Returns: (transfer full): the new type
 */
TgTensorType *
tg_tensor_type_new (TgDType        dtype,
                    const gint64  *shape,
                    gsize          n_shape,
                    GError       **error)
{
  TgTensorType *self;

  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  if (!tg_shape_check (shape, n_shape, TG_UNKNOWN, error))
    return NULL;

  self = g_malloc (sizeof (TgTensorType) + n_shape * sizeof (gint64));
  g_atomic_ref_count_init (&self->ref_count);
  self->dtype = dtype;
  self->ndim = (guint) n_shape;
  for (gsize i = 0; i < n_shape; i++)
    self->shape[i] = shape[i];

  return self;
}

/**
 * tg_tensor_type_ref:
 * @self: a type
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same type
 */
TgTensorType *
tg_tensor_type_ref (TgTensorType *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

/**
 * tg_tensor_type_unref:
 * @self: (transfer full): a type
 *
 * Gives a reference back; the type is gone with the last one.
 */
void
tg_tensor_type_unref (TgTensorType *self)
{
  g_return_if_fail (self != NULL);

  if (g_atomic_ref_count_dec (&self->ref_count))
    g_free (self);
}

/**
 * tg_tensor_type_get_dtype:
 * @self: a type
 *
 * Gets the type of the elements.
 *
 * Returns: the dtype
 */
TgDType
tg_tensor_type_get_dtype (TgTensorType *self)
{
  g_return_val_if_fail (self != NULL, TG_DTYPE_BOOL);

  return self->dtype;
}

/**
 * tg_tensor_type_get_ndim:
 * @self: a type
 *
 * Gets the number of dimensions.
 *
 * Returns: the number of dimensions
 */
guint
tg_tensor_type_get_ndim (TgTensorType *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->ndim;
}

/**
 * tg_tensor_type_get_shape:
 * @self: a type
 * @n_shape: (out) (optional): return location for the number of dimensions
 *
 * Gets the shape, where -1 is a dimension that is not known before a function runs.
 *
 * Returns: (array length=n_shape) (transfer none): the shape
 */
const gint64 *
tg_tensor_type_get_shape (TgTensorType *self,
                          gsize        *n_shape)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (n_shape != NULL)
    *n_shape = self->ndim;

  return self->shape;
}

/**
 * tg_tensor_type_equal:
 * @self: a type
 * @other: another
 *
 * Checks whether two types have the same dtype and shape.
 *
 * Dimensions that are unknown in both are the same.
 *
 * Returns: whether the types are equal
 */
gboolean
tg_tensor_type_equal (TgTensorType *self,
                      TgTensorType *other)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (other != NULL, FALSE);

  return self->dtype == other->dtype
         && tg_shape_equal (self->shape, self->ndim, other->shape, other->ndim);
}

gboolean
tg_tensor_type_matches (TgTensorType *self,
                        TgTensor     *tensor)
{
  return self->dtype == tensor->dtype && self->ndim == tensor->ndim
         && tg_shape_is_compatible (self->shape, tensor->shape, self->ndim);
}

/**
 * tg_tensor_type_to_string:
 * @self: a type
 *
 * Writes a type in the notation of expressions, such as `f64[2, ?]`.
 *
 * Returns: (transfer full): the text
 */
char *
tg_tensor_type_to_string (TgTensorType *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return tg_shape_describe (self->dtype, self->shape, self->ndim);
}
