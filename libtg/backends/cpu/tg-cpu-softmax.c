/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-cpu-kernels-private.h"
#include "tg-cpu-passes-private.h"

/* Softmax and its logarithm: of each part of the elements that stays in the cache, one pass finds
 * the largest, one adds up the powers, one writes. */

enum
{
  X,
  RESULT,
  SUMS,    /* of the powers but for those of the largest, then of all */
  OTHERS,  /* what the former have lost, then these */
  NUMBERS, /* of the largest, then the logarithm of the sum of all powers */
  LARGEST,
  POWERS,
  N_OPERANDS,
};

static void
add_pass (TgCpuPasses *passes,
          TgCpuPass    pass)
{
  passes->passes[passes->n_passes++] = pass;
}

/* The first passes, which the others need the results of; powers are kept where they are asked for. */
static void
add_passes_of_sums (TgCpuPasses             *passes,
                    const TgCpuSoftmaxLoops *loops,
                    TgDType                  dtype,
                    gboolean                 keeps)
{
  const guint powers = dtype == TG_DTYPE_FLOAT64 ? RESULT : POWERS;

  add_pass (passes, (TgCpuPass) {
    .loop = tg_cpu_get_kernel (TG_OP_LOGSUMEXP, dtype)->center, .n_operands = 2,
    .operands = { LARGEST, X }, .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ },
  });
  add_pass (passes, (TgCpuPass) {
    .loop = keeps ? loops->keep_powers : loops->add_powers, .n_operands = keeps ? 6 : 5,
    .operands = { SUMS, OTHERS, NUMBERS, X, LARGEST, powers },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_ACCUMULATE, TG_CPU_ACCUMULATE, TG_CPU_READ, TG_CPU_KNOW,
               TG_CPU_WRITE },
  });
  add_pass (passes, (TgCpuPass) {
    .loop = loops->find_sums, .n_operands = 3, .operands = { SUMS, OTHERS, NUMBERS },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_ACCUMULATE, TG_CPU_KNOW }, .is_over_kept = TRUE,
  });
}

/* Powers stay in the cache or in the place of the result. */
static void
add_passes_of_quotient (TgCpuPasses             *passes,
                        const TgCpuSoftmaxLoops *loops,
                        TgDType                  dtype)
{
  const guint powers = dtype == TG_DTYPE_FLOAT64 ? RESULT : POWERS;

  add_pass (passes, (TgCpuPass) {
    .loop = loops->divide, .n_operands = 3, .operands = { RESULT, powers, SUMS },
    .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW },
  });
}

static void
add_passes_of_logarithm (TgCpuPasses             *passes,
                         const TgCpuSoftmaxLoops *loops)
{
  add_pass (passes, (TgCpuPass) {
    .loop = loops->find_logarithms, .n_operands = 2, .operands = { OTHERS, NUMBERS },
    .roles = { TG_CPU_KNOW, TG_CPU_ACCUMULATE }, .is_over_kept = TRUE,
  });
  add_pass (passes, (TgCpuPass) {
    .loop = loops->subtract, .n_operands = 4, .operands = { RESULT, X, LARGEST, NUMBERS },
    .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW, TG_CPU_KNOW },
  });
}

/* The accumulators, one after the other in one tensor, with what they begin with. */
static TgTensor *
make_accumulators (TgTensor        *x,
                   const gboolean  *chosen,
                   gint64          *strides,
                   GError         **error)
{
  gint64 shape[TG_MAX_NDIM], n = 1;
  TgTensor *accumulators;
  double *values;

  for (guint i = 0; i < x->ndim; i++)
    {
      shape[i] = chosen[i] ? 1 : x->shape[i];
      n *= shape[i];
    }

  accumulators = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, (const gint64[]) { LARGEST - SUMS + 1, n }, 2, error);
  if (accumulators == NULL)
    return NULL;

  tg_shape_get_strides (shape, x->ndim, sizeof (double), strides);
  for (guint i = 0; i < x->ndim; i++)
    strides[i] = chosen[i] ? 0 : strides[i];

  values = (double *) (gpointer) accumulators->data + (LARGEST - SUMS) * n;
  for (gint64 i = 0; i < n; i++)
    values[i] = -INFINITY;

  return accumulators;
}

TgTensor *
tg_cpu_run_softmax (TgVariable          *variable,
                    TgTensor *const     *inputs,
                    const TgRunOptions  *options,
                    GError             **error)
{
  TgDType dtype = tg_dtype_widen (variable->type->dtype);
  const TgCpuSoftmaxLoops *loops = tg_cpu_get_softmax (dtype);
  g_autoptr (TgTensor) x = tg_tensor_astype (inputs[0], dtype, error);
  g_autoptr (TgTensor) accumulators = NULL;
  g_autoptr (TgTensor) result = NULL;
  gboolean chosen[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  TgCpuPasses passes = {
    .ndim = inputs[0]->ndim, .shape = inputs[0]->shape, .chosen = chosen,
    .n_operands = dtype == TG_DTYPE_FLOAT64 ? POWERS : N_OPERANDS,
  };

  if (x == NULL)
    return NULL;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, chosen);
  accumulators = make_accumulators (x, chosen, strides, error);
  result = tg_tensor_new_uninitialised (dtype, x->shape, x->ndim, error);
  if (accumulators == NULL || result == NULL)
    return NULL;

  passes.operands[X] = (TgCpuOperand) { dtype, x->data, x->strides };
  passes.operands[RESULT] = (TgCpuOperand) { dtype, result->data, result->strides };
  for (guint i = SUMS; i <= LARGEST; i++)
    passes.operands[i] = (TgCpuOperand) { TG_DTYPE_FLOAT64,
                                          accumulators->data
                                            + (i - SUMS) * accumulators->strides[0], strides };
  passes.operands[POWERS] = (TgCpuOperand) { TG_DTYPE_FLOAT64, NULL, NULL };

  add_passes_of_sums (&passes, loops, dtype, variable->op == &tg_ops[TG_OP_SOFTMAX]);
  if (variable->op == &tg_ops[TG_OP_SOFTMAX])
    add_passes_of_quotient (&passes, loops, dtype);
  else
    add_passes_of_logarithm (&passes, loops);

  return tg_cpu_passes_run (&passes, options, error) ? g_steal_pointer (&result) : NULL;
}
