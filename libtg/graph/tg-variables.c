/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-variables-private.h"

#include "tg-operators.h"
#include "tg-variable-private.h"

gboolean
tg_variables_are_complete (TgVariable *const *variables,
                           gsize              n_variables)
{
  for (gsize i = 0; i < n_variables; i++)
    {
      if (!TG_IS_VARIABLE (variables[i]))
        return FALSE;
    }

  return TRUE;
}

TgVariable **
tg_variables_dup_array (GPtrArray *variables,
                        gsize     *n_variables)
{
  TgVariable **array;

  if (!tg_variables_are_complete ((TgVariable *const *) variables->pdata, variables->len))
    return NULL;

  array = g_new0 (TgVariable *, variables->len + 1);
  for (guint i = 0; i < variables->len; i++)
    array[i] = g_object_ref (variables->pdata[i]);

  if (n_variables != NULL)
    *n_variables = variables->len;

  return array;
}

static void
clear_variable (gpointer variable)
{
  if (variable != NULL)
    g_object_unref (variable);
}

GPtrArray *
tg_variables_new (void)
{
  return g_ptr_array_new_with_free_func (clear_variable);
}

TgVariable *
tg_variable_new_size (TgVariable  *self,
                      guint        axis,
                      GError     **error)
{
  if (self->type->shape[axis] != TG_UNKNOWN)
    return tg_constant_new_integer (self->type->shape[axis]);

  return tg_size (self, &(gint64) { axis }, 1, error);
}

gboolean
tg_variable_add_sizes (TgVariable  *self,
                       guint        first,
                       GPtrArray   *sizes,
                       GError     **error)
{
  for (guint i = first; i < self->type->ndim; i++)
    {
      TgVariable *size = tg_variable_new_size (self, i, error);

      if (size == NULL)
        return FALSE;

      g_ptr_array_add (sizes, size);
    }

  return TRUE;
}

TgVariable *
tg_variable_new_shape (GPtrArray  *sizes,
                       GError    **error)
{
  return tg_variable_new_vector ((TgVariable *const *) sizes->pdata, sizes->len, error);
}

TgVariable *
tg_variable_cut (TgVariable  *self,
                 guint        axis,
                 TgVariable  *start,
                 TgVariable  *stop,
                 GError     **error)
{
  const gint64 axes = axis, step = 1;
  g_autoptr (TgVariable) first = NULL;
  g_autoptr (TgVariable) last = NULL;

  if (start == NULL || stop == NULL)
    return NULL;

  first = tg_variable_new_vector (&start, 1, error);
  last = tg_variable_new_vector (&stop, 1, error);

  return tg_slice (self, first, last, &axes, 1, &step, 1, error);
}

TgVariable *
tg_variable_cut_at (TgVariable  *self,
                    guint        axis,
                    gint64       start,
                    gint64       stop,
                    GError     **error)
{
  g_autoptr (TgVariable) first = tg_constant_new_integer (start);
  g_autoptr (TgVariable) last = tg_constant_new_integer (stop);

  return tg_variable_cut (self, axis, first, last, error);
}
