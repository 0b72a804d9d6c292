/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Stops a build in which a rule cannot fire: the left side of each is compiled,
 * of several types and with several constants and ranges for its letters, in a
 * mode that has this rule alone.  Rules for the search are tried in an e-graph.
 *
 *   check-firing FOLDER           the rules of the library, which lie there; those that the table
 *                                 tests/rewrites.txt has an example of need not be tried
 *   check-firing FOLDER FILE...   those of other files in it
 */

#include <tg.h>

#include "tg-attribute-private.h"
#include "tg-egraph-private.h"
#include "tg-number-private.h"
#include "tg-rewrite-private.h"
#include "tg-trace-private.h"
#include "tg-value-private.h"

/* What letters may stand for: all of one type. */
static const struct
{
  TgDType dtype;
  guint   ndim;
  gint64  shape[2];
} types[] = {
  { TG_DTYPE_FLOAT64, 0, { 0, } },
  { TG_DTYPE_FLOAT64, 2, { 2, 3 } },
  { TG_DTYPE_FLOAT64, 2, { TG_UNKNOWN, TG_UNKNOWN } },
  { TG_DTYPE_FLOAT64, 2, { 1, 1 } },
  { TG_DTYPE_FLOAT64, 1, { 3 } },
  { TG_DTYPE_FLOAT32, 2, { 2, 3 } },
  { TG_DTYPE_INT64, 0, { 0, } },
  { TG_DTYPE_BOOL, 0, { 0, } },
  { TG_DTYPE_COMPLEX128, 0, { 0, } },
};

/* What a letter stands for: a symbol x, of which more may be known, or a constant.  Where nothing
 * need be proven it is the first one.  The search knows the ranges alone. */
static const char *const operands[] = {
  "x", "assume (x, low=2, high=3)", "assume (x, low=4, high=7)", "assume (x, high=-1)",
  "assume (x, low=0.25, high=0.75)", "2.0", "3.0", "0.5", "-2.0",
};
static const TgRange ranges[] = {
  { -100, 100, TRUE, FALSE }, { 2, 3, TRUE, FALSE }, { 4, 7, TRUE, FALSE },
  { -100, -1, TRUE, FALSE }, { 0.25, 0.75, TRUE, FALSE },
};

/* The same where it is the shape of something, its ends, a place in it, or several. */
static const char *const shapes[] = { "[2, 3]", "[3, 2]", "[4, 2, 3]", "[0]", "[1]" };
static const char *const places[] = { "0", "1" };
static const char *const positions[] = { "i64([0, 1])", "i64([[0], [1]])", "i64([[0, 1]])" };

static const char *const axes[] = { "just @ax [0]", "just @ax [1]", "nothing" };
static const char *const integers[] = { "@ax [1, 0]", "@ax [0, 1]", "@ax [0]", "@ax [1]" };
static const char *const numbers[] = { "int64 0", "int64 1" };
static const char *const flags[] = { "false", "true" };
static const char *const dtypes[] = { "'f64'", "'f32'" };

/* What e-graphs hold equalities against, and how large they may become. */
#define N_POINTS 6
#define PRECISION 640
#define MAX_NODES 200

/* What may stand for one letter, as texts. */
typedef struct
{
  const char *const *texts;
  guint              n_texts;
  const char        *type;  /* of the values of a parameter, or NULL for an expression */
  guint              next;
} Choice;

typedef struct
{
  GPtrArray  *own;      /* of one TgRuleSet, where the rules are not the library's; or NULL */
  TgRule     *rule;
  GHashTable *excluded; /* all other rules */
  Choice      choices[TG_RULE_MAX_LETTERS];
  TgMatch     letters;  /* what they stand for, owned */
} Check;

#define CHOICE(texts, type) ((Choice) { texts, G_N_ELEMENTS (texts), type, 0 })

static Choice
choose_parameter (TgParameterKind kind)
{
  switch (kind)
    {
    case TG_PARAMETER_AXES:
      return CHOICE (axes, "max");
    case TG_PARAMETER_INTS:
      return CHOICE (integers, "ax");
    case TG_PARAMETER_INT:
      return CHOICE (numbers, "x");
    case TG_PARAMETER_BOOL:
      return CHOICE (flags, "b");
    case TG_PARAMETER_DTYPE:
    default:
      return CHOICE (dtypes, "s");
    }
}

static Choice
choose_input (TgInputKind   kind,
              const Choice *expression)
{
  switch (kind)
    {
    case TG_INPUT_INT:
      return CHOICE (places, NULL);
    case TG_INPUT_INTS:
      return CHOICE (shapes, NULL);
    case TG_INPUT_POSITIONS:
      return CHOICE (positions, NULL);
    case TG_INPUT_ANY:
    case TG_INPUT_BOOL:
    default:
      return *expression;
    }
}

/* Finds what letters are that are shapes or the values of parameters. */
static void
find_choices (Check           *self,
              const TgPattern *pattern)
{
  if (pattern->kind != TG_PATTERN_APPLY)
    return;

  for (guint i = 0; i < pattern->op->n_parameters; i++)
    {
      if (pattern->attribute_letters[i] >= 0)
        self->choices[pattern->attribute_letters[i]]
          = choose_parameter (pattern->op->parameters[i].kind);
    }

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      const TgPattern *input = pattern->inputs[i];

      if (input->kind == TG_PATTERN_LETTER)
        self->choices[input->letter] = choose_input (tg_op_info_get_input (pattern->op, i).kind,
                                                     &self->choices[input->letter]);
      find_choices (self, input);
    }
}

static gboolean
needs_proof (const TgRule *rule)
{
  for (guint i = 0; i < rule->n_conditions; i++)
    {
      if (!rule->conditions[i].assumed)
        return TRUE;
    }

  return FALSE;
}

static void
exclude_others (Check     *self,
                TgRuleSet *set)
{
  for (guint i = 0; i < set->rules->len; i++)
    {
      TgRule *other = set->rules->pdata[i];

      if (strcmp (other->file, self->rule->file) != 0)
        g_hash_table_add (self->excluded, other->file);
      else if (strcmp (other->name, self->rule->name) != 0)
        g_hash_table_add (self->excluded, other->name);
    }
}

static void
check_init (Check     *self,
            TgRule    *rule,
            GPtrArray *own)
{
  guint n_operands = rule->is_search ? G_N_ELEMENTS (ranges)
                                     : needs_proof (rule) ? G_N_ELEMENTS (operands) : 1;

  *self = (Check) { .own = own, .rule = rule };
  self->excluded = g_hash_table_new (g_str_hash, g_str_equal);
  exclude_others (self, tg_rule_set_get_default ());
  if (own != NULL)
    exclude_others (self, own->pdata[0]);
  g_hash_table_add (self->excluded, (gpointer) tg_rule_of_step (TG_STEP_SEARCH)->name);

  for (guint i = 0; i < rule->n_letters; i++)
    self->choices[i] = (Choice) { operands, n_operands, NULL, 0 };
  find_choices (self, rule->left);
}

static void
clear_letters (Check *self)
{
  for (guint i = 0; i < TG_RULE_MAX_LETTERS; i++)
    {
      g_clear_object (&self->letters.variables[i]);
      g_clear_pointer (&self->letters.attributes[i], g_variant_unref);
    }
}

static void
check_clear (Check *self)
{
  clear_letters (self);
  g_hash_table_unref (self->excluded);
}

/* The next of all combinations of choices; FALSE once all were there. */
static gboolean
choose_next (Check *self)
{
  for (guint i = 0; i < self->rule->n_letters; i++)
    {
      if (++self->choices[i].next < self->choices[i].n_texts)
        return TRUE;

      self->choices[i].next = 0;
    }

  return FALSE;
}

/* Makes what each letter stands for, and lists the symbols. */
static void
make_letters (Check     *self,
              guint      type,
              GPtrArray *symbols)
{
  clear_letters (self);
  for (guint i = 0; i < self->rule->n_letters; i++)
    {
      const Choice *choice = &self->choices[i];
      const char *text = choice->texts[choice->next];
      g_autoptr (TgTensorType) of = tg_tensor_type_new (types[type].dtype, types[type].shape,
                                                        types[type].ndim, NULL);
      TgVariable *symbol = tg_variable_new_with_type ("x", of);

      g_ptr_array_add (symbols, symbol);
      if (choice->type != NULL)
        self->letters.attributes[i] = g_variant_parse (G_VARIANT_TYPE (choice->type), text, NULL,
                                                       NULL, NULL);
      else if (self->rule->is_search)
        self->letters.variables[i] = g_object_ref (symbol);
      else
        self->letters.variables[i] = tg_parse (text, &symbol, 1, NULL);
    }
}

/* The left side of what letters stand for, or NULL where it has no such types; the depth of the
 * calls is its size. */
static TgVariable *
build (const Check     *self,
       const TgPattern *pattern)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  GVariant *attributes[TG_OP_MAX_PARAMETERS] = { NULL, };

  if (pattern->kind == TG_PATTERN_NUMBER)
    return tg_variable_new_number (pattern->number);

  if (pattern->kind == TG_PATTERN_LETTER)
    return self->letters.variables[pattern->letter] != NULL
             ? g_object_ref (self->letters.variables[pattern->letter]) : NULL;

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      TgVariable *input = build (self, pattern->inputs[i]);

      if (input == NULL)
        return NULL;
      g_ptr_array_add (inputs, input);
    }

  for (guint i = 0; i < pattern->op->n_parameters; i++)
    attributes[i] = pattern->attribute_letters[i] >= 0
                      ? self->letters.attributes[pattern->attribute_letters[i]]
                      : pattern->attributes[i];

  return tg_value_apply_given (pattern->op, (TgVariable *const *) inputs->pdata, inputs->len,
                               attributes, NULL);
}

static gboolean
has_step (TgTrace *trace,
          TgRule  *rule)
{
  for (guint i = 0; i < tg_trace_count (trace); i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (G_LIST_MODEL (trace), i);

      if (tg_trace_step_get_rule (step) == rule)
        return TRUE;
    }

  return FALSE;
}

static gboolean
fires_in_rewriting (Check      *self,
                    TgVariable *left)
{
  const TgRewriteOptions options = {
    .promises = self->rule->promise,
    .excluded = self->excluded,
    .rules = self->own,
    .is_final = TRUE,
  };
  g_autoptr (TgTrace) trace = tg_trace_new (NULL, 0, &left, 1);
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);

  g_ptr_array_add (outputs, g_object_ref (left));
  tg_rewrite (outputs, &options, trace, NULL);

  return has_step (trace, self->rule);
}

static guint
count_classes (const TgEGraph *graph)
{
  guint n_classes = 0;

  for (guint i = 0; i < graph->classes->len; i++)
    n_classes += tg_egraph_find (graph, (guint16) i) == i;

  return n_classes;
}

/* Whether the rule makes something, or makes two things one. */
static gboolean
grows (TgEGraph *graph,
       TgRule   *rule)
{
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  guint n_nodes = graph->nodes->len, n_classes = count_classes (graph);

  g_ptr_array_add (rules, rule);
  tg_egraph_grow (graph, rules);

  return graph->n_false == 0 && (graph->nodes->len > n_nodes || count_classes (graph) < n_classes);
}

static gboolean
fires_in_search (Check            *self,
                 TgVariable       *left,
                 const GPtrArray  *symbols)
{
  guint n_letters = self->rule->n_letters;
  g_autoptr (TgFormula) formula
    = tg_formula_new_from_variable (left, (TgVariable *const *) symbols->pdata, n_letters);
  TgRange known[TG_RULE_MAX_LETTERS];
  mpfr_prec_t precisions[N_POINTS];
  g_autoptr (TgSample) sample = NULL;
  g_autoptr (TgEGraph) graph = NULL;

  if (formula == NULL)
    return FALSE;

  for (guint i = 0; i < n_letters; i++)
    known[i] = ranges[self->choices[i].next];
  for (guint i = 0; i < N_POINTS; i++)
    precisions[i] = PRECISION;

  sample = tg_sample_new_drawn (known, n_letters, TG_DTYPE_FLOAT64, 1, N_POINTS,
                                TG_REACH_ALL);
  graph = tg_egraph_new (TG_DTYPE_FLOAT64, sample, precisions, known, MAX_NODES);
  graph->may_assume = TRUE;
  tg_egraph_add_formula (graph, formula, NULL);
  tg_egraph_rebuild (graph);

  return grows (graph, self->rule);
}

static gboolean
fires (Check *self,
       guint  type)
{
  g_autoptr (GPtrArray) symbols = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) left = NULL;

  make_letters (self, type, symbols);
  left = build (self, self->rule->left);
  if (left == NULL)
    return FALSE;

  return self->rule->is_search ? fires_in_search (self, left, symbols)
                               : fires_in_rewriting (self, left);
}

static gboolean
can_fire (TgRule    *rule,
          GPtrArray *own)
{
  guint n_types = rule->is_search ? 1 : G_N_ELEMENTS (types);
  gboolean result = FALSE;
  Check check;

  check_init (&check, rule, own);
  for (guint i = 0; i < n_types && !result; i++)
    {
      do
        result = fires (&check, i);
      while (!result && choose_next (&check));
    }
  check_clear (&check);

  return result;
}

/* The names of the rules that the formulas of a table become something else by, which
 * test-simplification.py holds them to. */
static GHashTable *
read_examples (const char *path)
{
  GHashTable *names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GString) joined = NULL;
  g_auto (GStrv) lines = NULL;

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return names;

  joined = g_string_new (text);
  g_string_replace (joined, "\n  ", " ", 0);
  lines = g_strsplit (joined->str, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      const char *by = g_strrstr (lines[i], " by ");
      g_auto (GStrv) each = by != NULL ? g_strsplit (by + strlen (" by "), ",", -1) : NULL;

      for (guint k = 0; each != NULL && each[k] != NULL; k++)
        g_hash_table_add (names, g_strdup (g_strstrip (each[k])));
    }

  return names;
}

/* Names the rules that cannot fire; how many they are. */
static guint
check_set (TgRuleSet  *set,
           GPtrArray  *own,
           GHashTable *examples,
           const char *folder)
{
  guint n_silent = 0;

  for (guint i = 0; i < set->rules->len; i++)
    {
      TgRule *rule = set->rules->pdata[i];

      tg_rule_read_algebra (rule);
      if (g_hash_table_contains (examples, rule->name) || can_fire (rule, own))
        continue;

      g_printerr ("%s/%s:%u: error: %s can never fire: %s\n", folder, rule->file, rule->line,
                  rule->name, rule->text);
      n_silent++;
    }

  g_print ("%u of %u rules fire\n", set->rules->len - n_silent, set->rules->len);

  return n_silent;
}

static gboolean
check_file (const char  *folder,
            const char  *name,
            guint       *n_silent,
            GError     **error)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (TgRuleSet) set = NULL;
  g_autoptr (GPtrArray) own = g_ptr_array_new ();
  g_autoptr (GHashTable) examples = NULL;

  if (!g_file_get_contents (path, &text, NULL, error))
    return FALSE;

  set = tg_rule_set_new (text, name, error);
  if (set == NULL)
    return FALSE;

  g_ptr_array_add (own, set);
  examples = read_examples (NULL);
  *n_silent += check_set (set, own, examples, folder);

  return TRUE;
}

int
main (int    argc,
      char **argv)
{
  guint n_silent = 0;

  if (argc < 2)
    {
      g_printerr ("usage: %s FOLDER [FILE...]\n", argv[0]);
      return 2;
    }

  if (argc == 2)
    {
      g_autofree char *path = g_build_filename (argv[1], "../../tests/rewrites.txt", NULL);
      g_autoptr (GHashTable) examples = read_examples (path);

      n_silent = check_set (tg_rule_set_get_default (), NULL, examples, argv[1]);
    }

  for (int i = 2; i < argc; i++)
    {
      g_autoptr (GError) error = NULL;

      if (!check_file (argv[1], argv[i], &n_silent, &error))
        {
          g_printerr ("%s\n", error->message);
          return 2;
        }
    }

  return n_silent > 0;
}
