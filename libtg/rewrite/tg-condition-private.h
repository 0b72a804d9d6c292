/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-range-private.h"
#include "tg-rule-private.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

/* What the letters of a rule stand for. */
typedef struct
{
  TgVariable *variables[TG_RULE_MAX_LETTERS];
  GVariant   *attributes[TG_RULE_MAX_LETTERS];
} TgMatch;

/* What conditions may ask about an expression. */
typedef struct
{
  /* Where the values of a variable lie. */
  TgRange  (* get_range)  (gpointer data, TgVariable *variable);
  /* How often it is used. */
  guint    (* count_uses) (gpointer data, TgVariable *variable);
  /* Whether both certainly have the same shape, or the first is 0-d. */
  gboolean (* have_shape) (gpointer data, TgVariable *variable, TgVariable *like);
  gpointer    data;
} TgFacts;

/* What is known of the values of one expression. */
typedef struct
{
  TgDType  dtype;
  gboolean is_constant;
  gboolean is_number;
  double   number;
} TgSubject;

/* The words that conditions are written in, such as `constant (c)`. */
const TgConditionWord *tg_condition_find_word  (const char            *name);
guint                  tg_condition_count      (const TgConditionWord *word);

/* Whether what a word says of one expression holds of values that are in no graph; of how often
 * they are used, always. */
gboolean               tg_condition_judge      (const TgConditionWord *word,
                                                const TgSubject       *subject);

/* Whether a condition certainly holds. */
gboolean               tg_condition_holds      (const TgCondition     *condition,
                                                const TgMatch         *match,
                                                const TgFacts         *facts);

/* Whether it certainly does not. */
gboolean               tg_condition_fails      (const TgCondition     *condition,
                                                const TgMatch         *match,
                                                const TgFacts         *facts);

/* The same of a comparison, when only the ranges of letters are known. */
gboolean               tg_comparison_holds     (const TgCondition     *condition,
                                                const TgRange         *letters);

G_END_DECLS
