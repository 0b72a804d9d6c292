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
 * @TG_DISCONNECTED_INPUTS_WARN: a gradient of zeros, and a warning by g_warning()
 * @TG_DISCONNECTED_INPUTS_IGNORE: a gradient of zeros
 *
 * What becomes of a variable that a cost does not depend on.
 */
typedef enum
{
  TG_DISCONNECTED_INPUTS_RAISE,
  TG_DISCONNECTED_INPUTS_WARN,
  TG_DISCONNECTED_INPUTS_IGNORE,
} TgDisconnectedInputs;

#define TG_TYPE_GRAD_OPTIONS (tg_grad_options_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgGradOptions, tg_grad_options, TG, GRAD_OPTIONS, GObject)

TG_AVAILABLE_IN_ALL
TgGradOptions *tg_grad_options_new (void);

TG_AVAILABLE_IN_ALL
void tg_grad_options_add_known_gradient (TgGradOptions *self,
                                         TgVariable    *variable,
                                         TgVariable    *gradient);

TG_AVAILABLE_IN_ALL
void tg_grad_options_add_constant (TgGradOptions *self,
                                   TgVariable    *variable);

TG_AVAILABLE_IN_ALL
void tg_grad_options_set_disconnected_inputs (TgGradOptions        *self,
                                              TgDisconnectedInputs  disconnected_inputs);

TG_AVAILABLE_IN_ALL
TgVariable **tg_grad (TgVariable            *cost,
                      TgVariable *const     *wrt,
                      gsize                  n_wrt,
                      TgDisconnectedInputs   disconnected_inputs,
                      gsize                 *n_gradients,
                      GError               **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_grad_with_options (TgVariable         *cost,
                                   TgVariable *const  *wrt,
                                   gsize               n_wrt,
                                   TgGradOptions      *options,
                                   gsize              *n_gradients,
                                   GError            **error);

G_END_DECLS
