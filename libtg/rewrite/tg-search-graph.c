/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cluster-private.h"
#include "tg-search-memory-private.h"
#include "tg-search-regions-private.h"
#include "tg-traverse-private.h"

/* Of one graph: different clusters that are measured, those of them that are searched, and nodes of
 * their e-graphs. */
#define MAX_MEASURED 128
#define MAX_SEARCHED 32
#define MAX_NODES 8000

/* What is known of a cluster that was there already. */
typedef struct
{
  TgFormula     *formula; /* or NULL where it stays as it is */
  TgSearchResult result;
} Known;

typedef struct
{
  TgRewriter       rewriter;
  TgFacts          facts;
  const TgRewriteOptions *options;
  TgTrace         *trace;
  GPtrArray       *rules;   /* once a cluster is measured */
  TgSearchMemory  *memory;  /* likewise, or looked for there */
  GHashTable      *known;   /* GBytes → Known */
  TgRegions        regions;
  GHashTable      *settled; /* TgVariable → it as clusters see it inside */
  GHashTable      *final;   /* TgVariable → what stands for it */
  GHashTable      *stops;   /* what no cluster looks through, as it is now */
  TgSearchSummary  summary;
} Search;

static void
known_free (gpointer data)
{
  Known *self = data;

  g_clear_pointer (&self->formula, tg_formula_free);
  g_free (self);
}

static void
list_set (const TgRewriteOptions *options,
          TgRuleSet              *set,
          GPtrArray              *rules)
{
  for (guint i = 0; i < set->rules->len; i++)
    {
      TgRule *rule = set->rules->pdata[i];

      tg_rule_read_algebra (rule);
      if (rule->elementwise && tg_rewrite_allows (options, rule))
        g_ptr_array_add (rules, set->rules->pdata[i]);
    }
}

GPtrArray *
tg_search_list_rules (const TgRewriteOptions *options)
{
  GPtrArray *rules = g_ptr_array_new ();

  for (guint i = 0; options->rules != NULL && i < options->rules->len; i++)
    list_set (options, options->rules->pdata[i], rules);
  list_set (options, tg_rule_set_get_default (), rules);

  return rules;
}

/* The variable, of what stands for its inputs; those inside of its region are looked up in a table
 * of their own. */
static TgVariable *
rebuild (Search     *self,
         TgVariable *variable,
         GHashTable *inside)
{
  g_autofree TgVariable **inputs = g_new (TgVariable *, variable->n_inputs + 1);

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      TgVariable *input = variable->inputs[i];
      gboolean is_inside = tg_regions_goes_through (&self->regions, variable, input);

      inputs[i] = g_hash_table_lookup (is_inside ? inside : self->final, input);
    }

  return tg_rewriter_rebuild (&self->rewriter, variable, inputs);
}

static TgSearchFlags
get_flags (const TgRewriteOptions *options)
{
  TgSearchFlags flags = 0;

  if (tg_rewrite_may_assume (options))
    flags |= TG_SEARCH_MAY_ASSUME;
  if (options->is_thorough)
    flags |= TG_SEARCH_IS_THOROUGH;
  if (options->is_final)
    flags |= TG_SEARCH_IS_FINAL;

  return flags;
}

/* What is known from before, or else what a search finds. */
static void
find_form (Search          *self,
           const TgCluster *cluster,
           GBytes          *key,
           Known           *known)
{
  TgSearchFlags flags = get_flags (self->options);

  if (self->memory == NULL)
    self->memory = tg_search_memory_new (self->options, flags);
  if (tg_search_memory_recall (self->memory, key, cluster->formula, &known->formula,
                               &known->result))
    return;

  if (self->rules == NULL)
    self->rules = tg_search_list_rules (self->options);

  known->formula = tg_search_formula (cluster->formula, cluster->ranges, self->rules, flags,
                                      &known->result);
  tg_search_memory_keep (self->memory, key, known->formula, &known->result);
}

static const Known *
look_up (Search          *self,
         const TgCluster *cluster)
{
  GBytes *key = tg_cluster_get_key (cluster);
  Known *known = g_hash_table_lookup (self->known, key);

  if (known != NULL)
    {
      g_bytes_unref (key);
      return known;
    }

  known = g_new0 (Known, 1);
  g_hash_table_insert (self->known, key, known);
  if (self->summary.n_clusters >= MAX_MEASURED || self->summary.n_searched >= MAX_SEARCHED
      || self->summary.n_nodes >= MAX_NODES)
    {
      self->summary.n_left++;
      return known;
    }

  find_form (self, cluster, key, known);
  self->summary.n_clusters++;
  self->summary.n_searched += known->result.n_nodes > 0;
  self->summary.n_nodes += known->result.n_nodes;

  return known;
}

/* A formula of fewer operators loses nothing, or what one of them loses. */
static gboolean
is_worth_a_look (const TgFormula *formula)
{
  guint n_operators = 0;

  for (guint i = 0; i < formula->items->len; i++)
    n_operators += tg_formula_get (formula, i)->kind == TG_FORMULA_APPLY;

  return n_operators > 1 && formula->n_leaves > 0;
}

/* A better form of a root, once all that it depends on is settled, or NULL. */
static TgVariable *
improve (Search     *self,
         TgVariable *root)
{
  g_autoptr (TgCluster) cluster = NULL;
  g_autofree char *reason = NULL;
  const Known *known;
  TgVariable *result;

  if (!tg_cluster_takes (root) || root->type->dtype == TG_DTYPE_BOOL)
    return NULL;

  cluster = tg_cluster_new (root, self->stops, &self->facts);
  if (!is_worth_a_look (cluster->formula))
    return NULL;

  known = look_up (self, cluster);
  if (known->formula == NULL)
    return NULL;

  result = tg_cluster_build (cluster, known->formula, &self->rewriter);
  if (result == NULL)
    return NULL;

  self->summary.n_improved++;
  reason = g_strdup_printf ("%.1f bits of error before, %.1f after, of %u equal forms",
                            known->result.before, known->result.after, known->result.n_nodes);
  if (self->trace != NULL)
    tg_trace_add (self->trace, tg_rule_of_step (TG_STEP_SEARCH), root, result, 0, NULL, reason);

  return result;
}

static void
visit (Search     *self,
       TgVariable *variable)
{
  TgVariable *settled = rebuild (self, variable, self->settled);
  TgVariable *final = NULL;

  g_hash_table_insert (self->settled, variable, settled);
  if (g_hash_table_contains (self->regions.roots, variable)
      && tg_regions_takes (&self->regions, variable)
      && !g_cancellable_is_cancelled (self->options->cancellable))
    final = improve (self, settled);
  if (final == NULL) /* what has other users too is the same for all of them */
    final = rebuild (self, variable, self->final);

  if (g_hash_table_contains (self->regions.cuts, variable)
      || (self->options->stops != NULL && g_hash_table_contains (self->options->stops, variable)))
    g_hash_table_add (self->stops, final);

  g_hash_table_insert (self->final, variable, final);
}

static void
search_init (Search                 *self,
             const TgRewriteOptions *options,
             TgTrace                *trace)
{
  *self = (Search) { .options = options, .trace = trace };
  tg_rewriter_init (&self->rewriter);
  self->facts = tg_rewriter_get_facts (&self->rewriter);
  self->known = g_hash_table_new_full (g_bytes_hash, g_bytes_equal,
                                       (GDestroyNotify) g_bytes_unref, known_free);
  self->settled = g_hash_table_new (NULL, NULL);
  self->final = g_hash_table_new (NULL, NULL);
  self->stops = g_hash_table_new (NULL, NULL);
}

static void
search_clear (Search *self)
{
  g_hash_table_unref (self->stops);
  g_hash_table_unref (self->final);
  g_hash_table_unref (self->settled);
  tg_regions_clear (&self->regions);
  g_hash_table_unref (self->known);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
  g_clear_pointer (&self->memory, tg_search_memory_free);
  tg_rewriter_clear (&self->rewriter);
}

void
tg_search (GPtrArray              *outputs,
           const TgRewriteOptions *options,
           TgTrace                *trace,
           TgSearchSummary        *summary)
{
  g_autoptr (GPtrArray) order = NULL;
  Search self;

  search_init (&self, options, trace);
  order = tg_traverse ((TgVariable *const *) outputs->pdata, outputs->len, options->stops);
  tg_rewriter_count_uses (&self.rewriter, outputs);
  tg_regions_init (&self.regions, order, outputs, options->stops);
  for (guint i = 0; i < order->len; i++)
    {
      visit (&self, order->pdata[i]);
      if (options->report != NULL)
        options->report (options->report_data,
                         TG_SHARE_OF_RULES + (1 - TG_SHARE_OF_RULES) * (i + 1) / (order->len + 1));
    }

  for (guint i = 0; i < outputs->len; i++)
    {
      gpointer before = outputs->pdata[i];

      outputs->pdata[i] = g_object_ref (g_hash_table_lookup (self.final, before));
      g_object_unref (before);
    }

  if (summary != NULL)
    *summary = self.summary;
  search_clear (&self);
  mpfr_free_cache2 (MPFR_FREE_LOCAL_CACHE);
}
