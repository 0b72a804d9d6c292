/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-plan-private.h"

#include "tg-cpu-kernels-private.h"

/* Makes loops of instructions: numbers their values, and finds a place in the cache for each. */

typedef struct
{
  const TgCpuPlan *plan;
  guint            first;
  guint            n;
  TgCpuCode       *code;
  GHashTable      *values; /* slot → value, plus one */
} Builder;

gboolean
tg_cpu_takes_dtype (TgDType dtype)
{
  return dtype != TG_DTYPE_FLOAT16 && dtype != TG_DTYPE_BFLOAT16
         && tg_dtype_get_kind (dtype) != TG_DTYPE_KIND_COMPLEX;
}

gboolean
tg_cpu_code_takes (TgVariable *variable)
{
  const TgOpInfo *op = variable->op;

  if (op == &tg_ops[TG_OP_ASTYPE])
    return tg_cpu_takes_dtype (variable->type->dtype)
           && tg_cpu_takes_dtype (variable->inputs[0]->type->dtype);

  if (op->form != TG_FORM_ELEMENTWISE || op->n_parameters > 0 || op->variadic
      || !tg_cpu_takes_dtype (variable->compute) || !tg_cpu_takes_dtype (variable->type->dtype)
      || tg_cpu_get_kernel (tg_op_info_get_id (op), variable->compute)->loop == NULL)
    return FALSE;

  for (guint i = 0; i < op->n_inputs; i++)
    {
      if (op->inputs[i].kind != TG_INPUT_ANY && op->inputs[i].kind != TG_INPUT_BOOL)
        return FALSE;
    }

  return TRUE;
}

TgCpuCode *
tg_cpu_code_ref (TgCpuCode *self)
{
  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

void
tg_cpu_code_unref (TgCpuCode *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->native, tg_cpu_native_free);
  g_clear_pointer (&self->elf, tg_elf_code_free);
  g_array_unref (self->loop.steps);
  g_array_unref (self->loop.dtypes);
  g_array_unref (self->slots);
  g_array_unref (self->reusable);
  g_array_unref (self->registers);
  g_array_unref (self->stored);
  g_array_unref (self->loops);
  g_free (self->fold);
  g_free (self);
}

static guint
add_value (Builder   *self,
           TgCpuStep  step,
           TgDType    dtype)
{
  step.value = self->code->loop.dtypes->len;
  g_array_append_val (self->code->loop.dtypes, dtype);
  g_array_append_val (self->code->loop.steps, step);

  return step.value;
}

static guint
add_operand (Builder *self,
             guint    slot)
{
  g_array_append_val (self->code->slots, slot);

  return self->code->loop.n_operands++;
}

static guint
get_value (Builder *self,
           guint    slot)
{
  gpointer key = GUINT_TO_POINTER (slot);
  guint value = GPOINTER_TO_UINT (g_hash_table_lookup (self->values, key));
  TgVariable *variable = self->plan->program->variables->pdata[slot];

  if (value > 0)
    return value - 1;

  value = add_value (self,
                     (TgCpuStep) { .kind = TG_CPU_STEP_LOAD, .dtype = variable->type->dtype,
                                   .operand = add_operand (self, slot) },
                     variable->type->dtype);
  g_hash_table_insert (self->values, key, GUINT_TO_POINTER (value + 1));

  return value;
}

/* The value in a dtype; what is converted twice is converted once. */
static guint
convert (Builder *self,
         guint    value,
         TgDType  dtype)
{
  const TgCpuLoop *loop = &self->code->loop;

  if (g_array_index (loop->dtypes, TgDType, value) == dtype)
    return value;

  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      if (step->kind == TG_CPU_STEP_CAST && step->inputs[0] == value && step->dtype == dtype)
        return step->value;
    }

  return add_value (self,
                    (TgCpuStep) { .kind = TG_CPU_STEP_CAST, .dtype = dtype, .n_inputs = 1,
                                  .inputs = { value } },
                    dtype);
}

static void
add_instruction (Builder             *self,
                 const TgInstruction *instruction)
{
  TgVariable *variable = instruction->variable;
  const guint *operands = tg_program_get_operands (self->plan->program, instruction);
  TgCpuStep step = { .kind = TG_CPU_STEP_APPLY, .dtype = variable->compute };
  guint value;

  step.n_inputs = variable->n_inputs;
  for (guint i = 0; i < variable->n_inputs; i++)
    {
      gboolean is_condition = tg_op_info_get_input (variable->op, i).kind == TG_INPUT_BOOL;

      step.inputs[i] = get_value (self, operands[i]);
      if (variable->op != &tg_ops[TG_OP_ASTYPE])
        step.inputs[i] = convert (self, step.inputs[i],
                                  is_condition ? TG_DTYPE_BOOL : variable->compute);
    }

  if (variable->op == &tg_ops[TG_OP_ASTYPE])
    {
      step.kind = TG_CPU_STEP_CAST;
      step.dtype = variable->type->dtype;
    }
  else
    step.op = tg_op_info_get_id (variable->op);

  value = add_value (self, step, variable->type->dtype);
  g_hash_table_insert (self->values, GUINT_TO_POINTER (instruction->output),
                       GUINT_TO_POINTER (value + 1));
}

static void
add_stores (Builder *self)
{
  TgCpuCode *code = self->code;

  code->n_inputs = code->loop.n_operands;
  for (guint i = 0; i < code->loop.dtypes->len; i++)
    {
      int none = -1;

      g_array_append_val (code->stored, none);
    }

  for (guint i = 0; i < self->n; i++)
    {
      guint slot = tg_cpu_plan_get (self->plan, self->first + i)->output;
      guint value;
      TgCpuStep step = { .kind = TG_CPU_STEP_STORE, .n_inputs = 1 };

      if (!tg_cpu_plan_needs (self->plan, slot, self->first, self->n))
        continue;

      value = get_value (self, slot);
      step.inputs[0] = value;
      step.operand = add_operand (self, slot);
      step.dtype = g_array_index (code->loop.dtypes, TgDType, value);
      g_array_index (code->stored, int, value) = (int) step.operand;
      g_array_append_val (code->loop.steps, step);
    }
}

/* For each value the last step that uses it. */
static guint *
find_last_uses (const TgCpuLoop *loop)
{
  guint *last_uses = g_new0 (guint, loop->dtypes->len + 1);

  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      for (guint k = 0; k < step->n_inputs; k++)
        last_uses[step->inputs[k]] = i;
    }

  return last_uses;
}

static void
add_loop (TgCpuCode       *code,
          const TgCpuStep *step)
{
  TgInnerLoop loop = NULL;

  if (step->kind == TG_CPU_STEP_APPLY)
    loop = tg_cpu_get_kernel (step->op, step->dtype)->loop;
  else if (step->kind == TG_CPU_STEP_CAST)
    loop = tg_tensor_get_cast_loop (g_array_index (code->loop.dtypes, TgDType, step->inputs[0]),
                                    step->dtype);

  g_array_append_val (code->loops, loop);
}

/* What is loaded keeps its place, for it may be the same for all blocks; other values give it up
 * after their last use. */
static void
allocate_registers (TgCpuCode   *code,
                    const guint *last_uses)
{
  const TgCpuLoop *loop = &code->loop;
  g_autoptr (GArray) unused = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autofree guint8 *is_loaded = g_new0 (guint8, loop->dtypes->len + 1);

  g_array_set_size (code->registers, loop->dtypes->len);
  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);
      guint *place = &g_array_index (code->registers, guint, step->value);

      add_loop (code, step);
      if (step->kind == TG_CPU_STEP_STORE)
        continue;

      code->width = MAX (code->width, (guint) tg_dtype_get_size (
                                        g_array_index (loop->dtypes, TgDType, step->value)));
      is_loaded[step->value] = step->kind == TG_CPU_STEP_LOAD;
      if (step->kind == TG_CPU_STEP_LOAD || unused->len == 0)
        *place = code->n_registers++;
      else
        {
          *place = g_array_index (unused, guint, unused->len - 1);
          g_array_set_size (unused, unused->len - 1);
        }

      for (guint k = 0; k < step->n_inputs; k++)
        {
          guint input = step->inputs[k];
          gboolean is_repeated = FALSE;

          for (guint j = 0; j < k; j++)
            is_repeated = is_repeated || step->inputs[j] == input;

          if (last_uses[input] == i && !is_loaded[input] && !is_repeated)
            g_array_append_val (unused, g_array_index (code->registers, guint, input));
        }
    }
}

/* A value may be written over what is read up to the step that makes it. */
static void
find_reusable (TgCpuCode   *code,
               const guint *last_uses)
{
  const TgCpuLoop *loop = &code->loop;

  g_array_set_size (code->reusable, loop->n_operands - code->n_inputs);
  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);
      guint64 *bits;
      int operand;

      if (step->kind == TG_CPU_STEP_STORE || step->kind == TG_CPU_STEP_LOAD)
        continue;

      operand = g_array_index (code->stored, int, step->value);
      if (operand < 0)
        continue;

      bits = &g_array_index (code->reusable, guint64, (guint) operand - code->n_inputs);
      *bits = 0;
      for (guint k = 0; k < loop->steps->len; k++)
        {
          const TgCpuStep *load = &g_array_index (loop->steps, TgCpuStep, k);
          TgDType dtype = g_array_index (loop->dtypes, TgDType, step->value);

          if (load->kind == TG_CPU_STEP_LOAD && last_uses[load->value] <= i
              && tg_dtype_get_size (load->dtype) == tg_dtype_get_size (dtype))
            *bits |= (guint64) 1 << load->operand;
        }
    }
}

static void
add_fold (TgCpuCode       *code,
          const TgCpuPlan *plan,
          guint            place)
{
  const TgInstruction *instruction = tg_cpu_plan_get (plan, place);
  TgVariable *variable = instruction->variable;
  const TgReferenceKernel *kernel = tg_cpu_get_kernel (tg_op_info_get_id (variable->op),
                                                       variable->compute);
  guint slot = *tg_program_get_operands (plan->program, instruction);

  code->fold = g_new (TgCpuFold, 1);
  code->fold->loop = kernel->loop;
  code->fold->combine = tg_cpu_fold_get_combination (variable->op, kernel->accumulator);
  code->fold->dtype = kernel->accumulator;
  code->fold->size = (gint64) tg_dtype_get_size (kernel->accumulator);
  code->fold->has_rest = tg_cpu_fold_has_rest (variable->op, variable->compute);
  for (guint i = code->n_inputs; i < code->loop.n_operands; i++)
    {
      if (g_array_index (code->slots, guint, i) == slot)
        code->fold->operand = i;
    }
}

TgCpuCode *
tg_cpu_code_new (const TgCpuPlan *plan,
                 guint            first,
                 guint            n,
                 guint            fold)
{
  TgCpuCode *code = g_new0 (TgCpuCode, 1);
  g_autoptr (GHashTable) values = g_hash_table_new (NULL, NULL);
  g_autofree guint *last_uses = NULL;
  Builder self = { plan, first, n, code, values };

  g_atomic_ref_count_init (&code->ref_count);
  code->loop.steps = g_array_new (FALSE, FALSE, sizeof (TgCpuStep));
  code->loop.dtypes = g_array_new (FALSE, FALSE, sizeof (TgDType));
  code->slots = g_array_new (FALSE, FALSE, sizeof (guint));
  code->reusable = g_array_new (FALSE, FALSE, sizeof (guint64));
  code->registers = g_array_new (FALSE, FALSE, sizeof (guint));
  code->stored = g_array_new (FALSE, FALSE, sizeof (int));
  code->loops = g_array_new (FALSE, FALSE, sizeof (TgInnerLoop));

  for (guint i = 0; i < n; i++)
    add_instruction (&self, tg_cpu_plan_get (plan, first + i));
  add_stores (&self);
  if (fold != TG_CPU_NOWHERE)
    add_fold (code, plan, fold);
  if (code->loop.n_operands > TG_LOOP_MAX_OPERANDS)
    {
      tg_cpu_code_unref (code);
      return NULL;
    }

  last_uses = find_last_uses (&code->loop);
  allocate_registers (code, last_uses);
  find_reusable (code, last_uses);

  return code;
}
