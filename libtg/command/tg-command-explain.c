/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tg-source.h"
#include "tg-terminal.h"

static const struct
{
  TgPromise   promise;
  const char *name;
  const char *meaning;
} promises[] = {
  { TG_PROMISE_EXACT, "exact", N_("the same bits, for every input") },
  { TG_PROMISE_REAL, "real", N_("equal as real numbers; rounding, inf and nan may differ") },
  { TG_PROMISE_STABLE, "stable", N_("equal as real numbers, and never farther from them than "
                                    "before") },
  { TG_PROMISE_FAST, "fast", N_("less accurate, for speed") },
};

static const char *
get_promise_name (TgPromise promise)
{
  for (guint i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      if (promises[i].promise == promise)
        return promises[i].name;
    }

  return "";
}

static char *
get_place (TgRule *rule)
{
  guint line = tg_rule_get_line (rule);

  return line > 0 ? g_strdup_printf ("%s:%u", tg_rule_get_file (rule), line)
                  : g_strdup (tg_rule_get_file (rule));
}

/* How wide the names and the places of rules are. */
static void
find_widths (GListModel *trace,
             int        *name_width,
             int        *place_width)
{
  *name_width = *place_width = 0;
  for (guint i = 0; i < g_list_model_get_n_items (trace); i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (trace, i);
      TgRule *rule = tg_trace_step_get_rule (step);
      g_autofree char *place = get_place (rule);

      *name_width = MAX (*name_width, (int) strlen (tg_rule_get_name (rule)));
      *place_width = MAX (*place_width, (int) strlen (place));
    }
}

static void
print_side (TgSource   *source,
            guint       indent,
            const char *mark,
            TgVariable *side)
{
  g_autoptr (TgVariable) plain = tg_source_remove_assumptions (source, side);
  g_autofree char *text = tg_variable_to_string (plain);

  tg_terminal_print_block (indent, mark, text);
}

static void
print_step (TgSource    *source,
            TgTraceStep *step,
            guint        number,
            int          name_width,
            int          place_width)
{
  TgRule *rule = tg_trace_step_get_rule (step);
  g_autofree char *place = get_place (rule);
  g_autofree char *padded = g_strdup_printf ("%-*s", name_width, tg_rule_get_name (rule));
  g_autofree char *name = tg_terminal_paint (TG_COLOUR_NAME, padded);
  g_autofree char *algebra = tg_terminal_paint (TG_COLOUR_FAINT, tg_rule_get_text (rule));
  const char *assumption = tg_trace_step_get_assumption (step);
  const char *reason = tg_trace_step_get_reason (step);

  tg_terminal_print ("%3u. %s  %-6s  %-*s  %s\n", number, name,
                     get_promise_name (tg_rule_get_promise (rule)), place_width, place, algebra);
  print_side (source, 8, "", tg_trace_step_get_before (step));
  print_side (source, 8, "     => ", tg_trace_step_get_after (step));
  if (assumption != NULL)
    tg_terminal_print ("        %s %s\n", _("assuming"), assumption);
  if (reason != NULL)
    tg_terminal_print ("        %s %s\n", _("since"), reason);
}

static void
print_steps (TgSource   *source,
             GListModel *trace)
{
  guint n_steps = g_list_model_get_n_items (trace);
  g_autofree char *title = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u step", "%u steps",
                                                         n_steps), n_steps);
  int name_width, place_width;

  find_widths (trace, &name_width, &place_width);
  tg_terminal_print_title (title);
  for (guint i = 0; i < n_steps; i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (trace, i);

      print_step (source, step, i + 1, name_width, place_width);
    }
  tg_terminal_print ("\n");
}

/* What each promise means that a step was made on. */
static void
print_promises (GListModel *trace)
{
  TgPromise made = TG_PROMISE_NONE;

  for (guint i = 0; i < g_list_model_get_n_items (trace); i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (trace, i);

      made |= tg_rule_get_promise (tg_trace_step_get_rule (step));
    }

  if (made == TG_PROMISE_NONE)
    return;

  tg_terminal_print_title (_("promised"));
  for (guint i = 0; i < G_N_ELEMENTS (promises); i++)
    {
      if (made & promises[i].promise)
        tg_terminal_print ("  %-6s  %s\n", promises[i].name, _(promises[i].meaning));
    }
  tg_terminal_print ("\n");
}

/* What was asked to be assumed, then what rules took for granted. */
static void
print_assumed (const TgOptions *options,
               GListModel      *trace)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  tg_terminal_print_title (_("assumed"));
  for (guint i = 0; options->assume != NULL && options->assume[i] != NULL; i++)
    tg_terminal_print ("  %s (%s)\n", options->assume[i], _("as given"));

  for (guint i = 0; i < g_list_model_get_n_items (trace); i++)
    {
      g_autoptr (TgTraceStep) step = g_list_model_get_item (trace, i);
      const char *assumption = tg_trace_step_get_assumption (step);

      if (assumption != NULL && g_hash_table_add (seen, (gpointer) assumption))
        tg_terminal_print ("  %s\n", assumption);
    }

  if (g_hash_table_size (seen) == 0)
    tg_terminal_print ("  %s\n", options->assume != NULL ? _("nothing else that was not proven")
                                              : _("nothing that was not proven"));
  tg_terminal_print ("\n");
}

static void
print_cancellations (TgSource   *source,
                     TgFunction *function)
{
  gsize n_found = 0;
  g_autofree TgVariable **found = tg_function_list_cancellations (function, &n_found);

  tg_terminal_print_title (_("may still lose accuracy"));
  for (gsize i = 0; i < n_found; i++)
    {
      print_side (source, 2, "", found[i]);
      g_object_unref (found[i]);
    }

  if (n_found == 0)
    tg_terminal_print ("  %s\n", _("no sum and no difference"));
}

/* Mean errors, in bits. */
typedef struct
{
  double   written;
  double   optimised;
  gboolean is_measured; /* there was something to measure in what is written */
} Errors;

/* The mean error of the outputs as they stand, or less than 0 where nothing in them is measured. */
static gboolean
measure (TgSource   *source,
         GPtrArray  *outputs,
         double     *mean,
         GError    **error)
{
  g_autoptr (GPtrArray) reports = tg_source_measure (source, outputs, NULL, error);

  *mean = -1;
  for (guint i = 0; reports != NULL && i < reports->len; i++)
    {
      if (g_list_model_get_n_items (reports->pdata[i]) > 0)
        *mean = MAX (*mean, tg_accuracy_report_get_mean_error (reports->pdata[i], FALSE));
    }

  return reports != NULL;
}

static gboolean
measure_errors (Errors     *self,
                TgSource   *source,
                GPtrArray  *computed,
                GError    **error)
{
  if (!measure (source, source->outputs, &self->written, error)
      || !measure (source, computed, &self->optimised, error))
    return FALSE;

  self->is_measured = self->written >= 0;
  self->optimised = MAX (self->optimised, 0);

  return TRUE;
}

static void
print_errors (const Errors *errors,
              TgSource     *source)
{
  g_autofree char *written = g_strdup_printf ("%.1f", errors->written);
  g_autofree char *optimised = g_strdup_printf ("%.1f", errors->optimised);
  g_autofree char *bad = tg_terminal_paint (TG_COLOUR_BAD, written);
  g_autofree char *good = tg_terminal_paint (TG_COLOUR_GOOD, optimised);
  gboolean is_better = errors->optimised < errors->written;

  if (!errors->is_measured)
    return;

  tg_terminal_print_title (_("measured"));
  tg_terminal_print (_("  %s bits of error as written, %s as optimised: the mean of elementwise "
                       "parts\n"),
                     is_better ? bad : written, is_better ? good : optimised);
  if (g_hash_table_size (source->assumptions) == 0)
    tg_terminal_print ("  %s\n", _("over all numbers; --assume says where variables lie"));
  tg_terminal_print ("\n");
}

static void
append_member (GString    *json,
               const char *name,
               const char *text)
{
  g_string_append_printf (json, "\"%s\": ", name);
  tg_terminal_append_json (json, text);
}

static void
print_json (const char *written,
            const char *optimised,
            TgFunction *function)
{
  g_autoptr (TgTrace) trace = tg_function_dup_trace (function);
  g_autofree char *steps = tg_trace_to_json (trace);
  GString *json = g_string_new ("{");
  gsize n_found = 0;
  g_autofree TgVariable **found = tg_function_list_cancellations (function, &n_found);

  append_member (json, "written", written);
  g_string_append (json, ",\n");
  append_member (json, "optimised", optimised);
  g_string_append_printf (json, ",\n\"steps\": %s,\n\"cancellations\": [", steps);
  for (gsize i = 0; i < n_found; i++)
    {
      g_autofree char *text = tg_variable_to_string (found[i]);

      g_string_append (json, i > 0 ? ", " : "");
      tg_terminal_append_json (json, text);
      g_object_unref (found[i]);
    }

  tg_terminal_print ("%s]}\n", json->str);
  g_string_free (json, TRUE);
}

static void
print_form (const char *title,
            const char *text)
{
  tg_terminal_print_title (title);
  tg_terminal_print_block (2, "", text);
  tg_terminal_print ("\n");
}

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (TgSource) source = tg_source_new (options, NULL, error);
  g_autoptr (GPtrArray) assumed = NULL;
  g_autoptr (GPtrArray) computed = NULL;
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (TgTrace) trace = NULL;
  g_autofree char *written = NULL;
  g_autofree char *optimised = NULL;
  Errors errors;

  if (source != NULL)
    assumed = tg_source_add_assumptions (source, source->outputs, error);
  if (assumed != NULL)
    function = tg_source_compile (source, options, assumed, FALSE, error);
  if (function == NULL)
    return FALSE;

  computed = tg_source_list_computed (source, function);
  written = tg_source_to_string (source, source->outputs);
  optimised = tg_source_to_string (source, computed);
  if (options->json)
    {
      print_json (written, optimised, function);
      return TRUE;
    }

  if (!measure_errors (&errors, source, computed, error))
    return FALSE;

  print_form (_("as written"), written);
  print_form (_("as optimised"), optimised);
  print_errors (&errors, source);
  trace = tg_function_dup_trace (function);
  print_steps (source, G_LIST_MODEL (trace));
  print_promises (G_LIST_MODEL (trace));
  print_assumed (options, G_LIST_MODEL (trace));
  print_cancellations (source, function);

  return TRUE;
}

const TgCommand tg_command_explain = {
  .name = "explain",
  .summary = N_("Shows what the optimiser does to a formula, and on which grounds."),
  .description = N_("Each step names a rule, what the rule promises, and its file and line."),
  .examples = "  tg explain 'log(1 + x * y / x)'\n"
              "  tg explain 'sqrt(x**2)' --assume 'x > 0'\n"
              "  tg explain 'sqrt(x + 1) - sqrt(x)' --assume '1 <= x <= 1e12'\n"
              "  tg explain model.tg --json",
  .options = "declare assume function mode accuracy json",
  .run = run,
};
