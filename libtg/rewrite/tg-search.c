/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

#include "tg-egraph-private.h"

/* Of the e-graph: beyond that, more nodes find hardly anything more. */
#define MAX_NODES 1000
#define MAX_ROUNDS 8

/* Points by which a form is chosen, and others by which the choice is judged. */
#define N_POINTS 24
#define N_FRESH 32
#define MAX_DRAWN 96

/* Besides, points where forms have poles that what is written may not have. */
#define MAX_CORNERS 24
#define SEED_CHOICE 1
#define SEED_FRESH 2

/* Of the points, so many at most may need a higher precision, which is slow. */
static const struct
{
  mpfr_prec_t precision;
  guint       max_points;
} levels[] = { { 192, N_POINTS }, { 640, 8 }, { 2400, 2 } };

/* Forms of the whole that are judged, and leaves along which there may be branches. */
#define MAX_CANDIDATES 6
#define MAX_REGIONAL 3

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

/* Who gains so much may be wrong by one bit more at some point: the sum of some roundings is. */
#define LARGE_GAIN 3

typedef struct
{
  double *errors; /* at each point; nan where there is no truth, at corners infinite or 0 */
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

      if (p >= N_FRESH)
        {
          self->errors[p] = isnan (values[last * n_points + p]) ? INFINITY : 0;
          continue;
        }

      self->errors[p] = tg_bits_between (formula->dtype, values[last * n_points + p], truth[p]);
      self->worst = MAX (self->worst, self->errors[p]);
      sum += self->errors[p];
      self->n_known++;
    }

  self->mean = self->n_known > 0 ? sum / self->n_known : 0;
}

static gboolean
may_be (const TgRange *range,
        double         value)
{
  return value >= range->low && value <= range->high && !(value == 0 && range->is_nonzero);
}

/* Points by which forms are judged: fresh ones, and then the same with one leaf, or all, at 0, 1
 * and -1, where the conditions of rules do not hold, and at 1000, where powers overflow. */
static TgSample *
draw_fresh (const TgFormula *written,
            const TgRange   *ranges)
{
  static const double special[] = { 0, 1, -1, 1000 };
  guint n_leaves = written->n_leaves;
  guint n_corners = MIN ((guint) G_N_ELEMENTS (special) * (n_leaves + 1), MAX_CORNERS);
  TgSample *self = tg_sample_new (written->dtype, n_leaves, N_FRESH + n_corners);
  g_autofree double *point = g_new (double, n_leaves + 1);

  for (guint i = 0; i < self->n_points; i++)
    {
      guint corner = i - N_FRESH, leaf = corner / G_N_ELEMENTS (special);

      tg_sample_draw (ranges, n_leaves, written->dtype, SEED_FRESH, i % N_FRESH, point);
      for (guint k = 0; i >= N_FRESH && k < n_leaves; k++)
        {
          double value = special[corner % G_N_ELEMENTS (special)];

          if ((leaf == 0 || leaf == k + 1) && may_be (&ranges[k], value))
            point[k] = value;
        }
      tg_sample_set (self, i, point);
    }

  return self;
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

/* Finds a point's level: the first precision that settles what is written. */
static gboolean
settle_point (const TgFormula *written,
              const TgSample  *drawn,
              guint            point,
              TgReal          *reals,
              guint           *level)
{
  guint n_items = written->items->len;
  guint n_levels = tg_formula_is_slow (written) ? 1 : G_N_ELEMENTS (levels);
  gboolean is_settled = FALSE;
  double truth;

  for (*level = 0; *level < n_levels && !is_settled; *level += !is_settled)
    {
      tg_formula_compute_reals (written, drawn, point, levels[*level].precision, reals);
      is_settled = tg_real_round (&reals[n_items - 1], written->dtype, &truth)
                   && isfinite (truth);
      for (guint i = 0; i < n_items; i++)
        tg_real_clear (&reals[i]);
      if (is_settled)
        break;
    }

  return is_settled;
}

/* Points at which the truth is known; NULL where there are too few. */
static TgSample *
choose_points (const TgFormula *written,
               const TgRange   *ranges,
               mpfr_prec_t     *precisions)
{
  g_autoptr (TgSample) drawn = tg_sample_new_drawn (ranges, written->n_leaves, written->dtype,
                                                    SEED_CHOICE, MAX_DRAWN);
  g_autoptr (TgSample) sample = tg_sample_new (written->dtype, written->n_leaves, N_POINTS);
  g_autofree TgReal *reals = g_new (TgReal, written->items->len);
  guint n_chosen = 0, used[G_N_ELEMENTS (levels)] = { 0, };

  for (guint i = 0; i < MAX_DRAWN && n_chosen < N_POINTS; i++)
    {
      guint level;

      if (!settle_point (written, drawn, i, reals, &level)
          || used[level] >= levels[level].max_points)
        continue;

      used[level]++;
      precisions[n_chosen] = levels[level].precision;
      for (guint k = 0; k < sample->n_leaves; k++)
        sample->values[k * N_POINTS + n_chosen] = tg_sample_get (drawn, k, i);
      n_chosen++;
    }

  if (n_chosen < 4)
    return NULL;

  /* The rest are points again that are there: they weigh more then. */
  for (guint i = n_chosen; i < N_POINTS; i++)
    {
      precisions[i] = precisions[i - n_chosen];
      for (guint k = 0; k < sample->n_leaves; k++)
        sample->values[k * N_POINTS + i] = sample->values[k * N_POINTS + i - n_chosen];
    }

  return g_steal_pointer (&sample);
}

static gboolean
has_poles (const Measured *before,
           const Measured *after,
           guint           n_points)
{
  for (guint p = N_FRESH; p < n_points; p++)
    {
      if (before->errors[p] == 0 && after->errors[p] > 0)
        return TRUE;
    }

  return FALSE;
}

/* The form, but what is written where that is nan: a number must not become nan. */
static TgFormula *
guard (const TgFormula *written,
       const TgFormula *form)
{
  TgFormula *self = tg_formula_copy (form);
  guint last = form->items->len - 1;
  guint comparison[] = { last, last };
  guint condition = tg_formula_add_apply (self, TG_OP_EQUAL, comparison, 2);
  guint other = tg_formula_append (self, written);
  guint inputs[] = { condition, last, other };

  tg_formula_add_apply (self, TG_OP_WHERE, inputs, 3);

  return self;
}

/* Measures the form, which is guarded where it needs to be. */
static void
measure_guarded (Measured         *self,
                 TgFormula       **form,
                 const TgFormula  *written,
                 const TgSample   *fresh,
                 const double     *truth,
                 const Measured   *before)
{
  TgFormula *guarded;

  measure (self, *form, fresh, truth);
  if (!has_poles (before, self, fresh->n_points))
    return;

  guarded = guard (written, *form);
  tg_formula_free (*form);
  *form = guarded;
  measured_clear (self);
  measure (self, *form, fresh, truth);
}

/* Whether a form is better than what is written, and nowhere worse where that is right. */
static gboolean
is_accepted (const Measured *before,
             const Measured *after,
             guint           n_points)
{
  double allowed;

  if (after->n_known == 0 || after->mean > before->mean - MIN_GAIN)
    return FALSE;

  allowed = before->mean - after->mean > LARGE_GAIN ? RIGHT + 1 : RIGHT;
  for (guint p = 0; p < n_points; p++)
    {
      if (before->errors[p] <= RIGHT && after->errors[p] > before->errors[p] + MAX_LOSS
          && after->errors[p] > allowed)
        return FALSE;
    }

  return TRUE;
}

/* The best of the forms of a class, judged at fresh points. */
static TgFormula *
pick_candidate (TgEGraph        *graph,
                guint16          root,
                const TgFormula *written,
                const TgSample  *fresh,
                const double    *truth,
                const Measured  *before,
                double          *error)
{
  guint16 nodes[MAX_CANDIDATES];
  guint n_nodes = tg_egraph_rank (graph, root, nodes, MAX_CANDIDATES);
  g_autoptr (TgFormula) best = NULL;
  double best_cost = 0;

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autoptr (TgFormula) candidate = tg_egraph_extract (graph, nodes[i]);
      g_auto (Measured) after;
      double cost;

      measure_guarded (&after, &candidate, written, fresh, truth, before);
      cost = tg_formula_get_cost (candidate);
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
find_form (TgEGraph        *graph,
           GPtrArray       *rules,
           guint16          root,
           const TgFormula *written,
           const TgSample  *fresh,
           const double    *truth,
           const Measured  *before,
           double          *error)
{
  g_autoptr (TgFormula) best = NULL;
  gboolean has_changed = TRUE;

  for (guint round = 0; has_changed && round < MAX_ROUNDS; round++)
    {
      gboolean is_last;

      if (round == 1)
        tg_egraph_add_rational (graph);
      has_changed = tg_egraph_grow (graph, rules);
      tg_egraph_choose (graph);
      is_last = !has_changed || round == MAX_ROUNDS - 1;
      if (!is_last
          && tg_egraph_get_class (graph, tg_egraph_find (graph, root))->error > GOOD_CHOICE)
        continue;

      g_clear_pointer (&best, tg_formula_free);
      best = pick_candidate (graph, tg_egraph_find (graph, root), written, fresh, truth, before,
                             error);
      if (best != NULL && *error < GOOD_FRESH)
        break;
    }

  return g_steal_pointer (&best);
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  double first = *(const double *) a, second = *(const double *) b;

  return (first > second) - (first < second);
}

static double
find_median (const TgSample *sample,
             guint           leaf)
{
  double values[N_POINTS];

  for (guint p = 0; p < N_POINTS; p++)
    values[p] = tg_sample_get (sample, leaf, p);
  qsort (values, N_POINTS, sizeof (double), compare_numbers);

  return values[N_POINTS / 2];
}

/* Adds the forms that are best where a leaf is negative, or not, and below its median, or not: a
 * part may have to be another form in each of these. */
static void
add_regional (TgEGraph  *graph,
              guint16    root,
              guint      leaf,
              GPtrArray *candidates)
{
  const TgSample *sample = graph->sample;
  double middle = find_median (sample, leaf);

  for (guint i = 0; i < 4; i++)
    {
      const TgEClass *class = tg_egraph_get_class (graph, root);

      graph->counted = 0;
      for (guint p = 0; p < sample->n_points; p++)
        {
          gboolean is_below = tg_sample_get (sample, leaf, p) < (i < 2 ? 0 : middle);

          graph->counted |= (guint64) (is_below == (i % 2 == 0)) << p;
        }

      if (graph->counted == 0)
        continue;

      tg_egraph_choose (graph);
      if (class->best != TG_EGRAPH_NONE)
        g_ptr_array_add (candidates, tg_egraph_extract (graph, class->best));
    }

  graph->counted = G_MAXUINT64;
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
  guint16 nodes[MAX_CANDIDATES];
  guint n_nodes = tg_egraph_cover (graph, tg_egraph_find (graph, root), nodes, MAX_CANDIDATES);

  g_ptr_array_add (candidates, tg_formula_copy (written));
  if (best != NULL)
    g_ptr_array_add (candidates, tg_formula_copy (best));
  for (guint i = 0; i < n_nodes; i++)
    g_ptr_array_add (candidates, tg_egraph_extract (graph, nodes[i]));
  for (guint i = 0; i < written->n_leaves && i < MAX_REGIONAL; i++)
    add_regional (graph, tg_egraph_find (graph, root), i, candidates);
  tg_search_add_series (written, candidates);

  return tg_search_branch (written, ranges, candidates);
}

/* Whether a form is accepted, and better than what has the error so far. */
static gboolean
is_better (TgFormula       **form,
           const TgFormula  *written,
           const TgSample   *fresh,
           const double     *truth,
           const Measured   *before,
           double           *error)
{
  g_auto (Measured) after;

  measure_guarded (&after, form, written, fresh, truth, before);
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
  g_autoptr (TgSample) fresh = draw_fresh (written, ranges);
  g_autofree double *truth = g_new (double, fresh->n_points);
  g_autoptr (TgSample) sample = NULL;
  g_autoptr (TgEGraph) graph = NULL;
  g_autoptr (TgFormula) best = NULL;
  g_auto (Measured) before = { 0 };
  mpfr_prec_t precisions[N_POINTS];
  guint16 root;

  tg_formula_find_truth (written, fresh, truth);
  *result = (TgSearchResult) { 0 };
  if (needs_no_search (written, fresh, truth, &before))
    {
      result->before = result->after = before.mean;
      return NULL;
    }

  result->before = result->after = before.mean;
  sample = choose_points (written, ranges, precisions);
  if (sample == NULL)
    return NULL;

  graph = tg_egraph_new (written->dtype, sample, precisions, ranges, MAX_NODES);
  graph->may_assume = may_assume;
  root = tg_egraph_add_formula (graph, written, NULL);
  tg_egraph_rebuild (graph);
  best = find_form (graph, rules, root, written, fresh, truth, &before, &result->after);
  if (is_thorough && result->after > GOOD_FRESH)
    {
      g_autoptr (TgFormula) branched = find_branches (graph, root, written, ranges, best);

      if (branched != NULL && is_better (&branched, written, fresh, truth, &before,
                                             &result->after))
        {
          g_clear_pointer (&best, tg_formula_free);
          best = g_steal_pointer (&branched);
        }
    }

  result->n_nodes = graph->n_live;
  result->n_false = graph->n_false;

  return g_steal_pointer (&best);
}
