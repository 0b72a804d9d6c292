/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tg-contraction-private.h"
#include "tg-error.h"

/* Elementwise operators, reductions and contractions: the forms that compute in a loop. */

TgTensor *
tg_reference_run_elementwise (TgVariable       *variable,
                              TgTensor *const  *inputs,
                              GError          **error)
{
  g_autoptr (TgTensor) result = NULL;
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_OP_MAX_INPUTS][TG_MAX_NDIM];
  char *data[TG_OP_MAX_INPUTS + 1];
  const gint64 *all_strides[TG_OP_MAX_INPUTS + 1];
  guint ndim;

  if (!tg_reference_broadcast (variable, inputs, shape, &ndim, error))
    return NULL;

  result = tg_tensor_new_uninitialised (tg_dtype_widen (variable->type->dtype), shape, ndim, error);
  if (result == NULL)
    return NULL;

  data[0] = result->data;
  all_strides[0] = result->strides;
  for (guint k = 0; k < variable->n_inputs; k++)
    {
      tg_shape_broadcast_strides (inputs[k]->shape, inputs[k]->strides, inputs[k]->ndim, ndim,
                                  strides[k]);
      data[k + 1] = inputs[k]->data;
      all_strides[k + 1] = strides[k];
    }

  tg_loop_run (ndim, shape, variable->n_inputs + 1, data, all_strides,
               tg_reference_get_kernel (variable)->loop, NULL);

  return g_steal_pointer (&result);
}

/* What a reduction of `x` goes along, and how. */
typedef struct
{
  const TgReferenceKernel *kernel;
  TgReferenceReduceFunc    run;
  gpointer                 user_data;
  TgTensor                *x;
  gboolean                 chosen[TG_MAX_NDIM];
  gint64                   kept_shape[TG_MAX_NDIM]; /* of x, but size 1 along the chosen axes */
  gint64                   shape[TG_MAX_NDIM];      /* of the result */
  gsize                    n_folded;                /* elements that make one of the result */
} Reduction;

static gboolean
begin_reduction (Reduction   *self,
                 TgVariable  *variable,
                 TgTensor    *x,
                 GError     **error)
{
  gboolean keepdims = tg_variable_find_bool (variable, "keepdims");
  gboolean is_empty = FALSE;
  guint ndim = 0;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, self->chosen);
  self->x = x;
  self->n_folded = 1;
  for (guint i = 0; i < x->ndim; i++)
    {
      if (self->chosen[i])
        self->n_folded *= (gsize) x->shape[i];
      else
        is_empty = is_empty || x->shape[i] == 0;

      self->kept_shape[i] = self->chosen[i] ? 1 : x->shape[i];
      if (keepdims || !self->chosen[i])
        self->shape[ndim++] = self->kept_shape[i];
    }

  if (variable->op->init == NULL && self->n_folded == 0 && !is_empty)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_EMPTY,
                           "there is no element to choose from");
      return FALSE;
    }

  return TRUE;
}

/* What the accumulators begin with: `init` or else the first elements, which are then folded again,
 * as the largest of two equal numbers may be. */
static TgTensor *
make_accumulators (const Reduction  *self,
                   const char       *init,
                   GError          **error)
{
  TgDType dtype = self->kernel->accumulator;
  g_autoptr (TgTensor) value = NULL;

  if (init != NULL)
    {
      value = tg_tensor_new_double (g_ascii_strtod (init, NULL));
      return tg_reference_fill (dtype, self->kept_shape, self->x->ndim, value, error);
    }

  value = tg_tensor_new_view (self->x, self->x->ndim, self->kept_shape, self->x->strides,
                              self->x->data);

  return tg_tensor_copy (value, dtype, error);
}

/* From accumulators to the result. */
static TgTensor *
finish_fold (const Reduction  *self,
             TgVariable       *variable,
             TgTensor         *accumulators,
             TgTensor         *center,
             GError          **error)
{
  TgDType dtype = tg_dtype_widen (variable->type->dtype);
  gint64 result_stride = (gint64) tg_dtype_get_size (dtype);
  gint64 accumulator_stride = (gint64) tg_dtype_get_size (self->kernel->accumulator);
  TgTensor *result = tg_tensor_new_uninitialised (dtype, self->shape, variable->type->ndim, error);
  gint64 n_elements;

  if (result == NULL)
    return NULL;

  n_elements = (gint64) result->n_elements;
  tg_loop_run (1, &n_elements, center != NULL ? 3 : 2,
               (char *[]) { result->data, accumulators->data,
                            center != NULL ? center->data : NULL },
               (const gint64 *[]) { &result_stride, &accumulator_stride, &accumulator_stride },
               self->kernel->finish, (gpointer) &self->n_folded);

  return result;
}

static TgTensor *
run_fold (const Reduction  *self,
          TgVariable       *variable,
          GError          **error)
{
  TgTensor *x = self->x;
  gint64 strides[TG_MAX_NDIM];
  g_autoptr (TgTensor) accumulators = make_accumulators (self, variable->op->init, error);
  g_autoptr (TgTensor) center = NULL;
  TgReferenceReduction reduction = {
    .op = variable->op, .kernel = self->kernel, .dtype = x->dtype, .ndim = x->ndim,
    .shape = x->shape, .chosen = self->chosen, .strides = { strides, x->strides, strides },
  };

  if (accumulators == NULL)
    return NULL;

  if (self->kernel->center != NULL)
    {
      center = make_accumulators (self, "-inf", error);
      if (center == NULL)
        return NULL;
    }

  for (guint i = 0; i < x->ndim; i++)
    strides[i] = self->chosen[i] ? 0 : accumulators->strides[i];

  reduction.data[0] = accumulators->data;
  reduction.data[1] = x->data;
  reduction.data[2] = center != NULL ? center->data : NULL;

  return self->run (&reduction, self->user_data, error)
           ? finish_fold (self, variable, accumulators, center, error) : NULL;
}

/* Positions along one axis, or in row-major order along all. */
static TgTensor *
run_select (const Reduction  *self,
            TgVariable       *variable,
            GError          **error)
{
  TgTensor *x = self->x;
  g_autoptr (TgTensor) flat = NULL;
  g_autoptr (TgTensor) result = NULL;
  gint64 shape[TG_MAX_NDIM], strides[TG_MAX_NDIM], x_strides[TG_MAX_NDIM];
  const gboolean chosen[TG_MAX_NDIM] = { FALSE, };
  gboolean along_all = TRUE;
  TgReferenceReduction reduction = {
    .op = variable->op, .kernel = self->kernel, .axis = { 1, 0 }, .dtype = x->dtype,
    .shape = shape, .chosen = chosen, .strides = { strides, x_strides, NULL },
  };

  for (guint i = 0; i < x->ndim; i++)
    along_all = along_all && self->chosen[i];

  if (along_all)
    {
      flat = tg_tensor_reshape (x, (const gint64[]) { -1 }, 1, error);
      if (flat == NULL)
        return NULL;

      reduction.axis = (TgReferenceAxis) { flat->shape[0], flat->strides[0] };
      x = flat;
    }

  for (guint i = 0; i < x->ndim && !along_all; i++)
    {
      if (self->chosen[i])
        reduction.axis = (TgReferenceAxis) { x->shape[i], x->strides[i] };
      else
        {
          shape[reduction.ndim] = x->shape[i];
          x_strides[reduction.ndim++] = x->strides[i];
        }
    }

  result = tg_tensor_new_uninitialised (TG_DTYPE_INT64, self->shape, variable->type->ndim, error);
  if (result == NULL)
    return NULL;

  tg_shape_get_strides (shape, reduction.ndim, sizeof (gint64), strides);
  reduction.data[0] = result->data;
  reduction.data[1] = x->data;

  return self->run (&reduction, self->user_data, error) ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_reduce_with (TgVariable               *variable,
                          TgTensor                 *x,
                          const TgReferenceKernel  *kernel,
                          TgReferenceReduceFunc     run,
                          gpointer                  user_data,
                          GError                  **error)
{
  Reduction reduction = { .kernel = kernel, .run = run, .user_data = user_data };

  if (!begin_reduction (&reduction, variable, x, error))
    return NULL;

  return variable->op->select != NULL ? run_select (&reduction, variable, error)
                                      : run_fold (&reduction, variable, error);
}

static gboolean
run_passes (const TgReferenceReduction  *reduction,
            gpointer                     user_data G_GNUC_UNUSED,
            GError                     **error G_GNUC_UNUSED)
{
  const TgReferenceKernel *kernel = reduction->kernel;
  gboolean is_centered = kernel->center != NULL;

  if (is_centered)
    tg_loop_run (reduction->ndim, reduction->shape, 2,
                 (char *[]) { reduction->data[2], reduction->data[1] },
                 (const gint64 *[]) { reduction->strides[2], reduction->strides[1] },
                 kernel->center, NULL);

  tg_loop_run (reduction->ndim, reduction->shape, is_centered ? 3 : 2, reduction->data,
               reduction->strides, kernel->loop, (gpointer) &reduction->axis);

  return TRUE;
}

TgTensor *
tg_reference_run_reduce (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  return tg_reference_reduce_with (variable, inputs[0], tg_reference_get_kernel (variable),
                                   run_passes, NULL, error);
}

/* For each letter how far a step along it goes in a tensor; dimensions of size 1 are repeated. */
static void
spread_strides (const TgContraction *contraction,
                guint                term,
                TgTensor            *tensor,
                gint64              *strides)
{
  for (guint i = 0; i < contraction->n_letters; i++)
    strides[i] = 0;

  for (guint i = 0; i < tensor->ndim; i++)
    {
      if (tensor->shape[i] != 1)
        strides[contraction->letters[term][i]] = tensor->strides[i];
    }
}

TgTensor *
tg_reference_run_contract (TgVariable       *variable,
                           TgTensor *const  *inputs,
                           GError          **error)
{
  const TgReferenceKernel *kernel = tg_reference_get_kernel (variable);
  const TgContraction *contraction = tg_variable_get_contraction (variable);
  g_autoptr (TgTensor) sums = NULL;
  gint64 strides[3][TG_MAX_NDIM];
  gint64 sizes[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];

  if (!tg_contraction_sizes (contraction, inputs[0]->shape, inputs[1]->shape, sizes, error))
    return NULL;

  for (guint i = 0; i < contraction->ndim[2]; i++)
    shape[i] = sizes[contraction->letters[2][i]];

  sums = tg_tensor_new_zeros (kernel->accumulator, shape, contraction->ndim[2], error);
  if (sums == NULL)
    return NULL;

  spread_strides (contraction, 0, inputs[0], strides[1]);
  spread_strides (contraction, 1, inputs[1], strides[2]);
  spread_strides (contraction, 2, sums, strides[0]);
  tg_loop_run (contraction->n_letters, sizes, 3,
               (char *[]) { sums->data, inputs[0]->data, inputs[1]->data },
               (const gint64 *[]) { strides[0], strides[1], strides[2] }, kernel->loop, NULL);

  return tg_tensor_astype (sums, variable->type->dtype, error);
}
