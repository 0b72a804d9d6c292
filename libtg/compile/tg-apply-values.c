/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-apply-values-private.h"

#include "tg-backend.h"
#include "tg-test-value.h"

/* The inputs of an operator, each once. */
static GPtrArray *
list_inputs (TgVariable *variable)
{
  GPtrArray *inputs = g_ptr_array_new ();

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (!g_ptr_array_find (inputs, variable->inputs[i], NULL))
        g_ptr_array_add (inputs, variable->inputs[i]);
    }

  return inputs;
}

TgTensor *
tg_apply_values (TgVariable  *variable,
                 GError     **error)
{
  g_autoptr (GPtrArray) inputs = list_inputs (variable);
  g_autoptr (TgProgram) program = NULL;
  g_autofree TgTensor **slots = NULL;
  const TgRunOptions options = { NULL, };
  TgTensor *value = NULL;

  program = tg_program_new ((TgVariable *const *) inputs->pdata, inputs->len, &variable, 1, error);
  if (program == NULL)
    return NULL;

  tg_program_find_last_uses (program);
  slots = g_new0 (TgTensor *, program->variables->len);
  for (guint i = 0; i < inputs->len; i++)
    slots[i] = tg_variable_dup_test_value (inputs->pdata[i]);

  if (tg_backend_find ("reference")->run (program, NULL, slots, &options, error))
    value = g_steal_pointer (&slots[g_array_index (program->outputs, guint, 0)]);

  for (guint i = 0; i < program->variables->len; i++)
    g_clear_pointer (&slots[i], tg_tensor_unref);

  return value;
}
