/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words of the integers. They wrap: the work is done in W, an unsigned type
 * that is as wide or wider, and not promoted to int; the cast back keeps the lower
 * bits, as gcc and clang define it. Division by zero gives 0, and division by -1
 * never traps. A shift by more bits than there are, or by a negative number,
 * leaves what an endless one would.
 */

/* What signed and unsigned integers have in common. */
#define TGK_INTEGER_WORDS(dtype, T, W, bits) \
  static inline T tgk_add_##dtype (T a, T b) { return (T) ((W) a + (W) b); } \
  static inline T tgk_sub_##dtype (T a, T b) { return (T) ((W) a - (W) b); } \
  static inline T tgk_mul_##dtype (T a, T b) { return (T) ((W) a * (W) b); } \
  static inline T tgk_neg_##dtype (T a) { return (T) (0 - (W) a); } \
  static inline T tgk_square_##dtype (T a) { return tgk_mul_##dtype (a, a); } \
  static inline T tgk_max_##dtype (T a, T b) { return a > b ? a : b; } \
  static inline T tgk_min_##dtype (T a, T b) { return a < b ? a : b; } \
  static inline T tgk_floor_##dtype (T a) { return a; } \
  static inline T tgk_ceil_##dtype (T a) { return a; } \
  static inline T tgk_trunc_##dtype (T a) { return a; } \
  static inline T tgk_round_##dtype (T a) { return a; } \
  static inline T tgk_round_away_##dtype (T a) { return a; } \
  static inline T tgk_conj_##dtype (T a) { return a; } \
  static inline T tgk_real_##dtype (T a) { return a; } \
  static inline T tgk_imag_##dtype (T a) { (void) a; return 0; } \
  static inline T tgk_bit_and_##dtype (T a, T b) { return (T) ((W) a & (W) b); } \
  static inline T tgk_bit_or_##dtype (T a, T b) { return (T) ((W) a | (W) b); } \
  static inline T tgk_bit_xor_##dtype (T a, T b) { return (T) ((W) a ^ (W) b); } \
  static inline T tgk_bit_not_##dtype (T a) { return (T) ~(W) a; } \
  static inline T tgk_shift_left_##dtype (T a, T b) \
  { return (T) ((W) b < (bits) ? (W) a << b : 0); } \
  \
  /* By squaring, for a power that is not negative. */ \
  static inline T \
  tgk_pow_whole_##dtype (T a, W left) \
  { \
    W power = 1, square = (W) a; \
    \
    for (int i = 0; i < (bits); i++) \
      { \
        power *= left & 1 ? square : 1; \
        square *= square; \
        left >>= 1; \
      } \
    \
    return (T) power; \
  }

#define TGK_SIGNED_WORDS(dtype, T, W, bits) \
  TGK_INTEGER_WORDS (dtype, T, W, bits) \
  static inline T tgk_abs_##dtype (T a) { return a < 0 ? tgk_neg_##dtype (a) : a; } \
  static inline T tgk_sign_##dtype (T a) { return (T) ((a > 0) - (a < 0)); } \
  static inline T tgk_shift_right_##dtype (T a, T b) \
  { return (T) (a >> ((W) b < (bits) ? (int) b : (bits) - 1)); } \
  \
  /* Rounded down, as Python does. */ \
  static inline T \
  tgk_floor_divide_##dtype (T a, T b) \
  { \
    T divisor = b == 0 || b == -1 ? 1 : b; \
    T q = (T) (a / divisor - (a % divisor != 0 && (a < 0) != (divisor < 0))); \
    \
    return b == 0 ? 0 : b == -1 ? tgk_neg_##dtype (a) : q; \
  } \
  \
  /* What is left of it, with the sign of b. */ \
  static inline T \
  tgk_remainder_##dtype (T a, T b) \
  { \
    T divisor = b == 0 || b == -1 ? 1 : b; \
    T rest = (T) (a % divisor); \
    \
    return rest != 0 && (rest < 0) != (divisor < 0) ? (T) (rest + divisor) : rest; \
  } \
  \
  /* Of a negative power only that of 1 and -1 is not below one. */ \
  static inline T \
  tgk_pow_##dtype (T a, T b) \
  { \
    if (b < 0) \
      return a == 1 || (a == -1 && !(b & 1)) ? 1 : a == -1 ? -1 : 0; \
    \
    return tgk_pow_whole_##dtype (a, (W) b); \
  }

#define TGK_UNSIGNED_WORDS(dtype, T, W, bits) \
  TGK_INTEGER_WORDS (dtype, T, W, bits) \
  static inline T tgk_abs_##dtype (T a) { return a; } \
  static inline T tgk_sign_##dtype (T a) { return a > 0; } \
  static inline T tgk_shift_right_##dtype (T a, T b) \
  { return (T) (b < (bits) ? a >> b : 0); } \
  static inline T tgk_floor_divide_##dtype (T a, T b) { return (T) (b == 0 ? 0 : a / b); } \
  static inline T tgk_remainder_##dtype (T a, T b) { return (T) (b == 0 ? 0 : a % b); } \
  static inline T tgk_pow_##dtype (T a, T b) { return tgk_pow_whole_##dtype (a, b); }

TGK_SIGNED_WORDS (i8, int8_t, uint32_t, 8)
TGK_SIGNED_WORDS (i16, int16_t, uint32_t, 16)
TGK_SIGNED_WORDS (i32, int32_t, uint32_t, 32)
TGK_SIGNED_WORDS (i64, int64_t, uint64_t, 64)
TGK_UNSIGNED_WORDS (u8, uint8_t, uint32_t, 8)
TGK_UNSIGNED_WORDS (u16, uint16_t, uint32_t, 16)
TGK_UNSIGNED_WORDS (u32, uint32_t, uint32_t, 32)
TGK_UNSIGNED_WORDS (u64, uint64_t, uint64_t, 64)

#undef TGK_INTEGER_WORDS
#undef TGK_SIGNED_WORDS
#undef TGK_UNSIGNED_WORDS
