/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-graph.h"

G_BEGIN_DECLS

TgGraph *tg_graph_new_named (const char        *name,
                             TgVariable *const *inputs,
                             gsize              n_inputs,
                             TgVariable *const *outputs,
                             gsize              n_outputs);

G_END_DECLS
