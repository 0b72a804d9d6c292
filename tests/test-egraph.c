/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the search among equal forms finds for formulas that lose accuracy as
 * people write them, against MPFR.
 */

#include <tg.h>

#include "search-problems.h"

#include "tg-egraph-private.h"

/* Points by which false equalities are refused, and others at which none may be left. */
#define N_SEEN 12
#define N_UNSEEN 3
#define CHECK_PRECISION 6000

static void
solve (const Problem *problem,
       gboolean       is_thorough)
{
  g_autoptr (GPtrArray) rules = list_rules ();
  g_autoptr (TgFormula) written = parse (problem->text);
  g_autoptr (TgFormula) found = NULL;
  g_autofree char *text = NULL;
  TgSearchResult result;
  gint64 start = g_get_monotonic_time ();

  found = tg_search_formula (written, problem->ranges, rules, TRUE, is_thorough,
                             &result);
  text = found != NULL ? tg_formula_to_string (found) : g_strdup ("nothing");
  g_test_message ("%s: %.1f to %.1f bits, %u nodes, %u false, %.1f ms: %s", problem->text,
                  result.before, result.after, result.n_nodes, result.n_false,
                  (double) (g_get_monotonic_time () - start) / 1000, text);
  g_assert_cmpfloat (result.after, <=, 2);
}

static void
test_problem (gconstpointer data)
{
  solve (data, FALSE);
}

static void
test_hard_problem (gconstpointer data)
{
  solve (data, TRUE);
}

/* A member of a class at a point, of what other classes are there. */
static void
find_real (const TgENode  *node,
           const TgSample *sample,
           guint           point,
           const TgReal   *reals,
           TgReal         *real)
{
  const TgReal *inputs[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < node->n_inputs; i++)
    inputs[i] = &reals[node->inputs[i]];

  if (node->kind == TG_FORMULA_LEAF)
    tg_real_set_double (real, tg_sample_get (sample, node->leaf, point));
  else if (node->kind == TG_FORMULA_NUMBER)
    tg_real_set_double (real, node->number);
  else
    tg_real_apply (node->op, real, inputs);
}

/* Computes each class by the first of its members that is a number, and holds the others against
 * that; how many were. */
static guint
check_classes (const TgEGraph *graph,
               const TgSample *sample,
               guint           point,
               const char     *text)
{
  g_autofree TgReal *reals = g_new (TgReal, graph->classes->len);
  guint n_checked = 0, n_known = 0, n_before;
  TgReal real;

  for (guint i = 0; i < graph->classes->len; i++)
    tg_real_init (&reals[i], CHECK_PRECISION);
  tg_real_init (&real, CHECK_PRECISION);

  do
    {
      n_before = n_known;
      for (guint i = 0; i < graph->nodes->len; i++)
        {
          const TgENode *node = tg_egraph_get_node (graph, i);

          if (node->is_dropped || reals[node->class].error != TG_REAL_UNKNOWN)
            continue;

          find_real (node, sample, point, reals, &reals[node->class]);
          n_known += reals[node->class].error != TG_REAL_UNKNOWN;
        }
    }
  while (n_known > n_before);

  for (guint i = 0; i < graph->nodes->len; i++)
    {
      const TgENode *node = tg_egraph_get_node (graph, i);

      if (node->is_dropped)
        continue;

      find_real (node, sample, point, reals, &real);
      if (real.error == TG_REAL_UNKNOWN || reals[node->class].error == TG_REAL_UNKNOWN)
        continue;

      if (!tg_real_may_equal (&real, &reals[node->class]))
        g_test_message ("%s: %s, made by %s", text, tg_ops[node->op].name,
                        node->rule != NULL ? node->rule->name : "nobody");
      g_assert_true (tg_real_may_equal (&real, &reals[node->class]));
      n_checked++;
    }

  for (guint i = 0; i < graph->classes->len; i++)
    tg_real_clear (&reals[i]);
  tg_real_clear (&real);

  return n_checked;
}

/* At full size no e-graph has forms in one class that are not equal, at points that it has not
 * seen, in so many bits that nothing is lost. */
static void
test_equalities (gconstpointer data)
{
  const Problem *problem = data;
  g_autoptr (GPtrArray) rules = list_rules ();
  g_autoptr (TgFormula) written = parse (problem->text);
  g_autoptr (TgSample) sample = tg_sample_new_drawn (problem->ranges, 3, TG_DTYPE_FLOAT64, 1,
                                                     N_SEEN);
  g_autoptr (TgSample) unseen = tg_sample_new_drawn (problem->ranges, 3, TG_DTYPE_FLOAT64, 5,
                                                     N_UNSEEN);
  g_autoptr (TgEGraph) graph = NULL;
  mpfr_prec_t precisions[N_SEEN];
  guint n_checked = 0;

  for (guint i = 0; i < N_SEEN; i++)
    precisions[i] = 640;

  graph = tg_egraph_new (TG_DTYPE_FLOAT64, sample, precisions, problem->ranges, 1000);
  tg_egraph_add_formula (graph, written, NULL);
  tg_egraph_rebuild (graph);
  tg_egraph_add_rational (graph, FALSE);
  while (tg_egraph_grow (graph, rules) && graph->n_live < 800)
    continue;

  for (guint i = 0; i < N_UNSEEN; i++)
    n_checked += check_classes (graph, unseen, i, problem->text);
  g_test_message ("%s: %u nodes, %u false, %u checked", problem->text, graph->n_live,
                  graph->n_false, n_checked);
  g_assert_cmpuint (n_checked, >, graph->n_live);
  g_assert_cmpuint (graph->n_false, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_set_nonfatal_assertions ();

  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      g_autofree char *path = g_strdup_printf ("/egraph/problem/%u", i);

      g_autofree char *equalities = g_strdup_printf ("/egraph/equalities/%u", i);

      g_test_add_data_func (path, &problems[i], test_problem);
      g_test_add_data_func (equalities, &problems[i], test_equalities);
    }

  for (guint i = 0; i < G_N_ELEMENTS (hard_problems); i++)
    {
      g_autofree char *path = g_strdup_printf ("/egraph/hard-problem/%u", i);

      g_test_add_data_func (path, &hard_problems[i], test_hard_problem);
    }

  return g_test_run ();
}
