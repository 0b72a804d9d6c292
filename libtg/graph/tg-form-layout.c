/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"

/* The number of elements of a shape, or -1 where a dimension is unknown. */
static gint64
count_elements (const gint64 *shape,
                guint         ndim)
{
  gint64 n_elements = 1;

  for (guint i = 0; i < ndim; i++)
    {
      if (shape[i] == TG_UNKNOWN || __builtin_mul_overflow (n_elements, shape[i], &n_elements))
        return -1;
    }

  return n_elements;
}

static gboolean
fail_reshape (TgApply  *apply,
              GError  **error)
{
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  g_autofree char *from = tg_shape_to_string (shape, ndim);
  g_autofree char *to = tg_shape_to_string (apply->shape, apply->ndim);

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "the elements of %s do not fill %s", from, to);

  return FALSE;
}

gboolean
tg_infer_reshape (TgApply  *apply,
                  GError  **error)
{
  gsize n_values;
  g_autofree gint64 *values = tg_variable_infer_integers (apply->inputs[1], &n_values);
  guint ndim, free_axis = G_MAXUINT;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  gint64 total = count_elements (shape, ndim);
  gint64 known = 1;
  gboolean complete = TRUE;

  apply->ndim = (guint) n_values;
  for (guint i = 0; i < apply->ndim; i++)
    {
      apply->shape[i] = values[i] == TG_UNKNOWN_VALUE ? TG_UNKNOWN : values[i];
      if (values[i] == TG_UNKNOWN_VALUE)
        complete = FALSE;
      else if (values[i] == -1 && free_axis == G_MAXUINT)
        free_axis = i;
      else if (values[i] < 0 || __builtin_mul_overflow (known, values[i], &known))
        return fail_reshape (apply, error);
    }

  if (!complete || total < 0)
    return TRUE;

  if (free_axis != G_MAXUINT)
    {
      if (known == 0 || total % known != 0)
        return fail_reshape (apply, error);

      apply->shape[free_axis] = total / known;
      return TRUE;
    }

  return known == total || fail_reshape (apply, error);
}

gboolean
tg_infer_broadcast_to (TgApply  *apply,
                       GError  **error)
{
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  for (guint i = 0; i < ndim && ndim <= apply->ndim; i++)
    {
      gint64 target = apply->shape[apply->ndim - ndim + i];

      if (shape[i] != TG_UNKNOWN && shape[i] != 1 && target != TG_UNKNOWN && shape[i] != target)
        ndim = G_MAXUINT;
    }

  if (ndim > apply->ndim)
    {
      g_autofree char *to = tg_shape_to_string (apply->shape, apply->ndim);

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST,
                   "x cannot be broadcast to %s", to);
      return FALSE;
    }

  return TRUE;
}

gboolean
tg_infer_sum_to (TgApply  *apply,
                 GError  **error)
{
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  for (guint i = 0; i < apply->ndim && ndim >= apply->ndim; i++)
    {
      gint64 from = shape[ndim - apply->ndim + i];
      gint64 to = apply->shape[i];

      if (to != TG_UNKNOWN && to != 1 && from != TG_UNKNOWN && from != to)
        ndim = 0;
    }

  if (ndim < apply->ndim)
    {
      g_autofree char *to = tg_shape_to_string (apply->shape, apply->ndim);

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST, "x cannot be summed to %s", to);
      return FALSE;
    }

  return TRUE;
}

gboolean
tg_infer_permute_dims (TgApply  *apply,
                       GError  **error)
{
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  gsize n_axes;
  const gint64 *axes = tg_apply_find_ints (apply, "axes", &n_axes);

  if (n_axes != ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                   "axes must name each of %u axes once, not %" G_GSIZE_FORMAT, ndim, n_axes);
      return FALSE;
    }

  if (!tg_apply_normalise_order (apply, "axes", ndim, error))
    return FALSE;

  axes = g_variant_get_fixed_array (tg_apply_find (apply, "axes"), &n_axes, sizeof (gint64));
  apply->ndim = ndim;
  for (guint i = 0; i < ndim; i++)
    apply->shape[i] = shape[axes[i]];

  return TRUE;
}

gboolean
tg_infer_expand_dims (TgApply  *apply,
                      GError  **error)
{
  g_autoptr (GVariant) axes = g_variant_get_maybe (tg_apply_find (apply, "axis"));
  gboolean chosen[TG_MAX_NDIM];
  guint ndim, n_result, input = 0;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (axes == NULL)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis must be given");
      return FALSE;
    }

  n_result = ndim + (guint) g_variant_n_children (axes);
  if (n_result > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "the result would have more than %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  if (!tg_apply_normalise_axes (apply, n_result, chosen, error))
    return FALSE;

  apply->ndim = n_result;
  for (guint i = 0; i < n_result; i++)
    apply->shape[i] = chosen[i] ? 1 : shape[input++];

  return TRUE;
}

gboolean
tg_infer_squeeze (TgApply  *apply,
                  GError  **error)
{
  g_autoptr (GVariant) given = g_variant_get_maybe (tg_apply_find (apply, "axis"));
  gboolean chosen[TG_MAX_NDIM];
  gint64 units[TG_MAX_NDIM];
  gsize n_units = 0;
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (given == NULL)
    {
      for (guint i = 0; i < ndim; i++)
        {
          if (shape[i] == 1)
            units[n_units++] = i;
        }

      g_variant_unref (apply->attributes[0]);
      apply->attributes[0] = g_variant_ref_sink (tg_attribute_axes (units, n_units));
    }

  if (!tg_apply_normalise_axes (apply, ndim, chosen, error))
    return FALSE;

  for (guint i = 0; i < ndim; i++)
    {
      if (!chosen[i])
        apply->shape[apply->ndim++] = shape[i];
      else if (shape[i] != 1 && shape[i] != TG_UNKNOWN)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "axis %u has size %" G_GINT64_FORMAT ", not 1", i, shape[i]);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
tg_piece_fits (guint          number,
               const gint64  *first,
               guint          first_ndim,
               const gint64  *shape,
               guint          ndim,
               gint64         axis,
               GError       **error)
{
  if (ndim != first_ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                   "tensor 0 has %u dimensions, but tensor %u has %u", first_ndim, number, ndim);
      return FALSE;
    }

  for (guint i = 0; i < ndim; i++)
    {
      if (i == axis || first[i] == shape[i] || first[i] == TG_UNKNOWN || shape[i] == TG_UNKNOWN)
        continue;

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                   "tensors 0 and %u have the sizes %" G_GINT64_FORMAT " and %" G_GINT64_FORMAT
                   " along axis %u", number, first[i], shape[i], i);
      return FALSE;
    }

  return TRUE;
}

gboolean
tg_infer_concat (TgApply  *apply,
                 GError  **error)
{
  guint ndim, axis;
  const gint64 *first = tg_apply_get_shape (apply, 0, &ndim);

  if (!tg_apply_normalise_axis (apply, ndim, &axis, error))
    return FALSE;

  tg_apply_set_shape (apply, first, ndim);
  for (guint k = 1; k < apply->n_inputs; k++)
    {
      guint piece_ndim;
      const gint64 *shape = tg_apply_get_shape (apply, k, &piece_ndim);
      gint64 *total = &apply->shape[axis];

      if (!tg_piece_fits (k, apply->shape, ndim, shape, piece_ndim, axis, error))
        return FALSE;

      for (guint i = 0; i < ndim; i++)
        {
          if (i != axis)
            tg_dimension_unify (&apply->shape[i], shape[i]);
        }

      if (shape[axis] == TG_UNKNOWN || *total == TG_UNKNOWN)
        *total = TG_UNKNOWN;
      else if (__builtin_add_overflow (*total, shape[axis], total))
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "the size of axis %u would be too large", axis);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
tg_infer_stack (TgApply  *apply,
                GError  **error)
{
  gint64 common[TG_MAX_NDIM];
  guint ndim, axis;
  const gint64 *first = tg_apply_get_shape (apply, 0, &ndim);

  if (ndim + 1 > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "the result would have more than %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  if (!tg_apply_normalise_axis (apply, ndim + 1, &axis, error))
    return FALSE;

  for (guint i = 0; i < ndim; i++)
    common[i] = first[i];

  for (guint k = 1; k < apply->n_inputs; k++)
    {
      guint piece_ndim;
      const gint64 *shape = tg_apply_get_shape (apply, k, &piece_ndim);

      if (!tg_piece_fits (k, common, ndim, shape, piece_ndim, -1, error))
        return FALSE;

      for (guint i = 0; i < ndim; i++)
        tg_dimension_unify (&common[i], shape[i]);
    }

  apply->ndim = ndim + 1;
  for (guint i = 0; i < apply->ndim; i++)
    apply->shape[i] = i == axis ? (gint64) apply->n_inputs : common[i < axis ? i : i - 1];

  return TRUE;
}

gboolean
tg_infer_index (TgApply  *apply,
                GError  **error)
{
  guint ndim, axis;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  gint64 position;

  if (!tg_apply_normalise_axis (apply, ndim, &axis, error))
    return FALSE;

  if (shape[axis] != TG_UNKNOWN && tg_variable_infer_integer (apply->inputs[1], &position)
      && (position >= shape[axis] || position < -shape[axis]))
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
                   "index %" G_GINT64_FORMAT " is out of bounds for axis %u of size %"
                   G_GINT64_FORMAT, position, axis, shape[axis]);
      return FALSE;
    }

  for (guint i = 0; i < ndim; i++)
    {
      if (i != axis)
        apply->shape[apply->ndim++] = shape[i];
    }

  return TRUE;
}

gboolean
tg_infer_unindex (TgApply  *apply,
                  GError  **error)
{
  guint axis;

  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim + 1 != apply->ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "x must have one dimension less than the %u of shape", apply->ndim);
      return FALSE;
    }

  return tg_apply_normalise_axis (apply, apply->ndim, &axis, error);
}

/* Checks the parameters `axis` and `step`, and that there are as many starts and stops. */
static gboolean
check_slices (TgApply  *apply,
              guint     first_bound,
              guint     ndim,
              GError  **error)
{
  gsize n_axes, n_steps;
  const gint64 *steps = tg_apply_find_ints (apply, "step", &n_steps);

  tg_apply_find_ints (apply, "axis", &n_axes);
  if (n_steps != n_axes
      || apply->inputs[first_bound]->type->shape[0] != (gint64) n_axes
      || apply->inputs[first_bound + 1]->type->shape[0] != (gint64) n_axes)
    {
      g_set_error_literal (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                           "start, stop, axis and step must have as many elements");
      return FALSE;
    }

  for (gsize i = 0; i < n_axes; i++)
    {
      if (steps[i] == 0)
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
                               "a slice cannot have the step 0");
          return FALSE;
        }
    }

  return tg_apply_normalise_order (apply, "axis", ndim, error);
}

gboolean
tg_infer_slice (TgApply  *apply,
                GError  **error)
{
  g_autofree gint64 *starts = NULL;
  g_autofree gint64 *stops = NULL;
  gsize n_axes;
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  const gint64 *axes, *steps;

  if (!check_slices (apply, 1, ndim, error))
    return FALSE;

  tg_apply_set_shape (apply, shape, ndim);
  axes = tg_apply_find_ints (apply, "axis", &n_axes);
  steps = tg_apply_find_ints (apply, "step", &n_axes);
  starts = tg_variable_infer_integers (apply->inputs[1], &n_axes);
  stops = tg_variable_infer_integers (apply->inputs[2], &n_axes);

  for (gsize i = 0; i < n_axes; i++)
    {
      gint64 *size = &apply->shape[axes[i]];
      gboolean known = *size != TG_UNKNOWN && TG_IS_CONSTANT (apply->inputs[1])
                       && TG_IS_CONSTANT (apply->inputs[2]);

      if (known)
        tg_slice_clip (*size, &starts[i], &stops[i], steps[i], size);
      else
        *size = TG_UNKNOWN;
    }

  return TRUE;
}

gboolean
tg_infer_unslice (TgApply  *apply,
                  GError  **error)
{
  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim != apply->ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "x must have as many dimensions as shape names, %u", apply->ndim);
      return FALSE;
    }

  return check_slices (apply, 2, apply->ndim, error);
}
