/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-tensor-private.h"

#include "tgk.h"

#include "tg-dtype-private.h"
#include "tg-error.h"
#include "tg-loop-private.h"
#include "tg-shape-private.h"

/* Elements go through memcpy (), for foreign memory need not be aligned.  The case of dense memory
 * is spelt out so that compilers can make vector instructions of it. */
#define DEFINE_LOOP(kernel, F, T)                                             \
static inline void                                                            \
kernel##_element (char       *target,                                         \
                  const char *source)                                         \
{                                                                             \
  F value;                                                                    \
  T result;                                                                   \
                                                                              \
  memcpy (&value, source, sizeof value);                                      \
  result = kernel (value);                                                    \
  memcpy (target, &result, sizeof result);                                    \
}                                                                             \
                                                                              \
static void                                                                   \
kernel##_loop (gsize         n,                                               \
               char        **data,                                            \
               const gint64 *strides,                                         \
               gpointer      user_data)                                       \
{                                                                             \
  char *target = data[0];                                                     \
  const char *source = data[1];                                               \
                                                                              \
  if (strides[0] == sizeof (T) && strides[1] == sizeof (F))                   \
    for (gsize i = 0; i < n; i++)                                             \
      kernel##_element (target + i * sizeof (T), source + i * sizeof (F));    \
  else                                                                        \
    for (gint64 i = 0; i < (gint64) n; i++)                                   \
      kernel##_element (target + i * strides[0], source + i * strides[1]);    \
}

/* A byte of foreign memory is a bool only once it has been converted. */
#define DEFINE_LOOPS_FROM(from, F)                                            \
DEFINE_LOOP (tgk_cast_##from##_bool, F, guint8)                               \
DEFINE_LOOP (tgk_cast_##from##_i8, F, gint8)                                  \
DEFINE_LOOP (tgk_cast_##from##_i16, F, gint16)                                \
DEFINE_LOOP (tgk_cast_##from##_i32, F, gint32)                                \
DEFINE_LOOP (tgk_cast_##from##_i64, F, gint64)                                \
DEFINE_LOOP (tgk_cast_##from##_u8, F, guint8)                                 \
DEFINE_LOOP (tgk_cast_##from##_u16, F, guint16)                               \
DEFINE_LOOP (tgk_cast_##from##_u32, F, guint32)                               \
DEFINE_LOOP (tgk_cast_##from##_u64, F, guint64)                               \
DEFINE_LOOP (tgk_cast_##from##_f16, F, TgkFloat16)                            \
DEFINE_LOOP (tgk_cast_##from##_bf16, F, TgkBfloat16)                          \
DEFINE_LOOP (tgk_cast_##from##_f32, F, gfloat)                                \
DEFINE_LOOP (tgk_cast_##from##_f64, F, gdouble)                               \
DEFINE_LOOP (tgk_cast_##from##_c64, F, TgkComplex64)                          \
DEFINE_LOOP (tgk_cast_##from##_c128, F, TgkComplex128)

DEFINE_LOOPS_FROM (bool, guint8)
DEFINE_LOOPS_FROM (i8, gint8)
DEFINE_LOOPS_FROM (i16, gint16)
DEFINE_LOOPS_FROM (i32, gint32)
DEFINE_LOOPS_FROM (i64, gint64)
DEFINE_LOOPS_FROM (u8, guint8)
DEFINE_LOOPS_FROM (u16, guint16)
DEFINE_LOOPS_FROM (u32, guint32)
DEFINE_LOOPS_FROM (u64, guint64)
DEFINE_LOOPS_FROM (f16, TgkFloat16)
DEFINE_LOOPS_FROM (bf16, TgkBfloat16)
DEFINE_LOOPS_FROM (f32, gfloat)
DEFINE_LOOPS_FROM (f64, gdouble)
DEFINE_LOOPS_FROM (c64, TgkComplex64)
DEFINE_LOOPS_FROM (c128, TgkComplex128)

#define LOOPS_FROM(from) {                                                    \
  [TG_DTYPE_BOOL] = tgk_cast_##from##_bool_loop,                              \
  [TG_DTYPE_INT8] = tgk_cast_##from##_i8_loop,                                \
  [TG_DTYPE_INT16] = tgk_cast_##from##_i16_loop,                              \
  [TG_DTYPE_INT32] = tgk_cast_##from##_i32_loop,                              \
  [TG_DTYPE_INT64] = tgk_cast_##from##_i64_loop,                              \
  [TG_DTYPE_UINT8] = tgk_cast_##from##_u8_loop,                               \
  [TG_DTYPE_UINT16] = tgk_cast_##from##_u16_loop,                             \
  [TG_DTYPE_UINT32] = tgk_cast_##from##_u32_loop,                             \
  [TG_DTYPE_UINT64] = tgk_cast_##from##_u64_loop,                             \
  [TG_DTYPE_FLOAT16] = tgk_cast_##from##_f16_loop,                            \
  [TG_DTYPE_BFLOAT16] = tgk_cast_##from##_bf16_loop,                          \
  [TG_DTYPE_FLOAT32] = tgk_cast_##from##_f32_loop,                            \
  [TG_DTYPE_FLOAT64] = tgk_cast_##from##_f64_loop,                            \
  [TG_DTYPE_COMPLEX64] = tgk_cast_##from##_c64_loop,                          \
  [TG_DTYPE_COMPLEX128] = tgk_cast_##from##_c128_loop,                        \
}

static const TgInnerLoop loops[TG_N_DTYPES][TG_N_DTYPES] = {
  [TG_DTYPE_BOOL] = LOOPS_FROM (bool),
  [TG_DTYPE_INT8] = LOOPS_FROM (i8),
  [TG_DTYPE_INT16] = LOOPS_FROM (i16),
  [TG_DTYPE_INT32] = LOOPS_FROM (i32),
  [TG_DTYPE_INT64] = LOOPS_FROM (i64),
  [TG_DTYPE_UINT8] = LOOPS_FROM (u8),
  [TG_DTYPE_UINT16] = LOOPS_FROM (u16),
  [TG_DTYPE_UINT32] = LOOPS_FROM (u32),
  [TG_DTYPE_UINT64] = LOOPS_FROM (u64),
  [TG_DTYPE_FLOAT16] = LOOPS_FROM (f16),
  [TG_DTYPE_BFLOAT16] = LOOPS_FROM (bf16),
  [TG_DTYPE_FLOAT32] = LOOPS_FROM (f32),
  [TG_DTYPE_FLOAT64] = LOOPS_FROM (f64),
  [TG_DTYPE_COMPLEX64] = LOOPS_FROM (c64),
  [TG_DTYPE_COMPLEX128] = LOOPS_FROM (c128),
};

TgInnerLoop
tg_tensor_get_cast_loop (TgDType from,
                         TgDType to)
{
  return loops[from][to];
}

void
tg_tensor_copy_elements (TgTensor *target,
                         TgTensor *source)
{
  tg_loop_run (target->ndim, target->shape, 2, (char *[]) { target->data, source->data },
               (const gint64 *[]) { target->strides, source->strides },
               loops[source->dtype][target->dtype], NULL);
}

TgTensor *
tg_tensor_copy (TgTensor  *base,
                TgDType    dtype,
                GError   **error)
{
  TgTensor *copy = tg_tensor_new_uninitialised (dtype, base->shape, base->ndim, error);

  if (copy != NULL)
    tg_tensor_copy_elements (copy, base);

  return copy;
}

TgTensor *
tg_tensor_make_contiguous (TgTensor  *base,
                           GError   **error)
{
  return tg_tensor_is_contiguous (base) ? tg_tensor_ref (base)
                                        : tg_tensor_copy (base, base->dtype, error);
}

/**
 * tg_tensor_astype:
 * @self: a tensor
 * @dtype: the type of the elements of the result
 * @error: return location for a [error@Tg.RunError]
 *
 * Converts the elements to another dtype.
 *
 * Floating-point numbers lose their fraction when they become integers; those that do not fit, and
 * nan, become the least integer. All but zero becomes true. A tensor that has the dtype already is
 * returned itself.
 *
 * Returns: (transfer full): the elements as @dtype
 */
TgTensor *
tg_tensor_astype (TgTensor  *self,
                  TgDType    dtype,
                  GError   **error)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  return self->dtype == dtype ? tg_tensor_ref (self) : tg_tensor_copy (self, dtype, error);
}

/**
 * tg_tensor_dup_bytes:
 * @self: a tensor
 *
 * Gets the elements as bytes, the last axis varying fastest.
 *
 * They are copied only if the tensor is not contiguous.
 *
 * Returns: (transfer full): the elements
 */
GBytes *
tg_tensor_dup_bytes (TgTensor *self)
{
  g_autoptr (GError) error = NULL;
  TgTensor *dense;

  g_return_val_if_fail (self != NULL, NULL);

  dense = tg_tensor_make_contiguous (self, &error);
  if (dense == NULL)
    g_error ("%s", error->message);

  return g_bytes_new_with_free_func (dense->data,
                                     dense->n_elements * tg_dtype_get_size (dense->dtype),
                                     (GDestroyNotify) tg_tensor_unref, dense);
}

/* Casts all elements to `values`. */
static void
read_doubles (TgTensor *self,
              gdouble  *values)
{
  g_autoptr (TgBuffer) buffer = tg_buffer_new (values, NULL, NULL);
  g_autoptr (TgTensor) target = tg_tensor_new_in_buffer (buffer, TG_DTYPE_FLOAT64, self->ndim,
                                                         self->shape, NULL, buffer->data);

  tg_tensor_copy_elements (target, self);
}

/**
 * tg_tensor_dup_doubles:
 * @self: a tensor
 * @n_doubles: (out): return location for the number of elements
 *
 * Gets the elements as a list of numbers, the last axis varying fastest.
 *
 * Integers beyond 2^53 are rounded.
 *
 * Returns: (array length=n_doubles) (transfer full): the elements
 */
gdouble *
tg_tensor_dup_doubles (TgTensor *self,
                       gsize    *n_doubles)
{
  gdouble *values;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (n_doubles != NULL, NULL);

  values = g_new (gdouble, self->n_elements);
  read_doubles (self, values);
  *n_doubles = self->n_elements;

  return values;
}

static gboolean
fail_number (TgTensor  *self,
             GError   **error)
{
  g_autofree char *text = tg_shape_describe (self->dtype, self->shape, self->ndim);

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH, "%s is not a single number", text);
  return FALSE;
}

/**
 * tg_tensor_get_double:
 * @self: a tensor
 * @value: (out): return location for the number
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Gets the only element as a number.
 *
 * Returns: whether the tensor has one element
 */
gboolean
tg_tensor_get_double (TgTensor  *self,
                      gdouble   *value,
                      GError   **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (self->n_elements != 1)
    return fail_number (self, error);

  read_doubles (self, value);
  return TRUE;
}

/**
 * tg_tensor_get_integer:
 * @self: a tensor
 * @value: (out): return location for the number
 * @error: return location for a [error@Tg.ShapeError]
 *
 * Gets the only element as an integer, without its fraction.
 *
 * Returns: whether the tensor has one element
 */
gboolean
tg_tensor_get_integer (TgTensor  *self,
                       gint64    *value,
                       GError   **error)
{
  g_autoptr (TgTensor) integer = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (self->n_elements != 1)
    return fail_number (self, error);

  integer = tg_tensor_astype (self, TG_DTYPE_INT64, error);
  if (integer == NULL)
    return FALSE;

  *value = *(const gint64 *) (gconstpointer) integer->data;
  return TRUE;
}
