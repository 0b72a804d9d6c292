/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tg-source.h"
#include "tg-terminal.h"

/* The lists of parts of all reports, as one. */
static void
print_json (GPtrArray *reports)
{
  GString *json = g_string_new ("[");

  for (guint i = 0; i < reports->len; i++)
    {
      g_autofree char *list = tg_accuracy_report_to_json (reports->pdata[i]);

      if (strcmp (list, "[]") == 0)
        continue;

      g_string_append (json, json->len > 1 ? ",\n" : "");
      g_string_append_len (json, list + 1, (gssize) strlen (list) - 2);
    }

  tg_terminal_print ("%s]\n", json->str);
  g_string_free (json, TRUE);
}

static void
print_reports (TgSource  *source,
               GPtrArray *reports)
{
  for (guint i = 0; i < reports->len; i++)
    {
      g_autofree char *text = tg_accuracy_report_to_string (reports->pdata[i]);
      g_autofree char *title = NULL;

      if (reports->len > 1)
        {
          title = g_strconcat (source->labels->pdata[i], ":", NULL);
          tg_terminal_print_title (title);
        }
      tg_terminal_print ("%s", text);
    }

  tg_terminal_print ("\n%s\n", _("Errors are in bits: 0 is right to the last bit, and in f64 53 is "
                                 "all wrong and 64 is nan.\nlocal: what an operator loses by "
                                 "itself; total: with all that is computed before it."));
}

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (TgSource) source = tg_source_new (options, NULL, error);
  g_autoptr (GPtrArray) reports = NULL;

  if (source != NULL)
    reports = tg_source_measure (source, source->outputs, options->range, error);
  if (reports == NULL)
    return FALSE;

  if (options->json)
    print_json (reports);
  else
    print_reports (source, reports);

  return TRUE;
}

const TgCommand tg_command_accuracy = {
  .name = "accuracy",
  .summary = N_("Measures what a formula is wrong by, as written and as optimised."),
  .description = N_("Values are held against MPFR, at points of the ranges over all binades.\n"
                    "The optimised formula is that of the default mode."),
  .examples = "  tg accuracy 'sqrt(x + 1) - sqrt(x)' --range x=1:1e12\n"
              "  tg accuracy '(1 - cos(x)) / x**2' --range x=1e-9:1 --json",
  .options = "range json declare assume function",
  .run = run,
};
