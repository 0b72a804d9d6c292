/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-contraction-private.h"
#include "tg-tensor-private.h"

G_BEGIN_DECLS

/* Sums of products as products of matrices: letters of x and the result are rows, those of y and
 * the result columns, those of x and y are summed over; for the others, and where there are several
 * of a kind, there is a loop around. */

enum { X, Y, RESULT, N_OPERANDS };

typedef enum { ROW, COLUMN, SUMMED, BATCH, N_KINDS } TgCpuLetterKind;

typedef struct
{
  gint64          size;
  gint64          strides[N_OPERANDS]; /* in elements */
  TgCpuLetterKind kind;
} TgCpuLetter;

typedef enum { MATRIX_MATRIX, MATRIX_VECTOR, VECTOR_MATRIX } TgCpuProductKind;

typedef struct
{
  TgDType          dtype;
  guint            n_letters;
  guint            n_summed;               /* of the letters, which are the first ones */
  TgCpuLetter      letters[TG_MAX_NDIM];
  TgCpuLetter      inner[BATCH];           /* of each kind but BATCH, those of the matrices */

  TgCpuProductKind kind;

  /* What products are multiplied by, and what they are added to, of the shape of the result, or
   * NULL: both of MATRIX_MATRIX alone. */
  double           factor;
  TgTensor        *addend;

  /* A second y and its result, which lie in memory as the first ones do, or NULL: where x is a
   * matrix, its rows follow each other along what is summed over, and y is a vector. */
  TgTensor        *second[N_OPERANDS];

  /* Of MATRIX_MATRIX, how these lie in memory. */
  gboolean         transposed[N_OPERANDS];
  gint64           leading[N_OPERANDS];
} TgCpuProduct;

/* FALSE where elements do not lie in memory as those of matrices do. */
gboolean tg_cpu_product_init     (TgCpuProduct        *self,
                                  const TgContraction *contraction,
                                  TgTensor *const     *tensors,
                                  const gint64        *sizes);

/* Whether it may have a second y. */
gboolean tg_cpu_product_may_pair (const TgCpuProduct  *self);

/* Puts products of matrices, of these sizes and at these places, into the result, or adds them to
 * what the first of them has put there. */
void     tg_cpu_product_multiply (const TgCpuProduct  *self,
                                  const TgCpuLetter    inner[BATCH],
                                  TgTensor *const     *tensors,
                                  const gint64         places[N_OPERANDS],
                                  gboolean             is_first);

G_END_DECLS
