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

  return SCALE (FMA (r, p, K (1.0)), n);
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

  return SCALE (FMA (f, p, K (1.0)), n);
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

#define LOG10E 0x1.bcb7b2p-2
#define LOG10E_TAIL -0x1.5b235ep-27
#define LOG2E_TAIL 0x1.4ae0c0p-26

/* log10 2, of which the first part has 12 bits. */
#define LOG10_2_HI 0x1.344p-2
#define LOG10_2_LO 0x1.3509f8p-18

/* The bits of sqrt (1/2) and of 3/4, of which one is the least m. */
#define ROOT_HALF 0x3f3504f3u
#define THREE_QUARTERS 0x3f400000u

/* For u = 2^k m: k + 128 is above bit 23, and below is by what the bits of m are more. */
KERNEL (VI, log_split, VF u, VI least)
{
  return IADD (ASI (u), ISUB (KI (0x40000000u), least));
}

/* offset - k, made of the bits of 2^23 + k + 128. */
KERNEL (VF, log_less, VI split, VF offset)
{
  VF k = ASF (IOR (SHR (split, 23), KI (0x4b000000u)));

  return SUB (ADD (offset, K (0x1p23 + 128.0)), k);
}

/* 4 (m - 1), which is exact. */
KERNEL (VF, log_fraction, VI split, VI least)
{
  VF m = ASF (IADD (IAND (split, KI (0x7fffffu)), least));

  return FMA (m, K (4.0), K (-4.0));
}

/* log (1 + g / 4) - g / 4 for g from -1.18 to 2, error 2^-29.1. */
KERNEL (VF, log_rest, VF g)
{
  VF p = POLY (g,
               -0x1.fffffep-6, 0x1.555548p-8, -0x1.00013ap-10, 0x1.99a510p-13, -0x1.54ff58p-15,
               0x1.22f738p-17, -0x1.0342b2p-19, 0x1.f36d04p-22, -0x1.ac0306p-24, 0x1.840622p-27);

  return MUL (MUL (g, g), p);
}

/* What any logarithm gives: result inside its domain, the limits on its edges. */
KERNEL (VF, log_edges, VF u, VF result)
{
  VF below = SEL (EQ (u, K (0.0)), K (-INFINITY), K (NAN));

  return SEL (LE (u, K (0.0)), below, SEL (LT (u, K (INFINITY)), result, u));
}

/* log (1 + g / 4) - less log 2 */
KERNEL (VF, log_sum, VF g, VF less)
{
  VF whole = MUL (less, K (-LN2_HI));
  VF sum = FMA (g, K (0.25), whole);
  VF left = FMA (g, K (0.25), SUB (whole, sum));

  return ADD (sum, ADD (left, FMA (less, K (-LN2_LO), CALL (log_rest, g))));
}

KERNEL (VF, log, VF x)
{
  VB subnormal = LT (x, K (0x1p-126));
  VF u = SEL (subnormal, MUL (x, K (0x1p23)), x);
  VI split = CALL (log_split, u, KI (ROOT_HALF));
  VF less = CALL (log_less, split, SEL (subnormal, K (23.0), K (0.0)));
  VF sum = CALL (log_sum, CALL (log_fraction, split, KI (ROOT_HALF)), less);

  return CALL (log_edges, x, sum);
}

/*
 * log (1 + x), with k from 1 + x.  The rest 4 (m - 1) = 2^(2 - k) x - (4 - 2^(2 - k)) is exact, as
 * k is zero or twice the least m at least one; but for 4 the power might be subnormal.
 */
KERNEL (VF, log1p, VF x)
{
  VF u = ADD (K (1.0), x);
  VI split = CALL (log_split, u, KI (THREE_QUARTERS));
  VF power = ASF (SHL (ISUB (KI (257), SHR (split, 23)), 23));
  VF g = FMA (x, power, SUB (power, K (4.0)));
  VF sum = CALL (log_sum, g, CALL (log_less, split, K (0.0)));

  return CALL (log_edges, u, COPYSIGN (sum, x));
}

/* k log 2 + e log m, to the base whose log 2 is two_hi + two_lo, and log e is e. */
KERNEL (VF, log_base, VF x, VF two_hi, VF two_lo, VP e)
{
  VB subnormal = LT (x, K (0x1p-126));
  VF u = SEL (subnormal, MUL (x, K (0x1p23)), x);
  VI split = CALL (log_split, u, KI (ROOT_HALF));
  VF less = CALL (log_less, split, SEL (subnormal, K (23.0), K (0.0)));
  VF g = CALL (log_fraction, split, KI (ROOT_HALF));
  VF f = MUL (g, K (0.25));
  VP first = CALL (two_product, f, e.hi);
  VP sum = CALL (fast_two_sum, NEG (MUL (less, two_hi)), first.hi);
  VF rest = FMA (CALL (log_rest, g), e.hi, FMA (f, e.lo, ADD (sum.lo, first.lo)));

  return CALL (log_edges, x, ADD (sum.hi, FMA (NEG (less), two_lo, rest)));
}

KERNEL (VF, log2, VF x)
{
  return CALL (log_base, x, K (1.0), K (0.0), PAIR (K (LOG2E), K (LOG2E_TAIL)));
}

KERNEL (VF, log10, VF x)
{
  return CALL (log_base, x, K (LOG10_2_HI), K (LOG10_2_LO), PAIR (K (LOG10E), K (LOG10E_TAIL)));
}

/* pi/2 in parts: the first has so few bits that x less n times it is exact. */
#define TWO_OVER_PI 0x1.45f306p-1
#define HALF_PI 0x1.921fb4p+0
#define HALF_PI_MID 0x1.4442d2p-24
#define HALF_PI_LOW -0x1.ee59dap-50

/* Beyond, the n nearest to x in floats is not near enough. */
#define TRIG_HUGE 0x1p20

KERNEL (VB, trig_is_huge, VF x)
{
  return GE (FABS (x), K (TRIG_HUGE));
}

/* x - n pi/2 as a pair; where it is small, n HALF_PI_MID has to be exact. */
KERNEL (VP, trig_remainder, VF x, VF n)
{
  VF near = FMA (n, K (-HALF_PI), x);
  VP mid = CALL (two_product, n, K (-HALF_PI_MID));
  VP r = CALL (fast_two_sum, near, mid.hi);

  return PAIR (r.hi, ADD (r.lo, FMA (n, K (-HALF_PI_LOW), mid.lo)));
}

/* sin (n pi/2 + r) for |r| <= 0.83, with n in the low bits; errors 2^-27.3 and 2^-32.1. */
KERNEL (VF, sin_quadrant, VP r, VI n)
{
  VB odd = IEQ (IAND (n, KI (1)), KI (1));
  VF z = FMA (r.hi, r.hi, MUL (ADD (r.hi, r.hi), r.lo));
  VF s = POLY (z, -0x1.55553ep-3, 0x1.110494p-7, -0x1.9869c6p-13);
  VF c = POLY (z, 0x1.000000p+0, -0x1.000000p-1, 0x1.555546p-5, -0x1.6c09c0p-10, 0x1.993bd2p-16);
  VF sine = COPYSIGN (ADD (r.hi, FMA (MUL (r.hi, z), s, r.lo)), r.hi);

  return ASF (IXOR (ASI (SEL (odd, c, sine)), SHL (SHR (IAND (n, KI (2)), 1), 31)));
}

KERNEL (VF, sin_moderate, VF x)
{
  VF shifted = FMA (x, K (TWO_OVER_PI), K (SHIFTER));
  VP r = CALL (trig_remainder, x, SUB (shifted, K (SHIFTER)));

  return CALL (sin_quadrant, r, ASI (shifted));
}

KERNEL (VF, cos_moderate, VF x)
{
  VF shifted = FMA (x, K (TWO_OVER_PI), K (SHIFTER));
  VP r = CALL (trig_remainder, x, SUB (shifted, K (SHIFTER)));

  return CALL (sin_quadrant, r, IADD (ASI (shifted), KI (1)));
}

KERNEL (VF, sin, VF x)
{
  return RARE (CALL (trig_is_huge, x), NARROW (sin_single, WIDEN (x)), CALL (sin_moderate, x));
}

KERNEL (VF, cos, VF x)
{
  return RARE (CALL (trig_is_huge, x), NARROW (cos_single, WIDEN (x)), CALL (cos_moderate, x));
}
