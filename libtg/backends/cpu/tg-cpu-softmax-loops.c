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

/* The sum of terms, of which there is room for a multiple of the lanes, and what it has lost. */
static inline void
add_lanes (double *sum,
           double *rest,
           double *terms,
           gsize   n)
{
  double lanes[LANES] = { 0 }, lost[LANES] = { 0 };

  for (gsize i = n; i % LANES != 0; i++)
    terms[i] = 0;
  for (gsize i = 0; i < n; i += LANES)
    for (gsize k = 0; k < LANES; k++)
      add_exactly (&lanes[k], &lost[k], terms[i + k]);
  for (gsize k = 0; k < LANES; k++)
    {
      add_exactly (sum, rest, lanes[k]);
      *rest += lost[k];
    }
}

/* What is added up: e^(x - m), faster where that is not far from 1. */
#define TERM(x, m)                                                            \
  (is_moderate ? tgk_exp_moderate_f64 ((x) - (m)) : tgk_exp_f64 ((x) - (m)))

/* The same, of which all bits count where it is the result: what x - m is rounded by is large where
 * x is. */
#define POWER(x, m)                                                           \
  (is_moderate ? tgk_exp_pair_moderate_f64 (tgk_two_sum_f64 (x, -(m)))        \
               : tgk_exp_pair_f64 (tgk_two_sum_f64 (x, -(m))))

/* How many of the powers are not far from 1. */
#define COUNT_MODERATE(T)                                                     \
static gsize                                                                  \
count_moderate_##T (gsize         n,                                          \
                    const T      *x,                                          \
                    const double *largest,                                    \
                    gsize         step)                                       \
{                                                                             \
  gsize n_moderate = 0;                                                       \
                                                                              \
  LOOP                                                                        \
    n_moderate += !tgk_exp_is_far_f64 ((double) x[i] - largest[step * i]);    \
                                                                              \
  return n_moderate;                                                          \
}

/* Operands: the sum of the powers but for those of the largest elements, the number of these, x,
 * the largest. */
#define ADD_POWERS(T)                                                         \
static inline void                                                            \
add_some_##T (gsize         n,                                                \
              double       *others,                                           \
              double       *n_largest,                                        \
              const T      *x,                                                \
              const double *largest,                                          \
              const bool    is_moderate)                                      \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      const double term = TERM ((double) x[i], largest[i]);                   \
      const bool is_largest = (double) x[i] == largest[i];                    \
                                                                              \
      others[i] += is_largest ? 0 : term;                                     \
      n_largest[i] += is_largest ? 1 : 0;                                     \
    }                                                                         \
}                                                                             \
                                                                              \
static inline gsize                                                           \
find_terms_##T (gsize       n,                                                \
                double     *terms,                                            \
                const T    *x,                                                \
                double      m,                                                \
                const bool  is_moderate)                                      \
{                                                                             \
  gsize n_largest = 0;                                                        \
                                                                              \
  LOOP                                                                        \
    {                                                                         \
      const double term = TERM ((double) x[i], m);                            \
      const bool is_largest = (double) x[i] == m;                             \
                                                                              \
      terms[i] = is_largest ? 0 : term;                                       \
      n_largest += is_largest;                                                \
    }                                                                         \
                                                                              \
  return n_largest;                                                           \
}                                                                             \
                                                                              \
static void                                                                   \
add_block_##T (gsize         n,                                               \
               double       *others,                                          \
               double       *n_largest,                                       \
               const T      *x,                                               \
               const double *largest)                                         \
{                                                                             \
  double terms[TERMS], rest = 0;                                              \
                                                                              \
  if (count_moderate_##T (n, x, largest, 0) == n)                             \
    *n_largest += (double) find_terms_##T (n, terms, x, *largest, true);      \
  else                                                                        \
    *n_largest += (double) find_terms_##T (n, terms, x, *largest, false);     \
  add_lanes (others, &rest, terms, n);                                        \
  *others += rest;                                                            \
}                                                                             \
                                                                              \
BEGIN_LOOP (add_powers_##T)                                                   \
  double *others = OPERAND (double, 0);                                       \
  double *n_largest = OPERAND (double, 1);                                    \
  const T *x = OPERAND (const T, 2);                                          \
  const double *largest = OPERAND (const double, 3);                          \
                                                                              \
  if (strides[0] == 0)                                                        \
    for (gsize i = 0; i < n; i += TERMS)                                      \
      add_block_##T (MIN (TERMS, n - i), others, n_largest, x + i, largest);  \
  else if (count_moderate_##T (n, x, largest, 1) == n)                        \
    add_some_##T (n, others, n_largest, x, largest, true);                    \
  else                                                                        \
    add_some_##T (n, others, n_largest, x, largest, false);                   \
}

/* Operands: the sum of all powers, what it has lost, x, the largest, and the powers.  That of the
 * largest counts as 1 also where it is infinite. */
#define KEEP_POWERS(T)                                                        \
static inline void                                                            \
keep_some_##T (gsize         n,                                               \
               double       *sums,                                            \
               double       *rests,                                           \
               const T      *x,                                               \
               const double *largest,                                         \
               double       *powers,                                          \
               const bool    is_moderate)                                     \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      powers[i] = POWER ((double) x[i], largest[i]);                          \
      add_exactly (&sums[i], &rests[i],                                       \
                   (double) x[i] == largest[i] ? 1 : powers[i]);              \
    }                                                                         \
}                                                                             \
                                                                              \
static inline void                                                            \
find_powers_##T (gsize       n,                                               \
                 double     *powers,                                          \
                 double     *terms,                                           \
                 const T    *x,                                               \
                 double      m,                                               \
                 const bool  is_moderate)                                     \
{                                                                             \
  LOOP                                                                        \
    {                                                                         \
      powers[i] = POWER ((double) x[i], m);                                   \
      terms[i] = (double) x[i] == m ? 1 : powers[i];                          \
    }                                                                         \
}                                                                             \
                                                                              \
static void                                                                   \
keep_block_##T (gsize         n,                                              \
                double       *sum,                                            \
                double       *rest,                                           \
                const T      *x,                                              \
                const double *largest,                                        \
                double       *powers)                                         \
{                                                                             \
  double terms[TERMS];                                                        \
                                                                              \
  if (count_moderate_##T (n, x, largest, 0) == n)                             \
    find_powers_##T (n, powers, terms, x, *largest, true);                    \
  else                                                                        \
    find_powers_##T (n, powers, terms, x, *largest, false);                   \
  add_lanes (sum, rest, terms, n);                                            \
}                                                                             \
                                                                              \
BEGIN_LOOP (keep_powers_##T)                                                  \
  double *sums = OPERAND (double, 0);                                         \
  double *rests = OPERAND (double, 1);                                        \
  const T *x = OPERAND (const T, 2);                                          \
  const double *largest = OPERAND (const double, 3);                          \
  double *powers = OPERAND (double, 4);                                       \
                                                                              \
  if (strides[0] == 0)                                                        \
    for (gsize i = 0; i < n; i += TERMS)                                      \
      keep_block_##T (MIN (TERMS, n - i), sums, rests, x + i, largest, powers + i); \
  else if (count_moderate_##T (n, x, largest, 1) == n)                        \
    keep_some_##T (n, sums, rests, x, largest, powers, true);                 \
  else                                                                        \
    keep_some_##T (n, sums, rests, x, largest, powers, false);                \
}

/* Operands: the sum of powers but for the largest, the number of these, which becomes the logarithm
 * of the sum of all. */
BEGIN_LOOP (find_logarithms)
  const double *others = OPERAND (const double, 0);
  double *logarithms = OPERAND (double, 1);

  LOOP
    logarithms[i] = tgk_log1p_f64 (others[i] + (logarithms[i] - 1));
}

/* Operands: result, powers, sums and what they have lost. */
#define DIVIDE(T)                                                             \
BEGIN_LOOP (divide_##T)                                                       \
  T *out = OPERAND (T, 0);                                                    \
  const double *powers = OPERAND (const double, 1);                           \
  const double *sums = OPERAND (const double, 2);                             \
  const double *rests = OPERAND (const double, 3);                            \
  const double sum = *sums + *rests;                                          \
                                                                              \
  if (strides[2] == 0)                                                        \
    LOOP                                                                      \
      out[i] = (T) (powers[i] / sum);                                         \
  else                                                                        \
    LOOP                                                                      \
      out[i] = (T) (powers[i] / (sums[i] + rests[i]));                        \
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
COUNT_MODERATE (T)                                                            \
ADD_POWERS (T)                                                                \
KEEP_POWERS (T)                                                               \
DIVIDE (T)                                                                    \
SUBTRACT (T)

#define LOOPS(T) { add_powers_##T, keep_powers_##T, divide_##T, subtract_##T, find_logarithms }

DEFINE_LOOPS (float)
DEFINE_LOOPS (double)

const TgCpuSoftmaxLoops TG_SOFTMAX_LOOPS[2] = { LOOPS (float), LOOPS (double) };
