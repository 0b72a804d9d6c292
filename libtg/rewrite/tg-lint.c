/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-lint-private.h"

#include "tg-rewriter-private.h"
#include "tg-traverse-private.h"

/* Whether the elements have a rounding error: what only moves elements has none of its own. */
static gboolean
is_rounded (TgVariable *variable)
{
  return variable->op != NULL && variable->op->form != TG_FORM_LAYOUT
         && variable->op->form != TG_FORM_RANDOM
         && variable->op != &tg_ops[TG_OP_NEGATIVE] && variable->op != &tg_ops[TG_OP_ASTYPE]
         && variable->op != &tg_ops[TG_OP_ASSUME];
}

/* Whether both numbers may be on the same side of zero. */
static gboolean
may_have_same_sign (TgRange a,
                    TgRange b)
{
  return (a.high > 0 && b.high > 0) || (a.low < 0 && b.low < 0);
}

static gboolean
may_cancel (TgRewriter *rewriter,
            TgVariable *variable)
{
  gboolean is_sum = variable->op == &tg_ops[TG_OP_ADD];
  TgRange first, second;

  if ((!is_sum && variable->op != &tg_ops[TG_OP_SUBTRACT])
      || !tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_FLOAT)
      || !is_rounded (variable->inputs[0]) || !is_rounded (variable->inputs[1]))
    return FALSE;

  first = tg_rewriter_get_range (rewriter, variable->inputs[0]);
  second = tg_rewriter_get_range (rewriter, variable->inputs[1]);
  if (is_sum)
    second = (TgRange) { -second.high, -second.low, FALSE, FALSE };

  return may_have_same_sign (first, second);
}

GPtrArray *
tg_lint (TgVariable *const *outputs,
         guint              n_outputs)
{
  g_autoptr (GPtrArray) order = tg_traverse (outputs, n_outputs, NULL);
  GPtrArray *found = g_ptr_array_new_with_free_func (g_object_unref);
  g_auto (TgRewriter) rewriter;

  tg_rewriter_init (&rewriter);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (variable->op != NULL && may_cancel (&rewriter, variable))
        g_ptr_array_add (found, g_object_ref (variable));
    }

  return found;
}
