/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-product-private.h"

#include <cblas.h>
#include <string.h>

#include "tg-cpu-code-private.h"
#include "tg-cpu-kernels-private.h"

/* Elements of a row that are multiplied at a time: those of the vector stay in the cache. */
#define BLOCK 2048
#define MAX_SIZE 8

typedef struct
{
  const char *matrix;
  gint64      row_stride;    /* in elements, as all strides are here */
  guint       n_vectors;
  const char *vectors[2];
  gint64      vector_stride;
  char       *results[2];
  gint64      result_stride;
} Vectors;

/* A vector of which elements that follow each other are wanted. */
static gpointer
gather (char       *room,
        const char *data,
        gint64      stride,
        gint64      size,
        gsize       n)
{
  if (stride == 1)
    return (gpointer) data;

  tg_cpu_move (room, size, data, stride * size, (gsize) size, n);

  return room;
}

static void
clear (const Vectors *self,
       gint64         size,
       gint64         n)
{
  for (guint k = 0; k < self->n_vectors; k++)
    {
      if (self->result_stride == 1)
        memset (self->results[k], 0, (gsize) (n * size));
      else
        for (gint64 i = 0; i < n; i++)
          memset (self->results[k] + i * self->result_stride * size, 0, (gsize) size);
    }
}

/* The products of vectors with rows, so many elements of each. */
static void
multiply_rows (const TgCpuProductLoops *loops,
               const Vectors           *self,
               gint64                   size,
               gint64                   n_rows,
               gint64                   n)
{
  char room[2][BLOCK * MAX_SIZE] __attribute__ ((aligned (64)));

  for (gint64 begin = 0; begin < n; begin += BLOCK)
    {
      gsize n_elements = (gsize) MIN (n - begin, BLOCK);
      gconstpointer vectors[2];

      for (guint k = 0; k < self->n_vectors; k++)
        vectors[k] = gather (room[k], self->vectors[k] + begin * self->vector_stride * size,
                             self->vector_stride, size, n_elements);

      loops->multiply_rows ((gsize) n_rows, n_elements, self->matrix + begin * size,
                            self->row_stride, self->n_vectors, vectors,
                            (gpointer[]) { self->results[0], self->results[1] },
                            self->result_stride);
    }
}

/* The sum of rows, each times an element of a vector.  The last one comes first: where the matrix
 * was just multiplied with something, as before a gradient, the last rows are in the cache. */
static void
add_rows (const TgCpuProductLoops *loops,
          const Vectors           *self,
          gint64                   size,
          gint64                   n_rows,
          gint64                   n)
{
  char room[BLOCK * MAX_SIZE] __attribute__ ((aligned (64)));
  const char *last = self->matrix + (n_rows - 1) * self->row_stride * size;
  const char *factor = self->vectors[0] + (n_rows - 1) * self->vector_stride * size;

  for (gint64 begin = 0; begin < n; begin += BLOCK)
    {
      gsize n_elements = (gsize) MIN (n - begin, BLOCK);
      char *target = self->results[0] + begin * self->result_stride * size;
      char *sums = gather (room, target, self->result_stride, size, n_elements);

      loops->add_rows ((gsize) n_rows, n_elements, last + begin * size, -self->row_stride, factor,
                       -self->vector_stride, sums);
      if (sums != target)
        tg_cpu_move (target, self->result_stride * size, sums, size, (gsize) size, n_elements);
    }
}

static void
multiply_vector (const TgCpuProduct *self,
                 const TgCpuLetter   inner[BATCH],
                 char *const         data[N_OPERANDS],
                 const gint64        places[N_OPERANDS],
                 gboolean            is_first)
{
  const TgCpuProductLoops *loops = tg_cpu_get_product_loops (self->dtype);
  gint64 size = (gint64) tg_dtype_get_size (self->dtype);
  guint matrix = self->kind == MATRIX_VECTOR ? X : Y;
  guint vector = self->kind == MATRIX_VECTOR ? Y : X;
  const TgCpuLetter *kept = &inner[self->kind == MATRIX_VECTOR ? ROW : COLUMN];
  const TgCpuLetter *summed = &inner[SUMMED];
  Vectors vectors = {
    data[matrix], kept->strides[matrix], 1, { data[vector], NULL }, summed->strides[vector],
    { data[RESULT], NULL }, kept->strides[RESULT],
  };

  if (self->second[Y] != NULL)
    {
      vectors.n_vectors = 2;
      vectors.vectors[1] = self->second[Y]->data + places[Y] * size;
      vectors.results[1] = self->second[RESULT]->data + places[RESULT] * size;
    }

  if (is_first)
    clear (&vectors, size, kept->size);

  if (summed->size == 1 || summed->strides[matrix] == 1)
    {
      multiply_rows (loops, &vectors, size, kept->size, summed->size);
      return;
    }

  vectors.row_stride = summed->strides[matrix];
  add_rows (loops, &vectors, size, summed->size, kept->size);
}

/* A tile of the result begins with what is added to it. */
static void
copy_addend (const TgCpuProduct *self,
             const TgCpuLetter   inner[BATCH],
             char               *result,
             gint64              place)
{
  gint64 size = (gint64) tg_dtype_get_size (self->dtype);
  gboolean is_turned = self->transposed[RESULT];
  const char *addend = self->addend->data + place * size;

  for (gint64 i = 0; i < inner[is_turned ? COLUMN : ROW].size; i++)
    memcpy (result + i * self->leading[RESULT] * size, addend + i * self->leading[RESULT] * size,
            (gsize) (inner[is_turned ? ROW : COLUMN].size * size));
}

static CBLAS_TRANSPOSE
get_transpose (gboolean is_transposed)
{
  return is_transposed ? CblasTrans : CblasNoTrans;
}

#define DEFINE_MULTIPLY(T, prefix)                                            \
static void                                                                   \
multiply_##prefix (const TgCpuProduct *self,                                  \
                   const TgCpuLetter   inner[BATCH],                          \
                   char *const         data[N_OPERANDS],                      \
                   gboolean            is_added)                              \
{                                                                             \
  gboolean is_turned = self->transposed[RESULT];                              \
                                                                              \
  cblas_##prefix##gemm (is_turned ? CblasColMajor : CblasRowMajor,            \
                        get_transpose (self->transposed[X] != is_turned),     \
                        get_transpose (self->transposed[Y] != is_turned),     \
                        (int) inner[ROW].size, (int) inner[COLUMN].size,      \
                        (int) inner[SUMMED].size, (T) self->factor,           \
                        (const T *) (gpointer) data[X], (int) self->leading[X], \
                        (const T *) (gpointer) data[Y], (int) self->leading[Y], \
                        is_added ? 1 : 0,                                     \
                        (T *) (gpointer) data[RESULT], (int) self->leading[RESULT]); \
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
                         const gint64        places[N_OPERANDS],
                         gboolean            is_first)
{
  static GOnce once = G_ONCE_INIT;
  gint64 size = (gint64) tg_dtype_get_size (self->dtype);
  char *data[N_OPERANDS];

  for (guint t = 0; t < N_OPERANDS; t++)
    data[t] = tensors[t]->data + places[t] * size;

  if (self->kind != MATRIX_MATRIX)
    {
      multiply_vector (self, inner, data, places, is_first);
      return;
    }

  g_once (&once, set_threads, NULL);
  if (is_first && self->addend != NULL)
    copy_addend (self, inner, data[RESULT], places[RESULT]);

  if (self->dtype == TG_DTYPE_FLOAT32)
    multiply_s (self, inner, data, !is_first || self->addend != NULL);
  else
    multiply_d (self, inner, data, !is_first || self->addend != NULL);
}
