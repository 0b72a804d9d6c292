/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include <string.h>

#include "tg-dtype-private.h"
#include "tg-error.h"
#include "tg-loop-private.h"
#include "tg-shape-private.h"

static void
find_odd_boolean (gsize         n,
                  char        **data,
                  const gint64 *strides,
                  gpointer      user_data)
{
  gboolean *found = user_data;

  for (gsize i = 0; i < n; i++, data[0] += strides[0])
    *found = *found || (guchar) *data[0] > 1;
}

/* Kernels read elements as C's types: aligned, and booleans that are 0 or 1. */
static gboolean
is_readable (TgTensor *self)
{
  /* A complex number is aligned as its parts are. */
  gsize alignment = tg_dtype_get_size (tg_dtype_to_real (self->dtype));
  gsize bits = GPOINTER_TO_SIZE (self->data);
  gboolean is_odd = FALSE;

  for (guint i = 0; i < self->ndim; i++)
    if (self->shape[i] > 1)
      bits |= (gsize) self->strides[i];

  if (self->dtype == TG_DTYPE_BOOL)
    tg_loop_run (self->ndim, self->shape, 1, &self->data,
                 (const gint64 *[]) { self->strides }, find_odd_boolean, &is_odd);

  return bits % alignment == 0 && !is_odd;
}

/* Whether the strides stay within what a pointer can reach. */
static gboolean
check_strides (const gint64  *shape,
               gsize          n_shape,
               const gint64  *strides,
               gsize          n_strides,
               GError       **error)
{
  gint64 reach = 0;

  if (n_strides != n_shape)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "%" G_GSIZE_FORMAT " strides are not enough for %" G_GSIZE_FORMAT " dimensions",
                   n_strides, n_shape);
      return FALSE;
    }

  for (gsize i = 0; i < n_shape; i++)
    {
      gint64 extent = 0;

      if (shape[i] > 1
          && (strides[i] == G_MININT64
              || __builtin_mul_overflow (shape[i], ABS (strides[i]), &extent)
              || __builtin_add_overflow (reach, extent, &reach)))
        {
          g_autofree char *text = tg_shape_to_string (strides, n_strides);

          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "strides %s are too large for memory", text);
          return FALSE;
        }
    }

  return TRUE;
}

/* A tensor that looks at the buffer, or a copy where it must not be read in place. */
static TgTensor *
new_from_buffer (TgBuffer      *buffer,
                 TgDType        dtype,
                 const gint64  *shape,
                 gsize          n_shape,
                 const gint64  *strides,
                 GError       **error)
{
  g_autoptr (TgTensor) self = tg_tensor_new_in_buffer (buffer, dtype, (guint) n_shape, shape,
                                                       strides, buffer->data);

  if (self->n_elements > 0 && self->data == NULL)
    {
      g_set_error_literal (error, TG_RUN_ERROR, TG_RUN_ERROR_MEMORY,
                           "there is no memory at address 0");
      return NULL;
    }

  /* Also where there is nothing to read, an address of 0 is no place for others to look at. */
  if (self->data != NULL && is_readable (self))
    return g_steal_pointer (&self);

  return tg_tensor_copy (self, dtype, error);
}

static gboolean
check_length (TgDType        dtype,
              const gint64  *shape,
              gsize          n_shape,
              gsize          given,
              const char    *unit,
              gsize          unit_size,
              GError       **error)
{
  g_autofree char *text = NULL;
  gsize item_size = tg_dtype_get_size (dtype);
  gsize n_elements;

  if (!tg_shape_get_n_elements (shape, n_shape, item_size, &n_elements, error))
    return FALSE;

  if (given == n_elements * item_size / unit_size)
    return TRUE;

  text = tg_shape_describe (dtype, shape, n_shape);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "%s has %" G_GSIZE_FORMAT " %s, not %" G_GSIZE_FORMAT, text,
               n_elements * item_size / unit_size, unit, given);
  return FALSE;
}

/**
 * tg_tensor_new:
 * @dtype: the type of the elements
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @bytes: the elements, the last axis varying fastest
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Creates a tensor of elements that are in memory.
 *
 * The tensor keeps @bytes instead of copying them, unless they are not aligned as the dtype needs,
 * or are booleans other than 0 and 1.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new (TgDType        dtype,
               const gint64  *shape,
               gsize          n_shape,
               GBytes        *bytes,
               GError       **error)
{
  g_autoptr (TgBuffer) buffer = NULL;
  gconstpointer data;
  gsize n_bytes;

  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);
  g_return_val_if_fail (bytes != NULL, NULL);

  data = g_bytes_get_data (bytes, &n_bytes);
  if (!check_length (dtype, shape, n_shape, n_bytes, "bytes", 1, error))
    return NULL;

  buffer = tg_buffer_new ((gpointer) data, (TgReleaseFunc) g_bytes_unref, g_bytes_ref (bytes));
  return new_from_buffer (buffer, dtype, shape, n_shape, NULL, error);
}

/**
 * tg_tensor_new_from_memory:
 * @dtype: the type of the elements
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @strides: (array length=n_strides) (nullable): bytes from one element to the next along each
 *   axis, or %NULL if the elements lie one after the other, the last axis varying fastest
 * @n_strides: the number of strides, which is that of dimensions, or 0
 * @address: where the first element is
 * @release: (scope async) (closure user_data) (nullable): called when the memory is not needed
 *   any more
 * @user_data: passed to @release
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Creates a tensor that looks at memory of others, which must not change as long as it does.
 *
 * Where addresses are not aligned as the dtype needs, or booleans are neither 0 nor 1, the elements
 * are copied and the memory is released before this returns. It is released once in any case, also
 * if this fails.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_from_memory (TgDType         dtype,
                           const gint64   *shape,
                           gsize           n_shape,
                           const gint64   *strides,
                           gsize           n_strides,
                           guint64         address,
                           TgReleaseFunc   release,
                           gpointer        user_data,
                           GError        **error)
{
  g_autoptr (TgBuffer) buffer = tg_buffer_new (GSIZE_TO_POINTER (address), release, user_data);
  gsize n_elements;

  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);
  g_return_val_if_fail (strides != NULL || n_strides == 0, NULL);

  /* A list without entries may arrive as an array or as NULL. */
  if (n_strides == 0)
    strides = NULL;

  if (!tg_shape_get_n_elements (shape, n_shape, tg_dtype_get_size (dtype), &n_elements, error))
    return NULL;

  if (strides != NULL && !check_strides (shape, n_shape, strides, n_strides, error))
    return NULL;

  return new_from_buffer (buffer, dtype, shape, n_shape, n_elements > 0 ? strides : NULL, error);
}

/**
 * tg_tensor_new_zeros:
 * @dtype: the type of the elements
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError] or [error@Tg.RunError]
 *
 * Creates a tensor whose elements are all zero, or false.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_zeros (TgDType        dtype,
                     const gint64  *shape,
                     gsize          n_shape,
                     GError       **error)
{
  TgTensor *self;

  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  self = tg_tensor_new_uninitialised (dtype, shape, n_shape, error);
  if (self != NULL)
    memset (self->data, 0, self->n_elements * tg_dtype_get_size (dtype));

  return self;
}

static TgTensor *
new_copy_of (TgDType        dtype,
             const gint64  *shape,
             gsize          n_shape,
             gconstpointer  values,
             GError       **error)
{
  TgTensor *self = tg_tensor_new_uninitialised (dtype, shape, n_shape, error);

  if (self != NULL && self->n_elements > 0)
    memcpy (self->data, values, self->n_elements * tg_dtype_get_size (dtype));

  return self;
}

static TgTensor *
new_scalar (TgDType       dtype,
            gconstpointer value)
{
  g_autoptr (GError) error = NULL;
  TgTensor *self = new_copy_of (dtype, NULL, 0, value, &error);

  if (self == NULL)
    g_error ("%s", error->message);

  return self;
}

/**
 * tg_tensor_new_double:
 * @value: a number
 *
 * Creates a tensor of dtype `float64` without dimensions.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_double (gdouble value)
{
  return new_scalar (TG_DTYPE_FLOAT64, &value);
}

/**
 * tg_tensor_new_integer:
 * @value: a number
 *
 * Creates a tensor of dtype `int64` without dimensions.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_integer (gint64 value)
{
  return new_scalar (TG_DTYPE_INT64, &value);
}

/**
 * tg_tensor_new_complex:
 * @real: the real part
 * @imaginary: the imaginary part
 *
 * Creates a 0-d tensor of complex128.
 *
 * Returns: (transfer full): a new tensor
 */
TgTensor *
tg_tensor_new_complex (gdouble real,
                       gdouble imaginary)
{
  const gdouble parts[] = { real, imaginary };

  return new_scalar (TG_DTYPE_COMPLEX128, parts);
}

/**
 * tg_tensor_new_boolean:
 * @value: true or false
 *
 * Creates a tensor of dtype `bool` without dimensions.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_boolean (gboolean value)
{
  guint8 byte = value != FALSE;

  return new_scalar (TG_DTYPE_BOOL, &byte);
}

/**
 * tg_tensor_new_doubles:
 * @values: (array length=n_values) (nullable): the elements, the last axis varying fastest
 * @n_values: the number of elements
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError] or [error@Tg.RunError]
 *
 * Creates a tensor of dtype `float64` from a list of numbers.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_doubles (const gdouble  *values,
                       gsize           n_values,
                       const gint64   *shape,
                       gsize           n_shape,
                       GError        **error)
{
  g_return_val_if_fail (values != NULL || n_values == 0, NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  if (!check_length (TG_DTYPE_FLOAT64, shape, n_shape, n_values, "elements", sizeof (gdouble),
                     error))
    return NULL;

  return new_copy_of (TG_DTYPE_FLOAT64, shape, n_shape, values, error);
}

/**
 * tg_tensor_new_integers:
 * @values: (array length=n_values) (nullable): the elements, the last axis varying fastest
 * @n_values: the number of elements
 * @shape: (array length=n_shape) (nullable): the number of elements along each axis
 * @n_shape: the number of dimensions
 * @error: return location for a [error@Tg.ShapeError] or [error@Tg.RunError]
 *
 * Creates a tensor of dtype `int64` from a list of numbers.
 *
 * Returns: (transfer full): the new tensor
 */
TgTensor *
tg_tensor_new_integers (const gint64  *values,
                        gsize          n_values,
                        const gint64  *shape,
                        gsize          n_shape,
                        GError       **error)
{
  g_return_val_if_fail (values != NULL || n_values == 0, NULL);
  g_return_val_if_fail (shape != NULL || n_shape == 0, NULL);

  if (!check_length (TG_DTYPE_INT64, shape, n_shape, n_values, "elements", sizeof (gint64), error))
    return NULL;

  return new_copy_of (TG_DTYPE_INT64, shape, n_shape, values, error);
}
