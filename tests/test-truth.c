/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Numbers with a bound of their error: what is said to be settled is, and every
 * operator's bound holds against many more bits.
 */

#include <tg.h>

#include "tg-real-private.h"
#include "tg-sample-private.h"
#include "search-problems.h"

#define N_POINTS 60
#define LOW_PRECISION 128
#define HIGH_PRECISION 3000

static double
find_truth (const char *text,
            double      x)
{
  g_autoptr (TgFormula) formula = parse (text);
  g_autoptr (TgSample) sample = tg_sample_new (TG_DTYPE_FLOAT64, 3, 1);

  sample->values[0] = x;

  return tg_formula_find_truth (formula, sample, 0);
}

static void
test_is_settled (void)
{
  g_assert_cmpfloat (find_truth ("(1 + x) - 1", 1e-300), ==, 1e-300);
  g_assert_cmpfloat (find_truth ("(1 + x) - 1 + x", 1e-300), ==, 2e-300);
  g_assert_cmpfloat (find_truth ("log (exp (x)) - x", 3), !=, 1);
  g_assert_cmpfloat (find_truth ("x - x", 0.1), ==, 0);
  g_assert_cmpfloat (find_truth ("where (1 + x > 1, 7, 8)", 1e-300), ==, 7);
  g_assert_cmpfloat (find_truth ("exp (x)", -1e9), ==, 0);
}

/* In enough bits what may be zero is so small that it is rounded to zero, but not its sign. */
static void
test_is_not_settled (void)
{
  g_assert_cmpfloat (find_truth ("square (sqrt (x)) - x", 2), ==, 0);
  g_assert_true (isnan (find_truth ("sign (square (sqrt (x)) - x)", 2)));
  g_assert_cmpfloat (find_truth ("exp (x)", -1e300), ==, 0);
  g_assert_true (isnan (find_truth ("sign (exp (x))", -1e300)));
  g_assert_true (isnan (find_truth ("floor (square (sqrt (x)))", 2)));
  g_assert_true (isnan (find_truth ("1 / (square (sqrt (x)) - x)", 2)));
}

static void
test_is_not_real (void)
{
  g_assert_true (isnan (find_truth ("sqrt (x)", -1)));
  g_assert_true (isnan (find_truth ("log (x)", 0)));
  g_assert_true (isnan (find_truth ("exp (x)", 1e6)));
  g_assert_true (isnan (find_truth ("1 / x", 0)));
  g_assert_cmpfloat (find_truth ("where (x > 0, sqrt (x), 5)", -1), ==, 5);
}

/* An operator of thirds, which no precision has: the error goes from inputs to the result. */
static void
apply_to_thirds (TgOpId        op,
                 const double *points,
                 mpfr_prec_t   precision,
                 TgReal       *result)
{
  guint n_inputs = tg_ops[op].n_inputs;
  TgReal three, point, thirds[TG_OP_MAX_INPUTS];
  const TgReal *quotient[] = { &point, &three }, *inputs[TG_OP_MAX_INPUTS];

  tg_real_init (&three, precision);
  tg_real_init (&point, precision);
  tg_real_init (result, precision);
  tg_real_set_double (&three, 3);
  for (guint i = 0; i < n_inputs; i++)
    {
      tg_real_init (&thirds[i], precision);
      tg_real_set_double (&point, points[i]);
      tg_real_apply (TG_OP_DIVIDE, &thirds[i], quotient);
      inputs[i] = &thirds[i];
    }

  tg_real_apply (op, result, inputs);
  tg_real_clear (&three);
  tg_real_clear (&point);
  for (guint i = 0; i < n_inputs; i++)
    tg_real_clear (&thirds[i]);
}

/* Whether the first number, by its own bound, is the second one. */
static gboolean
holds (const TgReal *low,
       const TgReal *high)
{
  mpfr_t difference, bound;
  gboolean result;

  mpfr_init2 (difference, HIGH_PRECISION);
  mpfr_init2 (bound, HIGH_PRECISION);
  mpfr_sub (difference, low->value, high->value, MPFR_RNDN);
  mpfr_set_zero (bound, 1);
  if (low->error != TG_REAL_EXACT)
    mpfr_set_ui_2exp (bound, 1, low->error, MPFR_RNDN);
  result = mpfr_cmpabs (difference, bound) <= 0;
  mpfr_clear (difference);
  mpfr_clear (bound);

  return result;
}

static void
test_bound (gconstpointer data)
{
  TgOpId op = GPOINTER_TO_UINT (data);
  TgRange ranges[TG_OP_MAX_INPUTS];
  double points[TG_OP_MAX_INPUTS];
  guint n_known = 0;

  for (guint i = 0; i < TG_OP_MAX_INPUTS; i++)
    ranges[i] = (TgRange) { i == 0 ? -30 : -50, i == 0 ? 60 : 50, TRUE, FALSE };

  for (guint p = 0; p < N_POINTS; p++)
    {
      TgReal low, high;

      tg_sample_draw (ranges, tg_ops[op].n_inputs, TG_DTYPE_FLOAT64, 11, p, TG_REACH_ALL, points);
      apply_to_thirds (op, points, LOW_PRECISION, &low);
      apply_to_thirds (op, points, HIGH_PRECISION, &high);
      if (low.error != TG_REAL_UNKNOWN && high.error != TG_REAL_UNKNOWN)
        {
          if (!holds (&low, &high))
            g_test_message ("%s at %.17g / 3, %.17g / 3", tg_ops[op].name, points[0], points[1]);
          g_assert_true (holds (&low, &high));
          n_known++;
        }

      tg_real_clear (&low);
      tg_real_clear (&high);
    }

  g_assert_cmpuint (n_known, >, 3);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/truth/is-settled", test_is_settled);
  g_test_add_func ("/truth/is-not-settled", test_is_not_settled);
  g_test_add_func ("/truth/is-not-real", test_is_not_real);
  for (guint i = 0; i < TG_N_OPS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/truth/bound/%s", tg_ops[i].name);

      if (tg_ops[i].form == TG_FORM_ELEMENTWISE && tg_real_has (i))
        g_test_add_data_func (path, GUINT_TO_POINTER (i), test_bound);
    }

  return g_test_run ();
}
