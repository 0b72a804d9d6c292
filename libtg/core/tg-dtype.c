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
} DTypeRow;

static const DTypeRow dtypes[TG_N_DTYPES] = {
  [TG_DTYPE_BOOL] = { "bool", "bool", 1, TG_DTYPE_KIND_BOOL },
  [TG_DTYPE_INT32] = { "int32", "i32", 4, TG_DTYPE_KIND_INTEGER },
  [TG_DTYPE_INT64] = { "int64", "i64", 8, TG_DTYPE_KIND_INTEGER },
  [TG_DTYPE_FLOAT32] = { "float32", "f32", 4, TG_DTYPE_KIND_FLOAT },
  [TG_DTYPE_FLOAT64] = { "float64", "f64", 8, TG_DTYPE_KIND_FLOAT },
};

/* The size of the dtype of a Python scalar, the largest there is. */
#define LARGEST_SIZE 8

gboolean
tg_dtype_is_valid (TgDType dtype)
{
  return (guint) dtype < TG_N_DTYPES && dtypes[dtype].name != NULL;
}

TgDTypeKind
tg_dtype_get_kind (TgDType dtype)
{
  g_return_val_if_fail (tg_dtype_is_valid (dtype), TG_DTYPE_KIND_BOOL);

  return dtypes[dtype].kind;
}

static TgDType
find_dtype (TgDTypeKind kind,
            gsize       size)
{
  for (guint i = 0; i < TG_N_DTYPES; i++)
    if (dtypes[i].name != NULL && dtypes[i].kind == kind && dtypes[i].size == size)
      return (TgDType) i;

  g_return_val_if_reached (TG_DTYPE_BOOL);
}

TgDType
tg_dtype_of_kind (TgDTypeKind kind)
{
  return find_dtype (kind, kind == TG_DTYPE_KIND_BOOL ? 1 : LARGEST_SIZE);
}

gboolean
tg_dtype_is_lossless (TgDType from,
                      TgDType to)
{
  TgDTypeKind from_kind = tg_dtype_get_kind (from);
  TgDTypeKind to_kind = tg_dtype_get_kind (to);

  if (from_kind == to_kind)
    return dtypes[from].size <= dtypes[to].size;

  /* The significand of a float is shorter than an integer of its size. */
  return from_kind == TG_DTYPE_KIND_BOOL
         || (from_kind < to_kind && dtypes[from].size < dtypes[to].size);
}

gboolean
tg_dtype_in_set (TgDType    dtype,
                 TgDTypeSet set)
{
  return (set & (1 << tg_dtype_get_kind (dtype))) != 0;
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
  g_autoptr (GString) names = g_string_new (NULL);

  g_return_val_if_fail (name != NULL, FALSE);
  g_return_val_if_fail (dtype != NULL, FALSE);

  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      if (dtypes[i].name == NULL)
        continue;

      if (g_str_equal (name, dtypes[i].name) || g_str_equal (name, dtypes[i].symbol))
        {
          *dtype = (TgDType) i;
          return TRUE;
        }

      g_string_append_printf (names, "%s%s", names->len > 0 ? ", " : "", dtypes[i].name);
    }

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_NAME, "%s is none of the dtypes %s", name,
               names->str);
  return FALSE;
}

/**
 * tg_dtype_promote:
 * @first: a dtype
 * @second: another
 *
 * Finds the dtype in which an operator computes with two dtypes, which is NumPy's
 * `result_type`.
 *
 * It is the smallest that has the values of both. For an integer and a float that is a float wider
 * than the integer, or the widest: `int32` and `float32` give `float64`, as do `int64` and
 * `float32`.
 *
 * Returns: the common dtype
 */
TgDType
tg_dtype_promote (TgDType first,
                  TgDType second)
{
  TgDType lower, upper;

  g_return_val_if_fail (tg_dtype_is_valid (first), TG_DTYPE_BOOL);
  g_return_val_if_fail (tg_dtype_is_valid (second), TG_DTYPE_BOOL);

  if (tg_dtype_is_lossless (first, second))
    return second;

  if (tg_dtype_is_lossless (second, first))
    return first;

  /* What is left is an integer and a float that is not wider. */
  lower = dtypes[first].kind < dtypes[second].kind ? first : second;
  upper = lower == first ? second : first;

  return find_dtype (dtypes[upper].kind, MIN (2 * dtypes[lower].size, LARGEST_SIZE));
}
