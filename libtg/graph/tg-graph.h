/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_GRAPH (tg_graph_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgGraph, tg_graph, TG, GRAPH, GObject)

TG_AVAILABLE_IN_ALL
TgGraph *tg_graph_new (TgVariable *const *inputs,
                       gsize              n_inputs,
                       TgVariable *const *outputs,
                       gsize              n_outputs);

TG_AVAILABLE_IN_ALL
guint tg_graph_get_n_inputs (TgGraph *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_graph_get_input (TgGraph *self,
                                guint    index);

TG_AVAILABLE_IN_ALL
guint tg_graph_get_n_outputs (TgGraph *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_graph_get_output (TgGraph *self,
                                 guint    index);

TG_AVAILABLE_IN_ALL
guint tg_graph_get_n_updates (TgGraph *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_graph_get_updated (TgGraph *self,
                                  guint    index);

TG_AVAILABLE_IN_ALL
TgVariable *tg_graph_get_new_value (TgGraph *self,
                                    guint    index);

TG_AVAILABLE_IN_ALL
char *tg_graph_to_string (TgGraph *self);

TG_AVAILABLE_IN_ALL
char *tg_graph_to_dot (TgGraph *self);

G_END_DECLS
