/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-cpu-division-private.h"
#include "tg-cpu-kernels-private.h"
#include "tg-cpu-passes-private.h"

/* Elements of a chunk: some 20 microseconds; and of positions whose elements follow each other, at
 * least so many. */
#define MIN_WORK (32 * 1024)
#define MIN_COLUMNS 512

/* Elements after which it is time to see whether the call is cancelled. */
#define PATIENCE (256 * 1024)

static gboolean
run_folds (const TgReferenceReduction  *reduction,
           gpointer                     options,
           GError                     **error)
{
  const TgReferenceKernel *kernel = reduction->kernel;
  const TgCpuPass center = {
    .loop = kernel->center, .n_operands = 2, .operands = { 2, 0 },
    .combine = tg_cpu_get_kernel (tg_op_info_get_id (reduction->op), kernel->accumulator)->center,
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ }, .takes_rows = TRUE,
  };
  const TgCpuPass fold = {
    .loop = kernel->loop, .n_operands = kernel->center != NULL ? 3 : 2, .operands = { 1, 0, 2 },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ, TG_CPU_KNOW },
    .combine = tg_cpu_fold_get_combination (reduction->op, kernel->accumulator),
    .takes_rows = kernel->center == NULL,
    .has_rest = tg_cpu_fold_has_rest (reduction->op, reduction->dtype),
  };
  TgCpuPasses passes = {
    .ndim = reduction->ndim, .shape = reduction->shape, .chosen = reduction->chosen,
    .n_operands = fold.n_operands,
    .operands = { { reduction->dtype, reduction->data[1], reduction->strides[1] },
                  { kernel->accumulator, reduction->data[0], reduction->strides[0] },
                  { kernel->accumulator, reduction->data[2], reduction->strides[2] } },
  };

  if (kernel->center != NULL)
    passes.passes[passes.n_passes++] = center;
  passes.passes[passes.n_passes++] = fold;

  return tg_cpu_passes_run (&passes, options, error);
}

/* Walks along the axis, at all positions, of which each thread takes some; or where there are few,
 * along parts of the axis. */
typedef struct
{
  const TgReferenceReduction *reduction;
  const TgRunOptions         *options;
  gsize                       n_positions;
  guint                       n_chunks;
  gint64                     *found;        /* for each part of the axis the positions, or NULL */
  int                         is_cancelled; /* atomic */
} Selection;

/* A chunk on its way. */
typedef struct
{
  Selection       *selection;
  TgReferenceAxis  axis;
} Walk;

static void
walk (gsize         count,
      char        **data,
      const gint64 *strides,
      gpointer      user_data)
{
  const Walk *self = user_data;
  Selection *selection = self->selection;
  gsize step = MAX (PATIENCE / (gsize) self->axis.size, 64);

  for (gsize done = 0; done < count && !g_atomic_int_get (&selection->is_cancelled); done += step)
    {
      char *operands[] = { data[0] + (gint64) done * strides[0],
                           data[1] + (gint64) done * strides[1] };

      selection->reduction->kernel->loop (MIN (step, count - done), operands, strides,
                                          (gpointer) &self->axis);
      if (g_cancellable_is_cancelled (selection->options->cancellable))
        g_atomic_int_set (&selection->is_cancelled, TRUE);
    }
}

static void
run_chunk (guint    chunk,
           gpointer user_data)
{
  Selection *self = user_data;
  const TgReferenceReduction *reduction = self->reduction;
  char *data[] = { reduction->data[0], reduction->data[1] };
  gsize begin = 0, end = self->n_positions;
  Walk state = { self, reduction->axis };

  if (self->found != NULL)
    {
      gint64 first = tg_cpu_find_begin (reduction->axis.size, self->n_chunks, chunk);

      state.axis.size = tg_cpu_find_begin (reduction->axis.size, self->n_chunks, chunk + 1) - first;
      data[0] = (char *) &self->found[chunk * self->n_positions];
      data[1] += first * reduction->axis.stride;
    }
  else
    {
      begin = (gsize) tg_cpu_find_begin ((gint64) end, self->n_chunks, chunk);
      end = (gsize) tg_cpu_find_begin ((gint64) end, self->n_chunks, chunk + 1);
    }

  tg_loop_run_part (reduction->ndim, reduction->shape, 2, data, reduction->strides, begin, end,
                    walk, &state);
}

/* The first of the best of what parts of the axis have found. */
static void
choose_among_parts (gsize         count,
                    char        **data,
                    const gint64 *strides,
                    gpointer      user_data)
{
  const Selection *self = user_data;
  const TgReferenceReduction *reduction = self->reduction;
  gint64 size = (gint64) tg_dtype_get_size (reduction->dtype);
  TgReferenceAxis parts = { self->n_chunks, size };
  g_autofree char *elements = g_malloc (self->n_chunks * (gsize) size);

  for (gsize i = 0; i < count; i++)
    {
      char *operands[] = { data[0] + (gint64) i * strides[0], elements };
      gsize place = (gsize) (operands[0] - reduction->data[0]) / sizeof (gint64);
      gint64 *position = (gint64 *) (gpointer) operands[0];

      for (guint k = 0; k < self->n_chunks; k++)
        {
          gint64 *found = &self->found[k * self->n_positions + place];

          *found += tg_cpu_find_begin (reduction->axis.size, self->n_chunks, k);
          memcpy (elements + k * (gsize) size,
                  data[1] + (gint64) i * strides[1] + *found * reduction->axis.stride,
                  (gsize) size);
        }

      reduction->kernel->loop (1, operands, strides, &parts);
      *position = self->found[(gsize) *position * self->n_positions + place];
    }
}

static gboolean
run_select (const TgReferenceReduction  *reduction,
            gpointer                     options,
            GError                     **error)
{
  gboolean is_row = reduction->axis.stride == (gint64) tg_dtype_get_size (reduction->dtype);
  guint n_threads = tg_cpu_pool_get_n_threads (options);
  Selection self = { .reduction = reduction, .options = options, .n_chunks = 1 };
  g_autofree gint64 *found = NULL;
  gsize n_worth_it, n_positions;

  if (!tg_shape_get_n_elements (reduction->shape, reduction->ndim, 1, &self.n_positions, error))
    return FALSE;

  n_positions = self.n_positions / (is_row ? 1 : MIN_COLUMNS);
  n_worth_it = self.n_positions * (gsize) reduction->axis.size / MIN_WORK;
  n_worth_it = MIN (n_worth_it, n_threads * TG_CPU_CHUNKS_PER_THREAD);
  if (n_threads > 1 && n_worth_it > 1)
    {
      gboolean is_cut = n_positions < n_threads;

      self.n_chunks = (guint) MIN (n_worth_it, is_cut ? (gsize) reduction->axis.size : n_positions);
      if (is_cut)
        self.found = found = g_new (gint64, self.n_chunks * self.n_positions);
    }

  if (!tg_cpu_pool_run (self.n_chunks, run_chunk, &self, options)
      || g_atomic_int_get (&self.is_cancelled))
    return tg_run_options_fail (error);

  if (found != NULL)
    tg_loop_run (reduction->ndim, reduction->shape, 2, reduction->data, reduction->strides,
                 choose_among_parts, &self);

  return TRUE;
}

/* Sums along the axes that a shape does not have, or has once. */
static TgTensor *
run_sum_to (TgVariable          *variable,
            TgTensor *const     *inputs,
            const TgRunOptions  *options,
            GError             **error)
{
  TgDType dtype = tg_dtype_widen (tg_dtype_of_sum (variable->compute));
  const TgReferenceKernel *kernel = tg_cpu_get_kernel (TG_OP_SUM, dtype);
  const gint64 *shape = tg_reference_get_integers (inputs[1]);
  guint ndim = (guint) inputs[1]->n_elements;
  g_autoptr (TgTensor) x = tg_tensor_astype (inputs[0], dtype, error);
  g_autoptr (TgTensor) sums = NULL;
  g_autoptr (TgTensor) repeated = NULL;
  gboolean chosen[TG_MAX_NDIM];

  if (x == NULL)
    return NULL;

  if (!tg_shape_equal (x->shape, x->ndim, shape, ndim))
    {
      sums = tg_tensor_new_zeros (kernel->accumulator, shape, ndim, NULL);
      repeated = sums != NULL ? tg_tensor_broadcast_to (sums, x->shape, x->ndim, NULL) : NULL;
    }
  if (repeated == NULL)
    return tg_reference_run_sum_to (variable, inputs, error);

  for (guint i = 0; i < x->ndim; i++)
    chosen[i] = x->shape[i] != 1 && repeated->strides[i] == 0;

  return run_folds (&(TgReferenceReduction) {
                      .op = &tg_ops[TG_OP_SUM], .kernel = kernel, .dtype = dtype, .ndim = x->ndim,
                      .shape = x->shape, .chosen = chosen, .data = { repeated->data, x->data },
                      .strides = { repeated->strides, x->strides },
                    }, (gpointer) options, error)
           ? tg_tensor_astype (sums, variable->type->dtype, error) : NULL;
}

TgTensor *
tg_cpu_run_reduce (TgVariable          *variable,
                   TgTensor *const     *inputs,
                   const TgRunOptions  *options,
                   GError             **error)
{
  if (variable->op == &tg_ops[TG_OP_SUM_TO])
    return run_sum_to (variable, inputs, options, error);

  return tg_reference_reduce_with (
    variable, inputs[0], tg_cpu_get_kernel (tg_op_info_get_id (variable->op), variable->compute),
    variable->op->select != NULL ? run_select : run_folds, (gpointer) options, error);
}
