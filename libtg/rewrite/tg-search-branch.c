/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

#define N_POINTS 96
#define SEED_BRANCH 4
#define MAX_BRANCHES 3

/* What one more branch must gain at the mean, in bits. */
#define MIN_GAIN 0.5

#define MAX_BISECTIONS 24

typedef struct
{
  GPtrArray *candidates; /* TgFormula */
  TgSample  *sample;
  double    *truth;
  double    *errors;     /* [candidate * N_POINTS + place] */
  guint      leaf;
  guint      n_known;
  guint      points[N_POINTS]; /* where the truth is known, in the order of the leaf */
} Table;

/* Branches along one leaf: from what place on which candidate. */
typedef struct
{
  guint  leaf;
  guint  n_branches;
  guint  starts[MAX_BRANCHES];
  guint  chosen[MAX_BRANCHES];
  double error; /* the sum */
} Plan;

static double
get_value (const Table *table,
           guint        place)
{
  return tg_sample_get (table->sample, table->leaf, table->points[place]);
}

static int
compare_points (gconstpointer a,
                gconstpointer b,
                gpointer      data)
{
  const Table *table = data;
  double first = tg_sample_get (table->sample, table->leaf, *(const guint *) a);
  double second = tg_sample_get (table->sample, table->leaf, *(const guint *) b);

  return (first > second) - (first < second);
}

static void
fill_table (Table *table,
            guint  leaf)
{
  table->leaf = leaf;
  table->n_known = 0;
  for (guint p = 0; p < N_POINTS; p++)
    {
      if (!isnan (table->truth[p]))
        table->points[table->n_known++] = p;
    }

  g_qsort_with_data (table->points, (int) table->n_known, sizeof (guint), compare_points, table);
  for (guint c = 0; c < table->candidates->len; c++)
    {
      const TgFormula *formula = table->candidates->pdata[c];
      guint last = formula->items->len - 1;
      g_autofree double *values = g_new (double, formula->items->len * N_POINTS);

      tg_formula_compute (formula, table->sample, values);
      for (guint i = 0; i < table->n_known; i++)
        table->errors[c * N_POINTS + i]
          = tg_bits_between (formula->dtype, values[last * N_POINTS + table->points[i]],
                             table->truth[table->points[i]]);
    }
}

/* The candidate that has the least error from one place up to another. */
static double
find_best (const Table *table,
           guint        start,
           guint        stop,
           guint       *chosen)
{
  double least = INFINITY;

  for (guint c = 0; c < table->candidates->len; c++)
    {
      double sum = 0;

      for (guint i = start; i < stop; i++)
        sum += table->errors[c * N_POINTS + i];
      if (sum < least)
        {
          least = sum;
          *chosen = c;
        }
    }

  return least;
}

/* Adds one more branch where it gains most; whether it gains enough. */
static gboolean
split (const Table *table,
       Plan        *plan)
{
  Plan best = *plan;

  for (guint cut = 1; cut < table->n_known; cut++)
    {
      Plan next = { .leaf = plan->leaf, .n_branches = plan->n_branches + 1 };
      guint place = 0;

      for (guint i = 0; i < plan->n_branches; i++)
        {
          if (place == i && cut < plan->starts[i])
            next.starts[place++] = cut;
          next.starts[place++] = plan->starts[i];
        }
      if (place < next.n_branches)
        next.starts[place] = cut;

      for (guint i = 0; i < next.n_branches; i++)
        next.error += find_best (table, next.starts[i],
                                 i + 1 < next.n_branches ? next.starts[i + 1] : table->n_known,
                                 &next.chosen[i]);
      if (next.error < best.error)
        best = next;
    }

  if (best.error > plan->error - MIN_GAIN * table->n_known)
    return FALSE;

  *plan = best;

  return TRUE;
}

/* Which of two candidates is better where the leaf is `number`, all else as at a point. */
static gboolean
is_first_better (const Table     *table,
                 const TgFormula *written,
                 guint            point,
                 double           number,
                 const TgFormula *first,
                 const TgFormula *second)
{
  g_autoptr (TgSample) sample = tg_sample_new (written->dtype, written->n_leaves, 1);
  g_autofree double *values = g_new (double, MAX (first->items->len, second->items->len));
  double truth, errors[2];
  const TgFormula *formulas[] = { first, second };

  for (guint i = 0; i < written->n_leaves; i++)
    sample->values[i] = i == table->leaf ? number : tg_sample_get (table->sample, i, point);

  tg_formula_find_truth (written, sample, &truth);
  for (guint i = 0; i < 2; i++)
    {
      tg_formula_compute (formulas[i], sample, values);
      errors[i] = tg_bits_between (written->dtype, values[formulas[i]->items->len - 1], truth);
    }

  return errors[0] <= errors[1];
}

/* Where one branch ends and the next one begins: 0 if it is between, or found by bisection, evenly
 * over the binades. */
static double
find_threshold (const Table     *table,
                const TgFormula *written,
                guint            start,
                const TgFormula *first,
                const TgFormula *second)
{
  double low = get_value (table, start - 1), high = get_value (table, start);

  if (low <= 0 && high >= 0)
    return 0;

  for (guint i = 0; i < MAX_BISECTIONS && fabs (high - low) > 0.01 * fabs (low); i++)
    {
      double middle = low > 0 ? sqrt (low) * sqrt (high) : -sqrt (-low) * sqrt (-high);

      if (is_first_better (table, written, table->points[start], middle, first, second))
        low = middle;
      else
        high = middle;
    }

  return written->dtype == TG_DTYPE_FLOAT32 ? (double) (float) high : high;
}

static TgFormula *
build (const Table     *table,
       const TgFormula *written,
       const Plan      *plan)
{
  TgFormula *formula = tg_formula_new (written->dtype, written->n_leaves);
  guint last = plan->n_branches - 1;
  guint result = tg_formula_append (formula, table->candidates->pdata[plan->chosen[last]]);

  while (last > 0)
    {
      double threshold = find_threshold (table, written, plan->starts[last],
                                         table->candidates->pdata[plan->chosen[last - 1]],
                                         table->candidates->pdata[plan->chosen[last]]);
      guint inputs[3], comparison[2];

      last--;
      inputs[1] = tg_formula_append (formula, table->candidates->pdata[plan->chosen[last]]);
      comparison[0] = tg_formula_add_leaf (formula, table->leaf);
      comparison[1] = tg_formula_add_number (formula, threshold);
      inputs[0] = tg_formula_add_apply (formula, TG_OP_LESS, comparison, 2);
      inputs[2] = result;
      result = tg_formula_add_apply (formula, TG_OP_WHERE, inputs, 3);
    }

  return formula;
}

TgFormula *
tg_search_branch (const TgFormula *written,
                  const TgRange   *ranges,
                  GPtrArray       *candidates)
{
  g_autoptr (TgSample) sample = tg_sample_new_drawn (ranges, written->n_leaves, written->dtype,
                                                     SEED_BRANCH, N_POINTS);
  g_autofree double *truth = g_new (double, N_POINTS);
  g_autofree double *errors = g_new (double, candidates->len * N_POINTS);
  Table table = { candidates, sample, truth, errors, 0, 0, { 0 } };
  Plan best = { .error = INFINITY };

  tg_formula_find_truth (written, sample, truth);
  for (guint leaf = 0; leaf < written->n_leaves; leaf++)
    {
      Plan plan = { .leaf = leaf, .n_branches = 1 };

      fill_table (&table, leaf);
      plan.error = find_best (&table, 0, table.n_known, &plan.chosen[0]);
      while (plan.n_branches < MAX_BRANCHES && split (&table, &plan))
        continue;
      if (plan.error < best.error)
        best = plan;
    }

  if (!isfinite (best.error))
    return NULL;

  fill_table (&table, best.leaf);

  return build (&table, written, &best);
}
