/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-streams-private.h"

#include "tg-operators.h"
#include "tg-variable-private.h"

/* Next to a narrow probability a weak number of trials would be rounded. */
static TgVariable *
strengthen (TgVariable  *n,
            TgVariable  *p,
            GError     **error)
{
  return n->weak && p->type->dtype != TG_DTYPE_FLOAT64 ? tg_astype (n, TG_DTYPE_FLOAT64, error)
                                                       : g_object_ref (n);
}

/**
 * tg_random_streams_poisson:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @lam: the mean of the distribution, from 0 to 9.2e18
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of numbers from a Poisson distribution.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_poisson (TgRandomStreams  *self,
                           TgVariable       *shape,
                           TgVariable       *lam,
                           TgDType           dtype,
                           GError          **error)
{
  g_autoptr (TgVariable) state = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || lam == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  return tg_random_streams_remember (tg_random_poisson (state, shape, lam, dtype, error), state);
}

/**
 * tg_random_streams_binomial:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @n: the number of trials, from 0 to 2^53
 * @p: the probability of success
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of numbers from a binomial distribution.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_binomial (TgRandomStreams  *self,
                            TgVariable       *shape,
                            TgVariable       *n,
                            TgVariable       *p,
                            TgDType           dtype,
                            GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) trials = NULL;
  g_autoptr (TgVariable) draw = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || n == NULL || p == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  trials = strengthen (n, p, error);
  draw = tg_random_binomial (state, shape, trials, p, dtype, error);

  return tg_random_streams_remember (g_steal_pointer (&draw), state);
}

/**
 * tg_random_streams_bernoulli:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @p: the probability of 1
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of numbers that are 1 with the probability @p, and else 0.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_bernoulli (TgRandomStreams  *self,
                             TgVariable       *shape,
                             TgVariable       *p,
                             TgDType           dtype,
                             GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) one = NULL;
  g_autoptr (TgVariable) draw = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || p == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  one = tg_constant_new_integer (1);
  draw = tg_random_binomial (state, shape, one, p, dtype, error);

  return tg_random_streams_remember (g_steal_pointer (&draw), state);
}

/**
 * tg_random_streams_integers:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @low: the least integer
 * @high: the end of the integers
 * @closed: whether @high is one of them
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of integers between @low and @high, all of which are as likely.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_integers (TgRandomStreams  *self,
                            TgVariable       *shape,
                            TgVariable       *low,
                            TgVariable       *high,
                            gboolean          closed,
                            TgDType           dtype,
                            GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) draw = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || low == NULL || high == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  draw = tg_random_integers (state, shape, low, high, closed, dtype, error);

  return tg_random_streams_remember (g_steal_pointer (&draw), state);
}

/**
 * tg_random_streams_categorical:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @p: probabilities along the last axis; the other axes are broadcast to @shape
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of positions along the last axis of @p, as likely as the numbers there.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_categorical (TgRandomStreams  *self,
                               TgVariable       *shape,
                               TgVariable       *p,
                               TgDType           dtype,
                               GError          **error)
{
  g_autoptr (TgVariable) state = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || p == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  return tg_random_streams_remember (tg_random_categorical (state, shape, p, dtype, error), state);
}

/**
 * tg_random_streams_multinomial:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @n: the number of trials, from 0 to 2^53
 * @p: probabilities along the last axis; the other axes are broadcast to @shape
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of counts, along a new last axis, of how often each position of @p came up.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_multinomial (TgRandomStreams  *self,
                               TgVariable       *shape,
                               TgVariable       *n,
                               TgVariable       *p,
                               TgDType           dtype,
                               GError          **error)
{
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) trials = NULL;
  g_autoptr (TgVariable) draw = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || n == NULL || p == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  trials = strengthen (n, p, error);
  draw = tg_random_multinomial (state, shape, trials, p, dtype, error);

  return tg_random_streams_remember (g_steal_pointer (&draw), state);
}

/**
 * tg_random_streams_choice:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @p: a vector of probabilities
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of positions in @p, none of them twice, drawn one after the other.
 *
 * [method@Tg.RandomStreams.categorical] draws with replacement.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_choice (TgRandomStreams  *self,
                          TgVariable       *shape,
                          TgVariable       *p,
                          TgDType           dtype,
                          GError          **error)
{
  g_autoptr (TgVariable) state = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || p == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  return tg_random_streams_remember (tg_random_choice (state, shape, p, dtype, error), state);
}

/**
 * tg_random_streams_permutation:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @dtype: the dtype of the numbers
 * @error: return location for an error
 *
 * Makes a variable of permutations, along the last axis, of the integers from 0 on.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_permutation (TgRandomStreams  *self,
                               TgVariable       *shape,
                               TgDType           dtype,
                               GError          **error)
{
  g_autoptr (TgVariable) state = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  return tg_random_streams_remember (tg_random_permutation (state, shape, dtype, error), state);
}

/**
 * tg_random_streams_shuffle:
 * @self: streams
 * @x: what is shuffled
 * @axis: the axis along which it is
 * @together: whether all rows along it have one order, or each its own
 * @error: return location for an error
 *
 * Makes a variable of the parts of @x along an axis in a random order.
 *
 * Returns: (transfer full): a new variable, or %NULL, with @error set unless an argument is %NULL
 */
TgVariable *
tg_random_streams_shuffle (TgRandomStreams  *self,
                           TgVariable       *x,
                           gint64            axis,
                           gboolean          together,
                           GError          **error)
{
  g_autoptr (TgVariable) state = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);

  if (x == NULL)
    return NULL;

  state = tg_random_streams_make_state (self, 1, error);
  return tg_random_streams_remember (tg_random_shuffle (state, x, axis, together, error), state);
}
