/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-accuracy-private.h"

#include "tg-error.h"
#include "tg-json-private.h"
#include "tg-traverse-private.h"

/**
 * TgAccuracyNode:
 *
 * An operator of an expression, and what it is wrong by.
 */
struct _TgAccuracyNode
{
  GObject     parent_instance;
  TgVariable *variable;
  double      local_error;
  double      total_error;
};

G_DEFINE_FINAL_TYPE (TgAccuracyNode, tg_accuracy_node, G_TYPE_OBJECT)

static void
tg_accuracy_node_finalize (GObject *object)
{
  g_object_unref (TG_ACCURACY_NODE (object)->variable);

  G_OBJECT_CLASS (tg_accuracy_node_parent_class)->finalize (object);
}

static void
tg_accuracy_node_class_init (TgAccuracyNodeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_accuracy_node_finalize;
}

static void
tg_accuracy_node_init (TgAccuracyNode *self G_GNUC_UNUSED)
{
}

TgAccuracyNode *
tg_accuracy_node_new (TgVariable *variable,
                      double      local_error,
                      double      total_error)
{
  TgAccuracyNode *self = g_object_new (TG_TYPE_ACCURACY_NODE, NULL);

  self->variable = g_object_ref (variable);
  self->local_error = local_error;
  self->total_error = total_error;

  return self;
}

/**
 * tg_accuracy_node_get_variable:
 * @self: a node of a report
 *
 * Gets the part of the expression that this is about, in terms of 0-d symbols.
 *
 * Returns: (transfer none): the variable
 */
TgVariable *
tg_accuracy_node_get_variable (TgAccuracyNode *self)
{
  g_return_val_if_fail (TG_IS_ACCURACY_NODE (self), NULL);

  return self->variable;
}

/**
 * tg_accuracy_node_get_local_error:
 * @self: a node of a report
 *
 * Gets what the operator would be wrong by if its inputs were right to the last bit: where this is
 * large, accuracy is lost.
 *
 * Returns: the mean, in bits
 */
gdouble
tg_accuracy_node_get_local_error (TgAccuracyNode *self)
{
  g_return_val_if_fail (TG_IS_ACCURACY_NODE (self), 0);

  return self->local_error;
}

/**
 * tg_accuracy_node_get_total_error:
 * @self: a node of a report
 *
 * Gets what the operator is wrong by, together with all that is computed before it.
 *
 * Returns: the mean, in bits
 */
gdouble
tg_accuracy_node_get_total_error (TgAccuracyNode *self)
{
  g_return_val_if_fail (TG_IS_ACCURACY_NODE (self), 0);

  return self->total_error;
}

/**
 * TgAccuracyReport:
 *
 * How accurate an expression is, as it is written and as it is optimised; a list of
 * [class@Tg.AccuracyNode], one for each operator as it is written.
 *
 * Errors are in bits: the logarithm, to base 2, of one plus the floats that lie between a result
 * and the one nearest to the truth. 0 is right to the last bit, 53 is all wrong in float64. Truth
 * is computed by MPFR in as many bits as it takes.
 */
struct _TgAccuracyReport
{
  GObject    parent_instance;
  GPtrArray *sections; /* TgAccuracySection */
  GPtrArray *nodes;    /* TgAccuracyNode */
  GPtrArray *skipped;  /* TgVariable that were not looked at */
};

static GType
tg_accuracy_report_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return TG_TYPE_ACCURACY_NODE;
}

static guint
tg_accuracy_report_get_n_items (GListModel *model)
{
  return TG_ACCURACY_REPORT (model)->nodes->len;
}

static gpointer
tg_accuracy_report_get_item (GListModel *model,
                             guint       position)
{
  TgAccuracyReport *self = TG_ACCURACY_REPORT (model);

  return position < self->nodes->len ? g_object_ref (self->nodes->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = tg_accuracy_report_get_item_type;
  interface->get_n_items = tg_accuracy_report_get_n_items;
  interface->get_item = tg_accuracy_report_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TgAccuracyReport, tg_accuracy_report, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
tg_accuracy_report_finalize (GObject *object)
{
  TgAccuracyReport *self = TG_ACCURACY_REPORT (object);

  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->nodes);
  g_ptr_array_unref (self->skipped);

  G_OBJECT_CLASS (tg_accuracy_report_parent_class)->finalize (object);
}

static void
tg_accuracy_report_class_init (TgAccuracyReportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_accuracy_report_finalize;
}

static void
tg_accuracy_report_init (TgAccuracyReport *self)
{
  self->sections = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_accuracy_section_free);
  self->nodes = g_ptr_array_new_with_free_func (g_object_unref);
  self->skipped = g_ptr_array_new_with_free_func (g_object_unref);
}

/* Ranges that are given, and those that follow from what a graph says. */
typedef struct
{
  GHashTable *given; /* TgVariable → TgRange */
  TgRewriter  rewriter;
} Ranges;

static TgRange
get_range (gpointer    data,
           TgVariable *variable)
{
  Ranges *self = data;
  const TgRange *given = g_hash_table_lookup (self->given, variable);

  return given != NULL ? *given : tg_rewriter_get_range (&self->rewriter, variable);
}

static gboolean
add_ranges (Ranges             *self,
            TgVariable *const  *variables,
            const gdouble      *lows,
            const gdouble      *highs,
            gsize               n_variables,
            GError            **error)
{
  for (gsize i = 0; i < n_variables; i++)
    {
      TgRange range = { lows[i], highs[i], FALSE, FALSE };

      if (!(lows[i] <= highs[i]))
        {
          g_autofree char *text = tg_variable_describe (variables[i], variables[i]->type);

          g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_VALUE,
                       "the range of %s is empty: it goes from %g to %g", text, lows[i],
                       highs[i]);
          return FALSE;
        }

      g_hash_table_insert (self->given, variables[i], g_memdup2 (&range, sizeof range));
    }

  return TRUE;
}

/* Where regions of elementwise operators end. */
static GHashTable *
find_roots (GPtrArray  *order,
            TgVariable *expression)
{
  GHashTable *roots = g_hash_table_new (NULL, NULL);

  g_hash_table_add (roots, expression);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          TgVariable *input = variable->inputs[k];

          if (!tg_cluster_takes (variable) || !tg_cluster_takes (input)
              || !tg_cluster_joins (variable, input))
            g_hash_table_add (roots, input);
        }
    }

  return roots;
}

static void
add_section (TgAccuracyReport *self,
             TgVariable       *root,
             const TgFacts    *facts)
{
  g_autoptr (GHashTable) stops = g_hash_table_new (NULL, NULL);
  g_autoptr (TgCluster) cluster = tg_cluster_new (root, stops, facts);
  TgAccuracySection *section = tg_accuracy_section_new (cluster);

  if (section == NULL)
    {
      g_ptr_array_add (self->skipped, g_object_ref (root));
      return;
    }

  g_ptr_array_add (self->sections, section);
  for (guint i = 0; i < section->nodes->len; i++)
    g_ptr_array_add (self->nodes, g_object_ref (section->nodes->pdata[i]));
}

static void
look_at (TgAccuracyReport *self,
         TgVariable       *expression,
         const TgFacts    *facts)
{
  g_autoptr (GPtrArray) order = tg_traverse (&expression, 1, NULL);
  g_autoptr (GHashTable) roots = find_roots (order, expression);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (variable->op == NULL)
        continue;

      if (!tg_cluster_takes (variable))
        g_ptr_array_add (self->skipped, g_object_ref (variable));
      else if (g_hash_table_contains (roots, variable)
               && variable->type->dtype != TG_DTYPE_BOOL)
        add_section (self, variable, facts);
    }
}

/**
 * tg_accuracy:
 * @expression: an expression
 * @variables: (array length=n_variables): variables whose range is known
 * @n_variables: how many there are
 * @lows: (array length=n_lows): for each of @variables the least that its elements are
 * @n_lows: as many as @n_variables
 * @highs: (array length=n_highs): for each the greatest
 * @n_highs: as many as @n_variables
 * @error: return location for a [error@Tg.TypeError]
 *
 * Measures how accurate an expression is.
 *
 * Elementwise operators are computed at points of the ranges, near their ends, over all binades and
 * where variables are nearly equal, and held against MPFR. What operators of other kinds, such as
 * reductions, give to elementwise ones is taken for a variable of its own; the report says what was
 * not looked at.
 *
 * Returns: (transfer full): a report, or %NULL with @error set
 */
TgAccuracyReport *
tg_accuracy (TgVariable        *expression,
             TgVariable *const *variables,
             gsize              n_variables,
             const gdouble     *lows,
             gsize              n_lows,
             const gdouble     *highs,
             gsize              n_highs,
             GError           **error)
{
  g_autoptr (TgAccuracyReport) self = NULL;
  Ranges ranges = { 0 };
  TgFacts facts;
  gboolean success;

  g_return_val_if_fail (TG_IS_VARIABLE (expression), NULL);

  if (n_lows != n_variables || n_highs != n_variables)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "there are %" G_GSIZE_FORMAT " variables, but %" G_GSIZE_FORMAT
                   " lower and %" G_GSIZE_FORMAT " upper ends", n_variables, n_lows, n_highs);
      return NULL;
    }

  self = g_object_new (TG_TYPE_ACCURACY_REPORT, NULL);
  ranges.given = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  tg_rewriter_init (&ranges.rewriter);
  facts = tg_rewriter_get_facts (&ranges.rewriter);
  facts.get_range = get_range;
  facts.data = &ranges;

  success = add_ranges (&ranges, variables, lows, highs, n_variables, error);
  if (success)
    look_at (self, expression, &facts);

  mpfr_free_cache2 (MPFR_FREE_LOCAL_CACHE);
  tg_rewriter_clear (&ranges.rewriter);
  g_hash_table_unref (ranges.given);

  return success ? g_steal_pointer (&self) : NULL;
}

/**
 * tg_accuracy_report_get_mean_error:
 * @self: a report
 * @optimised: whether to take the expression as it is optimised, not as it is written
 *
 * Gets the mean error over the points: that of the elementwise part that is least accurate.
 *
 * Returns: the error, in bits
 */
gdouble
tg_accuracy_report_get_mean_error (TgAccuracyReport *self,
                                   gboolean          optimised)
{
  double result = 0;

  g_return_val_if_fail (TG_IS_ACCURACY_REPORT (self), 0);

  for (guint i = 0; i < self->sections->len; i++)
    {
      const TgAccuracySection *section = self->sections->pdata[i];

      result = MAX (result, optimised ? section->after.mean : section->before.mean);
    }

  return result;
}

/**
 * tg_accuracy_report_get_worst_error:
 * @self: a report
 * @optimised: whether to take the expression as it is optimised, not as it is written
 *
 * Gets the largest error at any of the points.
 *
 * Returns: the error, in bits
 */
gdouble
tg_accuracy_report_get_worst_error (TgAccuracyReport *self,
                                    gboolean          optimised)
{
  double result = 0;

  g_return_val_if_fail (TG_IS_ACCURACY_REPORT (self), 0);

  for (guint i = 0; i < self->sections->len; i++)
    {
      const TgAccuracySection *section = self->sections->pdata[i];

      result = MAX (result, optimised ? section->after.worst : section->before.worst);
    }

  return result;
}

/**
 * tg_accuracy_report_list_skipped:
 * @self: a report
 * @n_variables: (out): return location for how many there are
 *
 * Lists what was not looked at: operators that are not elementwise, such as reductions, and
 * elementwise parts of which there is no telling.
 *
 * Returns: (array length=n_variables) (transfer full): variables, in the order in which they are
 *   computed
 */
TgVariable **
tg_accuracy_report_list_skipped (TgAccuracyReport *self,
                                 gsize            *n_variables)
{
  TgVariable **skipped;

  g_return_val_if_fail (TG_IS_ACCURACY_REPORT (self), NULL);
  g_return_val_if_fail (n_variables != NULL, NULL);

  *n_variables = self->skipped->len;
  skipped = g_new0 (TgVariable *, self->skipped->len + 1);
  for (guint i = 0; i < self->skipped->len; i++)
    skipped[i] = g_object_ref (self->skipped->pdata[i]);

  return skipped;
}

static void
append_errors (GString                 *text,
               const TgAccuracySection *section,
               const TgErrors          *errors)
{
  g_string_append_printf (text, "mean %.1f bits, worst %.1f", errors->mean, errors->worst);
  for (guint i = 0; i < section->symbols->len && errors->worst > 0; i++)
    {
      TgVariable *symbol = section->symbols->pdata[i];

      g_string_append_printf (text, "%s%s = %.17g", i > 0 ? ", " : " where ", symbol->name,
                              errors->point[i]);
    }
  g_string_append_c (text, '\n');
}

/* A form, each line of it behind the margin, and its errors. */
static void
append_form (GString                 *text,
             const char              *title,
             TgVariable              *form,
             const TgAccuracySection *section,
             const TgErrors          *errors)
{
  g_autofree char *written = tg_variable_to_string (form);
  g_auto (GStrv) lines = g_strsplit (written, "\n", -1);
  g_autofree char *joined = g_strjoinv ("\n           ", lines);

  g_string_append_printf (text, "%-11s%s\n           ", title, joined);
  append_errors (text, section, errors);
}

static void
append_section (GString                 *text,
                const TgAccuracySection *section)
{
  append_form (text, "written", section->written, section, &section->before);
  append_form (text, "optimised", section->optimised, section, &section->after);
  g_string_append (text, "  local   total\n");
  for (guint i = 0; i < section->nodes->len; i++)
    {
      TgAccuracyNode *node = section->nodes->pdata[i];
      g_autofree char *part = tg_variable_to_string (node->variable);

      g_string_append_printf (text, "  %5.1f   %5.1f   %s\n", node->local_error,
                              node->total_error, g_strdelimit (part, "\n", ' '));
    }
}

/**
 * tg_accuracy_report_to_string:
 * @self: a report
 *
 * Writes the report for people: each elementwise part, as it is written and as it is optimised,
 * with its mean and its worst error and where that is; then for each operator what it loses by
 * itself, and what it is wrong by.
 *
 * Returns: (transfer full): the text
 */
char *
tg_accuracy_report_to_string (TgAccuracyReport *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_ACCURACY_REPORT (self), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->sections->len; i++)
    append_section (text, self->sections->pdata[i]);

  for (guint i = 0; i < self->skipped->len; i++)
    {
      TgVariable *variable = self->skipped->pdata[i];

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "not looked at: ",
                              variable->op->name);
    }
  g_string_append (text, self->skipped->len > 0 ? "\n" : "");

  return g_string_free (text, FALSE);
}

static void
append_member (GString    *text,
               const char *name,
               TgVariable *variable)
{
  g_autofree char *value = tg_variable_to_string (variable);

  g_string_append_printf (text, "\"%s\": ", name);
  tg_json_append_string (text, value);
}

static void
append_json_errors (GString                 *text,
                    const char              *name,
                    const TgAccuracySection *section,
                    const TgErrors          *errors)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_string_append_printf (text, ", \"%s\": {\"mean\": %s", name,
                          g_ascii_dtostr (buffer, sizeof buffer, errors->mean));
  g_string_append_printf (text, ", \"worst\": %s, \"point\": {",
                          g_ascii_dtostr (buffer, sizeof buffer, errors->worst));
  for (guint i = 0; i < section->symbols->len; i++)
    {
      TgVariable *symbol = section->symbols->pdata[i];

      g_string_append (text, i > 0 ? ", " : "");
      tg_json_append_string (text, symbol->name);
      g_string_append_printf (text, ": %s",
                              g_ascii_dtostr (buffer, sizeof buffer, errors->point[i]));
    }
  g_string_append (text, "}}");
}

/**
 * tg_accuracy_report_to_json:
 * @self: a report
 *
 * Writes the report as a list of objects of JSON, one for each elementwise part, with the members
 * `written`, `optimised`, `before` and `after`, which have `mean`, `worst` and `point`, and
 * `nodes`, which have `variable`, `local` and `total`.
 *
 * Returns: (transfer full): the text
 */
char *
tg_accuracy_report_to_json (TgAccuracyReport *self)
{
  GString *text;
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  g_return_val_if_fail (TG_IS_ACCURACY_REPORT (self), NULL);

  text = g_string_new ("[");
  for (guint i = 0; i < self->sections->len; i++)
    {
      const TgAccuracySection *section = self->sections->pdata[i];

      g_string_append (text, i > 0 ? ",\n{" : "{");
      append_member (text, "written", section->written);
      g_string_append (text, ", ");
      append_member (text, "optimised", section->optimised);
      append_json_errors (text, "before", section, &section->before);
      append_json_errors (text, "after", section, &section->after);
      g_string_append (text, ", \"nodes\": [");
      for (guint k = 0; k < section->nodes->len; k++)
        {
          TgAccuracyNode *node = section->nodes->pdata[k];

          g_string_append (text, k > 0 ? ", {" : "{");
          append_member (text, "variable", node->variable);
          g_string_append_printf (text, ", \"local\": %s",
                                  g_ascii_dtostr (buffer, sizeof buffer, node->local_error));
          g_string_append_printf (text, ", \"total\": %s}",
                                  g_ascii_dtostr (buffer, sizeof buffer, node->total_error));
        }
      g_string_append (text, "]}");
    }
  g_string_append (text, "]");

  return g_string_free (text, FALSE);
}
