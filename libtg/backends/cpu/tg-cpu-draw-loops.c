/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-draw-private.h"

#ifdef __SSE2__
# include <immintrin.h>
#endif

/* The loops of draws, compiled once for each instruction set, as those of operators are.  They
 * compute the bits of the kernels that the reference backend calls. */

/* That nothing is left of whole vectors must be seen here. */
#define LOOP                                                                  \
  _Pragma ("GCC ivdep")                                                       \
  for (gsize i = 0; i < n_blocks / TG_CPU_DRAW_MULTIPLE * TG_CPU_DRAW_MULTIPLE; i++)

/* Each element has a word of another counter in its lower half.  That processors multiply lower
 * halves of vectors, compilers do not see by themselves. */
#if defined __AVX512F__
# define LANES 8
# define MULTIPLY(a, b) ((Words) _mm512_mul_epu32 ((__m512i) (a), (__m512i) (b)))
#elif defined __AVX2__
# define LANES 4
# define MULTIPLY(a, b) ((Words) _mm256_mul_epu32 ((__m256i) (a), (__m256i) (b)))
#elif defined __SSE2__
# define LANES 2
# define MULTIPLY(a, b) ((Words) _mm_mul_epu32 ((__m128i) (a), (__m128i) (b)))
#else
# define LANES 2
# define MULTIPLY(a, b) (((a) & G_MAXUINT32) * ((b) & G_MAXUINT32))
#endif

typedef guint64 Words __attribute__ ((vector_size (LANES * sizeof (guint64))));

static inline Words
repeat (guint32 word)
{
  return (Words) { 0 } + word;
}

static inline Words
multiply_lower (Words   a,
                guint32 b)
{
  return MULTIPLY (a, repeat (b));
}

static void
make_words (gsize           n_blocks,
            const TgkDraws *draws,
            TgCpuDrawWords  words)
{
  Words numbers;

  for (guint k = 0; k < LANES; k++)
    numbers[k] = k;

  for (guint32 i = 0; i < n_blocks; i += LANES)
    {
      Words counters[4] = { numbers + repeat (draws->counter[0] + i), repeat (draws->counter[1]),
                            repeat (draws->counter[2]), repeat (draws->counter[3]) };
      guint32 key[2] = { draws->key[0], draws->key[1] };

      TGK_PHILOX_4X32_10 (Words, multiply_lower, counters, key)

      for (guint k = 0; k < 4; k++)
        memcpy (&words[k][i], &counters[k], sizeof (Words));
    }
}

static void
make_uniform_f64 (gsize          n_blocks,
                  TgCpuDrawWords words,
                  guint32        bits G_GNUC_UNUSED,
                  gpointer       numbers)
{
  double *out = numbers;

  LOOP
    {
      out[2 * i] = tgk_uniform_f64 ((guint32) words[0][i], (guint32) words[1][i]);
      out[2 * i + 1] = tgk_uniform_f64 ((guint32) words[2][i], (guint32) words[3][i]);
    }
}

static void
make_uniform_f32 (gsize          n_blocks,
                  TgCpuDrawWords words,
                  guint32        bits,
                  gpointer       numbers)
{
  float *out = numbers;

  LOOP
    {
      out[4 * i] = tgk_uniform_f32 ((guint32) words[0][i] & bits);
      out[4 * i + 1] = tgk_uniform_f32 ((guint32) words[1][i] & bits);
      out[4 * i + 2] = tgk_uniform_f32 ((guint32) words[2][i] & bits);
      out[4 * i + 3] = tgk_uniform_f32 ((guint32) words[3][i] & bits);
    }
}

static void
make_normal_f64 (gsize          n_blocks,
                 TgCpuDrawWords words,
                 guint32        bits G_GNUC_UNUSED,
                 gpointer       numbers)
{
  double *out = numbers;

  LOOP
    tgk_normal_pair_f64 (tgk_uniform_f64 ((guint32) words[0][i], (guint32) words[1][i]),
                         tgk_uniform_f64 ((guint32) words[2][i], (guint32) words[3][i]),
                         &out[2 * i], &out[2 * i + 1]);
}

static void
make_normal_f32 (gsize          n_blocks,
                 TgCpuDrawWords words,
                 guint32        bits G_GNUC_UNUSED,
                 gpointer       numbers)
{
  float *out = numbers;

  LOOP
    {
      tgk_normal_pair_f32 (tgk_uniform_f32 ((guint32) words[0][i]),
                           tgk_uniform_f32 ((guint32) words[1][i]),
                           &out[4 * i], &out[4 * i + 1]);
      tgk_normal_pair_f32 (tgk_uniform_f32 ((guint32) words[2][i]),
                           tgk_uniform_f32 ((guint32) words[3][i]),
                           &out[4 * i + 2], &out[4 * i + 3]);
    }
}

const TgCpuDrawLoops TG_DRAW_LOOPS = {
  make_words, make_uniform_f64, make_uniform_f32, make_normal_f64, make_normal_f32,
};
