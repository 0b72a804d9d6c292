/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-test-value-private.h"

#include "tg-error.h"
#include "tg-origin-private.h"
#include "tg-variable-private.h"

static GPrivate evaluators = G_PRIVATE_INIT (NULL);

const TgTestEvaluator *
tg_test_values_get_evaluator (void)
{
  return g_private_get (&evaluators);
}

void
tg_test_values_set_evaluator (const TgTestEvaluator *evaluator)
{
  g_private_set (&evaluators, (gpointer) evaluator);
}

static gboolean
check_value (TgVariable  *self,
             TgTensor    *value,
             GError     **error)
{
  g_autofree char *text = NULL;
  g_autofree char *type_text = NULL;

  if (!TG_IS_CONSTANT (self) && !TG_IS_SHARED_VARIABLE (self)
      && tg_tensor_type_matches (self->type, value))
    return TRUE;

  text = tg_variable_describe (self, self->type);
  type_text = tg_shape_describe (value->dtype, value->shape, value->ndim);
  if (TG_IS_CONSTANT (self) || TG_IS_SHARED_VARIABLE (self))
    g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
                 "%s has a value of its own, which is its test value", text);
  else
    g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
                 "the test value of %s cannot be of type %s", text, type_text);

  return FALSE;
}

/**
 * tg_variable_set_test_value:
 * @self: a symbol, or an operator applied to variables
 * @value: (nullable): a value of its dtype and shape, or %NULL for none
 * @error: return location for an error
 *
 * Sets a value such as the variable might have when a function runs.
 *
 * Where [func@Tg.set_test_value_mode] asks for it, operators compute test values of those of their
 * inputs at once, so that a mistake is found in the line that makes it. Set it before other threads
 * use the variable.
 *
 * Returns: whether the value fits
 */
gboolean
tg_variable_set_test_value (TgVariable  *self,
                            TgTensor    *value,
                            GError     **error)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), FALSE);

  if (value != NULL && !check_value (self, value, error))
    return FALSE;

  g_clear_pointer (&self->test_value, tg_tensor_unref);
  self->test_value = value != NULL ? tg_tensor_ref (value) : NULL;

  return TRUE;
}

/**
 * tg_variable_dup_test_value:
 * @self: a variable
 *
 * Gets the test value; that of a constant or a shared variable is what it holds.
 *
 * Returns: (transfer full) (nullable): the value, or %NULL where there is none
 */
TgTensor *
tg_variable_dup_test_value (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  if (TG_IS_CONSTANT (self))
    return tg_tensor_ref (TG_CONSTANT (self)->value);

  if (TG_IS_SHARED_VARIABLE (self))
    return tg_shared_variable_dup_value (TG_SHARED_VARIABLE (self));

  return self->test_value != NULL ? tg_tensor_ref (self->test_value) : NULL;
}

static TgVariable *
find_without_value (TgVariable *const *inputs,
                    guint              n_inputs)
{
  for (guint i = 0; i < n_inputs; i++)
    {
      TgVariable *input = inputs[i];

      if (input->test_value == NULL && !TG_IS_CONSTANT (input) && !TG_IS_SHARED_VARIABLE (input))
        return input;
    }

  return NULL;
}

gboolean
tg_test_value_check_inputs (TgVariable *const  *inputs,
                            guint               n_inputs,
                            GError            **error)
{
  const TgTestEvaluator *evaluator = tg_test_values_get_evaluator ();
  g_autofree char *text = NULL;
  TgVariable *missing;

  /* What the library makes for a variable that is already there is no mistake of this line. */
  if (evaluator == NULL || !evaluator->needs_all || tg_origin_is_inside (TG_ORIGIN_VARIABLE))
    return TRUE;

  missing = find_without_value (inputs, n_inputs);
  if (missing == NULL)
    return TRUE;

  text = tg_variable_describe (missing, missing->type);
  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT, "%s has no test value", text);
  tg_origin_add_inputs (&missing, 1, error);

  return FALSE;
}

gboolean
tg_test_value_compute (TgVariable  *variable,
                       GError     **error)
{
  const TgTestEvaluator *evaluator = tg_test_values_get_evaluator ();
  g_autoptr (GError) problem = NULL;

  if (evaluator == NULL || find_without_value (variable->inputs, variable->n_inputs) != NULL)
    return TRUE;

  variable->test_value = evaluator->evaluate (variable, &problem);
  if (variable->test_value != NULL || tg_origin_is_inside (TG_ORIGIN_VARIABLE))
    return TRUE;

  g_propagate_prefixed_error (error, g_steal_pointer (&problem), "test values: ");

  return FALSE;
}
