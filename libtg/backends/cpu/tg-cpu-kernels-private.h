/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

G_BEGIN_DECLS

/* The loops of operators over elements that follow each other in memory, compiled for one set of
 * instructions after the other.  Of reductions, accumulators follow each other too, or there is
 * one, with a stride of 0; those of operators that select, or sum products, are NULL. */
extern const TgReferenceKernel tg_cpu_kernels_baseline[TG_N_OPS][TG_N_DTYPES];
#ifdef TG_HAVE_X86_64_LEVELS
extern const TgReferenceKernel tg_cpu_kernels_v3[TG_N_OPS][TG_N_DTYPES];
extern const TgReferenceKernel tg_cpu_kernels_v4[TG_N_OPS][TG_N_DTYPES];
#endif

/* Those of softmax and its logarithm; see tg-cpu-softmax-loops.c. */
typedef struct
{
  TgInnerLoop add_powers;
  TgInnerLoop keep_powers;
  TgInnerLoop find_sums;
  TgInnerLoop find_logarithms;
  TgInnerLoop divide;
  TgInnerLoop subtract;
} TgCpuSoftmaxLoops;

/* For float32 and float64. */
extern const TgCpuSoftmaxLoops tg_cpu_softmax_baseline[2];
#ifdef TG_HAVE_X86_64_LEVELS
extern const TgCpuSoftmaxLoops tg_cpu_softmax_v3[2];
extern const TgCpuSoftmaxLoops tg_cpu_softmax_v4[2];
#endif

/* Those of products of a matrix and a vector, which are added to the result; strides and steps are
 * in elements. */
typedef struct
{
  /* One vector or two are multiplied with each row, whose elements follow each other, as theirs
   * do. */
  void (* multiply_rows) (gsize          n_rows,
                          gsize          n,
                          gconstpointer  matrix,
                          gint64         stride,
                          guint          n_vectors,
                          gconstpointer *vectors,
                          gpointer      *results,
                          gint64         step);

  /* Rows, each times an element of the vector, are added up; elements of the result follow each
   * other. */
  void (* add_rows)      (gsize          n_rows,
                          gsize          n,
                          gconstpointer  matrix,
                          gint64         stride,
                          gconstpointer  vector,
                          gint64         step,
                          gpointer       result);
} TgCpuProductLoops;

/* For float32 and float64. */
extern const TgCpuProductLoops tg_cpu_product_loops_baseline[2];
#ifdef TG_HAVE_X86_64_LEVELS
extern const TgCpuProductLoops tg_cpu_product_loops_v3[2];
extern const TgCpuProductLoops tg_cpu_product_loops_v4[2];
#endif

/* Those for the best instructions of this machine, or what the environment variable TG_CPU says:
 * x86-64, x86-64-v3 or x86-64-v4.  All compute the same bits. */
const TgReferenceKernel *tg_cpu_get_kernel  (TgOpId  op,
                                             TgDType dtype);

const TgCpuSoftmaxLoops *tg_cpu_get_softmax   (TgDType         dtype);
const TgCpuProductLoops *tg_cpu_get_product_loops (TgDType      dtype);

/* Whether the loop of a reduction knows the operand for what a sum has lost. */
gboolean                 tg_cpu_fold_has_rest (const TgOpInfo *op,
                                               TgDType         dtype);

/* Adds what the sum in an accumulator has lost, in the end. */
void                     tg_cpu_fold_add_rest (char           *accumulator,
                                               double          rest);

/* What a reduction may begin with, where there is such a number. */
gboolean                 tg_cpu_fold_get_init (const TgOpInfo *op,
                                               TgDType         dtype,
                                               double         *init);

/* The loop that folds accumulators of a reduction into others. */
TgInnerLoop              tg_cpu_fold_get_combination (const TgOpInfo *op,
                                                      TgDType         accumulator);

/* The name of those instructions. */
const char              *tg_cpu_get_level   (void);

/* The same where they are not all that this machine has, or NULL. */
const char              *tg_cpu_get_lower_level (void);

G_END_DECLS
