/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Differences whose terms cancel: what is left of a function when the first
 * terms of its series are taken away. Near zero that is the rest of the series
 * itself (Taylor's, the coefficients being exact fractions); elsewhere it is
 * the difference of pairs, or of terms that are no longer close.
 */

/* log (1 + x) - x */
KERNEL (VF, log1pmx, VF x)
{
  VF p = POLY (x, -1.0 / 2, 1.0 / 3, -1.0 / 4, 1.0 / 5, -1.0 / 6, 1.0 / 7, -1.0 / 8, 1.0 / 9,
               -1.0 / 10, 1.0 / 11);
  VP u = CALL (two_sum, K (1.0), x);
  VP l = CALL (log_pair, u);
  VP sum = CALL (two_sum, l.hi, NEG (x));
  VF far = ADD (sum.hi, ADD (sum.lo, l.lo));
  VF huge = SEL (EQ (x, K (INFINITY)), K (-INFINITY), SUB (CALL (log, x), x));
  VF result = SEL (GT (x, K (0x1p60)), huge, CALL (log_edges, u.hi, far));

  return SEL (LT (FABS (x), K (0x1p-6)), MUL (MUL (x, x), p), result);
}

/* e^x - 1 - x */
KERNEL (VF, expm1mx, VF x)
{
  VF p = POLY (x, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040, 1.0 / 40320,
               1.0 / 362880, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800.0,
               1.0 / 87178291200.0, 1.0 / 1307674368000.0);
  VF below = SEL (LT (x, K (-40.0)), K (-40.0), x);
  VF in = SEL (GT (below, K (710.0)), K (710.0), below);
  VP half = CALL (half_expm1, in);
  VP sum = CALL (two_sum, ADD (half.hi, half.hi), NEG (x));
  VF far = SEL (GT (x, K (709.0)), CALL (exp, x), ADD (sum.hi, FMA (K (2.0), half.lo, sum.lo)));
  VF left = SEL (EQ (x, K (-INFINITY)), K (INFINITY), SUB (K (-1.0), x));

  return SEL (LT (FABS (x), K (0.5)), MUL (MUL (x, x), p), SEL (LT (x, K (-40.0)), left, far));
}

/* (e^x - 1) / x, which at zero is one. */
KERNEL (VF, exprel, VF x)
{
  VF below = SEL (LT (x, K (-40.0)), K (-40.0), x);
  VP half = CALL (half_expm1, SEL (GT (below, K (709.0)), K (709.0), below));
  VP q = CALL (pair_divide, half, PAIR (MUL (x, K (0.5)), K (0.0)));
  VF large = DIV (CALL (exp, MUL (x, K (0.5))), x);
  VF far = SEL (GT (x, K (709.0)), MUL (large, CALL (exp, MUL (x, K (0.5)))), ADD (q.hi, q.lo));
  VF result = SEL (LT (x, K (-40.0)), DIV (K (-1.0), x), far);

  return SEL (EQ (x, K (INFINITY)), x,
              SEL (LT (FABS (x), K (0x1p-54)), K (1.0), result));
}

/* cos x - 1 = -2 sin^2 (x / 2) */
KERNEL (VF, cosm1, VF x)
{
  VF s = CALL (sin, MUL (x, K (0.5)));

  return MUL (K (-2.0), MUL (s, s));
}

/* cosh x - 1 = 2 sinh^2 (x / 2) */
KERNEL (VF, coshm1, VF x)
{
  VF s = CALL (sinh, MUL (x, K (0.5)));

  return MUL (MUL (K (2.0), s), s);
}

/* e^z - 1 for a pair. */
KERNEL (VF, expm1_pair, VP z)
{
  VB inside = LT (FABS (z.hi), K (37.0));
  VF hi = SEL (inside, z.hi, K (0.0));
  VF lo = SEL (inside, z.lo, K (0.0));
  VP half = CALL (half_expm1, hi);
  VF e = ADD (half.hi, half.hi);
  /* e^(hi + lo) - 1 = e^hi - 1 + lo e^hi */
  VF near = ADD (e, FMA (K (2.0), half.lo, FMA (e, lo, lo)));

  return SEL (inside, near, SUB (CALL (exp_pair, z), K (1.0)));
}

/* x^y - 1 */
KERNEL (VF, powm1, VF x, VF y)
{
  VB inside = AND (AND (GT (x, K (0.0)), LT (x, K (INFINITY))), LT (FABS (y), K (0x1p900)));
  VP l = CALL (log_precise, SEL (inside, x, K (1.0)));
  VP p = CALL (two_product, SEL (inside, y, K (0.0)), l.hi);
  VF small = FMA (y, l.hi, MUL (y, l.lo));
  VF near = CALL (expm1_pair, PAIR (p.hi, FMA (SEL (inside, y, K (0.0)), l.lo, p.lo)));
  VF result = SEL (LT (FABS (p.hi), K (0x1p-54)), small, near);

  return SEL (inside, result, SUB (CALL (pow, x, y), K (1.0)));
}

/* sqrt (1 + x) - 1 = x / (1 + sqrt (1 + x)) */
KERNEL (VF, sqrt1pm1, VF x)
{
  VP root = CALL (pair_sqrt, CALL (two_sum, K (1.0), x));
  VF below = ADD (K (1.0), root.hi);

  return SEL (GT (x, K (0x1p120)), SUB (SQRT (x), K (1.0)), DIV (x, below));
}

/* y log (1 + x), as a pair, for finite x > -1. */
KERNEL (VP, compound_exponent, VF x, VF y)
{
  VP far = CALL (log_pair, CALL (two_sum, K (1.0), x));
  VP l = CALL (pair_select, LT (FABS (x), K (0x1p-60)), PAIR (x, K (0.0)), far);
  VP p = CALL (two_product, y, l.hi);

  return PAIR (p.hi, FMA (y, l.lo, p.lo));
}

/* (1 + x)^y */
KERNEL (VF, compound, VF x, VF y)
{
  VB inside = AND (AND (GT (x, K (-1.0)), LT (x, K (0x1p900))), LT (FABS (y), K (INFINITY)));
  VP z = CALL (compound_exponent, SEL (inside, x, K (0.0)), SEL (inside, y, K (0.0)));

  return SEL (inside, CALL (exp_pair, z), CALL (pow, ADD (K (1.0), x), y));
}

/* (1 + x)^y - 1 */
KERNEL (VF, compoundm1, VF x, VF y)
{
  VB inside = AND (AND (GT (x, K (-1.0)), LT (x, K (0x1p900))), LT (FABS (y), K (INFINITY)));
  VP z = CALL (compound_exponent, SEL (inside, x, K (0.0)), SEL (inside, y, K (0.0)));
  VF small = MUL (y, CALL (log1p, SEL (inside, x, K (0.0))));
  VF near = SEL (LT (FABS (z.hi), K (0x1p-54)), small, CALL (expm1_pair, z));

  return SEL (inside, near, CALL (powm1, ADD (K (1.0), x), y));
}

/* log (e^x - 1) for x > 0: the logarithm of a pair, next to its zero that of
 * 1 + 2 (e^(x - log 2) - 1) or, far out, x with a small correction. */
KERNEL (VF, logexpm1, VF x)
{
  VF in = SEL (GT (x, K (20.0)), K (20.0), x);
  VP half = CALL (half_expm1, in);
  VP l = CALL (log_pair, PAIR (ADD (half.hi, half.hi), ADD (half.lo, half.lo)));
  VF near = SEL (LT (x, K (0x1p-54)), CALL (log, x), ADD (l.hi, l.lo));
  VF d = SUB (SUB (in, K (LN2)), K (LN2_TAIL));
  VF zero = CALL (log1p, MUL (K (2.0), CALL (expm1, d)));

  near = SEL (LT (FABS (d), K (0.125)), zero, near);

  return SEL (GT (x, K (20.0)), SUB (x, CALL (exp, NEG (x))), near);
}

/* log (e^x - e^y) = x + log (1 - e^(y - x)) */
KERNEL (VF, logsubexp, VF x, VF y)
{
  VP d = CALL (two_sum, y, NEG (x));
  VF l = CALL (log1mexp, d.hi);
  /* The slope of log (1 - e^d) is -1 / (e^-d - 1). */
  VF slope = DIV (K (-1.0), CALL (expm1, NEG (d.hi)));
  VP sum = CALL (two_sum, x, l);
  VF finite = ADD (sum.hi, FMA (SEL (LT (d.hi, K (-0x1p-500)), slope, K (0.0)), d.lo, sum.lo));
  VF equal = SEL (LT (FABS (x), K (INFINITY)), K (-INFINITY), K (NAN));

  return SEL (EQ (x, y), equal, SEL (EQ (FABS (d.hi), K (INFINITY)), ADD (x, l), finite));
}

/* log cosh x, by cosh x - 1 or, further out, as |x| - log 2 + log (1 + e^(-2 |x|)). */
KERNEL (VF, logcosh, VF x)
{
  VF a = FABS (x);
  VF small = CALL (log1p, CALL (coshm1, SEL (GT (a, K (1.0)), K (1.0), a)));
  VP sum = CALL (two_sum, a, K (-LN2));
  VF far = ADD (sum.hi, SUB (ADD (sum.lo, CALL (softplus, MUL (K (-2.0), a))), K (LN2_TAIL)));

  return SEL (EQ (a, K (INFINITY)), a, SEL (LT (a, K (1.0)), small, far));
}

/* x - sin x */
KERNEL (VF, xmsin, VF x)
{
  VF z = MUL (x, x);
  VF p = POLY (z, 1.0 / 6, -1.0 / 120, 1.0 / 5040, -1.0 / 362880, 1.0 / 39916800,
               -1.0 / 6227020800.0, 1.0 / 1307674368000.0, -1.0 / 355687428096000.0,
               1.0 / 121645100408832000.0, -1.0 / 51090942171709440000.0,
               1.0 / 25852016738884976640000.0);

  return SEL (LT (FABS (x), K (2.0)), MUL (MUL (x, z), p), SUB (x, CALL (sin, x)));
}

/* sinh x - x */
KERNEL (VF, sinhmx, VF x)
{
  VF z = MUL (x, x);
  VF p = POLY (z, 1.0 / 6, 1.0 / 120, 1.0 / 5040, 1.0 / 362880, 1.0 / 39916800,
               1.0 / 6227020800.0, 1.0 / 1307674368000.0, 1.0 / 355687428096000.0,
               1.0 / 121645100408832000.0, 1.0 / 51090942171709440000.0,
               1.0 / 25852016738884976640000.0, 1.0 / 15511210043330985984000000.0,
               1.0 / 10888869450418352160768000000.0);

  return SEL (LT (FABS (x), K (2.5)), MUL (MUL (x, z), p), SUB (CALL (sinh, x), x));
}

/* (sin x - x cos x) / x^3, of z = x^2 below 2. */
KERNEL (VF, sine_moment, VF z)
{
  return POLY (z, 2.0 / 6, -4.0 / 120, 6.0 / 5040, -8.0 / 362880, 10.0 / 39916800,
               -12.0 / 6227020800.0, 14.0 / 1307674368000.0, -16.0 / 355687428096000.0,
               18.0 / 121645100408832000.0, -20.0 / 51090942171709440000.0);
}

/* (x cosh x - sinh x) / x^3, of z = x^2 below 4. */
KERNEL (VF, sinh_moment, VF z)
{
  return POLY (z, 2.0 / 6, 4.0 / 120, 6.0 / 5040, 8.0 / 362880, 10.0 / 39916800,
               12.0 / 6227020800.0, 14.0 / 1307674368000.0, 16.0 / 355687428096000.0,
               18.0 / 121645100408832000.0, 20.0 / 51090942171709440000.0,
               22.0 / 25852016738884976640000.0, 24.0 / 15511210043330985984000000.0);
}

/* tan x - x = (sin x - x cos x) / cos x */
KERNEL (VF, tanmx, VF x)
{
  VF z = MUL (x, x);
  VF near = DIV (MUL (MUL (x, z), CALL (sine_moment, z)), CALL (cos, x));

  return SEL (LT (FABS (x), K (1.0)), near, SUB (CALL (tan, x), x));
}

/* x - tanh x = (x cosh x - sinh x) / cosh x */
KERNEL (VF, xmtanh, VF x)
{
  VF z = MUL (x, x);
  VF near = DIV (MUL (MUL (x, z), CALL (sinh_moment, z)), CALL (cosh, x));

  return SEL (LT (FABS (x), K (2.0)), near, SUB (x, CALL (tanh, x)));
}

/* coth x - 1 / x */
KERNEL (VF, langevin, VF x)
{
  VF z = MUL (x, x);
  VF near = DIV (MUL (z, CALL (sinh_moment, z)), CALL (sinh, x));
  VF far = SUB (DIV (K (1.0), CALL (tanh, x)), DIV (K (1.0), x));
  VF small = MUL (x, K (1.0 / 3));

  return SEL (LT (FABS (x), K (0x1p-27)), small, SEL (LT (FABS (x), K (2.0)), near, far));
}

/* 1 / x - cot x */
KERNEL (VF, recipmcot, VF x)
{
  VF z = MUL (x, x);
  VF near = DIV (MUL (z, CALL (sine_moment, z)), CALL (sin, x));
  VF far = SUB (DIV (K (1.0), x), DIV (K (1.0), CALL (tan, x)));
  VF small = MUL (x, K (1.0 / 3));

  return SEL (LT (FABS (x), K (0x1p-27)), small, SEL (LT (FABS (x), K (1.0)), near, far));
}

/* x log (x / y) - x + y = -x (log (1 + d) - d) with d = (y - x) / x */
KERNEL (VF, kl_div, VF x, VF y)
{
  VF d = DIV (SUB (y, x), x);
  VF result = NEG (MUL (x, CALL (log1pmx, d)));
  VF q = DIV (x, y);
  VB extreme = OR (LT (q, K (0x1p-1000)), GT (q, K (0x1p1000)));
  VF l = SEL (extreme, SUB (CALL (log, x), CALL (log, y)), CALL (log, q));
  VF far = ADD (SUB (MUL (x, l), x), y);
  VF inside = SEL (AND (GT (d, K (-0.5)), LT (d, K (0x1p60))), result, far);
  VB outside = OR (LT (x, K (0.0)), LT (y, K (0.0)));

  return SEL (OR (NE (x, x), NE (y, y)), ADD (x, y),
              SEL (outside, K (INFINITY), SEL (EQ (x, K (0.0)), y, inside)));
}

/* The exponent of a number's power of two; that of zero is less than any other. */
KERNEL (VF, exponent, VF x)
{
  VB small = LT (FABS (x), K (0x1p-1022));
  VF normal = SEL (small, MUL (FABS (x), K (0x1p54)), FABS (x));

  return SUB (CALL (of_small_integer, SHR (ASI (normal), 52)), SEL (small, K (1077.0), K (1023.0)));
}

/*
 * b + sqrt (b^2 + x y): where the two have other signs, x y / (sqrt (b^2 + x y) - b).
 * Fractions and exponents are apart, so that neither square nor product leaves the floats.
 */
KERNEL (VF, root_sum, VF b, VF x, VF y)
{
  VF of_b = CALL (exponent, b), of_x = CALL (exponent, x), of_y = CALL (exponent, y);
  VF u = CALL (scale, x, NEG (of_x)), v = CALL (scale, y, NEG (of_y));
  VF of_product = SEL (EQ (MUL (u, v), K (0.0)), K (-4000.0), ADD (of_x, of_y));
  VF twice = ADD (of_b, of_b);
  VF half = CEIL (MUL (SEL (GT (twice, of_product), twice, of_product), K (0.5)));
  VF down = SUB (of_product, ADD (half, half));
  VF small = SUB (of_b, half);
  VF power = CALL (scale, K (1.0), SEL (LT (down, K (-900.0)), K (-900.0), down));
  VF a = CALL (scale, CALL (scale, FABS (b), NEG (of_b)),
               SEL (LT (small, K (-900.0)), K (-900.0), small));
  VP product = CALL (two_product, u, v);
  VP square = CALL (pair_add, CALL (two_product, a, a),
                    PAIR (MUL (product.hi, power), MUL (product.lo, power)));
  VP root = CALL (pair_sqrt, square);
  VF sum = ADD (ADD (root.hi, root.lo), a);
  VF up = SUB (of_product, half);
  VF other = CALL (scale, DIV (MUL (u, v), sum), SEL (LT (up, K (-2000.0)), K (-2000.0), up));
  VF result = SEL (GE (b, K (0.0)), CALL (scale, sum, half), other);
  VF most = SEL (GT (FABS (x), FABS (y)), FABS (x), FABS (y));
  VB finite = AND (LT (FABS (b), K (INFINITY)), LT (most, K (INFINITY)));

  return SEL (finite, result, ADD (b, SQRT (ADD (MUL (b, b), MUL (x, y)))));
}

/* log (x / y): close to one by log1p, and without a quotient that overflows. */
KERNEL (VF, log_ratio, VF x, VF y)
{
  VF d = DIV (SUB (x, y), y);
  VF q = DIV (x, y);
  VB extreme = OR (LT (q, K (0x1p-1000)), GT (q, K (0x1p1000)));
  VF far = SEL (extreme, SUB (CALL (log, x), CALL (log, y)), CALL (log, q));
  VF near = CALL (log1p, SEL (LT (FABS (d), K (0.5)), d, K (0.0)));

  return SEL (LT (FABS (d), K (0.5)), near, far);
}

/* e^x - e^y: close to each other by expm1. */
KERNEL (VF, exp_difference, VF x, VF y)
{
  VF d = SUB (x, y);
  VF near = MUL (CALL (exp, y), CALL (expm1, SEL (LT (FABS (d), K (1.0)), d, K (0.0))));
  VF far = SUB (CALL (exp, x), CALL (exp, y));

  return SEL (EQ (x, y), K (0.0), SEL (LT (FABS (d), K (1.0)), near, far));
}

/* a b + c d, where the rounding of one product is made up for (W. Kahan). */
KERNEL (VF, sum_of_products, VF a, VF b, VF c, VF d)
{
  VF second = MUL (c, d);
  VF lost = FMA (c, d, NEG (second));
  VF sum = FMA (a, b, second);
  VB finite = LT (FABS (lost), K (INFINITY));

  return SEL (finite, ADD (sum, lost), sum);
}

/* 1 / sqrt 2 as a pair. */
#define ROOT_HALF_HI 0x1.6a09e667f3bcdp-1
#define ROOT_HALF_LO -0x1.bdd3413b26456p-55

/*
 * The distribution function of the normal distribution, erfc (-x / sqrt 2) / 2,
 * with what the quotient was rounded by: d erfc = -2 / sqrt pi e^(-z^2) dz.
 */
KERNEL (VF, ndtr, VF x)
{
  VP z = CALL (two_product, x, K (-ROOT_HALF_HI));
  VF lo = FMA (x, K (-ROOT_HALF_LO), z.lo);
  VF slope = MUL (K (TWO_OVER_ROOT_PI), CALL (exp, NEG (MUL (z.hi, z.hi))));
  VF whole = CALL (erfc, z.hi);

  return MUL (K (0.5), SEL (LT (FABS (x), K (39.0)), FMA (NEG (slope), lo, whole), whole));
}

/* log ndtr: below -1 by erfcx, so that the square need not be taken out of a power. */
KERNEL (VF, log_ndtr, VF x)
{
  VF z = MUL (x, K (-ROOT_HALF_HI));
  VP half = CALL (two_product, x, MUL (x, K (-0.5)));
  VF l = CALL (log, MUL (K (0.5), CALL (erfcx, SEL (LT (x, K (-1.0)), z, K (1.0)))));
  VP sum = CALL (two_sum, half.hi, l);
  VF far = SEL (LT (x, K (-0x1p500)), half.hi, ADD (sum.hi, ADD (sum.lo, half.lo)));

  return SEL (LT (x, K (-1.0)), far, CALL (log1p, NEG (CALL (ndtr, NEG (x)))));
}

/* log erfc x */
KERNEL (VF, logerfc, VF x)
{
  VP square = CALL (two_product, x, NEG (x));
  VF l = CALL (log, CALL (erfcx, SEL (GT (x, K (0.5)), x, K (1.0))));
  VP sum = CALL (two_sum, square.hi, l);
  VF far = SEL (GT (x, K (0x1p500)), square.hi, ADD (sum.hi, ADD (sum.lo, square.lo)));

  return SEL (GT (x, K (0.5)), far, CALL (log1p, NEG (CALL (erf, x))));
}

/* (x + 1/2) log (1 + 1 / x) - 1 at x + i, by which the error there is more than one further on.
 * Of an x below 8 the steps are those up to 8, also where x + i is rounded up to it. */
KERNEL (VF, stirling_step, VF sum, VF x, VF i)
{
  VF at = ADD (x, i);
  VB counts = LT (ADD (FLOOR (x), i), K (8.0));
  VF u = DIV (K (1.0), ADD (ADD (at, at), K (1.0)));
  VF z = MUL (u, u);
  VF series = MUL (z, POLY (z, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9, 1.0 / 11, 1.0 / 13, 1.0 / 15,
                            1.0 / 17, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25, 1.0 / 27, 1.0 / 29,
                            1.0 / 31));
  VF in = SEL (GT (at, K (0x1p-60)), at, K (1.0));
  VP l = CALL (log_pair, CALL (pair_divide, CALL (two_sum, in, K (1.0)), PAIR (in, K (0.0))));
  VP whole = CALL (pair_multiply, CALL (two_sum, in, K (0.5)), l);
  VP left = CALL (pair_add, whole, PAIR (K (-1.0), K (0.0)));
  VF near = SUB (MUL (K (-0.5), CALL (log, at)), K (1.0));
  VF direct = SEL (GT (at, K (0x1p-60)), ADD (left.hi, left.lo), near);
  VF step = SEL (GT (at, K (1.5)), series, direct);

  return SEL (counts, ADD (sum, step), sum);
}

/* log Gamma (x + 1) - ((x + 1/2) log x - x + log (2 pi) / 2) for x > 0. */
KERNEL (VF, stirling_error, VF x)
{
  VF in = SEL (LT (x, K (8.0)), ADD (x, SUB (K (8.0), FLOOR (x))), x);
  VF sum = CALL (stirling_tail, in);

  sum = CALL (stirling_step, sum, x, K (7.0));
  sum = CALL (stirling_step, sum, x, K (6.0));
  sum = CALL (stirling_step, sum, x, K (5.0));
  sum = CALL (stirling_step, sum, x, K (4.0));
  sum = CALL (stirling_step, sum, x, K (3.0));
  sum = CALL (stirling_step, sum, x, K (2.0));
  sum = CALL (stirling_step, sum, x, K (1.0));
  sum = CALL (stirling_step, sum, x, K (0.0));

  return SEL (GE (x, K (0.0)), SEL (EQ (x, K (0.0)), K (INFINITY), sum), K (NAN));
}

/* A term of stirling_difference: b^(n+2) - a^(n+2) over b - a, from that for n, and a^n. */
KERNEL (VF, power_difference, VF before, VF a, VF b, VF power)
{
  return FMA (power, ADD (a, b), MUL (MUL (b, b), before));
}

/*
 * By how much the error of Stirling's formula is more at x + y than at x, both
 * from 8 on: with a = 1 / x and b = 1 / (x + y), b - a = -y a b, and what
 * b^n - a^n has besides is a sum of positive terms.
 */
KERNEL (VF, stirling_difference, VF x, VF y)
{
  VF a = DIV (K (1.0), x);
  VF b = DIV (K (1.0), ADD (x, y));
  VF a2 = MUL (a, a);
  VF a3 = MUL (a2, a);
  VF a5 = MUL (a2, a3);
  VF a7 = MUL (a2, a5);
  VF a9 = MUL (a2, a7);
  VF a11 = MUL (a2, a9);
  VF d3 = CALL (power_difference, K (1.0), a, b, a);
  VF d5 = CALL (power_difference, d3, a, b, a3);
  VF d7 = CALL (power_difference, d5, a, b, a5);
  VF d9 = CALL (power_difference, d7, a, b, a7);
  VF d11 = CALL (power_difference, d9, a, b, a9);
  VF d13 = CALL (power_difference, d11, a, b, a11);
  VF sum = MUL (d13, K (0x1.407d2638bdd59p-8));

  sum = FMA (d11, K (-0x1.ede948207009ap-10), sum);
  sum = FMA (d9, K (0x1.b91e19409c795p-11), sum);
  sum = FMA (d7, K (-0x1.38132e323011fp-11), sum);
  sum = FMA (d5, K (0x1.a01a015b615fdp-11), sum);
  sum = FMA (d3, K (-0x1.6c16c16c1077ap-9), sum);

  return MUL (MUL (NEG (y), MUL (a, b)), ADD (K (0x1.5555555555555p-4), sum));
}

/* log Gamma (x + y) - log Gamma x for x and x + y from 8 on, and y much less. */
KERNEL (VP, lgamma_difference_far, VF x, VF y)
{
  VF d = DIV (y, x);
  VP end = CALL (two_sum, x, y);
  VP power = CALL (pair_multiply, CALL (log_precise, end.hi), PAIR (y, K (0.0)));
  VF shift = MUL (y, DIV (end.lo, end.hi));
  VF rest = FMA (x, CALL (log1pmx, d), FMA (K (-0.5), CALL (log1p, d), shift));

  return CALL (pair_add, power, PAIR (ADD (rest, CALL (stirling_difference, x, y)), K (0.0)));
}

/* Gamma x as a pair, for 2^-900 < x < 10. */
KERNEL (VP, gamma_near, VF x)
{
  VF n = RINT (x);
  VF t = SUB (x, n);
  VB up = GT (n, K (0.0));
  VP product = CALL (gamma_product, t, n);
  VP r = CALL (gamma_reciprocal_precise, t);
  VP below = CALL (pair_select, up, r, CALL (pair_multiply, product, r));

  return CALL (pair_divide, CALL (pair_select, up, product, PAIR (K (1.0), K (0.0))), below);
}

/* log Gamma x from 10 on, or else zero. */
KERNEL (VP, lgamma_from_ten, VF x)
{
  VP l = CALL (log_gamma_stirling, SEL (LT (x, K (10.0)), K (10.0), x));

  return CALL (pair_select, LT (x, K (10.0)), PAIR (K (0.0), K (0.0)), l);
}

/*
 * log Gamma (x + y) - log Gamma x, of both from 2^-900 to 2^1000, as the logarithm
 * of a quotient; the rest of the rounded sum counts, times digamma. Very small
 * differences are y digamma (x + y / 2).
 */
KERNEL (VP, lgamma_difference_pair, VF x, VF y)
{
  VP one = PAIR (K (1.0), K (0.0));
  VP end = CALL (two_sum, x, y);
  VB x_near = LT (x, K (10.0));
  VB end_near = LT (end.hi, K (10.0));
  VP below = CALL (pair_select, x_near, CALL (gamma_near, SEL (x_near, x, K (1.0))), one);
  VP above = CALL (pair_select, end_near, CALL (gamma_near, SEL (end_near, end.hi, K (1.0))), one);
  VP from_x = CALL (lgamma_from_ten, x);
  VP sum = CALL (pair_add, CALL (lgamma_from_ten, end.hi), PAIR (NEG (from_x.hi), NEG (from_x.lo)));
  VP l = CALL (pair_add, CALL (log_pair, CALL (pair_divide, above, below)), sum);
  VB small = LT (FABS (y), MUL (x, K (0x1p-40)));
  VF slope = CALL (digamma, SEL (small, FMA (y, K (0.5), x), end.hi));
  VP rest = PAIR (MUL (SEL (small, y, end.lo), slope), K (0.0));

  return CALL (pair_select, small, rest, CALL (pair_add, l, rest));
}

/* Where lgamma_difference_far () is the better one. */
KERNEL (VB, lgamma_difference_is_far, VF x, VF y)
{
  VB large = AND (GE (x, K (8.0)), GE (ADD (x, y), K (8.0)));

  return AND (AND (large, LT (ADD (x, y), K (INFINITY))),
              OR (LT (FABS (y), MUL (x, K (0x1p-10))), GT (x, K (0x1p1000))));
}

/* Where lgamma_difference_pair () is defined. */
KERNEL (VB, lgamma_difference_is_moderate, VF x, VF y)
{
  VF end = ADD (x, y);

  return AND (AND (GT (x, K (0x1p-900)), LT (x, K (0x1p1000))),
              AND (GT (end, K (0x1p-900)), LT (end, K (0x1p1000))));
}

/* The same elsewhere: near zero Gamma x is 1 / x. */
KERNEL (VF, lgamma_difference_extreme, VF x, VF y)
{
  VF end = ADD (x, y);
  VF d = DIV (y, x);
  VB tiny = AND (AND (GT (x, K (0.0)), LT (x, K (0x1p-60))),
                 AND (GT (end, K (0.0)), LT (end, K (0x1p-60))));
  VF ratio = SEL (LT (FABS (d), K (0.5)), NEG (CALL (log1p, d)), CALL (log_ratio, x, end));
  VF apart = SUB (CALL (lgamma, end), CALL (lgamma, x));
  VB overflows = AND (EQ (end, K (INFINITY)), AND (GT (x, K (0.0)), LT (x, K (INFINITY))));

  return SEL (overflows, end, SEL (tiny, ratio, apart));
}

/* log Gamma (x + y) - log Gamma x, also where one of these is not positive. */
KERNEL (VF, lgamma_difference, VF x, VF y)
{
  VB far = CALL (lgamma_difference_is_far, x, y);
  VB moderate = CALL (lgamma_difference_is_moderate, x, y);
  VP l = CALL (lgamma_difference_pair, SEL (moderate, x, K (1.0)), SEL (moderate, y, K (1.0)));
  VP result = CALL (pair_select, far, CALL (lgamma_difference_far, x, y), l);

  return RARE (NOT (OR (far, moderate)), CALL (lgamma_difference_extreme, x, y),
               ADD (result.hi, result.lo));
}

/* log Beta (a, b) for 8 <= a <= b, by Stirling's formula with h = a / b. */
KERNEL (VF, lbeta_far, VF a, VF b)
{
  VF h = DIV (a, b);
  VF ends = ADD (CALL (stirling_tail, a), SUB (CALL (stirling_tail, b),
                                               CALL (stirling_tail, ADD (a, b))));
  VF l = CALL (log, DIV (h, ADD (K (1.0), h)));
  VF first = FMA (SUB (a, K (0.5)), l, NEG (MUL (b, CALL (log1p, h))));

  return ADD (first, ADD (FMA (K (-0.5), CALL (log, b), K (HALF_LOG_2PI)), ends));
}

/* log Beta (a, b) for other a <= b, one of them very large or small or not positive. */
KERNEL (VF, lbeta_extreme, VF a, VF b)
{
  VF sum = SUB (ADD (CALL (lgamma, a), CALL (lgamma, b)), CALL (lgamma, ADD (a, b)));
  VF apart = SUB (CALL (lgamma, a), CALL (lgamma_difference, b, a));

  return SEL (LT (b, K (2.0)), sum, apart);
}

/* log Beta (x, y): of the smaller argument the logarithm, of the greater one a difference. */
KERNEL (VF, lbeta, VF x, VF y)
{
  VF a = SEL (LT (x, y), x, y);
  VF b = SEL (LT (x, y), y, x);
  VB far = CALL (lgamma_difference_is_far, b, a);
  VB near = AND (CALL (lgamma_difference_is_moderate, b, a),
                 AND (GT (a, K (0x1p-900)), LT (a, K (8.0))));
  VP l = CALL (lgamma_difference_pair, SEL (near, b, K (1.0)), SEL (near, a, K (1.0)));
  VP difference = CALL (pair_select, far, CALL (lgamma_difference_far, b, a), l);
  VP first = CALL (log_pair, CALL (gamma_near, SEL (near, a, K (1.0))));
  VP result = CALL (pair_add, first, PAIR (NEG (difference.hi), NEG (difference.lo)));
  VF finite = SEL (near, ADD (result.hi, result.lo), CALL (lbeta_far, a, b));

  return RARE (NOT (OR (near, GE (a, K (8.0)))), CALL (lbeta_extreme, a, b), finite);
}
