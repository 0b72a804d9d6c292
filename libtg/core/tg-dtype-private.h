/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-dtype.h"

G_BEGIN_DECLS

/* One more than the largest number a dtype can have. */
#define TG_N_DTYPES 15

typedef enum
{
  TG_DTYPE_KIND_BOOL,
  TG_DTYPE_KIND_INTEGER,
  TG_DTYPE_KIND_FLOAT,
} TgDTypeKind;

/* Sets of dtypes, as the .op files name them. */
typedef enum
{
  TG_DTYPE_SET_BOOL = 1 << TG_DTYPE_KIND_BOOL,
  TG_DTYPE_SET_INTEGER = 1 << TG_DTYPE_KIND_INTEGER,
  TG_DTYPE_SET_FLOAT = 1 << TG_DTYPE_KIND_FLOAT,
  TG_DTYPE_SET_NUMBER = TG_DTYPE_SET_INTEGER | TG_DTYPE_SET_FLOAT,
  TG_DTYPE_SET_ALL = TG_DTYPE_SET_BOOL | TG_DTYPE_SET_NUMBER,
} TgDTypeSet;

gboolean    tg_dtype_is_valid   (TgDType     dtype);
TgDTypeKind tg_dtype_get_kind   (TgDType     dtype);
/* The dtype of a Python scalar of that kind: bool, int64, float64. */
TgDType     tg_dtype_of_kind    (TgDTypeKind kind);
/* Whether every value of `from` has an equal one in `to`. */
gboolean    tg_dtype_is_lossless (TgDType     from,
                                  TgDType     to);
gboolean    tg_dtype_in_set     (TgDType     dtype,
                                 TgDTypeSet  set);

G_END_DECLS
