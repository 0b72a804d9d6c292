/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-rule-function-private.h"

G_BEGIN_DECLS

/* What is left of one axis, as Python's notation has it. */
typedef struct
{
  gboolean is_cut;
  gint64   start;
  gint64   stop;
  gint64   step;
} TgCut;

/* Reads the cuts of all axes, by what the operator "slice" takes after its first input: start,
 * stop, axis, step; FALSE where one is not known before a function runs. */
gboolean    tg_cuts_read         (const TgRuleArgument *arguments,
                                  TgCut                 cuts[TG_MAX_NDIM]);

/* The slice of `x`, which is `x` where nothing is cut.  Borrowed, or NULL. */
TgVariable *tg_rewriter_slice    (TgRewriter           *self,
                                  TgVariable           *x,
                                  const TgCut           cuts[TG_MAX_NDIM]);

/* What is at a position of an axis of `x`; borrowed, or NULL. */
TgVariable *tg_rewriter_index    (TgRewriter           *self,
                                  TgVariable           *x,
                                  TgVariable           *position,
                                  gint64                axis);
TgVariable *tg_rewriter_index_at (TgRewriter           *self,
                                  TgVariable           *x,
                                  gint64                position,
                                  gint64                axis);

G_END_DECLS
