/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-builder-private.h"

/**
 * TgFunctionBuilder:
 *
 * Collects what a function is to do, and makes it.
 *
 * What is wrong with the parts is said by [method@Tg.FunctionBuilder.build].
 */

enum
{
  PROP_0,
  PROP_PROGRESS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TgFunctionBuilder, tg_function_builder, G_TYPE_OBJECT)

static void
tg_function_builder_finalize (GObject *object)
{
  TgFunctionBuilder *self = TG_FUNCTION_BUILDER (object);

  g_ptr_array_unref (self->inputs);
  g_hash_table_unref (self->plain);
  g_ptr_array_unref (self->outputs);
  g_array_unref (self->output_options);
  g_ptr_array_unref (self->updated);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->givens);
  g_ptr_array_unref (self->not_updated);
  g_clear_object (&self->mode);
  g_free (self->name);

  G_OBJECT_CLASS (tg_function_builder_parent_class)->finalize (object);
}

static void
tg_function_builder_get_property (GObject    *object,
                                  guint       property_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_PROGRESS:
      g_value_set_double (value, tg_function_builder_get_progress (TG_FUNCTION_BUILDER (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tg_function_builder_class_init (TgFunctionBuilderClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tg_function_builder_finalize;
  object_class->get_property = tg_function_builder_get_property;

  /**
   * TgFunctionBuilder:progress: (getter get_progress)
   *
   * How far the function is that is being made, or was last, from 0 to 1.
   */
  properties[PROP_PROGRESS] =
    g_param_spec_double ("progress", NULL, NULL, 0, 1, 0,
                         G_PARAM_STATIC_STRINGS | G_PARAM_READABLE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_function_builder_init (TgFunctionBuilder *self)
{
  self->inputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->plain = g_hash_table_new (NULL, NULL);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->output_options = tg_function_outputs_new ();
  self->updated = g_ptr_array_new_with_free_func (g_object_unref);
  self->values = g_ptr_array_new_with_free_func (g_object_unref);
  self->givens = g_ptr_array_new_with_free_func (g_object_unref);
  self->not_updated = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tg_function_builder_new:
 *
 * Creates a builder of a function without inputs, outputs or updates.
 *
 * Returns: (transfer full): a new builder
 */
TgFunctionBuilder *
tg_function_builder_new (void)
{
  return g_object_new (TG_TYPE_FUNCTION_BUILDER, NULL);
}

/**
 * tg_function_builder_set_name:
 * @self: a builder
 * @name: (nullable): what messages call the function
 *
 * Names the function.
 */
void
tg_function_builder_set_name (TgFunctionBuilder *self,
                              const char        *name)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  g_free (self->name);
  self->name = g_strdup (name);
}

/**
 * tg_function_builder_set_mode:
 * @self: a builder
 * @mode: (nullable): a mode, or %NULL for that of [ctor@Tg.Mode.new]
 *
 * Says how the function is compiled and run. The mode is copied.
 */
void
tg_function_builder_set_mode (TgFunctionBuilder *self,
                              TgMode            *mode)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));
  g_return_if_fail (mode == NULL || TG_IS_MODE (mode));

  g_clear_object (&self->mode);
  self->mode = tg_mode_copy (mode);
}

/**
 * tg_function_builder_set_on_unused_input:
 * @self: a builder
 * @on_unused_input: what to do
 *
 * Says what becomes of an input that no output and no update needs; without this it is an error.
 */
void
tg_function_builder_set_on_unused_input (TgFunctionBuilder *self,
                                         TgUnusedInput      on_unused_input)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  self->on_unused_input = on_unused_input;
}

/**
 * tg_function_builder_set_downcast:
 * @self: a builder
 * @downcast: which values are converted though that could lose information
 *
 * Sets the rule for all inputs that are added as their variable alone.
 *
 * Inputs that are added by [method@Tg.FunctionBuilder.add_input_options] have their own.
 */
void
tg_function_builder_set_downcast (TgFunctionBuilder *self,
                                  TgDowncast         downcast)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  self->downcast = downcast;
}

/* The first thing that is missing is the one reported. */
static void
add_missing (TgFunctionBuilder *self,
             const char        *what)
{
  if (self->missing == NULL)
    self->missing = what;
}

/* Keeps a variable, or the fact that there is none. */
static void
add_variable (TgFunctionBuilder *self,
              GPtrArray         *variables,
              TgVariable        *variable,
              const char        *what)
{
  g_return_if_fail (variable == NULL || TG_IS_VARIABLE (variable));

  if (variable != NULL)
    g_ptr_array_add (variables, g_object_ref (variable));
  else
    add_missing (self, what);
}

/**
 * tg_function_builder_add_input:
 * @self: a builder
 * @variable: (nullable): a symbol, or an expression that the caller is to replace by a value
 *
 * Adds an input, behind those before.
 */
void
tg_function_builder_add_input (TgFunctionBuilder *self,
                               TgVariable        *variable)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  if (variable == NULL)
    {
      add_missing (self, "an input");
      return;
    }

  g_ptr_array_add (self->inputs, tg_function_input_new (variable));
  g_hash_table_add (self->plain, self->inputs->pdata[self->inputs->len - 1]);
}

/**
 * tg_function_builder_add_input_options:
 * @self: a builder
 * @input: an input that is more than its variable
 *
 * Adds an input, behind those before.
 */
void
tg_function_builder_add_input_options (TgFunctionBuilder *self,
                                       TgFunctionInput   *input)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));
  g_return_if_fail (TG_IS_FUNCTION_INPUT (input));

  g_ptr_array_add (self->inputs, g_object_ref (input));
}

/**
 * tg_function_builder_add_output:
 * @self: a builder
 * @variable: (nullable): what is to be computed
 * @name: (nullable): what callers call it
 *
 * Adds an output, behind those before.
 */
void
tg_function_builder_add_output (TgFunctionBuilder *self,
                                TgVariable        *variable,
                                const char        *name)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  add_variable (self, self->outputs, variable, "an output");
  tg_function_outputs_add (self->output_options, name, FALSE);
}

/**
 * tg_function_builder_add_borrowed_output:
 * @self: a builder
 * @variable: (nullable): what is to be computed
 * @name: (nullable): what callers call it
 *
 * Adds an output whose value may be a view of an argument's memory.
 *
 * It is for callers that do not write to their arguments while they use the results, and saves a
 * copy where an output is an input, or a part of one.
 */
void
tg_function_builder_add_borrowed_output (TgFunctionBuilder *self,
                                         TgVariable        *variable,
                                         const char        *name)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  add_variable (self, self->outputs, variable, "an output");
  tg_function_outputs_add (self->output_options, name, TRUE);
}

/**
 * tg_function_builder_add_update:
 * @self: a builder
 * @shared: (nullable): a [class@Tg.SharedVariable]
 * @value: (nullable): what it holds after a call, computed of values from before
 *
 * Lets the function update a shared variable.
 *
 * A call applies all of its updates, or none of them where it fails.
 */
void
tg_function_builder_add_update (TgFunctionBuilder *self,
                                TgVariable        *shared,
                                TgVariable        *value)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  add_variable (self, self->updated, shared, "an updated variable");
  add_variable (self, self->values, value, "a new value");
}

/**
 * tg_function_builder_set_no_default_updates:
 * @self: a builder
 * @no_default_updates: whether none applies
 *
 * Sets whether shared variables that have a default update, such as the states of random streams,
 * stay as they are unless [method@Tg.FunctionBuilder.add_update] says otherwise.
 */
void
tg_function_builder_set_no_default_updates (TgFunctionBuilder *self,
                                            gboolean           no_default_updates)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  self->no_default_updates = !!no_default_updates;
}

/**
 * tg_function_builder_add_no_default_update:
 * @self: a builder
 * @shared: (nullable): a [class@Tg.SharedVariable]
 *
 * Leaves out the default update of one shared variable.
 */
void
tg_function_builder_add_no_default_update (TgFunctionBuilder *self,
                                           TgVariable        *shared)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  add_variable (self, self->not_updated, shared, "a variable without default update");
}

/**
 * tg_function_builder_add_given:
 * @self: a builder
 * @variable: (nullable): a variable of the outputs and updates
 * @replacement: (nullable): what is to stand in its place, of the same dtype and number of
 *   dimensions
 *
 * Replaces a variable wherever the outputs and updates use it.
 */
void
tg_function_builder_add_given (TgFunctionBuilder *self,
                               TgVariable        *variable,
                               TgVariable        *replacement)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  add_variable (self, self->givens, variable, "a replaced variable");
  add_variable (self, self->givens, replacement, "a replacement");
}

/**
 * tg_function_builder_get_progress:
 * @self: a builder
 *
 * Gets how far the function is that is being made, or was last.
 *
 * Returns: a number from 0 to 1
 */
double
tg_function_builder_get_progress (TgFunctionBuilder *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION_BUILDER (self), 0);

  return self->progress;
}

void
tg_function_builder_set_progress (TgFunctionBuilder *self,
                                  double             progress)
{
  if (self->progress == progress)
    return;

  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROGRESS]);
}
