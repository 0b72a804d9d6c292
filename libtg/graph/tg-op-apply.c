/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-op-apply.h"

#include <string.h>

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

static guint
find_parameter (const TgOpInfo *op,
                const char     *name)
{
  guint i = 0;

  while (i < op->n_parameters && strcmp (op->parameters[i].name, name) != 0)
    i++;

  return i;
}

/* Puts the values of a dictionary, or NULL, in the table's order. */
static gboolean
sort_parameters (const TgOpInfo  *op,
                 GVariant        *parameters,
                 GVariant       **given,
                 GError         **error)
{
  GVariantIter iter;
  GVariant *value;
  const char *name;

  if (parameters != NULL)
    g_variant_iter_init (&iter, parameters);

  while (parameters != NULL && g_variant_iter_next (&iter, "{&sv}", &name, &value))
    {
      guint i = find_parameter (op, name);

      if (i == op->n_parameters)
        {
          g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE, "%s has no parameter “%s”",
                       op->name, name);
          g_variant_unref (value);
          return FALSE;
        }

      g_clear_pointer (&given[i], g_variant_unref);
      given[i] = value;
    }

  for (guint i = 0; i < op->n_parameters; i++)
    {
      if (given[i] != NULL || op->parameters[i].preset != NULL)
        continue;

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS, "%s: %s must be given", op->name,
                   op->parameters[i].name);
      return FALSE;
    }

  return TRUE;
}

/**
 * tg_op_apply:
 * @self: an operator
 * @inputs: (array length=n_inputs): the variables that it takes, in order
 * @n_inputs: how many there are
 * @parameters: (nullable): a dictionary, of type `a{sv}`, of those parameters that shall have other
 *   values than their defaults: lists of axes and other integers are `ax`, or `x` for one alone,
 *   integers `x`, dtypes and other text `s`
 * @error: return location for an error
 *
 * Applies the operator, as the function of its name does.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless an input is %NULL
 */
TgVariable *
tg_op_apply (TgOp               *self,
             TgVariable *const  *inputs,
             gsize               n_inputs,
             GVariant           *parameters,
             GError            **error)
{
  GVariant *given[TG_OP_MAX_PARAMETERS] = { NULL, };
  g_autoptr (GVariant) dictionary = NULL;
  const TgOpInfo *op;
  TgVariable *result = NULL;

  g_return_val_if_fail (TG_IS_OP (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (parameters == NULL
                        || g_variant_is_of_type (parameters, G_VARIANT_TYPE_VARDICT), NULL);

  op = tg_op_get_info (self);
  dictionary = parameters != NULL ? g_variant_ref_sink (parameters) : NULL;

  if (check_inputs (op, inputs, n_inputs, error)
      && sort_parameters (op, dictionary, given, error))
    result = tg_value_apply_given (op, inputs, n_inputs, given, error);

  for (guint i = 0; i < op->n_parameters; i++)
    g_clear_pointer (&given[i], g_variant_unref);

  return result;
}
