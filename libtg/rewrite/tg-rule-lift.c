/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-function-private.h"

#include "tg-attribute-private.h"
#include "tg-number-private.h"

/* What operators of a form are of moved, repeated and one-element axes. */

/* One operator for which an operator of the form layout changes places with an elementwise one. */
static TgVariable *
apply_to (TgRewriter *rewriter,
          TgVariable *like,
          TgVariable *input,
          GVariant   *attribute)
{
  TgVariable *inputs[TG_OP_MAX_INPUTS];

  memcpy (inputs, like->inputs, like->n_inputs * sizeof (TgVariable *));
  inputs[0] = input;

  return tg_rewriter_apply (rewriter, like->op, inputs, like->n_inputs,
                            attribute != NULL ? &attribute : like->attributes);
}

/* transposed_inside (y, p): what is computed of the inputs of y in the order p, where these are
 * transposed already, and y is not used otherwise. */
TG_RULE_MAKES (transposed_inside)
{
  TgVariable *y = arguments[0].variable, *inputs[TG_OP_MAX_INPUTS], *transpose = NULL;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      inputs[i] = y->inputs[i];
      if (inputs[i]->type->ndim == 0)
        continue;

      if (inputs[i]->op == &tg_ops[TG_OP_PERMUTE_DIMS])
        transpose = inputs[i];
      else if (!TG_IS_CONSTANT (inputs[i]) || inputs[i]->type->ndim != y->type->ndim)
        return NULL;
    }

  if (transpose == NULL || facts->count_uses (facts->data, y) > 1)
    return NULL;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      if (inputs[i]->type->ndim > 0 && inputs[i]->type->ndim != y->type->ndim)
        return NULL;

      if (inputs[i]->type->ndim > 0)
        inputs[i] = apply_to (rewriter, transpose, inputs[i], arguments[1].attribute);
      if (inputs[i] == NULL)
        return NULL;
    }

  return tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes);
}

/* The only input of an elementwise operator that is not 0-d, and made by the operator `op`. */
static gboolean
find_only (TgVariable *y,
           TgOpId      op,
           guint      *number)
{
  guint n_found = 0;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      if (y->inputs[i]->type->ndim == 0)
        continue;

      *number = i;
      n_found++;
    }

  return n_found == 1 && y->inputs[*number]->op == &tg_ops[op];
}

/* reshaped_inside (y, s): what is computed of the input of y in the shape s, where that is reshaped
 * already, and y is not used otherwise. */
TG_RULE_MAKES (reshaped_inside)
{
  TgVariable *y = arguments[0].variable, *inputs[TG_OP_MAX_INPUTS], *given[2];
  guint number;

  if (!find_only (y, TG_OP_RESHAPE, &number) || facts->count_uses (facts->data, y) > 1)
    return NULL;

  memcpy (inputs, y->inputs, y->n_inputs * sizeof (TgVariable *));
  given[0] = inputs[number];
  given[1] = arguments[1].variable;
  inputs[number] = tg_rewriter_apply (rewriter, &tg_ops[TG_OP_RESHAPE], given, 2, NULL);

  return inputs[number] == NULL
           ? NULL : tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes);
}

/* Whether another input than number `index` has the shape that it is repeated to. */
static gboolean
is_repeated_anyway (const TgFacts *facts,
                    TgVariable    *y,
                    guint          index)
{
  for (guint i = 0; i < y->n_inputs; i++)
    {
      if (i != index && y->inputs[i]->op != &tg_ops[TG_OP_BROADCAST_TO]
          && facts->have_shape (facts->data, y->inputs[index], y->inputs[i]))
        return TRUE;
    }

  return FALSE;
}

/* less_repeated (y): the same without the repetition of an input that broadcasting repeats. */
TG_RULE_MAKES (less_repeated)
{
  TgVariable *y = arguments[0].variable, *inputs[TG_OP_MAX_INPUTS];
  gboolean is_changed = FALSE;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      inputs[i] = y->inputs[i];
      if (inputs[i]->op != &tg_ops[TG_OP_BROADCAST_TO] || !is_repeated_anyway (facts, y, i))
        continue;

      inputs[i] = inputs[i]->inputs[0];
      is_changed = TRUE;
    }

  return is_changed ? tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes)
                    : NULL;
}

/* repeated_later (y): the repetition of what is computed of the elements before they are repeated,
 * all to one shape. */
TG_RULE_MAKES (repeated_later)
{
  TgVariable *y = arguments[0].variable, *inputs[TG_OP_MAX_INPUTS], *given[2] = { NULL, };

  for (guint i = 0; i < y->n_inputs; i++)
    {
      TgVariable *input = y->inputs[i];

      inputs[i] = input;
      if (input->type->ndim == 0)
        continue;

      if (input->op != &tg_ops[TG_OP_BROADCAST_TO]
          || (given[1] != NULL && given[1] != input->inputs[1]))
        return NULL;

      given[1] = input->inputs[1];
      inputs[i] = input->inputs[0];
    }

  if (given[1] == NULL)
    return NULL;

  given[0] = tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes);

  return given[0] == NULL
           ? NULL : tg_rewriter_apply (rewriter, &tg_ops[TG_OP_BROADCAST_TO], given, 2, NULL);
}

/* operand (y): an input of an elementwise operator that has the shape of the whole. */
TG_RULE_MAKES (operand)
{
  TgVariable *y = arguments[0].variable;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      if (y->inputs[i]->type->ndim == y->type->ndim
          && facts->have_shape (facts->data, y, y->inputs[i]))
        return y->inputs[i];
    }

  return NULL;
}

/* Whether a reduction of one element is that element. */
static gboolean
keeps_one (TgVariable *reduction)
{
  switch (tg_op_info_get_id (reduction->op))
    {
    case TG_OP_SUM:
    case TG_OP_PROD:
    case TG_OP_MEAN:
    case TG_OP_LOGSUMEXP:
    case TG_OP_MAX:
    case TG_OP_MIN:
      return TRUE;
    default:
      return FALSE;
    }
}

/* thinner_reduction (r): the same without the axes of size 1, which are squeezed away before. */
TG_RULE_MAKES (thinner_reduction)
{
  TgVariable *r = arguments[0].variable, *x = r->inputs[0];
  gint64 units[TG_MAX_NDIM], others[TG_MAX_NDIM];
  gboolean chosen[TG_MAX_NDIM];
  gsize n_units = 0, n_others = 0;
  g_autoptr (GVariant) gone = NULL;
  g_autoptr (GVariant) rest = NULL;
  GVariant *attributes[2];

  if (!keeps_one (r) || tg_variable_find_bool (r, "keepdims"))
    return NULL;

  tg_attribute_get_axes (tg_variable_find (r, "axis"), x->type->ndim, chosen);
  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (chosen[i] && x->type->shape[i] == 1)
        units[n_units++] = i;
      else if (chosen[i])
        others[n_others++] = (gint64) (i - n_units);
    }

  if (n_units == 0)
    return NULL;

  gone = g_variant_ref_sink (tg_attribute_axes (units, n_units));
  x = tg_rewriter_apply (rewriter, &tg_ops[TG_OP_SQUEEZE], &x, 1, &gone);
  if (x == NULL || n_others == 0)
    return x;

  rest = g_variant_ref_sink (tg_attribute_axes (others, n_others));
  attributes[0] = rest;
  attributes[1] = tg_variable_find (r, "keepdims");

  return tg_rewriter_apply (rewriter, r->op, &x, 1, attributes);
}

/* Those axes of a repeated tensor that are reduced, and all that are not, as positions. */
typedef struct
{
  gint64 reduced[TG_MAX_NDIM];
  gsize  n_reduced;
  gint64 kept[TG_MAX_NDIM];
  gsize  n_kept;
} Split;

/* FALSE where elements that differ are reduced too, or what is kept is reduced to size 1. */
static gboolean
split_axes (TgVariable *r,
            Split      *split)
{
  TgVariable *wide = r->inputs[0], *x = wide->inputs[0];
  guint skipped = wide->type->ndim - x->type->ndim;
  gboolean chosen[TG_MAX_NDIM];

  split->n_reduced = split->n_kept = 0;
  tg_attribute_get_axes (tg_variable_find (r, "axis"), wide->type->ndim, chosen);
  for (guint i = 0; i < wide->type->ndim; i++)
    {
      if (!chosen[i])
        split->kept[split->n_kept++] = i;
      else if (i >= skipped && x->type->shape[i - skipped] != 1)
        return FALSE;
      else
        split->reduced[split->n_reduced++] = i;
    }

  return !tg_variable_find_bool (r, "keepdims");
}

/* What is left of x, repeated along the axes that are kept. */
static TgVariable *
repeat_kept (TgRewriter  *rewriter,
             TgVariable  *wide,
             const Split *split)
{
  guint skipped = wide->type->ndim - wide->inputs[0]->type->ndim;
  TgVariable *given[2] = { wide->inputs[0], NULL }, *sizes[2] = { wide->inputs[1], NULL };
  TgVariable *folded;
  gint64 units[TG_MAX_NDIM];
  gsize n_units = 0;
  g_autoptr (GVariant) gone = NULL;
  g_autoptr (GVariant) first = g_variant_ref_sink (g_variant_new_int64 (0));

  for (gsize i = 0; i < split->n_reduced; i++)
    {
      if (split->reduced[i] >= skipped)
        units[n_units++] = split->reduced[i] - skipped;
    }

  gone = g_variant_ref_sink (tg_attribute_axes (units, n_units));
  given[0] = tg_rewriter_apply (rewriter, &tg_ops[TG_OP_SQUEEZE], given, 1, &gone);
  if (split->n_kept == 0 || given[0] == NULL)
    return given[0];

  sizes[1] = tg_rewriter_add_integers (rewriter, split->kept, split->n_kept);
  given[1] = tg_rewriter_apply (rewriter, &tg_ops[TG_OP_TAKE], sizes, 2, &first);
  folded = given[1] != NULL ? tg_rewriter_fold (rewriter, given[1]) : NULL;
  if (folded != NULL)
    given[1] = folded;

  return given[1] == NULL
           ? NULL : tg_rewriter_apply (rewriter, &tg_ops[TG_OP_BROADCAST_TO], given, 2, NULL);
}

/* How often each element is there, where that is known and not 0. */
static gint64
count_repetitions (TgVariable  *wide,
                   const Split *split)
{
  gint64 count = 1;

  for (gsize i = 0; i < split->n_reduced; i++)
    {
      gint64 size = wide->type->shape[split->reduced[i]];

      if (size <= 0 || __builtin_mul_overflow (count, size, &count))
        return 0;
    }

  return count;
}

/* reduction_of_repeated (r): what is known without looking at an element more than once. */
TG_RULE_MAKES (reduction_of_repeated)
{
  TgVariable *r = arguments[0].variable, *wide = r->inputs[0], *rest, *count;
  g_autoptr (TgVariable) number = NULL;
  TgOpId op = tg_op_info_get_id (r->op);
  gint64 n_repetitions;
  Split split;

  if (wide->op != &tg_ops[TG_OP_BROADCAST_TO] || !split_axes (r, &split)
      || (op != TG_OP_SUM && op != TG_OP_MEAN && op != TG_OP_MAX && op != TG_OP_MIN))
    return NULL;

  n_repetitions = count_repetitions (wide, &split);
  rest = n_repetitions > 0 ? repeat_kept (rewriter, wide, &split) : NULL;
  if (rest == NULL || op != TG_OP_SUM || n_repetitions == 1)
    return rest;

  number = tg_variable_new_number ((double) n_repetitions);
  count = tg_rewriter_intern (rewriter, number);
  number = tg_rewriter_make (rewriter, TG_OP_MULTIPLY, count, rest);

  return number != NULL ? tg_rewriter_intern (rewriter, number) : NULL;
}

/* reduction_of_transposed (r): the elements are the same in any order. */
TG_RULE_MAKES (reduction_of_transposed)
{
  TgVariable *r = arguments[0].variable, *turned = r->inputs[0], *result;
  gboolean keepdims = tg_variable_find_bool (r, "keepdims");
  TgRuleArgument both[2];
  g_autoptr (GVariant) axes = NULL;
  g_autoptr (GVariant) order = NULL;
  GVariant *attributes[2] = { NULL, tg_variable_find (r, "keepdims") };

  /* Of several axes, a position is one in their order. */
  if (turned->op != &tg_ops[TG_OP_PERMUTE_DIMS] || r->op->rule == TG_RULE_INDEX)
    return NULL;

  both[0].attribute = turned->attributes[0];
  both[1].attribute = tg_variable_find (r, "axis");
  axes = attributes[0] = tg_rule_images (both);
  result = tg_rewriter_apply (rewriter, r->op, turned->inputs, 1, attributes);
  if (result == NULL || result->type->ndim == 0)
    return result;

  order = keepdims ? g_variant_ref (turned->attributes[0]) : tg_rule_order_without (both);

  return order == NULL
           ? NULL : tg_rewriter_apply (rewriter, &tg_ops[TG_OP_PERMUTE_DIMS], &result, 1, &order);
}

static gboolean
is_square (gint64 rows,
           gint64 columns)
{
  return rows != TG_UNKNOWN && rows == columns;
}

/* products_on_diagonal (m): what the diagonal of a product of matrices is the sum of, where that is
 * square, and not used otherwise. */
TG_RULE_MAKES (products_on_diagonal)
{
  static const gint64 turned[] = { 1, 0 };
  TgVariable *product = arguments[0].variable, *x, *y;
  g_autoptr (GVariant) order = g_variant_ref_sink (tg_attribute_ints (turned, 2));
  g_autoptr (TgVariable) result = NULL;

  if (product->op != &tg_ops[TG_OP_MATMUL] || facts->count_uses (facts->data, product) > 1)
    return NULL;

  x = product->inputs[0];
  y = product->inputs[1];
  if (x->type->ndim != 2 || y->type->ndim != 2
      || !is_square (x->type->shape[0], y->type->shape[1]))
    return NULL;

  y = tg_rewriter_apply (rewriter, &tg_ops[TG_OP_PERMUTE_DIMS], &y, 1, &order);
  result = tg_rewriter_make (rewriter, TG_OP_MULTIPLY, x, y);

  return result != NULL ? tg_rewriter_intern (rewriter, result) : NULL;
}
