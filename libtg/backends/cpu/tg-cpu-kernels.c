/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-kernels-private.h"

#include <math.h>

#include "tg-cpu-draw-private.h"

typedef struct
{
  const char              *name;
  const TgReferenceKernel (*kernels)[TG_N_DTYPES];
  const TgCpuDrawLoops     *draw_loops;
  const TgCpuSoftmaxLoops  *softmax;
  const TgCpuProductLoops  *product_loops;
} Level;

/* From the most that is required of a machine on. */
static const Level levels[] = {
#ifdef TG_HAVE_X86_64_LEVELS
  { "x86-64-v4", tg_cpu_kernels_v4, &tg_cpu_draw_loops_v4, tg_cpu_softmax_v4,
    tg_cpu_product_loops_v4 },
  { "x86-64-v3", tg_cpu_kernels_v3, &tg_cpu_draw_loops_v3, tg_cpu_softmax_v3,
    tg_cpu_product_loops_v3 },
#endif
  { "x86-64", tg_cpu_kernels_baseline, &tg_cpu_draw_loops_baseline, tg_cpu_softmax_baseline,
    tg_cpu_product_loops_baseline },
};

static gboolean
is_supported (const Level *level)
{
#ifdef TG_HAVE_X86_64_LEVELS
  if (level->kernels == tg_cpu_kernels_v4)
    return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512dq")
           && __builtin_cpu_supports ("avx512bw") && __builtin_cpu_supports ("avx512vl")
           && __builtin_cpu_supports ("avx512cd") && __builtin_cpu_supports ("avx2")
           && __builtin_cpu_supports ("fma") && __builtin_cpu_supports ("bmi2");

  if (level->kernels == tg_cpu_kernels_v3)
    return __builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma")
           && __builtin_cpu_supports ("bmi2");
#endif

  return TRUE;
}

static gpointer
choose_level (gpointer user_data G_GNUC_UNUSED)
{
  const char *wanted = g_getenv ("TG_CPU");
  const Level *best = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (levels); i++)
    {
      if (!is_supported (&levels[i]))
        continue;

      if (best == NULL || g_strcmp0 (levels[i].name, wanted) == 0)
        best = &levels[i];
    }

  return (gpointer) best;
}

static const Level *
get_level (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, choose_level, NULL);
}

const TgReferenceKernel *
tg_cpu_get_kernel (TgOpId  op,
                   TgDType dtype)
{
  return &get_level ()->kernels[op][dtype];
}

const TgCpuDrawLoops *
tg_cpu_get_draw_loops (void)
{
  return get_level ()->draw_loops;
}

const TgCpuSoftmaxLoops *
tg_cpu_get_softmax (TgDType dtype)
{
  return &get_level ()->softmax[dtype == TG_DTYPE_FLOAT64];
}

const TgCpuProductLoops *
tg_cpu_get_product_loops (TgDType dtype)
{
  return &get_level ()->product_loops[dtype == TG_DTYPE_FLOAT64];
}

gboolean
tg_cpu_fold_has_rest (const TgOpInfo *op,
                      TgDType         dtype)
{
  return dtype == TG_DTYPE_FLOAT64 && g_strcmp0 (op->kernel, "ADD (acc, x)") == 0;
}

void
tg_cpu_fold_add_rest (char   *accumulator,
                      double  rest)
{
  /* It is nan once the sum is infinite. */
  if (rest == rest)
    *(double *) (gpointer) accumulator += rest;
}

gboolean
tg_cpu_fold_get_init (const TgOpInfo *op,
                      TgDType         dtype,
                      double         *init)
{
  if (op->init != NULL)
    *init = g_ascii_strtod (op->init, NULL);
  else if ((op == &tg_ops[TG_OP_MAX] || op == &tg_ops[TG_OP_MIN])
           && (dtype == TG_DTYPE_FLOAT32 || dtype == TG_DTYPE_FLOAT64))
    *init = op == &tg_ops[TG_OP_MAX] ? -INFINITY : INFINITY;
  else
    return FALSE;

  return TRUE;
}

TgInnerLoop
tg_cpu_fold_get_combination (const TgOpInfo *op,
                             TgDType         accumulator)
{
  /* What knows of a center is a sum. */
  return tg_cpu_get_kernel (op->center != NULL ? TG_OP_SUM : tg_op_info_get_id (op),
                            accumulator)->loop;
}

const char *
tg_cpu_get_level (void)
{
  return get_level ()->name;
}

const char *
tg_cpu_get_lower_level (void)
{
  for (const Level *level = levels; level < get_level (); level++)
    {
      if (is_supported (level))
        return get_level ()->name;
    }

  return NULL;
}
