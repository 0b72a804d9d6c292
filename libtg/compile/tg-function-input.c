/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-input-private.h"

#include "tg-dtype-private.h"
#include "tg-error.h"

/**
 * TgFunctionInput:
 *
 * An input of a function: the variable that calls give a value, and how they do.
 *
 * Only inputs that are more than their variable need one: those with a default value, another name,
 * or rules of their own for conversions. A function keeps copies of its inputs as they were when it
 * was built.
 */

G_DEFINE_FINAL_TYPE (TgFunctionInput, tg_function_input, G_TYPE_OBJECT)

/* Values of more elements than this are not shown in messages. */
#define FEW_ELEMENTS 8

static void
tg_function_input_finalize (GObject *object)
{
  TgFunctionInput *self = TG_FUNCTION_INPUT (object);

  g_clear_object (&self->variable);
  g_clear_pointer (&self->value, tg_tensor_unref);
  g_clear_object (&self->shared);
  g_clear_object (&self->update);
  g_free (self->name);

  G_OBJECT_CLASS (tg_function_input_parent_class)->finalize (object);
}

static void
tg_function_input_class_init (TgFunctionInputClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_function_input_finalize;
}

static void
tg_function_input_init (TgFunctionInput *self G_GNUC_UNUSED)
{
}

/**
 * tg_function_input_new:
 * @variable: a symbol, or an expression that the caller is to replace by a value
 *
 * Creates an input that is as one of which only the variable is given.
 *
 * Returns: (transfer full): a new input
 */
TgFunctionInput *
tg_function_input_new (TgVariable *variable)
{
  TgFunctionInput *self;

  g_return_val_if_fail (TG_IS_VARIABLE (variable), NULL);

  self = g_object_new (TG_TYPE_FUNCTION_INPUT, NULL);
  self->variable = g_object_ref (variable);

  return self;
}

/**
 * tg_function_input_get_variable:
 * @self: an input
 *
 * Gets what has the value that a call gives.
 *
 * Returns: (transfer none): the variable
 */
TgVariable *
tg_function_input_get_variable (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), NULL);

  return self->variable;
}

/**
 * tg_function_input_get_name:
 * @self: an input
 *
 * Gets what callers call the input.
 *
 * Returns: (nullable): the name, by default that of the variable
 */
const char *
tg_function_input_get_name (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), NULL);

  return self->name != NULL ? self->name : self->variable->name;
}

/**
 * tg_function_input_set_name:
 * @self: an input
 * @name: (nullable): a name, or %NULL for that of the variable
 *
 * Sets what callers call the input.
 */
void
tg_function_input_set_name (TgFunctionInput *self,
                            const char      *name)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);

  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * tg_function_input_set_value:
 * @self: an input
 * @value: (nullable): the value in calls that give none, or %NULL: all calls must give one
 *
 * Sets the default value.
 *
 * It is converted as an argument is, when the function is built.
 */
void
tg_function_input_set_value (TgFunctionInput *self,
                             TgTensor        *value)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);

  g_clear_object (&self->shared);
  g_clear_pointer (&self->value, tg_tensor_unref);
  self->value = value != NULL ? tg_tensor_ref (value) : NULL;
}

/**
 * tg_function_input_get_shared:
 * @self: an input
 *
 * Gets the shared variable that holds the default value.
 *
 * In a function's own inputs (see [method@Tg.Function.get_input_options]) each default is in one:
 * set its value to change the default.
 *
 * Returns: (transfer none) (nullable): the shared variable, or %NULL if there is none
 */
TgSharedVariable *
tg_function_input_get_shared (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), NULL);

  return self->shared;
}

/**
 * tg_function_input_set_shared:
 * @self: an input
 * @shared: (nullable): what holds the default value, or %NULL: all calls must give one
 *
 * Lets the default value be what a shared variable holds at the moment of the call.
 *
 * It must have the dtype and number of dimensions of the input.
 */
void
tg_function_input_set_shared (TgFunctionInput  *self,
                              TgSharedVariable *shared)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (shared == NULL || TG_IS_SHARED_VARIABLE (shared));

  g_clear_pointer (&self->value, tg_tensor_unref);
  g_set_object (&self->shared, shared);
}

/**
 * tg_function_input_get_update:
 * @self: an input
 *
 * Gets what the default value becomes after a call.
 *
 * Returns: (transfer none) (nullable): the new value, or %NULL if the default stays
 */
TgVariable *
tg_function_input_get_update (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), NULL);

  return self->update;
}

/**
 * tg_function_input_set_update:
 * @self: an input
 * @update: (nullable): an expression, commonly of the input itself
 *
 * Lets each call replace the default value, as an update does the value of a shared variable.
 *
 * The input needs a default value for this. A call that gives a value computes the next default
 * from the one it gave.
 */
void
tg_function_input_set_update (TgFunctionInput *self,
                              TgVariable      *update)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);
  g_return_if_fail (update == NULL || TG_IS_VARIABLE (update));

  g_set_object (&self->update, update);
}

/**
 * tg_function_input_get_strict:
 * @self: an input
 *
 * Gets whether the input takes values of its own dtype alone.
 *
 * Returns: whether it is strict
 */
gboolean
tg_function_input_get_strict (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), FALSE);

  return self->strict;
}

/**
 * tg_function_input_set_strict:
 * @self: an input
 * @strict: whether nothing is converted
 *
 * Sets whether the input takes values of its own dtype alone. This is stronger than
 * [method@Tg.FunctionInput.set_downcast].
 */
void
tg_function_input_set_strict (TgFunctionInput *self,
                              gboolean         strict)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);

  self->strict = !!strict;
}

/**
 * tg_function_input_get_downcast:
 * @self: an input
 *
 * Gets which values are converted though that could lose information.
 *
 * Returns: which
 */
TgDowncast
tg_function_input_get_downcast (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), TG_DOWNCAST_WEAK);

  return self->downcast;
}

/**
 * tg_function_input_set_downcast:
 * @self: an input
 * @downcast: which values are
 *
 * Sets which values are converted though that could lose information.
 */
void
tg_function_input_set_downcast (TgFunctionInput *self,
                                TgDowncast       downcast)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);

  self->downcast = downcast;
}

/**
 * tg_function_input_get_borrow:
 * @self: an input
 *
 * Gets whether results may use the memory of the argument.
 *
 * Returns: whether they may
 */
gboolean
tg_function_input_get_borrow (TgFunctionInput *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_INPUT (self), FALSE);

  return self->borrow;
}

/**
 * tg_function_input_set_borrow:
 * @self: an input
 * @borrow: whether they may
 *
 * Sets whether results and new shared values may be views of the argument's memory.
 *
 * Otherwise they are copies, so that who owns that memory may write to it once the call has
 * returned. Functions themselves never write to it.
 */
void
tg_function_input_set_borrow (TgFunctionInput *self,
                              gboolean         borrow)
{
  g_return_if_fail (TG_IS_FUNCTION_INPUT (self));
  g_return_if_fail (!self->frozen);

  self->borrow = !!borrow;
}

static void
fail_value (TgFunctionInput *self,
            TgTensor        *value,
            const char      *reason,
            GError         **error)
{
  g_autofree char *input = tg_variable_describe (self->variable, self->variable->type);
  g_autofree char *type = tg_shape_describe (value->dtype, value->shape, value->ndim);

  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT,
               "the input %s cannot be a value of type %s%s", input, type, reason);
}

/* The text of a value in one line. */
static char *
describe_value (TgTensor *value)
{
  g_autofree char *text = tg_tensor_to_string (value);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);

  return g_strjoinv (" ", lines);
}

/* The value itself says most, where it is short. */
static void
fail_lossy (TgFunctionInput *self,
            TgTensor        *value,
            GError         **error)
{
  g_autofree char *text = NULL;
  g_autofree char *reason = NULL;

  if (value->n_elements <= FEW_ELEMENTS)
    text = describe_value (value);

  reason = g_strconcat (" without loss", text != NULL ? ": " : "", text, NULL);
  fail_value (self, value, reason, error);
}

TgTensor *
tg_function_input_convert (TgFunctionInput *self,
                           TgTensor        *value,
                           GError         **error)
{
  TgTensorType *type = self->variable->type;
  g_autoptr (TgTensor) converted = NULL;

  if (value->ndim != type->ndim
      || !tg_shape_is_compatible (type->shape, value->shape, type->ndim))
    {
      fail_value (self, value, "", error);
      return NULL;
    }

  if (value->dtype == type->dtype)
    return tg_tensor_ref (value);

  if (self->strict)
    {
      fail_value (self, value, ": it is strict", error);
      return NULL;
    }

  if (self->downcast != TG_DOWNCAST_ALWAYS && !tg_dtype_is_lossless (value->dtype, type->dtype))
    {
      fail_lossy (self, value, error);
      return NULL;
    }

  return tg_tensor_astype (value, type->dtype, error);
}

/* Whether what the shared variable holds may be the value of the input. */
static gboolean
check_shared (TgFunctionInput  *self,
              GError          **error)
{
  TgVariable *shared = TG_VARIABLE (self->shared);
  TgTensorType *type = self->variable->type;
  g_autofree char *input = NULL;
  g_autofree char *given = NULL;

  if (shared->type->dtype == type->dtype && shared->type->ndim == type->ndim
      && tg_shape_is_compatible (type->shape, shared->type->shape, type->ndim))
    return TRUE;

  input = tg_variable_describe (self->variable, type);
  given = tg_variable_describe (shared, shared->type);
  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_INPUT,
               "%s cannot hold the default of the input %s: the types differ", given, input);

  return FALSE;
}

/* Moves the default value to a shared variable, that of the function alone. */
static gboolean
share_value (TgFunctionInput  *self,
             GError          **error)
{
  g_autoptr (TgTensor) converted = tg_function_input_convert (self, self->value, error);
  TgVariable *shared;

  if (converted == NULL)
    {
      g_prefix_error (error, "the default value: ");
      return FALSE;
    }

  shared = tg_shared_variable_new_with_type (converted, self->variable->type,
                                             tg_function_input_get_name (self), error);
  g_clear_pointer (&self->value, tg_tensor_unref);
  self->shared = TG_SHARED_VARIABLE (shared);
  self->owns_shared = TRUE;

  return shared != NULL;
}

void
tg_function_input_renew_shared (TgFunctionInput *self)
{
  TgVariable *before = TG_VARIABLE (self->shared);
  g_autoptr (TgTensor) value = tg_shared_variable_dup_value (self->shared);
  TgVariable *shared = tg_shared_variable_new_with_type (value, before->type, before->name, NULL);

  g_object_unref (before);
  self->shared = TG_SHARED_VARIABLE (shared);
}

TgFunctionInput *
tg_function_input_freeze (TgFunctionInput *self,
                          GError         **error)
{
  g_autoptr (TgFunctionInput) copy = tg_function_input_new (self->variable);

  copy->name = g_strdup (self->name);
  copy->value = self->value != NULL ? tg_tensor_ref (self->value) : NULL;
  g_set_object (&copy->shared, self->shared);
  g_set_object (&copy->update, self->update);
  copy->owns_shared = self->owns_shared;
  copy->downcast = self->downcast;
  copy->strict = self->strict;
  copy->borrow = self->borrow;

  if (copy->value != NULL && !share_value (copy, error))
    return NULL;

  if (copy->shared != NULL && !check_shared (copy, error))
    return NULL;

  if (copy->update != NULL && copy->shared == NULL)
    {
      g_autofree char *text = tg_variable_describe (copy->variable, copy->variable->type);

      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UPDATE,
                   "the input %s has an update, but no default value", text);
      return NULL;
    }

  copy->frozen = TRUE;

  return g_steal_pointer (&copy);
}
