/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-form-private.h"

/* Operators that move elements.  Shapes and positions come as values, so what the graph could not
 * check is checked here. */

TgTensor *
tg_reference_run_reshape (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  return tg_tensor_reshape (inputs[0], tg_reference_get_integers (inputs[1]),
                            inputs[1]->n_elements, error);
}

TgTensor *
tg_reference_run_broadcast_to (TgVariable       *variable,
                               TgTensor *const  *inputs,
                               GError          **error)
{
  return tg_tensor_broadcast_to (inputs[0], tg_reference_get_integers (inputs[1]),
                                 inputs[1]->n_elements, error);
}

TgTensor *
tg_reference_run_sum_to (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  TgDType dtype = tg_dtype_widen (tg_dtype_of_sum (variable->compute));
  const TgReferenceKernel *kernel = &tg_reference_kernels[TG_OP_SUM][dtype];
  g_autoptr (TgTensor) x = tg_tensor_astype (inputs[0], dtype, error);
  const gint64 *shape = tg_reference_get_integers (inputs[1]);
  guint ndim = (guint) inputs[1]->n_elements;
  g_autoptr (TgTensor) sums = NULL;
  g_autoptr (TgTensor) repeated = NULL;

  if (x == NULL)
    return NULL;

  if (tg_shape_equal (x->shape, x->ndim, shape, ndim))
    return tg_tensor_ref (inputs[0]);

  sums = tg_tensor_new_zeros (kernel->accumulator, shape, ndim, error);
  if (sums == NULL)
    return NULL;

  repeated = tg_tensor_broadcast_to (sums, x->shape, x->ndim, NULL);
  if (repeated == NULL)
    {
      g_autofree char *to = tg_shape_to_string (shape, ndim);

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST, "x cannot be summed to %s", to);
      return NULL;
    }

  tg_loop_run (x->ndim, x->shape, 2, (char *[]) { repeated->data, x->data },
               (const gint64 *[]) { repeated->strides, x->strides }, kernel->loop, NULL);

  return tg_tensor_astype (sums, variable->type->dtype, error);
}

TgTensor *
tg_reference_run_permute_dims (TgVariable       *variable,
                               TgTensor *const  *inputs,
                               GError          **error)
{
  gsize n_axes;
  const gint64 *axes = tg_variable_find_ints (variable, "axes", &n_axes);

  return tg_tensor_permute_dims (inputs[0], axes, n_axes, error);
}

TgTensor *
tg_reference_run_expand_dims (TgVariable       *variable,
                              TgTensor *const  *inputs,
                              GError          **error)
{
  TgTensor *x = inputs[0];
  gboolean chosen[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  guint ndim = variable->type->ndim;
  guint axis = 0;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), ndim, chosen);
  for (guint i = 0; i < ndim; i++)
    {
      shape[i] = chosen[i] ? 1 : x->shape[axis];
      strides[i] = chosen[i] ? 0 : x->strides[axis++];
    }

  return tg_tensor_new_view (x, ndim, shape, strides, x->data);
}

TgTensor *
tg_reference_run_squeeze (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  TgTensor *x = inputs[0];
  gboolean chosen[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];
  gint64 strides[TG_MAX_NDIM];
  guint ndim = 0;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, chosen);
  for (guint i = 0; i < x->ndim; i++)
    {
      if (chosen[i] && x->shape[i] != 1)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "axis %u has size %" G_GINT64_FORMAT ", not 1", i, x->shape[i]);
          return NULL;
        }

      if (!chosen[i])
        {
          shape[ndim] = x->shape[i];
          strides[ndim++] = x->strides[i];
        }
    }

  return tg_tensor_new_view (x, ndim, shape, strides, x->data);
}

static gboolean
check_pieces (TgVariable       *variable,
              TgTensor *const  *pieces,
              gint64            axis,
              GError          **error)
{
  for (guint k = 1; k < variable->n_inputs; k++)
    {
      if (!tg_piece_fits (k, pieces[0]->shape, pieces[0]->ndim, pieces[k]->shape, pieces[k]->ndim,
                          axis, error))
        return FALSE;
    }

  return TRUE;
}

TgTensor *
tg_reference_run_concat (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  gint64 shape[TG_MAX_NDIM];
  g_autoptr (TgTensor) result = NULL;
  gint64 start = 0;

  if (!check_pieces (variable, inputs, axis, error))
    return NULL;

  for (guint i = 0; i < inputs[0]->ndim; i++)
    shape[i] = inputs[0]->shape[i];

  for (guint k = 1; k < variable->n_inputs; k++)
    shape[axis] += inputs[k]->shape[axis];

  result = tg_tensor_new_uninitialised (variable->compute, shape, inputs[0]->ndim, error);
  if (result == NULL)
    return NULL;

  for (guint k = 0; k < variable->n_inputs; k++)
    {
      gint64 stop = start + inputs[k]->shape[axis];
      g_autoptr (TgTensor) place = tg_tensor_slice (result, axis, start, stop, 1, NULL);

      tg_tensor_copy_elements (place, inputs[k]);
      start = stop;
    }

  return g_steal_pointer (&result);
}

TgTensor *
tg_reference_run_stack (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        GError          **error)
{
  guint axis = (guint) tg_variable_find_int (variable, "axis");
  guint ndim = variable->type->ndim;
  gint64 shape[TG_MAX_NDIM];
  g_autoptr (TgTensor) result = NULL;

  if (!check_pieces (variable, inputs, -1, error))
    return NULL;

  for (guint i = 0; i < ndim; i++)
    shape[i] = i == axis ? variable->n_inputs : inputs[0]->shape[i < axis ? i : i - 1];

  result = tg_tensor_new_uninitialised (variable->compute, shape, ndim, error);
  if (result == NULL)
    return NULL;

  for (guint k = 0; k < variable->n_inputs; k++)
    {
      g_autoptr (TgTensor) place = tg_tensor_index (result, axis, k, NULL);

      tg_tensor_copy_elements (place, inputs[k]);
    }

  return g_steal_pointer (&result);
}

TgTensor *
tg_reference_run_index (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        GError          **error)
{
  return tg_tensor_index (inputs[0], (guint) tg_variable_find_int (variable, "axis"),
                          *tg_reference_get_integers (inputs[1]), error);
}

/* What the slices of `variable`, whose bounds begin with `first_bound`, take of `x`. */
static TgTensor *
take_slices (TgVariable       *variable,
             TgTensor *const  *inputs,
             guint             first_bound,
             TgTensor         *x,
             GError          **error)
{
  const gint64 *starts = tg_reference_get_integers (inputs[first_bound]);
  const gint64 *stops = tg_reference_get_integers (inputs[first_bound + 1]);
  gsize n_axes;
  const gint64 *axes = tg_variable_find_ints (variable, "axis", &n_axes);
  const gint64 *steps = tg_variable_find_ints (variable, "step", &n_axes);
  TgTensor *view = tg_tensor_ref (x);

  for (gsize i = 0; i < n_axes && view != NULL; i++)
    {
      g_autoptr (TgTensor) before = g_steal_pointer (&view);

      view = tg_tensor_slice (before, (guint) axes[i], starts[i], stops[i], steps[i], error);
    }

  return view;
}

TgTensor *
tg_reference_run_slice (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        GError          **error)
{
  return take_slices (variable, inputs, 1, inputs[0], error);
}

gboolean
tg_reference_fill_place (TgTensor  *place,
                         TgTensor  *x,
                         GError   **error)
{
  g_autofree char *needed = NULL;

  if (tg_shape_equal (place->shape, place->ndim, x->shape, x->ndim))
    {
      tg_tensor_copy_elements (place, x);
      return TRUE;
    }

  needed = tg_shape_to_string (place->shape, place->ndim);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "x must have the shape of the place it goes to, %s", needed);

  return FALSE;
}

TgTensor *
tg_reference_run_unindex (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) place = NULL;

  result = tg_tensor_new_zeros (variable->compute, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (result == NULL)
    return NULL;

  place = tg_tensor_index (result, (guint) tg_variable_find_int (variable, "axis"),
                           *tg_reference_get_integers (inputs[2]), error);

  return place != NULL && tg_reference_fill_place (place, inputs[0], error)
           ? g_steal_pointer (&result) : NULL;
}

TgTensor *
tg_reference_run_unslice (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) place = NULL;

  result = tg_tensor_new_zeros (variable->compute, tg_reference_get_integers (inputs[1]),
                                inputs[1]->n_elements, error);
  if (result == NULL)
    return NULL;

  place = take_slices (variable, inputs, 2, result, error);

  return place != NULL && tg_reference_fill_place (place, inputs[0], error)
           ? g_steal_pointer (&result) : NULL;
}
