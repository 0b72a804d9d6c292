/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-verify-grad.h"

#include <float.h>
#include <math.h>

#include "tg-error.h"
#include "tg-function.h"
#include "tg-grad.h"
#include "tg-operators.h"
#include "tg-variable-private.h"

/* What is compared: a cost, its gradients, and the points at which. */
typedef struct
{
  TgVariable *const *wrt;
  TgTensor *const   *points;
  gsize              n_points;
  gdouble            tolerance;
  TgFunction        *cost;
} Verification;

static gboolean
check_points (TgVariable *const  *wrt,
              gsize               n_wrt,
              TgTensor *const    *points,
              gsize               n_points,
              GError            **error)
{
  if (n_wrt != n_points)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "verify_grad: %" G_GSIZE_FORMAT " variables need as many points, not %"
                   G_GSIZE_FORMAT, n_wrt, n_points);
      return FALSE;
    }

  for (gsize i = 0; i < n_wrt; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *given = NULL;

      if (tg_tensor_type_matches (wrt[i]->type, points[i]))
        continue;

      name = tg_variable_describe (wrt[i], wrt[i]->type);
      given = tg_shape_describe (points[i]->dtype, points[i]->shape, points[i]->ndim);
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
                   "verify_grad: %s cannot be a value of type %s", name, given);
      return FALSE;
    }

  return TRUE;
}

/* A function of all of `wrt`, whether or not the outputs need them. */
static TgFunction *
make_function (TgVariable *const  *wrt,
               gsize               n_wrt,
               TgVariable *const  *outputs,
               gsize               n_outputs,
               GError            **error)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  tg_function_builder_set_name (builder, "verify_grad");
  tg_function_builder_set_on_unused_input (builder, TG_UNUSED_INPUT_IGNORE);
  for (gsize i = 0; i < n_wrt; i++)
    tg_function_builder_add_input (builder, wrt[i]);

  for (gsize i = 0; i < n_outputs; i++)
    tg_function_builder_add_output (builder, outputs[i], NULL);

  return tg_function_builder_build (builder, error);
}

static void
free_tensors (TgTensor **tensors,
              gsize      n_tensors)
{
  for (gsize i = 0; i < n_tensors; i++)
    tg_tensor_unref (tensors[i]);
  g_free (tensors);
}

static gboolean
evaluate (TgFunction        *function,
          TgTensor *const   *points,
          gsize              n_points,
          gdouble           *value,
          GError           **error)
{
  gsize n_outputs;
  TgTensor **outputs = tg_function_call (function, points, n_points, &n_outputs, error);
  gboolean success;

  if (outputs == NULL)
    return FALSE;

  success = tg_tensor_get_double (outputs[0], value, error);
  free_tensors (outputs, n_outputs);

  return success;
}

/* Numbers from 1/2 to 3/2 in no order, so that errors of elements do not cancel in their sum. */
static TgVariable *
make_weights (TgTensor  *like,
              GError   **error)
{
  g_autoptr (TgTensor) weights = tg_tensor_new_uninitialised (TG_DTYPE_FLOAT64, like->shape,
                                                              like->ndim, error);
  g_autoptr (TgTensor) converted = NULL;

  if (weights == NULL)
    return NULL;

  for (gsize i = 0; i < weights->n_elements; i++)
    {
      gdouble turns = (gdouble) (i + 1) * 0.6180339887498949;

      ((gdouble *) (gpointer) weights->data)[i] = 0.5 + turns - floor (turns);
    }

  converted = tg_tensor_astype (weights, like->dtype, error);

  return converted != NULL ? tg_constant_new (converted) : NULL;
}

/* The expression, weighted and summed. */
static TgVariable *
make_cost (TgVariable         *expression,
           TgVariable *const  *wrt,
           TgTensor *const    *points,
           gsize               n_points,
           GError            **error)
{
  g_autoptr (TgFunction) function = make_function (wrt, n_points, &expression, 1, error);
  g_autoptr (TgVariable) weights = NULL;
  g_autoptr (TgVariable) product = NULL;
  TgTensor **outputs;
  gsize n_outputs;

  if (function == NULL)
    return NULL;

  outputs = tg_function_call (function, points, n_points, &n_outputs, error);
  if (outputs == NULL)
    return NULL;

  weights = make_weights (outputs[0], error);
  free_tensors (outputs, n_outputs);
  product = tg_multiply (expression, weights, error);

  return tg_sum (product, NULL, 0, FALSE, error);
}

/* The cost where one number of one point is another. */
static gboolean
evaluate_beside (const Verification  *self,
                 gsize                point,
                 gsize                element,
                 gdouble              number,
                 gdouble             *value,
                 GError             **error)
{
  g_autoptr (TgTensor) moved = tg_tensor_copy (self->points[point], self->points[point]->dtype,
                                               error);
  g_autofree TgTensor **points = g_memdup2 (self->points, self->n_points * sizeof (TgTensor *));

  if (moved == NULL)
    return FALSE;

  if (moved->dtype == TG_DTYPE_FLOAT32)
    ((gfloat *) (gpointer) moved->data)[element] = (gfloat) number;
  else
    ((gdouble *) (gpointer) moved->data)[element] = number;

  points[point] = moved;

  return evaluate (self->cost, points, self->n_points, value, error);
}

/* The central difference; its step balances what it leaves out and what rounding adds. */
static gboolean
estimate (const Verification  *self,
          gsize                point,
          gsize                element,
          gdouble              number,
          gdouble             *derivative,
          GError             **error)
{
  gdouble epsilon = self->points[point]->dtype == TG_DTYPE_FLOAT32 ? FLT_EPSILON : DBL_EPSILON;
  volatile gdouble above = number + cbrt (epsilon) * MAX (1, fabs (number));
  volatile gdouble below = number - cbrt (epsilon) * MAX (1, fabs (number));
  gdouble value_above, value_below;

  if (!evaluate_beside (self, point, element, above, &value_above, error)
      || !evaluate_beside (self, point, element, below, &value_below, error))
    return FALSE;

  *derivative = (value_above - value_below) / (above - below);

  return TRUE;
}

static gboolean
compare (const Verification  *self,
         gsize                point,
         TgTensor            *gradient,
         GError             **error)
{
  gsize n_elements;
  g_autofree gdouble *numbers = tg_tensor_dup_doubles (self->points[point], &n_elements);
  g_autofree gdouble *slopes = tg_tensor_dup_doubles (gradient, &n_elements);
  g_autofree char *name = NULL;

  for (gsize i = 0; i < n_elements; i++)
    {
      gdouble estimated, scale;

      if (!estimate (self, point, i, numbers[i], &estimated, error))
        return FALSE;

      scale = MAX (1, MAX (fabs (slopes[i]), fabs (estimated)));
      if (fabs (slopes[i] - estimated) <= self->tolerance * scale)
        continue;

      name = tg_variable_describe (self->wrt[point], self->wrt[point]->type);
      g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_MISMATCH,
                   "verify_grad: the gradient for element %" G_GSIZE_FORMAT " of %s is %.9g, "
                   "but differences give %.9g", i, name, slopes[i], estimated);
      return FALSE;
    }

  return TRUE;
}

static gboolean
compare_all (const Verification  *self,
             TgVariable *const   *gradients,
             GError             **error)
{
  g_autoptr (TgFunction) function = make_function (self->wrt, self->n_points, gradients,
                                                   self->n_points, error);
  gboolean success = TRUE;
  TgTensor **values;
  gsize n_values;

  if (function == NULL)
    return FALSE;

  values = tg_function_call (function, self->points, self->n_points, &n_values, error);
  if (values == NULL)
    return FALSE;

  for (gsize i = 0; i < n_values && success; i++)
    success = compare (self, i, values[i], error);

  free_tensors (values, n_values);

  return success;
}

/**
 * tg_verify_grad:
 * @expression: a floating-point variable of any shape
 * @wrt: (array length=n_wrt): symbols to differentiate with respect to, all that @expression needs
 * @n_wrt: how many there are
 * @points: (array length=n_points): a value for each of @wrt, best of float64
 * @n_points: how many there are, as many as @wrt
 * @tolerance: the difference that is allowed, relative to the larger of 1 and the derivative; 1e-6
 *   suits float64
 * @error: return location for an error
 *
 * Compares the gradient of an expression with central differences.
 *
 * The gradient for a variable that the expression does not depend on is zero. The expression must
 * be smooth around the points. What is differentiated is the sum of its
 * elements with weights that differ, since errors could cancel in a plain one.
 *
 * Returns: whether both agree at each element of each point
 */
gboolean
tg_verify_grad (TgVariable         *expression,
                TgVariable *const  *wrt,
                gsize               n_wrt,
                TgTensor *const    *points,
                gsize               n_points,
                gdouble             tolerance,
                GError            **error)
{
  Verification self = { wrt, points, n_points, tolerance, NULL };
  g_autoptr (TgVariable) cost = NULL;
  g_autoptr (TgFunction) function = NULL;
  TgVariable **gradients;
  gboolean success;
  gsize n_gradients;

  if (expression == NULL)
    return FALSE;

  g_return_val_if_fail (TG_IS_VARIABLE (expression), FALSE);
  g_return_val_if_fail (wrt != NULL || n_wrt == 0, FALSE);
  g_return_val_if_fail (points != NULL || n_points == 0, FALSE);

  if (!check_points (wrt, n_wrt, points, n_points, error))
    return FALSE;

  cost = make_cost (expression, wrt, points, n_points, error);
  if (cost == NULL)
    return FALSE;

  gradients = tg_grad (cost, wrt, n_wrt, TG_DISCONNECTED_INPUTS_IGNORE, &n_gradients, error);
  if (gradients == NULL)
    return FALSE;

  self.cost = function = make_function (wrt, n_wrt, &cost, 1, error);
  success = function != NULL && compare_all (&self, gradients, error);

  for (gsize i = 0; i < n_gradients; i++)
    g_object_unref (gradients[i]);
  g_free (gradients);

  return success;
}
