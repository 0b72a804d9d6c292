/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-function-file.h"

#include "tg-archive-private.h"
#include "tg-error.h"
#include "tg-function-private.h"

/* How a downcast is written. */
static const TgSymbolFlags downcasts[] = {
  [TG_DOWNCAST_WEAK] = 0,
  [TG_DOWNCAST_NEVER] = TG_SYMBOL_LOSSLESS,
  [TG_DOWNCAST_ALWAYS] = TG_SYMBOL_LOSSY,
};

/* A function as it is printed, and what that looks at. */
typedef struct
{
  TgPrintable printable;
  GPtrArray  *inputs;
  GArray     *input_options;
  GArray     *result_options;
} Sketch;

static void
sketch_free (gpointer data)
{
  Sketch *sketch = data;

  g_ptr_array_unref (sketch->inputs);
  g_array_unref (sketch->input_options);
  g_array_unref (sketch->result_options);
  g_free (sketch);
}

static TgPrintInput
sketch_input (const TgFunctionInput *input)
{
  gboolean is_titled = input->name != NULL && g_strcmp0 (input->name, input->variable->name) != 0;

  return (TgPrintInput) {
    .flags = downcasts[input->downcast] | (input->strict ? TG_SYMBOL_STRICT : 0)
             | (input->borrow ? TG_SYMBOL_BORROW : 0) | (input->owns_shared ? TG_SYMBOL_OWN : 0),
    .title = is_titled ? input->name : NULL,
    .preset = (TgVariable *) input->shared,
  };
}

static Sketch *
sketch_new (TgFunction *function)
{
  Sketch *sketch = g_new (Sketch, 1);

  sketch->inputs = g_ptr_array_new ();
  sketch->input_options = g_array_new (FALSE, FALSE, sizeof (TgPrintInput));
  sketch->result_options = g_array_new (FALSE, FALSE, sizeof (TgResult));
  for (guint i = 0; i < function->inputs->len; i++)
    {
      TgFunctionInput *input = function->inputs->pdata[i];
      TgPrintInput options = sketch_input (input);

      g_ptr_array_add (sketch->inputs, input->variable);
      g_array_append_val (sketch->input_options, options);
    }

  for (guint i = 0; i < function->outputs->len; i++)
    {
      TgFunctionOutput *output = &g_array_index (function->outputs, TgFunctionOutput, i);
      TgResult result = { output->name, output->borrow };

      g_array_append_val (sketch->result_options, result);
    }

  sketch->printable = (TgPrintable) {
    .name = function->name,
    .n_inputs = sketch->inputs->len,
    .inputs = (TgVariable *const *) sketch->inputs->pdata,
    .n_outputs = function->source->len,
    .outputs = (TgVariable *const *) function->source->pdata,
    .n_updates = function->updated->len,
    .updated = (TgVariable *const *) function->updated->pdata,
    .input_options = (const TgPrintInput *) (gpointer) sketch->input_options->data,
    .result_options = (const TgResult *) (gpointer) sketch->result_options->data,
  };

  return sketch;
}

/**
 * tg_function_to_string:
 * @self: a function
 *
 * Writes the function in the notation, with all that it updates.
 *
 * It is the function as it was given to be compiled, with givens and default updates in place.
 *
 * Returns: (transfer full): the text
 */
char *
tg_function_to_string (TgFunction *self)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *name = NULL;
  Sketch *sketch;
  char *text;

  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  sketch = sketch_new (self);
  name = tg_print_take_name (names, self->name);
  sketch->printable.name = name;
  sketch->printable.input_options = NULL;
  text = tg_print (&sketch->printable);
  sketch_free (sketch);

  return text;
}

static void
set_up_input (const TgArchived  *archived,
              const TgSymbol    *symbol,
              TgFunctionInput   *input)
{
  const TgExpression *expression = archived->expression;

  input->name = g_strdup (symbol->title);
  input->strict = (symbol->flags & TG_SYMBOL_STRICT) != 0;
  input->borrow = (symbol->flags & TG_SYMBOL_BORROW) != 0;
  input->downcast = symbol->flags & TG_SYMBOL_LOSSLESS ? TG_DOWNCAST_NEVER
                    : symbol->flags & TG_SYMBOL_LOSSY ? TG_DOWNCAST_ALWAYS : TG_DOWNCAST_WEAK;

  for (guint i = 0; symbol->preset != NULL && i < expression->beside->len; i++)
    {
      if (strcmp (g_array_index (expression->beside, TgSymbol, i).name, symbol->preset) != 0)
        continue;

      tg_function_input_set_shared (input, TG_SHARED_VARIABLE (archived->beside->pdata[i]));
      input->owns_shared = (symbol->flags & TG_SYMBOL_OWN) != 0;
    }
}

static void
add_parts (const TgArchived  *archived,
           TgFunctionBuilder *builder)
{
  const TgExpression *expression = archived->expression;
  guint n_results = expression->results->len;

  for (guint i = 0; i < archived->inputs->len; i++)
    {
      g_autoptr (TgFunctionInput) input = tg_function_input_new (archived->inputs->pdata[i]);

      set_up_input (archived, &g_array_index (expression->parameters, TgSymbol, i), input);
      tg_function_builder_add_input_options (builder, input);
    }

  for (guint i = 0; i < n_results; i++)
    {
      const TgResult *result = &g_array_index (expression->results, TgResult, i);

      if (result->borrow)
        tg_function_builder_add_borrowed_output (builder, archived->outputs->pdata[i],
                                                 result->name);
      else
        tg_function_builder_add_output (builder, archived->outputs->pdata[i], result->name);
    }

  for (guint i = 0; i < expression->updates->len; i++)
    {
      guint beside = g_array_index (expression->updates, guint, i);

      tg_function_builder_add_update (builder, archived->beside->pdata[beside],
                                      archived->outputs->pdata[n_results + i]);
    }
}

/* Compiles a text; what is wrong with it as a whole has the place of its beginning. */
static TgFunction *
make_function (TgArchive  *archive,
               guint       index,
               TgMode     *mode,
               GError    **error)
{
  g_auto (TgArchived) archived = { NULL, };
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  TgFunction *function;

  if (!tg_archive_build (archive, index, &archived, error))
    return NULL;

  tg_function_builder_set_name (builder, archived.expression->label != NULL
                                           ? archived.expression->label
                                           : archived.expression->name);
  tg_function_builder_set_mode (builder, mode);
  tg_function_builder_set_on_unused_input (builder, TG_UNUSED_INPUT_IGNORE);
  tg_function_builder_set_no_default_updates (builder, TRUE);
  add_parts (&archived, builder);
  function = tg_function_builder_build (builder, error);
  if (function == NULL)
    g_prefix_error (error, "%s:1:1: ", tg_archive_get_name (archive, index));

  return function;
}

/**
 * tg_functions_from_bytes:
 * @bytes: the contents of a .tg file
 * @mode: (nullable): how to compile and run, or %NULL for the default
 * @n_functions: (out): return location for the number of functions
 * @error: return location for a [error@Tg.ParseError], [error@Tg.FileError] or
 *   [error@Tg.CompileError]
 *
 * Reads functions from memory that holds what [func@Tg.save_functions] writes, and compiles them.
 *
 * What they shared when they were saved they share again. Nothing in a file is ever executed while
 * it is read. Messages have the place of the mistake: line and column of a text, or the byte at
 * which a part of the file begins.
 *
 * Returns: (array length=n_functions) (transfer full): new functions, in the order of the file
 */
TgFunction **
tg_functions_from_bytes (GBytes  *bytes,
                         TgMode  *mode,
                         gsize   *n_functions,
                         GError **error)
{
  g_autoptr (GPtrArray) functions = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgArchive) archive = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (mode == NULL || TG_IS_MODE (mode), NULL);
  g_return_val_if_fail (n_functions != NULL, NULL);

  archive = tg_archive_new (bytes, error);
  if (archive == NULL)
    return NULL;

  for (guint i = 0; i < tg_archive_get_n_texts (archive); i++)
    {
      TgFunction *function = make_function (archive, i, mode, error);

      if (function == NULL)
        return NULL;

      g_ptr_array_add (functions, function);
    }

  if (!tg_archive_check_values (archive, error))
    return NULL;

  *n_functions = functions->len;
  g_ptr_array_add (functions, NULL);

  return (TgFunction **) g_ptr_array_steal (functions, NULL);
}

/**
 * tg_load_functions:
 * @path: (type filename): a .tg file
 * @mode: (nullable): how to compile and run, or %NULL for the default
 * @n_functions: (out): return location for the number of functions
 * @error: return location for a [error@Tg.ParseError], [error@Tg.FileError],
 *   [error@Tg.CompileError] or [error@GLib.FileError]
 *
 * Reads all functions of a file; see [func@Tg.functions_from_bytes].
 *
 * Returns: (array length=n_functions) (transfer full): new functions, in the order of the file
 */
TgFunction **
tg_load_functions (const char  *path,
                   TgMode      *mode,
                   gsize       *n_functions,
                   GError     **error)
{
  g_autoptr (GBytes) bytes = NULL;
  TgFunction **functions;

  g_return_val_if_fail (path != NULL, NULL);
  g_return_val_if_fail (n_functions != NULL, NULL);

  bytes = tg_archive_load (path, error);
  if (bytes == NULL)
    return NULL;

  functions = tg_functions_from_bytes (bytes, mode, n_functions, error);
  if (functions == NULL)
    g_prefix_error (error, "%s: ", path);

  return functions;
}

/* The function of a file that has but one. */
static TgFunction *
take_single (TgFunction **functions,
             gsize        n_functions,
             GError     **error)
{
  g_autoptr (GPtrArray) owned = g_ptr_array_new_with_free_func (g_object_unref);

  for (gsize i = 0; functions != NULL && i < n_functions; i++)
    g_ptr_array_add (owned, functions[i]);
  g_free (functions);

  if (owned->len == 1)
    return g_object_ref (owned->pdata[0]);

  if (owned->len > 1)
    g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                 "byte 0: the file has %u functions and not one", owned->len);

  return NULL;
}

/**
 * tg_function_new_from_bytes:
 * @bytes: the contents of a .tg file of one function
 * @mode: (nullable): how to compile and run, or %NULL for the default
 * @error: return location for a [error@Tg.ParseError], [error@Tg.FileError] or
 *   [error@Tg.CompileError]
 *
 * Reads a function from memory, and compiles it; see [func@Tg.functions_from_bytes].
 *
 * Returns: (transfer full): a new function
 */
TgFunction *
tg_function_new_from_bytes (GBytes  *bytes,
                            TgMode  *mode,
                            GError **error)
{
  TgFunction **functions;
  gsize n_functions = 0;

  g_return_val_if_fail (bytes != NULL, NULL);

  functions = tg_functions_from_bytes (bytes, mode, &n_functions, error);

  return take_single (functions, n_functions, error);
}

/**
 * tg_function_load:
 * @path: (type filename): a .tg file of one function
 * @mode: (nullable): how to compile and run, or %NULL for the default
 * @error: return location for a [error@Tg.ParseError], [error@Tg.FileError],
 *   [error@Tg.CompileError] or [error@GLib.FileError]
 *
 * Reads a function that [method@Tg.Function.save] wrote, and compiles it.
 *
 * It has the same inputs with their options, outputs and updates, and shared variables of its own,
 * with the values that were saved.
 *
 * Returns: (transfer full): a new function
 */
TgFunction *
tg_function_load (const char  *path,
                  TgMode      *mode,
                  GError     **error)
{
  TgFunction **functions;
  gsize n_functions = 0;

  g_return_val_if_fail (path != NULL, NULL);

  functions = tg_load_functions (path, mode, &n_functions, error);

  return take_single (functions, n_functions, error);
}

/**
 * tg_functions_to_bytes:
 * @functions: (array length=n_functions): functions
 * @n_functions: how many there are
 * @error: return location for a [error@Tg.CompileError] or [error@Tg.RunError]
 *
 * Writes functions to memory as [func@Tg.save_functions] does to a file.
 *
 * Returns: (transfer full): the contents of a .tg file
 */
GBytes *
tg_functions_to_bytes (TgFunction *const  *functions,
                       gsize               n_functions,
                       GError            **error)
{
  g_autoptr (TgArchiveWriter) writer = tg_archive_writer_new ();
  g_autoptr (GPtrArray) sketches = g_ptr_array_new_with_free_func (sketch_free);

  g_return_val_if_fail (functions != NULL || n_functions == 0, NULL);

  for (gsize i = 0; i < n_functions; i++)
    {
      Sketch *sketch;

      g_return_val_if_fail (TG_IS_FUNCTION (functions[i]), NULL);

      sketch = sketch_new (functions[i]);
      g_ptr_array_add (sketches, sketch);
      if (!tg_archive_writer_collect (writer, &sketch->printable, error))
        return NULL;
    }

  for (guint i = 0; i < sketches->len; i++)
    tg_archive_writer_add (writer, ((Sketch *) sketches->pdata[i])->printable);

  return tg_archive_writer_finish (writer, error);
}

/**
 * tg_save_functions:
 * @path: (type filename): where to write; a file that is there already is replaced
 * @functions: (array length=n_functions): functions
 * @n_functions: how many there are
 * @error: return location for a [error@Tg.RunError] or [error@GLib.FileError]
 *
 * Writes functions to a .tg file: a ZIP archive of their texts in the notation, and of the values
 * of shared variables and large constants as .npy files.
 *
 * A shared variable of several functions is one when they are loaded: a function that trains and
 * one that predicts go on sharing their weights. Values are those of one moment.
 *
 * Returns: whether the file was written
 */
gboolean
tg_save_functions (const char         *path,
                   TgFunction *const  *functions,
                   gsize               n_functions,
                   GError            **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (path != NULL, FALSE);

  bytes = tg_functions_to_bytes (functions, n_functions, error);

  return bytes != NULL && tg_archive_save (bytes, path, error);
}

/**
 * tg_function_to_bytes:
 * @self: a function
 * @error: return location for a [error@Tg.RunError]
 *
 * Writes a function to memory as [method@Tg.Function.save] does to a file.
 *
 * Returns: (transfer full): the contents of a .tg file
 */
GBytes *
tg_function_to_bytes (TgFunction  *self,
                      GError     **error)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), NULL);

  return tg_functions_to_bytes (&self, 1, error);
}

/**
 * tg_function_save:
 * @self: a function
 * @path: (type filename): where to write it; a file that is there already is replaced
 * @error: return location for a [error@Tg.RunError] or [error@GLib.FileError]
 *
 * Writes a function to a .tg file; see [func@Tg.save_functions].
 *
 * It is the function as it was given to be compiled, not as it was optimised.
 *
 * Returns: whether the file was written
 */
gboolean
tg_function_save (TgFunction  *self,
                  const char  *path,
                  GError     **error)
{
  g_return_val_if_fail (TG_IS_FUNCTION (self), FALSE);

  return tg_save_functions (path, &self, 1, error);
}
