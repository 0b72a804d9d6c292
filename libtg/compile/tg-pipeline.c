/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-pipeline-private.h"

#include <errno.h>
#include <glib/gstdio.h>

#include "tg-apply-values-private.h"
#include "tg-debug-private.h"
#include "tg-error.h"
#include "tg-print-private.h"
#include "tg-rewrite-private.h"
#include "tg-traverse-private.h"

typedef struct
{
  const char *name;
  gboolean (* run) (TgCompilation *compilation, GError **error);
  const char *contract;
} TgPass;

static gboolean
check_inputs (TgCompilation *compilation,
              GError       **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < compilation->inputs->len; i++)
    {
      TgVariable *input = compilation->inputs->pdata[i];
      g_autofree char *text = tg_variable_describe (input, input->type);

      if (TG_IS_CONSTANT (input) || TG_IS_SHARED_VARIABLE (input))
        {
          g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_INPUT,
                       "%s cannot be an input: it is %s", text,
                       TG_IS_CONSTANT (input) ? "a constant" : "shared; use givens");
          return FALSE;
        }

      if (!g_hash_table_add (seen, input))
        {
          g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_INPUT, "%s is an input twice",
                       text);
          return FALSE;
        }
    }

  return TRUE;
}

static gboolean
check_update (TgVariable  *shared,
              TgVariable  *value,
              GError     **error)
{
  g_autofree char *name = tg_variable_describe (shared, shared->type);
  g_autofree char *type = tg_tensor_type_to_string (value->type);
  const char *problem = NULL;

  if (!TG_IS_SHARED_VARIABLE (shared))
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UPDATE,
                   "%s cannot be updated: it is not shared", name);
      return FALSE;
    }

  if (value->type->dtype != shared->type->dtype)
    problem = "dtype";
  else if (value->type->ndim != shared->type->ndim)
    problem = "number of dimensions";
  else if (!tg_shape_is_compatible (value->type->shape, shared->type->shape, value->type->ndim))
    problem = "shape";

  if (problem == NULL)
    return TRUE;

  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UPDATE,
               "%s cannot be updated by a value of type %s: the %s differs", name, type, problem);

  return FALSE;
}

static gboolean
check_updates (TgCompilation *compilation,
               GError       **error)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n_results = compilation->outputs->len - compilation->updated->len;

  for (guint i = 0; i < compilation->updated->len; i++)
    {
      TgVariable *shared = compilation->updated->pdata[i];

      if (!check_update (shared, compilation->outputs->pdata[n_results + i], error))
        return FALSE;

      if (!g_hash_table_add (seen, shared))
        {
          g_autofree char *name = tg_variable_describe (shared, shared->type);

          g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UPDATE, "%s is updated twice",
                       name);
          return FALSE;
        }
    }

  return TRUE;
}

/* A weak number as a new value takes the dtype of the shared variable, if its kind allows. */
static void
strengthen_updates (TgCompilation *compilation)
{
  guint n_results = compilation->outputs->len - compilation->updated->len;

  for (guint i = 0; i < compilation->updated->len; i++)
    {
      TgVariable *shared = compilation->updated->pdata[i];
      gpointer *value = &compilation->outputs->pdata[n_results + i];
      TgVariable *weak = *value;
      TgVariable *strong;

      if (!weak->weak || tg_dtype_get_kind (weak->type->dtype)
                           > tg_dtype_get_kind (shared->type->dtype))
        continue;

      strong = tg_variable_new_apply (TG_OP_ASTYPE, &weak, 1,
                                      (GVariant *[]) {
                                        g_variant_new_string (
                                          tg_dtype_get_symbol (shared->type->dtype)) },
                                      NULL);
      g_object_unref (weak);
      *value = strong;
    }
}

static gboolean
check (TgCompilation *compilation,
       GError       **error)
{
  strengthen_updates (compilation);

  return check_inputs (compilation, error) && check_updates (compilation, error);
}

static gboolean
replace (TgCompilation *compilation,
         GError       **error)
{
  g_autoptr (GHashTable) replacements = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) before = NULL;

  for (guint i = 0; i < compilation->givens->len; i += 2)
    {
      TgVariable *variable = compilation->givens->pdata[i];
      TgVariable *replacement = compilation->givens->pdata[i + 1];

      if (variable->type->dtype != replacement->type->dtype
          || variable->type->ndim != replacement->type->ndim
          || !tg_shape_is_compatible (variable->type->shape, replacement->type->shape,
                                      variable->type->ndim))
        {
          g_autofree char *from = tg_variable_describe (variable, variable->type);
          g_autofree char *to = tg_variable_describe (replacement, replacement->type);

          g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_GIVEN,
                       "%s cannot be replaced by %s: the types differ", from, to);
          return FALSE;
        }

      g_hash_table_insert (replacements, variable, replacement);
    }

  before = compilation->outputs;
  compilation->outputs = tg_substitute ((TgVariable *const *) before->pdata, before->len,
                                        replacements, error);
  if (compilation->outputs != NULL)
    return TRUE;

  compilation->outputs = g_steal_pointer (&before);

  return FALSE;
}

/* Shared variables that have a default update, such as the states of random streams, get it unless
 * the person said what becomes of them.  An update may need further ones. */
static gboolean
add_default_updates (TgCompilation *compilation,
                     GError       **error)
{
  g_autoptr (GHashTable) updated = g_hash_table_new (NULL, NULL);
  guint n_before;

  if (compilation->no_default_updates)
    return TRUE;

  for (guint i = 0; i < compilation->updated->len; i++)
    g_hash_table_add (updated, compilation->updated->pdata[i]);
  for (guint i = 0; i < compilation->not_updated->len; i++)
    g_hash_table_add (updated, compilation->not_updated->pdata[i]);

  do
    {
      g_autoptr (GPtrArray) order = tg_traverse ((TgVariable *const *) compilation->outputs->pdata,
                                                 compilation->outputs->len, NULL);

      n_before = compilation->updated->len;
      for (guint i = 0; i < order->len; i++)
        {
          TgVariable *variable = order->pdata[i];
          g_autoptr (GHashTable) replacement = NULL;
          g_autoptr (GPtrArray) update = NULL;
          TgSharedVariable *shared;

          if (!TG_IS_SHARED_VARIABLE (variable))
            continue;

          shared = TG_SHARED_VARIABLE (variable);
          if (shared->default_update == NULL || !g_hash_table_add (updated, variable))
            continue;

          replacement = g_hash_table_new (NULL, NULL);
          g_hash_table_insert (replacement, shared->default_argument, variable);
          update = tg_substitute (&shared->default_update, 1, replacement, error);
          if (update == NULL)
            return FALSE;

          g_ptr_array_add (compilation->updated, g_object_ref (variable));
          g_ptr_array_add (compilation->outputs, g_object_ref (update->pdata[0]));
        }
    }
  while (compilation->updated->len > n_before);

  return TRUE;
}

static GHashTable *
make_set (GPtrArray *variables)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < variables->len; i++)
    g_hash_table_add (set, variables->pdata[i]);

  return set;
}

static gboolean
is_symbol (TgVariable *variable)
{
  return variable->op == NULL && !TG_IS_CONSTANT (variable) && !TG_IS_SHARED_VARIABLE (variable);
}

static gboolean
report_unused (TgCompilation *compilation,
               TgVariable    *input,
               GError       **error)
{
  g_autofree char *text = tg_variable_describe (input, input->type);

  if (compilation->on_unused_input == TG_UNUSED_INPUT_RAISE)
    {
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_UNUSED,
                   "the input %s is not used by any output or update", text);
      return FALSE;
    }

  if (compilation->on_unused_input == TG_UNUSED_INPUT_WARN)
    g_warning ("%s: the input %s is not used by any output or update", compilation->name, text);

  return TRUE;
}

/* Of what is written: what is computed may need less. */
static gboolean
check_use (TgCompilation *compilation,
           GError       **error)
{
  g_autoptr (GHashTable) inputs = make_set (compilation->inputs);
  g_autoptr (GPtrArray) order = tg_traverse (
    (TgVariable *const *) compilation->outputs->pdata, compilation->outputs->len, inputs);
  g_autoptr (GHashTable) used = make_set (order);

  for (guint i = 0; i < order->len; i++)
    {
      if (is_symbol (order->pdata[i]) && !g_hash_table_contains (inputs, order->pdata[i]))
        return tg_program_fail_missing (order->pdata[i], error);
    }

  for (guint i = 0; i < compilation->inputs->len; i++)
    {
      if (!g_hash_table_contains (used, compilation->inputs->pdata[i])
          && !report_unused (compilation, compilation->inputs->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
rewrite (TgCompilation *compilation,
         GError       **error)
{
  const TgMode *mode = compilation->mode;
  g_autoptr (GHashTable) stops = make_set (compilation->inputs);
  const TgRewriteOptions options = {
    .promises = mode->promises,
    .excluded = mode->excluded,
    .rules = mode->rules,
    .stops = stops,
    .is_final = TRUE,
    .is_thorough = mode->accuracy == TG_ACCURACY_HIGH,
    .evaluate = tg_apply_values,
    .cancellable = compilation->cancellable,
    .report = compilation->report,
    .report_data = compilation->report_data,
  };

  compilation->source = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < compilation->outputs->len; i++)
    g_ptr_array_add (compilation->source, g_object_ref (compilation->outputs->pdata[i]));

  compilation->trace = tg_trace_new ((TgVariable *const *) compilation->inputs->pdata,
                                     compilation->inputs->len,
                                     (TgVariable *const *) compilation->outputs->pdata,
                                     compilation->outputs->len);

  return tg_rewrite (compilation->outputs, &options, compilation->trace, error);
}

static gboolean
order (TgCompilation *compilation,
       GError       **error)
{
  compilation->program = tg_program_new ((TgVariable *const *) compilation->inputs->pdata,
                                         compilation->inputs->len,
                                         (TgVariable *const *) compilation->outputs->pdata,
                                         compilation->outputs->len, error);

  return compilation->program != NULL;
}

static gboolean
release (TgCompilation *compilation,
         GError       **error G_GNUC_UNUSED)
{
  tg_program_find_last_uses (compilation->program);

  return TRUE;
}

/* All that happens between what a person wrote and a program that runs, in this order. */
static const TgPass passes[] = {
  { "check", check, "inputs and updates are such that a program can be made" },
  { "replace", replace, "applies the givens; keeps types" },
  { "default-updates", add_default_updates, "gives random states and their like new values" },
  { "use", check_use, "nothing is missing, and no input unused unless a person does not mind" },
  { "rewrite", rewrite, "keeps types; applies the rules that the mode allows" },
  { "order", order, "makes a program of the graph; fails where an input is missing" },
  { "release", release, "needs a program; knows when each value is used last" },
};

static void
dump (const TgCompilation *compilation,
      guint                number,
      const char          *pass)
{
  const char *folder = tg_debug_get_dump_folder ();
  g_autofree char *file = NULL;
  g_autofree char *path = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (folder == NULL)
    return;

  file = g_strdup_printf ("%s-%02u-%s.tg", compilation->name, number, pass);
  path = g_build_filename (folder, g_strdelimit (file, "/", '_'), NULL);
  text = tg_print (&(TgPrintable) {
    .name = "f",
    .n_inputs = compilation->inputs->len,
    .inputs = (TgVariable *const *) compilation->inputs->pdata,
    .n_outputs = compilation->outputs->len,
    .outputs = (TgVariable *const *) compilation->outputs->pdata,
    .n_updates = compilation->updated->len,
    .updated = (TgVariable *const *) compilation->updated->pdata,
  });

  if (g_mkdir_with_parents (folder, 0777) != 0
      || !g_file_set_contents (path, text, -1, &error))
    g_warning ("TG_DUMP: %s", error != NULL ? error->message : g_strerror (errno));
}

gboolean
tg_pipeline_run (TgCompilation *compilation,
                 GError       **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (passes); i++)
    {
      if (!tg_rewrite_check_cancelled (compilation->cancellable, error)
          || !passes[i].run (compilation, error))
        return FALSE;

      TG_NOTE (COMPILE, "%s: %s: %s\n", compilation->name, passes[i].name, passes[i].contract);
      dump (compilation, i, passes[i].name);
      if ((compilation->mode->check || tg_debug_enabled (TG_DEBUG_CHECK))
          && compilation->program != NULL
          && !tg_program_verify (compilation->program, error))
        return FALSE;
    }

  return TRUE;
}
