/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of f32 that compute in floats, of which a vector holds twice as many as of doubles.
 * There is no bit to spare: what is reduced stays exact, sums keep what they round off where it
 * counts, and only the last operation rounds noticeably.  The reductions are those of the words of
 * f64.  Polynomials are minimax, with coefficients rounded one after the other and those left
 * fitted again; their errors are relative to the result.
 */

#define LOG2E 0x1.715476p+0

/* ln 2 in parts: the first has 15 bits, so n times it is exact. */
#define LN2_HI 0x1.62e4p-1
#define LN2_LO 0x1.7f7d1cp-20
#define HALF_LN2 0x1.62e430p-2

/* Added to a small number, it leaves the nearest integer in the low bits. */
#define SHIFTER 0x1.8p23

/* Of x, what is at most that far from zero. */
KERNEL (VF, within, VF x, VF most)
{
  VF below = SEL (GT (x, most), most, x);

  return SEL (LT (below, NEG (most)), NEG (most), below);
}

/* 2^n for the n in the low bits of shifted = SHIFTER + n, -127 < n < 128. */
KERNEL (VF, power_of_two, VF shifted)
{
  return ASF (SHL (IADD (ASI (shifted), KI (127)), 23));
}

/*
 * a 2^n, rounded once, for a next to one and |n| <= 190: one factor is small or large as n is, and
 * leaves the other, and a times that, in the normal range.
 */
KERNEL (VF, scale, VF a, VF n)
{
  VF far = SEL (LT (n, K (0.0)), K (0x1p-64), K (0x1p64));
  VI near = ISUB (SHL (ASI (ADD (n, K (SHIFTER + 254.0))), 23), ASI (far));

  return MUL (MUL (a, ASF (near)), far);
}

/* The integer n nearest to x / ln 2. */
KERNEL (VF, exp_exponent, VF x)
{
  return SUB (FMA (x, K (LOG2E), K (SHIFTER)), K (SHIFTER));
}

/* e^x; the polynomial is P of e^r - 1 = r P (r) for |r| <= ln 2 / 2, error 2^-28.3. */
KERNEL (VF, exp, VF x)
{
  VF in = CALL (within, x, K (104.0));
  VF n = CALL (exp_exponent, in);
  VF r = FMA (n, K (-LN2_LO), FMA (n, K (-LN2_HI), in));
  VF p = POLY (r,
               0x1.000000p+0, 0x1.fffffcp-2, 0x1.555492p-3, 0x1.5558b0p-5, 0x1.123990p-7,
               0x1.6a4d7cp-10);

  return CALL (scale, FMA (r, p, K (1.0)), n);
}

/* 2^n 2^f; error 2^-28.3. */
KERNEL (VF, exp2, VF x)
{
  VF in = CALL (within, x, K (151.0));
  VF n = SUB (ADD (in, K (SHIFTER)), K (SHIFTER));
  VF f = SUB (in, n);
  VF p = POLY (f,
               0x1.62e430p-1, 0x1.ebfbdcp-3, 0x1.c6af7ap-5, 0x1.3b2dd4p-7, 0x1.5f0958p-10,
               0x1.4178b2p-13);

  return CALL (scale, FMA (f, p, K (1.0)), n);
}

/* x - n ln 2 as r, and e^r - 1 as a pair; error 2^-31.1. */
KERNEL (VP, exp_reduced, VF x, VF n)
{
  VF near = FMA (n, K (-LN2_HI), x);
  VF r = FMA (n, K (-LN2_LO), near);
  VF left = FMA (n, K (-LN2_LO), SUB (near, r));
  VF p = POLY (r,
               0x1.000000p-1, 0x1.555554p-3, 0x1.5554f8p-5, 0x1.1112d8p-7, 0x1.6d3a4ep-10,
               0x1.9e733ap-13);

  return CALL (fast_two_sum, r, FMA (MUL (r, r), p, left));
}

/* a + power (e.hi + e.lo) as a pair, for an a that is zero or not less than the product. */
KERNEL (VP, exp_add, VF a, VF power, VP e)
{
  VF sum = FMA (power, e.hi, a);

  return PAIR (sum, FMA (power, e.lo, FMA (power, e.hi, SUB (a, sum))));
}

/* Half of 2^n - 1 + 2^n (e^r - 1), lest 2^n overflow. */
KERNEL (VF, expm1, VF x)
{
  VF below = SEL (LT (x, K (-18.0)), K (-18.0), x);
  VF in = SEL (GT (below, K (89.0)), K (89.0), below);
  VF n = CALL (exp_exponent, in);
  VF power = CALL (power_of_two, ADD (n, K (SHIFTER - 1.0)));
  VP half = CALL (exp_add, SUB (power, K (0.5)), power, CALL (exp_reduced, in, n));
  VF sum = ADD (half.hi, half.lo);

  return SEL (LT (FABS (x), K (0x1p-25)), x, ADD (sum, sum));
}

/*
 * Up to one x + x^3 P (x^2), error 2^-27.7; then 1 - 2 / (1 + E) for E = e^(2x) = 2^n e^(2r), where
 * less is enough: e^(2r) = 1 + r Q (r), error 2^-28.
 */
KERNEL (VF, tanh, VF x)
{
  VF a = FABS (x);
  VF z = MUL (a, a);
  VF p = POLY (z,
               -0x1.55553cp-2, 0x1.110be4p-3, -0x1.b9623ep-5, 0x1.6009dcp-6, -0x1.0460eep-7,
               0x1.2da3e8p-9, -0x1.77d7e4p-12);
  VF in = SEL (GT (a, K (9.1)), K (9.1), a);
  VF shifted = FMA (in, K (2.0 * LOG2E), K (SHIFTER));
  VF r = FMA (SUB (shifted, K (SHIFTER)), K (-HALF_LN2), in);
  VF q = POLY (r,
               0x1.000000p+1, 0x1.fffffcp+0, 0x1.555492p+0, 0x1.5558b0p-1, 0x1.123990p-2,
               0x1.6a4d7cp-4);
  VF e = FMA (r, q, K (1.0));
  VF power = ASF (IADD (ASI (e), SHL (ASI (shifted), 23)));
  VF large = SUB (K (1.0), DIV (K (2.0), ADD (power, K (1.0))));

  return COPYSIGN (SEL (GE (a, K (1.0)), large, FMA (MUL (a, z), p, a)), x);
}

/* e^-a / (1 + e^-a) or 1 / (1 + e^-a) for a = |x|. */
KERNEL (VF, sigmoid, VF x)
{
  VF e = CALL (exp, NEG (FABS (x)));

  return DIV (SEL (LT (x, K (0.0)), e, K (1.0)), ADD (e, K (1.0)));
}

/* max (x, 0) + log (1 + e), e = e^-|x|; the polynomial is P of e + e^2 P (e), error 2^-27.5. */
KERNEL (VF, softplus, VF x)
{
  VF e = CALL (exp, NEG (FABS (x)));
  VF p = POLY (e,
               -0x1.ffffd2p-2, 0x1.554dd4p-2, -0x1.ff249ep-3, 0x1.9350f8p-3, -0x1.3a58e6p-3,
               0x1.b507dap-4, -0x1.d781d2p-5, 0x1.4a1788p-6, -0x1.b1488ep-9);

  return ADD (FMA (MUL (e, e), p, e), SEL (GT (x, K (0.0)), x, K (0.0)));
}

/* e^x / 4 as a pair, for 0 <= x <= 89.5 and nan. */
KERNEL (VP, quarter_exp, VF x)
{
  VF n = CALL (exp_exponent, x);
  VF power = CALL (power_of_two, ADD (n, K (SHIFTER - 2.0)));

  return CALL (exp_add, power, power, CALL (exp_reduced, x, n));
}

KERNEL (VF, cosh, VF x)
{
  VP e = CALL (quarter_exp, CALL (within, FABS (x), K (89.5)));
  VF half = ADD (e.hi, ADD (DIV (K (0.0625), e.hi), e.lo));

  return ADD (half, half);
}

/* Up to one an odd polynomial, error 2^-31.6. */
KERNEL (VF, sinh, VF x)
{
  VF a = CALL (within, FABS (x), K (89.5));
  VP e = CALL (quarter_exp, a);
  VF half = SUB (e.hi, SUB (DIV (K (0.0625), e.hi), e.lo));
  VF z = MUL (a, a);
  VF p = POLY (z, 0x1.555556p-3, 0x1.1110e0p-7, 0x1.a022bap-13, 0x1.756cb2p-19);
  VF small = FMA (MUL (a, z), p, a);

  return COPYSIGN (SEL (LT (a, K (1.0)), small, ADD (half, half)), x);
}
