/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Places and name scopes in C, where they are there on request. */
#include <tg.h>

static void
assert_place (TgVariable *variable,
              const char *expected)
{
  TgPlace *place = tg_variable_get_place (variable);
  g_autofree char *text = place != NULL ? tg_place_to_string (place) : NULL;

  g_assert_cmpstr (text, ==, expected);
}

static void
test_there_is_no_place_unless_asked_for (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);

  g_assert_null (tg_variable_get_place (x));
  g_assert_null (tg_variable_get_scope (x));
}

static void
test_here_is_this_line (void)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  TgVariable *x = tg_scope_keep (scope, TG_HERE (tg_variable_new ("x", TG_DTYPE_FLOAT64, 1)));
  guint line = __LINE__ - 1;
  g_autofree char *expected = g_strdup_printf ("test-places.c, line %u", line);
  g_autoptr (TgVariable) after = tg_exp (x, NULL);

  assert_place (x, expected);
  g_assert_cmpstr (tg_place_get_function (tg_variable_get_place (x)), ==, G_STRFUNC);
  g_assert_null (tg_variable_get_place (after));
}

static void
test_places_nest (void)
{
  g_autoptr (TgVariable) outer = NULL;
  g_autoptr (TgVariable) inner = NULL;

  tg_place_push ("src/outer.c", 1, NULL);
  tg_place_push ("src/inner.c", 2, NULL);
  inner = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  tg_place_pop ();
  outer = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  tg_place_pop ();

  assert_place (inner, "inner.c, line 2");
  assert_place (outer, "outer.c, line 1");
  g_assert_cmpstr (tg_place_get_file (tg_variable_get_place (inner)), ==, "src/inner.c");
}

static void
test_null_has_no_place (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) nothing = TG_HERE (tg_exp (NULL, &error));
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);

  g_assert_null (nothing);
  g_assert_no_error (error);
  g_assert_null (tg_variable_get_place (x));
}

static void
test_text_has_lines_and_columns (void)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (GError) error = NULL;
  TgVariable *y;

  tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 1));
  y = tg_scope_parse (scope, "x + exp (x)", &error);

  g_assert_no_error (error);
  assert_place (y, "1:3 of the text");
  assert_place (tg_variable_get_input (y, 1), "1:5 of the text");
}

static void
test_mistakes_name_the_place (void)
{
  const gint64 three[] = { 3 }, four[] = { 4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensorType) first = tg_tensor_type_new (TG_DTYPE_FLOAT64, three, 1, NULL);
  g_autoptr (TgTensorType) second = tg_tensor_type_new (TG_DTYPE_FLOAT64, four, 1, NULL);
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) y = tg_variable_new_with_type ("y", second);
  g_autoptr (TgVariable) sum = NULL;

  tg_place_push ("model.c", 3, NULL);
  x = tg_variable_new_with_type ("x", first);
  tg_place_pop ();

  tg_place_push ("model.c", 7, NULL);
  sum = tg_add (x, y, &error);
  tg_place_pop ();

  g_assert_null (sum);
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST);
  g_assert_cmpstr (error->message, ==,
                   "add (x: f64[3], y: f64[4]): the shapes cannot be broadcast together "
                   "(made at model.c, line 7; x made at model.c, line 3)");
}

static void
test_mistakes_without_a_place_name_none (void)
{
  const gint64 three[] = { 3 }, four[] = { 4 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensorType) first = tg_tensor_type_new (TG_DTYPE_FLOAT64, three, 1, NULL);
  g_autoptr (TgTensorType) second = tg_tensor_type_new (TG_DTYPE_FLOAT64, four, 1, NULL);
  g_autoptr (TgVariable) x = tg_variable_new_with_type ("x", first);
  g_autoptr (TgVariable) y = tg_variable_new_with_type ("y", second);
  g_autoptr (TgVariable) sum = tg_add (x, y, &error);

  g_assert_null (sum);
  g_assert_cmpstr (error->message, ==,
                   "add (x: f64[3], y: f64[4]): the shapes cannot be broadcast together");
}

static void
test_scopes_begin_names (void)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autofree char *inside = NULL;
  g_autofree char *outside = NULL;
  TgVariable *w, *y;

  tg_name_scope_push ("encoder");
  tg_name_scope_push ("layer1");
  inside = tg_name_scope_dup ();
  w = tg_scope_keep (scope, tg_variable_new ("w", TG_DTYPE_FLOAT64, 1));
  y = tg_scope_parse (scope, "w * 2", NULL);
  tg_name_scope_pop ();
  tg_name_scope_pop ();
  outside = tg_name_scope_dup ();

  g_assert_cmpstr (inside, ==, "encoder/layer1");
  g_assert_null (outside);
  g_assert_cmpstr (tg_variable_get_name (w), ==, "encoder/layer1/w");
  g_assert_cmpstr (tg_variable_get_scope (y), ==, "encoder/layer1");
  g_assert_true (tg_variable_get_input (y, 0) == w);
}

static void
test_scopes_and_places_go_together (void)
{
  g_autoptr (TgVariable) x = NULL;

  tg_name_scope_push ("layer1");
  tg_place_push ("model.c", 7, NULL);
  x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  tg_place_pop ();
  tg_name_scope_pop ();

  assert_place (x, "model.c, line 7");
  g_assert_cmpstr (tg_variable_get_scope (x), ==, "layer1");
}

static void
test_what_was_not_pushed_is_not_popped (void)
{
  if (g_test_subprocess ())
    {
      tg_name_scope_push ("layer1");
      tg_place_pop ();
      return;
    }

  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_failed ();
  g_test_trap_assert_stderr ("*tg_origin_pop*failed*");
}

static void
test_an_operator_is_applied_by_its_object (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);
  g_autoptr (TgVariable) exp = tg_op_apply (tg_op_lookup ("exp"), &x, 1, NULL, NULL);
  g_autoptr (TgVariable) sum = tg_op_apply (tg_op_lookup ("sum"), &x, 1, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_autofree char *exp_text = tg_variable_to_string (exp);
  g_autofree char *sum_text = tg_variable_to_string (sum);

  g_assert_cmpstr (exp_text, ==, "exp(x)");
  g_assert_cmpstr (sum_text, ==, "sum(x)");
  g_assert_null (tg_op_apply (tg_op_lookup ("add"), &x, 1, NULL, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_assert_cmpstr (error->message, ==, "add takes 2 inputs, not 1");
}

static void
test_an_operator_takes_parameters_by_name (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);
  TgOp *sum = tg_op_lookup ("sum");
  g_autoptr (GError) unknown = NULL;
  g_autoptr (GError) missing = NULL;
  g_autoptr (GError) wrong = NULL;
  g_autoptr (TgVariable) y = NULL;
  g_autofree char *text = NULL;

  y = tg_op_apply (sum, &x, 1, g_variant_new_parsed ("{'axis': <int64 1>, 'keepdims': <true>}"),
                   NULL);
  text = tg_variable_to_string (y);
  g_assert_cmpstr (text, ==, "sum(x, axis=1, keepdims=true)");

  g_assert_null (tg_op_apply (sum, &x, 1, g_variant_new_parsed ("{'axes': <int64 1>}"), &unknown));
  g_assert_error (unknown, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE);
  g_assert_cmpstr (unknown->message, ==, "sum has no parameter “axes”");

  g_assert_null (tg_op_apply (tg_op_lookup ("permute_dims"), &x, 1, NULL, &missing));
  g_assert_error (missing, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
  g_assert_cmpstr (missing->message, ==, "permute_dims: axes must be given");

  g_assert_null (tg_op_apply (sum, &x, 1, g_variant_new_parsed ("{'axis': <'x'>}"), &wrong));
  g_assert_error (wrong, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/places/none", test_there_is_no_place_unless_asked_for);
  g_test_add_func ("/places/here", test_here_is_this_line);
  g_test_add_func ("/places/nested", test_places_nest);
  g_test_add_func ("/places/null", test_null_has_no_place);
  g_test_add_func ("/places/text", test_text_has_lines_and_columns);
  g_test_add_func ("/places/mistakes", test_mistakes_name_the_place);
  g_test_add_func ("/places/mistakes-without", test_mistakes_without_a_place_name_none);
  g_test_add_func ("/scopes/names", test_scopes_begin_names);
  g_test_add_func ("/scopes/places", test_scopes_and_places_go_together);
  g_test_add_func ("/scopes/order", test_what_was_not_pushed_is_not_popped);
  g_test_add_func ("/op/apply", test_an_operator_is_applied_by_its_object);
  g_test_add_func ("/op/parameters", test_an_operator_takes_parameters_by_name);

  return g_test_run ();
}
