/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-plan-private.h"

/* Products that are run with something else: one that is scaled and added to something with the
 * loop that does so, two of one matrix and vectors with each other. */

/* Tasks among which a product looks for another one of the same matrix. */
#define MAX_DISTANCE 16

static gboolean
is_float (TgDType dtype)
{
  return dtype == TG_DTYPE_FLOAT32 || dtype == TG_DTYPE_FLOAT64;
}

/* The place of a product that is multiplied by a number, where nothing else needs it. */
static guint
find_scaled (const TgCpuPlan *self,
             guint            place)
{
  const TgInstruction *scaling = tg_cpu_plan_get (self, place);
  const guint *operands = tg_program_get_operands (self->program, scaling);
  TgDType dtype = scaling->variable->compute;

  if (scaling->variable->op != &tg_ops[TG_OP_MULTIPLY] || operands[0] == operands[1])
    return TG_CPU_NOWHERE;

  for (guint i = 0; i < 2; i++)
    {
      guint maker = g_array_index (self->makers, guint, operands[i]);
      TgVariable *product = scaling->variable->inputs[i];

      if (maker != TG_CPU_NOWHERE && tg_cpu_plan_get_kind (product) == TG_CPU_TASK_PRODUCT
          && product->type->dtype == dtype && product->inputs[0]->type->dtype == dtype
          && product->inputs[1]->type->dtype == dtype
          && is_float (scaling->variable->inputs[1 - i]->type->dtype)
          && !tg_cpu_plan_needs (self, operands[i], place, 1))
        return maker;
    }

  return TG_CPU_NOWHERE;
}

/* The product of a loop that computes a - c * x @ y, or the like, in one dtype. */
static guint
find_product (const TgCpuPlan *self,
              const TgCpuTask *task)
{
  const TgInstruction *scaling, *sum;
  const guint *terms;
  TgDType dtype;

  if (task->kind != TG_CPU_TASK_LOOP || task->n_instructions != 2 || task->fold != TG_CPU_NOWHERE)
    return TG_CPU_NOWHERE;

  scaling = tg_cpu_plan_get (self, task->first);
  sum = tg_cpu_plan_get (self, task->first + 1);
  terms = tg_program_get_operands (self->program, sum);
  dtype = sum->variable->compute;
  if ((sum->variable->op != &tg_ops[TG_OP_SUBTRACT] && sum->variable->op != &tg_ops[TG_OP_ADD])
      || terms[1] != scaling->output || terms[0] == terms[1]
      || !is_float (dtype) || scaling->variable->compute != dtype
      || sum->variable->inputs[0]->type->dtype != dtype
      || tg_cpu_plan_needs (self, scaling->output, task->first, 2))
    return TG_CPU_NOWHERE;

  return find_scaled (self, task->first);
}

/* Whether two places have products of the same x and a vector, in one dtype. */
static gboolean
may_pair (const TgCpuPlan *self,
          guint            first,
          guint            second)
{
  const TgInstruction *a = tg_cpu_plan_get (self, first);
  const TgInstruction *b = tg_cpu_plan_get (self, second);
  TgVariable *const *inputs = a->variable->inputs;

  return a->variable->op == &tg_ops[TG_OP_MATMUL] && b->variable->op == a->variable->op
         && tg_program_get_operands (self->program, a)[0]
            == tg_program_get_operands (self->program, b)[0]
         && inputs[1]->type->ndim == 1 && b->variable->inputs[1]->type->ndim == 1
         && inputs[0]->type->dtype == a->variable->compute
         && inputs[1]->type->dtype == a->variable->compute
         && b->variable->inputs[1]->type->dtype == a->variable->compute;
}

/* A product that is run in the same pass: one of those that follow in the same level. */
static guint
find_second (const TgCpuPlan *self,
             guint            number)
{
  const TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, number);
  guint end = MIN (self->tasks->len, number + MAX_DISTANCE);

  if (task->kind != TG_CPU_TASK_PRODUCT || self->is_folded[task->first])
    return TG_CPU_NOWHERE;

  for (guint i = number + 1; i < end; i++)
    {
      const TgCpuTask *other = &g_array_index (self->tasks, TgCpuTask, i);

      if (other->level != task->level)
        break;
      if (other->kind == TG_CPU_TASK_PRODUCT && !self->is_folded[other->first]
          && may_pair (self, task->first, other->first))
        return other->first;
    }

  return TG_CPU_NOWHERE;
}

void
tg_cpu_plan_move_products (TgCpuPlan *self)
{
  guint n_tasks = 0;

  for (guint i = 0; i < self->tasks->len; i++)
    {
      TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);

      task->product = find_product (self, task);
      if (task->product != TG_CPU_NOWHERE)
        self->is_folded[task->product] = TRUE;
    }

  for (guint i = 0; i < self->tasks->len; i++)
    {
      TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);
      guint second = find_second (self, i);

      if (second == TG_CPU_NOWHERE)
        continue;

      task->product = second;
      self->is_folded[second] = TRUE;
    }

  for (guint i = 0; i < self->tasks->len; i++)
    {
      TgCpuTask task = g_array_index (self->tasks, TgCpuTask, i);

      if (task.kind != TG_CPU_TASK_PRODUCT || !self->is_folded[task.first])
        g_array_index (self->tasks, TgCpuTask, n_tasks++) = task;
    }

  g_array_set_size (self->tasks, n_tasks);
}
