/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-kernels-private.h"

#include "tgk.h"

/* The loops of the operators for this backend: what opgen.py writes of the declarations calls these
 * macros, as it does those of the reference backend, whose kernels compute the same bits.  The file
 * is compiled once for each instruction set.  Elements follow each other in memory, and each is
 * written where others of the same place may have been read: no step depends on one before it. */

#define LOOP _Pragma ("GCC ivdep") for (gsize i = 0; i < count; i++)

/* A boolean is read as a byte: of loops that read it as what it is, GCC 12 makes no vectors. */
#define STORED(T) __typeof__ (_Generic ((T) 0, bool: (guint8) 0, default: (T) 0))
#define INPUT(T, k) const STORED (T) *in##k = (const STORED (T) *) (gconstpointer) data[k]

#define BEGIN_LOOP(name, R)                                                   \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides G_GNUC_UNUSED,                                    \
      gpointer      user_data G_GNUC_UNUSED)                                  \
{                                                                             \
  R *out = (R *) (gpointer) data[0];

/* Of a few kernels a rare branch keeps compilers from making vectors, or takes time: where no
 * element of a block is in it, they are called without.  IS_AMONG is 1 where the macro is defined,
 * and IS_RARE says which elements are in the branch. */
#define MODERATE_exp_f64 0, 1, tgk_exp_is_far_f64
#define MODERATE_logsumexp_f32 0, 1, tgk_exp_is_far_f64
#define MODERATE_logsumexp_f64 0, 1, tgk_exp_is_far_f64
#define MODERATE_sin_f32 0, 1, is_huge_f32
#define MODERATE_sin_f64 0, 1, tgk_trig_is_huge_f64
#define MODERATE_cos_f32 0, 1, is_huge_f32
#define MODERATE_cos_f64 0, 1, tgk_trig_is_huge_f64
#define MODERATE_tan_f32 0, 1, tgk_trig_is_huge_f64
#define MODERATE_tan_f64 0, 1, tgk_trig_is_huge_f64
#define IS_AMONG(...) IS_AMONG_SECOND (__VA_ARGS__, 0, 0)
#define IS_AMONG_SECOND(first, second, ...) second
#define IS_RARE(...) IS_RARE_THIRD (__VA_ARGS__, 0, tgk_isnan_f64, 0)
#define IS_RARE_THIRD(first, second, third, ...) third

#define MODERATE(word, dtype, x)                                              \
  (is_moderate ? tgk_##word##_moderate_##dtype (x) : (tgk_##word##_##dtype) (x))
#define tgk_exp_f64(x) MODERATE (exp, f64, x)
#define tgk_sin_f64(x) MODERATE (sin, f64, x)
#define tgk_cos_f64(x) MODERATE (cos, f64, x)
#define tgk_tan_f64(x) MODERATE (tan, f64, x)
#define tgk_sin_f32(x) MODERATE (sin, f32, x)
#define tgk_cos_f32(x) MODERATE (cos, f32, x)
#define tgk_tan_f32(x)                                                        \
  (is_moderate ? (float) tgk_tan_single_moderate_f64 (x) : (tgk_tan_f32) (x))

static inline bool
is_huge_f32 (double x)
{
  return tgk_trig_is_huge_f32 ((float) x);
}

#define ELEMENTWISE_1(name, R, result, A, a)                                  \
BEGIN_LOOP (name, R)                                                          \
  INPUT (A, 1);                                                               \
  gsize n_moderate = 0;                                                       \
                                                                              \
  for (gsize i = 0; IS_AMONG (MODERATE_##name) && i < count; i++)             \
    n_moderate += !IS_RARE (MODERATE_##name) ((double) in1[i]);               \
                                                                              \
  if (IS_AMONG (MODERATE_##name) && n_moderate == count)                      \
    {                                                                         \
      const bool is_moderate G_GNUC_UNUSED = true;                            \
      ELEMENTWISE_1_LOOP (result, A, a)                                       \
    }                                                                         \
  else                                                                        \
    {                                                                         \
      const bool is_moderate G_GNUC_UNUSED = false;                           \
      ELEMENTWISE_1_LOOP (result, A, a)                                       \
    }                                                                         \
}

#define ELEMENTWISE_1_LOOP(result, A, a)                                      \
  LOOP                                                                        \
    {                                                                         \
      const A a = in1[i];                                                     \
      out[i] = result;                                                        \
    }

#define ELEMENTWISE_2(name, R, result, A, a, B, b)                            \
BEGIN_LOOP (name, R)                                                          \
  INPUT (A, 1);                                                               \
  INPUT (B, 2);                                                               \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const A a = in1[i];                                                     \
      const B b G_GNUC_UNUSED = in2[i];                                       \
      out[i] = result;                                                        \
    }                                                                         \
}

#define ELEMENTWISE_3(name, R, result, A, a, B, b, C, c)                      \
BEGIN_LOOP (name, R)                                                          \
  INPUT (A, 1);                                                               \
  INPUT (B, 2);                                                               \
  INPUT (C, 3);                                                               \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const A a = in1[i];                                                     \
      const B b G_GNUC_UNUSED = in2[i];                                       \
      const C c G_GNUC_UNUSED = in3[i];                                       \
      out[i] = result;                                                        \
    }                                                                         \
}

#define ELEMENTWISE_4(name, R, result, A, a, B, b, C, c, D, d)                \
BEGIN_LOOP (name, R)                                                          \
  INPUT (A, 1);                                                               \
  INPUT (B, 2);                                                               \
  INPUT (C, 3);                                                               \
  INPUT (D, 4);                                                               \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const A a = in1[i];                                                     \
      const B b = in2[i];                                                     \
      const C c = in3[i];                                                     \
      const D d = in4[i];                                                     \
      out[i] = result;                                                        \
    }                                                                         \
}

/* Of a sum along the elements, so many are added at a time, whatever the width of vectors is: the
 * order is the same for all instruction sets, and no addition waits for the one before it. */
#define LANES 32

#define BEGIN_FOLD(name, ACC, A)                                              \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides,                                                  \
      gpointer      user_data G_GNUC_UNUSED)                                  \
{                                                                             \
  ACC *out = (ACC *) (gpointer) data[0];                                      \
  INPUT (A, 1);

/* Operands: accumulator, x.  Where the accumulator stays in its place, lanes are combined as
 * elements are; or else accumulators follow each other. */
#define FOLD(name, ACC, A, result)                                            \
static inline ACC                                                             \
name##_combine (ACC acc,                                                      \
                ACC x)                                                        \
{                                                                             \
  return result;                                                              \
}                                                                             \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  gsize n_whole = count < 2 * LANES ? 0 : count - count % LANES;              \
  ACC lanes[LANES];                                                           \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      LOOP                                                                    \
        out[i] = name##_combine (out[i], (ACC) in1[i]);                       \
      return;                                                                 \
    }                                                                         \
                                                                              \
  for (gsize k = 0; n_whole > 0 && k < LANES; k++)                            \
    lanes[k] = (ACC) in1[k];                                                  \
  for (gsize i = LANES; i < n_whole; i += LANES)                              \
    for (gsize k = 0; k < LANES; k++)                                         \
      lanes[k] = name##_combine (lanes[k], (ACC) in1[i + k]);                 \
  for (gsize k = 0; n_whole > 0 && k < LANES; k++)                            \
    *out = name##_combine (*out, lanes[k]);                                   \
  for (gsize i = n_whole; i < count; i++)                                     \
    *out = name##_combine (*out, (ACC) in1[i]);                               \
}

/* The same, of a sum: what its roundings lose is summed beside it; that is nan once the sum is
 * infinite.  Where an accumulator stays in its place there may be a third operand, which has what
 * was lost so far and takes what is.  (D. E. Knuth, "The Art of Computer Programming", volume 2,
 * section 4.2.2.) */
static inline double
add_exactly (double  sum,
             double  x,
             double *lost)
{
  double result = sum + x;

  *lost += (sum - (result - (result - sum))) + (x - (result - sum));

  return result;
}

#define FOLD_SUM(name, ACC, A)                                                \
BEGIN_FOLD (name, ACC, A)                                                     \
  gsize n_whole = count < 2 * LANES ? 0 : count - count % LANES;              \
  ACC *given = (ACC *) (gpointer) data[2];                                    \
  ACC sum = *out, lanes[LANES], lost[LANES] = { 0 };                          \
  ACC rest = strides[0] == 0 && given != NULL ? *given : 0;                   \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      LOOP                                                                    \
        out[i] += (ACC) in1[i];                                               \
      return;                                                                 \
    }                                                                         \
                                                                              \
  for (gsize k = 0; n_whole > 0 && k < LANES; k++)                            \
    lanes[k] = (ACC) in1[k];                                                  \
  for (gsize i = LANES; i < n_whole; i += LANES)                              \
    for (gsize k = 0; k < LANES; k++)                                         \
      lanes[k] = add_exactly (lanes[k], (ACC) in1[i + k], &lost[k]);          \
  for (gsize k = 0; n_whole > 0 && k < LANES; k++)                            \
    {                                                                         \
      sum = add_exactly (sum, lanes[k], &rest);                               \
      rest += lost[k];                                                        \
    }                                                                         \
  for (gsize i = n_whole; i < count; i++)                                     \
    sum = add_exactly (sum, (ACC) in1[i], &rest);                             \
                                                                              \
  *out = given == NULL && rest == rest ? sum + rest : sum;                    \
  if (given != NULL)                                                          \
    *given = rest;                                                            \
}

/* Operands: result, accumulator; user_data is the number of elements that were folded. */
#define FINISH(name, ACC, R, result)                                          \
BEGIN_LOOP (name##_finish, R)                                                 \
  const ACC n G_GNUC_UNUSED = (ACC) *(const gsize *) user_data;               \
  INPUT (ACC, 1);                                                             \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = in1[i];                                                 \
      out[i] = (R) (result);                                                  \
    }                                                                         \
}

/* The same, of sums of what knows the result of a first pass.  Operands: accumulator, x, center;
 * result, accumulator, center. */
#define FOLD_CENTERED(name, ACC, A, result)                                   \
static gsize                                                                  \
name##_count_moderate (gsize      count,                                      \
                       const A   *x,                                          \
                       const ACC *center,                                     \
                       gsize      step)                                       \
{                                                                             \
  gsize n = 0;                                                                \
                                                                              \
  for (gsize i = 0; IS_AMONG (MODERATE_##name) && i < count; i++)             \
    n += !IS_RARE (MODERATE_##name) ((ACC) x[i] - center[step * i]);          \
                                                                              \
  return n;                                                                   \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_add (gsize        count,                                               \
            ACC         *out,                                                 \
            const A     *in1,                                                 \
            const ACC   *in2,                                                 \
            const bool   is_moderate G_GNUC_UNUSED)                           \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = out[i];                                                 \
      const ACC x = (ACC) in1[i];                                             \
      const ACC center = in2[i];                                              \
      out[i] = result;                                                        \
    }                                                                         \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_find_terms (gsize        count,                                        \
                   ACC         *terms,                                        \
                   const A     *in1,                                          \
                   const ACC    center,                                       \
                   const bool   is_moderate G_GNUC_UNUSED)                    \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = 0;                                                      \
      const ACC x = (ACC) in1[i];                                             \
      terms[i] = result;                                                      \
    }                                                                         \
}                                                                             \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  INPUT (ACC, 2);                                                             \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      if (IS_AMONG (MODERATE_##name)                                          \
          && name##_count_moderate (count, in1, in2, 1) == count)             \
        name##_add (count, out, in1, in2, true);                              \
      else                                                                    \
        name##_add (count, out, in1, in2, false);                             \
      return;                                                                 \
    }                                                                         \
                                                                              \
  for (gsize first = 0; first < count; first += TERMS)                        \
    {                                                                         \
      gsize n = MIN (TERMS, count - first);                                   \
      ACC terms[TERMS];                                                       \
                                                                              \
      if (IS_AMONG (MODERATE_##name)                                          \
          && name##_count_moderate (n, in1 + first, in2, 0) == n)             \
        name##_find_terms (n, terms, in1 + first, *in2, true);                \
      else                                                                    \
        name##_find_terms (n, terms, in1 + first, *in2, false);               \
      for (gsize i = n; i % LANES != 0; i++)                                  \
        terms[i] = 0;                                                         \
      *out += add_terms (terms, n);                                           \
    }                                                                         \
}

#define TERMS (8 * LANES)

static inline double
add_terms (const double *terms,
           gsize         n)
{
  double lanes[LANES] = { 0 }, sum = 0;

  for (gsize i = 0; i < n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      lanes[k] += terms[i + k];
  for (gsize k = 0; k < LANES; k++)
    sum += lanes[k];

  return sum;
}

#define FINISH_CENTERED(name, ACC, R, result)                                 \
BEGIN_LOOP (name##_finish, R)                                                 \
  INPUT (ACC, 1);                                                             \
  INPUT (ACC, 2);                                                             \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = in1[i];                                                 \
      const ACC center = in2[i];                                              \
      out[i] = (R) (result);                                                  \
    }                                                                         \
}

/* Of elements side by side, so many are walked along at a time. */
#define COLUMNS 512

/* A count of steps, of the size of the elements, so that they fill as many vectors. */
#define STEP_OF(A) __typeof__ (__builtin_choose_expr (sizeof (A) < 8, (gint32) 0, (gint64) 0))

/* Operands: position, x.  At each it walks along an axis; where it holds, x becomes acc.  Where
 * elements follow each other along the axis, each lane finds its own, and the first of the best is
 * taken of these; a lane must not count further than STEP_OF. */
#define SELECT(name, A, holds)                                                \
static inline bool                                                            \
name##_holds (A acc,                                                          \
              A x)                                                            \
{                                                                             \
  return holds;                                                               \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_take (A      *acc,                                                     \
             gint64 *position,                                                \
             A       x,                                                       \
             gint64  i)                                                       \
{                                                                             \
  if (name##_holds (*acc, x) || (i < *position && !name##_holds (x, *acc)))   \
    {                                                                         \
      *acc = x;                                                               \
      *position = i;                                                          \
    }                                                                         \
}                                                                             \
                                                                              \
static void                                                                   \
name##_lanes (const A *x,                                                     \
              gsize    n_steps,                                               \
              A       *acc,                                                   \
              gint64  *position,                                              \
              gint64   first)                                                 \
{                                                                             \
  A lanes[LANES];                                                             \
  STEP_OF (A) steps[LANES] = { 0 };                                           \
                                                                              \
  memcpy (lanes, x, sizeof lanes);                                            \
  for (gsize i = 1; i < n_steps; i++)                                         \
    for (gsize k = 0; k < LANES; k++)                                         \
      {                                                                       \
        const A y = x[i * LANES + k];                                         \
        const bool is_better = name##_holds (lanes[k], y);                    \
                                                                              \
        lanes[k] = is_better ? y : lanes[k];                                  \
        steps[k] = is_better ? (STEP_OF (A)) i : steps[k];                    \
      }                                                                       \
  for (gint64 k = 0; k < LANES; k++)                                          \
    name##_take (acc, position, lanes[k], first + steps[k] * LANES + k);      \
}                                                                             \
                                                                              \
static gint64                                                                 \
name##_row (const char            *elements,                                  \
            const TgReferenceAxis *axis)                                      \
{                                                                             \
  const A *x = (const A *) (gconstpointer) elements;                          \
  A acc = *x;                                                                 \
  gint64 position = 0, i = 0;                                                 \
                                                                              \
  while (axis->stride == sizeof (A) && i + 2 * LANES <= axis->size)           \
    {                                                                         \
      gint64 n_steps = MIN ((axis->size - i) / LANES, G_MAXINT32);            \
                                                                              \
      name##_lanes (x + i, (gsize) n_steps, &acc, &position, i);              \
      i += n_steps * LANES;                                                   \
    }                                                                         \
  for (; i < axis->size; i++)                                                 \
    name##_take (&acc, &position,                                             \
                 *(const A *) (gconstpointer) (elements + i * axis->stride), i); \
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

/* Sums of products are computed otherwise. */
#define CONTRACT(name, ACC, A, result) enum { name };
