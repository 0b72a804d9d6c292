/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-error.h"
#include "tg-graph-private.h"

/**
 * TgFunctionBuilder:
 *
 * Collects what a function is to do, and makes it.
 *
 * What is wrong with the parts is said by [method@Tg.FunctionBuilder.build].
 */
struct _TgFunctionBuilder
{
  GObject     parent_instance;
  char       *name;
  gboolean    allow_unused_inputs;
  GPtrArray  *inputs;
  GPtrArray  *outputs;
  GPtrArray  *output_names;
  GPtrArray  *updated;
  GPtrArray  *values;
  GPtrArray  *givens;
  const char *missing; /* what was given as NULL: an expression that could not be made */
};

G_DEFINE_FINAL_TYPE (TgFunctionBuilder, tg_function_builder, G_TYPE_OBJECT)

static void
tg_function_builder_finalize (GObject *object)
{
  TgFunctionBuilder *self = TG_FUNCTION_BUILDER (object);

  g_ptr_array_unref (self->inputs);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->output_names);
  g_ptr_array_unref (self->updated);
  g_ptr_array_unref (self->values);
  g_ptr_array_unref (self->givens);
  g_free (self->name);

  G_OBJECT_CLASS (tg_function_builder_parent_class)->finalize (object);
}

static void
tg_function_builder_class_init (TgFunctionBuilderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_function_builder_finalize;
}

static void
tg_function_builder_init (TgFunctionBuilder *self)
{
  self->inputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->output_names = g_ptr_array_new_with_free_func (g_free);
  self->updated = g_ptr_array_new_with_free_func (g_object_unref);
  self->values = g_ptr_array_new_with_free_func (g_object_unref);
  self->givens = g_ptr_array_new_with_free_func (g_object_unref);
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
 * tg_function_builder_set_allow_unused_inputs:
 * @self: a builder
 * @allow: whether the function may have inputs that it does not use
 *
 * Allows inputs that are not used; otherwise they are an error.
 */
void
tg_function_builder_set_allow_unused_inputs (TgFunctionBuilder *self,
                                             gboolean           allow)
{
  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));

  self->allow_unused_inputs = allow;
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
  else if (self->missing == NULL)
    self->missing = what;
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

  add_variable (self, self->inputs, variable, "an input");
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
  g_ptr_array_add (self->output_names, g_strdup (name));
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

static GPtrArray *
copy_array (GPtrArray *array)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (copy, g_object_ref (array->pdata[i]));

  return copy;
}

/**
 * tg_function_builder_build:
 * @self: a builder
 * @error: return location for an error
 *
 * Makes the function.
 *
 * Returns: (transfer full): a new function, or %NULL with @error set
 */
TgFunction *
tg_function_builder_build (TgFunctionBuilder *self,
                           GError           **error)
{
  g_autoptr (GPtrArray) inputs = NULL;
  g_autoptr (GPtrArray) updated = NULL;
  g_autoptr (TgGraph) graph = NULL;
  TgCompilation compilation = { 0, };
  TgFunction *function = NULL;

  g_return_val_if_fail (TG_IS_FUNCTION_BUILDER (self), NULL);

  if (self->missing != NULL)
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MISSING, "%s: %s is NULL",
                   self->name != NULL ? self->name : "function", self->missing);
      return NULL;
    }

  inputs = copy_array (self->inputs);
  updated = copy_array (self->updated);
  compilation.name = self->name != NULL ? self->name : "function";
  compilation.allow_unused_inputs = self->allow_unused_inputs;
  compilation.inputs = inputs;
  compilation.updated = updated;
  compilation.givens = self->givens;
  compilation.outputs = copy_array (self->outputs);
  for (guint i = 0; i < self->values->len; i++)
    g_ptr_array_add (compilation.outputs, g_object_ref (self->values->pdata[i]));

  graph = tg_graph_new_named ("f", (TgVariable *const *) inputs->pdata, inputs->len,
                              (TgVariable *const *) self->outputs->pdata, self->outputs->len);

  if (tg_pipeline_run (&compilation, error))
    function = tg_function_new_from_compilation (&compilation, graph, self->output_names);
  else
    g_prefix_error (error, "%s: ", compilation.name);

  g_clear_pointer (&compilation.program, tg_program_free);
  g_ptr_array_unref (compilation.outputs);

  return function;
}
