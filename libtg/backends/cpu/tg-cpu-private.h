/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

G_BEGIN_DECLS

/* Elementwise operators in as few passes over memory as possible, by vector instructions;
 * reductions, products and draws by their own loops, and the rest as the reference backend does
 * it. */
extern const TgBackend tg_cpu_backend;

/* A tensor that has a shape, and one element in memory, which is a number. */
TgTensor *tg_cpu_make_hollow  (double               number,
                               TgDType              dtype,
                               const gint64        *shape,
                               guint                ndim,
                               GError             **error);

/* Such a one in place of what an elementwise operator or a sum of products computes. */
gboolean  tg_cpu_run_shape    (const TgProgram     *program,
                               const TgInstruction *instruction,
                               TgTensor           **slots,
                               const TgRunOptions  *options,
                               GError             **error);

TgTensor *tg_cpu_run_reduce   (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);
TgTensor *tg_cpu_run_contract (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);

/* A tensor plus a factor times what a sum of products computes; NULL, and nothing is done, where
 * that is no product of matrices, or has another shape, or is cancelled. */
TgTensor *tg_cpu_add_contract (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               double               factor,
                               TgTensor            *addend,
                               const TgRunOptions  *options);

/* Two products of matrices and vectors in one pass over the matrices; FALSE, and nothing is done,
 * where rows do not follow each other, the vectors lie otherwise, or that is cancelled. */
gboolean  tg_cpu_run_contract_pair (TgVariable          *variable,
                                    TgTensor            *x,
                                    TgTensor *const      ys[2],
                                    TgTensor            *results[2],
                                    const TgRunOptions  *options);

TgTensor *tg_cpu_run_draw     (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);

G_END_DECLS
