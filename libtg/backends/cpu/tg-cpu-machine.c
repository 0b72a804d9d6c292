/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-code-private.h"

#include <string.h>

#include "tg-cpu-division-private.h"
#include "tg-cpu-kernels-private.h"

/* The blocked vector machine: runs each step of a loop over a block of elements, before the next
 * step does, with what they pass on in the cache. */

/* Elements of a block: of many values fewer, so that all of them stay in the second cache. */
#define MAX_BLOCK 512
#define MIN_BLOCK 64
#define MAX_BYTES (128 * 1024)

/* Steps, times elements, after which it is time to see whether the call is cancelled. */
#define PATIENCE (1024 * 1024)

/* So many of them, from 8 microseconds of sums to 30 of exponentials, are worth another thread. */
#define MIN_WORK (96 * 1024)

/* So large a workspace lies on the stack. */
#define MAX_ON_STACK (32 * 1024)
#define ALIGNMENT 64

typedef struct
{
  const TgCpuCode   *code;
  const TgCpuNative *native;   /* or NULL */
  gsize              block;
  gsize              register_size;
  char              *registers;
  char             **pointers; /* for each value: its elements of this block */
  const char       **filled;   /* for each value: what its register repeats */
  GCancellable      *cancellable;
  gboolean           is_cancelled;
  gsize              work;     /* since that was last seen */

  /* The row on its way, and how much of it is done. */
  gsize              count;
  gsize              done;
  char             **data;
  const gint64      *strides;
  double             rest;     /* what the sum of the row has lost */
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

void
tg_cpu_move (char       *target,
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

/* Where the elements of an operand are that this block begins with. */
static char *
get_place (const Machine *self,
           guint          operand)
{
  return self->data[operand] + (gint64) self->done * self->strides[operand];
}

static gint64
get_size (const Machine *self,
          guint          value)
{
  return (gint64) tg_dtype_get_size (g_array_index (self->code->loop.dtypes, TgDType, value));
}

/* The elements of an operand, in memory where they follow each other there. */
static void
load (Machine         *self,
      const TgCpuStep *step,
      gsize            n)
{
  gint64 size = get_size (self, step->value);
  gint64 stride = self->strides[step->operand];
  char *source = get_place (self, step->operand);
  char *target = get_register (self, step->value);

  if (stride == size)
    {
      self->pointers[step->value] = source;
      return;
    }

  self->pointers[step->value] = target;
  if (stride != 0)
    tg_cpu_move (target, size, source, stride, (gsize) size, n);
  else if (self->filled[step->value] != source)
    {
      fill (target, source, (gsize) size, MIN (self->count, self->block));
      self->filled[step->value] = source;
    }
}

/* Where the elements of a value are to be put: where it is stored, if they follow each other. */
static char *
find_target (const Machine *self,
             guint          value)
{
  int operand = g_array_index (self->code->stored, int, value);
  gboolean is_folded = self->code->fold != NULL && (int) self->code->fold->operand == operand;

  return operand >= 0 && !is_folded && self->strides[operand] == get_size (self, value)
           ? get_place (self, (guint) operand)
           : get_register (self, value);
}

/* Adds the values of this block to accumulators, or whatever a fold does. */
static void
fold (Machine    *self,
      const char *values,
      gint64      size,
      gsize       n)
{
  const TgCpuFold *code = self->code->fold;
  gint64 stride = self->strides[code->operand];
  gboolean stays = stride == 0;
  gsize step = stays || stride == code->size ? n : 1;

  for (gsize i = 0; i < n; i += step)
    {
      char *operands[] = { get_place (self, code->operand) + (gint64) i * stride,
                           (char *) values + (gint64) i * size,
                           code->has_rest && stays ? (char *) &self->rest : NULL };

      code->loop (step, operands, (const gint64[]) { step == n ? stride : 0, size, 0 }, NULL);
    }
}

/* What is not where it is to be stored goes there. */
static void
store (Machine         *self,
       const TgCpuStep *step,
       gsize            n)
{
  gint64 size = get_size (self, step->inputs[0]);
  gint64 stride = self->strides[step->operand];

  if (self->code->fold != NULL && self->code->fold->operand == step->operand)
    fold (self, self->pointers[step->inputs[0]], size, n);
  else if (stride != size)
    tg_cpu_move (get_place (self, step->operand), stride, self->pointers[step->inputs[0]], size,
                 (gsize) size, n);
}

static void
compute (Machine         *self,
         const TgCpuStep *step,
         TgInnerLoop      loop,
         gsize            n)
{
  char *operands[TG_OP_MAX_INPUTS + 1] = { find_target (self, step->value), };
  const gint64 sizes[] = { get_size (self, step->value), get_size (self, step->inputs[0]) };

  for (guint k = 0; k < step->n_inputs; k++)
    operands[k + 1] = self->pointers[step->inputs[k]];
  self->pointers[step->value] = operands[0];
  loop (n, operands, sizes, NULL);
}

static void
run_block (Machine *self,
           gsize    n)
{
  const GArray *steps = self->code->loop.steps;

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);

      switch (step->kind)
        {
        case TG_CPU_STEP_LOAD:
          load (self, step, n);
          break;

        case TG_CPU_STEP_STORE:
          store (self, step, n);
          break;

        case TG_CPU_STEP_CAST:
        case TG_CPU_STEP_APPLY:
        default:
          compute (self, step, g_array_index (self->code->loops, TgInnerLoop, i), n);
          break;
        }
    }
}

/* The same by machine code, which wants operands whose elements follow each other. */
static void
run_native_block (Machine *self,
                  gsize    n)
{
  const GArray *steps = self->code->loop.steps;
  char *operands[TG_LOOP_MAX_OPERANDS];

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);
      guint value = step->kind == TG_CPU_STEP_STORE ? step->inputs[0] : step->value;

      if (step->kind == TG_CPU_STEP_LOAD)
        load (self, step, n);
      else if (step->kind == TG_CPU_STEP_STORE)
        self->pointers[value] = find_target (self, value);
      else
        continue;

      operands[step->operand] = self->pointers[value];
    }

  tg_cpu_native_run (self->native, n, operands);

  for (guint i = 0; i < steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (steps, TgCpuStep, i);

      if (step->kind == TG_CPU_STEP_STORE)
        store (self, step, n);
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
  const TgCpuFold *last = self->code->fold;

  /* The first row of a part may be the rest of one: its registers are not filled to the end. */
  if (count > self->count)
    memset (self->filled, 0, self->code->loop.dtypes->len * sizeof (char *));

  self->count = count;
  self->data = data;
  self->strides = strides;
  self->rest = 0;
  for (self->done = 0; self->done < count && !self->is_cancelled; self->done += self->block)
    {
      gsize n = MIN (self->block, count - self->done);

      if (is_cancelled (self, n))
        return;

      if (self->native != NULL)
        run_native_block (self, n);
      else
        run_block (self, n);
    }

  if (last != NULL && last->has_rest && strides[last->operand] == 0)
    tg_cpu_fold_add_rest (data[last->operand], self->rest);
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

/* A loop as it is to be run: all of it, of which each thread takes parts. */
typedef struct
{
  TgCpuCode           *code;
  const TgCpuNative   *native;
  guint                ndim;
  const gint64        *shape;
  char *const         *data;
  const gint64 *const *strides;
  GCancellable        *cancellable;
  gsize                n_elements;
  gsize                n_together;   /* elements of a chunk */
  gsize                block;
  int                  is_cancelled; /* atomic */
} Run;

static void
run_chunk (guint    chunk,
           gpointer user_data)
{
  Run *self = user_data;
  TgCpuCode *code = self->code;
  guint n_values = code->loop.dtypes->len;
  gsize n_pointers = 2 * (gsize) n_values * sizeof (char *);
  gsize begin = chunk * self->n_together;
  gsize n_bytes;
  char *workspace;
  g_autofree char *allocated = NULL;
  Machine machine = { .code = code, .native = self->native, .block = self->block,
                      .cancellable = self->cancellable };

  machine.register_size = (machine.block * code->width + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
  n_bytes = machine.register_size * code->n_registers + ALIGNMENT;
  if (n_bytes + n_pointers <= MAX_ON_STACK)
    workspace = g_alloca (n_bytes + n_pointers);
  else
    workspace = allocated = g_malloc (n_bytes + n_pointers);

  machine.pointers = (char **) (gpointer) workspace;
  machine.filled = (const char **) (gpointer) (machine.pointers + n_values);
  machine.registers = workspace + n_pointers;
  machine.registers += ALIGNMENT - (guintptr) machine.registers % ALIGNMENT;

  tg_loop_run_part (self->ndim, self->shape, code->loop.n_operands, self->data, self->strides,
                    begin, MIN (begin + self->n_together, self->n_elements), run_row, &machine);
  if (machine.is_cancelled)
    g_atomic_int_set (&self->is_cancelled, TRUE);
}

/* Elements do not know of each other, so any number of chunks computes the same.  They are whole
 * blocks, and worth waking a thread for. */
static guint
choose_chunks (Run                *self,
               const TgRunOptions *options)
{
  gsize n_worth_it = MIN_WORK / self->code->loop.steps->len;
  guint n_threads = tg_cpu_pool_get_n_threads (options);

  if (n_threads > 1)
    self->n_together = MAX (self->n_elements / (n_threads * TG_CPU_CHUNKS_PER_THREAD), n_worth_it)
                       / MAX_BLOCK * MAX_BLOCK + MAX_BLOCK;

  return (guint) ((self->n_elements - 1) / self->n_together + 1);
}

/* What ends in a reduction, over a part of the elements: accumulators do know of each other. */
static gboolean
run_some (const TgCpuPart  *part,
          gpointer          user_data,
          GError          **error)
{
  const Run *self = user_data;
  guint n_operands = self->code->loop.n_operands;
  char *data[TG_LOOP_MAX_OPERANDS];
  Run run = *self;

  for (guint k = 0; k < n_operands; k++)
    data[k] = self->data[k] + (part->begin > 0 ? part->begin * self->strides[k][part->axis] : 0);

  if (part->accumulators != NULL)
    data[self->code->fold->operand] = part->accumulators;

  run.shape = part->shape;
  run.data = data;
  run.n_together = run.n_elements = G_MAXSIZE;
  run_chunk (0, &run);

  return !g_atomic_int_get (&run.is_cancelled) || tg_run_options_fail (error);
}

static gboolean
run_fold (Run                 *self,
          const TgRunOptions  *options,
          GError             **error)
{
  const TgCpuFold *fold = self->code->fold;
  gboolean chosen[TG_MAX_NDIM];
  gint64 reaches[TG_MAX_NDIM] = { 0, };
  TgCpuReduction reduction = {
    .ndim = self->ndim, .shape = self->shape, .reaches = reaches, .chosen = chosen,
    .n_steps = self->code->loop.steps->len, .dtype = fold->dtype,
    .accumulators = self->data[fold->operand], .combine = fold->combine,
  };

  for (guint i = 0; i < self->ndim; i++)
    {
      chosen[i] = self->strides[fold->operand][i] == 0;
      for (guint k = 0; k < self->code->loop.n_operands; k++)
        reaches[i] += ABS (self->strides[k][i]);
    }

  return tg_cpu_reduction_run (&reduction, run_some, self, options, error);
}

gboolean
tg_cpu_code_run (TgCpuCode           *self,
                 guint                ndim,
                 const gint64        *shape,
                 char *const         *data,
                 const gint64 *const *strides,
                 const TgRunOptions  *options,
                 GError             **error)
{
  Run run = { .code = self, .ndim = ndim, .shape = shape, .data = data, .strides = strides,
              .cancellable = options->cancellable };

  if (!tg_shape_get_n_elements (shape, ndim, 1, &run.n_elements, NULL) || run.n_elements == 0)
    return TRUE;

  run.native = tg_cpu_code_get_native (self, run.n_elements);
  run.block = choose_block (self, run.n_elements);
  run.n_together = run.n_elements;
  if (self->fold != NULL)
    return run_fold (&run, options, error);

  if (run.n_elements * self->loop.steps->len < 2 * MIN_WORK)
    {
      run_chunk (0, &run);
      return TRUE;
    }

  return (tg_cpu_pool_run (choose_chunks (&run, options), run_chunk, &run, options)
          && !g_atomic_int_get (&run.is_cancelled)) || tg_run_options_fail (error);
}
