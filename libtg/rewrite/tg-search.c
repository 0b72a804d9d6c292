/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Of the e-graph: beyond that, more nodes find hardly anything more. */
#define MAX_NODES 1000
#define MAX_ROUNDS 8

/* Points by which a form is chosen, and others by which the choice is judged. */
#define N_POINTS 24
#define N_POINTS_THOROUGH 48
#define N_FRESH 32
#define N_FRESH_THOROUGH 64
#define SEED_CHOICE 1
#define SEED_FRESH 2

/* Forms of the whole that are judged. */
#define MAX_CANDIDATES 6

/* What is no worse than that, in bits, at all points needs no search. */
#define GOOD_MEAN 0.6
#define GOOD_WORST 3

/* So good a form, in bits, need not be searched any further. */
#define GOOD_CHOICE 0.7
#define GOOD_FRESH 1

/* What a change must gain in bits at the mean, and may lose at one point where what is written is
 * right. */
#define MIN_GAIN 0.5
#define MAX_LOSS 1
#define RIGHT 2

/* Who gains so much may be wrong by one bit more at some point: the sum of some roundings is; and
 * at one point of so many by more, where what is written may be right by chance. */
#define LARGE_GAIN 3
#define CHANCE 24
#define MAX_CHANCE 8

typedef struct
{
  double *errors; /* at each point; nan where there is no truth */
  double  mean;
  double  worst;
  guint   n_known;
} Measured;

static void
measured_clear (Measured *self)
{
  g_clear_pointer (&self->errors, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Measured, measured_clear)

static void
measure (Measured        *self,
         const TgFormula *formula,
         const TgSample  *sample,
         const double    *truth)
{
  guint n_points = sample->n_points, last = formula->items->len - 1;
  g_autofree double *values = g_new (double, formula->items->len * n_points);
  double sum = 0;

  *self = (Measured) { .errors = g_new (double, n_points) };
  tg_formula_compute (formula, sample, values);
  for (guint p = 0; p < n_points; p++)
    {
      self->errors[p] = NAN;
      if (isnan (truth[p]))
        continue;

      self->errors[p] = tg_bits_between (formula->dtype, values[last * n_points + p], truth[p]);
      self->worst = MAX (self->worst, self->errors[p]);
      sum += self->errors[p];
      self->n_known++;
    }

  self->mean = self->n_known > 0 ? sum / self->n_known : 0;
}

/* Whether the formula is right already, or nothing can be said of it. */
static gboolean
needs_no_search (const TgFormula *written,
                 const TgSample  *fresh,
                 const double    *truth,
                 Measured        *before)
{
  measure (before, written, fresh, truth);

  return before->n_known < 4 || (before->mean < GOOD_MEAN && before->worst < GOOD_WORST);
}

/* Whether a form is better than what is written, and nowhere worse where that is right. */
static gboolean
is_accepted (const Measured *before,
             const Measured *after,
             guint           n_points)
{
  guint n_worse = 0;
  double allowed;

  if (after->n_known == 0 || after->mean > before->mean - MIN_GAIN)
    return FALSE;

  allowed = before->mean - after->mean > LARGE_GAIN ? RIGHT + 1 : RIGHT;
  for (guint p = 0; p < n_points; p++)
    {
      if (before->errors[p] <= RIGHT && after->errors[p] > before->errors[p] + MAX_LOSS
          && after->errors[p] > allowed)
        {
          n_worse++;
          if (allowed == RIGHT || after->errors[p] > MAX_CHANCE)
            return FALSE;
        }
    }

  return n_worse * CHANCE <= after->n_known;
}

/* The best of the forms of a class, judged at fresh points. */
static TgFormula *
pick_candidate (TgEGraph       *graph,
                guint16         root,
                const TgSample *fresh,
                const double   *truth,
                const Measured *before,
                double         *error)
{
  guint16 nodes[MAX_CANDIDATES];
  guint n_nodes = tg_egraph_rank (graph, root, nodes, MAX_CANDIDATES);
  g_autoptr (TgFormula) best = NULL;
  double best_cost = 0;

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autoptr (TgFormula) candidate = tg_egraph_extract (graph, nodes[i]);
      double cost = tg_formula_get_cost (candidate);
      g_auto (Measured) after;

      measure (&after, candidate, fresh, truth);
      if (!is_accepted (before, &after, fresh->n_points))
        continue;

      if (best == NULL || after.mean < *error - 0.1
          || (after.mean < *error + 0.1 && cost < best_cost))
        {
          g_clear_pointer (&best, tg_formula_free);
          best = g_steal_pointer (&candidate);
          best_cost = cost;
          *error = after.mean;
        }
    }

  return g_steal_pointer (&best);
}

/* Applies rules until a form of the root is good, or there is nothing new. */
static TgFormula *
find_form (TgEGraph       *graph,
           GPtrArray      *rules,
           guint16         root,
           const TgSample *fresh,
           const double   *truth,
           const Measured *before,
           double         *error)
{
  g_autoptr (TgFormula) best = NULL;
  gboolean has_changed = TRUE;

  for (guint round = 0; has_changed && round < MAX_ROUNDS; round++)
    {
      gboolean is_last;

      if (round == 1 || round == 3)
        tg_egraph_add_rational (graph, round == 3);
      has_changed = tg_egraph_grow (graph, rules);
      tg_egraph_choose (graph);
      is_last = !has_changed || round == MAX_ROUNDS - 1;
      if (!is_last
          && tg_egraph_get_class (graph, tg_egraph_find (graph, root))->error > GOOD_CHOICE)
        continue;

      g_clear_pointer (&best, tg_formula_free);
      best = pick_candidate (graph, tg_egraph_find (graph, root), fresh, truth, before, error);
      if (best != NULL && *error < GOOD_FRESH)
        break;
    }

  return g_steal_pointer (&best);
}

/* Forms side by side, and series: what no one form has. */
static TgFormula *
find_branches (TgEGraph        *graph,
               guint16          root,
               const TgFormula *written,
               const TgRange   *ranges,
               const TgFormula *best)
{
  g_autoptr (GPtrArray) candidates = g_ptr_array_new_with_free_func (
    (GDestroyNotify) tg_formula_free);

  g_ptr_array_add (candidates, tg_formula_copy (written));
  if (best != NULL)
    g_ptr_array_add (candidates, tg_formula_copy (best));
  tg_search_add_forms (graph, tg_egraph_find (graph, root), candidates);
  tg_search_add_series (graph, tg_egraph_find (graph, root), candidates);
  tg_search_add_near (graph, tg_egraph_find (graph, root), written, candidates);

  return tg_search_branch (written, ranges, candidates);
}

/* Whether a form is accepted, and better than what has the error so far. */
static gboolean
is_better (const TgFormula *formula,
           const TgSample  *fresh,
           const double    *truth,
           const Measured  *before,
           double          *error)
{
  g_auto (Measured) after;

  measure (&after, formula, fresh, truth);
  if (!is_accepted (before, &after, fresh->n_points) || after.mean > *error - MIN_GAIN)
    return FALSE;

  *error = after.mean;

  return TRUE;
}

TgFormula *
tg_search_formula (const TgFormula *written,
                   const TgRange   *ranges,
                   GPtrArray       *rules,
                   gboolean         may_assume,
                   gboolean         is_thorough,
                   TgSearchResult  *result)
{
  guint n_points = is_thorough ? N_POINTS_THOROUGH : N_POINTS;
  guint n_fresh = is_thorough ? N_FRESH_THOROUGH : N_FRESH;
  g_autofree double *truth = g_new (double, n_fresh);
  g_autoptr (TgSample) fresh = tg_search_draw_known (written, ranges, SEED_FRESH, n_fresh, truth);
  g_autoptr (TgSample) sample = NULL;
  g_autoptr (TgEGraph) graph = NULL;
  g_autoptr (TgFormula) best = NULL;
  g_auto (Measured) before = { 0 };
  mpfr_prec_t precisions[N_POINTS_THOROUGH];
  guint16 root;

  *result = (TgSearchResult) { 0 };
  if (needs_no_search (written, fresh, truth, &before))
    {
      result->before = result->after = before.mean;
      return NULL;
    }

  result->before = result->after = before.mean;
  sample = tg_search_choose_points (written, ranges, SEED_CHOICE, n_points, precisions);
  if (sample == NULL)
    return NULL;

  graph = tg_egraph_new (written->dtype, sample, precisions, ranges, MAX_NODES);
  graph->may_assume = may_assume;
  root = tg_egraph_add_formula (graph, written, NULL);
  tg_egraph_rebuild (graph);
  best = find_form (graph, rules, root, fresh, truth, &before, &result->after);
  if (is_thorough && result->after > GOOD_FRESH)
    {
      g_autoptr (TgFormula) branched = find_branches (graph, root, written, ranges, best);

      if (branched != NULL && is_better (branched, fresh, truth, &before, &result->after))
        {
          g_clear_pointer (&best, tg_formula_free);
          best = g_steal_pointer (&branched);
        }
    }

  result->n_nodes = graph->n_live;
  result->n_false = graph->n_false;

  return g_steal_pointer (&best);
}
