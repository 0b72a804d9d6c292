/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-sparse-private.h"

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-private.h"

/* Zeros with a few elements, as gradients of elements that were taken are.  Where only loops and
 * sums need them they are not in memory: the slot has a zero that is repeated, and who reads it
 * asks the instruction for the elements.  Of positions that rise, each has one. */

/* Of so many zeros for an element it is worth it. */
#define MIN_ZEROS 16

typedef struct
{
  guint         ndim;
  const gint64 *shape;
  gsize         n;
  TgTensor     *values;
  TgTensor     *given;
  gint64       *positions; /* for each element, along all axes */
} Elements;

static void
clear_elements (Elements *self)
{
  g_clear_pointer (&self->values, tg_tensor_unref);
  g_clear_pointer (&self->given, tg_tensor_unref);
  g_clear_pointer (&self->positions, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Elements, clear_elements)

static TgTensor *
make_contiguous (TgTensor *value,
                 TgDType   dtype)
{
  g_autoptr (TgTensor) cast = tg_tensor_astype (value, dtype, NULL);

  return cast != NULL ? tg_tensor_make_contiguous (cast, NULL) : NULL;
}

/* FALSE where something is wrong, which the reference has words for, or positions do not rise. */
static gboolean
read_elements (Elements      *self,
               TgTensor      *x,
               TgTensor      *positions,
               const gint64  *shape,
               guint          ndim)
{
  const gint64 *given;
  gint64 last = -1;

  *self = (Elements) { .ndim = ndim, .shape = shape, .n = x->n_elements };
  self->values = make_contiguous (x, TG_DTYPE_FLOAT64);
  self->given = make_contiguous (positions, TG_DTYPE_INT64);
  if (self->values == NULL || self->given == NULL || positions->ndim != x->ndim + 1
      || positions->shape[x->ndim] != ndim
      || memcmp (x->shape, positions->shape, x->ndim * sizeof (gint64)) != 0)
    return FALSE;

  given = tg_reference_get_integers (self->given);
  self->positions = g_new (gint64, self->n * ndim + 1);
  for (gsize k = 0; k < self->n; k++)
    {
      gint64 place = 0;

      for (guint i = 0; i < ndim; i++)
        {
          gint64 position = given[k * ndim + i] + (given[k * ndim + i] < 0 ? shape[i] : 0);

          if (position < 0 || position >= shape[i])
            return FALSE;

          self->positions[k * ndim + i] = position;
          place = place * shape[i] + position;
        }

      if (place <= last)
        return FALSE;

      last = place;
    }

  return TRUE;
}

static gint64
find_offset (const Elements *self,
             gsize           number,
             const gint64   *strides)
{
  gint64 offset = 0;

  for (guint i = 0; i < self->ndim; i++)
    offset += self->positions[number * self->ndim + i] * strides[i];

  return offset;
}

gboolean
tg_cpu_sparse_takes (const TgCpuPlan     *plan,
                     const TgInstruction *instruction)
{
  TgVariable *variable = instruction->variable;
  guint slot = instruction->output;
  guint begin = g_array_index (plan->first_users, guint, slot);
  guint end = g_array_index (plan->first_users, guint, slot + 1);

  if (variable->op != &tg_ops[TG_OP_UNTAKE_ND] || variable->type->dtype != TG_DTYPE_FLOAT64
      || variable->compute != TG_DTYPE_FLOAT64 || plan->is_output[slot])
    return FALSE;

  for (guint i = begin; i < end; i++)
    {
      TgVariable *user
        = tg_cpu_plan_get (plan, g_array_index (plan->users, guint, i))->variable;
      gboolean is_sum = user->op->form == TG_FORM_REDUCE && user->compute == TG_DTYPE_FLOAT64
                        && tg_cpu_fold_has_rest (user->op, TG_DTYPE_FLOAT64);

      if (!is_sum && !(tg_cpu_code_takes (user) && user->type->ndim == variable->type->ndim))
        return FALSE;
    }

  return begin < end;
}

gboolean
tg_cpu_sparse_make (const TgCpuPlan      *plan,
                    const TgInstruction  *instruction,
                    TgTensor            **slots,
                    const TgRunOptions   *options,
                    GError              **error)
{
  const guint *operands = tg_program_get_operands (plan->program, instruction);
  g_autoptr (TgTensor) shape = make_contiguous (slots[operands[1]], TG_DTYPE_INT64);
  g_autoptr (TgTensor) zeros = NULL;
  g_auto (Elements) elements = { 0, };

  if (shape != NULL)
    zeros = tg_cpu_make_hollow (0, TG_DTYPE_FLOAT64, tg_reference_get_integers (shape),
                                (guint) shape->n_elements, NULL);
  if (zeros == NULL || zeros->n_elements < MIN_ZEROS
      || zeros->n_elements / MIN_ZEROS < slots[operands[0]]->n_elements
      || !read_elements (&elements, slots[operands[0]], slots[operands[2]], zeros->shape,
                         zeros->ndim))
    return tg_reference_run_instruction (plan->program, instruction, NULL, slots, options, error);

  slots[instruction->output] = g_steal_pointer (&zeros);

  return TRUE;
}

static const TgInstruction *
get_maker (const TgCpuPlan *plan,
           guint            slot)
{
  guint maker = g_array_index (plan->makers, guint, slot);

  return maker != TG_CPU_NOWHERE ? tg_cpu_plan_get (plan, maker) : NULL;
}

/* No other tensor repeats its only element. */
gboolean
tg_cpu_sparse_is_in (const TgCpuPlan *plan,
                     TgTensor *const *slots,
                     guint            slot)
{
  const TgInstruction *maker = plan->is_late[slot] ? get_maker (plan, slot) : NULL;

  if (maker == NULL || maker->variable->op != &tg_ops[TG_OP_UNTAKE_ND]
      || slots[slot]->n_elements < MIN_ZEROS)
    return FALSE;

  for (guint i = 0; i < slots[slot]->ndim; i++)
    {
      if (slots[slot]->strides[i] != 0 && slots[slot]->shape[i] > 1)
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_cpu_sparse_fill (const TgCpuPlan      *plan,
                    TgTensor            **slots,
                    guint                 slot,
                    const TgRunOptions   *options,
                    GError              **error)
{
  g_clear_pointer (&slots[slot], tg_tensor_unref);

  return tg_reference_run_instruction (plan->program, get_maker (plan, slot), NULL, slots, options,
                                       error);
}

/* They have been read before: nothing is wrong. */
static void
read_again (const TgCpuPlan *plan,
            TgTensor *const *slots,
            guint            slot,
            Elements        *elements)
{
  const guint *operands = tg_program_get_operands (plan->program, get_maker (plan, slot));

  read_elements (elements, slots[operands[0]], slots[operands[2]], slots[slot]->shape,
                 slots[slot]->ndim);
}

/* Also what the sums lose is summed, as other sums do. */
static gboolean
add_elements (const TgReferenceReduction  *reduction,
              gpointer                     user_data,
              GError                     **error G_GNUC_UNUSED)
{
  const Elements *self = user_data;
  const double *values = (const double *) (gconstpointer) self->values->data;
  gsize n_sums = 1;
  g_autofree double *lost = NULL;
  double *sums = (double *) (gpointer) reduction->data[0];

  for (guint i = 0; i < self->ndim; i++)
    n_sums *= reduction->chosen[i] ? 1 : (gsize) self->shape[i];

  lost = g_new0 (double, n_sums);
  for (gsize k = 0; k < self->n; k++)
    {
      gint64 place = find_offset (self, k, reduction->strides[0]) / (gint64) sizeof (double);
      double before = sums[place], x = values[k];
      double after = before + x;

      lost[place] += (before - (after - (after - before))) + (x - (after - before));
      sums[place] = after;
    }

  /* It is nan once the sum is infinite. */
  for (gsize i = 0; i < n_sums; i++)
    sums[i] += lost[i] == lost[i] ? lost[i] : 0;

  return TRUE;
}

gboolean
tg_cpu_sparse_sum (const TgCpuPlan      *plan,
                   const TgInstruction  *instruction,
                   TgTensor            **slots,
                   const TgRunOptions   *options,
                   GError              **error)
{
  guint slot = *tg_program_get_operands (plan->program, instruction);
  TgVariable *variable = instruction->variable;
  g_auto (Elements) elements = { 0, };

  read_again (plan, slots, slot, &elements);
  slots[instruction->output] = tg_reference_reduce_with (
    variable, slots[slot],
    tg_cpu_get_kernel (tg_op_info_get_id (variable->op), variable->compute), add_elements,
    &elements, error);
  if (slots[instruction->output] == NULL)
    tg_reference_add_place (plan->program, instruction, slots, error);

  return slots[instruction->output] != NULL;
}

struct _TgCpuPatch
{
  TgCpuCode *code;
  Elements   elements;
  char      *operands[TG_LOOP_MAX_OPERANDS];
  gint64     sizes[TG_LOOP_MAX_OPERANDS];
};

TgCpuPatch *
tg_cpu_patch_new (const TgCpuPlan      *plan,
                  TgTensor *const      *slots,
                  guint                 number,
                  TgCpuCode            *code,
                  char *const          *data,
                  const gint64 *const  *strides,
                  const TgRunOptions   *options)
{
  TgCpuPatch *self = g_new0 (TgCpuPatch, 1);
  const gint64 *steps[TG_LOOP_MAX_OPERANDS];
  gint64 n;

  self->code = code;
  read_again (plan, slots, g_array_index (code->slots, guint, number), &self->elements);
  n = (gint64) self->elements.n;
  for (guint i = 0; i < code->loop.n_operands; i++)
    {
      guint slot = g_array_index (code->slots, guint, i);
      gint64 size = (gint64) tg_dtype_get_size (slots[slot]->dtype);
      char *elements = self->operands[i] = g_malloc ((gsize) (n * size) + 1);

      self->sizes[i] = size;
      steps[i] = &self->sizes[i];
      for (gint64 k = 0; k < n && i < code->n_inputs; k++)
        memcpy (elements + k * size, data[i] + find_offset (&self->elements, (gsize) k, strides[i]),
                (gsize) size);
    }

  memcpy (self->operands[number], self->elements.values->data, (gsize) n * sizeof (double));
  tg_cpu_code_run (code, 1, &n, self->operands, steps, options, NULL);

  return self;
}

void
tg_cpu_patch_apply (TgCpuPatch          *self,
                    char *const         *data,
                    const gint64 *const *strides)
{
  for (guint i = 0; i < self->code->loop.n_operands; i++)
    {
      gint64 size = self->sizes[i];

      for (gsize k = 0; k < self->elements.n && i >= self->code->n_inputs; k++)
        memcpy (data[i] + find_offset (&self->elements, k, strides[i]),
                self->operands[i] + (gint64) k * size, (gsize) size);
      g_free (self->operands[i]);
    }

  clear_elements (&self->elements);
  g_free (self);
}
