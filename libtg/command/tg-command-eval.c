/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <math.h>
#include <string.h>

#include "tg-source.h"
#include "tg-terminal.h"

static TgTensor *
read_value (const char  *text,
            GError     **error)
{
  g_autoptr (TgVariable) value = NULL;
  TgTensor *tensor = NULL;

  if (text[0] == '@')
    return tg_tensor_load (text + 1, error);

  value = tg_parse (text, NULL, 0, error);
  if (value != NULL)
    tensor = tg_variable_eval (value, NULL, 0, NULL, 0, error);
  if (tensor == NULL)
    tg_terminal_point (error, "--set", text);

  return tensor;
}

/* Whole numbers that are written out may be any, so symbols of them are of f64. */
static TgTensor *
read_untyped (const char  *text,
              GError     **error)
{
  g_autoptr (TgTensor) value = read_value (text, error);
  TgDType dtype = value != NULL ? tg_tensor_get_dtype (value) : TG_DTYPE_BOOL;

  if (value == NULL || text[0] == '@' || dtype == TG_DTYPE_BOOL || dtype >= TG_DTYPE_FLOAT16)
    return g_steal_pointer (&value);

  return tg_tensor_astype (value, TG_DTYPE_FLOAT64, error);
}

static GHashTable *
read_values (char   **settings,
             GError **error)
{
  g_autoptr (GHashTable) values = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                                         (GDestroyNotify) tg_tensor_unref);

  for (guint i = 0; settings != NULL && settings[i] != NULL; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *text = NULL;
      TgTensor *value;

      if (!tg_options_split ("set", settings[i], &name, &text, error))
        return NULL;

      value = read_untyped (text, error);
      if (value == NULL)
        return NULL;
      g_hash_table_replace (values, g_steal_pointer (&name), value);
    }

  return g_steal_pointer (&values);
}

/* Booleans, integers, floats, complex numbers. */
static int
get_kind (TgDType dtype)
{
  return (dtype > TG_DTYPE_BOOL) + (dtype >= TG_DTYPE_FLOAT16) + (dtype >= TG_DTYPE_COMPLEX64);
}

/* A value as a variable takes it: floats are rounded to its dtype, but nothing else is lost. */
static TgTensor *
convert (TgTensor    *value,
         TgVariable  *variable,
         GError     **error)
{
  TgDType from = tg_tensor_get_dtype (value);
  TgDType to = tg_variable_get_dtype (variable);
  g_autoptr (TgTensor) converted = NULL;
  g_autoptr (TgTensor) back = NULL;

  if (from == to)
    return tg_tensor_ref (value);

  converted = tg_tensor_astype (value, to, error);
  if (converted == NULL)
    return NULL;

  if (get_kind (to) != get_kind (from) || get_kind (to) < 2)
    back = tg_tensor_astype (converted, from, error);
  if (back == NULL || tg_tensor_equal (back, value) || (get_kind (from) < 2 && get_kind (to) >= 2))
    return g_steal_pointer (&converted);

  g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
               _("--set: %s is of %s, which cannot take a value of %s without loss"),
               tg_variable_get_name (variable), tg_dtype_get_name (to), tg_dtype_get_name (from));

  return NULL;
}

/* The arguments of a call, in the order of the symbols. */
static GPtrArray *
bind (TgSource    *source,
      GHashTable  *values,
      GError     **error)
{
  g_autoptr (GPtrArray) arguments =
    g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  for (guint i = 0; i < source->symbols->len; i++)
    {
      const char *name = tg_variable_get_name (source->symbols->pdata[i]);
      TgTensor *value = name != NULL ? g_hash_table_lookup (values, name) : NULL;

      if (value != NULL)
        value = convert (value, source->symbols->pdata[i], error);
      else if (source->presets->pdata[i] != NULL)
        value = tg_tensor_ref (source->presets->pdata[i]);
      else
        g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                     _("%s has no value: give it one with --set %s=…"), name, name);

      if (value == NULL)
        return NULL;
      g_ptr_array_add (arguments, value);
    }

  return g_steal_pointer (&arguments);
}

/* Sets shared variables; what is no variable at all is a mistake. */
static gboolean
set_shared (TgSource    *source,
            GHashTable  *values,
            GError     **error)
{
  GHashTableIter iter;
  gpointer name, value;

  g_hash_table_iter_init (&iter, values);
  while (g_hash_table_iter_next (&iter, &name, &value))
    {
      TgVariable *variable = tg_source_find (source, "set", name, error);
      g_autoptr (TgTensor) converted = NULL;

      if (variable == NULL)
        return FALSE;

      if (!TG_IS_SHARED_VARIABLE (variable))
        continue;

      converted = convert (value, variable, error);
      if (converted == NULL
          || !tg_shared_variable_set_value (TG_SHARED_VARIABLE (variable), converted, error))
        return FALSE;
    }

  return TRUE;
}

static GPtrArray *
compute (TgSource         *source,
         const TgOptions  *options,
         GPtrArray        *arguments,
         gboolean          is_written,
         GError          **error)
{
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (TgFunction) function = NULL;
  g_autofree TgTensor **results = NULL;
  GPtrArray *list;
  gsize n_results = 0;

  outputs = tg_source_add_assumptions (source, source->outputs, error);
  if (outputs != NULL)
    function = tg_source_compile (source, options, outputs, is_written, error);
  if (function != NULL)
    results = tg_function_call (function, (TgTensor *const *) arguments->pdata, arguments->len,
                                &n_results, error);
  if (results == NULL)
    return NULL;

  list = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);
  for (gsize i = 0; i < n_results; i++)
    g_ptr_array_add (list, results[i]);

  return list;
}

/* A single number with all its digits, an array as NumPy shows it. */
static char *
show (TgTensor *value)
{
  g_autoptr (TgVariable) constant = NULL;
  g_autofree char *text = NULL;
  g_autofree char *call = NULL;

  if (tg_tensor_get_ndim (value) > 0)
    return tg_tensor_to_string (value);

  constant = tg_constant_new (value);
  text = tg_variable_to_string (constant);
  call = g_strconcat (tg_dtype_get_symbol (tg_tensor_get_dtype (value)), "(", NULL);
  if (!g_str_has_prefix (text, call))
    return g_steal_pointer (&text);

  return g_strndup (text + strlen (call), strlen (text) - strlen (call) - 1);
}

/* The largest difference of two values, relative to the first; nan where there is no telling. */
static double
find_difference (TgTensor *value,
                 TgTensor *other)
{
  gsize n_values = 0, n_others = 0;
  g_autofree double *values = NULL;
  g_autofree double *others = NULL;
  double largest = 0;

  if (tg_tensor_get_dtype (value) >= TG_DTYPE_COMPLEX64)
    return NAN;

  values = tg_tensor_dup_doubles (value, &n_values);
  others = tg_tensor_dup_doubles (other, &n_others);
  for (gsize i = 0; i < MIN (n_values, n_others); i++)
    {
      double difference = fabs (others[i] - values[i]) / fabs (values[i]);

      if (values[i] == others[i] || (isnan (values[i]) && isnan (others[i])))
        continue;

      if (!(difference <= largest))
        largest = difference;
      if (isnan (largest))
        break;
    }

  return largest;
}

/* Both values, and how far they are from each other. */
static void
print_comparison (TgTensor *written,
                  TgTensor *optimised)
{
  const char *titles[] = { _("as written"), _("as optimised"), _("difference") };
  g_autofree char *difference = g_strdup_printf (_("%.2g, relative"),
                                                 find_difference (optimised, written));
  g_autofree char *before = show (written);
  g_autofree char *after = show (optimised);
  const char *texts[] = { before, after, difference };
  guint width = 0;

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    width = MAX (width, tg_terminal_get_width (titles[i]) + 2);

  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    {
      g_autofree char *padded = tg_terminal_pad (titles[i], width);
      g_autofree char *painted = tg_terminal_paint (TG_COLOUR_TITLE, padded);
      g_auto (GStrv) lines = g_strsplit (texts[i], "\n", -1);

      tg_terminal_print ("%s%s\n", painted, lines[0]);
      for (guint k = 1; lines[k] != NULL; k++)
        tg_terminal_print_block (width, "", lines[k]);
    }
}

static void
print_results (TgSource  *source,
               GPtrArray *results,
               GPtrArray *written)
{
  for (guint i = 0; i < results->len; i++)
    {
      g_autofree char *text = show (results->pdata[i]);
      g_autofree char *title = NULL;

      if (results->len > 1)
        {
          title = g_strconcat (source->labels->pdata[i], ":", NULL);
          tg_terminal_print_title (title);
        }

      if (written != NULL)
        print_comparison (written->pdata[i], results->pdata[i]);
      else
        tg_terminal_print ("%s\n", text);
    }
}

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (GHashTable) values = read_values (options->set, error);
  g_autoptr (TgSource) source = NULL;
  g_autoptr (GPtrArray) arguments = NULL;
  g_autoptr (GPtrArray) results = NULL;
  g_autoptr (GPtrArray) written = NULL;

  if (values != NULL)
    source = tg_source_new (options, values, error);
  if (source == NULL || !set_shared (source, values, error))
    return FALSE;

  arguments = bind (source, values, error);
  if (arguments != NULL)
    results = compute (source, options, arguments, FALSE, error);
  if (results != NULL && options->compare)
    written = compute (source, options, arguments, TRUE, error);
  if (results == NULL || (options->compare && written == NULL))
    return FALSE;

  if (options->output == NULL)
    print_results (source, results, written);
  else if (results->len == 1 && written == NULL)
    return tg_tensor_save (results->pdata[0], options->output, error);
  else
    {
      g_set_error_literal (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                           _("--output takes the value of a formula that has one"));
      return FALSE;
    }

  return TRUE;
}

const TgCommand tg_command_eval = {
  .name = "eval",
  .summary = N_("Computes the value of a formula."),
  .examples = "  tg eval 'exp(x) - 1' --set x=1e-10 --compare\n"
              "  tg eval 'sum(x**2)' --set x=[1,2,3]\n"
              "  tg eval 'log(sum(exp(x), axis=1))' --set x=@scores.npy --output y.npy\n"
              "  tg eval model.tg --function predict --set x=@x.npy",
  .options = "set compare output declare assume function mode accuracy",
  .run = run,
};
