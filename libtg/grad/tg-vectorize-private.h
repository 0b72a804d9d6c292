/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-attribute-private.h"
#include "tg-vectorize.h"

G_BEGIN_DECLS

/* A node on its way to have one more axis, in front: the batch. */
typedef struct
{
  TgVariable  *node;
  TgVariable **inputs;     /* what stands for those of the node */
  gboolean    *is_batched; /* which of them have the axis */
  TgVariable  *size;       /* how long it is, 0-d */
  gboolean     shared;     /* set by a rule whose result is the same all along the batch */
} TgBatch;

typedef TgVariable *(* TgBatchRule) (TgBatch  *batch,
                                     GError  **error);

/* Sets an error: the input differs along the batch, and there is no rule for that; NULL. */
gpointer     tg_batch_fail         (TgBatch        *batch,
                                    const char     *input,
                                    GError        **error);

/* Whether positions may differ along the batch. */
gboolean     tg_batch_takes_positions (TgBatch     *batch);

/* The rule of the operator, or NULL. */
TgBatchRule  tg_batch_find_rule    (const TgOpInfo *op);

TgVariable  *tg_batch_elementwise  (TgBatch        *batch,
                                    GError        **error);
TgVariable  *tg_batch_reduce       (TgBatch        *batch,
                                    GError        **error);
TgVariable  *tg_batch_contract     (TgBatch        *batch,
                                    GError        **error);

TgVariable  *tg_batch_with_gradient (TgBatch       *batch,
                                     GError       **error);

/* The variable with `n_axes` axes of size 1 behind the first. */
TgVariable  *tg_batch_insert_axes  (TgVariable     *variable,
                                    guint           n_axes,
                                    GError        **error);

/* The variable, repeated along a new axis in front. */
TgVariable  *tg_batch_repeat       (TgVariable     *variable,
                                    TgVariable     *size,
                                    GError        **error);

/* The same operator with attributes of which those called `axis` are one larger. */
TgVariable  *tg_batch_shift_axes   (TgVariable         *node,
                                    TgVariable *const  *inputs,
                                    GError            **error);

G_END_DECLS
