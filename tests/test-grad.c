/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Differentiation from C: what becomes of NULL and of errors, large graphs, options and gradients
 * of one's own. That the numbers are right, test-gradients.py shows.
 */

#include <tg.h>

typedef TgVariable **(* Differentiate) (TgVariable  *y,
                                        TgVariable  *x,
                                        gsize       *n_results,
                                        GError     **error);

static TgVariable **
grad (TgVariable  *y,
      TgVariable  *x,
      gsize       *n_results,
      GError     **error)
{
  return tg_grad (y, &x, 1, TG_DISCONNECTED_INPUTS_RAISE, n_results, error);
}

static TgVariable **
grad_with_options (TgVariable  *y,
                   TgVariable  *x,
                   gsize       *n_results,
                   GError     **error)
{
  g_autoptr (TgGradOptions) options = tg_grad_options_new ();

  tg_grad_options_add_known_gradient (options, y, x);

  return tg_grad_with_options (NULL, &x, 1, options, n_results, error);
}

static TgVariable **
vjp (TgVariable  *y,
     TgVariable  *x,
     gsize       *n_results,
     GError     **error)
{
  return tg_vjp (&y, 1, &x, 1, &y, 1, TG_DISCONNECTED_INPUTS_RAISE, n_results, error);
}

static TgVariable **
jvp (TgVariable  *y,
     TgVariable  *x,
     gsize       *n_results,
     GError     **error)
{
  return tg_jvp (&y, 1, &x, 1, &x, 1, n_results, error);
}

static TgVariable **
hvp (TgVariable  *y,
     TgVariable  *x,
     gsize       *n_results,
     GError     **error)
{
  return tg_hvp (y, &x, 1, &x, 1, TG_DISCONNECTED_INPUTS_RAISE, n_results, error);
}

static TgVariable **
jacobian (TgVariable  *y,
          TgVariable  *x,
          gsize       *n_results,
          GError     **error)
{
  return tg_jacobian (y, &x, 1, TG_DISCONNECTED_INPUTS_RAISE, n_results, error);
}

static TgVariable **
hessian (TgVariable  *y,
         TgVariable  *x,
         gsize       *n_results,
         GError     **error)
{
  return tg_hessian (y, &x, 1, TG_DISCONNECTED_INPUTS_RAISE, n_results, error);
}

static const Differentiate functions[] = {
  grad, grad_with_options, vjp, jvp, hvp, jacobian, hessian,
};

static void
free_variables (TgVariable **variables,
                gsize        n_variables)
{
  for (gsize i = 0; i < n_variables; i++)
    g_object_unref (variables[i]);
  g_free (variables);
}

static TgFunction *
compile (TgVariable *x,
         TgVariable *y)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (GError) error = NULL;
  TgFunction *function;

  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, y, NULL);
  tg_function_builder_set_on_unused_input (builder, TG_UNUSED_INPUT_IGNORE);
  function = tg_function_builder_build (builder, &error);
  g_assert_no_error (error);

  return function;
}

/* The value of the 0-d `y` where `x` is `number`. */
static gdouble
evaluate (TgVariable *x,
          TgVariable *y,
          gdouble     number)
{
  g_autoptr (TgFunction) function = compile (x, y);
  g_autoptr (TgTensor) point = tg_tensor_new_double (number);
  g_autoptr (GError) error = NULL;
  TgTensor **outputs = tg_function_call (function, &point, 1, NULL, &error);
  gdouble value;

  g_assert_no_error (error);
  g_assert_true (tg_tensor_get_double (outputs[0], &value, NULL));
  tg_tensor_unref (outputs[0]);
  g_free (outputs);

  return value;
}

static TgVariable *
parse (const char *text,
       TgVariable *x)
{
  g_autoptr (GError) error = NULL;
  TgVariable *result = tg_parse (text, &x, 1, &error);

  g_assert_no_error (error);

  return result;
}

static void
test_null_passes (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (GError) error = NULL;
  gsize n_results = 5;

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_assert_null (functions[i] (NULL, x, &n_results, &error));
      g_assert_cmpuint (n_results, ==, 0);
      g_assert_null (functions[i] (x, NULL, NULL, &error));
      g_assert_no_error (error);
    }

  g_assert_null (tg_vectorize (&x, 1, &x, 1, (TgVariable *[]) { NULL }, 1, NULL, &error));
  g_assert_null (tg_custom_gradient (NULL, &x, 1, x, &x, 1, &error));
  g_assert_null (tg_custom_gradient (x, &x, 1, x, (TgVariable *[]) { NULL }, 1, &error));
  g_assert_no_error (error);
}

static void
test_integers_are_an_error (void)
{
  g_autoptr (TgVariable) n = tg_variable_new ("n", TG_DTYPE_INT64, 0);

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize n_results = 5;

      g_assert_null (functions[i] (n, n, &n_results, &error));
      g_assert_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE);
      g_assert_cmpuint (n_results, ==, 0);
    }
}

static void
test_functions_agree (void)
{
  static const gdouble expected[] = { 12, 24, 96, 24, 24, 12, 12 };
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = parse ("x ** 3", x);

  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      g_autoptr (GError) error = NULL;
      gsize n_results;
      TgVariable **results = functions[i] (y, x, &n_results, &error);

      g_assert_no_error (error);
      g_assert_cmpuint (n_results, ==, 1);
      g_assert_cmpfloat (evaluate (x, results[0], 2), ==, expected[i]);
      free_variables (results, n_results);
    }
}

static void
test_no_variables (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (GError) error = NULL;
  gsize n_results = 5;
  TgVariable **results = tg_grad (x, NULL, 0, TG_DISCONNECTED_INPUTS_RAISE, &n_results, &error);

  g_assert_no_error (error);
  g_assert_nonnull (results);
  g_assert_cmpuint (n_results, ==, 0);
  g_free (results);
}

static void
test_warning_of_disconnected_inputs (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT64, 0);
  g_autoptr (GError) error = NULL;
  gsize n_results;
  TgVariable **results;

  g_test_expect_message ("Tg", G_LOG_LEVEL_WARNING,
                         "grad: the cost, x: f64*, does not depend on y: f64* by *");
  results = tg_grad (x, &y, 1, TG_DISCONNECTED_INPUTS_WARN, &n_results, &error);
  g_test_assert_expected_messages ();

  g_assert_no_error (error);
  g_assert_cmpfloat (evaluate (y, results[0], 3), ==, 0);
  free_variables (results, n_results);
}

/* Unless TG_TEST_POINTS says otherwise. */
static guint n_links = 25000;

/* A chain of four times as many nodes, by a form of each kind. */
static TgVariable *
make_chain (TgVariable *x)
{
  TgVariable *y = g_object_ref (x);

  for (guint i = 0; i < n_links; i++)
    {
      g_autoptr (TgVariable) before = y;
      g_autoptr (TgVariable) sine = tg_sin (before, NULL);
      g_autoptr (TgVariable) wide = tg_expand_dims (sine, (gint64[]) { 0 }, 1, NULL);
      g_autoptr (TgVariable) copy = tg_with_gradient ((TgVariable *[]) { wide, sine, wide }, 3,
                                                      "0, g", NULL);

      y = tg_sum (copy, NULL, 0, FALSE, NULL);
    }

  return y;
}

static void
test_long_chains (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) xs = tg_variable_new ("xs", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) one = tg_constant_new_double (1);
  g_autoptr (TgVariable) y = make_chain (x);
  g_autoptr (GError) error = NULL;
  TgVariable **forward, **reverse, **wide;
  gdouble slope;
  gsize n;

  forward = tg_jvp (&y, 1, &x, 1, &one, 1, &n, &error);
  g_assert_no_error (error);
  reverse = tg_vjp (&y, 1, &x, 1, &one, 1, TG_DISCONNECTED_INPUTS_RAISE, &n, &error);
  g_assert_no_error (error);
  wide = tg_vectorize (&y, 1, &x, 1, &xs, 1, &n, &error);
  g_assert_no_error (error);

  slope = evaluate (x, reverse[0], 0.5);
  g_assert_cmpfloat (slope, >, 0);
  g_assert_cmpfloat_with_epsilon (evaluate (x, forward[0], 0.5), slope, 1e-12 * slope);
  g_assert_cmpuint (tg_variable_get_ndim (wide[0]), ==, 1);

  free_variables (forward, 1);
  free_variables (reverse, 1);
  free_variables (wide, 1);
}

static void
test_a_gradient_of_ones_own (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) g = tg_variable_new ("g", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) value = parse ("round (x)", x);
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) twice = tg_add (g, g, &error);
  g_autoptr (TgVariable) result = tg_custom_gradient (value, &x, 1, g, &twice, 1, &error);
  g_autofree char *text = NULL;
  TgVariable **gradients;
  gsize n_gradients;

  g_assert_no_error (error);
  text = tg_variable_to_string (result);
  g_assert_cmpstr (text, ==, "with_gradient([round(x), x], gradient=\"g + g\")");
  gradients = grad (result, x, &n_gradients, &error);
  g_assert_no_error (error);
  g_assert_cmpfloat (evaluate (x, result, 1.75), ==, 2);
  g_assert_cmpfloat (evaluate (x, gradients[0], 1.75), ==, 2);
  free_variables (gradients, n_gradients);
}

static void
test_a_gradient_that_was_there_before_gets_no_name (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) g = tg_variable_new ("g", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) value = parse ("round (x)", x);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) slope = parse ("y * 2", y);
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) cost = NULL;
  TgVariable *inputs[] = { x, slope };
  TgVariable **gradients;
  gsize n_gradients;

  cost = tg_custom_gradient (value, inputs, 2, g, (TgVariable *[]) { slope, g }, 2, &error);
  g_assert_no_error (error);
  tg_variable_set_name (cost, "cost");
  gradients = grad (cost, x, &n_gradients, &error);
  g_assert_no_error (error);
  g_assert_true (gradients[0] == slope);
  g_assert_null (tg_variable_get_name (slope));
  free_variables (gradients, n_gradients);
}

static void
test_the_gradient_is_a_symbol (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) v = tg_variable_new ("v", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) y = parse ("x * 2", x);
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_custom_gradient (y, &x, 1, y, &x, 1, &error));
  g_assert_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_SHAPE);
  g_assert_cmpstr (error->message, ==,
                   "custom_gradient: the gradient of x * 2: f64[] must be a symbol of its dtype "
                   "and shape, not x * 2: f64[]");
  g_clear_error (&error);

  g_assert_null (tg_custom_gradient (y, &x, 1, v, &x, 1, &error));
  g_assert_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_SHAPE);
}

/* What the elements of `x` become where `part` becomes the value. */
static gdouble *
set_part (TgVariable *x,
          const char *part_text,
          const char *value_text,
          gsize      *n_elements)
{
  const gdouble numbers[] = { 1, 2 };
  const gint64 shape[] = { 1, 2 };
  g_autoptr (TgTensor) tensor = tg_tensor_new_doubles (numbers, 2, shape, 2, NULL);
  g_autoptr (TgVariable) part = parse (part_text, x);
  g_autoptr (TgVariable) value = parse (value_text, x);
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) set = tg_set_subtensor (x, part, value, &error);
  g_autoptr (TgTensor) result = NULL;

  g_assert_no_error (error);
  result = tg_variable_eval (set, &x, 1, &tensor, 1, &error);
  g_assert_no_error (error);

  return tg_tensor_dup_doubles (result, n_elements);
}

static void
test_the_last_of_repeated_elements_is_set (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);
  gsize n;
  g_autofree gdouble *rows = set_part (x, "broadcast_to (x, [3, 2])",
                                       "[[3., 4.], [5., 6.], [7., 8.]]", &n);
  g_autofree gdouble *new = set_part (x, "broadcast_to (x, [2, 1, 2])",
                                      "[[[3., 4.]], [[5., 6.]]]", &n);
  g_autofree gdouble *number = set_part (x, "broadcast_to (x[0, 1], [3])", "[3., 4., 5.]", &n);

  g_assert_cmpfloat (rows[0], ==, 7);
  g_assert_cmpfloat (rows[1], ==, 8);
  g_assert_cmpfloat (new[0], ==, 5);
  g_assert_cmpfloat (new[1], ==, 6);
  g_assert_cmpfloat (number[0], ==, 1);
  g_assert_cmpfloat (number[1], ==, 5);
}

static void
test_parts_have_elements_of_the_whole_alone (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) value = parse ("3", x);
  const char *const texts[] = { "concat ([x, x])", "sum_to (x, [1])", "x * 2", "[1., 2.]" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (TgVariable) part = parse (texts[i], x);
      g_autoptr (GError) error = NULL;

      g_assert_null (tg_inc_subtensor (x, part, value, &error));
      g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
      g_clear_error (&error);
      g_assert_null (tg_set_subtensor (x, part, value, &error));
      g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_links = (guint) g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10);

  g_test_add_func ("/grad/null-passes", test_null_passes);
  g_test_add_func ("/grad/integers-are-an-error", test_integers_are_an_error);
  g_test_add_func ("/grad/functions-agree", test_functions_agree);
  g_test_add_func ("/grad/no-variables", test_no_variables);
  g_test_add_func ("/grad/warning", test_warning_of_disconnected_inputs);
  g_test_add_func ("/grad/long-chains", test_long_chains);
  g_test_add_func ("/grad/custom", test_a_gradient_of_ones_own);
  g_test_add_func ("/grad/custom-name", test_a_gradient_that_was_there_before_gets_no_name);
  g_test_add_func ("/grad/custom-symbol", test_the_gradient_is_a_symbol);

  g_test_add_func ("/grad/set-last", test_the_last_of_repeated_elements_is_set);
  g_test_add_func ("/grad/set-parts", test_parts_have_elements_of_the_whole_alone);

  return g_test_run ();
}
