/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-sample-private.h"

/* Binades of float64 and float32 on each side of 1 from which points far away are drawn. */
#define FAR_DOUBLE 1022
#define FAR_FLOAT 126

/* Where all the floats count, of so many points one has each of its numbers from them. */
#define FAR_EVERY 3

/* Numbers that depend on their position alone (splitmix64: G. L. Steele et al., "Fast splittable
 * pseudorandom number generators", 2014). */
static guint64
draw_bits (guint seed,
           guint index,
           guint leaf,
           guint part)
{
  guint64 bits = ((guint64) seed << 40) ^ ((guint64) index << 16) ^ (leaf << 8) ^ part;

  bits = (bits + 1) * 0x9e3779b97f4a7c15;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9;
  bits = (bits ^ (bits >> 27)) * 0x94d049bb133111eb;

  return bits ^ (bits >> 31);
}

static double
draw_uniform (guint  seed,
              guint  index,
              guint  leaf,
              guint  part,
              double low,
              double high)
{
  double unit = (double) (draw_bits (seed, index, leaf, part) >> 11) * 0x1p-53;

  return low + unit * (high - low);
}

/* The magnitude of a point: people's numbers most often. */
static double
draw_magnitude (TgDType dtype,
                guint   seed,
                guint   index,
                guint   leaf,
                TgReach reach)
{
  double far = dtype == TG_DTYPE_FLOAT32 ? FAR_FLOAT : FAR_DOUBLE;
  double near;

  if (reach == TG_REACH_ALL && index % FAR_EVERY == 1)
    return exp2 (draw_uniform (seed, index, leaf, 0, -far, far));

  switch ((index + (3 + 5 * (index / 8)) * leaf) % 8)
    {
    case 0:
    case 3:
    case 5:
      return exp2 (draw_uniform (seed, index, leaf, 0, -5, 5));
    case 1:
      return exp2 (draw_uniform (seed, index, leaf, 0, -30, 0));
    case 4:
      return exp2 (draw_uniform (seed, index, leaf, 0, 0, 30));
    case 2:
      return exp2 (draw_uniform (seed, index, leaf, 0, -60, 60));
    case 6:
      near = exp2 (draw_uniform (seed, index, leaf, 0, dtype == TG_DTYPE_FLOAT32 ? -20 : -45, -3));
      return draw_bits (seed, index, leaf, 2) & 1 ? 1 + near : 1 - near;
    default:
      return exp2 (draw_uniform (seed, index, leaf, 0, -far, far));
    }
}

/* A point between finite ends: by binades, evenly, or near an end. */
static double
draw_between (TgRange range,
              guint   seed,
              guint   index,
              guint   leaf)
{
  double width = range.high - range.low, near;

  switch ((index + 3 * leaf) % 4)
    {
    case 0:
    case 2:
      if (range.low > 0)
        return exp2 (draw_uniform (seed, index, leaf, 3, log2 (range.low), log2 (range.high)));
      if (range.high < 0)
        return -exp2 (draw_uniform (seed, index, leaf, 3, log2 (-range.high),
                                    log2 (-range.low)));
      near = exp2 (draw_uniform (seed, index, leaf, 3, -30, 0));
      return draw_bits (seed, index, leaf, 4) & 1 ? range.high * near : range.low * near;
    case 1:
      return draw_uniform (seed, index, leaf, 3, range.low, range.high);
    default:
      near = width * exp2 (draw_uniform (seed, index, leaf, 3, -30, -1));
      return draw_bits (seed, index, leaf, 4) & 1 ? range.low + near : range.high - near;
    }
}

static double
draw_number (TgRange range,
             TgDType dtype,
             guint   seed,
             guint   index,
             guint   leaf,
             TgReach reach)
{
  double number = draw_magnitude (dtype, seed, index, leaf, reach);

  if (range.high <= 0 || (range.low < 0 && draw_bits (seed, index, leaf, 1) & 1))
    number = -number;

  if (number < range.low || number > range.high)
    {
      if (isfinite (range.low) && isfinite (range.high))
        number = draw_between (range, seed, index, leaf);
      else if (number < range.low)
        number = range.low + fabs (number) * MAX (fabs (range.low), 1);
      else
        number = range.high - fabs (number) * MAX (fabs (range.high), 1);
    }

  return range.is_integer ? round (number) : number;
}

void
tg_sample_draw (const TgRange *ranges,
                guint          n_leaves,
                TgDType        dtype,
                guint          seed,
                guint          index,
                TgReach        reach,
                double        *point)
{
  for (guint i = 0; i < n_leaves; i++)
    {
      double number = draw_number (ranges[i], dtype, seed, index, i, reach);

      /* Numbers that are nearly equal are where a difference loses its digits. */
      if (i > 0 && index % 3 == 2)
        {
          double near = exp2 (draw_uniform (seed, index, i, 5,
                                            dtype == TG_DTYPE_FLOAT32 ? -20 : -45, -4));
          double factor = draw_bits (seed, index, i, 7) & 1 ? 1 + near : 1 - near;
          double other = point[draw_bits (seed, index, i, 6) % i] * factor;

          if (other >= ranges[i].low && other <= ranges[i].high && !ranges[i].is_integer)
            number = other;
        }

      number = dtype == TG_DTYPE_FLOAT32 ? (double) (float) number : number;
      point[i] = number == 0 && ranges[i].is_nonzero ? 1 : number;
    }
}

TgSample *
tg_sample_new (TgDType dtype,
               guint   n_leaves,
               guint   n_points)
{
  TgSample *self = g_new (TgSample, 1);

  *self = (TgSample) { dtype, n_leaves, n_points, g_new0 (double, MAX (n_leaves * n_points, 1)) };

  return self;
}

TgSample *
tg_sample_new_drawn (const TgRange *ranges,
                     guint          n_leaves,
                     TgDType        dtype,
                     guint          seed,
                     guint          n_points,
                     TgReach        reach)
{
  TgSample *self = tg_sample_new (dtype, n_leaves, n_points);
  g_autofree double *point = g_new (double, MAX (n_leaves, 1));

  for (guint i = 0; i < n_points; i++)
    {
      tg_sample_draw (ranges, n_leaves, dtype, seed, i, reach, point);
      tg_sample_set (self, i, point);
    }

  return self;
}

void
tg_sample_free (TgSample *self)
{
  g_free (self->values);
  g_free (self);
}
