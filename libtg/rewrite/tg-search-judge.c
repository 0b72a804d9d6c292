/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-judge-private.h"
#include "tg-search-private.h"

#define SEED 2

/* Besides, points where forms have poles that what is written may not have. */
#define MAX_CORNERS 26
#define MAX_TRIES 4

/* What is no worse than that, in bits, at all points needs no search. */
#define GOOD_MEAN 0.6
#define GOOD_WORST 3

/* Of so few points nothing can be said. */
#define MIN_KNOWN 4

/* What a change must gain at the mean, in bits and as a part of what is lost, which is more than
 * chance gives, and may lose at one point where what is written is right. */
#define MIN_GAIN 1
#define MIN_PART 6
#define MAX_LOSS 1
#define RIGHT 2

/* Who gains so much may be wrong by one bit more at some point: the sum of some roundings is; and
 * at one point of so many by more, where what is written may be right by chance. */
#define LARGE_GAIN 3
#define CHANCE 24
#define MAX_CHANCE 8

static void
measured_clear (TgMeasured *self)
{
  g_clear_pointer (&self->errors, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgMeasured, measured_clear)

static void
measure (const TgJudge   *self,
         const TgFormula *formula,
         TgMeasured      *measured)
{
  guint n_points = self->points->n_points, last = formula->items->len - 1;
  g_autofree double *values = g_new (double, formula->items->len * n_points);
  double sum = 0;

  *measured = (TgMeasured) { .errors = g_new (double, n_points) };
  tg_formula_compute (formula, self->points, values);
  for (guint p = 0; p < n_points; p++)
    {
      double *error = &measured->errors[p], value = values[last * n_points + p];

      *error = NAN;
      if (isnan (self->truth[p]))
        continue;

      if (p >= self->n_drawn)
        {
          *error = isfinite (value) ? 0 : INFINITY;
          continue;
        }

      *error = tg_bits_between (formula->dtype, value, self->truth[p]);
      measured->worst = MAX (measured->worst, *error);
      sum += *error;
      measured->n_known++;
    }

  measured->mean = measured->n_known > 0 ? sum / measured->n_known : 0;
}

/* Numbers at which the conditions of rules do not hold, and one whose powers overflow. */
static const double special[] = { 0, 1, -1, 1000 };

static gboolean
may_be (const TgRange *range,
        double         value)
{
  return value >= range->low && value <= range->high && !(value == 0 && range->is_nonzero);
}

/* What a leaf is at a corner: for the first of these, one leaf or all are special; then all are so
 * tiny that their products are zero, or one of them is zero itself; and at last there are numbers
 * next to each other whose powers overflow and underflow. */
static double
get_corner (const TgJudge *self,
            guint          corner,
            guint          leaf,
            double         drawn)
{
  guint n_leaves = self->written->n_leaves, kind = corner / G_N_ELEMENTS (special);
  guint other = corner - (guint) G_N_ELEMENTS (special) * (n_leaves + 1);

  if (kind <= n_leaves)
    return kind == 0 || kind == leaf + 1 ? special[corner % G_N_ELEMENTS (special)] : drawn;

  if (other > n_leaves)
    return leaf % 2 == 0 ? 1000 : -1000;

  if (other == leaf + 1)
    return 0;

  return self->written->dtype == TG_DTYPE_FLOAT32 ? 1e-30 : 1e-300;
}

/* A drawn point again, as far as ranges do not let it be the corner. */
static void
set_corner (TgJudge       *self,
            const TgRange *ranges,
            guint          corner,
            guint          drawn)
{
  guint n_leaves = self->written->n_leaves;
  g_autofree double *point = g_new (double, n_leaves + 1);

  for (guint k = 0; k < n_leaves; k++)
    {
      double own = tg_sample_get (self->points, k, drawn);
      double value = get_corner (self, corner, k, own);

      point[k] = may_be (&ranges[k], value) ? value : own;
    }

  tg_sample_set (self->points, self->n_drawn + corner, point);
}

/* Finds a point for a corner at which what is written has a value. */
static void
find_corner (TgJudge       *self,
             const TgRange *ranges,
             guint          corner)
{
  double *truth = &self->truth[self->n_drawn + corner];

  *truth = NAN;
  for (guint i = 0; i < MAX_TRIES && isnan (*truth); i++)
    {
      set_corner (self, ranges, corner, (corner + i) % self->n_drawn);
      *truth = tg_formula_find_truth (self->written, self->points, self->n_drawn + corner);
    }
}

void
tg_judge_init (TgJudge         *self,
               const TgFormula *written,
               const TgRange   *ranges,
               guint            n_drawn,
               TgReach          reach)
{
  guint n_special = (guint) G_N_ELEMENTS (special) * (written->n_leaves + 1);
  guint n_others = written->n_leaves > 1 ? written->n_leaves + 2 : 1;
  guint n_corners = MIN (n_special + n_others, MAX_CORNERS);

  *self = (TgJudge) {
    .written = written,
    .points = tg_sample_new (written->dtype, written->n_leaves, n_drawn + n_corners),
    .truth = g_new (double, n_drawn + n_corners),
    .n_drawn = n_drawn,
  };
  tg_search_draw_known (written, ranges, SEED, n_drawn, reach, self->points, self->truth);
  for (guint i = 0; i < n_corners; i++)
    find_corner (self, ranges, i);
  measure (self, written, &self->before);
}

void
tg_judge_clear (TgJudge *self)
{
  measured_clear (&self->before);
  g_clear_pointer (&self->points, tg_sample_free);
  g_clear_pointer (&self->truth, g_free);
}

gboolean
tg_judge_is_good (const TgJudge *self)
{
  return self->before.n_known < MIN_KNOWN
         || (self->before.mean < GOOD_MEAN && self->before.worst < GOOD_WORST);
}

static gboolean
has_poles (const TgJudge    *self,
           const TgMeasured *after)
{
  for (guint p = self->n_drawn; p < self->points->n_points; p++)
    {
      if (self->before.errors[p] == 0 && after->errors[p] > 0)
        return TRUE;
    }

  return FALSE;
}

/* The form, but what is written where that is infinite or nan: a number must not become that. */
static TgFormula *
guard (const TgFormula *written,
       const TgFormula *form)
{
  TgFormula *self = tg_formula_copy (form);
  guint last = form->items->len - 1;
  guint condition = tg_formula_add_apply (self, TG_OP_ISFINITE, &last, 1);
  guint other = tg_formula_append (self, written);
  guint inputs[] = { condition, last, other };

  tg_formula_add_apply (self, TG_OP_WHERE, inputs, 3);

  return self;
}

/* Measures the form, which is guarded where it needs to be; whether it is. */
static gboolean
measure_guarded (const TgJudge  *self,
                 TgFormula     **form,
                 TgMeasured     *measured)
{
  TgFormula *guarded;

  measure (self, *form, measured);
  if (!has_poles (self, measured))
    return FALSE;

  guarded = guard (self->written, *form);
  tg_formula_free (*form);
  *form = guarded;
  measured_clear (measured);
  measure (self, *form, measured);

  return TRUE;
}

static gboolean
is_accepted (const TgJudge    *self,
             const TgMeasured *after,
             double            min_gain)
{
  const TgMeasured *before = &self->before;
  double allowed = before->mean - after->mean > LARGE_GAIN ? RIGHT + 1 : RIGHT;
  guint n_worse = 0;

  if (after->n_known == 0
      || after->mean > before->mean - MAX (min_gain, before->mean / MIN_PART))
    return FALSE;

  for (guint p = 0; p < self->points->n_points; p++)
    {
      if (before->errors[p] <= RIGHT && after->errors[p] > before->errors[p] + MAX_LOSS
          && after->errors[p] > allowed)
        {
          n_worse++;
          if (allowed == RIGHT || after->errors[p] > MAX_CHANCE)
            return FALSE;
        }
    }

  return n_worse * CHANCE <= after->n_known;
}

static TgOpId
get_root (const TgFormula *formula)
{
  const TgFormulaItem *root = &g_array_index (formula->items, TgFormulaItem,
                                              formula->items->len - 1);

  return root->kind == TG_FORMULA_APPLY ? root->op : TG_N_OPS;
}

/* A square that is written does not become a sum: that may be negative where its terms cancel,
 * which hardly any of the points show. */
static gboolean
loses_square (const TgFormula *written,
              const TgFormula *form)
{
  TgOpId root = get_root (form);

  return get_root (written) == TG_OP_SQUARE && (root == TG_OP_ADD || root == TG_OP_SUBTRACT);
}

gboolean
tg_judge_accepts (const TgJudge  *self,
                  TgFormula     **form,
                  double         *error)
{
  g_auto (TgMeasured) after = { 0 };
  gboolean is_guarded = measure_guarded (self, form, &after);

  *error = after.mean;

  return !loses_square (self->written, *form)
         && is_accepted (self, &after,
                         is_guarded && self->spares_guards ? LARGE_GAIN : MIN_GAIN);
}
