/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-plan-private.h"
#include "tg-cpu-sparse-private.h"

#include "tg-debug-private.h"

/* A loop on its way. */
typedef struct
{
  TgCpuPlan           *plan;
  const TgCpuTask     *task;
  TgTensor           **slots;
  const TgRunOptions  *options;
  guint                ndim;
  gint64              *shapes;  /* of all instructions, one after the other */
  guint                sparse;  /* a slot of zeros with a few elements, or TG_CPU_NOWHERE */
} LoopRun;

static const gint64 *
get_shape (const LoopRun *self,
           guint          number)
{
  return self->shapes + (gsize) number * self->ndim;
}

/* The shape of each instruction; FALSE where there is none. */
static gboolean
find_shapes (LoopRun *self)
{
  const TgProgram *program = self->plan->program;

  for (guint i = 0; i < self->task->n_instructions; i++)
    {
      const TgInstruction *instruction = tg_cpu_plan_get (self->plan, self->task->first + i);
      const guint *operands = tg_program_get_operands (program, instruction);
      gint64 *shape = self->shapes + (gsize) i * self->ndim;

      for (guint k = 0; k < self->ndim; k++)
        shape[k] = 1;

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        {
          guint maker = g_array_index (self->plan->makers, guint, operands[k]);
          guint number = maker - self->task->first;
          TgTensor *value = self->slots[operands[k]];
          gboolean is_inside = maker != TG_CPU_NOWHERE && number < self->task->n_instructions;

          if (!tg_shape_broadcast (shape, self->ndim,
                                   is_inside ? get_shape (self, number) : value->shape,
                                   is_inside ? self->ndim : value->ndim))
            return FALSE;
        }
    }

  return TRUE;
}

/* Whether memory belongs to this run alone, and may be written over: what a slot of an instruction
 * has that no one else holds, all elements of the shape in a row.  Parts of a loop may need what
 * those before them do. */
static gboolean
may_reuse (const LoopRun   *self,
           const TgCpuCode *code,
           guint            slot,
           const gint64    *shape)
{
  TgTensor *tensor = self->slots[slot];
  guint maker = g_array_index (self->plan->makers, guint, slot);
  gboolean is_released = FALSE;

  if (code != self->task->code || maker == TG_CPU_NOWHERE || self->plan->is_output[slot]
      || tensor->ndim != self->ndim
      || !g_atomic_ref_count_compare (&tensor->ref_count, 1)
      || !g_atomic_ref_count_compare (&tensor->buffer->ref_count, 1)
      || !tg_tensor_is_contiguous (tensor))
    return FALSE;

  for (guint i = 0; i < self->ndim; i++)
    {
      if (tensor->shape[i] != shape[i])
        return FALSE;
    }

  for (guint i = 0; self->task->released != NULL && i < self->task->released->len; i++)
    is_released = is_released || g_array_index (self->task->released, guint, i) == slot;

  return is_released;
}

/* A tensor for an operand that is written: new, or in the memory of one that is read. */
static TgTensor *
make_output (const LoopRun   *self,
             const TgCpuCode *code,
             guint            operand,
             const gint64    *shape,
             guint64         *reused,
             GError         **error)
{
  guint slot = g_array_index (code->slots, guint, operand);
  TgVariable *variable = self->plan->program->variables->pdata[slot];
  guint64 reusable = g_array_index (code->reusable, guint64, operand - code->n_inputs) & ~*reused;

  for (guint i = 0; i < code->n_inputs && reusable != 0; i++)
    {
      guint input = g_array_index (code->slots, guint, i);

      if ((reusable & ((guint64) 1 << i)) == 0 || !may_reuse (self, code, input, shape))
        continue;

      *reused |= (guint64) 1 << i;

      return tg_tensor_new_in_buffer (self->slots[input]->buffer, variable->type->dtype,
                                      self->ndim, shape, NULL, self->slots[input]->data);
    }

  return tg_tensor_new_uninitialised (variable->type->dtype, shape, self->ndim, error);
}

/* Runs code over a shape, with the reduction that is part of it, or NULL. */
static gboolean
run_code (const LoopRun               *self,
          TgCpuCode                   *code,
          const gint64                *shape,
          const TgReferenceReduction  *reduction,
          GError                     **error)
{
  guint n_operands = code->loop.n_operands;
  gint64 strides[TG_LOOP_MAX_OPERANDS][TG_MAX_NDIM];
  const gint64 *all_strides[TG_LOOP_MAX_OPERANDS];
  char *data[TG_LOOP_MAX_OPERANDS];
  guint64 reused = 0;
  guint sparse = n_operands;
  TgCpuPatch *patch = NULL;
  gboolean done;

  for (guint i = 0; i < code->n_inputs; i++)
    {
      guint slot = g_array_index (code->slots, guint, i);
      TgTensor *value = self->slots[slot];

      sparse = slot == self->sparse ? i : sparse;
      tg_shape_broadcast_strides (value->shape, value->strides, value->ndim, self->ndim,
                                  strides[i]);
      all_strides[i] = strides[i];
      data[i] = value->data;
    }

  for (guint i = code->n_inputs; i < n_operands; i++)
    {
      TgTensor *output;

      if (reduction != NULL && code->fold->operand == i)
        {
          all_strides[i] = reduction->strides[0];
          data[i] = reduction->data[0];
          continue;
        }

      output = make_output (self, code, i, shape, &reused, error);
      if (output == NULL)
        return FALSE;

      self->slots[g_array_index (code->slots, guint, i)] = output;
      all_strides[i] = output->strides;
      data[i] = output->data;
    }

  if (sparse < n_operands)
    patch = tg_cpu_patch_new (self->plan, self->slots, sparse, code, data, all_strides,
                              self->options);
  done = tg_cpu_code_run (code, self->ndim, shape, data, all_strides, self->options, error);
  if (patch != NULL)
    tg_cpu_patch_apply (patch, data, all_strides);

  return done;
}

static gboolean
run_folding (const TgReferenceReduction  *reduction,
             gpointer                     user_data,
             GError                     **error)
{
  const LoopRun *self = user_data;

  return run_code (self, self->task->code, reduction->shape, reduction, error);
}

/* All instructions, and the reduction that is part of the loop: what it reduces is a tensor of that
 * shape, whose elements never are in memory; there they are all what it may begin with. */
static gboolean
run_whole (const LoopRun  *self,
           GError        **error)
{
  const gint64 *shape = get_shape (self, 0);
  const TgInstruction *instruction;
  TgVariable *variable;
  double init = 0;
  g_autoptr (TgTensor) x = NULL;

  if (self->task->fold == TG_CPU_NOWHERE)
    return run_code (self, self->task->code, shape, NULL, error);

  instruction = tg_cpu_plan_get (self->plan, self->task->fold);
  variable = instruction->variable;
  tg_cpu_fold_get_init (variable->op, variable->compute, &init);
  x = tg_cpu_make_hollow (init, variable->compute, shape, self->ndim, error);
  if (x == NULL)
    return FALSE;

  self->slots[instruction->output] = tg_reference_reduce_with (
    variable, x, tg_cpu_get_kernel (tg_op_info_get_id (variable->op), variable->compute),
    run_folding, (gpointer) self, error);

  return self->slots[instruction->output] != NULL;
}

static gboolean
run_singly (const LoopRun  *self,
            guint           first,
            guint           n,
            GError        **error)
{
  for (guint i = 0; i < n; i++)
    {
      if (!tg_reference_run_instruction (self->plan->program,
                                         tg_cpu_plan_get (self->plan, first + i), NULL,
                                         self->slots, self->options, error))
        return FALSE;
    }

  return TRUE;
}

/* The reduction that would be part of the loop, of what is in memory. */
static gboolean
run_alone (const LoopRun  *self,
           GError        **error)
{
  return self->task->fold == TG_CPU_NOWHERE
         || tg_reference_run_instruction (self->plan->program,
                                          tg_cpu_plan_get (self->plan, self->task->fold),
                                          tg_cpu_run_reduce, self->slots, self->options, error);
}

/* Dimensions that were unknown may have turned out to be 1: what has one shape stays together. */
static gboolean
run_parts (const LoopRun  *self,
           GError        **error)
{
  gsize size = self->ndim * sizeof (gint64);
  guint n = self->task->n_instructions;
  guint end;

  for (guint begin = 0; begin < n; begin = end)
    {
      TgCpuCode *code;
      gboolean done;

      end = begin + 1;
      while (end < n && memcmp (get_shape (self, begin), get_shape (self, end), size) == 0)
        end++;

      if (end - begin == n)
        return run_whole (self, error);

      code = tg_cpu_plan_get_part (self->plan, self->task->first + begin, end - begin);
      if (code != NULL)
        done = run_code (self, code, get_shape (self, begin), NULL, error);
      else
        done = run_singly (self, self->task->first + begin, end - begin, error);
      if (!done)
        return FALSE;
    }

  return run_alone (self, error);
}

static double
get_number (const TgTensor *tensor)
{
  return tensor->dtype == TG_DTYPE_FLOAT32 ? *(const float *) (gpointer) tensor->data
                                           : *(const double *) (gpointer) tensor->data;
}

/* What a loop computes, at once with the product that it scales and adds to something; FALSE where
 * that is not done. */
static gboolean
run_with_product (TgCpuPlan           *plan,
                  const TgCpuTask     *task,
                  TgTensor           **slots,
                  const TgRunOptions  *options)
{
  const TgInstruction *product = tg_cpu_plan_get (plan, task->product);
  const TgInstruction *scaling = tg_cpu_plan_get (plan, task->first);
  const TgInstruction *sum = tg_cpu_plan_get (plan, task->first + 1);
  const guint *factors = tg_program_get_operands (plan->program, scaling);
  const guint *operands = tg_program_get_operands (plan->program, product);
  TgTensor *factor = slots[factors[factors[0] == product->output ? 1 : 0]];
  TgTensor *addend = slots[tg_program_get_operands (plan->program, sum)[0]];
  gboolean is_negative = sum->variable->op == &tg_ops[TG_OP_SUBTRACT];

  if (factor->n_elements != 1 || factor->ndim > addend->ndim)
    return FALSE;

  slots[sum->output] = tg_cpu_add_contract (
    product->variable, (TgTensor *[]) { slots[operands[0]], slots[operands[1]] },
    is_negative ? -get_number (factor) : get_number (factor), addend, options);

  return slots[sum->output] != NULL;
}

static gboolean
drop_sparse (LoopRun  *self,
             GError  **error)
{
  guint slot = self->sparse;

  self->sparse = TG_CPU_NOWHERE;

  return tg_cpu_sparse_fill (self->plan, self->slots, slot, self->options, error);
}

/* Zeros with a few elements stay what they are where a loop has them once, and has their shape. */
static gboolean
find_sparse (LoopRun   *self,
             gboolean   has_shapes,
             GError   **error)
{
  const TgProgram *program = self->plan->program;
  gboolean may_stay = has_shapes && self->task->fold == TG_CPU_NOWHERE;

  for (guint i = 0; i < self->task->n_instructions; i++)
    {
      const TgInstruction *instruction = tg_cpu_plan_get (self->plan, self->task->first + i);
      const guint *operands = tg_program_get_operands (program, instruction);

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        {
          guint slot = operands[k];

          if (slot == self->sparse || self->slots[slot] == NULL
              || !tg_cpu_sparse_is_in (self->plan, self->slots, slot))
            continue;

          if (self->sparse == TG_CPU_NOWHERE)
            self->sparse = slot;
          else if (!tg_cpu_sparse_fill (self->plan, self->slots, slot, self->options, error))
            return FALSE;
        }
    }

  if (self->sparse == TG_CPU_NOWHERE)
    return TRUE;

  for (guint i = 0; i < self->task->n_instructions && may_stay; i++)
    may_stay = memcmp (get_shape (self, i), self->slots[self->sparse]->shape,
                       self->ndim * sizeof (gint64)) == 0;

  return may_stay || drop_sparse (self, error);
}

static gboolean
run_loop (TgCpuPlan           *plan,
          const TgCpuTask     *task,
          TgTensor           **slots,
          const TgRunOptions  *options,
          GError             **error)
{
  guint ndim = tg_cpu_plan_get (plan, task->first)->variable->type->ndim;
  gint64 few[4 * TG_MAX_NDIM];
  g_autofree gint64 *many = NULL;
  LoopRun self = { plan, task, slots, options, ndim, few, TG_CPU_NOWHERE };
  gboolean has_shapes;

  if (task->product != TG_CPU_NOWHERE)
    {
      if (run_with_product (plan, task, slots, options))
        return TRUE;
      if (!tg_reference_run_instruction (plan->program, tg_cpu_plan_get (plan, task->product),
                                         tg_cpu_run_contract, slots, options, error))
        return FALSE;
    }

  if ((gsize) ndim * task->n_instructions > G_N_ELEMENTS (few))
    self.shapes = many = g_new (gint64, (gsize) ndim * task->n_instructions);

  /* An operator alone knows how to say what is wrong. */
  has_shapes = find_shapes (&self);
  if (!find_sparse (&self, has_shapes, error))
    return FALSE;

  return has_shapes ? run_parts (&self, error)
                    : run_singly (&self, task->first, task->n_instructions, error)
                      && run_alone (&self, error);
}

/* Two products of one matrix. */
static gboolean
run_pair (TgCpuPlan           *plan,
          const TgCpuTask     *task,
          TgTensor           **slots,
          const TgRunOptions  *options,
          GError             **error)
{
  const TgInstruction *first = tg_cpu_plan_get (plan, task->first);
  const TgInstruction *second = tg_cpu_plan_get (plan, task->product);
  const guint *operands = tg_program_get_operands (plan->program, first);
  TgTensor *ys[] = { slots[operands[1]],
                     slots[tg_program_get_operands (plan->program, second)[1]] };
  TgTensor *results[2];

  if (!tg_cpu_run_contract_pair (first->variable, slots[operands[0]], ys, results, options))
    return tg_reference_run_instruction (plan->program, first, tg_cpu_run_contract, slots, options,
                                         error)
           && tg_reference_run_instruction (plan->program, second, tg_cpu_run_contract, slots,
                                            options, error);

  slots[first->output] = results[0];
  slots[second->output] = results[1];

  return TRUE;
}

static gboolean
run_task (TgCpuPlan           *plan,
          const TgCpuTask     *task,
          TgTensor           **slots,
          const TgRunOptions  *options,
          GError             **error)
{
  static const TgReferenceOverride overrides[] = {
    [TG_CPU_TASK_REDUCTION] = tg_cpu_run_reduce,
    [TG_CPU_TASK_PRODUCT] = tg_cpu_run_contract,
    [TG_CPU_TASK_DRAW] = tg_cpu_run_draw,
    [TG_CPU_TASK_OTHER] = NULL,
  };
  const TgInstruction *instruction = tg_cpu_plan_get (plan, task->first);
  guint slot;

  if (task->kind == TG_CPU_TASK_LOOP)
    return run_loop (plan, task, slots, options, error);
  if (task->kind == TG_CPU_TASK_SOFTMAX)
    return tg_cpu_run_softmax (plan, task, slots, options, error);
  if (task->kind == TG_CPU_TASK_PRODUCT && task->product != TG_CPU_NOWHERE)
    return run_pair (plan, task, slots, options, error);
  if (task->kind == TG_CPU_TASK_SHAPE)
    return tg_cpu_run_shape (plan->program, instruction, slots, options, error);
  if (plan->is_late[instruction->output])
    return tg_cpu_sparse_make (plan, instruction, slots, options, error);

  slot = instruction->variable->n_inputs > 0 ? *tg_program_get_operands (plan->program, instruction)
                                             : instruction->output;
  if (tg_cpu_sparse_is_in (plan, slots, slot))
    return tg_cpu_sparse_sum (plan, instruction, slots, options, error);
  if (plan->is_late[slot] && task->kind == TG_CPU_TASK_OTHER)
    return tg_cpu_run_taken (plan, instruction, slots, options, error);

  return tg_reference_run_instruction (plan->program, instruction, overrides[task->kind], slots,
                                       options, error);
}

static gboolean
profile_task (TgCpuPlan           *plan,
              const TgCpuTask     *task,
              TgTensor           **slots,
              const TgRunOptions  *options,
              GError             **error)
{
  static const char *const kinds[] = {
    [TG_CPU_TASK_LOOP] = "loop",
    [TG_CPU_TASK_REDUCTION] = "reduction",
    [TG_CPU_TASK_SOFTMAX] = "reduction",
    [TG_CPU_TASK_PRODUCT] = "product",
    [TG_CPU_TASK_DRAW] = "draw",
    [TG_CPU_TASK_SHAPE] = "shape",
    [TG_CPU_TASK_OTHER] = "operator",
  };
  g_autoptr (GArray) instructions = g_array_new (FALSE, FALSE, sizeof (guint));
  gint64 begin = tg_profile_now ();

  if (!run_task (plan, task, slots, options, error))
    return FALSE;

  if (task->product != TG_CPU_NOWHERE)
    g_array_append_val (instructions, g_array_index (plan->order, guint, task->product));
  g_array_append_vals (instructions, &g_array_index (plan->order, guint, task->first),
                       task->n_instructions);
  if (task->fold != TG_CPU_NOWHERE)
    g_array_append_val (instructions, g_array_index (plan->order, guint, task->fold));

  tg_profile_add_step (options->profile,
                       kinds[task->product != TG_CPU_NOWHERE ? TG_CPU_TASK_PRODUCT : task->kind],
                       plan->program, (const guint *) (gpointer) instructions->data,
                       instructions->len, slots, begin);

  return TRUE;
}

static gboolean
run (const TgProgram     *program,
     gpointer             data,
     TgTensor           **slots,
     const TgRunOptions  *options,
     GError             **error)
{
  TgCpuPlan *plan = data;

  /* Who asks where a nan was born wants to know the operator. */
  if (options->check_finite || tg_debug_enabled (TG_DEBUG_RUN))
    return tg_reference_backend.run (program, NULL, slots, options, error);

  for (guint i = 0; i < plan->tasks->len; i++)
    {
      const TgCpuTask *task = &g_array_index (plan->tasks, TgCpuTask, i);

      if (!tg_run_options_check (options, error)
          || !(options->profile != NULL ? profile_task (plan, task, slots, options, error)
                                        : run_task (plan, task, slots, options, error)))
        return FALSE;

      for (guint k = 0; task->released != NULL && k < task->released->len; k++)
        g_clear_pointer (&slots[g_array_index (task->released, guint, k)], tg_tensor_unref);
    }

  return TRUE;
}

static gpointer
prepare_plan (const TgProgram *program)
{
  return tg_cpu_plan_new (program);
}

static void
release_plan (gpointer plan)
{
  tg_cpu_plan_free (plan);
}

static void
describe (const TgProgram *program G_GNUC_UNUSED,
          gpointer         plan,
          GString         *text)
{
  tg_cpu_plan_describe (plan, text);
}

static char *
print_code (gpointer   plan,
            GError   **error)
{
  return tg_cpu_plan_print_code (plan, error);
}

const TgBackend tg_cpu_backend = {
  "cpu", prepare_plan, release_plan, run, describe, print_code,
};
