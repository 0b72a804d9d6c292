/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of f32 that need less than those of f64: x is a float, and the result is going to
 * be rounded to one. In doubles no float and no square of one overflows or is subnormal, and
 * nothing is lost that counts, so that there are no pairs. A polynomial that is wrong by 2^-32
 * leaves 0.504 ulp of a float; the errors are relative, and minimax.
 *
 * What is huge to sin, cos and tan, and the edges of log and pow, are those of f64.
 */

/* a 2^n for the n in the low bits of shifted = SHIFTER + n; a and the result are normal. */
KERNEL (VF, times_power, VF a, VF shifted)
{
  return ASF (IADD (ASI (a), SHL (ASI (shifted), 52)));
}

/* P of e^r - 1 = r P (r) for |r| <= ln 2 / 2; error 2^-32.0. */
KERNEL (VF, exp_slope_single, VF r)
{
  return POLY (r,
               0x1.0000000022679p+0, 0x1.000000283aa52p-1, 0x1.555554c5f5043p-3,
               0x1.5554ad5f4a139p-5, 0x1.1111a64238d21p-7, 0x1.6d74cc765f4afp-10,
               0x1.a01a7933c4a95p-13);
}

KERNEL (VF, exp2_single, VF x)
{
  VF in = CALL (within, x, K (200.0));
  VF shifted = ADD (in, K (SHIFTER));
  VF r = MUL (SUB (in, SUB (shifted, K (SHIFTER))), K (LN2));

  return CALL (times_power, FMA (CALL (exp_slope_single, r), r, K (1.0)), shifted);
}

/* s = f / (2 + f) for f = m - 1 */
KERNEL (VF, log_argument, VI split)
{
  VF m = CALL (log_split_mantissa, split);

  return DIV (SUB (m, K (1.0)), ADD (m, K (1.0)));
}

/* log m = 2 atanh s, error 2^-37.8. */
KERNEL (VF, log_mantissa_single, VF s)
{
  return MUL (s, POLY (MUL (s, s),
                       0x1.0000000004a23p+1, 0x1.555554dac5f76p-1, 0x1.999a9ca197e25p-2,
                       0x1.2432bbe12a40ep-2, 0x1.e3b04d418a03dp-3));
}

/*
 * log (1 + x) for any double. With k from 1 + x the rest is m - 1 = 2^-k x - (1 - 2^-k), exact,
 * and x itself for k = 0: then a zero is subtracted from what has the sign of x.
 */
KERNEL (VF, log1p_single, VF x)
{
  VF u = ADD (K (1.0), x);
  VI split = CALL (log_split, u);
  VF power = CALL (log_split_power, split);
  VF f = SUB (MUL (x, power), SUB (K (1.0), power));
  VF m = CALL (log_mantissa_single, DIV (f, ADD (f, K (2.0))));

  return CALL (log_edges, u, SUB (m, MUL (CALL (log_less, split), K (LN2))));
}

/* log (a + sqrt (a^2 + 1)), of which one is taken so that small numbers are not lost. */
KERNEL (VF, asinh_single, VF x)
{
  VF a = FABS (x);
  VF square = MUL (a, a);
  VF root = SQRT (ADD (square, K (1.0)));
  VF rest = ADD (a, DIV (square, ADD (root, K (1.0))));

  return COPYSIGN (SEL (LT (a, K (INFINITY)), CALL (log1p_single, rest), a), x);
}

KERNEL (VF, acosh_single, VF x)
{
  VF t = SUB (x, K (1.0));
  VF rest = ADD (t, SQRT (MUL (t, ADD (x, K (1.0)))));

  return SEL (LT (x, K (1.0)), K (NAN), CALL (log1p_single, rest));
}

KERNEL (VF, atanh_single, VF x)
{
  VF a = FABS (x);
  VF l = CALL (log1p_single, DIV (ADD (a, a), SUB (K (1.0), a)));

  return COPYSIGN (MUL (K (0.5), l), x);
}

/* e^(y log |x|). The product may be 150, so log |x| is wrong by 2^-45.1 only. */
KERNEL (VF, pow_single, VF x, VF y)
{
  VF a = FABS (x);
  VI split = CALL (log_split, a);
  VF s = CALL (log_argument, split);
  VF p = POLY (MUL (s, s),
               0x1.fffffffffff10p+0, 0x1.555555567303ep-1, 0x1.999996284a6d4p-2,
               0x1.2494398741166p-2, 0x1.c6207f8dd5000p-3, 0x1.9198dc35a4023p-3);
  VF l = FMA (MUL (s, p), K (LOG2E), NEG (CALL (log_less, split)));
  VF magnitude = CALL (pow_limits, a, y, CALL (exp2_single, MUL (y, l)));

  return CALL (pow_signs, x, y, magnitude);
}

/*
 * x R (x^2), a quotient of polynomials up to where one is next: minimax up to 3.93 with an
 * error of 2^-33.0.
 */
KERNEL (VF, erf_single, VF x)
{
  VF a = CALL (within, x, K (3.93));
  VF z = MUL (a, a);
  VF p = POLY (z,
               0x1.20dd7503a1e0ep+0, 0x1.3488aaf1856bfp-2, 0x1.2d70ce6c21d55p-4,
               0x1.3be13124e42afp-7, 0x1.a6e14fd5da07dp-11, 0x1.b6861dd4e91ddp-15,
               0x1.ec7059f0de2efp-21);
  VF q = POLY (z,
               0x1.0000000000000p+0, 0x1.3361d5e688837p-1, 0x1.529d8af7e7c78p-3,
               0x1.c16a25d5d4dddp-6, 0x1.87c7e79489c3bp-9, 0x1.c12f6f593838fp-13,
               0x1.3213039beca69p-17, 0x1.51831a57b2c50p-25);

  return DIV (MUL (a, p), q);
}

/* x - n pi/2, of which the first step is exact where the rest is small. */
KERNEL (VF, trig_remainder_single, VF x, VF n)
{
  return FMA (n, K (-HALF_PI_MID), FMA (n, K (-HALF_PI), x));
}

/* sin r for |r| <= pi/2, with the sign of n in the low bits of shifted; error 2^-35.5. */
KERNEL (VF, sin_half_turn, VF r, VF shifted)
{
  VF s = MUL (r, POLY (MUL (r, r),
                       0x1.ffffffffd16f7p-1, -0x1.5555554170764p-3, 0x1.11110b7385095p-7,
                       -0x1.a017a8a1cf0b5p-13, 0x1.716b995a741dbp-19, -0x1.9a0d137a2287dp-26));

  return ASF (IXOR (ASI (s), SHL (ASI (shifted), 63)));
}

/* sin (n pi + r) */
KERNEL (VF, sin_single_moderate, VF x)
{
  VF shifted = FMA (x, K (0.5 * TWO_OVER_PI), K (SHIFTER));
  VF n = SUB (shifted, K (SHIFTER));

  return CALL (sin_half_turn, CALL (trig_remainder_single, x, ADD (n, n)), shifted);
}

/* cos (n pi + pi/2 + r) = -sin (n pi + r) */
KERNEL (VF, cos_single_moderate, VF x)
{
  VF a = FABS (x);
  VF shifted = ADD (FMA (a, K (0.5 * TWO_OVER_PI), K (-0.5)), K (SHIFTER));
  VF n = SUB (shifted, K (SHIFTER));
  VF r = CALL (trig_remainder_single, a, ADD (ADD (n, n), K (1.0)));

  return CALL (sin_half_turn, NEG (r), shifted);
}

/* s / c or -c / s of r up to pi/4; errors 2^-37.7 and 2^-34.1. */
KERNEL (VF, tan_single_moderate, VF x)
{
  VF shifted = CALL (quadrant, x);
  VF r = CALL (trig_remainder_single, x, SUB (shifted, K (SHIFTER)));
  VB odd = IEQ (IAND (ASI (shifted), KI (1)), KI (1));
  VF z = MUL (r, r);
  VF s = MUL (r, POLY (z,
                       0x1.fffffffff5fddp-1, -0x1.55555548e18aap-3, 0x1.1111071720fb5p-7,
                       -0x1.a00ec6066c37ap-13, 0x1.6cb065e558afep-19));
  VF c = POLY (z,
               0x1.ffffffff8498fp-1, -0x1.ffffffb655d22p-2, 0x1.555538a11bc5ep-5,
               -0x1.6c06e9c9e9953p-10, 0x1.98e77dab338b1p-16);

  return DIV (SEL (odd, c, s), SEL (odd, NEG (s), c));
}

KERNEL (VF, sin_single, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (sin_huge, x), CALL (sin_single_moderate, x));
}

KERNEL (VF, cos_single, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (cos_huge, x), CALL (cos_single_moderate, x));
}

KERNEL (VF, tan_single, VF x)
{
  return RARE (CALL (trig_is_huge, x), CALL (tan_huge, x), CALL (tan_single_moderate, x));
}

/* The angle of the point (x, y) with x, y >= 0: that of the smaller to the larger, up to one, with
 * an error of 2^-34.0. */
KERNEL (VF, angle_single, VF y, VF x)
{
  VB steep = GT (y, x);
  VF t = DIV (SEL (steep, NEG (x), y), SEL (steep, y, x));
  VF p = POLY (MUL (t, t),
               0x1.ffffffff7ecacp-1, -0x1.555554269c64cp-2, 0x1.9999238e53b27p-3,
               -0x1.24893267b85abp-3, 0x1.c6611021f2c52p-4, -0x1.6fd49f1219273p-4,
               0x1.28c8d5edeae7dp-4, -0x1.bca7725e7b37cp-5, 0x1.183ea6228a4edp-5,
               -0x1.07f9267c1c352p-6, 0x1.3de8f2b4cbcdfp-8, -0x1.6706fdf13ed69p-11);

  return FMA (t, p, SEL (steep, K (HALF_PI), K (0.0)));
}

KERNEL (VF, atan_single, VF x)
{
  return COPYSIGN (CALL (angle_single, FABS (x), K (1.0)), x);
}

/* Two infinite coordinates are as good as two ones, and two zeros as (1, 0). */
KERNEL (VF, atan2_single, VF y, VF x)
{
  VF a = FABS (y);
  VF b = FABS (x);
  VB endless = AND (EQ (a, K (INFINITY)), EQ (b, K (INFINITY)));
  VB nothing = AND (EQ (a, K (0.0)), EQ (b, K (0.0)));
  VF top = SEL (endless, K (1.0), a);
  VF angle = CALL (angle_single, top, SEL (OR (endless, nothing), K (1.0), b));
  VB left = LT (COPYSIGN (K (1.0), x), K (0.0));

  return COPYSIGN (SEL (left, SUB (K (2.0 * HALF_PI), angle), angle), y);
}

/* asin t = t P (z) for z = t^2 <= 1/4; error 2^-35.9. */
KERNEL (VF, asin_slope, VF z)
{
  return POLY (z,
               0x1.ffffffffdee1bp-1, 0x1.55555658608b3p-3, 0x1.33328d72088e4p-4,
               0x1.6ddf0eb7804dcp-5, 0x1.ed0832587de46p-6, 0x1.94de7296fbf64p-6,
               0x1.d9747723245e9p-8, 0x1.1e5238316865bp-5);
}

/* Above 1/2 it is pi/2 less twice the angle of the half chord. */
KERNEL (VF, asin_single, VF x)
{
  VF a = FABS (x);
  VB far = GT (a, K (0.5));
  VF z = SEL (far, FMA (a, K (-0.5), K (0.5)), MUL (a, a));
  VF p = CALL (asin_slope, z);
  VF chord = FMA (MUL (SQRT (z), K (-2.0)), p, K (HALF_PI));

  return COPYSIGN (SEL (far, chord, MUL (a, p)), x);
}

KERNEL (VF, acos_single, VF x)
{
  VF a = FABS (x);
  VB far = GT (a, K (0.5));
  VF z = SEL (far, FMA (a, K (-0.5), K (0.5)), MUL (a, a));
  VF p = CALL (asin_slope, z);
  VF chord = MUL (MUL (SQRT (z), K (2.0)), p);
  VF turned = SEL (LT (x, K (0.0)), SUB (K (2.0 * HALF_PI), chord), chord);

  return SEL (far, turned, FMA (NEG (x), p, K (HALF_PI)));
}

/* |x| = 2^(3 k) m. A step of Halley's is enough. */
KERNEL (VF, cbrt_single, VF x)
{
  VF a = FABS (x);
  VF k = CALL (cbrt_exponent, a);
  VF root = CALL (cbrt_approximate, CALL (cbrt_mantissa, a, k));
  VF result = MUL (root, CALL (power_of_two, ADD (k, K (SHIFTER))));
  VB itself = OR (EQ (x, K (0.0)), NOT (LT (a, K (INFINITY))));

  return SEL (itself, x, COPYSIGN (result, x));
}

/* The square of a float is exact. */
KERNEL (VF, hypot_single, VF x, VF y)
{
  VF root = SQRT (FMA (x, x, MUL (y, y)));
  VB infinite = OR (EQ (FABS (x), K (INFINITY)), EQ (FABS (y), K (INFINITY)));

  return SEL (infinite, K (INFINITY), root);
}
