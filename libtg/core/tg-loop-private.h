/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-shape-private.h"

G_BEGIN_DECLS

#define TG_LOOP_MAX_OPERANDS 48

/* Runs `n` steps along one dimension of a loop; `data` may be changed freely. */
typedef void (* TgInnerLoop) (gsize         n,
                              char        **data,
                              const gint64 *strides,
                              gpointer      user_data);

/* The same for the two innermost dimensions: `n` steps along each of `n_rows`. */
typedef void (* TgPlaneLoop) (gsize         n,
                              gsize         n_rows,
                              char        **data,
                              const gint64 *strides,
                              const gint64 *row_strides,
                              gpointer      user_data);

/* Visits every element of `shape` once, in an order of its own that suits memory: dimensions are
 * sorted by stride and joined where possible.  strides[k] has `ndim` entries for operand k. */
void tg_loop_run      (gsize                ndim,
                       const gint64        *shape,
                       guint                n_operands,
                       char *const         *data,
                       const gint64 *const *strides,
                       TgInnerLoop          inner,
                       gpointer             user_data);

/* Visits the elements from `begin` up to `end`, counted in that order. */
void tg_loop_run_part (gsize                ndim,
                       const gint64        *shape,
                       guint                n_operands,
                       char *const         *data,
                       const gint64 *const *strides,
                       gsize                begin,
                       gsize                end,
                       TgInnerLoop          inner,
                       gpointer             user_data);

void tg_loop_run_planes (gsize                ndim,
                         const gint64        *shape,
                         guint                n_operands,
                         char *const         *data,
                         const gint64 *const *strides,
                         TgPlaneLoop          inner,
                         gpointer             user_data);

G_END_DECLS
