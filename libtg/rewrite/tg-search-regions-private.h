/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Into which clusters a graph falls, for the search. */
typedef struct
{
  GPtrArray  *order;      /* borrowed */
  GHashTable *stops;      /* what no cluster looks into, or NULL; borrowed */
  GHashTable *regions;    /* TgVariable → GArray of guint: what a cluster that ends at it contains,
                           * and takes, by their places in the order; its own is the last one */
  GHashTable *roots;      /* TgVariable where clusters end */
  GHashTable *cuts;       /* those of them that other clusters do not look through */
  GHashTable *conditions; /* truth values by which something inside a cluster is chosen */
} TgRegions;

/* The variables are in an order in which inputs come before what uses them. */
void     tg_regions_init         (TgRegions  *self,
                                  GPtrArray  *order,
                                  GPtrArray  *outputs,
                                  GHashTable *stops);
void     tg_regions_clear        (TgRegions  *self);

/* Whether clusters may contain a variable at all. */
gboolean tg_regions_takes        (TgRegions  *self,
                                  TgVariable *variable);

/* Whether a variable is inside the region of the one that uses it. */
gboolean tg_regions_goes_through (TgRegions  *self,
                                  TgVariable *user,
                                  TgVariable *input);

G_END_DECLS
