/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * x^y = e^(y log x). The product reaches 745, which costs ten bits: log x is
 * good to some 2^-65, and so is the product, a pair.
 */

/* 2/3 */
#define TWO_THIRDS 0x1.5555555555555p-1
#define TWO_THIRDS_TAIL 0x1.5555555555555p-55

/*
 * 2 atanh s = 2 s + s^3 (2/3 + s^2 P (s^2)), with all but P as pairs. P is
 * minimax relative to the whole, error 2^-73.5.
 */
KERNEL (VP, log_mantissa_precise, VF f)
{
  VP s = CALL (pair_divide, PAIR (f, K (0.0)), CALL (fast_two_sum, K (2.0), f));
  VP z = CALL (pair_multiply, s, s);
  VF p = POLY (z.hi,
               0x1.9999999999996p-2, 0x1.2492492492f53p-2, 0x1.c71c71c5962b0p-3,
               0x1.745d182994437p-3, 0x1.3b1364b61e6fep-3, 0x1.112072613c0bfp-3,
               0x1.de3ce430d07e5p-4, 0x1.eaca97c729f6bp-4);
  VP third = CALL (fast_two_sum, K (TWO_THIRDS), MUL (z.hi, p));
  VP factor = PAIR (third.hi, ADD (third.lo, K (TWO_THIRDS_TAIL)));
  VP cube = CALL (pair_multiply, CALL (pair_multiply, s, z), factor);

  return CALL (pair_add, PAIR (ADD (s.hi, s.hi), ADD (s.lo, s.lo)), cube);
}

/* log x for finite x > 0. */
KERNEL (VP, log_precise, VF x)
{
  VF u = CALL (log_normalize, x);
  VI k = CALL (log_exponent, u);
  VF n = CALL (log_shift, x, k);
  VP m = CALL (log_mantissa_precise, CALL (log_fraction, PAIR (u, K (0.0)), k).hi);

  return CALL (pair_add, PAIR (MUL (n, K (LN2_HI)), MUL (n, K (LN2_LO))), m);
}

/* a^y for a >= 0: where the base is zero or infinite, or the exponent is, it is a limit. */
KERNEL (VF, pow_limits, VF a, VF y, VF finite)
{
  VB up = OR (AND (GT (a, K (1.0)), GT (y, K (0.0))), AND (LT (a, K (1.0)), LT (y, K (0.0))));
  VB limit = OR (EQ (FABS (y), K (INFINITY)), OR (EQ (a, K (0.0)), EQ (a, K (INFINITY))));
  VF result = SEL (limit, SEL (up, K (INFINITY), K (0.0)), finite);

  return SEL (OR (EQ (y, K (0.0)), EQ (a, K (1.0))), K (1.0), result);
}

/* x^y of |x|^y, as pow of C11, annex F: 1^y = x^0 = 1, nan included, and (-1)^inf = 1. */
KERNEL (VF, pow_signs, VF x, VF y, VF magnitude)
{
  VF half = MUL (y, K (0.5));
  VB whole = EQ (TRUNC (y), y);
  VB odd = AND (whole, NE (TRUNC (half), half));
  VF signed_ = SEL (odd, COPYSIGN (magnitude, x), magnitude);
  VB no_root = AND (LT (x, K (0.0)), AND (NOT (whole), GT (x, K (-INFINITY))));
  VB undefined = OR (no_root, OR (NE (x, x), NE (y, y)));
  VB one = OR (EQ (x, K (1.0)), EQ (y, K (0.0)));

  return SEL (one, K (1.0), SEL (undefined, K (NAN), signed_));
}

KERNEL (VF, pow, VF x, VF y)
{
  VF a = FABS (x);
  VP l = CALL (log_precise, a);
  VP p = CALL (two_product, y, l.hi);
  VF finite = CALL (exp_pair, PAIR (p.hi, FMA (y, l.lo, p.lo)));

  return CALL (pow_signs, x, y, CALL (pow_limits, a, y, finite));
}

/*
 * The cube root of m in [1, 8): a polynomial, minimax with an error of 2^-10.4, and a step
 * of Halley's, which has three times the digits.
 */
KERNEL (VF, cbrt_approximate, VF m)
{
  VF y = POLY (m,
               0x1.2c8ad5a8ba109p-1, 0x1.0d7d5936535bep-1, -0x1.13b44a2e05f4ep-3,
               0x1.8c6ececf882bap-6, -0x1.2e86089a2590ap-9, 0x1.7137f3e9d74fcp-14);
  VF cube = MUL (MUL (y, y), y);

  return MUL (y, DIV (FMA (K (2.0), m, cube), FMA (K (2.0), cube, m)));
}

/* The same, after a step of Newton's from a pair. */
KERNEL (VF, cbrt_reduced, VF m)
{
  VF z = CALL (cbrt_approximate, m);
  VP square = CALL (two_product, z, z);
  VP third = CALL (pair_multiply, square, PAIR (z, K (0.0)));
  VF left = SUB (SUB (m, third.hi), third.lo);

  return ADD (z, DIV (left, MUL (K (3.0), square.hi)));
}

/* The k of u = 2^(3 k) m, for a normal u > 0. */
KERNEL (VF, cbrt_exponent, VF u)
{
  VI biased = SHR (ASI (u), 52);

  return FLOOR (MUL (SUB (CALL (of_small_integer, biased), K (1022.5)), K (0x1.5555555555555p-2)));
}

/* And m. */
KERNEL (VF, cbrt_mantissa, VF u, VF k)
{
  VI cubed = ASI (ADD (MUL (k, K (3.0)), K (SHIFTER)));

  return ASF (ISUB (ASI (u), SHL (cubed, 52)));
}

/* |x| = 2^(3 k) m. The root of the least number is well above the subnormal ones. */
KERNEL (VF, cbrt, VF x)
{
  VF a = FABS (x);
  VF u = CALL (log_normalize, a);
  VF k = CALL (cbrt_exponent, u);
  VF root = CALL (cbrt_reduced, CALL (cbrt_mantissa, u, k));
  VF scaled = MUL (root, CALL (power_of_two, ADD (k, K (SHIFTER))));
  VF result = SEL (LT (a, K (0x1p-1022)), MUL (scaled, K (0x1p-18)), scaled);
  VB itself = OR (EQ (x, K (0.0)), NOT (LT (a, K (INFINITY))));

  return SEL (itself, x, COPYSIGN (result, x));
}
