/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-kernels-private.h"

/* Products of a matrix and a vector, compiled once for each instruction set.  They take no longer
 * than it takes to read the matrix; a few rows at a time, so that several streams come from memory.
 * A sum along a row goes by lanes of a fixed number, one across rows from row to row: its bits
 * depend neither on the width of vectors nor on how many rows are taken at a time. */

#define LANES_SIZE 64

#if defined (__AVX512F__)
#define WIDTH 64
#elif defined (__AVX__)
#define WIDTH 32
#else
#define WIDTH 16
#endif

/* Vectors for the lanes of a row, and rows whose lanes stay in registers. */
#define N_VECTORS (LANES_SIZE / WIDTH)
#define N_ROWS (8 / N_VECTORS)

/* Rows that are added at a time. */
#define N_ADDED 8

#define UNROLL _Pragma ("GCC unroll 8")

#define DEFINE_LOOPS(T)                                                       \
typedef T T##Vector __attribute__ ((vector_size (WIDTH), aligned (sizeof (T)), may_alias)); \
                                                                              \
static inline T                                                               \
sum_lanes_##T (T *lanes)                                                      \
{                                                                             \
  for (gsize half = LANES_SIZE / sizeof (T) / 2; half > 0; half /= 2)         \
    for (gsize k = 0; k < half; k++)                                          \
      lanes[k] += lanes[k + half];                                            \
                                                                              \
  return lanes[0];                                                            \
}                                                                             \
                                                                              \
static inline void                                                            \
multiply_few_##T (const gsize  n_rows,                                        \
                  const gsize  n_vectors,                                     \
                  gsize        n,                                             \
                  const T     *matrix,                                        \
                  gint64       stride,                                        \
                  const T     *vectors[2],                                    \
                  T           *results[2],                                    \
                  gint64       step)                                          \
{                                                                             \
  const gsize size = WIDTH / sizeof (T), n_lanes = N_VECTORS * size;          \
  const gsize n_whole = n - n % n_lanes;                                      \
  union { T##Vector vectors[N_VECTORS]; T lanes[LANES_SIZE / sizeof (T)]; } sums[2][N_ROWS]; \
                                                                              \
  UNROLL for (gsize k = 0; k < n_vectors; k++)                                \
    UNROLL for (gsize r = 0; r < n_rows; r++)                                 \
      UNROLL for (gsize v = 0; v < N_VECTORS; v++)                            \
        sums[k][r].vectors[v] = (T##Vector) { 0 };                            \
                                                                              \
  for (gsize i = 0; i < n_whole; i += n_lanes)                                \
    UNROLL for (gsize r = 0; r < n_rows; r++)                                 \
      UNROLL for (gsize v = 0; v < N_VECTORS; v++)                            \
        {                                                                     \
          const gsize place = i + v * size;                                   \
          const T##Vector x                                                   \
            = *(const T##Vector *) (matrix + (gint64) r * stride + place);    \
                                                                              \
          UNROLL for (gsize k = 0; k < n_vectors; k++)                        \
            sums[k][r].vectors[v] += x * *(const T##Vector *) (vectors[k] + place); \
        }                                                                     \
                                                                              \
  for (gsize k = 0; k < n_vectors; k++)                                       \
    for (gsize r = 0; r < n_rows; r++)                                        \
      {                                                                       \
        T sum = sum_lanes_##T (sums[k][r].lanes);                             \
                                                                              \
        for (gsize i = n_whole; i < n; i++)                                   \
          sum += matrix[(gint64) r * stride + (gint64) i] * vectors[k][i];    \
        results[k][(gint64) r * step] += sum;                                 \
      }                                                                       \
}                                                                             \
                                                                              \
static inline void                                                            \
multiply_all_##T (const gsize    n_together,                                  \
                  const gsize    n_vectors,                                   \
                  gsize          n_rows,                                      \
                  gsize          n,                                           \
                  const T       *rows,                                        \
                  gint64         stride,                                      \
                  gconstpointer *vectors,                                     \
                  gpointer      *results,                                     \
                  gint64         step)                                        \
{                                                                             \
  const T *given[] = { vectors[0], vectors[n_vectors - 1] };                  \
  T *sums[] = { results[0], results[n_vectors - 1] };                         \
                                                                              \
  for (gsize done = 0; done < n_rows;)                                        \
    {                                                                         \
      gsize n_done = done + n_together <= n_rows ? n_together : 1;            \
                                                                              \
      if (n_done > 1)                                                         \
        multiply_few_##T (n_together, n_vectors, n, rows, stride, given, sums, step); \
      else                                                                    \
        multiply_few_##T (1, n_vectors, n, rows, stride, given, sums, step);  \
                                                                              \
      done += n_done;                                                         \
      rows += (gint64) n_done * stride;                                       \
      for (gsize k = 0; k < n_vectors; k++)                                   \
        sums[k] += (gint64) n_done * step;                                    \
    }                                                                         \
}                                                                             \
                                                                              \
static void                                                                   \
multiply_rows_##T (gsize          n_rows,                                     \
                   gsize          n,                                          \
                   gconstpointer  matrix,                                     \
                   gint64         stride,                                     \
                   guint          n_vectors,                                  \
                   gconstpointer *vectors,                                    \
                   gpointer      *results,                                    \
                   gint64         step)                                       \
{                                                                             \
  if (n_vectors == 1)                                                         \
    multiply_all_##T (N_ROWS, 1, n_rows, n, matrix, stride, vectors, results, step); \
  else                                                                        \
    multiply_all_##T (MAX (N_ROWS / 2, 1), 2, n_rows, n, matrix, stride, vectors, results, \
                      step);                                                  \
}                                                                             \
                                                                              \
static inline void                                                            \
add_few_##T (const gsize  n_rows,                                             \
             gsize        n,                                                  \
             const T     *matrix,                                             \
             gint64       stride,                                             \
             const T     *vector,                                             \
             gint64       step,                                               \
             T           *result)                                             \
{                                                                             \
  const gsize size = WIDTH / sizeof (T);                                      \
  T factors[N_ADDED];                                                         \
  gsize i = 0;                                                                \
                                                                              \
  UNROLL for (gsize r = 0; r < n_rows; r++)                                   \
    factors[r] = vector[(gint64) r * step];                                   \
                                                                              \
  for (; i + size <= n; i += size)                                            \
    {                                                                         \
      T##Vector sum = *(const T##Vector *) (result + i);                      \
                                                                              \
      UNROLL for (gsize r = 0; r < n_rows; r++)                               \
        sum += *(const T##Vector *) (matrix + (gint64) r * stride + i) * factors[r]; \
      *(T##Vector *) (result + i) = sum;                                      \
    }                                                                         \
                                                                              \
  for (; i < n; i++)                                                          \
    UNROLL for (gsize r = 0; r < n_rows; r++)                                 \
      result[i] += matrix[(gint64) r * stride + (gint64) i] * factors[r];     \
}                                                                             \
                                                                              \
static void                                                                   \
add_rows_##T (gsize          n_rows,                                          \
              gsize          n,                                               \
              gconstpointer  matrix,                                          \
              gint64         stride,                                          \
              gconstpointer  vector,                                          \
              gint64         step,                                            \
              gpointer       result)                                          \
{                                                                             \
  const T *rows = matrix;                                                     \
  const T *factors = vector;                                                  \
                                                                              \
  for (; n_rows >= N_ADDED; n_rows -= N_ADDED)                                \
    {                                                                         \
      add_few_##T (N_ADDED, n, rows, stride, factors, step, result);          \
      rows += N_ADDED * stride;                                               \
      factors += N_ADDED * step;                                              \
    }                                                                         \
                                                                              \
  for (; n_rows > 0; n_rows--)                                                \
    {                                                                         \
      add_few_##T (1, n, rows, stride, factors, step, result);                \
      rows += stride;                                                         \
      factors += step;                                                        \
    }                                                                         \
}

DEFINE_LOOPS (float)
DEFINE_LOOPS (double)

const TgCpuProductLoops TG_PRODUCT_LOOPS[] = {
  { multiply_rows_float, add_rows_float },
  { multiply_rows_double, add_rows_double },
};
