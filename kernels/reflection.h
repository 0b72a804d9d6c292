/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * sin (pi x) as a pair, for functions that are reflected: f (x) and f (-x) differ by
 * what is made of it. Unlike the sine it is exact to reduce x.
 */

#define PI 0x1.921fb54442d18p+1
#define PI_TAIL 0x1.1a62633145c07p-53

/* 1/6 and 1/24 */
#define SIXTH 0x1.5555555555555p-3
#define SIXTH_TAIL 0x1.5555555555555p-57

/* r - r^3/6 + r^5 P (r^2) for |r| <= 0.786; minimax, with an error of 2^-68.2. */
KERNEL (VP, sin_precise, VP r)
{
  VP z = CALL (pair_multiply, r, r);
  VF p = POLY (z.hi,
               0x1.111111111110fp-7, -0x1.a01a01a01944ep-13, 0x1.71de3a53e0956p-19,
               -0x1.ae645356dda61p-26, 0x1.6120fee004244p-33, -0x1.aad5b275bb6e6p-41);
  VP c = CALL (pair_add, PAIR (K (-SIXTH), K (-SIXTH_TAIL)), PAIR (MUL (z.hi, p), K (0.0)));
  VP cube = CALL (pair_multiply, r, CALL (pair_multiply, z, c));

  return CALL (pair_add, r, cube);
}

/* 1 - r^2/2 + r^4/24 + r^6 P (r^2) likewise, error 2^-74.2. */
KERNEL (VP, cos_precise, VP r)
{
  VP z = CALL (pair_multiply, r, r);
  VF p = POLY (z.hi,
               -0x1.6c16c16c16c15p-10, 0x1.a01a01a0197c0p-16, -0x1.27e4fb769592dp-22,
               0x1.1eed8d3f5f7f5p-29, -0x1.9393da424b33cp-37, 0x1.ab092af00519ap-45);
  VP c = CALL (pair_add, PAIR (K (0.25 * SIXTH), K (0.25 * SIXTH_TAIL)),
               PAIR (MUL (z.hi, p), K (0.0)));
  VP factor = CALL (pair_add, PAIR (K (-0.5), K (0.0)), CALL (pair_multiply, z, c));

  return CALL (pair_add, PAIR (K (1.0), K (0.0)), CALL (pair_multiply, z, factor));
}

/* pi (x - n / 2) */
KERNEL (VP, pi_remainder, VF x, VF n)
{
  VF t = FMA (n, K (-0.5), x);

  return CALL (pair_multiply, PAIR (t, K (0.0)), PAIR (K (PI), K (PI_TAIL)));
}

/* The integer n modulo four, in the low bits. */
KERNEL (VI, pi_quadrant, VF n)
{
  VF quarter = RINT (MUL (n, K (0.25)));

  return ASI (ADD (FMA (quarter, K (-4.0), n), K (SHIFTER)));
}

/* sin (pi (x + shift / 2)) for an integer shift, to some 2^-62 of itself. */
KERNEL (VP, sin_pi_shifted, VF x, VF shift)
{
  VF n = RINT (ADD (x, x));
  VP r = CALL (pi_remainder, x, n);
  VI quadrant = CALL (pi_quadrant, ADD (n, shift));
  VB odd = IEQ (IAND (quadrant, KI (1)), KI (1));
  VP s = CALL (pair_select, odd, CALL (cos_precise, r), CALL (sin_precise, r));
  VB negative = IEQ (IAND (quadrant, KI (2)), KI (2));

  return CALL (pair_select, negative, PAIR (NEG (s.hi), NEG (s.lo)), s);
}

KERNEL (VP, sin_pi, VF x)
{
  return CALL (sin_pi_shifted, x, K (0.0));
}
