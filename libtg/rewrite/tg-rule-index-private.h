/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-matcher-private.h"

G_BEGIN_DECLS

/* The rules of a set, by the operator that they are about: those of one are read and made ready
 * once a graph has it. */
typedef struct
{
  GPtrArray *rules[TG_N_OPS];    /* TgRule, borrowed; NULL: none */
  gsize      matchers[TG_N_OPS]; /* a GPtrArray of TgMatcher for each of these; 0: not yet */
} TgRuleIndex;

/* Of each set it is made once, and kept with the set. */
TgRuleIndex *tg_rule_set_get_index (TgRuleSet   *self);

/* The rules that a variable may match, or NULL. */
GPtrArray   *tg_rule_index_find    (TgRuleIndex *self,
                                    TgVariable  *variable);

void         tg_rule_index_free    (TgRuleIndex *self);

G_END_DECLS
