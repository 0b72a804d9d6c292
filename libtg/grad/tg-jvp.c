/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-jacobian.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-grad-private.h"
#include "tg-operators.h"
#include "tg-origin-private.h"
#include "tg-traverse-private.h"

/* Forward accumulation (R. E. Wengert, "A simple automatic derivative evaluation program",
 * Communications of the ACM 7, 1964): from the inputs to the outputs, each node once, after all of
 * its inputs.  A variable without a tangent has one of zero. */

static gboolean
is_inexact (TgVariable *variable)
{
  return tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_INEXACT);
}

static TgVariable *
convert (TgVariable  *variable,
         TgDType      dtype,
         GError     **error)
{
  if (variable == NULL || (variable->type->dtype == dtype && !variable->weak))
    return variable != NULL ? g_object_ref (variable) : NULL;

  return tg_astype (variable, dtype, error);
}

/* Adds `term`, which may be NULL after an error, to the sum so far, which may be NULL for zero. */
static gboolean
add_term (TgVariable **sum,
          TgVariable  *term,
          GError     **error)
{
  g_autoptr (TgVariable) before = *sum;

  if (term == NULL)
    {
      *sum = NULL;
      return FALSE;
    }

  *sum = before != NULL ? tg_add (before, term, error) : g_object_ref (term);

  return *sum != NULL;
}

/* Whether input number `index` passes a tangent on; -1 where that is an error. */
static gint
passes (TgVariable  *node,
        guint        index,
        GHashTable  *tangents,
        GError     **error)
{
  if (g_hash_table_lookup (tangents, node->inputs[index]) == NULL)
    return 0;

  switch (tg_grad_get_kind (node, index, error))
    {
    case TG_GRADIENT_VALUE:
      return 1;

    case TG_GRADIENT_ERROR:
      return -1;

    case TG_GRADIENT_ZERO:
    case TG_GRADIENT_NONE:
    default:
      return 0;
    }
}

/* A sum of terms may lack dimensions that only inputs without a tangent have. */
static TgVariable *
widen (TgVariable  *node,
       TgVariable  *sum,
       GError     **error)
{
  gboolean same = sum->type->ndim == node->type->ndim;
  g_autoptr (TgVariable) shape = NULL;

  for (guint i = 0; i < node->type->ndim && same; i++)
    same = node->type->shape[i] != TG_UNKNOWN && node->type->shape[i] == sum->type->shape[i];

  if (same)
    return g_object_ref (sum);

  shape = tg_shape (node, error);

  return tg_broadcast_to (sum, shape, error);
}

/* The declared gradients with tangents in the place of `g`: element by element, the derivative is a
 * number, and its transpose is itself. */
static gboolean
elementwise_tangent (TgVariable  *node,
                     GHashTable  *tangents,
                     TgVariable **tangent,
                     GError     **error)
{
  g_autoptr (TgVariable) sum = NULL;
  gboolean is_wide = FALSE;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      gint pass = passes (node, i, tangents, error);
      g_autoptr (TgVariable) direction = NULL;
      g_autoptr (TgVariable) raw = NULL;
      g_autoptr (TgVariable) term = NULL;

      if (pass < 0)
        return FALSE;

      if (pass == 0)
        continue;

      direction = convert (g_hash_table_lookup (tangents, node->inputs[i]), node->compute, error);
      raw = direction != NULL ? tg_grad_build (node, i, TRUE, direction, node, error) : NULL;
      term = convert (raw, node->type->dtype, error);
      if (!add_term (&sum, term, error))
        return FALSE;

      is_wide = is_wide || !tg_grad_may_be_broadcast (node, i);
    }

  if (sum == NULL)
    return TRUE;

  *tangent = is_wide ? g_object_ref (sum) : widen (node, sum, error);

  return *tangent != NULL;
}

/* Ones, one along each axis. */
static TgVariable *
make_unit (TgDType dtype,
           guint   ndim,
           GError **error)
{
  g_autoptr (TgTensor) number = tg_tensor_new_double (1);
  g_autoptr (TgTensor) converted = tg_tensor_astype (number, dtype, error);
  g_autoptr (TgTensor) one = NULL;
  gint64 shape[TG_MAX_NDIM];

  for (guint i = 0; i < ndim; i++)
    shape[i] = 1;

  one = converted != NULL ? tg_tensor_reshape (converted, shape, ndim, error) : NULL;

  return one != NULL ? tg_constant_new (one) : NULL;
}

/* What the gradient is for 1, times the tangent, summed over the axes. */
static TgVariable *
reduce_tangent (TgVariable  *node,
                TgVariable  *direction,
                GError     **error)
{
  guint ndim = node->inputs[0]->type->ndim;
  g_autoptr (TgVariable) one = make_unit (node->compute, ndim, error);
  g_autoptr (TgVariable) result = tg_grad_restore_axes (node, node);
  g_autoptr (TgVariable) slope = NULL;
  g_autoptr (TgVariable) product = NULL;
  g_autoptr (TgVariable) sum = NULL;
  gboolean chosen[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes = 0;

  if (one == NULL)
    return NULL;

  tg_attribute_get_axes (tg_variable_find (node, "axis"), ndim, chosen);
  for (guint i = 0; i < ndim; i++)
    {
      if (chosen[i])
        axes[n_axes++] = i;
    }

  slope = tg_grad_build (node, 0, TRUE, one, result, error);
  product = tg_multiply (slope, direction, error);
  sum = tg_sum (product, axes, n_axes, tg_variable_find_bool (node, "keepdims"), error);

  return convert (sum, node->type->dtype, error);
}

/* Products are linear in each operand. */
static gboolean
contract_tangent (TgVariable  *node,
                  GHashTable  *tangents,
                  TgVariable **tangent,
                  GError     **error)
{
  g_autoptr (TgVariable) sum = NULL;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      TgVariable *direction = g_hash_table_lookup (tangents, node->inputs[i]);
      TgVariable *inputs[2] = { node->inputs[0], node->inputs[1] };
      g_autoptr (TgVariable) term = NULL;

      if (direction == NULL)
        continue;

      inputs[i] = direction;
      term = tg_variable_new_like (node, inputs, error);
      if (!add_term (&sum, term, error))
        return FALSE;
    }

  *tangent = g_steal_pointer (&sum);

  return TRUE;
}

/* An operator that is linear, applied to the tangents. */
static TgVariable *
linear_tangent (TgVariable  *node,
                GHashTable  *tangents,
                GError     **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) raw = NULL;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      TgVariable *input = node->inputs[i];
      TgVariable *direction = g_hash_table_lookup (tangents, input);

      if (tg_op_info_get_input (node->op, i).kind != TG_INPUT_ANY)
        direction = g_object_ref (input);
      else if (direction != NULL)
        g_object_ref (direction);
      else
        direction = tg_variable_new_zeros_like (input, node->type->dtype, error);

      if (direction == NULL)
        return NULL;

      g_ptr_array_add (inputs, direction);
    }

  raw = tg_variable_new_like (node, (TgVariable *const *) inputs->pdata, error);

  return convert (raw, node->type->dtype, error);
}

/* What `g`, linear in the symbol `u`, is for a tangent, transposed: the gradient of its product
 * with the tangent for `u`, in which `u` may stand for its shape alone. */
static TgVariable *
transpose (TgVariable  *node,
           TgVariable  *u,
           TgVariable  *g,
           TgVariable  *direction,
           GError     **error)
{
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) cotangents = g_ptr_array_new ();
  g_autoptr (GPtrArray) constants = g_ptr_array_new ();
  g_autoptr (GHashTable) replacements = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) gradients = NULL;
  g_autoptr (GPtrArray) transposed = NULL;
  TgSweepStart start = {
    .outputs = outputs, .cotangents = cotangents, .constants = constants, .disconnected = "",
  };

  /* Nothing behind the node is looked at, or a chain of such nodes would take quadratic time. */
  g_ptr_array_add (outputs, g);
  g_ptr_array_add (cotangents, direction);
  g_ptr_array_add (constants, node);
  g_hash_table_insert (replacements, direction, direction);
  g_hash_table_insert (replacements, node, node);
  for (guint i = 0; i < node->n_inputs; i++)
    {
      g_ptr_array_add (constants, node->inputs[i]);
      g_hash_table_insert (replacements, node->inputs[i], node->inputs[i]);
    }

  g_hash_table_insert (replacements, u, node);
  gradients = tg_sweep (&start, &u, 1, TG_DISCONNECTED_INPUTS_IGNORE, error);
  if (gradients == NULL)
    return NULL;

  transposed = tg_substitute ((TgVariable *const *) gradients->pdata, 1, replacements, error);

  return transposed != NULL ? g_object_ref (transposed->pdata[0]) : NULL;
}

/* For all other operators: gradients are linear in `g`, and their transpose is the derivative. */
static gboolean
transposed_tangent (TgVariable  *node,
                    GHashTable  *tangents,
                    TgVariable **tangent,
                    GError     **error)
{
  g_autoptr (TgVariable) u = tg_variable_new_with_type (NULL, node->type);
  g_autoptr (TgVariable) sum = NULL;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      TgVariable *direction = g_hash_table_lookup (tangents, node->inputs[i]);
      g_autoptr (TgVariable) gradient = NULL;
      g_autoptr (TgVariable) term = NULL;
      TgGradientKind kind;

      if (direction == NULL)
        continue;

      kind = tg_grad_input (node, i, u, &gradient, error);
      if (kind == TG_GRADIENT_ERROR)
        return FALSE;

      if (kind != TG_GRADIENT_VALUE)
        continue;

      term = transpose (node, u, gradient, direction, error);
      if (!add_term (&sum, term, error))
        return FALSE;
    }

  *tangent = g_steal_pointer (&sum);

  return TRUE;
}

static gboolean
is_linear (const TgOpInfo *op)
{
  return op->form == TG_FORM_LAYOUT || op->linear != NULL;
}

/* The tangent of a node, NULL for zero; FALSE after an error. */
static gboolean
make_tangent (TgVariable  *node,
              GHashTable  *tangents,
              TgVariable **tangent,
              GError     **error)
{
  gboolean any = FALSE;
  gint pass;

  *tangent = NULL;
  for (guint i = 0; i < node->n_inputs; i++)
    any = any || g_hash_table_contains (tangents, node->inputs[i]);

  if (!any || !is_inexact (node))
    return TRUE;

  if (node->op->form == TG_FORM_ELEMENTWISE)
    return elementwise_tangent (node, tangents, tangent, error);

  if (node->op->form == TG_FORM_CONTRACT)
    return contract_tangent (node, tangents, tangent, error);

  if (is_linear (node->op))
    *tangent = linear_tangent (node, tangents, error);
  else if (node->op->form == TG_FORM_REDUCE)
    {
      pass = passes (node, 0, tangents, error);
      if (pass <= 0)
        return pass == 0;

      *tangent = reduce_tangent (node, g_hash_table_lookup (tangents, node->inputs[0]), error);
    }
  else
    return transposed_tangent (node, tangents, tangent, error);

  return *tangent != NULL;
}

/* What the outputs depend on by floating-point numbers all the way: a shape or a comparison does
 * not change by a little, whatever it is of. */
static GHashTable *
find_needed (TgVariable *const *outputs,
             gsize              n_outputs,
             GPtrArray         *order)
{
  GHashTable *needed = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < n_outputs; i++)
    g_hash_table_add (needed, outputs[i]);

  for (guint i = order->len; i-- > 0;)
    {
      TgVariable *node = order->pdata[i];

      if (!is_inexact (node) || !g_hash_table_contains (needed, node))
        continue;

      for (guint k = 0; k < node->n_inputs; k++)
        g_hash_table_add (needed, node->inputs[k]);
    }

  return needed;
}

/* All tangents that `outputs` need, where those of `wrt` are given. */
static GHashTable *
propagate (TgVariable *const  *outputs,
           gsize               n_outputs,
           TgVariable *const  *wrt,
           GPtrArray          *directions,
           GError            **error)
{
  g_autoptr (GHashTable) tangents = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_autoptr (GHashTable) stops = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) needed = NULL;
  g_autoptr (GPtrArray) order = NULL;

  for (guint i = 0; i < directions->len; i++)
    {
      g_hash_table_add (stops, wrt[i]);
      g_hash_table_insert (tangents, wrt[i], g_object_ref (directions->pdata[i]));
    }

  order = tg_traverse (outputs, n_outputs, stops);
  needed = find_needed (outputs, n_outputs, order);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *node = order->pdata[i];
      TgVariable *tangent;
      gboolean is_made;

      if (node->op == NULL || g_hash_table_contains (stops, node)
          || !g_hash_table_contains (needed, node))
        continue;

      tg_origin_push_variable (node);
      is_made = make_tangent (node, tangents, &tangent, error);
      tg_origin_pop (TG_ORIGIN_VARIABLE);
      if (!is_made)
        return NULL;

      if (tangent != NULL)
        g_hash_table_insert (tangents, node, tangent);
    }

  return g_steal_pointer (&tangents);
}

GPtrArray *
tg_forward (const char         *function,
            const char         *noun,
            TgVariable *const  *outputs,
            gsize               n_outputs,
            TgVariable *const  *wrt,
            gsize               n_wrt,
            TgVariable *const  *tangents,
            gsize               n_tangents,
            GError            **error)
{
  g_autoptr (GPtrArray) products = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) directions = NULL;
  g_autoptr (GHashTable) made = NULL;

  for (gsize i = 0; i < n_outputs; i++)
    {
      if (!tg_grad_check_float (function, outputs[i], error))
        return NULL;
    }

  directions = tg_grad_adapt_all (function, noun, wrt, n_wrt, tangents, n_tangents, error);
  made = directions != NULL ? propagate (outputs, n_outputs, wrt, directions, error) : NULL;
  if (made == NULL)
    return NULL;

  for (gsize i = 0; i < n_outputs; i++)
    {
      TgVariable *tangent = g_hash_table_lookup (made, outputs[i]);

      tangent = tangent != NULL ? g_object_ref (tangent)
                                : tg_variable_new_zeros_like (outputs[i], outputs[i]->type->dtype,
                                                              error);
      if (tangent == NULL)
        return NULL;

      g_ptr_array_add (products, tangent);
    }

  return g_steal_pointer (&products);
}

/**
 * tg_jvp:
 * @outputs: (array length=n_outputs): floating-point variables of any shape
 * @n_outputs: how many there are
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @tangents: (array length=n_tangents): for each of @wrt a variable of its dtype and shape
 * @n_tangents: how many there are, as many as @wrt
 * @n_products: (out) (optional): how many products there are: as many as @outputs has elements
 * @error: return location for an error
 *
 * Writes products of the Jacobian with vectors: forward mode, Theano's R-operator.
 *
 * For each of @outputs, it is its derivative in the direction in which each of @wrt changes by its
 * tangent; zeros where the output does not depend on any. Integers and booleans do not change by a
 * little.
 *
 * Returns: (transfer full) (array length=n_products): the products, each of the dtype and shape of
 *   its output, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable **
tg_jvp (TgVariable *const  *outputs,
        gsize               n_outputs,
        TgVariable *const  *wrt,
        gsize               n_wrt,
        TgVariable *const  *tangents,
        gsize               n_tangents,
        gsize              *n_products,
        GError            **error)
{
  g_autoptr (GPtrArray) products = NULL;

  if (n_products != NULL)
    *n_products = 0;

  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, NULL);
  g_return_val_if_fail (tangents != NULL || n_tangents == 0, NULL);

  if (!tg_variables_are_complete (outputs, n_outputs) || !tg_variables_are_complete (wrt, n_wrt)
      || !tg_variables_are_complete (tangents, n_tangents))
    return NULL;

  products = tg_forward ("jvp", "tangent", outputs, n_outputs, wrt, n_wrt, tangents, n_tangents,
                         error);

  return products != NULL ? tg_variables_dup_array (products, n_products) : NULL;
}
