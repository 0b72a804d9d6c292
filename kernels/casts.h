/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * tgk_cast_<from>_<to> () for every pair of dtypes.
 *
 * A float becomes an integer without its fraction. One that does not fit, nan
 * and infinity included, becomes the least integer, as cvttsd2si of x86 gives.
 * An integer loses its upper bits. All but zero, nan too, is true. A complex
 * number that becomes a real one loses its imaginary part.
 */

/* The name comes pasted: alone, "bool" would be replaced by what C means by it. */
#define TGK_CAST(name, F, T, value) \
  static inline T name (F a) { return (value); }

#define TGK_CASTS_TO_INTEGERS(from, F, M) \
  M (from, F, i8, int8_t, -0x1.02p7, 0x1p7, INT8_MIN) \
  M (from, F, i16, int16_t, -0x1.0002p15, 0x1p15, INT16_MIN) \
  M (from, F, i32, int32_t, -0x1.00000002p31, 0x1p31, INT32_MIN) \
  M (from, F, i64, int64_t, -0x1p63, 0x1p63, INT64_MIN) \
  M (from, F, u8, uint8_t, -1.0, 0x1p8, 0) \
  M (from, F, u16, uint16_t, -1.0, 0x1p16, 0) \
  M (from, F, u32, uint32_t, -1.0, 0x1p32, 0) \
  M (from, F, u64, uint64_t, -1.0, 0x1p64, 0)

/* From an integer or a bool. */
#define TGK_WRAP(from, F, to, T, below, above, least) TGK_CAST (from##_##to, F, T, (T) a)
#define TGK_CASTS_FROM_INTEGER(from, F) \
  TGK_CAST (from##_bool, F, bool, a != 0) \
  TGK_CASTS_TO_INTEGERS (from, F, TGK_WRAP) \
  TGK_CAST (from##_f16, F, TgkFloat16, tgk_f16_of_f64 ((double) a)) \
  TGK_CAST (from##_bf16, F, TgkBfloat16, tgk_bf16_of_f64 ((double) a)) \
  TGK_CAST (from##_f32, F, float, (float) a) \
  TGK_CAST (from##_f64, F, double, (double) a) \
  TGK_CAST (from##_c64, F, TgkComplex64, tgk_complex_c64 ((float) a, 0)) \
  TGK_CAST (from##_c128, F, TgkComplex128, tgk_complex_c128 ((double) a, 0))

/*
 * From a float, or the real part of a complex number, as a double. Those below and above fit no
 * more. Next to -2^63 there is no double with a fraction: the least integer itself is what is
 * given anyway.
 */
#define TGK_TRUNCATE(from, F, to, T, below, above, least) \
  TGK_CAST (from##_##to, F, T, \
            from##_wide (a) > (below) && from##_wide (a) < (above) \
            ? (T) from##_wide (a) : (T) (least))
#define TGK_CASTS_FROM_FLOAT(from, F) \
  TGK_CASTS_TO_INTEGERS (from, F, TGK_TRUNCATE) \
  TGK_CAST (from##_f32, F, float, (float) from##_wide (a)) \
  TGK_CAST (from##_f64, F, double, from##_wide (a))

#define TGK_CASTS_FROM_REAL(from, F) \
  TGK_CASTS_FROM_FLOAT (from, F) \
  TGK_CAST (from##_bool, F, bool, from##_wide (a) != 0) \
  TGK_CAST (from##_c64, F, TgkComplex64, tgk_complex_c64 ((float) from##_wide (a), 0)) \
  TGK_CAST (from##_c128, F, TgkComplex128, tgk_complex_c128 (from##_wide (a), 0))

#define TGK_CASTS_TO_HALF(from, F) \
  TGK_CAST (from##_f16, F, TgkFloat16, tgk_f16_of_f64 (from##_wide (a))) \
  TGK_CAST (from##_bf16, F, TgkBfloat16, tgk_bf16_of_f64 (from##_wide (a)))

static inline double tgk_cast_f16_wide (TgkFloat16 a) { return (double) tgk_f32_of_f16 (a); }
static inline double tgk_cast_bf16_wide (TgkBfloat16 a) { return (double) tgk_f32_of_bf16 (a); }
static inline double tgk_cast_f32_wide (float a) { return (double) a; }
static inline double tgk_cast_f64_wide (double a) { return a; }
static inline double tgk_cast_c64_wide (TgkComplex64 a) { return (double) __real__ a; }
static inline double tgk_cast_c128_wide (TgkComplex128 a) { return __real__ a; }

TGK_CASTS_FROM_INTEGER (tgk_cast_bool, bool)
TGK_CASTS_FROM_INTEGER (tgk_cast_i8, int8_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_i16, int16_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_i32, int32_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_i64, int64_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_u8, uint8_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_u16, uint16_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_u32, uint32_t)
TGK_CASTS_FROM_INTEGER (tgk_cast_u64, uint64_t)

TGK_CASTS_FROM_REAL (tgk_cast_f16, TgkFloat16)
TGK_CASTS_FROM_REAL (tgk_cast_bf16, TgkBfloat16)
TGK_CASTS_FROM_REAL (tgk_cast_f32, float)
TGK_CASTS_FROM_REAL (tgk_cast_f64, double)
TGK_CASTS_FROM_FLOAT (tgk_cast_c64, TgkComplex64)
TGK_CASTS_FROM_FLOAT (tgk_cast_c128, TgkComplex128)

TGK_CASTS_TO_HALF (tgk_cast_f32, float)
TGK_CASTS_TO_HALF (tgk_cast_f64, double)
TGK_CASTS_TO_HALF (tgk_cast_c64, TgkComplex64)
TGK_CASTS_TO_HALF (tgk_cast_c128, TgkComplex128)
TGK_CAST (tgk_cast_f16_bf16, TgkFloat16, TgkBfloat16, tgk_bf16_of_f64 (tgk_cast_f16_f64 (a)))
TGK_CAST (tgk_cast_bf16_f16, TgkBfloat16, TgkFloat16, tgk_f16_of_f64 (tgk_cast_bf16_f64 (a)))
TGK_CAST (tgk_cast_f16_f16, TgkFloat16, TgkFloat16, a)
TGK_CAST (tgk_cast_bf16_bf16, TgkBfloat16, TgkBfloat16, a)

TGK_CAST (tgk_cast_c64_bool, TgkComplex64, bool, a != 0)
TGK_CAST (tgk_cast_c128_bool, TgkComplex128, bool, a != 0)
TGK_CAST (tgk_cast_c64_c64, TgkComplex64, TgkComplex64, a)
TGK_CAST (tgk_cast_c64_c128, TgkComplex64, TgkComplex128, (TgkComplex128) a)
TGK_CAST (tgk_cast_c128_c64, TgkComplex128, TgkComplex64, (TgkComplex64) a)
TGK_CAST (tgk_cast_c128_c128, TgkComplex128, TgkComplex128, a)

#undef TGK_CAST
#undef TGK_CASTS_TO_INTEGERS
#undef TGK_WRAP
#undef TGK_CASTS_FROM_INTEGER
#undef TGK_TRUNCATE
#undef TGK_CASTS_FROM_FLOAT
#undef TGK_CASTS_FROM_REAL
#undef TGK_CASTS_TO_HALF
