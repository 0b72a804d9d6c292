/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

/**
 * TgDisconnectedInputs:
 * @TG_DISCONNECTED_INPUTS_RAISE: an error
 * @TG_DISCONNECTED_INPUTS_IGNORE: a gradient of zeros
 *
 * What becomes of a variable that a cost does not depend on.
 */
typedef enum
{
  TG_DISCONNECTED_INPUTS_RAISE,
  TG_DISCONNECTED_INPUTS_IGNORE,
} TgDisconnectedInputs;

TG_AVAILABLE_IN_ALL
TgVariable **tg_grad (TgVariable            *cost,
                      TgVariable *const     *wrt,
                      gsize                  n_wrt,
                      TgDisconnectedInputs   disconnected_inputs,
                      gsize                 *n_gradients,
                      GError               **error);

G_END_DECLS
