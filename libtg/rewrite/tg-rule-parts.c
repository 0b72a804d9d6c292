/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-cut-private.h"

#include "tg-attribute-private.h"
#include "tg-tensor-private.h"

/* Parts of what is repeated, reduced or multiplied, without the rest of it. */

static TgVariable *
apply_with (TgRewriter *rewriter,
            TgOpId      op,
            TgVariable *first,
            TgVariable *second,
            GVariant   *axis)
{
  TgVariable *inputs[2] = { first, second };

  if (first == NULL || second == NULL)
    return NULL;

  return tg_rewriter_apply (rewriter, &tg_ops[op], inputs, 2, axis != NULL ? &axis : NULL);
}

/* index_of_repeated (x, s, i, a): the position i of the axis a of x repeated to the shape s. */
TG_RULE_MAKES (index_of_repeated)
{
  TgVariable *x = arguments[0].variable, *shape = arguments[1].variable;
  guint axis = (guint) g_variant_get_int64 (arguments[3].attribute);
  gsize n_sizes;
  g_autofree gint64 *sizes = tg_variable_dup_integers (shape, &n_sizes);
  guint skipped;

  if (sizes == NULL)
    return NULL;

  skipped = (guint) n_sizes - x->type->ndim;
  if (axis >= skipped)
    {
      gint64 size = x->type->shape[axis - skipped];

      if (size == TG_UNKNOWN || (size != 1 && size != sizes[axis]))
        return NULL;

      x = size == sizes[axis]
            ? tg_rewriter_index (rewriter, x, arguments[2].variable, axis - skipped)
            : tg_rewriter_index_at (rewriter, x, 0, axis - skipped);
    }

  memmove (&sizes[axis], &sizes[axis + 1], (n_sizes - axis - 1) * sizeof (gint64));

  return apply_with (rewriter, TG_OP_BROADCAST_TO, x,
                     tg_rewriter_add_integers (rewriter, sizes, n_sizes - 1), NULL);
}

/* slice_of_repeated (x, r, s, t, a, k): the slice s, t, a, k of x repeated to the shape r. */
TG_RULE_MAKES (slice_of_repeated)
{
  TgVariable *x = arguments[0].variable;
  gsize n_sizes;
  g_autofree gint64 *sizes = tg_variable_dup_integers (arguments[1].variable, &n_sizes);
  TgCut cuts[TG_MAX_NDIM], own[TG_MAX_NDIM] = { { FALSE, 0, 0, 0 } };

  if (sizes == NULL || !tg_cuts_read (arguments + 2, cuts))
    return NULL;

  for (gsize i = 0; i < n_sizes; i++)
    {
      gint64 axis = (gint64) i - (gint64) n_sizes + x->type->ndim;
      TgCut cut = cuts[i];

      if (!cut.is_cut)
        continue;

      if (axis >= 0 && x->type->shape[axis] == sizes[i])
        own[axis] = cut;
      else if (axis >= 0 && x->type->shape[axis] != 1)
        return NULL;

      tg_slice_clip (sizes[i], &cut.start, &cut.stop, cut.step, &sizes[i]);
    }

  return apply_with (rewriter, TG_OP_BROADCAST_TO, tg_rewriter_slice (rewriter, x, own),
                     tg_rewriter_add_integers (rewriter, sizes, n_sizes), NULL);
}

/* The axes that a reduction leaves, in their order before it; reduced ones that are kept too. */
static gsize
list_left (TgVariable *reduction,
           guint       left[TG_MAX_NDIM])
{
  guint ndim = reduction->inputs[0]->type->ndim;
  gboolean is_kept = tg_variable_find_bool (reduction, "keepdims");
  gboolean chosen[TG_MAX_NDIM];
  gsize n_left = 0;

  tg_attribute_get_axes (tg_variable_find (reduction, "axis"), ndim, chosen);
  for (guint i = 0; i < ndim; i++)
    {
      if (!chosen[i] || is_kept)
        left[n_left++] = i;
    }

  return n_left;
}

/* index_of_reduction (r, i, a): the reduction of what is at the position i alone. */
TG_RULE_MAKES (index_of_reduction)
{
  TgVariable *r = arguments[0].variable, *x = r->inputs[0];
  guint left[TG_MAX_NDIM], axis;
  gint64 rest[TG_MAX_NDIM];
  gboolean chosen[TG_MAX_NDIM];
  gsize n_rest = 0;
  g_autoptr (GVariant) axes = NULL;
  GVariant *attributes[2];

  if (facts->count_uses (facts->data, r) > 1 || tg_variable_find_bool (r, "keepdims")
      || r->op->rule == TG_RULE_INDEX)
    return NULL;

  list_left (r, left);
  axis = left[g_variant_get_int64 (arguments[2].attribute)];
  tg_attribute_get_axes (tg_variable_find (r, "axis"), x->type->ndim, chosen);
  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (chosen[i])
        rest[n_rest++] = i - (axis < i);
    }

  x = tg_rewriter_index (rewriter, x, arguments[1].variable, axis);
  axes = attributes[0] = g_variant_ref_sink (tg_attribute_axes (rest, n_rest));
  attributes[1] = tg_variable_find (r, "keepdims");

  return x != NULL ? tg_rewriter_apply (rewriter, r->op, &x, 1, attributes) : NULL;
}

/* slice_of_reduction (r, s, t, a, k): the reduction of what the slice takes alone. */
TG_RULE_MAKES (slice_of_reduction)
{
  TgVariable *r = arguments[0].variable, *x;
  guint left[TG_MAX_NDIM];
  gboolean chosen[TG_MAX_NDIM];
  TgCut cuts[TG_MAX_NDIM], own[TG_MAX_NDIM] = { { FALSE, 0, 0, 0 } };

  if (facts->count_uses (facts->data, r) > 1 || !tg_cuts_read (arguments + 1, cuts))
    return NULL;

  list_left (r, left);
  tg_attribute_get_axes (tg_variable_find (r, "axis"), r->inputs[0]->type->ndim, chosen);
  for (guint i = 0; i < r->type->ndim; i++)
    {
      if (!cuts[i].is_cut)
        continue;

      if (chosen[left[i]])
        return NULL;

      own[left[i]] = cuts[i];
    }

  x = tg_rewriter_slice (rewriter, r->inputs[0], own);

  return x != NULL ? tg_rewriter_apply (rewriter, r->op, &x, 1, r->attributes) : NULL;
}

/* index_of_softmax (m, i, a): the softmax, or its logarithm, of what is at the position i alone of
 * an axis that it does not sum over. */
TG_RULE_MAKES (index_of_softmax)
{
  TgVariable *m = arguments[0].variable, *x;
  TgRuleArgument both[2] = { { NULL, NULL }, arguments[2] };
  gboolean chosen[TG_MAX_NDIM];
  guint axis = (guint) g_variant_get_int64 (arguments[2].attribute);
  g_autoptr (GVariant) axes = NULL;

  if ((m->op != &tg_ops[TG_OP_SOFTMAX] && m->op != &tg_ops[TG_OP_LOG_SOFTMAX])
      || facts->count_uses (facts->data, m) > 1)
    return NULL;

  tg_attribute_get_axes (m->attributes[0], m->type->ndim, chosen);
  if (chosen[axis])
    return NULL;

  both[0].attribute = m->attributes[0];
  axes = tg_rule_other_axes (both);
  x = tg_rewriter_index (rewriter, m->inputs[0], arguments[1].variable, axis);

  return x != NULL ? tg_rewriter_apply (rewriter, m->op, &x, 1, &axes) : NULL;
}

static gboolean
is_product_of_matrices (TgVariable    *product,
                        const TgFacts *facts)
{
  return product->op == &tg_ops[TG_OP_MATMUL] && product->inputs[0]->type->ndim == 2
         && product->inputs[1]->type->ndim == 2 && facts->count_uses (facts->data, product) < 2;
}

/* index_of_product (m, i, a): a row or a column of a product of matrices, of one of a factor. */
TG_RULE_MAKES (index_of_product)
{
  TgVariable *product = arguments[0].variable, *factors[2];
  guint axis = (guint) g_variant_get_int64 (arguments[2].attribute);

  if (!is_product_of_matrices (product, facts))
    return NULL;

  factors[0] = product->inputs[0];
  factors[1] = product->inputs[1];
  factors[axis] = tg_rewriter_index (rewriter, factors[axis], arguments[1].variable, axis);

  return apply_with (rewriter, TG_OP_MATMUL, factors[0], factors[1], NULL);
}

/* slice_of_product (m, s, t, a, k): some rows or columns of a product, of those of the factors. */
TG_RULE_MAKES (slice_of_product)
{
  TgVariable *product = arguments[0].variable, *factors[2];
  TgCut cuts[TG_MAX_NDIM];

  if (!is_product_of_matrices (product, facts) || !tg_cuts_read (arguments + 1, cuts))
    return NULL;

  for (guint axis = 0; axis < 2; axis++)
    {
      TgCut own[TG_MAX_NDIM] = { { FALSE, 0, 0, 0 } };

      own[axis] = cuts[axis];
      factors[axis] = tg_rewriter_slice (rewriter, product->inputs[axis], own);
    }

  return apply_with (rewriter, TG_OP_MATMUL, factors[0], factors[1], NULL);
}
