/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tg-dtype.h"

G_BEGIN_DECLS

/**
 * TgOpForm:
 * @TG_FORM_ELEMENTWISE: one element of each input makes one of the result
 * @TG_FORM_REDUCE: elements along axes are folded into one
 * @TG_FORM_CONTRACT: products are summed over indices
 * @TG_FORM_LAYOUT: elements are moved, none is computed
 * @TG_FORM_OPAQUE: code of its own
 * @TG_FORM_RANDOM: random draws
 * @TG_FORM_COMPOSITE: an expression of other operators, which stands in a graph in its place
 *
 * What operators have in common.
 */
typedef enum
{
  TG_FORM_ELEMENTWISE,
  TG_FORM_REDUCE,
  TG_FORM_CONTRACT,
  TG_FORM_LAYOUT,
  TG_FORM_OPAQUE,
  TG_FORM_RANDOM,
  TG_FORM_COMPOSITE,
} TgOpForm;

#define TG_TYPE_OP (tg_op_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgOp, tg_op, TG, OP, GObject)

TG_AVAILABLE_IN_ALL
TgOp *tg_op_lookup (const char *name);

TG_AVAILABLE_IN_ALL
GListModel *tg_op_list (void);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_name (TgOp *self);

TG_AVAILABLE_IN_ALL
TgOpForm tg_op_get_form (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_summary (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_documentation (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_result (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_spec (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_domain (TgOp *self);

TG_AVAILABLE_IN_ALL
const char *tg_op_get_infix (TgOp *self);

TG_AVAILABLE_IN_ALL
gboolean tg_op_is_variadic (TgOp *self);

TG_AVAILABLE_IN_ALL
gboolean tg_op_is_differentiable (TgOp *self);

TG_AVAILABLE_IN_ALL
gboolean tg_op_accepts (TgOp    *self,
                        TgDType  dtype);

TG_AVAILABLE_IN_ALL
char **tg_op_dup_input_names (TgOp *self);

TG_AVAILABLE_IN_ALL
char **tg_op_dup_input_kinds (TgOp *self);

TG_AVAILABLE_IN_ALL
char **tg_op_dup_parameter_names (TgOp *self);

TG_AVAILABLE_IN_ALL
char **tg_op_dup_parameter_kinds (TgOp *self);

TG_AVAILABLE_IN_ALL
char **tg_op_dup_parameter_defaults (TgOp *self);

G_END_DECLS
