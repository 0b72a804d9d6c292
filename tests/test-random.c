/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Random streams from C; what the numbers are like, test-random.py asks. */

#include <tg.h>

static TgTensor *
draw (TgFunction *function)
{
  g_autoptr (GError) error = NULL;
  gsize n_outputs;
  g_autofree TgTensor **outputs = tg_function_call (function, NULL, 0, &n_outputs, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (n_outputs, ==, 1);

  return outputs[0];
}

static TgVariable *
make_gamma (TgRandomStreams *streams,
            gdouble          shape)
{
  const gint64 size = 5;
  g_autoptr (TgVariable) sizes = tg_constant_new_integers (&size, 1);
  g_autoptr (TgVariable) a = tg_constant_new_double (shape);
  g_autoptr (TgVariable) scale = tg_constant_new_double (2);
  g_autoptr (GError) error = NULL;
  TgVariable *variable = tg_random_streams_gamma (streams, sizes, a, scale, TG_DTYPE_FLOAT64,
                                                  &error);

  g_assert_no_error (error);

  return variable;
}

static void
test_the_first_mistake_is_reported (void)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (1);
  g_autoptr (TgVariable) one = tg_constant_new_double (1);
  g_autoptr (TgVariable) shape = tg_constant_new_integers (NULL, 0);
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_random_streams_normal (streams, NULL, one, one, TG_DTYPE_FLOAT64, &error));
  g_assert_null (tg_random_streams_gamma (streams, shape, NULL, one, TG_DTYPE_FLOAT64, &error));
  g_assert_null (tg_random_streams_beta (streams, shape, one, NULL, TG_DTYPE_FLOAT64, &error));
  g_assert_null (tg_random_streams_multinomial (streams, shape, one, NULL, TG_DTYPE_INT64,
                                                &error));
  g_assert_null (tg_random_streams_shuffle (streams, NULL, 0, TRUE, &error));
  g_assert_no_error (error);
}

static void
test_a_state_makes_the_same_numbers (void)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (2);
  g_autoptr (TgVariable) variable = make_gamma (streams, 0.5);
  g_autoptr (TgFunction) function = tg_function_new (NULL, 0, &variable, 1, NULL);
  TgSharedVariable *state = tg_random_streams_find_state (streams, variable);
  g_autoptr (TgTensor) before = tg_shared_variable_dup_value (state);
  g_autoptr (TgTensor) first = draw (function);
  g_autoptr (TgTensor) second = draw (function);
  g_autoptr (TgTensor) again = NULL;

  g_assert_false (tg_tensor_equal (first, second));
  g_assert_true (tg_shared_variable_set_value (state, before, NULL));
  again = draw (function);
  g_assert_true (tg_tensor_equal (first, again));
}

static void
test_streams_go_on_from_their_states (void)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (3);
  g_autoptr (TgVariable) variable = make_gamma (streams, 2);
  g_autoptr (TgFunction) function = tg_function_new (NULL, 0, &variable, 1, NULL);
  g_autoptr (TgTensor) first = draw (function);
  g_autoptr (TgTensor) states = tg_random_streams_dup_states (streams);
  g_autoptr (TgTensor) second = draw (function);
  g_autoptr (TgTensor) third = NULL;
  g_autoptr (TgTensor) fourth = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tg_random_streams_set_states (streams, states, &error));
  third = draw (function);
  g_assert_true (tg_tensor_equal (second, third));
  tg_random_streams_seed (streams, 3);
  fourth = draw (function);
  g_assert_true (tg_tensor_equal (first, fourth));

  g_assert_false (tg_random_streams_set_states (streams, first, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE);
}

static void
test_a_variable_may_outlive_its_streams (void)
{
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (4);
  g_autoptr (TgRandomStreams) others = tg_random_streams_new (4);
  g_autoptr (TgVariable) variable = make_gamma (streams, 2);
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (TgTensor) numbers = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_random_streams_find_state (others, variable));
  g_assert_false (tg_random_streams_seed_variable (others, variable, 5, &error));
  g_assert_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_NAME);
  g_assert_true (tg_random_streams_seed_variable (streams, variable, 5, NULL));

  g_clear_object (&streams);
  function = tg_function_new (NULL, 0, &variable, 1, NULL);
  numbers = draw (function);
  g_assert_cmpuint (tg_tensor_get_n_elements (numbers), ==, 5);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_TEST(path, name) g_test_add_func ("/random/" path, test_##name)
  ADD_TEST ("the-first-mistake-is-reported", the_first_mistake_is_reported);
  ADD_TEST ("a-state-makes-the-same-numbers", a_state_makes_the_same_numbers);
  ADD_TEST ("streams-go-on-from-their-states", streams_go_on_from_their_states);
  ADD_TEST ("a-variable-may-outlive-its-streams", a_variable_may_outlive_its_streams);
#undef ADD_TEST

  return g_test_run ();
}
