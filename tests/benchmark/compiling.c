/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * How long LLVM takes to compile a loop, and the loop an element.  With a number, such as 5, only
 * operators that take so many milliseconds are shown.
 */

#include "config.h"

#include <stdlib.h>
#include <time.h>

#include "tg-elf-loader-private.h"
#include "tg-llvm-private.h"
#include "tg-reference-private.h"

#include "../test-loops.h"

#define N 16384
#define ROUNDS 7

static const TgLlvmTarget wide = { NULL, "x86-64-v4", "" };
static const TgLlvmTarget narrow = { NULL, "x86-64-v3", "" };

/* Of this thread, in microseconds. */
static double
get_time (void)
{
  struct timespec now;

  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return 1e6 * (double) now.tv_sec + 1e-3 * (double) now.tv_nsec;
}

/* 1 / (1 + exp (-x)) as one operator after the other */
static TgCpuLoop *
make_logistic (TgDType dtype)
{
  TgCpuLoop *loop = loop_new ();
  guint x = loop_load (loop, dtype, 1), one = loop_load (loop, dtype, 2);
  guint power = loop_apply_1 (loop, TG_OP_EXP, loop_apply_1 (loop, TG_OP_NEGATIVE, x));

  loop_store (loop, loop_apply_2 (loop, TG_OP_DIVIDE, one,
                                  loop_apply_2 (loop, TG_OP_ADD, one, power)), 0);
  return loop;
}

/* tanh (x * a + y) * exp (-(x * x)) + log1p (y * y) */
static TgCpuLoop *
make_chain (TgDType dtype)
{
  TgCpuLoop *loop = loop_new ();
  guint x = loop_load (loop, dtype, 1), y = loop_load (loop, dtype, 2);
  guint a = loop_load (loop, dtype, 3);
  guint line = loop_apply_2 (loop, TG_OP_ADD, loop_apply_2 (loop, TG_OP_MULTIPLY, x, a), y);
  guint bell = loop_apply_1 (loop, TG_OP_NEGATIVE, loop_apply_1 (loop, TG_OP_SQUARE, x));
  guint product = loop_apply_2 (loop, TG_OP_MULTIPLY, loop_apply_1 (loop, TG_OP_TANH, line),
                                loop_apply_1 (loop, TG_OP_EXP, bell));
  guint l = loop_apply_1 (loop, TG_OP_LOG1P, loop_apply_1 (loop, TG_OP_SQUARE, y));

  loop_store (loop, loop_apply_2 (loop, TG_OP_ADD, product, l), 0);
  return loop;
}

/* max (|((x * 2 + y) * x - y) * a| + b, x) * y - x */
static TgCpuLoop *
make_arithmetic (TgDType dtype)
{
  TgCpuLoop *loop = loop_new ();
  guint x = loop_load (loop, dtype, 1), y = loop_load (loop, dtype, 2);
  guint a = loop_load (loop, dtype, 3), b = loop_load (loop, dtype, 4);
  guint v = loop_apply_2 (loop, TG_OP_MULTIPLY, x, a);

  v = loop_apply_2 (loop, TG_OP_MULTIPLY, loop_apply_2 (loop, TG_OP_ADD, v, y), x);
  v = loop_apply_2 (loop, TG_OP_MULTIPLY, loop_apply_2 (loop, TG_OP_SUBTRACT, v, y), a);
  v = loop_apply_2 (loop, TG_OP_ADD, loop_apply_1 (loop, TG_OP_ABS, v), b);
  v = loop_apply_2 (loop, TG_OP_MULTIPLY, loop_apply_2 (loop, TG_OP_MAXIMUM, v, x), y);
  loop_store (loop, loop_apply_2 (loop, TG_OP_SUBTRACT, v, x), 0);
  return loop;
}

static GBytes *
compile (TgCpuLoop          *loop,
         const TgLlvmTarget *target,
         double             *time)
{
  GBytes *object = NULL;

  *time = G_MAXDOUBLE;
  for (guint i = 0; i < ROUNDS; i++)
    {
      double before = get_time ();

      g_clear_pointer (&object, g_bytes_unref);
      object = tg_llvm_compile ((const TgCpuLoop *const *) &loop, 1, target, NULL);
      *time = MIN (*time, get_time () - before);
    }

  return object;
}

static void
fill (char   *data,
      TgDType dtype,
      double  low,
      double  high)
{
  for (gsize i = 0; i < N; i++)
    {
      double x = low + (high - low) * (double) (i * 7919 % N) / N;

      if (dtype == TG_DTYPE_FLOAT64)
        ((double *) data)[i] = x;
      else
        ((float *) data)[i] = (float) x;
    }
}

static double
measure (GBytes *object,
         TgDType dtype)
{
  g_autoptr (TgElfCode) code = tg_elf_code_new (object, NULL);
  TgCpuLoopFunc func = (TgCpuLoopFunc) tg_elf_code_lookup (code, "loop0");
  static char arrays[5][N * sizeof (double)];
  char *data[] = { arrays[0], arrays[1], arrays[2], arrays[3], arrays[4] };
  double best = G_MAXDOUBLE;

  if (func == NULL)
    return 0;

  fill (data[1], dtype, -3, 3);
  fill (data[2], dtype, -2, 2);
  fill (data[3], dtype, 0.5, 0.5);
  fill (data[4], dtype, 1, 1);
  for (guint i = 0; i < 200; i++)
    {
      double before = get_time ();

      func (N, data);
      best = MIN (best, get_time () - before);
    }

  return best * 1e3 / N;
}

static void
report (const char *name,
        TgDType     dtype,
        TgCpuLoop  *loop,
        double      least)
{
  double wide_time, narrow_time;
  g_autoptr (GBytes) of_wide = compile (loop, &wide, &wide_time);
  g_autoptr (GBytes) of_narrow = compile (loop, &narrow, &narrow_time);

  if (MAX (wide_time, narrow_time) >= least * 1e3)
    g_print ("%-20s %-8s %6.2f ms %7.3f ns    %6.2f ms %7.3f ns\n", name,
             tg_dtype_get_name (dtype), wide_time * 1e-3, measure (of_wide, dtype),
             narrow_time * 1e-3, measure (of_narrow, dtype));
  loop_free (loop);
}

int
main (int    argc,
      char **argv)
{
  double least = argc > 1 ? g_ascii_strtod (argv[1], NULL) : 0;

  g_print ("%-29s 8 lanes                  4 lanes\n", "");
  for (TgDType dtype = TG_DTYPE_FLOAT32; dtype <= TG_DTYPE_FLOAT64; dtype++)
    {
      report ("logistic", dtype, make_logistic (dtype), least);
      report ("chain", dtype, make_chain (dtype), least);
      report ("arithmetic", dtype, make_arithmetic (dtype), least);
      for (TgOpId op = 0; op < TG_N_OPS; op++)
        if (tg_llvm_supports (op, dtype))
          report (tg_ops[op].name, dtype, loop_new_apply (op, dtype), least);
        else if (tg_reference_kernels[op][dtype].loop != NULL
                 && tg_ops[op].form == TG_FORM_ELEMENTWISE)
          g_print ("%-20s %-8s not supported\n", tg_ops[op].name, tg_dtype_get_name (dtype));
    }

  return EXIT_SUCCESS;
}
