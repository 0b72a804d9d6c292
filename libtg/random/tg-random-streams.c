/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-streams.h"

#include "tg-form-private.h"
#include "tg-operators.h"

/**
 * TgRandomStreams:
 *
 * Makes random variables: expressions whose values are drawn anew in each call of a function.
 *
 * One variable is one draw a call, however often a function uses it; variables are independent of
 * each other. Two objects with the same seed make the same numbers, if they are asked for the same
 * variables in the same order.
 *
 * The generator is Philox 4x32-10 (J. Salmon, M. Moraes, R. Dror, D. Shaw, "Parallel random
 * numbers: as easy as 1, 2, 3", SC11, 2011). A variable has a stream of its own, and a shared
 * variable that counts its draws; every function that uses it advances the count.
 */
struct _TgRandomStreams
{
  GObject parent_instance;
  guint64 seed;
  gint    n_streams; /* atomic */
};

G_DEFINE_FINAL_TYPE (TgRandomStreams, tg_random_streams, G_TYPE_OBJECT)

static void
tg_random_streams_class_init (TgRandomStreamsClass *klass G_GNUC_UNUSED)
{
}

static void
tg_random_streams_init (TgRandomStreams *self G_GNUC_UNUSED)
{
}

/**
 * tg_random_streams_new:
 * @seed: any number
 *
 * Creates streams that are as random as any, but the same for the same seed.
 *
 * Returns: (transfer full): new streams
 */
TgRandomStreams *
tg_random_streams_new (guint64 seed)
{
  TgRandomStreams *self = g_object_new (TG_TYPE_RANDOM_STREAMS, NULL);

  self->seed = seed;

  return self;
}

/**
 * tg_random_streams_get_seed:
 * @self: streams
 *
 * Gets the seed.
 *
 * Returns: the seed
 */
guint64
tg_random_streams_get_seed (TgRandomStreams *self)
{
  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), 0);

  return self->seed;
}

/* The state of a new stream, which functions that use it advance by one draw. */
static TgVariable *
make_state (TgRandomStreams  *self,
            GError          **error)
{
  guint stream = (guint) g_atomic_int_add (&self->n_streams, 1);
  g_autofree char *name = g_strdup_printf ("random_state_%u", stream);
  const gint64 numbers[3] = { (gint64) self->seed, stream, 0 };
  const gint64 steps[3] = { 0, 0, 1 };
  const gint64 length = 3;
  g_autoptr (TgTensor) value = tg_tensor_new_integers (numbers, 3, &length, 1, error);
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) argument = NULL;
  g_autoptr (TgVariable) step = tg_constant_new_integers (steps, 3);
  g_autoptr (TgVariable) update = NULL;

  if (value == NULL)
    return NULL;

  state = tg_shared_variable_new (value, name);
  argument = tg_variable_new_with_type (name, state->type);
  update = tg_add (argument, step, error);
  if (update == NULL)
    return NULL;

  tg_shared_variable_set_default_update (TG_SHARED_VARIABLE (state), argument, update);

  return g_steal_pointer (&state);
}

/* A weak number that changes no dtype either. */
static gboolean
is_weak_number (TgVariable *variable,
                gdouble     number)
{
  return variable->weak && tg_variable_is_number (variable, number);
}

/* offset + scale * draw, without what changes nothing. */
static TgVariable *
spread (TgVariable  *draw,
        TgVariable  *offset,
        TgVariable  *scale,
        GError     **error)
{
  g_autoptr (TgVariable) scaled = NULL;

  if (scale == NULL)
    return NULL;

  if (draw == NULL || is_weak_number (scale, 1))
    scaled = draw != NULL ? g_object_ref (draw) : NULL;
  else
    scaled = tg_multiply (scale, draw, error);

  if (scaled == NULL || is_weak_number (offset, 0))
    return g_steal_pointer (&scaled);

  return tg_add (offset, scaled, error);
}

/**
 * tg_random_streams_uniform:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @low: the least number
 * @high: the end of the numbers
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from the uniform distribution over [@low, @high).
 *
 * @low and @high may be of any shape that can be broadcast with @shape. Where they are far from 0
 * and close to each other, rounding may give @high itself.
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

  state = make_state (self, error);
  draw = tg_random_uniform (state, shape, dtype, error);
  width = is_weak_number (low, 0) ? g_object_ref (high) : tg_subtract (high, low, error);

  return spread (draw, low, width, error);
}

/**
 * tg_random_streams_normal:
 * @self: streams
 * @shape: a vector of integers: the shape of a draw
 * @mean: the mean of the distribution
 * @deviation: its standard deviation
 * @dtype: a floating-point dtype
 * @error: return location for an error
 *
 * Makes a variable of numbers from a normal distribution.
 *
 * @mean and @deviation may be of any shape that can be broadcast with @shape.
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

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);

  if (shape == NULL || mean == NULL || deviation == NULL)
    return NULL;

  state = make_state (self, error);
  draw = tg_random_normal (state, shape, dtype, error);

  return spread (draw, mean, deviation, error);
}
