/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of floating point that round once, or not at all, against MPFR: half an ulp
 * everywhere. test-kernels.c has those that are approximated.
 */

#include <math.h>

#include <glib.h>
#include <mpfr.h>

#include "tgk.h"

#include "test-ulp.h"

/* So that no quotient of doubles is rounded to an integer. */
#define WIDE_PRECISION 2300

/* Half an ulp, and what the oracle rounds. */
#define HALF 0.500001

#define N_POINTS 20000

static unsigned int n_points = N_POINTS;

typedef struct
{
  const char *name;
  double   (* f64) (double x);
  float    (* f32) (float x);
  int      (* mpfr) (mpfr_t, const mpfr_t, mpfr_rnd_t);
} Rounded;

typedef struct
{
  const char *name;
  double   (* f64) (double x, double y);
  float    (* f32) (float x, float y);
  int      (* mpfr) (mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);
} Rounded2;

static int
mpfr_reciprocal (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  return mpfr_ui_div (result, 1, x, round);
}

/* As in NumPy, a zero has no sign. */
static int
mpfr_sign (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  if (mpfr_nan_p (x))
    return mpfr_set (result, x, round);

  return mpfr_set_si (result, mpfr_sgn (x), round);
}

/* MPFR leaves it open which of two zeros is the larger. */
static int
mpfr_extreme (mpfr_t result, const mpfr_t x, const mpfr_t y, bool largest)
{
  if (mpfr_nan_p (x) || mpfr_nan_p (y))
    mpfr_set_nan (result);
  else if (mpfr_zero_p (x) && mpfr_zero_p (y))
    mpfr_set_zero (result, (mpfr_signbit (x) != 0) + (mpfr_signbit (y) != 0) > largest ? -1 : 1);
  else if (largest)
    mpfr_max (result, x, y, MPFR_RNDN);
  else
    mpfr_min (result, x, y, MPFR_RNDN);

  return 0;
}

static int
mpfr_largest (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  (void) round;
  return mpfr_extreme (result, x, y, true);
}

static int
mpfr_smallest (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  (void) round;
  return mpfr_extreme (result, x, y, false);
}

/* What fmod leaves, and once y where that has the other sign; a zero has the sign of y. */
static int
mpfr_remainder_of (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  mpfr_t rest;

  mpfr_init2 (rest, mpfr_get_prec (result));
  mpfr_fmod (rest, x, y, round);
  if (mpfr_zero_p (rest))
    mpfr_copysign (rest, rest, y, round);
  else if (!mpfr_nan_p (rest) && (mpfr_sgn (rest) < 0) != (mpfr_sgn (y) < 0))
    mpfr_add (rest, rest, y, round);
  mpfr_set (result, rest, round);
  mpfr_clear (rest);
  return 0;
}

/* NumPy's: of infinite x nan, but by zero infinite; by an infinite number 0 or -1. */
static int
mpfr_floor_divide (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  if (mpfr_inf_p (x) && !mpfr_zero_p (y))
    mpfr_set_nan (result);
  else if (mpfr_inf_p (y) && mpfr_number_p (x) && !mpfr_zero_p (x)
           && (mpfr_sgn (x) < 0) != (mpfr_sgn (y) < 0))
    mpfr_set_si (result, -1, round);
  else
    {
      mpfr_div (result, x, y, MPFR_RNDD);
      mpfr_rint_floor (result, result, round);
    }

  return 0;
}

#define ROUNDED_ROW(word, oracle) { #word, tgk_##word##_f64, tgk_##word##_f32, oracle }

static const Rounded rounded[] =
{
  ROUNDED_ROW (neg, mpfr_neg),
  ROUNDED_ROW (abs, mpfr_abs),
  ROUNDED_ROW (sign, mpfr_sign),
  ROUNDED_ROW (square, mpfr_sqr),
  ROUNDED_ROW (reciprocal, mpfr_reciprocal),
  ROUNDED_ROW (sqrt, mpfr_sqrt),
  ROUNDED_ROW (floor, mpfr_rint_floor),
  ROUNDED_ROW (ceil, mpfr_rint_ceil),
  ROUNDED_ROW (trunc, mpfr_rint_trunc),
  ROUNDED_ROW (round, mpfr_rint_roundeven),
  ROUNDED_ROW (round_away, mpfr_rint_round),
};

static const Rounded2 rounded2[] =
{
  ROUNDED_ROW (add, mpfr_add),
  ROUNDED_ROW (sub, mpfr_sub),
  ROUNDED_ROW (mul, mpfr_mul),
  ROUNDED_ROW (div, mpfr_div),
  ROUNDED_ROW (max, mpfr_largest),
  ROUNDED_ROW (min, mpfr_smallest),
  ROUNDED_ROW (remainder, mpfr_remainder_of),
  ROUNDED_ROW (floor_divide, mpfr_floor_divide),
};

static void
check (const char   *name,
       double        got,
       mpfr_t        exact,
       double        x,
       double        y,
       const Format *format)
{
  double error = error_in_ulp (got, exact, format);

  if (!(error <= HALF))
    g_error ("%s (%a, %a) is %a, off by %g ulp of %d digits", name, x, y, got, error,
             format->digits);
}

static void
test_words_of_one_round_once (void)
{
  mpfr_t value;

  mpfr_init2 (value, WIDE_PRECISION);
  for (gsize k = 0; k < G_N_ELEMENTS (rounded); k++)
    {
      uint64_t state = k;

      for (unsigned int i = 0; i < n_points; i++)
        {
          double x = point (&state, i, -6, 6);

          mpfr_set_d (value, x, MPFR_RNDN);
          rounded[k].mpfr (value, value, MPFR_RNDN);
          check (rounded[k].name, rounded[k].f64 (x), value, x, 0, &f64);

          x = (float) x;
          mpfr_set_d (value, x, MPFR_RNDN);
          rounded[k].mpfr (value, value, MPFR_RNDN);
          check (rounded[k].name, rounded[k].f32 ((float) x), value, x, 0, &f32);
        }
    }

  mpfr_clear (value);
}

/* Half of the pairs are of a size, and every fourth a small multiple. */
static double
second_point (uint64_t *state, unsigned int i, double x)
{
  switch (i % 4)
    {
    case 0:
      return x / random_between (state, -9, 9);
    case 1:
      return x / floor (random_between (state, -9, 9));
    default:
      return point (state, (unsigned int) random_bits (state) % 1000, -6, 6);
    }
}

static void
test_words_of_two_round_once (void)
{
  mpfr_t a, b;

  mpfr_inits2 (WIDE_PRECISION, a, b, (mpfr_ptr) NULL);
  for (gsize k = 0; k < G_N_ELEMENTS (rounded2); k++)
    {
      uint64_t state = k;

      for (unsigned int i = 0; i < n_points; i++)
        {
          double x = point (&state, i, -6, 6), y = second_point (&state, i, x);

          mpfr_set_d (a, x, MPFR_RNDN);
          mpfr_set_d (b, y, MPFR_RNDN);
          rounded2[k].mpfr (a, a, b, MPFR_RNDN);
          check (rounded2[k].name, rounded2[k].f64 (x, y), a, x, y, &f64);

          x = (float) x;
          y = (float) y;
          mpfr_set_d (a, x, MPFR_RNDN);
          mpfr_set_d (b, y, MPFR_RNDN);
          rounded2[k].mpfr (a, a, b, MPFR_RNDN);
          check (rounded2[k].name, rounded2[k].f32 ((float) x, (float) y), a, x, y, &f32);
        }
    }

  mpfr_clears (a, b, (mpfr_ptr) NULL);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_points = (unsigned int) g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10);

  g_test_add_func ("/rounding/words-of-one", test_words_of_one_round_once);
  g_test_add_func ("/rounding/words-of-two", test_words_of_two_round_once);

  return g_test_run ();
}
