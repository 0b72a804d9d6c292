/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-terms-private.h"

#include "tgk.h"

/* The loops of softmax and its logarithm, compiled once for each instruction set.  They compute in
 * float64 whatever the dtype is. */

#define LOOP _Pragma ("GCC ivdep") for (gsize i = 0; i < n; i++)

#define OPERAND(T, k) ((T *) (gpointer) data[k])

#define BEGIN_LOOP(name)                                                      \
static void                                                                   \
name (gsize         n,                                                        \
      char        **data,                                                     \
      const gint64 *strides G_GNUC_UNUSED,                                    \
      gpointer      user_data G_GNUC_UNUSED)                                  \
{

/* A sum, what its roundings lose being summed beside it. */
static inline void
add_exactly (double *sum,
             double *rest,
             double  x)
{
  const double before = *sum;
  const double after = before + x;

  *rest += (before - (after - (after - before))) + (x - (after - before));
  *sum = after;
}

/* What is added up: e^(x - m), faster where that is not far from 1. */
#define TERM(x, m)                                                            \
  (is_moderate ? tgk_exp_moderate_f64 ((x) - (m)) : tgk_exp_f64 ((x) - (m)))

/* The same, of which all bits count where it is the result: what x - m is rounded by is large where
 * x is. */
#define POWER(x, m)                                                           \
  (is_moderate ? tgk_exp_pair_moderate_f64 (tgk_two_sum_f64 (x, -(m)))        \
               : tgk_exp_pair_f64 (tgk_two_sum_f64 (x, -(m))))

/* Powers, which are kept or not, and without those of the largest elements the terms of a sum.  The
 * result is the number of those that are not far from 1. */
#define FIND_POWERS(name, T, POWER, m, keeps)                                 \
static inline gsize                                                           \
name##_##T (gsize         n,                                                  \
            double       *terms,                                              \
            double       *powers G_GNUC_UNUSED,                               \
            double       *n_largest,                                          \
            const T      *x,                                                  \
            const double *largest,                                            \
            const bool    is_moderate)                                        \
{                                                                             \
  gsize n_moderate = 0, n_equal = 0;                                          \
  const double first G_GNUC_UNUSED = *largest;                                \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const double power = POWER ((double) x[i], m);                          \
      const bool is_largest = (double) x[i] == m;                             \
                                                                              \
      if (keeps)                                                              \
        powers[i] = power;                                                    \
      terms[i] = is_largest ? 0 : power;                                      \
      n_equal += is_largest;                                                  \
      n_moderate += !tgk_exp_is_far_f64 ((double) x[i] - (m));                \
    }                                                                         \
                                                                              \
  *n_largest = (double) n_equal;                                              \
                                                                              \
  return n_moderate;                                                          \
}

/* Operands: the sum of the powers but for those of the largest elements, what it has lost, the
 * number of the largest, x, the largest, and the powers if they are kept. */
#define ADD_POWERS(name, T, POWER, keeps)                                     \
FIND_POWERS (name##_find_row, T, POWER, first, keeps)                         \
FIND_POWERS (name##_find_each, T, POWER, largest[i], keeps)                   \
                                                                              \
static inline void                                                            \
name##_add_row_##T (gsize        n,                                           \
                    char       **data,                                        \
                    gsize        begin)                                       \
{                                                                             \
  double *powers = keeps ? OPERAND (double, 5) + begin : NULL;                \
  const T *x = OPERAND (const T, 3) + begin;                                  \
  const double *largest = OPERAND (const double, 4);                          \
  double terms[TG_CPU_TERMS], n_largest;                                      \
                                                                              \
  tg_cpu_fetch_ahead (x, n * sizeof (T));                                     \
  if (name##_find_row_##T (n, terms, powers, &n_largest, x, largest, true) < n) \
    name##_find_row_##T (n, terms, powers, &n_largest, x, largest, false);    \
  *OPERAND (double, 2) += n_largest;                                          \
  add_exactly (OPERAND (double, 0), OPERAND (double, 1), tg_cpu_add_terms (terms, n)); \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_add_each_##T (gsize        n,                                          \
                     char       **data,                                       \
                     gsize        begin)                                      \
{                                                                             \
  double *others = OPERAND (double, 0) + begin;                               \
  double *rests = OPERAND (double, 1) + begin;                                \
  double *n_largest = OPERAND (double, 2) + begin;                            \
  double *powers = keeps ? OPERAND (double, 5) + begin : NULL;                \
  const T *x = OPERAND (const T, 3) + begin;                                  \
  const double *largest = OPERAND (const double, 4) + begin;                  \
  double terms[TG_CPU_TERMS], n_equal;                                        \
                                                                              \
  if (name##_find_each_##T (n, terms, powers, &n_equal, x, largest, true) < n) \
    name##_find_each_##T (n, terms, powers, &n_equal, x, largest, false);     \
  LOOP                                                                        \
    {                                                                         \
      add_exactly (&others[i], &rests[i], terms[i]);                          \
      n_largest[i] += (double) x[i] == largest[i] ? 1 : 0;                    \
    }                                                                         \
}                                                                             \
                                                                              \
BEGIN_LOOP (name##_##T)                                                       \
  for (gsize i = 0; i < n; i += TG_CPU_TERMS)                                 \
    {                                                                         \
      if (strides[0] == 0)                                                    \
        name##_add_row_##T (MIN (TG_CPU_TERMS, n - i), data, i);              \
      else                                                                    \
        name##_add_each_##T (MIN (TG_CPU_TERMS, n - i), data, i);             \
    }                                                                         \
}

/* Operands: the sum of powers but for the largest, which becomes that of all; what it has lost,
 * which becomes the sum but for the largest; the number of these. */
BEGIN_LOOP (find_sums)
  double *sums = OPERAND (double, 0);
  double *others = OPERAND (double, 1);
  const double *n_largest = OPERAND (const double, 2);

  LOOP
    {
      double sum = n_largest[i], rest = others[i];

      others[i] += sums[i];
      add_exactly (&sum, &rest, sums[i]);
      sums[i] = sum + rest;
    }
}

/* Operands: the sum of powers but for the largest, and the number of these, which becomes the
 * logarithm of the sum of all. */
BEGIN_LOOP (find_logarithms)
  const double *others = OPERAND (const double, 0);
  double *logarithms = OPERAND (double, 1);

  LOOP
    logarithms[i] = tgk_log1p_f64 (others[i] + (logarithms[i] - 1));
}

/* Operands: result, powers, sums. */
#define DIVIDE(T)                                                             \
BEGIN_LOOP (divide_##T)                                                       \
  T *out = OPERAND (T, 0);                                                    \
  const double *powers = OPERAND (const double, 1);                           \
  const double *sums = OPERAND (const double, 2);                             \
  const double sum = *sums;                                                   \
                                                                              \
  if (strides[2] == 0)                                                        \
    LOOP                                                                      \
      out[i] = (T) (powers[i] / sum);                                         \
  else                                                                        \
    LOOP                                                                      \
      out[i] = (T) (powers[i] / sums[i]);                                     \
}

/* Operands: result, x, the largest, logarithms. */
#define SUBTRACT(T)                                                           \
BEGIN_LOOP (subtract_##T)                                                     \
  T *out = OPERAND (T, 0);                                                    \
  const T *x = OPERAND (const T, 1);                                          \
  const double *largest = OPERAND (const double, 2);                          \
  const double *logarithms = OPERAND (const double, 3);                       \
  const double m = *largest, logarithm = *logarithms;                         \
                                                                              \
  if (strides[2] == 0)                                                        \
    LOOP                                                                      \
      out[i] = (T) (((double) x[i] - m) - logarithm);                         \
  else                                                                        \
    LOOP                                                                      \
      out[i] = (T) (((double) x[i] - largest[i]) - logarithms[i]);            \
}

#define DEFINE_LOOPS(T)                                                       \
ADD_POWERS (add_powers, T, TERM, FALSE)                                       \
ADD_POWERS (keep_powers, T, POWER, TRUE)                                      \
DIVIDE (T)                                                                    \
SUBTRACT (T)

#define LOOPS(T)                                                              \
{                                                                             \
  add_powers_##T, keep_powers_##T, find_sums, find_logarithms, divide_##T, subtract_##T, \
}

DEFINE_LOOPS (float)
DEFINE_LOOPS (double)

const TgCpuSoftmaxLoops TG_SOFTMAX_LOOPS[2] = { LOOPS (float), LOOPS (double) };
