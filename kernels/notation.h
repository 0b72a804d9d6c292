/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The part of the notation that is the same under every mapping: polynomials,
 * bounds, and the sums and products without rounding error. See README.md.
 *
 * Include after a mapping and before the kernels.
 */

/* c0 + c1 x + c2 x^2 + ..., by Horner's rule, lowest coefficient first. */
#define POLY(x, ...) \
  POLY_PICK (__VA_ARGS__, POLY_15, POLY_14, POLY_13, POLY_12, POLY_11, POLY_10, POLY_9, POLY_8, \
             POLY_7, POLY_6, POLY_5, POLY_4, POLY_3, POLY_2, POLY_1, ) (x, __VA_ARGS__)
#define POLY_PICK(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, poly, ...) \
  poly

#define POLY_1(x, c) K (c)
#define POLY_2(x, c, ...) FMA (POLY_1 (x, __VA_ARGS__), x, K (c))
#define POLY_3(x, c, ...) FMA (POLY_2 (x, __VA_ARGS__), x, K (c))
#define POLY_4(x, c, ...) FMA (POLY_3 (x, __VA_ARGS__), x, K (c))
#define POLY_5(x, c, ...) FMA (POLY_4 (x, __VA_ARGS__), x, K (c))
#define POLY_6(x, c, ...) FMA (POLY_5 (x, __VA_ARGS__), x, K (c))
#define POLY_7(x, c, ...) FMA (POLY_6 (x, __VA_ARGS__), x, K (c))
#define POLY_8(x, c, ...) FMA (POLY_7 (x, __VA_ARGS__), x, K (c))
#define POLY_9(x, c, ...) FMA (POLY_8 (x, __VA_ARGS__), x, K (c))
#define POLY_10(x, c, ...) FMA (POLY_9 (x, __VA_ARGS__), x, K (c))
#define POLY_11(x, c, ...) FMA (POLY_10 (x, __VA_ARGS__), x, K (c))
#define POLY_12(x, c, ...) FMA (POLY_11 (x, __VA_ARGS__), x, K (c))
#define POLY_13(x, c, ...) FMA (POLY_12 (x, __VA_ARGS__), x, K (c))
#define POLY_14(x, c, ...) FMA (POLY_13 (x, __VA_ARGS__), x, K (c))
#define POLY_15(x, c, ...) FMA (POLY_14 (x, __VA_ARGS__), x, K (c))

/* Of x, what lies between two numbers; or nan. */
KERNEL (VF, between, VF x, VF low, VF high)
{
  VF above = SEL (LT (x, low), low, x);

  return SEL (GT (above, high), high, above);
}

/* Of x, what is at most that far from zero. */
KERNEL (VF, within, VF x, VF most)
{
  return CALL (between, x, NEG (most), most);
}

/*
 * Pairs: an unevaluated sum hi + lo with |lo| at most half an ulp of hi, some
 * 106 bits. The algorithms are those of Dekker (1971), Knuth (TAOCP 2, 4.2.2)
 * and Muller et al., Handbook of Floating-Point Arithmetic, chapters 4 and 14.
 */

/* The exact a + b where |a| >= |b|, or a = 0. */
KERNEL (VP, fast_two_sum, VF a, VF b)
{
  VF s = ADD (a, b);

  return PAIR (s, SUB (b, SUB (s, a)));
}

/* The exact a + b. */
KERNEL (VP, two_sum, VF a, VF b)
{
  VF s = ADD (a, b);
  VF from_b = SUB (s, a);
  VF from_a = SUB (s, from_b);

  return PAIR (s, ADD (SUB (a, from_a), SUB (b, from_b)));
}

/* The exact a b, short of underflow. */
KERNEL (VP, two_product, VF a, VF b)
{
  VF p = MUL (a, b);

  return PAIR (p, FMA (a, b, NEG (p)));
}

/* a + b, to twice the precision where the two do not cancel. */
KERNEL (VP, pair_add, VP a, VP b)
{
  VP s = CALL (two_sum, a.hi, b.hi);

  return CALL (fast_two_sum, s.hi, ADD (s.lo, ADD (a.lo, b.lo)));
}

/* a b, to twice the precision. */
KERNEL (VP, pair_multiply, VP a, VP b)
{
  VP p = CALL (two_product, a.hi, b.hi);

  return CALL (fast_two_sum, p.hi, FMA (a.hi, b.lo, FMA (a.lo, b.hi, p.lo)));
}

/* a / b, to twice the precision: what is left of the quotient is divided again. */
KERNEL (VP, pair_divide, VP a, VP b)
{
  VF q = DIV (a.hi, b.hi);
  VF left = FMA (NEG (q), b.hi, a.hi);

  return PAIR (q, DIV (FMA (NEG (q), b.lo, ADD (left, a.lo)), b.hi));
}

/* The square root of a >= 0, to twice the precision. */
KERNEL (VP, pair_sqrt, VP a)
{
  VF r = SQRT (a.hi);
  VF left = ADD (FMA (NEG (r), r, a.hi), a.lo);

  return PAIR (r, SEL (EQ (r, K (0.0)), K (0.0), DIV (left, ADD (r, r))));
}

/* The pair a where m holds, else b. */
KERNEL (VP, pair_select, VB m, VP a, VP b)
{
  return PAIR (SEL (m, a.hi, b.hi), SEL (m, a.lo, b.lo));
}
