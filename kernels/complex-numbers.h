/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of complex numbers, a pair of doubles in c128. Sums, products and
 * quotients are the textbook's, Smith's for the quotient (Algorithm 116, CACM 5,
 * 1962), as in numpy: none of C's recovery of infinities. The elementary functions
 * are those of the C library, with their branch cuts (C11, annex G), and exp2,
 * expm1 and log1p, which it has not. c64 computes in c128 and rounds once more.
 */

typedef float _Complex TgkComplex64;
typedef double _Complex TgkComplex128;

static inline TgkComplex64
tgk_complex_c64 (float real, float imaginary)
{
  return __builtin_complex (real, imaginary);
}

static inline TgkComplex128
tgk_complex_c128 (double real, double imaginary)
{
  return __builtin_complex (real, imaginary);
}

/* What the notation calls COMPLEX (x, y), in the dtype of the parts. */
static inline TgkComplex64 tgk_complex_f32 (float a, float b) { return tgk_complex_c64 (a, b); }
static inline TgkComplex128 tgk_complex_f64 (double a, double b) { return tgk_complex_c128 (a, b); }

static inline TgkComplex128
tgk_mul_c128 (TgkComplex128 a, TgkComplex128 b)
{
  double ar = __real__ a, ai = __imag__ a, br = __real__ b, bi = __imag__ b;

  return tgk_complex_c128 (ar * br - ai * bi, ar * bi + ai * br);
}

static inline TgkComplex128
tgk_div_c128 (TgkComplex128 a, TgkComplex128 b)
{
  double ar = __real__ a, ai = __imag__ a, br = __real__ b, bi = __imag__ b;
  double ratio, scale;

  if (fabs (br) >= fabs (bi))
    {
      if (br == 0 && bi == 0)
        return tgk_complex_c128 (ar / fabs (br), ai / fabs (br));

      ratio = bi / br;
      scale = 1 / (br + bi * ratio);
      return tgk_complex_c128 ((ar + ai * ratio) * scale, (ai - ar * ratio) * scale);
    }

  ratio = br / bi;
  scale = 1 / (bi + br * ratio);
  return tgk_complex_c128 ((ar * ratio + ai) * scale, (ai * ratio - ar) * scale);
}

static inline double
tgk_abs_c128 (TgkComplex128 a)
{
  return hypot (__real__ a, __imag__ a);
}

/* The point of the unit circle in that direction; 0 of 0. */
static inline TgkComplex128
tgk_sign_c128 (TgkComplex128 a)
{
  double magnitude = tgk_abs_c128 (a);

  return a == 0 ? a : tgk_complex_c128 (__real__ a / magnitude, __imag__ a / magnitude);
}

static inline TgkComplex128
tgk_scale_c128 (TgkComplex128 a, double factor)
{
  return tgk_complex_c128 (__real__ a * factor, __imag__ a * factor);
}

/* |1 + a| is near 1 for small a only where its logarithm is small. */
static inline TgkComplex128
tgk_log1p_c128 (TgkComplex128 a)
{
  double re = __real__ a, im = __imag__ a;

  if (fabs (re) > 0.5 || fabs (im) > 0.5)
    return clog (tgk_complex_c128 (1 + re, im));

  return tgk_complex_c128 (0.5 * tgk_log1p_f64 (re * (2 + re) + im * im),
                           tgk_atan2_f64 (im, 1 + re));
}

/* e^x cos y - 1 = expm1 (x) cos y - 2 sin^2 (y / 2). */
static inline TgkComplex128
tgk_expm1_c128 (TgkComplex128 a)
{
  double re = __real__ a, im = __imag__ a;
  double half = tgk_sin_f64 (0.5 * im);

  if (!(fabs (re) < 700))
    return cexp (a) - 1;

  return tgk_complex_c128 (tgk_expm1_f64 (re) * tgk_cos_f64 (im) - 2 * half * half,
                           tgk_exp_f64 (re) * tgk_sin_f64 (im));
}

/* 2^x in the direction of y log 2, which is a pair: what the first part lacks is turned by. */
static inline TgkComplex128
tgk_exp2_c128 (TgkComplex128 a)
{
  double re = __real__ a, im = __imag__ a;
  double angle = im * 0x1.62e42fefa39efp-1;
  double rest = fma (im, 0x1.62e42fefa39efp-1, -angle) + im * 0x1.abc9e3b39803fp-56;
  double size, c, s;

  if (!(fabs (re) < 1000 && fabs (im) < (double) INFINITY))
    return cexp (tgk_scale_c128 (a, 0x1.62e42fefa39efp-1));

  size = tgk_exp2_f64 (re);
  if (im == 0)
    return tgk_complex_c128 (size, im);

  c = tgk_cos_f64 (angle);
  s = tgk_sin_f64 (angle);
  return tgk_complex_c128 (size * (c - s * rest), size * (s + c * rest));
}

/* Whole powers up to 100 by squaring, which is exact where the products are. */
static inline TgkComplex128
tgk_pow_c128 (TgkComplex128 a, TgkComplex128 b)
{
  double power = __real__ b;
  TgkComplex128 result = 1, square = a;

  if (b == 0)
    return 1;
  if (a == 0)
    return power > 0 && __imag__ b == 0 ? 0 : tgk_complex_c128 (NAN, NAN);
  if (__imag__ b != 0 || power != trunc (power) || fabs (power) > 100)
    return cpow (a, b);

  for (int left = (int) fabs (power); left > 0; left >>= 1)
    {
      if (left & 1)
        result = tgk_mul_c128 (result, square);
      square = tgk_mul_c128 (square, square);
    }

  return power < 0 ? tgk_div_c128 (1, result) : result;
}

#define TGK_COMPLEX_1(word, value) \
  static inline TgkComplex128 tgk_##word##_c128 (TgkComplex128 a) { return (value); }

TGK_COMPLEX_1 (neg, -a)
TGK_COMPLEX_1 (square, tgk_mul_c128 (a, a))
TGK_COMPLEX_1 (reciprocal, tgk_div_c128 (1, a))
TGK_COMPLEX_1 (conj, tgk_complex_c128 (__real__ a, -__imag__ a))
TGK_COMPLEX_1 (round, tgk_complex_c128 (rint (__real__ a), rint (__imag__ a)))
TGK_COMPLEX_1 (sqrt, csqrt (a))
TGK_COMPLEX_1 (exp, cexp (a))
TGK_COMPLEX_1 (log, clog (a))
TGK_COMPLEX_1 (log2, tgk_scale_c128 (clog (a), 0x1.71547652b82fep+0))
TGK_COMPLEX_1 (log10, tgk_scale_c128 (clog (a), 0x1.bcb7b1526e50ep-2))
TGK_COMPLEX_1 (sin, csin (a))
TGK_COMPLEX_1 (cos, ccos (a))
TGK_COMPLEX_1 (tan, ctan (a))
TGK_COMPLEX_1 (asin, casin (a))
TGK_COMPLEX_1 (acos, cacos (a))
TGK_COMPLEX_1 (atan, catan (a))
TGK_COMPLEX_1 (sinh, csinh (a))
TGK_COMPLEX_1 (cosh, ccosh (a))
TGK_COMPLEX_1 (tanh, ctanh (a))
TGK_COMPLEX_1 (asinh, casinh (a))
TGK_COMPLEX_1 (acosh, cacosh (a))
TGK_COMPLEX_1 (atanh, catanh (a))

static inline TgkComplex128 tgk_add_c128 (TgkComplex128 a, TgkComplex128 b) { return a + b; }
static inline TgkComplex128 tgk_sub_c128 (TgkComplex128 a, TgkComplex128 b) { return a - b; }

#define TGK_NARROW_1(word) \
  static inline TgkComplex64 tgk_##word##_c64 (TgkComplex64 a) \
  { return (TgkComplex64) tgk_##word##_c128 ((TgkComplex128) a); }
#define TGK_NARROW_2(word) \
  static inline TgkComplex64 tgk_##word##_c64 (TgkComplex64 a, TgkComplex64 b) \
  { return (TgkComplex64) tgk_##word##_c128 ((TgkComplex128) a, (TgkComplex128) b); }

TGK_NARROW_2 (add)
TGK_NARROW_2 (sub)
TGK_NARROW_2 (mul)
TGK_NARROW_2 (div)
TGK_NARROW_2 (pow)
TGK_NARROW_1 (neg)
TGK_NARROW_1 (sign)
TGK_NARROW_1 (square)
TGK_NARROW_1 (reciprocal)
TGK_NARROW_1 (conj)
TGK_NARROW_1 (round)
TGK_NARROW_1 (sqrt)
TGK_NARROW_1 (exp)
TGK_NARROW_1 (expm1)
TGK_NARROW_1 (exp2)
TGK_NARROW_1 (log)
TGK_NARROW_1 (log1p)
TGK_NARROW_1 (log2)
TGK_NARROW_1 (log10)
TGK_NARROW_1 (sin)
TGK_NARROW_1 (cos)
TGK_NARROW_1 (tan)
TGK_NARROW_1 (asin)
TGK_NARROW_1 (acos)
TGK_NARROW_1 (atan)
TGK_NARROW_1 (sinh)
TGK_NARROW_1 (cosh)
TGK_NARROW_1 (tanh)
TGK_NARROW_1 (asinh)
TGK_NARROW_1 (acosh)
TGK_NARROW_1 (atanh)

static inline float
tgk_abs_c64 (TgkComplex64 a)
{
  return (float) tgk_abs_c128 ((TgkComplex128) a);
}

/* What is asked of each part. */
#define TGK_COMPLEX_PARTS(dtype, T, P, of) \
  static inline P tgk_real_##dtype (T a) { return __real__ a; } \
  static inline P tgk_imag_##dtype (T a) { return __imag__ a; } \
  static inline bool tgk_eq_##dtype (T a, T b) { return a == b; } \
  static inline bool tgk_ne_##dtype (T a, T b) { return a != b; } \
  static inline T tgk_sel_##dtype (bool condition, T a, T b) { return condition ? a : b; } \
  static inline bool tgk_isnan_##dtype (T a) \
  { return tgk_isnan_##of (__real__ a) || tgk_isnan_##of (__imag__ a); } \
  static inline bool tgk_isinf_##dtype (T a) \
  { return tgk_isinf_##of (__real__ a) || tgk_isinf_##of (__imag__ a); } \
  static inline bool tgk_isfinite_##dtype (T a) \
  { return tgk_isfinite_##of (__real__ a) && tgk_isfinite_##of (__imag__ a); }

TGK_COMPLEX_PARTS (c64, TgkComplex64, float, f32)
TGK_COMPLEX_PARTS (c128, TgkComplex128, double, f64)

#undef TGK_COMPLEX_1
#undef TGK_NARROW_1
#undef TGK_NARROW_2
#undef TGK_COMPLEX_PARTS
