/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-function-private.h"

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

static TgVariable *
take_index (TgRewriter *rewriter,
            TgVariable *x,
            TgVariable *position,
            guint       axis)
{
  g_autoptr (GVariant) attribute = g_variant_ref_sink (g_variant_new_int64 (axis));

  return apply_with (rewriter, TG_OP_INDEX, x, position, attribute);
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
      g_autoptr (TgVariable) first = tg_constant_new_integer (0);

      if (size == TG_UNKNOWN || (size != 1 && size != sizes[axis]))
        return NULL;

      x = take_index (rewriter, x, size == sizes[axis] ? arguments[2].variable
                                                       : tg_rewriter_intern (rewriter, first),
                      axis - skipped);
    }

  memmove (&sizes[axis], &sizes[axis + 1], (n_sizes - axis - 1) * sizeof (gint64));

  return apply_with (rewriter, TG_OP_BROADCAST_TO, x,
                     tg_rewriter_add_integers (rewriter, sizes, n_sizes - 1), NULL);
}

/* What a slice leaves of some axes. */
typedef struct
{
  gint64 starts[TG_MAX_NDIM];
  gint64 stops[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM];
  gint64 steps[TG_MAX_NDIM];
  gsize  n_cuts;
} Cuts;

static TgVariable *
take_slice (TgRewriter *rewriter,
            TgVariable *x,
            const Cuts *cuts)
{
  TgVariable *inputs[3] = { x, };
  g_autoptr (GVariant) axes = g_variant_ref_sink (tg_attribute_ints (cuts->axes, cuts->n_cuts));
  g_autoptr (GVariant) steps = g_variant_ref_sink (tg_attribute_ints (cuts->steps, cuts->n_cuts));
  GVariant *attributes[2] = { axes, steps };

  if (cuts->n_cuts == 0)
    return x;

  inputs[1] = tg_rewriter_add_integers (rewriter, cuts->starts, cuts->n_cuts);
  inputs[2] = tg_rewriter_add_integers (rewriter, cuts->stops, cuts->n_cuts);

  return tg_rewriter_apply (rewriter, &tg_ops[TG_OP_SLICE], inputs, 3, attributes);
}

static void
add_cut (Cuts  *cuts,
         gint64 axis,
         gint64 start,
         gint64 stop,
         gint64 step)
{
  cuts->starts[cuts->n_cuts] = start;
  cuts->stops[cuts->n_cuts] = stop;
  cuts->axes[cuts->n_cuts] = axis;
  cuts->steps[cuts->n_cuts++] = step;
}

/* start, stop, axis and step, as the operator "slice" takes them. */
static gboolean
read_cuts (const TgRuleArgument *arguments,
           Cuts                 *cuts)
{
  gsize n_cuts;
  g_autofree gint64 *starts = tg_variable_dup_integers (arguments[0].variable, &n_cuts);
  g_autofree gint64 *stops = tg_variable_dup_integers (arguments[1].variable, &n_cuts);
  const gint64 *axes = g_variant_get_fixed_array (arguments[2].attribute, &n_cuts,
                                                  sizeof (gint64));
  const gint64 *steps = g_variant_get_fixed_array (arguments[3].attribute, &n_cuts,
                                                   sizeof (gint64));

  cuts->n_cuts = 0;
  if (starts == NULL || stops == NULL)
    return FALSE;

  for (gsize i = 0; i < n_cuts; i++)
    add_cut (cuts, axes[i], starts[i], stops[i], steps[i]);

  return TRUE;
}

/* slice_of_repeated (x, r, s, t, a, k): the slice s, t, a, k of x repeated to the shape r. */
TG_RULE_MAKES (slice_of_repeated)
{
  TgVariable *x = arguments[0].variable;
  gsize n_sizes;
  g_autofree gint64 *sizes = tg_variable_dup_integers (arguments[1].variable, &n_sizes);
  Cuts cuts, own = { .n_cuts = 0 };

  if (sizes == NULL || !read_cuts (arguments + 2, &cuts))
    return NULL;

  for (gsize i = 0; i < cuts.n_cuts; i++)
    {
      gint64 axis = cuts.axes[i] - (gint64) n_sizes + x->type->ndim;
      gint64 start = cuts.starts[i], stop = cuts.stops[i];
      gint64 *size = &sizes[cuts.axes[i]];

      if (axis >= 0 && x->type->shape[axis] == *size)
        add_cut (&own, axis, start, stop, cuts.steps[i]);
      else if (axis >= 0 && x->type->shape[axis] != 1)
        return NULL;

      tg_slice_clip (*size, &start, &stop, cuts.steps[i], size);
    }

  return apply_with (rewriter, TG_OP_BROADCAST_TO, take_slice (rewriter, x, &own),
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

  x = take_index (rewriter, x, arguments[1].variable, axis);
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
  Cuts cuts;

  if (facts->count_uses (facts->data, r) > 1 || !read_cuts (arguments + 1, &cuts))
    return NULL;

  list_left (r, left);
  tg_attribute_get_axes (tg_variable_find (r, "axis"), r->inputs[0]->type->ndim, chosen);
  for (gsize i = 0; i < cuts.n_cuts; i++)
    {
      cuts.axes[i] = left[cuts.axes[i]];
      if (chosen[cuts.axes[i]])
        return NULL;
    }

  x = take_slice (rewriter, r->inputs[0], &cuts);

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
  x = take_index (rewriter, m->inputs[0], arguments[1].variable, axis);

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
  factors[axis] = take_index (rewriter, factors[axis], arguments[1].variable, axis);

  return apply_with (rewriter, TG_OP_MATMUL, factors[0], factors[1], NULL);
}

/* slice_of_product (m, s, t, a, k): some rows or columns of a product, of those of the factors. */
TG_RULE_MAKES (slice_of_product)
{
  TgVariable *product = arguments[0].variable, *factors[2];
  Cuts cuts;

  if (!is_product_of_matrices (product, facts) || !read_cuts (arguments + 1, &cuts))
    return NULL;

  factors[0] = product->inputs[0];
  factors[1] = product->inputs[1];
  for (gsize i = 0; i < cuts.n_cuts; i++)
    {
      Cuts own = { .n_cuts = 0 };
      gint64 axis = cuts.axes[i];

      add_cut (&own, axis, cuts.starts[i], cuts.stops[i], cuts.steps[i]);
      factors[axis] = take_slice (rewriter, factors[axis], &own);
      if (factors[axis] == NULL)
        return NULL;
    }

  return apply_with (rewriter, TG_OP_MATMUL, factors[0], factors[1], NULL);
}
