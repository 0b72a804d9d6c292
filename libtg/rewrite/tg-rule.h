/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tg-version.h"

G_BEGIN_DECLS

/**
 * TgPromise:
 * @TG_PROMISE_NONE: no rule
 * @TG_PROMISE_EXACT: the same bits, for every input that there is
 * @TG_PROMISE_REAL: equal as real numbers; rounding, and what becomes of inf and nan, may differ
 * @TG_PROMISE_STABLE: equal as real numbers, and never farther from them than before
 * @TG_PROMISE_FAST: on request alone: faster, and less accurate
 * @TG_PROMISE_DEFAULT: all but @TG_PROMISE_FAST
 *
 * What a rewrite rule promises of the two sides that it calls equal.
 */
typedef enum /*< flags >*/
{
  TG_PROMISE_NONE = 0,
  TG_PROMISE_EXACT = 1 << 0,
  TG_PROMISE_REAL = 1 << 1,
  TG_PROMISE_STABLE = 1 << 2,
  TG_PROMISE_FAST = 1 << 3,
  TG_PROMISE_DEFAULT = TG_PROMISE_EXACT | TG_PROMISE_REAL | TG_PROMISE_STABLE,
} TgPromise;

#define TG_TYPE_RULE (tg_rule_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgRule, tg_rule, TG, RULE, GObject)

TG_AVAILABLE_IN_ALL
const char *tg_rule_get_name (TgRule *self);

TG_AVAILABLE_IN_ALL
const char *tg_rule_get_file (TgRule *self);

TG_AVAILABLE_IN_ALL
guint tg_rule_get_line (TgRule *self);

TG_AVAILABLE_IN_ALL
const char *tg_rule_get_text (TgRule *self);

TG_AVAILABLE_IN_ALL
TgPromise tg_rule_get_promise (TgRule *self);

TG_AVAILABLE_IN_ALL
char *tg_rule_to_string (TgRule *self);

#define TG_TYPE_RULE_SET (tg_rule_set_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgRuleSet, tg_rule_set, TG, RULE_SET, GObject)

TG_AVAILABLE_IN_ALL
TgRuleSet *tg_rule_set_new (const char  *text,
                            const char  *name,
                            GError     **error);

TG_AVAILABLE_IN_ALL
TgRuleSet *tg_rule_set_get_default (void);

TG_AVAILABLE_IN_ALL
TgRule *tg_rule_set_find (TgRuleSet  *self,
                          const char *name);

G_END_DECLS
