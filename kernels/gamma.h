/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The gamma function and the logarithm of its size.
 *
 * Near zero x = n + t with |t| <= 1/2, and Gamma x is 1 / r (t), r (t) =
 * 1 / Gamma (1 + t), times or divided by the integers between that are shifted
 * by t. From eight on it is Stirling's series as a pair, and below -8 it is
 * reflected: Gamma (-x) = -pi / (x sin (pi x) Gamma x). See Abramowitz and Stegun,
 * Handbook of Mathematical Functions (1964), chapter 6.
 */

/* log (2 pi) / 2 */
#define HALF_LOG_2PI 0x1.d67f1c864beb5p-1
#define HALF_LOG_2PI_TAIL -0x1.65b5a1b7ff5dfp-55

/* The i-th shifted integer, if it lies between 1 and n > 0, or between n <= 0 and 0. */
KERNEL (VP, gamma_factor, VP product, VF t, VF n, VF i)
{
  VB up = GT (n, K (0.0));
  VF shift = SEL (up, i, SUB (K (1.0), i));
  VF count = SEL (up, SUB (n, K (1.0)), SUB (K (1.0), n));
  VP longer = CALL (pair_multiply, product, CALL (two_sum, shift, t));

  return CALL (pair_select, LE (i, count), longer, product);
}

/* Gamma (n + t) / Gamma (1 + t) for 0 < n <= 10, and its reciprocal for -8 <= n <= 0. */
KERNEL (VP, gamma_product, VF t, VF n)
{
  VP p1 = CALL (gamma_factor, PAIR (K (1.0), K (0.0)), t, n, K (1.0));
  VP p2 = CALL (gamma_factor, p1, t, n, K (2.0));
  VP p3 = CALL (gamma_factor, p2, t, n, K (3.0));
  VP p4 = CALL (gamma_factor, p3, t, n, K (4.0));
  VP p5 = CALL (gamma_factor, p4, t, n, K (5.0));
  VP p6 = CALL (gamma_factor, p5, t, n, K (6.0));
  VP p7 = CALL (gamma_factor, p6, t, n, K (7.0));
  VP p8 = CALL (gamma_factor, p7, t, n, K (8.0));

  return CALL (gamma_factor, p8, t, n, K (9.0));
}

/* The same for n >= -18. */
KERNEL (VP, gamma_product_long, VF t, VF n)
{
  VP p9 = CALL (gamma_product, t, n);
  VP p10 = CALL (gamma_factor, p9, t, n, K (10.0));
  VP p11 = CALL (gamma_factor, p10, t, n, K (11.0));
  VP p12 = CALL (gamma_factor, p11, t, n, K (12.0));
  VP p13 = CALL (gamma_factor, p12, t, n, K (13.0));
  VP p14 = CALL (gamma_factor, p13, t, n, K (14.0));
  VP p15 = CALL (gamma_factor, p14, t, n, K (15.0));
  VP p16 = CALL (gamma_factor, p15, t, n, K (16.0));
  VP p17 = CALL (gamma_factor, p16, t, n, K (17.0));
  VP p18 = CALL (gamma_factor, p17, t, n, K (18.0));

  return CALL (gamma_factor, p18, t, n, K (19.0));
}

/* r (t) = 1 / Gamma (1 + t) = 1 + t P (t): minimax with a relative error of 2^-53.6 in P. */
KERNEL (VP, gamma_reciprocal, VF t)
{
  VF p = POLY (t,
               0x1.2788cfc6fb619p-1, -0x1.4fcf4026afa28p-1, -0x1.5815e8fa271cbp-5,
               0x1.5512320b433d8p-3, -0x1.59af103c2c911p-5, -0x1.3b4af282be1c8p-7,
               0x1.d919c52169b29p-8, -0x1.317113be07247p-10, -0x1.c364f3c999061p-13,
               0x1.0c8aba175707ap-13, -0x1.51d0c1e008c77p-16, -0x1.5045ce1d3fe54p-20,
               0x1.309d938083546p-20, -0x1.ae3facbf22486p-23, 0x1.d571f83855761p-29);

  return CALL (fast_two_sum, K (1.0), MUL (t, p));
}

/* 1 / Gamma (2 + t) = 1 + t P (t): 2^-55.5. */
KERNEL (VP, gamma_reciprocal_2, VF t)
{
  VF p = POLY (t,
               -0x1.b0ee6072093cep-2, -0x1.dd603fb6ac121p-3, 0x1.875ac578224c1p-3,
               -0x1.92449b66f12dbp-6, -0x1.211985116c439p-6, 0x1.06e8179df9d4fp-7,
               -0x1.a5b350c25f205p-11, -0x1.7a5da9082bae6p-12, 0x1.31565a51545edp-13,
               -0x1.265f6016a322cp-16, -0x1.5b844be27b739p-19, 0x1.67717312ae4ddp-20,
               -0x1.b7ffd89dac293p-23, -0x1.8d997d7610d29p-30, 0x1.8532a88b5fc78p-28);

  return CALL (fast_two_sum, K (1.0), MUL (t, p));
}

/* p t + c */
KERNEL (VP, gamma_step, VP p, VF t, VP c)
{
  return CALL (pair_add, c, CALL (pair_multiply, p, PAIR (t, K (0.0))));
}

/* r (t) once more, to the whole of a pair: minimax with an error of 2^-109.7. */
KERNEL (VP, gamma_reciprocal_precise, VF t)
{
  VF p = POLY (t,
               0x1.11d0654fbed41p-37, -0x1.0423ba96016c2p-38, 0x1.1f202ef796ee5p-41,
               -0x1.72cc331d32477p-46, -0x1.817e5381d8cb0p-48, 0x1.61af7f80fcab0p-50,
               -0x1.0b0783ce5878ap-53, 0x1.cea9800356c21p-61);
  VP c18 = PAIR (p, K (0.0));
  VP c17 = CALL (gamma_step, c18, t, PAIR (K (0x1.cae7675b72d3ep-34), K (-0x1.6fc15a320f378p-88)));
  VP c16 = CALL (gamma_step, c17, t, PAIR (K (-0x1.44b4cedc7ab97p-30), K (0x1.912a521daf808p-84)));
  VP c15 = CALL (gamma_step, c16, t, PAIR (K (0x1.57bc3fc384913p-28), K (0x1.95d80a49e325cp-83)));
  VP c14 = CALL (gamma_step, c15, t, PAIR (K (0x1.a44b7ba22c1bep-28), K (-0x1.5b13cfe23aa7ap-82)));
  VP c13 = CALL (gamma_step, c14, t, PAIR (K (-0x1.b9986666c2262p-23), K (0x1.eb0e8537cfcbdp-78)));
  VP c12 = CALL (gamma_step, c13, t, PAIR (K (0x1.302509dbc0de5p-20), K (-0x1.e26fbe10746d0p-74)));
  VP c11 = CALL (gamma_step, c12, t, PAIR (K (-0x1.4fad41fc34fbbp-20), K (-0x1.6148282de4faap-76)));
  VP c10 = CALL (gamma_step, c11, t, PAIR (K (-0x1.51ce8af47eabep-16), K (0x1.6723c3be114c9p-77)));
  VP c9 = CALL (gamma_step, c10, t, PAIR (K (0x1.0c8a78cd9f9d2p-13), K (-0x1.61978c7610ad4p-67)));
  VP c8 = CALL (gamma_step, c9, t, PAIR (K (-0x1.c364fe6f1563dp-13), K (0x1.672622a724c42p-69)));
  VP c7 = CALL (gamma_step, c8, t, PAIR (K (-0x1.317112ce3a2a8p-10), K (0x1.0b48957b6ba58p-64)));
  VP c6 = CALL (gamma_step, c7, t, PAIR (K (0x1.d919c527f60b2p-8), K (-0x1.a91716031505ep-62)));
  VP c5 = CALL (gamma_step, c6, t, PAIR (K (-0x1.3b4af28483e21p-7), K (-0x1.38dbcf4275b9cp-61)));
  VP c4 = CALL (gamma_step, c5, t, PAIR (K (-0x1.59af103c34092p-5), K (-0x1.ef8da023a15a8p-59)));
  VP c3 = CALL (gamma_step, c4, t, PAIR (K (0x1.5512320b43fbep-3), K (0x1.77e9bfd84d447p-57)));
  VP c2 = CALL (gamma_step, c3, t, PAIR (K (-0x1.5815e8fa27048p-5), K (0x1.b85ea59bc24aap-60)));
  VP c1 = CALL (gamma_step, c2, t, PAIR (K (-0x1.4fcf4026afa2ep-1), K (0x1.8a3db7a90c429p-56)));
  VP c0 = CALL (gamma_step, c1, t, PAIR (K (0x1.2788cfc6fb619p-1), K (-0x1.6cb90701fbfaap-58)));

  return CALL (gamma_step, c0, t, PAIR (K (1.0), K (0.0)));
}

/* What Stirling's formula lacks, for x >= 8: P (1 / x^2) / x, minimax with an error of 2^-64.5. */
KERNEL (VF, stirling_tail, VF x)
{
  VF u = DIV (K (1.0), x);
  VF p = POLY (MUL (u, u),
               0x1.5555555555555p-4, -0x1.6c16c16c1077ap-9, 0x1.a01a015b615fdp-11,
               -0x1.38132e323011fp-11, 0x1.b91e19409c795p-11, -0x1.ede948207009ap-10,
               0x1.407d2638bdd59p-8, 0x1.b3ca8d6a68cf8p-10);

  return MUL (u, p);
}

/* log Gamma x for x >= 8: (x - 1/2) log x - x + log (2 pi) / 2, and its tail. */
KERNEL (VP, log_gamma_stirling, VF x)
{
  VP power = CALL (pair_multiply, CALL (two_sum, x, K (-0.5)), CALL (log_precise, x));
  VP sum = CALL (pair_add, power, PAIR (NEG (x), K (0.0)));
  VP whole = CALL (pair_add, sum, PAIR (K (HALF_LOG_2PI), K (HALF_LOG_2PI_TAIL)));

  return CALL (pair_add, whole, PAIR (CALL (stirling_tail, x), K (0.0)));
}

/* Gamma x for |x| < 8. Up to 2^-60 it is 1 / x. */
KERNEL (VF, gamma_middle, VF x)
{
  VF n = RINT (x);
  VF t = SUB (x, n);
  VP one = PAIR (K (1.0), K (0.0));
  VB up = GT (n, K (0.0));
  VP product = CALL (gamma_product, t, n);
  VP r = CALL (gamma_reciprocal, t);
  VP below = CALL (pair_select, up, r, CALL (pair_multiply, product, r));
  VP q = CALL (pair_divide, CALL (pair_select, up, product, one), below);

  return SEL (LT (FABS (x), K (0x1p-60)), DIV (K (1.0), x), ADD (q.hi, q.lo));
}

/* Gamma x for x <= -8, from log Gamma -x. It may be subnormal, but its parts are not. */
KERNEL (VF, gamma_reflected, VF x, VP l)
{
  VP scale = PAIR (K (128.0 * LN2), K (128.0 * LN2_TAIL));
  VF power = CALL (exp_pair, CALL (pair_add, scale, PAIR (NEG (l.hi), NEG (l.lo))));
  VP below = CALL (pair_multiply, CALL (sin_pi, x), PAIR (NEG (x), K (0.0)));
  VP q = CALL (pair_divide, PAIR (K (PI), K (PI_TAIL)), below);
  VF scaled = FMA (power, q.hi, MUL (power, q.lo));

  return COPYSIGN (MUL (scaled, K (0x1p-128)), q.hi);
}

/* Where x is zero or a negative integer, or minus infinity. */
KERNEL (VB, gamma_pole, VF x)
{
  return AND (LE (x, K (0.0)), EQ (FLOOR (x), x));
}

/* As tgamma of C11: infinite at zeros, with their sign, and nan at the other poles. */
KERNEL (VF, gamma, VF x)
{
  VF a = FABS (x);
  VF in = SEL (LT (a, K (8.0)), K (8.0), SEL (GT (a, K (200.0)), K (200.0), a));
  VP l = CALL (log_gamma_stirling, in);
  VF near = SEL (LT (a, K (8.0)), x, K (1.0));
  VF outer = SEL (LT (x, K (0.0)), CALL (gamma_reflected, x, l), CALL (exp_pair, l));
  VF finite = SEL (LT (a, K (8.0)), CALL (gamma_middle, near), outer);
  VB undefined = OR (NE (x, x), AND (CALL (gamma_pole, x), NE (x, K (0.0))));

  return SEL (undefined, K (NAN), finite);
}

/* log |v| for a pair. */
KERNEL (VP, log_size, VP v)
{
  VB negative = LT (v.hi, K (0.0));

  return CALL (log_pair, CALL (pair_select, negative, PAIR (NEG (v.hi), NEG (v.lo)), v));
}

/*
 * log |Gamma x| for |x| < 8. Next to its zeros at one and two it is the logarithm
 * of 1 + t P (t), without any product. Up to 2^-60 it is -log |x|.
 */
KERNEL (VF, lgamma_middle, VF x)
{
  VF n = RINT (x);
  VF t = SUB (x, n);
  VB zero = OR (EQ (n, K (1.0)), EQ (n, K (2.0)));
  VP product = CALL (gamma_product, t, n);
  VP r = CALL (gamma_reciprocal, t);
  VP r2 = CALL (pair_select, EQ (n, K (2.0)), CALL (gamma_reciprocal_2, t), r);
  VP quotient = CALL (pair_divide, product, r);
  VB up = AND (GT (n, K (0.0)), NOT (zero));
  VP other = CALL (pair_select, up, quotient, CALL (pair_multiply, product, r));
  VP l = CALL (log_size, CALL (pair_select, zero, r2, other));
  VF result = ADD (l.hi, l.lo);
  VF signed_ = SEL (up, result, SUB (K (0.0), result));

  return SEL (LT (FABS (x), K (0x1p-60)), NEG (CALL (log, FABS (x))), signed_);
}

/* The same for -18 < x < 0, near the zeros: |Gamma x| is near one, and so is the pair. */
KERNEL (VF, lgamma_precise, VF x)
{
  VF n = RINT (x);
  VF t = SUB (x, n);
  VP r = CALL (gamma_reciprocal_precise, t);
  VP l = CALL (log_size, CALL (pair_multiply, CALL (gamma_product_long, t, n), r));

  return NEG (ADD (l.hi, l.lo));
}

/* log |Gamma x| for x <= -8, from log Gamma -x. */
KERNEL (VF, lgamma_reflected, VF x, VP l)
{
  VP below = CALL (pair_multiply, CALL (sin_pi, x), PAIR (x, K (0.0)));
  VP front = CALL (log_size, CALL (pair_divide, PAIR (K (PI), K (PI_TAIL)), below));
  VP sum = CALL (pair_add, front, PAIR (NEG (l.hi), NEG (l.lo)));

  return ADD (sum.hi, sum.lo);
}

/* x (log x - 1), all that is left of it from 2^60 on. */
KERNEL (VF, lgamma_far, VF x)
{
  VP l = CALL (log_precise, x);
  VP less = CALL (fast_two_sum, l.hi, K (-1.0));

  return FMA (x, less.hi, MUL (x, ADD (less.lo, l.lo)));
}

/* log |Gamma x|, infinite at the poles and at both infinities. */
KERNEL (VF, lgamma, VF x)
{
  VF a = FABS (x);
  VB near = LT (a, K (8.0));
  VF in = SEL (near, K (8.0), SEL (GT (a, K (0x1p60)), K (0x1p60), a));
  VP l = CALL (log_gamma_stirling, in);
  VF reflected = CALL (lgamma_reflected, x, l);
  VF outer = SEL (LT (x, K (0.0)), reflected, ADD (l.hi, l.lo));
  VF rough = SEL (near, CALL (lgamma_middle, SEL (near, x, K (3.0))), outer);
  VB zero = AND (AND (LT (x, K (0.0)), GT (x, K (-18.0))), LT (FABS (rough), K (0.5)));
  VF finite = RARE (zero, CALL (lgamma_precise, SEL (zero, x, K (-0.5))), rough);
  VF far = SEL (GE (x, K (0x1p60)), CALL (lgamma_far, x), finite);
  VB infinite = OR (EQ (a, K (INFINITY)), CALL (gamma_pole, x));

  return SEL (infinite, K (INFINITY), SEL (NE (x, x), x, far));
}
