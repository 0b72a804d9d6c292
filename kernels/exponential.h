/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * exp and what is made of it.
 *
 * x = n ln 2 + r with |r| <= ln 2 / 2, and e^x = 2^n e^r. The reduction is that
 * of Cody and Waite, Software Manual for the Elementary Functions (1980). The
 * remainder is kept as a pair, and so is e^r - 1: the functions that add to it
 * or divide by it round but once or so.
 */

#define LOG2E 0x1.71547652b82fep+0

/* ln 2 whole, and in parts: the first has 42 bits, so n times it is exact. */
#define LN2 0x1.62e42fefa39efp-1
#define LN2_TAIL 0x1.abc9e3b39803fp-56
#define LN2_HI 0x1.62e42fefa3800p-1
#define LN2_LO 0x1.ef35793c76730p-45

/* Added to a small number, it leaves the nearest integer in the low bits. */
#define SHIFTER 0x1.8p52

/* n for |n| < 2^51, by what all processors do with vectors, as they do not ITOF. */
KERNEL (VF, of_small_integer, VI n)
{
  return SUB (ASF (IADD (n, ASI (K (SHIFTER)))), K (SHIFTER));
}

/* 2^n for the n in the low bits of shifted = SHIFTER + n, -1023 < n < 1024. */
KERNEL (VF, power_of_two, VF shifted)
{
  return ASF (SHL (IADD (ASI (shifted), KI (1023)), 52));
}

/* a 2^n, rounded once: the first factor leaves a in the normal range. */
KERNEL (VF, scale, VF a, VF n)
{
  VF half = ADD (MUL (n, K (0.5)), K (SHIFTER));
  VF rest = ADD (SUB (n, SUB (half, K (SHIFTER))), K (SHIFTER));

  return MUL (MUL (a, CALL (power_of_two, half)), CALL (power_of_two, rest));
}

/* (e^r - 1 - r) / r^2 for |r| <= 0.3468; minimax relative to r, error 2^-60.1. */
KERNEL (VF, exp_slope, VF r)
{
  return POLY (r,
               0x1.0000000000000p-1, 0x1.5555555555557p-3, 0x1.5555555555558p-5,
               0x1.11111111100c9p-7, 0x1.6c16c16c151e4p-10, 0x1.a01a01abf2063p-13,
               0x1.a01a01ad056bap-16, 0x1.71de0211b29d0p-19, 0x1.27e4ccb12b134p-22,
               0x1.af4e2bea37748p-26, 0x1.1f8b80560e698p-29);
}

/* The same where one is going to be added; minimax relative to e^r, error 2^-56.4. */
KERNEL (VF, exp_slope_short, VF r)
{
  return POLY (r,
               0x1.000000000000ap-1, 0x1.55555555554fap-3, 0x1.555555555086ep-5,
               0x1.1111111127c39p-7, 0x1.6c16c1842d8b0p-10, 0x1.a01a012a411dfp-13,
               0x1.a0199a025b1fbp-16, 0x1.71df2576e2b8bp-19, 0x1.28ad7c9677aa8p-22,
               0x1.ad7f4be26510fp-26);
}

/* e^(r.hi + r.lo) - 1 as r.hi + lo */
KERNEL (VP, exp_reduced, VP r)
{
  VF lo = FMA (r.hi, r.lo, r.lo);

  return PAIR (r.hi, FMA (MUL (r.hi, r.hi), CALL (exp_slope, r.hi), lo));
}

/* The integer n nearest to x / ln 2, for |x| < 2^40. */
KERNEL (VF, exp_exponent, VF x)
{
  return SUB (FMA (x, K (LOG2E), K (SHIFTER)), K (SHIFTER));
}

/* x - n ln 2, rounded once */
KERNEL (VF, exp_rest, VF x, VF n)
{
  return FMA (n, K (-LN2_LO), FMA (n, K (-LN2_HI), x));
}

/* The same as a pair */
KERNEL (VP, exp_remainder, VP x, VF n)
{
  VF hi = FMA (n, K (-LN2_HI), x.hi);
  VF lo = FMA (n, K (-LN2_LO), x.lo);

  return CALL (fast_two_sum, hi, lo);
}

/* (1 + e.hi + e.lo) 2^n, where only the last sum rounds noticeably. */
KERNEL (VF, exp_assemble, VP e, VF n)
{
  VP sum = CALL (fast_two_sum, K (1.0), e.hi);

  return CALL (scale, ADD (sum.hi, ADD (sum.lo, e.lo)), n);
}

/* e^x for a pair, which need not be in range; the lower part is at most an ulp. */
KERNEL (VF, exp_pair, VP x)
{
  VB far = GT (FABS (x.hi), K (800.0));
  VF hi = SEL (far, COPYSIGN (K (800.0), x.hi), x.hi);
  VF lo = SEL (far, K (0.0), x.lo);
  VF n = CALL (exp_exponent, hi);
  VP e = CALL (exp_reduced, CALL (exp_remainder, PAIR (hi, lo), n));

  return CALL (exp_assemble, e, n);
}

/* Whether 2^n, or what is multiplied by it, may leave the normal range. */
KERNEL (VB, exp_is_far, VF x)
{
  return NOT (LE (FABS (x), K (700.0)));
}

/* The same bits where it does not: the exponent is added to that of the rest. */
KERNEL (VF, exp_pair_moderate, VP x)
{
  VF shifted = FMA (x.hi, K (LOG2E), K (SHIFTER));
  VP e = CALL (exp_reduced, CALL (exp_remainder, x, SUB (shifted, K (SHIFTER))));
  VP sum = CALL (fast_two_sum, K (1.0), e.hi);

  return ASF (IADD (ASI (ADD (sum.hi, ADD (sum.lo, e.lo))), SHL (ASI (shifted), 52)));
}

/* e^(x - n ln 2), where the greater part of the rest is exact. */
KERNEL (VF, exp_of_rest, VF x, VF n)
{
  VF hi = FMA (n, K (-LN2_HI), x), lo = MUL (n, K (-LN2_LO));
  VF r = ADD (hi, lo);

  return ADD (K (1.0), ADD (hi, FMA (MUL (r, r), CALL (exp_slope_short, r), lo)));
}

KERNEL (VF, exp_moderate, VF x)
{
  VF shifted = FMA (x, K (LOG2E), K (SHIFTER));
  VF e = CALL (exp_of_rest, x, SUB (shifted, K (SHIFTER)));

  return ASF (IADD (ASI (e), SHL (ASI (shifted), 52)));
}

KERNEL (VF, exp, VF x)
{
  VF in = CALL (between, x, K (-746.0), K (710.0));
  VF n = CALL (exp_exponent, in);

  return SCALE (CALL (exp_of_rest, in, n), n);
}

KERNEL (VF, exp2, VF x)
{
  VF in = SEL (GT (FABS (x), K (1100.0)), COPYSIGN (K (1100.0), x), x);
  VF n = SUB (ADD (in, K (SHIFTER)), K (SHIFTER));
  VF f = SUB (in, n);
  VP r = CALL (two_product, f, K (LN2));
  VP e = CALL (exp_reduced, PAIR (r.hi, FMA (f, K (LN2_TAIL), r.lo)));

  return CALL (exp_assemble, e, n);
}

/*
 * e^x - 1 as a pair, for -40 < x < 709.8 and nan, all of it halved lest 2^n
 * overflow. The bit that 2^n - 1 loses for large n is kept.
 */
KERNEL (VP, half_expm1, VF x)
{
  VF n = CALL (exp_exponent, x);
  VP e = CALL (exp_reduced, CALL (exp_remainder, PAIR (x, K (0.0)), n));
  VF power = CALL (power_of_two, ADD (n, K (SHIFTER - 1.0)));
  VP whole = CALL (two_sum, power, K (-0.5));
  VP sum = CALL (two_sum, whole.hi, MUL (power, e.hi));

  return CALL (fast_two_sum, sum.hi, FMA (power, e.lo, ADD (sum.lo, whole.lo)));
}

/* The same where one rounding more does not matter: two numbers that are still to be added. */
KERNEL (VP, half_expm1_short, VF x)
{
  VF n = CALL (exp_exponent, x);
  VP e = CALL (exp_reduced, CALL (exp_remainder, PAIR (x, K (0.0)), n));
  VF power = CALL (power_of_two, ADD (n, K (SHIFTER - 1.0)));
  VF less = SUB (power, K (0.5));
  VF most = FMA (power, e.hi, less);

  return PAIR (most, FMA (power, e.lo, FMA (power, e.hi, SUB (less, most))));
}

KERNEL (VF, expm1, VF x)
{
  VP half = CALL (half_expm1_short, CALL (between, x, K (-40.0), K (710.0)));
  VF sum = ADD (half.hi, half.lo);

  return SEL (LT (FABS (x), K (0x1p-54)), x, ADD (sum, sum));
}

/*
 * e^x / 4 as a pair, for -40 <= x <= 710.5 and nan. The quarter leaves room
 * for e.hi above one, up to where cosh and sinh overflow.
 */
KERNEL (VP, quarter_exp, VF x)
{
  VF n = CALL (exp_exponent, x);
  VP e = CALL (exp_reduced, CALL (exp_remainder, PAIR (x, K (0.0)), n));
  VP sum = CALL (fast_two_sum, K (1.0), e.hi);
  VP whole = CALL (fast_two_sum, sum.hi, ADD (sum.lo, e.lo));
  VF power = CALL (power_of_two, ADD (n, K (SHIFTER - 2.0)));

  return PAIR (MUL (power, whole.hi), MUL (power, whole.lo));
}

KERNEL (VF, cosh, VF x)
{
  VF a = FABS (x);
  VP e = CALL (quarter_exp, SEL (GT (a, K (710.5)), K (710.5), a));
  VF half = ADD (e.hi, ADD (DIV (K (0.0625), e.hi), e.lo));

  return ADD (half, half);
}

/* Near zero an odd polynomial, minimax on [0, 1] with an error of 2^-61.8. */
KERNEL (VF, sinh, VF x)
{
  VF a = FABS (x);
  VF z = MUL (a, a);
  VF p = POLY (z,
               0x1.5555555555556p-3, 0x1.1111111111020p-7, 0x1.a01a01a036c6cp-13,
               0x1.71de3a3b6a090p-19, 0x1.ae646f983f9f0p-26, 0x1.61171cbe2d3f4p-33,
               0x1.b5bb88b9dc431p-41);
  VP e = CALL (quarter_exp, SEL (GT (a, K (710.5)), K (710.5), a));
  VF half = SUB (e.hi, SUB (DIV (K (0.0625), e.hi), e.lo));
  VF small = FMA (MUL (a, z), p, a);

  return COPYSIGN (SEL (LT (a, K (1.0)), small, ADD (half, half)), x);
}

/*
 * tanh x = h / (h + 1) for h = (e^(2x) - 1) / 2; beyond 20 it rounds to one. What the sums round
 * off is exact, and what the quotient is wrong by is multiplied.
 */
KERNEL (VF, tanh, VF x)
{
  VF a = FABS (x);
  VF in = SEL (GT (a, K (20.0)), K (20.0), a);
  VP half = CALL (half_expm1_short, ADD (in, in));
  VP h = CALL (fast_two_sum, half.hi, half.lo);
  VF sum = ADD (h.hi, K (1.0));
  VF lost = ADD (SUB (h.hi, SUB (sum, K (1.0))), h.lo);
  VF inverse = DIV (K (1.0), sum);
  VF t = MUL (h.hi, inverse);
  VF left = FMA (NEG (t), lost, ADD (FMA (NEG (t), sum, h.hi), h.lo));

  return COPYSIGN (SEL (LT (a, K (0x1p-28)), a, FMA (left, inverse, t)), x);
}

/*
 * 1 / (1 + e^-x) = s / (1 + s + q) for s = 2^n and e^-x = (1 + q) / s. A power of two is exact also
 * where it is subnormal.
 */
KERNEL (VF, sigmoid_assemble, VF x, VF n, VF s)
{
  VF r = CALL (exp_rest, NEG (x), NEG (n));
  VF q = FMA (MUL (r, r), CALL (exp_slope_short, r), r);

  return DIV (s, ADD (ADD (K (1.0), s), q));
}

KERNEL (VF, sigmoid, VF x)
{
  VF in = CALL (between, x, K (-746.0), K (40.0));
  VF n = CALL (exp_exponent, in);

  return CALL (sigmoid_assemble, in, n, SCALE (K (1.0), n));
}

/* The same bits where s is normal. */
KERNEL (VF, sigmoid_moderate, VF x)
{
  VF in = SEL (GT (x, K (40.0)), K (40.0), x);
  VF shifted = FMA (in, K (LOG2E), K (SHIFTER));
  VF n = SUB (shifted, K (SHIFTER));

  return CALL (sigmoid_assemble, in, n, CALL (power_of_two, shifted));
}
