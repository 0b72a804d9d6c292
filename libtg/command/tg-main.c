/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Prints for a formula what libtg does with it. */
#include "config.h"

#include <errno.h>
#include <glib/gi18n.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tg-command.h"
#include "tg-terminal.h"

/* The status that the program ends with. */
enum
{
  STATUS_SUCCESS,
  STATUS_FAILURE,
  STATUS_USAGE,
};

static const TgCommand *const commands[] = {
  &tg_command_explain, &tg_command_accuracy, &tg_command_grad, &tg_command_eval, &tg_command_dot,
};

static void
print_help (void)
{
  tg_terminal_print ("%s\n\n%s\n", _("Usage: tg COMMAND [OPTION…] FORMULA"),
                     _("Prints for a formula what libtg does with it."));
  tg_terminal_print ("\n%s\n", _("Commands:"));
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    tg_terminal_print ("  %-9s  %s\n", commands[i]->name, _(commands[i]->summary));

  tg_terminal_print ("\n%s\n  --help     %s\n  --version  %s\n", _("Options:"),
                     _("Show this, or with a command its options"), _("Show the version"));
  tg_terminal_print ("\n%s\n",
                     _("FORMULA is a text such as 'log(1 + x)', a file that ends with .tg, or - "
                       "for standard input.\nVariables that are not declared are f64 scalars.\n\n"
                       "The status is 0, 1 where a formula, a file or a value is wrong, and 2 "
                       "where the command line is."));
}

static const TgCommand *
find_command (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      if (strcmp (commands[i]->name, name) == 0)
        return commands[i];
    }

  return NULL;
}

static int
fail (const GError *error)
{
  fprintf (stderr, "tg: %s\n", error->message);

  return error->domain == TG_USAGE_ERROR || error->domain == G_OPTION_ERROR ? STATUS_USAGE
                                                                             : STATUS_FAILURE;
}

static int
run_command (const TgCommand  *command,
             char            **arguments)
{
  g_auto (TgOptions) options = { 0 };
  g_autoptr (GError) error = NULL;

  if (!tg_options_read (&options, command, arguments, &error) || !command->run (&options, &error))
    return fail (error);

  if (fflush (stdout) != 0 || ferror (stdout))
    {
      fprintf (stderr, _("tg: cannot write: %s\n"), g_strerror (errno));
      return STATUS_FAILURE;
    }

  return STATUS_SUCCESS;
}

int
main (int    argc,
      char **argv)
{
  const TgCommand *command = NULL;

  setlocale (LC_ALL, "");
  setlocale (LC_NUMERIC, "C");
  bindtextdomain (GETTEXT_PACKAGE, LOCALEDIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);

  if (argc > 1 && (strcmp (argv[1], "--help") == 0 || strcmp (argv[1], "-h") == 0))
    {
      print_help ();
      return STATUS_SUCCESS;
    }

  if (argc > 1 && strcmp (argv[1], "--version") == 0)
    {
      tg_terminal_print ("tg %s\n", PACKAGE_VERSION);
      return STATUS_SUCCESS;
    }

  if (argc > 1)
    command = find_command (argv[1]);
  if (command == NULL)
    {
      if (argc > 1)
        fprintf (stderr, _("tg: there is no command “%s”; see tg --help\n"), argv[1]);
      else
        fprintf (stderr, "%s\n", _("tg: which command? See tg --help"));
      return STATUS_USAGE;
    }

  return run_command (command, argv + 1);
}
