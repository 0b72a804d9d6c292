/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-source.h"

#include <glib/gi18n.h>
#include <math.h>

/* Where variables lie: each has its place in all three. */
typedef struct
{
  GPtrArray *variables;
  GArray    *lows;
  GArray    *highs;
} Ranges;

static void
ranges_clear (Ranges *self)
{
  g_clear_pointer (&self->variables, g_ptr_array_unref);
  g_clear_pointer (&self->lows, g_array_unref);
  g_clear_pointer (&self->highs, g_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Ranges, ranges_clear)

static void
add_range (Ranges     *self,
           TgVariable *variable,
           double      low,
           double      high)
{
  g_ptr_array_add (self->variables, variable);
  g_array_append_val (self->lows, low);
  g_array_append_val (self->highs, high);
}

static gboolean
read_range (Ranges      *self,
            TgSource    *source,
            const char  *text,
            GError     **error)
{
  g_autofree char *name = NULL;
  g_autofree char *ends = NULL;
  TgVariable *variable;
  double low, high;
  char *end, *next;

  if (!tg_options_split ("range", text, &name, &ends, error))
    return FALSE;

  low = g_ascii_strtod (ends, &end);
  high = *end == ':' ? g_ascii_strtod (end + 1, &next) : NAN;
  if (end == ends || *end != ':' || next == end + 1 || *next != '\0')
    {
      g_set_error (error, TG_USAGE_ERROR, TG_USAGE_ERROR_FAILED,
                   _("--range: expected NAME=LOW:HIGH, not “%s”"), text);
      return FALSE;
    }

  variable = tg_source_find (source, "range", name, error);
  if (variable != NULL)
    add_range (self, variable, low, high);

  return variable != NULL;
}

/* Ranges that are given, and those that follow from what is assumed of other variables. */
static gboolean
read_ranges (Ranges     *self,
             TgSource   *source,
             char      **texts,
             GError    **error)
{
  GHashTableIter iter;
  gpointer variable, value;

  for (guint i = 0; texts != NULL && texts[i] != NULL; i++)
    {
      if (!read_range (self, source, texts[i], error))
        return FALSE;
    }

  g_hash_table_iter_init (&iter, source->assumptions);
  while (g_hash_table_iter_next (&iter, &variable, &value))
    {
      const TgAssumption *assumption = value;

      if (!g_ptr_array_find (self->variables, variable, NULL))
        add_range (self, variable, assumption->low, assumption->high);
    }

  return TRUE;
}

GPtrArray *
tg_source_measure (TgSource   *self,
                   GPtrArray  *outputs,
                   char      **texts,
                   GError    **error)
{
  g_autoptr (GPtrArray) reports = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (Ranges) ranges = {
    g_ptr_array_new (), g_array_new (FALSE, FALSE, sizeof (double)),
    g_array_new (FALSE, FALSE, sizeof (double)),
  };

  if (!read_ranges (&ranges, self, texts, error))
    return NULL;

  for (guint i = 0; i < outputs->len; i++)
    {
      TgAccuracyReport *report =
        tg_accuracy (outputs->pdata[i], (TgVariable *const *) ranges.variables->pdata,
                     ranges.variables->len, (const double *) (gpointer) ranges.lows->data,
                     ranges.lows->len, (const double *) (gpointer) ranges.highs->data,
                     ranges.highs->len, error);

      if (report == NULL)
        return NULL;
      g_ptr_array_add (reports, report);
    }

  return g_steal_pointer (&reports);
}
