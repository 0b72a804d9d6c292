/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-private.h"

#include <string.h>

/**
 * TgRule:
 *
 * A line of algebra: two expressions that are equal, of which the second is the better one.
 *
 * `log1p: log (1 + x) => log1p (x)` is a rule of the name `log1p`. A letter stands for any
 * expression, the same letter for the same expression. Behind `if` are conditions that must be
 * proven, behind `assuming` those that are taken for granted, and said so in the trace, where they
 * cannot be.
 */

G_DEFINE_FINAL_TYPE (TgRule, tg_rule, G_TYPE_OBJECT)

static const struct
{
  const char *name;
  TgPromise   promise;
} promises[] = {
  { "exact", TG_PROMISE_EXACT }, { "real", TG_PROMISE_REAL }, { "stable", TG_PROMISE_STABLE },
  { "fast", TG_PROMISE_FAST },
};

const char *
tg_promise_get_name (TgPromise promise)
{
  for (guint i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      if (promises[i].promise == promise)
        return promises[i].name;
    }

  return NULL;
}

TgPromise
tg_promise_from_name (const char *name,
                      gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      if (strlen (promises[i].name) == length && strncmp (promises[i].name, name, length) == 0)
        return promises[i].promise;
    }

  return TG_PROMISE_NONE;
}

TgPattern *
tg_pattern_new_letter (guint letter)
{
  TgPattern *pattern = g_new0 (TgPattern, 1);

  pattern->letter = letter;

  return pattern;
}

TgPattern *
tg_pattern_new_number (double number)
{
  TgPattern *pattern = g_new0 (TgPattern, 1);

  pattern->kind = TG_PATTERN_NUMBER;
  pattern->number = number;

  return pattern;
}

void
tg_pattern_free (TgPattern *pattern)
{
  for (guint i = 0; i < pattern->n_inputs; i++)
    g_clear_pointer (&pattern->inputs[i], tg_pattern_free);
  for (guint i = 0; i < TG_OP_MAX_PARAMETERS; i++)
    {
      g_clear_pointer (&pattern->attributes[i], g_variant_unref);
      g_clear_pointer (&pattern->attribute_calls[i], tg_pattern_free);
    }

  g_free (pattern);
}

static void
tg_rule_finalize (GObject *object)
{
  TgRule *self = TG_RULE (object);

  for (guint i = 0; i < self->n_letters; i++)
    g_free (self->letters[i].name);
  for (guint i = 0; i < self->n_conditions; i++)
    {
      g_free (self->conditions[i].text);
      g_clear_pointer (&self->conditions[i].sides[0], tg_pattern_free);
      g_clear_pointer (&self->conditions[i].sides[1], tg_pattern_free);
    }
  g_free (self->letters);
  g_free (self->conditions);
  g_clear_pointer (&self->left, tg_pattern_free);
  g_clear_pointer (&self->right, tg_pattern_free);
  g_free (self->name);
  g_clear_pointer (&self->file, g_ref_string_release);
  g_free (self->text);

  G_OBJECT_CLASS (tg_rule_parent_class)->finalize (object);
}

static void
tg_rule_class_init (TgRuleClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_rule_finalize;
}

static void
tg_rule_init (TgRule *self G_GNUC_UNUSED)
{
}

/**
 * tg_rule_get_name:
 * @self: a rule
 *
 * Gets the name, such as `log1p`.
 *
 * Returns: the name
 */
const char *
tg_rule_get_name (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), NULL);

  return self->name;
}

/**
 * tg_rule_get_file:
 * @self: a rule
 *
 * Gets the name of the file that the rule stands in, such as `stable.rules`.
 *
 * Returns: the name
 */
const char *
tg_rule_get_file (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), NULL);

  return self->file;
}

/**
 * tg_rule_get_line:
 * @self: a rule
 *
 * Gets the line of the file that the rule stands in, counted from 1.
 *
 * Returns: the line
 */
guint
tg_rule_get_line (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), 0);

  return self->line;
}

/**
 * tg_rule_get_text:
 * @self: a rule
 *
 * Gets the algebra, as it is written behind the name.
 *
 * Returns: the text
 */
const char *
tg_rule_get_text (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), NULL);

  return self->text;
}

/**
 * tg_rule_get_promise:
 * @self: a rule
 *
 * Gets what the rule promises: one of the flags.
 *
 * Returns: the promise
 */
TgPromise
tg_rule_get_promise (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), TG_PROMISE_NONE);

  return self->promise;
}

/**
 * tg_rule_to_string:
 * @self: a rule
 *
 * Writes the rule as it is read, name and all.
 *
 * Returns: (transfer full): the text
 */
char *
tg_rule_to_string (TgRule *self)
{
  g_return_val_if_fail (TG_IS_RULE (self), NULL);

  return g_strconcat (self->name, ": ", self->text, NULL);
}
