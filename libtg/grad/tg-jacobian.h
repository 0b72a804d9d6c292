/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-grad.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgVariable **tg_vjp (TgVariable *const     *outputs,
                     gsize                  n_outputs,
                     TgVariable *const     *wrt,
                     gsize                  n_wrt,
                     TgVariable *const     *cotangents,
                     gsize                  n_cotangents,
                     TgDisconnectedInputs   disconnected_inputs,
                     gsize                 *n_gradients,
                     GError               **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_jvp (TgVariable *const  *outputs,
                     gsize               n_outputs,
                     TgVariable *const  *wrt,
                     gsize               n_wrt,
                     TgVariable *const  *tangents,
                     gsize               n_tangents,
                     gsize              *n_products,
                     GError            **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_hvp (TgVariable            *cost,
                     TgVariable *const     *wrt,
                     gsize                  n_wrt,
                     TgVariable *const     *vectors,
                     gsize                  n_vectors,
                     TgDisconnectedInputs   disconnected_inputs,
                     gsize                 *n_products,
                     GError               **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_jacobian (TgVariable            *expression,
                          TgVariable *const     *wrt,
                          gsize                  n_wrt,
                          TgDisconnectedInputs   disconnected_inputs,
                          gsize                 *n_jacobians,
                          GError               **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_hessian (TgVariable            *cost,
                         TgVariable *const     *wrt,
                         gsize                  n_wrt,
                         TgDisconnectedInputs   disconnected_inputs,
                         gsize                 *n_hessians,
                         GError               **error);

G_END_DECLS
