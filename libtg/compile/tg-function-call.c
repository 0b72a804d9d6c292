/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

#include "tg-error.h"

/* A call on its way: the values of all slots of the program, and then what becomes of the outputs:
 * results, and behind them new values of shared variables. */
typedef struct
{
  TgFunction        *function;
  const TgProgram   *program;
  TgTensor *const   *inputs;
  gsize              n_inputs;
  guint              n_results;
  TgTensor         **slots;
  TgTensor         **values;
} Call;

static void
init_call (Call             *self,
           TgFunction       *function,
           TgTensor *const  *inputs,
           gsize             n_inputs)
{
  const TgProgram *program = function->program;

  self->function = function;
  self->program = program;
  self->inputs = inputs;
  self->n_inputs = n_inputs;
  self->n_results = function->outputs->len;
  self->slots = g_new0 (TgTensor *, program->variables->len + 1);
  self->values = g_new0 (TgTensor *, program->outputs->len + 1);
}

static void
clear_call (Call *self)
{
  for (guint i = 0; i < self->program->variables->len; i++)
    g_clear_pointer (&self->slots[i], tg_tensor_unref);
  for (guint i = 0; self->values != NULL && i < self->program->outputs->len; i++)
    g_clear_pointer (&self->values[i], tg_tensor_unref);

  g_free (self->slots);
  g_free (self->values);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Call, clear_call)

static gboolean
check_n_inputs (Call    *self,
                GError **error)
{
  GPtrArray *inputs = self->function->inputs;
  gsize n_needed = inputs->len;

  while (n_needed > 0 && ((TgFunctionInput *) inputs->pdata[n_needed - 1])->shared != NULL)
    n_needed--;

  if (self->n_inputs >= n_needed && self->n_inputs <= inputs->len)
    return TRUE;

  if (n_needed == inputs->len)
    g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS,
                 "expected %u input%s, not %" G_GSIZE_FORMAT, inputs->len,
                 inputs->len == 1 ? "" : "s", self->n_inputs);
  else
    g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS,
                 "expected %" G_GSIZE_FORMAT " to %u inputs, not %" G_GSIZE_FORMAT, n_needed,
                 inputs->len, self->n_inputs);

  return FALSE;
}

/* Takes what the caller gave; defaults come with the values of shared variables. */
static gboolean
set_inputs (Call    *self,
            GError **error)
{
  if (!check_n_inputs (self, error))
    return FALSE;

  for (gsize i = 0; i < self->n_inputs; i++)
    {
      TgFunctionInput *input = self->function->inputs->pdata[i];

      if (self->inputs[i] != NULL)
        {
          self->slots[i] = tg_function_input_convert (input, self->inputs[i], error);
          if (self->slots[i] == NULL)
            return FALSE;
        }
      else if (input->shared == NULL)
        {
          g_autofree char *text = tg_variable_describe (input->variable, input->variable->type);

          g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUT, "the input %s has no value", text);
          return FALSE;
        }
    }

  return TRUE;
}

/* Shared values are those of one moment. */
static void
read_shared_values (Call *self)
{
  const TgProgram *program = self->program;

  tg_shared_values_lock ();
  for (guint i = 0; i < program->n_inputs; i++)
    {
      TgFunctionInput *input = self->function->inputs->pdata[i];

      if (self->slots[i] == NULL)
        self->slots[i] = tg_tensor_ref (input->shared->value);
    }

  for (guint i = program->n_inputs; i < program->n_inputs + program->n_shared; i++)
    {
      TgSharedVariable *shared = program->variables->pdata[i];

      self->slots[i] = tg_tensor_ref (shared->value);
    }
  tg_shared_values_unlock ();
}

static gboolean
set_values (Call    *self,
            GError **error)
{
  const TgProgram *program = self->program;

  read_shared_values (self);

  /* A shared variable may hold defaults of more shapes than the input takes. */
  for (guint i = 0; i < program->n_inputs; i++)
    {
      TgFunctionInput *input = self->function->inputs->pdata[i];

      if (!tg_tensor_type_matches (input->variable->type, self->slots[i]))
        {
          g_autoptr (TgTensor) converted = tg_function_input_convert (input, self->slots[i], error);

          g_assert (converted == NULL);
          return FALSE;
        }
    }

  for (guint i = 0; i < program->constants->len; i++)
    {
      guint slot = g_array_index (program->constants, guint, i);

      self->slots[slot] = tg_tensor_ref (TG_CONSTANT (program->variables->pdata[slot])->value);
    }

  return TRUE;
}

/* The value of an output as its own: whoever owns the memory of an argument may write to it, unless
 * it was said that nobody will. */
static TgTensor *
take_output (Call     *self,
             guint     number,
             GError  **error)
{
  GArray *outputs = self->function->outputs;
  TgTensor *value = self->slots[g_array_index (self->program->outputs, guint, number)];

  if (number < outputs->len && g_array_index (outputs, TgFunctionOutput, number).borrow)
    return tg_tensor_ref (value);

  for (gsize i = 0; i < self->n_inputs; i++)
    {
      TgFunctionInput *input = self->function->inputs->pdata[i];

      if (self->inputs[i] != NULL && !input->borrow && value->buffer == self->inputs[i]->buffer)
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

/* All values are there, and fit, before any is put in place. */
static gboolean
take_outputs (Call    *self,
              GError **error)
{
  for (guint i = 0; i < self->program->outputs->len; i++)
    {
      self->values[i] = take_output (self, i, error);
      if (self->values[i] == NULL)
        return FALSE;

      if (i >= self->n_results
          && !check_new_value (self->function->updated->pdata[i - self->n_results],
                               self->values[i], error))
        return FALSE;
    }

  return TRUE;
}

/* Exchanges the new values and those from before. */
static void
apply_updates (Call *self)
{
  GPtrArray *updated = self->function->updated;

  if (updated->len == 0)
    return;

  tg_shared_values_lock ();
  for (guint i = 0; i < updated->len; i++)
    {
      TgSharedVariable *shared = updated->pdata[i];
      TgTensor *before = shared->value;

      shared->value = self->values[self->n_results + i];
      self->values[self->n_results + i] = before;
    }
  tg_shared_values_unlock ();
}

static void
lock_updates (TgFunction *self)
{
  for (guint i = 0; i < self->locked->len; i++)
    tg_shared_variable_lock_update (self->locked->pdata[i]);
}

static void
unlock_updates (TgFunction *self)
{
  for (guint i = 0; i < self->locked->len; i++)
    tg_shared_variable_unlock_update (self->locked->pdata[i]);
}

static gboolean
run_call (Call                *self,
          const TgRunOptions  *options,
          GError             **error)
{
  return set_values (self, error)
         && self->function->backend->run (self->program, self->function->plan, self->slots,
                                          options, error)
         && take_outputs (self, error)
         && tg_run_options_check (options, error);
}

/* The results, without those values that are no result. */
static TgTensor **
steal_results (Call *self)
{
  for (guint i = self->n_results; i < self->program->outputs->len; i++)
    g_clear_pointer (&self->values[i], tg_tensor_unref);

  return g_steal_pointer (&self->values);
}

TgTensor **
tg_function_compute (TgFunction       *self,
                     TgTensor *const  *inputs,
                     gsize             n_inputs,
                     GCancellable     *cancellable,
                     GError          **error)
{
  const TgRunOptions options = {
    .cancellable = cancellable,
    .check_finite = self->mode->check_finite,
    .n_threads = self->mode->n_threads,
    .profile = g_atomic_int_get (&self->is_profiling) ? self->profile : NULL,
  };
  gint64 begin = options.profile != NULL ? tg_profile_now () : 0;
  g_auto (Call) call = { NULL, };
  gboolean done;

  init_call (&call, self, inputs, n_inputs);
  done = set_inputs (&call, error);
  if (done)
    {
      lock_updates (self);
      done = run_call (&call, &options, error);
      if (done)
        apply_updates (&call);
      unlock_updates (self);
    }

  if (!done)
    {
      g_prefix_error (error, "%s: ", self->name);
      return NULL;
    }

  if (options.profile != NULL)
    tg_profile_add_call (options.profile, begin);

  return steal_results (&call);
}

void
tg_function_notify_updates (TgFunction *self)
{
  for (guint i = 0; i < self->updated->len; i++)
    tg_shared_variable_notify_value (self->updated->pdata[i]);
}

/**
 * tg_function_call:
 * @self: a function
 * @inputs: (array length=n_inputs): a value for each input, or %NULL for its default
 * @n_inputs: how many there are; inputs that have a default may be left out at the end
 * @n_outputs: (out) (optional): return location for the number of outputs
 * @error: return location for an error
 *
 * Computes the outputs, and then updates shared variables.
 *
 * A value is converted to the dtype of its input where nothing can be lost, or as
 * [class@Tg.FunctionInput] says. Results do not use the memory of arguments, unless they may borrow
 * it. Where the call fails no shared variable changes.
 *
 * The thread's current cancellable, see [method@Gio.Cancellable.push_current], is looked at between
 * operators.
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
  TgTensor **results;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);

  if (n_outputs != NULL)
    *n_outputs = 0;

  results = tg_function_compute (self, inputs, n_inputs, g_cancellable_get_current (), error);
  if (results == NULL)
    return NULL;

  tg_function_notify_updates (self);
  if (n_outputs != NULL)
    *n_outputs = self->outputs->len;

  return results;
}

/* Finds the place of a value that has a name. */
static gboolean
bind_name (TgFunction  *self,
           TgTensor    *value,
           const char  *name,
           TgTensor   **bound,
           GError     **error)
{
  int number = tg_function_find_input (self, name);

  if (number < 0)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS, "there is no input “%s”", name);
      return FALSE;
    }

  if (bound[number] != NULL)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS, "the input “%s” has two values",
                   name);
      return FALSE;
    }

  bound[number] = value;

  return TRUE;
}

TgTensor **
tg_function_bind (TgFunction         *self,
                  TgTensor *const    *inputs,
                  gsize               n_inputs,
                  const char *const  *names,
                  gsize               n_names,
                  GError            **error)
{
  g_autofree TgTensor **bound = g_new0 (TgTensor *, self->inputs->len + 1);
  gboolean fits = n_names <= n_inputs && n_inputs - n_names <= self->inputs->len;

  if (!fits)
    g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS,
                 "expected %u input%s, not %" G_GSIZE_FORMAT " of which the last %" G_GSIZE_FORMAT
                 " have names", self->inputs->len, self->inputs->len == 1 ? "" : "s", n_inputs,
                 n_names);

  for (gsize i = 0; i < n_inputs && fits; i++)
    {
      if (i < n_inputs - n_names)
        bound[i] = inputs[i];
      else
        fits = bind_name (self, inputs[i], names[i - (n_inputs - n_names)], bound, error);
    }

  if (fits)
    return g_steal_pointer (&bound);

  g_prefix_error (error, "%s: ", self->name);

  return NULL;
}

/**
 * tg_function_call_named:
 * @self: a function
 * @inputs: (array length=n_inputs): values of inputs
 * @n_inputs: how many there are
 * @names: (array length=n_names): the names of the inputs that the last values are for; those
 *   before are for the first inputs
 * @n_names: how many there are
 * @n_outputs: (out) (optional): return location for the number of outputs
 * @error: return location for an error
 *
 * Calls a function as [method@Tg.Function.call] does, with values of inputs by their names.
 *
 * Inputs that are not mentioned have their default values.
 *
 * Returns: (transfer full) (array length=n_outputs): the values of the outputs, or %NULL with
 *   @error set
 */
TgTensor **
tg_function_call_named (TgFunction         *self,
                        TgTensor *const    *inputs,
                        gsize               n_inputs,
                        const char *const  *names,
                        gsize               n_names,
                        gsize              *n_outputs,
                        GError            **error)
{
  g_autofree TgTensor **bound = NULL;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (names != NULL || n_names == 0, NULL);

  if (n_outputs != NULL)
    *n_outputs = 0;

  if (n_names == 0)
    return tg_function_call (self, inputs, n_inputs, n_outputs, error);

  bound = tg_function_bind (self, inputs, n_inputs, names, n_names, error);

  return bound != NULL
         ? tg_function_call (self, bound, self->inputs->len, n_outputs, error)
         : NULL;
}

/**
 * tg_function_call_single:
 * @self: a function of one output, and of one input or none
 * @input: (nullable): the value of the input, or %NULL if there is none
 * @error: return location for a [error@Tg.RunError], or what [method@Tg.Function.call] says
 *
 * Calls a function as [method@Tg.Function.call] does, without lists.
 *
 * It is shorter where it suffices, and is for languages whose bindings have no lists of tensors,
 * such as Ruby.
 *
 * Returns: (transfer full): the value of the output
 */
TgTensor *
tg_function_call_single (TgFunction  *self,
                         TgTensor    *input,
                         GError     **error)
{
  g_autofree TgTensor **outputs = NULL;
  gsize n_inputs = input != NULL ? 1 : 0;
  guint n_outputs;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  n_outputs = tg_function_get_n_outputs (self);
  if (n_outputs != 1)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_INPUTS, "%s: it has %u outputs, not one",
                   tg_function_get_name (self), n_outputs);
      return NULL;
    }

  outputs = tg_function_call (self, &input, n_inputs, NULL, error);

  return outputs != NULL ? outputs[0] : NULL;
}
