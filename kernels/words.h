/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of floating point as C functions: what is in the kernels of f64
 * already, tgk_exp_f64 () and its like, is here for f32, and the rest for both.
 */

/* The words that are one operation. */
#define TGK_WORDS_OF_FLOAT(dtype, T, f) \
  static inline T tgk_add_##dtype (T a, T b) { return a + b; } \
  static inline T tgk_sub_##dtype (T a, T b) { return a - b; } \
  static inline T tgk_mul_##dtype (T a, T b) { return a * b; } \
  static inline T tgk_div_##dtype (T a, T b) { return a / b; } \
  static inline T tgk_neg_##dtype (T a) { return -a; } \
  static inline T tgk_abs_##dtype (T a) { return fabs##f (a); } \
  static inline T tgk_square_##dtype (T a) { return a * a; } \
  static inline T tgk_reciprocal_##dtype (T a) { return 1 / a; } \
  static inline T tgk_sqrt_##dtype (T a) { return sqrt##f (a); } \
  static inline T tgk_fma_##dtype (T a, T b, T c) { return fma##f (a, b, c); } \
  static inline T tgk_floor_##dtype (T a) { return floor##f (a); } \
  static inline T tgk_ceil_##dtype (T a) { return ceil##f (a); } \
  static inline T tgk_trunc_##dtype (T a) { return trunc##f (a); } \
  static inline T tgk_round_##dtype (T a) { return rint##f (a); } \
  static inline T tgk_conj_##dtype (T a) { return a; } \
  static inline T tgk_real_##dtype (T a) { return a; } \
  static inline T tgk_imag_##dtype (T a) { (void) a; return 0; } \
  static inline bool tgk_isnan_##dtype (T a) { return a != a; } \
  static inline bool tgk_isinf_##dtype (T a) { return fabs##f (a) == (T) INFINITY; } \
  static inline bool tgk_isfinite_##dtype (T a) { return fabs##f (a) < (T) INFINITY; }

TGK_WORDS_OF_FLOAT (f64, double, )
TGK_WORDS_OF_FLOAT (f32, float, f)

/*
 * The functions of f32 are those of f64, rounded once more. That is the
 * reference, right to 0.5000001 ulp; kernels of half the width are to be
 * compared with it.
 */
#define TGK_NARROW_1(word) \
  static inline float tgk_##word##_f32 (float a) { return (float) tgk_##word##_f64 (a); }
#define TGK_NARROW_2(word) \
  static inline float tgk_##word##_f32 (float a, float b) \
  { return (float) tgk_##word##_f64 (a, b); }
#define TGK_NARROW_3(word) \
  static inline float tgk_##word##_f32 (float a, float b, float c) \
  { return (float) tgk_##word##_f64 (a, b, c); }

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
TGK_NARROW_2 (atan2)
TGK_NARROW_1 (sinh)
TGK_NARROW_1 (cosh)
TGK_NARROW_1 (tanh)
TGK_NARROW_1 (asinh)
TGK_NARROW_1 (acosh)
TGK_NARROW_1 (atanh)
TGK_NARROW_1 (sigmoid)
TGK_NARROW_1 (softplus)
TGK_NARROW_1 (erf)
TGK_NARROW_2 (pow)

TGK_NARROW_1 (log1pmx)
TGK_NARROW_1 (expm1mx)
TGK_NARROW_1 (exprel)
TGK_NARROW_1 (cosm1)
TGK_NARROW_1 (coshm1)
TGK_NARROW_1 (sqrt1pm1)
TGK_NARROW_1 (logexpm1)
TGK_NARROW_1 (logcosh)
TGK_NARROW_1 (xmsin)
TGK_NARROW_1 (sinhmx)
TGK_NARROW_1 (tanmx)
TGK_NARROW_1 (xmtanh)
TGK_NARROW_1 (langevin)
TGK_NARROW_1 (recipmcot)
TGK_NARROW_1 (ndtr)
TGK_NARROW_1 (log_ndtr)
TGK_NARROW_1 (logerfc)
TGK_NARROW_1 (stirling_error)
TGK_NARROW_2 (powm1)
TGK_NARROW_2 (compound)
TGK_NARROW_2 (compoundm1)
TGK_NARROW_2 (logsubexp)
TGK_NARROW_2 (lbeta)
TGK_NARROW_2 (lgamma_difference)
TGK_NARROW_2 (kl_div)
TGK_NARROW_3 (root_sum)
TGK_NARROW_2 (log_ratio)
TGK_NARROW_2 (exp_difference)

TGK_NARROW_1 (cbrt)
TGK_NARROW_1 (logit)
TGK_NARROW_1 (log1mexp)
TGK_NARROW_1 (erfc)
TGK_NARROW_1 (erfcx)
TGK_NARROW_1 (erfinv)
TGK_NARROW_1 (erfcinv)
TGK_NARROW_1 (gamma)
TGK_NARROW_1 (lgamma)
TGK_NARROW_1 (digamma)
TGK_NARROW_1 (trigamma)
TGK_NARROW_2 (polygamma)
TGK_NARROW_2 (copysign)
TGK_NARROW_2 (hypot)
TGK_NARROW_2 (logaddexp)
TGK_NARROW_2 (xlogy)
TGK_NARROW_2 (xlog1py)

static inline float
tgk_sum_of_products_f32 (float a, float b, float c, float d)
{
  return (float) tgk_sum_of_products_f64 (a, b, c, d);
}

static inline bool tgk_signbit_f64 (double a) { return signbit (a) != 0; }
static inline bool tgk_signbit_f32 (float a) { return signbit (a) != 0; }

/* The next float, which has nothing to do with the next double. */
static inline float
tgk_nextafter_f32 (float x, float y)
{
  uint32_t bits;

  if (x != x || y != y || x == y)
    return x == y ? y : x + y;
  if (x == 0)
    return copysignf (0x1p-149f, y);

  memcpy (&bits, &x, sizeof bits);
  bits = (y > x) == (x > 0) ? bits + 1 : bits - 1;
  memcpy (&x, &bits, sizeof x);
  return x;
}

/* Of these the first five are what f32 arithmetic gives as well. */
TGK_NARROW_1 (sign)
TGK_NARROW_1 (round_away)
TGK_NARROW_2 (max)
TGK_NARROW_2 (min)
TGK_NARROW_2 (remainder)
TGK_NARROW_2 (floor_divide)

#undef TGK_WORDS_OF_FLOAT
#undef TGK_NARROW_1
#undef TGK_NARROW_2
#undef TGK_NARROW_3

/* What every dtype compares and picks with; a bool is compared as 0 or 1. */
#define TGK_COMPARISONS(dtype, T) \
  static inline bool tgk_eq_##dtype (T a, T b) { return a == b; } \
  static inline bool tgk_ne_##dtype (T a, T b) { return a != b; } \
  static inline bool tgk_lt_##dtype (T a, T b) { return a < b; } \
  static inline bool tgk_le_##dtype (T a, T b) { return a <= b; } \
  static inline bool tgk_gt_##dtype (T a, T b) { return a > b; } \
  static inline bool tgk_ge_##dtype (T a, T b) { return a >= b; } \
  static inline T tgk_sel_##dtype (bool condition, T a, T b) { return condition ? a : b; }

TGK_COMPARISONS (f64, double)
TGK_COMPARISONS (f32, float)
TGK_COMPARISONS (i8, int8_t)
TGK_COMPARISONS (i16, int16_t)
TGK_COMPARISONS (i32, int32_t)
TGK_COMPARISONS (i64, int64_t)
TGK_COMPARISONS (u8, uint8_t)
TGK_COMPARISONS (u16, uint16_t)
TGK_COMPARISONS (u32, uint32_t)
TGK_COMPARISONS (u64, uint64_t)
TGK_COMPARISONS (bool, bool)

#undef TGK_COMPARISONS

static inline bool tgk_and_bool (bool a, bool b) { return a && b; }
static inline bool tgk_or_bool (bool a, bool b) { return a || b; }
static inline bool tgk_xor_bool (bool a, bool b) { return a != b; }
static inline bool tgk_not_bool (bool a) { return !a; }
static inline bool tgk_add_bool (bool a, bool b) { return a || b; }
static inline bool tgk_mul_bool (bool a, bool b) { return a && b; }
static inline bool tgk_max_bool (bool a, bool b) { return a || b; }
static inline bool tgk_min_bool (bool a, bool b) { return a && b; }
static inline bool tgk_bit_and_bool (bool a, bool b) { return a && b; }
static inline bool tgk_bit_or_bool (bool a, bool b) { return a || b; }
static inline bool tgk_bit_xor_bool (bool a, bool b) { return a != b; }
static inline bool tgk_bit_not_bool (bool a) { return !a; }
