/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * tgk_cast_<from>_<to> () for every pair of dtypes.
 *
 * A float becomes an integer without its fraction. One that does not fit, nan
 * and infinity included, becomes the least integer, as cvttsd2si of x86 gives.
 * An integer loses its upper bits. All but zero, nan too, is true.
 */

#define TGK_CASTS_TO_VALUE(to, T) \
  static inline T tgk_cast_bool_##to (bool a) { return (T) a; } \
  static inline T tgk_cast_i32_##to (int32_t a) { return (T) a; } \
  static inline T tgk_cast_i64_##to (int64_t a) { return (T) a; }

#define TGK_CASTS_TO_FLOAT(to, T) \
  TGK_CASTS_TO_VALUE (to, T) \
  static inline T tgk_cast_f32_##to (float a) { return (T) a; } \
  static inline T tgk_cast_f64_##to (double a) { return (T) a; }

#define TGK_CAST_TO_INTEGER(from, F, to, T, below, above, least) \
  static inline T tgk_cast_##from##_##to (F a) \
  { return a > (below) && a < (above) ? (T) a : (least); }

#define TGK_CAST_TO_BOOL(from, F) \
  static inline bool tgk_cast_##from##_bool (F a) { return a != 0; }

TGK_CASTS_TO_FLOAT (f64, double)
TGK_CASTS_TO_FLOAT (f32, float)
TGK_CASTS_TO_VALUE (i64, int64_t)
TGK_CASTS_TO_VALUE (i32, int32_t)

TGK_CAST_TO_BOOL (f64, double)
TGK_CAST_TO_BOOL (f32, float)
TGK_CAST_TO_BOOL (i64, int64_t)
TGK_CAST_TO_BOOL (i32, int32_t)
TGK_CAST_TO_BOOL (bool, bool)

/*
 * The floats below and above fit no more. Next to -2^63 and, in f32, -2^31 there
 * is no float with a fraction: the least integer itself is what is given anyway.
 */
TGK_CAST_TO_INTEGER (f64, double, i64, int64_t, -0x1p63, 0x1p63, INT64_MIN)
TGK_CAST_TO_INTEGER (f32, float, i64, int64_t, -0x1p63f, 0x1p63f, INT64_MIN)
TGK_CAST_TO_INTEGER (f64, double, i32, int32_t, -0x1.00000002p31, 0x1p31, INT32_MIN)
TGK_CAST_TO_INTEGER (f32, float, i32, int32_t, -0x1p31f, 0x1p31f, INT32_MIN)

#undef TGK_CASTS_TO_VALUE
#undef TGK_CASTS_TO_FLOAT
#undef TGK_CAST_TO_INTEGER
#undef TGK_CAST_TO_BOOL
