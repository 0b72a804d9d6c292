/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Laurent series of a formula of one leaf, at 0 and at infinity.  The coefficients are those of the
 * polynomial through points so near to 0 that nothing else is left in them: no derivatives are
 * needed, and any function will do that MPFR computes. */

#define N_TERMS 12
#define N_NODES 15
#define PRECISION 1800

/* The points are multiples of 2^-80; a coefficient is zero that is as small as its error. */
#define STEP 80
#define ZERO (-120)

/* A pole or a zero of a higher order is none of people's formulas. */
#define MAX_ORDER 8

/* The value of the formula where the leaf is `number` of steps from 0, or infinity. */
static gboolean
find_value (const TgFormula *written,
            guint            number,
            gboolean         at_infinity,
            mpfr_t           value)
{
  guint n_items = written->items->len;
  g_autofree TgReal *reals = g_new (TgReal, n_items);
  gboolean is_known;

  for (guint i = 0; i < n_items; i++)
    {
      const TgFormulaItem *item = tg_formula_get (written, i);
      const TgReal *inputs[TG_OP_MAX_INPUTS];

      tg_real_init (&reals[i], PRECISION);
      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = &reals[item->inputs[k]];

      if (item->kind == TG_FORMULA_NUMBER)
        tg_real_set_double (&reals[i], item->number);
      else if (item->kind == TG_FORMULA_APPLY)
        tg_real_apply (item->op, &reals[i], inputs);
      else
        {
          mpfr_set_ui_2exp (reals[i].value, number, -STEP, MPFR_RNDN);
          if (at_infinity)
            mpfr_ui_div (reals[i].value, 1, reals[i].value, MPFR_RNDN);
          reals[i].error = TG_REAL_EXACT;
        }
    }

  is_known = reals[n_items - 1].error != TG_REAL_UNKNOWN
             && mpfr_regular_p (reals[n_items - 1].value) != 0;
  if (is_known)
    mpfr_set (value, reals[n_items - 1].value, MPFR_RNDN);
  for (guint i = 0; i < n_items; i++)
    tg_real_clear (&reals[i]);

  return is_known;
}

/* The power of the leaf that the formula begins with: its value doubles so often from one step to
 * two. */
static gboolean
find_order (mpfr_t *values,
            int    *order)
{
  mpfr_t ratio;
  double logarithm;

  mpfr_init2 (ratio, PRECISION);
  mpfr_div (ratio, values[1], values[0], MPFR_RNDN);
  mpfr_abs (ratio, ratio, MPFR_RNDN);
  mpfr_log2 (ratio, ratio, MPFR_RNDN);
  logarithm = mpfr_get_d (ratio, MPFR_RNDN);
  mpfr_clear (ratio);
  *order = (int) round (CLAMP (logarithm, -100, 100));

  return fabs (logarithm - *order) < 1e-6 && abs (*order) <= MAX_ORDER;
}

/* From values at 1, 2, ... to the coefficients of the polynomial (Newton's divided differences). */
static void
interpolate (mpfr_t *values)
{
  for (guint level = 1; level < N_NODES; level++)
    {
      for (guint i = N_NODES - 1; i >= level; i--)
        {
          mpfr_sub (values[i], values[i], values[i - 1], MPFR_RNDN);
          mpfr_div_ui (values[i], values[i], level, MPFR_RNDN);
        }
    }

  /* Multiply out, from the last factor to the first. */
  for (int level = N_NODES - 2; level >= 0; level--)
    {
      mpfr_t product;

      mpfr_init2 (product, PRECISION);
      for (int i = level; i < N_NODES - 1; i++)
        {
          mpfr_mul_ui (product, values[i + 1], (gulong) level + 1, MPFR_RNDN);
          mpfr_sub (values[i], values[i], product, MPFR_RNDN);
        }
      mpfr_clear (product);
    }
}

static gboolean
find_coefficients (const TgFormula *written,
                   gboolean         at_infinity,
                   double          *coefficients,
                   int             *order)
{
  mpfr_t values[N_NODES], power;
  gboolean success = TRUE;

  mpfr_init2 (power, PRECISION);
  for (guint i = 0; i < N_NODES; i++)
    {
      mpfr_init2 (values[i], PRECISION);
      success = success && find_value (written, i + 1, at_infinity, values[i]);
    }

  success = success && find_order (values, order);
  for (guint i = 0; success && i < N_NODES; i++)
    {
      mpfr_set_ui_2exp (power, i + 1, -STEP, MPFR_RNDN);
      mpfr_pow_si (power, power, *order, MPFR_RNDN);
      mpfr_div (values[i], values[i], power, MPFR_RNDN);
    }

  if (success)
    interpolate (values);
  for (guint i = 0; success && i < N_TERMS; i++)
    {
      mpfr_mul_2si (values[i], values[i], (glong) i * STEP, MPFR_RNDN);
      coefficients[i] = mpfr_zero_p (values[i]) || mpfr_get_exp (values[i]) < ZERO
                          ? 0 : mpfr_get_d (values[i], MPFR_RNDN);
      success = isfinite (coefficients[i]);
    }

  for (guint i = 0; i < N_NODES; i++)
    mpfr_clear (values[i]);
  mpfr_clear (power);

  return success && coefficients[0] != 0;
}

/* By Horner's rule in an item, or in what one is over it, or in the square of that where all other
 * terms are zero; the last item that was added. */
static guint
build (TgFormula    *formula,
       guint         base,
       gboolean      at_infinity,
       const double *coefficients,
       int           order)
{
  guint variable, sum, step = 2, last = 0;

  for (guint i = 0; i < N_TERMS; i++)
    {
      if (coefficients[i] != 0)
        last = i;
      if (coefficients[i] != 0 && i % 2 != 0)
        step = 1;
    }

  if (at_infinity)
    base = tg_formula_add_binary (formula, TG_OP_DIVIDE, tg_formula_add_number (formula, 1), base);
  variable = step == 2 && last > 0 ? tg_formula_add_binary (formula, TG_OP_MULTIPLY, base, base)
                                   : base;
  sum = tg_formula_add_number (formula, coefficients[last]);
  while (last >= step)
    {
      last -= step;
      sum = tg_formula_add_binary (formula, TG_OP_MULTIPLY, sum, variable);
      if (coefficients[last] != 0)
        sum = tg_formula_add_binary (formula, TG_OP_ADD,
                                     tg_formula_add_number (formula, coefficients[last]), sum);
    }

  for (int i = 0; i < abs (order); i++)
    sum = tg_formula_add_binary (formula, order > 0 ? TG_OP_MULTIPLY : TG_OP_DIVIDE, sum, base);

  return sum;
}

gboolean
tg_search_append_series (const TgFormula *written,
                         gboolean         at_infinity,
                         TgFormula       *formula,
                         guint            base,
                         guint           *result)
{
  double coefficients[N_TERMS];
  int order;

  if (tg_formula_is_slow (written)
      || !find_coefficients (written, at_infinity, coefficients, &order))
    return FALSE;

  *result = build (formula, base, at_infinity, coefficients, order);

  return TRUE;
}
