/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Computes one operator of the values that its inputs have: of constants their own, of symbols and
 * of other operators their test values. */
TgTensor *tg_apply_values (TgVariable  *variable,
                           GError     **error);

G_END_DECLS
