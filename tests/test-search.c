/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The search for accurate forms in whole graphs: which regions it looks at,
 * and what it leaves as it is.
 */

#include <tg.h>

#include "tg-rewrite-private.h"
#include "tg-search-private.h"
#include "tg-trace-private.h"
#include "tg-variable-private.h"

typedef struct
{
  TgVariable *x;
  TgVariable *y;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  TgDType dtype = GPOINTER_TO_UINT (data);

  fixture->x = tg_variable_new ("x", dtype, 1);
  fixture->y = tg_variable_new ("y", dtype, 1);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data G_GNUC_UNUSED)
{
  g_object_unref (fixture->x);
  g_object_unref (fixture->y);
}

/* What the search makes of an expression. */
static TgVariable *
search (Fixture                *fixture,
        const char             *text,
        const TgRewriteOptions *options,
        TgTrace                *trace,
        TgSearchSummary        *summary)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
  TgVariable *inputs[] = { fixture->x, fixture->y };
  TgVariable *written = tg_parse (text, inputs, 2, &error);

  g_assert_no_error (error);
  g_ptr_array_add (outputs, written);
  tg_search (outputs, options, trace, summary);

  return g_object_ref (outputs->pdata[0]);
}

static void
assert_search (Fixture    *fixture,
               const char *text,
               const char *expected)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };
  TgSearchSummary summary;
  g_autoptr (TgVariable) found = search (fixture, text, &options, NULL, &summary);
  g_autofree char *result = tg_variable_to_string (found);

  g_assert_cmpstr (result, ==, expected);
  g_assert_cmpuint (summary.n_left, ==, 0);
}

static void
test_in_a_reduction (Fixture       *fixture,
                     gconstpointer  data G_GNUC_UNUSED)
{
  assert_search (fixture, "sum (exp (x) - 1)", "sum(expm1(x))");
}

static void
test_through_reductions (Fixture       *fixture,
                         gconstpointer  data G_GNUC_UNUSED)
{
  assert_search (fixture, "log (1 + square (max (exp (x) - 1)))",
                 "log1p(square(max(expm1(x))))");
}

/* Numbers give way to float32, so that the type is as before. */
static void
test_keeps_the_type (Fixture       *fixture,
                     gconstpointer  data)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };
  g_autoptr (TgVariable) found = search (fixture, "(1 - cos (x)) / square (x)", &options, NULL,
                                         NULL);

  g_assert_true (found->op == &tg_ops[TG_OP_MULTIPLY] || found->op == &tg_ops[TG_OP_SQUARE]
                 || found->op == &tg_ops[TG_OP_DIVIDE]);
  g_assert_cmpuint (found->type->dtype, ==, GPOINTER_TO_UINT (data));
  g_assert_cmpuint (found->type->ndim, ==, 1);
}

static void
test_leaves_what_is_right (Fixture       *fixture,
                           gconstpointer  data G_GNUC_UNUSED)
{
  assert_search (fixture, "exp (x) + square (y)", "exp(x) + square(y)");
  assert_search (fixture, "x > y", "x > y");
  assert_search (fixture, "x @ y", "x @ y");
}

static void
test_says_so_in_the_trace (Fixture       *fixture,
                           gconstpointer  data G_GNUC_UNUSED)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };
  TgVariable *inputs[] = { fixture->x, fixture->y };
  g_autoptr (TgTrace) trace = tg_trace_new (inputs, 2, NULL, 0);
  g_autoptr (TgVariable) found = search (fixture, "exp (x) - 1", &options, trace, NULL);
  g_autoptr (TgTraceStep) step = NULL;

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (trace)), ==, 1);
  step = g_list_model_get_item (G_LIST_MODEL (trace), 0);
  g_assert_nonnull (strstr (tg_trace_step_get_reason (step), "bits of error before"));
  g_assert_true (tg_trace_step_get_after (step) == found);
}

/* Whoever allows exact rules alone gets what is written. */
static void
test_keeps_a_promise (Fixture       *fixture,
                      gconstpointer  data G_GNUC_UNUSED)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_EXACT };
  g_autoptr (TgVariable) found = search (fixture, "exp (x) - 1", &options, NULL, NULL);

  g_assert_true (found->op == &tg_ops[TG_OP_SUBTRACT]);
}

/* The same cluster costs nothing again, and a long chain is cut into pieces. */
static void
test_long_chain (Fixture       *fixture,
                 gconstpointer  data G_GNUC_UNUSED)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
  TgVariable *last = g_object_ref (fixture->x);
  TgSearchSummary summary;
  gint64 start;

  for (guint i = 0; i < 20000; i++)
    {
      TgVariable *next = i % 2 == 0 ? tg_add (last, fixture->y, NULL) : tg_tanh (last, NULL);

      g_object_unref (last);
      last = next;
    }

  g_ptr_array_add (outputs, last);
  start = g_get_monotonic_time ();
  tg_search (outputs, &options, NULL, &summary);
  g_test_message ("%.0f ms, %u clusters, %u searched, %u left",
                  (double) (g_get_monotonic_time () - start) / 1000, summary.n_clusters,
                  summary.n_searched, summary.n_left);
  g_assert_cmpuint (summary.n_clusters, <, 20);
  g_assert_cmpuint (summary.n_left, ==, 0);
}

#define ADD(name, dtype, function)                                            \
  g_test_add ("/search/" name, Fixture, GUINT_TO_POINTER (dtype), set_up, function, tear_down)

static void
test_mistakes_in_rules (void)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_rule_set_new ("a: foo (x) => x", "mine", &error));
  g_assert_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_NAME);
  g_assert_null (tg_rule_set_new ("a: foo (x) => x", "mine", NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD ("in-a-reduction", TG_DTYPE_FLOAT64, test_in_a_reduction);
  ADD ("in-a-reduction-float32", TG_DTYPE_FLOAT32, test_in_a_reduction);
  ADD ("through-reductions", TG_DTYPE_FLOAT64, test_through_reductions);
  ADD ("keeps-the-type", TG_DTYPE_FLOAT64, test_keeps_the_type);
  ADD ("keeps-the-type-float32", TG_DTYPE_FLOAT32, test_keeps_the_type);
  ADD ("leaves-what-is-right", TG_DTYPE_FLOAT64, test_leaves_what_is_right);
  ADD ("says-so-in-the-trace", TG_DTYPE_FLOAT64, test_says_so_in_the_trace);
  ADD ("keeps-a-promise", TG_DTYPE_FLOAT64, test_keeps_a_promise);
  ADD ("long-chain", TG_DTYPE_FLOAT64, test_long_chain);
  g_test_add_func ("/search/mistakes-in-rules", test_mistakes_in_rules);

  return g_test_run ();
}
