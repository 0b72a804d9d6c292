/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-random-private.h"

TgTensor *
tg_reference_run_check_positive (TgVariable       *variable,
                                 TgTensor *const  *inputs,
                                 GError          **error)
{
  return tg_reference_check_draw (variable, inputs, error) ? tg_tensor_ref (inputs[0]) : NULL;
}

typedef gdouble (* SlopeFunc) (const gdouble *values);

/* A function of two or three numbers at each position. */
static TgTensor *
run_slopes (TgVariable       *variable,
            TgTensor *const  *inputs,
            SlopeFunc         function,
            GError          **error)
{
  TgTensor *spread[3] = { NULL, };
  gint64 shape[TG_MAX_NDIM];
  guint ndim;
  g_autoptr (TgTensor) results = NULL;
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  if (!tg_reference_broadcast (variable, inputs, shape, &ndim, error))
    return NULL;

  results = tg_tensor_new_uninitialised (TG_DTYPE_FLOAT64, shape, ndim, error);
  if (results == NULL)
    return NULL;

  for (guint k = 0; k < variable->n_inputs; k++)
    {
      spread[k] = tg_reference_fill (TG_DTYPE_FLOAT64, shape, ndim, inputs[k], error);
      if (spread[k] == NULL)
        return NULL;

      g_ptr_array_add (owned, spread[k]);
    }

  for (gsize i = 0; i < results->n_elements; i++)
    {
      gdouble values[3];

      for (guint k = 0; k < variable->n_inputs; k++)
        values[k] = ((const gdouble *) (gconstpointer) spread[k]->data)[i];

      ((gdouble *) (gpointer) results->data)[i] = function (values);
    }

  return tg_tensor_astype (results, variable->type->dtype, error);
}

static gdouble
get_gamma_slope (const gdouble *values)
{
  return tgk_gamma_quantile_slope_f64 (values[0], values[1]);
}

TgTensor *
tg_reference_run_gamma_quantile_slope (TgVariable       *variable,
                                       TgTensor *const  *inputs,
                                       GError          **error)
{
  return run_slopes (variable, inputs, get_gamma_slope, error);
}

static gdouble
get_truncated_normal_slope (const gdouble *values)
{
  return tgk_truncated_normal_quantile_slope_f64 (values[0], values[1], values[2]);
}

TgTensor *
tg_reference_run_truncated_normal_quantile_slope (TgVariable       *variable,
                                                  TgTensor *const  *inputs,
                                                  GError          **error)
{
  return run_slopes (variable, inputs, get_truncated_normal_slope, error);
}
