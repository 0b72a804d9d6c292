/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-custom-gradient.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-expression-private.h"
#include "tg-form-private.h"
#include "tg-grad-private.h"
#include "tg-operators.h"
#include "tg-print-private.h"
#include "tg-traverse-private.h"
#include "tg-vectorize-private.h"

/* The operator with_gradient keeps the gradients of an expression as text.  In it, `g` is the
 * gradient of the result, `result` the first input, and x1, x2 and so on are the others. */

/* Constants up to this size are part of the text, as in all that is printed. */
#define MAX_ELEMENTS 64

static const char *
get_text (TgVariable *node)
{
  return g_variant_get_string (tg_variable_find (node, "gradient"), NULL);
}

static GPtrArray *
make_names (guint n_inputs)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_ptr_array_add (names, g_strdup ("g"));
  g_ptr_array_add (names, g_strdup ("result"));
  for (guint i = 1; i < n_inputs; i++)
    g_ptr_array_add (names, g_strdup_printf ("x%u", i));

  return names;
}

/* The gradients, where `variables` are what make_names() names. */
static GPtrArray *
read_gradients (TgVariable  *node,
                GPtrArray   *variables,
                GError     **error)
{
  g_autoptr (TgExpression) expression = tg_expression_new (get_text (node), error);
  g_autoptr (GPtrArray) names = make_names (node->n_inputs);
  TgBindings bindings = {
    .n_variables = names->len, .names = (const char *const *) names->pdata,
    .variables = (TgVariable *const *) variables->pdata,
  };

  return expression != NULL ? tg_expression_build (expression, &bindings, error) : NULL;
}

guint
tg_custom_gradient_count (TgVariable *node)
{
  g_autoptr (TgExpression) expression = tg_expression_new (get_text (node), NULL);

  return expression != NULL ? expression->results->len : 0;
}

/* A gradient in the shape of its input: summed back where that was broadcast. */
static TgVariable *
fit_shape (TgVariable  *gradient,
           TgVariable  *input,
           GError     **error)
{
  g_autoptr (TgVariable) shape = NULL;
  gboolean sure;

  if (tg_grad_compare_shapes (gradient->type, input->type, &sure) && sure)
    return g_object_ref (gradient);

  shape = tg_shape (input, error);

  return gradient->type->ndim == 0 ? tg_broadcast_to (gradient, shape, error)
                                   : tg_sum_to (gradient, shape, error);
}

TgVariable *
tg_custom_gradient_build (TgVariable  *node,
                          guint        index,
                          TgVariable  *g,
                          GError     **error)
{
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();
  g_autoptr (GPtrArray) gradients = NULL;
  TgVariable *gradient = NULL;

  g_ptr_array_add (variables, g);
  g_ptr_array_add (variables, node);
  for (guint i = 1; i < node->n_inputs; i++)
    g_ptr_array_add (variables, node->inputs[i]);

  gradients = read_gradients (node, variables, error);
  if (gradients != NULL)
    gradient = fit_shape (gradients->pdata[index - 1], node->inputs[index], error);

  if (gradient == NULL)
    g_prefix_error (error, "the gradient number %u of with_gradient: ", index);

  return gradient;
}

/* The gradients as text, in one line. */
static char *
write_gradients (TgVariable *const *gradients,
                 gsize              n_gradients)
{
  TgPrintable printable = { .n_outputs = (guint) n_gradients, .outputs = gradients };
  char *text = tg_print (&printable);

  return g_strdelimit (text, "\n", ' ');
}

static TgVariable *
make_symbol (const char    *name,
             TgTensorType  *type,
             gboolean       is_batched,
             GError       **error)
{
  g_autoptr (TgTensorType) wide = NULL;
  gint64 shape[TG_MAX_NDIM + 1] = { TG_UNKNOWN, };

  if (!is_batched)
    return tg_variable_new_with_type (name, type);

  for (guint i = 0; i < type->ndim; i++)
    shape[i + 1] = type->shape[i];

  wide = tg_tensor_type_new (type->dtype, shape, type->ndim + 1, error);

  return wide != NULL ? tg_variable_new_with_type (name, wide) : NULL;
}

/* Symbols for what make_names() names, with the new axis where `batch` says so, or nowhere. */
static GPtrArray *
make_symbols (TgVariable  *node,
              TgBatch     *batch,
              GError     **error)
{
  g_autoptr (GPtrArray) names = make_names (node->n_inputs);
  g_autoptr (GPtrArray) symbols = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < names->len; i++)
    {
      TgTensorType *type = i < 2 ? node->type : node->inputs[i - 1]->type;
      gboolean is_batched = batch != NULL && (i < 2 || batch->is_batched[i - 1]);
      TgVariable *symbol = make_symbol (names->pdata[i], type, is_batched, error);

      if (symbol == NULL)
        return NULL;

      g_ptr_array_add (symbols, symbol);
    }

  return g_steal_pointer (&symbols);
}

/* The gradients along the new axis; they are summed for inputs that are the same all along it. */
static GPtrArray *
batch_gradients (TgBatch    *batch,
                 GPtrArray  *narrow,
                 GPtrArray  *wide,
                 GError    **error)
{
  g_autoptr (GPtrArray) gradients = read_gradients (batch->node, narrow, error);
  g_autoptr (GPtrArray) replaced = g_ptr_array_new ();
  g_autoptr (GPtrArray) replacements = g_ptr_array_new ();
  g_autoptr (GPtrArray) results = g_ptr_array_new_with_free_func (g_object_unref);
  TgVariable **along;
  gboolean success = gradients != NULL;
  gsize n_along;

  for (guint i = 0; success && i < gradients->len; i++)
    {
      TgVariable *fitted = fit_shape (gradients->pdata[i], narrow->pdata[i + 2], error);

      success = fitted != NULL;
      if (!success)
        break;

      g_object_unref (gradients->pdata[i]);
      gradients->pdata[i] = fitted;
    }

  for (guint i = 0; i < narrow->len; i++)
    {
      if (i < 2 || batch->is_batched[i - 1])
        {
          g_ptr_array_add (replaced, narrow->pdata[i]);
          g_ptr_array_add (replacements, wide->pdata[i]);
        }
    }

  if (!success)
    return NULL;

  along = tg_vectorize ((TgVariable *const *) gradients->pdata, gradients->len,
                        (TgVariable *const *) replaced->pdata, replaced->len,
                        (TgVariable *const *) replacements->pdata, replacements->len,
                        &n_along, error);
  success = along != NULL;
  for (gsize i = 0; along != NULL && i < n_along; i++)
    {
      g_autoptr (TgVariable) each = along[i];
      g_autoptr (TgVariable) result = batch->is_batched[i + 1]
                                        ? g_object_ref (each)
                                        : tg_sum (each, (gint64[]) { 0 }, 1, FALSE, error);

      success = success && result != NULL;
      if (success)
        g_ptr_array_add (results, g_steal_pointer (&result));
    }

  g_free (along);

  return success ? g_steal_pointer (&results) : NULL;
}

TgVariable *
tg_batch_with_gradient (TgBatch  *batch,
                        GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (GPtrArray) narrow = make_symbols (node, NULL, error);
  g_autoptr (GPtrArray) wide = make_symbols (node, batch, error);
  g_autoptr (GPtrArray) gradients = NULL;
  g_autoptr (TgVariable) value = NULL;
  g_autofree TgVariable **inputs = g_new (TgVariable *, node->n_inputs);
  g_autofree char *text = NULL;

  if (narrow == NULL || wide == NULL)
    return NULL;

  gradients = batch_gradients (batch, narrow, wide, error);
  if (gradients == NULL)
    return NULL;

  for (guint i = 0; i < node->n_inputs; i++)
    inputs[i] = batch->inputs[i];

  value = batch->is_batched[0] ? g_object_ref (inputs[0])
                               : tg_batch_repeat (inputs[0], batch->size, error);
  inputs[0] = value;
  text = write_gradients ((TgVariable *const *) gradients->pdata, gradients->len);

  return tg_with_gradient (inputs, node->n_inputs, text, error);
}

/* Whether the text needs the variable as an input, since it cannot write it out. */
static gboolean
is_outside (TgVariable *variable)
{
  TgTensor *value;

  if (variable->op != NULL)
    return FALSE;

  if (!TG_IS_CONSTANT (variable))
    return TRUE;

  value = TG_CONSTANT (variable)->value;

  return value->n_elements > MAX_ELEMENTS || (value->n_elements == 0 && value->ndim != 1);
}

static void
replace (GHashTable *replacements,
         TgVariable *variable,
         const char *name)
{
  if (!g_hash_table_contains (replacements, variable))
    g_hash_table_insert (replacements, variable,
                         tg_variable_new_with_type (name, variable->type));
}

/* Symbols, by their names in the text, for what the gradients are made of; whatever else they need
 * becomes a further input. */
static GHashTable *
name_parts (GPtrArray          *inputs,
            TgVariable         *g,
            TgVariable *const  *gradients,
            gsize               n_gradients)
{
  GHashTable *replacements = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  g_autoptr (GPtrArray) order = NULL;

  replace (replacements, g, "g");
  for (guint i = 1; i < inputs->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("x%u", i);

      replace (replacements, inputs->pdata[i], name);
    }

  replace (replacements, inputs->pdata[0], "result");
  order = tg_traverse (gradients, n_gradients, replacements);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];
      g_autofree char *name = g_strdup_printf ("x%u", inputs->len);

      if (g_hash_table_contains (replacements, variable) || !is_outside (variable))
        continue;

      replace (replacements, variable, name);
      g_ptr_array_add (inputs, g_object_ref (variable));
    }

  return replacements;
}

static gboolean
check_arguments (TgVariable   *value,
                 gsize         n_inputs,
                 TgVariable   *g,
                 gsize         n_gradients,
                 GError      **error)
{
  g_autofree char *value_text = NULL;
  g_autofree char *g_text = NULL;
  gboolean sure;

  if (n_inputs != n_gradients || n_inputs == 0)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "custom_gradient: there must be as many gradients as inputs, and at least one, "
                   "not %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT, n_gradients, n_inputs);
      return FALSE;
    }

  if (!tg_grad_check_float ("custom_gradient", value, error))
    return FALSE;

  if (g->op == NULL && !TG_IS_CONSTANT (g) && g->type->dtype == value->type->dtype
      && tg_grad_compare_shapes (g->type, value->type, &sure))
    return TRUE;

  value_text = tg_variable_describe (value, value->type);
  g_text = tg_variable_describe (g, g->type);
  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_SHAPE,
               "custom_gradient: the gradient of %s must be a symbol of its dtype and shape, not "
               "%s", value_text, g_text);

  return FALSE;
}

/**
 * tg_custom_gradient:
 * @value: a floating-point variable
 * @inputs: (array length=n_inputs): variables that @value is made of
 * @n_inputs: how many there are
 * @g: a symbol of the dtype and the shape of @value, for its gradient
 * @gradients: (array length=n_gradients): for each of @inputs its gradient, an expression of @g, of
 *   @inputs, of @value and of whatever else
 * @n_gradients: how many there are, as many as @inputs
 * @error: return location for an error
 *
 * Gives an expression a gradient other than the one that follows from its operators.
 *
 * The result is @value, but gradients flow from it to @inputs alone, and as @gradients say; what is
 * larger than an input is summed back to its shape. It is the operator
 * [func@Tg.with_gradient], which keeps @gradients as text in the notation, so it can be printed,
 * read, and differentiated again. For [func@Tg.jvp], the gradients must be linear in @g.
 *
 * Returns: (transfer full): a new variable, or %NULL
 *   with @error set, unless a variable is %NULL
 */
TgVariable *
tg_custom_gradient (TgVariable         *value,
                    TgVariable *const  *inputs,
                    gsize               n_inputs,
                    TgVariable         *g,
                    TgVariable *const  *gradients,
                    gsize               n_gradients,
                    GError            **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GHashTable) replacements = NULL;
  g_autoptr (GPtrArray) copies = NULL;
  g_autofree char *text = NULL;

  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (gradients != NULL || n_gradients == 0, NULL);

  if (!tg_variables_are_complete ((TgVariable *const[]) { value, g }, 2)
      || !tg_variables_are_complete (inputs, n_inputs)
      || !tg_variables_are_complete (gradients, n_gradients)
      || !check_arguments (value, n_inputs, g, n_gradients, error))
    return NULL;

  all = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (all, g_object_ref (value));
  for (gsize i = 0; i < n_inputs; i++)
    g_ptr_array_add (all, g_object_ref (inputs[i]));

  replacements = name_parts (all, g, gradients, n_gradients);
  copies = tg_substitute (gradients, n_gradients, replacements, error);
  if (copies == NULL)
    return NULL;

  text = write_gradients ((TgVariable *const *) copies->pdata, copies->len);

  return tg_with_gradient ((TgVariable *const *) all->pdata, all->len, text, error);
}
