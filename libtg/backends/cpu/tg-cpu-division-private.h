/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-pool-private.h"
#include "tg-loop-private.h"
#include "tg-tensor-private.h"

G_BEGIN_DECLS

/* Where a part begins, of so many that are equally large, or nearly so. */
static inline gint64
tg_cpu_find_begin (gint64 size,
                   gint64 n_parts,
                   gint64 part)
{
  return size / n_parts * part + MIN (part, size % n_parts);
}

/* What a reduction goes over, and what it adds up in. */
typedef struct
{
  guint           ndim;
  const gint64   *shape;
  const gint64   *reaches;      /* how far in memory a step along each axis goes */
  const gboolean *chosen;       /* the axes that accumulators stay in their place along */
  gsize           n_steps;      /* that each element takes */
  TgDType         dtype;        /* of accumulators, which follow each other */
  char           *accumulators;
  TgInnerLoop     combine;      /* folds some into others; NULL where they must stay whole */
} TgCpuReduction;

/* A part of it: some of the elements along one axis. */
typedef struct
{
  guint   axis;
  gint64  begin;
  gint64  shape[TG_MAX_NDIM];
  char   *accumulators; /* of its own, or NULL where those of the reduction are */
} TgCpuPart;

typedef gboolean (* TgCpuPartFunc) (const TgCpuPart  *part,
                                    gpointer          user_data,
                                    GError          **error);

/* Whether the accumulators of parts would have to be combined: then each pass over the elements is
 * one reduction of its own. */
gboolean tg_cpu_reduction_is_folded (const TgCpuReduction  *self);

/* Runs all parts, by several threads where it is worth that. */
gboolean tg_cpu_reduction_run       (const TgCpuReduction  *self,
                                     TgCpuPartFunc          func,
                                     gpointer               user_data,
                                     const TgRunOptions    *options,
                                     GError               **error);

G_END_DECLS
