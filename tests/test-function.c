/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Functions in C: updates, threads, what a call is given, and what TG_DEBUG and TG_DUMP show. */

#include <stdlib.h>

#include <tg.h>

#include <glib/gstdio.h>

static TgVariable *
make_shared (gdouble     value,
             const char *name)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_double (value);

  return tg_shared_variable_new (tensor, name);
}

static gdouble
get_value (TgVariable *shared)
{
  g_autoptr (TgTensor) tensor = tg_shared_variable_dup_value (TG_SHARED_VARIABLE (shared));
  gdouble value;

  g_assert_true (tg_tensor_get_double (tensor, &value, NULL));

  return value;
}

static void
set_value (TgVariable *shared,
           gdouble     value)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_double (value);

  g_assert_true (tg_shared_variable_set_value (TG_SHARED_VARIABLE (shared), tensor, NULL));
}

/* The only output of a call. */
static TgTensor *
call (TgFunction       *function,
      TgTensor *const  *inputs,
      gsize             n_inputs,
      GError          **error)
{
  gsize n_outputs;
  g_autofree TgTensor **outputs = tg_function_call (function, inputs, n_inputs, &n_outputs, error);

  g_assert_true (outputs == NULL || n_outputs == 1);

  return outputs != NULL ? outputs[0] : NULL;
}

static TgFunction *
build (TgFunctionBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  TgFunction *function = tg_function_builder_build (builder, &error);

  g_assert_no_error (error);

  return function;
}

/* Adds `expression` of `shared` as its update. */
static void
add_update (TgFunctionBuilder *builder,
            TgVariable        *shared,
            const char        *expression,
            TgVariable *const *variables,
            gsize              n_variables)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) value = tg_parse (expression, variables, n_variables, &error);

  g_assert_no_error (error);
  tg_function_builder_add_update (builder, shared, value);
}

static void
test_a_call_returns_values_from_before (void)
{
  g_autoptr (TgVariable) state = make_shared (1, "state");
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (TgTensor) result = NULL;
  gdouble before;

  tg_function_builder_add_output (builder, state, "before");
  add_update (builder, state, "state * 2", &state, 1);
  function = build (builder);
  result = call (function, NULL, 0, NULL);

  g_assert_true (tg_tensor_get_double (result, &before, NULL));
  g_assert_cmpfloat (before, ==, 1);
  g_assert_cmpfloat (get_value (state), ==, 2);
  g_assert_cmpstr (tg_function_get_output_name (function, 0), ==, "before");
}

static void
test_updates_see_values_from_before (void)
{
  g_autoptr (TgVariable) a = make_shared (1, "a");
  g_autoptr (TgVariable) b = make_shared (2, "b");
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) exchange = NULL;
  g_autofree TgTensor **outputs = NULL;

  tg_function_builder_add_update (builder, a, b);
  tg_function_builder_add_update (builder, b, a);
  exchange = build (builder);
  outputs = tg_function_call (exchange, NULL, 0, NULL, NULL);

  g_assert_nonnull (outputs);
  g_assert_cmpfloat (get_value (a), ==, 2);
  g_assert_cmpfloat (get_value (b), ==, 1);
}

static void
count (gpointer user_data)
{
  ++*(int *) user_data;
}

static void
test_updates_are_notified_once_all_are_in_place (void)
{
  g_autoptr (TgVariable) a = make_shared (1, "a");
  g_autoptr (TgVariable) b = make_shared (1, "b");
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autofree TgTensor **outputs = NULL;
  int n_notified = 0;

  g_signal_connect_swapped (a, "notify::value", G_CALLBACK (count), &n_notified);
  g_signal_connect_swapped (b, "notify::value", G_CALLBACK (count), &n_notified);
  add_update (builder, a, "a + 1", &a, 1);
  function = build (builder);
  outputs = tg_function_call (function, NULL, 0, NULL, NULL);
  g_assert_cmpint (n_notified, ==, 1);

  set_value (b, 5);
  g_assert_cmpint (n_notified, ==, 2);
}

static void
test_inputs_are_checked (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT32, 1);
  g_autoptr (TgFunction) function = tg_function_new (&x, 1, &x, 1, NULL);
  g_autoptr (TgTensor) doubles = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, (gint64[]) { 2 }, 1, NULL);
  g_autoptr (TgTensor) booleans = tg_tensor_new_zeros (TG_DTYPE_BOOL, (gint64[]) { 2 }, 1, NULL);
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (call (function, &doubles, 1, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT);
  g_assert_cmpstr (error->message, ==,
                   "function: the input x: f32[?] cannot be a value of type f64[2] without loss: "
                   "array([0., 0.])");
  g_clear_error (&error);
  g_assert_null (call (function, (TgTensor *[]) { NULL }, 1, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT);
  g_assert_cmpstr (error->message, ==, "function: the input x: f32[?] has no value");
  g_clear_error (&error);
  g_assert_null (call (function, NULL, 0, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS);
  g_assert_cmpstr (error->message, ==, "function: expected 1 input, not 0");
  g_clear_error (&error);

  result = call (function, &booleans, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (tg_tensor_get_dtype (result), ==, TG_DTYPE_FLOAT32);
}

static void
test_parts_that_could_not_be_made (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (GError) error = NULL;
  TgVariable *nothing = tg_sum (x, (gint64[]) { 1 }, 1, FALSE, &error);

  g_assert_null (tg_function_new (&x, 1, &nothing, 1, &error));
  g_assert_null (tg_parse_with_names ("y + 1", (const char *[]) { "y" }, 1, &nothing, 1,
                                      &error));
  g_assert_null (tg_grad (nothing, &x, 1, TG_DISCONNECTED_INPUTS_RAISE, NULL, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
  g_clear_error (&error);

  tg_function_builder_set_name (builder, "f");
  tg_function_builder_add_output (builder, nothing, NULL);
  g_assert_null (tg_function_builder_build (builder, &error));
  g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MISSING);
  g_assert_cmpstr (error->message, ==, "f: an output is NULL");
}

static void
test_results_are_no_views_of_arguments (void)
{
  gdouble memory[] = { 1, 2 };
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgFunction) function = tg_function_new (&x, 1, &x, 1, NULL);
  g_autoptr (TgTensor) value = NULL;
  g_autoptr (TgTensor) result = NULL;
  gsize n_doubles;
  g_autofree gdouble *doubles = NULL;

  value = tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, (gint64[]) { 2 }, 1, NULL, 0,
                                     (guint64) (gsize) memory, NULL, NULL, NULL);
  result = call (function, &value, 1, NULL);
  memory[0] = 9;
  doubles = tg_tensor_dup_doubles (result, &n_doubles);

  g_assert_cmpfloat (doubles[0], ==, 1);
}

#define N_THREADS 4
#define N_CALLS 2100

/* Two functions that update the same variables, named in opposite orders, and one that reads. */
typedef struct
{
  TgVariable *a;
  TgVariable *b;
  TgFunction *functions[3];
  gint        n_torn;
} Shared;

static gpointer
call_often (gpointer user_data)
{
  Shared *self = user_data;

  for (guint i = 0; i < N_CALLS; i++)
    {
      gsize n_outputs;
      TgTensor **outputs = tg_function_call (self->functions[i % 3], NULL, 0, &n_outputs, NULL);
      gdouble a, b;

      g_assert_true (tg_tensor_get_double (outputs[0], &a, NULL));
      g_assert_true (tg_tensor_get_double (outputs[1], &b, NULL));
      if (a != -b)
        g_atomic_int_inc (&self->n_torn);

      for (guint k = 0; k < n_outputs; k++)
        tg_tensor_unref (outputs[k]);
      g_free (outputs);
    }

  return NULL;
}

static void
test_threads_update_in_turn (void)
{
  g_autoptr (TgVariable) a = make_shared (0, "a");
  g_autoptr (TgVariable) b = make_shared (0, "b");
  Shared shared = { a, b, { NULL, NULL, NULL }, 0 };
  GThread *threads[N_THREADS];

  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

      tg_function_builder_add_output (builder, a, NULL);
      tg_function_builder_add_output (builder, b, NULL);
      for (guint k = 0; k < 2 && i < 2; k++)
        {
          gboolean first = (k == 0) == (i == 0);

          add_update (builder, first ? a : b, first ? "a + 1" : "b - 1",
                      (TgVariable *[]) { a, b }, 2);
        }
      shared.functions[i] = build (builder);
    }

  for (guint i = 0; i < N_THREADS; i++)
    threads[i] = g_thread_new ("caller", call_often, &shared);
  for (guint i = 0; i < N_THREADS; i++)
    g_thread_join (threads[i]);

  g_assert_cmpint (shared.n_torn, ==, 0);
  g_assert_cmpfloat (get_value (a), ==, N_THREADS * N_CALLS / 3 * 2);
  g_assert_cmpfloat (get_value (b), ==, -N_THREADS * N_CALLS / 3 * 2);
  for (guint i = 0; i < 3; i++)
    g_object_unref (shared.functions[i]);
}

static void
test_a_draw_goes_by_seed_stream_and_count (void)
{
  gdouble drawn[2][2];

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TgRandomStreams) streams = tg_random_streams_new (234);
      g_autoptr (TgVariable) shape = tg_constant_new_integers (NULL, 0);
      g_autoptr (TgVariable) low = tg_constant_new_double (0);
      g_autoptr (TgVariable) high = tg_constant_new_double (1);
      g_autoptr (TgVariable) u = tg_random_streams_uniform (streams, shape, low, high,
                                                            TG_DTYPE_FLOAT64, NULL);
      g_autoptr (TgFunction) function = tg_function_new (NULL, 0, &u, 1, NULL);

      for (guint k = 0; k < 2; k++)
        {
          g_autoptr (TgTensor) result = call (function, NULL, 0, NULL);

          g_assert_true (tg_tensor_get_double (result, &drawn[i][k], NULL));
        }
    }

  g_assert_cmpfloat (drawn[0][0], ==, drawn[1][0]);
  g_assert_cmpfloat (drawn[0][1], ==, drawn[1][1]);
  g_assert_cmpfloat (drawn[0][0], !=, drawn[0][1]);
}

static void
test_a_wrong_gradient_is_found (void)
{
  const gint64 shape[] = { 2 };
  const gdouble near_kink[] = { 1e-9, 1 };
  const gdouble smooth[] = { 0.5, 1 };
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) y = tg_abs (x, NULL);
  g_autoptr (TgTensor) bad = tg_tensor_new_doubles (near_kink, 2, shape, 1, NULL);
  g_autoptr (TgTensor) good = tg_tensor_new_doubles (smooth, 2, shape, 1, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_true (tg_verify_grad (y, &x, 1, &good, 1, 1e-6, &error));
  g_assert_no_error (error);
  g_assert_false (tg_verify_grad (y, &x, 1, &bad, 1, 1e-6, &error));
  g_assert_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_false (tg_verify_grad (y, &x, 1, NULL, 0, 1e-6, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS);
}

/* A function with a name, for the debug output. */
static void
call_named (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_exp (x, NULL);
  g_autoptr (TgVariable) state = make_shared (1, "state");
  g_autoptr (TgTensor) value = tg_tensor_new_double (0);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (TgTensor) result = NULL;

  tg_function_builder_set_name (builder, "named");
  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, y, NULL);
  add_update (builder, state, "state + 1", &state, 1);
  function = build (builder);
  result = call (function, &value, 1, NULL);
  g_assert_nonnull (result);
}

/* What the library says when a process begins with TG_DEBUG set: it is read once. */
static void
debug_in_subprocess (const char *words)
{
  if (g_test_subprocess ())
    {
      g_setenv ("TG_DEBUG", words, TRUE);
      call_named ();
      exit (0);
    }

  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
}

static void
test_debug_tells_of_passes_and_operators (void)
{
  debug_in_subprocess ("compile,run,check");
  g_test_trap_assert_stderr ("*named: check: *named: order: *named: release: *"
                             "exp (x: f64*) -> f64*");
}

static void
test_debug_helps (void)
{
  debug_in_subprocess ("help");
  g_test_trap_assert_stderr ("*TG_DEBUG is a list of words*compile *say what each pass did*");
}

static void
test_dump_writes_a_graph_a_pass (void)
{
  g_autofree char *folder = g_dir_make_tmp ("test-function-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "named-05-order.tg", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GDir) files = NULL;
  const char *file;
  guint n_files = 0;

  g_setenv ("TG_DUMP", folder, TRUE);
  call_named ();
  g_unsetenv ("TG_DUMP");

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_assert_cmpstr (text, ==, "f(x: f64[]; state: f64[]) =\n"
                             "  update state = state + 1;\n"
                             "  exp(x)");

  files = g_dir_open (folder, 0, NULL);
  while ((file = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *name = g_build_filename (folder, file, NULL);

      n_files++;
      g_remove (name);
    }
  g_assert_cmpuint (n_files, ==, 7);
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_TEST(path, name) g_test_add_func ("/function/" path, test_##name)
  /* Those that change the environment come before those that start threads. */
  ADD_TEST ("debug-tells-of-passes-and-operators", debug_tells_of_passes_and_operators);
  ADD_TEST ("debug-helps", debug_helps);
  ADD_TEST ("dump-writes-a-graph-a-pass", dump_writes_a_graph_a_pass);
  ADD_TEST ("a-call-returns-values-from-before", a_call_returns_values_from_before);
  ADD_TEST ("updates-see-values-from-before", updates_see_values_from_before);
  ADD_TEST ("updates-are-notified-once-all-are-in-place",
            updates_are_notified_once_all_are_in_place);
  ADD_TEST ("inputs-are-checked", inputs_are_checked);
  ADD_TEST ("parts-that-could-not-be-made", parts_that_could_not_be_made);
  ADD_TEST ("results-are-no-views-of-arguments", results_are_no_views_of_arguments);
  ADD_TEST ("threads-update-in-turn", threads_update_in_turn);
  ADD_TEST ("a-draw-goes-by-seed-stream-and-count", a_draw_goes_by_seed_stream_and_count);
  ADD_TEST ("a-wrong-gradient-is-found", a_wrong_gradient_is_found);
#undef ADD_TEST

  return g_test_run ();
}
