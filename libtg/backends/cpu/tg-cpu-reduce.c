/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-passes-private.h"

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
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ },
  };
  const TgCpuPass fold = {
    .loop = kernel->loop, .n_operands = kernel->center != NULL ? 3 : 2, .operands = { 1, 0, 2 },
    .roles = { TG_CPU_ACCUMULATE, TG_CPU_READ, TG_CPU_KNOW },
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

/* A walk along the axis at so many positions at a time. */
typedef struct
{
  const TgReferenceReduction *reduction;
  const TgRunOptions         *options;
  gboolean                    is_cancelled;
} Selection;

static void
run_selection (gsize         count,
               char        **data,
               const gint64 *strides,
               gpointer      user_data)
{
  Selection *self = user_data;
  const TgReferenceAxis *axis = &self->reduction->axis;
  gsize step = MAX (PATIENCE / (gsize) axis->size, 64);

  for (gsize done = 0; done < count && !self->is_cancelled; done += step)
    {
      char *operands[] = { data[0] + (gint64) done * strides[0],
                           data[1] + (gint64) done * strides[1] };

      self->reduction->kernel->loop (MIN (step, count - done), operands, strides, (gpointer) axis);
      self->is_cancelled = g_cancellable_is_cancelled (self->options->cancellable);
    }
}

static gboolean
run_select (const TgReferenceReduction  *reduction,
            gpointer                     options,
            GError                     **error)
{
  Selection self = { reduction, options, FALSE };

  tg_loop_run (reduction->ndim, reduction->shape, 2, reduction->data, reduction->strides,
               run_selection, &self);

  return !self.is_cancelled || tg_run_options_fail (error);
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
