/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Points all over the floating-point numbers, and how far a result is from what
 * MPFR says, in units in the last place.
 */

#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>
#include <mpfr.h>

#include "tgk.h"

/* The corners of a float format: precision and least exponent, in MPFR's terms. */
typedef struct
{
  int digits;
  int least;
  int most;
} Format;

static const Format f64 = { 53, -1074, 1024 };
static const Format f32 = { 24, -149, 128 };

/* Where functions have an edge, a zero, or change from one formula to another. */
static const double corners[] =
{
  0.0, 0x1p-1074, 0x1p-1022, 0x1.fffffffffffffp-1023, 0x1p-149, 0x1p-126, 0x1p-54, 0x1p-53,
  0x1p-28, 0x1p-27, 0x1p-20, 0.25, 0.34657, 0.5, 0.70710678118654752, 0.75, 1.0, 1.5, 2.0,
  4.0, 6.0, 20.0, 40.0, 88.7, 103.9, 127.0, 128.0, 149.0, 709.78, 710.13, 710.4758, 745.13,
  800.0, 1022.0, 1024.0, 1074.0, 1075.0, 0x1p27, 0x1p28, 0x1p52, 0x1p53, 0x1p63, 0x1p500,
  0x1.6ac5b262ca1ffp849, 0x1.fffffffffffffp1023, 0x1.fffffep127, 1.5707963267948966,
  0.7853981633974483, 3.1415926535897931, 2.7182818284590452, 10.0, 1e10, INFINITY, NAN,
};

/* Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014). */
static inline uint64_t
random_bits (uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;

  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

static inline double
random_between (uint64_t *state, double low, double high)
{
  uint64_t bits = random_bits (state);

  return low + (high - low) * tgk_uniform_f64 ((uint32_t) (bits >> 32), (uint32_t) bits);
}

/* A number whose exponent is uniform in [low, high). */
static inline double
random_binade (uint64_t *state, int low, int high)
{
  double fraction = random_between (state, 1, 2);
  double x = ldexp (fraction, low + (int) (random_bits (state) % (uint64_t) (high - low)));

  return random_bits (state) & 1 ? -x : x;
}

/* The i-th point: the corners and what is next to them, then points at random. */
static inline double
point (uint64_t *state, unsigned int i, double low, double high)
{
  double corner = corners[random_bits (state) % G_N_ELEMENTS (corners)];
  uint64_t bits = random_bits (state);
  double x;

  if (i < 2 * G_N_ELEMENTS (corners))
    return i & 1 ? -corners[i / 2] : corners[i / 2];

  switch (i % 8)
    {
    case 0:
      memcpy (&x, &bits, sizeof x);
      return x;
    case 1:
      return random_binade (state, -1074, 1024);
    case 2:
      return random_binade (state, -60, 12);
    case 3:
      x = corner * (1 + random_binade (state, -52, -3));
      return bits & 1 ? -x : x;
    case 4:
      return random_binade (state, -4, 4);
    default:
      return random_between (state, low, high);
    }
}

/* Valgrind's fused multiply-add makes a positive zero of -1 * 0 - 0. */
static inline gboolean
zeros_have_signs (void)
{
  volatile double zero = 0;

  return signbit (fma (-1, zero, -zero)) != 0;
}

/* How far got is from the exact result, in units in the last place of that. */
static inline double
error_in_ulp (double got, const mpfr_t exact, const Format *format)
{
  long exponent;
  double error;
  mpfr_t difference;

  if (mpfr_nan_p (exact) || isnan (got))
    return mpfr_nan_p (exact) && isnan (got) ? 0 : INFINITY;
  if (mpfr_inf_p (exact) || mpfr_zero_p (exact))
    {
      gboolean same_sign = !mpfr_signbit (exact) == !signbit (got);

      return mpfr_cmp_d (exact, got) == 0 && (same_sign || !zeros_have_signs ()) ? 0 : INFINITY;
    }

  if (isinf (got) && mpfr_get_exp (exact) > format->most)
    return mpfr_signbit (exact) == (signbit (got) != 0) ? 0 : INFINITY;

  exponent = CLAMP (mpfr_get_exp (exact), format->least + format->digits, format->most);
  mpfr_init2 (difference, mpfr_get_prec (exact) + 64);
  mpfr_set_d (difference, isinf (got) ? copysign (1, got) : got, MPFR_RNDN);
  if (isinf (got))
    mpfr_mul_2si (difference, difference, format->most, MPFR_RNDN);
  mpfr_sub (difference, difference, exact, MPFR_RNDN);
  mpfr_mul_2si (difference, difference, format->digits - exponent, MPFR_RNDN);
  error = fabs (mpfr_get_d (difference, MPFR_RNDN));
  mpfr_clear (difference);
  return error;
}

/* In units in the last place, and zero below the absolute error that is allowed. */
static inline double
error_beyond (double got, const mpfr_t exact, const Format *format, double absolute)
{
  double error = error_in_ulp (got, exact, format);

  return absolute > 0 && fabs (got - mpfr_get_d (exact, MPFR_RNDN)) <= absolute ? 0 : error;
}

/* The same number: also of the same sign if zero, and nan is nan. */
#define assert_same(got, wanted) G_STMT_START { \
    double same_a = (got), same_b = (wanted); \
    if (isnan (same_b)) \
      g_assert_true (isnan (same_a)); \
    else \
      { \
        g_assert_cmpfloat (same_a, ==, same_b); \
        g_assert_cmpint (signbit (same_a) != 0, ==, signbit (same_b) != 0); \
      } \
  } G_STMT_END
