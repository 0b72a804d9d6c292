/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cluster-private.h"
#include "tg-search-private.h"
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
  GHashTable      *known;   /* GBytes → Known */
  GHashTable      *sizes;   /* TgVariable → items of its region, as if it were a tree */
  GHashTable      *roots;   /* TgVariable where clusters end */
  GHashTable      *cuts;    /* those of them that other clusters do not look through */
  GHashTable      *conditions; /* truth values by which something inside a cluster is chosen */
  GHashTable      *settled; /* TgVariable → the same, of what became of its leaves */
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

static gboolean
takes (Search     *self,
       TgVariable *variable)
{
  return tg_cluster_takes (variable)
         && (self->options->stops == NULL
             || !g_hash_table_contains (self->options->stops, variable));
}

static gboolean
is_truth (TgVariable *variable)
{
  return variable->type->dtype == TG_DTYPE_BOOL;
}

/* Whether a variable is inside the region of the one that uses it.  A comparison that no cluster
 * contains compares what others see of its operands. */
static gboolean
goes_through (Search     *self,
              TgVariable *user,
              TgVariable *input)
{
  return takes (self, user) && takes (self, input) && tg_cluster_joins (user, input)
         && !g_hash_table_contains (self->cuts, input)
         && (!is_truth (user) || g_hash_table_contains (self->conditions, user));
}

static void
find_conditions (Search    *self,
                 GPtrArray *order)
{
  for (guint i = order->len; i-- > 0;)
    {
      TgVariable *variable = order->pdata[i];

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          if (is_truth (variable->inputs[k]) && goes_through (self, variable, variable->inputs[k]))
            g_hash_table_add (self->conditions, variable->inputs[k]);
        }
    }
}

static guint
get_size (Search     *self,
          TgVariable *variable)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->sizes, variable));
}

/* Finds where clusters end: at what others than elementwise operators use, and where they would
 * become too large. */
static void
find_roots (Search    *self,
            GPtrArray *order,
            GPtrArray *outputs)
{
  for (guint i = 0; i < outputs->len; i++)
    g_hash_table_add (self->roots, outputs->pdata[i]);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];
      guint size = 1;

      for (guint k = 0; k < variable->n_inputs; k++)
        size += goes_through (self, variable, variable->inputs[k])
                  ? get_size (self, variable->inputs[k]) : 1;

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          TgVariable *input = variable->inputs[k];

          if (size > TG_CLUSTER_MAX_ITEMS && get_size (self, input) > TG_CLUSTER_MAX_ITEMS / 4
              && goes_through (self, variable, input))
            {
              size -= get_size (self, input) - 1;
              g_hash_table_add (self->cuts, input);
            }

          if (!goes_through (self, variable, input))
            g_hash_table_add (self->roots, input);
        }

      g_hash_table_insert (self->sizes, variable, GUINT_TO_POINTER (size));
    }
}

/* The variable, of what became of its inputs. */
static TgVariable *
settle (Search     *self,
        TgVariable *variable)
{
  g_autofree TgVariable **inputs = g_new (TgVariable *, variable->n_inputs + 1);

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      TgVariable *input = variable->inputs[i];
      GHashTable *table = goes_through (self, variable, input) ? self->settled : self->final;

      inputs[i] = g_hash_table_lookup (table, input);
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

  if (self->rules == NULL)
    self->rules = tg_search_list_rules (self->options);

  known->formula = tg_search_formula (cluster->formula, cluster->ranges, self->rules,
                                      get_flags (self->options), &known->result);
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

/* What stands for a root, once all that it depends on is settled. */
static TgVariable *
improve (Search     *self,
         TgVariable *root)
{
  g_autoptr (TgCluster) cluster = NULL;
  g_autofree char *reason = NULL;
  const Known *known;
  TgVariable *result;

  if (!tg_cluster_takes (root) || is_truth (root))
    return root;

  cluster = tg_cluster_new (root, self->stops, &self->facts);
  if (!is_worth_a_look (cluster->formula))
    return root;

  known = look_up (self, cluster);
  if (known->formula == NULL)
    return root;

  result = tg_cluster_build (cluster, known->formula, &self->rewriter);
  if (result == NULL)
    return root;

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
  TgVariable *settled = settle (self, variable);
  TgVariable *final = settled;

  g_hash_table_insert (self->settled, variable, settled);
  if (g_hash_table_contains (self->roots, variable) || g_hash_table_contains (self->cuts, variable))
    {
      if (takes (self, variable))
        final = improve (self, settled);
    }

  if (g_hash_table_contains (self->cuts, variable)
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
  self->sizes = g_hash_table_new (NULL, NULL);
  self->roots = g_hash_table_new (NULL, NULL);
  self->cuts = g_hash_table_new (NULL, NULL);
  self->conditions = g_hash_table_new (NULL, NULL);
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
  g_hash_table_unref (self->conditions);
  g_hash_table_unref (self->cuts);
  g_hash_table_unref (self->roots);
  g_hash_table_unref (self->sizes);
  g_hash_table_unref (self->known);
  g_clear_pointer (&self->rules, g_ptr_array_unref);
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
  find_conditions (&self, order);
  find_roots (&self, order, outputs);
  for (guint i = 0; i < order->len; i++)
    visit (&self, order->pdata[i]);

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
