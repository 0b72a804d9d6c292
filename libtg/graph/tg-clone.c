/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-clone.h"

#include "tg-error.h"
#include "tg-origin-private.h"
#include "tg-traverse-private.h"
#include "tg-variables-private.h"

/**
 * tg_variable_clone:
 * @self: a variable
 *
 * Creates a symbol of the same dtype, shape, name and test value, whatever makes @self.
 *
 * Constants and shared variables, which are what they hold, give themselves.
 *
 * Returns: (transfer full): a variable
 */
TgVariable *
tg_variable_clone (TgVariable *self)
{
  TgVariable *clone;

  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  if (TG_IS_CONSTANT (self) || TG_IS_SHARED_VARIABLE (self))
    return g_object_ref (self);

  clone = tg_variable_new_with_type (NULL, self->type);
  clone->name = g_strdup (self->name);
  clone->test_value = self->test_value != NULL ? tg_tensor_ref (self->test_value) : NULL;

  return clone;
}

static gboolean
check_replacement (TgVariable  *variable,
                   TgVariable  *replacement,
                   GError     **error)
{
  TgTensorType *from = variable->type, *to = replacement->type;
  g_autofree char *variable_text = NULL;
  g_autofree char *replacement_text = NULL;
  const char *problem = NULL;
  GQuark domain = TG_SHAPE_ERROR;
  int code = TG_SHAPE_ERROR_MISMATCH;

  if (from->dtype != to->dtype)
    {
      problem = "dtype";
      domain = TG_TYPE_ERROR;
      code = TG_TYPE_ERROR_DTYPE;
    }
  else if (from->ndim != to->ndim)
    {
      problem = "number of dimensions";
      code = TG_SHAPE_ERROR_NDIM;
    }
  else if (!tg_shape_is_compatible (from->shape, to->shape, from->ndim))
    problem = "shape";

  if (problem == NULL)
    return TRUE;

  variable_text = tg_variable_describe (variable, from);
  replacement_text = tg_variable_describe (replacement, to);
  g_set_error (error, domain, code, "clone: %s cannot be replaced by %s: the %s differs",
               variable_text, replacement_text, problem);
  tg_origin_add_inputs ((TgVariable *[]) { variable, replacement }, 2, error);

  return FALSE;
}

/* Symbols that nobody replaced get new ones in their place. */
static void
replace_symbols (TgVariable *const *outputs,
                 gsize              n_outputs,
                 GHashTable        *table,
                 GPtrArray         *kept)
{
  g_autoptr (GPtrArray) order = tg_traverse (outputs, n_outputs, table);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (variable->op != NULL || TG_IS_CONSTANT (variable) || TG_IS_SHARED_VARIABLE (variable)
          || g_hash_table_contains (table, variable))
        continue;

      tg_origin_push_variable (variable);
      g_ptr_array_add (kept, tg_variable_clone (variable));
      tg_origin_pop (TG_ORIGIN_VARIABLE);
      g_hash_table_insert (table, variable, kept->pdata[kept->len - 1]);
    }
}

/**
 * tg_clone:
 * @outputs: (array length=n_outputs): variables
 * @n_outputs: how many there are
 * @variables: (array length=n_variables): what is to be replaced wherever @outputs depend on it
 * @n_variables: how many there are
 * @replacements: (array length=n_replacements): what is to stand in the place of each
 * @n_replacements: how many there are, as many as @variables
 * @strict: whether each replacement must be of the dtype, the number of dimensions and, as far as
 *   it is known, the shape of what it replaces; otherwise dtypes and shapes are inferred anew
 * @share_inputs: whether the clones depend on the same symbols as @outputs, and not on new ones
 * @n_clones: (out) (optional): how many clones there are: as many as @outputs has elements
 * @error: return location for an error
 *
 * Makes the outputs again with other variables inside.
 *
 * All that depends on what is replaced is made anew, and keeps its name, its place and its name
 * scope. The rest, which never changes, is shared, as are constants and shared variables. What is
 * inside a replacement is not replaced.
 *
 * Returns: (transfer full) (array length=n_clones): the clones, or %NULL with @error set, unless a
 *   variable is %NULL
 */
TgVariable **
tg_clone (TgVariable *const  *outputs,
          gsize               n_outputs,
          TgVariable *const  *variables,
          gsize               n_variables,
          TgVariable *const  *replacements,
          gsize               n_replacements,
          gboolean            strict,
          gboolean            share_inputs,
          gsize              *n_clones,
          GError            **error)
{
  g_autoptr (GHashTable) table = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) clones = NULL;

  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);
  g_return_val_if_fail (variables != NULL || n_variables == 0, NULL);
  g_return_val_if_fail (replacements != NULL || n_replacements == 0, NULL);

  if (n_clones != NULL)
    *n_clones = 0;

  if (!tg_variables_are_complete (outputs, n_outputs)
      || !tg_variables_are_complete (variables, n_variables)
      || !tg_variables_are_complete (replacements, n_replacements))
    return NULL;

  if (n_variables != n_replacements)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "clone: %" G_GSIZE_FORMAT " variables need as many replacements, not %"
                   G_GSIZE_FORMAT, n_variables, n_replacements);
      return NULL;
    }

  for (gsize i = 0; i < n_variables; i++)
    {
      if (strict && !check_replacement (variables[i], replacements[i], error))
        return NULL;

      g_hash_table_insert (table, variables[i], replacements[i]);
    }

  if (!share_inputs)
    replace_symbols (outputs, n_outputs, table, kept);

  clones = tg_substitute (outputs, n_outputs, table, error);
  if (clones == NULL)
    {
      g_prefix_error (error, "clone: ");
      return NULL;
    }

  return tg_variables_dup_array (clones, n_clones);
}
