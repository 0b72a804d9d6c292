/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-jacobian.h"

#include "tg-grad-private.h"

static gboolean
check_floats (const char         *function,
              TgVariable *const  *variables,
              gsize               n_variables,
              GError            **error)
{
  for (gsize i = 0; i < n_variables; i++)
    {
      if (!tg_grad_check_float (function, variables[i], error))
        return FALSE;
    }

  return TRUE;
}

static char *
describe_disconnected (TgVariable *const *outputs,
                       gsize              n_outputs)
{
  g_autofree char *text = NULL;

  if (n_outputs != 1)
    return g_strdup ("vjp: none of the outputs depends on");

  text = tg_variable_describe (outputs[0], outputs[0]->type);

  return g_strdup_printf ("vjp: the output, %s, does not depend on", text);
}

/**
 * tg_vjp:
 * @outputs: (array length=n_outputs): floating-point variables of any shape
 * @n_outputs: how many there are
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @cotangents: (array length=n_cotangents): for each of @outputs a variable of its dtype and shape
 * @n_cotangents: how many there are, as many as @outputs
 * @disconnected_inputs: what becomes of variables that no output depends on
 * @n_gradients: (out) (optional): how many gradients there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes products of vectors with the Jacobian: reverse mode, Theano's L-operator.
 *
 * For each of @wrt, it is the gradient of the sum of products of outputs and cotangents, element by
 * element, where cotangents count as constants.
 *
 * Returns: (transfer full) (array length=n_gradients): the gradients, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_vjp (TgVariable *const     *outputs,
        gsize                  n_outputs,
        TgVariable *const     *wrt,
        gsize                  n_wrt,
        TgVariable *const     *cotangents,
        gsize                  n_cotangents,
        TgDisconnectedInputs   disconnected_inputs,
        gsize                 *n_gradients,
        GError               **error)
{
  g_autoptr (GPtrArray) roots = NULL;
  g_autoptr (GPtrArray) adapted = NULL;
  g_autoptr (GPtrArray) gradients = NULL;
  g_autofree char *disconnected = NULL;

  if (n_gradients != NULL)
    *n_gradients = 0;

  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, NULL);
  g_return_val_if_fail (cotangents != NULL || n_cotangents == 0, NULL);

  if (!tg_variables_are_complete (outputs, n_outputs) || !tg_variables_are_complete (wrt, n_wrt)
      || !tg_variables_are_complete (cotangents, n_cotangents)
      || !check_floats ("vjp", wrt, n_wrt, error))
    return NULL;

  adapted = tg_grad_adapt_all ("vjp", "cotangent", outputs, n_outputs, cotangents, n_cotangents,
                               error);
  if (adapted == NULL)
    return NULL;

  roots = g_ptr_array_new ();
  for (gsize i = 0; i < n_outputs; i++)
    g_ptr_array_add (roots, outputs[i]);

  disconnected = describe_disconnected (outputs, n_outputs);
  gradients = tg_sweep (&(TgSweepStart) {
    .outputs = roots, .cotangents = adapted, .disconnected = disconnected,
  }, wrt, n_wrt, disconnected_inputs, error);

  return gradients != NULL ? tg_variables_dup_array (gradients, n_gradients) : NULL;
}

/**
 * tg_hvp:
 * @cost: a 0-d floating-point variable
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @vectors: (array length=n_vectors): for each of @wrt a variable of its dtype and shape
 * @n_vectors: how many there are, as many as @wrt
 * @disconnected_inputs: what becomes of variables that @cost does not depend on
 * @n_products: (out) (optional): how many products there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes products of the Hessian, over all of @wrt together, with a vector: forward mode over the
 * gradient, whose cost is a few times that of @cost (B. Pearlmutter, "Fast exact multiplication by
 * the Hessian", Neural Computation 6, 1994).
 *
 * Returns: (transfer full) (array length=n_products): the products, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_hvp (TgVariable            *cost,
        TgVariable *const     *wrt,
        gsize                  n_wrt,
        TgVariable *const     *vectors,
        gsize                  n_vectors,
        TgDisconnectedInputs   disconnected_inputs,
        gsize                 *n_products,
        GError               **error)
{
  g_autoptr (GPtrArray) products = NULL;
  TgVariable **gradients;
  gsize n_gradients;

  if (n_products != NULL)
    *n_products = 0;

  g_return_val_if_fail (vectors != NULL || n_vectors == 0, NULL);

  if (!tg_variables_are_complete (vectors, n_vectors))
    return NULL;

  gradients = tg_grad (cost, wrt, n_wrt, disconnected_inputs, &n_gradients, error);
  if (gradients == NULL)
    return NULL;

  products = tg_forward ("hvp", "vector", gradients, n_gradients, wrt, n_wrt, vectors, n_vectors,
                         error);
  for (gsize i = 0; i < n_gradients; i++)
    g_object_unref (gradients[i]);
  g_free (gradients);

  return products != NULL ? tg_variables_dup_array (products, n_products) : NULL;
}
