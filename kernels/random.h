/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Random numbers from a counter: any of them is found without those before.
 *
 * Philox 4x32 with ten rounds is by Salmon, Moraes, Dror and Shaw, Parallel
 * random numbers: as easy as 1, 2, 3 (SC11, 2011).
 */

/* The ten rounds of four words. counter and result may be the same array. */
static inline void
tgk_philox4x32_10 (const uint32_t counter[4], const uint32_t key[2], uint32_t result[4])
{
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
  uint32_t k0 = key[0], k1 = key[1];

  for (int round = 0; round < 10; round++)
    {
      uint64_t p0 = (uint64_t) 0xd2511f53u * c0;
      uint64_t p1 = (uint64_t) 0xcd9e8d57u * c2;

      c0 = (uint32_t) (p1 >> 32) ^ c1 ^ k0;
      c1 = (uint32_t) p1;
      c2 = (uint32_t) (p0 >> 32) ^ c3 ^ k1;
      c3 = (uint32_t) p0;

      /* The golden ratio and sqrt (3) - 1 make a Weyl sequence of the key. */
      k0 += 0x9e3779b9u;
      k1 += 0xbb67ae85u;
    }

  result[0] = c0;
  result[1] = c1;
  result[2] = c2;
  result[3] = c3;
}

/* In [0, 1), of 53 bits: all of high, and the upper 21 of low. */
static inline double
tgk_uniform_f64 (uint32_t high, uint32_t low)
{
  uint64_t bits = (uint64_t) high << 21 | low >> 11;

  return (double) bits * 0x1p-53;
}

/* In [0, 1), of 24 bits. */
static inline float
tgk_uniform_f32 (uint32_t word)
{
  return (float) (word >> 8) * 0x1p-24f;
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

  *first = radius * tgk_cos_f64 (angle);
  *second = radius * tgk_sin_f64 (angle);
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
