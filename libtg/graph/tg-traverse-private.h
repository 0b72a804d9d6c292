/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* All variables that `outputs` need, inputs before their users, each once; borrowed.  Nothing
 * behind a variable of `stops` is visited. */
GPtrArray  *tg_traverse    (TgVariable *const *outputs,
                            gsize              n_outputs,
                            GHashTable        *stops);

/* Copies of `outputs`, in which the keys of `replacements` stand for their values, and everything
 * that depends on them is made anew. */
GPtrArray  *tg_substitute  (TgVariable *const  *outputs,
                            gsize               n_outputs,
                            GHashTable         *replacements,
                            GError            **error);

G_END_DECLS
