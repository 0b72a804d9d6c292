/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of the integers. They wrap: the work is done in the unsigned type
 * U of the same width, and the cast back keeps the bits, as gcc and clang
 * define it. Division by zero gives 0, and division by -1 never traps.
 */

#define TGK_INTEGER_WORDS(dtype, T, U, bits) \
  static inline T tgk_add_##dtype (T a, T b) { return (T) ((U) a + (U) b); } \
  static inline T tgk_sub_##dtype (T a, T b) { return (T) ((U) a - (U) b); } \
  static inline T tgk_mul_##dtype (T a, T b) { return (T) ((U) a * (U) b); } \
  static inline T tgk_neg_##dtype (T a) { return (T) (0 - (U) a); } \
  static inline T tgk_abs_##dtype (T a) { return a < 0 ? tgk_neg_##dtype (a) : a; } \
  static inline T tgk_sign_##dtype (T a) { return (a > 0) - (a < 0); } \
  static inline T tgk_max_##dtype (T a, T b) { return a > b ? a : b; } \
  static inline T tgk_min_##dtype (T a, T b) { return a < b ? a : b; } \
  static inline T tgk_square_##dtype (T a) { return tgk_mul_##dtype (a, a); } \
  \
  /* Rounded down, as Python does. */ \
  static inline T \
  tgk_floor_divide_##dtype (T a, T b) \
  { \
    T divisor = b == 0 || b == -1 ? 1 : b; \
    T q = a / divisor - (a % divisor != 0 && (a < 0) != (divisor < 0)); \
    \
    return b == 0 ? 0 : b == -1 ? tgk_neg_##dtype (a) : q; \
  } \
  \
  /* What is left of it, with the sign of b. */ \
  static inline T \
  tgk_remainder_##dtype (T a, T b) \
  { \
    T divisor = b == 0 || b == -1 ? 1 : b; \
    T rest = a % divisor; \
    \
    return rest != 0 && (rest < 0) != (divisor < 0) ? rest + divisor : rest; \
  } \
  \
  /* By squaring. Of a negative power only that of 1 and -1 is not below one. */ \
  static inline T \
  tgk_pow_##dtype (T a, T b) \
  { \
    bool inverse = b < 0; \
    U power = 1, square = (U) a; \
    U left = inverse ? (U) b & 1 : (U) b; \
    \
    for (int i = 0; i < (bits); i++) \
      { \
        power *= left & 1 ? square : 1; \
        square *= square; \
        left >>= 1; \
      } \
    \
    return inverse && a != 1 && a != -1 ? 0 : (T) power; \
  }

TGK_INTEGER_WORDS (i64, int64_t, uint64_t, 63)
TGK_INTEGER_WORDS (i32, int32_t, uint32_t, 31)

#undef TGK_INTEGER_WORDS
