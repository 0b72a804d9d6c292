/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Values on the spot, clones and test values, in C. */
#include <tg.h>

static void
assert_number (TgTensor *value,
               gdouble   expected)
{
  gdouble number;

  g_assert_nonnull (value);
  g_assert_true (tg_tensor_get_double (value, &number, NULL));
  g_assert_cmpfloat (number, ==, expected);
}

static void
test_eval_takes_inputs_in_any_order (void)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (GError) error = NULL;
  TgVariable *x = tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 0));
  TgVariable *y = tg_scope_keep (scope, tg_variable_new ("y", TG_DTYPE_FLOAT64, 0));
  TgVariable *z = tg_scope_parse (scope, "x - 2 * y", &error);
  g_autoptr (TgTensor) five = tg_tensor_new_double (5);
  g_autoptr (TgTensor) one = tg_tensor_new_double (1);
  g_autoptr (TgTensor) first = NULL;
  g_autoptr (TgTensor) second = NULL;

  first = tg_variable_eval (z, (TgVariable *[]) { x, y }, 2, (TgTensor *[]) { five, one }, 2,
                            &error);
  g_assert_no_error (error);
  second = tg_variable_eval (z, (TgVariable *[]) { y, x }, 2, (TgTensor *[]) { one, five }, 2,
                             &error);
  g_assert_no_error (error);

  assert_number (first, 3);
  assert_number (second, 3);
}

static void
test_eval_of_nothing_is_nothing (void)
{
  g_autoptr (TgTensor) one = tg_tensor_new_double (1);
  g_autoptr (TgVariable) c = tg_constant_new (one);
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_variable_eval (c, (TgVariable *[]) { NULL }, 1, &one, 1, &error));
  g_assert_no_error (error);
}

static gpointer
eval_often (gpointer data)
{
  TgVariable *y = data;
  TgVariable *x = tg_variable_get_input (y, 0);

  for (guint i = 0; i < 200; i++)
    {
      g_autoptr (TgTensor) value = tg_tensor_new_double (i);
      g_autoptr (TgTensor) result = tg_variable_eval (y, &x, 1, &value, 1, NULL);

      assert_number (result, -(gdouble) i);
    }

  return NULL;
}

static void
test_threads_may_eval_one_variable (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_negative (x, NULL);
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("eval", eval_often, y);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_an_evaluated_variable_is_freed (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgTensor) one = tg_tensor_new_double (1);
  g_autoptr (TgTensor) result = NULL;
  TgVariable *y = tg_negative (x, NULL);
  gpointer watched = y;

  g_object_add_weak_pointer (G_OBJECT (y), &watched);
  result = tg_variable_eval (y, &x, 1, &one, 1, NULL);
  assert_number (result, -1);
  g_object_unref (y);

  g_assert_null (watched);
}

static void
test_a_clone_has_other_variables_inside (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) z = tg_exp (x, NULL);
  g_autofree TgVariable **clones = NULL;
  g_autofree char *text = NULL;
  gsize n_clones;

  clones = tg_clone (&z, 1, &x, 1, &y, 1, TRUE, TRUE, &n_clones, NULL);

  g_assert_cmpuint (n_clones, ==, 1);
  text = tg_variable_to_string (clones[0]);
  g_assert_cmpstr (text, ==, "exp(y)");
  g_object_unref (clones[0]);
}

static void
test_a_clone_of_another_type_is_an_error (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT32, 0);
  g_autoptr (TgVariable) z = tg_exp (x, NULL);
  g_autoptr (GError) error = NULL;
  gsize n_clones = 7;

  g_assert_null (tg_clone (&z, 1, &x, 1, &y, 1, TRUE, TRUE, &n_clones, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE);
  g_assert_cmpstr (error->message, ==,
                   "clone: x: f64[] cannot be replaced by y: f32[]: the dtype differs");
  g_assert_cmpuint (n_clones, ==, 0);
}

static void
test_lists_that_belong_together_are_equally_long (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) z = tg_exp (x, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_clone (&z, 1, &x, 1, NULL, 0, TRUE, TRUE, NULL, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_assert_cmpstr (error->message, ==, "clone: 1 variables need as many replacements, not 0");
  g_clear_error (&error);

  g_assert_null (tg_variable_eval (z, &x, 1, NULL, 0, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS);
  g_assert_cmpstr (error->message, ==, "eval: 1 variables need as many values, not 0");
  g_clear_error (&error);

  g_assert_null (tg_parse_with_names ("y", (const char *[]) { "y", "x" }, 2, &x, 1, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_assert_cmpstr (error->message, ==, "parse: 2 names need as many variables, not 1");
  g_clear_error (&error);

  g_assert_null (tg_index_with_arrays (x, NULL, 0, &x, 1, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
}

static void
test_test_values_find_the_mistake (void)
{
  const gdouble numbers[] = { 1, 2, 3, 4 };
  const gint64 three[] = { 3 }, four[] = { 4 };
  g_autoptr (TgTensor) first = tg_tensor_new_doubles (numbers, 3, three, 1, NULL);
  g_autoptr (TgTensor) second = tg_tensor_new_doubles (numbers, 4, four, 1, NULL);
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) sum = NULL;
  g_autoptr (TgVariable) total = NULL;
  g_autoptr (TgTensor) value = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tg_variable_set_test_value (x, first, &error));
  g_assert_true (tg_variable_set_test_value (y, second, &error));
  g_assert_cmpint (tg_get_test_value_mode (), ==, TG_TEST_VALUE_MODE_OFF);

  tg_set_test_value_mode (TG_TEST_VALUE_MODE_RAISE);
  total = tg_sum (x, NULL, 0, FALSE, &error);
  sum = tg_add (x, y, &error);
  tg_set_test_value_mode (TG_TEST_VALUE_MODE_OFF);

  value = tg_variable_dup_test_value (total);
  assert_number (value, 6);
  g_assert_null (sum);
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST);
  g_assert_cmpstr (error->message, ==,
                   "test values: add (x: f64[3], y: f64[4]): the shapes cannot be broadcast "
                   "together");
}

/* Arrays that belong together and do not have the same length are an error. */
static void
test_lengths_must_match (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgTensor) one = tg_tensor_new_double (1);
  TgVariable *twice[] = { x, x };

  g_assert_null (tg_variable_eval (x, twice, 2, &one, 1, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS);
  g_clear_error (&error);

  g_assert_null (tg_clone (&x, 1, &x, 1, twice, 2, TRUE, TRUE, NULL, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_clear_error (&error);

  g_assert_null (tg_parse_with_names ("x", (const char *[]) { "x" }, 1, twice, 2, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_clear_error (&error);

  g_assert_null (tg_index_with_arrays (x, (const gint64[]) { 0 }, 1, twice, 2, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/eval/order", test_eval_takes_inputs_in_any_order);
  g_test_add_func ("/eval/nothing", test_eval_of_nothing_is_nothing);
  g_test_add_func ("/eval/threads", test_threads_may_eval_one_variable);
  g_test_add_func ("/eval/freed", test_an_evaluated_variable_is_freed);
  g_test_add_func ("/clone/replaced", test_a_clone_has_other_variables_inside);
  g_test_add_func ("/clone/type", test_a_clone_of_another_type_is_an_error);
  g_test_add_func ("/clone/lengths", test_lists_that_belong_together_are_equally_long);
  g_test_add_func ("/test-values/mistake", test_test_values_find_the_mistake);
  g_test_add_func ("/eval/lengths-must-match", test_lengths_must_match);

  return g_test_run ();
}
