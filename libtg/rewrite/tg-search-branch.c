/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Forms side by side, chosen between by the size of a pivot: a leaf, or a part of what is written,
 * or the magnitude of one. */

#define N_POINTS 96
#define SEED_BRANCH 4
#define MAX_BRANCHES 3
#define MAX_PIVOTS 40
#define MAX_LEAVES 4

/* What one more branch must gain at the mean, in bits, and a later pivot. */
#define MIN_GAIN 0.4
#define MIN_PIVOT_GAIN 0.2

/* Points that a branch is for, at least. */
#define MIN_LENGTH 2

#define MAX_BISECTIONS 24

typedef struct
{
  const TgFormula *written;
  GPtrArray       *candidates; /* TgFormula */
  TgSample        *sample;
  double          *truth;
  double          *errors;     /* [candidate * N_POINTS + point] */
} Table;

typedef struct
{
  TgFormula *formula;
  double     values[N_POINTS];
} Pivot;

/* Branches along one pivot: from what place on which candidate. */
typedef struct
{
  const Pivot *pivot;
  guint        n_known;
  guint        points[N_POINTS]; /* where the truth is known, in the order of the pivot */
  guint        n_branches;
  guint        starts[MAX_BRANCHES];
  guint        chosen[MAX_BRANCHES];
  double       error; /* the sum */
} Plan;

/* The least sum of errors of the first points in so many branches, and where the last starts. */
typedef struct
{
  double error[N_POINTS + 1];
  guint  start[N_POINTS + 1];
  guint  chosen[N_POINTS + 1];
} Row;

static void
pivot_free (Pivot *self)
{
  tg_formula_free (self->formula);
  g_free (self);
}

static void
compute_last (const TgFormula *formula,
              const TgSample  *sample,
              double          *results)
{
  guint last = formula->items->len - 1;
  g_autofree double *values = g_new (double, formula->items->len * sample->n_points);

  tg_formula_compute (formula, sample, values);
  memcpy (results, &values[last * sample->n_points], sample->n_points * sizeof (double));
}

static void
fill_errors (Table *table)
{
  double values[N_POINTS];

  for (guint c = 0; c < table->candidates->len; c++)
    {
      compute_last (table->candidates->pdata[c], table->sample, values);
      for (guint p = 0; p < N_POINTS; p++)
        table->errors[c * N_POINTS + p]
          = tg_bits_between (table->written->dtype, values[p], table->truth[p]);
    }
}

/* What is not a number comes last, as comparisons have it. */
static int
compare_points (gconstpointer a,
                gconstpointer b,
                gpointer      data)
{
  const double *values = data;
  double first = values[*(const guint *) a], second = values[*(const guint *) b];

  if (isnan (first) || isnan (second))
    return (int) isnan (first) - (int) isnan (second);

  return (first > second) - (first < second);
}

static void
sort_points (const Table *table,
             Plan        *plan)
{
  plan->n_known = 0;
  for (guint p = 0; p < N_POINTS; p++)
    {
      if (!isnan (table->truth[p]))
        plan->points[plan->n_known++] = p;
    }

  g_qsort_with_data (plan->points, (int) plan->n_known, sizeof (guint), compare_points,
                     (gpointer) plan->pivot->values);
}

/* Sums of the errors of each candidate up to each place: [candidate * (N_POINTS + 1) + place]. */
static double *
sum_errors (const Table *table,
            const Plan  *plan)
{
  double *sums = g_new (double, table->candidates->len * (N_POINTS + 1));

  for (guint c = 0; c < table->candidates->len; c++)
    {
      double *sum = &sums[c * (N_POINTS + 1)];

      sum[0] = 0;
      for (guint i = 0; i < plan->n_known; i++)
        sum[i + 1] = sum[i] + table->errors[c * N_POINTS + plan->points[i]];
    }

  return sums;
}

/* Whether a comparison of the pivot can tell the points at a place from those before. */
static gboolean
can_cut (const Plan *plan,
         guint       place)
{
  const double *values = plan->pivot->values;

  return values[plan->points[place - 1]] < values[plan->points[place]];
}

/* Adds a last branch to what a row has, in the best way for each number of points. */
static void
add_branch (const Table  *table,
            const Plan   *plan,
            const double *sums,
            const Row    *before,
            Row          *row)
{
  for (guint stop = 0; stop <= plan->n_known; stop++)
    row->error[stop] = INFINITY;

  for (guint start = 0; start < plan->n_known; start++)
    {
      if (start == 0 ? before != NULL : before == NULL || !can_cut (plan, start))
        continue;

      for (guint c = 0; c < table->candidates->len; c++)
        {
          const double *sum = &sums[c * (N_POINTS + 1)];
          double base = (before != NULL ? before->error[start] : 0) - sum[start];

          for (guint stop = start + MIN_LENGTH; stop <= plan->n_known; stop++)
            {
              if (base + sum[stop] < row->error[stop])
                {
                  row->error[stop] = base + sum[stop];
                  row->start[stop] = start;
                  row->chosen[stop] = c;
                }
            }
        }
    }
}

/* Finds the best branches along a pivot. */
static void
make_plan (const Table *table,
           Plan        *plan)
{
  g_autofree Row *rows = g_new (Row, MAX_BRANCHES);
  g_autofree double *sums = NULL;
  guint stop;

  sort_points (table, plan);
  sums = sum_errors (table, plan);
  stop = plan->n_known;
  plan->n_branches = 1;
  for (guint n = 0; n < MAX_BRANCHES; n++)
    {
      add_branch (table, plan, sums, n > 0 ? &rows[n - 1] : NULL, &rows[n]);
      if (rows[n].error[stop] < rows[plan->n_branches - 1].error[stop]
                                - MIN_GAIN * (n + 1 - plan->n_branches) * stop)
        plan->n_branches = n + 1;
    }

  plan->error = rows[plan->n_branches - 1].error[stop];
  for (guint n = plan->n_branches; n > 0 && isfinite (plan->error); n--)
    {
      plan->starts[n - 1] = rows[n - 1].start[stop];
      plan->chosen[n - 1] = rows[n - 1].chosen[stop];
      stop = plan->starts[n - 1];
    }
}

/* Which of two candidates is better at a point; FALSE where that is not known. */
static gboolean
compare_at (const TgFormula *written,
            const TgSample  *point,
            const TgFormula *first,
            const TgFormula *second,
            gboolean        *is_first_better)
{
  double truth, value, errors[2];
  const TgFormula *formulas[] = { first, second };

  truth = tg_formula_find_truth (written, point, 0);
  if (isnan (truth))
    return FALSE;

  for (guint i = 0; i < 2; i++)
    {
      compute_last (formulas[i], point, &value);
      errors[i] = tg_bits_between (written->dtype, value, truth);
    }
  *is_first_better = errors[0] <= errors[1];

  return TRUE;
}

/* Half way between two points, evenly over the binades. */
static void
find_middle (const TgSample *a,
             const TgSample *b,
             TgSample       *middle)
{
  for (guint i = 0; i < middle->n_leaves; i++)
    {
      double size = sqrt (fabs (a->values[i])) * sqrt (fabs (b->values[i]));

      middle->values[i] = copysign (size, b->values[i]);
      if (middle->dtype == TG_DTYPE_FLOAT32)
        middle->values[i] = (double) (float) middle->values[i];
    }
}

/* Where one branch ends and the next one begins: 0 if it is between, or found by bisection on the
 * way from a point of one to a point of the other. */
static double
find_threshold (const Table *table,
                const Plan  *plan,
                guint        branch)
{
  guint ends[] = { plan->points[plan->starts[branch] - 1], plan->points[plan->starts[branch]] };
  double low = plan->pivot->values[ends[0]], high = plan->pivot->values[ends[1]], value;
  TgSample *points[3];

  if (low <= 0 && high >= 0)
    return 0;

  for (guint i = 0; i < 3; i++)
    {
      points[i] = tg_sample_new (table->written->dtype, table->written->n_leaves, 1);
      for (guint k = 0; i < 2 && k < table->written->n_leaves; k++)
        points[i]->values[k] = tg_sample_get (table->sample, k, ends[i]);
    }

  for (guint i = 0; i < MAX_BISECTIONS && fabs (high - low) > 0.01 * fabs (low); i++)
    {
      gboolean is_first_better;

      find_middle (points[0], points[1], points[2]);
      compute_last (plan->pivot->formula, points[2], &value);
      if (!(value > low && value < high)
          || !compare_at (table->written, points[2],
                          table->candidates->pdata[plan->chosen[branch - 1]],
                          table->candidates->pdata[plan->chosen[branch]], &is_first_better))
        break;

      *(is_first_better ? &low : &high) = value;
      memcpy (points[is_first_better ? 0 : 1]->values, points[2]->values,
              table->written->n_leaves * sizeof (double));
    }

  for (guint i = 0; i < 3; i++)
    tg_sample_free (points[i]);

  return table->written->dtype == TG_DTYPE_FLOAT32 ? (double) (float) high : high;
}

static TgFormula *
build (const Table *table,
       const Plan  *plan)
{
  TgFormula *formula = tg_formula_new (table->written->dtype, table->written->n_leaves);
  guint last = plan->n_branches - 1;
  guint result = tg_formula_append (formula, table->candidates->pdata[plan->chosen[last]]);

  while (last > 0)
    {
      guint inputs[3], threshold;

      threshold = tg_formula_add_number (formula, find_threshold (table, plan, last));
      last--;
      inputs[1] = tg_formula_append (formula, table->candidates->pdata[plan->chosen[last]]);
      inputs[0] = tg_formula_append (formula, plan->pivot->formula);
      inputs[0] = tg_formula_add_binary (formula, TG_OP_LESS, inputs[0], threshold);
      inputs[2] = result;
      result = tg_formula_add_apply (formula, TG_OP_WHERE, inputs, 3);
    }

  return formula;
}

/* Adds a formula as a pivot, and its magnitude where it has both signs, unless there is one that
 * has the same values.  Takes the formula. */
static void
add_pivot (const Table *table,
           TgFormula   *formula,
           GPtrArray   *pivots)
{
  Pivot *pivot = g_new (Pivot, 1);
  gboolean is_negative = FALSE, is_positive = FALSE, is_new = pivots->len < MAX_PIVOTS;

  pivot->formula = formula;
  if (is_new)
    compute_last (formula, table->sample, pivot->values);
  for (guint i = 0; i < pivots->len && is_new; i++)
    {
      const Pivot *other = pivots->pdata[i];

      is_new = memcmp (pivot->values, other->values, sizeof pivot->values) != 0;
    }

  if (!is_new)
    {
      pivot_free (pivot);
      return;
    }

  g_ptr_array_add (pivots, pivot);
  for (guint p = 0; p < N_POINTS; p++)
    {
      is_negative |= pivot->values[p] < 0;
      is_positive |= pivot->values[p] > 0;
    }

  if (is_negative && is_positive)
    {
      TgFormula *magnitude = tg_formula_copy (formula);
      guint last = magnitude->items->len - 1;

      tg_formula_add_apply (magnitude, TG_OP_ABS, &last, 1);
      add_pivot (table, magnitude, pivots);
    }
}

/* Leaves, or else operators, that are parts of a formula. */
static void
add_parts (const Table     *table,
           const TgFormula *formula,
           TgFormulaKind    kind,
           GPtrArray       *pivots)
{
  for (guint i = 0; i + 1 < formula->items->len; i++)
    {
      if (tg_formula_get (formula, i)->kind == kind)
        add_pivot (table, tg_formula_new_part (formula, i), pivots);
    }
}

/* How two leaves compare in size. */
static void
add_quotients (const Table *table,
               GPtrArray   *pivots)
{
  guint n_leaves = MIN (table->written->n_leaves, MAX_LEAVES);

  for (guint i = 0; i < n_leaves; i++)
    {
      for (guint k = 0; k < i; k++)
        {
          TgFormula *quotient = tg_formula_new (table->written->dtype, table->written->n_leaves);
          guint first = tg_formula_add_leaf (quotient, i);

          tg_formula_add_binary (quotient, TG_OP_DIVIDE, first, tg_formula_add_leaf (quotient, k));
          add_pivot (table, quotient, pivots);
        }
    }
}

/* The simplest come first. */
static GPtrArray *
list_pivots (const Table *table)
{
  GPtrArray *pivots = g_ptr_array_new_with_free_func ((GDestroyNotify) pivot_free);

  add_parts (table, table->written, TG_FORMULA_LEAF, pivots);
  add_quotients (table, pivots);
  add_parts (table, table->written, TG_FORMULA_APPLY, pivots);
  for (guint i = 0; i < table->candidates->len; i++)
    add_parts (table, table->candidates->pdata[i], TG_FORMULA_APPLY, pivots);

  return pivots;
}

TgFormula *
tg_search_branch (const TgFormula *written,
                  const TgRange   *ranges,
                  GPtrArray       *candidates)
{
  g_autofree double *truth = g_new (double, N_POINTS);
  g_autofree double *errors = g_new (double, candidates->len * N_POINTS);
  g_autoptr (TgSample) sample = tg_sample_new (written->dtype, written->n_leaves, N_POINTS);
  g_autoptr (GPtrArray) pivots = NULL;
  Table table = { written, candidates, sample, truth, errors };
  Plan best = { .error = INFINITY };

  tg_search_draw_known (written, ranges, SEED_BRANCH, N_POINTS, TG_REACH_ALL, sample, truth);
  fill_errors (&table);
  pivots = list_pivots (&table);
  for (guint i = 0; i < pivots->len; i++)
    {
      Plan plan = { .pivot = pivots->pdata[i] };

      make_plan (&table, &plan);
      if (plan.error < best.error - MIN_PIVOT_GAIN * plan.n_known || !isfinite (best.error))
        best = plan;
    }

  return isfinite (best.error) ? build (&table, &best) : NULL;
}
