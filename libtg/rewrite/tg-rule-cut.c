/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-cut-private.h"

#include "tg-attribute-private.h"

gboolean
tg_cuts_read (const TgRuleArgument *arguments,
              TgCut                 cuts[TG_MAX_NDIM])
{
  gsize n_cuts;
  g_autofree gint64 *starts = tg_variable_dup_integers (arguments[0].variable, &n_cuts);
  g_autofree gint64 *stops = tg_variable_dup_integers (arguments[1].variable, &n_cuts);
  const gint64 *axes = g_variant_get_fixed_array (arguments[2].attribute, &n_cuts,
                                                  sizeof (gint64));
  const gint64 *steps = g_variant_get_fixed_array (arguments[3].attribute, &n_cuts,
                                                   sizeof (gint64));

  memset (cuts, 0, TG_MAX_NDIM * sizeof (TgCut));
  if (starts == NULL || stops == NULL)
    return FALSE;

  for (gsize i = 0; i < n_cuts; i++)
    cuts[axes[i]] = (TgCut) { TRUE, starts[i], stops[i], steps[i] };

  return TRUE;
}

TgVariable *
tg_rewriter_slice (TgRewriter  *self,
                   TgVariable  *x,
                   const TgCut  cuts[TG_MAX_NDIM])
{
  gint64 starts[TG_MAX_NDIM], stops[TG_MAX_NDIM], axes[TG_MAX_NDIM], steps[TG_MAX_NDIM];
  TgVariable *inputs[3] = { x, };
  GVariant *attributes[2];
  TgVariable *result;
  gsize n_cuts = 0;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (!cuts[i].is_cut)
        continue;

      starts[n_cuts] = cuts[i].start;
      stops[n_cuts] = cuts[i].stop;
      axes[n_cuts] = i;
      steps[n_cuts++] = cuts[i].step;
    }

  if (n_cuts == 0)
    return x;

  inputs[1] = tg_rewriter_add_integers (self, starts, n_cuts);
  inputs[2] = tg_rewriter_add_integers (self, stops, n_cuts);
  attributes[0] = g_variant_ref_sink (tg_attribute_ints (axes, n_cuts));
  attributes[1] = g_variant_ref_sink (tg_attribute_ints (steps, n_cuts));
  result = tg_rewriter_apply (self, &tg_ops[TG_OP_SLICE], inputs, 3, attributes);
  g_variant_unref (attributes[0]);
  g_variant_unref (attributes[1]);

  return result;
}

TgVariable *
tg_rewriter_index (TgRewriter *self,
                   TgVariable *x,
                   TgVariable *position,
                   gint64      axis)
{
  TgVariable *inputs[2] = { x, position };
  g_autoptr (GVariant) attribute = g_variant_ref_sink (g_variant_new_int64 (axis));

  return tg_rewriter_apply (self, &tg_ops[TG_OP_INDEX], inputs, 2, &attribute);
}

TgVariable *
tg_rewriter_index_at (TgRewriter *self,
                      TgVariable *x,
                      gint64      position,
                      gint64      axis)
{
  g_autoptr (TgVariable) number = tg_constant_new_integer (position);

  return tg_rewriter_index (self, x, tg_rewriter_intern (self, number), axis);
}
