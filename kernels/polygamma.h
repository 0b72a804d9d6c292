/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The derivatives of log Gamma: digamma, trigamma, and polygamma for all others.
 *
 * Ten terms are taken by recurrence, f (x) = f (x + 1) + term, and the rest by the
 * asymptotic series, which is the Euler-Maclaurin sum. To the left of zero the
 * functions are reflected. See Abramowitz and Stegun, Handbook of Mathematical
 * Functions (1964), 6.3, 6.4 and 23.1.30.
 */

/* The zero of digamma. */
#define DIGAMMA_ZERO 0x1.762d86356be3fp+0
#define DIGAMMA_ZERO_TAIL 0x1.b86a722197829p-54

/* log w for a pair, as good as that of a double. */
KERNEL (VP, log_of_pair, VP w)
{
  return CALL (pair_add, CALL (log_precise, w.hi), PAIR (DIV (w.lo, w.hi), K (0.0)));
}

/* top / below + 1 / (y + i), the quotients being left as they are. */
KERNEL (VP, harmonic_top, VP top, VP below, VF y, VF i)
{
  return CALL (pair_add, CALL (pair_multiply, top, CALL (two_sum, i, y)), below);
}

KERNEL (VP, harmonic_below, VP below, VF y, VF i)
{
  return CALL (pair_multiply, below, CALL (two_sum, i, y));
}

/* 1 / (y + 1) + ... + 1 / (y + 9) for 0 <= y < 10. */
KERNEL (VP, harmonic_sum, VF y)
{
  VP b1 = CALL (two_sum, K (1.0), y);
  VP b2 = CALL (harmonic_below, b1, y, K (2.0));
  VP b3 = CALL (harmonic_below, b2, y, K (3.0));
  VP b4 = CALL (harmonic_below, b3, y, K (4.0));
  VP b5 = CALL (harmonic_below, b4, y, K (5.0));
  VP b6 = CALL (harmonic_below, b5, y, K (6.0));
  VP b7 = CALL (harmonic_below, b6, y, K (7.0));
  VP b8 = CALL (harmonic_below, b7, y, K (8.0));
  VP b9 = CALL (harmonic_below, b8, y, K (9.0));
  VP t2 = CALL (harmonic_top, PAIR (K (1.0), K (0.0)), b1, y, K (2.0));
  VP t3 = CALL (harmonic_top, t2, b2, y, K (3.0));
  VP t4 = CALL (harmonic_top, t3, b3, y, K (4.0));
  VP t5 = CALL (harmonic_top, t4, b4, y, K (5.0));
  VP t6 = CALL (harmonic_top, t5, b5, y, K (6.0));
  VP t7 = CALL (harmonic_top, t6, b6, y, K (7.0));
  VP t8 = CALL (harmonic_top, t7, b7, y, K (8.0));
  VP t9 = CALL (harmonic_top, t8, b8, y, K (9.0));

  return CALL (pair_divide, t9, b9);
}

/* log w - 1 / (2 w) - P (1 / w^2) / w^2 for w >= 10; minimax, error 2^-69.4 in the last. */
KERNEL (VP, digamma_far, VP w)
{
  VF z = DIV (K (1.0), MUL (w.hi, w.hi));
  VF p = POLY (z,
               0x1.5555555555555p-4, -0x1.111111110ec0fp-7, 0x1.041040f1fc771p-8,
               -0x1.1110f1798057fp-8, 0x1.f05f441401c27p-8, -0x1.55fb420610b10p-6,
               0x1.18a849c4fb6e9p-4);
  VP half = CALL (pair_divide, PAIR (K (-0.5), K (0.0)), w);
  VP sum = CALL (pair_add, CALL (log_of_pair, w), half);

  return CALL (pair_add, sum, PAIR (MUL (NEG (z), p), K (0.0)));
}

/* digamma (1 + y) for y >= 0, to some 2^-62 of the logarithm. */
KERNEL (VP, digamma_next, VF y)
{
  VB near = LT (y, K (10.0));
  VP far = CALL (digamma_far, CALL (two_sum, y, SEL (near, K (10.0), K (1.0))));
  VP sum = CALL (harmonic_sum, y);
  VP shifted = CALL (pair_add, far, PAIR (NEG (sum.hi), NEG (sum.lo)));

  return CALL (pair_select, near, shifted, far);
}

/* -pi / tan (pi x) */
KERNEL (VP, digamma_reflection, VF x)
{
  VP s = CALL (sin_pi, x);
  VP c = CALL (sin_pi_shifted, x, K (1.0));
  VP q = CALL (pair_divide, PAIR (NEG (c.hi), NEG (c.lo)), s);

  return CALL (pair_multiply, q, PAIR (K (PI), K (PI_TAIL)));
}

/* Next to its zero at 1.46, d away, digamma is d P (d): minimax, error 2^-54.7. */
KERNEL (VF, digamma_near_zero, VF d)
{
  return MUL (d, POLY (d,
                       0x1.ef72bc8ee38acp-1, -0x1.c563b54aa1a4ep-2, 0x1.08b4294d31060p-2,
                       -0x1.4fc1316dce789p-3, 0x1.b9a5f13a03842p-4, -0x1.27bed1c659df4p-4,
                       0x1.81c87ffe9c3c1p-5));
}

/* Infinite at zeros, with the other sign, and nan at the other poles. */
KERNEL (VF, digamma, VF x)
{
  VP inverse = CALL (pair_divide, PAIR (K (-1.0), K (0.0)), PAIR (x, K (0.0)));
  VP other = CALL (pair_select, LT (x, K (0.0)), CALL (digamma_reflection, x), inverse);
  VP sum = CALL (pair_add, CALL (digamma_next, FABS (x)), other);
  VF d = SUB (SUB (x, K (DIGAMMA_ZERO)), K (DIGAMMA_ZERO_TAIL));
  VF middle = SEL (LT (FABS (d), K (0x1p-7)), CALL (digamma_near_zero, d), ADD (sum.hi, sum.lo));
  VF finite = SEL (LT (FABS (x), K (0x1p-60)), DIV (K (-1.0), x), middle);
  VB undefined = OR (NE (x, x), AND (CALL (gamma_pole, x), NE (x, K (0.0))));

  return SEL (undefined, K (NAN), SEL (EQ (x, K (INFINITY)), x, finite));
}

/* sum + 1 / (y + i)^2, with what the sum loses. */
KERNEL (VP, trigamma_add, VP sum, VF y, VF i)
{
  VF w = ADD (y, i);
  VP whole = CALL (two_sum, sum.hi, DIV (K (1.0), MUL (w, w)));

  return PAIR (whole.hi, ADD (whole.lo, sum.lo));
}

/* sum + 1 / (y + 1)^2 + ... + 1 / (y + 9)^2. */
KERNEL (VF, trigamma_sum, VF sum, VF y)
{
  VP s9 = CALL (trigamma_add, PAIR (sum, K (0.0)), y, K (9.0));
  VP s8 = CALL (trigamma_add, s9, y, K (8.0));
  VP s7 = CALL (trigamma_add, s8, y, K (7.0));
  VP s6 = CALL (trigamma_add, s7, y, K (6.0));
  VP s5 = CALL (trigamma_add, s6, y, K (5.0));
  VP s4 = CALL (trigamma_add, s5, y, K (4.0));
  VP s3 = CALL (trigamma_add, s4, y, K (3.0));
  VP s2 = CALL (trigamma_add, s3, y, K (2.0));
  VP s1 = CALL (trigamma_add, s2, y, K (1.0));

  return ADD (s1.hi, s1.lo);
}

/* 1 / w + (1/2 + P (1 / w^2) / w) / w^2 for w >= 10; minimax, error 2^-69.7 / w in the last. */
KERNEL (VF, trigamma_far, VF w)
{
  VF u = DIV (K (1.0), w);
  VF z = MUL (u, u);
  VF p = POLY (z,
               0x1.5555555555555p-3, -0x1.1111111110225p-5, 0x1.8618617ef5d4cp-6,
               -0x1.11110a7771c69p-5, 0x1.364a31ddd62d4p-4, -0x1.02ae89ba1a7b0p-2,
               0x1.1f44ed9ba0bfdp+0, -0x1.36b8643b1d915p+2);

  return FMA (z, FMA (u, p, K (0.5)), u);
}

/* 1 / x^2 and the rest, or, for x < 0, (pi / sin (pi x))^2 less the rest. */
KERNEL (VF, trigamma, VF x)
{
  VF y = FABS (x);
  VB near = LT (y, K (10.0));
  VF far = CALL (trigamma_far, ADD (y, SEL (near, K (10.0), K (1.0))));
  VF rest = SEL (near, CALL (trigamma_sum, far, y), far);
  VP q = CALL (pair_divide, PAIR (K (PI), K (PI_TAIL)), CALL (sin_pi, x));
  VF root = ADD (q.hi, q.lo);
  VF inverse = DIV (DIV (K (1.0), x), x);
  VF reflected = FMA (root, root, NEG (rest));
  VF both = SEL (LT (x, K (0.0)), reflected, ADD (inverse, rest));
  VF finite = SEL (LT (y, K (0x1p-60)), inverse, both);
  VF edge = SEL (EQ (y, K (INFINITY)), SEL (GT (x, K (0.0)), K (0.0), K (NAN)), finite);

  return SEL (AND (CALL (gamma_pole, x), LT (y, K (INFINITY))), K (INFINITY), edge);
}

/* log n! for an integer n >= 0. */
KERNEL (VP, log_factorial, VF n)
{
  VF f2 = SEL (GE (n, K (2.0)), K (2.0), K (1.0));
  VF f3 = SEL (GE (n, K (3.0)), K (6.0), f2);
  VF f4 = SEL (GE (n, K (4.0)), K (24.0), f3);
  VF f5 = SEL (GE (n, K (5.0)), K (120.0), f4);
  VF f6 = SEL (GE (n, K (6.0)), K (720.0), f5);
  VB small = LT (n, K (7.0));
  VP far = CALL (log_gamma_stirling, SEL (small, K (8.0), ADD (n, K (1.0))));

  return CALL (pair_select, small, CALL (log_precise, f6), far);
}

/* e^(front - s log w) */
KERNEL (VF, zeta_power, VP front, VF s, VP w)
{
  VP l = CALL (log_of_pair, w);
  VP p = CALL (pair_multiply, PAIR (NEG (s), K (0.0)), l);

  return CALL (exp_pair, CALL (pair_add, front, p));
}

/* sum + e^front / (x + i)^s, with what the sum loses. */
KERNEL (VP, zeta_add, VP sum, VP front, VF s, VP x, VF i)
{
  VF term = CALL (zeta_power, front, s, CALL (pair_add, x, PAIR (i, K (0.0))));
  VP whole = CALL (two_sum, sum.hi, term);

  return PAIR (whole.hi, ADD (whole.lo, sum.lo));
}

/*
 * The Euler-Maclaurin sum of 1 / (w + i)^s over all i >= 0, times w^(s - 1): eight
 * terms with the Bernoulli numbers B (2 j) / (2 j)!.
 */
KERNEL (VF, zeta_series, VF s, VF w)
{
  VF u = DIV (K (1.0), w);
  VF a1 = MUL (s, u);
  VF a3 = MUL (MUL (ADD (s, K (1.0)), u), MUL (ADD (s, K (2.0)), u));
  VF a5 = MUL (MUL (ADD (s, K (3.0)), u), MUL (ADD (s, K (4.0)), u));
  VF a7 = MUL (MUL (ADD (s, K (5.0)), u), MUL (ADD (s, K (6.0)), u));
  VF a9 = MUL (MUL (ADD (s, K (7.0)), u), MUL (ADD (s, K (8.0)), u));
  VF a11 = MUL (MUL (ADD (s, K (9.0)), u), MUL (ADD (s, K (10.0)), u));
  VF a13 = MUL (MUL (ADD (s, K (11.0)), u), MUL (ADD (s, K (12.0)), u));
  VF a15 = MUL (MUL (ADD (s, K (13.0)), u), MUL (ADD (s, K (14.0)), u));
  VF b15 = MUL (a15, K (-3617.0 / 10670622842880000.0));
  VF b13 = MUL (a13, ADD (b15, K (1.0 / 74724249600.0)));
  VF b11 = MUL (a11, ADD (b13, K (-691.0 / 1307674368000.0)));
  VF b9 = MUL (a9, ADD (b11, K (1.0 / 47900160.0)));
  VF b7 = MUL (a7, ADD (b9, K (-1.0 / 1209600.0)));
  VF b5 = MUL (a5, ADD (b7, K (1.0 / 30240.0)));
  VF b3 = MUL (a3, ADD (b5, K (-1.0 / 720.0)));
  VF b1 = MUL (a1, ADD (b3, K (1.0 / 12.0)));

  return FMA (u, ADD (b1, K (0.5)), DIV (K (1.0), SUB (s, K (1.0))));
}

/*
 * e^front times the sum of 1 / (x + i)^s over all i >= 0, for x > 0 and s >= 2: Hurwitz's
 * zeta. The first ten terms are taken one by one. What the series lacks is below 10^-17
 * of them for every s / x, and from four on so is the series.
 */
KERNEL (VF, zeta, VP front, VF s, VP x)
{
  VP w = CALL (pair_add, x, PAIR (K (10.0), K (0.0)));
  VF power = CALL (zeta_power, front, SUB (s, K (1.0)), w);
  VF series = MUL (power, CALL (zeta_series, s, w.hi));
  VF rest = SEL (LT (s, MUL (K (4.0), w.hi)), series, K (0.0));
  VP s9 = CALL (zeta_add, PAIR (rest, K (0.0)), front, s, x, K (9.0));
  VP s8 = CALL (zeta_add, s9, front, s, x, K (8.0));
  VP s7 = CALL (zeta_add, s8, front, s, x, K (7.0));
  VP s6 = CALL (zeta_add, s7, front, s, x, K (6.0));
  VP s5 = CALL (zeta_add, s6, front, s, x, K (5.0));
  VP s4 = CALL (zeta_add, s5, front, s, x, K (4.0));
  VP s3 = CALL (zeta_add, s4, front, s, x, K (3.0));
  VP s2 = CALL (zeta_add, s3, front, s, x, K (2.0));
  VP s1 = CALL (zeta_add, s2, front, s, x, K (1.0));
  VP sum = CALL (zeta_add, s1, front, s, x, K (0.0));

  return SEL (EQ (sum.hi, K (INFINITY)), sum.hi, ADD (sum.hi, sum.lo));
}

/*
 * The same for x < 0. With f the distance to the integer below, the terms with
 * x + i > 0 are those of f, and the others those of 1 - f up to -x. Where both sums
 * overflow, that of the nearer pole is the greater one.
 */
KERNEL (VF, zeta_reflected, VP front, VF s, VB odd, VF x)
{
  VF down = FLOOR (x);
  VP f = CALL (two_sum, NEG (down), x);
  VP g = CALL (two_sum, ADD (down, K (1.0)), NEG (x));
  VF positive = CALL (zeta, front, s, f);
  VF negative = CALL (zeta, front, s, g);
  VF beyond = CALL (zeta, front, s, CALL (two_sum, K (1.0), NEG (x)));
  VF left = SEL (EQ (negative, K (INFINITY)), negative, SUB (negative, beyond));
  VF difference = SUB (positive, left);
  VF nearer = SEL (LE (f.hi, g.hi), K (INFINITY), K (-INFINITY));
  VF finite = SEL (NE (difference, difference), nearer, difference);

  return SEL (odd, finite, ADD (positive, left));
}

/* n log 2 */
KERNEL (VP, times_log_2, VF n)
{
  VP scale = CALL (two_product, n, K (LN2));

  return PAIR (scale.hi, FMA (n, K (LN2_TAIL), scale.lo));
}

/*
 * n! zeta (n + 1, x). Where that is next to the subnormal numbers it is computed 2^128
 * times larger, and for x < 0, where its terms may overflow and it does not, 2^256
 * times smaller.
 */
KERNEL (VF, polygamma_size, VF n, VB even, VF x)
{
  VP f = CALL (log_factorial, n);
  VF s = ADD (n, K (1.0));
  VB negative = LT (x, K (0.0));
  VB low = LT (FMA (NEG (s), CALL (log, FABS (x)), f.hi), K (-500.0));
  VF shift = SEL (negative, K (-256.0), SEL (low, K (128.0), K (0.0)));
  VF back = SEL (negative, K (0x1p256), SEL (low, K (0x1p-128), K (1.0)));
  VP front = CALL (pair_add, f, CALL (times_log_2, shift));
  VF right = CALL (zeta, front, s, PAIR (SEL (negative, K (1.0), x), K (0.0)));
  VF both = RARE (negative, CALL (zeta_reflected, front, s, even, SEL (negative, x, K (-0.5))),
                  right);

  return MUL (both, back);
}

/*
 * The derivative of digamma of order n, by x, which is nan unless n is an integer and
 * not negative. At a pole it has the sign of the right side, as in SciPy; n = 0 is digamma.
 */
KERNEL (VF, polygamma, VF n, VF x)
{
  VB order = AND (AND (GE (n, K (0.0)), EQ (FLOOR (n), n)), LT (n, K (INFINITY)));
  VF half = MUL (n, K (0.5));
  VB even = EQ (FLOOR (half), half);
  VF in = SEL (AND (order, GT (n, K (1.0))), n, K (2.0));
  VB far = EQ (x, K (INFINITY));
  VB pole = CALL (gamma_pole, x);
  VF size = CALL (polygamma_size, in, even, SEL (OR (far, pole), K (1.0), x));
  VF value = SEL (far, K (0.0), SEL (pole, K (INFINITY), size));
  VF higher = SEL (EQ (n, K (1.0)), CALL (trigamma, x), SEL (even, NEG (value), value));
  VF result = SEL (EQ (n, K (0.0)), CALL (digamma, x), higher);

  return SEL (AND (order, NOT (EQ (x, K (-INFINITY)))), result, K (NAN));
}
