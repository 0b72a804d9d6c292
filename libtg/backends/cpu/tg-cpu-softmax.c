/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-cpu-kernels-private.h"
#include "tg-cpu-passes-private.h"
#include "tg-cpu-plan-private.h"

/* Softmax, its logarithm, or both of the same elements: of each part of these that stays in the
 * cache, one pass finds the largest, one adds up the powers, and one writes each result. */

enum
{
  X,
  QUOTIENTS,
  DIFFERENCES,
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

/* What the others need.  Powers that are kept stay in the cache, or in the place of the result. */
static void
add_passes_of_sums (TgCpuPasses             *passes,
                    const TgCpuSoftmaxLoops *loops,
                    TgDType                  dtype,
                    guint                    powers,
                    gboolean                 keeps)
{
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

static void
add_passes_of_logarithm (TgCpuPasses             *passes,
                         const TgCpuSoftmaxLoops *loops)
{
  add_pass (passes, (TgCpuPass) {
    .loop = loops->find_logarithms, .n_operands = 2, .operands = { OTHERS, NUMBERS },
    .roles = { TG_CPU_KNOW, TG_CPU_ACCUMULATE }, .is_over_kept = TRUE,
  });
  add_pass (passes, (TgCpuPass) {
    .loop = loops->subtract, .n_operands = 4, .operands = { DIFFERENCES, X, LARGEST, NUMBERS },
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

  accumulators = tg_tensor_new_zeros (TG_DTYPE_FLOAT64,
                                      (const gint64[]) { LARGEST - SUMS + 1, n }, 2, error);
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

/* Fills tensors of the shape and dtype of x, or one if the other is NULL. */
static gboolean
compute (TgTensor            *x,
         const gboolean      *chosen,
         TgTensor            *quotients,
         TgTensor            *differences,
         const TgRunOptions  *options,
         GError             **error)
{
  const TgCpuSoftmaxLoops *loops = tg_cpu_get_softmax (x->dtype);
  TgTensor *given[] = { x, quotients != NULL ? quotients : differences,
                        differences != NULL ? differences : quotients };
  guint powers = x->dtype == TG_DTYPE_FLOAT64 ? QUOTIENTS : POWERS;
  gboolean has_room = quotients != NULL && powers == POWERS;
  gint64 strides[TG_MAX_NDIM];
  TgCpuPasses passes = { .ndim = x->ndim, .shape = x->shape, .chosen = chosen,
                         .n_operands = has_room ? N_OPERANDS : POWERS };
  g_autoptr (TgTensor) accumulators = make_accumulators (x, chosen, strides, error);

  if (accumulators == NULL)
    return FALSE;

  for (guint i = X; i < SUMS; i++)
    passes.operands[i] = (TgCpuOperand) { x->dtype, given[i]->data, given[i]->strides };
  for (guint i = SUMS; i <= LARGEST; i++)
    passes.operands[i] = (TgCpuOperand) { TG_DTYPE_FLOAT64,
                                          accumulators->data
                                            + (i - SUMS) * accumulators->strides[0], strides };
  passes.operands[POWERS] = (TgCpuOperand) { TG_DTYPE_FLOAT64, NULL, NULL };

  add_passes_of_sums (&passes, loops, x->dtype, powers, quotients != NULL);
  if (quotients != NULL)
    add_pass (&passes, (TgCpuPass) {
      .loop = loops->divide, .n_operands = 3, .operands = { QUOTIENTS, powers, SUMS },
      .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW },
    });
  if (differences != NULL)
    add_passes_of_logarithm (&passes, loops);

  return tg_cpu_passes_run (&passes, options, error);
}

static gboolean
fill_slots (const TgCpuPlan     *plan,
            const TgCpuTask     *task,
            TgTensor           **slots,
            const TgRunOptions  *options,
            GError             **error)
{
  const TgInstruction *instruction = tg_cpu_plan_get (plan, task->first);
  TgVariable *variable = instruction->variable;
  TgTensor *value = slots[*tg_program_get_operands (plan->program, instruction)];
  TgDType dtype = tg_dtype_widen (variable->type->dtype);
  g_autoptr (TgTensor) x = tg_tensor_astype (value, dtype, error);
  TgTensor *wide[2] = { NULL, };
  gboolean chosen[TG_MAX_NDIM];
  gboolean done = x != NULL;

  for (guint i = 0; i < task->n_instructions && done; i++)
    {
      gboolean is_logarithm
        = tg_cpu_plan_get (plan, task->first + i)->variable->op == &tg_ops[TG_OP_LOG_SOFTMAX];

      wide[is_logarithm] = tg_tensor_new_uninitialised (dtype, x->shape, x->ndim, error);
      done = wide[is_logarithm] != NULL;
    }

  if (done)
    {
      tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, chosen);
      done = compute (x, chosen, wide[0], wide[1], options, error);
    }

  for (guint i = 0; i < task->n_instructions && done; i++)
    {
      instruction = tg_cpu_plan_get (plan, task->first + i);
      variable = instruction->variable;
      slots[instruction->output]
        = tg_tensor_astype (wide[variable->op == &tg_ops[TG_OP_LOG_SOFTMAX]],
                            variable->type->dtype, error);
      done = slots[instruction->output] != NULL;
    }

  g_clear_pointer (&wide[0], tg_tensor_unref);
  g_clear_pointer (&wide[1], tg_tensor_unref);

  return done;
}

gboolean
tg_cpu_run_softmax (const TgCpuPlan     *plan,
                    const TgCpuTask     *task,
                    TgTensor           **slots,
                    const TgRunOptions  *options,
                    GError             **error)
{
  if (fill_slots (plan, task, slots, options, error))
    return TRUE;

  tg_reference_add_place (plan->program, tg_cpu_plan_get (plan, task->first), slots, error);

  return FALSE;
}
