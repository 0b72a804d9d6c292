/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Of the points by which forms are chosen, so many may need each precision: the higher ones are
 * slow for a whole e-graph. */
static const guint max_points[TG_FORMULA_N_PRECISIONS] = { G_MAXUINT, 4, 1, 1 };

/* Points that are drawn for one at which the truth is known. */
#define MAX_DRAWN 4
#define MAX_DRAWN_KNOWN 3

#define MIN_POINTS 4

static void
copy_point (TgSample       *sample,
            guint           to,
            const TgSample *from,
            guint           point)
{
  for (guint i = 0; i < sample->n_leaves; i++)
    sample->values[i * sample->n_points + to] = tg_sample_get (from, i, point);
}

TgSample *
tg_search_choose_points (const TgFormula *written,
                         const TgRange   *ranges,
                         guint            seed,
                         guint            n_points,
                         TgReach          reach,
                         mpfr_prec_t     *precisions)
{
  g_autoptr (TgSample) drawn = tg_sample_new_drawn (ranges, written->n_leaves, written->dtype,
                                                    seed, n_points * MAX_DRAWN, reach);
  g_autoptr (TgSample) sample = tg_sample_new (written->dtype, written->n_leaves, n_points);
  guint n_chosen = 0, n_zeros = 0, used[TG_FORMULA_N_PRECISIONS] = { 0, };
  g_autofree guint *zeros = g_new (guint, drawn->n_points);

  for (guint i = 0; i < drawn->n_points && n_chosen < n_points; i++)
    {
      double truth;
      guint level;

      if (!tg_formula_settle (written, drawn, i, &truth, &level)
          || used[level] >= max_points[level])
        continue;

      /* Most zeros are underflows, of which forms have nothing to say. */
      if (truth == 0)
        {
          zeros[n_zeros++] = i;
          continue;
        }

      used[level]++;
      precisions[n_chosen] = tg_formula_precisions[level];
      copy_point (sample, n_chosen, drawn, i);
      n_chosen++;
    }

  for (guint i = 0; i < n_zeros && n_chosen < MIN_POINTS; i++)
    {
      precisions[n_chosen] = tg_formula_precisions[0];
      copy_point (sample, n_chosen, drawn, zeros[i]);
      n_chosen++;
    }

  if (n_chosen < MIN_POINTS)
    return NULL;

  /* The rest are points again that are there: they weigh more then. */
  for (guint i = n_chosen; i < n_points; i++)
    {
      precisions[i] = precisions[i - n_chosen];
      copy_point (sample, i, sample, i - n_chosen);
    }

  return g_steal_pointer (&sample);
}

void
tg_search_draw_known (const TgFormula *written,
                      const TgRange   *ranges,
                      guint            seed,
                      guint            n_points,
                      TgReach          reach,
                      TgSample        *sample,
                      double          *truth)
{
  g_autofree double *point = g_new (double, MAX (written->n_leaves, 1));
  guint n_known = 0;

  for (guint i = 0; i < n_points * MAX_DRAWN_KNOWN && n_known < n_points; i++)
    {
      tg_sample_draw (ranges, written->n_leaves, written->dtype, seed, i, reach, point);
      tg_sample_set (sample, n_known, point);
      truth[n_known] = tg_formula_find_truth (written, sample, n_known);
      n_known += isnan (truth[n_known]) ? 0 : 1;
    }

  for (guint i = n_known; i < n_points; i++)
    truth[i] = NAN;
}
