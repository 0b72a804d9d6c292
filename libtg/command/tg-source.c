/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-source.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "tg-terminal.h"

static void
unref_preset (gpointer tensor)
{
  g_clear_pointer (&tensor, tg_tensor_unref);
}

void
tg_source_free (TgSource *self)
{
  g_free (self->file);
  g_clear_object (&self->graph);
  g_ptr_array_unref (self->symbols);
  g_ptr_array_unref (self->presets);
  g_ptr_array_unref (self->shared);
  g_ptr_array_unref (self->outputs);
  g_ptr_array_unref (self->labels);
  g_hash_table_unref (self->assumptions);
  g_free (self);
}

static TgSource *
source_new (void)
{
  TgSource *self = g_new0 (TgSource, 1);

  self->symbols = g_ptr_array_new_with_free_func (g_object_unref);
  self->presets = g_ptr_array_new_with_free_func (unref_preset);
  self->shared = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->labels = g_ptr_array_new_with_free_func (g_free);
  self->assumptions = g_hash_table_new_full (NULL, NULL, NULL, g_free);

  return self;
}

static GBytes *
read_standard_input (GError **error)
{
  g_autoptr (GByteArray) contents = g_byte_array_new ();
  guint8 buffer[4096];
  size_t n_read;

  while ((n_read = fread (buffer, 1, sizeof buffer, stdin)) > 0)
    g_byte_array_append (contents, buffer, (guint) n_read);

  if (ferror (stdin))
    {
      int code = errno;

      g_set_error (error, G_FILE_ERROR, (gint) g_file_error_from_errno (code),
                   _("cannot read standard input: %s"), g_strerror (code));
      return NULL;
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&contents));
}

/* The text, or file, that the formula on the command line stands for. */
static GBytes *
read_contents (TgSource    *self,
               const char  *formula,
               GError     **error)
{
  char *contents;
  gsize size;

  if (strcmp (formula, "-") == 0)
    {
      self->file = g_strdup (_("standard input"));
      return read_standard_input (error);
    }

  if (!g_str_has_suffix (formula, ".tg"))
    return g_bytes_new (formula, strlen (formula));

  self->file = g_strdup (formula);

  return g_file_get_contents (formula, &contents, &size, error) ? g_bytes_new_take (contents, size)
                                                                : NULL;
}

/* Makes the symbols that are declared, by the header of a function of them. */
static gboolean
declare (TgSource    *self,
         char       **declarations,
         GError     **error)
{
  g_autofree char *joined = NULL;
  g_autofree char *header = NULL;
  g_autoptr (TgGraph) graph = NULL;

  if (declarations == NULL)
    return TRUE;

  joined = g_strjoinv (", ", declarations);
  header = g_strdup_printf ("f(%s) = 0", joined);
  graph = tg_parse_function (header, error);
  if (graph == NULL)
    {
      tg_terminal_point (error, "--declare", header);
      return FALSE;
    }

  for (guint i = 0; i < tg_graph_get_n_inputs (graph); i++)
    g_ptr_array_add (self->symbols, g_object_ref (tg_graph_get_input (graph, i)));

  return TRUE;
}

static TgVariable *
find_named (GPtrArray  *variables,
            const char *name)
{
  for (guint i = 0; i < variables->len; i++)
    {
      if (g_strcmp0 (tg_variable_get_name (variables->pdata[i]), name) == 0)
        return variables->pdata[i];
    }

  return NULL;
}

static TgVariable *
make_symbol (const char *name,
             GHashTable *values)
{
  TgTensor *value = values != NULL ? g_hash_table_lookup (values, name) : NULL;
  g_autoptr (TgTensorType) type = value != NULL ? tg_tensor_dup_tensor_type (value) : NULL;

  return type != NULL ? tg_variable_new_with_type (name, type)
                      : tg_variable_new (name, TG_DTYPE_FLOAT64, 0);
}

static TgGraph *
parse_expression (TgSource    *self,
                  const char  *text,
                  GHashTable  *values,
                  GError     **error)
{
  g_auto (GStrv) names = tg_parse_names (text, error);
  g_autoptr (TgVariable) output = NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    {
      if (find_named (self->symbols, names[i]) == NULL)
        g_ptr_array_add (self->symbols, make_symbol (names[i], values));
    }

  if (names != NULL)
    output = tg_parse (text, (TgVariable *const *) self->symbols->pdata, self->symbols->len, error);
  if (output == NULL)
    return NULL;

  return tg_graph_new ((TgVariable *const *) self->symbols->pdata, self->symbols->len, &output, 1);
}

static TgGraph *
parse_text (TgSource         *self,
            const TgOptions  *options,
            GBytes           *contents,
            GHashTable       *values,
            GError          **error)
{
  gsize size;
  const char *data = g_bytes_get_data (contents, &size);
  g_autofree char *text = g_strndup (data != NULL ? data : "", size);
  TgGraph *graph;

  self->is_expression = !tg_text_is_function (text);
  if (!self->is_expression && options->declare != NULL)
    {
      g_set_error_literal (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                           _("--declare: a function declares its own variables"));
      return NULL;
    }

  if (!declare (self, options->declare, error))
    return NULL;

  graph = self->is_expression ? parse_expression (self, text, values, error)
                              : tg_parse_function (text, error);
  if (graph == NULL)
    tg_terminal_point (error, self->file, text);

  return graph;
}

static TgFunction *
choose_function (TgFunction  **functions,
                 gsize         n_functions,
                 const char   *name,
                 GError      **error)
{
  g_autoptr (GString) names = g_string_new (NULL);

  for (gsize i = 0; i < n_functions; i++)
    {
      const char *own = tg_function_get_name (functions[i]);

      if (name != NULL ? g_strcmp0 (own, name) == 0 : n_functions == 1)
        return functions[i];

      g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", own != NULL ? own : "");
    }

  if (name != NULL)
    g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                 _("--function: there is no “%s” in the file, but %s"), name, names->str);
  else
    g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                 _("which function is meant? --function=NAME takes one of %s"), names->str);

  return NULL;
}

/* A function by itself, as a graph with all that it updates; its defaults are kept. */
static TgGraph *
take_function (TgSource    *self,
               TgFunction  *function,
               GError     **error)
{
  g_autoptr (GBytes) bytes = tg_function_to_bytes (function, error);

  for (guint i = 0; i < tg_function_get_n_inputs (function); i++)
    {
      TgFunctionInput *input = tg_function_get_input_options (function, i);
      TgSharedVariable *preset = tg_function_input_get_shared (input);

      g_ptr_array_add (self->presets,
                       preset != NULL ? tg_shared_variable_dup_value (preset) : NULL);
    }

  return bytes != NULL ? tg_graph_new_from_bytes (bytes, error) : NULL;
}

static TgGraph *
read_archive (TgSource         *self,
              const TgOptions  *options,
              GBytes           *contents,
              GError          **error)
{
  g_autoptr (TgMode) mode = tg_mode_new_from_string ("reference", error);
  gsize n_functions = 0;
  g_autofree TgFunction **functions = NULL;
  TgFunction *function;
  TgGraph *graph = NULL;

  if (mode != NULL)
    functions = tg_functions_from_bytes (contents, mode, &n_functions, error);
  if (functions == NULL)
    {
      g_prefix_error (error, "%s: ", self->file);
      return NULL;
    }

  function = choose_function (functions, n_functions, options->function, error);
  if (function != NULL)
    graph = take_function (self, function, error);
  for (gsize i = 0; i < n_functions; i++)
    g_object_unref (functions[i]);

  return graph;
}

/* Symbols are the inputs of the graph, then what else it has no value for. */
static void
list_leaves (TgSource *self)
{
  guint n_variables = g_list_model_get_n_items (G_LIST_MODEL (self->graph));

  g_ptr_array_set_size (self->symbols, 0);
  for (guint i = 0; i < tg_graph_get_n_inputs (self->graph); i++)
    g_ptr_array_add (self->symbols, g_object_ref (tg_graph_get_input (self->graph, i)));

  for (guint i = 0; i < n_variables; i++)
    {
      g_autoptr (TgVariable) variable = g_list_model_get_item (G_LIST_MODEL (self->graph), i);
      GPtrArray *leaves = TG_IS_SHARED_VARIABLE (variable) ? self->shared : self->symbols;

      if (tg_variable_get_op (variable) == NULL && !TG_IS_CONSTANT (variable)
          && !g_ptr_array_find (leaves, variable, NULL))
        g_ptr_array_add (leaves, g_steal_pointer (&variable));
    }

  g_ptr_array_set_size (self->presets, (gint) self->symbols->len);
}

static void
list_outputs (TgSource *self)
{
  for (guint i = 0; i < tg_graph_get_n_outputs (self->graph); i++)
    {
      TgVariable *output = tg_graph_get_output (self->graph, i);
      const char *name = tg_variable_get_name (output);

      g_ptr_array_add (self->outputs, g_object_ref (output));
      g_ptr_array_add (self->labels, name != NULL ? g_strdup (name)
                                                  : g_strdup_printf (_("result %u"), i + 1));
    }

  for (guint i = 0; i < tg_graph_get_n_updates (self->graph); i++)
    {
      TgVariable *updated = tg_graph_get_updated (self->graph, i);

      g_ptr_array_add (self->outputs, g_object_ref (tg_graph_get_new_value (self->graph, i)));
      g_ptr_array_add (self->labels,
                       g_strdup_printf (_("new %s"), tg_variable_get_name (updated)));
    }
}

TgSource *
tg_source_new (const TgOptions  *options,
               GHashTable       *values,
               GError          **error)
{
  g_autoptr (TgSource) self = source_new ();
  g_autoptr (GBytes) contents = read_contents (self, options->formula, error);
  gboolean is_archive;
  gsize size;

  if (contents == NULL)
    return NULL;

  is_archive = g_bytes_get_size (contents) >= 2
               && memcmp (g_bytes_get_data (contents, &size), "PK", 2) == 0 && self->file != NULL;
  self->graph = is_archive ? read_archive (self, options, contents, error)
                           : parse_text (self, options, contents, values, error);
  if (self->graph == NULL)
    return NULL;

  list_leaves (self);
  list_outputs (self);

  return tg_source_assume (self, options->assume, error) ? g_steal_pointer (&self) : NULL;
}

TgVariable *
tg_source_find (TgSource    *self,
                const char  *option,
                const char  *name,
                GError     **error)
{
  TgVariable *variable = find_named (self->symbols, name);

  if (variable == NULL)
    variable = find_named (self->shared, name);
  if (variable == NULL)
    g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                 _("--%s: there is no variable “%s” in the formula"), option, name);

  return variable;
}

TgFunction *
tg_source_compile (TgSource         *self,
                   const TgOptions  *options,
                   GPtrArray        *outputs,
                   gboolean          is_written,
                   GError          **error)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgMode) mode = NULL;

  if (is_written)
    mode = tg_mode_new_from_string ("reference", error);
  else if (!tg_options_get_mode (options, &mode, error))
    return NULL;

  tg_function_builder_set_mode (builder, mode);
  tg_function_builder_set_on_unused_input (builder, TG_UNUSED_INPUT_IGNORE);
  tg_function_builder_set_no_default_updates (builder, TRUE);
  for (guint i = 0; i < self->symbols->len; i++)
    tg_function_builder_add_input (builder, self->symbols->pdata[i]);
  for (guint i = 0; i < outputs->len; i++)
    tg_function_builder_add_output (builder, outputs->pdata[i], NULL);

  return tg_function_builder_build (builder, error);
}

GPtrArray *
tg_source_list_computed (TgSource   *self,
                         TgFunction *function)
{
  g_autoptr (TgGraph) graph = tg_function_dup_optimised_graph (function);
  GPtrArray *computed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < tg_graph_get_n_outputs (graph); i++)
    g_ptr_array_add (computed,
                     tg_source_remove_assumptions (self, tg_graph_get_output (graph, i)));

  return computed;
}

char *
tg_source_to_string (TgSource  *self,
                     GPtrArray *outputs)
{
  g_autoptr (TgGraph) graph = NULL;

  if (self->is_expression && outputs->len == 1)
    return tg_variable_to_string (outputs->pdata[0]);

  graph = tg_graph_new ((TgVariable *const *) self->symbols->pdata, self->symbols->len,
                        (TgVariable *const *) outputs->pdata, outputs->len);

  return tg_graph_to_string (graph);
}

GPtrArray *
tg_source_optimise (TgSource         *self,
                    const TgOptions  *options,
                    GPtrArray        *outputs,
                    GError          **error)
{
  g_autoptr (GPtrArray) assumed = tg_source_add_assumptions (self, outputs, error);
  g_autoptr (TgFunction) function = NULL;

  if (assumed != NULL)
    function = tg_source_compile (self, options, assumed, FALSE, error);

  return function != NULL ? tg_source_list_computed (self, function) : NULL;
}
