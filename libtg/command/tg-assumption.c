/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-source.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#define NUMBER "[-+]?(?:inf|(?:[0-9]+\\.?[0-9]*|\\.[0-9]+)(?:[eE][-+]?[0-9]+)?)"
#define SIGN "<=?|>=?|!="
/* A name, with a number before it, behind it, or both. */
#define COMPARISON "^\\s*(?=.*(?:" SIGN "))(?:(?<left>" NUMBER ")\\s*(?<from>" SIGN ")\\s*)?" \
                   "(?<name>[A-Za-z_]\\w*)\\s*(?:(?<to>" SIGN ")\\s*(?<right>" NUMBER ")\\s*)?$"

/* Ranges are closed: what is less than a number is at most the one before. FALSE where that says
 * nothing, or nothing is left. */
static gboolean
add_comparison (TgAssumption *self,
                const char   *sign,
                double        number)
{
  if (sign[0] == '!')
    self->nonzero = TRUE;
  else if (sign[0] == '<')
    self->high = MIN (self->high, sign[1] == '=' ? number : nextafter (number, -INFINITY));
  else
    self->low = MAX (self->low, sign[1] == '=' ? number : nextafter (number, INFINITY));

  return sign[0] != '!' || number == 0;
}

/* Adds a part of a comparison, if it is there; 0 < x is x > 0. */
static gboolean
add_part (TgAssumption *self,
          GMatchInfo   *match,
          const char   *sign_name,
          const char   *number_name,
          GError      **error)
{
  g_autofree char *sign = g_match_info_fetch_named (match, sign_name);
  g_autofree char *number = g_match_info_fetch_named (match, number_name);

  if (sign == NULL || sign[0] == '\0')
    return TRUE;

  if (strcmp (number_name, "left") == 0 && sign[0] != '!')
    sign[0] = sign[0] == '<' ? '>' : '<';

  if (add_comparison (self, sign, g_ascii_strtod (number, NULL)))
    return TRUE;

  g_set_error_literal (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                       _("--assume: != is for zero alone"));

  return FALSE;
}

static TgAssumption *
get_assumption (TgSource   *self,
                TgVariable *variable)
{
  TgAssumption *assumption = g_hash_table_lookup (self->assumptions, variable);

  if (assumption == NULL)
    {
      assumption = g_new (TgAssumption, 1);
      *assumption = (TgAssumption) { -INFINITY, INFINITY, FALSE };
      g_hash_table_insert (self->assumptions, variable, assumption);
    }

  return assumption;
}

static gboolean
read_comparison (TgSource    *self,
                 GRegex      *regex,
                 const char  *text,
                 GError     **error)
{
  g_autoptr (GMatchInfo) match = NULL;
  g_autofree char *name = NULL;
  TgAssumption *assumption;
  TgVariable *variable;

  if (!g_regex_match (regex, text, 0, &match))
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("--assume: expected a comparison with a number, such as “x > 0”, not “%s”"),
                   text);
      return FALSE;
    }

  name = g_match_info_fetch_named (match, "name");
  variable = tg_source_find (self, "assume", name, error);
  if (variable == NULL)
    return FALSE;

  assumption = get_assumption (self, variable);
  if (!add_part (assumption, match, "from", "left", error)
      || !add_part (assumption, match, "to", "right", error))
    return FALSE;

  if (assumption->low <= assumption->high)
    return TRUE;

  g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
               _("--assume: there is no number that %s may be"), name);

  return FALSE;
}

gboolean
tg_source_assume (TgSource  *self,
                  char     **comparisons,
                  GError   **error)
{
  g_autoptr (GRegex) regex = NULL;

  if (comparisons == NULL)
    return TRUE;

  regex = g_regex_new (COMPARISON, 0, 0, error);
  for (guint i = 0; regex != NULL && comparisons[i] != NULL; i++)
    {
      g_auto (GStrv) parts = g_strsplit (comparisons[i], ",", -1);

      for (guint k = 0; parts[k] != NULL; k++)
        {
          if (!read_comparison (self, regex, parts[k], error))
            return FALSE;
        }
    }

  return regex != NULL;
}

/* Clones variables with others in the place of some of them. */
static GPtrArray *
replace (GPtrArray  *outputs,
         GPtrArray  *variables,
         GPtrArray  *replacements,
         GError    **error)
{
  gsize n_clones = 0;
  g_autofree TgVariable **clones = NULL;
  GPtrArray *result;

  clones = tg_clone ((TgVariable *const *) outputs->pdata, outputs->len,
                     (TgVariable *const *) variables->pdata, variables->len,
                     (TgVariable *const *) replacements->pdata, replacements->len, TRUE, TRUE,
                     &n_clones, error);
  if (clones == NULL)
    return NULL;

  result = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_clones; i++)
    g_ptr_array_add (result, clones[i]);

  return result;
}

GPtrArray *
tg_source_add_assumptions (TgSource   *self,
                           GPtrArray  *outputs,
                           GError    **error)
{
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();
  g_autoptr (GPtrArray) assumed = g_ptr_array_new_with_free_func (g_object_unref);
  GHashTableIter iter;
  gpointer variable, value;

  g_hash_table_iter_init (&iter, self->assumptions);
  while (g_hash_table_iter_next (&iter, &variable, &value))
    {
      const TgAssumption *assumption = value;
      TgVariable *replacement = tg_assume (variable, assumption->low, assumption->high,
                                           assumption->nonzero, error);

      if (replacement == NULL)
        return NULL;

      g_ptr_array_add (variables, variable);
      g_ptr_array_add (assumed, replacement);
    }

  return replace (outputs, variables, assumed, error);
}

TgVariable *
tg_source_remove_assumptions (TgSource   *self,
                              TgVariable *variable)
{
  g_autoptr (TgGraph) graph = NULL;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) assumed = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();
  g_autoptr (GPtrArray) clones = NULL;

  if (g_hash_table_size (self->assumptions) == 0)
    return g_object_ref (variable);

  graph = tg_graph_new (NULL, 0, &variable, 1);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (graph)); i++)
    {
      g_autoptr (TgVariable) each = g_list_model_get_item (G_LIST_MODEL (graph), i);
      TgOp *op = tg_variable_get_op (each);

      if (op == NULL || strcmp (tg_op_get_name (op), "assume") != 0
          || !g_hash_table_contains (self->assumptions, tg_variable_get_input (each, 0)))
        continue;

      g_ptr_array_add (variables, tg_variable_get_input (each, 0));
      g_ptr_array_add (assumed, g_steal_pointer (&each));
    }

  g_ptr_array_add (outputs, variable);
  clones = replace (outputs, assumed, variables, NULL);

  return g_object_ref (clones != NULL ? clones->pdata[0] : (gpointer) variable);
}
