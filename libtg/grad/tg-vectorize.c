/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-vectorize-private.h"

#include "tg-error.h"
#include "tg-form-private.h"
#include "tg-grad-private.h"
#include "tg-operators.h"
#include "tg-origin-private.h"
#include "tg-traverse-private.h"

/* A graph that is made anew, its variables with one more axis in front where they depend on those
 * that are replaced. */
typedef struct
{
  GHashTable *made;    /* variable → what stands for it; absent where it stays */
  GHashTable *batched; /* variables whose replacement has the new axis */
  TgVariable *size;
} Vectorizer;

static gboolean
check_replacement (TgVariable  *variable,
                   TgVariable  *replacement,
                   GError     **error)
{
  TgTensorType *type = variable->type;
  gboolean fits = replacement->type->ndim == type->ndim + 1
                  && replacement->type->dtype == type->dtype;
  g_autofree char *old = NULL;
  g_autofree char *new = NULL;

  for (guint i = 0; i < type->ndim && fits; i++)
    {
      gint64 size = type->shape[i];

      fits = tg_dimension_unify (&size, replacement->type->shape[i + 1]);
    }

  if (fits)
    return TRUE;

  old = tg_variable_describe (variable, type);
  new = tg_variable_describe (replacement, replacement->type);
  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
               "vectorize: %s cannot be replaced by %s: it needs the same dtype, and one more axis "
               "in front", old, new);

  return FALSE;
}

static gboolean
check_arguments (TgVariable *const  *variables,
                 gsize               n_variables,
                 TgVariable *const  *replacements,
                 gsize               n_replacements,
                 GError            **error)
{
  gint64 size = TG_UNKNOWN;

  if (n_variables != n_replacements || n_variables == 0)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "vectorize: there must be as many variables as replacements, and at least one, "
                   "not %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT, n_variables, n_replacements);
      return FALSE;
    }

  for (gsize i = 0; i < n_variables; i++)
    {
      gint64 before = size;

      if (!check_replacement (variables[i], replacements[i], error))
        return FALSE;

      if (!tg_dimension_unify (&size, replacements[i]->type->shape[0]))
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                       "vectorize: the replacements differ along the first axis: %" G_GINT64_FORMAT
                       " and %" G_GINT64_FORMAT, before, replacements[i]->type->shape[0]);
          return FALSE;
        }
    }

  return TRUE;
}

gpointer
tg_batch_fail (TgBatch     *batch,
               const char  *input,
               GError     **error)
{
  TgVariable *node = batch->node;
  g_autofree char *what = tg_apply_describe (node->op, node->inputs, node->n_inputs, NULL);

  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_UNDEFINED,
               "vectorize: %s: there is no rule for different values of %s along the new axis",
               what, input);

  return NULL;
}

/* Integers say what is done, not with what: they must be the same all along the batch. */
static gboolean
check_integers (TgBatch  *batch,
                GError  **error)
{
  const TgOpInfo *op = batch->node->op;

  for (guint i = 0; i < batch->node->n_inputs; i++)
    {
      TgInputInfo input = tg_op_info_get_input (op, i);

      if (!batch->is_batched[i] || input.kind == TG_INPUT_ANY || input.kind == TG_INPUT_BOOL
          || (input.kind == TG_INPUT_POSITIONS && tg_batch_takes_positions (batch)))
        continue;

      tg_batch_fail (batch, input.name, error);
      return FALSE;
    }

  return TRUE;
}

static TgVariable *
apply_rule (TgBatch  *batch,
            GError  **error)
{
  TgVariable *node = batch->node;
  TgBatchRule rule = tg_batch_find_rule (node->op);
  g_autofree char *what = NULL;
  g_autoptr (TgVariable) raw = NULL;

  if (!check_integers (batch, error))
    return NULL;

  if (rule == NULL)
    {
      what = tg_apply_describe (node->op, node->inputs, node->n_inputs, NULL);
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_UNDEFINED,
                   "vectorize: %s: there is no rule for %s", what, node->op->name);
      return NULL;
    }

  raw = rule (batch, error);
  if (raw == NULL || raw->type->dtype == node->type->dtype)
    return g_steal_pointer (&raw);

  return tg_astype (raw, node->type->dtype, error);
}

static gboolean
visit (Vectorizer  *self,
       TgVariable  *node,
       GError     **error)
{
  g_autofree TgVariable **inputs = g_new (TgVariable *, node->n_inputs + 1);
  g_autofree gboolean *is_batched = g_new (gboolean, node->n_inputs + 1);
  TgBatch batch = {
    .node = node, .inputs = inputs, .is_batched = is_batched, .size = self->size,
  };
  gboolean changed = FALSE, any = FALSE;
  TgVariable *result;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      TgVariable *made = g_hash_table_lookup (self->made, node->inputs[i]);

      inputs[i] = made != NULL ? made : node->inputs[i];
      is_batched[i] = g_hash_table_contains (self->batched, node->inputs[i]);
      changed = changed || made != NULL;
      any = any || is_batched[i];
    }

  if (!changed)
    return TRUE;

  tg_origin_push_variable (node);
  result = any ? apply_rule (&batch, error) : tg_variable_new_like (node, inputs, error);
  tg_origin_pop (TG_ORIGIN_VARIABLE);
  if (result == NULL)
    return FALSE;

  g_hash_table_insert (self->made, node, result);
  if (any && !batch.shared)
    g_hash_table_add (self->batched, node);

  return TRUE;
}

static GPtrArray *
get_results (Vectorizer         *self,
             TgVariable *const  *outputs,
             gsize               n_outputs,
             GError            **error)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; i < n_outputs; i++)
    {
      TgVariable *made = g_hash_table_lookup (self->made, outputs[i]);
      TgVariable *result;

      if (g_hash_table_contains (self->batched, outputs[i]))
        result = g_object_ref (made);
      else
        result = tg_batch_repeat (made != NULL ? made : outputs[i], self->size, error);

      if (result == NULL)
        return NULL;

      g_ptr_array_add (results, result);
    }

  return g_steal_pointer (&results);
}

/**
 * tg_vectorize:
 * @outputs: (array length=n_outputs): expressions
 * @n_outputs: how many there are
 * @variables: (array length=n_variables): variables in them, one or more
 * @n_variables: how many there are
 * @replacements: (array length=n_replacements): for each of @variables one with the same dtype and
 *   with one more axis in front
 * @n_replacements: how many there are, as many as @variables
 * @n_results: (out) (optional): how many results there are: as many as @outputs has elements
 * @error: return location for an error
 *
 * Writes expressions that do for each part of @replacements along their first axis what @outputs do
 * for @variables, at once and without a loop.
 *
 * The results have the same axis in front. Sizes and positions, such as those that `reshape` and
 * `index` take, must not differ between the parts.
 *
 * Returns: (transfer full) (array length=n_results): the results, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_vectorize (TgVariable *const  *outputs,
              gsize               n_outputs,
              TgVariable *const  *variables,
              gsize               n_variables,
              TgVariable *const  *replacements,
              gsize               n_replacements,
              gsize              *n_results,
              GError            **error)
{
  g_autoptr (GHashTable) made = NULL;
  g_autoptr (GHashTable) batched = NULL;
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (GPtrArray) sizes = NULL;
  g_autoptr (GPtrArray) results = NULL;
  Vectorizer self;

  if (n_results != NULL)
    *n_results = 0;

  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);
  g_return_val_if_fail (variables != NULL || n_variables == 0, NULL);
  g_return_val_if_fail (replacements != NULL || n_replacements == 0, NULL);

  if (!tg_variables_are_complete (outputs, n_outputs)
      || !tg_variables_are_complete (variables, n_variables)
      || !tg_variables_are_complete (replacements, n_replacements)
      || !check_arguments (variables, n_variables, replacements, n_replacements, error))
    return NULL;

  made = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  batched = g_hash_table_new (NULL, NULL);
  sizes = g_ptr_array_new_with_free_func (g_object_unref);
  if (!tg_variable_add_sizes (replacements[0], 0, sizes, error))
    return NULL;

  self = (Vectorizer) { made, batched, sizes->pdata[0] };
  for (gsize i = 0; i < n_variables; i++)
    {
      g_hash_table_insert (made, variables[i], g_object_ref (replacements[i]));
      g_hash_table_add (batched, variables[i]);
    }

  order = tg_traverse (outputs, n_outputs, batched);
  for (guint i = 0; i < order->len; i++)
    {
      if (!g_hash_table_contains (made, order->pdata[i]) && !visit (&self, order->pdata[i], error))
        return NULL;
    }

  results = get_results (&self, outputs, n_outputs, error);

  return results != NULL ? tg_variables_dup_array (results, n_results) : NULL;
}
