/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-terms-private.h"

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
#define MODERATE_sigmoid_f64 0, 1, tgk_exp_is_far_f64
#define MODERATE_log_f64 0, 1, tgk_log_is_far_f64
#define MODERATE_log1p_f64 0, 1, tgk_log1p_is_far_f64
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
#define tgk_sigmoid_f64(x) MODERATE (sigmoid, f64, x)
#define tgk_log_f64(x) MODERATE (log, f64, x)
#define tgk_log1p_f64(x) MODERATE (log1p, f64, x)
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

/* Along the elements so many are folded at a time, whatever the width of vectors is: the order is
 * the same for all instruction sets, and no step waits for the one before it.  (Of 16 or fewer GCC
 * makes no vectors, for it unrolls them first.) */
#define LANES 32

/* Rows that accumulators are read and written once for. */
#define ROWS 8

/* Of an operand whose elements follow each other, the same column of a row further on. */
#define ROW(x, k, stride) ((__typeof__ (x)) (gconstpointer) ((const char *) (x) + (k) * (stride)))

/* Folds rows of elements into accumulators that follow each other, one row after the other. */
#define DEFINE_COLUMNS(name, ACC, A)                                          \
static inline void                                                            \
name##_columns (gsize                   count,                                \
                ACC                    *out,                                  \
                const STORED (A)       *in1,                                  \
                const TgReferenceAxis  *rows)                                 \
{                                                                             \
  gint64 n_rows = rows != NULL ? rows->size : 1;                              \
  gint64 stride = rows != NULL ? rows->stride : 0;                            \
                                                                              \
  for (; n_rows >= ROWS; n_rows -= ROWS, in1 = ROW (in1, ROWS, stride))       \
    {                                                                         \
      const STORED (A) *x[ROWS];                                              \
                                                                              \
      for (gsize k = 0; k < ROWS; k++)                                        \
        x[k] = ROW (in1, (gint64) k, stride);                                 \
      LOOP                                                                    \
        {                                                                     \
          ACC acc = out[i];                                                   \
                                                                              \
          for (gsize k = 0; k < ROWS; k++)                                    \
            acc = name (acc, (ACC) x[k][i]);                                  \
          out[i] = acc;                                                       \
        }                                                                     \
    }                                                                         \
  for (; n_rows > 0; n_rows--, in1 = ROW (in1, 1, stride))                    \
    LOOP                                                                      \
      out[i] = name (out[i], (ACC) in1[i]);                                   \
}

/* What a multiple of LANES of elements make together. */
#define DEFINE_ROW(name, ACC, A)                                              \
static inline ACC                                                             \
name##_row (gsize             count,                                          \
            const STORED (A) *x)                                              \
{                                                                             \
  ACC lanes[LANES];                                                           \
                                                                              \
  for (gsize k = 0; k < LANES; k++)                                           \
    lanes[k] = (ACC) x[k];                                                    \
  for (gsize i = LANES; i < count; i += LANES)                                \
    for (gsize k = 0; k < LANES; k++)                                         \
      lanes[k] = name (lanes[k], (ACC) x[i + k]);                             \
  for (gsize n = LANES / 2; n > 0; n /= 2)                                    \
    for (gsize k = 0; k < n; k++)                                             \
      lanes[k] = name (lanes[k], lanes[k + n]);                               \
                                                                              \
  return lanes[0];                                                            \
}

#define DEFINE_STEP(name, ACC, result)                                        \
static inline ACC                                                             \
name (ACC acc,                                                                \
      ACC x)                                                                  \
{                                                                             \
  return result;                                                              \
}

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
 * elements are; or else accumulators follow each other, and user_data may be how to walk along rows
 * of elements. */
#define FOLD(name, ACC, A, result)                                            \
DEFINE_STEP (name##_step, ACC, result)                                        \
DEFINE_COLUMNS (name##_step, ACC, A)                                          \
DEFINE_ROW (name##_step, ACC, A)                                              \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  gsize n_whole = count < 2 * LANES ? 0 : count - count % LANES;              \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      name##_step_columns (count, out, in1, user_data);                       \
      return;                                                                 \
    }                                                                         \
                                                                              \
  if (n_whole > 0)                                                            \
    *out = name##_step (*out, name##_step_row (n_whole, in1));                \
  for (gsize i = n_whole; i < count; i++)                                     \
    *out = name##_step (*out, (ACC) in1[i]);                                  \
}

/* The same, of the best of numbers, where a nan is better than any: quick steps know that, and what
 * is better among others, but not which of two zeros.  Where the best is one, all is done again. */
#define FOLD_BEST(name, ACC, A, result, is_better)                            \
DEFINE_STEP (name##_quick, ACC,                                               \
             ({ const ACC best = is_better ? x : acc; x != x ? x : best; }))  \
DEFINE_COLUMNS (name##_quick, ACC, A)                                         \
DEFINE_ROW (name##_quick, ACC, A)                                             \
FOLD (name##_exact, ACC, A, result)                                           \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  gsize n_whole = strides[0] != 0 ? count : count - count % LANES;            \
  gsize n_zeros = 0;                                                          \
  ACC best = 0;                                                               \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      name##_quick_columns (count, out, in1, user_data);                      \
      for (gsize i = 0; i < count; i++)                                       \
        n_zeros += out[i] == 0;                                               \
      if (n_zeros > 0)                                                        \
        name##_exact (count, data, strides, user_data);                       \
      return;                                                                 \
    }                                                                         \
                                                                              \
  if (n_whole > 0)                                                            \
    best = name##_quick_row (n_whole, in1);                                   \
  if (best == 0)                                                              \
    n_whole = 0;                                                              \
  else                                                                        \
    *out = name##_exact_step (*out, best);                                    \
  data[1] += n_whole * sizeof (A);                                            \
  name##_exact (count - n_whole, data, strides, NULL);                        \
}

/* The same, of a sum: what its roundings lose is summed beside it; that is nan once the sum is
 * infinite.  (D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2.) */
static inline double
add_exactly (double  sum,
             double  x,
             double *lost)
{
  double result = sum + x;

  *lost += (sum - (result - (result - sum))) + (x - (result - sum));

  return result;
}

/* So many elements are first added as they are, in lanes. */
#define GROUP (8 * LANES)

static inline void
add_group (gsize         count,
           const double *x,
           double       *sums,
           double       *lost)
{
  gsize n_whole = count - count % LANES;
  double terms[LANES] = { 0 };

  /* In the order of memory, which is what a cache expects. */
#pragma GCC unroll 1
  for (gsize i = 0; i < n_whole; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      terms[k] += x[i + k];
  for (gsize k = 0; k < count - n_whole; k++)
    terms[k] += x[n_whole + k];
  for (gsize k = 0; k < LANES; k++)
    sums[k] = add_exactly (sums[k], terms[k], &lost[k]);
}

static double
sum_row (gsize         count,
         const double *x,
         double       *rest)
{
  double sums[LANES] = { 0 }, lost[LANES] = { 0 }, sum = 0;

  for (; count >= GROUP; count -= GROUP, x += GROUP)
    add_group (GROUP, x, sums, lost);
  if (count > 0)
    add_group (count, x, sums, lost);

  for (gsize n = LANES / 2; n >= LANES / 4; n /= 2)
    for (gsize k = 0; k < n; k++)
      {
        sums[k] = add_exactly (sums[k], sums[k + n], &lost[k]);
        lost[k] += lost[k + n];
      }
  for (gsize k = 0; k < LANES / 4; k++)
    {
      sum = add_exactly (sum, sums[k], rest);
      *rest += lost[k];
    }

  return sum;
}

/* Where an accumulator stays in its place there may be a third operand, which has what was lost so
 * far and takes what is. */
#define FOLD_SUM(name, ACC, A)                                                \
DEFINE_STEP (name##_step, ACC, acc + x)                                       \
DEFINE_COLUMNS (name##_step, ACC, A)                                          \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  ACC *given = (ACC *) (gpointer) data[2];                                    \
  ACC sum, rest = strides[0] == 0 && given != NULL ? *given : 0;              \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      name##_step_columns (count, out, in1, user_data);                       \
      return;                                                                 \
    }                                                                         \
                                                                              \
  sum = *out;                                                                 \
  if (count >= LANES)                                                         \
    sum = add_exactly (sum, sum_row (count, in1, &rest), &rest);              \
  else                                                                        \
    for (gsize i = 0; i < count; i++)                                         \
      sum = add_exactly (sum, in1[i], &rest);                                 \
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
                       const ACC *center)                                     \
{                                                                             \
  gsize n = 0;                                                                \
                                                                              \
  for (gsize i = 0; IS_AMONG (MODERATE_##name) && i < count; i++)             \
    n += !IS_RARE (MODERATE_##name) ((ACC) x[i] - center[i]);                 \
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
static inline gsize                                                           \
name##_find_terms (gsize        count,                                        \
                   ACC         *terms,                                        \
                   const A     *in1,                                          \
                   const ACC    center,                                       \
                   const bool   is_moderate G_GNUC_UNUSED)                    \
{                                                                             \
  gsize n_moderate = 0;                                                       \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = 0;                                                      \
      const ACC x = (ACC) in1[i];                                             \
      terms[i] = result;                                                      \
      n_moderate += IS_AMONG (MODERATE_##name) && !IS_RARE (MODERATE_##name) (x - center); \
    }                                                                         \
                                                                              \
  return n_moderate;                                                          \
}                                                                             \
                                                                              \
BEGIN_FOLD (name, ACC, A)                                                     \
  INPUT (ACC, 2);                                                             \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      if (IS_AMONG (MODERATE_##name)                                          \
          && name##_count_moderate (count, in1, in2) == count)                \
        name##_add (count, out, in1, in2, true);                              \
      else                                                                    \
        name##_add (count, out, in1, in2, false);                             \
      return;                                                                 \
    }                                                                         \
                                                                              \
  for (gsize first = 0; first < count; first += TG_CPU_TERMS)                 \
    {                                                                         \
      gsize n = MIN (TG_CPU_TERMS, count - first);                            \
      ACC terms[TG_CPU_TERMS];                                                \
                                                                              \
      tg_cpu_fetch_ahead (in1 + first, n * sizeof (A));                       \
      if (!IS_AMONG (MODERATE_##name)                                         \
          || name##_find_terms (n, terms, in1 + first, *in2, true) < n)       \
        name##_find_terms (n, terms, in1 + first, *in2, false);               \
      *out += tg_cpu_add_terms (terms, n);                                    \
    }                                                                         \
}

#define FINISH_CENTERED(name, ACC, R, result)                                 \
BEGIN_LOOP (name##_finish, R)                                                 \
  INPUT (ACC, 1);                                                             \
  INPUT (ACC, 2);                                                             \
  const bool is_moderate G_GNUC_UNUSED = false;                               \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const ACC acc = in1[i];                                                 \
      const ACC center = in2[i];                                              \
      out[i] = (R) (result);                                                  \
    }                                                                         \
}

/* Sums of products are computed otherwise. */
#define CONTRACT(name, ACC, A, result) enum { name };

#include "tg-cpu-selections-private.h"
