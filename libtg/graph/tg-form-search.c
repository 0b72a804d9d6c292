/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"

/* The opaque operators that go along an axis, or look for something. */

static gboolean
infer_along_axis (TgApply  *apply,
                  GError  **error)
{
  guint ndim, axis;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  tg_apply_set_shape (apply, shape, ndim);

  return tg_apply_normalise_axis (apply, ndim, &axis, error);
}

gboolean
tg_infer_cumulative_sum (TgApply  *apply,
                         GError  **error)
{
  return infer_along_axis (apply, error);
}

gboolean
tg_infer_cumulative_prod (TgApply  *apply,
                          GError  **error)
{
  return infer_along_axis (apply, error);
}

gboolean
tg_infer_sort (TgApply  *apply,
               GError  **error)
{
  return infer_along_axis (apply, error);
}

gboolean
tg_infer_argsort (TgApply  *apply,
                  GError  **error)
{
  return infer_along_axis (apply, error);
}

gboolean
tg_infer_searchsorted (TgApply  *apply,
                       GError  **error)
{
  const char *side = tg_apply_find_text (apply, "side");
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 1, &ndim);

  if (strcmp (side, "left") != 0 && strcmp (side, "right") != 0)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
                   "side must be \"left\" or \"right\", not \"%s\"", side);
      return FALSE;
    }

  if (apply->inputs[0]->type->ndim != 1)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM, "x must be a vector");
      return FALSE;
    }

  tg_apply_set_shape (apply, shape, ndim);

  return TRUE;
}

gboolean
tg_infer_nonzero (TgApply  *apply,
                  GError  **error G_GNUC_UNUSED)
{
  guint ndim = apply->inputs[0]->type->ndim;

  tg_apply_set_shape (apply, (gint64[]) { ndim, TG_UNKNOWN }, 2);

  return TRUE;
}

gboolean
tg_infer_broadcast_shape (TgApply  *apply,
                          GError  **error)
{
  gint64 shape[TG_MAX_NDIM];
  guint ndim;

  if (!tg_variables_broadcast (apply->inputs, apply->n_inputs, shape, &ndim, error))
    return FALSE;

  tg_apply_set_shape (apply, (gint64[]) { ndim }, 1);

  return TRUE;
}
