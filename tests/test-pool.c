/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* The threads of the backend for the processor: each chunk of some work is done once, whoever asks
 * for it and from wherever. */

#include "config.h"

#include <fenv.h>

#include <tg.h>

#include "tg-cpu-pool-private.h"

#define N_CHUNKS 300

typedef struct
{
  TgRunOptions  options;
  int           counts[N_CHUNKS];
  GCancellable *cancellable;
  guint         n_inner;          /* chunks of work that each chunk does itself */
  int           n_others;         /* chunks that other threads did */
  int           n_rounded_up;
  GThread      *owner;
} Work;

static void
count_inner (guint    chunk G_GNUC_UNUSED,
             gpointer user_data)
{
  g_atomic_int_inc ((int *) user_data);
}

static gboolean
rounds_up (void)
{
  volatile double one = 1, three = 3;

  return one / three > 1. / 3;
}

static void
count (guint    chunk,
       gpointer user_data)
{
  Work *self = user_data;
  int n_inner = 0;

  g_atomic_int_inc (&self->counts[chunk]);
  if (g_thread_self () != self->owner)
    g_atomic_int_inc (&self->n_others);
  if (rounds_up ())
    g_atomic_int_inc (&self->n_rounded_up);
  if (chunk == N_CHUNKS / 3 && self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  while (chunk > N_CHUNKS / 3 && self->cancellable != NULL
         && !g_cancellable_is_cancelled (self->cancellable))
    g_thread_yield ();

  g_assert_true (tg_cpu_pool_run (self->n_inner, count_inner, &n_inner, &self->options));
  g_assert_cmpint (n_inner, ==, self->n_inner);
}

static void
assert_all_done_once (const Work *self)
{
  for (guint i = 0; i < N_CHUNKS; i++)
    g_assert_cmpint (self->counts[i], ==, 1);
}

static void
test_each_chunk_is_done_once (void)
{
  for (guint n_threads = 0; n_threads < 20; n_threads++)
    {
      Work work = { .options = { .n_threads = n_threads }, .owner = g_thread_self () };

      g_assert_true (tg_cpu_pool_run (N_CHUNKS, count, &work, &work.options));
      assert_all_done_once (&work);
      g_assert_true (n_threads != 1 || work.n_others == 0);
    }
}

/* Waits until another thread has come. */
static void
wait_for_another (guint    chunk G_GNUC_UNUSED,
                  gpointer user_data)
{
  Work *self = user_data;

  if (g_thread_self () != self->owner)
    g_atomic_int_set (&self->n_others, 1);
  while (g_atomic_int_get (&self->n_others) == 0)
    g_thread_yield ();
}

static void
test_other_threads_help (void)
{
  Work work = { .options = { .n_threads = 2 }, .owner = g_thread_self () };

  for (guint i = 0; i < 100; i++)
    {
      work.n_others = 0;
      g_assert_true (tg_cpu_pool_run (2, wait_for_another, &work, &work.options));
      g_assert_cmpint (work.n_others, ==, 1);
    }
}

static void
test_chunks_have_chunks (void)
{
  Work work = { .options = { .n_threads = 3 }, .n_inner = 20, .owner = g_thread_self () };

  g_assert_true (tg_cpu_pool_run (N_CHUNKS, count, &work, &work.options));
  assert_all_done_once (&work);
}

static gpointer
run_often (gpointer data)
{
  const TgRunOptions *options = data;

  for (guint i = 0; i < 50; i++)
    {
      Work work = { .options = *options, .n_inner = i % 3, .owner = g_thread_self () };

      g_assert_true (tg_cpu_pool_run (N_CHUNKS, count, &work, options));
      assert_all_done_once (&work);
    }

  return NULL;
}

static void
test_several_threads_share_the_others (void)
{
  TgRunOptions options[5];
  GThread *threads[G_N_ELEMENTS (options)];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      options[i] = (TgRunOptions) { .n_threads = i + 1 };
      threads[i] = g_thread_new ("user", run_often, &options[i]);
    }

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

static void
test_what_is_cancelled_ends (void)
{
  for (guint n_threads = 1; n_threads < 5; n_threads++)
    {
      g_autoptr (GCancellable) cancellable = g_cancellable_new ();
      Work work = { .options = { .n_threads = n_threads, .cancellable = cancellable },
                    .cancellable = cancellable, .owner = g_thread_self () };

      g_assert_false (tg_cpu_pool_run (N_CHUNKS, count, &work, &work.options));
      g_assert_cmpint (work.counts[N_CHUNKS / 3], ==, 1);
      g_assert_cmpint (work.counts[N_CHUNKS - 1], ==, 0);
    }
}

/* A thread that rounds upwards has its work done so by all; under valgrind, which always rounds to
 * the nearest, no one does. */
static void
test_threads_round_as_their_user_does (void)
{
  Work work = { .options = { .n_threads = 4 }, .owner = g_thread_self () };
  int expected;

  fesetround (FE_UPWARD);
  expected = rounds_up () ? N_CHUNKS : 0;
  g_assert_true (tg_cpu_pool_run (N_CHUNKS, count, &work, &work.options));
  fesetround (FE_TONEAREST);
  g_assert_cmpint (work.n_rounded_up, ==, expected);

  work = (Work) { .options = { .n_threads = 4 }, .owner = g_thread_self () };
  g_assert_true (tg_cpu_pool_run (N_CHUNKS, count, &work, &work.options));
  g_assert_cmpint (work.n_rounded_up, ==, 0);
}

#define N 400

static gpointer
call_often (gpointer data)
{
  g_autofree double *values = g_new (double, N * N);
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensor) value = NULL;

  for (guint i = 0; i < N * N; i++)
    values[i] = i % 7 - 3;
  value = tg_tensor_new_doubles (values, N * N, (const gint64[]) { N, N }, 2, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (TgTensor) result = tg_function_call_single (data, value, &error);

      g_assert_no_error (error);
      g_assert_nonnull (result);
    }

  return NULL;
}

/* Elementwise operators, a sum and a product, in several threads at once. */
static void
test_calls_share_all_kinds_of_work (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgMode) mode = tg_mode_new ();
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);
  g_autoptr (TgVariable) exponential = tg_exp (x, &error);
  g_autoptr (TgVariable) product = tg_matmul (exponential, x, &error);
  g_autoptr (TgVariable) sum = tg_sum (product, NULL, 0, FALSE, &error);
  g_autoptr (TgFunction) function = NULL;
  GThread *threads[3];

  g_assert_no_error (error);
  tg_mode_set_n_threads (mode, 3);
  tg_mode_set_promises (mode, TG_PROMISE_NONE);
  tg_function_builder_add_input (builder, x);
  tg_function_builder_add_output (builder, sum, NULL);
  tg_function_builder_set_mode (builder, mode);
  function = tg_function_builder_build (builder, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("user", call_often, function);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
}

#define ADD_TEST(name, function) g_test_add_func ("/pool/" name, test_##function)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  ADD_TEST ("each-chunk-is-done-once", each_chunk_is_done_once);
  ADD_TEST ("other-threads-help", other_threads_help);
  ADD_TEST ("chunks-have-chunks", chunks_have_chunks);
  ADD_TEST ("several-threads-share-the-others", several_threads_share_the_others);
  ADD_TEST ("what-is-cancelled-ends", what_is_cancelled_ends);
  ADD_TEST ("threads-round-as-their-user-does", threads_round_as_their_user_does);
  ADD_TEST ("calls-share-all-kinds-of-work", calls_share_all_kinds_of_work);

  return g_test_run ();
}
