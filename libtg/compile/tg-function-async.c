/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-private.h"

/* Calls in a thread of their own.  Two tasks belong to each: one computes, and when the caller's
 * main context has its result the other hands it on, after the signals of the updates. */

static void
free_tensors (gpointer tensors)
{
  g_ptr_array_unref (tensors);
}

static void
unref_if_any (gpointer tensor)
{
  if (tensor != NULL)
    tg_tensor_unref (tensor);
}

/* The tensors of an array, with references of its own. */
static GPtrArray *
keep_tensors (TgTensor *const *tensors,
              gsize            n_tensors)
{
  GPtrArray *kept = g_ptr_array_new_with_free_func (unref_if_any);

  for (gsize i = 0; i < n_tensors; i++)
    g_ptr_array_add (kept, tensors[i] != NULL ? tg_tensor_ref (tensors[i]) : NULL);

  return kept;
}

static void
compute_in_thread (GTask        *task,
                   gpointer      source,
                   gpointer      task_data,
                   GCancellable *cancellable)
{
  TgFunction *self = source;
  GPtrArray *inputs = task_data;
  GPtrArray *results;
  GError *error = NULL;
  TgTensor **values = tg_function_compute (self, (TgTensor *const *) inputs->pdata, inputs->len,
                                           cancellable, &error);

  if (values == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  results = g_ptr_array_new_with_free_func (unref_if_any);
  for (guint i = 0; i < self->outputs->len; i++)
    g_ptr_array_add (results, values[i]);
  g_free (values);
  g_task_return_pointer (task, results, free_tensors);
}

static void
on_computed (GObject      *source,
             GAsyncResult *computed,
             gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  GPtrArray *results = g_task_propagate_pointer (G_TASK (computed), &error);

  if (results == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  tg_function_notify_updates (TG_FUNCTION (source));
  g_task_return_pointer (task, results, free_tensors);
}

/**
 * tg_function_call_async:
 * @self: a function
 * @inputs: (array length=n_inputs): a value for each input, or %NULL for its default
 * @n_inputs: how many there are; inputs that have a default may be left out at the end
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (closure user_data): called when the call is done
 * @user_data: passed to @callback
 *
 * Calls a function in another thread, and @callback in the thread-default main context of this one.
 *
 * `notify::value` of the variables that the call has updated is emitted in that main context too,
 * before @callback. @cancellable is looked at between operators: a call that is cancelled fails
 * with [error@Gio.IOErrorEnum.CANCELLED] and changes no shared variable, and one that was done
 * before is not cancelled any more.
 */
void
tg_function_call_async (TgFunction          *self,
                        TgTensor *const     *inputs,
                        gsize                n_inputs,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) computation = NULL;
  GTask *task;

  g_return_if_fail (TG_IS_FUNCTION (self));
  g_return_if_fail (inputs != NULL || n_inputs == 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  /* Whether it was cancelled in time is decided by the call alone. */
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tg_function_call_async);
  g_task_set_check_cancellable (task, FALSE);

  computation = g_task_new (self, cancellable, on_computed, task);
  g_task_set_check_cancellable (computation, FALSE);
  g_task_set_task_data (computation, keep_tensors (inputs, n_inputs), free_tensors);
  g_task_run_in_thread (computation, compute_in_thread);
}

/**
 * tg_function_call_finish:
 * @self: a function
 * @result: what the callback was given
 * @n_outputs: (out) (optional): return location for the number of outputs
 * @error: return location for an error
 *
 * Gets the results of [method@Tg.Function.call_async].
 *
 * Returns: (transfer full) (array length=n_outputs): the values of the outputs, or %NULL with
 *   @error set
 */
TgTensor **
tg_function_call_finish (TgFunction    *self,
                         GAsyncResult  *result,
                         gsize         *n_outputs,
                         GError       **error)
{
  g_autoptr (GPtrArray) results = NULL;
  TgTensor **values;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  if (n_outputs != NULL)
    *n_outputs = 0;

  results = g_task_propagate_pointer (G_TASK (result), error);
  if (results == NULL)
    return NULL;

  values = g_new0 (TgTensor *, results->len + 1);
  for (guint i = 0; i < results->len; i++)
    values[i] = tg_tensor_ref (results->pdata[i]);
  if (n_outputs != NULL)
    *n_outputs = results->len;

  return values;
}

/**
 * tg_function_call_named_async:
 * @self: a function
 * @inputs: (array length=n_inputs): values of inputs
 * @n_inputs: how many there are
 * @names: (array length=n_names): the names of the inputs that the last values are for; those
 *   before are for the first inputs
 * @n_names: how many there are
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (closure user_data): called when the call is done
 * @user_data: passed to @callback
 *
 * Calls a function as [method@Tg.Function.call_async] does, with values of inputs by their names.
 */
void
tg_function_call_named_async (TgFunction          *self,
                              TgTensor *const     *inputs,
                              gsize                n_inputs,
                              const char *const   *names,
                              gsize                n_names,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_autofree TgTensor **bound = NULL;
  GError *error = NULL;

  g_return_if_fail (TG_IS_FUNCTION (self));
  g_return_if_fail (inputs != NULL || n_inputs == 0);
  g_return_if_fail (names != NULL || n_names == 0);
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  if (n_names == 0)
    {
      tg_function_call_async (self, inputs, n_inputs, cancellable, callback, user_data);
      return;
    }

  bound = tg_function_bind (self, inputs, n_inputs, names, n_names, &error);
  if (bound != NULL)
    tg_function_call_async (self, bound, self->inputs->len, cancellable, callback, user_data);
  else
    g_task_report_error (self, callback, user_data, tg_function_call_named_async, error);
}

/**
 * tg_function_call_named_finish:
 * @self: a function
 * @result: what the callback was given
 * @n_outputs: (out) (optional): return location for the number of outputs
 * @error: return location for an error
 *
 * Gets the results of [method@Tg.Function.call_named_async].
 *
 * Returns: (transfer full) (array length=n_outputs): the values of the outputs, or %NULL with
 *   @error set
 */
TgTensor **
tg_function_call_named_finish (TgFunction    *self,
                               GAsyncResult  *result,
                               gsize         *n_outputs,
                               GError       **error)
{
  return tg_function_call_finish (self, result, n_outputs, error);
}
