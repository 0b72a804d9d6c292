/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-eval.h"

#include "tg-error.h"
#include "tg-function.h"
#include "tg-variable-private.h"
#include "tg-variables-private.h"

/* Puts the values in the order of the function's inputs; FALSE where these are others. */
static gboolean
sort_values (TgFunction        *function,
             TgVariable *const *inputs,
             TgTensor *const   *values,
             gsize              n_inputs,
             TgTensor         **sorted)
{
  if (tg_function_get_n_inputs (function) != n_inputs)
    return FALSE;

  for (guint i = 0; i < n_inputs; i++)
    {
      gsize k = 0;

      while (k < n_inputs && inputs[k] != tg_function_get_input (function, i))
        k++;

      if (k == n_inputs)
        return FALSE;

      sorted[i] = values[k];
    }

  return TRUE;
}

/* The function that was made for these inputs before, or NULL. */
static TgFunction *
find_function (TgVariable        *self,
               TgVariable *const *inputs,
               TgTensor *const   *values,
               gsize              n_inputs,
               TgTensor         **sorted)
{
  for (GSList *link = g_atomic_pointer_get (&self->companions); link != NULL; link = link->next)
    {
      if (TG_IS_FUNCTION (link->data)
          && sort_values (TG_FUNCTION (link->data), inputs, values, n_inputs, sorted))
        return g_object_ref (link->data);
    }

  return NULL;
}

/* The list only grows, and what is in it stays as long as the variable. */
static void
keep_function (TgVariable *self,
               TgFunction *function)
{
  GSList *link = g_slist_alloc ();

  link->data = g_object_ref (function);
  do
    link->next = g_atomic_pointer_get (&self->companions);
  while (!g_atomic_pointer_compare_and_exchange (&self->companions, link->next, link));
}

/* Only what depends on other variables is worth keeping a function for.  It computes a copy, since
 * a function owns its outputs, and the variable owns the function. */
static TgFunction *
make_function (TgVariable         *self,
               TgVariable *const  *inputs,
               gsize               n_inputs,
               GError            **error)
{
  g_autoptr (TgVariable) copy = NULL;
  TgFunction *function;
  gboolean keep = self->op != NULL;

  for (gsize i = 0; i < n_inputs; i++)
    keep = keep && inputs[i] != self;

  if (!keep)
    return tg_function_new (inputs, n_inputs, &self, 1, error);

  copy = tg_variable_new_like (self, self->inputs, error);
  function = copy != NULL ? tg_function_new (inputs, n_inputs, &copy, 1, error) : NULL;
  if (function == NULL)
    return NULL;

  keep_function (self, function);

  return function;
}

/**
 * tg_variable_eval:
 * @self: a variable
 * @inputs: (array length=n_inputs): the variables that get values: the symbols that @self depends
 *   on, or expressions in their stead
 * @n_inputs: how many there are
 * @values: (array length=n_values): a value for each
 * @n_values: how many there are, as many as @inputs
 * @error: return location for an error
 *
 * Computes the variable, for a look at it.
 *
 * The function that does so is kept with the variable, for the next call with the same inputs, in
 * any order. A value is converted to the dtype of its input where nothing can be lost.
 *
 * Returns: (transfer full): the value, or %NULL with @error set, unless an input is %NULL
 */
TgTensor *
tg_variable_eval (TgVariable         *self,
                  TgVariable *const  *inputs,
                  gsize               n_inputs,
                  TgTensor *const    *values,
                  gsize               n_values,
                  GError            **error)
{
  g_autofree TgTensor **sorted = NULL;
  g_autofree TgTensor **outputs = NULL;
  g_autoptr (TgFunction) function = NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (values != NULL || n_values == 0, NULL);

  if (!tg_variables_are_complete (inputs, n_inputs))
    return NULL;

  if (n_inputs != n_values)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS,
                   "eval: %" G_GSIZE_FORMAT " variables need as many values, not %" G_GSIZE_FORMAT,
                   n_inputs, n_values);
      return NULL;
    }

  sorted = g_new0 (TgTensor *, n_inputs + 1);
  function = find_function (self, inputs, values, n_inputs, sorted);
  if (function == NULL)
    {
      function = make_function (self, inputs, n_inputs, error);
      if (function == NULL)
        return NULL;

      for (gsize i = 0; i < n_inputs; i++)
        sorted[i] = values[i];
    }

  outputs = tg_function_call (function, sorted, n_inputs, NULL, error);

  return outputs != NULL ? outputs[0] : NULL;
}
