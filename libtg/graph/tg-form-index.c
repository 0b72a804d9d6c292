/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"

/* The layout operators that find elements by positions. */

gboolean
tg_infer_take (TgApply  *apply,
               GError  **error)
{
  guint ndim, n_positions, axis;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  const gint64 *positions = tg_apply_get_shape (apply, 1, &n_positions);

  if (!tg_apply_normalise_axis (apply, ndim, &axis, error))
    return FALSE;

  if (ndim + n_positions > TG_MAX_NDIM + 1)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "the result would have more than %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  for (guint i = 0; i < ndim; i++)
    {
      if (i != axis)
        apply->shape[apply->ndim++] = shape[i];

      for (guint k = 0; k < n_positions && i == axis; k++)
        apply->shape[apply->ndim++] = positions[k];
    }

  return TRUE;
}

gboolean
tg_infer_untake (TgApply  *apply,
                 GError  **error)
{
  guint axis;

  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim + 1 != apply->ndim + apply->inputs[2]->type->ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "x must have the dimensions of shape, %u, with those of indices, %u, for one",
                   apply->ndim, apply->inputs[2]->type->ndim);
      return FALSE;
    }

  return tg_apply_normalise_axis (apply, apply->ndim, &axis, error);
}

/* Whether what goes along an axis is of one shape but for it. */
static gboolean
check_along_axis (TgApply       *apply,
                  guint          positions,
                  const gint64  *shape,
                  guint          ndim,
                  guint         *axis,
                  GError       **error)
{
  TgTensorType *type = apply->inputs[positions]->type;

  if (!tg_apply_normalise_axis (apply, ndim, axis, error))
    return FALSE;

  for (guint i = 0; i < ndim && type->ndim == ndim; i++)
    {
      if (i != *axis && type->shape[i] != shape[i] && type->shape[i] != TG_UNKNOWN
          && shape[i] != TG_UNKNOWN)
        ndim = 0;
    }

  if (type->ndim == ndim)
    return TRUE;

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "indices must have the shape of x but along axis %u", *axis);
  return FALSE;
}

gboolean
tg_infer_take_along_axis (TgApply  *apply,
                          GError  **error)
{
  guint ndim, n_positions, axis;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  const gint64 *positions = tg_apply_get_shape (apply, 1, &n_positions);

  if (!check_along_axis (apply, 1, shape, ndim, &axis, error))
    return FALSE;

  tg_apply_set_shape (apply, positions, ndim);
  for (guint i = 0; i < ndim; i++)
    {
      if (i != axis)
        tg_dimension_unify (&apply->shape[i], shape[i]);
    }

  return TRUE;
}

gboolean
tg_infer_untake_along_axis (TgApply  *apply,
                            GError  **error)
{
  guint axis;

  if (!tg_apply_set_shape_from_values (apply, 1, error)
      || !check_along_axis (apply, 2, apply->shape, apply->ndim, &axis, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim == apply->ndim)
    return TRUE;

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
               "x must have as many dimensions as shape names, %u", apply->ndim);
  return FALSE;
}

/* How many axes the positions are of. */
static gboolean
count_indexed (TgApply  *apply,
               guint     input,
               guint     ndim,
               guint    *n_indexed,
               GError  **error)
{
  TgTensorType *type = apply->inputs[input]->type;
  gint64 last = type->ndim > 0 ? type->shape[type->ndim - 1] : TG_UNKNOWN;

  if (last != TG_UNKNOWN && last <= (gint64) ndim)
    {
      *n_indexed = (guint) last;
      return TRUE;
    }

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
               "the last axis of indices must have a known size of at most %u", ndim);
  return FALSE;
}

gboolean
tg_infer_take_nd (TgApply  *apply,
                  GError  **error)
{
  guint ndim, n_positions, n_indexed;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);
  const gint64 *positions = tg_apply_get_shape (apply, 1, &n_positions);

  if (!count_indexed (apply, 1, ndim, &n_indexed, error))
    return FALSE;

  if (n_positions - 1 + ndim - n_indexed > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "the result would have more than %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  for (guint i = 0; i + 1 < n_positions; i++)
    apply->shape[apply->ndim++] = positions[i];

  for (guint i = n_indexed; i < ndim; i++)
    apply->shape[apply->ndim++] = shape[i];

  return TRUE;
}

gboolean
tg_infer_untake_nd (TgApply  *apply,
                    GError  **error)
{
  guint n_indexed;

  if (!tg_apply_set_shape_from_values (apply, 1, error)
      || !count_indexed (apply, 2, apply->ndim, &n_indexed, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim + n_indexed + 1 == apply->ndim + apply->inputs[2]->type->ndim)
    return TRUE;

  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "x must have as many dimensions as what take_nd finds");
  return FALSE;
}

/* The two axes of a diagonal; the parameters get a normal form. */
static gboolean
normalise_diagonal (TgApply  *apply,
                    guint     ndim,
                    guint     axes[2],
                    GError  **error)
{
  static const char *const names[] = { "axis1", "axis2" };

  for (guint i = 0; i < 2; i++)
    {
      gint64 axis = tg_apply_find_int (apply, names[i]);

      if (!tg_axis_normalise (axis, ndim, names[i], &axes[i], error))
        return FALSE;

      /* The parameters are offset, axis1, axis2. */
      g_variant_unref (apply->attributes[i + 1]);
      apply->attributes[i + 1] = g_variant_ref_sink (g_variant_new_int64 (axes[i]));
    }

  if (axes[0] != axes[1])
    return TRUE;

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice", axes[0]);
  return FALSE;
}

gint64
tg_diagonal_length (gint64 rows,
                    gint64 columns,
                    gint64 offset)
{
  /* Compared, not subtracted: the offset may be any number. */
  if (offset <= -rows || offset >= columns)
    return 0;

  return MIN (offset < 0 ? rows + offset : rows, offset > 0 ? columns - offset : columns);
}

gboolean
tg_infer_diagonal (TgApply  *apply,
                   GError  **error)
{
  gint64 offset = tg_apply_find_int (apply, "offset");
  guint ndim, axes[2];
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (!normalise_diagonal (apply, ndim, axes, error))
    return FALSE;

  for (guint i = 0; i < ndim; i++)
    {
      if (i != axes[0] && i != axes[1])
        apply->shape[apply->ndim++] = shape[i];
    }

  apply->shape[apply->ndim++] = shape[axes[0]] == TG_UNKNOWN || shape[axes[1]] == TG_UNKNOWN
    ? TG_UNKNOWN : tg_diagonal_length (shape[axes[0]], shape[axes[1]], offset);

  return TRUE;
}

gboolean
tg_infer_undiagonal (TgApply  *apply,
                     GError  **error)
{
  guint axes[2];

  if (!tg_apply_set_shape_from_values (apply, 1, error))
    return FALSE;

  if (apply->inputs[0]->type->ndim + 1 != apply->ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "x must have one dimension less than the %u of shape", apply->ndim);
      return FALSE;
    }

  return normalise_diagonal (apply, apply->ndim, axes, error);
}
