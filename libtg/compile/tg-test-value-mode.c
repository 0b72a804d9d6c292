/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-test-value-mode.h"

#include "tg-apply-values-private.h"
#include "tg-test-value-private.h"

static const TgTestEvaluator ignoring = { FALSE, tg_apply_values };
static const TgTestEvaluator raising = { TRUE, tg_apply_values };

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
