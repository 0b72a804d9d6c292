/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "tg-source.h"
#include "tg-terminal.h"

/* Rules that are longer than what a terminal has room for have a line of their own. */
#define LONG_LINE 63

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
  gboolean is_long = name_width + place_width + (int) strlen (tg_rule_get_text (rule)) > LONG_LINE;
  const char *assumption = tg_trace_step_get_assumption (step);
  const char *reason = tg_trace_step_get_reason (step);

  tg_terminal_print ("%3u. %s  %-6s  %-*s%s%s\n", number, name,
                     get_promise_name (tg_rule_get_promise (rule)), place_width, place,
                     is_long ? "\n        " : "  ", algebra);
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
    tg_terminal_print ("  %s\n", _("no sum or difference of two rounded terms"));
}

/* The mean error of what is measured of an expression as it stands, and what is not. */
typedef struct
{
  double      mean;
  guint       n_measured;
  GHashTable *skipped; /* names of operators */
} Errors;

static void
add_report (Errors           *self,
            TgAccuracyReport *report)
{
  gsize n_skipped = 0;
  g_autofree TgVariable **skipped = tg_accuracy_report_list_skipped (report, &n_skipped);

  self->n_measured += g_list_model_get_n_items (G_LIST_MODEL (report));
  self->mean = MAX (self->mean, tg_accuracy_report_get_mean_error (report, FALSE));
  for (gsize i = 0; i < n_skipped; i++)
    {
      g_hash_table_add (self->skipped,
                        g_strdup (tg_op_get_name (tg_variable_get_op (skipped[i]))));
      g_object_unref (skipped[i]);
    }
}

static gboolean
measure (Errors     *self,
         TgSource   *source,
         GPtrArray  *outputs,
         GError    **error)
{
  g_autoptr (GPtrArray) reports = tg_source_measure (source, outputs, NULL, error);

  for (guint i = 0; reports != NULL && i < reports->len; i++)
    add_report (self, reports->pdata[i]);

  return reports != NULL;
}

static char *
join_names (GHashTable *names)
{
  g_autoptr (GList) keys = g_list_sort (g_hash_table_get_keys (names), (GCompareFunc) strcmp);
  GString *joined = g_string_new (NULL);

  for (GList *link = keys; link != NULL; link = link->next)
    g_string_append_printf (joined, "%s%s", joined->len > 0 ? ", " : "", (const char *) link->data);

  return g_string_free (joined, FALSE);
}

static void
print_errors (TgSource     *source,
              const Errors *written,
              const Errors *optimised)
{
  g_autofree char *before = g_strdup_printf ("%.1f", written->mean);
  g_autofree char *after = g_strdup_printf ("%.1f", optimised->mean);
  g_autofree char *bad = tg_terminal_paint (TG_COLOUR_BAD, before);
  g_autofree char *good = tg_terminal_paint (TG_COLOUR_GOOD, after);
  gboolean is_better = optimised->mean < written->mean;

  if (written->n_measured == 0)
    return;

  tg_terminal_print_title (_("measured"));
  tg_terminal_print (_("  %s bits of error as written, %s as optimised, in the mean\n"),
                     is_better ? bad : before, is_better ? good : after);
  if (g_hash_table_size (source->assumptions) == 0)
    tg_terminal_print ("  %s\n", _("over all numbers; --assume says where variables lie"));
  if (g_hash_table_size (written->skipped) > 0)
    {
      g_autofree char *names = join_names (written->skipped);

      tg_terminal_print (_("  elementwise operators alone, not %s\n"), names);
    }
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
print_json (TgSource   *source,
            GPtrArray  *computed,
            TgFunction *function)
{
  g_autofree char *written = tg_source_to_string (source, source->outputs);
  g_autofree char *optimised = tg_source_to_string (source, computed);
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
print_explanation (TgSource         *source,
                   const TgOptions  *options,
                   TgFunction       *function,
                   GPtrArray        *computed,
                   GError          **error)
{
  g_autoptr (GHashTable) skipped = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Errors before = { .skipped = skipped };
  Errors after = { .skipped = skipped };
  g_autoptr (TgTrace) trace = tg_function_dup_trace (function);
  g_autofree char *written = tg_source_to_string (source, source->outputs);
  g_autofree char *optimised = tg_source_to_string (source, computed);

  if (!measure (&before, source, source->outputs, error)
      || !measure (&after, source, computed, error))
    return FALSE;

  print_form (_("as written"), written);
  print_form (_("as optimised"), optimised);
  print_errors (source, &before, &after);
  print_steps (source, G_LIST_MODEL (trace));
  print_promises (G_LIST_MODEL (trace));
  print_assumed (options, G_LIST_MODEL (trace));
  print_cancellations (source, function);

  return TRUE;
}

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (TgSource) source = tg_source_new (options, NULL, error);
  g_autoptr (GPtrArray) assumed = NULL;
  g_autoptr (GPtrArray) computed = NULL;
  g_autoptr (TgFunction) function = NULL;

  if (source != NULL)
    assumed = tg_source_add_assumptions (source, source->outputs, error);
  if (assumed != NULL)
    function = tg_source_compile (source, options, assumed, FALSE, error);
  if (function == NULL)
    return FALSE;

  computed = tg_source_list_computed (source, function);
  if (!options->json)
    return print_explanation (source, options, function, computed, error);

  print_json (source, computed, function);

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
