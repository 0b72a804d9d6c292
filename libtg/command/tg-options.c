/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-command.h"

#include <glib/gi18n.h>
#include <string.h>

/* All options that there are; what an argument is called is part of the help. */
static const struct
{
  const char *name;
  GOptionArg  kind;
  gsize       offset;
  const char *description;
  const char *argument;
} table[] = {
  { "declare", G_OPTION_ARG_STRING_ARRAY, G_STRUCT_OFFSET (TgOptions, declare),
    N_("Declare variables, as in “X: f32[?, 3]”; others are f64 scalars"), N_("NAME: TYPE") },
  { "assume", G_OPTION_ARG_STRING_ARRAY, G_STRUCT_OFFSET (TgOptions, assume),
    N_("Take it for granted, as in “x > 0” or “0 <= x < 1”"), N_("COMPARISON") },
  { "range", G_OPTION_ARG_STRING_ARRAY, G_STRUCT_OFFSET (TgOptions, range),
    N_("Measure where the variable lies between two numbers"), N_("NAME=LOW:HIGH") },
  { "set", G_OPTION_ARG_STRING_ARRAY, G_STRUCT_OFFSET (TgOptions, set),
    N_("Give a variable a value: a formula, or the array in a .npy file"),
    N_("NAME=VALUE|@FILE") },
  { "wrt", G_OPTION_ARG_STRING_ARRAY, G_STRUCT_OFFSET (TgOptions, wrt),
    N_("Differentiate with respect to this variable; without, to all"), N_("NAME") },
  { "function", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (TgOptions, function),
    N_("Take this one of the functions in a file"), N_("NAME") },
  { "mode", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (TgOptions, mode),
    N_("Compile in this mode, as in TG_MODE: “exact”, “-log1p”, “reference”"), N_("WORDS") },
  { "accuracy", G_OPTION_ARG_STRING, G_STRUCT_OFFSET (TgOptions, accuracy),
    N_("How long to look for accurate forms: “normal” or “high”"), N_("LEVEL") },
  { "output", G_OPTION_ARG_FILENAME, G_STRUCT_OFFSET (TgOptions, output),
    N_("Write the value to a .npy file"), N_("FILE") },
  { "json", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (TgOptions, json), N_("Print JSON"), NULL },
  { "compare", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (TgOptions, compare),
    N_("Compute the formula as it is written too"), NULL },
  { "written", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (TgOptions, written),
    N_("Do not simplify the result"), NULL },
  { "optimised", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (TgOptions, optimised),
    N_("Draw what is computed, not what is written"), NULL },
  { "gradient", G_OPTION_ARG_NONE, G_STRUCT_OFFSET (TgOptions, gradient),
    N_("Draw the gradient"), NULL },
};

G_DEFINE_QUARK (tg-usage-error-quark, tg_usage_error)

void
tg_options_clear (TgOptions *self)
{
  g_free (self->formula);
  g_strfreev (self->declare);
  g_strfreev (self->assume);
  g_strfreev (self->range);
  g_strfreev (self->set);
  g_strfreev (self->wrt);
  g_free (self->function);
  g_free (self->mode);
  g_free (self->accuracy);
  g_free (self->output);
}

static gboolean
has_option (const TgCommand *command,
            const char      *name)
{
  g_auto (GStrv) names = g_strsplit (command->options, " ", -1);

  return g_strv_contains ((const char *const *) names, name);
}

static void
add_options (GOptionContext   *context,
             const TgCommand  *command,
             TgOptions        *self,
             char           ***rest)
{
  GOptionEntry entries[G_N_ELEMENTS (table) + 2] = { 0 };
  guint n_entries = 0;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (has_option (command, table[i].name))
        entries[n_entries++] = (GOptionEntry) {
          .long_name = table[i].name, .arg = table[i].kind,
          .arg_data = G_STRUCT_MEMBER_P (self, table[i].offset),
          .description = table[i].description, .arg_description = table[i].argument,
        };
    }

  entries[n_entries] = (GOptionEntry) {
    .long_name = G_OPTION_REMAINING, .arg = G_OPTION_ARG_STRING_ARRAY, .arg_data = rest,
    .arg_description = N_("FORMULA"),
  };
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);
}

/* Whether the next argument belongs to this one. */
static gboolean
takes_next (const char *argument)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (g_str_has_prefix (argument, "--") && strcmp (argument + 2, table[i].name) == 0)
        return table[i].kind != G_OPTION_ARG_NONE;
    }

  return FALSE;
}

/* A formula may begin with a minus sign: there are no options of one letter but -h. */
static char **
protect_formula (char **arguments)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr (GPtrArray) formulas = g_ptr_array_new ();

  for (guint i = 0; arguments[i] != NULL; i++)
    {
      const char *argument = arguments[i];

      if (strcmp (argument, "--") == 0)
        {
          for (i++; arguments[i] != NULL; i++)
            g_ptr_array_add (formulas, arguments[i]);
          break;
        }

      if (argument[0] == '-' && argument[1] != '-' && argument[1] != '\0'
          && strcmp (argument, "-h") != 0)
        g_ptr_array_add (formulas, arguments[i]);
      else
        g_strv_builder_add (builder, argument);

      if (takes_next (argument) && arguments[i + 1] != NULL)
        g_strv_builder_add (builder, arguments[++i]);
    }

  g_strv_builder_add (builder, "--");
  for (guint i = 0; i < formulas->len; i++)
    g_strv_builder_add (builder, formulas->pdata[i]);

  return g_strv_builder_end (builder);
}

gboolean
tg_options_read (TgOptions        *self,
                 const TgCommand  *command,
                 char            **arguments,
                 GError          **error)
{
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autofree char *program = g_strconcat ("tg ", command->name, NULL);
  g_autofree char *description = NULL;
  g_auto (GStrv) protected = protect_formula (arguments);
  g_auto (GStrv) rest = NULL;

  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_set_summary (context, command->summary);
  description = g_strdup_printf ("%s%s%s\n%s", command->description ? _(command->description) : "",
                                 command->description ? "\n\n" : "", _("Examples:"),
                                 command->examples);
  g_option_context_set_description (context, description);
  add_options (context, command, self, &rest);
  g_set_prgname (program);
  if (!g_option_context_parse_strv (context, &protected, error))
    return FALSE;

  if (rest == NULL || g_strv_length (rest) != 1)
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("expected one formula, not %u; see tg %s --help"),
                   rest != NULL ? g_strv_length (rest) : 0, command->name);
      return FALSE;
    }

  self->formula = g_strdup (rest[0]);

  return TRUE;
}

gboolean
tg_options_get_mode (const TgOptions  *self,
                     TgMode          **mode,
                     GError          **error)
{
  const char *words = self->mode != NULL ? self->mode : g_getenv ("TG_MODE");

  *mode = NULL;
  if (self->accuracy != NULL && strcmp (self->accuracy, "high") != 0
      && strcmp (self->accuracy, "normal") != 0)
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("--accuracy: expected “normal” or “high”, not “%s”"), self->accuracy);
      return FALSE;
    }

  if (words != NULL && words[0] != '\0')
    *mode = tg_mode_new_from_string (words, error);
  else
    *mode = tg_mode_new ();

  if (*mode != NULL && self->accuracy != NULL)
    tg_mode_set_accuracy (*mode, strcmp (self->accuracy, "high") == 0 ? TG_ACCURACY_HIGH
                                                                      : TG_ACCURACY_NORMAL);

  return *mode != NULL;
}

gboolean
tg_options_split (const char  *option,
                  const char  *text,
                  char       **name,
                  char       **value,
                  GError     **error)
{
  const char *sign = strchr (text, '=');

  if (sign == NULL || sign == text)
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("--%s: expected NAME=VALUE, not “%s”"), option, text);
      return FALSE;
    }

  *name = g_strstrip (g_strndup (text, (gsize) (sign - text)));
  *value = g_strdup (sign + 1);

  return TRUE;
}
