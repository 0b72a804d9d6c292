/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-kernels-private.h"

#include "tgk.h"

/* The loops of softmax and its logarithm, compiled once for each instruction set.  They compute in
 * float64 whatever the dtype is.  Where accumulators stay in their place, terms are added by lanes,
 * as those of other sums are. */

#define LANES 32
#define TERMS (8 * LANES)

#define LOOP _Pragma ("GCC ivdep") for (gsize i = 0; i < n; i++)

#define OPERAND(T, k) ((T *) (gpointer) data[k])

#define BEGIN_LOOP(name)                                                      \
static void                                                                   \
name (gsize         n,                                                        \
      char        **data,                                                     \
      const gint64 *strides G_GNUC_UNUSED,                                    \
      gpointer      user_data G_GNUC_UNUSED)                                  \
{

static inline double
add_lanes (const double *terms,
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

/* What is added up: e^(x - m), faster where that is not far from 1. */
#define TERM(x, m)                                                            \
  (is_moderate ? tgk_exp_moderate_f64 ((x) - (m)) : tgk_exp_f64 ((x) - (m)))

/* The same, of which all bits count where it is the result: what x - m is rounded by is large where
 * x is. */
#define POWER(x, m)                                                           \
  (is_moderate ? tgk_exp_pair_moderate_f64 (tgk_two_sum_f64 (x, -(m)))        \
               : tgk_exp_pair_f64 (tgk_two_sum_f64 (x, -(m))))

/* Operands: the sum of the powers but for those of the largest elements, the number of these, x,
 * the largest, and the powers where they are kept. */
#define ADD_POWERS(name, T, find, keep)                                       \
static gsize                                                                  \
name##_count_moderate (gsize         n,                                       \
                       const T      *x,                                       \
                       const double *largest,                                 \
                       gsize         step)                                    \
{                                                                             \
  gsize n_moderate = 0;                                                       \
                                                                              \
  LOOP                                                                        \
    n_moderate += !tgk_exp_is_far_f64 ((double) x[i] - largest[step * i]);    \
                                                                              \
  return n_moderate;                                                          \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_find (gsize         n,                                                 \
             double       *terms,                                             \
             double       *marks,                                             \
             const T      *x,                                                 \
             double        m,                                                 \
             double       *powers G_GNUC_UNUSED,                              \
             const bool    is_moderate)                                       \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      const double power = find ((double) x[i], m);                           \
      const bool is_largest = (double) x[i] == m;                             \
                                                                              \
      keep;                                                                   \
      terms[i] = is_largest ? 0 : power;                                      \
      marks[i] = is_largest ? 1 : 0;                                          \
    }                                                                         \
}                                                                             \
                                                                              \
static inline void                                                            \
name##_add (gsize         n,                                                  \
            double       *others,                                             \
            double       *n_largest,                                          \
            const T      *x,                                                  \
            const double *largest,                                            \
            double       *powers G_GNUC_UNUSED,                               \
            const bool    is_moderate)                                        \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      const double power = find ((double) x[i], largest[i]);                  \
      const bool is_largest = (double) x[i] == largest[i];                    \
                                                                              \
      keep;                                                                   \
      others[i] += is_largest ? 0 : power;                                    \
      n_largest[i] += is_largest ? 1 : 0;                                     \
    }                                                                         \
}                                                                             \
                                                                              \
static void                                                                   \
name##_block (gsize         n,                                                \
              double       *others,                                           \
              double       *n_largest,                                        \
              const T      *x,                                                \
              const double *largest,                                          \
              double       *powers)                                           \
{                                                                             \
  double terms[TERMS], marks[TERMS];                                          \
                                                                              \
  if (name##_count_moderate (n, x, largest, 0) == n)                          \
    name##_find (n, terms, marks, x, *largest, powers, true);                 \
  else                                                                        \
    name##_find (n, terms, marks, x, *largest, powers, false);                \
  for (gsize i = n; i % LANES != 0; i++)                                      \
    terms[i] = marks[i] = 0;                                                  \
                                                                              \
  *others += add_lanes (terms, n);                                            \
  *n_largest += add_lanes (marks, n);                                         \
}                                                                             \
                                                                              \
BEGIN_LOOP (name)                                                             \
  double *others = OPERAND (double, 0);                                       \
  double *n_largest = OPERAND (double, 1);                                    \
  const T *x = OPERAND (const T, 2);                                          \
  const double *largest = OPERAND (const double, 3);                          \
  double *powers = OPERAND (double, 4);                                       \
                                                                              \
  if (strides[0] == 0)                                                        \
    for (gsize i = 0; i < n; i += TERMS)                                      \
      name##_block (MIN (TERMS, n - i), others, n_largest, x + i, largest, powers + i); \
  else if (name##_count_moderate (n, x, largest, 1) == n)                     \
    name##_add (n, others, n_largest, x, largest, powers, true);              \
  else                                                                        \
    name##_add (n, others, n_largest, x, largest, powers, false);             \
}

/* Operands: the sum and the number, which becomes the sum of all powers. */
BEGIN_LOOP (add_largest)
  const double *others = OPERAND (const double, 0);
  double *sums = OPERAND (double, 1);

  LOOP
    sums[i] += others[i];
}

/* The same, which becomes the logarithm of that. */
BEGIN_LOOP (find_logarithms)
  const double *others = OPERAND (const double, 0);
  double *logarithms = OPERAND (double, 1);

  LOOP
    logarithms[i] = tgk_log1p_f64 (others[i] + (logarithms[i] - 1));
}

/* Operands: result, powers, sums. */
#define DIVIDE(name, T)                                                       \
BEGIN_LOOP (name)                                                             \
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
#define SUBTRACT(name, T)                                                     \
BEGIN_LOOP (name)                                                             \
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
ADD_POWERS (add_powers_##T, T, TERM, )                                        \
ADD_POWERS (keep_powers_##T, T, POWER, powers[i] = power)                     \
DIVIDE (divide_##T, T)                                                        \
SUBTRACT (subtract_##T, T)

#define LOOPS(T) { add_powers_##T, keep_powers_##T, divide_##T, subtract_##T, add_largest, \
                   find_logarithms }

DEFINE_LOOPS (float)
DEFINE_LOOPS (double)

const TgCpuSoftmaxLoops TG_SOFTMAX_LOOPS[2] = { LOOPS (float), LOOPS (double) };
