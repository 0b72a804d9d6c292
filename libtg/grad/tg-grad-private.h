/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_GRADIENT_VALUE,
  TG_GRADIENT_ZERO,
  TG_GRADIENT_ERROR,
} TgGradientKind;

/* What input number `index` of `node` gets from the gradient `g` of the node. */
TgGradientKind tg_grad_input (TgVariable  *node,
                              guint        index,
                              TgVariable  *g,
                              TgVariable **gradient,
                              GError     **error);

/* What the gradient of an operator that moves elements makes of values of any dtype: they go back
 * to where they come from, in zeros. */
TgVariable    *tg_grad_move  (TgVariable  *node,
                              TgVariable  *values,
                              GError     **error);

G_END_DECLS
