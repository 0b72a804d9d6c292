/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-graph.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgGraph *tg_graph_new_from_bytes (GBytes  *bytes,
                                  GError **error);

TG_AVAILABLE_IN_ALL
TgGraph *tg_graph_load (const char  *path,
                        GError     **error);

TG_AVAILABLE_IN_ALL
GBytes *tg_graph_to_bytes (TgGraph  *self,
                           GError  **error);

TG_AVAILABLE_IN_ALL
gboolean tg_graph_save (TgGraph     *self,
                        const char  *path,
                        GError     **error);

G_END_DECLS
