/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the search among equal forms finds for formulas that lose accuracy as
 * people write them, against MPFR.
 */

#include <tg.h>

#include "tg-egraph-private.h"
#include "tg-search-private.h"

typedef struct
{
  const char *text;
  TgRange     ranges[3]; /* of x, y and z */
} Problem;

/* Points by which false equalities are refused, and others at which none may be left. */
#define N_SEEN 12
#define N_UNSEEN 3
#define CHECK_PRECISION 6000

#define POSITIVE { 0, INFINITY, TRUE, FALSE }
#define ANY { -INFINITY, INFINITY, FALSE, FALSE }
#define BETWEEN(low, high) { low, high, FALSE, FALSE }

/* Those that come within 2 bits of the truth. */
static const Problem problems[] = {
  { "sqrt (x + 1) - sqrt (x)", { POSITIVE } },
  { "1 / (x + 1) - 1 / x", { POSITIVE } },
  { "1 / (x + 1) - 2 / x + 1 / (x - 1)", { BETWEEN (1.5, 1e6) } },
  { "(x + 1) * (x + 1) - x * x", { BETWEEN (1, 1e20) } },
  { "x / (x - y) - y / (x - y)", { POSITIVE, POSITIVE } },
  { "cbrt (x + 1) - cbrt (x)", { POSITIVE } },
  { "1 / sqrt (x) - 1 / sqrt (x + 1)", { POSITIVE } },
  { "log (x + 1) - log (x)", { POSITIVE } },
  { "atan (x + 1) - atan (x)", { POSITIVE } },
  { "tan (x + y) - tan (x)", { BETWEEN (-1, 1), BETWEEN (1e-12, 0.25) } },
  { "sin (x + y) - sin (x)", { BETWEEN (-10, 10), BETWEEN (1e-12, 1) } },
  { "cos (x + y) - cos (x)", { BETWEEN (-10, 10), BETWEEN (1e-12, 1) } },
  { "(1 - cos (x)) / sin (x)", { BETWEEN (1e-9, 1) } },
  { "(1 - cos (x)) / x ** 2", { BETWEEN (1e-9, 10) } },
  { "exp (x * y) - 1", { ANY, ANY } },
  { "(-y + sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (100, 1e6), BETWEEN (0.01, 1) } },
  { "x - sqrt (x * x - 1)", { BETWEEN (1, 1e9) } },
  { "1 - sqrt (1 - x * x)", { BETWEEN (-1, 1) } },
  { "(exp (x) - 1) / (exp (2 * x) - 1)", { BETWEEN (1e-12, 10) } },
  { "exp (x) - exp (-x)", { BETWEEN (-20, 20) } },
  { "exp (x) - 2 + exp (-x)", { BETWEEN (-20, 20) } },
  { "log (1 + x) - x", { BETWEEN (1e-9, 1) } },
  { "x - sin (x)", { BETWEEN (1e-6, 3) } },
  { "exp (x) - 1 - x", { BETWEEN (-1, 1) } },
  { "log (x / y)", { BETWEEN (1, 2), BETWEEN (1, 2) } },
  { "log (x) - log (y)", { BETWEEN (1, 2), BETWEEN (1, 2) } },
  { "sqrt (x * x + y * y)", { ANY, ANY } },
  { "sqrt (x * x + 1) - 1", { ANY } },
  { "sqrt (x * x + 1) - x", { POSITIVE } },
  { "x * x - y * y", { POSITIVE, POSITIVE } },
  { "log (1 - x) - log (1 + x)", { BETWEEN (-0.9, 0.9) } },
  { "log (sqrt (x * x + 1) + x)", { BETWEEN (-1e6, 1e6) } },
  { "log ((1 + x) / (1 - x)) / 2", { BETWEEN (-0.9, 0.9) } },
  { "exp (x) / (exp (x) - 1)", { BETWEEN (1e-9, 700) } },
  { "1 / (exp (x) - 1)", { BETWEEN (1e-9, 700) } },
  { "x ** y - 1", { BETWEEN (0.9, 1.1), BETWEEN (0.001, 1) } },
  { "(1 + x) ** y - 1", { BETWEEN (1e-9, 0.1), BETWEEN (1, 30) } },
  { "log (exp (x) - 1)", { BETWEEN (1e-9, 1000) } },
  { "log (exp (x) + exp (y))", { BETWEEN (-1000, 1000), BETWEEN (-1000, 1000) } },
  { "exp (x) / (1 + exp (x))", { BETWEEN (-1000, 1000) } },
  { "(exp (x) - exp (-x)) / (exp (x) + exp (-x))", { BETWEEN (-1000, 1000) } },
  { "log ((exp (x) + exp (-x)) / 2)", { BETWEEN (-1000, 1000) } },
};

/* What no one form has within 2 bits, but series and branches. */
static const Problem hard_problems[] = {
  { "log (1 + exp (-x)) - log (2)", { ANY } },
  { "(-y + sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (-1e6, 1e6), BETWEEN (0.01, 1) } },
  { "(-y - sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (-1e6, 1e6), BETWEEN (0.01, 1) } },
  { "x / sin (x) - 1", { BETWEEN (1e-9, 1) } },
  { "sin (x) / x - cos (x)", { BETWEEN (1e-9, 1) } },
  { "1 / log (1 + x) - 1 / x", { BETWEEN (1e-9, 1) } },
};

static GPtrArray *
list_rules (void)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };

  return tg_search_list_rules (&options);
}

static TgFormula *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  TgVariable *leaves[3];
  g_autoptr (TgVariable) variable = NULL;
  TgFormula *formula;
  static const char *const names[] = { "x", "y", "z" };

  for (guint i = 0; i < 3; i++)
    leaves[i] = tg_variable_new (names[i], TG_DTYPE_FLOAT64, 0);

  variable = tg_parse (text, leaves, 3, &error);
  g_assert_no_error (error);
  formula = tg_formula_new_from_variable (variable, leaves, 3);
  g_assert_nonnull (formula);
  for (guint i = 0; i < 3; i++)
    g_object_unref (leaves[i]);

  return formula;
}

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
  tg_egraph_add_rational (graph);
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
