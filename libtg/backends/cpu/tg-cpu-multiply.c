/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-product-private.h"

#include <cblas.h>

static int
get_step (const TgCpuLetter *letter,
          guint         operand)
{
  return letter->size == 1 ? 1 : (int) letter->strides[operand];
}

static CBLAS_TRANSPOSE
get_transpose (gboolean is_transposed)
{
  return is_transposed ? CblasTrans : CblasNoTrans;
}

/* Adds products to the result. */
#define DEFINE_MULTIPLY(T, prefix)                                            \
static void                                                                   \
multiply_vector_##prefix (const TgCpuProduct *self,                           \
                          guint               matrix,                         \
                          const TgCpuLetter  *rows,                           \
                          const TgCpuLetter  *columns,                        \
                          const T            *a,                              \
                          const T            *x,                              \
                          int                 x_step,                         \
                          T                  *result,                         \
                          int                 result_step,                    \
                          gboolean            by_columns)                     \
{                                                                             \
  gboolean is_transposed = self->transposed[matrix];                          \
                                                                              \
  cblas_##prefix##gemv (CblasRowMajor, get_transpose (is_transposed != by_columns), \
                        (int) (is_transposed ? columns : rows)->size,         \
                        (int) (is_transposed ? rows : columns)->size, 1, a,   \
                        (int) self->leading[matrix], x, x_step, 1, result, result_step); \
}                                                                             \
                                                                              \
static void                                                                   \
multiply_##prefix (const TgCpuProduct *self,                                  \
                   const TgCpuLetter   inner[BATCH],                          \
                   const T            *x,                                     \
                   const T            *y,                                     \
                   T                  *result)                                \
{                                                                             \
  const TgCpuLetter *m = &inner[ROW], *n = &inner[COLUMN], *k = &inner[SUMMED]; \
  gboolean is_turned = self->transposed[RESULT];                              \
                                                                              \
  if (self->kind == MATRIX_VECTOR)                                            \
    multiply_vector_##prefix (self, X, m, k, x, y, get_step (k, Y), result,   \
                              get_step (m, RESULT), FALSE);                   \
  else if (self->kind == VECTOR_MATRIX)                                       \
    multiply_vector_##prefix (self, Y, k, n, y, x, get_step (k, X), result,   \
                              get_step (n, RESULT), TRUE);                    \
  else                                                                        \
    cblas_##prefix##gemm (is_turned ? CblasColMajor : CblasRowMajor,          \
                          get_transpose (self->transposed[X] != is_turned),   \
                          get_transpose (self->transposed[Y] != is_turned),   \
                          (int) m->size, (int) n->size, (int) k->size, 1,     \
                          x, (int) self->leading[X], y, (int) self->leading[Y], 1, \
                          result, (int) self->leading[RESULT]);               \
}

DEFINE_MULTIPLY (float, s)
DEFINE_MULTIPLY (double, d)

/* The threads of OpenBLAS spin on after each product, and take the time of others. */
static gpointer
set_threads (gpointer data G_GNUC_UNUSED)
{
  openblas_set_num_threads (1);

  return NULL;
}

void
tg_cpu_product_multiply (const TgCpuProduct *self,
                         const TgCpuLetter   inner[BATCH],
                         TgTensor *const    *tensors,
                         const gint64        places[N_OPERANDS])
{
  static GOnce once = G_ONCE_INIT;
  gpointer data[] = { tensors[X]->data, tensors[Y]->data, tensors[RESULT]->data };

  g_once (&once, set_threads, NULL);
  if (self->dtype == TG_DTYPE_FLOAT32)
    multiply_s (self, inner, (const float *) data[X] + places[X],
                (const float *) data[Y] + places[Y], (float *) data[RESULT] + places[RESULT]);
  else
    multiply_d (self, inner, (const double *) data[X] + places[X],
                (const double *) data[Y] + places[Y], (double *) data[RESULT] + places[RESULT]);
}
