/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-builder-private.h"

#include "tg-error.h"
#include "tg-graph-private.h"
#include "tg-test-value-private.h"

/* How a builder makes functions, at once or in another thread. */

static GPtrArray *
copy_array (GPtrArray *array)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < array->len; i++)
    g_ptr_array_add (copy, g_object_ref (array->pdata[i]));

  return copy;
}

static GArray *
copy_outputs (GArray *before)
{
  GArray *outputs = tg_function_outputs_new ();

  for (guint i = 0; i < before->len; i++)
    {
      const TgFunctionOutput *output = &g_array_index (before, TgFunctionOutput, i);

      tg_function_outputs_add (outputs, output->name, output->borrow);
    }

  return outputs;
}

/* The inputs as the function keeps them. */
static GPtrArray *
freeze_inputs (TgFunctionBuilder *self,
               GError           **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->inputs->len; i++)
    {
      TgFunctionInput *input = tg_function_input_freeze (self->inputs->pdata[i], error);

      if (input == NULL)
        return NULL;

      if (g_hash_table_contains (self->plain, self->inputs->pdata[i]))
        input->downcast = self->downcast;

      g_ptr_array_add (inputs, input);
    }

  return g_steal_pointer (&inputs);
}

/* What a builder was told until now, so that it may be told more while a function is made. */
typedef struct
{
  char          *name;
  TgMode        *mode;
  GPtrArray     *inputs;      /* TgFunctionInput */
  GArray        *outputs;     /* TgFunctionOutput */
  TgGraph       *graph;
  TgCompilation  compilation;

  TgFunctionBuilder *builder; /* which is told of progress; not owned */
  GTask             *task;    /* whose main context hears of it; NULL for this thread; not owned */
  int                percent; /* that were told of */
} Build;

/* Hands the parts to the compiler: results, then new values of shared variables and of defaults. */
static void
begin_compilation (TgFunctionBuilder *self,
                   const char        *name,
                   TgMode            *mode,
                   GPtrArray         *inputs,
                   TgCompilation     *compilation)
{
  *compilation = (TgCompilation) {
    .name = name,
    .mode = mode,
    .on_unused_input = self->on_unused_input,
    .inputs = g_ptr_array_new_with_free_func (g_object_unref),
    .outputs = copy_array (self->outputs),
    .updated = copy_array (self->updated),
    .givens = copy_array (self->givens),
    .not_updated = copy_array (self->not_updated),
    .no_default_updates = self->no_default_updates,
  };

  for (guint i = 0; i < self->values->len; i++)
    g_ptr_array_add (compilation->outputs, g_object_ref (self->values->pdata[i]));

  for (guint i = 0; i < inputs->len; i++)
    {
      TgFunctionInput *input = inputs->pdata[i];

      g_ptr_array_add (compilation->inputs, g_object_ref (input->variable));
      if (input->update != NULL)
        {
          g_ptr_array_add (compilation->updated, g_object_ref (input->shared));
          g_ptr_array_add (compilation->outputs, g_object_ref (input->update));
        }
    }
}

static void
end_compilation (TgCompilation *compilation)
{
  g_clear_pointer (&compilation->program, tg_program_free);
  g_clear_object (&compilation->trace);
  g_clear_pointer (&compilation->source, g_ptr_array_unref);
  g_ptr_array_unref (compilation->inputs);
  g_ptr_array_unref (compilation->outputs);
  g_ptr_array_unref (compilation->updated);
  g_ptr_array_unref (compilation->givens);
  g_ptr_array_unref (compilation->not_updated);
}

static void
build_free (gpointer data)
{
  Build *self = data;

  end_compilation (&self->compilation);
  g_ptr_array_unref (self->inputs);
  g_array_unref (self->outputs);
  g_object_unref (self->graph);
  g_object_unref (self->mode);
  g_free (self->name);
  g_free (self);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Build, build_free)

/* Progress on its way to the thread that asked for the function. */
typedef struct
{
  TgFunctionBuilder *builder;
  double             fraction;
} Progress;

static void
progress_free (gpointer data)
{
  Progress *self = data;

  g_object_unref (self->builder);
  g_free (self);
}

static gboolean
show_progress (gpointer data)
{
  Progress *self = data;

  tg_function_builder_set_progress (self->builder, self->fraction);

  return G_SOURCE_REMOVE;
}

static void
report (gpointer data,
        double   fraction)
{
  Build *self = data;
  int percent = (int) (100 * fraction);
  Progress *progress;

  if (percent <= self->percent
      || g_cancellable_is_cancelled (self->compilation.cancellable))
    return;

  self->percent = percent;
  if (self->task == NULL)
    {
      tg_function_builder_set_progress (self->builder, fraction);
      return;
    }

  progress = g_new (Progress, 1);
  progress->builder = g_object_ref (self->builder);
  progress->fraction = fraction;
  g_main_context_invoke_full (g_task_get_context (self->task), g_task_get_priority (self->task),
                              show_progress, progress, progress_free);
}

/* NULL where something is missing, or no input of a function. */
static Build *
build_new (TgFunctionBuilder  *self,
           GCancellable       *cancellable,
           GError            **error)
{
  const char *name = self->name != NULL ? self->name : "function";
  g_autoptr (GPtrArray) inputs = NULL;
  Build *build;

  if (self->missing != NULL)
    g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MISSING, "%s is NULL", self->missing);
  else
    inputs = freeze_inputs (self, error);

  if (inputs == NULL)
    {
      g_prefix_error (error, "%s: ", name);
      return NULL;
    }

  build = g_new0 (Build, 1);
  build->builder = self;
  build->name = g_strdup (name);
  build->mode = tg_mode_copy (self->mode);
  build->inputs = g_steal_pointer (&inputs);
  build->outputs = copy_outputs (self->output_options);
  begin_compilation (self, build->name, build->mode, build->inputs, &build->compilation);
  build->graph = tg_graph_new_named ("f",
                                     (TgVariable *const *) build->compilation.inputs->pdata,
                                     build->compilation.inputs->len,
                                     (TgVariable *const *) self->outputs->pdata,
                                     self->outputs->len);
  build->compilation.cancellable = cancellable;
  build->compilation.report = report;
  build->compilation.report_data = build;

  return build;
}

static TgFunction *
build_run (Build   *self,
           GError **error)
{
  const TgTestEvaluator *evaluator = tg_test_values_get_evaluator ();
  TgCompilation *compilation = &self->compilation;
  TgFunction *function = NULL;

  tg_test_values_set_evaluator (NULL); /* what passes make is no person's */
  if (tg_pipeline_run (compilation, error))
    function = tg_function_new_from_program (self->name, self->mode, self->graph,
                                             compilation->source, compilation->trace,
                                             self->inputs, self->outputs, compilation->updated,
                                             g_steal_pointer (&compilation->program));
  tg_test_values_set_evaluator (evaluator);

  if (function != NULL)
    report (self, 1);
  else
    g_prefix_error (error, "%s: ", self->name);

  return function;
}

/**
 * tg_function_builder_build:
 * @self: a builder
 * @error: return location for an error
 *
 * Makes the function.
 *
 * The thread's current cancellable, see [method@Gio.Cancellable.push_current], is looked at between
 * the steps of the optimiser.
 *
 * Returns: (transfer full): a new function, or %NULL with @error set
 */
TgFunction *
tg_function_builder_build (TgFunctionBuilder *self,
                           GError           **error)
{
  g_autoptr (Build) build = NULL;

  g_return_val_if_fail (TG_IS_FUNCTION_BUILDER (self), NULL);

  tg_function_builder_set_progress (self, 0);
  build = build_new (self, g_cancellable_get_current (), error);

  return build != NULL ? build_run (build, error) : NULL;
}

static void
build_in_thread (GTask        *task,
                 gpointer      source G_GNUC_UNUSED,
                 gpointer      build,
                 GCancellable *cancellable G_GNUC_UNUSED)
{
  GError *error = NULL;
  TgFunction *function = build_run (build, &error);

  if (function != NULL)
    g_task_return_pointer (task, function, g_object_unref);
  else
    g_task_return_error (task, error);
}

/**
 * tg_function_builder_build_async:
 * @self: a builder
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async) (closure user_data): called when the function is made
 * @user_data: passed to @callback
 *
 * Makes the function in another thread, and calls @callback in the thread-default main context of
 * this one.
 *
 * The function is made of what the builder was told before; it may be told more at once.
 * [property@Tg.FunctionBuilder:progress] tells how far it is, in that main context too, and
 * @cancellable is looked at between the steps of the optimiser: one that is cancelled makes it fail
 * with [error@Gio.IOErrorEnum.CANCELLED].
 */
void
tg_function_builder_build_async (TgFunctionBuilder   *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  GError *error = NULL;
  Build *build;

  g_return_if_fail (TG_IS_FUNCTION_BUILDER (self));
  g_return_if_fail (cancellable == NULL || G_IS_CANCELLABLE (cancellable));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tg_function_builder_build_async);
  g_task_set_check_cancellable (task, FALSE);
  tg_function_builder_set_progress (self, 0);

  build = build_new (self, cancellable, &error);
  if (build == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  build->task = task;
  g_task_set_task_data (task, build, build_free);
  g_task_run_in_thread (task, build_in_thread);
}

/**
 * tg_function_builder_build_finish:
 * @self: a builder
 * @result: what the callback was given
 * @error: return location for an error
 *
 * Gets the function of [method@Tg.FunctionBuilder.build_async].
 *
 * Returns: (transfer full): a new function, or %NULL with @error set
 */
TgFunction *
tg_function_builder_build_finish (TgFunctionBuilder  *self,
                                  GAsyncResult       *result,
                                  GError            **error)
{
  g_return_val_if_fail (TG_IS_FUNCTION_BUILDER (self), NULL);
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
