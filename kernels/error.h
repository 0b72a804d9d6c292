/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The error function, what is left of it to one, and their inverses.
 *
 * Below one erf is an odd polynomial; above, one less erfc x = e^-g (x), whose
 * errors shrink as it does. So g is minimax weighted by erfc: an absolute error
 * of 2^-56.8 in [1, 2], and of 2^-57.7 in [2, 6], where the result has become one.
 */

/* The square root of pi, halved, and one over that. */
#define HALF_ROOT_PI 0x1.c5bf891b4ef6bp-1
#define TWO_OVER_ROOT_PI 0x1.20dd750429b6dp+0

/* -log erfc x for 1 <= x <= 6. */
KERNEL (VF, log_erfc, VF x)
{
  VF t = SUB (x, K (1.0));
  VF u = SUB (x, K (2.0));
  VF up_to_2 = POLY (t,
                     0x1.d97fbf27aa2a1p+0, 0x1.51c9b0006c229p+1, 0x1.afabc11a2a5f8p-1,
                     0x1.5477f09a2d740p-5, -0x1.48c9d37d73b07p-7, 0x1.033f56ae7f98dp-9,
                     -0x1.f1ae4f3773574p-13, -0x1.b97aa89dabe46p-16, 0x1.c93980a08832ap-16,
                     -0x1.481a8c8d9d1ffp-17, 0x1.3184073500bacp-19, -0x1.6a992ff7efb5dp-22,
                     0x1.a20eec4b27c1ep-26);
  VF up_to_6 = POLY (u,
                     0x1.575b329b1f515p+2, 0x1.1ac3258a8dd36p+2, 0x1.d8f5dece77dacp-1,
                     0x1.0dc3b639a7a8bp-6, -0x1.d406c5f165bd2p-9, 0x1.7ffe8bdd13cbap-11,
                     -0x1.1bd8b27841a39p-13, 0x1.5cd6a6746ad07p-16, -0x1.16ffa1ab6ecb7p-19,
                     -0x1.49a9a53fc5409p-24, 0x1.72373b5d5ab79p-24, -0x1.2978132c9aa9dp-26,
                     0x1.7986330113159p-30);

  return SEL (LT (x, K (2.0)), up_to_2, up_to_6);
}

/* P of erf x = x + x P (x^2) near zero, minimax on [0, 1] with an error of 2^-56. */
KERNEL (VF, erf_small, VF x)
{
  VF z = MUL (x, x);

  return POLY (z,
               0x1.06eba8214db69p-3, -0x1.812746b0379e6p-2, 0x1.ce2f21a042b32p-4,
               -0x1.b82ce31284ea2p-6, 0x1.565bcd0dbc121p-8, -0x1.c02db3db0105ap-11,
               0x1.f9a321dc15d8fp-14, -0x1.f4d1e387cc0cep-17, 0x1.b9df275c44462p-20,
               -0x1.5f1ef1f27f693p-23, 0x1.f7b62f5988612p-27, -0x1.38a135bfd90f8p-30,
               0x1.0608f600da534p-34);
}

KERNEL (VF, erf, VF x)
{
  VF a = FABS (x);
  VF p = CALL (erf_small, a);
  VF in = SEL (GT (a, K (6.0)), K (6.0), a);
  VF far = SUB (K (1.0), CALL (exp, NEG (CALL (log_erfc, in))));

  return COPYSIGN (SEL (LT (a, K (1.0)), FMA (a, p, a), far), x);
}

/*
 * e^(x^2) erfc x for x >= 1/2. Up to five (1 + 2 x) times it is a polynomial of
 * (x - 3) / (x + 3), a form of Shepherd and Laframboise, Chebyshev approximation
 * of (1 + 2 x) exp (x^2) erfc x (Mathematics of Computation 36, 1981). Beyond,
 * x times it is one of 1 / x^2. Minimax, with errors of 2^-59.6 in [1/2, 2],
 * 2^-62.8 in [2, 5] and 2^-59.6 above. The first coefficient is a pair.
 */
KERNEL (VP, erfcx_upper, VF x)
{
  VF t = DIV (SUB (x, K (3.0)), ADD (x, K (3.0)));
  VF z = DIV (K (1.0), MUL (x, x));
  VF up_to_2 = POLY (t,
                     -0x1.15c084a9d6b2dp-3, -0x1.85a15788a33c6p-5, 0x1.0983734e7220fp-3,
                     -0x1.e88acb550af3cp-4, 0x1.17cdc9c4d5ad9p-4, -0x1.853d6442cb947p-6,
                     0x1.50841fcdd7c80p-9, 0x1.027710f40a201p-9, -0x1.50719272d4d65p-11,
                     0x1.151db7c500708p-14, 0x1.2452c557d6aabp-12, 0x1.9bf3efde19348p-14,
                     0x1.84525da0d7f84p-17);
  VF up_to_5 = POLY (t,
                     -0x1.15c084bb9e8f3p-3, -0x1.85a15c58aa608p-5, 0x1.098366a5b46d3p-3,
                     -0x1.e88b803a491b3p-4, 0x1.17ca2877f2d2dp-4, -0x1.8574c40ae4210p-6,
                     0x1.4b884e140d9ddp-9, 0x1.ef1bd8c926bcep-10, -0x1.98db1f501a832p-11,
                     -0x1.b9095f17945f7p-14, 0x1.064283997e063p-13, 0x1.43a3208a03cbbp-18,
                     -0x1.4695e7e714183p-16);
  VF above = POLY (z,
                   -0x1.20dd750429b0ep-2, 0x1.b14c2f861cf16p-2, -0x1.0ecf9da135647p+0,
                   0x1.d9eb4927001e1p+1, -0x1.0a936f20ab72fp+4, 0x1.6e71144cfd021p+6,
                   -0x1.28cb1aa240c5cp+9, 0x1.10346ebe03e74p+12, -0x1.069eec9b1e135p+15,
                   0x1.d1b1e55cd6b6dp+17, -0x1.3498866224737p+20, 0x1.a961a548190bep+21);
  VB near = LT (x, K (2.0));
  VB far = GE (x, K (5.0));
  VP first = CALL (pair_select, near, PAIR (K (0x1.40c522d7f3a3cp+0), K (-0x1.1921658e2f43bp-54)),
                   PAIR (K (0x1.40c522d7e4987p+0), K (0x1.a0f8ab9cc8200p-55)));
  VP front = CALL (pair_select, far, PAIR (K (0.5 * TWO_OVER_ROOT_PI), K (0x1.04a0bdef551bfp-57)),
                   first);
  VF rest = SEL (far, MUL (z, above), MUL (t, SEL (near, up_to_2, up_to_5)));
  VP top = CALL (fast_two_sum, front.hi, rest);
  VP below = CALL (pair_select, far, PAIR (x, K (0.0)), CALL (two_sum, ADD (x, x), K (1.0)));

  return CALL (pair_divide, PAIR (top.hi, ADD (top.lo, front.lo)), below);
}

/* 1 - erf x for |x| < 1/2. */
KERNEL (VF, erfc_small, VF x)
{
  VP rest = CALL (two_sum, K (1.0), NEG (x));

  return SUB (rest.hi, FMA (x, CALL (erf_small, x), NEG (rest.lo)));
}

/* Where e^-x^2 is subnormal, what it lacks is below half an ulp of the product. */
KERNEL (VF, erfc, VF x)
{
  VF a = FABS (x);
  VP square = CALL (two_product, a, a);
  VF power = CALL (exp_pair, PAIR (NEG (square.hi), NEG (square.lo)));
  VP rest = CALL (erfcx_upper, SEL (LT (a, K (0.5)), K (0.5), SEL (GT (a, K (30.0)), K (30.0), a)));
  VF upper = FMA (power, rest.hi, MUL (power, rest.lo));
  VF far = SEL (LT (x, K (0.0)), SUB (K (2.0), upper), upper);

  return SEL (LT (a, K (0.5)), CALL (erfc_small, x), far);
}

/* e^(x^2) erfc x, which beyond 2^60 is 1 / (x sqrt pi). */
KERNEL (VF, erfcx, VF x)
{
  VF a = FABS (x);
  VF power = CALL (exp_pair, CALL (two_product, a, a));
  VB far = GT (a, K (0x1p60));
  VP rest = CALL (erfcx_upper, SEL (LT (a, K (0.5)), K (0.5), SEL (far, K (0x1p60), a)));
  VF upper = SEL (far, DIV (K (0.5 * TWO_OVER_ROOT_PI), a), ADD (rest.hi, rest.lo));
  VF lower = SUB (ADD (power, power), upper);
  VF small = MUL (power, CALL (erfc_small, x));

  return SEL (LT (a, K (0.5)), small, SEL (LT (x, K (0.0)), lower, upper));
}

/*
 * erfinv (x.hi + x.lo) for |x| <= 5/8. Up to 1/2 it is x + x P (x^2), minimax with
 * an error of 2^-56.4; beyond, x P (x^2 - 5/16) with 2^-55.1. The slope at the end
 * of x.lo, which is below half an ulp of one half, is between 1.1 and 1.4 there.
 */
KERNEL (VF, erfinv_central, VP x)
{
  VF z = MUL (x.hi, x.hi);
  VF t = FMA (x.hi, x.hi, K (-0.3125));
  VF p = POLY (z,
               -0x1.d203b725884abp-4, 0x1.db29fb2fee69cp-3, 0x1.053c2c0aad97ap-3,
               0x1.62847c50ef1bep-4, 0x1.0a1316c1524a6p-4, 0x1.a7c8d095f9c8cp-5,
               0x1.5ee1f73574de2p-5, 0x1.2b37696f6e294p-5, 0x1.fdf992d885e56p-6,
               0x1.03a25b6a93780p-5, 0x1.08c410ff467d1p-7, 0x1.30709b0002db9p-4,
               -0x1.3cad7a0e3bfdfp-4, 0x1.d2a76006c1accp-4);
  VF q = POLY (t,
               0x1.f3064af2d6a34p-1, 0x1.64f7836d35bb3p-2, 0x1.16c473f1876e8p-2,
               0x1.0fdacd9b09f44p-2, 0x1.26b0a79894287p-2, 0x1.53ccb4813b4f6p-2,
               0x1.97fd94fe38371p-2, 0x1.f8073a5fc4125p-2, 0x1.3e1ad71af558bp-1,
               0x1.999bd3a17e875p-1, 0x1.fd964584db3e0p-1, 0x1.153b8ec22064dp+0,
               0x1.5bd8afba1467dp+2);
  VF inner = FMA (x.hi, p, x.hi);
  VF outer = MUL (x.hi, q);

  return FMA (x.lo, K (1.25), SEL (LE (FABS (x.hi), K (0.5)), inner, outer));
}

/* erfcinv (e^-s^2) / s for s >= 0.99: minimax in 1 / s, errors of 2^-24 and less. */
KERNEL (VF, erfcinv_guess, VF s)
{
  VF u = DIV (K (1.0), s);
  VF near = POLY (u,
                  0x1.012058ec4256cp+0, -0x1.a06f4c4431dffp-4, -0x1.d7162c07945ccp-1,
                  0x1.424db6e1760d1p+0, -0x1.e5d895a6ec4bep-1, 0x1.dc611b5a414d0p-2,
                  -0x1.222c33e9d31f5p-3, 0x1.4f5662edebe94p-6);
  VF middle = POLY (u,
                    0x1.003ca89da1e50p+0, -0x1.87f40a64be7c2p-5, -0x1.48a4d4558b6e7p+0,
                    0x1.500abd17cd65fp+1, -0x1.f7f5794916b5ap+1, 0x1.02713af98faf0p+2,
                    -0x1.f0a779b56f8eap+0);
  VF far = POLY (u,
                 0x1.00059112e357ep+0, -0x1.dca358d215504p-7, -0x1.e0fd3ffdceb12p+0,
                 0x1.19973effbc667p+3, -0x1.56a867bbed6b2p+5, 0x1.1d345eb8b2471p+7,
                 -0x1.afab6266ce421p+7);

  return SEL (LT (s, K (2.5)), near, SEL (LT (s, K (7.5)), middle, far));
}

/*
 * erfcinv y for 0 < y <= 3/8: the guess, and one step of Halley's for
 * log erfc x - log y = log erfcx x - x^2 - log y, whose large terms are pairs.
 */
KERNEL (VF, erfcinv_tail, VF y)
{
  VP l = CALL (log_precise, y);
  VF s = SQRT (NEG (l.hi));
  VF x = MUL (s, CALL (erfcinv_guess, s));
  VP rest = CALL (erfcx_upper, x);
  VF e = ADD (rest.hi, rest.lo);
  VP square = CALL (two_product, x, x);
  VP sum = CALL (two_sum, NEG (square.hi), NEG (l.hi));
  VF excess = ADD (ADD (sum.hi, CALL (log, e)), SUB (sum.lo, ADD (square.lo, l.lo)));
  VF step = MUL (MUL (excess, e), K (HALF_ROOT_PI));
  VF bend = SUB (DIV (K (0.5 * TWO_OVER_ROOT_PI), e), x);

  return ADD (x, DIV (step, FMA (step, bend, K (1.0))));
}

/* nan outside of [-1, 1]. A zero keeps its sign. */
KERNEL (VF, erfinv, VF x)
{
  VF a = FABS (x);
  VF rest = SUB (K (1.0), a);
  VF tail = CALL (erfcinv_tail, SEL (LT (a, K (1.0)), SEL (LT (a, K (0.625)), K (0.375), rest),
                                     K (0.375)));
  VF edge = SEL (EQ (a, K (1.0)), K (INFINITY), K (NAN));
  VF outer = COPYSIGN (SEL (LT (a, K (1.0)), tail, edge), x);
  VF central = CALL (erfinv_central, PAIR (x, K (0.0)));

  return SEL (EQ (x, K (0.0)), x, SEL (LE (a, K (0.625)), central, outer));
}

/* nan outside of [0, 2]. Both 1 - y, as a pair, and 2 - y from one on are exact. */
KERNEL (VF, erfcinv, VF y)
{
  VB high = GT (y, K (1.0));
  VF rest = SEL (high, SUB (K (2.0), y), y);
  VB inside = AND (GT (rest, K (0.0)), LT (rest, K (0.375)));
  VF tail = CALL (erfcinv_tail, SEL (inside, rest, K (0.375)));
  VF edge = SEL (EQ (rest, K (0.0)), K (INFINITY), K (NAN));
  VF outer = SEL (inside, tail, edge);
  VF central = CALL (erfinv_central, CALL (two_sum, K (1.0), NEG (y)));

  return SEL (GE (rest, K (0.375)), central, SEL (high, NEG (outer), outer));
}
