/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Where a formula loses accuracy because two leaves are nearly equal, it may be a power of one of
 * them times a function of their relative difference, which has a series; and a formula of one leaf
 * may have one where that is nearly one. */

/* Relative differences that are small, errors in bits that are large, and points that have both. */
#define NEAR 0.0625
#define BAD 4
#define MIN_POINTS 3

/* Powers that are found, and how near to one the logarithm of a quotient must be. */
#define MAX_DEGREE 4
#define TOLERANCE 1e-9
#define PRECISION 640

static gboolean
is_near (double a,
         double b)
{
  return a != b && fabs (a - b) < NEAR * fabs (b);
}

/* Whether at most of the bad points a leaf is near another one, or near one where that is NULL. */
static gboolean
explains (const TgSample *sample,
          const gboolean *is_bad,
          guint           leaf,
          const guint    *other)
{
  guint n_bad = 0, n_near = 0;

  for (guint p = 0; p < sample->n_points; p++)
    {
      double second = other != NULL ? tg_sample_get (sample, *other, p) : 1;

      n_bad += is_bad[p] ? 1 : 0;
      n_near += is_bad[p] && is_near (tg_sample_get (sample, leaf, p), second) ? 1 : 0;
    }

  return n_near >= MIN_POINTS && 2 * n_near >= n_bad;
}

/* The logarithm of the size of a formula at a point whose numbers are doubled so often. */
static gboolean
find_size (const TgFormula *written,
           const TgSample  *sample,
           guint            point,
           int              n_doublings,
           double          *size)
{
  g_autoptr (TgSample) scaled = tg_sample_new (sample->dtype, sample->n_leaves, 1);
  g_autofree TgReal *reals = g_new (TgReal, written->items->len);
  TgReal *result = &reals[written->items->len - 1];
  gboolean is_known;

  for (guint i = 0; i < sample->n_leaves; i++)
    scaled->values[i] = ldexp (tg_sample_get (sample, i, point), n_doublings);

  tg_formula_compute_reals (written, scaled, 0, PRECISION, reals);
  is_known = result->error != TG_REAL_UNKNOWN && mpfr_regular_p (result->value)
             && result->error < mpfr_get_exp (result->value) - 100;
  if (is_known)
    {
      mpfr_abs (result->value, result->value, MPFR_RNDN);
      mpfr_log2 (result->value, result->value, MPFR_RNDN);
      *size = mpfr_get_d (result->value, MPFR_RNDN);
    }

  for (guint i = 0; i < written->items->len; i++)
    tg_real_clear (&reals[i]);

  return is_known;
}

/* Finds the power by which the formula grows with its leaves, at points where it is bad; FALSE
 * where there is none. */
static gboolean
find_degree (const TgFormula *written,
             const TgSample  *sample,
             const gboolean  *is_bad,
             int             *degree)
{
  guint n_points = 0;

  for (guint p = 0; p < sample->n_points && n_points < MIN_POINTS; p++)
    {
      double sizes[3];

      if (!is_bad[p])
        continue;

      for (int i = 0; i < 3; i++)
        {
          if (!find_size (written, sample, p, 3 * i, &sizes[i]))
            return FALSE;
        }

      if (n_points++ == 0)
        *degree = (int) round (CLAMP ((sizes[1] - sizes[0]) / 3, -100, 100));
      if (fabs (sizes[1] - sizes[0] - 3 * *degree) > TOLERANCE
          || fabs (sizes[2] - sizes[1] - 3 * *degree) > TOLERANCE)
        return FALSE;
    }

  return n_points == MIN_POINTS && abs (*degree) <= MAX_DEGREE;
}

/* The formula where all leaves are one, but one plus a new leaf for one of them. */
static TgFormula *
make_function (const TgFormula *written,
               guint            leaf)
{
  TgFormula *function = tg_formula_new (written->dtype, 1);
  g_autofree guint *places = g_new (guint, written->items->len);
  guint one = tg_formula_add_number (function, 1);
  guint moved = tg_formula_add_binary (function, TG_OP_ADD, one,
                                       tg_formula_add_leaf (function, 0));

  for (guint i = 0; i < written->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (written, i);
      guint inputs[TG_OP_MAX_INPUTS];

      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = places[item->inputs[k]];

      if (item->kind == TG_FORMULA_LEAF)
        places[i] = item->leaf == leaf ? moved : one;
      else if (item->kind == TG_FORMULA_NUMBER)
        places[i] = tg_formula_add_number (function, item->number);
      else
        places[i] = tg_formula_add_apply (function, item->op, inputs, item->n_inputs);
    }

  return function;
}

/* Adds the series in the relative difference of a leaf to another one, or to one. */
static void
add_series (const TgFormula *written,
            guint            leaf,
            const guint     *other,
            int              degree,
            GPtrArray       *candidates)
{
  g_autoptr (TgFormula) function = make_function (written, leaf);
  g_autoptr (TgFormula) formula = tg_formula_new (written->dtype, written->n_leaves);
  guint first = tg_formula_add_leaf (formula, leaf);
  guint second = other != NULL ? tg_formula_add_leaf (formula, *other)
                               : tg_formula_add_number (formula, 1);
  guint base = tg_formula_add_binary (formula, TG_OP_SUBTRACT, first, second), result;

  if (other != NULL)
    base = tg_formula_add_binary (formula, TG_OP_DIVIDE, base, second);
  if (!tg_search_append_series (function, FALSE, formula, base, &result))
    return;

  for (int i = 0; i < abs (degree); i++)
    result = tg_formula_add_binary (formula, degree > 0 ? TG_OP_MULTIPLY : TG_OP_DIVIDE, result,
                                    second);
  g_ptr_array_add (candidates, g_steal_pointer (&formula));
}

void
tg_search_add_near (const TgEGraph  *graph,
                    guint16          root,
                    const TgFormula *written,
                    GPtrArray       *candidates)
{
  const TgSample *sample = graph->sample;
  const double *truth = tg_egraph_get_class (graph, root)->truth;
  guint last = written->items->len - 1, zero = 0;
  g_autofree double *values = g_new (double, written->items->len * sample->n_points);
  g_autofree gboolean *is_bad = g_new (gboolean, sample->n_points);
  int degree;

  if (written->n_leaves > 2 || tg_formula_is_slow (written))
    return;

  tg_formula_compute (written, sample, values);
  for (guint p = 0; p < sample->n_points; p++)
    is_bad[p] = !isnan (truth[p])
                && tg_bits_between (graph->dtype, values[last * sample->n_points + p], truth[p])
                     > BAD;

  if (written->n_leaves == 1 && explains (sample, is_bad, 0, NULL))
    add_series (written, 0, NULL, 0, candidates);
  if (written->n_leaves == 2 && explains (sample, is_bad, 1, &zero)
      && find_degree (written, sample, is_bad, &degree))
    add_series (written, 1, &zero, degree, candidates);
}
