/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * log and what is made of it.
 *
 * u = 2^k m with m between the square roots of 1/2 and 2, f = m - 1 and
 * s = f / (2 + f). Then log m = 2 atanh s = f - f^2/2 + s (f^2/2 + R (s^2)), a
 * form known from fdlibm: all but f and its square is small. Arguments are
 * pairs, so that 1 + x or x + sqrt (x^2 + 1) need not be rounded before.
 */

#define LOG10E 0x1.bcb7b1526e50ep-2
#define LOG10E_TAIL 0x1.95355baaafad3p-57
#define LOG2E_TAIL 0x1.777d0ffda0d24p-56

/* log10 2, of which the first part has 42 bits. */
#define LOG10_2_HI 0x1.34413509f7800p-2
#define LOG10_2_LO 0x1.fef311f12b358p-46

/* The bits of sqrt (1/2). */
#define ROOT_HALF 0x3fe6a09e667f3bcdu

/*
 * u = 2^k m as above, with the exponent of m moved to zero: k + 1024 is above bit 52, and below are
 * the bits by which m is more than the root of 1/2.
 */
KERNEL (VI, log_split, VF u)
{
  return IADD (ASI (u), KI (0x4000000000000000u - ROOT_HALF));
}

/* That k as an integer, for a normal u > 0.  It is shifted while it is k + 1024, since few
 * processors shift the signs of vectors. */
KERNEL (VI, log_exponent, VF u)
{
  return ISUB (SHR (CALL (log_split, u), 52), KI (1024));
}

/* m - 1 as a pair. 2^-k is made of two factors: it may be subnormal. */
KERNEL (VP, log_fraction, VP u, VI k)
{
  VF m = ASF (ISUB (ASI (u.hi), SHL (k, 52)));
  VF twice = ASF (SHL (ISUB (KI (1024), k), 52));

  return CALL (fast_two_sum, SUB (m, K (1.0)), MUL (MUL (u.lo, K (0.5)), twice));
}

/* log m. The polynomial is minimax relative to log m, error 2^-66.6. */
KERNEL (VP, log_mantissa, VP f)
{
  VF s = DIV (f.hi, ADD (f.hi, K (2.0)));
  VF z = MUL (s, s);
  VF p = POLY (z,
               0x1.5555555555555p-1, 0x1.9999999999d11p-2, 0x1.24924924397a4p-2,
               0x1.c71c724b73cb9p-3, 0x1.745ce1c2e2513p-3, 0x1.3b2025c8676e8p-3,
               0x1.0f672215e51e9p-3, 0x1.0f0f32259351ap-3);
  VP half = CALL (two_product, MUL (f.hi, K (0.5)), f.hi);
  VP sum = CALL (fast_two_sum, f.hi, NEG (half.hi));
  VF rest = FMA (s, FMA (z, p, half.hi), SUB (sum.lo, half.lo));
  VF slope = MUL (SUB (K (1.0), s), FMA (z, SUB (K (1.0), s), SUB (K (1.0), s)));

  return CALL (fast_two_sum, sum.hi, FMA (f.lo, slope, rest));
}

/* log u for a normal pair u > 0. */
KERNEL (VP, log_pair, VP u)
{
  VI k = CALL (log_exponent, u.hi);
  VF n = CALL (of_small_integer, k);
  VP m = CALL (log_mantissa, CALL (log_fraction, u, k));
  VP sum = CALL (fast_two_sum, MUL (n, K (LN2_HI)), m.hi);

  return PAIR (sum.hi, ADD (sum.lo, FMA (n, K (LN2_LO), m.lo)));
}

/* -k, made of the bits of 2^52 + k + 1024. */
KERNEL (VF, log_less, VI split)
{
  return SUB (K (0x1p52 + 1024.0), ASF (IOR (SHR (split, 52), KI (0x4330000000000000u))));
}

/* m */
KERNEL (VF, log_split_mantissa, VI split)
{
  return ASF (IADD (IAND (split, KI (0xfffffffffffffu)), KI (ROOT_HALF)));
}

/* 2^-k for k < 1023 */
KERNEL (VF, log_split_power, VI split)
{
  return ASF (SHL (ISUB (KI (2047), SHR (split, 52)), 52));
}

/* What any logarithm gives: result inside its domain, the limits on its edges. */
KERNEL (VF, log_edges, VF u, VF result)
{
  VF below = SEL (EQ (u, K (0.0)), K (-INFINITY), K (NAN));

  return SEL (LE (u, K (0.0)), below, SEL (LT (u, K (INFINITY)), result, u));
}

/* x, multiplied by 2^54 if it is subnormal. */
KERNEL (VF, log_normalize, VF x)
{
  return SEL (LT (x, K (0x1p-1022)), MUL (x, K (0x1p54)), x);
}

/* The exponent of x, from that of the normalized x. */
KERNEL (VF, log_shift, VF x, VI k)
{
  return SUB (CALL (of_small_integer, k), SEL (LT (x, K (0x1p-1022)), K (54.0), K (0.0)));
}

/* k log 2 + e log m, to the base whose log 2 is two_hi + two_lo, and log e is e. */
KERNEL (VF, log_base, VF x, VF two_hi, VF two_lo, VP e)
{
  VF u = CALL (log_normalize, x);
  VI k = CALL (log_exponent, u);
  VF n = CALL (log_shift, x, k);
  VP m = CALL (log_mantissa, CALL (log_fraction, PAIR (u, K (0.0)), k));
  VP scaled = CALL (pair_multiply, m, e);
  VP sum = CALL (fast_two_sum, MUL (n, two_hi), scaled.hi);
  VF result = ADD (sum.hi, ADD (sum.lo, FMA (n, two_lo, scaled.lo)));

  return CALL (log_edges, x, result);
}

/* What the edges of log are: outside of them it needs neither limits nor subnormal numbers. */
KERNEL (VB, log_is_far, VF x)
{
  return NOT (AND (GE (x, K (0x1p-1022)), LT (x, K (INFINITY))));
}

/*
 * k log 2 + log m for m = 1 + f, plus something small. The greatest part of the sum is exact, and
 * the polynomial that of log_mantissa, shorter: its error is 2^-58.9.
 */
KERNEL (VF, log_assemble, VF less, VF f, VF small)
{
  VF s = DIV (f, ADD (f, K (2.0)));
  VF z = MUL (s, s);
  VF p = POLY (z,
               0x1.5555555555592p-1, 0x1.999999997fd83p-2, 0x1.24924941f441dp-2,
               0x1.c71c5206ad674p-3, 0x1.74663f7d3e066p-3, 0x1.39a1aaf790f3ep-3,
               0x1.2f0609940f663p-3);
  VF half = MUL (MUL (f, K (0.5)), f);
  VP sum = CALL (fast_two_sum, MUL (less, K (-LN2_HI)), f);
  VF lost = FMA (less, K (-LN2_LO), ADD (sum.lo, small));

  return SUB (sum.hi, SUB (half, FMA (s, FMA (z, p, half), lost)));
}

KERNEL (VF, log_moderate, VF x)
{
  VI split = CALL (log_split, x);

  return CALL (log_assemble, CALL (log_less, split),
               SUB (CALL (log_split_mantissa, split), K (1.0)), K (-0.0));
}

KERNEL (VF, log_far, VF x)
{
  VF u = CALL (log_normalize, x);
  VI split = CALL (log_split, u);
  VF less = ADD (CALL (log_less, split), SEL (LT (x, K (0x1p-1022)), K (54.0), K (0.0)));
  VF f = SUB (CALL (log_split_mantissa, split), K (1.0));

  return CALL (log_edges, x, CALL (log_assemble, less, f, K (-0.0)));
}

KERNEL (VF, log, VF x)
{
  return RARE (CALL (log_is_far, x), CALL (log_far, x), CALL (log_moderate, x));
}

KERNEL (VF, log2, VF x)
{
  return CALL (log_base, x, K (1.0), K (0.0), PAIR (K (LOG2E), K (LOG2E_TAIL)));
}

KERNEL (VF, log10, VF x)
{
  return CALL (log_base, x, K (LOG10_2_HI), K (LOG10_2_LO), PAIR (K (LOG10E), K (LOG10E_TAIL)));
}

/* Where 1 + x is no number whose logarithm is large, or is none. */
KERNEL (VB, log1p_is_far, VF x)
{
  return NOT (AND (GT (x, K (-1.0)), LT (x, K (0x1p1000))));
}

/*
 * With k from 1 + x, m - 1 is 2^-k x - (1 - 2^-k). It is x for k = 0, and else only inexact for
 * k = 1 and m < 0.75: there what is lost counts some 1.375 times.
 */
KERNEL (VF, log1p_moderate, VF x)
{
  VI split = CALL (log_split, ADD (K (1.0), x));
  VF power = CALL (log_split_power, split);
  VF a = MUL (x, power), b = SUB (K (1.0), power);
  VF f = SUB (a, b);
  VF lost = SUB (a, ADD (f, b));

  return CALL (log_assemble, CALL (log_less, split), f, MUL (lost, K (1.375)));
}

KERNEL (VF, log1p, VF x)
{
  return RARE (CALL (log1p_is_far, x), CALL (log_far, ADD (K (1.0), x)), CALL (log1p_moderate, x));
}

/* log (x + sqrt (x^2 + 1)); from 2^28 on log 2x, up to 2^-20 two terms of the series. */
KERNEL (VF, asinh, VF x)
{
  VF a = FABS (x);
  VB large = GT (a, K (0x1p28));
  VP square = CALL (pair_add, PAIR (K (1.0), K (0.0)), CALL (two_product, a, a));
  VP sum = CALL (pair_add, CALL (pair_sqrt, square), PAIR (a, K (0.0)));
  VP l = CALL (log_pair, CALL (pair_select, large, PAIR (a, K (0.0)), sum));
  VP twice = CALL (pair_add, l, PAIR (K (LN2), K (LN2_TAIL)));
  VP r = CALL (pair_select, large, twice, l);
  VF small = FMA (MUL (MUL (a, a), a), K (-0x1.5555555555555p-3), a);
  VF result = CALL (log_edges, a, ADD (r.hi, r.lo));

  return COPYSIGN (SEL (LT (a, K (0x1p-20)), small, result), x);
}

/* log (x + sqrt (x^2 - 1)), where the square is exact and so is all that cancels. */
KERNEL (VF, acosh, VF x)
{
  VB large = GT (x, K (0x1p28));
  VP square = CALL (pair_add, CALL (two_product, x, x), PAIR (K (-1.0), K (0.0)));
  VP sum = CALL (pair_add, PAIR (x, K (0.0)), CALL (pair_sqrt, square));
  VP l = CALL (log_pair, CALL (pair_select, large, PAIR (x, K (0.0)), sum));
  VP twice = CALL (pair_add, l, PAIR (K (LN2), K (LN2_TAIL)));
  VP r = CALL (pair_select, large, twice, l);

  return SEL (LT (x, K (1.0)), K (NAN), CALL (log_edges, x, ADD (r.hi, r.lo)));
}

/* log (1 + 2x / (1 - x)) / 2; up to 2^-20 two terms of the series. */
KERNEL (VF, atanh, VF x)
{
  VF a = FABS (x);
  VP q = CALL (pair_divide, PAIR (ADD (a, a), K (0.0)), CALL (two_sum, K (1.0), NEG (a)));
  VP l = CALL (log_pair, CALL (pair_add, PAIR (K (1.0), K (0.0)), q));
  VF small = FMA (MUL (MUL (a, a), a), K (0x1.5555555555555p-2), a);
  VF near = SEL (LT (a, K (0x1p-20)), small, MUL (K (0.5), ADD (l.hi, l.lo)));
  VF edge = SEL (EQ (a, K (1.0)), K (INFINITY), K (NAN));

  return COPYSIGN (SEL (LT (a, K (1.0)), near, edge), x);
}

/* log (1 + e^x) = max (x, 0) + log (1 + e^-|x|) */
KERNEL (VF, softplus, VF x)
{
  VF rest = CALL (log1p_moderate, CALL (exp, NEG (FABS (x))));

  return ADD (SEL (GT (x, K (0.0)), x, K (0.0)), rest);
}

/* log (p / (1 - p)), of a pair; nan outside of [0, 1]. */
KERNEL (VF, logit, VF p)
{
  VP q = CALL (pair_divide, PAIR (p, K (0.0)), CALL (two_sum, K (1.0), NEG (p)));
  VP l = CALL (log_pair, q);
  VF inside = SEL (LT (p, K (0x1p-60)), CALL (log, p), ADD (l.hi, l.lo));
  VF above = SEL (EQ (p, K (1.0)), K (INFINITY), K (NAN));

  return SEL (LT (p, K (1.0)), inside, above);
}

/*
 * log (1 - e^x) for x <= 0: the logarithm of a pair. Below -20 it is the first two
 * terms of the series, below -40 one, and nan above zero.
 */
KERNEL (VF, log1mexp, VF x)
{
  VP half = CALL (half_expm1, SEL (LT (x, K (-20.0)), K (-20.0), x));
  VP l = CALL (log_pair, PAIR (MUL (K (-2.0), half.hi), MUL (K (-2.0), half.lo)));
  VP part = CALL (quarter_exp, SEL (LT (x, K (-40.0)), K (-40.0), x));
  VF e = MUL (K (-4.0), part.hi);
  VF two = ADD (e, FMA (MUL (e, e), K (-0.5), MUL (K (-4.0), part.lo)));
  VF far = SEL (LT (x, K (-40.0)), NEG (CALL (exp, x)), two);
  VF near = SEL (GT (x, K (-0x1p-54)), CALL (log, NEG (x)), ADD (l.hi, l.lo));

  return SEL (LT (x, K (-20.0)), far, near);
}
