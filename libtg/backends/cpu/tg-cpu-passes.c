/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-passes-private.h"

#include "tg-cpu-code-private.h"
#include "tg-cpu-division-private.h"
#include "tg-cpu-kernels-private.h"
#include "tg-reference-private.h"

/* Elements that do not follow each other are brought together so many at a time. */
#define BLOCK 512

/* The largest element. */
#define MAX_SIZE 16

/* Elements after which it is time to see whether the call is cancelled. */
#define PATIENCE (256 * 1024)

/* Steps of a pass that is not alone: most compute powers. */
#define STEPS 3

/* Columns whose accumulators stay in the cache while rows are folded into them. */
#define COLUMNS (16 * 1024)

/* Bytes of operand 0 that stay in the cache with what belongs to them; and of an axis along which
 * elements follow each other, how many are worth a pass, and the bytes that these may have. */
#define PART (256 * 1024)
#define MIN_RUN 512
#define MAX_PART (4 * PART)

typedef struct
{
  const TgCpuPasses *passes;
  const TgCpuPass   *pass;
  GCancellable      *cancellable;
  gboolean           is_cancelled;
  gsize              work;         /* since that was last seen */
  double             rest;         /* what the sum of a row has lost */
  TgCpuOperand       operands[TG_CPU_MAX_PASS_OPERANDS];
  gint64             strides[TG_MAX_NDIM]; /* of what stays in the cache */
} Run;

static gboolean
is_cancelled (Run   *self,
              gsize  n)
{
  self->work += n;
  if (self->work > PATIENCE)
    {
      self->work = 0;
      self->is_cancelled = g_cancellable_is_cancelled (self->cancellable);
    }

  return self->is_cancelled;
}

static gint64
get_size (const Run *self,
          guint      k)
{
  return (gint64) tg_dtype_get_size (self->operands[self->pass->operands[k]].dtype);
}

static gboolean
may_stay (TgCpuRole role)
{
  return role == TG_CPU_KNOW || role == TG_CPU_ACCUMULATE;
}

/* The loop, of so many elements that follow each other. */
static void
run_loop (Run           *self,
          gsize          n,
          char         **operands,
          const gint64  *strides)
{
  if (self->pass->has_rest)
    operands[self->pass->n_operands] = strides[0] == 0 ? (char *) &self->rest : NULL;
  self->pass->loop (n, operands, strides, NULL);
}

/* The same, where some elements are elsewhere while it runs. */
static void
run_gathered (Run           *self,
              gsize          n,
              char         **data,
              const gint64  *strides)
{
  const TgCpuPass *pass = self->pass;
  char elements[TG_CPU_MAX_PASS_OPERANDS][BLOCK * MAX_SIZE];
  char *operands[TG_CPU_MAX_PASS_OPERANDS] = { NULL, };
  gint64 steps[TG_CPU_MAX_PASS_OPERANDS];

  for (guint k = 0; k < pass->n_operands; k++)
    {
      gint64 size = get_size (self, k);
      gboolean stays = strides[k] == 0 && may_stay (pass->roles[k]);

      steps[k] = stays ? 0 : size;
      operands[k] = stays || strides[k] == size ? data[k] : elements[k];
      if (operands[k] != data[k] && pass->roles[k] != TG_CPU_WRITE)
        tg_cpu_move (operands[k], size, data[k], strides[k], (gsize) size, n);
    }

  run_loop (self, n, operands, steps);

  for (guint k = 0; k < pass->n_operands; k++)
    {
      gint64 size = get_size (self, k);

      if (operands[k] == elements[k]
          && (pass->roles[k] == TG_CPU_WRITE || pass->roles[k] == TG_CPU_ACCUMULATE))
        tg_cpu_move (data[k], strides[k], operands[k], size, (gsize) size, n);
    }
}

/* Whether the loop can take the operands as they lie in memory. */
static gboolean
is_dense (const Run    *self,
          const gint64 *strides)
{
  const TgCpuPass *pass = self->pass;

  for (guint k = 0; k < pass->n_operands; k++)
    {
      if (strides[k] != get_size (self, k) && (strides[k] != 0 || !may_stay (pass->roles[k])))
        return FALSE;
    }

  return TRUE;
}

static void
run_row (Run           *self,
         gsize          count,
         char         **data,
         const gint64  *strides)
{
  const TgCpuPass *pass = self->pass;
  gboolean lies_well = is_dense (self, strides);
  gsize step = lies_well ? PATIENCE : BLOCK;

  self->rest = 0;
  for (gsize done = 0; done < count && !is_cancelled (self, MIN (step, count)); done += step)
    {
      gsize n = MIN (step, count - done);

      if (lies_well)
        {
          char *operands[TG_CPU_MAX_PASS_OPERANDS] = { NULL, };

          memcpy (operands, data, pass->n_operands * sizeof (char *));
          run_loop (self, n, operands, strides);
        }
      else
        run_gathered (self, n, data, strides);

      for (guint k = 0; k < pass->n_operands; k++)
        data[k] += (gint64) n * strides[k];
    }

  if (pass->has_rest && strides[0] == 0)
    tg_cpu_fold_add_rest (data[0], self->rest);
}

/* All rows, of accumulators that do not move from one row to the next. */
static void
run_rows (Run           *self,
          gsize          n,
          gsize          n_rows,
          char         **data,
          const gint64  *strides,
          gint64         row_stride)
{
  for (gsize column = 0; column < n; column += COLUMNS)
    {
      gsize n_columns = MIN (COLUMNS, n - column);
      gsize step = MAX (PATIENCE / n_columns, 1);

      for (gsize row = 0; row < n_rows && !is_cancelled (self, n_columns * step); row += step)
        {
          TgReferenceAxis rows = { (gint64) MIN (step, n_rows - row), row_stride };
          char *operands[] = { data[0] + (gint64) column * strides[0],
                               data[1] + (gint64) column * strides[1] + (gint64) row * row_stride,
                               NULL };

          self->pass->loop (n_columns, operands, strides, &rows);
        }
    }
}

static void
run_plane (gsize         n,
           gsize         n_rows,
           char        **data,
           const gint64 *strides,
           const gint64 *row_strides,
           gpointer      user_data)
{
  Run *self = user_data;

  if (self->pass->takes_rows && strides[0] != 0 && row_strides[0] == 0 && is_dense (self, strides))
    {
      run_rows (self, n, n_rows, data, strides, row_strides[1]);
      return;
    }

  for (gsize row = 0; row < n_rows && !self->is_cancelled; row++)
    {
      char *operands[TG_CPU_MAX_PASS_OPERANDS];

      for (guint k = 0; k < self->pass->n_operands; k++)
        operands[k] = data[k] + (gint64) row * row_strides[k];
      run_row (self, n, operands, strides);
    }
}

/* All passes over a part of the elements. */
static void
run_part (Run           *self,
          const gint64  *shape,
          char *const   *data)
{
  const TgCpuPasses *passes = self->passes;
  gint64 kept_shape[TG_MAX_NDIM];

  for (guint i = 0; i < passes->ndim; i++)
    kept_shape[i] = passes->chosen[i] ? MIN (shape[i], 1) : shape[i];

  for (guint i = 0; i < passes->n_passes && !self->is_cancelled; i++)
    {
      const TgCpuPass *pass = &passes->passes[i];
      char *operands[TG_CPU_MAX_PASS_OPERANDS];
      const gint64 *strides[TG_CPU_MAX_PASS_OPERANDS];

      for (guint k = 0; k < pass->n_operands; k++)
        {
          operands[k] = data[pass->operands[k]];
          strides[k] = self->operands[pass->operands[k]].strides;
        }

      self->pass = pass;
      tg_loop_run_planes (passes->ndim, pass->is_over_kept ? kept_shape : shape,
                          pass->n_operands, operands, strides, run_plane, self);
    }
}

/* How many parts of each axis are taken one after the other: those that are folded stay whole, and
 * of the others, from the one with the largest steps on, parts are as large as there is room for.
 * None is of size 1, for then another axis might be the innermost. */
static void
choose_parts (const TgCpuPasses *self,
              gint64            *n_parts)
{
  const TgCpuOperand *first = &self->operands[0];
  gint64 size = (gint64) tg_dtype_get_size (first->dtype), n_bytes = size;
  gboolean is_divided[TG_MAX_NDIM] = { FALSE, };

  for (guint i = 0; i < self->ndim; i++)
    {
      n_parts[i] = 1;
      n_bytes *= self->shape[i];
    }

  while (self->n_passes > 1 && n_bytes > PART)
    {
      guint axis = self->ndim;
      gint64 rest, part;

      for (guint i = 0; i < self->ndim; i++)
        {
          if (!self->chosen[i] && !is_divided[i]
              && (axis == self->ndim || ABS (first->strides[i]) > ABS (first->strides[axis])))
            axis = i;
        }

      if (axis == self->ndim)
        return;

      rest = n_bytes / self->shape[axis];
      is_divided[axis] = TRUE;
      part = MAX (PART / rest, first->strides[axis] != size ? 2 : MIN_RUN);
      if (first->strides[axis] != size || rest <= MAX_PART / MIN_RUN)
        n_parts[axis] = MAX (self->shape[axis] / part, 1);
      n_bytes = rest * (self->shape[axis] / n_parts[axis]);
    }
}

/* Row-major strides, where axes are in the order of the memory of operand 0. */
static gint64
find_strides (const TgCpuPasses *self,
              const gint64      *shape,
              gint64            *strides)
{
  const gint64 *order = self->operands[0].strides;
  gboolean is_placed[TG_MAX_NDIM] = { FALSE, };
  gint64 n_elements = 1;

  for (guint placed = 0; placed < self->ndim; placed++)
    {
      guint axis = self->ndim;

      for (guint i = self->ndim; i-- > 0;)
        {
          if (!is_placed[i] && (axis == self->ndim || ABS (order[i]) < ABS (order[axis])))
            axis = i;
        }

      is_placed[axis] = TRUE;
      strides[axis] = n_elements;
      n_elements *= shape[axis];
    }

  return n_elements;
}

/* Memory for what stays in the cache of the largest part. */
static gboolean
make_room (Run           *self,
           const gint64  *n_parts,
           TgTensor     **room,
           GError       **error)
{
  gint64 shape[TG_MAX_NDIM];

  for (guint i = 0; i < self->passes->ndim; i++)
    shape[i] = (self->passes->shape[i] - 1) / n_parts[i] + 1;

  for (guint k = 0; k < self->passes->n_operands; k++)
    {
      TgCpuOperand *operand = &self->operands[k];
      gint64 n_elements;

      if (operand->strides != NULL)
        continue;

      n_elements = find_strides (self->passes, shape, self->strides);
      *room = tg_tensor_new_uninitialised (operand->dtype, &n_elements, 1, error);
      if (*room == NULL)
        return FALSE;

      for (guint i = 0; i < self->passes->ndim; i++)
        self->strides[i] *= (*room)->strides[0];
      operand->data = (*room)->data;
      operand->strides = self->strides;
    }

  return TRUE;
}

static gboolean
run_passes (const TgCpuPasses   *self,
            GCancellable        *cancellable,
            GError             **error)
{
  Run run = { .passes = self, .cancellable = cancellable };
  g_autoptr (TgTensor) room = NULL;
  gint64 n_parts[TG_MAX_NDIM], part[TG_MAX_NDIM] = { 0, };
  guint axis;

  memcpy (run.operands, self->operands, sizeof run.operands);
  choose_parts (self, n_parts);
  if (!make_room (&run, n_parts, &room, error))
    return FALSE;

  do
    {
      gint64 begin[TG_MAX_NDIM], shape[TG_MAX_NDIM];
      char *data[TG_CPU_MAX_PASS_OPERANDS];

      for (guint i = 0; i < self->ndim; i++)
        {
          begin[i] = tg_cpu_find_begin (self->shape[i], n_parts[i], part[i]);
          shape[i] = tg_cpu_find_begin (self->shape[i], n_parts[i], part[i] + 1) - begin[i];
        }

      for (guint k = 0; k < self->n_operands; k++)
        {
          data[k] = run.operands[k].data;
          for (guint i = 0; i < self->ndim && self->operands[k].strides != NULL; i++)
            data[k] += begin[i] * run.operands[k].strides[i];
        }

      run_part (&run, shape, data);

      for (axis = self->ndim; axis > 0 && ++part[axis - 1] == n_parts[axis - 1]; axis--)
        part[axis - 1] = 0;
    }
  while (axis > 0 && !run.is_cancelled);

  return !run.is_cancelled || tg_run_options_fail (error);
}

/* Passes on their way, of which each thread takes parts. */
typedef struct
{
  const TgCpuPasses  *passes;
  const TgRunOptions *options;
} Division;

/* All of them over a part. */
static gboolean
run_some (const TgCpuPart  *part,
          gpointer          user_data,
          GError          **error)
{
  const Division *self = user_data;
  TgCpuPasses passes = *self->passes;

  passes.shape = part->shape;
  for (guint k = 0; k < passes.n_operands; k++)
    {
      if (passes.operands[k].strides != NULL && part->begin > 0)
        passes.operands[k].data += part->begin * passes.operands[k].strides[part->axis];
    }

  if (part->accumulators != NULL)
    passes.operands[passes.passes[0].operands[0]].data = part->accumulators;

  return run_passes (&passes, self->options->cancellable, error);
}

gboolean
tg_cpu_passes_run (const TgCpuPasses   *self,
                   const TgRunOptions  *options,
                   GError             **error)
{
  gint64 reaches[TG_MAX_NDIM];

  for (guint i = 0; i < self->ndim; i++)
    {
      if (self->shape[i] == 0)
        return TRUE;

      reaches[i] = ABS (self->operands[0].strides[i]);
    }

  /* Where accumulators are combined, all that one pass finds is there before the next. */
  for (guint first = 0, n; first < self->n_passes; first += n)
    {
      TgCpuPasses passes = *self;
      Division division = { &passes, options };
      const TgCpuOperand *accumulators = &self->operands[self->passes[first].operands[0]];
      TgCpuReduction reduction = {
        .ndim = self->ndim, .shape = self->shape, .reaches = reaches, .chosen = self->chosen,
        .n_steps = self->n_passes > 1 ? STEPS * self->n_passes : 1,
        .dtype = accumulators->dtype, .accumulators = accumulators->data,
        .combine = self->passes[first].combine,
      };

      n = tg_cpu_reduction_is_folded (&reduction) ? 1 : self->n_passes;
      passes.n_passes = n;
      memmove (passes.passes, &passes.passes[first], n * sizeof (TgCpuPass));
      if (!tg_cpu_reduction_run (&reduction, run_some, &division, options, error))
        return FALSE;
    }

  return TRUE;
}
