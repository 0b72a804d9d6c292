/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sin, cos and tan over the whole line, and their inverses.
 *
 * x = n pi/2 + r with |r| <= pi/4, and r is a pair: it may be as small as
 * 2^-62. Below 2^27 three parts of pi/2 are enough, after Cody and Waite;
 * above, the bits of 2/pi that matter are picked from a table, after Payne and
 * Hanek, Radian reduction for trigonometric functions (SIGNUM 18, 1983).
 */

#define TWO_OVER_PI 0x1.45f306dc9c883p-1

/* pi/2 in three parts of 53 bits. */
#define HALF_PI 0x1.921fb54442d18p+0
#define HALF_PI_MID 0x1.1a62633145c07p-54
#define HALF_PI_LOW -0x1.f1976b7ed8fbcp-110

#define TRIG_HUGE 0x1p27

/* 2/pi in binary, after 64 zeros: the first word holds what lies above the point. */
static const uint64_t tgk_two_over_pi[] =
{
  0x0000000000000000u, 0xa2f9836e4e441529u, 0xfc2757d1f534ddc0u, 0xdb6295993c439041u,
  0xfe5163abdebbc561u, 0xb7246e3a424dd2e0u, 0x06492eea09d1921cu, 0xfe1deb1cb129a73eu,
  0xe88235f52ebb4484u, 0xe99c7026b45f7e41u, 0x3991d639835339f4u, 0x9c845f8bbdf9283bu,
  0x1ff897ffde05980fu, 0xef2f118b5a0a6d1fu, 0x6d367ecf27cb09b7u, 0x4f463f669e5fea2du,
  0x7527bac7ebe5f17bu, 0x3d0739f78a5292eau, 0x6bfb5fb11f8d5d08u, 0x56033046fc7b6babu,
};

/* Where the long reduction is needed. Infinity takes the short one, and gets a nan. */
KERNEL (VB, trig_is_huge, VF x)
{
  return AND (GE (FABS (x), K (TRIG_HUGE)), LT (FABS (x), K (INFINITY)));
}

/* n for |x| < TRIG_HUGE, in the low bits of a double, and as a double. */
KERNEL (VF, quadrant, VF x)
{
  return FMA (x, K (TWO_OVER_PI), K (SHIFTER));
}

/* x - n pi/2, of which the first step is exact, and what the second one rounds off is. */
KERNEL (VP, trig_remainder, VF x, VF n)
{
  VF first = FMA (NEG (n), K (HALF_PI), x);
  VF hi = FMA (NEG (n), K (HALF_PI_MID), first);
  VF lo = FMA (NEG (n), K (HALF_PI_MID), SUB (first, hi));

  return PAIR (hi, FMA (NEG (n), K (HALF_PI_LOW), lo));
}

/* 64 bits of 2/pi, from bit number 64 i + shift on. */
KERNEL (VI, two_over_pi_bits, VI i, VI shift)
{
  VI upper = SHLV (LOOKUP (tgk_two_over_pi, i), shift);
  VI lower = LOOKUP (tgk_two_over_pi, IADD (i, KI (1)));

  return IOR (upper, SHRV (SHR (lower, 1), ISUB (KI (63), shift)));
}

/*
 * |x| / (2 pi) modulo one, in units of 2^-128, for TRIG_HUGE <= |x| < inf.
 *
 * x = M 2^e for an integer M of 53 bits. Bits of 2/pi above 2^-(e - 2) make
 * multiples of four, whole turns, and those 192 further down do not matter.
 * Other x stand for TRIG_HUGE, lest a lane that is not selected read elsewhere.
 */
KERNEL (VW, turn_huge, VF x)
{
  VF a = FABS (x);
  VI bits = ASI (SEL (CALL (trig_is_huge, x), a, K (TRIG_HUGE)));
  VI whole = IOR (IAND (bits, KI (0xfffffffffffffu)), KI (0x10000000000000u));
  VI from = ISUB (SHR (bits, 52), KI (1023 + 52 + 2 - 64));
  VI i = SHR (from, 6);
  VI shift = IAND (from, KI (63));
  VI w0 = CALL (two_over_pi_bits, i, shift);
  VI w1 = CALL (two_over_pi_bits, IADD (i, KI (1)), shift);
  VI w2 = CALL (two_over_pi_bits, IADD (i, KI (2)), shift);
  VI carried = IMULHI (whole, w2);
  VI low = IADD (IMUL (whole, w1), carried);
  VI carry = ISEL (ILTU (low, carried), KI (1), KI (0));

  return WIDE (IADD (IADD (IMUL (whole, w0), IMULHI (whole, w1)), carry), low);
}

/* The nearest quadrant of a turn, which is two bits and a rounding away. */
KERNEL (VI, turn_quadrant, VW turn)
{
  return SHR (IADD (turn.hi, KI (0x2000000000000000u)), 62);
}

/* The rest of a turn in radians, summed exactly of parts of 32 bits. */
KERNEL (VP, turn_remainder, VW turn, VI n)
{
  VI rest = ISUB (turn.hi, SHL (n, 62));
  VF a = MUL (ITOF (SAR (rest, 32)), K (0x1p-30));
  VF b = MUL (ITOF (IAND (rest, KI (0xffffffffu))), K (0x1p-62));
  VF c = MUL (ITOF (SHR (turn.lo, 32)), K (0x1p-94));
  VF d = MUL (ITOF (IAND (turn.lo, KI (0xffffffffu))), K (0x1p-126));
  VP upper = CALL (two_sum, a, b);
  VP lower = CALL (two_sum, upper.lo, c);
  VP sum = CALL (two_sum, upper.hi, lower.hi);
  VP quarters = CALL (fast_two_sum, sum.hi, ADD (sum.lo, ADD (lower.lo, d)));

  return CALL (pair_multiply, quarters, PAIR (K (HALF_PI), K (HALF_PI_MID)));
}

/* sin (r.hi + r.lo) for |r| <= 0.787 as a pair; minimax with an error of 2^-63.2. */
KERNEL (VP, sin_reduced, VP r)
{
  VF z = MUL (r.hi, r.hi);
  VF p = POLY (z,
               -0x1.5555555555555p-3, 0x1.1111111111068p-7, -0x1.a01a019ffe0e5p-13,
               0x1.71de3a3341cd9p-19, -0x1.ae642bce20a9dp-26, 0x1.61096dc85d548p-33,
               -0x1.9fd9991a0269fp-41);
  VF lo = FMA (NEG (r.lo), MUL (z, K (0.5)), r.lo);

  return CALL (fast_two_sum, r.hi, FMA (MUL (r.hi, z), p, lo));
}

/* cos (r.hi + r.lo) likewise, 1 - r^2/2 without rounding; error 2^-64.1. */
KERNEL (VP, cos_reduced, VP r)
{
  VP half = CALL (two_product, MUL (r.hi, K (0.5)), r.hi);
  VF z = ADD (half.hi, half.hi);
  VF p = POLY (z,
               0x1.555555555554bp-5, -0x1.6c16c16c15003p-10, 0x1.a01a019c8b2c9p-16,
               -0x1.27e4f7ed03f3bp-22, 0x1.1ee9d79503885p-29, -0x1.8fa3c39734290p-37);
  VP sum = CALL (fast_two_sum, K (1.0), NEG (half.hi));
  VF lo = SUB (SUB (sum.lo, half.lo), MUL (r.hi, r.lo));

  return CALL (fast_two_sum, sum.hi, FMA (MUL (z, z), p, lo));
}

/* The same of which one number is wanted, for z = r.hi^2: error 2^-56.8. */
KERNEL (VF, sin_near, VP r, VF z)
{
  VF p = POLY (z,
               -0x1.5555555555549p-3, 0x1.111111110f848p-7, -0x1.a01a019c0affap-13,
               0x1.71de3571c1208p-19, -0x1.ae5e616452bcbp-26, 0x1.5d918e1bc4a13p-33);
  VF lo = FMA (MUL (NEG (r.lo), K (0.5)), z, r.lo);

  return ADD (r.hi, FMA (MUL (r.hi, z), p, lo));
}

/* Likewise, error 2^-59.5. */
KERNEL (VF, cos_near, VP r, VF z)
{
  VF half = MUL (z, K (0.5));
  VF p = POLY (z,
               0x1.555555555554cp-5, -0x1.6c16c16c15147p-10, 0x1.a01a019cac331p-16,
               -0x1.27e4f805c3732p-22, 0x1.1ee9e8f620183p-29, -0x1.8fad07aac032ap-37);
  VF most = SUB (K (1.0), half);
  VF lo = FMA (NEG (r.hi), r.lo, SUB (SUB (K (1.0), most), half));

  return ADD (most, FMA (MUL (z, z), p, lo));
}

/* sin (n pi/2 + r), for any n: it has four values, each a sine or a cosine. */
KERNEL (VF, sin_quadrant, VP r, VI n)
{
  VB odd = IEQ (IAND (n, KI (1)), KI (1));
  VF z = MUL (r.hi, r.hi);
  VF s = SEL (odd, CALL (cos_near, r, z), CALL (sin_near, r, z));
  VI sign = SHL (SHR (n, 1), 63);

  return ASF (IXOR (ASI (s), sign));
}

/* tan has two: s / c and -c / s. */
KERNEL (VF, tan_quadrant, VP r, VI n)
{
  VB odd = IEQ (IAND (n, KI (1)), KI (1));
  VP s = CALL (sin_reduced, r);
  VP c = CALL (cos_reduced, r);
  VP q = CALL (pair_divide, CALL (pair_select, odd, c, s), CALL (pair_select, odd, s, c));
  VF t = ADD (q.hi, q.lo);

  return SEL (odd, NEG (t), t);
}

/* The three for finite |x| >= TRIG_HUGE. */
KERNEL (VF, sin_huge, VF x)
{
  VW turn = CALL (turn_huge, x);
  VI n = CALL (turn_quadrant, turn);
  VF s = CALL (sin_quadrant, CALL (turn_remainder, turn, n), n);

  return SEL (LT (x, K (0.0)), NEG (s), s);
}

KERNEL (VF, cos_huge, VF x)
{
  VW turn = CALL (turn_huge, x);
  VI n = CALL (turn_quadrant, turn);

  return CALL (sin_quadrant, CALL (turn_remainder, turn, n), IADD (n, KI (1)));
}

KERNEL (VF, tan_huge, VF x)
{
  VW turn = CALL (turn_huge, x);
  VI n = CALL (turn_quadrant, turn);
  VF t = CALL (tan_quadrant, CALL (turn_remainder, turn, n), n);

  return SEL (LT (x, K (0.0)), NEG (t), t);
}

/* The three for |x| < TRIG_HUGE, and nan.  Up to 2^-27 x itself is the nearest, and keeps its sign
 * and its last bit. */
KERNEL (VF, sin_moderate, VF x)
{
  VF n = CALL (quadrant, x);
  VP r = CALL (trig_remainder, x, SUB (n, K (SHIFTER)));

  return SEL (LT (FABS (x), K (0x1p-27)), x, CALL (sin_quadrant, r, ASI (n)));
}

KERNEL (VF, cos_moderate, VF x)
{
  VF n = CALL (quadrant, x);
  VP r = CALL (trig_remainder, x, SUB (n, K (SHIFTER)));

  return CALL (sin_quadrant, r, IADD (ASI (n), KI (1)));
}

KERNEL (VF, tan_moderate, VF x)
{
  VF n = CALL (quadrant, x);
  VP r = CALL (trig_remainder, x, SUB (n, K (SHIFTER)));

  return SEL (LT (FABS (x), K (0x1p-27)), x, CALL (tan_quadrant, r, ASI (n)));
}

KERNEL (VF, sin, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (sin_huge, x), CALL (sin_moderate, x));
}

KERNEL (VF, cos, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (cos_huge, x), CALL (cos_moderate, x));
}

KERNEL (VF, tan, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (tan_huge, x), CALL (tan_moderate, x));
}

/* atan c for the c of atan_pair, in two parts. */
#define ATAN_HALF 0x1.dac670561bb4fp-2
#define ATAN_HALF_TAIL 0x1.a2b7f222f65e2p-56
#define ATAN_ONE 0x1.921fb54442d18p-1
#define ATAN_ONE_TAIL 0x1.1a62633145c07p-55
#define ATAN_TWO 0x1.1b6e192ebbe44p+0
#define ATAN_TWO_TAIL 0x1.b1b466a88828ep-54

/* t = (y - c x) / (x + c y) for c = 0, 1/2, 1, 2, and -x / y for an infinite c. */
KERNEL (VP, atan_argument, VP y, VP x, VF c, VB steep)
{
  VF from = SEL (steep, K (0.0), y.hi);
  VF less = SEL (steep, x.hi, MUL (c, x.hi));
  VF base = SEL (steep, y.hi, x.hi);
  VF more = SEL (steep, K (0.0), MUL (c, y.hi));
  VP top = CALL (two_sum, from, NEG (less));
  VP bottom = CALL (two_sum, base, more);
  VF top_lo = SEL (steep, NEG (x.lo), FMA (NEG (c), x.lo, y.lo));
  VF bottom_lo = SEL (steep, y.lo, FMA (c, y.lo, x.lo));

  return CALL (pair_divide, PAIR (top.hi, ADD (top.lo, top_lo)),
               PAIR (bottom.hi, ADD (bottom.lo, bottom_lo)));
}

/*
 * The angle of the point (x, y) with x, y >= 0, as a pair: atan c + atan t
 * with |t| <= 1/4, where c is 0, 1/2, 1, 2 or infinite. The polynomial is
 * minimax with an error of 2^-63.7.
 */
KERNEL (VP, atan_pair, VP y, VP x)
{
  VF q = MUL (K (4.0), y.hi);
  VB over_0 = GT (q, x.hi);
  VB over_half = GT (q, MUL (K (3.0), x.hi));
  VB over_1 = GT (q, MUL (K (6.0), x.hi));
  VB steep = GT (q, MUL (K (16.0), x.hi));
  VF c = SEL (over_1, K (2.0), SEL (over_half, K (1.0), SEL (over_0, K (0.5), K (0.0))));
  VF upper = SEL (over_1, K (ATAN_TWO),
                  SEL (over_half, K (ATAN_ONE), SEL (over_0, K (ATAN_HALF), K (0.0))));
  VF lower = SEL (over_1, K (ATAN_TWO_TAIL),
                  SEL (over_half, K (ATAN_ONE_TAIL), SEL (over_0, K (ATAN_HALF_TAIL), K (0.0))));
  VP base = CALL (pair_select, steep, PAIR (K (HALF_PI), K (HALF_PI_MID)), PAIR (upper, lower));
  VP t = CALL (atan_argument, y, x, c, steep);
  VF z = MUL (t.hi, t.hi);
  VF p = POLY (z,
               -0x1.5555555555553p-2, 0x1.9999999998dafp-3, -0x1.24924923ebb3bp-3,
               0x1.c71c7138aae41p-4, -0x1.745cf4d068b24p-4, 0x1.3b0ea5c0a30b2p-4,
               -0x1.109c08b17988ep-4, 0x1.d4f7bfe0a343ep-5, -0x1.479f7eb16d967p-5);
  VP sum = CALL (fast_two_sum, base.hi, t.hi);

  return CALL (fast_two_sum, sum.hi,
               FMA (MUL (t.hi, z), p, ADD (sum.lo, ADD (base.lo, t.lo))));
}

/* The angle, when the x of the pair above was |x|: pi less it on the left. */
KERNEL (VF, atan_left, VP angle, VB left)
{
  VP pi = PAIR (K (2.0 * HALF_PI), K (2.0 * HALF_PI_MID));
  VP other = CALL (pair_add, pi, PAIR (NEG (angle.hi), NEG (angle.lo)));
  VP result = CALL (pair_select, left, other, angle);

  return ADD (result.hi, result.lo);
}

KERNEL (VF, atan, VF x)
{
  VF a = FABS (x);
  VF in = SEL (GT (a, K (0x1p60)), K (0x1p60), a);
  VP angle = CALL (atan_pair, PAIR (in, K (0.0)), PAIR (K (1.0), K (0.0)));

  return COPYSIGN (SEL (LT (a, K (0x1p-28)), a, ADD (angle.hi, angle.lo)), x);
}

/* sqrt (1 - x^2), where the square is exact and so is all that cancels. */
KERNEL (VP, cathetus, VF x)
{
  VP square = CALL (two_product, x, x);

  return CALL (pair_sqrt, CALL (pair_add, PAIR (K (1.0), K (0.0)),
                                PAIR (NEG (square.hi), NEG (square.lo))));
}

KERNEL (VF, asin, VF x)
{
  VF a = FABS (x);
  VP angle = CALL (atan_pair, PAIR (a, K (0.0)), CALL (cathetus, a));

  return COPYSIGN (SEL (LT (a, K (0x1p-28)), a, ADD (angle.hi, angle.lo)), x);
}

KERNEL (VF, acos, VF x)
{
  VP angle = CALL (atan_pair, CALL (cathetus, x), PAIR (FABS (x), K (0.0)));

  return CALL (atan_left, angle, LT (x, K (0.0)));
}

/*
 * The angle of the point (x, y). Both are brought to where nothing overflows
 * and remainders do not vanish; two infinite ones are as good as two ones, and
 * two zeros as (1, 0). The sign of a zero x says left or right.
 */
KERNEL (VF, atan2, VF y, VF x)
{
  VF a = FABS (y);
  VF b = FABS (x);
  VF larger = SEL (GT (a, b), a, b);
  VF factor = SEL (GT (larger, K (0x1p500)), K (0x1p-8),
                   SEL (LT (larger, K (0x1p-500)), K (0x1p600), K (1.0)));
  VB endless = EQ (larger, K (INFINITY));
  VF top = SEL (endless, SEL (EQ (a, larger), K (1.0), K (0.0)), MUL (a, factor));
  VF bottom = SEL (endless, SEL (EQ (b, larger), K (1.0), K (0.0)), MUL (b, factor));
  VF right = SEL (EQ (larger, K (0.0)), K (1.0), bottom);
  VP angle = CALL (atan_pair, PAIR (top, K (0.0)), PAIR (right, K (0.0)));
  VF result = CALL (atan_left, angle, LT (COPYSIGN (K (1.0), x), K (0.0)));

  return SEL (OR (NE (x, x), NE (y, y)), K (NAN), COPYSIGN (result, y));
}
