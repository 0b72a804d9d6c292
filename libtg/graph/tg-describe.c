/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-print-private.h"

/* What messages call variables: a few words, however large the expression is. */

/* Constants up to this size are written out. */
#define MAX_ELEMENTS 8

/* The name of a variable, or of its operator, or its value. */
static void
append_short (GString    *text,
              TgVariable *variable)
{
  g_autofree char *value = NULL;

  if (variable->name != NULL)
    g_string_append (text, variable->name);
  else if (TG_IS_CONSTANT (variable)
           && TG_CONSTANT (variable)->value->n_elements <= MAX_ELEMENTS)
    {
      g_autoptr (TgTensor) dense = tg_tensor_make_contiguous (TG_CONSTANT (variable)->value, NULL);

      if (dense != NULL)
        tg_print_elements (text, dense);
    }
  else if (variable->op != NULL)
    g_string_append_printf (text, "%s(…)", variable->op->name);
  else
    {
      value = tg_tensor_type_to_string (variable->type);
      g_string_append (text, value);
    }
}

static char *
to_short_string (TgVariable *self)
{
  GString *text = g_string_new (NULL);

  if (self->op == NULL)
    append_short (text, self);
  else if (self->op->infix != NULL)
    {
      append_short (text, self->inputs[0]);
      g_string_append_printf (text, " %s ", self->op->infix);
      append_short (text, self->inputs[1]);
    }
  else
    {
      g_string_append_printf (text, "%s(", self->op->name);
      for (guint i = 0; i < MIN (self->n_inputs, 3); i++)
        {
          g_string_append (text, i > 0 ? ", " : "");
          append_short (text, self->inputs[i]);
        }
      g_string_append (text, self->n_inputs > 3 ? ", …)" : ")");
    }

  return g_string_free (text, FALSE);
}

char *
tg_variable_describe (TgVariable   *self,
                      TgTensorType *type)
{
  g_autofree char *type_text = tg_tensor_type_to_string (type);
  g_autofree char *expression = NULL;

  if (self->name != NULL)
    return g_strdup_printf ("%s: %s", self->name, type_text);

  if (self->op == NULL && !TG_IS_CONSTANT (self))
    return g_steal_pointer (&type_text);

  expression = to_short_string (self);

  return g_strdup_printf ("%s: %s", expression, type_text);
}
