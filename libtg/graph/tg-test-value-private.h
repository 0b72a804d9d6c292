/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-test-value.h"

G_BEGIN_DECLS

/* How operators compute their test values when they are applied.  This folder knows no backend: the
 * layer that does brings the function along when a person asks for test values. */
typedef struct
{
  gboolean   needs_all; /* whether an input without a test value is an error */
  /* The value of an operator, of the test values that its inputs all have. */
  TgTensor *(* evaluate) (TgVariable  *variable,
                          GError     **error);
} TgTestEvaluator;

/* Those of this thread; NULL: operators compute nothing.  `evaluator` is static. */
const TgTestEvaluator *tg_test_values_get_evaluator (void);
void                   tg_test_values_set_evaluator (const TgTestEvaluator *evaluator);

/* FALSE where an operator needs test values that its inputs do not have.  It is asked before a
 * composite one is made of others, which then need not expect that. */
gboolean               tg_test_value_check_inputs   (TgVariable *const  *inputs,
                                                     guint               n_inputs,
                                                     GError            **error);

/* Gives a new variable its test value where it is due; FALSE where that fails. */
gboolean               tg_test_value_compute        (TgVariable         *variable,
                                                     GError            **error);

G_END_DECLS
