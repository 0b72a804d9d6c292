/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-judge-private.h"
#include "tg-search-private.h"

/* Of the e-graph: beyond that, more nodes find hardly anything more, and take time; work that takes
 * some 10 ms, and so many times more. */
#define MAX_NODES 1000
#define MAX_WORK 60000
#define MAX_WORK_THOROUGH 600000
#define MAX_ROUNDS 8

/* Points by which a form is chosen, and others by which the choice is judged. */
#define N_POINTS 24
#define N_POINTS_THOROUGH 48
#define N_FRESH 32
#define N_FRESH_THOROUGH 64
#define SEED 1

/* Forms of the whole that are judged. */
#define MAX_CANDIDATES 6

/* So good a form, in bits, need not be searched any further. */
#define GOOD_CHOICE 0.7
#define GOOD_FRESH 1

/* What branches must gain, in bits, over the best form without. */
#define MIN_GAIN 0.5

/* The best of the forms of a class. */
static TgFormula *
pick_candidate (TgEGraph      *graph,
                guint16        root,
                const TgJudge *judge,
                double        *error)
{
  guint16 nodes[MAX_CANDIDATES];
  guint n_nodes = tg_egraph_rank (graph, root, nodes, MAX_CANDIDATES);
  g_autoptr (TgFormula) best = NULL;
  double best_cost = 0;

  for (guint i = 0; i < n_nodes; i++)
    {
      g_autoptr (TgFormula) candidate = tg_egraph_extract (graph, nodes[i]);
      double cost, own_error;

      if (!tg_judge_accepts (judge, &candidate, &own_error))
        continue;

      cost = tg_formula_get_cost (candidate);
      if (best == NULL || own_error < *error - 0.1
          || (own_error < *error + 0.1 && cost < best_cost))
        {
          g_clear_pointer (&best, tg_formula_free);
          best = g_steal_pointer (&candidate);
          best_cost = cost;
          *error = own_error;
        }
    }

  return g_steal_pointer (&best);
}

/* Applies rules until a form of the root is good, or there is nothing new. */
static TgFormula *
find_form (TgEGraph      *graph,
           GPtrArray     *rules,
           guint16        root,
           const TgJudge *judge,
           double        *error)
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
      best = pick_candidate (graph, tg_egraph_find (graph, root), judge, error);
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

TgFormula *
tg_search_formula (const TgFormula *written,
                   const TgRange   *ranges,
                   GPtrArray       *rules,
                   TgSearchFlags    flags,
                   TgSearchResult  *result)
{
  gboolean is_thorough = (flags & TG_SEARCH_IS_THOROUGH) != 0;
  guint n_points = is_thorough ? N_POINTS_THOROUGH : N_POINTS;
  TgReach reach = is_thorough ? TG_REACH_ALL : TG_REACH_USUAL;
  g_autoptr (TgSample) sample = NULL;
  g_autoptr (TgEGraph) graph = NULL;
  g_autoptr (TgFormula) best = NULL;
  g_auto (TgJudge) judge = { 0 };
  mpfr_prec_t precisions[N_POINTS_THOROUGH];
  guint16 root;

  tg_judge_init (&judge, written, ranges, is_thorough ? N_FRESH_THOROUGH : N_FRESH, reach);
  judge.spares_guards = (flags & TG_SEARCH_IS_FINAL) == 0;
  *result = (TgSearchResult) { .before = judge.before.mean, .after = judge.before.mean };
  if (tg_judge_is_good (&judge))
    return NULL;

  sample = tg_search_choose_points (written, ranges, SEED, n_points, reach, precisions);
  if (sample == NULL)
    return NULL;

  graph = tg_egraph_new (written->dtype, sample, precisions, ranges, MAX_NODES);
  graph->max_work = is_thorough ? MAX_WORK_THOROUGH : MAX_WORK;
  graph->may_assume = (flags & TG_SEARCH_MAY_ASSUME) != 0;
  root = tg_egraph_add_formula (graph, written, NULL);
  tg_egraph_rebuild (graph);
  tg_egraph_choose (graph);
  if (tg_egraph_get_class (graph, tg_egraph_find (graph, root))->error < MIN_GAIN)
    return NULL; /* By these points no form can be told to be better. */

  best = find_form (graph, rules, root, &judge, &result->after);
  if (is_thorough && result->after > GOOD_FRESH)
    {
      g_autoptr (TgFormula) branched = find_branches (graph, root, written, ranges, best);
      double error;

      if (branched != NULL && tg_judge_accepts (&judge, &branched, &error)
          && error <= result->after - MIN_GAIN)
        {
          g_clear_pointer (&best, tg_formula_free);
          best = g_steal_pointer (&branched);
          result->after = error;
        }
    }

  result->n_nodes = graph->n_live;
  result->n_false = graph->n_false;

  return g_steal_pointer (&best);
}
