/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-jacobian.h"

#include "tg-error.h"
#include "tg-grad-private.h"
#include "tg-operators.h"
#include "tg-test-value.h"
#include "tg-vectorize-private.h"

static gboolean
check_arguments (const char         *function,
                 TgVariable         *expression,
                 TgVariable *const  *wrt,
                 gsize               n_wrt,
                 GError            **error)
{
  for (gsize i = 0; i <= n_wrt; i++)
    {
      TgVariable *variable = i < n_wrt ? wrt[i] : expression;
      g_autofree char *text = NULL;

      if (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_FLOAT))
        continue;

      text = tg_variable_describe (variable, variable->type);
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE,
                   "%s: it takes variables of floating-point dtypes alone, not %s", function, text);
      return FALSE;
    }

  return TRUE;
}

/* The gradients of `wrt` as functions of the cotangent `u` of the expression. */
static GPtrArray *
pull_back (TgVariable            *expression,
           TgVariable            *u,
           TgVariable *const     *wrt,
           gsize                  n_wrt,
           TgDisconnectedInputs   disconnected_inputs,
           GError               **error)
{
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) cotangents = g_ptr_array_new ();
  g_autofree char *text = tg_variable_describe (expression, expression->type);
  g_autofree char *disconnected = g_strdup_printf ("jacobian: the expression, %s, does not depend "
                                                   "on", text);
  TgSweepStart start = {
    .outputs = outputs, .cotangents = cotangents, .disconnected = disconnected,
  };

  g_ptr_array_add (outputs, expression);
  g_ptr_array_add (cotangents, u);

  return tg_sweep (&start, wrt, n_wrt, disconnected_inputs, error);
}

/* All cotangents that are 1 at one place: an identity matrix whose rows have the shape of the
 * expression. */
static TgVariable *
make_units (TgVariable  *expression,
            GPtrArray   *sizes,
            GError     **error)
{
  g_autoptr (GPtrArray) unit_sizes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) count = NULL;
  g_autoptr (TgVariable) eye = NULL;
  gint64 n_elements = 1;

  for (guint i = 0; i < expression->type->ndim && n_elements != TG_UNKNOWN; i++)
    {
      if (expression->type->shape[i] == TG_UNKNOWN
          || __builtin_mul_overflow (n_elements, expression->type->shape[i], &n_elements))
        n_elements = TG_UNKNOWN;
    }

  count = n_elements != TG_UNKNOWN ? tg_constant_new_integer (n_elements)
                                   : tg_size (expression, NULL, 0, error);
  if (count == NULL)
    return NULL;

  g_ptr_array_add (unit_sizes, g_object_ref (count));
  for (guint i = 0; i < sizes->len; i++)
    g_ptr_array_add (unit_sizes, g_object_ref (sizes->pdata[i]));

  shape = tg_variable_new_shape (unit_sizes, error);
  eye = tg_eye (count, count, 0, expression->type->dtype, error);

  return tg_reshape (eye, shape, error);
}

/* Rows, one for each element of the expression, in its shape. */
static TgVariable *
shape_rows (TgVariable  *rows,
            GPtrArray   *sizes,
            TgVariable  *variable,
            GError     **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) shape = NULL;

  for (guint i = 0; i < sizes->len; i++)
    g_ptr_array_add (all, g_object_ref (sizes->pdata[i]));

  if (!tg_variable_add_sizes (variable, 0, all, error))
    return NULL;

  shape = tg_variable_new_shape (all, error);

  return tg_reshape (rows, shape, error);
}

/* Of a single element, they are the gradients. */
static GPtrArray *
make_jacobians_of_number (TgVariable            *expression,
                          TgVariable *const     *wrt,
                          gsize                  n_wrt,
                          TgDisconnectedInputs   disconnected_inputs,
                          GError               **error)
{
  g_autoptr (TgVariable) one = tg_constant_new_one (expression->type->dtype, error);

  return one != NULL ? pull_back (expression, one, wrt, n_wrt, disconnected_inputs, error) : NULL;
}

static GPtrArray *
make_jacobians (TgVariable            *expression,
                TgVariable *const     *wrt,
                gsize                  n_wrt,
                TgDisconnectedInputs   disconnected_inputs,
                GError               **error)
{
  g_autoptr (TgVariable) u = tg_variable_new_with_type (NULL, expression->type);
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) jacobians = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) gradients = NULL;
  g_autoptr (TgVariable) units = NULL;
  gboolean success;
  TgVariable **rows;
  gsize n_rows;

  if (expression->type->ndim == 0)
    return make_jacobians_of_number (expression, wrt, n_wrt, disconnected_inputs, error);

  /* Where test values are computed, that of the cotangent may be any of its type. */
  u->test_value = tg_variable_dup_test_value (expression);
  gradients = pull_back (expression, u, wrt, n_wrt, disconnected_inputs, error);
  if (gradients == NULL || !tg_variable_add_sizes (expression, 0, sizes, error))
    return NULL;

  units = make_units (expression, sizes, error);
  rows = tg_vectorize ((TgVariable *const *) gradients->pdata, n_wrt, &u, 1, &units, 1, &n_rows,
                       error);
  success = rows != NULL;
  for (gsize i = 0; success && i < n_rows; i++)
    {
      TgVariable *jacobian = shape_rows (rows[i], sizes, wrt[i], error);

      success = jacobian != NULL;
      if (success)
        g_ptr_array_add (jacobians, jacobian);
    }

  for (gsize i = 0; rows != NULL && i < n_rows; i++)
    g_object_unref (rows[i]);
  g_free (rows);

  return success ? g_steal_pointer (&jacobians) : NULL;
}

/**
 * tg_jacobian:
 * @expression: a floating-point variable of any shape
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @disconnected_inputs: what becomes of variables that @expression does not depend on
 * @n_jacobians: (out) (optional): how many Jacobians there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes derivatives of each element of an expression for each element of variables.
 *
 * A Jacobian has the shape of the expression, followed by that of the variable. It is made without
 * a loop, by [func@Tg.vectorize] of the gradients; sizes need not be known.
 *
 * Returns: (transfer full) (array length=n_jacobians): the Jacobians, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_jacobian (TgVariable            *expression,
             TgVariable *const     *wrt,
             gsize                  n_wrt,
             TgDisconnectedInputs   disconnected_inputs,
             gsize                 *n_jacobians,
             GError               **error)
{
  g_autoptr (GPtrArray) jacobians = NULL;

  if (n_jacobians != NULL)
    *n_jacobians = 0;

  g_return_val_if_fail (expression == NULL || TG_IS_VARIABLE (expression), NULL);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, NULL);

  if (expression == NULL || !tg_variables_are_complete (wrt, n_wrt)
      || !check_arguments ("jacobian", expression, wrt, n_wrt, error))
    return NULL;

  jacobians = make_jacobians (expression, wrt, n_wrt, disconnected_inputs, error);

  return jacobians != NULL ? tg_variables_dup_array (jacobians, n_jacobians) : NULL;
}

/**
 * tg_hessian:
 * @cost: a 0-d floating-point variable
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @disconnected_inputs: what becomes of variables that @cost does not depend on
 * @n_hessians: (out) (optional): how many Hessians there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes second derivatives of a cost for each two elements of a variable, for each of @wrt.
 *
 * A Hessian has twice the shape of its variable. Derivatives for elements of two different
 * variables are not among them: they are in [func@Tg.jacobian] of the gradients.
 *
 * Returns: (transfer full) (array length=n_hessians): the Hessians, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_hessian (TgVariable            *cost,
            TgVariable *const     *wrt,
            gsize                  n_wrt,
            TgDisconnectedInputs   disconnected_inputs,
            gsize                 *n_hessians,
            GError               **error)
{
  g_autoptr (GPtrArray) hessians = g_ptr_array_new_with_free_func (g_object_unref);
  TgVariable **gradients;
  gboolean success = TRUE;
  gsize n_gradients;

  if (n_hessians != NULL)
    *n_hessians = 0;

  if (cost == NULL || !tg_variables_are_complete (wrt, n_wrt)
      || !check_arguments ("hessian", cost, wrt, n_wrt, error))
    return NULL;

  gradients = tg_grad (cost, wrt, n_wrt, disconnected_inputs, &n_gradients, error);
  if (gradients == NULL)
    return NULL;

  for (gsize i = 0; i < n_gradients; i++)
    {
      g_autoptr (GPtrArray) hessian = NULL;

      if (success)
        hessian = make_jacobians (gradients[i], &wrt[i], 1, TG_DISCONNECTED_INPUTS_IGNORE, error);

      success = hessian != NULL;
      if (success)
        g_ptr_array_add (hessians, g_object_ref (hessian->pdata[0]));

      g_object_unref (gradients[i]);
    }

  g_free (gradients);

  return success ? tg_variables_dup_array (hessians, n_hessians) : NULL;
}
