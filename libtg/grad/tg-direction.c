/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-grad-private.h"

#include "tg-error.h"
#include "tg-form-private.h"
#include "tg-operators.h"

/* Directions that a caller gives: tangents, cotangents and known gradients. */

TgVariable *
tg_variable_new_zeros_like (TgVariable  *like,
                            TgDType      dtype,
                            GError     **error)
{
  g_autoptr (TgVariable) shape = tg_shape (like, error);

  return tg_zeros (shape, dtype, error);
}

TgVariable *
tg_constant_new_one (TgDType   dtype,
                     GError  **error)
{
  g_autoptr (TgTensor) number = tg_tensor_new_double (1);
  g_autoptr (TgTensor) one = tg_tensor_astype (number, dtype, error);

  return one != NULL ? tg_constant_new (one) : NULL;
}

gboolean
tg_grad_check_float (const char  *function,
                     TgVariable  *variable,
                     GError     **error)
{
  g_autofree char *text = NULL;

  if (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_INEXACT))
    return TRUE;

  text = tg_variable_describe (variable, variable->type);
  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE,
               "%s: %s has no gradient: it is neither floating-point nor complex", function, text);

  return FALSE;
}

gboolean
tg_grad_compare_shapes (TgTensorType *first,
                        TgTensorType *second,
                        gboolean     *sure)
{
  *sure = TRUE;
  if (first->ndim != second->ndim)
    return FALSE;

  for (guint i = 0; i < first->ndim; i++)
    {
      gint64 size = first->shape[i];

      if (!tg_dimension_unify (&size, second->shape[i]))
        return FALSE;

      *sure = *sure && first->shape[i] != TG_UNKNOWN && second->shape[i] != TG_UNKNOWN;
    }

  return TRUE;
}

TgVariable *
tg_grad_adapt (const char  *what,
               TgVariable  *variable,
               TgVariable  *direction,
               GError     **error)
{
  g_autoptr (TgVariable) strong = NULL;
  g_autoptr (TgVariable) shape = NULL;
  gboolean same_dtype = direction->type->dtype == variable->type->dtype;
  gboolean sure = FALSE;
  gboolean same_shape = tg_grad_compare_shapes (variable->type, direction->type, &sure);

  if (!same_shape || !(same_dtype || direction->weak))
    {
      g_autofree char *of = tg_variable_describe (variable, variable->type);
      g_autofree char *given = tg_variable_describe (direction, direction->type);

      g_set_error (error, TG_GRAD_ERROR,
                   same_shape ? TG_GRAD_ERROR_DTYPE : TG_GRAD_ERROR_SHAPE,
                   "%s of %s cannot be %s: the %s differ", what, of, given,
                   same_shape ? "dtypes" : "shapes");
      return NULL;
    }

  strong = direction->weak ? tg_astype (direction, variable->type->dtype, error)
                           : g_object_ref (direction);
  if (sure)
    return g_steal_pointer (&strong);

  shape = tg_shape (variable, error);

  return tg_broadcast_to (strong, shape, error);
}

GPtrArray *
tg_grad_adapt_all (const char         *function,
                   const char         *noun,
                   TgVariable *const  *variables,
                   gsize               n_variables,
                   TgVariable *const  *directions,
                   gsize               n_directions,
                   GError            **error)
{
  g_autoptr (GPtrArray) adapted = g_ptr_array_new_with_free_func (g_object_unref);
  g_autofree char *what = g_strdup_printf ("%s: the %s", function, noun);

  if (n_directions != n_variables)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "%s: %" G_GSIZE_FORMAT " variables need as many %ss, not %" G_GSIZE_FORMAT,
                   function, n_variables, noun, n_directions);
      return NULL;
    }

  for (gsize i = 0; i < n_variables; i++)
    {
      TgVariable *direction;

      if (!tg_grad_check_float (function, variables[i], error))
        return NULL;

      direction = tg_grad_adapt (what, variables[i], directions[i], error);
      if (direction == NULL)
        return NULL;

      g_ptr_array_add (adapted, direction);
    }

  return g_steal_pointer (&adapted);
}
