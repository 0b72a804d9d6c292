/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What the table of test-kernels.c does not reach of the special functions: zeros, poles
 * and orders.
 */

#include <math.h>

#include <glib.h>
#include <mpfr.h>

#include "tgk.h"

#include "test-oracles.h"
#include "test-ulp.h"

/* Unless TG_TEST_POINTS says otherwise. */
#define N_POINTS 50000

static unsigned int n_points = N_POINTS;

static double
lgamma_error (double x)
{
  double error;
  mpfr_t value;

  mpfr_init2 (value, PRECISION);
  mpfr_set_d (value, x, MPFR_RNDN);
  oracle_lgamma (value, value, MPFR_RNDN);
  error = error_in_ulp (tgk_lgamma_f64 (x), value, &f64);
  mpfr_clear (value);
  return error;
}

/* The greatest error of lgamma at the doubles next to its zero between a and b. */
static double
lgamma_error_at_zero (double a, double b)
{
  double worst = 0, middle;

  for (middle = (a + b) / 2; middle != a && middle != b; middle = (a + b) / 2)
    if ((tgk_lgamma_f64 (middle) < 0) == (tgk_lgamma_f64 (a) < 0))
      a = middle;
    else
      b = middle;

  for (int i = -40; i <= 40; i++)
    {
      double x = middle * (1 + i * 0x1p-52);

      worst = MAX (worst, lgamma_error (x));
    }

  return worst;
}

/* Two between each pair of poles, where the size of gamma is one, up to where no double is near. */
static void
test_lgamma_is_accurate_at_zeros (void)
{
  double worst = 0;

  for (int n = 2; n < 17; n++)
    {
      double upper = -n * (1 + 0x1p-50), lower = (-n - 1) * (1 - 0x1p-50);

      g_assert_cmpfloat (tgk_lgamma_f64 (-n - 0.5), <, 0);
      g_assert_cmpfloat (tgk_lgamma_f64 (upper), >, 0);
      worst = MAX (worst, lgamma_error_at_zero (-n - 0.5, upper));
      if (n < 15)
        worst = MAX (worst, lgamma_error_at_zero (-n - 0.5, lower));
    }

  g_test_message ("lgamma at its zeros %.3f", worst);
  g_assert_cmpfloat (worst, <=, 4.0);
}

/*
 * Next to its zeros on the negative axis digamma is what two terms of the size of log |x|
 * leave: the cotangent is the one, and digamma (1 - x) the other.
 */
static void
test_digamma_is_accurate_at_zeros (void)
{
  double worst = 0, worst_at = 0;
  uint64_t state = 0;
  mpfr_t value;

  mpfr_init2 (value, PRECISION);
  for (unsigned int i = 0; i < n_points / 5; i++)
    {
      double n = floor (fabs (random_binade (&state, 0, i % 2 == 0 ? 5 : 30)));
      double zero = atan2 (G_PI, tgk_digamma_f64 (n + 0.7)) / G_PI;
      double x = zero - n - 1 + random_binade (&state, -40, -2);
      double error;

      if (x >= 0 || floor (x) == x)
        continue;
      mpfr_set_d (value, x, MPFR_RNDN);
      mpfr_digamma (value, value, MPFR_RNDN);
      error = fabs (tgk_digamma_f64 (x) - mpfr_get_d (value, MPFR_RNDN));
      if (error_in_ulp (tgk_digamma_f64 (x), value, &f64) > 1 && error > worst * log (n + 3))
        worst = error / log (n + 3), worst_at = x;
    }

  mpfr_clear (value);
  g_test_message ("digamma next to its zeros %.3f 2^-59 log |x| at %a", worst * 0x1p59, worst_at);
  g_assert_cmpfloat (worst, <=, 0x1p-59);
}

/* n! times the inverse powers of the distances to the poles on both sides of x < 0. */
static double
polygamma_terms (double n, double x)
{
  double down = x - floor (x), up = ceil (x) - x;

  return x > 0 ? 0 : tgamma (n + 1) * (pow (down, -n - 1) + pow (up, -n - 1));
}

/*
 * In ulp. To the left of zero polygamma of an even order has zeros, where it is the rest
 * of the terms of both sides, and no more exact than they.
 */
static double
polygamma_error (unsigned int n, double x, const Format *format)
{
  double got = format == &f32 ? (double) tgk_polygamma_f32 ((float) n, (float) x)
                              : tgk_polygamma_f64 (n, x);
  double absolute = n % 2 == 0 ? 0x1p-52 * polygamma_terms (n, x) : 0;
  double error;
  mpfr_t value;

  mpfr_init2 (value, PRECISION);
  mpfr_set_d (value, x, MPFR_RNDN);
  oracle_polygamma_of (value, n, value);
  error = error_beyond (got, value, format, absolute);
  mpfr_clear (value);
  return error;
}

static double
polygamma_point (uint64_t *state, unsigned int i, unsigned int n)
{
  double x;

  switch (i % 5)
    {
    case 0:
      return fabs (random_binade (state, -1020, 1020));
    case 1:
      return fabs (random_binade (state, -4, 12));
    case 2:
      return random_between (state, 0, 20 + n);
    case 3:
      x = random_between (state, -60, 0);
      return x == floor (x) ? 0.5 : x;
    default:
      return floor (random_between (state, -10, 10)) + 0.5 + random_binade (state, -50, -3);
    }
}

static void
test_polygamma_is_accurate (void)
{
  static const unsigned int orders[] = { 1, 2, 3, 4, 5, 6, 7, 8, 11, 20, 31, 64, 101, 170, 333 };
  const unsigned int n_each = n_points / 25;
  double worst = 0, worst_at = 0, worst32 = 0;
  unsigned int worst_n = 0;

  for (gsize k = 0; k < G_N_ELEMENTS (orders); k++)
    {
      uint64_t state = k;

      for (unsigned int i = 0; i < n_each; i++)
        {
          double x = polygamma_point (&state, i, orders[k]);
          double error = polygamma_error (orders[k], x, &f64);

          if (error > worst)
            worst = error, worst_at = x, worst_n = orders[k];
          if ((float) x != floorf ((float) x))
            worst32 = MAX (worst32, polygamma_error (orders[k], (float) x, &f32));
        }
    }

  g_test_message ("polygamma f64 %.3f at %u, %a, f32 %.3f", worst, worst_n, worst_at, worst32);
  g_assert_cmpfloat (worst, <=, 4.0);
  g_assert_cmpfloat (worst32, <=, 0.51);
}

/* polygamma (n, 1) is n! zeta (n + 1) but for the sign: what MPFR has vouches for the oracle. */
static void
test_polygamma_of_one_is_zeta (void)
{
  mpfr_t got, wanted, factor;

  mpfr_inits2 (PRECISION, got, wanted, factor, (mpfr_ptr) NULL);
  for (unsigned int n = 1; n <= 100; n++)
    {
      mpfr_set_ui (got, 1, MPFR_RNDN);
      oracle_polygamma_of (got, n, got);
      mpfr_zeta_ui (wanted, n + 1, MPFR_RNDN);
      mpfr_fac_ui (factor, n, MPFR_RNDN);
      mpfr_mul (wanted, wanted, factor, MPFR_RNDN);
      mpfr_mul_si (wanted, wanted, n % 2 == 0 ? -1 : 1, MPFR_RNDN);
      mpfr_sub (got, got, wanted, MPFR_RNDN);
      g_assert_true (mpfr_zero_p (got) || mpfr_get_exp (got) < mpfr_get_exp (wanted) - 90);
      g_assert_cmpfloat (error_in_ulp (tgk_polygamma_f64 (n, 1), wanted, &f64), <=, 4.0);
    }

  mpfr_clears (got, wanted, factor, (mpfr_ptr) NULL);
}

static void
test_polygamma_has_edges (void)
{
  assert_same (tgk_polygamma_f64 (0, 2.5), tgk_digamma_f64 (2.5));
  assert_same (tgk_polygamma_f64 (0, 0.0), -INFINITY);
  assert_same (tgk_polygamma_f64 (0, -1), NAN);
  assert_same (tgk_polygamma_f64 (0, INFINITY), INFINITY);
  assert_same (tgk_polygamma_f64 (1, -2.5), tgk_trigamma_f64 (-2.5));
  assert_same (tgk_polygamma_f64 (1, -3), INFINITY);
  assert_same (tgk_polygamma_f64 (2, 0.0), -INFINITY);
  assert_same (tgk_polygamma_f64 (2, -3), -INFINITY);
  assert_same (tgk_polygamma_f64 (3, -0.0), INFINITY);
  assert_same (tgk_polygamma_f64 (3, INFINITY), 0.0);
  assert_same (tgk_polygamma_f64 (2, INFINITY), -0.0);
  assert_same (tgk_polygamma_f64 (2, -INFINITY), NAN);
  assert_same (tgk_polygamma_f64 (-1, 2), NAN);
  assert_same (tgk_polygamma_f64 (1.5, 2), NAN);
  assert_same (tgk_polygamma_f64 (NAN, 2), NAN);
  assert_same (tgk_polygamma_f64 (2, NAN), NAN);
  assert_same (tgk_polygamma_f64 (INFINITY, 2), NAN);
}

static void
test_gammas_have_poles (void)
{
  assert_same (tgk_gamma_f64 (0.0), INFINITY);
  assert_same (tgk_gamma_f64 (-0.0), -INFINITY);
  assert_same (tgk_gamma_f64 (-1), NAN);
  assert_same (tgk_gamma_f64 (-0x1p60), NAN);
  assert_same (tgk_gamma_f64 (-INFINITY), NAN);
  assert_same (tgk_gamma_f32 (36), INFINITY);
  assert_same (tgk_gamma_f64 (-184.5), -0.0);
  assert_same (tgk_gamma_f64 (-185.5), 0.0);
  assert_same (tgk_lgamma_f64 (-0.0), INFINITY);
  assert_same (tgk_lgamma_f64 (-7), INFINITY);
  assert_same (tgk_lgamma_f64 (-INFINITY), INFINITY);
  assert_same (tgk_lgamma_f64 (1), 0.0);
  assert_same (tgk_lgamma_f64 (2), 0.0);
  assert_same (tgk_digamma_f64 (-0.0), INFINITY);
  assert_same (tgk_digamma_f64 (-4), NAN);
  assert_same (tgk_trigamma_f64 (-0.0), INFINITY);
  assert_same (tgk_trigamma_f64 (-4), INFINITY);
}

/* Next to zero, where e^x + e^y = 1 and the greater number and the logarithm cancel. */
static void
test_logaddexp_may_cancel (void)
{
  double worst = 0;
  uint64_t state = 0;
  mpfr_t a, b;

  mpfr_inits2 (PRECISION, a, b, (mpfr_ptr) NULL);
  for (unsigned int i = 0; i < n_points; i++)
    {
      double x = random_between (&state, -0.6931, 0);
      double y = log1p (-exp (x)) * (1 + (i & 1 ? random_binade (&state, -50, -2) : 0));

      mpfr_set_d (a, x, MPFR_RNDN);
      mpfr_set_d (b, y, MPFR_RNDN);
      oracle_logaddexp (a, a, b, MPFR_RNDN);
      mpfr_sub_d (a, a, tgk_logaddexp_f64 (x, y), MPFR_RNDN);
      worst = MAX (worst, fabs (mpfr_get_d (a, MPFR_RNDN)));
    }

  mpfr_clears (a, b, (mpfr_ptr) NULL);
  g_test_message ("logaddexp %.3f 2^-55", worst * 0x1p55);
  g_assert_cmpfloat (worst, <=, 0x1p-55);
}

static void
test_signs_and_neighbours (void)
{
  static const double numbers[] =
  {
    0.0, -0.0, 0x1p-1074, -0x1p-1074, 0x1p-149, 1, -1, 2, 0x1.fffffffffffffp-1, 0x1p-1022,
    0x1.fffffp127, 0x1.fffffffffffffp1023, -0x1.fffffffffffffp1023, INFINITY, -INFINITY, NAN,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    for (gsize j = 0; j < G_N_ELEMENTS (numbers); j++)
      {
        double a = numbers[i], b = numbers[j];
        float c = (float) a, d = (float) b;

        assert_same (tgk_nextafter_f64 (a, b), nextafter (a, b));
        assert_same (tgk_nextafter_f32 (c, d), nextafterf (c, d));
        assert_same (tgk_copysign_f64 (a, b), copysign (a, b));
        assert_same (tgk_copysign_f32 (c, d), copysignf (c, d));
        g_assert_true (tgk_signbit_f64 (a) == (signbit (a) != 0));
        g_assert_true (tgk_signbit_f32 (c) == (signbit (c) != 0));
      }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_points = (unsigned int) g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10);

#define ADD_TEST(path, name) g_test_add_func ("/special/" path, test_##name)
  ADD_TEST ("lgamma-is-accurate-at-zeros", lgamma_is_accurate_at_zeros);
  ADD_TEST ("digamma-is-accurate-at-zeros", digamma_is_accurate_at_zeros);
  ADD_TEST ("polygamma-is-accurate", polygamma_is_accurate);
  ADD_TEST ("polygamma-of-one-is-zeta", polygamma_of_one_is_zeta);
  ADD_TEST ("polygamma-has-edges", polygamma_has_edges);
  ADD_TEST ("gammas-have-poles", gammas_have_poles);
  ADD_TEST ("logaddexp-may-cancel", logaddexp_may_cancel);
  ADD_TEST ("signs-and-neighbours", signs_and_neighbours);
#undef ADD_TEST

  return g_test_run ();
}
