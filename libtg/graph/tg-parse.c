/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-parse.h"

#include "tg-error.h"
#include "tg-expression-private.h"
#include "tg-graph-private.h"
#include "tg-lexer-private.h"
#include "tg-name-scope-private.h"
#include "tg-origin-private.h"
#include "tg-value-private.h"
#include "tg-variables-private.h"

static TgVariable *
parse (const char        *text,
       const TgBindings  *bindings,
       GError           **error)
{
  g_autoptr (TgExpression) expression = tg_expression_new (text, error);
  g_autoptr (GPtrArray) outputs = NULL;

  if (expression == NULL)
    return NULL;

  if (expression->name != NULL || expression->results->len != 1)
    {
      g_set_error_literal (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX,
                           "1:1: expected one expression");
      return NULL;
    }

  outputs = tg_expression_build (expression, bindings, error);

  return outputs != NULL ? g_object_ref (outputs->pdata[0]) : NULL;
}

/**
 * tg_parse_with_names:
 * @text: an expression in the notation, such as `1 / (1 + exp(-x))`
 * @names: (array length=n_names): what the text calls the variables
 * @n_names: how many there are
 * @variables: (array length=n_variables): variables
 * @n_variables: how many there are, as many as @names
 * @error: return location for an error
 *
 * Reads an expression of variables that the text calls as it likes.
 *
 * Messages begin with line and column.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable *
tg_parse_with_names (const char         *text,
                     const char *const  *names,
                     gsize               n_names,
                     TgVariable *const  *variables,
                     gsize               n_variables,
                     GError            **error)
{
  TgBindings bindings = {
    .n_variables = (guint) n_variables, .names = names, .variables = variables,
  };

  g_return_val_if_fail (text != NULL, NULL);
  g_return_val_if_fail (names != NULL || n_names == 0, NULL);
  g_return_val_if_fail (variables != NULL || n_variables == 0, NULL);

  if (!tg_variables_are_complete (variables, n_variables))
    return NULL;

  if (n_names != n_variables)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "parse: %" G_GSIZE_FORMAT " names need as many variables, not %" G_GSIZE_FORMAT,
                   n_names, n_variables);
      return NULL;
    }

  return parse (text, &bindings, error);
}

/**
 * tg_parse:
 * @text: an expression in the notation, such as `1 / (1 + exp(-x))`
 * @variables: (array length=n_variables): variables, which have names
 * @n_variables: how many there are
 * @error: return location for an error
 *
 * Reads an expression of named variables; the text calls them so without their name scopes.
 *
 * Messages begin with line and column.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable *
tg_parse (const char         *text,
          TgVariable *const  *variables,
          gsize               n_variables,
          GError            **error)
{
  g_autofree const char **names = g_new0 (const char *, n_variables + 1);

  g_return_val_if_fail (text != NULL, NULL);

  for (gsize i = 0; i < n_variables; i++)
    {
      if (variables[i] == NULL)
        return NULL;

      names[i] = variables[i]->name != NULL ? tg_name_scope_strip (variables[i]->name) : NULL;
      if (names[i] == NULL)
        {
          g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_NAME,
                       "1:1: variable number %" G_GSIZE_FORMAT " has no name", i);
          return NULL;
        }
    }

  return tg_parse_with_names (text, names, n_variables, variables, n_variables, error);
}

/**
 * tg_parse_names:
 * @text: an expression in the notation, such as `1 / (1 + exp(-x))`
 * @error: return location for a [error@Tg.ParseError]
 *
 * Lists what an expression has no value for: the names of the variables that [func@Tg.parse] needs,
 * in the order in which they appear. Those of a function are its parameters, so it has none.
 *
 * Messages begin with line and column.
 *
 * Returns: (transfer full) (array zero-terminated=1): the names, or %NULL with @error set
 */
char **
tg_parse_names (const char  *text,
                GError     **error)
{
  g_autoptr (TgExpression) expression = NULL;
  g_autoptr (GHashTable) known = NULL;
  g_autoptr (GPtrArray) names = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  expression = tg_expression_new (text, error);
  if (expression == NULL)
    return NULL;

  known = g_hash_table_new (g_str_hash, g_str_equal);
  names = g_ptr_array_new ();
  for (guint i = 0; i < expression->items->len && expression->name == NULL; i++)
    {
      const TgItem *item = &g_array_index (expression->items, TgItem, i);
      g_autoptr (GVariant) word = NULL;

      if (item->kind != TG_ITEM_NAME && item->kind != TG_ITEM_LET)
        continue;

      if (!g_hash_table_add (known, (gpointer) item->text) || item->kind == TG_ITEM_LET)
        continue;

      word = tg_literal_from_word (item->text);
      if (word == NULL)
        g_ptr_array_add (names, g_strdup (item->text));
      else
        g_variant_ref_sink (word);
    }

  g_ptr_array_add (names, NULL);

  return (char **) g_ptr_array_steal (names, NULL);
}

/**
 * tg_text_is_function:
 * @text: text in the notation
 *
 * Finds out for which of [func@Tg.parse] and [func@Tg.parse_function] a text is, of which it looks
 * at the beginning alone.
 *
 * Returns: whether a function begins there, and no expression
 */
gboolean
tg_text_is_function (const char *text)
{
  TgLexer lexer;

  g_return_val_if_fail (text != NULL, FALSE);

  return tg_lexer_init (&lexer, text, NULL) && tg_signature_follows (&lexer);
}

/**
 * tg_parse_function:
 * @text: a function in the notation, such as `f(x: f64[?], y: f64[?]) = exp(x) - y`
 * @error: return location for an error
 *
 * Reads a function: its parameters, and what stands beside them, become new variables.
 *
 * Returns: (transfer full): a new graph, or %NULL with @error set; messages begin with line and
 *   column
 */
TgGraph *
tg_parse_function (const char  *text,
                   GError     **error)
{
  g_autoptr (TgExpression) expression = NULL;
  g_autoptr (GPtrArray) inputs = NULL;
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (TgPlace) outer = NULL;
  TgBindings bindings = { 0, };
  GArray *symbols[2];
  TgGraph *graph;
  guint n_results;

  g_return_val_if_fail (text != NULL, NULL);

  expression = tg_expression_new (text, error);
  if (expression == NULL)
    return NULL;

  outer = tg_origin_dup_place ();
  inputs = g_ptr_array_new_with_free_func (g_object_unref);
  names = g_ptr_array_new ();
  symbols[0] = expression->parameters;
  symbols[1] = expression->beside;
  for (guint k = 0; k < 2; k++)
    {
      for (guint i = 0; i < symbols[k]->len; i++)
        {
          TgSymbol *symbol = &g_array_index (symbols[k], TgSymbol, i);

          g_ptr_array_add (names, symbol->name);
          tg_origin_push_text (outer, symbol->line, symbol->column);
          g_ptr_array_add (inputs, tg_variable_new_with_type (symbol->name, symbol->type));
          tg_origin_pop (TG_ORIGIN_TEXT);
        }
    }

  bindings.n_variables = inputs->len;
  bindings.names = (const char *const *) names->pdata;
  bindings.variables = (TgVariable *const *) inputs->pdata;
  outputs = tg_expression_build (expression, &bindings, error);
  if (outputs == NULL)
    return NULL;

  n_results = outputs->len - expression->updates->len;
  graph = tg_graph_new_named (expression->name != NULL ? expression->name : "f",
                              (TgVariable *const *) inputs->pdata, expression->parameters->len,
                              (TgVariable *const *) outputs->pdata, n_results);
  for (guint i = 0; i < expression->updates->len; i++)
    {
      guint beside = g_array_index (expression->updates, guint, i);

      tg_graph_add_update (graph, inputs->pdata[expression->parameters->len + beside],
                           outputs->pdata[n_results + i]);
    }

  return graph;
}
