/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

/* The loops of operators that select, a part of tg-cpu-loops-private.h. */

/* Of elements side by side, so many are walked along at a time. */
#define COLUMNS 512

/* A count of elements, of the size of theirs, so that it fills as many vectors; and as many as are
 * counted. */
#define COUNT_OF(A) __typeof__ (__builtin_choose_expr (sizeof (A) < 8, (gint32) 0, (gint64) 0))
#define COUNTED (1024 * 1024)

/* Operands: position, x.  At each it walks along an axis; where it holds, x becomes acc.  Where
 * elements follow each other along the axis, each lane finds its own, and the first of those that
 * are the best is taken. */
#define SELECT(name, A, holds)                                                \
static inline bool                                                            \
name##_holds (A acc,                                                          \
              A x)                                                            \
{                                                                             \
  return holds;                                                               \
}                                                                             \
                                                                              \
static gint64                                                                 \
name##_lanes (gsize             count,                                        \
              const STORED (A) *x,                                            \
              A                *best)                                         \
{                                                                             \
  A lanes[LANES], others[LANES], found;                                       \
  COUNT_OF (A) places[LANES] = { 0 }, first = COUNTED;                        \
                                                                              \
  memcpy (lanes, x, sizeof lanes);                                            \
  for (gsize i = LANES; i < count; i += LANES)                                \
    for (gsize k = 0; k < LANES; k++)                                         \
      {                                                                       \
        const A y = x[i + k];                                                 \
        const bool is_better = name##_holds (lanes[k], y);                    \
                                                                              \
        lanes[k] = is_better ? y : lanes[k];                                  \
        places[k] = is_better ? (COUNT_OF (A)) i : places[k];                 \
      }                                                                       \
                                                                              \
  memcpy (others, lanes, sizeof others);                                      \
  for (gsize n = LANES / 2; n > 0; n /= 2)                                    \
    for (gsize k = 0; k < n; k++)                                             \
      others[k] = name##_holds (others[k], others[k + n]) ? others[k + n] : others[k]; \
                                                                              \
  *best = found = others[0];                                                  \
  for (gsize k = 0; k < LANES; k++)                                           \
    {                                                                         \
      const bool is_worse = name##_holds (lanes[k], found);                   \
      const COUNT_OF (A) place = is_worse ? COUNTED : places[k] + (COUNT_OF (A)) k; \
                                                                              \
      first = place < first ? place : first;                                  \
    }                                                                         \
                                                                              \
  return first;                                                               \
}                                                                             \
                                                                              \
static gint64                                                                 \
name##_row (const char            *elements,                                  \
            const TgReferenceAxis *axis)                                      \
{                                                                             \
  const STORED (A) *x = (const STORED (A) *) (gconstpointer) elements;        \
  A acc = *x, best;                                                           \
  gint64 position = 0, i = 0;                                                 \
                                                                              \
  while (axis->stride == sizeof (A) && i + 2 * LANES <= axis->size)           \
    {                                                                         \
      gsize n = (gsize) MIN (axis->size - i, COUNTED) / LANES * LANES;        \
      gint64 first = name##_lanes (n, x + i, &best);                          \
                                                                              \
      if (name##_holds (acc, best))                                           \
        {                                                                     \
          acc = best;                                                         \
          position = i + first;                                               \
        }                                                                     \
      i += (gint64) n;                                                        \
    }                                                                         \
  for (; i < axis->size; i++)                                                 \
    {                                                                         \
      const A y = *(const A *) (gconstpointer) (elements + i * axis->stride); \
                                                                              \
      if (name##_holds (acc, y))                                              \
        {                                                                     \
          acc = y;                                                            \
          position = i;                                                       \
        }                                                                     \
    }                                                                         \
                                                                              \
  return position;                                                            \
}                                                                             \
                                                                              \
static void                                                                   \
name##_columns (gsize                  n,                                     \
                gint64                *positions,                             \
                const char            *elements,                              \
                const TgReferenceAxis *axis)                                  \
{                                                                             \
  A best[COLUMNS];                                                            \
                                                                              \
  memcpy (best, elements, n * sizeof (A));                                    \
  memset (positions, 0, n * sizeof (gint64));                                 \
  for (gint64 i = 1; i < axis->size; i++)                                     \
    {                                                                         \
      const A *x = (const A *) (gconstpointer) (elements + i * axis->stride); \
                                                                              \
      for (gsize k = 0; k < n; k++)                                           \
        {                                                                     \
          const bool is_better = name##_holds (best[k], x[k]);                \
                                                                              \
          best[k] = is_better ? x[k] : best[k];                               \
          positions[k] = is_better ? i : positions[k];                        \
        }                                                                     \
    }                                                                         \
}                                                                             \
                                                                              \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides,                                                  \
      gpointer      user_data)                                                \
{                                                                             \
  const TgReferenceAxis *axis = user_data;                                    \
  gsize step = strides[1] == sizeof (A) ? COLUMNS : 1;                        \
  gint64 positions[COLUMNS];                                                  \
                                                                              \
  for (gsize first = 0; first < count; first += step)                         \
    {                                                                         \
      const char *elements = data[1] + (gint64) first * strides[1];           \
      gsize n = MIN (step, count - first);                                    \
                                                                              \
      if (n > 1)                                                              \
        name##_columns (n, positions, elements, axis);                        \
      else                                                                    \
        positions[0] = name##_row (elements, axis);                           \
      for (gsize i = 0; i < n; i++)                                           \
        memcpy (data[0] + (gint64) (first + i) * strides[0], &positions[i],   \
                sizeof (gint64));                                             \
    }                                                                         \
}
