/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-graph.h"
#include "tg-print-private.h"

G_BEGIN_DECLS

TgGraph *tg_graph_new_named (const char        *name,
                             TgVariable *const *inputs,
                             gsize              n_inputs,
                             TgVariable *const *outputs,
                             gsize              n_outputs);

/* Adds a new value of a variable. */
void     tg_graph_add_update (TgGraph           *self,
                              TgVariable        *updated,
                              TgVariable        *value);

/* What there is to be printed; fills `results`, which it looks at. */
TgPrintable tg_graph_get_printable (TgGraph     *self,
                                    GPtrArray   *results);

G_END_DECLS
