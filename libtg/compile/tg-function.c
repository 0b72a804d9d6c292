/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-backend.h"
#include "tg-error.h"

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
struct _TgFunction
{
  GObject           parent_instance;
  char             *name;
  TgGraph          *graph;
  GPtrArray        *inputs;       /* TgVariable */
  GPtrArray        *output_names; /* of the results: text or NULL */
  GPtrArray        *updated;      /* TgSharedVariable, which get the last outputs of the program */
  GPtrArray        *locked;       /* the same, in the order in which every function locks them */
  TgProgram        *program;
  const TgBackend  *backend;
};

G_DEFINE_FINAL_TYPE (TgFunction, tg_function, G_TYPE_OBJECT)

static void
tg_function_finalize (GObject *object)
{
  TgFunction *self = TG_FUNCTION (object);

  g_clear_pointer (&self->program, tg_program_free);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->output_names, g_ptr_array_unref);
  g_clear_pointer (&self->updated, g_ptr_array_unref);
  g_clear_pointer (&self->locked, g_ptr_array_unref);
  g_clear_object (&self->graph);
  g_free (self->name);

  G_OBJECT_CLASS (tg_function_parent_class)->finalize (object);
}

static void
tg_function_class_init (TgFunctionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_function_finalize;
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

static gpointer
copy_name (gconstpointer name,
           gpointer      user_data)
{
  return g_strdup (name);
}

TgFunction *
tg_function_new_from_compilation (TgCompilation *compilation,
                                  TgGraph       *graph,
                                  GPtrArray     *output_names)
{
  TgFunction *self = g_object_new (TG_TYPE_FUNCTION, NULL);

  self->name = g_strdup (compilation->name);
  self->graph = g_object_ref (graph);
  self->inputs = g_ptr_array_ref (compilation->inputs);
  self->updated = g_ptr_array_ref (compilation->updated);
  self->locked = g_ptr_array_copy (compilation->updated, NULL, NULL);
  self->output_names = g_ptr_array_copy (output_names, copy_name, NULL);
  self->program = g_steal_pointer (&compilation->program);
  self->backend = tg_backend_get_default ();

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
 * Returns: (transfer none): the variable that gets a value
 */
TgVariable *
tg_function_get_input (TgFunction *self,
                       guint       index)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (index < self->inputs->len, NULL);

  return self->inputs->pdata[index];
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

  return self->output_names->len;
}

/**
 * tg_function_get_output_name:
 * @self: a function
 * @index: the number of an output, less than [method@Tg.Function.get_n_outputs]
 *
 * Gets the name of an output.
 *
 * Returns: (nullable): the name, or %NULL if it was given none
 */
const char *
tg_function_get_output_name (TgFunction *self,
                             guint       index)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (index < self->output_names->len, NULL);

  return self->output_names->pdata[index];
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

/* A call on its way: the values of all slots of the program. */
typedef struct
{
  TgFunction  *function;
  TgTensor   **slots;
  guint        n_slots;
} Call;

static void
clear_call (Call *self)
{
  for (guint i = 0; i < self->n_slots; i++)
    g_clear_pointer (&self->slots[i], tg_tensor_unref);
  g_free (self->slots);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, clear_call)

static gboolean
fail_input (TgVariable  *input,
            TgTensor    *value,
            GError     **error)
{
  g_autofree char *input_text = tg_variable_describe (input, input->type);
  g_autofree char *type_text = NULL;

  if (value == NULL)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT, "the input %s has no value",
                   input_text);
      return FALSE;
    }

  type_text = tg_shape_describe (value->dtype, value->shape, value->ndim);
  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT, "the input %s cannot be a value of type %s",
               input_text, type_text);

  return FALSE;
}

static gboolean
set_input (Call      *self,
           guint      number,
           TgTensor  *value,
           GError   **error)
{
  TgVariable *input = self->function->inputs->pdata[number];
  g_autoptr (TgTensor) converted = NULL;

  if (value == NULL || !tg_dtype_is_lossless (value->dtype, input->type->dtype))
    return fail_input (input, value, error);

  converted = tg_tensor_astype (value, input->type->dtype, error);
  if (converted == NULL)
    return FALSE;

  if (!tg_tensor_type_matches (input->type, converted))
    return fail_input (input, value, error);

  self->slots[number] = g_steal_pointer (&converted);

  return TRUE;
}

static gboolean
set_inputs (Call             *self,
            TgTensor *const  *inputs,
            gsize             n_inputs,
            GError          **error)
{
  guint n_needed = self->function->inputs->len;

  if (n_inputs != n_needed)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS,
                   "expected %u input%s, not %" G_GSIZE_FORMAT, n_needed,
                   n_needed == 1 ? "" : "s", n_inputs);
      return FALSE;
    }

  for (guint i = 0; i < n_needed; i++)
    {
      if (!set_input (self, i, inputs[i], error))
        return FALSE;
    }

  return TRUE;
}

/* Shared values are those of one moment. */
static void
set_values (Call *self)
{
  const TgProgram *program = self->function->program;

  tg_shared_values_lock ();
  for (guint i = 0; i < program->n_shared; i++)
    {
      guint slot = program->n_inputs + i;

      TgSharedVariable *shared = program->variables->pdata[slot];

      self->slots[slot] = tg_tensor_ref (shared->value);
    }
  tg_shared_values_unlock ();

  for (guint i = program->n_inputs + program->n_shared; i < self->n_slots; i++)
    {
      TgVariable *variable = program->variables->pdata[i];

      if (TG_IS_CONSTANT (variable))
        self->slots[i] = tg_tensor_ref (TG_CONSTANT (variable)->value);
    }
}

/* The value of an output as its own: whoever owns the memory of an argument may write to it. */
static TgTensor *
take_output (Call             *self,
             guint             number,
             TgTensor *const  *inputs,
             GError          **error)
{
  const TgProgram *program = self->function->program;
  TgTensor *value = self->slots[g_array_index (program->outputs, guint, number)];

  for (guint i = 0; i < program->n_inputs; i++)
    {
      if (value->buffer == inputs[i]->buffer)
        return tg_tensor_copy (value, value->dtype, error);
    }

  return tg_tensor_ref (value);
}

static gboolean
check_new_value (TgVariable  *shared,
                 TgTensor    *value,
                 GError     **error)
{
  g_autofree char *name = NULL;
  g_autofree char *type_text = NULL;

  if (tg_tensor_type_matches (shared->type, value))
    return TRUE;

  name = tg_variable_describe (shared, shared->type);
  type_text = tg_shape_describe (value->dtype, value->shape, value->ndim);
  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_UPDATE,
               "%s cannot be updated by a value of type %s", name, type_text);

  return FALSE;
}

/* Results, then new values; all are there, and fit, before any is put in place. */
static GPtrArray *
take_outputs (Call             *self,
              TgTensor *const  *inputs,
              GError          **error)
{
  TgFunction *function = self->function;
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);
  guint n_results = function->output_names->len;

  for (guint i = 0; i < function->program->outputs->len; i++)
    {
      TgTensor *value = take_output (self, i, inputs, error);

      if (value == NULL)
        return NULL;

      g_ptr_array_add (values, value);
      if (i >= n_results
          && !check_new_value (function->updated->pdata[i - n_results], value, error))
        return NULL;
    }

  return g_steal_pointer (&values);
}

/* Exchanges the new values and those from before. */
static void
apply_updates (TgFunction *self,
               GPtrArray  *values)
{
  guint n_results = self->output_names->len;

  tg_shared_values_lock ();
  for (guint i = 0; i < self->updated->len; i++)
    {
      TgSharedVariable *shared = self->updated->pdata[i];
      TgTensor *before = shared->value;

      shared->value = values->pdata[n_results + i];
      values->pdata[n_results + i] = before;
    }
  tg_shared_values_unlock ();
}

static void
lock_updates (TgFunction *self,
              gboolean    lock)
{
  for (guint i = 0; i < self->locked->len; i++)
    {
      TgSharedVariable *shared = self->locked->pdata[i];

      if (lock)
        g_mutex_lock (&shared->update_lock);
      else
        g_mutex_unlock (&shared->update_lock);
    }
}

static GPtrArray *
compute (TgFunction       *self,
         TgTensor *const  *inputs,
         gsize             n_inputs,
         GError          **error)
{
  g_auto (Call) call = { self, NULL, self->program->variables->len };
  GPtrArray *values = NULL;

  call.slots = g_new0 (TgTensor *, call.n_slots + 1);
  if (!set_inputs (&call, inputs, n_inputs, error))
    return NULL;

  lock_updates (self, TRUE);
  set_values (&call);
  if (self->backend->run (self->program, call.slots, error))
    values = take_outputs (&call, inputs, error);
  if (values != NULL)
    apply_updates (self, values);
  lock_updates (self, FALSE);

  return values;
}

/**
 * tg_function_call:
 * @self: a function
 * @inputs: (array length=n_inputs): a value for each input
 * @n_inputs: how many there are
 * @n_outputs: (out) (optional): return location for the number of outputs
 * @error: return location for an error
 *
 * Computes the outputs, and then updates shared variables.
 *
 * A value is converted to the dtype of its input where nothing can be lost. Where the call fails no
 * shared variable changes.
 *
 * Returns: (transfer full) (array length=n_outputs): the values of the outputs, or %NULL with
 *   @error set
 */
TgTensor **
tg_function_call (TgFunction       *self,
                  TgTensor *const  *inputs,
                  gsize             n_inputs,
                  gsize            *n_outputs,
                  GError          **error)
{
  g_autoptr (GPtrArray) values = NULL;
  TgTensor **results;
  guint n_results;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);

  if (n_outputs != NULL)
    *n_outputs = 0;

  values = compute (self, inputs, n_inputs, error);
  if (values == NULL)
    {
      g_prefix_error (error, "%s: ", self->name);
      return NULL;
    }

  for (guint i = 0; i < self->updated->len; i++)
    tg_shared_variable_notify_value (self->updated->pdata[i]);

  n_results = self->output_names->len;
  results = g_new0 (TgTensor *, n_results + 1);
  for (guint i = 0; i < n_results; i++)
    results[i] = tg_tensor_ref (values->pdata[i]);

  if (n_outputs != NULL)
    *n_outputs = n_results;

  return results;
}
