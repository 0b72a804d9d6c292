/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-grad-private.h"

#include "tg-error.h"
#include "tg-operators.h"
#include "tg-traverse-private.h"

/**
 * TgGradOptions:
 *
 * What [func@Tg.grad_with_options] is to know besides a cost and variables.
 */
struct _TgGradOptions
{
  GObject               parent_instance;
  GPtrArray            *known;
  GPtrArray            *known_gradients;
  GPtrArray            *constants;
  TgDisconnectedInputs  disconnected_inputs;
  gboolean              is_incomplete; /* something given was NULL */
};

G_DEFINE_FINAL_TYPE (TgGradOptions, tg_grad_options, G_TYPE_OBJECT)

static void
tg_grad_options_finalize (GObject *object)
{
  TgGradOptions *self = TG_GRAD_OPTIONS (object);

  g_ptr_array_unref (self->known);
  g_ptr_array_unref (self->known_gradients);
  g_ptr_array_unref (self->constants);

  G_OBJECT_CLASS (tg_grad_options_parent_class)->finalize (object);
}

static void
tg_grad_options_class_init (TgGradOptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_grad_options_finalize;
}

static void
tg_grad_options_init (TgGradOptions *self)
{
  self->known = g_ptr_array_new_with_free_func (g_object_unref);
  self->known_gradients = g_ptr_array_new_with_free_func (g_object_unref);
  self->constants = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tg_grad_options_new:
 *
 * Creates options with which all is as in [func@Tg.grad], and a variable that the cost does not
 * depend on is an error.
 *
 * Returns: (transfer full): new options
 */
TgGradOptions *
tg_grad_options_new (void)
{
  return g_object_new (TG_TYPE_GRAD_OPTIONS, NULL);
}

/**
 * tg_grad_options_add_known_gradient:
 * @self: options
 * @variable: (nullable): a floating-point variable
 * @gradient: (nullable): its gradient, of the dtype and the shape of @variable
 *
 * Says what the gradient of a variable is; gradients flow on from there, and what the cost itself
 * gives to @variable is left out.
 *
 * With %NULL, which stands for a mistake before, no gradients are made.
 */
void
tg_grad_options_add_known_gradient (TgGradOptions *self,
                                    TgVariable    *variable,
                                    TgVariable    *gradient)
{
  g_return_if_fail (TG_IS_GRAD_OPTIONS (self));
  g_return_if_fail (variable == NULL || TG_IS_VARIABLE (variable));
  g_return_if_fail (gradient == NULL || TG_IS_VARIABLE (gradient));

  if (variable == NULL || gradient == NULL)
    {
      self->is_incomplete = TRUE;
      return;
    }

  g_ptr_array_add (self->known, g_object_ref (variable));
  g_ptr_array_add (self->known_gradients, g_object_ref (gradient));
}

/**
 * tg_grad_options_add_constant:
 * @self: options
 * @variable: (nullable): a variable
 *
 * Treats a variable as a constant: no gradient passes through it to what it is made of.
 *
 * With %NULL, which stands for a mistake before, no gradients are made.
 */
void
tg_grad_options_add_constant (TgGradOptions *self,
                              TgVariable    *variable)
{
  g_return_if_fail (TG_IS_GRAD_OPTIONS (self));
  g_return_if_fail (variable == NULL || TG_IS_VARIABLE (variable));

  if (variable == NULL)
    self->is_incomplete = TRUE;
  else
    g_ptr_array_add (self->constants, g_object_ref (variable));
}

/**
 * tg_grad_options_set_disconnected_inputs:
 * @self: options
 * @disconnected_inputs: what becomes of variables that the cost does not depend on
 *
 * Says what becomes of variables that the cost does not depend on.
 */
void
tg_grad_options_set_disconnected_inputs (TgGradOptions        *self,
                                         TgDisconnectedInputs  disconnected_inputs)
{
  g_return_if_fail (TG_IS_GRAD_OPTIONS (self));

  self->disconnected_inputs = disconnected_inputs;
}

static gboolean
check_cost (TgVariable  *cost,
            GError     **error)
{
  g_autofree char *text = tg_variable_describe (cost, cost->type);

  if (!tg_dtype_in_set (cost->type->dtype, TG_DTYPE_SET_FLOAT))
    {
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_DTYPE,
                   "grad: the cost must be of a floating-point dtype, not %s", text);
      return FALSE;
    }

  if (cost->type->ndim != 0)
    {
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_SHAPE,
                   "grad: the cost must be 0-d, not %s", text);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_arguments (TgVariable         *cost,
                 TgVariable *const  *wrt,
                 gsize               n_wrt,
                 TgGradOptions      *options,
                 GError            **error)
{
  if (cost == NULL && options->known->len == 0)
    {
      g_set_error_literal (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                           "grad: there must be a cost, or a known gradient");
      return FALSE;
    }

  if (cost != NULL && !check_cost (cost, error))
    return FALSE;

  for (gsize i = 0; i < n_wrt; i++)
    {
      if (!tg_grad_check_float ("grad", wrt[i], error))
        return FALSE;
    }

  return TRUE;
}

static char *
describe_disconnected (TgVariable    *cost,
                       TgGradOptions *options)
{
  g_autofree char *text = NULL;

  if (cost == NULL)
    return g_strdup ("grad: no variable of known gradient depends on");

  text = tg_variable_describe (cost, cost->type);
  if (options->known->len > 0)
    return g_strdup_printf ("grad: neither the cost, %s, nor a variable of known gradient "
                            "depends on", text);

  return g_strdup_printf ("grad: the cost, %s, does not depend on", text);
}

/* What is somebody's already: parts of the cost, which custom gradients may give back, and known
 * gradients; and what is the gradient for several variables. */
static GHashTable *
find_owned (TgVariable    *cost,
            GPtrArray     *gradients,
            TgGradOptions *options)
{
  GHashTable *owned = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (GPtrArray) roots = g_ptr_array_new ();

  g_ptr_array_add (roots, cost);
  g_ptr_array_extend (roots, options->known, NULL, NULL);
  order = tg_traverse ((TgVariable *const *) roots->pdata, roots->len, NULL);
  for (guint i = 0; i < order->len; i++)
    g_hash_table_add (owned, order->pdata[i]);

  for (guint i = 0; i < options->known_gradients->len; i++)
    g_hash_table_add (owned, options->known_gradients->pdata[i]);

  for (guint i = 0; i < gradients->len; i++)
    {
      if (!g_hash_table_add (seen, gradients->pdata[i]))
        g_hash_table_add (owned, gradients->pdata[i]);
    }

  return owned;
}

/* Theano's names; a gradient that is nobody's alone, or somebody's already, stays without. */
static void
name_gradients (TgVariable        *cost,
                TgVariable *const *wrt,
                GPtrArray         *gradients,
                TgGradOptions     *options)
{
  g_autoptr (GHashTable) owned = NULL;

  if (cost == NULL || cost->name == NULL)
    return;

  owned = find_owned (cost, gradients, options);
  for (guint i = 0; i < gradients->len; i++)
    {
      TgVariable *gradient = gradients->pdata[i];

      if (wrt[i]->name != NULL && gradient->op != NULL && gradient->name == NULL
          && !g_hash_table_contains (owned, gradient))
        gradient->name = g_strdup_printf ("(d%s/d%s)", cost->name, wrt[i]->name);
    }
}

/* The gradients as the options say, or NULL. */
static GPtrArray *
differentiate (TgVariable         *cost,
               TgVariable *const  *wrt,
               gsize               n_wrt,
               TgGradOptions      *options,
               GError            **error)
{
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) cotangents = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) known_gradients = NULL;
  g_autoptr (GPtrArray) gradients = NULL;
  g_autofree char *disconnected = describe_disconnected (cost, options);
  TgSweepStart start = {
    .outputs = outputs, .cotangents = cotangents, .known = options->known,
    .constants = options->constants, .disconnected = disconnected,
  };

  known_gradients = tg_grad_adapt_all ("grad", "known gradient",
                                       (TgVariable *const *) options->known->pdata,
                                       options->known->len,
                                       (TgVariable *const *) options->known_gradients->pdata,
                                       options->known_gradients->len, error);
  if (known_gradients == NULL)
    return NULL;

  start.known_gradients = known_gradients;
  if (cost != NULL)
    {
      TgVariable *one = tg_constant_new_one (cost->type->dtype, error);

      if (one == NULL)
        return NULL;

      g_ptr_array_add (outputs, cost);
      g_ptr_array_add (cotangents, one);
    }

  gradients = tg_sweep (&start, wrt, n_wrt, options->disconnected_inputs, error);
  if (gradients != NULL)
    name_gradients (cost, wrt, gradients, options);

  return g_steal_pointer (&gradients);
}

/**
 * tg_grad_with_options:
 * @cost: (nullable): a 0-d floating-point variable; %NULL where the options know gradients
 * @wrt: (array length=n_wrt): variables to differentiate with respect to
 * @n_wrt: how many there are
 * @options: (nullable): known gradients, constants and what becomes of disconnected variables
 * @n_gradients: (out) (optional): how many gradients there are: as many as @wrt has elements
 * @error: return location for an error
 *
 * Writes the gradient of a cost as new expressions, as [func@Tg.grad] does, with options.
 *
 * Returns: (transfer full) (array length=n_gradients): the gradients, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_grad_with_options (TgVariable         *cost,
                      TgVariable *const  *wrt,
                      gsize               n_wrt,
                      TgGradOptions      *options,
                      gsize              *n_gradients,
                      GError            **error)
{
  g_autoptr (TgGradOptions) own = options != NULL ? g_object_ref (options)
                                                  : tg_grad_options_new ();
  g_autoptr (GPtrArray) gradients = NULL;

  if (n_gradients != NULL)
    *n_gradients = 0;

  g_return_val_if_fail (cost == NULL || TG_IS_VARIABLE (cost), NULL);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, NULL);

  if (own->is_incomplete || !tg_variables_are_complete (wrt, n_wrt)
      || !check_arguments (cost, wrt, n_wrt, own, error))
    return NULL;

  gradients = differentiate (cost, wrt, n_wrt, own, error);

  return gradients != NULL ? tg_variables_dup_array (gradients, n_gradients) : NULL;
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
 * Where cost and variable have names, so has the gradient: that of `cost` for `x` is called
 * `(dcost/dx)`.
 *
 * Returns: (transfer full) (array length=n_gradients): the gradients, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable **
tg_grad (TgVariable            *cost,
         TgVariable *const     *wrt,
         gsize                  n_wrt,
         TgDisconnectedInputs   disconnected_inputs,
         gsize                 *n_gradients,
         GError               **error)
{
  g_autoptr (TgGradOptions) options = NULL;

  if (n_gradients != NULL)
    *n_gradients = 0;

  if (cost == NULL)
    return NULL;

  options = tg_grad_options_new ();
  options->disconnected_inputs = disconnected_inputs;

  return tg_grad_with_options (cost, wrt, n_wrt, options, n_gradients, error);
}
