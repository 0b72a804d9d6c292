/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-test-value-mode.h"

#include "tg-backend.h"
#include "tg-test-value-private.h"

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

static TgTensor *
evaluate (TgVariable  *variable,
          GError     **error)
{
  g_autoptr (GPtrArray) inputs = list_inputs (variable);
  g_autoptr (TgProgram) program = NULL;
  g_autofree TgTensor **slots = NULL;
  const TgRunOptions options = { NULL, FALSE };
  TgTensor *value = NULL;

  program = tg_program_new ((TgVariable *const *) inputs->pdata, inputs->len, &variable, 1, error);
  if (program == NULL)
    return NULL;

  tg_program_find_last_uses (program);
  slots = g_new0 (TgTensor *, program->variables->len);
  for (guint i = 0; i < inputs->len; i++)
    slots[i] = tg_variable_dup_test_value (inputs->pdata[i]);

  if (tg_backend_get_default ()->run (program, slots, &options, error))
    value = g_steal_pointer (&slots[g_array_index (program->outputs, guint, 0)]);

  for (guint i = 0; i < program->variables->len; i++)
    g_clear_pointer (&slots[i], tg_tensor_unref);

  return value;
}

static const TgTestEvaluator ignoring = { FALSE, evaluate };
static const TgTestEvaluator raising = { TRUE, evaluate };

/**
 * tg_set_test_value_mode:
 * @mode: what operators do from now on
 *
 * Sets, for this thread, whether operators that are applied compute test values; at first, they do
 * not.
 *
 * Where they do, an operator computes a value of the test values of its inputs at once, see
 * [method@Tg.Variable.set_test_value], and an error is one of the line that applies the operator,
 * not of the function that runs it later.
 */
void
tg_set_test_value_mode (TgTestValueMode mode)
{
  switch (mode)
    {
    case TG_TEST_VALUE_MODE_IGNORE:
      tg_test_values_set_evaluator (&ignoring);
      break;

    case TG_TEST_VALUE_MODE_RAISE:
      tg_test_values_set_evaluator (&raising);
      break;

    case TG_TEST_VALUE_MODE_OFF:
    default:
      tg_test_values_set_evaluator (NULL);
      break;
    }
}

/**
 * tg_get_test_value_mode:
 *
 * Gets what this thread does about test values.
 *
 * Returns: what operators do
 */
TgTestValueMode
tg_get_test_value_mode (void)
{
  const TgTestEvaluator *evaluator = tg_test_values_get_evaluator ();

  if (evaluator == NULL)
    return TG_TEST_VALUE_MODE_OFF;

  return evaluator->needs_all ? TG_TEST_VALUE_MODE_RAISE : TG_TEST_VALUE_MODE_IGNORE;
}
