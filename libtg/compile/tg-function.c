/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-graph-private.h"

/**
 * TgFunction:
 *
 * A graph made into a program: it computes outputs of inputs, and updates shared variables.
 *
 * A call takes the values of all shared variables at one moment, computes outputs and new values of
 * them, and only when all is computed puts the new values in place, together. So outputs are those
 * from before the updates, and a call that fails changes nothing.
 *
 * A function may be called from several threads at a time. Calls that update the same shared
 * variable follow each other.
 */

enum
{
  PROP_0,
  PROP_PROFILING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TgFunction, tg_function, G_TYPE_OBJECT)

static void
tg_function_finalize (GObject *object)
{
  TgFunction *self = TG_FUNCTION (object);

  if (self->plan != NULL)
    self->backend->release (self->plan);
  g_clear_pointer (&self->program, tg_program_free);
  g_clear_pointer (&self->source, g_ptr_array_unref);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_array_unref);
  g_clear_pointer (&self->updated, g_ptr_array_unref);
  g_clear_pointer (&self->locked, g_ptr_array_unref);
  g_clear_object (&self->graph);
  g_clear_object (&self->trace);
  g_clear_object (&self->mode);
  g_clear_object (&self->profile);
  g_free (self->name);

  G_OBJECT_CLASS (tg_function_parent_class)->finalize (object);
}

static void
tg_function_get_property (GObject    *object,
                          guint       property_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (property_id)
    {
    case PROP_PROFILING:
      g_value_set_boolean (value, tg_function_get_profiling (TG_FUNCTION (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tg_function_set_property (GObject      *object,
                          guint         property_id,
                          const GValue *value,
                          GParamSpec   *pspec)
{
  switch (property_id)
    {
    case PROP_PROFILING:
      tg_function_set_profiling (TG_FUNCTION (object), g_value_get_boolean (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
tg_function_class_init (TgFunctionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = tg_function_finalize;
  object_class->get_property = tg_function_get_property;
  object_class->set_property = tg_function_set_property;

  /**
   * TgFunction:profiling: (getter get_profiling) (setter set_profiling)
   *
   * Whether calls are measured.
   */
  properties[PROP_PROFILING] =
    g_param_spec_boolean ("profiling", NULL, NULL, FALSE,
                          G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_READWRITE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_function_init (TgFunction *self G_GNUC_UNUSED)
{
}

static int
compare_addresses (gconstpointer a,
                   gconstpointer b)
{
  gsize first = GPOINTER_TO_SIZE (*(gpointer const *) a);
  gsize second = GPOINTER_TO_SIZE (*(gpointer const *) b);

  return first < second ? -1 : first > second;
}

static void
clear_output (gpointer output)
{
  g_free (((TgFunctionOutput *) output)->name);
}

GArray *
tg_function_outputs_new (void)
{
  GArray *outputs = g_array_new (FALSE, FALSE, sizeof (TgFunctionOutput));

  g_array_set_clear_func (outputs, clear_output);

  return outputs;
}

void
tg_function_outputs_add (GArray     *outputs,
                         const char *name,
                         gboolean    borrow)
{
  TgFunctionOutput output = { g_strdup (name), borrow };

  g_array_append_val (outputs, output);
}

TgFunction *
tg_function_new_from_program (const char *name,
                              TgMode     *mode,
                              TgGraph    *graph,
                              GPtrArray  *source,
                              TgTrace    *trace,
                              GPtrArray  *inputs,
                              GArray     *outputs,
                              GPtrArray  *updated,
                              TgProgram  *program)
{
  TgFunction *self = g_object_new (TG_TYPE_FUNCTION, NULL);

  self->name = g_strdup (name);
  self->mode = g_object_ref (mode);
  self->graph = g_object_ref (graph);
  self->source = g_ptr_array_ref (source);
  self->trace = g_object_ref (trace);
  self->inputs = g_ptr_array_ref (inputs);
  self->outputs = g_array_ref (outputs);
  self->updated = g_ptr_array_ref (updated);
  self->locked = g_ptr_array_copy (updated, NULL, NULL);
  self->program = program;
  self->backend = mode->backend;
  if (self->backend->prepare != NULL)
    self->plan = self->backend->prepare (program);

  /* The references belong to `updated`. */
  g_ptr_array_set_free_func (self->locked, NULL);
  g_ptr_array_sort (self->locked, compare_addresses);

  return self;
}

/**
 * tg_function_new:
 * @inputs: (array length=n_inputs): symbols that calls give values
 * @n_inputs: how many there are
 * @outputs: (array length=n_outputs): what is to be computed
 * @n_outputs: how many there are
 * @error: return location for an error
 *
 * Makes a function without updates; see [class@Tg.FunctionBuilder] for all others.
 *
 * Returns: (transfer full): a new function, or %NULL with @error set, unless a variable is %NULL
 */
TgFunction *
tg_function_new (TgVariable *const  *inputs,
                 gsize               n_inputs,
                 TgVariable *const  *outputs,
                 gsize               n_outputs,
                 GError            **error)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);

  for (gsize i = 0; i < n_inputs; i++)
    {
      if (inputs[i] == NULL)
        return NULL;
      tg_function_builder_add_input (builder, inputs[i]);
    }

  for (gsize i = 0; i < n_outputs; i++)
    {
      if (outputs[i] == NULL)
        return NULL;
      tg_function_builder_add_output (builder, outputs[i], NULL);
    }

  return tg_function_builder_build (builder, error);
}

/**
 * tg_function_get_name:
 * @self: a function
 *
 * Gets what messages call the function.
 *
 * Returns: the name
 */
const char *
tg_function_get_name (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return self->name;
}

/**
 * tg_function_get_n_inputs:
 * @self: a function
 *
 * Gets the number of values that a call takes.
 *
 * Returns: the number of inputs
 */
guint
tg_function_get_n_inputs (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), 0);

  return self->inputs->len;
}

/**
 * tg_function_get_input:
 * @self: a function
 * @index: the number of an input, less than [method@Tg.Function.get_n_inputs]
 *
 * Gets an input.
 *
 * Returns: (transfer none) (nullable): the variable that gets a value, or %NULL if there are not so
 *   many
 */
TgVariable *
tg_function_get_input (TgFunction *self,
                       guint       index)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return index < self->inputs->len ? ((TgFunctionInput *) self->inputs->pdata[index])->variable
                                   : NULL;
}

/**
 * tg_function_get_input_options:
 * @self: a function
 * @index: the number of an input, less than [method@Tg.Function.get_n_inputs]
 *
 * Gets how an input takes its value.
 *
 * It can no longer be changed. To change a default, set the value of the shared variable that holds
 * it.
 *
 * Returns: (transfer none) (nullable): the input, or %NULL if there are not so many
 */
TgFunctionInput *
tg_function_get_input_options (TgFunction *self,
                               guint       index)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return index < self->inputs->len ? self->inputs->pdata[index] : NULL;
}

/**
 * tg_function_find_input:
 * @self: a function
 * @name: a name
 *
 * Finds an input by its name, for calls that give values by name.
 *
 * Returns: the number of the first input of that name, or -1 if there is none
 */
int
tg_function_find_input (TgFunction *self,
                        const char *name)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), -1);
  g_return_val_if_fail (name != NULL, -1);

  for (guint i = 0; i < self->inputs->len; i++)
    {
      if (g_strcmp0 (tg_function_input_get_name (self->inputs->pdata[i]), name) == 0)
        return (int) i;
    }

  return -1;
}

/**
 * tg_function_get_n_outputs:
 * @self: a function
 *
 * Gets the number of values that a call returns.
 *
 * Returns: the number of outputs
 */
guint
tg_function_get_n_outputs (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), 0);

  return self->outputs->len;
}

/**
 * tg_function_get_output_name:
 * @self: a function
 * @index: the number of an output, less than [method@Tg.Function.get_n_outputs]
 *
 * Gets the name of an output.
 *
 * Returns: (nullable): the name, or %NULL if it was given none, or there are not so many outputs
 */
const char *
tg_function_get_output_name (TgFunction *self,
                             guint       index)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return index < self->outputs->len ? g_array_index (self->outputs, TgFunctionOutput, index).name
                                    : NULL;
}

/**
 * tg_function_dup_graph:
 * @self: a function
 *
 * Gets inputs and outputs as they were given.
 *
 * Returns: (transfer full): the graph
 */
TgGraph *
tg_function_dup_graph (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return g_object_ref (self->graph);
}

/**
 * tg_function_dup_trace:
 * @self: a function
 *
 * Gets what the optimiser did to outputs and new values of shared variables, step by step.
 *
 * Returns: (transfer full): the trace
 */
TgTrace *
tg_function_dup_trace (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return g_object_ref (self->trace);
}

/**
 * tg_function_dup_optimised_graph:
 * @self: a function
 *
 * Gets inputs and outputs as they are computed; the outputs are followed by the new values of
 * shared variables.
 *
 * Returns: (transfer full): the graph
 */
TgGraph *
tg_function_dup_optimised_graph (TgFunction *self)
{
  TgGraph *graph;
  TgProgram *program;
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  program = self->program;
  for (guint i = 0; i < program->outputs->len; i++)
    g_ptr_array_add (outputs,
                     program->variables->pdata[g_array_index (program->outputs, guint, i)]);

  graph = tg_graph_new_named ("f", (TgVariable *const *) program->variables->pdata,
                              program->n_inputs, (TgVariable *const *) outputs->pdata,
                              outputs->len);

  return graph;
}

/**
 * tg_function_dup_mode:
 * @self: a function
 *
 * Gets how the function was compiled and is run.
 *
 * Returns: (transfer full): a copy of the mode
 */
TgMode *
tg_function_dup_mode (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return tg_mode_copy (self->mode);
}

/**
 * tg_function_get_profiling:
 * @self: a function
 *
 * Gets whether calls are measured.
 *
 * Returns: whether they are
 */
gboolean
tg_function_get_profiling (TgFunction *self)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), FALSE);

  return g_atomic_int_get (&self->is_profiling);
}

/**
 * tg_function_set_profiling:
 * @self: a function
 * @profiling: whether to measure calls
 *
 * Sets whether calls, from their next on, are measured: what each step of the function takes, in
 * time and in memory read and written, adds up in a profile. That costs a fraction of a microsecond
 * for each step.
 *
 * The profile stays when profiling is turned off, and grows when it is turned on again. It may be
 * turned on and off while other threads call the function.
 */
void
tg_function_set_profiling (TgFunction *self,
                           gboolean    profiling)
{
  g_return_if_fail (TG_IS_FUNCTION (self));

  if (profiling && g_atomic_pointer_get (&self->profile) == NULL)
    {
      TgProfile *profile = tg_profile_new ();

      if (!g_atomic_pointer_compare_and_exchange (&self->profile, NULL, profile))
        g_object_unref (profile);
    }

  if (g_atomic_int_compare_and_exchange (&self->is_profiling, !profiling, !!profiling))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROFILING]);
}

/**
 * tg_function_dup_profile:
 * @self: a function
 *
 * Gets what was measured until now, while profiling was on.
 *
 * Returns: (transfer full): a copy of the profile, which does not change any more
 */
TgProfile *
tg_function_dup_profile (TgFunction *self)
{
  TgProfile *profile;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  profile = g_atomic_pointer_get (&self->profile);

  return profile != NULL ? tg_profile_copy (profile) : tg_profile_new ();
}
