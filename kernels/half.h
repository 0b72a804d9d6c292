/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Floating point of 16 bits, which is stored, not computed with: binary16 of IEEE
 * 754 has 11 bits of significand, bfloat16 has 8 and is the upper half of a
 * binary32. Numbers are rounded once, to the nearest, half to even.
 */

typedef uint16_t TgkFloat16;
typedef uint16_t TgkBfloat16;

/* The nearest number with so many digits, none of which stands for less than 2^least. */
static inline double
tgk_round_to_digits (double a, int digits, int least)
{
  int exponent;
  double quantum;

  if (a == 0 || !(fabs (a) < (double) INFINITY))
    return a;

  (void) frexp (a, &exponent);
  quantum = ldexp (1.0, exponent - digits > least ? exponent - digits : least);
  return rint (a / quantum) * quantum;
}

static inline float
tgk_f32_of_f16 (TgkFloat16 a)
{
  uint32_t exponent = (uint32_t) a >> 10 & 0x1f;
  uint32_t fraction = a & 0x3ffu;
  uint32_t bits = exponent == 0x1f ? 0x7f800000 | fraction << 13
                                   : (exponent + 112) << 23 | fraction << 13;
  float magnitude;

  memcpy (&magnitude, &bits, sizeof bits);
  if (exponent == 0)
    magnitude = (float) fraction * 0x1p-24f;

  return a >> 15 ? -magnitude : magnitude;
}

static inline TgkFloat16
tgk_f16_of_f64 (double a)
{
  uint16_t sign = signbit (a) ? 0x8000 : 0;
  double magnitude = fabs (tgk_round_to_digits (a, 11, -24));
  uint32_t bits;
  float exact;

  if (magnitude != magnitude)
    return sign | 0x7e00;
  if (magnitude > 65504)
    return sign | 0x7c00;
  if (magnitude < 0x1p-14)
    return sign | (uint16_t) (magnitude * 0x1p24);

  exact = (float) magnitude;
  memcpy (&bits, &exact, sizeof bits);
  return sign | (uint16_t) ((bits - (112u << 23)) >> 13);
}

static inline float
tgk_f32_of_bf16 (TgkBfloat16 a)
{
  uint32_t bits = (uint32_t) a << 16;
  float value;

  memcpy (&value, &bits, sizeof bits);
  return value;
}

static inline TgkBfloat16
tgk_bf16_of_f64 (double a)
{
  float exact = (float) tgk_round_to_digits (a, 8, -133);
  uint32_t bits;

  memcpy (&bits, &exact, sizeof bits);
  return a == a ? (uint16_t) (bits >> 16) : (uint16_t) (bits >> 16 | 0x40);
}
