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

/* Of a few kernels a rare branch keeps compilers from making vectors: where no element of a block
 * is in it, they are called without.  IS_AMONG is 1 where the macro is defined. */
#define MODERATE_sin_f32 0, 1
#define MODERATE_sin_f64 0, 1
#define MODERATE_cos_f32 0, 1
#define MODERATE_cos_f64 0, 1
#define MODERATE_tan_f32 0, 1
#define MODERATE_tan_f64 0, 1
#define IS_AMONG(...) IS_AMONG_SECOND (__VA_ARGS__, 0, 0)
#define IS_AMONG_SECOND(first, second, ...) second

#define MODERATE_F64(name, x) (is_moderate ? tgk_##name##_moderate_f64 (x) : (tgk_##name##_f64) (x))
#define MODERATE_F32(name, x)                                                 \
  (is_moderate ? (float) tgk_##name##_single_moderate_f64 ((double) (x)) : (tgk_##name##_f32) (x))
#define tgk_sin_f64(x) MODERATE_F64 (sin, x)
#define tgk_cos_f64(x) MODERATE_F64 (cos, x)
#define tgk_tan_f64(x) MODERATE_F64 (tan, x)
#define tgk_sin_f32(x) MODERATE_F32 (sin, x)
#define tgk_cos_f32(x) MODERATE_F32 (cos, x)
#define tgk_tan_f32(x) MODERATE_F32 (tan, x)

#define ELEMENTWISE_1(name, R, result, A, a)                                  \
BEGIN_LOOP (name, R)                                                          \
  INPUT (A, 1);                                                               \
  gsize n_moderate = 0;                                                       \
                                                                              \
  for (gsize i = 0; IS_AMONG (MODERATE_##name) && i < count; i++)             \
    n_moderate += !tgk_trig_is_huge_f64 ((double) in1[i]);                    \
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
 * infinite.  (D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2.)
 * It is added in the end, here or by whoever has it put elsewhere. */
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
  ACC sum = *out, rest = 0, lanes[LANES], lost[LANES] = { 0 };                \
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
  rest = rest == rest ? rest : 0;                                             \
  *out = user_data != NULL ? sum : sum + rest;                                \
  if (user_data != NULL)                                                      \
    *(ACC *) user_data += rest;                                               \
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
BEGIN_FOLD (name, ACC, A)                                                     \
  INPUT (ACC, 2);                                                             \
                                                                              \
  if (strides[0] != 0)                                                        \
    {                                                                         \
      LOOP                                                                    \
        {                                                                     \
          const ACC acc = out[i];                                             \
          const ACC x = (ACC) in1[i];                                         \
          const ACC center = in2[i];                                          \
          out[i] = result;                                                    \
        }                                                                     \
      return;                                                                 \
    }                                                                         \
                                                                              \
  for (gsize first = 0; first < count; first += TERMS)                        \
    {                                                                         \
      gsize n = MIN (TERMS, count - first);                                   \
      const ACC center = *in2;                                                \
      ACC terms[TERMS];                                                       \
                                                                              \
      for (gsize i = 0; i < n; i++)                                           \
        {                                                                     \
          const ACC acc = 0;                                                  \
          const ACC x = (ACC) in1[first + i];                                 \
          terms[i] = result;                                                  \
        }                                                                     \
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

/* What walks along an axis, and sums of products, are computed otherwise. */
#define SELECT(name, A, holds) enum { name };
#define CONTRACT(name, ACC, A, result) enum { name };
