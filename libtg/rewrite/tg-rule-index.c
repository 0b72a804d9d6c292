/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-index-private.h"

void
tg_rule_index_free (TgRuleIndex *self)
{
  for (guint i = 0; i < TG_N_OPS; i++)
    g_clear_pointer (&self->roots[i], g_ptr_array_unref);
  g_ptr_array_unref (self->matchers);
  g_free (self);
}

static void
add (TgRuleIndex *self,
     guint        root,
     TgMatcher   *matcher)
{
  if (self->roots[root] == NULL)
    self->roots[root] = g_ptr_array_new ();

  g_ptr_array_add (self->roots[root], matcher);
}

static TgRuleIndex *
new_index (TgRuleSet *set)
{
  TgRuleIndex *self = g_new0 (TgRuleIndex, 1);

  self->matchers = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_matcher_free);
  for (guint i = 0; i < set->rules->len; i++)
    {
      TgRule *rule = set->rules->pdata[i];
      TgMatcher *matcher;

      if (rule->is_search)
        continue;

      matcher = tg_matcher_new (rule);
      g_ptr_array_add (self->matchers, matcher);
      if (rule->left->kind == TG_PATTERN_APPLY)
        add (self, tg_op_get_family (rule->left->op), matcher);
      for (guint op = 0; rule->left->kind == TG_PATTERN_FORM && op < TG_N_OPS; op++)
        {
          if (tg_ops[op].form == rule->left->form && tg_op_get_family (&tg_ops[op]) == op)
            add (self, op, matcher);
        }
    }

  return self;
}

const TgRuleIndex *
tg_rule_set_get_index (TgRuleSet *self)
{
  if (g_once_init_enter (&self->index))
    g_once_init_leave (&self->index, (gsize) new_index (self));

  return (const TgRuleIndex *) self->index;
}

GPtrArray *
tg_rule_index_find (const TgRuleIndex *self,
                    TgVariable        *variable)
{
  return self->roots[tg_op_get_family (variable->op)];
}
