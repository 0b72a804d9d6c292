/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"
#include "tg-expression-private.h"

/* Composite operators: what they are in terms of others is a line of the declaration or, where it
 * depends on more than values, a function. */

typedef TgVariable *(* TgExpandFunc) (TgApply  *apply,
                                      GError  **error);

/* The lines, each read once. */
static const TgExpression *
get_expression (const TgOpInfo *op)
{
  static gsize expressions[TG_N_OPS];
  gsize *place = &expressions[tg_op_info_get_id (op)];

  if (g_once_init_enter (place))
    {
      g_autoptr (GError) error = NULL;
      TgExpression *expression = tg_expression_new (op->expands, &error);

      if (expression == NULL)
        g_error ("%s: %s", op->where, error->message);

      g_once_init_leave (place, (gsize) expression);
    }

  return (const TgExpression *) *place;
}

static TgVariable *
expand_line (TgApply  *apply,
             GError  **error)
{
  const char *names[TG_OP_MAX_INPUTS];
  TgBindings bindings = {
    .n_variables = apply->op->n_inputs, .names = names, .variables = apply->inputs,
    .op = apply->op, .attributes = apply->attributes,
  };
  g_autoptr (GPtrArray) outputs = NULL;

  for (guint i = 0; i < apply->op->n_inputs; i++)
    names[i] = apply->op->inputs[i].name;

  outputs = tg_expression_build (get_expression (apply->op), &bindings, error);

  return outputs != NULL ? g_object_ref (outputs->pdata[0]) : NULL;
}

TgVariable *
tg_expand (TgApply  *apply,
           GError  **error)
{
  static const TgExpandFunc functions[TG_N_OPS] = {
#define TG_OP_EXPANSION(ID, name) [TG_OP_##ID] = tg_expand_##name,
#include "tg-op-expansions.h"
#undef TG_OP_EXPANSION
  };

  if (apply->op->expands != NULL)
    return expand_line (apply, error);

  return functions[tg_op_info_get_id (apply->op)] (apply, error);
}
