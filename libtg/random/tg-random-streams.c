/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-streams-private.h"

#include "tg-error.h"
#include "tg-operators.h"
#include "tg-test-value.h"
#include "tg-variable-private.h"

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
 * variable that counts its draws; every function that uses it advances the count. That state is a
 * vector: the seed, the number of the stream and that of the draw, from 0 up to 2^56.
 * [method@Tg.RandomStreams.find_state] finds it, so that it can be read and set.
 *
 * Parameters are broadcast to the shape of the draw, all of whose numbers are independent.
 */
struct _TgRandomStreams
{
  GObject    parent_instance;
  GMutex     lock; /* of the following */
  guint64    seed;
  GPtrArray *states;
};

G_DEFINE_FINAL_TYPE (TgRandomStreams, tg_random_streams, G_TYPE_OBJECT)

static void
tg_random_streams_finalize (GObject *object)
{
  TgRandomStreams *self = TG_RANDOM_STREAMS (object);

  g_ptr_array_unref (self->states);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tg_random_streams_parent_class)->finalize (object);
}

static void
tg_random_streams_class_init (TgRandomStreamsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_random_streams_finalize;
}

static void
tg_random_streams_init (TgRandomStreams *self)
{
  g_mutex_init (&self->lock);
  self->states = g_ptr_array_new_with_free_func (g_object_unref);
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
 * Gets the seed that new streams begin with.
 *
 * Returns: the seed
 */
guint64
tg_random_streams_get_seed (TgRandomStreams *self)
{
  guint64 seed;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), 0);

  g_mutex_lock (&self->lock);
  seed = self->seed;
  g_mutex_unlock (&self->lock);

  return seed;
}

static TgTensor *
make_state_value (guint64 seed,
                  guint   stream)
{
  const gint64 numbers[3] = { (gint64) seed, stream, 0 };
  const gint64 length = 3;

  return tg_tensor_new_integers (numbers, 3, &length, 1, NULL);
}

TgVariable *
tg_random_streams_make_state (TgRandomStreams  *self,
                              guint             n_draws,
                              GError          **error)
{
  const gint64 steps[3] = { 0, 0, n_draws };
  g_autofree char *name = NULL;
  g_autoptr (TgTensor) value = NULL;
  g_autoptr (TgVariable) state = NULL;
  g_autoptr (TgVariable) argument = NULL;
  g_autoptr (TgVariable) step = tg_constant_new_integers (steps, 3);
  g_autoptr (TgVariable) update = NULL;

  g_mutex_lock (&self->lock);
  name = g_strdup_printf ("random_state_%u", self->states->len);
  value = make_state_value (self->seed, self->states->len);
  state = tg_shared_variable_new (value, name);
  g_ptr_array_add (self->states, g_object_ref (state));
  g_mutex_unlock (&self->lock);

  argument = tg_variable_new_with_type (name, state->type);
  tg_variable_set_test_value (argument, value, NULL);
  update = tg_add (argument, step, error);
  if (update == NULL)
    return NULL;

  tg_shared_variable_set_default_update (TG_SHARED_VARIABLE (state), argument, update);

  return g_steal_pointer (&state);
}

static GQuark
get_state_quark (void)
{
  return g_quark_from_static_string ("tg-random-state");
}

TgVariable *
tg_random_streams_remember (TgVariable *variable,
                            TgVariable *state)
{
  if (variable != NULL)
    g_object_set_qdata_full (G_OBJECT (variable), get_state_quark (), g_object_ref (state),
                             g_object_unref);

  return variable;
}

/**
 * tg_random_streams_find_state:
 * @self: streams
 * @variable: a random variable that they made
 *
 * Finds the state that a random variable is drawn from: a shared vector of three int64, which are
 * the seed, the number of the stream and the number of the next draw.
 *
 * The same state makes the same numbers.
 *
 * Returns: (transfer none) (nullable): the state, or %NULL if @variable is not one that @self made
 */
TgSharedVariable *
tg_random_streams_find_state (TgRandomStreams *self,
                              TgVariable      *variable)
{
  TgSharedVariable *state;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);
  g_return_val_if_fail (TG_IS_VARIABLE (variable), NULL);

  state = g_object_get_qdata (G_OBJECT (variable), get_state_quark ());

  g_mutex_lock (&self->lock);
  if (state != NULL && !g_ptr_array_find (self->states, state, NULL))
    state = NULL;
  g_mutex_unlock (&self->lock);

  return state;
}

/* The states so far, which stay alive without the lock. */
static GPtrArray *
list_states (TgRandomStreams *self)
{
  GPtrArray *states = g_ptr_array_new_with_free_func (g_object_unref);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->states->len; i++)
    g_ptr_array_add (states, g_object_ref (self->states->pdata[i]));
  g_mutex_unlock (&self->lock);

  return states;
}

/* Replaces the values of states together, so that no function sees some of them. */
static void
set_values (GPtrArray *states,
            GPtrArray *values)
{
  g_autoptr (GPtrArray) before = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  tg_shared_values_lock ();
  for (guint i = 0; i < states->len; i++)
    {
      TgSharedVariable *state = states->pdata[i];

      g_ptr_array_add (before, state->value);
      state->value = tg_tensor_ref (values->pdata[i]);
    }
  tg_shared_values_unlock ();

  for (guint i = 0; i < states->len; i++)
    tg_shared_variable_notify_value (states->pdata[i]);
}

/**
 * tg_random_streams_seed:
 * @self: streams
 * @seed: any number
 *
 * Begins all streams anew, those there are and those to come, as if they had been made with @seed.
 */
void
tg_random_streams_seed (TgRandomStreams *self,
                        guint64          seed)
{
  g_autoptr (GPtrArray) states = NULL;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  g_return_if_fail (TG_IS_RANDOM_STREAMS (self));

  g_mutex_lock (&self->lock);
  self->seed = seed;
  g_mutex_unlock (&self->lock);

  states = list_states (self);
  for (guint i = 0; i < states->len; i++)
    g_ptr_array_add (values, make_state_value (seed, i));

  set_values (states, values);
}

/**
 * tg_random_streams_seed_variable:
 * @self: streams
 * @variable: a random variable that they made
 * @seed: any number
 * @error: return location for an error
 *
 * Begins the stream of one variable anew, with a seed of its own.
 *
 * Returns: whether @variable is one that @self made
 */
gboolean
tg_random_streams_seed_variable (TgRandomStreams  *self,
                                 TgVariable       *variable,
                                 guint64           seed,
                                 GError          **error)
{
  TgSharedVariable *state;
  g_autoptr (GPtrArray) states = NULL;

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), FALSE);
  g_return_val_if_fail (TG_IS_VARIABLE (variable), FALSE);

  state = tg_random_streams_find_state (self, variable);
  states = list_states (self);
  for (guint i = 0; i < states->len; i++)
    {
      g_autoptr (TgTensor) value = make_state_value (seed, i);

      if (states->pdata[i] == state)
        return tg_shared_variable_set_value (state, value, error);
    }

  g_set_error_literal (error, TG_TYPE_ERROR, TG_TYPE_ERROR_NAME,
                       "the variable is not one that these streams made");

  return FALSE;
}

/**
 * tg_random_streams_dup_states:
 * @self: streams
 *
 * Gets the states of all streams at one moment.
 *
 * Returns: (transfer full): a matrix of int64, with a row for each stream: seed, number of the
 *   stream, number of the next draw
 */
TgTensor *
tg_random_streams_dup_states (TgRandomStreams *self)
{
  g_autoptr (GPtrArray) states = NULL;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);
  TgTensor *result;
  gint64 shape[2] = { 0, 3 };

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), NULL);

  states = list_states (self);
  tg_shared_values_lock ();
  for (guint i = 0; i < states->len; i++)
    g_ptr_array_add (values, tg_tensor_ref (TG_SHARED_VARIABLE (states->pdata[i])->value));
  tg_shared_values_unlock ();

  shape[0] = values->len;
  result = tg_tensor_new_zeros (TG_DTYPE_INT64, shape, 2, NULL);
  for (guint i = 0; i < values->len; i++)
    {
      g_autoptr (TgTensor) row = tg_tensor_index (result, 0, i, NULL);

      tg_tensor_copy_elements (row, values->pdata[i]);
    }

  return result;
}

/**
 * tg_random_streams_set_states:
 * @self: streams
 * @states: what [method@Tg.RandomStreams.dup_states] has returned, of these streams or of others
 *   that have made as many variables
 * @error: return location for an error
 *
 * Makes all streams go on from where they were.
 *
 * It fails, and changes nothing, where @states is not a matrix of int64 with three columns and as
 * many rows as there are streams.
 *
 * Returns: whether the states were set
 */
gboolean
tg_random_streams_set_states (TgRandomStreams  *self,
                              TgTensor         *states,
                              GError          **error)
{
  g_autoptr (GPtrArray) variables = NULL;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  g_return_val_if_fail (TG_IS_RANDOM_STREAMS (self), FALSE);
  g_return_val_if_fail (states != NULL, FALSE);

  variables = list_states (self);
  if (states->dtype != TG_DTYPE_INT64 || states->ndim != 2 || states->shape[1] != 3
      || states->shape[0] != variables->len)
    {
      g_autofree char *type = tg_shape_describe (states->dtype, states->shape, states->ndim);

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
                   "the states of %u streams are i64[%u, 3], not %s", variables->len,
                   variables->len, type);
      return FALSE;
    }

  for (guint i = 0; i < variables->len; i++)
    {
      g_autoptr (TgTensor) row = tg_tensor_index (states, 0, i, error);
      TgTensor *value = row != NULL ? tg_tensor_copy (row, TG_DTYPE_INT64, error) : NULL;

      if (value == NULL)
        return FALSE;

      g_ptr_array_add (values, value);
    }

  set_values (variables, values);

  return TRUE;
}
