/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-memory-private.h"

#include <string.h>

#include "tg-disk-cache-private.h"
#include "tg-search-version.h"

/* A result; the items of a formula, if there is one: what they are, the operator, the leaf, the
 * inputs and the number. */
#define RESULT_TYPE G_VARIANT_TYPE ("(dduuma(uuuaud))")
#define ITEMS_TYPE G_VARIANT_TYPE ("a(uuuaud)")
#define INPUTS_TYPE G_VARIANT_TYPE ("au")

struct _TgSearchMemory
{
  TgDiskCache *cache;
  GChecksum   *basis; /* of all that a result depends on besides the cluster */
};

static void
add_text (GChecksum  *basis,
          const char *text)
{
  g_checksum_update (basis, (const guchar *) text, (gssize) strlen (text) + 1);
}

static void
add_rules (GChecksum              *basis,
           const TgRewriteOptions *options,
           TgRuleSet              *set)
{
  for (guint i = 0; i < set->rules->len; i++)
    {
      const TgRule *rule = set->rules->pdata[i];

      if (!tg_rewrite_allows (options, rule))
        continue;

      add_text (basis, rule->name);
      add_text (basis, rule->text);
    }
}

TgSearchMemory *
tg_search_memory_new (const TgRewriteOptions *options,
                      TgSearchFlags           flags)
{
  TgSearchMemory *self = g_new0 (TgSearchMemory, 1);
  guint32 bytes = GUINT32_TO_LE ((guint32) flags);

  self->cache = tg_disk_cache_get_default ();
  if (self->cache == NULL)
    return self;

  self->basis = g_checksum_new (G_CHECKSUM_SHA256);
  add_text (self->basis, TG_SEARCH_VERSION);
  add_text (self->basis, mpfr_get_version ());
  g_checksum_update (self->basis, (const guchar *) &bytes, sizeof bytes);
  for (guint i = 0; options->rules != NULL && i < options->rules->len; i++)
    add_rules (self->basis, options, options->rules->pdata[i]);
  add_rules (self->basis, options, tg_rule_set_get_default ());

  return self;
}

void
tg_search_memory_free (TgSearchMemory *self)
{
  g_clear_pointer (&self->basis, g_checksum_free);
  g_free (self);
}

static char *
make_key (const TgSearchMemory *self,
          GBytes               *cluster)
{
  g_autoptr (GChecksum) checksum = g_checksum_copy (self->basis);
  gsize size;
  const guchar *data = g_bytes_get_data (cluster, &size);

  g_checksum_update (checksum, data, (gssize) size);

  return g_strdup (g_checksum_get_string (checksum));
}

static GVariant *
write_items (const TgFormula *formula)
{
  g_auto (GVariantBuilder) items = G_VARIANT_BUILDER_INIT (ITEMS_TYPE);

  for (guint i = 0; i < formula->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (formula, i);
      g_auto (GVariantBuilder) inputs = G_VARIANT_BUILDER_INIT (INPUTS_TYPE);

      for (guint k = 0; k < item->n_inputs; k++)
        g_variant_builder_add (&inputs, "u", item->inputs[k]);
      g_variant_builder_add (&items, "(uuuaud)", item->kind, item->op, item->leaf, &inputs,
                             item->number);
    }

  return g_variant_builder_end (&items);
}

/* FALSE where that cannot be. */
static gboolean
read_item (TgFormula *formula,
           GVariant  *value)
{
  guint kind, op, leaf, inputs[TG_OP_MAX_INPUTS], n_inputs = 0, input;
  double number;
  g_autoptr (GVariantIter) iter = NULL;

  g_variant_get (value, "(uuuaud)", &kind, &op, &leaf, &iter, &number);
  if (g_variant_iter_n_children (iter) > TG_OP_MAX_INPUTS)
    return FALSE;

  while (g_variant_iter_next (iter, "u", &input))
    {
      if (input >= formula->items->len)
        return FALSE;
      inputs[n_inputs++] = input;
    }

  if (kind == TG_FORMULA_LEAF && leaf < formula->n_leaves)
    tg_formula_add_leaf (formula, leaf);
  else if (kind == TG_FORMULA_NUMBER)
    tg_formula_add_number (formula, number);
  else if (kind == TG_FORMULA_APPLY && op < TG_N_OPS && n_inputs == tg_ops[op].n_inputs)
    tg_formula_add_apply (formula, op, inputs, n_inputs);
  else
    return FALSE;

  return TRUE;
}

static TgFormula *
read_items (const TgFormula *written,
            GVariant        *items)
{
  g_autoptr (TgFormula) formula = tg_formula_new (written->dtype, written->n_leaves);
  gsize n = g_variant_n_children (items);

  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (GVariant) item = g_variant_get_child_value (items, i);

      if (!read_item (formula, item))
        return NULL;
    }

  return n > 0 ? g_steal_pointer (&formula) : NULL;
}

gboolean
tg_search_memory_recall (TgSearchMemory   *self,
                         GBytes           *cluster,
                         const TgFormula  *written,
                         TgFormula       **found,
                         TgSearchResult   *result)
{
  g_autofree char *key = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) value = NULL;
  g_autoptr (GVariant) items = NULL;

  if (self->cache == NULL)
    return FALSE;

  key = make_key (self, cluster);
  bytes = tg_disk_cache_load (self->cache, key);
  if (bytes == NULL)
    return FALSE;

  value = g_variant_ref_sink (g_variant_new_from_bytes (RESULT_TYPE, bytes, FALSE));
  if (!g_variant_is_normal_form (value))
    return FALSE;

  g_variant_get (value, "(dduum@a(uuuaud))", &result->before, &result->after, &result->n_nodes,
                 &result->n_false, &items);
  *found = items != NULL ? read_items (written, items) : NULL;

  return items == NULL || *found != NULL;
}

void
tg_search_memory_keep (TgSearchMemory       *self,
                       GBytes               *cluster,
                       const TgFormula      *found,
                       const TgSearchResult *result)
{
  g_autofree char *key = NULL;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GVariant) value = NULL;

  if (self->cache == NULL)
    return;

  key = make_key (self, cluster);
  value = g_variant_ref_sink (g_variant_new ("(dduum@a(uuuaud))", result->before, result->after,
                                             result->n_nodes, result->n_false,
                                             found != NULL ? write_items (found) : NULL));
  bytes = g_variant_get_data_as_bytes (value);
  tg_disk_cache_store (self->cache, key, bytes);
}
