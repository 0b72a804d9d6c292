/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-version.h"

G_BEGIN_DECLS

/**
 * TgTestValueMode:
 * @TG_TEST_VALUE_MODE_OFF: operators that are applied compute nothing
 * @TG_TEST_VALUE_MODE_IGNORE: those whose inputs all have test values compute their own
 * @TG_TEST_VALUE_MODE_RAISE: the same, and an input without a test value is an error
 *
 * What becomes of test values while expressions are built.
 */
typedef enum
{
  TG_TEST_VALUE_MODE_OFF,
  TG_TEST_VALUE_MODE_IGNORE,
  TG_TEST_VALUE_MODE_RAISE,
} TgTestValueMode;

TG_AVAILABLE_IN_ALL
void tg_set_test_value_mode (TgTestValueMode mode);

TG_AVAILABLE_IN_ALL
TgTestValueMode tg_get_test_value_mode (void);

G_END_DECLS
