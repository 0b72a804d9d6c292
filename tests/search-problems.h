/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* Formulas that lose accuracy as people write them, with the ranges of what they are made from. */

#include <tg.h>

#include "tg-search-private.h"

typedef struct
{
  const char *text;
  TgRange     ranges[3]; /* of x, y and z */
} Problem;

#define POSITIVE { 0, INFINITY, TRUE, FALSE }
#define ANY { -INFINITY, INFINITY, FALSE, FALSE }
#define BETWEEN(low, high) { low, high, FALSE, FALSE }

/* Those that come within 2 bits of the truth. */
static const Problem problems[] = {
  { "sqrt (x + 1) - sqrt (x)", { POSITIVE } },
  { "1 / (x + 1) - 1 / x", { POSITIVE } },
  { "1 / (x + 1) - 2 / x + 1 / (x - 1)", { BETWEEN (1.5, 1e6) } },
  { "(x + 1) * (x + 1) - x * x", { BETWEEN (1, 1e20) } },
  { "x / (x - y) - y / (x - y)", { POSITIVE, POSITIVE } },
  { "cbrt (x + 1) - cbrt (x)", { POSITIVE } },
  { "1 / sqrt (x) - 1 / sqrt (x + 1)", { POSITIVE } },
  { "log (x + 1) - log (x)", { POSITIVE } },
  { "atan (x + 1) - atan (x)", { POSITIVE } },
  { "tan (x + y) - tan (x)", { BETWEEN (-1, 1), BETWEEN (1e-12, 0.25) } },
  { "sin (x + y) - sin (x)", { BETWEEN (-10, 10), BETWEEN (1e-12, 1) } },
  { "cos (x + y) - cos (x)", { BETWEEN (-10, 10), BETWEEN (1e-12, 1) } },
  { "(1 - cos (x)) / sin (x)", { BETWEEN (1e-9, 1) } },
  { "(1 - cos (x)) / x ** 2", { BETWEEN (1e-9, 10) } },
  { "exp (x * y) - 1", { ANY, ANY } },
  { "(-y + sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (100, 1e6), BETWEEN (0.01, 1) } },
  { "x - sqrt (x * x - 1)", { BETWEEN (1, 1e9) } },
  { "1 - sqrt (1 - x * x)", { BETWEEN (-1, 1) } },
  { "(exp (x) - 1) / (exp (2 * x) - 1)", { BETWEEN (1e-12, 10) } },
  { "exp (x) - exp (-x)", { BETWEEN (-20, 20) } },
  { "exp (x) - 2 + exp (-x)", { BETWEEN (-20, 20) } },
  { "log (1 + x) - x", { BETWEEN (1e-9, 1) } },
  { "x - sin (x)", { BETWEEN (1e-6, 3) } },
  { "exp (x) - 1 - x", { BETWEEN (-1, 1) } },
  { "log (x / y)", { BETWEEN (1, 2), BETWEEN (1, 2) } },
  { "log (x) - log (y)", { BETWEEN (1, 2), BETWEEN (1, 2) } },
  { "sqrt (x * x + y * y)", { ANY, ANY } },
  { "sqrt (x * x + 1) - 1", { ANY } },
  { "sqrt (x * x + 1) - x", { POSITIVE } },
  { "x * x - y * y", { POSITIVE, POSITIVE } },
  { "log (1 - x) - log (1 + x)", { BETWEEN (-0.9, 0.9) } },
  { "log (sqrt (x * x + 1) + x)", { BETWEEN (-1e6, 1e6) } },
  { "log ((1 + x) / (1 - x)) / 2", { BETWEEN (-0.9, 0.9) } },
  { "exp (x) / (exp (x) - 1)", { BETWEEN (1e-9, 700) } },
  { "1 / (exp (x) - 1)", { BETWEEN (1e-9, 700) } },
  { "x ** y - 1", { BETWEEN (0.9, 1.1), BETWEEN (0.001, 1) } },
  { "(1 + x) ** y - 1", { BETWEEN (1e-9, 0.1), BETWEEN (1, 30) } },
  { "log (exp (x) - 1)", { BETWEEN (1e-9, 1000) } },
  { "log (exp (x) + exp (y))", { BETWEEN (-1000, 1000), BETWEEN (-1000, 1000) } },
  { "exp (x) / (1 + exp (x))", { BETWEEN (-1000, 1000) } },
  { "(exp (x) - exp (-x)) / (exp (x) + exp (-x))", { BETWEEN (-1000, 1000) } },
  { "log ((exp (x) + exp (-x)) / 2)", { BETWEEN (-1000, 1000) } },
};

/* What no one form has within 2 bits, but series and branches. */
static const Problem hard_problems[] = {
  { "log (1 + exp (-x)) - log (2)", { ANY } },
  { "(-y + sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (-1e6, 1e6), BETWEEN (0.01, 1) } },
  { "(-y - sqrt (y * y - 4 * x * z)) / (2 * x)",
    { BETWEEN (0.01, 1), BETWEEN (-1e6, 1e6), BETWEEN (0.01, 1) } },
  { "x / sin (x) - 1", { BETWEEN (1e-9, 1) } },
  { "sin (x) / x - cos (x)", { BETWEEN (1e-9, 1) } },
  { "1 / log (1 + x) - 1 / x", { BETWEEN (1e-9, 1) } },
};

static inline GPtrArray *
list_rules (void)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT };

  return tg_search_list_rules (&options);
}

static inline TgFormula *
parse (const char *text)
{
  g_autoptr (GError) error = NULL;
  TgVariable *leaves[3];
  g_autoptr (TgVariable) variable = NULL;
  TgFormula *formula;
  static const char *const names[] = { "x", "y", "z" };

  for (guint i = 0; i < 3; i++)
    leaves[i] = tg_variable_new (names[i], TG_DTYPE_FLOAT64, 0);

  variable = tg_parse (text, leaves, 3, &error);
  g_assert_no_error (error);
  formula = tg_formula_new_from_variable (variable, leaves, 3);
  g_assert_nonnull (formula);
  for (guint i = 0; i < 3; i++)
    g_object_unref (leaves[i]);

  return formula;
}
