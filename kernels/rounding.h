/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What needs no series: words that pick, round, or divide with a floor.
 */

/*
 * maximum and minimum of IEEE 754-2019: nan where either is, and -0 is below 0,
 * so that the order of the arguments does not matter. Equal numbers have equal
 * bits, but for zeros.
 */
KERNEL (VF, max, VF a, VF b)
{
  VF equal = ASF (IAND (ASI (a), ASI (b)));

  return SEL (EQ (a, b), equal, SEL (OR (GT (a, b), NE (a, a)), a, b));
}

KERNEL (VF, min, VF a, VF b)
{
  VF equal = ASF (IOR (ASI (a), ASI (b)));

  return SEL (EQ (a, b), equal, SEL (OR (LT (a, b), NE (a, a)), a, b));
}

/* -1, 0 or 1, and nan of nan. */
KERNEL (VF, sign, VF a)
{
  VF one = COPYSIGN (K (1.0), a);

  return SEL (EQ (a, K (0.0)), K (0.0), SEL (NE (a, a), a, one));
}

/* To the nearest integer, away from zero where there are two. What is left of a is exact. */
KERNEL (VF, round_away, VF a)
{
  VF whole = TRUNC (a);
  VB up = GE (FABS (SUB (a, whole)), K (0.5));

  return SEL (up, ADD (whole, COPYSIGN (K (1.0), a)), whole);
}

/* a modulo b, with the sign of b; a zero has it too. */
KERNEL (VF, remainder, VF a, VF b)
{
  VF rest = FMOD (a, b);
  VB other = NE (LT (rest, K (0.0)), LT (b, K (0.0)));

  return SEL (EQ (rest, K (0.0)), COPYSIGN (K (0.0), b), SEL (other, ADD (rest, b), rest));
}

/*
 * The largest integer that is not above a / b. The quotient, rounded, lies on the
 * same side of every integer as the exact one, or on the integer itself: then the
 * sign of what is left, which is exact, tells. By an infinite number it is 0 or -1,
 * of one nan, and by zero a / b.
 */
KERNEL (VF, floor_divide, VF a, VF b)
{
  VF quotient = DIV (a, b);
  VF down = FLOOR (quotient);
  VF left = FMA (NEG (down), b, a);
  VB differ = NE (LT (left, K (0.0)), LT (b, K (0.0)));
  VB above = AND (EQ (down, quotient), AND (NE (left, K (0.0)), differ));
  VF finite = SEL (above, SUB (down, K (1.0)), down);
  VB negative = AND (GT (FABS (a), K (0.0)), NE (LT (a, K (0.0)), LT (b, K (0.0))));
  VF by_infinite = SEL (negative, K (-1.0), quotient);
  VF result = SEL (EQ (FABS (b), K (INFINITY)), by_infinite, finite);
  VB no_number = AND (EQ (FABS (a), K (INFINITY)), NE (b, K (0.0)));

  return SEL (no_number, K (NAN), result);
}
