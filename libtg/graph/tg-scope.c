/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-scope.h"

#include "tg-name-scope-private.h"
#include "tg-parse.h"
#include "tg-variable-private.h"

/* Keeps the variables of a nested expression in C:
 *
 *   g_autoptr (TgScope) scope = tg_scope_new ();
 *   TgVariable *x = tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 0));
 *   TgVariable *y = tg_scope_parse (scope, "1 / (1 + exp(-x))", &error);
 */
struct _TgScope
{
  GPtrArray  *kept;
  GHashTable *named; /* name → variable, the latest of that name */
};

/**
 * tg_scope_new: (skip)
 *
 * Creates a keeper of variables, for C: what is given to it lives as long as it does.
 *
 * Returns: (transfer full): a new scope; free it with tg_scope_free(), or by `g_autoptr`
 */
TgScope *
tg_scope_new (void)
{
  TgScope *self = g_new0 (TgScope, 1);

  self->kept = g_ptr_array_new_with_free_func (g_object_unref);
  self->named = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

/**
 * tg_scope_free: (skip)
 * @self: a scope
 *
 * Frees the scope and lets go of all that it keeps.
 */
void
tg_scope_free (TgScope *self)
{
  g_return_if_fail (self != NULL);

  g_hash_table_unref (self->named);
  g_ptr_array_unref (self->kept);
  g_free (self);
}

/**
 * tg_scope_keep: (skip)
 * @self: a scope
 * @variable: (transfer full) (nullable): a variable
 *
 * Keeps a variable; one with a name is known to tg_scope_parse() from now on, without the name
 * scopes that the name begins with.
 *
 * Returns: (transfer none) (nullable): @variable
 */
TgVariable *
tg_scope_keep (TgScope    *self,
               TgVariable *variable)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (variable == NULL)
    return NULL;

  g_ptr_array_add (self->kept, variable);
  if (variable->name != NULL)
    g_hash_table_replace (self->named, g_strdup (tg_name_scope_strip (variable->name)),
                          variable);

  return variable;
}

/**
 * tg_scope_parse: (skip)
 * @self: a scope
 * @text: an expression in the notation, of variables that the scope keeps
 * @error: return location for an error
 *
 * Reads an expression and keeps it.
 *
 * Returns: (transfer none) (nullable): the expression, or %NULL with @error set
 */
TgVariable *
tg_scope_parse (TgScope     *self,
                const char  *text,
                GError     **error)
{
  g_autoptr (GPtrArray) names = NULL;
  g_autoptr (GPtrArray) variables = NULL;
  GHashTableIter iter;
  gpointer name, variable;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (text != NULL, NULL);

  names = g_ptr_array_new ();
  variables = g_ptr_array_new ();
  g_hash_table_iter_init (&iter, self->named);
  while (g_hash_table_iter_next (&iter, &name, &variable))
    {
      g_ptr_array_add (names, name);
      g_ptr_array_add (variables, variable);
    }

  return tg_scope_keep (self,
                        tg_parse_with_names (text, (const char *const *) names->pdata, names->len,
                                             (TgVariable *const *) variables->pdata,
                                             variables->len, error));
}
