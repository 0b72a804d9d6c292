/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-private.h"

#include "tg-rule-index-private.h"
#include "tg-rules-resource.h"

/**
 * TgRuleSet:
 *
 * Rewrite rules, in the order in which they are tried; a list of [class@Tg.Rule].
 *
 * Text has a rule a line. A heading in square brackets says what the rules behind it promise:
 *
 * ```
 * [stable]
 * log1p: log (1 + x) => log1p (x)
 * [real]
 * exp-log: exp (log (x)) => x assuming x > 0
 * ```
 *
 * Give a set to [method@Tg.Mode.add_rules] to have it used.
 */

static GType
tg_rule_set_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return TG_TYPE_RULE;
}

static guint
tg_rule_set_get_n_items (GListModel *model)
{
  return TG_RULE_SET (model)->rules->len;
}

static gpointer
tg_rule_set_get_item (GListModel *model,
                      guint       position)
{
  TgRuleSet *self = TG_RULE_SET (model);

  return position < self->rules->len ? g_object_ref (self->rules->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = tg_rule_set_get_item_type;
  interface->get_n_items = tg_rule_set_get_n_items;
  interface->get_item = tg_rule_set_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TgRuleSet, tg_rule_set, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
tg_rule_set_finalize (GObject *object)
{
  TgRuleSet *self = TG_RULE_SET (object);

  if (self->index != 0)
    tg_rule_index_free ((TgRuleIndex *) self->index);
  g_ptr_array_unref (self->rules);

  G_OBJECT_CLASS (tg_rule_set_parent_class)->finalize (object);
}

static void
tg_rule_set_class_init (TgRuleSetClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_rule_set_finalize;
}

static void
tg_rule_set_init (TgRuleSet *self)
{
  self->rules = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tg_rule_set_new:
 * @text: rules
 * @name: what messages and traces call the text, such as the name of its file; rules without a
 *   heading promise what this begins with, as in `exact.rules`, or else to be equal as real numbers
 * @error: return location for a [error@Tg.ParseError]
 *
 * Reads rules. Messages begin with name, line and column.
 *
 * Returns: (transfer full): a new set, or %NULL with @error set
 */
TgRuleSet *
tg_rule_set_new (const char  *text,
                 const char  *name,
                 GError     **error)
{
  g_autoptr (TgRuleSet) self = NULL;

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (name != NULL, NULL);

  self = g_object_new (TG_TYPE_RULE_SET, NULL);
  if (!tg_rules_read (text, name, FALSE, self->rules, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* The library's own files, in the order in which they are tried. */
static const char *const files[] = {
  "exact.rules", "stable.rules", "real.rules", "fast.rules", "final.rules", "search.rules",
};

static gpointer
read_default (gpointer data G_GNUC_UNUSED)
{
  TgRuleSet *self = g_object_new (TG_TYPE_RULE_SET, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = g_strconcat ("/org/libtg/rules/", files[i], NULL);
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) bytes = g_resource_lookup_data (tg_rules_get_resource (), path,
                                                         G_RESOURCE_LOOKUP_FLAGS_NONE, &error);

      if (bytes == NULL || !tg_rules_read (g_bytes_get_data (bytes, NULL), files[i], TRUE,
                                           self->rules, &error))
        g_error ("%s", error->message);
    }

  return self;
}

/**
 * tg_rule_set_get_default:
 *
 * Gets the rules of the library itself.
 *
 * Returns: (transfer none): the rules
 */
TgRuleSet *
tg_rule_set_get_default (void)
{
  static GOnce once = G_ONCE_INIT;

  return g_once (&once, read_default, NULL);
}

/**
 * tg_rule_set_find:
 * @self: rules
 * @name: the name of a rule
 *
 * Finds the first rule of that name.
 *
 * Returns: (transfer none) (nullable): the rule, or %NULL where there is none
 */
TgRule *
tg_rule_set_find (TgRuleSet  *self,
                  const char *name)
{
  g_return_val_if_fail (TG_IS_RULE_SET (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->rules->len; i++)
    {
      TgRule *rule = self->rules->pdata[i];

      if (strcmp (rule->name, name) == 0)
        return rule;
    }

  return NULL;
}
