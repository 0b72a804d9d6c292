/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-error.h"
#include "tg-graph-private.h"
#include "tg-test-value-private.h"
#include "tg-traverse-private.h"
#include "tg-variables-private.h"

/* Copies of functions: the same program of other shared variables.  No pass of the compiler runs
 * again; only nodes that depend on what was swapped are made anew. */

static gboolean
uses_shared (TgFunction *self,
             TgVariable *variable)
{
  for (guint i = 0; i < self->program->n_shared; i++)
    if (self->program->variables->pdata[self->program->n_inputs + i] == variable)
      return TRUE;

  for (guint i = 0; i < self->inputs->len; i++)
    if ((gpointer) ((TgFunctionInput *) self->inputs->pdata[i])->shared == variable)
      return TRUE;

  return g_ptr_array_find (self->updated, variable, NULL);
}

static gboolean
check_swap (TgFunction  *self,
            TgVariable  *from,
            TgVariable  *to,
            GError     **error)
{
  g_autofree char *from_text = tg_variable_describe (from, from->type);
  g_autofree char *to_text = tg_variable_describe (to, to->type);

  if (!uses_shared (self, from))
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN,
                   "%s cannot be swapped: it is not a shared variable of the function", from_text);
      return FALSE;
    }

  if (!TG_IS_SHARED_VARIABLE (to))
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN,
                   "%s cannot be swapped for %s, which is not shared", from_text, to_text);
      return FALSE;
    }

  if (from->type->dtype != to->type->dtype || from->type->ndim != to->type->ndim
      || !tg_shape_is_compatible (from->type->shape, to->type->shape, to->type->ndim))
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN,
                   "%s cannot be swapped for %s: the types differ", from_text, to_text);
      return FALSE;
    }

  return TRUE;
}

/* What stands for a variable in the copy. */
static gpointer
follow (GHashTable *swaps,
        gpointer    variable)
{
  gpointer replacement = g_hash_table_lookup (swaps, variable);

  return replacement != NULL ? replacement : variable;
}

/* Inputs with defaults of their own, which begin as those of the original are at this moment. */
static GPtrArray *
copy_inputs (TgFunction  *self,
             GHashTable  *swaps,
             GHashTable  *privates,
             GError     **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->inputs->len; i++)
    {
      TgFunctionInput *before = self->inputs->pdata[i];
      TgFunctionInput *input = tg_function_input_freeze (before, error);

      if (input == NULL)
        return NULL;

      g_ptr_array_add (inputs, input);
      if (before->shared == NULL)
        continue;

      if (before->owns_shared && !g_hash_table_contains (swaps, before->shared))
        {
          tg_function_input_renew_shared (input);
          g_hash_table_insert (privates, before->shared, input->shared);
          continue;
        }

      g_set_object (&input->shared, follow (swaps, before->shared));
      input->owns_shared = FALSE;
    }

  return g_steal_pointer (&inputs);
}

static GPtrArray *
copy_updated (TgFunction  *self,
              GHashTable  *swaps,
              GHashTable  *privates,
              GError     **error)
{
  g_autoptr (GPtrArray) updated = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->updated->len; i++)
    {
      TgVariable *shared = follow (privates, follow (swaps, self->updated->pdata[i]));

      if (g_ptr_array_find (updated, shared, NULL))
        {
          g_autofree char *name = tg_variable_describe (shared, shared->type);

          g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UPDATE, "%s is updated twice",
                       name);
          return NULL;
        }

      g_ptr_array_add (updated, g_object_ref (shared));
    }

  return g_steal_pointer (&updated);
}

/* The program with replaced variables, and only as much of it as its first outputs need. */
static TgProgram *
copy_program (const TgProgram  *before,
              guint             n_outputs,
              GHashTable       *replacements,
              GError          **error)
{
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) copies = NULL;
  TgProgram *program;

  for (guint i = 0; i < n_outputs; i++)
    g_ptr_array_add (outputs,
                     before->variables->pdata[g_array_index (before->outputs, guint, i)]);

  copies = tg_substitute ((TgVariable *const *) outputs->pdata, n_outputs, replacements, error);
  if (copies == NULL)
    return NULL;

  program = tg_program_new ((TgVariable *const *) before->variables->pdata, before->n_inputs,
                            (TgVariable *const *) copies->pdata, copies->len, error);
  if (program != NULL)
    tg_program_find_last_uses (program);

  return program;
}

static TgGraph *
copy_graph (TgGraph     *before,
            GHashTable  *replacements,
            GError     **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) copies = NULL;

  for (guint i = 0; i < tg_graph_get_n_inputs (before); i++)
    g_ptr_array_add (inputs, tg_graph_get_input (before, i));
  for (guint i = 0; i < tg_graph_get_n_outputs (before); i++)
    g_ptr_array_add (outputs, tg_graph_get_output (before, i));

  copies = tg_substitute ((TgVariable *const *) outputs->pdata, outputs->len, replacements, error);
  if (copies == NULL)
    return NULL;

  return tg_graph_new_named ("f", (TgVariable *const *) inputs->pdata, inputs->len,
                             (TgVariable *const *) copies->pdata, copies->len);
}

static TgFunction *
copy_function (TgFunction  *self,
               const char  *name,
               gboolean     delete_updates,
               GHashTable  *swaps,
               GError     **error)
{
  g_autoptr (GHashTable) privates = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) inputs = copy_inputs (self, swaps, privates, error);
  g_autoptr (GPtrArray) updated = NULL;
  g_autoptr (GPtrArray) source = NULL;
  g_autoptr (TgGraph) graph = NULL;
  TgProgram *program;
  guint n_outputs = delete_updates ? self->outputs->len : self->program->outputs->len;

  if (inputs == NULL)
    return NULL;

  if (delete_updates)
    updated = g_ptr_array_new_with_free_func (g_object_unref);
  else
    updated = copy_updated (self, swaps, privates, error);

  if (updated == NULL)
    return NULL;

  /* Inputs that are expressions stay what they are. */
  for (guint i = 0; i < inputs->len; i++)
    {
      TgVariable *variable = ((TgFunctionInput *) inputs->pdata[i])->variable;

      g_hash_table_insert (swaps, variable, variable);
    }

  graph = copy_graph (self->graph, swaps, error);
  if (graph == NULL)
    return NULL;

  source = tg_substitute ((TgVariable *const *) self->source->pdata, n_outputs, swaps, error);
  program = source != NULL ? copy_program (self->program, n_outputs, swaps, error) : NULL;

  return program != NULL
         ? tg_function_new_from_program (name, self->mode, graph, source, self->trace, inputs,
                                         self->outputs, updated, program)
         : NULL;
}

/**
 * tg_function_copy:
 * @self: a function
 * @name: (nullable): what messages call the copy, or %NULL for the same name
 * @delete_updates: whether the copy updates nothing
 * @shared: (array length=n_shared): shared variables that the function reads or updates
 * @n_shared: how many there are
 * @replacements: (array length=n_replacements): the shared variable that stands for each in the
 *   copy, of the same dtype and number of dimensions, and of sizes that do not contradict
 * @n_replacements: as many as of @shared
 * @error: return location for a [error@Tg.CompileError]
 *
 * Makes a function that does the same with other shared variables, without compiling again.
 *
 * Default values that are not those of shared variables are copied: each function has its own.
 *
 * Returns: (transfer full): a new function, or %NULL with @error set, unless a variable is %NULL
 */
TgFunction *
tg_function_copy (TgFunction         *self,
                  const char         *name,
                  gboolean            delete_updates,
                  TgVariable *const  *shared,
                  gsize               n_shared,
                  TgVariable *const  *replacements,
                  gsize               n_replacements,
                  GError            **error)
{
  g_autoptr (GHashTable) swaps = g_hash_table_new (NULL, NULL);
  const TgTestEvaluator *evaluator = tg_test_values_get_evaluator ();
  TgFunction *copy = NULL;
  gboolean fits = TRUE;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (shared != NULL || n_shared == 0, NULL);
  g_return_val_if_fail (replacements != NULL || n_replacements == 0, NULL);

  if (!tg_variables_are_complete (shared, n_shared)
      || !tg_variables_are_complete (replacements, n_replacements))
    return NULL;

  if (n_shared != n_replacements)
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN,
                   "%" G_GSIZE_FORMAT " shared variables need as many replacements, not %"
                   G_GSIZE_FORMAT, n_shared, n_replacements);
      fits = FALSE;
    }

  for (gsize i = 0; i < n_shared && fits; i++)
    {
      fits = check_swap (self, shared[i], replacements[i], error);
      g_hash_table_insert (swaps, shared[i], replacements[i]);
    }

  if (fits)
    {
      tg_test_values_set_evaluator (NULL); /* nothing of a program is any person's */
      copy = copy_function (self, name != NULL ? name : self->name, delete_updates, swaps, error);
      tg_test_values_set_evaluator (evaluator);
    }

  if (copy == NULL)
    g_prefix_error (error, "%s: copy: ", self->name);

  return copy;
}
