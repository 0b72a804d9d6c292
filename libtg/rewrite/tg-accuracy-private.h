/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-accuracy.h"

#include "tg-cluster-private.h"

G_BEGIN_DECLS

/* Errors of one form over a sample, in bits. */
typedef struct
{
  double  mean;
  double  worst;
  double *point;   /* of the worst: a number for each leaf */
  guint   n_known; /* points at which the truth is known */
} TgErrors;

/* A region of elementwise operators, as it is written and as it is optimised. */
typedef struct
{
  TgVariable *written;   /* of 0-d symbols that have the names of what the region takes */
  TgVariable *optimised;
  GPtrArray  *symbols;   /* TgVariable */
  TgErrors    before;
  TgErrors    after;
  GPtrArray  *nodes;     /* TgAccuracyNode */
} TgAccuracySection;

TgAccuracySection *tg_accuracy_section_new  (const TgCluster    *cluster);
void               tg_accuracy_section_free (TgAccuracySection  *self);

TgAccuracyNode    *tg_accuracy_node_new     (TgVariable         *variable,
                                             double              local_error,
                                             double              total_error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgAccuracySection, tg_accuracy_section_free)

G_END_DECLS
