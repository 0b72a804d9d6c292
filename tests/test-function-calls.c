/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Functions in C: inputs with options, modes, copies, calls by name and calls in other threads. */

#include <math.h>

#include <tg.h>

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

static TgFunction *
build (TgFunctionBuilder *builder)
{
  g_autoptr (GError) error = NULL;
  TgFunction *function = tg_function_builder_build (builder, &error);

  g_assert_no_error (error);

  return function;
}

static void
free_outputs (TgTensor **outputs,
              gsize      n_outputs)
{
  for (gsize i = 0; i < n_outputs; i++)
    tg_tensor_unref (outputs[i]);
  g_free (outputs);
}

/* The only output of a call, a number. */
static gdouble
call (TgFunction       *function,
      TgTensor *const  *inputs,
      gsize             n_inputs)
{
  g_autoptr (GError) error = NULL;
  gsize n_outputs;
  gdouble value;
  TgTensor **outputs = tg_function_call (function, inputs, n_inputs, &n_outputs, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n_outputs, ==, 1);
  g_assert_true (tg_tensor_get_double (outputs[0], &value, NULL));
  free_outputs (outputs, n_outputs);

  return value;
}

static gdouble
call_numbers (TgFunction    *function,
              const gdouble *numbers,
              gsize          n_numbers)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  for (gsize i = 0; i < n_numbers; i++)
    g_ptr_array_add (inputs, tg_tensor_new_double (numbers[i]));

  return call (function, (TgTensor *const *) inputs->pdata, n_numbers);
}

/* A call with one number fails with that error. */
static void
assert_call_fails (TgFunction *function,
                   gdouble     number,
                   GQuark      domain,
                   int         code,
                   const char *message)
{
  g_autoptr (TgTensor) input = tg_tensor_new_double (number);
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_function_call (function, &input, 1, NULL, &error));
  g_assert_error (error, domain, code);
  g_assert_cmpstr (error->message, ==, message);
}

static TgFunctionInput *
make_input (TgVariable *variable,
            gdouble     value)
{
  TgFunctionInput *input = tg_function_input_new (variable);
  g_autoptr (TgTensor) tensor = tg_tensor_new_double (value);

  tg_function_input_set_value (input, tensor);

  return input;
}

/* x - y, where y is 2 by default and callers call it "less". */
static TgFunction *
make_difference (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) difference = tg_subtract (x, y, NULL);
  g_autoptr (TgFunctionInput) input = make_input (y, 2);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  tg_function_input_set_name (input, "less");
  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_input_options (builder, input);
  tg_function_builder_add_output (builder, difference, NULL);

  return build (builder);
}

static void
test_inputs_have_defaults (void)
{
  g_autoptr (TgFunction) function = make_difference ();
  g_autoptr (TgTensor) five = tg_tensor_new_double (5);
  TgSharedVariable *holder;

  g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 5 }, 1), ==, 3);
  g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 5, 4 }, 2), ==, 1);
  g_assert_cmpfloat (call (function, (TgTensor *[]) { five, NULL }, 2), ==, 3);

  /* What a function has of its inputs stays as it is. */
  g_test_expect_message ("Tg", G_LOG_LEVEL_CRITICAL, "*!self->frozen*");
  tg_function_input_set_shared (tg_function_get_input_options (function, 1), NULL);
  g_test_assert_expected_messages ();

  holder = tg_function_input_get_shared (tg_function_get_input_options (function, 1));
  g_assert_true (tg_shared_variable_set_value (holder, five, NULL));
  g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 5 }, 1), ==, 0);
}

static void
test_inputs_have_names (void)
{
  g_autoptr (TgFunction) function = make_difference ();
  g_autoptr (TgTensor) one = tg_tensor_new_double (1);
  g_autoptr (TgTensor) five = tg_tensor_new_double (5);
  g_autoptr (GError) error = NULL;
  TgTensor *values[] = { one, five };
  const char *names[] = { "less", "x" };
  gsize n_outputs;
  gdouble value;
  TgTensor **outputs = tg_function_call_named (function, values, 2, names, 2, &n_outputs, &error);

  g_assert_no_error (error);
  g_assert_true (tg_tensor_get_double (outputs[0], &value, NULL));
  g_assert_cmpfloat (value, ==, 4);
  free_outputs (outputs, n_outputs);

  g_assert_null (tg_function_call_named (function, values, 2, names + 1, 1, NULL, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS);
  g_assert_cmpstr (error->message, ==, "function: the input “x” has two values");
  g_clear_error (&error);
  g_assert_null (tg_function_call_named (function, values, 2, (const char *[]) { "y" }, 1, NULL,
                                         &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS);
  g_assert_cmpstr (error->message, ==, "function: there is no input “y”");
}

static void
test_defaults_may_be_updated (void)
{
  g_autoptr (TgVariable) n = tg_variable_new ("n", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) one = tg_constant_new_double (1);
  g_autoptr (TgVariable) next = tg_add (n, one, NULL);
  g_autoptr (TgFunctionInput) input = make_input (n, 0);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) counter = NULL;
  g_autoptr (TgFunction) other = NULL;

  tg_function_input_set_update (input, next);
  tg_function_builder_add_input_options (builder, input);
  tg_function_builder_add_output (builder, n, NULL);
  counter = build (builder);

  g_assert_cmpfloat (call (counter, NULL, 0), ==, 0);
  g_assert_cmpfloat (call (counter, NULL, 0), ==, 1);
  g_assert_cmpfloat (call_numbers (counter, (gdouble[]) { 10 }, 1), ==, 10);

  other = tg_function_copy (counter, NULL, FALSE, NULL, 0, NULL, 0, NULL);
  g_assert_cmpfloat (call (counter, NULL, 0), ==, 11);
  g_assert_cmpfloat (call (other, NULL, 0), ==, 11);
  g_assert_cmpfloat (call (other, NULL, 0), ==, 12);
  g_assert_cmpfloat (call (counter, NULL, 0), ==, 12);
}

static void
test_the_default_of_a_copy_may_be_shared (void)
{
  g_autoptr (TgVariable) n = tg_variable_new ("n", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) one = tg_constant_new_double (1);
  g_autoptr (TgVariable) next = tg_add (n, one, NULL);
  g_autoptr (TgVariable) count = make_shared (100, "count");
  g_autoptr (TgFunctionInput) input = make_input (n, 0);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) counter = NULL;
  g_autoptr (TgFunction) other = NULL;
  g_autoptr (TgFunction) third = NULL;
  TgVariable *own, *missing = NULL;

  tg_function_input_set_update (input, next);
  tg_function_builder_add_input_options (builder, input);
  tg_function_builder_add_output (builder, n, NULL);
  counter = build (builder);
  own = TG_VARIABLE (tg_function_input_get_shared (tg_function_get_input_options (counter, 0)));

  other = tg_function_copy (counter, NULL, FALSE, &own, 1, &count, 1, NULL);
  g_assert_cmpfloat (call (other, NULL, 0), ==, 100);
  g_assert_cmpfloat (call (other, NULL, 0), ==, 101);
  g_assert_cmpfloat (get_value (count), ==, 102);
  g_assert_cmpfloat (call (counter, NULL, 0), ==, 0);

  third = tg_function_copy (other, NULL, FALSE, NULL, 0, NULL, 0, NULL);
  g_assert_cmpfloat (call (third, NULL, 0), ==, 102);
  g_assert_cmpfloat (get_value (count), ==, 103);

  g_assert_null (tg_function_copy (counter, NULL, FALSE, &own, 1, &missing, 1, NULL));
}

static void
test_inputs_say_what_they_convert (void)
{
  const char *const messages[] = {
    "function: the input x: f32[] cannot be a value of type f64[] without loss: array(0.1)",
    "function: the input x: f32[] cannot be a value of type f64[] without loss: array(0.1)",
    NULL,
    "function: the input x: f32[] cannot be a value of type f64[]: it is strict",
  };

  for (guint i = 0; i < 4; i++)
    {
      g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT32, 0);
      g_autoptr (TgFunctionInput) input = tg_function_input_new (x);
      g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
      g_autoptr (TgFunction) function = NULL;

      tg_function_input_set_downcast (input, i < 3 ? (TgDowncast) i : TG_DOWNCAST_ALWAYS);
      tg_function_input_set_strict (input, i == 3);
      tg_function_builder_add_input_options (builder, input);
      tg_function_builder_add_output (builder, x, NULL);
      function = build (builder);

      if (messages[i] != NULL)
        assert_call_fails (function, 0.1, TG_RUN_ERROR, TG_RUN_ERROR_INPUT, messages[i]);
      else
        g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 0.1 }, 1), ==, 0.1f);
    }
}

static void
test_borrowed_memory_is_seen_in_results (void)
{
  for (guint i = 0; i < 3; i++)
    {
      gdouble memory = 1;
      g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
      g_autoptr (TgFunctionInput) input = tg_function_input_new (x);
      g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
      g_autoptr (TgTensor) value = tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, NULL, 0, NULL, 0,
                                                              (guint64) (gsize) &memory, NULL,
                                                              NULL, NULL);
      g_autoptr (TgFunction) function = NULL;
      gsize n_outputs;
      TgTensor **outputs;

      tg_function_input_set_borrow (input, i == 1);
      tg_function_builder_add_input_options (builder, input);
      if (i == 2)
        tg_function_builder_add_borrowed_output (builder, x, NULL);
      else
        tg_function_builder_add_output (builder, x, NULL);
      function = build (builder);
      outputs = tg_function_call (function, &value, 1, &n_outputs, NULL);

      if (i == 0)
        g_assert_cmpuint (tg_tensor_get_address (outputs[0]), !=, (guint64) (gsize) &memory);
      else
        g_assert_cmpuint (tg_tensor_get_address (outputs[0]), ==, (guint64) (gsize) &memory);
      free_outputs (outputs, n_outputs);
    }
}

static void
test_unused_inputs (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) one = tg_constant_new_double (1);

  for (TgUnusedInput policy = TG_UNUSED_INPUT_RAISE; policy <= TG_UNUSED_INPUT_IGNORE; policy++)
    {
      g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
      g_autoptr (TgFunction) function = NULL;
      g_autoptr (GError) error = NULL;

      tg_function_builder_add_input (builder, x);
      tg_function_builder_add_output (builder, one, NULL);
      tg_function_builder_set_on_unused_input (builder, policy);
      if (policy == TG_UNUSED_INPUT_WARN)
        g_test_expect_message ("Tg", G_LOG_LEVEL_WARNING, "function: the input x: f64[] is not *");
      function = tg_function_builder_build (builder, &error);
      g_test_assert_expected_messages ();

      if (policy == TG_UNUSED_INPUT_RAISE)
        g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UNUSED);
      else
        g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 3 }, 1), ==, 1);
    }
}

static void
test_modes_are_text (void)
{
  g_autoptr (TgMode) mode = tg_mode_new_from_string ("check-finite, reference", NULL);
  g_autoptr (TgMode) plain = tg_mode_new ();
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tg_mode_to_string (mode);
  g_autofree char *plain_text = tg_mode_to_string (plain);

  g_assert_cmpstr (text, ==, "reference,check-finite");
  g_assert_cmpstr (plain_text, ==, "cpu,exact,real,stable");
  g_assert_null (tg_mode_new_from_string ("slow", &error));
  g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MODE);
  g_clear_error (&error);
  g_assert_false (tg_mode_set_backend (mode, "fast", &error));
  g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MODE);
  g_assert_cmpstr (error->message, ==,
                   "there is no backend “fast”; those that there are: cpu, reference");
}

static void
test_the_first_value_that_is_not_finite_is_found (void)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) state = make_shared (1, "state");
  g_autoptr (TgVariable) expression = tg_parse ("exp(log(x) * state)",
                                                (TgVariable *[]) { x, state }, 2, NULL);
  g_autoptr (TgVariable) next = tg_multiply (state, x, NULL);
  g_autoptr (TgMode) mode = tg_mode_new ();
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;

  tg_mode_set_promises (mode, TG_PROMISE_NONE); /* of exp (log (x) * y) all is to be computed */
  tg_mode_set_check_finite (mode, TRUE);
  tg_function_builder_set_mode (builder, mode);
  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, expression, NULL);
  tg_function_builder_add_update (builder, state, next);
  function = build (builder);

  g_assert_cmpfloat (call_numbers (function, (gdouble[]) { 2 }, 1), ==, exp (log (2)));
  assert_call_fails (function, 0, TG_RUN_ERROR, TG_RUN_ERROR_NOT_FINITE,
                     "function: log (x: f64[]): the result is -inf (made at 1:5 of the text)");
  assert_call_fails (function, -1, TG_RUN_ERROR, TG_RUN_ERROR_NOT_FINITE,
                     "function: log (x: f64[]): the result is nan (made at 1:5 of the text)");
  assert_call_fails (function, INFINITY, TG_RUN_ERROR, TG_RUN_ERROR_NOT_FINITE,
                     "function: x: f64[] is inf");
  g_assert_cmpfloat (get_value (state), ==, 2);
}

static void
test_copies_have_other_shared_variables (void)
{
  g_autoptr (TgVariable) v = make_shared (1, "v");
  g_autoptr (TgVariable) w = make_shared (10, "w");
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) sum = tg_add (x, v, NULL);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (TgFunction) copy = NULL;
  g_autoptr (TgFunction) reader = NULL;
  g_autoptr (TgGraph) graph = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, sum, NULL);
  tg_function_builder_add_update (builder, v, sum);
  function = build (builder);
  copy = tg_function_copy (function, "copy", FALSE, &v, 1, &w, 1, &error);
  g_assert_no_error (error);
  reader = tg_function_copy (function, NULL, TRUE, NULL, 0, NULL, 0, NULL);

  g_assert_cmpfloat (call_numbers (copy, (gdouble[]) { 2 }, 1), ==, 12);
  g_assert_cmpfloat (call_numbers (reader, (gdouble[]) { 2 }, 1), ==, 3);
  g_assert_cmpfloat (get_value (v), ==, 1);
  g_assert_cmpfloat (get_value (w), ==, 12);
  graph = tg_function_dup_graph (copy);
  text = tg_graph_to_string (graph);
  g_assert_nonnull (strstr (text, "x + w"));
  g_assert_cmpstr (tg_function_get_name (copy), ==, "copy");

  g_assert_null (tg_function_copy (function, NULL, FALSE, &w, 1, &v, 1, &error));
  g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN);
  g_assert_cmpstr (error->message, ==, "function: copy: w: f64[] cannot be swapped: it is not a "
                                       "shared variable of the function");
  g_clear_error (&error);

  g_assert_null (tg_function_copy (function, NULL, FALSE, &v, 1, NULL, 0, &error));
  g_assert_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN);
  g_assert_cmpstr (error->message, ==, "function: copy: 1 shared variables need as many "
                                       "replacements, not 0");
}

static void
test_default_updates_may_be_left_out (void)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (1);
  g_autoptr (TgVariable) shape = tg_constant_new_integers (NULL, 0);
  g_autoptr (TgVariable) low = tg_constant_new_double (0);
  g_autoptr (TgVariable) high = tg_constant_new_double (1);
  g_autoptr (TgVariable) u = tg_random_streams_uniform (streams, shape, low, high,
                                                        TG_DTYPE_FLOAT64, NULL);
  g_autoptr (TgFunction) moving = tg_function_new (NULL, 0, &u, 1, NULL);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) still = NULL;

  tg_function_builder_add_output (builder, u, NULL);
  tg_function_builder_set_no_default_updates (builder, TRUE);
  still = build (builder);

  g_assert_cmpfloat (call (moving, NULL, 0), !=, call (moving, NULL, 0));
  g_assert_cmpfloat (call (still, NULL, 0), ==, call (still, NULL, 0));
}

/* What a callback of call_async() sees. */
typedef struct
{
  GMainLoop *loop;
  GThread   *thread;
  guint      n_notified;
  gdouble    result;
  GError    *error;
} Answer;

static void
on_notified (gpointer user_data)
{
  Answer *answer = user_data;

  g_assert_true (g_thread_self () == answer->thread);
  answer->n_notified++;
}

static void
on_called (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Answer *answer = user_data;
  gsize n_outputs;
  TgTensor **outputs = tg_function_call_finish (TG_FUNCTION (source), result, &n_outputs,
                                                &answer->error);

  g_assert_true (g_thread_self () == answer->thread);
  if (outputs != NULL)
    {
      g_assert_true (tg_tensor_get_double (outputs[0], &answer->result, NULL));
      free_outputs (outputs, n_outputs);
    }

  g_main_loop_quit (answer->loop);
}

static TgFunction *
make_accumulator (TgVariable *state)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) sum = tg_add (state, x, NULL);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  tg_function_builder_set_name (builder, "accumulator");
  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, state, NULL);
  tg_function_builder_add_update (builder, state, sum);

  return build (builder);
}

static void
test_a_call_in_another_thread (void)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (TgVariable) state = make_shared (1, "state");
  g_autoptr (TgFunction) function = make_accumulator (state);
  g_autoptr (TgTensor) two = tg_tensor_new_double (2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Answer answer = { loop, g_thread_self (), 0, 0, NULL };

  g_signal_connect_swapped (state, "notify::value", G_CALLBACK (on_notified), &answer);
  tg_function_call_async (function, &two, 1, NULL, on_called, &answer);
  g_main_loop_run (loop);
  g_assert_no_error (answer.error);
  g_assert_cmpfloat (answer.result, ==, 1);
  g_assert_cmpuint (answer.n_notified, ==, 1);
  g_assert_cmpfloat (get_value (state), ==, 3);

  tg_function_call_named_async (function, &two, 1, (const char *[]) { "x" }, 1, cancellable,
                                on_called, &answer);
  g_main_loop_run (loop);
  g_assert_cmpfloat (answer.result, ==, 3);

  /* Once it has succeeded, the updates are in place, and the call stays one that has. */
  g_cancellable_cancel (cancellable);
  tg_function_call_async (function, &two, 1, cancellable, on_called, &answer);
  g_main_loop_run (loop);
  g_assert_error (answer.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpstr (answer.error->message, ==, "accumulator: the call was cancelled");
  g_assert_cmpfloat (get_value (state), ==, 5);
  g_clear_error (&answer.error);
}

static gpointer
cancel_soon (gpointer user_data)
{
  g_usleep (20000);
  g_cancellable_cancel (user_data);

  return NULL;
}

/* A call of many operators ends soon after it is cancelled, and changes nothing. */
static void
test_a_call_is_cancelled_between_operators (void)
{
  const gint64 shape[] = { 1000, 1000 };
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);
  g_autoptr (TgVariable) state = make_shared (1, "state");
  g_autoptr (TgVariable) next = tg_parse ("state + 1", &state, 1, NULL);
  g_autoptr (TgVariable) last = g_object_ref (x);
  g_autoptr (TgTensor) value = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, shape, 2, NULL);
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  GThread *thread;

  for (guint i = 0; i < 2000; i++)
    {
      TgVariable *cosine = tg_cos (last, NULL);

      g_object_unref (last);
      last = cosine;
    }

  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, last, NULL);
  tg_function_builder_add_update (builder, state, next);
  function = build (builder);

  g_cancellable_push_current (cancellable);
  thread = g_thread_new ("canceller", cancel_soon, cancellable);
  g_assert_null (tg_function_call (function, &value, 1, NULL, &error));
  g_thread_join (thread);
  g_cancellable_pop_current (cancellable);

  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpfloat (get_value (state), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_TEST(path, name) g_test_add_func ("/function-calls/" path, test_##name)
  ADD_TEST ("inputs-have-defaults", inputs_have_defaults);
  ADD_TEST ("inputs-have-names", inputs_have_names);
  ADD_TEST ("defaults-may-be-updated", defaults_may_be_updated);
  ADD_TEST ("the-default-of-a-copy-may-be-shared", the_default_of_a_copy_may_be_shared);
  ADD_TEST ("inputs-say-what-they-convert", inputs_say_what_they_convert);
  ADD_TEST ("borrowed-memory-is-seen-in-results", borrowed_memory_is_seen_in_results);
  ADD_TEST ("unused-inputs", unused_inputs);
  ADD_TEST ("modes-are-text", modes_are_text);
  ADD_TEST ("the-first-value-that-is-not-finite-is-found",
            the_first_value_that_is_not_finite_is_found);
  ADD_TEST ("copies-have-other-shared-variables", copies_have_other_shared_variables);
  ADD_TEST ("default-updates-may-be-left-out", default_updates_may_be_left_out);
  ADD_TEST ("a-call-in-another-thread", a_call_in_another_thread);
  ADD_TEST ("a-call-is-cancelled-between-operators", a_call_is_cancelled_between_operators);
#undef ADD_TEST

  return g_test_run ();
}
