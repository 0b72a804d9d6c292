/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-truth-private.h"

#include "tg-number-private.h"
#include "tg-parse.h"
#include "tg-traverse-private.h"

/* A larger argument of a periodic function would take MPFR a number of digits of pi to match. */
#define MAX_ANGLE_EXPONENT 4000

typedef void (* Evaluate) (mpfr_ptr     result,
                           mpfr_srcptr *inputs);

/* The spec of an operator, flat: each number is an input, a constant, or an operator of numbers
 * before it. */
typedef struct
{
  TgOpId op; /* TG_N_OPS for what is none */
  guint  inputs[TG_OP_MAX_INPUTS];
  guint  n_inputs;
  int    argument; /* -1: a constant */
  double number;
} Item;

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

static Item
make_item (TgVariable  *variable,
           TgVariable **arguments,
           guint        n_arguments,
           GHashTable  *numbers)
{
  Item item = { .op = TG_N_OPS, .argument = -1, .n_inputs = variable->n_inputs };

  for (guint i = 0; i < n_arguments; i++)
    {
      if (variable == arguments[i])
        item.argument = (int) i;
    }

  if (variable->op != NULL)
    item.op = tg_op_info_get_id (variable->op);
  else if (item.argument < 0)
    tg_variable_get_number (variable, &item.number);

  for (guint i = 0; i < variable->n_inputs; i++)
    item.inputs[i] = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, variable->inputs[i]));

  return item;
}

/* The spec of an operator as items, or NULL where there is none. */
static GArray *
read_spec (const TgOpInfo *op)
{
  TgVariable *arguments[TG_OP_MAX_INPUTS];
  g_autoptr (TgVariable) spec = NULL;
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  GArray *items = NULL;

  if (op->spec == NULL)
    return NULL;

  for (guint i = 0; i < op->n_inputs; i++)
    arguments[i] = tg_variable_new (op->inputs[i].name, TG_DTYPE_FLOAT64, 0);

  spec = tg_parse (op->spec, arguments, op->n_inputs, NULL);
  if (spec != NULL)
    {
      items = g_array_new (FALSE, FALSE, sizeof (Item));
      order = tg_traverse (&spec, 1, NULL);
      for (guint i = 0; i < order->len; i++)
        {
          Item item = make_item (order->pdata[i], arguments, op->n_inputs, numbers);

          g_array_append_val (items, item);
          g_hash_table_insert (numbers, order->pdata[i], GUINT_TO_POINTER (i));
        }
    }

  for (guint i = 0; i < op->n_inputs; i++)
    g_object_unref (arguments[i]);

  return items;
}

/* Read once and for all; immutable from then on. */
static gpointer
read_specs (gpointer data G_GNUC_UNUSED)
{
  GArray **specs = g_new0 (GArray *, TG_N_OPS);

  for (guint i = 0; i < TG_N_OPS; i++)
    {
      if (tg_ops[i].form == TG_FORM_ELEMENTWISE && functions[i] == NULL)
        specs[i] = read_spec (&tg_ops[i]);
    }

  return specs;
}

static const GArray *
get_spec (TgOpId op)
{
  static GOnce once = G_ONCE_INIT;
  GArray **specs = g_once (&once, read_specs, NULL);

  return specs[op];
}

gboolean
tg_truth_is_native (TgOpId op)
{
  return functions[op] != NULL;
}

gboolean
tg_truth_has (TgOpId op)
{
  const GArray *spec;

  if (functions[op] != NULL)
    return TRUE;

  spec = get_spec (op);
  for (guint i = 0; spec != NULL && i < spec->len; i++)
    {
      const Item *item = &g_array_index (spec, Item, i);

      if (item->op != TG_N_OPS && !tg_truth_has (item->op))
        return FALSE;
    }

  return spec != NULL;
}

void
tg_truth_apply (TgOpId       op,
                mpfr_ptr     result,
                mpfr_srcptr *inputs)
{
  const GArray *spec;
  g_autofree __mpfr_struct *values = NULL;

  if (functions[op] != NULL)
    {
      functions[op] (result, inputs);
      return;
    }

  spec = get_spec (op);
  values = g_new (__mpfr_struct, spec->len);
  for (guint i = 0; i < spec->len; i++)
    {
      const Item *item = &g_array_index (spec, Item, i);
      mpfr_srcptr arguments[TG_OP_MAX_INPUTS];

      mpfr_init2 (&values[i], mpfr_get_prec (result));
      for (guint k = 0; k < item->n_inputs; k++)
        arguments[k] = &values[item->inputs[k]];

      if (item->op != TG_N_OPS)
        tg_truth_apply (item->op, &values[i], arguments);
      else if (item->argument >= 0)
        mpfr_set (&values[i], inputs[item->argument], MPFR_RNDN);
      else
        mpfr_set_d (&values[i], item->number, MPFR_RNDN);
    }

  mpfr_set (result, &values[spec->len - 1], MPFR_RNDN);
  for (guint i = 0; i < spec->len; i++)
    mpfr_clear (&values[i]);
}
