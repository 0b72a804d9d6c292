/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-op-private.h"

G_BEGIN_DECLS

/* Computes one element, by the same kernel as a backend.  What is no float, such as the condition
 * of `where` or the result of a comparison, is 0 or 1. */
typedef double (* TgScalarFunc) (const double *inputs);

/* NULL for operators that are not elementwise, and dtypes but float64 and float32. */
extern const TgScalarFunc tg_scalar_functions[TG_N_OPS][TG_N_DTYPES];

static inline gboolean
tg_scalar_has (TgOpId op)
{
  return tg_scalar_functions[op][TG_DTYPE_FLOAT64] != NULL;
}

static inline double
tg_scalar_apply (TgOpId        op,
                 TgDType       dtype,
                 const double *inputs)
{
  return tg_scalar_functions[op][dtype] (inputs);
}

G_END_DECLS
