/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-dtype-private.h"

#include "tg-error.h"

typedef struct
{
  const char  *name;
  const char  *symbol;
  gsize        size;
  TgDTypeKind  kind;
  gboolean     is_signed;
  guint        digits;    /* of the significand, in bits */
  guint        magnitude; /* all numbers are below that power of 2 */
} DTypeRow;

static const DTypeRow dtypes[TG_N_DTYPES] = {
  [TG_DTYPE_BOOL] = { "bool", "bool", 1, TG_DTYPE_KIND_BOOL, FALSE, 1, 1 },
  [TG_DTYPE_INT8] = { "int8", "i8", 1, TG_DTYPE_KIND_INTEGER, TRUE, 7, 7 },
  [TG_DTYPE_INT16] = { "int16", "i16", 2, TG_DTYPE_KIND_INTEGER, TRUE, 15, 15 },
  [TG_DTYPE_INT32] = { "int32", "i32", 4, TG_DTYPE_KIND_INTEGER, TRUE, 31, 31 },
  [TG_DTYPE_INT64] = { "int64", "i64", 8, TG_DTYPE_KIND_INTEGER, TRUE, 63, 63 },
  [TG_DTYPE_UINT8] = { "uint8", "u8", 1, TG_DTYPE_KIND_INTEGER, FALSE, 8, 8 },
  [TG_DTYPE_UINT16] = { "uint16", "u16", 2, TG_DTYPE_KIND_INTEGER, FALSE, 16, 16 },
  [TG_DTYPE_UINT32] = { "uint32", "u32", 4, TG_DTYPE_KIND_INTEGER, FALSE, 32, 32 },
  [TG_DTYPE_UINT64] = { "uint64", "u64", 8, TG_DTYPE_KIND_INTEGER, FALSE, 64, 64 },
  [TG_DTYPE_FLOAT16] = { "float16", "f16", 2, TG_DTYPE_KIND_FLOAT, TRUE, 11, 16 },
  [TG_DTYPE_BFLOAT16] = { "bfloat16", "bf16", 2, TG_DTYPE_KIND_FLOAT, TRUE, 8, 128 },
  [TG_DTYPE_FLOAT32] = { "float32", "f32", 4, TG_DTYPE_KIND_FLOAT, TRUE, 24, 128 },
  [TG_DTYPE_FLOAT64] = { "float64", "f64", 8, TG_DTYPE_KIND_FLOAT, TRUE, 53, 1024 },
  [TG_DTYPE_COMPLEX64] = { "complex64", "c64", 8, TG_DTYPE_KIND_COMPLEX, TRUE, 24, 128 },
  [TG_DTYPE_COMPLEX128] = { "complex128", "c128", 16, TG_DTYPE_KIND_COMPLEX, TRUE, 53, 1024 },
};

gboolean
tg_dtype_is_valid (TgDType dtype)
{
  return (guint) dtype < TG_N_DTYPES;
}

TgDTypeKind
tg_dtype_get_kind (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), TG_DTYPE_KIND_BOOL);

  return dtypes[dtype].kind;
}

gboolean
tg_dtype_is_signed (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), FALSE);

  return dtypes[dtype].is_signed;
}

TgDType
tg_dtype_of_kind (TgDTypeKind kind)
{
  static const TgDType defaults[] = {
    [TG_DTYPE_KIND_BOOL] = TG_DTYPE_BOOL,
    [TG_DTYPE_KIND_INTEGER] = TG_DTYPE_INT64,
    [TG_DTYPE_KIND_FLOAT] = TG_DTYPE_FLOAT64,
    [TG_DTYPE_KIND_COMPLEX] = TG_DTYPE_COMPLEX128,
  };

  return defaults[kind];
}

gboolean
tg_dtype_holds_integer (TgDType dtype,
                        gint64  value)
{
  guint digits = dtypes[dtype].digits;
  guint64 magnitude = value < 0 ? ~(guint64) value : (guint64) value;

  return (value >= 0 || dtypes[dtype].is_signed) && (digits == 64 || magnitude >> digits == 0);
}

TgDType
tg_dtype_raise (TgDType     dtype,
                TgDTypeKind kind)
{
  if (kind <= tg_dtype_get_kind (dtype))
    return dtype;

  return kind == TG_DTYPE_KIND_COMPLEX ? tg_dtype_to_complex (dtype) : tg_dtype_of_kind (kind);
}

TgDType
tg_dtype_widen (TgDType dtype)
{
  return dtype == TG_DTYPE_FLOAT16 || dtype == TG_DTYPE_BFLOAT16 ? TG_DTYPE_FLOAT32 : dtype;
}

TgDType
tg_dtype_of_sum (TgDType dtype)
{
  if (tg_dtype_in_set (dtype, TG_DTYPE_SET_INEXACT))
    return dtype;

  return dtype == TG_DTYPE_BOOL || dtypes[dtype].is_signed ? TG_DTYPE_INT64 : TG_DTYPE_UINT64;
}

TgDType
tg_dtype_to_real (TgDType dtype)
{
  if (dtypes[dtype].kind != TG_DTYPE_KIND_COMPLEX)
    return dtype;

  return dtype == TG_DTYPE_COMPLEX64 ? TG_DTYPE_FLOAT32 : TG_DTYPE_FLOAT64;
}

TgDType
tg_dtype_to_complex (TgDType dtype)
{
  if (dtypes[dtype].kind == TG_DTYPE_KIND_COMPLEX)
    return dtype;

  return dtypes[dtype].kind == TG_DTYPE_KIND_FLOAT && dtypes[dtype].size < 8
           ? TG_DTYPE_COMPLEX64 : TG_DTYPE_COMPLEX128;
}

gboolean
tg_dtype_is_lossless (TgDType from,
                      TgDType to)
{
  const DTypeRow *row = &dtypes[from];

  g_return_val_if_fail (tg_dtype_is_valid (from) && tg_dtype_is_valid (to), FALSE);

  return from == to
         || (row->kind <= dtypes[to].kind && row->digits <= dtypes[to].digits
             && row->magnitude <= dtypes[to].magnitude
             && (!row->is_signed || dtypes[to].is_signed)
             && dtypes[to].kind != TG_DTYPE_KIND_BOOL);
}

gboolean
tg_dtype_in_set (TgDType    dtype,
                 TgDTypeSet set)
{
  return (set & (1 << tg_dtype_get_kind (dtype))) != 0
         && !((set & TG_DTYPE_SET_NO_SHORT) && tg_dtype_widen (dtype) != dtype);
}

/* Whether the dtype has the values of all those in the set. */
static gboolean
holds_all (TgDType dtype,
           guint   set)
{
  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if ((set & 1u << i) && !tg_dtype_is_lossless ((TgDType) i, dtype))
        return FALSE;
    }

  return TRUE;
}

TgDType
tg_dtype_promote_all (guint set)
{
  const guint complexes = 1u << TG_DTYPE_COMPLEX64 | 1u << TG_DTYPE_COMPLEX128;

  /* One of them, if that will do: the smallest is no other of the same size. */
  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if ((set & 1u << i) && holds_all ((TgDType) i, set))
        return (TgDType) i;
    }

  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if (holds_all ((TgDType) i, set))
        return (TgDType) i;
    }

  return set & complexes ? TG_DTYPE_COMPLEX128 : TG_DTYPE_FLOAT64;
}

/**
 * tg_dtype_get_name:
 * @dtype: a dtype
 *
 * Gets the name that the array API standard has for a dtype, such as `float64`.
 *
 * Returns: the name
 */
const char *
tg_dtype_get_name (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  return dtypes[dtype].name;
}

/**
 * tg_dtype_get_symbol:
 * @dtype: a dtype
 *
 * Gets the short name that a dtype has in the notation of expressions, such as `f64`.
 *
 * Returns: the symbol
 */
const char *
tg_dtype_get_symbol (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  return dtypes[dtype].symbol;
}

/**
 * tg_dtype_get_size:
 * @dtype: a dtype
 *
 * Gets the number of bytes that an element takes.
 *
 * Returns: the size in bytes
 */
gsize
tg_dtype_get_size (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), 0);

  return dtypes[dtype].size;
}

/**
 * tg_dtype_from_name:
 * @name: a name such as `float64`, or a symbol such as `f64`
 * @dtype: (out): return location for the dtype
 * @error: return location for a [error@Tg.TypeError]
 *
 * Finds a dtype by its name or by its symbol.
 *
 * Returns: whether there is one
 */
gboolean
tg_dtype_from_name (const char  *name,
                    TgDType     *dtype,
                    GError     **error)
{
  g_autoptr (GString) names = NULL;

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (dtype != NULL, FALSE);

  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if (g_str_equal (name, dtypes[i].name) || g_str_equal (name, dtypes[i].symbol))
        {
          *dtype = (TgDType) i;
          return TRUE;
        }
    }

  /* Readers ask about every name: who asks only whether it is one must not wait for a message. */
  if (error == NULL)
    return FALSE;

  names = g_string_new (dtypes[0].name);
  for (guint i = 1; i < TG_N_DTYPES; i++)
    g_string_append_printf (names, ", %s", dtypes[i].name);
  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_NAME, "%s is none of the dtypes %s", name,
               names->str);

  return FALSE;
}

/**
 * tg_dtype_can_cast:
 * @from: a dtype
 * @to: another
 *
 * Tells whether every value of one dtype has an equal one in the other.
 *
 * Returns: whether nothing can be lost
 */
gboolean
tg_dtype_can_cast (TgDType from,
                   TgDType to)
{
  g_return_val_if_fail (tg_dtype_is_valid (from), FALSE);
  g_return_val_if_fail (tg_dtype_is_valid (to), FALSE);

  return tg_dtype_is_lossless (from, to);
}

/**
 * tg_dtype_promote:
 * @first: a dtype
 * @second: another
 *
 * Finds the dtype in which an operator computes with two dtypes, which is NumPy's
 * `result_type`.
 *
 * It is the smallest that has the values of both: `int8` and `uint8` give `int16`, `int16` and
 * `float32` give `float32`, `float16` and `bfloat16` give `float32`. Where there is none, it is
 * `float64`, or `complex128` if one of them is complex: `int64` and `float32` give `float64`, as do
 * `int64` and `uint64`.
 *
 * Returns: the common dtype
 */
TgDType
tg_dtype_promote (TgDType first,
                  TgDType second)
{
  g_return_val_if_fail (tg_dtype_is_valid (first), TG_DTYPE_BOOL);
  g_return_val_if_fail (tg_dtype_is_valid (second), TG_DTYPE_BOOL);

  return tg_dtype_promote_all (1u << first | 1u << second);
}
