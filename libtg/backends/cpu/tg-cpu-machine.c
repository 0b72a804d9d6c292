/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-code-private.h"

#include <string.h>

/* The blocked vector machine: runs each step of a loop over a block of elements, before the next
 * step does, with what they pass on in the cache. */

/* Elements of a block: of many values fewer, so that all of them stay in the second cache. */
#define MAX_BLOCK 512
#define MIN_BLOCK 64
#define MAX_BYTES (128 * 1024)

/* Steps, times elements, after which it is time to see whether the call is cancelled. */
#define PATIENCE (1024 * 1024)

/* So large a workspace lies on the stack. */
#define MAX_ON_STACK (32 * 1024)
#define ALIGNMENT 64

typedef struct
{
  const TgCpuCode *code;
  const TgCpuNative *native; /* or NULL */
  gsize            block;
  gsize            register_size;
  char            *registers;
  char           **pointers; /* for each value: its elements of this block */
  const char     **filled;   /* for each value: what its register repeats */
  GCancellable    *cancellable;
  gboolean         is_cancelled;
  gsize            work;     /* since that was last seen */
} Machine;

static char *
get_register (const Machine *self,
              guint          value)
{
  return self->registers
         + self->register_size * g_array_index (self->code->registers, guint, value);
}

#define FILL(T)                                                               \
  for (gsize i = 0; i < n; i++)                                               \
    memcpy (target + i * sizeof (T), source, sizeof (T));                     \
  break

static void
fill (char       *target,
      const char *source,
      gsize       size,
      gsize       n)
{
  switch (size)
    {
    case 1:
      FILL (guint8);

    case 2:
      FILL (guint16);

    case 4:
      FILL (guint32);

    case 8:
      FILL (guint64);

    default:
      for (gsize i = 0; i < n; i++)
        memcpy (target + i * size, source, size);
    }
}

#define MOVE(T)                                                               \
  for (gint64 i = 0; i < (gint64) n; i++)                                     \
    memcpy (target + i * target_stride, source + i * source_stride, sizeof (T)); \
  break

static void
move (char       *target,
      gint64      target_stride,
      const char *source,
      gint64      source_stride,
      gsize       size,
      gsize       n)
{
  switch (size)
    {
    case 1:
      MOVE (guint8);

    case 2:
      MOVE (guint16);

    case 4:
      MOVE (guint32);

    case 8:
      MOVE (guint64);

    default:
      for (gint64 i = 0; i < (gint64) n; i++)
        memcpy (target + i * target_stride, source + i * source_stride, size);
    }
}

/* The elements of an operand, in memory where they follow each other there. */
static void
load (Machine         *self,
      const TgCpuStep *step,
      char            *source,
      gint64           stride,
      gsize            n,
      gsize            n_all)
{
  gsize size = tg_dtype_get_size (step->dtype);
  char *target = get_register (self, step->value);

  if (stride == (gint64) size)
    {
      self->pointers[step->value] = source;
      return;
    }

  self->pointers[step->value] = target;
  if (stride != 0)
    move (target, (gint64) size, source, stride, size, n);
  else if (self->filled[step->value] != source)
    {
      fill (target, source, size, MIN (n_all, self->block));
      self->filled[step->value] = source;
    }
}

/* Where the elements of a value are to be put. */
static char *
find_target (Machine         *self,
             guint            value,
             gsize            done,
             char           **data,
             const gint64    *strides)
{
  int operand = g_array_index (self->code->stored, int, value);
  gint64 size = (gint64) tg_dtype_get_size (
    g_array_index (self->code->loop.dtypes, TgDType, value));

  return operand >= 0 && strides[operand] == size ? data[operand] + (gint64) done * size
                                                  : get_register (self, value);
}

static void
run_block (Machine      *self,
           gsize         n,
           gsize         done,
           gsize         n_all,
           char        **data,
           const gint64 *strides)
{
  const GArray *steps = self->code->loop.steps;

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);
      char *place = data[step->operand] + (gint64) done * strides[step->operand];
      char *operands[TG_OP_MAX_INPUTS + 1];
      gint64 sizes[2];

      switch (step->kind)
        {
        case TG_CPU_STEP_LOAD:
          load (self, step, place, strides[step->operand], n, n_all);
          break;

        case TG_CPU_STEP_STORE:
          sizes[0] = (gint64) tg_dtype_get_size (step->dtype);
          if (strides[step->operand] != sizes[0])
            move (place, strides[step->operand], self->pointers[step->inputs[0]], sizes[0],
                  (gsize) sizes[0], n);
          break;

        case TG_CPU_STEP_CAST:
        case TG_CPU_STEP_APPLY:
        default:
          operands[0] = find_target (self, step->value, done, data, strides);
          for (guint k = 0; k < step->n_inputs; k++)
            operands[k + 1] = self->pointers[step->inputs[k]];
          self->pointers[step->value] = operands[0];
          sizes[0] = (gint64) tg_dtype_get_size (
            g_array_index (self->code->loop.dtypes, TgDType, step->value));
          sizes[1] = (gint64) tg_dtype_get_size (
            g_array_index (self->code->loop.dtypes, TgDType, step->inputs[0]));
          g_array_index (self->code->loops, TgInnerLoop, i) (n, operands, sizes, NULL);
          break;
        }
    }
}

/* The same by machine code, which wants operands whose elements follow each other. */
static void
run_native_block (Machine      *self,
                  gsize         n,
                  gsize         done,
                  gsize         n_all,
                  char        **data,
                  const gint64 *strides)
{
  const GArray *steps = self->code->loop.steps;
  char *operands[TG_LOOP_MAX_OPERANDS];

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);
      gint64 stride = strides[step->operand];

      if (step->kind == TG_CPU_STEP_LOAD)
        {
          load (self, step, data[step->operand] + (gint64) done * stride, stride, n, n_all);
          operands[step->operand] = self->pointers[step->value];
        }
      else if (step->kind == TG_CPU_STEP_STORE)
        operands[step->operand] = find_target (self, step->inputs[0], done, data, strides);
    }

  tg_cpu_native_run (self->native, n, operands);

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);
      gint64 size = (gint64) tg_dtype_get_size (step->dtype);
      gint64 stride = strides[step->operand];

      if (step->kind == TG_CPU_STEP_STORE && stride != size)
        move (data[step->operand] + (gint64) done * stride, stride, operands[step->operand], size,
              (gsize) size, n);
    }
}

static gboolean
is_cancelled (Machine *self,
              gsize    n)
{
  self->work += n * self->code->loop.steps->len;
  if (self->work > PATIENCE)
    {
      self->work = 0;
      self->is_cancelled = g_cancellable_is_cancelled (self->cancellable);
    }

  return self->is_cancelled;
}

static void
run_row (gsize         count,
         char        **data,
         const gint64 *strides,
         gpointer      user_data)
{
  Machine *self = user_data;

  for (gsize done = 0; done < count && !self->is_cancelled; done += self->block)
    {
      gsize n = MIN (self->block, count - done);

      if (is_cancelled (self, n))
        return;

      if (self->native != NULL)
        run_native_block (self, n, done, count, data, strides);
      else
        run_block (self, n, done, count, data, strides);
    }
}

/* So many elements that the registers stay in the cache, and no more than there are. */
static gsize
choose_block (const TgCpuCode *code,
              gsize            n_elements)
{
  gsize row = MAX (code->n_registers, 1) * (gsize) code->width;
  gsize block = CLAMP (MAX_BYTES / row, MIN_BLOCK, MAX_BLOCK) & ~(gsize) (MIN_BLOCK - 1);

  return MIN (block, n_elements);
}

static gsize
count_elements (guint         ndim,
                const gint64 *shape)
{
  gsize n_elements = 1;

  for (guint i = 0; i < ndim; i++)
    n_elements *= (gsize) shape[i];

  return n_elements;
}

gboolean
tg_cpu_code_run (TgCpuCode           *self,
                 guint                ndim,
                 const gint64        *shape,
                 char *const         *data,
                 const gint64 *const *strides,
                 GCancellable        *cancellable)
{
  guint n_values = self->loop.dtypes->len;
  gsize n_elements = count_elements (ndim, shape);
  gsize block = choose_block (self, n_elements);
  gsize register_size = (block * self->width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  gsize n_bytes = register_size * self->n_registers + ALIGNMENT;
  gsize n_pointers = 2 * (gsize) n_values * sizeof (char *);
  char *workspace;
  g_autofree char *allocated = NULL;
  Machine machine = { .code = self, .block = block, .register_size = register_size,
                      .cancellable = cancellable };

  if (n_elements == 0)
    return TRUE;

  machine.native = tg_cpu_code_get_native (self, n_elements);

  if (n_bytes + n_pointers <= MAX_ON_STACK)
    workspace = g_alloca (n_bytes + n_pointers);
  else
    workspace = allocated = g_malloc (n_bytes + n_pointers);

  machine.pointers = (char **) (gpointer) workspace;
  machine.filled = (const char **) (gpointer) (machine.pointers + n_values);
  machine.registers = workspace + n_pointers;
  machine.registers += ALIGNMENT - (guintptr) machine.registers % ALIGNMENT;
  memset (machine.filled, 0, n_values * sizeof (char *));

  tg_loop_run (ndim, shape, self->loop.n_operands, data, strides, run_row, &machine);

  return !machine.is_cancelled;
}
