/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-streams-private.h"

#include "tg-error.h"
#include "tg-form-private.h"
#include "tg-operators.h"

/* A weak number that changes no dtype either. */
static gboolean
is_weak_number (TgVariable *variable,
                gdouble     number)
{
  return variable->weak && tg_variable_is_number (variable, number);
}

/* The parameter, checked now if it is known, or else when a function runs. */
static TgVariable *
check_sign (TgVariable  *parameter,
            gboolean     zero,
            GError     **error)
{
  g_autoptr (TgVariable) checked = tg_check_positive (parameter, zero, error);

  if (checked == NULL)
    return NULL;

  return TG_IS_CONSTANT (parameter) ? g_object_ref (parameter) : g_steal_pointer (&checked);
}

/* The parameter in the dtype of the draw, unless it takes that anyway, and of its shape, so that no
 * number of the draw is used twice. */
static TgVariable *
fit (TgVariable  *parameter,
     TgVariable  *shape,
     TgDType      dtype,
     GError     **error)
{
  g_autoptr (TgVariable) converted = NULL;

  if (parameter == NULL || shape == NULL)
    return NULL;

  converted = parameter->weak || parameter->type->dtype == dtype
                ? g_object_ref (parameter)
                : tg_astype (parameter, dtype, error);

  return converted != NULL && converted->type->ndim > 0
           ? tg_broadcast_to (converted, shape, error)
           : g_steal_pointer (&converted);
}

/* offset + scale * draw, without what changes nothing. */
static TgVariable *
spread (TgVariable  *draw,
        TgVariable  *offset,
        TgVariable  *scale,
        TgVariable  *shape,
        TgDType      dtype,
        GError     **error)
{
  g_autoptr (TgVariable) fitted_offset = NULL;
  g_autoptr (TgVariable) fitted_scale = NULL;
  g_autoptr (TgVariable) scaled = NULL;

  if (draw == NULL || offset == NULL || scale == NULL)
    return NULL;

  if (is_weak_number (scale, 1))
    scaled = g_object_ref (draw);
  else
    {
      fitted_scale = fit (scale, shape, dtype, error);
      scaled = tg_multiply (fitted_scale, draw, error);
    }

  if (scaled == NULL || is_weak_number (offset, 0))
    return g_steal_pointer (&scaled);

  fitted_offset = fit (offset, shape, dtype, error);

  return tg_add (fitted_offset, scaled, error);
}

/* Where both are numbers, whether the end is not below the start is seen now, and otherwise when a
 * function runs. */
static TgVariable *
make_width (TgVariable  *low,
            TgVariable  *high,
            GError     **error)
{
  gdouble first, last;
  g_autoptr (TgVariable) width = NULL;

  width = is_weak_number (low, 0) ? g_object_ref (high) : tg_subtract (high, low, error);
  if (width == NULL || !TG_IS_CONSTANT (low) || !TG_IS_CONSTANT (high)
      || low->type->ndim > 0 || high->type->ndim > 0)
    return check_sign (width, TRUE, error);

  if (!tg_tensor_get_double (TG_CONSTANT (low)->value, &first, error)
      || !tg_tensor_get_double (TG_CONSTANT (high)->value, &last, error))
    return NULL;

  if (first > last)
    {
      char text[2][G_ASCII_DTOSTR_BUF_SIZE];

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_VALUE,
                   "uniform: low must be at most high, not %s and %s",
                   g_ascii_formatd (text[0], sizeof text[0], "%.15g", first),
                   g_ascii_formatd (text[1], sizeof text[1], "%.15g", last));
      return NULL;
    }

  return g_steal_pointer (&width);
}

/**
 * tg_random_streams_uniform:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @low: the least number
 * @high: the end of the numbers, not below @low
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from the uniform distribution over [@low, @high).
 *
 * Where both are far from 0 and close to each other, rounding may give @high itself.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_uniform (TgRandomStreams  *self,
                           TgVariable       *shape,
                           TgVariable       *low,
                           TgVariable       *high,
                           TgDType           dtype,
                           GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) draw = NULL;
  g_autoptr (TgVariable) width = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || low == NULL || high == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  draw = tg_random_uniform (state, shape, dtype, error);
  width = draw != NULL ? make_width (low, high, error) : NULL;

  return tg_random_streams_remember (spread (draw, low, width, shape, dtype, error), state);
}

/**
 * tg_random_streams_normal:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @mean: the mean of the distribution
 * @deviation: its standard deviation, not negative
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a normal distribution.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_normal (TgRandomStreams  *self,
                          TgVariable       *shape,
                          TgVariable       *mean,
                          TgVariable       *deviation,
                          TgDType           dtype,
                          GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) draw = NULL;
  g_autoptr (TgVariable) scale = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || mean == NULL || deviation == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  draw = tg_random_normal (state, shape, dtype, error);
  scale = draw != NULL ? check_sign (deviation, TRUE, error) : NULL;

  return tg_random_streams_remember (spread (draw, mean, scale, shape, dtype, error), state);
}

/**
 * tg_random_streams_truncated_normal:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @mean: the mean of the distribution before it is truncated
 * @deviation: its standard deviation then, not negative
 * @low: the least number, in standard deviations from @mean
 * @high: the greatest number, likewise, above @low
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a normal distribution without its tails.
 *
 * The distribution is right also where all of it is far from @mean.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_truncated_normal (TgRandomStreams  *self,
                                    TgVariable       *shape,
                                    TgVariable       *mean,
                                    TgVariable       *deviation,
                                    TgVariable       *low,
                                    TgVariable       *high,
                                    TgDType           dtype,
                                    GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) draw = NULL;
  g_autoptr (TgVariable) scale = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || mean == NULL || deviation == NULL || low == NULL || high == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  draw = tg_random_truncated_normal (state, shape, low, high, dtype, error);
  scale = draw != NULL ? check_sign (deviation, TRUE, error) : NULL;

  return tg_random_streams_remember (spread (draw, mean, scale, shape, dtype, error), state);
}

/**
 * tg_random_streams_exponential:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @scale: the mean of the distribution, not negative
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from an exponential distribution.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_exponential (TgRandomStreams  *self,
                               TgVariable       *shape,
                               TgVariable       *scale,
                               TgDType           dtype,
                               GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) uniform = NULL;
  g_autoptr (TgVariable) negative = NULL;
  g_autoptr (TgVariable) logarithm = NULL;
  g_autoptr (TgVariable) time = NULL;
  g_autoptr (TgVariable) draw = NULL;
  g_autoptr (TgVariable) checked = NULL;
  g_autoptr (TgVariable) zero = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || scale == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  uniform = tg_random_uniform (state, shape, TG_DTYPE_FLOAT64, error);
  negative = tg_negative (uniform, error);
  logarithm = tg_log1p (negative, error);
  time = tg_negative (logarithm, error);
  draw = tg_astype (time, dtype, error);
  checked = draw != NULL ? check_sign (scale, TRUE, error) : NULL;
  zero = tg_constant_new_integer (0);

  return tg_random_streams_remember (spread (draw, zero, checked, shape, dtype, error), state);
}

/**
 * tg_random_streams_gamma:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @a: the shape of the distribution, not negative
 * @scale: its scale, not negative
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a gamma distribution.
 *
 * It has gradients for @a, by implicit reparametrisation, and for @scale.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_gamma (TgRandomStreams  *self,
                         TgVariable       *shape,
                         TgVariable       *a,
                         TgVariable       *scale,
                         TgDType           dtype,
                         GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) draw = NULL;
  g_autoptr (TgVariable) checked = NULL;
  g_autoptr (TgVariable) zero = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || a == NULL || scale == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  draw = tg_random_gamma (state, shape, a, dtype, error);
  checked = draw != NULL ? check_sign (scale, TRUE, error) : NULL;
  zero = tg_constant_new_integer (0);

  return tg_random_streams_remember (spread (draw, zero, checked, shape, dtype, error), state);
}

/**
 * tg_random_streams_chisquare:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @df: the degrees of freedom, more than 0
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a chi-square distribution.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_chisquare (TgRandomStreams  *self,
                             TgVariable       *shape,
                             TgVariable       *df,
                             TgDType           dtype,
                             GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) two = NULL;
  g_autoptr (TgVariable) checked = NULL;
  g_autoptr (TgVariable) half = NULL;
  g_autoptr (TgVariable) draw = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || df == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  two = tg_constant_new_integer (2);
  checked = check_sign (df, FALSE, error);
  half = tg_divide (checked, two, error);
  draw = tg_random_gamma (state, shape, half, dtype, error);

  return tg_random_streams_remember (tg_multiply (two, draw, error), state);
}

/**
 * tg_random_streams_beta:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @a: the first shape of the distribution, more than 0
 * @b: the second, likewise
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a beta distribution: what one gamma number is of the sum of two.
 *
 * Numbers that are very close to 1 are rounded to it.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_beta (TgRandomStreams  *self,
                        TgVariable       *shape,
                        TgVariable       *a,
                        TgVariable       *b,
                        TgDType           dtype,
                        GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) step = NULL;
  g_autoptr (TgVariable) next = NULL;
  g_autoptr (TgVariable) first = NULL;
  g_autoptr (TgVariable) second = NULL;
  g_autoptr (TgVariable) difference = NULL;
  g_autoptr (TgVariable) part = NULL;
  const gint64 steps[3] = { 0, 0, 1 };

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || a == NULL || b == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 2, error);
  step = tg_constant_new_integers (steps, 3);
  next = tg_add (state, step, error);
  first = tg_random_log_gamma (state, shape, a, TG_DTYPE_FLOAT64, error);
  second = first != NULL ? tg_random_log_gamma (next, shape, b, TG_DTYPE_FLOAT64, error) : NULL;
  difference = tg_subtract (first, second, error);
  part = tg_sigmoid (difference, error);

  return tg_random_streams_remember (tg_astype (part, dtype, error), state);
}
