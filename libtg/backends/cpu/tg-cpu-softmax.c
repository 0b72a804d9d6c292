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
  SUMS,    /* of all powers, or of those but for the largest */
  NUMBERS, /* of the largest, then the logarithm of the sum of all powers */
  RESTS = NUMBERS, /* what the sum of all has lost */
  LARGEST,
  POWERS,
  N_OPERANDS,
};

/* The passes that divide powers, which stay in the cache or in the place of the result. */
static void
add_passes_of_quotient (TgCpuPasses             *passes,
                        const TgCpuSoftmaxLoops *loops,
                        TgDType                  dtype)
{
  const guint powers = dtype == TG_DTYPE_FLOAT64 ? RESULT : POWERS;

  passes->passes[passes->n_passes++] = (TgCpuPass) {
    .loop = loops->keep_powers, .n_operands = 5, .operands = { SUMS, RESTS, X, LARGEST, powers },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_ACCUMULATE, TG_CPU_READ, TG_CPU_KNOW, TG_CPU_WRITE },
  };
  passes->passes[passes->n_passes++] = (TgCpuPass) {
    .loop = loops->divide, .n_operands = 4, .operands = { RESULT, powers, SUMS, RESTS },
    .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW, TG_CPU_KNOW },
  };
}

static void
add_passes_of_logarithm (TgCpuPasses             *passes,
                         const TgCpuSoftmaxLoops *loops)
{
  passes->passes[passes->n_passes++] = (TgCpuPass) {
    .loop = loops->add_powers, .n_operands = 4, .operands = { SUMS, NUMBERS, X, LARGEST },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_ACCUMULATE, TG_CPU_READ, TG_CPU_KNOW },
  };
  passes->passes[passes->n_passes++] = (TgCpuPass) {
    .loop = loops->find_logarithms, .n_operands = 2, .operands = { SUMS, NUMBERS },
    .roles = { TG_CPU_KNOW, TG_CPU_ACCUMULATE }, .is_over_kept = TRUE,
  };
  passes->passes[passes->n_passes++] = (TgCpuPass) {
    .loop = loops->subtract, .n_operands = 4, .operands = { RESULT, X, LARGEST, NUMBERS },
    .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW, TG_CPU_KNOW },
  };
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

  accumulators = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, (const gint64[]) { 3, n }, 2, error);
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

  passes.passes[passes.n_passes++] = (TgCpuPass) {
    .loop = tg_cpu_get_kernel (TG_OP_LOGSUMEXP, dtype)->center, .n_operands = 2,
    .operands = { LARGEST, X }, .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ },
  };
  if (variable->op == &tg_ops[TG_OP_SOFTMAX])
    add_passes_of_quotient (&passes, loops, dtype);
  else
    add_passes_of_logarithm (&passes, loops);

  return tg_cpu_passes_run (&passes, options, error) ? g_steal_pointer (&result) : NULL;
}
