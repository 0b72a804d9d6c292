/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Functions of two numbers that are more than one operation and less than a power.
 */

KERNEL (VF, copysign, VF a, VF b)
{
  return COPYSIGN (a, b);
}

/* The bits of the numbers of one sign are in order; a zero has a neighbour of either sign. */
KERNEL (VF, nextafter, VF x, VF y)
{
  VB nearer = NE (GT (y, x), GT (x, K (0.0)));
  VF next = ASF (ISEL (nearer, ISUB (ASI (x), KI (1)), IADD (ASI (x), KI (1))));
  VF other = SEL (EQ (x, K (0.0)), COPYSIGN (K (0x1p-1074), y), next);

  return SEL (OR (NE (x, x), NE (y, y)), ADD (x, y), SEL (EQ (x, y), y, other));
}

/*
 * The root of x^2 + y^2, the squares as a pair. Both are scaled by a power of two
 * where a square would overflow, or lose bits that count.
 */
KERNEL (VF, hypot, VF x, VF y)
{
  VF a = SEL (GT (FABS (x), FABS (y)), FABS (x), FABS (y));
  VF b = SEL (GT (FABS (x), FABS (y)), FABS (y), FABS (x));
  VB large = GT (a, K (0x1p500));
  VB small = LT (a, K (0x1p-400));
  VF scale = SEL (large, K (0x1p-600), SEL (small, K (0x1p600), K (1.0)));
  VF back = SEL (large, K (0x1p600), SEL (small, K (0x1p-600), K (1.0)));
  VF as = MUL (a, scale);
  VF bs = MUL (b, scale);
  VP square = CALL (pair_add, CALL (two_product, as, as), CALL (two_product, bs, bs));
  VP root = CALL (pair_sqrt, square);
  VB infinite = OR (EQ (FABS (x), K (INFINITY)), EQ (FABS (y), K (INFINITY)));

  return SEL (infinite, K (INFINITY), MUL (ADD (root.hi, root.lo), back));
}

/*
 * log (e^x + e^y) = m + log (1 + e^-d), m the greater and d the distance, a pair.
 * Where the two cancel, for m between -log 2 and 0, the error is one of m.
 */
KERNEL (VF, logaddexp, VF x, VF y)
{
  VF m = SEL (GT (x, y), x, y);
  VP d = CALL (two_sum, SEL (GT (x, y), y, x), NEG (m));
  VB near = GT (d.hi, K (-40.0));
  VP part = CALL (quarter_exp, SEL (near, d.hi, K (-40.0)));
  VF e = MUL (K (4.0), part.hi);
  VP power = PAIR (e, FMA (e, SEL (near, d.lo, K (0.0)), MUL (K (4.0), part.lo)));
  VP l = CALL (log_pair, CALL (pair_add, PAIR (K (1.0), K (0.0)), power));
  VP sum = CALL (two_sum, m, l.hi);
  VF finite = SEL (near, ADD (sum.hi, ADD (sum.lo, l.lo)), ADD (m, CALL (exp, d.hi)));
  VF result = SEL (EQ (FABS (m), K (INFINITY)), m, finite);

  return SEL (OR (NE (x, x), NE (y, y)), ADD (x, y), result);
}

/*
 * x times a logarithm: the pair l, or its limit where y is on the edge of the domain.
 * A small x is scaled, lest the lower part of the product be lost.
 */
KERNEL (VF, times_log, VF x, VF u, VP l)
{
  VB finite = AND (LT (FABS (x), K (INFINITY)), AND (GT (u, K (0.0)), LT (u, K (INFINITY))));
  VB small = LT (FABS (x), K (0x1p-900));
  VF scaled = SEL (small, MUL (x, K (0x1p128)), x);
  VF product = FMA (scaled, l.hi, MUL (scaled, l.lo));
  VF result = MUL (product, SEL (small, K (0x1p-128), K (1.0)));

  return SEL (finite, result, MUL (x, CALL (log_edges, u, l.hi)));
}

/* x log y, and zero where x is, unless y is nan. */
KERNEL (VF, xlogy, VF x, VF y)
{
  VF product = CALL (times_log, x, y, CALL (log_precise, y));

  return SEL (AND (EQ (x, K (0.0)), EQ (y, y)), K (0.0), product);
}

/* x log (1 + y), and zero where x is, unless y is nan. */
KERNEL (VF, xlog1py, VF x, VF y)
{
  VP u = CALL (two_sum, K (1.0), y);
  VB tiny = LT (FABS (y), K (0x1p-54));
  VP l = CALL (pair_select, tiny, PAIR (y, COPYSIGN (K (0.0), y)), CALL (log_pair, u));
  VF product = CALL (times_log, x, u.hi, l);

  return SEL (AND (EQ (x, K (0.0)), EQ (y, y)), K (0.0), product);
}
