/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-backend.h"
#include "tg-loop-private.h"

G_BEGIN_DECLS

#define TG_CPU_MAX_PASSES 6
#define TG_CPU_MAX_PASS_OPERANDS 8

/* What a pass does with an operand. */
typedef enum
{
  TG_CPU_READ,
  TG_CPU_WRITE,
  TG_CPU_KNOW,       /* reads one that stays in its place along the chosen axes */
  TG_CPU_ACCUMULATE, /* reads and writes such a one */
} TgCpuRole;

/* A loop over all elements.  It is given those that follow each other in memory; operands that stay
 * in their place do that too, or all of them have a stride of 0. */
typedef struct
{
  TgInnerLoop loop;
  TgInnerLoop combine;      /* of one that accumulates in its first operand: folds what parts of the
                             * elements have made; or NULL */
  guint       n_operands;
  guint       operands[TG_CPU_MAX_PASS_OPERANDS];
  TgCpuRole   roles[TG_CPU_MAX_PASS_OPERANDS];
  gboolean    is_over_kept; /* it has no element along the chosen axes but the first */
  gboolean    takes_rows;   /* user_data is a TgReferenceAxis, of several rows, or NULL */
  gboolean    has_rest;     /* one more operand is what a sum that stays in its place has lost */
} TgCpuPass;

typedef struct
{
  TgDType       dtype;
  char         *data;
  const gint64 *strides; /* or NULL: what one pass leaves in the cache for the next */
} TgCpuOperand;

/* Passes over the same elements, one after the other: over as many of them at a time as stay in the
 * cache.  Operand 0 is what they go along in the order of its memory. */
typedef struct
{
  guint           ndim;
  const gint64   *shape;
  const gboolean *chosen;   /* the axes that operands stay in their place along */
  guint           n_passes;
  TgCpuPass       passes[TG_CPU_MAX_PASSES];
  guint           n_operands;
  TgCpuOperand    operands[TG_CPU_MAX_PASS_OPERANDS];
} TgCpuPasses;

gboolean tg_cpu_passes_run (const TgCpuPasses   *self,
                            const TgRunOptions  *options,
                            GError             **error);

G_END_DECLS
