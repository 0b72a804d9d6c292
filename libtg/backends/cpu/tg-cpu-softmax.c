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

/* The accumulators of an x, one after the other in one tensor. */
typedef struct
{
  gboolean chosen[TG_MAX_NDIM];
  gint64   shape[TG_MAX_NDIM];
  gint64   strides[TG_MAX_NDIM]; /* for positions in x */
  gint64   n;
} Layout;

static void
find_layout (TgVariable *variable,
             TgTensor   *x,
             Layout     *layout)
{
  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, layout->chosen);
  layout->n = 1;
  for (guint i = 0; i < x->ndim; i++)
    {
      layout->shape[i] = layout->chosen[i] ? 1 : x->shape[i];
      layout->n *= layout->shape[i];
    }

  tg_shape_get_strides (layout->shape, x->ndim, sizeof (double), layout->strides);
  for (guint i = 0; i < x->ndim; i++)
    layout->strides[i] = layout->chosen[i] ? 0 : layout->strides[i];
}

static char *
find_accumulators (TgTensor *accumulators,
                   guint     operand)
{
  return accumulators->data + (operand - SUMS) * accumulators->strides[0];
}

/* With what they begin with. */
static TgTensor *
make_accumulators (const Layout  *layout,
                   GError       **error)
{
  const gint64 shape[] = { LARGEST - SUMS + 1, layout->n };
  TgTensor *accumulators = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, shape, 2, error);

  for (gint64 i = 0; accumulators != NULL && i < layout->n; i++)
    ((double *) (gpointer) find_accumulators (accumulators, LARGEST))[i] = -INFINITY;

  return accumulators;
}

/* What is asked for: tensors of the shape and dtype of x, or NULL. */
typedef struct
{
  TgTensor *x;
  TgTensor *quotients;
  TgTensor *differences;
  TgTensor *accumulators;
} Softmax;

static gboolean
compute (const Softmax       *self,
         const Layout        *layout,
         const TgRunOptions  *options,
         GError             **error)
{
  TgTensor *x = self->x;
  const TgCpuSoftmaxLoops *loops = tg_cpu_get_softmax (x->dtype);
  TgTensor *whole[] = { x, self->quotients != NULL ? self->quotients : x,
                        self->differences != NULL ? self->differences : x };
  guint powers = x->dtype == TG_DTYPE_FLOAT64 ? QUOTIENTS : POWERS;
  gboolean has_room = self->quotients != NULL && powers == POWERS;
  TgCpuPasses passes = { .ndim = x->ndim, .shape = x->shape, .chosen = layout->chosen,
                         .n_operands = has_room ? N_OPERANDS : POWERS };

  for (guint i = X; i < SUMS; i++)
    passes.operands[i] = (TgCpuOperand) { x->dtype, whole[i]->data, whole[i]->strides };
  for (guint i = SUMS; i <= LARGEST; i++)
    passes.operands[i] = (TgCpuOperand) { TG_DTYPE_FLOAT64,
                                          find_accumulators (self->accumulators, i),
                                          layout->strides };
  passes.operands[POWERS] = (TgCpuOperand) { TG_DTYPE_FLOAT64, NULL, NULL };

  add_passes_of_sums (&passes, loops, x->dtype, powers, self->quotients != NULL);
  if (self->quotients != NULL)
    add_pass (&passes, (TgCpuPass) {
      .loop = loops->divide, .n_operands = 3, .operands = { QUOTIENTS, powers, SUMS },
      .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW },
    });
  add_pass (&passes, (TgCpuPass) {
    .loop = loops->find_logarithms, .n_operands = 2, .operands = { OTHERS, NUMBERS },
    .roles = { TG_CPU_KNOW, TG_CPU_ACCUMULATE }, .is_over_kept = TRUE,
  });
  if (self->differences != NULL)
    add_pass (&passes, (TgCpuPass) {
      .loop = loops->subtract, .n_operands = 4, .operands = { DIFFERENCES, X, LARGEST, NUMBERS },
      .roles = { TG_CPU_WRITE, TG_CPU_READ, TG_CPU_KNOW, TG_CPU_KNOW },
    });

  return tg_cpu_passes_run (&passes, options, error);
}

/* Where the result of an instruction is; what is taken needs no more than the accumulators. */
static TgTensor **
find_result (const TgCpuPlan     *plan,
             const TgInstruction *instruction,
             Softmax             *softmax)
{
  if (plan->is_late[instruction->output])
    return &softmax->accumulators;

  return instruction->variable->op == &tg_ops[TG_OP_SOFTMAX] ? &softmax->quotients
                                                             : &softmax->differences;
}

static gboolean
fill_slots (const TgCpuPlan     *plan,
            const TgCpuTask     *task,
            Softmax             *softmax,
            TgTensor           **slots,
            const TgRunOptions  *options,
            GError             **error)
{
  TgVariable *variable = tg_cpu_plan_get (plan, task->first)->variable;
  TgTensor *x = softmax->x;
  Layout layout;

  find_layout (variable, x, &layout);
  softmax->accumulators = make_accumulators (&layout, error);
  if (softmax->accumulators == NULL)
    return FALSE;

  for (guint i = 0; i < task->n_instructions; i++)
    {
      TgTensor **result = find_result (plan, tg_cpu_plan_get (plan, task->first + i), softmax);

      if (*result == NULL)
        *result = tg_tensor_new_uninitialised (x->dtype, x->shape, x->ndim, error);
      if (*result == NULL)
        return FALSE;
    }

  if (!compute (softmax, &layout, options, error))
    return FALSE;

  for (guint i = 0; i < task->n_instructions; i++)
    {
      const TgInstruction *instruction = tg_cpu_plan_get (plan, task->first + i);
      TgTensor *result = *find_result (plan, instruction, softmax);

      slots[instruction->output] = tg_tensor_astype (result, variable->type->dtype, error);
      if (slots[instruction->output] == NULL)
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_cpu_run_softmax (const TgCpuPlan     *plan,
                    const TgCpuTask     *task,
                    TgTensor           **slots,
                    const TgRunOptions  *options,
                    GError             **error)
{
  const TgInstruction *instruction = tg_cpu_plan_get (plan, task->first);
  TgTensor *value = slots[*tg_program_get_operands (plan->program, instruction)];
  TgDType dtype = tg_dtype_widen (instruction->variable->type->dtype);
  Softmax softmax = { .x = tg_tensor_astype (value, dtype, error) };
  gboolean done = softmax.x != NULL && fill_slots (plan, task, &softmax, slots, options, error);

  if (!done)
    tg_reference_add_place (plan->program, instruction, slots, error);

  g_clear_pointer (&softmax.x, tg_tensor_unref);
  g_clear_pointer (&softmax.quotients, tg_tensor_unref);
  g_clear_pointer (&softmax.differences, tg_tensor_unref);
  g_clear_pointer (&softmax.accumulators, tg_tensor_unref);

  return done;
}

/* The same elements are taken of x, of the largest and of the logarithms. */
gboolean
tg_cpu_run_taken (const TgCpuPlan      *plan,
                  const TgInstruction  *instruction,
                  TgTensor            **slots,
                  const TgRunOptions   *options,
                  GError              **error)
{
  guint slot = *tg_program_get_operands (plan->program, instruction);
  guint maker = g_array_index (plan->makers, guint, slot);
  const TgInstruction *making = tg_cpu_plan_get (plan, maker);
  TgTensor *x = slots[*tg_program_get_operands (plan->program, making)];
  TgTensor *accumulators = slots[slot];
  TgTensor *taken[3] = { NULL, };
  gboolean done = TRUE;
  Layout layout;

  find_layout (making->variable, x, &layout);
  for (guint i = 0; i < G_N_ELEMENTS (taken) && done; i++)
    {
      const guint operands[] = { X, LARGEST, NUMBERS };

      slots[slot] = i == 0 ? tg_tensor_ref (x)
                           : tg_tensor_new_view (accumulators, x->ndim, x->shape, layout.strides,
                                                 find_accumulators (accumulators, operands[i]));
      done = tg_reference_run_instruction (plan->program, instruction, NULL, slots, options, error);
      taken[i] = g_steal_pointer (&slots[instruction->output]);
      tg_tensor_unref (slots[slot]);
    }

  slots[slot] = accumulators;
  if (done)
    {
      const gint64 size = sizeof (double);
      TgTensor *result = taken[0];

      tg_cpu_get_softmax (TG_DTYPE_FLOAT64)->subtract (
        result->n_elements,
        (char *[]) { result->data, taken[0]->data, taken[1]->data, taken[2]->data },
        (const gint64[]) { size, size, size, size }, NULL);
      slots[instruction->output] = tg_tensor_ref (result);
    }

  for (guint i = 0; i < G_N_ELEMENTS (taken); i++)
    g_clear_pointer (&taken[i], tg_tensor_unref);

  return done;
}
