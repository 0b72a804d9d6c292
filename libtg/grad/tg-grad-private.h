/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-grad.h"
#include "tg-variable-private.h"
#include "tg-variables-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_GRADIENT_VALUE,
  TG_GRADIENT_ZERO,
  TG_GRADIENT_NONE, /* as if the operator did not depend on the input */
  TG_GRADIENT_ERROR,
} TgGradientKind;

/* Which kind of gradient input number `index` of `node` gets. */
TgGradientKind tg_grad_get_kind (TgVariable  *node,
                                 guint        index,
                                 GError     **error);

/* What input number `index` of `node` gets from the gradient `g` of the node. */
TgGradientKind tg_grad_input    (TgVariable  *node,
                                 guint        index,
                                 TgVariable  *g,
                                 TgVariable **gradient,
                                 GError     **error);

/* The text of a gradient, or of a tangent, with `g` and `result` in it, as an expression; it has
 * the dtype in which the operator computes, and the shape that follows. */
TgVariable    *tg_grad_build    (TgVariable  *node,
                                 guint        index,
                                 gboolean     tangent,
                                 TgVariable  *g,
                                 TgVariable  *result,
                                 GError     **error);

/* Gives what a reduction made its reduced axes back, with size 1. */
TgVariable    *tg_grad_restore_axes (TgVariable *node,
                                     TgVariable *reduced);

/* Whether the input may have been broadcast, so that its shape may not be that of the node. */
gboolean       tg_grad_may_be_broadcast (TgVariable *node,
                                         guint       index);

/* Fails with a message unless the variable is of a floating-point dtype. */
gboolean       tg_grad_check_float (const char  *function,
                                    TgVariable  *variable,
                                    GError     **error);

/* Whether the shapes agree as far as they are known; `sure`, whether they agree in any case. */
gboolean       tg_grad_compare_shapes (TgTensorType *first,
                                       TgTensorType *second,
                                       gboolean     *sure);

/* Of the operator with_gradient: how many gradients its text has, and one of them, in the shape of
 * its input. */
guint          tg_custom_gradient_count (TgVariable *node);
TgVariable    *tg_custom_gradient_build (TgVariable  *node,
                                         guint        index,
                                         TgVariable  *g,
                                         GError     **error);

/* A direction, such as a tangent, in the dtype and the shape of the variable that it belongs to;
 * `what` begins the message where it has others. */
TgVariable    *tg_grad_adapt    (const char  *what,
                                 TgVariable  *variable,
                                 TgVariable  *direction,
                                 GError     **error);

/* tg_grad_adapt() of each; NULL with an error, or with none where something is NULL. */
GPtrArray     *tg_grad_adapt_all (const char         *function,
                                  const char         *noun,
                                  TgVariable *const  *variables,
                                  gsize               n_variables,
                                  TgVariable *const  *directions,
                                  gsize               n_directions,
                                  GError            **error);

TgVariable    *tg_variable_new_zeros_like (TgVariable  *like,
                                           TgDType      dtype,
                                           GError     **error);

/* A 0-d constant that is not weak. */
TgVariable    *tg_constant_new_one (TgDType   dtype,
                                    GError  **error);

/* Where gradients flow from, and what they leave alone. */
typedef struct
{
  GPtrArray  *outputs;         /* with their cotangents, which add to what flows to them */
  GPtrArray  *cotangents;
  GPtrArray  *known;           /* with their gradients, whatever flows to them */
  GPtrArray  *known_gradients;
  GPtrArray  *constants;       /* through which no gradient passes */
  const char *disconnected;    /* the message for a variable that nothing depends on: its begin */
} TgSweepStart;

/* The gradients of `wrt`, or NULL. */
GPtrArray     *tg_sweep         (const TgSweepStart    *start,
                                 TgVariable *const     *wrt,
                                 gsize                  n_wrt,
                                 TgDisconnectedInputs   disconnected_inputs,
                                 GError               **error);

/* What the gradient of an operator that moves elements makes of values of any dtype: they go back
 * to where they come from, in zeros. */
TgVariable    *tg_grad_move  (TgVariable  *node,
                              TgVariable  *values,
                              GError     **error);

/* What tg_jvp() writes, where messages call the function and a tangent as they are told. */
GPtrArray     *tg_forward       (const char         *function,
                                 const char         *noun,
                                 TgVariable *const  *outputs,
                                 gsize               n_outputs,
                                 TgVariable *const  *wrt,
                                 gsize               n_wrt,
                                 TgVariable *const  *tangents,
                                 gsize               n_tangents,
                                 GError            **error);

G_END_DECLS
