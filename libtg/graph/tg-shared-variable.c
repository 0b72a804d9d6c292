/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-variable-private.h"

#include "tg-error.h"
#include "tg-name-scope-private.h"

/**
 * TgSharedVariable:
 *
 * A variable whose value outlives the functions that use it, such as a weight.
 *
 * Functions may update it. All updates of a call appear together, and none of them where the call
 * fails. Values may be read and set from any thread; `notify::value` is emitted in the thread that
 * changed the value.
 */

enum
{
  PROP_0,
  PROP_VALUE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_TYPE (TgSharedVariable, tg_shared_variable, TG_TYPE_VARIABLE)

/* One lock for all values, held for some assignments only: so readers see all updates of a call or
 * none. */
static GMutex values_lock;

void
tg_shared_values_lock (void)
{
  g_mutex_lock (&values_lock);
}

void
tg_shared_values_unlock (void)
{
  g_mutex_unlock (&values_lock);
}

void
tg_shared_variable_lock_update (TgSharedVariable *self)
{
  g_mutex_lock (&self->update_lock);
}

void
tg_shared_variable_unlock_update (TgSharedVariable *self)
{
  g_mutex_unlock (&self->update_lock);
}

static void
tg_shared_variable_finalize (GObject *object)
{
  TgSharedVariable *self = TG_SHARED_VARIABLE (object);

  g_clear_pointer (&self->value, tg_tensor_unref);
  g_clear_object (&self->default_argument);
  g_clear_object (&self->default_update);
  g_mutex_clear (&self->update_lock);

  G_OBJECT_CLASS (tg_shared_variable_parent_class)->finalize (object);
}

static void
tg_shared_variable_get_property (GObject    *object,
                                 guint       prop_id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_VALUE:
      g_value_take_boxed (value, tg_shared_variable_dup_value (TG_SHARED_VARIABLE (object)));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tg_shared_variable_class_init (TgSharedVariableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tg_shared_variable_finalize;
  object_class->get_property = tg_shared_variable_get_property;

  /**
   * TgSharedVariable:value: (getter dup_value)
   *
   * What the variable holds. Set it with [method@Tg.SharedVariable.set_value].
   */
  properties[PROP_VALUE] =
    g_param_spec_boxed ("value", NULL, NULL, TG_TYPE_TENSOR,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_shared_variable_init (TgSharedVariable *self)
{
  g_mutex_init (&self->update_lock);
}

static gboolean
check_value (TgVariable  *self,
             TgTensor    *value,
             GError     **error)
{
  g_autofree char *name = NULL;
  g_autofree char *given = NULL;

  if (tg_tensor_type_matches (self->type, value))
    return TRUE;

  name = tg_variable_describe (self, self->type);
  given = tg_shape_describe (value->dtype, value->shape, value->ndim);
  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE, "%s cannot hold a value of type %s",
               name, given);

  return FALSE;
}

/**
 * tg_shared_variable_new_with_type:
 * @value: what it holds at first
 * @tensor_type: dtype and shape of all it will ever hold; dimensions of -1 may change
 * @name: (nullable): what people call it
 * @error: return location for an error
 *
 * Creates a shared variable whose shape may change, as far as @tensor_type leaves it open.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set
 */
TgVariable *
tg_shared_variable_new_with_type (TgTensor      *value,
                                  TgTensorType  *tensor_type,
                                  const char    *name,
                                  GError       **error)
{
  g_autoptr (TgVariable) self = NULL;

  g_return_val_if_fail (value != NULL, NULL);
  g_return_val_if_fail (tensor_type != NULL, NULL);

  self = g_object_new (TG_TYPE_SHARED_VARIABLE, NULL);
  self->type = tg_tensor_type_ref (tensor_type);
  self->compute = tensor_type->dtype;
  self->name = tg_name_scope_apply (name);
  TG_SHARED_VARIABLE (self)->value = tg_tensor_ref (value);

  if (!check_value (self, value, error))
    return NULL;

  return g_steal_pointer (&self);
}

/**
 * tg_shared_variable_new:
 * @value: what it holds at first
 * @name: (nullable): what people call it
 *
 * Creates a shared variable of the dtype and shape of @value.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_shared_variable_new (TgTensor   *value,
                        const char *name)
{
  g_autoptr (TgTensorType) type = NULL;

  g_return_val_if_fail (value != NULL, NULL);

  type = tg_tensor_dup_tensor_type (value);

  return tg_shared_variable_new_with_type (value, type, name, NULL);
}

/**
 * tg_shared_variable_dup_value: (get-property value)
 * @self: a shared variable
 *
 * Gets what the variable holds at this moment.
 *
 * Returns: (transfer full): the value
 */
TgTensor *
tg_shared_variable_dup_value (TgSharedVariable *self)
{
  TgTensor *value;

  g_return_val_if_fail (TG_IS_SHARED_VARIABLE (self), NULL);

  tg_shared_values_lock ();
  value = tg_tensor_ref (self->value);
  tg_shared_values_unlock ();

  return value;
}

void
tg_shared_variable_notify_value (TgSharedVariable *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VALUE]);
}

/**
 * tg_shared_variable_set_value:
 * @self: a shared variable
 * @value: what it holds from now on
 * @error: return location for an error
 *
 * Replaces the value by another of the same dtype and of a shape that the variable allows.
 *
 * Returns: whether it was replaced
 */
gboolean
tg_shared_variable_set_value (TgSharedVariable  *self,
                              TgTensor          *value,
                              GError           **error)
{
  g_autoptr (TgTensor) before = NULL;

  g_return_val_if_fail (TG_IS_SHARED_VARIABLE (self), FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  if (!check_value (TG_VARIABLE (self), value, error))
    return FALSE;

  tg_shared_values_lock ();
  before = g_steal_pointer (&self->value);
  self->value = tg_tensor_ref (value);
  tg_shared_values_unlock ();

  tg_shared_variable_notify_value (self);

  return TRUE;
}

void
tg_shared_variable_set_default_update (TgSharedVariable *self,
                                       TgVariable       *argument,
                                       TgVariable       *update)
{
  g_set_object (&self->default_argument, argument);
  g_set_object (&self->default_update, update);
}
