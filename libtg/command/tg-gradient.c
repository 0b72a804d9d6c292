/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-source.h"

#include <glib/gi18n.h>

static gboolean
is_floating (TgVariable *variable)
{
  return tg_variable_get_dtype (variable) >= TG_DTYPE_FLOAT16;
}

/* The variables that are named, or all floating-point ones where none is; borrowed. */
static GPtrArray *
find_wrt (TgSource  *self,
          char     **names,
          GError   **error)
{
  g_autoptr (GPtrArray) found = g_ptr_array_new ();

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      TgVariable *variable = tg_source_find (self, "wrt", names[i], error);

      if (variable == NULL)
        return NULL;
      g_ptr_array_add (found, variable);
    }

  for (guint i = 0; names == NULL && i < self->symbols->len; i++)
    {
      if (is_floating (self->symbols->pdata[i]))
        g_ptr_array_add (found, self->symbols->pdata[i]);
    }

  if (found->len == 0)
    {
      g_set_error_literal (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                           _("the formula has no floating-point variable to differentiate by"));
      return NULL;
    }

  return g_steal_pointer (&found);
}

GPtrArray *
tg_source_differentiate (TgSource  *self,
                         char     **names,
                         GError   **error)
{
  g_autoptr (GPtrArray) wrt = NULL;
  g_autofree TgVariable **gradients = NULL;
  GPtrArray *list;
  gsize n_gradients = 0;

  if (self->outputs->len != 1)
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("the gradient is that of one result, not of %u"), self->outputs->len);
      return NULL;
    }

  wrt = find_wrt (self, names, error);
  if (wrt != NULL)
    gradients = tg_grad (self->outputs->pdata[0], (TgVariable *const *) wrt->pdata, wrt->len,
                         TG_DISCONNECTED_INPUTS_RAISE, &n_gradients, error);
  if (gradients == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_gradients; i++)
    g_ptr_array_add (list, gradients[i]);

  return list;
}
