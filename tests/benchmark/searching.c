/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long the search for an accurate form takes, a formula. */

#include "../search-problems.h"

#define REPETITIONS 5
#define FLAGS (TG_SEARCH_MAY_ASSUME | TG_SEARCH_IS_FINAL)

static int
compare (gconstpointer a,
         gconstpointer b)
{
  return *(const double *) a > *(const double *) b ? 1 : -1;
}

/* The least of some repetitions, in milliseconds. */
static double
measure (const Problem *problem,
         GPtrArray     *rules,
         TgSearchFlags  flags)
{
  g_autoptr (TgFormula) written = parse (problem->text);
  double least = INFINITY;

  for (guint i = 0; i < REPETITIONS; i++)
    {
      gint64 start = g_get_monotonic_time ();
      TgSearchResult result;
      g_autoptr (TgFormula) found = tg_search_formula (written, problem->ranges, rules, flags,
                                                       &result);

      least = MIN (least, (double) (g_get_monotonic_time () - start) / 1000);
    }

  return least;
}

static void
measure_all (const char    *name,
             const Problem *list,
             guint          n_problems,
             TgSearchFlags  flags)
{
  g_autoptr (GPtrArray) rules = list_rules ();
  g_autofree double *times = g_new (double, n_problems);

  for (guint i = 0; i < n_problems; i++)
    times[i] = measure (&list[i], rules, flags);

  qsort (times, n_problems, sizeof (double), compare);
  g_print ("%-10s %u formulas: median %.1f ms, p90 %.1f, max %.1f\n", name, n_problems,
           times[n_problems / 2], times[n_problems * 9 / 10], times[n_problems - 1]);
}

int
main (void)
{
  measure_all ("normal", problems, G_N_ELEMENTS (problems), FLAGS);
  measure_all ("thorough", hard_problems, G_N_ELEMENTS (hard_problems),
               FLAGS | TG_SEARCH_IS_THOROUGH);

  return 0;
}
