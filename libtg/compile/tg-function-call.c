/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function.h"

#include "tg-error.h"

/**
 * tg_function_call_single:
 * @self: a function of one output, and of one input or none
 * @input: (nullable): the value of the input, or %NULL if there is none
 * @error: return location for a [error@Tg.RunError], or what [method@Tg.Function.call] says
 *
 * Calls a function as [method@Tg.Function.call] does, without lists.
 *
 * It is shorter where it suffices, and is for languages whose bindings have no lists of tensors,
 * such as Ruby.
 *
 * Returns: (transfer full): the value of the output
 */
TgTensor *
tg_function_call_single (TgFunction  *self,
                         TgTensor    *input,
                         GError     **error)
{
  g_autofree TgTensor **outputs = NULL;
  gsize n_inputs = input != NULL ? 1 : 0;
  guint n_outputs;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  n_outputs = tg_function_get_n_outputs (self);
  if (n_outputs != 1)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS, "%s: it has %u outputs, not one",
                   tg_function_get_name (self), n_outputs);
      return NULL;
    }

  outputs = tg_function_call (self, &input, n_inputs, NULL, error);

  return outputs != NULL ? outputs[0] : NULL;
}
