/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-grad-private.h"

#include "tg-error.h"
#include "tg-operators.h"
#include "tg-origin-private.h"
#include "tg-rewrite-private.h"
#include "tg-traverse-private.h"

/* Reverse accumulation (S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT
 * 16, 1976): from the outputs back to the inputs, each node once, after all of its users. */
typedef struct
{
  GHashTable *useful;    /* variables through which the outputs depend on those asked for */
  GHashTable *sums;      /* variable → gradient so far */
  GHashTable *zeros;     /* variables reached by gradients of zero alone, or by others too */
  GHashTable *known;     /* variables whose gradients are as given */
  GHashTable *constants; /* variables through which no gradient passes */
} Sweep;

static GHashTable *
make_set (GPtrArray *variables)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; variables != NULL && i < variables->len; i++)
    g_hash_table_add (set, variables->pdata[i]);

  return set;
}

static GHashTable *
find_useful (GPtrArray         *order,
             GHashTable        *constants,
             TgVariable *const *wrt,
             gsize              n_wrt)
{
  GHashTable *useful = g_hash_table_new (NULL, NULL);

  for (gsize i = 0; i < n_wrt; i++)
    g_hash_table_add (useful, wrt[i]);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (!tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_INEXACT)
          || g_hash_table_contains (constants, variable))
        continue;

      for (guint k = 0; k < variable->n_inputs; k++)
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

  if (g_hash_table_contains (self->known, variable))
    return TRUE;

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
        {
          tg_origin_push_variable (node);
          kind = tg_grad_input (node, i, g, &gradient, error);
          tg_origin_pop (TG_ORIGIN_VARIABLE);
        }

      if (kind == TG_GRADIENT_ERROR)
        return FALSE;

      if (kind == TG_GRADIENT_ZERO)
        g_hash_table_add (self->zeros, input);
      else if (kind == TG_GRADIENT_VALUE && !accumulate (self, input, gradient, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
begin (Sweep              *self,
       const TgSweepStart *start,
       GError            **error)
{
  for (guint i = 0; start->known != NULL && i < start->known->len; i++)
    g_hash_table_insert (self->sums, start->known->pdata[i],
                         g_object_ref (start->known_gradients->pdata[i]));

  for (guint i = 0; i < start->outputs->len; i++)
    {
      if (!accumulate (self, start->outputs->pdata[i], start->cotangents->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

static TgVariable *
get_result (Sweep                *self,
            const TgSweepStart   *start,
            TgVariable           *variable,
            TgDisconnectedInputs  disconnected_inputs,
            GError              **error)
{
  TgVariable *sum = g_hash_table_lookup (self->sums, variable);
  g_autofree char *text = NULL;

  if (sum != NULL)
    return g_object_ref (sum);

  if (g_hash_table_contains (self->zeros, variable)
      || disconnected_inputs == TG_DISCONNECTED_INPUTS_IGNORE)
    return tg_variable_new_zeros_like (variable, variable->type->dtype, error);

  text = tg_variable_describe (variable, variable->type);
  if (disconnected_inputs == TG_DISCONNECTED_INPUTS_WARN)
    {
      g_warning ("%s %s by differentiable operators", start->disconnected, text);
      return tg_variable_new_zeros_like (variable, variable->type->dtype, error);
    }

  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DISCONNECTED,
               "%s %s by differentiable operators", start->disconnected, text);

  return NULL;
}

/* What the outputs are, in forms whose gradients are as accurate as their values.  What gradients
 * are for, or known for, stays. */
static GPtrArray *
recognise (const TgSweepStart *start,
           TgVariable *const  *wrt,
           gsize               n_wrt,
           GError            **error)
{
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (GHashTable) stops = make_set (start->known);
  g_autoptr (GHashTable) excluded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  TgRewriteOptions options;

  tg_rewrite_options_init (&options, excluded);
  options.stops = stops;
  outputs = g_ptr_array_copy (start->outputs, (GCopyFunc) (gpointer) g_object_ref, NULL);
  g_ptr_array_set_free_func (outputs, g_object_unref);
  for (guint i = 0; start->constants != NULL && i < start->constants->len; i++)
    g_hash_table_add (stops, start->constants->pdata[i]);
  for (gsize i = 0; i < n_wrt; i++)
    g_hash_table_add (stops, wrt[i]);

  return tg_rewrite (outputs, &options, NULL, error) ? g_steal_pointer (&outputs) : NULL;
}

static GPtrArray *
list_roots (const TgSweepStart *start)
{
  GPtrArray *roots = g_ptr_array_new ();

  g_ptr_array_extend (roots, start->outputs, NULL, NULL);
  if (start->known != NULL)
    g_ptr_array_extend (roots, start->known, NULL, NULL);

  return roots;
}

GPtrArray *
tg_sweep (const TgSweepStart    *written,
          TgVariable *const     *wrt,
          gsize                  n_wrt,
          TgDisconnectedInputs   disconnected_inputs,
          GError               **error)
{
  g_autoptr (GPtrArray) outputs = recognise (written, wrt, n_wrt, error);
  g_autoptr (GHashTable) constants = make_set (written->constants);
  g_autoptr (GHashTable) known = make_set (written->known);
  g_autoptr (GHashTable) sums = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_autoptr (GHashTable) zeros = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GHashTable) useful = NULL;
  g_autoptr (GPtrArray) roots = NULL;
  g_autoptr (GPtrArray) order = NULL;
  TgSweepStart recognised = *written;
  const TgSweepStart *start = &recognised;
  Sweep sweep = { NULL, sums, zeros, known, constants };

  if (outputs == NULL)
    return NULL;

  recognised.outputs = outputs;
  roots = list_roots (start);
  order = tg_traverse ((TgVariable *const *) roots->pdata, roots->len, constants);
  useful = sweep.useful = find_useful (order, constants, wrt, n_wrt);
  if (!begin (&sweep, start, error))
    return NULL;

  for (guint i = order->len; i-- > 0;)
    {
      TgVariable *node = order->pdata[i];

      if (g_hash_table_contains (useful, node) && !g_hash_table_contains (constants, node)
          && !visit (&sweep, node, error))
        return NULL;
    }

  for (gsize i = 0; i < n_wrt; i++)
    {
      TgVariable *result = get_result (&sweep, start, wrt[i], disconnected_inputs, error);

      if (result == NULL)
        return NULL;

      g_ptr_array_add (results, result);
    }

  return g_steal_pointer (&results);
}
