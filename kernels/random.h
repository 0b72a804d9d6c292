/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Random numbers from a counter: any of them is found without those before.
 *
 * Philox 4x32 with ten rounds is by Salmon, Moraes, Dror and Shaw, Parallel
 * random numbers: as easy as 1, 2, 3 (SC11, 2011).
 */

/*
 * The ten rounds of four words c, with a key of two, k: the words are the lower
 * halves of 64 bits, or of each element of vectors of these. What the upper
 * halves are does not matter; `multiply` is to multiply lower ones.
 */
#define TGK_PHILOX_4X32_10(type, multiply, c, k)                              \
  _Pragma ("GCC unroll 10")                                                   \
  for (int round = 0; round < 10; round++)                                    \
    {                                                                         \
      type p0 = multiply (c[0], 0xd2511f53u);                                 \
      type p1 = multiply (c[2], 0xcd9e8d57u);                                 \
                                                                              \
      c[0] = (p1 >> 32) ^ c[1] ^ k[0];                                        \
      c[1] = p1;                                                              \
      c[2] = (p0 >> 32) ^ c[3] ^ k[1];                                        \
      c[3] = p0;                                                              \
                                                                              \
      /* The golden ratio and sqrt (3) - 1 make a Weyl sequence of the key. */ \
      k[0] += 0x9e3779b9u;                                                    \
      k[1] += 0xbb67ae85u;                                                    \
    }

static inline uint64_t
tgk_multiply_lower (uint64_t a, uint32_t b)
{
  return (uint64_t) (uint32_t) a * b;
}

/* The same of one counter. counter and result may be the same array. */
static inline void
tgk_philox4x32_10 (const uint32_t counter[4], const uint32_t key[2], uint32_t result[4])
{
  uint64_t c[4] = { counter[0], counter[1], counter[2], counter[3] };
  uint32_t k[2] = { key[0], key[1] };

  TGK_PHILOX_4X32_10 (uint64_t, tgk_multiply_lower, c, k)

  for (int i = 0; i < 4; i++)
    result[i] = (uint32_t) c[i];
}

/*
 * In [0, 1), of 53 bits: all of high, and the upper 21 of low. They are the last
 * bits of 2^20 + high 2^-32 and of 1/2 + low 2^-53, and neither difference nor
 * sum is rounded.
 */
static inline double
tgk_uniform_f64 (uint32_t high, uint32_t low)
{
  double upper = tgk_of_bits_f64 (0x4130000000000000u | high) - 0x1p20;
  double lower = tgk_of_bits_f64 (0x3fe0000000000000u | low >> 11) - 0.5;

  return upper + lower;
}

/* In [0, 1), of 24 bits. */
static inline float
tgk_uniform_f32 (uint32_t word)
{
  return (float) (int32_t) (word >> 8) * 0x1p-24f;
}

/*
 * Two normal numbers of two uniform ones in [0, 1), after Box and Muller, A note
 * on the generation of random normal deviates (1958). 1 - u is in (0, 1], so the
 * logarithm is finite: none exceeds 8.6.
 */
static inline void
tgk_normal_pair_f64 (double u, double v, double *first, double *second)
{
  double radius = sqrt (-2.0 * tgk_log_f64 (1.0 - u));
  double angle = 0x1.921fb54442d18p+2 * v;

  *first = radius * tgk_cos_moderate_f64 (angle);
  *second = radius * tgk_sin_moderate_f64 (angle);
}

/* Likewise; of 24 bits none exceeds 5.8. */
static inline void
tgk_normal_pair_f32 (float u, float v, float *first, float *second)
{
  double a, b;

  tgk_normal_pair_f64 (u, v, &a, &b);
  *first = (float) a;
  *second = (float) b;
}
