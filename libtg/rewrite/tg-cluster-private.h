/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-formula-private.h"
#include "tg-rewriter-private.h"

G_BEGIN_DECLS

/* Larger regions are cut. */
#define TG_CLUSTER_MAX_ITEMS 40

/* A region of elementwise operators, computed in one dtype, as a formula of what it is made
 * from. */
typedef struct
{
  TgVariable *root;
  TgFormula  *formula;
  GPtrArray  *leaves; /* TgVariable; borrowed */
  TgRange    *ranges; /* of leaves */
} TgCluster;

/* Whether a variable is an operator that clusters are made of. */
gboolean    tg_cluster_takes  (TgVariable      *variable);

/* Whether two such operators can be of one region: they compute in one dtype, or in none. */
gboolean    tg_cluster_joins  (TgVariable      *user,
                               TgVariable      *input);

/* The region that ends in `root`, up to what is in `stops`; NULL where there is none that is worth
 * a look. */
TgCluster  *tg_cluster_new    (TgVariable      *root,
                               GHashTable      *stops,
                               const TgFacts   *facts);
void        tg_cluster_free   (TgCluster       *self);

/* Two clusters that have the same key have the same formula, and leaves of the same ranges. */
GBytes     *tg_cluster_get_key (const TgCluster *self);

/* The variable that computes another formula of the same leaves in the place of the root; borrowed
 * from the rewriter.  NULL where it would not be of the same type. */
TgVariable *tg_cluster_build  (const TgCluster *self,
                               const TgFormula *formula,
                               TgRewriter      *rewriter);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgCluster, tg_cluster_free)

G_END_DECLS
