/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-search-private.h"

G_BEGIN_DECLS

/* What searches under some options have found, in this process or one before: a search takes
 * milliseconds.  What is recalled is what would be found. */
typedef struct _TgSearchMemory TgSearchMemory;

TgSearchMemory *tg_search_memory_new    (const TgRewriteOptions *options,
                                         TgSearchFlags           flags);
void            tg_search_memory_free   (TgSearchMemory         *self);

/* Of a cluster with that key, which computes what is written; FALSE where nothing is known. */
gboolean        tg_search_memory_recall (TgSearchMemory         *self,
                                         GBytes                 *cluster,
                                         const TgFormula        *written,
                                         TgFormula             **found,
                                         TgSearchResult         *result);

/* Keeps what was found, or that nothing was, which is NULL. */
void            tg_search_memory_keep   (TgSearchMemory         *self,
                                         GBytes                 *cluster,
                                         const TgFormula        *found,
                                         const TgSearchResult   *result);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgSearchMemory, tg_search_memory_free)

G_END_DECLS
