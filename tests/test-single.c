/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The kernels of float32 that are its own: of one number each is near the kernel of float64, and
 * the same bits for every set of instructions.
 */

#include "config.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "tg-cpu-kernels-private.h"

#include "test-single.h"

#define N_BLOCK 4096

/* The step by which a block has each sign and exponent: zeros, infinities and nan are among it. */
#define ALL_EXPONENTS (1u << 20)

/* So many of the 2^32 floats, unless TG_TEST_POINTS says otherwise: as there is time for, which is
 * less where a fused multiply-add is a call. */
#define N_POINTS (1u << 25)
#define N_POINTS_BASELINE (1u << 20)

static uint64_t n_points;

typedef struct
{
  const char *name;
  const TgReferenceKernel (*kernels)[TG_N_DTYPES];
} Level;

static TgOpId
find_op (const char *name)
{
  TgOpId op = 0;

  while (op < TG_N_OPS && !g_str_equal (tg_ops[op].name, name))
    op++;

  g_assert_cmpint (op, <, TG_N_OPS);
  return op;
}

static void
run (const TgReferenceKernel *kernel,
     gpointer                 out,
     gconstpointer            in,
     gint64                   size)
{
  kernel->loop (N_BLOCK, (char *[]) { out, (char *) in }, (gint64[]) { size, size }, NULL);
}

/* Every step-th float; as the step is odd, none comes twice. */
static void
fill (float    *block,
      uint64_t  first,
      uint64_t  step)
{
  for (uint64_t i = 0; i < N_BLOCK; i++)
    {
      uint32_t bits = (uint32_t) ((first + i) * step);

      memcpy (block + i, &bits, sizeof bits);
    }
}

static uint64_t
get_step (uint64_t n)
{
  return (UINT64_C (1) << 32) / n | 1;
}

/* In units in the last place of a float; what overflows is 2^128. */
static double
get_error (float  got,
           double wanted)
{
  double value = isinf (got) ? copysign (0x1p128, got) : (double) got;
  double limited = fabs (wanted) > 0x1p128 ? copysign (0x1p128, wanted) : wanted;
  uint64_t bits;
  double unit;

  if (isnan (got) || isnan (wanted))
    return isnan (got) && isnan (wanted) ? 0 : INFINITY;
  if (wanted == 0 && !signbit (got) != !signbit (wanted))
    return INFINITY;

  memcpy (&bits, &wanted, sizeof bits);
  bits = CLAMP (bits << 1 >> 53, 1023 - 126, 1023 + 127) - 23;
  bits <<= 52;
  memcpy (&unit, &bits, sizeof unit);
  return fabs (value - limited) / unit;
}

typedef struct
{
  TgOpId op;
  double error;
  double at;
} Worst;

static void
measure (Worst    *worst,
         uint64_t  first,
         uint64_t  step)
{
  float block[N_BLOCK], got[N_BLOCK];
  double wider[N_BLOCK], wanted[N_BLOCK];

  fill (block, first, step);
  for (guint i = 0; i < N_BLOCK; i++)
    wider[i] = (double) block[i];
  run (tg_cpu_get_kernel (worst->op, TG_DTYPE_FLOAT32), got, block, sizeof *got);
  run (tg_cpu_get_kernel (worst->op, TG_DTYPE_FLOAT64), wanted, wider, sizeof *wanted);
  for (guint i = 0; i < N_BLOCK; i++)
    {
      double error = get_error (got[i], wanted[i]);

      if (error > worst->error)
        worst->error = error, worst->at = wider[i];
    }
}

static void
test_errors_are_small (gconstpointer data)
{
  const char *name = data;
  Worst worst = { .op = find_op (name) };

  measure (&worst, 0, ALL_EXPONENTS);
  for (uint64_t first = 0; first < n_points; first += N_BLOCK)
    measure (&worst, first, get_step (n_points));

  g_test_message ("%-9s %.4f at %a", name, worst.error, worst.at);
  g_assert_cmpfloat (worst.error, <=, get_most_single (name));
}

static gboolean
same_bits (const float *a,
           const float *b)
{
  for (guint i = 0; i < N_BLOCK; i++)
    if (memcmp (a + i, b + i, sizeof *a) != 0 && !(isnan (a[i]) && isnan (b[i])))
      return FALSE;

  return TRUE;
}

static void
compare_with_baseline (const Level *level)
{
  const uint64_t n = MIN (n_points, N_POINTS_BASELINE / 4);

  for (guint k = 0; k < N_SINGLE_WORDS; k++)
    for (uint64_t first = 0; first < n; first += N_BLOCK)
      {
        TgOpId op = find_op (single_words[k].name);
        float block[N_BLOCK], wanted[N_BLOCK], got[N_BLOCK];

        fill (block, first, first == 0 ? ALL_EXPONENTS : get_step (n));
        run (&tg_cpu_kernels_baseline[op][TG_DTYPE_FLOAT32], wanted, block, sizeof *wanted);
        run (&level->kernels[op][TG_DTYPE_FLOAT32], got, block, sizeof *got);
        if (!same_bits (got, wanted))
          g_error ("%s differs for %s", single_words[k].name, level->name);
      }
}

static void
test_levels_agree (void)
{
  static const Level levels[] = {
    { "x86-64", tg_reference_kernels },
#ifdef TG_HAVE_X86_64_LEVELS
    { "x86-64-v3", tg_cpu_kernels_v3 },
    { "x86-64-v4", tg_cpu_kernels_v4 },
#endif
  };
  const char *best = tg_cpu_get_level ();

  for (guint i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      compare_with_baseline (&levels[i]);
      if (g_str_equal (levels[i].name, best))
        break;
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  n_points = g_str_equal (tg_cpu_get_level (), "x86-64") ? N_POINTS_BASELINE : N_POINTS;
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_points = CLAMP (g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10), 1,
                      UINT64_C (1) << 32);

  for (guint k = 0; k < N_SINGLE_WORDS; k++)
    {
      g_autofree char *path = g_strdup_printf ("/single/errors-are-small/%s", single_words[k].name);

      g_test_add_data_func (path, single_words[k].name, test_errors_are_small);
    }
  g_test_add_func ("/single/levels-agree", test_levels_agree);
  return g_test_run ();
}
