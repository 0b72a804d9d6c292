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

/*
 * e^(r.hi + r.lo) - 1 for |r| <= 0.3468, as r.hi + lo. The polynomial is the
 * minimax one for (e^r - 1 - r) / r^2, relative to r, error 2^-60.1.
 */
KERNEL (VP, exp_reduced, VP r)
{
  VF p = POLY (r.hi,
               0x1.0000000000000p-1, 0x1.5555555555557p-3, 0x1.5555555555558p-5,
               0x1.11111111100c9p-7, 0x1.6c16c16c151e4p-10, 0x1.a01a01abf2063p-13,
               0x1.a01a01ad056bap-16, 0x1.71de0211b29d0p-19, 0x1.27e4ccb12b134p-22,
               0x1.af4e2bea37748p-26, 0x1.1f8b80560e698p-29);

  return PAIR (r.hi, FMA (MUL (r.hi, r.hi), p, FMA (r.hi, r.lo, r.lo)));
}

/* The integer n nearest to x / ln 2, for |x| < 2^40. */
KERNEL (VF, exp_exponent, VF x)
{
  return SUB (FMA (x, K (LOG2E), K (SHIFTER)), K (SHIFTER));
}

/* x - n ln 2 */
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

KERNEL (VF, exp_moderate, VF x)
{
  return CALL (exp_pair_moderate, PAIR (x, K (0.0)));
}

KERNEL (VF, exp, VF x)
{
  return CALL (exp_pair, PAIR (x, K (0.0)));
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

KERNEL (VF, expm1, VF x)
{
  VF below = SEL (LT (x, K (-40.0)), K (-40.0), x);
  VF in = SEL (GT (below, K (710.0)), K (710.0), below);
  VP half = CALL (half_expm1, in);

  return SEL (LT (FABS (x), K (0x1p-54)), x, ADD (half.hi, half.hi));
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

/* tanh x = h / (h + 1) for h = (e^(2x) - 1) / 2; beyond 20 it rounds to one. */
KERNEL (VF, tanh, VF x)
{
  VF a = FABS (x);
  VF in = SEL (GT (a, K (20.0)), K (20.0), a);
  VP h = CALL (half_expm1, ADD (in, in));
  VP q = CALL (pair_divide, h, CALL (pair_add, PAIR (K (1.0), K (0.0)), h));

  return COPYSIGN (SEL (LT (a, K (0x1p-28)), a, ADD (q.hi, q.lo)), x);
}

/*
 * 1 / (1 + e^-x), or e^x / (1 + e^x) for x < 0. The power of -|x| is m 2^n, with
 * m a pair; 2^n of the numerator is multiplied last, for it may be subnormal.
 */
KERNEL (VF, sigmoid, VF x)
{
  VF a = FABS (x);
  VF in = NEG (SEL (GT (a, K (800.0)), K (800.0), a));
  VF n = CALL (exp_exponent, in);
  VP e = CALL (exp_reduced, CALL (exp_remainder, PAIR (in, K (0.0)), n));
  VP one = PAIR (K (1.0), K (0.0));
  VP m = CALL (fast_two_sum, K (1.0), e.hi);
  VF power = CALL (power_of_two, ADD (SEL (LT (n, K (-200.0)), K (-200.0), n), K (SHIFTER)));
  VB is_negative = LT (x, K (0.0));
  VP sum, q;

  m = CALL (fast_two_sum, m.hi, ADD (m.lo, e.lo));
  sum = CALL (fast_two_sum, K (1.0), MUL (m.hi, power));
  sum = PAIR (sum.hi, FMA (m.lo, power, sum.lo));
  q = CALL (pair_divide_moderate, CALL (pair_select, is_negative, m, one), sum);

  return CALL (scale, ADD (q.hi, q.lo), SEL (is_negative, n, K (0.0)));
}
