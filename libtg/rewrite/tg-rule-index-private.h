/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-matcher-private.h"

G_BEGIN_DECLS

/* The rules of a set, made ready, by the operator that they begin with. */
typedef struct
{
  GPtrArray *matchers;        /* all; owned */
  GPtrArray *roots[TG_N_OPS]; /* borrowed; NULL: none */
} TgRuleIndex;

/* Of each set it is made once, and kept with the set. */
const TgRuleIndex *tg_rule_set_get_index (TgRuleSet         *self);

/* The rules that a variable may match, or NULL. */
GPtrArray         *tg_rule_index_find    (const TgRuleIndex *self,
                                          TgVariable        *variable);

void               tg_rule_index_free    (TgRuleIndex       *self);

G_END_DECLS
