/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The special functions that MPFR lacks, in more digits and by other ways than
 * those of the kernels. They look like functions of MPFR; the result may be the
 * argument.
 */

#pragma once

#include <mpfr.h>

/* Bits more than those of the result, for what sums and reflections cost. */
#define GUARD 64

/* The longest step of Newton's that is not the last one is 2^-SETTLED of the result. */
#define SETTLED 60

/* 1 / (x sqrt pi) times the asymptotic series, for x > 10^4. */
static inline void
oracle_erfcx_far (mpfr_t result, const mpfr_t x)
{
  mpfr_t z, sum, root;

  mpfr_inits2 (mpfr_get_prec (result) + GUARD, z, sum, root, (mpfr_ptr) NULL);
  mpfr_sqr (z, x, MPFR_RNDN);
  mpfr_mul_ui (z, z, 2, MPFR_RNDN);
  mpfr_set_ui (sum, 1, MPFR_RNDN);
  for (unsigned int k = 20; k > 0; k--)
    {
      mpfr_mul_si (sum, sum, 1 - 2 * (int) k, MPFR_RNDN);
      mpfr_div (sum, sum, z, MPFR_RNDN);
      mpfr_add_ui (sum, sum, 1, MPFR_RNDN);
    }

  mpfr_const_pi (root, MPFR_RNDN);
  mpfr_sqrt (root, root, MPFR_RNDN);
  mpfr_mul (root, root, x, MPFR_RNDN);
  mpfr_div (result, sum, root, MPFR_RNDN);
  mpfr_clears (z, sum, root, (mpfr_ptr) NULL);
}

static inline int
oracle_erfcx (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  mpfr_t square, rest;

  if (mpfr_cmp_ui (x, 10000) > 0)
    {
      oracle_erfcx_far (result, x);
      return 0;
    }

  mpfr_inits2 (mpfr_get_prec (result) + GUARD, square, rest, (mpfr_ptr) NULL);
  mpfr_sqr (square, x, round);
  mpfr_exp (square, square, round);
  mpfr_erfc (rest, x, round);
  mpfr_mul (result, square, rest, round);
  mpfr_clears (square, rest, (mpfr_ptr) NULL);
  return 0;
}

/* x less (f - y) / slope, where f is erf x or erfc x. Returns whether that was the last step. */
static inline bool
oracle_newton (mpfr_t x, mpfr_t f, const mpfr_t y, bool complement)
{
  mpfr_t slope, root;
  bool settled;

  mpfr_inits2 (mpfr_get_prec (x), slope, root, (mpfr_ptr) NULL);
  mpfr_sqr (slope, x, MPFR_RNDN);
  mpfr_neg (slope, slope, MPFR_RNDN);
  mpfr_exp (slope, slope, MPFR_RNDN);
  mpfr_const_pi (root, MPFR_RNDN);
  mpfr_sqrt (root, root, MPFR_RNDN);
  mpfr_div (slope, slope, root, MPFR_RNDN);
  mpfr_mul_si (slope, slope, complement ? -2 : 2, MPFR_RNDN);

  /* The complement is all but an exponential: the step is that of its logarithm. */
  if (complement)
    {
      mpfr_div (slope, slope, f, MPFR_RNDN);
      mpfr_div (f, f, y, MPFR_RNDN);
      mpfr_log (f, f, MPFR_RNDN);
    }
  else
    mpfr_sub (f, f, y, MPFR_RNDN);

  mpfr_div (f, f, slope, MPFR_RNDN);
  mpfr_sub (x, x, f, MPFR_RNDN);
  settled = mpfr_zero_p (f) || mpfr_get_exp (f) < mpfr_get_exp (x) - SETTLED;
  mpfr_clears (slope, root, (mpfr_ptr) NULL);
  return settled;
}

/* erfcinv y for 0 < y <= 1/2, or erfinv y for |y| <= 1/2. */
static inline void
oracle_inverse (mpfr_t result, const mpfr_t y, bool complement)
{
  mpfr_t x, f;
  bool settled = false;

  mpfr_inits2 (mpfr_get_prec (result) + GUARD, x, f, (mpfr_ptr) NULL);
  mpfr_set (x, y, MPFR_RNDN);
  if (complement)
    {
      mpfr_log (x, x, MPFR_RNDN);
      mpfr_neg (x, x, MPFR_RNDN);
      mpfr_sqrt (x, x, MPFR_RNDN);
    }

  for (int step = 0; step < 50 && !settled; step++)
    {
      if (complement)
        mpfr_erfc (f, x, MPFR_RNDN);
      else
        mpfr_erf (f, x, MPFR_RNDN);
      settled = mpfr_zero_p (x) || oracle_newton (x, f, y, complement);
    }

  if (settled)
    mpfr_set (result, x, MPFR_RNDN);
  else
    mpfr_set_nan (result);
  mpfr_clears (x, f, (mpfr_ptr) NULL);
}

static inline int
oracle_erfcinv (mpfr_t result, const mpfr_t y, mpfr_rnd_t round)
{
  mpfr_t rest;

  mpfr_init2 (rest, mpfr_get_prec (result) + GUARD);
  mpfr_ui_sub (rest, 2, y, round);
  if (mpfr_nan_p (y) || mpfr_sgn (y) < 0 || mpfr_sgn (rest) < 0)
    mpfr_set_nan (result);
  else if (mpfr_zero_p (y) || mpfr_zero_p (rest))
    mpfr_set_inf (result, mpfr_zero_p (y) ? 1 : -1);
  else if (mpfr_cmp_d (y, 0.5) <= 0)
    oracle_inverse (result, y, true);
  else if (mpfr_cmp_d (rest, 0.5) <= 0)
    {
      oracle_inverse (result, rest, true);
      mpfr_neg (result, result, round);
    }
  else
    {
      mpfr_ui_sub (rest, 1, y, round);
      oracle_inverse (result, rest, false);
    }

  mpfr_clear (rest);
  return 0;
}

static inline int
oracle_erfinv (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  mpfr_t rest;

  if (mpfr_cmp_d (x, 0.5) < 0 && mpfr_cmp_d (x, -0.5) > 0)
    {
      oracle_inverse (result, x, false);
      return 0;
    }

  mpfr_init2 (rest, 53 + GUARD);
  mpfr_ui_sub (rest, 1, x, round);
  oracle_erfcinv (result, rest, round);
  mpfr_clear (rest);
  return 0;
}

/* log |Gamma x| */
static inline int
oracle_lgamma (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  int sign;

  return mpfr_lgamma (result, &sign, x, round);
}
