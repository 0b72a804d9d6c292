/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The special functions that MPFR lacks, in more digits and by other ways than
 * those of the kernels. They look like functions of MPFR; the result may be the
 * argument.
 */

#pragma once

#include <mpfr.h>

/* Enough to tell a hundredth of an ulp, also from next to a zero. */
#define PRECISION 96

/* Bits more than those of the result, for what sums and reflections cost. */
#define GUARD 64

/* The longest step of Newton's that is not the last one is 2^-SETTLED of the result. */
#define SETTLED 60

/* log (p / (1 - p)) */
static inline int
oracle_logit (mpfr_t result, const mpfr_t p, mpfr_rnd_t round)
{
  mpfr_t rest;

  mpfr_init2 (rest, mpfr_get_prec (result) + 2 * GUARD);
  mpfr_ui_sub (rest, 1, p, round);
  mpfr_div (rest, p, rest, round);
  mpfr_log (result, rest, round);
  mpfr_clear (rest);
  return 0;
}

/* log (1 - e^x) */
static inline int
oracle_log1mexp (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  mpfr_t part;
  bool far = mpfr_cmp_si (x, -1) < 0;

  mpfr_init2 (part, mpfr_get_prec (result) + GUARD);
  if (far)
    mpfr_exp (part, x, round);
  else
    mpfr_expm1 (part, x, round);
  mpfr_neg (part, part, round);
  if (far)
    mpfr_log1p (result, part, round);
  else
    mpfr_log (result, part, round);
  mpfr_clear (part);
  return 0;
}

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

/* B (2 j) / (2 j)! = 2 zeta (2 j) / (2 pi)^(2 j), with alternating signs. */
static inline void
oracle_bernoulli (mpfr_t result, unsigned int j)
{
  mpfr_t turn;

  mpfr_init2 (turn, mpfr_get_prec (result));
  mpfr_const_pi (turn, MPFR_RNDN);
  mpfr_mul_ui (turn, turn, 2, MPFR_RNDN);
  mpfr_pow_ui (turn, turn, 2 * j, MPFR_RNDN);
  mpfr_zeta_ui (result, 2 * j, MPFR_RNDN);
  mpfr_mul_si (result, result, j % 2 == 1 ? 2 : -2, MPFR_RNDN);
  mpfr_div (result, result, turn, MPFR_RNDN);
  mpfr_clear (turn);
}

#define N_BERNOULLI 30

/* All of them, for any number of digits that is asked for here. */
static inline mpfr_t *
oracle_bernoullis (void)
{
  static mpfr_t table[N_BERNOULLI + 1];
  static bool done = false;

  for (unsigned int j = 1; j <= N_BERNOULLI && !done; j++)
    {
      mpfr_init2 (table[j], 512);
      oracle_bernoulli (table[j], j);
    }

  done = true;
  return table;
}

/* The Euler-Maclaurin sum of (w + i)^-s for w that is large beside s, with 30 terms. */
static inline void
oracle_zeta_far (mpfr_t result, const mpfr_t w, unsigned int s)
{
  mpfr_prec_t precision = mpfr_get_prec (result);
  mpfr_t *bernoulli = oracle_bernoullis ();
  mpfr_t power, term;

  mpfr_inits2 (precision, power, term, (mpfr_ptr) NULL);
  mpfr_pow_si (power, w, -(long) s, MPFR_RNDN);
  mpfr_mul (result, power, w, MPFR_RNDN);
  mpfr_div_ui (result, result, s - 1, MPFR_RNDN);
  mpfr_div_ui (term, power, 2, MPFR_RNDN);
  mpfr_add (result, result, term, MPFR_RNDN);

  for (unsigned int j = 1; j <= N_BERNOULLI; j++)
    {
      mpfr_mul_ui (power, power, j == 1 ? s : (s + 2 * j - 3) * (s + 2 * j - 2), MPFR_RNDN);
      for (int i = 0; i < (j == 1 ? 1 : 2); i++)
        mpfr_div (power, power, w, MPFR_RNDN);
      mpfr_mul (term, power, bernoulli[j], MPFR_RNDN);
      mpfr_add (result, result, term, MPFR_RNDN);
    }

  mpfr_clears (power, term, (mpfr_ptr) NULL);
}

/* The derivative of digamma of order n >= 1, for x above -1000 or so. */
static inline void
oracle_polygamma_of (mpfr_t result, unsigned int n, const mpfr_t x)
{
  mpfr_t w, sum, term;

  mpfr_inits2 (mpfr_get_prec (result) + 2 * GUARD, w, sum, term, (mpfr_ptr) NULL);
  mpfr_set (w, x, MPFR_RNDN);
  mpfr_set_zero (sum, 1);
  while (mpfr_cmp_ui (w, n + 40) < 0)
    {
      mpfr_pow_si (term, w, -(long) n - 1, MPFR_RNDN);
      mpfr_add (sum, sum, term, MPFR_RNDN);
      mpfr_add_ui (w, w, 1, MPFR_RNDN);
    }

  oracle_zeta_far (term, w, n + 1);
  mpfr_add (sum, sum, term, MPFR_RNDN);
  mpfr_fac_ui (term, n, MPFR_RNDN);
  mpfr_mul (sum, sum, term, MPFR_RNDN);
  mpfr_mul_si (result, sum, n % 2 == 0 ? -1 : 1, MPFR_RNDN);
  mpfr_clears (w, sum, term, (mpfr_ptr) NULL);
}

/* (pi / sin (pi x))^2, where the remainder of x by one is exact. */
static inline void
oracle_reflection (mpfr_t result, const mpfr_t x)
{
  mpfr_t t;

  mpfr_init2 (t, mpfr_get_prec (result));
  mpfr_frac (t, x, MPFR_RNDN);
  mpfr_const_pi (result, MPFR_RNDN);
  mpfr_mul (t, t, result, MPFR_RNDN);
  mpfr_sin (t, t, MPFR_RNDN);
  mpfr_div (t, result, t, MPFR_RNDN);
  mpfr_sqr (result, t, MPFR_RNDN);
  mpfr_clear (t);
}

static inline int
oracle_trigamma (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  mpfr_t rest, front;

  if (mpfr_inf_p (x) && mpfr_sgn (x) > 0)
    mpfr_set_zero (result, 1);
  else if (!mpfr_number_p (x))
    mpfr_set_nan (result);
  else if (mpfr_integer_p (x) && mpfr_sgn (x) <= 0)
    mpfr_set_inf (result, 1);
  else if (mpfr_sgn (x) > 0)
    oracle_polygamma_of (result, 1, x);
  else
    {
      mpfr_inits2 (mpfr_get_prec (result) + 2 * GUARD, rest, front, (mpfr_ptr) NULL);
      oracle_reflection (front, x);
      mpfr_ui_sub (rest, 1, x, round);
      oracle_polygamma_of (rest, 1, rest);
      mpfr_sub (result, front, rest, round);
      mpfr_clears (rest, front, (mpfr_ptr) NULL);
    }

  return 0;
}

/* The greater number and log (1 + e^-d), whose power is out of any reach past 10^6. */
static inline int
oracle_logaddexp (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  mpfr_t d, m;

  mpfr_inits2 (mpfr_get_prec (result) + GUARD, d, m, (mpfr_ptr) NULL);
  mpfr_max (m, x, y, round);
  mpfr_min (d, x, y, round);
  if (mpfr_nan_p (x) || mpfr_nan_p (y))
    mpfr_set_nan (result);
  else if (mpfr_inf_p (m))
    mpfr_set (result, m, round);
  else
    {
      mpfr_sub (d, d, m, round);
      mpfr_exp (d, d, round);
      mpfr_log1p (d, d, round);
      mpfr_add (result, m, d, round);
    }

  mpfr_clears (d, m, (mpfr_ptr) NULL);
  return 0;
}

/* x times log y or log (1 + y), and zero where x is, unless y is nan. */
static inline int
oracle_times (mpfr_t result, const mpfr_t x, const mpfr_t y,
              int (* logarithm) (mpfr_t, const mpfr_t, mpfr_rnd_t))
{
  mpfr_t l;

  mpfr_init2 (l, mpfr_get_prec (result) + GUARD);
  logarithm (l, y, MPFR_RNDN);
  if (mpfr_zero_p (x) && !mpfr_nan_p (y))
    mpfr_set_zero (result, 1);
  else
    mpfr_mul (result, x, l, MPFR_RNDN);
  mpfr_clear (l);
  return 0;
}

static inline int
oracle_xlogy (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  (void) round;
  return oracle_times (result, x, y, mpfr_log);
}

static inline int
oracle_xlog1py (mpfr_t result, const mpfr_t x, const mpfr_t y, mpfr_rnd_t round)
{
  (void) round;
  return oracle_times (result, x, y, mpfr_log1p);
}
