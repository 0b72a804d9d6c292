/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

/**
 * TgConstant:
 *
 * A variable that is a value.
 *
 * Numbers of a program's text are *weak*: made by [ctor@Tg.Constant.new_double],
 * [ctor@Tg.Constant.new_integer], [ctor@Tg.Constant.new_complex] or
 * [ctor@Tg.Constant.new_boolean], they take the dtype of what they are combined with, as Python's
 * numbers do in the array API standard: twice a float32 is a float32. Only a number of a higher
 * kind changes the result, to the default dtype of that kind: an integer plus 0.5 is a float64, but
 * a float32 times a complex number a complex64.
 */

G_DEFINE_TYPE (TgConstant, tg_constant, TG_TYPE_VARIABLE)

static void
tg_constant_finalize (GObject *object)
{
  TgConstant *self = TG_CONSTANT (object);

  g_clear_pointer (&self->value, tg_tensor_unref);

  G_OBJECT_CLASS (tg_constant_parent_class)->finalize (object);
}

static void
tg_constant_class_init (TgConstantClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_constant_finalize;
}

static void
tg_constant_init (TgConstant *self G_GNUC_UNUSED)
{
}

/**
 * tg_constant_new:
 * @value: a value
 *
 * Creates a constant of the dtype and shape of @value.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new (TgTensor *value)
{
  TgConstant *self;

  g_return_val_if_fail (value != NULL, NULL);

  self = g_object_new (TG_TYPE_CONSTANT, NULL);
  self->value = tg_tensor_ref (value);
  self->parent_instance.type = tg_tensor_dup_tensor_type (value);
  self->parent_instance.compute = value->dtype;

  return TG_VARIABLE (self);
}

static TgVariable *
new_weak (TgTensor *value)
{
  TgVariable *self = tg_constant_new (value);

  self->weak = TRUE;

  return self;
}

/**
 * tg_constant_new_double:
 * @value: a number
 *
 * Creates a weak 0-d constant of kind float.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new_double (gdouble value)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_double (value);

  return new_weak (tensor);
}

/**
 * tg_constant_new_integer:
 * @value: a number
 *
 * Creates a weak 0-d constant of kind integer.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new_integer (gint64 value)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_integer (value);

  return new_weak (tensor);
}

/**
 * tg_constant_new_boolean:
 * @value: true or false
 *
 * Creates a weak 0-d constant of kind bool.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new_boolean (gboolean value)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_boolean (value);

  return new_weak (tensor);
}

/**
 * tg_constant_new_complex:
 * @real: the real part
 * @imaginary: the imaginary part
 *
 * Creates a weak 0-d constant of kind complex.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new_complex (gdouble real,
                         gdouble imaginary)
{
  g_autoptr (TgTensor) tensor = tg_tensor_new_complex (real, imaginary);

  return new_weak (tensor);
}

/**
 * tg_constant_new_integers:
 * @values: (array length=n_values): numbers, such as the sizes of a shape
 * @n_values: how many there are
 *
 * Creates a constant vector of int64.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_constant_new_integers (const gint64 *values,
                          gsize         n_values)
{
  gint64 shape = (gint64) n_values;
  g_autoptr (TgTensor) tensor = tg_tensor_new_integers (values, n_values, &shape, 1, NULL);

  g_return_val_if_fail (tensor != NULL, NULL);

  return tg_constant_new (tensor);
}

/**
 * tg_constant_get_value:
 * @self: a constant
 *
 * Gets the value.
 *
 * Returns: (transfer none): the value
 */
TgTensor *
tg_constant_get_value (TgConstant *self)
{
  g_return_val_if_fail (TG_IS_CONSTANT (self), NULL);

  return self->value;
}

/**
 * tg_constant_is_weak:
 * @self: a constant
 *
 * Checks whether the constant takes the dtype of what it is combined with, as the numbers in a
 * program's text do.
 *
 * Returns: whether the constant is weak
 */
gboolean
tg_constant_is_weak (TgConstant *self)
{
  g_return_val_if_fail (TG_IS_CONSTANT (self), FALSE);

  return TG_VARIABLE (self)->weak;
}

TgVariable *
tg_variable_new_vector (TgVariable *const *elements,
                        gsize              n_elements,
                        GError           **error)
{
  g_autofree gint64 *values = g_new (gint64, n_elements + 1);

  for (gsize i = 0; i < n_elements; i++)
    {
      if (!tg_variable_infer_integer (elements[i], &values[i]))
        return tg_variable_new_apply (TG_OP_STACK, elements, n_elements,
                                      (GVariant *[]) { g_variant_new_int64 (0) }, error);
    }

  return tg_constant_new_integers (values, n_elements);
}
