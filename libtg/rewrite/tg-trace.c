/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-trace-private.h"

#include "tg-graph-private.h"
#include "tg-json-private.h"
#include "tg-rewriter-private.h"
#include "tg-rule-private.h"

/* Longer expressions are shortened in text for people. */
#define MAX_LENGTH 200

/**
 * TgTraceStep:
 *
 * One thing that the optimiser did: a rule, what it found, what it put there, and why.
 */
struct _TgTraceStep
{
  GObject     parent_instance;
  TgRule     *rule;
  TgVariable *before;
  TgVariable *after;
  char       *assumption;
  char       *reason;
};

G_DEFINE_FINAL_TYPE (TgTraceStep, tg_trace_step, G_TYPE_OBJECT)

static void
tg_trace_step_finalize (GObject *object)
{
  TgTraceStep *self = TG_TRACE_STEP (object);

  g_object_unref (self->rule);
  g_object_unref (self->before);
  g_object_unref (self->after);
  g_free (self->assumption);
  g_free (self->reason);

  G_OBJECT_CLASS (tg_trace_step_parent_class)->finalize (object);
}

static void
tg_trace_step_class_init (TgTraceStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_trace_step_finalize;
}

static void
tg_trace_step_init (TgTraceStep *self G_GNUC_UNUSED)
{
}

/**
 * TgTrace:
 *
 * What the optimiser did to a graph, step by step; a list of [class@Tg.TraceStep].
 */
struct _TgTrace
{
  GObject    parent_instance;
  GPtrArray *inputs;
  GPtrArray *outputs; /* as they are written */
  GPtrArray *steps;   /* TgTraceStep */
};

static GType
tg_trace_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return TG_TYPE_TRACE_STEP;
}

static guint
tg_trace_get_n_items (GListModel *model)
{
  return TG_TRACE (model)->steps->len;
}

static gpointer
tg_trace_get_item (GListModel *model,
                   guint       position)
{
  TgTrace *self = TG_TRACE (model);

  return position < self->steps->len ? g_object_ref (self->steps->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = tg_trace_get_item_type;
  interface->get_n_items = tg_trace_get_n_items;
  interface->get_item = tg_trace_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TgTrace, tg_trace, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
tg_trace_finalize (GObject *object)
{
  TgTrace *self = TG_TRACE (object);

  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->steps);

  G_OBJECT_CLASS (tg_trace_parent_class)->finalize (object);
}

static void
tg_trace_class_init (TgTraceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_trace_finalize;
}

static void
tg_trace_init (TgTrace *self)
{
  self->inputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
}

TgTrace *
tg_trace_new (TgVariable *const *inputs,
              guint              n_inputs,
              TgVariable *const *outputs,
              guint              n_outputs)
{
  TgTrace *self = g_object_new (TG_TYPE_TRACE, NULL);

  for (guint i = 0; i < n_inputs; i++)
    g_ptr_array_add (self->inputs, g_object_ref (inputs[i]));
  for (guint i = 0; i < n_outputs; i++)
    g_ptr_array_add (self->outputs, g_object_ref (outputs[i]));

  return self;
}

/* One line of the expression. */
static char *
shorten (TgVariable *variable)
{
  g_autofree char *text = g_strdelimit (tg_variable_to_string (variable), "\n", ' ');

  if (g_utf8_strlen (text, -1) <= MAX_LENGTH)
    return g_steal_pointer (&text);

  *g_utf8_offset_to_pointer (text, MAX_LENGTH) = '\0';

  return g_strconcat (text, "…", NULL);
}

/* What the letters of assumed conditions stand for. */
static void
append_letters (GString       *text,
                const TgRule  *rule,
                const TgMatch *match)
{
  gboolean first = TRUE;

  for (guint i = 0; i < rule->n_letters; i++)
    {
      g_autofree char *value = NULL;

      if (match->variables[i] == NULL)
        continue;

      value = shorten (match->variables[i]);
      if (strcmp (value, rule->letters[i].name) == 0)
        continue;

      g_string_append_printf (text, "%s%s = %s", first ? ", where " : ", ", rule->letters[i].name,
                              value);
      first = FALSE;
    }
}

static char *
describe_assumption (const TgRule  *rule,
                     guint          assumed,
                     const TgMatch *match)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < rule->n_conditions; i++)
    {
      if (assumed & (1u << i))
        g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", rule->conditions[i].text);
    }

  append_letters (text, rule, match);

  return g_string_free (text, FALSE);
}

void
tg_trace_add (TgTrace       *self,
              TgRule        *rule,
              TgVariable    *before,
              TgVariable    *after,
              guint          assumed,
              const TgMatch *match,
              const char    *reason)
{
  TgTraceStep *step = g_object_new (TG_TYPE_TRACE_STEP, NULL);

  step->rule = g_object_ref (rule);
  step->before = g_object_ref (before);
  step->after = g_object_ref (after);
  step->assumption = assumed != 0 ? describe_assumption (rule, assumed, match) : NULL;
  step->reason = g_strdup (reason);
  g_ptr_array_add (self->steps, step);
}

guint
tg_trace_count (TgTrace *self)
{
  return self->steps->len;
}

static gpointer
make_step_rules (gpointer data G_GNUC_UNUSED)
{
  static const struct
  {
    const char *name;
    TgPromise   promise;
    const char *text;
  } kinds[TG_N_STEPS] = {
    [TG_STEP_FOLD] = { "fold", TG_PROMISE_EXACT, "an operator of constants is a constant" },
    [TG_STEP_MERGE] = { "merge", TG_PROMISE_EXACT, "what is written twice is computed once" },
    [TG_STEP_SEARCH] = { "search", TG_PROMISE_STABLE,
                         "of equal forms, the one with the least measured error" },
  };
  TgRule **rules = g_new (TgRule *, TG_N_STEPS);

  for (guint i = 0; i < TG_N_STEPS; i++)
    {
      rules[i] = g_object_new (TG_TYPE_RULE, NULL);
      rules[i]->name = g_strdup (kinds[i].name);
      rules[i]->file = g_ref_string_new_intern ("optimiser");
      rules[i]->text = g_strdup (kinds[i].text);
      rules[i]->promise = kinds[i].promise;
    }

  return rules;
}

TgRule *
tg_rule_of_step (TgStepKind kind)
{
  static GOnce once = G_ONCE_INIT;
  TgRule **rules = g_once (&once, make_step_rules, NULL);

  return rules[kind];
}

/**
 * tg_trace_step_get_rule:
 * @self: a step
 *
 * Gets the rule that was applied.
 *
 * What no line of algebra says has rules as well, of the file `optimiser`: `fold`, for operators
 * of constants, `merge`, for what is written twice, and `search`, for a form that was chosen by
 * measured error.
 *
 * Returns: (transfer none): the rule
 */
TgRule *
tg_trace_step_get_rule (TgTraceStep *self)
{
  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  return self->rule;
}

/**
 * tg_trace_step_get_before:
 * @self: a step
 *
 * Gets the expression that was replaced.
 *
 * Returns: (transfer none): the expression
 */
TgVariable *
tg_trace_step_get_before (TgTraceStep *self)
{
  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  return self->before;
}

/**
 * tg_trace_step_get_after:
 * @self: a step
 *
 * Gets the expression that took the place of the one before.
 *
 * Returns: (transfer none): the expression
 */
TgVariable *
tg_trace_step_get_after (TgTraceStep *self)
{
  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  return self->after;
}

/**
 * tg_trace_step_get_assumption:
 * @self: a step
 *
 * Gets what was taken for granted, such as `x != 0`, since it could not be proven.
 *
 * Returns: (nullable): the assumption, or %NULL where there is none
 */
const char *
tg_trace_step_get_assumption (TgTraceStep *self)
{
  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  return self->assumption;
}

/**
 * tg_trace_step_get_reason:
 * @self: a step
 *
 * Gets what was gained, where it was measured, such as `26.1 bits of error before, 0.4 after`.
 *
 * Returns: (nullable): the reason, or %NULL
 */
const char *
tg_trace_step_get_reason (TgTraceStep *self)
{
  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  return self->reason;
}

static char *
describe_place (TgRule *rule)
{
  return rule->line > 0 ? g_strdup_printf ("%s:%u", rule->file, rule->line)
                        : g_strdup (rule->file);
}

/**
 * tg_trace_step_to_string:
 * @self: a step
 *
 * Writes the step in a few lines.
 *
 * Returns: (transfer full): the text
 */
char *
tg_trace_step_to_string (TgTraceStep *self)
{
  g_autofree char *place = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  GString *text;

  g_return_val_if_fail (TG_IS_TRACE_STEP (self), NULL);

  place = describe_place (self->rule);
  before = shorten (self->before);
  after = shorten (self->after);
  text = g_string_new (NULL);
  g_string_append_printf (text, "%s (%s, %s): %s\n  %s\n  => %s\n", self->rule->name, place,
                          tg_promise_get_name (self->rule->promise), self->rule->text, before,
                          after);
  if (self->assumption != NULL)
    g_string_append_printf (text, "  assuming %s\n", self->assumption);
  if (self->reason != NULL)
    g_string_append_printf (text, "  since %s\n", self->reason);

  return g_string_free (text, FALSE);
}

/**
 * tg_trace_to_string:
 * @self: a trace
 *
 * Writes all steps.
 *
 * Returns: (transfer full): the text
 */
char *
tg_trace_to_string (TgTrace *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_TRACE (self), NULL);

  text = g_string_new (NULL);
  for (guint i = 0; i < self->steps->len; i++)
    {
      g_autofree char *step = tg_trace_step_to_string (self->steps->pdata[i]);

      g_string_append_printf (text, "%u. %s", i + 1, step);
    }

  return g_string_free (text, FALSE);
}

/**
 * tg_trace_to_json:
 * @self: a trace
 *
 * Writes all steps as a list of objects of JSON, with the members `rule`, `file`, `line`,
 * `promise`, `algebra`, `before`, `after`, `assumption` and `reason`.
 *
 * Returns: (transfer full): the text
 */
char *
tg_trace_to_json (TgTrace *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_TRACE (self), NULL);

  text = g_string_new ("[");
  for (guint i = 0; i < self->steps->len; i++)
    {
      TgTraceStep *step = self->steps->pdata[i];
      g_autofree char *before = tg_variable_to_string (step->before);
      g_autofree char *after = tg_variable_to_string (step->after);
      const char *members[][2] = {
        { "rule", step->rule->name }, { "file", step->rule->file },
        { "promise", tg_promise_get_name (step->rule->promise) }, { "algebra", step->rule->text },
        { "before", before }, { "after", after }, { "assumption", step->assumption },
        { "reason", step->reason },
      };

      g_string_append_printf (text, "%s\n  {\"line\": %u", i > 0 ? "," : "", step->rule->line);
      for (guint k = 0; k < G_N_ELEMENTS (members); k++)
        {
          g_string_append_printf (text, ", \"%s\": ", members[k][0]);
          tg_json_append_string (text, members[k][1]);
        }
      g_string_append_c (text, '}');
    }

  g_string_append (text, self->steps->len > 0 ? "\n]" : "]");

  return g_string_free (text, FALSE);
}

static TgVariable *
find_replacement (gpointer    data,
                  TgVariable *variable)
{
  return g_hash_table_lookup (data, variable);
}

/* What steps replaced and, next to it, by what. */
static GPtrArray *
list_sides (TgTrace *self,
            guint    n_steps)
{
  GPtrArray *sides = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < MIN (n_steps, self->steps->len); i++)
    {
      TgTraceStep *step = self->steps->pdata[i];

      g_ptr_array_add (sides, g_object_ref (step->before));
      g_ptr_array_add (sides, g_object_ref (step->after));
    }

  return sides;
}

/* The graph after so many steps. */
static TgGraph *
replay (TgTrace *self,
        guint    n_steps)
{
  g_auto (TgRewriter) rewriter;
  g_autoptr (GHashTable) replacements = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) sides = NULL;
  g_autoptr (GPtrArray) outputs = NULL;

  tg_rewriter_init (&rewriter);
  outputs = g_ptr_array_copy (self->outputs, (GCopyFunc) (gpointer) g_object_ref, NULL);
  g_ptr_array_set_free_func (outputs, g_object_unref);
  sides = list_sides (self, n_steps);
  tg_rewriter_walk (&rewriter, sides, find_replacement, replacements);
  for (guint i = 0; i < sides->len; i += 2)
    {
      if (sides->pdata[i] != sides->pdata[i + 1])
        g_hash_table_insert (replacements, sides->pdata[i], sides->pdata[i + 1]);
    }

  g_hash_table_remove_all (rewriter.normal);
  if (n_steps > 0)
    tg_rewriter_walk (&rewriter, outputs, find_replacement, replacements);

  return tg_graph_new_named ("f", (TgVariable *const *) self->inputs->pdata, self->inputs->len,
                             (TgVariable *const *) outputs->pdata, outputs->len);
}

/**
 * tg_trace_dup_graph:
 * @self: a trace
 * @n_steps: how many steps are taken, from the first one on
 *
 * Makes the graph as it is after some steps: as it is written after none, as it is compiled after
 * all.
 *
 * Returns: (transfer full): the graph
 */
TgGraph *
tg_trace_dup_graph (TgTrace *self,
                    guint    n_steps)
{
  g_return_val_if_fail (TG_IS_TRACE (self), NULL);

  return replay (self, n_steps);
}
