/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* The sums and differences of floats that may cancel, since both terms are rounded and may be of
 * the size of each other: TgVariable. */
GPtrArray *tg_lint (TgVariable *const *outputs,
                    guint              n_outputs);

G_END_DECLS
