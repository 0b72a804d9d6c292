/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-real-private.h"

#include "tg-formula-private.h"
#include "tg-parse.h"
#include "tg-truth-private.h"

/* Running error analysis (J. H. Wilkinson, "Error analysis revisited", 1986): each number comes
 * with a bound, so that one evaluation says whether its precision was enough.  Of a function the
 * bound is what it does to the error of an input, by its slope where that is easily said, or else
 * measured; for a discontinuous one it must do nothing. */

/* What costs no more than that takes as long as a product or so; another one as long as so many
 * products of this precision, and grows with it. */
#define ARITHMETIC_COST 4
#define FUNCTION_WORK 40
#define PRODUCT_PRECISION 192

void
tg_real_init (TgReal      *self,
              mpfr_prec_t  precision)
{
  mpfr_init2 (self->value, precision);
  self->error = TG_REAL_UNKNOWN;
}

void
tg_real_init_in_place (TgReal      *self,
                       mpfr_prec_t  precision,
                       void        *limbs)
{
  mpfr_custom_init (limbs, precision);
  mpfr_custom_init_set (self->value, MPFR_NAN_KIND, 0, precision, limbs);
  self->error = TG_REAL_UNKNOWN;
}

void
tg_real_clear (TgReal *self)
{
  mpfr_clear (self->value);
}

void
tg_real_set (TgReal       *self,
             const TgReal *other)
{
  mpfr_set (self->value, other->value, MPFR_RNDN);
  self->error = other->error;
}

void
tg_real_set_double (TgReal *self,
                    double  number)
{
  mpfr_set_d (self->value, number, MPFR_RNDN);
  self->error = isfinite (number) ? TG_REAL_EXACT : TG_REAL_UNKNOWN;
}

static gboolean
is_known (const TgReal *self)
{
  return self->error != TG_REAL_UNKNOWN;
}

/* The sum of two bounds. */
static mpfr_exp_t
add_errors (mpfr_exp_t a,
            mpfr_exp_t b)
{
  if (a == TG_REAL_UNKNOWN || b == TG_REAL_UNKNOWN)
    return TG_REAL_UNKNOWN;

  if (a == TG_REAL_EXACT)
    return b;

  return b == TG_REAL_EXACT ? a : MAX (a, b) + 1;
}

/* What rounding to the precision of a result adds. */
static void
add_rounding (TgReal   *self,
              gboolean  is_exact)
{
  if (!mpfr_number_p (self->value) || (!is_exact && mpfr_zero_p (self->value)))
    self->error = TG_REAL_UNKNOWN;
  else if (!is_exact)
    self->error = add_errors (self->error, mpfr_get_exp (self->value)
                                           - mpfr_get_prec (self->value));
}

/* The error of a factor, in the product with `other`. */
static mpfr_exp_t
scale_error (const TgReal *self,
             const TgReal *other)
{
  if (self->error == TG_REAL_EXACT || mpfr_zero_p (other->value))
    return TG_REAL_EXACT;

  return self->error + mpfr_get_exp (other->value);
}

static void
multiply (TgReal       *result,
          const TgReal *a,
          const TgReal *b)
{
  int rounded = mpfr_mul (result->value, a->value, b->value, MPFR_RNDN);

  result->error = add_errors (scale_error (a, b), scale_error (b, a));
  if (a->error != TG_REAL_EXACT && b->error != TG_REAL_EXACT)
    result->error = add_errors (result->error, a->error + b->error);
  add_rounding (result, rounded == 0);
}

static void
divide (TgReal       *result,
        const TgReal *a,
        const TgReal *b)
{
  int rounded;
  mpfr_exp_t error = TG_REAL_EXACT;

  if (mpfr_zero_p (b->value) || (b->error != TG_REAL_EXACT
                                 && b->error > mpfr_get_exp (b->value) - 3))
    {
      result->error = TG_REAL_UNKNOWN;
      return;
    }

  rounded = mpfr_div (result->value, a->value, b->value, MPFR_RNDN);
  if (a->error != TG_REAL_EXACT)
    error = a->error - mpfr_get_exp (b->value) + 2;
  if (b->error != TG_REAL_EXACT && mpfr_regular_p (result->value))
    error = add_errors (error, mpfr_get_exp (result->value) + b->error
                               - mpfr_get_exp (b->value) + 2);
  result->error = error;
  add_rounding (result, rounded == 0);
}

gboolean
tg_real_may_equal (const TgReal *a,
                   const TgReal *b)
{
  mpfr_t difference;
  gboolean result;

  if (!is_known (a) || !is_known (b))
    return TRUE;

  mpfr_init2 (difference, 64);
  mpfr_sub (difference, a->value, b->value, MPFR_RNDA);
  result = mpfr_zero_p (difference)
           || mpfr_get_exp (difference) <= MAX (a->error, b->error) + 2;
  mpfr_clear (difference);

  return result;
}

/* A comparison is settled where the error does not reach from one side to the other. */
static void
compare (TgOpId        op,
         TgReal       *result,
         const TgReal *a,
         const TgReal *b)
{
  mpfr_srcptr values[] = { a->value, b->value };

  if ((a->error != TG_REAL_EXACT || b->error != TG_REAL_EXACT) && tg_real_may_equal (a, b))
    {
      result->error = TG_REAL_UNKNOWN;
      return;
    }

  tg_truth_apply (op, result->value, values);
  result->error = TG_REAL_EXACT;
}

static gboolean
is_discontinuous (const TgOpInfo *op)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_SIGN:
    case TG_OP_FLOOR:
    case TG_OP_CEIL:
    case TG_OP_TRUNC:
    case TG_OP_ROUND:
    case TG_OP_ROUND_HALF_AWAY_FROM_ZERO:
    case TG_OP_COPYSIGN:
      return TRUE;
    default:
      return op->rule == TG_RULE_COMPARE || op->rule == TG_RULE_LOGICAL
             || op->rule == TG_RULE_CLASSIFY;
    }
}

/* What the error of one input may do to the result. */
static mpfr_exp_t
find_effect (TgOpId               op,
             const TgReal        *result,
             const TgReal *const *inputs,
             guint                n_inputs,
             guint                number,
             int                  direction)
{
  mpfr_prec_t precision = mpfr_get_prec (result->value);
  mpfr_srcptr values[TG_OP_MAX_INPUTS];
  mpfr_t moved, other;
  mpfr_exp_t step = inputs[number]->error + 1, effect = TG_REAL_EXACT;

  mpfr_init2 (moved, precision);
  mpfr_init2 (other, precision);
  if (mpfr_regular_p (inputs[number]->value))
    step = MAX (step, mpfr_get_exp (inputs[number]->value) - precision + 1);
  mpfr_set_si_2exp (moved, direction, step, MPFR_RNDN);
  mpfr_add (moved, moved, inputs[number]->value, MPFR_RNDA);

  for (guint i = 0; i < n_inputs; i++)
    values[i] = inputs[i]->value;
  values[number] = moved;
  tg_truth_apply (op, other, values);
  mpfr_sub (other, other, result->value, MPFR_RNDA);
  if (!mpfr_number_p (other))
    effect = TG_REAL_UNKNOWN;
  else if (!mpfr_zero_p (other))
    effect = mpfr_get_exp (other) + 1;

  mpfr_clear (moved);
  mpfr_clear (other);

  return effect;
}

/* What the error of the input may do to the result at most, by the slope, where the error is small
 * beside the input; else it says nothing. */
static gboolean
bound_effect (TgOpId        op,
              const TgReal *result,
              const TgReal *input,
              mpfr_exp_t   *effect)
{
  mpfr_exp_t error = input->error, input_exp, result_exp;

  if (!mpfr_regular_p (input->value) || !mpfr_regular_p (result->value))
    return FALSE;

  input_exp = mpfr_get_exp (input->value);
  result_exp = mpfr_get_exp (result->value);
  if (error > MIN (input_exp, 0) - 2)
    return FALSE;

  switch ((guint) op)
    {
    case TG_OP_EXP: /* exp (x), and exp (h) - 1 <= 2 h */
      *effect = result_exp + error + 1;
      return TRUE;
    case TG_OP_EXPM1: /* exp (x) is the result and one */
      *effect = MAX (result_exp, 0) + error + 2;
      return TRUE;
    case TG_OP_LOG: /* 1 / x, and 1 / (x + h) <= 2 / x */
      *effect = error - input_exp + 2;
      return TRUE;
    case TG_OP_LOG1P: /* 1 / (1 + x) */
      *effect = error - MAX (input_exp, 1) + 2;
      return mpfr_sgn (input->value) > 0;
    case TG_OP_SQRT: /* h / (sqrt (x + h) + sqrt (x)) */
      *effect = error - result_exp + 1;
      return TRUE;
    case TG_OP_SIN:
    case TG_OP_COS:
    case TG_OP_ATAN:
    case TG_OP_TANH:
    case TG_OP_ASINH: /* at most 1 */
      *effect = error;
      return TRUE;
    default:
      return FALSE;
    }
}

static void
apply_function (TgOpId               op,
                TgReal              *result,
                const TgReal *const *inputs,
                guint                n_inputs)
{
  gboolean jumps = is_discontinuous (&tg_ops[op]);
  mpfr_srcptr values[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < n_inputs; i++)
    values[i] = inputs[i]->value;

  mpfr_clear_underflow ();
  tg_truth_apply (op, result->value, values);
  result->error = mpfr_number_p (result->value) ? TG_REAL_EXACT : TG_REAL_UNKNOWN;

  /* A zero may be what is less than the least number there is. */
  if (mpfr_zero_p (result->value) && mpfr_underflow_p ())
    result->error = mpfr_get_emin ();
  for (guint i = 0; i < n_inputs && is_known (result); i++)
    {
      mpfr_exp_t effect;

      if (inputs[i]->error == TG_REAL_EXACT)
        continue;

      if (!bound_effect (op, result, inputs[i], &effect))
        effect = find_effect (op, result, inputs, n_inputs, i, 1);
      result->error = add_errors (result->error, effect);
      if (jumps)
        result->error = add_errors (result->error,
                                    find_effect (op, result, inputs, n_inputs, i, -1));
    }

  if (jumps && result->error != TG_REAL_EXACT)
    result->error = TG_REAL_UNKNOWN;
  if (is_known (result) && !jumps)
    add_rounding (result, mpfr_zero_p (result->value) != 0);
}

/* What operators are that MPFR does not have, or NULL. */
static const char *
get_text (TgOpId op)
{
  /* No kernel computes it as it is written, so the declaration does not say it. */
  return op == TG_OP_ERFCX ? "exp (square (x)) * erfc (x)" : tg_ops[op].spec;
}

/* The specs of operators that MPFR does not have.  Read once and for all; immutable from then
 * on. */
static gpointer
read_specs (gpointer data G_GNUC_UNUSED)
{
  TgFormula **specs = g_new0 (TgFormula *, TG_N_OPS);

  for (guint i = 0; i < TG_N_OPS; i++)
    {
      const TgOpInfo *op = &tg_ops[i];
      TgVariable *arguments[TG_OP_MAX_INPUTS];
      g_autoptr (TgVariable) spec = NULL;

      if (op->form != TG_FORM_ELEMENTWISE || get_text (i) == NULL
          || tg_truth_has (i))
        continue;

      for (guint k = 0; k < op->n_inputs; k++)
        arguments[k] = tg_variable_new (op->inputs[k].name, TG_DTYPE_FLOAT64, 0);

      spec = tg_parse (get_text (i), arguments, op->n_inputs, NULL);
      if (spec != NULL)
        specs[i] = tg_formula_new_from_variable (spec, arguments, op->n_inputs);
      for (guint k = 0; k < op->n_inputs; k++)
        g_object_unref (arguments[k]);
    }

  return specs;
}

static const TgFormula *
get_spec (TgOpId op)
{
  static GOnce once = G_ONCE_INIT;
  TgFormula **specs = g_once (&once, read_specs, NULL);

  return specs[op];
}

gboolean
tg_real_has (TgOpId op)
{
  return tg_truth_has (op) || get_spec (op) != NULL;
}

static void
apply_spec (TgOpId               op,
            TgReal              *result,
            const TgReal *const *inputs)
{
  const TgFormula *spec = get_spec (op);
  guint n_items = spec != NULL ? spec->items->len : 0;
  g_autofree TgReal *reals = g_new (TgReal, n_items);
  g_autofree const TgReal **values = g_new (const TgReal *, n_items);

  for (guint i = 0; i < n_items; i++)
    {
      const TgFormulaItem *item = tg_formula_get (spec, i);
      const TgReal *arguments[TG_OP_MAX_INPUTS];
      TgReal *own = i == n_items - 1 ? result : &reals[i];

      values[i] = item->kind == TG_FORMULA_LEAF ? inputs[item->leaf] : own;
      if (item->kind == TG_FORMULA_LEAF)
        continue;

      if (own != result)
        tg_real_init (own, mpfr_get_prec (result->value));
      for (guint k = 0; k < item->n_inputs; k++)
        arguments[k] = values[item->inputs[k]];

      if (item->kind == TG_FORMULA_APPLY)
        tg_real_apply (item->op, own, arguments);
      else
        tg_real_set_double (own, item->number);
    }

  for (guint i = 0; i + 1 < n_items; i++)
    {
      if (values[i] == &reals[i])
        tg_real_clear (&reals[i]);
    }
}

guint
tg_real_get_work (TgOpId      op,
                  mpfr_prec_t precision)
{
  const TgFormula *spec;
  guint work = 0;

  if (tg_op_get_cost (op) <= ARITHMETIC_COST)
    return 1;

  if (tg_truth_has (op))
    return (guint) (FUNCTION_WORK * precision / PRODUCT_PRECISION);

  spec = get_spec (op);
  for (guint i = 0; spec != NULL && i < spec->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (spec, i);

      if (item->kind == TG_FORMULA_APPLY)
        work += tg_real_get_work (item->op, precision);
    }

  return work;
}

static void
choose (TgReal              *result,
        const TgReal *const *inputs)
{
  const TgReal *chosen = inputs[mpfr_zero_p (inputs[0]->value) ? 2 : 1];

  if (!is_known (inputs[0]))
    result->error = TG_REAL_UNKNOWN;
  else
    tg_real_set (result, chosen);
}

static gboolean
are_known (const TgReal *const *inputs,
           guint                n_inputs)
{
  for (guint i = 0; i < n_inputs; i++)
    {
      if (!is_known (inputs[i]))
        return FALSE;
    }

  return TRUE;
}

static void
add (TgOpId               op,
     TgReal              *result,
     const TgReal *const *inputs)
{
  int rounded = op == TG_OP_ADD
                  ? mpfr_add (result->value, inputs[0]->value, inputs[1]->value, MPFR_RNDN)
                  : mpfr_sub (result->value, inputs[0]->value, inputs[1]->value, MPFR_RNDN);

  result->error = add_errors (inputs[0]->error, inputs[1]->error);
  add_rounding (result, rounded == 0);
}

static void
change_sign (TgOpId        op,
             TgReal       *result,
             const TgReal *input)
{
  if (op == TG_OP_NEGATIVE)
    mpfr_neg (result->value, input->value, MPFR_RNDN);
  else if (op == TG_OP_ABS)
    mpfr_abs (result->value, input->value, MPFR_RNDN);
  else
    mpfr_set (result->value, input->value, MPFR_RNDN);
  result->error = input->error;
}

void
tg_real_apply (TgOpId               op,
               TgReal              *result,
               const TgReal *const *inputs)
{
  guint n_inputs = tg_ops[op].n_inputs;
  TgReal one;

  mpfr_set_nan (result->value);
  if (op == TG_OP_WHERE)
    {
      choose (result, inputs);
      return;
    }

  result->error = TG_REAL_UNKNOWN;
  if (!are_known (inputs, n_inputs))
    return;

  switch ((guint) op)
    {
    case TG_OP_ADD:
    case TG_OP_SUBTRACT:
      add (op, result, inputs);
      break;
    case TG_OP_MULTIPLY:
      multiply (result, inputs[0], inputs[1]);
      break;
    case TG_OP_SQUARE:
      multiply (result, inputs[0], inputs[0]);
      break;
    case TG_OP_DIVIDE:
      divide (result, inputs[0], inputs[1]);
      break;
    case TG_OP_RECIPROCAL:
      tg_real_init (&one, 2);
      tg_real_set_double (&one, 1);
      divide (result, &one, inputs[0]);
      tg_real_clear (&one);
      break;
    case TG_OP_NEGATIVE:
    case TG_OP_ABS:
    case TG_OP_POSITIVE:
    case TG_OP_STOP_GRADIENT:
    case TG_OP_ZERO_GRAD:
      change_sign (op, result, inputs[0]);
      break;
    default:
      if (tg_ops[op].rule == TG_RULE_COMPARE)
        compare (op, result, inputs[0], inputs[1]);
      else if (tg_truth_has (op))
        apply_function (op, result, inputs, n_inputs);
      else
        apply_spec (op, result, inputs);
    }
}

gboolean
tg_real_round (const TgReal *self,
               TgDType       dtype,
               double       *number)
{
  double ends[2];
  mpfr_t end;

  if (!is_known (self) || !mpfr_number_p (self->value))
    return FALSE;

  mpfr_init2 (end, mpfr_get_prec (self->value));
  for (int i = 0; i < 2; i++)
    {
      mpfr_rnd_t outward = i == 0 ? MPFR_RNDD : MPFR_RNDU;

      mpfr_set (end, self->value, MPFR_RNDN);
      if (self->error != TG_REAL_EXACT)
        {
          mpfr_set_si_2exp (end, i == 0 ? -1 : 1, self->error, MPFR_RNDN);
          mpfr_add (end, end, self->value, outward);
        }
      ends[i] = dtype == TG_DTYPE_FLOAT32 ? (double) mpfr_get_flt (end, MPFR_RNDN)
                                          : mpfr_get_d (end, MPFR_RNDN);
    }
  mpfr_clear (end);
  *number = ends[0];

  return ends[0] == ends[1];
}
