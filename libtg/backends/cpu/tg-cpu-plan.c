/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-plan-private.h"

#include "tg-attribute-private.h"
#include "tg-cpu-kernels-private.h"
#include "tg-cpu-sparse-private.h"

/* Puts the instructions of a program in an order in which those that may share a pass over memory
 * follow each other.
 *
 * Each instruction has a level: that of the inputs that it may share a pass with, and one more
 * than that of the others.  Instructions of one level that are linked share a pass: a way from one
 * to the other through something outside would have raised the level. */

/* Longer loops are cut: their values would not stay in the cache. */
#define MAX_INSTRUCTIONS 256

/* Products begin no earlier, so that shapes are known, and what is repeated to them is there, when
 * products of one matrix could be computed in one pass. */
#define PRODUCT_LEVEL 2

typedef struct
{
  TgVariable   *variable;
  TgCpuTaskKind kind;
  guint         number; /* of the instruction */
  guint         level;
  guint         group;  /* the first instruction of those that share a pass */
} Entry;

TgCpuTaskKind
tg_cpu_plan_get_kind (TgVariable *variable)
{
  if (tg_cpu_code_takes (variable))
    return TG_CPU_TASK_LOOP;

  if (variable->op->form == TG_FORM_REDUCE && tg_cpu_takes_dtype (variable->compute)
      && tg_cpu_get_kernel (tg_op_info_get_id (variable->op), variable->compute)->loop != NULL)
    return TG_CPU_TASK_REDUCTION;
  if (variable->op == &tg_ops[TG_OP_SUM_TO]
      && tg_cpu_takes_dtype (tg_dtype_widen (tg_dtype_of_sum (variable->compute))))
    return TG_CPU_TASK_REDUCTION;

  if (variable->op == &tg_ops[TG_OP_RANDOM_UNIFORM] || variable->op == &tg_ops[TG_OP_RANDOM_NORMAL])
    return TG_CPU_TASK_DRAW;
  if (variable->op == &tg_ops[TG_OP_SOFTMAX] || variable->op == &tg_ops[TG_OP_LOG_SOFTMAX])
    return TG_CPU_TASK_SOFTMAX;

  return variable->op->form == TG_FORM_CONTRACT ? TG_CPU_TASK_PRODUCT : TG_CPU_TASK_OTHER;
}

static guint
find_group (Entry *entries,
            guint  number)
{
  while (entries[number].group != number)
    {
      entries[number].group = entries[entries[number].group].group;
      number = entries[number].group;
    }

  return number;
}

/* Whether both are elementwise over the same number of dimensions, so that they may have the same
 * shape. */
static gboolean
may_share (const Entry *user,
           const Entry *input)
{
  return user->variable->type->ndim == input->variable->type->ndim
         && user->kind == TG_CPU_TASK_LOOP && input->kind == TG_CPU_TASK_LOOP;
}

static void
place_entry (const TgProgram *program,
             const guint     *numbers,
             Entry           *entries,
             guint            number,
             gboolean         is_needed)
{
  const TgInstruction *instruction = &g_array_index (program->instructions, TgInstruction, number);
  const guint *operands = tg_program_get_operands (program, instruction);
  TgVariable *variable = instruction->variable;
  Entry *entry = &entries[number];

  *entry = (Entry) { variable, is_needed ? tg_cpu_plan_get_kind (variable) : TG_CPU_TASK_SHAPE,
                     number, 0, number };
  if (entry->kind == TG_CPU_TASK_PRODUCT)
    entry->level = PRODUCT_LEVEL;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      guint input = numbers[operands[i]];

      if (input != TG_CPU_NOWHERE)
        entry->level = MAX (entry->level,
                            entries[input].level + !may_share (entry, &entries[input]));
    }

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      guint input = numbers[operands[i]];

      if (input != TG_CPU_NOWHERE && entries[input].level == entry->level)
        {
          guint group = find_group (entries, input);
          guint own = find_group (entries, number);

          entries[MAX (group, own)].group = MIN (group, own);
        }
    }
}

/* Softmax and its logarithm along the same axes of the same elements share passes.  For each slot
 * there is the one that looks for another. */
static void
pair_softmax (const TgProgram *program,
              guint           *softmax,
              Entry           *entries,
              guint            number)
{
  const TgInstruction *instruction = &g_array_index (program->instructions, TgInstruction, number);
  guint slot = *tg_program_get_operands (program, instruction);
  TgVariable *variable = instruction->variable, *other;
  GVariant *axis = tg_variable_find (variable, "axis");

  other = softmax[slot] != TG_CPU_NOWHERE ? entries[softmax[slot]].variable : NULL;
  if (other != NULL && other->op != variable->op
      && g_variant_equal (tg_variable_find (other, "axis"), axis))
    {
      entries[number].group = softmax[slot];
      softmax[slot] = TG_CPU_NOWHERE;
    }
  else
    softmax[slot] = number;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const Entry *first = a;
  const Entry *second = b;

  if (first->level != second->level)
    return first->level < second->level ? -1 : 1;

  if (first->group != second->group)
    return first->group < second->group ? -1 : 1;

  return first->number < second->number ? -1 : first->number > second->number;
}

/* Whether the elements of each slot are needed, or its shape alone. */
static guint8 *
find_needed (const TgProgram *program)
{
  guint8 *is_needed = g_new0 (guint8, program->variables->len + 1);

  for (guint i = 0; i < program->outputs->len; i++)
    is_needed[g_array_index (program->outputs, guint, i)] = TRUE;

  for (guint i = program->instructions->len; i-- > 0;)
    {
      const TgInstruction *instruction = &g_array_index (program->instructions, TgInstruction, i);
      const guint *operands = tg_program_get_operands (program, instruction);
      TgVariable *variable = instruction->variable;
      TgCpuTaskKind kind = tg_cpu_plan_get_kind (variable);

      if (kind != TG_CPU_TASK_LOOP && kind != TG_CPU_TASK_PRODUCT)
        is_needed[instruction->output] = TRUE;
      if (!is_needed[instruction->output] || variable->op == &tg_ops[TG_OP_SHAPE]
          || variable->op == &tg_ops[TG_OP_SIZE])
        continue;

      for (guint k = 0; k < variable->n_inputs; k++)
        is_needed[operands[k]] = TRUE;
    }

  return is_needed;
}

static GArray *
sort_instructions (const TgProgram *program)
{
  guint n = program->instructions->len;
  guint n_slots = program->variables->len;
  g_autofree guint8 *is_needed = find_needed (program);
  g_autofree guint *numbers = g_new (guint, n_slots + 1);
  g_autofree guint *softmax = g_new (guint, n_slots + 1);
  GArray *array = g_array_sized_new (FALSE, FALSE, sizeof (Entry), n);
  Entry *entries;

  g_array_set_size (array, n);
  entries = (Entry *) (gpointer) array->data;
  memset (numbers, 0xff, n_slots * sizeof (guint));
  memset (softmax, 0xff, n_slots * sizeof (guint));
  for (guint i = 0; i < n; i++)
    {
      guint output = g_array_index (program->instructions, TgInstruction, i).output;

      place_entry (program, numbers, entries, i, is_needed[output]);
      if (entries[i].kind == TG_CPU_TASK_SOFTMAX)
        pair_softmax (program, softmax, entries, i);
      numbers[output] = i;
    }

  for (guint i = 0; i < n; i++)
    entries[i].group = find_group (entries, i);
  g_array_sort (array, compare_entries);

  return array;
}

/* Where the users of each slot are in the order. */
static void
list_users (TgCpuPlan *self)
{
  const TgProgram *program = self->program;
  guint n_slots = program->variables->len;
  guint total = 0;
  g_autofree guint *next = g_new0 (guint, n_slots + 1);

  for (guint i = 0; i < program->operands->len; i++)
    next[g_array_index (program->operands, guint, i)]++;

  g_array_set_size (self->first_users, n_slots + 1);
  for (guint i = 0; i <= n_slots; i++)
    {
      g_array_index (self->first_users, guint, i) = total;
      total += i < n_slots ? next[i] : 0;
      next[i] = g_array_index (self->first_users, guint, i);
    }

  g_array_set_size (self->users, total);
  for (guint place = 0; place < self->order->len; place++)
    {
      const TgInstruction *instruction = tg_cpu_plan_get (self, place);
      const guint *operands = tg_program_get_operands (program, instruction);

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        g_array_index (self->users, guint, next[operands[k]]++) = place;
    }
}

gboolean
tg_cpu_plan_needs (const TgCpuPlan *self,
                   guint            slot,
                   guint            first,
                   guint            n)
{
  guint begin = g_array_index (self->first_users, guint, slot);
  guint end = g_array_index (self->first_users, guint, slot + 1);

  if (self->is_output[slot])
    return TRUE;

  for (guint i = begin; i < end; i++)
    {
      guint place = g_array_index (self->users, guint, i);

      if (place < first || place >= first + n)
        return TRUE;
    }

  return FALSE;
}

/* Whether of what an instruction makes nothing is needed but elements at positions. */
static gboolean
is_only_taken (const TgCpuPlan *self,
               guint            slot)
{
  guint begin = g_array_index (self->first_users, guint, slot);
  guint end = g_array_index (self->first_users, guint, slot + 1);

  for (guint i = begin; i < end; i++)
    {
      guint place = g_array_index (self->users, guint, i);
      const TgOpInfo *op = tg_cpu_plan_get (self, place)->variable->op;

      if (op != &tg_ops[TG_OP_TAKE] && op != &tg_ops[TG_OP_TAKE_ALONG_AXIS]
          && op != &tg_ops[TG_OP_TAKE_ND])
        return FALSE;
    }

  return begin < end && !self->is_output[slot];
}

/* Of logarithms of softmax those that are computed in their own dtype. */
static void
find_late (TgCpuPlan *self)
{
  for (guint place = 0; place < self->order->len; place++)
    {
      const TgInstruction *instruction = tg_cpu_plan_get (self, place);
      TgVariable *variable = instruction->variable;

      self->is_late[instruction->output]
        = tg_cpu_sparse_takes (self, instruction)
          || (variable->op == &tg_ops[TG_OP_LOG_SOFTMAX]
              && variable->type->dtype == TG_DTYPE_FLOAT64
              && is_only_taken (self, instruction->output));
    }
}

/* A reduction that can take what an instruction of a loop makes as it comes, and that alone needs
 * it; or TG_CPU_NOWHERE.  It begins with no element, and knows of no pass before. */
static guint
find_fold (const TgCpuPlan *self,
           guint            place)
{
  guint slot = tg_cpu_plan_get (self, place)->output;
  guint user = g_array_index (self->first_users, guint, slot);
  TgVariable *made = tg_cpu_plan_get (self, place)->variable;
  TgVariable *variable;
  double init;

  if (self->is_output[slot] || g_array_index (self->first_users, guint, slot + 1) != user + 1)
    return TG_CPU_NOWHERE;

  user = g_array_index (self->users, guint, user);
  variable = tg_cpu_plan_get (self, user)->variable;

  return tg_cpu_plan_get_kind (variable) == TG_CPU_TASK_REDUCTION
         && tg_cpu_fold_get_init (variable->op, variable->compute, &init)
         && variable->op->center == NULL && variable->compute == made->type->dtype
           ? user : TG_CPU_NOWHERE;
}

/* The code of a loop, with the first reduction that fits. */
static void
add_code (TgCpuPlan *self,
          TgCpuTask *task)
{
  for (guint i = 0; i < task->n_instructions && task->fold == TG_CPU_NOWHERE; i++)
    task->fold = find_fold (self, task->first + i);

  task->code = tg_cpu_code_new (self, task->first, task->n_instructions, task->fold);
  if (task->code == NULL)
    task->fold = TG_CPU_NOWHERE;
  else if (task->fold != TG_CPU_NOWHERE)
    self->is_folded[task->fold] = TRUE;
}

/* Of loops, as many instructions at a time as a loop may have operands for. */
static void
add_tasks (TgCpuPlan   *self,
           const Entry *entry,
           guint        first,
           guint        n)
{
  while (n > 0)
    {
      TgCpuTask task = { .kind = entry->kind, .level = entry->level, .first = first,
                         .n_instructions = MIN (n, MAX_INSTRUCTIONS),
                         .fold = TG_CPU_NOWHERE, .product = TG_CPU_NOWHERE };

      if (task.kind == TG_CPU_TASK_LOOP)
        {
          add_code (self, &task);
          while (task.code == NULL)
            {
              task.n_instructions = (task.n_instructions + 1) / 2;
              add_code (self, &task);
            }
        }

      if (!self->is_folded[first])
        g_array_append_val (self->tasks, task);
      first += task.n_instructions;
      n -= task.n_instructions;
    }
}

static void
make_tasks (TgCpuPlan    *self,
            const GArray *entries)
{
  for (guint first = 0; first < entries->len;)
    {
      const Entry *entry = &g_array_index (entries, Entry, first);
      guint n = 1;

      while (first + n < entries->len
             && g_array_index (entries, Entry, first + n).group == entry->group)
        n++;

      add_tasks (self, entry, first, n);
      first += n;
    }
}

/* The last task that needs a slot, or what is made late of it. */
static guint
find_last_task (const TgCpuPlan *self,
                const guint     *tasks,
                guint            slot)
{
  guint last = 0;

  for (guint i = g_array_index (self->first_users, guint, slot);
       i < g_array_index (self->first_users, guint, slot + 1); i++)
    {
      guint place = g_array_index (self->users, guint, i);
      guint made = tg_cpu_plan_get (self, place)->output;

      last = MAX (last, self->is_late[made] ? find_last_task (self, tasks, made) : tasks[place]);
    }

  return last;
}

/* After each task, what nothing needs any more is given up. */
static void
find_released (TgCpuPlan *self)
{
  g_autofree guint *tasks = g_new0 (guint, self->order->len + 1);

  for (guint i = 0; i < self->tasks->len; i++)
    {
      const TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);

      for (guint k = 0; k < task->n_instructions; k++)
        tasks[task->first + k] = i;
      if (task->fold != TG_CPU_NOWHERE)
        tasks[task->fold] = i;
      if (task->product != TG_CPU_NOWHERE)
        tasks[task->product] = i;
    }

  for (guint slot = 0; slot < self->program->variables->len; slot++)
    {
      guint end = g_array_index (self->first_users, guint, slot + 1);
      TgCpuTask *task;

      if (self->is_output[slot] || end == g_array_index (self->first_users, guint, slot))
        continue;

      task = &g_array_index (self->tasks, TgCpuTask, find_last_task (self, tasks, slot));
      if (task->released == NULL)
        task->released = g_array_new (FALSE, FALSE, sizeof (guint));
      g_array_append_val (task->released, slot);
    }
}

TgCpuPlan *
tg_cpu_plan_new (const TgProgram *program)
{
  TgCpuPlan *self = g_new0 (TgCpuPlan, 1);
  guint n_slots = program->variables->len;
  g_autoptr (GArray) entries = sort_instructions (program);

  self->program = program;
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->makers = g_array_new (FALSE, FALSE, sizeof (guint));
  self->users = g_array_new (FALSE, FALSE, sizeof (guint));
  self->first_users = g_array_new (FALSE, FALSE, sizeof (guint));
  self->tasks = g_array_new (FALSE, FALSE, sizeof (TgCpuTask));
  self->is_output = g_new0 (guint8, n_slots + 1);
  self->is_folded = g_new0 (guint8, entries->len + 1);
  self->is_late = g_new0 (guint8, n_slots + 1);
  self->parts = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  g_mutex_init (&self->lock);

  for (guint i = 0; i < n_slots; i++)
    {
      guint nowhere = TG_CPU_NOWHERE;

      g_array_append_val (self->makers, nowhere);
    }

  for (guint i = 0; i < entries->len; i++)
    {
      g_array_append_val (self->order, g_array_index (entries, Entry, i).number);
      g_array_index (self->makers, guint, tg_cpu_plan_get (self, i)->output) = i;
    }

  for (guint i = 0; i < program->outputs->len; i++)
    self->is_output[g_array_index (program->outputs, guint, i)] = TRUE;

  list_users (self);
  find_late (self);
  make_tasks (self, entries);
  tg_cpu_plan_move_products (self);
  find_released (self);

  return self;
}

void
tg_cpu_plan_free (TgCpuPlan *self)
{
  GHashTableIter iter;
  gpointer code;

  for (guint i = 0; i < self->tasks->len; i++)
    {
      TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);

      g_clear_pointer (&task->code, tg_cpu_code_unref);
      g_clear_pointer (&task->released, g_array_unref);
    }

  g_hash_table_iter_init (&iter, self->parts);
  while (g_hash_table_iter_next (&iter, NULL, &code))
    {
      if (code != NULL)
        tg_cpu_code_unref (code);
    }

  g_hash_table_unref (self->parts);
  g_mutex_clear (&self->lock);
  g_array_unref (self->order);
  g_array_unref (self->makers);
  g_array_unref (self->users);
  g_array_unref (self->first_users);
  g_array_unref (self->tasks);
  g_free (self->is_output);
  g_free (self->is_folded);
  g_free (self->is_late);
  g_free (self);
}

TgCpuCode *
tg_cpu_plan_get_part (TgCpuPlan *self,
                      guint      first,
                      guint      n)
{
  gint64 key = (gint64) ((guint64) first << 32 | n);
  gpointer code;

  g_mutex_lock (&self->lock);
  if (!g_hash_table_lookup_extended (self->parts, &key, NULL, &code))
    {
      code = tg_cpu_code_new (self, first, n, TG_CPU_NOWHERE);
      g_hash_table_insert (self->parts, g_memdup2 (&key, sizeof key), code);
    }
  g_mutex_unlock (&self->lock);

  return code;
}
