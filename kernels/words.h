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

#undef TGK_WORDS_OF_FLOAT

/* The words of narrow.h as C: but those of float32.h compute in double, and round once more. */
#define FLOAT_1(word)
#define SPECIAL_1(word)
#define SINGLE_1(word) \
  static inline float tgk_##word##_f32 (float a) { return (float) tgk_##word##_single_f64 (a); }
#define SINGLE_2(word) \
  static inline float tgk_##word##_f32 (float a, float b) \
  { return (float) tgk_##word##_single_f64 (a, b); }
#define NARROW_1(word) \
  static inline float tgk_##word##_f32 (float a) { return (float) tgk_##word##_f64 (a); }
#define NARROW_2(word) \
  static inline float tgk_##word##_f32 (float a, float b) \
  { return (float) tgk_##word##_f64 (a, b); }
#define NARROW_3(word) \
  static inline float tgk_##word##_f32 (float a, float b, float c) \
  { return (float) tgk_##word##_f64 (a, b, c); }
#define NARROW_4(word) \
  static inline float tgk_##word##_f32 (float a, float b, float c, float d) \
  { return (float) tgk_##word##_f64 (a, b, c, d); }
#define SAME_1(word) NARROW_1 (word)
#define SAME_2(word) NARROW_2 (word)

#include "narrow.h"

#undef FLOAT_1
#undef SPECIAL_1
#undef SINGLE_1
#undef SINGLE_2
#undef NARROW_1
#undef NARROW_2
#undef NARROW_3
#undef NARROW_4
#undef SAME_1
#undef SAME_2

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
