/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-dtype.h"

G_BEGIN_DECLS

/* One more than the largest number a dtype can have. */
#define TG_N_DTYPES 15

/* In the order in which a kind gives way to the next. */
typedef enum
{
  TG_DTYPE_KIND_BOOL,
  TG_DTYPE_KIND_INTEGER,
  TG_DTYPE_KIND_FLOAT,
  TG_DTYPE_KIND_COMPLEX,
} TgDTypeKind;

/* Sets of dtypes, as the .op files name them. */
typedef enum
{
  TG_DTYPE_SET_BOOL = 1 << TG_DTYPE_KIND_BOOL,
  TG_DTYPE_SET_INTEGER = 1 << TG_DTYPE_KIND_INTEGER,
  TG_DTYPE_SET_FLOAT = 1 << TG_DTYPE_KIND_FLOAT,
  TG_DTYPE_SET_COMPLEX = 1 << TG_DTYPE_KIND_COMPLEX,
  TG_DTYPE_SET_BITS = TG_DTYPE_SET_BOOL | TG_DTYPE_SET_INTEGER,
  TG_DTYPE_SET_REAL = TG_DTYPE_SET_INTEGER | TG_DTYPE_SET_FLOAT,
  TG_DTYPE_SET_ORDERED = TG_DTYPE_SET_BOOL | TG_DTYPE_SET_REAL,
  TG_DTYPE_SET_INEXACT = TG_DTYPE_SET_FLOAT | TG_DTYPE_SET_COMPLEX,
  TG_DTYPE_SET_NUMBER = TG_DTYPE_SET_INTEGER | TG_DTYPE_SET_INEXACT,
  TG_DTYPE_SET_ALL = TG_DTYPE_SET_BOOL | TG_DTYPE_SET_NUMBER,
  TG_DTYPE_SET_NO_SHORT = 1 << 8, /* without the floats of 16 bits, which have no kernels */
  TG_DTYPE_SET_NATIVE = TG_DTYPE_SET_REAL | TG_DTYPE_SET_NO_SHORT,
} TgDTypeSet;

gboolean    tg_dtype_is_valid   (TgDType     dtype);
TgDTypeKind tg_dtype_get_kind   (TgDType     dtype);
gboolean    tg_dtype_is_signed  (TgDType     dtype);
/* The dtype of a Python scalar of that kind: bool, int64, float64, complex128. */
TgDType     tg_dtype_of_kind    (TgDTypeKind kind);
/* Whether every value of `from` has an equal one in `to`. */
gboolean    tg_dtype_is_lossless (TgDType     from,
                                  TgDType     to);
/* The common dtype of all those whose bit, 1 << dtype, is in the set. */
TgDType     tg_dtype_promote_all (guint      set);
/* Whether an integer is among the numbers of an integer dtype. */
gboolean    tg_dtype_holds_integer (TgDType  dtype,
                                    gint64   value);
/* What a number of a program's text becomes next to a value of `dtype`, if its kind is higher:
 * the default of that kind, but for a complex number next to a narrow one. */
TgDType     tg_dtype_raise      (TgDType     dtype,
                                 TgDTypeKind kind);
/* What elements of the dtype are computed in: float32 instead of those of 16 bits. */
TgDType     tg_dtype_widen      (TgDType     dtype);
/* That of the sum of many: the widest of the kind; bools and integers are counted. */
TgDType     tg_dtype_of_sum     (TgDType     dtype);
/* That of the parts of a complex number, and the other way round. */
TgDType     tg_dtype_to_real    (TgDType     dtype);
TgDType     tg_dtype_to_complex (TgDType     dtype);
gboolean    tg_dtype_in_set     (TgDType     dtype,
                                 TgDTypeSet  set);

G_END_DECLS
