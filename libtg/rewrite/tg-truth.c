/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-truth-private.h"

/* A larger argument of a periodic function would take MPFR a number of digits of pi to match. */
#define MAX_ANGLE_EXPONENT 4000

typedef void (* Evaluate) (mpfr_ptr     result,
                           mpfr_srcptr *inputs);

#define UNARY(name)                                                           \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  mpfr_##name (result, inputs[0], MPFR_RNDN);                                 \
}

#define PERIODIC(name)                                                        \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  if (mpfr_regular_p (inputs[0]) && mpfr_get_exp (inputs[0]) > MAX_ANGLE_EXPONENT) \
    mpfr_set_nan (result);                                                    \
  else                                                                        \
    mpfr_##name (result, inputs[0], MPFR_RNDN);                               \
}

#define ROUNDING(name)                                                        \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  mpfr_##name (result, inputs[0]);                                            \
}

#define BINARY(name)                                                          \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  mpfr_##name (result, inputs[0], inputs[1], MPFR_RNDN);                      \
}

/* Nothing can be said of nan. */
#define COMPARISON(name, condition)                                           \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  if (mpfr_nan_p (inputs[0]) || mpfr_nan_p (inputs[1]))                       \
    mpfr_set_nan (result);                                                    \
  else                                                                        \
    mpfr_set_si (result, (condition) != 0, MPFR_RNDN);                        \
}

#define CLASSIFY(name, condition)                                             \
static void                                                                   \
evaluate_##name (mpfr_ptr     result,                                         \
                 mpfr_srcptr *inputs)                                         \
{                                                                             \
  if (mpfr_nan_p (inputs[0]))                                                 \
    mpfr_set_nan (result);                                                    \
  else                                                                        \
    mpfr_set_si (result, (condition) != 0, MPFR_RNDN);                        \
}

UNARY (neg)
UNARY (abs)
UNARY (sqr)
UNARY (sqrt)
UNARY (cbrt)
UNARY (exp)
UNARY (exp2)
UNARY (expm1)
UNARY (log)
UNARY (log1p)
UNARY (log2)
UNARY (log10)
PERIODIC (sin)
PERIODIC (cos)
PERIODIC (tan)
UNARY (asin)
UNARY (acos)
UNARY (atan)
UNARY (sinh)
UNARY (cosh)
UNARY (tanh)
UNARY (asinh)
UNARY (acosh)
UNARY (atanh)
UNARY (erf)
UNARY (erfc)
UNARY (gamma)
UNARY (digamma)
UNARY (rint)
ROUNDING (floor)
ROUNDING (ceil)
ROUNDING (trunc)
ROUNDING (round)
BINARY (add)
BINARY (sub)
BINARY (mul)
BINARY (div)
BINARY (pow)
BINARY (hypot)
BINARY (atan2)
BINARY (min)
BINARY (max)
BINARY (copysign)
COMPARISON (less, mpfr_less_p (inputs[0], inputs[1]))
COMPARISON (lessequal, mpfr_lessequal_p (inputs[0], inputs[1]))
COMPARISON (greater, mpfr_greater_p (inputs[0], inputs[1]))
COMPARISON (greaterequal, mpfr_greaterequal_p (inputs[0], inputs[1]))
COMPARISON (equal, mpfr_equal_p (inputs[0], inputs[1]))
COMPARISON (unequal, !mpfr_equal_p (inputs[0], inputs[1]))
COMPARISON (and, !mpfr_zero_p (inputs[0]) && !mpfr_zero_p (inputs[1]))
COMPARISON (or, !mpfr_zero_p (inputs[0]) || !mpfr_zero_p (inputs[1]))
COMPARISON (xor, !mpfr_zero_p (inputs[0]) != !mpfr_zero_p (inputs[1]))
CLASSIFY (not, mpfr_zero_p (inputs[0]))
CLASSIFY (isinf, mpfr_inf_p (inputs[0]))
CLASSIFY (isfinite, mpfr_number_p (inputs[0]))
CLASSIFY (signbit, mpfr_signbit (inputs[0]))

static void
evaluate_positive (mpfr_ptr     result,
                   mpfr_srcptr *inputs)
{
  mpfr_set (result, inputs[0], MPFR_RNDN);
}

static void
evaluate_reciprocal (mpfr_ptr     result,
                     mpfr_srcptr *inputs)
{
  mpfr_ui_div (result, 1, inputs[0], MPFR_RNDN);
}

static void
evaluate_sign (mpfr_ptr     result,
               mpfr_srcptr *inputs)
{
  if (mpfr_nan_p (inputs[0]))
    mpfr_set_nan (result);
  else
    mpfr_set_si (result, mpfr_sgn (inputs[0]), MPFR_RNDN);
}

static void
evaluate_lgamma (mpfr_ptr     result,
                 mpfr_srcptr *inputs)
{
  int sign;

  mpfr_lgamma (result, &sign, inputs[0], MPFR_RNDN);
}

static void
evaluate_isnan (mpfr_ptr     result,
                mpfr_srcptr *inputs)
{
  mpfr_set_si (result, mpfr_nan_p (inputs[0]) != 0, MPFR_RNDN);
}

static void
evaluate_where (mpfr_ptr     result,
                mpfr_srcptr *inputs)
{
  if (mpfr_nan_p (inputs[0]))
    mpfr_set_nan (result);
  else
    mpfr_set (result, mpfr_zero_p (inputs[0]) ? inputs[2] : inputs[1], MPFR_RNDN);
}

static void
evaluate_clip (mpfr_ptr     result,
               mpfr_srcptr *inputs)
{
  mpfr_max (result, inputs[0], inputs[1], MPFR_RNDN);
  mpfr_min (result, result, inputs[2], MPFR_RNDN);
}

static const Evaluate functions[TG_N_OPS] = {
  [TG_OP_ADD] = evaluate_add,
  [TG_OP_SUBTRACT] = evaluate_sub,
  [TG_OP_MULTIPLY] = evaluate_mul,
  [TG_OP_DIVIDE] = evaluate_div,
  [TG_OP_POW] = evaluate_pow,
  [TG_OP_NEGATIVE] = evaluate_neg,
  [TG_OP_POSITIVE] = evaluate_positive,
  [TG_OP_STOP_GRADIENT] = evaluate_positive,
  [TG_OP_ZERO_GRAD] = evaluate_positive,
  [TG_OP_ABS] = evaluate_abs,
  [TG_OP_SIGN] = evaluate_sign,
  [TG_OP_SQUARE] = evaluate_sqr,
  [TG_OP_RECIPROCAL] = evaluate_reciprocal,
  [TG_OP_SQRT] = evaluate_sqrt,
  [TG_OP_CBRT] = evaluate_cbrt,
  [TG_OP_HYPOT] = evaluate_hypot,
  [TG_OP_COPYSIGN] = evaluate_copysign,
  [TG_OP_MAXIMUM] = evaluate_max,
  [TG_OP_MINIMUM] = evaluate_min,
  [TG_OP_CLIP] = evaluate_clip,
  [TG_OP_EXP] = evaluate_exp,
  [TG_OP_EXP2] = evaluate_exp2,
  [TG_OP_EXPM1] = evaluate_expm1,
  [TG_OP_LOG] = evaluate_log,
  [TG_OP_LOG1P] = evaluate_log1p,
  [TG_OP_LOG2] = evaluate_log2,
  [TG_OP_LOG10] = evaluate_log10,
  [TG_OP_SIN] = evaluate_sin,
  [TG_OP_COS] = evaluate_cos,
  [TG_OP_TAN] = evaluate_tan,
  [TG_OP_ASIN] = evaluate_asin,
  [TG_OP_ACOS] = evaluate_acos,
  [TG_OP_ATAN] = evaluate_atan,
  [TG_OP_ATAN2] = evaluate_atan2,
  [TG_OP_SINH] = evaluate_sinh,
  [TG_OP_COSH] = evaluate_cosh,
  [TG_OP_TANH] = evaluate_tanh,
  [TG_OP_ASINH] = evaluate_asinh,
  [TG_OP_ACOSH] = evaluate_acosh,
  [TG_OP_ATANH] = evaluate_atanh,
  [TG_OP_ERF] = evaluate_erf,
  [TG_OP_ERFC] = evaluate_erfc,
  [TG_OP_GAMMA] = evaluate_gamma,
  [TG_OP_LGAMMA] = evaluate_lgamma,
  [TG_OP_DIGAMMA] = evaluate_digamma,
  [TG_OP_FLOOR] = evaluate_floor,
  [TG_OP_CEIL] = evaluate_ceil,
  [TG_OP_TRUNC] = evaluate_trunc,
  [TG_OP_ROUND] = evaluate_rint,
  [TG_OP_ROUND_HALF_AWAY_FROM_ZERO] = evaluate_round,
  [TG_OP_EQUAL] = evaluate_equal,
  [TG_OP_NOT_EQUAL] = evaluate_unequal,
  [TG_OP_LESS] = evaluate_less,
  [TG_OP_LESS_EQUAL] = evaluate_lessequal,
  [TG_OP_GREATER] = evaluate_greater,
  [TG_OP_GREATER_EQUAL] = evaluate_greaterequal,
  [TG_OP_LOGICAL_AND] = evaluate_and,
  [TG_OP_LOGICAL_OR] = evaluate_or,
  [TG_OP_LOGICAL_XOR] = evaluate_xor,
  [TG_OP_LOGICAL_NOT] = evaluate_not,
  [TG_OP_BITWISE_AND] = evaluate_and,
  [TG_OP_BITWISE_OR] = evaluate_or,
  [TG_OP_BITWISE_XOR] = evaluate_xor,
  [TG_OP_BITWISE_INVERT] = evaluate_not,
  [TG_OP_SIGNBIT] = evaluate_signbit,
  [TG_OP_ISNAN] = evaluate_isnan,
  [TG_OP_ISINF] = evaluate_isinf,
  [TG_OP_ISFINITE] = evaluate_isfinite,
  [TG_OP_WHERE] = evaluate_where,
};

gboolean
tg_truth_has (TgOpId op)
{
  return functions[op] != NULL;
}

void
tg_truth_apply (TgOpId       op,
                mpfr_ptr     result,
                mpfr_srcptr *inputs)
{
  functions[op] (result, inputs);
}
