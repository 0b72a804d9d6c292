/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-range-private.h"

#include <math.h>

#include "tg-scalar-private.h"

/* Interval arithmetic (R. E. Moore, "Interval Analysis", 1966), on the ends of ranges alone; ends
 * that were computed are moved outward by more than the kernels are wrong. */

static double
move_down (double end)
{
  for (guint i = 0; i < 4; i++)
    end = nextafter (end, -INFINITY);

  return end;
}

static double
move_up (double end)
{
  return -move_down (-end);
}

static gboolean
is_whole (double number)
{
  return fabs (number) < 9007199254740992.0 && number == floor (number);
}

TgRange
tg_range_of_number (double number)
{
  return isnan (number) ? TG_RANGE_ALL
                        : (TgRange) { number, number, number != 0, is_whole (number) };
}

TgRange
tg_range_intersect (TgRange a,
                    TgRange b)
{
  TgRange both = {
    MAX (a.low, b.low), MIN (a.high, b.high), a.is_nonzero || b.is_nonzero,
    a.is_integer || b.is_integer,
  };

  return both.low <= both.high ? both : a;
}

static TgRange
unite (TgRange a,
       TgRange b)
{
  return (TgRange) {
    MIN (a.low, b.low), MAX (a.high, b.high),
    tg_range_excludes_zero (a) && tg_range_excludes_zero (b), a.is_integer && b.is_integer,
  };
}

/* What an end of a sum or a product is where it is nan, as of inf - inf: nothing is known. */
static TgRange
make_range (double   low,
            double   high,
            gboolean is_nonzero,
            gboolean is_integer)
{
  return (TgRange) { isnan (low) ? -INFINITY : low, isnan (high) ? INFINITY : high, is_nonzero,
                     is_integer };
}

static TgRange
add (TgRange a,
     TgRange b)
{
  double low = a.low + b.low, high = a.high + b.high;
  gboolean is_exact = a.is_integer && b.is_integer && is_whole (low) && is_whole (high);
  gboolean above = a.low >= 0 && b.low >= 0, below = a.high <= 0 && b.high <= 0;
  gboolean is_nonzero = (above || below)
                        && (tg_range_excludes_zero (a) || tg_range_excludes_zero (b));

  if (!is_exact)
    {
      low = above ? MAX (move_down (low), 0) : move_down (low);
      high = below ? MIN (move_up (high), 0) : move_up (high);
    }

  return make_range (low, high, is_nonzero, a.is_integer && b.is_integer);
}

static TgRange
negate (TgRange a)
{
  return (TgRange) { -a.high, -a.low, a.is_nonzero, a.is_integer };
}

/* 0 * inf is 0 here: an end that is infinite stands for numbers that are not. */
static double
multiply_ends (double a,
               double b)
{
  return a == 0 || b == 0 ? 0 : a * b;
}

static TgRange
multiply (TgRange a,
          TgRange b)
{
  double ends[4] = {
    multiply_ends (a.low, b.low), multiply_ends (a.low, b.high),
    multiply_ends (a.high, b.low), multiply_ends (a.high, b.high),
  };
  double low = ends[0], high = ends[0];
  gboolean is_integer = a.is_integer && b.is_integer;

  for (guint i = 1; i < 4; i++)
    {
      low = MIN (low, ends[i]);
      high = MAX (high, ends[i]);
    }

  if (!is_integer)
    {
      low = low >= 0 ? MAX (move_down (low), 0) : move_down (low);
      high = high <= 0 ? MIN (move_up (high), 0) : move_up (high);
    }

  return make_range (low, high, tg_range_excludes_zero (a) && tg_range_excludes_zero (b),
                     is_integer);
}

static TgRange
invert (TgRange a)
{
  if (a.low >= 0 || a.high <= 0)
    {
      double low = a.high == 0 ? -INFINITY : 1 / a.high;
      double high = a.low == 0 ? INFINITY : 1 / a.low;

      return make_range (low >= 0 ? MAX (move_down (low), 0) : move_down (low),
                         high <= 0 ? MIN (move_up (high), 0) : move_up (high), TRUE, FALSE);
    }

  return make_range (-INFINITY, INFINITY, TRUE, FALSE);
}

static TgRange
magnitude (TgRange a)
{
  double low = a.low > 0 ? a.low : a.high < 0 ? -a.high : 0;

  return (TgRange) { low, MAX (fabs (a.low), fabs (a.high)), a.is_nonzero, a.is_integer };
}

static TgRange
power (TgRange base,
       TgRange exponent)
{
  if (exponent.low == exponent.high && is_whole (exponent.low) && fmod (exponent.low, 2) == 0)
    return (TgRange) { 0, INFINITY, tg_range_excludes_zero (base), base.is_integer
                                                                     && exponent.low >= 0 };

  if (base.low >= 0)
    return (TgRange) { 0, INFINITY, tg_range_excludes_zero (base), FALSE };

  return TG_RANGE_ALL;
}

static TgRange
pick_larger (TgRange a,
             TgRange b)
{
  return (TgRange) { MAX (a.low, b.low), MAX (a.high, b.high),
                     tg_range_excludes_zero (a) && tg_range_excludes_zero (b),
                     a.is_integer && b.is_integer };
}

/* Of a function that only rises or only falls, from its kernel. */
static TgRange
apply_monotone (const TgOpInfo *op,
                TgRange         input)
{
  gboolean falls = strcmp (op->monotone, "decreasing") == 0;
  double ends[2] = { falls ? input.high : input.low, falls ? input.low : input.high };
  TgRange range = TG_RANGE_ALL;

  for (guint i = 0; i < 2; i++)
    ends[i] = tg_scalar_apply (tg_op_info_get_id (op), TG_DTYPE_FLOAT64, &ends[i]);

  range.low = isnan (ends[0]) ? -INFINITY : ends[0] == 0 ? 0 : move_down (ends[0]);
  range.high = isnan (ends[1]) ? INFINITY : ends[1] == 0 ? 0 : move_up (ends[1]);
  /* A result of 0 may be one that was too small. */
  if (range.low == 0 && !(ends[0] == 0 && input.low == 0))
    range.low = -G_MINDOUBLE;
  if (range.high == 0 && !(ends[1] == 0 && input.high == 0))
    range.high = G_MINDOUBLE;

  return range;
}

/* The range that is declared, such as “(0, inf)”: a round bracket leaves the end out. */
static TgRange
read_declared (const char *text)
{
  TgRange range;
  char *rest;

  range.low = g_ascii_strtod (text + 1, &rest);
  range.high = g_ascii_strtod (rest + 1, &rest);
  range.is_nonzero = (range.low == 0 && text[0] == '(') || (range.high == 0 && rest[0] == ')');
  range.is_integer = FALSE;

  return range;
}

static TgRange
apply_elementwise (const TgOpInfo *op,
                   const TgRange  *inputs)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_ADD:
      return add (inputs[0], inputs[1]);
    case TG_OP_SUBTRACT:
      return add (inputs[0], negate (inputs[1]));
    case TG_OP_MULTIPLY:
      return multiply (inputs[0], inputs[1]);
    case TG_OP_DIVIDE:
      return multiply (inputs[0], invert (inputs[1]));
    case TG_OP_RECIPROCAL:
      return invert (inputs[0]);
    case TG_OP_NEGATIVE:
      return negate (inputs[0]);
    case TG_OP_ABS:
      return magnitude (inputs[0]);
    case TG_OP_SQUARE:
      return multiply (magnitude (inputs[0]), magnitude (inputs[0]));
    case TG_OP_POW:
      return power (inputs[0], inputs[1]);
    case TG_OP_MAXIMUM:
      return pick_larger (inputs[0], inputs[1]);
    case TG_OP_MINIMUM:
      return negate (pick_larger (negate (inputs[0]), negate (inputs[1])));
    case TG_OP_WHERE:
      return unite (inputs[1], inputs[2]);
    case TG_OP_POSITIVE:
    case TG_OP_STOP_GRADIENT:
    case TG_OP_ZERO_GRAD:
    case TG_OP_UNDEFINED_GRAD:
    case TG_OP_GRAD_CLIP:
    case TG_OP_REAL:
    case TG_OP_CONJ:
      return inputs[0];
    case TG_OP_FLOOR:
    case TG_OP_CEIL:
    case TG_OP_TRUNC:
    case TG_OP_ROUND:
    case TG_OP_ROUND_HALF_AWAY_FROM_ZERO:
      return (TgRange) { floor (inputs[0].low), ceil (inputs[0].high), FALSE, TRUE };
    default:
      return op->monotone != NULL ? apply_monotone (op, inputs[0]) : TG_RANGE_ALL;
    }
}

static TgRange
apply_reduction (const TgOpInfo *op,
                 TgRange         input)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_SUM:
    case TG_OP_CUMULATIVE_SUM:
      /* There may be no elements, or many. */
      return (TgRange) { input.low >= 0 ? 0 : -INFINITY, input.high <= 0 ? 0 : INFINITY, FALSE,
                         input.is_integer };
    case TG_OP_PROD:
    case TG_OP_CUMULATIVE_PROD:
      return input.low >= 0 ? (TgRange) { 0, INFINITY, tg_range_excludes_zero (input), FALSE }
                            : TG_RANGE_ALL;
    case TG_OP_MEAN:
      return (TgRange) { input.low, input.high, input.low >= 0 && input.is_nonzero, FALSE };
    case TG_OP_MAX:
    case TG_OP_MIN:
      return input;
    default:
      return TG_RANGE_ALL;
    }
}

/* Of an operator that moves elements and computes none. */
static TgRange
apply_layout (const TgOpInfo *op,
              const TgRange  *inputs,
              guint           n_inputs)
{
  TgRange range = inputs[0];

  switch (tg_op_info_get_id (op))
    {
    case TG_OP_SUM_TO:
      return apply_reduction (&tg_ops[TG_OP_SUM], range);
    case TG_OP_UNINDEX:
    case TG_OP_UNSLICE:
    case TG_OP_UNDIAGONAL:
      return unite (range, tg_range_of_number (0));
    case TG_OP_UNTAKE:
    case TG_OP_UNTAKE_ALONG_AXIS:
    case TG_OP_UNTAKE_ND:
      return unite (apply_reduction (&tg_ops[TG_OP_SUM], range), tg_range_of_number (0));
    default:
      for (guint i = 1; op->variadic && i < n_inputs; i++)
        range = unite (range, inputs[i]);
      return range;
    }
}

static TgRange
apply_opaque (const TgOpInfo *op,
              const TgRange  *inputs)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_FULL:
      return inputs[1];
    case TG_OP_SORT:
    case TG_OP_WITH_GRADIENT:
      return inputs[0];
    case TG_OP_ZEROS:
      return tg_range_of_number (0);
    case TG_OP_ONES:
      return tg_range_of_number (1);
    default:
      return TG_RANGE_ALL;
    }
}

TgRange
tg_range_apply (const TgOpInfo *op,
                const TgRange  *inputs,
                guint           n_inputs)
{
  TgRange range = TG_RANGE_ALL;

  if (op->form == TG_FORM_ELEMENTWISE)
    range = apply_elementwise (op, inputs);
  else if (op->form == TG_FORM_REDUCE)
    range = apply_reduction (op, inputs[0]);
  else if (op->form == TG_FORM_LAYOUT)
    range = apply_layout (op, inputs, n_inputs);
  else if (op->form == TG_FORM_OPAQUE)
    range = apply_opaque (op, inputs);

  if (op->range != NULL)
    range = tg_range_intersect (range, read_declared (op->range));

  if (op->rule == TG_RULE_COMPARE || op->rule == TG_RULE_CLASSIFY || op->rule == TG_RULE_LOGICAL)
    range = tg_range_intersect (range, (TgRange) { 0, 1, FALSE, TRUE });
  else if (op->rule == TG_RULE_INDEX || op->rule == TG_RULE_INT64)
    range = tg_range_intersect (range, (TgRange) { 0, INFINITY, FALSE, TRUE });

  return range;
}

gboolean
tg_range_proves (const TgOpInfo *op,
                 TgRange         left,
                 TgRange         right)
{
  TgRange difference = add (left, negate (right));

  switch (tg_op_info_get_id (op))
    {
    case TG_OP_GREATER:
      return left.low > right.high
             || (left.low >= right.high && right.low == 0 && right.high == 0 && left.is_nonzero);
    case TG_OP_GREATER_EQUAL:
      return left.low >= right.high;
    case TG_OP_LESS:
      return tg_range_proves (&tg_ops[TG_OP_GREATER], right, left)
             || (left.high <= 0 && right.low >= 0 && left.is_nonzero);
    case TG_OP_LESS_EQUAL:
      return left.high <= right.low;
    case TG_OP_NOT_EQUAL:
      return difference.low > 0 || difference.high < 0
             || (right.low == 0 && right.high == 0 && left.is_nonzero);
    case TG_OP_EQUAL:
      return left.low == left.high && right.low == right.high && left.low == right.low;
    default:
      return FALSE;
    }
}
