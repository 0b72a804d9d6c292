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

/* Of the problems of the catalogue one in so many is checked, as it is written first, unless
 * TG_TEST_ALL is set. */
#define STRIDE 8
#define MAX_LEAVES 5
#define N_POINTS 24
#define SLOW_PRECISION 640

static void
solve (const Problem *problem,
       TgSearchFlags  flags)
{
  g_autoptr (GPtrArray) rules = list_rules ();
  g_autoptr (TgFormula) written = parse (problem->text);
  g_autoptr (TgFormula) found = NULL;
  g_autofree char *text = NULL;
  TgSearchResult result;
  gint64 start = g_get_monotonic_time ();

  found = tg_search_formula (written, problem->ranges, rules,
                             TG_SEARCH_MAY_ASSUME | TG_SEARCH_IS_FINAL | flags, &result);
  text = found != NULL ? tg_formula_to_string (found) : g_strdup ("nothing");
  g_test_message ("%s: %.1f to %.1f bits, %u nodes, %u false, %.1f ms: %s", problem->text,
                  result.before, result.after, result.n_nodes, result.n_false,
                  (double) (g_get_monotonic_time () - start) / 1000, text);
  g_assert_cmpfloat (result.after, <=, 2);
}

static void
test_problem (gconstpointer data)
{
  solve (data, 0);
}

static void
test_hard_problem (gconstpointer data)
{
  solve (data, TG_SEARCH_IS_THOROUGH);
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
               mpfr_prec_t     precision,
               const char     *text)
{
  g_autofree TgReal *reals = g_new (TgReal, graph->classes->len);
  guint n_checked = 0, n_known = 0, n_before;
  TgReal real;

  for (guint i = 0; i < graph->classes->len; i++)
    tg_real_init (&reals[i], precision);
  tg_real_init (&real, precision);

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
                                                     N_SEEN, TG_REACH_ALL);
  g_autoptr (TgSample) unseen = tg_sample_new_drawn (problem->ranges, 3, TG_DTYPE_FLOAT64, 5,
                                                     N_UNSEEN, TG_REACH_ALL);
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
    n_checked += check_classes (graph, unseen, i, CHECK_PRECISION, problem->text);
  g_test_message ("%s: %u nodes, %u false, %u checked", problem->text, graph->n_live,
                  graph->n_false, n_checked);
  g_assert_cmpuint (n_checked, >, graph->n_live);
  g_assert_cmpuint (graph->n_false, ==, 0);
}

/* An entry of the catalogue as it is computed by default, or NULL where it is more than elementwise
 * operators. */
static TgFormula *
read_entry (const char *inputs,
            const char *text,
            gboolean    is_gradient)
{
  g_auto (GStrv) parts = g_strsplit (inputs, ",", -1);
  TgVariable *leaves[MAX_LEAVES];
  guint n_leaves = 0;
  g_autoptr (TgVariable) variable = NULL;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT, .is_final = TRUE };
  TgFormula *formula = NULL;
  g_autoptr (GError) error = NULL;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (parts[i]), " ", -1);

      if (!g_str_equal (words[0], "if") && n_leaves < MAX_LEAVES)
        leaves[n_leaves++] = tg_variable_new (words[0], TG_DTYPE_FLOAT64, 0);
    }

  variable = tg_parse (text, leaves, n_leaves, &error);
  g_assert_no_error (error);
  if (is_gradient)
    {
      g_autofree TgVariable **gradients
        = tg_grad (variable, leaves, 1, TG_DISCONNECTED_INPUTS_RAISE, NULL, &error);

      g_assert_no_error (error);
      g_ptr_array_add (outputs, gradients[0]);
    }
  else
    g_ptr_array_add (outputs, g_object_ref (variable));

  g_assert_true (tg_rewrite (outputs, &options, NULL, &error));
  formula = tg_formula_new_from_variable (outputs->pdata[0], leaves, n_leaves);
  for (guint i = 0; i < n_leaves; i++)
    g_object_unref (leaves[i]);

  return formula;
}

/* The e-graph as the search has it, of all floats. */
static void
check_entry (const char *inputs,
             const char *text,
             gboolean    is_gradient)
{
  g_autoptr (GPtrArray) rules = list_rules ();
  g_autoptr (TgFormula) written = read_entry (inputs, text, is_gradient);
  TgRange ranges[MAX_LEAVES] = { ANY, ANY, ANY, ANY, ANY };
  g_autoptr (TgSample) sample = NULL, unseen = NULL;
  g_autoptr (TgEGraph) graph = NULL;
  mpfr_prec_t precisions[N_POINTS], precision;
  double truth[N_UNSEEN];
  guint n_checked = 0;

  if (written == NULL)
    return;

  sample = tg_search_choose_points (written, ranges, 1, N_POINTS, TG_REACH_ALL, precisions);
  if (sample == NULL)
    return;

  precision = tg_formula_is_slow (written) ? SLOW_PRECISION : CHECK_PRECISION;
  unseen = tg_sample_new (TG_DTYPE_FLOAT64, written->n_leaves, N_UNSEEN);
  tg_search_draw_known (written, ranges, 5, N_UNSEEN, TG_REACH_ALL, unseen, truth);
  graph = tg_egraph_new (TG_DTYPE_FLOAT64, sample, precisions, ranges, 1000);
  tg_egraph_add_formula (graph, written, NULL);
  tg_egraph_rebuild (graph);
  tg_egraph_add_rational (graph, FALSE);
  for (guint round = 0; round < 8 && tg_egraph_grow (graph, rules) && graph->n_live < 800; round++)
    continue;
  tg_egraph_add_rational (graph, TRUE);

  for (guint i = 0; i < N_UNSEEN && !isnan (truth[i]); i++)
    n_checked += check_classes (graph, unseen, i, precision, text);
  g_test_message ("%s: %u nodes, %u false, %u checked", text, graph->n_live, graph->n_false,
                  n_checked);
}

/* No false equality is left in the e-graphs of what the catalogue has. */
static void
test_catalogue (gconstpointer name)
{
  g_autofree char *path = g_build_filename (g_getenv ("TG_SOURCE_ROOT"), "tests", "catalogue",
                                            name, NULL);
  g_autofree char *contents = NULL;
  g_autoptr (GString) joined = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_all = g_getenv ("TG_TEST_ALL") != NULL;
  guint n_entries = 0;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &contents, NULL, &error);
  g_assert_no_error (error);
  joined = g_string_new (contents);
  g_string_replace (joined, "\n  ", " ", 0); /* an indented line goes on */
  lines = g_strsplit (joined->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (lines[i], "|", -1);

      if (!g_ascii_isalnum (lines[i][0]) || strchr (parts[1], '[') != NULL
          || (n_entries++ % STRIDE != 0 && !is_all))
        continue;

      for (guint k = 2; parts[k] != NULL && (k == 2 || is_all); k++)
        {
          const char *text = g_strstrip (parts[k]);
          gboolean is_gradient = g_str_has_prefix (text, "grad ");

          check_entry (parts[1], is_gradient ? text + 5 : text,
                       is_gradient || g_str_equal (name, "gradients.txt"));
        }
    }

  g_assert_cmpuint (n_entries, >, 20);
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

  g_test_add_data_func ("/egraph/catalogue/expressions", "expressions.txt", test_catalogue);
  g_test_add_data_func ("/egraph/catalogue/gradients", "gradients.txt", test_catalogue);
  g_test_add_data_func ("/egraph/catalogue/hamming", "hamming.txt", test_catalogue);
  g_test_add_data_func ("/egraph/catalogue/unseen", "unseen.txt", test_catalogue);

  return g_test_run ();
}
