/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"
#include "tg-expression-private.h"

static gboolean
infer_same_shape (TgApply *apply)
{
  guint ndim;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  tg_apply_set_shape (apply, shape, ndim);

  return TRUE;
}

gboolean
tg_infer_astype (TgApply  *apply,
                 GError  **error G_GNUC_UNUSED)
{
  return infer_same_shape (apply);
}

gboolean
tg_infer_assume (TgApply  *apply,
                 GError  **error)
{
  double low = g_variant_get_double (tg_apply_find (apply, "low"));
  double high = g_variant_get_double (tg_apply_find (apply, "high"));

  if (low <= high)
    return infer_same_shape (apply);

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE, "no number is above %g and below %g",
               low, high);

  return FALSE;
}

gboolean
tg_infer_with_gradient (TgApply  *apply,
                        GError  **error)
{
  g_autoptr (TgExpression) gradient = NULL;

  gradient = tg_expression_new (tg_apply_find_text (apply, "gradient"), error);
  if (gradient == NULL)
    {
      g_prefix_error (error, "gradient: ");
      return FALSE;
    }

  if (gradient->results->len >= apply->n_inputs)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "there are more gradients than inputs that could have one: %u, not %u",
                   gradient->results->len, apply->n_inputs - 1);
      return FALSE;
    }

  apply->compute = apply->dtype = apply->inputs[0]->type->dtype;

  return infer_same_shape (apply);
}

gboolean
tg_infer_product_of_others (TgApply  *apply,
                            GError  **error)
{
  gboolean chosen[TG_MAX_NDIM];

  return infer_same_shape (apply)
         && tg_apply_normalise_axes (apply, apply->ndim, chosen, error);
}

gboolean
tg_infer_softmax (TgApply  *apply,
                  GError  **error)
{
  return tg_infer_product_of_others (apply, error);
}

gboolean
tg_infer_log_softmax (TgApply  *apply,
                      GError  **error)
{
  return tg_infer_product_of_others (apply, error);
}

gboolean
tg_infer_shape (TgApply  *apply,
                GError  **error G_GNUC_UNUSED)
{
  tg_apply_set_shape (apply, (gint64[]) { apply->inputs[0]->type->ndim }, 1);

  return TRUE;
}

gboolean
tg_infer_size (TgApply  *apply,
               GError  **error)
{
  gboolean chosen[TG_MAX_NDIM];

  return tg_apply_normalise_axes (apply, apply->inputs[0]->type->ndim, chosen, error);
}

gboolean
tg_infer_zeros (TgApply  *apply,
                GError  **error)
{
  return tg_apply_set_shape_from_values (apply, 0, error);
}

gboolean
tg_infer_ones (TgApply  *apply,
               GError  **error)
{
  return tg_apply_set_shape_from_values (apply, 0, error);
}

gboolean
tg_infer_full (TgApply  *apply,
               GError  **error)
{
  if (apply->inputs[1]->type->ndim != 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM, "value must be 0-d");
      return FALSE;
    }

  return tg_apply_set_shape_from_values (apply, 0, error);
}

gboolean
tg_infer_eye (TgApply  *apply,
              GError  **error)
{
  apply->ndim = 2;
  for (guint i = 0; i < 2; i++)
    {
      if (!tg_variable_infer_integer (apply->inputs[i], &apply->shape[i]))
        apply->shape[i] = TG_UNKNOWN;
      else if (apply->shape[i] < 0)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "the size of axis %u is negative: %" G_GINT64_FORMAT, i, apply->shape[i]);
          return FALSE;
        }
    }

  return TRUE;
}

gint64
tg_arange_count (gint64 start,
                 gint64 stop,
                 gint64 step)
{
  guint64 distance = step > 0 ? (guint64) stop - (guint64) start : (guint64) start - (guint64) stop;
  guint64 stride = step > 0 ? (guint64) step : 0 - (guint64) step;
  guint64 count;

  if (step > 0 ? start >= stop : start <= stop)
    return 0;

  count = (distance - 1) / stride + 1;

  return count <= G_MAXINT64 ? (gint64) count : -1;
}

gboolean
tg_infer_arange (TgApply  *apply,
                 GError  **error)
{
  gboolean known = TRUE;
  gint64 bound[3];

  for (guint i = 0; i < 3; i++)
    {
      if (apply->inputs[i]->type->ndim != 0)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM, "%s must be 0-d",
                       apply->op->inputs[i].name);
          return FALSE;
        }

      known = known && tg_variable_infer_integer (apply->inputs[i], &bound[i]);
    }

  if (tg_variable_is_number (apply->inputs[2], 0))
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE, "step must not be 0");
      return FALSE;
    }

  /* Integers alone: for other numbers, the run decides, in the dtype of the result. */
  apply->ndim = 1;
  apply->shape[0] = known ? tg_arange_count (bound[0], bound[1], bound[2]) : TG_UNKNOWN;

  return TRUE;
}
