/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-attribute-private.h"
#include "tg-name-scope-private.h"
#include "tg-origin-private.h"

/**
 * TgVariable:
 *
 * A symbol, or an operator applied to other variables.
 *
 * A variable has a dtype and a shape, some dimensions of which may be unknown before a function
 * runs. It never changes, but for its name and its test value, which serve people: messages,
 * graphs, the names of a function's inputs, and the search for mistakes.
 *
 * Operators are functions such as [method@Tg.Variable.exp]. Given %NULL for an input, they return
 * %NULL and leave the error alone, so that in a nested expression the first mistake is reported.
 */

enum
{
  PROP_0,
  PROP_NAME,
  PROP_DTYPE,
  PROP_NDIM,
  PROP_TENSOR_TYPE,
  PROP_PLACE,
  PROP_SCOPE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_TYPE (TgVariable, tg_variable, G_TYPE_OBJECT)

/* Inputs and companions whose last user is being finalized in this thread: a chain is freed in a
 * loop, since recursion would need a stack as deep as the graph. */
static GPrivate pending_inputs = G_PRIVATE_INIT (NULL);

static void
move_inputs (TgVariable *self,
             GPtrArray  *pending)
{
  for (guint i = 0; i < self->n_inputs; i++)
    g_ptr_array_add (pending, self->inputs[i]);

  for (GSList *link = self->companions; link != NULL; link = link->next)
    g_ptr_array_add (pending, link->data);

  g_clear_pointer (&self->companions, g_slist_free);
}

static void
release_inputs (TgVariable *self)
{
  GPtrArray *pending = g_private_get (&pending_inputs);
  g_autoptr (GPtrArray) own = NULL;

  if (pending != NULL)
    {
      move_inputs (self, pending);
      return;
    }

  own = g_ptr_array_new ();
  g_private_set (&pending_inputs, own);
  move_inputs (self, own);

  while (own->len > 0)
    g_object_unref (g_ptr_array_remove_index_fast (own, own->len - 1));

  g_private_set (&pending_inputs, NULL);
}

static void
tg_variable_finalize (GObject *object)
{
  TgVariable *self = TG_VARIABLE (object);

  if (self->n_inputs > 0)
    release_inputs (self);

  for (guint i = 0; self->attributes != NULL && i < self->op->n_parameters; i++)
    g_variant_unref (self->attributes[i]);

  g_clear_pointer (&self->type, tg_tensor_type_unref);
  g_clear_pointer (&self->test_value, tg_tensor_unref);
  g_clear_pointer (&self->place, tg_place_unref);
  g_clear_pointer (&self->scope, g_ref_string_release);
  g_free (self->attributes);
  g_free (self->contraction);
  if (self->inputs != self->few)
    g_free (self->inputs);
  g_free (self->name);

  G_OBJECT_CLASS (tg_variable_parent_class)->finalize (object);
}

static void
tg_variable_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  TgVariable *self = TG_VARIABLE (object);

  switch (prop_id)
    {
    case PROP_NAME:
      g_value_set_string (value, self->name);
      break;

    case PROP_DTYPE:
      g_value_set_int (value, self->type->dtype);
      break;

    case PROP_NDIM:
      g_value_set_uint (value, self->type->ndim);
      break;

    case PROP_TENSOR_TYPE:
      g_value_set_boxed (value, self->type);
      break;

    case PROP_PLACE:
      g_value_set_boxed (value, self->place);
      break;

    case PROP_SCOPE:
      g_value_set_string (value, self->scope);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tg_variable_set_property (GObject      *object,
                          guint         prop_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_NAME:
      tg_variable_set_name (TG_VARIABLE (object), g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tg_variable_class_init (TgVariableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tg_variable_finalize;
  object_class->get_property = tg_variable_get_property;
  object_class->set_property = tg_variable_set_property;

  /**
   * TgVariable:name: (getter get_name) (setter set_name)
   *
   * What people call the variable.
   */
  properties[PROP_NAME] =
    g_param_spec_string ("name", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  /**
   * TgVariable:dtype: (getter get_dtype)
   *
   * The number of the type of the elements, a [enum@Tg.DType].
   */
  properties[PROP_DTYPE] =
    g_param_spec_int ("dtype", NULL, NULL, 0, TG_N_DTYPES, TG_DTYPE_FLOAT64,
                      G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TgVariable:ndim: (getter get_ndim)
   *
   * The number of dimensions.
   */
  properties[PROP_NDIM] =
    g_param_spec_uint ("ndim", NULL, NULL, 0, TG_MAX_NDIM, 0,
                       G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TgVariable:tensor-type: (getter get_tensor_type)
   *
   * Dtype and shape.
   */
  properties[PROP_TENSOR_TYPE] =
    g_param_spec_boxed ("tensor-type", NULL, NULL, TG_TYPE_TENSOR_TYPE,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TgVariable:place: (getter get_place)
   *
   * The place in a person's program where the variable was made.
   */
  properties[PROP_PLACE] =
    g_param_spec_boxed ("place", NULL, NULL, TG_TYPE_PLACE,
                        G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  /**
   * TgVariable:scope: (getter get_scope)
   *
   * The name scope in which the variable was made.
   */
  properties[PROP_SCOPE] =
    g_param_spec_string ("scope", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_variable_init (TgVariable *self)
{
  tg_origin_mark (self);
}

/**
 * tg_variable_new_with_type:
 * @name: (nullable): what people call the variable
 * @tensor_type: dtype and shape; dimensions of -1 are unknown before a function runs
 *
 * Creates a symbol: an input of functions.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_variable_new_with_type (const char   *name,
                           TgTensorType *tensor_type)
{
  TgVariable *self;

  g_return_val_if_fail (tensor_type != NULL, NULL);

  self = g_object_new (TG_TYPE_VARIABLE, NULL);
  self->name = tg_name_scope_apply (name);
  self->type = tg_tensor_type_ref (tensor_type);
  self->compute = tensor_type->dtype;

  return self;
}

/**
 * tg_variable_new:
 * @name: (nullable): what people call the variable
 * @dtype: the type of its elements
 * @ndim: the number of its dimensions, at most 32
 *
 * Creates a symbol of unknown shape: an input of functions.
 *
 * Returns: (transfer full): a new variable
 */
TgVariable *
tg_variable_new (const char *name,
                 TgDType     dtype,
                 guint       ndim)
{
  g_autoptr (TgTensorType) type = NULL;
  gint64 shape[TG_MAX_NDIM];

  g_return_val_if_fail (tg_dtype_is_valid (dtype), NULL);
  g_return_val_if_fail (ndim <= TG_MAX_NDIM, NULL);

  for (guint i = 0; i < ndim; i++)
    shape[i] = TG_UNKNOWN;

  type = tg_tensor_type_new (dtype, shape, ndim, NULL);

  return tg_variable_new_with_type (name, type);
}

/**
 * tg_variable_get_name:
 * @self: a variable
 *
 * Gets what people call the variable.
 *
 * Returns: (nullable): the name
 */
const char *
tg_variable_get_name (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return self->name;
}

/**
 * tg_variable_set_name:
 * @self: a variable
 * @name: (nullable): what people call it from now on
 *
 * Names the variable; in a name scope, such as `layer1`, `w` becomes `layer1/w`.
 *
 * Name a variable before other threads use it.
 */
void
tg_variable_set_name (TgVariable *self,
                      const char *name)
{
  g_autofree char *scoped = NULL;

  g_return_if_fail (TG_IS_VARIABLE (self));

  scoped = tg_name_scope_apply (name);
  if (g_strcmp0 (self->name, scoped) == 0)
    return;

  g_free (self->name);
  self->name = g_steal_pointer (&scoped);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NAME]);
}

/**
 * tg_variable_get_tensor_type:
 * @self: a variable
 *
 * Gets dtype and shape; dimensions of -1 are unknown before a function runs.
 *
 * Returns: (transfer none): the type
 */
TgTensorType *
tg_variable_get_tensor_type (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return self->type;
}

/**
 * tg_variable_get_dtype:
 * @self: a variable
 *
 * Gets the type of the elements.
 *
 * Returns: the dtype
 */
TgDType
tg_variable_get_dtype (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), TG_DTYPE_FLOAT64);

  return self->type->dtype;
}

/**
 * tg_variable_get_ndim:
 * @self: a variable
 *
 * Gets the number of dimensions.
 *
 * Returns: the number
 */
guint
tg_variable_get_ndim (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), 0);

  return self->type->ndim;
}

/**
 * tg_variable_get_op:
 * @self: a variable
 *
 * Gets the operator that makes the variable.
 *
 * Returns: (transfer none) (nullable): the operator; %NULL for symbols, constants and shared
 *   variables
 */
TgOp *
tg_variable_get_op (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return self->op != NULL ? tg_op_from_info (self->op) : NULL;
}

/**
 * tg_variable_get_n_inputs:
 * @self: a variable
 *
 * Gets the number of variables that the operator is applied to.
 *
 * Returns: the number
 */
guint
tg_variable_get_n_inputs (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), 0);

  return self->n_inputs;
}

/**
 * tg_variable_get_input:
 * @self: a variable
 * @index: which one, from 0
 *
 * Gets a variable that the operator is applied to.
 *
 * Returns: (transfer none) (nullable): the variable, or %NULL where there is none
 */
TgVariable *
tg_variable_get_input (TgVariable *self,
                       guint       index)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return index < self->n_inputs ? self->inputs[index] : NULL;
}

/**
 * tg_variable_get_attribute:
 * @self: a variable
 * @name: the name of a parameter of its operator, such as `keepdims`
 *
 * Gets what a parameter of the operator is here.
 *
 * Returns: (transfer none) (nullable): the value, or %NULL where there is no such parameter
 */
GVariant *
tg_variable_get_attribute (TgVariable *self,
                           const char *name)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  return tg_variable_find (self, name);
}

/**
 * tg_variable_get_place:
 * @self: a variable
 *
 * Gets the place in a person's program where the variable was made.
 *
 * A gradient has the place of the operator that it is the gradient of; what a replacement makes
 * anew keeps its place.
 *
 * Returns: (transfer none) (nullable): the place, or %NULL where it is not known
 */
TgPlace *
tg_variable_get_place (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return self->place;
}

/**
 * tg_variable_get_scope:
 * @self: a variable
 *
 * Gets the name scope in which the variable was made, such as `layer1` or `decoder/layer1`.
 *
 * Returns: (nullable): the scope, or %NULL where there was none
 */
const char *
tg_variable_get_scope (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return self->scope;
}
