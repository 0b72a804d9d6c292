/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The error function. Below one it is an odd polynomial; above, one less
 * erfc x = e^-g (x), whose errors shrink as it does. So g is minimax weighted by
 * erfc: an absolute error of 2^-56.8 in [1, 2], and of 2^-57.7 in [2, 6], where
 * the result has become one.
 */

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

/* Near zero x + x P (x^2), minimax on [0, 1] with an error of 2^-56. */
KERNEL (VF, erf, VF x)
{
  VF a = FABS (x);
  VF z = MUL (a, a);
  VF p = POLY (z,
               0x1.06eba8214db69p-3, -0x1.812746b0379e6p-2, 0x1.ce2f21a042b32p-4,
               -0x1.b82ce31284ea2p-6, 0x1.565bcd0dbc121p-8, -0x1.c02db3db0105ap-11,
               0x1.f9a321dc15d8fp-14, -0x1.f4d1e387cc0cep-17, 0x1.b9df275c44462p-20,
               -0x1.5f1ef1f27f693p-23, 0x1.f7b62f5988612p-27, -0x1.38a135bfd90f8p-30,
               0x1.0608f600da534p-34);
  VF in = SEL (GT (a, K (6.0)), K (6.0), a);
  VF far = SUB (K (1.0), CALL (exp, NEG (CALL (log_erfc, in))));

  return COPYSIGN (SEL (LT (a, K (1.0)), FMA (a, p, a), far), x);
}
