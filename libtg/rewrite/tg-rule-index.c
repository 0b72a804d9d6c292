/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-index-private.h"

#include <string.h>

#include "tg-expression-private.h"

void
tg_rule_index_free (TgRuleIndex *self)
{
  for (guint i = 0; i < TG_N_OPS; i++)
    {
      g_clear_pointer (&self->rules[i], g_ptr_array_unref);
      if (self->matchers[i] != 0)
        g_ptr_array_unref ((GPtrArray *) self->matchers[i]);
    }

  g_free (self);
}

/* What the left side of a rule is made by, as far as its text tells without being read whole. */
typedef struct
{
  const TgOpInfo *op;   /* NULL: any of the form */
  TgOpForm        form;
} Root;

/* The operator that a side begins with, where it has no sign outside brackets. */
static Root
find_first (const char *text)
{
  char name[32];
  gsize length = 0;

  while (length < sizeof name - 1 && (g_ascii_isalnum (text[length]) || text[length] == '_'))
    {
      name[length] = text[length];
      length++;
    }
  name[length] = '\0';

  if (text[0] == '-' || text[0] == '~')
    return (Root) { &tg_ops[text[0] == '-' ? TG_OP_NEGATIVE : TG_OP_BITWISE_INVERT],
                    TG_FORM_ELEMENTWISE };

  return (Root) { tg_op_info_find (name),
                  name[0] == 'r' ? TG_FORM_REDUCE : TG_FORM_ELEMENTWISE };
}

/* The sign between two operands outside brackets that binds least, or else the first operator. */
static Root
find_root (const char *text)
{
  guint depth = 0, least = G_MAXUINT;
  gboolean follows_value = FALSE;
  Root root = find_first (text);

  for (const char *next = text; *next != '\0' && !(next[0] == '=' && next[1] == '>');)
    {
      gsize length = depth == 0 && follows_value ? strspn (next, "+-*/%@&|^<>=!") : 0;

      if (length > 0)
        {
          char sign[4] = { 0, };
          guint precedence;

          memcpy (sign, next, MIN (length, 3));
          precedence = tg_notation_precedence (sign, FALSE);
          if (precedence < least)
            root.op = tg_op_info_find_sign (sign, FALSE);
          least = MIN (least, precedence);
          follows_value = FALSE;
          next += length;
          continue;
        }

      depth += *next == '(' || *next == '[';
      depth -= *next == ')' || *next == ']';
      follows_value = g_ascii_isspace (*next) ? follows_value : *next != '-' && *next != '~';
      next++;
    }

  return root;
}

static void
add (TgRuleIndex *self,
     guint        family,
     TgRule      *rule)
{
  if (self->rules[family] == NULL)
    self->rules[family] = g_ptr_array_new ();

  g_ptr_array_add (self->rules[family], rule);
}

static TgRuleIndex *
new_index (TgRuleSet *set)
{
  TgRuleIndex *self = g_new0 (TgRuleIndex, 1);

  for (guint i = 0; i < set->rules->len; i++)
    {
      TgRule *rule = set->rules->pdata[i];
      Root root;

      if (rule->is_search)
        continue;

      root = find_root (rule->text);
      if (root.op != NULL)
        add (self, tg_op_get_family (root.op), rule);
      for (guint op = 0; root.op == NULL && op < TG_N_OPS; op++)
        {
          if (tg_ops[op].form == root.form && tg_op_get_family (&tg_ops[op]) == op)
            add (self, op, rule);
        }
    }

  return self;
}

TgRuleIndex *
tg_rule_set_get_index (TgRuleSet *self)
{
  if (g_once_init_enter (&self->index))
    g_once_init_leave (&self->index, (gsize) new_index (self));

  return (TgRuleIndex *) self->index;
}

GPtrArray *
tg_rule_index_find (TgRuleIndex *self,
                    TgVariable  *variable)
{
  TgOpId family = tg_op_get_family (variable->op);

  if (self->rules[family] == NULL)
    return NULL;

  if (g_once_init_enter (&self->matchers[family]))
    {
      GPtrArray *matchers = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_matcher_free);

      for (guint i = 0; i < self->rules[family]->len; i++)
        {
          TgRule *rule = self->rules[family]->pdata[i];

          tg_rule_read_algebra (rule);
          g_ptr_array_add (matchers, tg_matcher_new (rule));
        }
      g_once_init_leave (&self->matchers[family], (gsize) matchers);
    }

  return (GPtrArray *) self->matchers[family];
}
