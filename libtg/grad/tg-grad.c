/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-grad.h"

#include "tg-error.h"
#include "tg-grad-private.h"
#include "tg-operators.h"
#include "tg-traverse-private.h"

/* Reverse accumulation (S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT
 * 16, 1976): from the cost back to the inputs, each node once, after all of its users. */
typedef struct
{
  GHashTable *useful; /* variables through which the cost depends on those asked for */
  GHashTable *sums;   /* variable → gradient so far */
  GHashTable *zeros;  /* variables reached by gradients of zero alone, or by others too */
} Sweep;

static gboolean
is_inexact (TgVariable *variable)
{
  return tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_INEXACT);
}

static gboolean
check_arguments (TgVariable        *cost,
                 TgVariable *const *wrt,
                 gsize              n_wrt,
                 GError           **error)
{
  g_autofree char *cost_text = tg_variable_describe (cost, cost->type);

  if (!tg_dtype_in_set (cost->type->dtype, TG_DTYPE_SET_FLOAT))
    {
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE,
                   "grad: the cost must be of a floating-point dtype, not %s", cost_text);
      return FALSE;
    }

  if (cost->type->ndim != 0)
    {
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_SHAPE,
                   "grad: the cost must be 0-d, not %s", cost_text);
      return FALSE;
    }

  for (gsize i = 0; i < n_wrt; i++)
    {
      g_autofree char *text = tg_variable_describe (wrt[i], wrt[i]->type);

      if (!is_inexact (wrt[i]))
        {
          g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE,
                       "grad: %s has no gradient: it is neither floating-point nor complex", text);
          return FALSE;
        }
    }

  return TRUE;
}

static GHashTable *
find_useful (GPtrArray         *order,
             TgVariable *const *wrt,
             gsize              n_wrt)
{
  GHashTable *useful = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < n_wrt; i++)
    g_hash_table_add (useful, wrt[i]);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      for (guint k = 0; k < variable->n_inputs && is_inexact (variable); k++)
        {
          if (g_hash_table_contains (useful, variable->inputs[k]))
            g_hash_table_add (useful, variable);
        }
    }

  return useful;
}

static gboolean
accumulate (Sweep       *self,
            TgVariable  *variable,
            TgVariable  *gradient,
            GError     **error)
{
  TgVariable *before = g_hash_table_lookup (self->sums, variable);
  TgVariable *sum;

  sum = before != NULL ? tg_add (before, gradient, error) : g_object_ref (gradient);
  if (sum == NULL)
    return FALSE;

  g_hash_table_insert (self->sums, variable, sum);

  return TRUE;
}

/* Passes the gradient of a node on to its inputs. */
static gboolean
visit (Sweep       *self,
       TgVariable  *node,
       GError     **error)
{
  TgVariable *g = g_hash_table_lookup (self->sums, node);

  if (g == NULL && !g_hash_table_contains (self->zeros, node))
    return TRUE;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      g_autoptr (TgVariable) gradient = NULL;
      TgVariable *input = node->inputs[i];
      TgGradientKind kind = TG_GRADIENT_ZERO;

      if (!g_hash_table_contains (self->useful, input))
        continue;

      if (g != NULL)
        kind = tg_grad_input (node, i, g, &gradient, error);

      if (kind == TG_GRADIENT_ERROR)
        return FALSE;

      if (kind == TG_GRADIENT_ZERO)
        g_hash_table_add (self->zeros, input);
      else if (!accumulate (self, input, gradient, error))
        return FALSE;
    }

  return TRUE;
}

static TgVariable *
make_zeros (TgVariable  *like,
            GError     **error)
{
  g_autoptr (TgVariable) shape = tg_shape (like, error);

  return tg_zeros (shape, like->type->dtype, error);
}

static TgVariable *
get_result (Sweep                *self,
            TgVariable           *variable,
            TgDisconnectedInputs  disconnected_inputs,
            TgVariable           *cost,
            GError              **error)
{
  TgVariable *sum = g_hash_table_lookup (self->sums, variable);
  g_autofree char *cost_text = NULL;
  g_autofree char *text = NULL;

  if (sum != NULL)
    return g_object_ref (sum);

  if (g_hash_table_contains (self->zeros, variable)
      || disconnected_inputs == TG_DISCONNECTED_INPUTS_IGNORE)
    return make_zeros (variable, error);

  cost_text = tg_variable_describe (cost, cost->type);
  text = tg_variable_describe (variable, variable->type);
  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DISCONNECTED,
               "grad: the cost, %s, does not depend on %s by differentiable operators",
               cost_text, text);

  return NULL;
}

static TgVariable *
make_one (TgVariable  *cost,
          GError     **error)
{
  g_autoptr (TgTensor) number = tg_tensor_new_double (1);
  g_autoptr (TgTensor) one = tg_tensor_astype (number, cost->type->dtype, error);

  return one != NULL ? tg_constant_new (one) : NULL;
}

/**
 * tg_grad:
 * @cost: a 0-d floating-point variable
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @disconnected_inputs: what becomes of variables that @cost does not depend on
 * @n_gradients: (out) (optional): how many gradients there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes the gradient of a cost as new expressions, which can be differentiated in turn.
 *
 * Each gradient has the dtype and the shape of its variable, also where that was broadcast.
 * Integers and booleans have no gradient, and none passes through them. The gradient for a complex
 * variable x + iy is that for x plus i times that for y, the direction in which the cost grows.
 *
 * Returns: (transfer full) (array length=n_gradients): the gradients, or %NULL with @error set
 */
TgVariable **
tg_grad (TgVariable            *cost,
         TgVariable *const     *wrt,
         gsize                  n_wrt,
         TgDisconnectedInputs   disconnected_inputs,
         gsize                 *n_gradients,
         GError               **error)
{
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (GHashTable) useful = NULL;
  g_autoptr (GHashTable) sums = NULL;
  g_autoptr (GHashTable) zeros = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (TgVariable) one = NULL;
  Sweep sweep;

  if (n_gradients != NULL)
    *n_gradients = 0;

  if (cost == NULL)
    return NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (cost), NULL);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, NULL);

  for (gsize i = 0; i < n_wrt; i++)
    {
      if (wrt[i] == NULL)
        return NULL;
    }

  if (!check_arguments (cost, wrt, n_wrt, error))
    return NULL;

  order = tg_traverse (&cost, 1, NULL);
  useful = find_useful (order, wrt, n_wrt);
  sums = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  zeros = g_hash_table_new (NULL, NULL);
  sweep = (Sweep) { useful, sums, zeros };

  one = make_one (cost, error);
  if (one == NULL || !accumulate (&sweep, cost, one, error))
    return NULL;

  for (guint i = order->len; i-- > 0;)
    {
      TgVariable *node = order->pdata[i];

      if (g_hash_table_contains (useful, node) && !visit (&sweep, node, error))
        return NULL;
    }

  results = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_wrt; i++)
    {
      TgVariable *result = get_result (&sweep, wrt[i], disconnected_inputs, cost, error);

      if (result == NULL)
        return NULL;

      g_ptr_array_add (results, result);
    }

  if (n_wrt == 0)
    return g_new0 (TgVariable *, 1);

  if (n_gradients != NULL)
    *n_gradients = n_wrt;

  g_ptr_array_set_free_func (results, NULL);

  return g_memdup2 (results->pdata, n_wrt * sizeof (TgVariable *));
}
