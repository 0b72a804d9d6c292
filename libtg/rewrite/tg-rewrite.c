/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rewrite-private.h"

#include "tg-debug-private.h"
#include "tg-error.h"
#include "tg-number-private.h"
#include "tg-operators.h"
#include "tg-origin-private.h"
#include "tg-rewriter-private.h"
#include "tg-rule-function-private.h"
#include "tg-rule-index-private.h"
#include "tg-search-private.h"
#include "tg-traverse-private.h"

/* Walks over the graph; more than two are rare, since each settles all that it sees. */
#define MAX_WALKS 8

/* Steps that a graph may take for each of its variables, before rules are taken to go round. */
#define MAX_STEPS 50

/* Rules of the last steps that a message about a circle names. */
#define N_NAMED 6

typedef struct
{
  TgRewriter              rewriter;
  const TgRewriteOptions *options;
  TgTrace                *trace;
  TgFacts                 facts;
  guint                   n_steps;
  guint                   max_steps;
  TgRule                 *last[N_NAMED];
} Rewrite;

/* Operators that mean the same for complex numbers as for real ones, and obey the same algebra. */
static gboolean
is_algebraic (const TgOpInfo *op)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_ADD:
    case TG_OP_SUBTRACT:
    case TG_OP_MULTIPLY:
    case TG_OP_DIVIDE:
    case TG_OP_NEGATIVE:
    case TG_OP_SQUARE:
    case TG_OP_RECIPROCAL:
    case TG_OP_POSITIVE:
    case TG_OP_CONJ:
    case TG_OP_COMPLEX:
    case TG_OP_REAL:
    case TG_OP_IMAG:
    case TG_OP_WHERE:
    case TG_OP_SUM:
    case TG_OP_MEAN:
    case TG_OP_STOP_GRADIENT:
    case TG_OP_ZERO_GRAD:
    case TG_OP_UNDEFINED_GRAD:
    case TG_OP_GRAD_CLIP:
      return TRUE;
    default:
      return op->form == TG_FORM_LAYOUT || op->form == TG_FORM_CONTRACT
             || op->form == TG_FORM_OPAQUE;
    }
}

static gboolean
pattern_is_algebraic (const TgPattern *pattern)
{
  if (pattern->kind != TG_PATTERN_APPLY)
    return TRUE;

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      if (!pattern_is_algebraic (pattern->inputs[i]))
        return FALSE;
    }

  return is_algebraic (pattern->op);
}

/* In complex numbers products are sums, and a real number is one with a zero whose sign depends on
 * the order of things. */
static gboolean
pattern_is_arithmetic (const TgPattern *pattern)
{
  if (pattern->kind != TG_PATTERN_APPLY)
    return FALSE;

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      if (pattern_is_arithmetic (pattern->inputs[i]))
        return TRUE;
    }

  return pattern->op != &tg_ops[TG_OP_NEGATIVE]
         && (tg_op_is_sum (pattern->op) || tg_op_is_product (pattern->op)
             || pattern->op == &tg_ops[TG_OP_SQUARE]);
}

static gboolean
is_complex (TgVariable *variable)
{
  if (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_COMPLEX))
    return TRUE;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (tg_dtype_in_set (variable->inputs[i]->type->dtype, TG_DTYPE_SET_COMPLEX))
        return TRUE;
    }

  return FALSE;
}

/* Whether what the rule says of real numbers holds for complex ones. */
static gboolean
holds_for_complex (const TgRewriteOptions *options,
                   const TgRule           *rule)
{
  if (!pattern_is_algebraic (rule->left))
    return FALSE;

  return (options->promises & TG_PROMISE_REAL) != 0 || rule->promise != TG_PROMISE_EXACT
         || !pattern_is_arithmetic (rule->left);
}

/* Operators that wrap around for integers. */
static gboolean
is_arithmetic (const TgOpInfo *op)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_ADD:
    case TG_OP_SUBTRACT:
    case TG_OP_MULTIPLY:
    case TG_OP_NEGATIVE:
    case TG_OP_ABS:
    case TG_OP_SQUARE:
    case TG_OP_POW:
      return TRUE;
    default:
      return FALSE;
    }
}

/* What a rule replaces by one promise or another, and what its letters stand for. */
typedef struct
{
  const TgMatch *match;
  TgDType        dtype;    /* of what is replaced */
  gboolean       is_exact;
} Site;

/* Where the left side is computed in floats, so is the right side: -x is no number of an unsigned
 * dtype, but exp (-x) is one of floats. */
static TgVariable *
fit_operand (Rewrite    *self,
             const Site *site,
             TgVariable *operand)
{
  g_autoptr (TgVariable) cast = NULL;

  if (site->is_exact || operand->weak || !tg_dtype_in_set (site->dtype, TG_DTYPE_SET_INEXACT)
      || tg_dtype_in_set (operand->type->dtype, TG_DTYPE_SET_INEXACT))
    return operand;

  cast = tg_astype (operand, site->dtype, NULL);

  return cast != NULL ? tg_rewriter_intern (&self->rewriter, cast) : NULL;
}

static TgVariable *build (Rewrite         *self,
                          const TgPattern *pattern,
                          const Site      *site);

/* What a parameter is on the right side; owned.  FALSE where a function says that there is no such
 * value. */
static gboolean
build_attribute (const TgPattern  *pattern,
                 guint             number,
                 const TgMatch    *match,
                 GVariant        **value)
{
  GVariant *given = pattern->attribute_letters[number] >= 0
                      ? match->attributes[pattern->attribute_letters[number]]
                      : pattern->attributes[number];
  const TgPattern *call = pattern->attribute_calls[number];

  if (call != NULL)
    {
      *value = tg_rule_function_compute (call, match);
      return *value != NULL;
    }

  *value = given != NULL ? g_variant_ref (given) : NULL;

  return TRUE;
}

static TgVariable *
build_apply (Rewrite         *self,
             const TgPattern *pattern,
             const Site      *site)
{
  const TgMatch *match = site->match;
  TgVariable *list = pattern->is_list ? match->variables[pattern->inputs[0]->letter] : NULL;
  TgVariable *given[TG_OP_MAX_INPUTS];
  TgVariable *const *inputs = list != NULL ? list->inputs : given;
  guint n_inputs = list != NULL ? list->n_inputs : pattern->n_inputs;
  GVariant *attributes[TG_OP_MAX_PARAMETERS] = { NULL, };
  TgVariable *result = NULL;
  gboolean success = TRUE;

  for (guint i = 0; list == NULL && i < n_inputs; i++)
    {
      given[i] = build (self, pattern->inputs[i], site);
      if (given[i] != NULL && is_arithmetic (pattern->op))
        given[i] = fit_operand (self, site, given[i]);
      if (given[i] == NULL)
        return NULL;
    }

  for (guint i = 0; success && i < pattern->op->n_parameters; i++)
    success = build_attribute (pattern, i, match, &attributes[i]);

  if (success)
    result = tg_rewriter_apply (&self->rewriter, pattern->op, inputs, n_inputs, attributes);

  for (guint i = 0; i < pattern->op->n_parameters; i++)
    g_clear_pointer (&attributes[i], g_variant_unref);

  return result;
}

/* The right side of a rule; the depth of the calls is its size. */
static TgVariable *
build (Rewrite         *self,
       const TgPattern *pattern,
       const Site      *site)
{
  g_autoptr (TgVariable) number = NULL;

  if (pattern->kind == TG_PATTERN_LETTER)
    return site->match->variables[pattern->letter];

  if (pattern->kind == TG_PATTERN_APPLY)
    return build_apply (self, pattern, site);

  if (pattern->kind == TG_PATTERN_CALL)
    return tg_rule_function_make (pattern, site->match, &self->rewriter, &self->facts);

  number = tg_variable_new_number (pattern->number);

  return tg_rewriter_intern (&self->rewriter, number);
}

/* The right side, together with the terms that the rule does not speak of. */
static TgVariable *
build_whole (Rewrite      *self,
             const TgRule *rule,
             TgVariable   *variable,
             TgFinding    *finding)
{
  Site site = { &finding->letters, variable->type->dtype, rule->promise == TG_PROMISE_EXACT };
  const TgTerms *terms = &finding->terms;
  TgVariable *right = build (self, rule->right, &site);
  g_autoptr (TgVariable) whole = NULL;
  g_autoptr (TgVariable) rest = NULL;

  if (right == NULL || (finding->rest == 0 && !finding->is_negative))
    return right;

  if (!terms->is_product && finding->is_negative && finding->rest != 0)
    rest = tg_terms_build (terms, finding->rest, FALSE, NULL, tg_rewriter_make, &self->rewriter);

  /* What is left may be numbers of small integers, whose sum cannot be made without the right. */
  if (rest != NULL)
    whole = tg_rewriter_make (&self->rewriter, TG_OP_SUBTRACT, rest, right);
  else
    whole = tg_terms_build (terms, finding->rest, finding->is_negative, right, tg_rewriter_make,
                            &self->rewriter);

  if (whole != NULL && rest == NULL && !terms->is_product && finding->is_negative)
    {
      rest = g_steal_pointer (&whole);
      whole = tg_rewriter_make (&self->rewriter, TG_OP_NEGATIVE, rest, NULL);
    }

  return whole != NULL ? tg_rewriter_intern (&self->rewriter, whole) : NULL;
}

/* What the left side computes elements of, and the right side may not. */
static void
list_operands (const TgRule    *rule,
               const TgFinding *finding,
               GPtrArray       *operands)
{
  for (guint i = 0; i < rule->n_letters; i++)
    {
      if (finding->letters.variables[i] != NULL && (rule->shaping & (1u << i)))
        g_ptr_array_add (operands, finding->letters.variables[i]);
    }

  for (guint i = 0; i < finding->numbers->len; i++)
    g_ptr_array_add (operands, finding->numbers->pdata[i]);
}

/* What the operators that stand for a variable must compute in. */
static TgDType
find_least (TgVariable *variable)
{
  if (variable->type->dtype == TG_DTYPE_BOOL)
    return TG_DTYPE_BOOL;

  return variable->op->form == TG_FORM_ELEMENTWISE ? variable->compute : variable->type->dtype;
}

static TgVariable *
apply_rule (Rewrite         *self,
            const TgMatcher *matcher,
            TgVariable      *variable)
{
  TgRule *rule = tg_matcher_get_rule (matcher);
  g_auto (TgFinding) finding;
  g_autoptr (GPtrArray) operands = g_ptr_array_new ();
  TgVariable *result;

  tg_finding_init (&finding);
  self->rewriter.least = find_least (variable);
  result = tg_matcher_match (matcher, variable, &self->facts, tg_rewriter_make, &self->rewriter,
                             &finding)
           && (finding.assumed == 0 || tg_rewrite_may_assume (self->options))
             ? build_whole (self, rule, variable, &finding) : NULL;
  self->rewriter.least = TG_DTYPE_BOOL;
  if (result == NULL)
    return NULL;

  list_operands (rule, &finding, operands);
  result = tg_rewriter_fit (&self->rewriter, result, variable,
                            (TgVariable *const *) operands->pdata, operands->len);
  if (result == NULL || result == variable)
    return NULL;

  if (self->trace != NULL)
    tg_trace_add (self->trace, rule, variable, result, finding.assumed, &finding.letters, NULL);

  self->last[self->n_steps++ % N_NAMED] = rule;
  if (tg_debug_enabled (TG_DEBUG_REWRITE))
    {
      g_autofree char *before = tg_variable_to_string (variable);
      g_autofree char *after = tg_variable_to_string (result);

      g_printerr ("%s (%s:%u): %s => %s\n", rule->name, rule->file, rule->line, before, after);
    }

  return result;
}

static TgVariable *
apply_set (Rewrite       *self,
           TgRuleSet     *set,
           const TgOpSet *parts,
           TgVariable    *variable)
{
  GPtrArray *matchers = tg_rule_index_find (tg_rule_set_get_index (set), variable);

  for (guint i = 0; matchers != NULL && i < matchers->len; i++)
    {
      TgMatcher *matcher = matchers->pdata[i];
      const TgRule *rule = tg_matcher_get_rule (matcher);
      TgVariable *result;

      if (!tg_matcher_may_match (matcher, parts) || !tg_rewrite_allows (self->options, rule)
          || (is_complex (variable) && !holds_for_complex (self->options, rule)))
        continue;

      result = apply_rule (self, matcher, variable);
      if (result != NULL)
        return result;
    }

  return NULL;
}

static TgVariable *
fold (Rewrite    *self,
      TgVariable *variable)
{
  TgVariable *constant = tg_rewriter_fold (&self->rewriter, variable);

  if (constant == NULL || constant->type->dtype != variable->type->dtype
      || constant->type->ndim != variable->type->ndim)
    return NULL;

  if (self->trace != NULL)
    tg_trace_add (self->trace, tg_rule_of_step (TG_STEP_FOLD), variable, constant, 0, NULL, NULL);

  return constant;
}

/* What stands in the place of a variable after one step. */
static TgVariable *
take_step (gpointer    data,
           TgVariable *variable)
{
  Rewrite *self = data;
  TgVariable *result = NULL;
  GPtrArray *own = self->options->rules;
  TgOpSet parts;

  if (variable->op == NULL || self->n_steps >= self->max_steps
      || g_cancellable_is_cancelled (self->options->cancellable))
    return NULL;

  parts = tg_op_set_of (variable);

  tg_origin_push_variable (variable);
  result = fold (self, variable);
  for (guint i = 0; result == NULL && own != NULL && i < own->len; i++)
    result = apply_set (self, own->pdata[i], &parts, variable);
  if (result == NULL)
    result = apply_set (self, tg_rule_set_get_default (), &parts, variable);
  tg_origin_pop (TG_ORIGIN_VARIABLE);

  /* What messages call a variable goes over to what stands for it. */
  if (result != NULL && result->name == NULL && variable->name != NULL && result->op != NULL)
    result->name = g_strdup (variable->name);

  return result;
}

/* Symbols take the place of expressions that stay as they are, so that no rule looks into them. */
static GHashTable *
hide_stops (GHashTable *stops)
{
  GHashTable *symbols = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  GHashTableIter iter;
  gpointer key;

  if (stops == NULL)
    return symbols;

  g_hash_table_iter_init (&iter, stops);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      TgVariable *stop = key;

      if (stop->op != NULL)
        g_hash_table_insert (symbols, stop, tg_variable_new_with_type (stop->name, stop->type));
    }

  return symbols;
}

/* Puts the expressions back. */
static GPtrArray *
show_stops (GPtrArray   *outputs,
            GHashTable  *symbols,
            GError     **error)
{
  g_autoptr (GHashTable) stops = g_hash_table_new (NULL, NULL);
  GHashTableIter iter;
  gpointer stop, symbol;

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &stop, &symbol))
    g_hash_table_insert (stops, symbol, stop);

  return tg_substitute ((TgVariable *const *) outputs->pdata, outputs->len, stops, error);
}

/* Whether the last rules were the library's own.  Their circle is a mistake of the library, at
 * which no function of a person should fail: what there is of the graph is right, if not simple. */
static gboolean
is_forgivable (Rewrite *self)
{
  if (tg_debug_enabled (TG_DEBUG_CHECK))
    return FALSE;

  for (guint i = 0; i < N_NAMED && self->last[i] != NULL; i++)
    {
      if (tg_rule_set_find (tg_rule_set_get_default (), self->last[i]->name) != self->last[i])
        return FALSE;
    }

  return TRUE;
}

static gboolean
fail_circle (Rewrite  *self,
             GError  **error)
{
  GString *names;

  if (is_forgivable (self))
    return TRUE;

  names = g_string_new (NULL);

  for (guint i = 0; i < N_NAMED && self->last[i] != NULL; i++)
    g_string_append_printf (names, "%s%s (%s:%u)", i > 0 ? ", " : "", self->last[i]->name,
                            self->last[i]->file, self->last[i]->line);

  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_RULES,
               "rewriting does not come to an end; the last rules were %s", names->str);
  g_string_free (names, TRUE);

  return FALSE;
}

/* Walks until nothing changes: what depends on the number of uses may need a further walk. */
static gboolean
settle (Rewrite    *self,
        GPtrArray  *outputs,
        GError    **error)
{
  for (guint i = 0; i < MAX_WALKS; i++)
    {
      guint n_before = self->n_steps;

      g_hash_table_remove_all (self->rewriter.normal);
      tg_rewriter_count_uses (&self->rewriter, outputs);
      if (self->max_steps == 0)
        self->max_steps = 1000 + MAX_STEPS * g_hash_table_size (self->rewriter.uses);
      tg_rewriter_walk (&self->rewriter, outputs, take_step, self);
      if (self->n_steps >= self->max_steps)
        return fail_circle (self, error);

      if (self->n_steps == n_before)
        break;
    }

  return TRUE;
}

/* Rules make what they recognise; what still loses accuracy is left to the search, and what that
 * found is tidied up by rules that change no bit. */
static gboolean
settle_and_search (Rewrite    *self,
                   GPtrArray  *outputs,
                   GError    **error)
{
  const TgRewriteOptions *options = self->options;
  TgRewriteOptions narrow = *options;

  if (!settle (self, outputs, error))
    return FALSE;

  if (!tg_rewrite_allows (options, tg_rule_of_step (TG_STEP_SEARCH)))
    return TRUE;

  if (options->report != NULL)
    options->report (options->report_data, TG_SHARE_OF_RULES);

  narrow.stops = NULL; /* they are symbols now */
  tg_search (outputs, &narrow, self->trace, NULL);
  narrow.promises = TG_PROMISE_EXACT;
  self->options = &narrow;

  return settle (self, outputs, error);
}

/* The message of GLib would be in the language of the user, unlike all others. */
gboolean
tg_rewrite_check_cancelled (GCancellable  *cancellable,
                            GError       **error)
{
  if (!g_cancellable_is_cancelled (cancellable))
    return TRUE;

  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the compilation was cancelled");

  return FALSE;
}

gboolean
tg_rewrite (GPtrArray               *outputs,
            const TgRewriteOptions  *options,
            TgTrace                 *trace,
            GError                 **error)
{
  g_autoptr (GHashTable) symbols = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) shown = NULL;
  Rewrite self = { .options = options, .trace = trace };
  gboolean success;

  if (options->promises == TG_PROMISE_NONE)
    return TRUE;

  symbols = hide_stops (options->stops);
  results = tg_substitute ((TgVariable *const *) outputs->pdata, outputs->len, symbols, error);
  if (results == NULL)
    return FALSE;

  tg_rewriter_init (&self.rewriter);
  self.rewriter.evaluate = options->evaluate;
  self.facts = tg_rewriter_get_facts (&self.rewriter);

  success = settle_and_search (&self, results, error)
            && tg_rewrite_check_cancelled (options->cancellable, error);
  if (success)
    shown = show_stops (results, symbols, error);

  for (guint i = 0; shown != NULL && i < outputs->len; i++)
    {
      gpointer before = outputs->pdata[i];

      outputs->pdata[i] = g_object_ref (shown->pdata[i]);
      g_object_unref (before);
    }

  tg_rewriter_clear (&self.rewriter);

  return shown != NULL;
}
