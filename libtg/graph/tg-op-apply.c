/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-op-apply.h"

#include "tg-value-private.h"

static gboolean
check_inputs (const TgOpInfo     *op,
              TgVariable *const  *inputs,
              gsize               n_inputs,
              GError            **error)
{
  for (gsize i = 0; i < n_inputs; i++)
    {
      if (inputs[i] == NULL)
        return FALSE;
    }

  if (op->variadic || n_inputs == op->n_inputs)
    return TRUE;

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
               "%s takes %u input%s, not %" G_GSIZE_FORMAT, op->name, op->n_inputs,
               op->n_inputs > 1 ? "s" : "", n_inputs);

  return FALSE;
}

/**
 * tg_op_apply: (method)
 * @self: an operator
 * @inputs: (array length=n_inputs): the variables that it takes, in order
 * @n_inputs: how many there are
 * @error: return location for an error
 *
 * Applies the operator, as the function of its name does; its parameters have their defaults.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless an input is %NULL
 */
TgVariable *
tg_op_apply (TgOp               *self,
             TgVariable *const  *inputs,
             gsize               n_inputs,
             GError            **error)
{
  const TgOpInfo *op;
  g_autofree TgValue *values = NULL;

  g_return_val_if_fail (TG_IS_OP (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);

  op = tg_op_get_info (self);
  if (!check_inputs (op, inputs, n_inputs, error))
    return NULL;

  if (op->n_parameters == 0)
    return tg_variable_new_apply (tg_op_info_get_id (op), inputs, n_inputs, NULL, error);

  values = g_new0 (TgValue, n_inputs + 1);
  for (gsize i = 0; i < n_inputs; i++)
    values[i].variable = inputs[i];

  return tg_value_apply (op, values, (guint) n_inputs, error);
}
