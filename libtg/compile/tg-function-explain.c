/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-lint-private.h"

/* How often each rule was applied, in the order in which they were first. */
static void
append_rules (GString *text,
              TgTrace *trace)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) rules = g_ptr_array_new ();
  guint n_steps = g_list_model_get_n_items (G_LIST_MODEL (trace));

  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (G_LIST_MODEL (trace), i);
      TgRule *rule = tg_trace_step_get_rule (step);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, rule));

      if (count == 0)
        g_ptr_array_add (rules, rule);
      g_hash_table_insert (counts, rule, GUINT_TO_POINTER (count + 1));
    }

  for (guint i = 0; i < rules->len; i++)
    {
      g_autofree char *rule = tg_rule_to_string (rules->pdata[i]);
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, rules->pdata[i]));

      g_string_append_printf (text, "  %u times %s\n", count, rule);
    }
}

static void
append_assumptions (GString *text,
                    TgTrace *trace)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n_steps = g_list_model_get_n_items (G_LIST_MODEL (trace));

  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (G_LIST_MODEL (trace), i);
      const char *assumption = tg_trace_step_get_assumption (step);

      if (assumption != NULL && g_hash_table_add (seen, g_strdup (assumption)))
        g_string_append_printf (text, "%s  %s\n", g_hash_table_size (seen) == 1 ? "Assumed:\n" : "",
                                assumption);
    }
}

/* Those of the graph as it is optimised: TgVariable. */
static GPtrArray *
find_cancellations (TgFunction *self)
{
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();

  for (guint i = 0; i < self->program->outputs->len; i++)
    {
      guint slot = g_array_index (self->program->outputs, guint, i);

      g_ptr_array_add (outputs, self->program->variables->pdata[slot]);
    }

  return tg_lint ((TgVariable *const *) outputs->pdata, outputs->len);
}

static void
append_cancellations (GString    *text,
                      TgFunction *self)
{
  g_autoptr (GPtrArray) found = find_cancellations (self);

  for (guint i = 0; i < found->len; i++)
    {
      g_autofree char *expression = tg_variable_to_string (found->pdata[i]);

      g_string_append_printf (text, "%s  %s may cancel; no rule applies\n",
                              i == 0 ? "Not recognised:\n" : "", expression);
    }
}

static void
append_plan (GString    *text,
             TgFunction *self)
{
  g_string_append_printf (text, "Run by the backend %s%s\n", self->backend->name,
                          self->backend->describe != NULL ? ":" : ", an operator at a time");
  if (self->backend->describe != NULL)
    self->backend->describe (self->program, self->plan, text);
}

/**
 * tg_function_list_cancellations:
 * @self: a function
 * @n_variables: (out): return location for how many there are
 *
 * Lists the sums and differences of the optimised function that may still lose accuracy: both of
 * their terms are rounded, and may be of the size of each other.
 *
 * Returns: (array length=n_variables) (transfer full): variables, in the order in which they are
 *   computed
 */
TgVariable **
tg_function_list_cancellations (TgFunction *self,
                                gsize      *n_variables)
{
  g_autoptr (GPtrArray) found = NULL;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (n_variables != NULL, NULL);

  found = find_cancellations (self);
  *n_variables = found->len;
  g_ptr_array_add (found, NULL);

  return (TgVariable **) g_ptr_array_steal (found, NULL);
}

/**
 * tg_function_explain:
 * @self: a function
 *
 * Says what the optimiser made of the function: which rules it applied, how often, what it assumed,
 * and which sums and differences may still lose accuracy; and how the backend runs it: what it
 * joins in loops, and what is left to plain loops.
 *
 * [method@Tg.Function.dup_trace] has each step, [method@Tg.Function.list_cancellations] each sum.
 *
 * Returns: (transfer full): the text, for people
 */
char *
tg_function_explain (TgFunction *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "Applied, in %u steps:\n",
                          g_list_model_get_n_items (G_LIST_MODEL (self->trace)));
  append_rules (text, self->trace);
  append_assumptions (text, self->trace);
  append_cancellations (text, self);
  append_plan (text, self);

  return g_string_free (text, FALSE);
}

/**
 * tg_function_dup_code:
 * @self: a function
 * @error: return location for an error
 *
 * Gets the machine code of the function's loops as text, for people: for each loop LLVM's
 * intermediate representation, and then the instructions of this machine.
 *
 * That is what runs once a loop is compiled, see `TG_COMPILE`; until then the library's own kernels
 * compute the same. There is no code of what is no loop of elementwise operators, and of backends
 * other than `cpu`: then the text is empty. Where libtg was built without LLVM this fails.
 *
 * Returns: (transfer full): the text, or %NULL with @error set
 */
char *
tg_function_dup_code (TgFunction  *self,
                      GError     **error)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return self->backend->print_code != NULL ? self->backend->print_code (self->plan, error)
                                           : g_strdup ("");
}
