/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-cut-private.h"

#include "tg-attribute-private.h"
#include "tg-form-private.h"
#include "tg-tensor-private.h"

/* What lists of tensors that are joined or stacked are.  A list is the variable that is made of
 * it. */

/* The pieces joined again, or the only one. */
static TgVariable *
join_pieces (TgRewriter *rewriter,
             GPtrArray  *pieces,
             gint64      axis)
{
  g_autoptr (GVariant) attribute = g_variant_ref_sink (g_variant_new_int64 (axis));

  if (pieces->len == 1)
    return pieces->pdata[0];

  return tg_rewriter_apply (rewriter, &tg_ops[TG_OP_CONCAT], (TgVariable **) pieces->pdata,
                            pieces->len, &attribute);
}

/* The part of a piece from `start` up to `stop` along one axis. */
static TgVariable *
cut_piece (TgRewriter *rewriter,
           TgVariable *piece,
           gint64      axis,
           gint64      start,
           gint64      stop)
{
  gint64 size = piece->type->shape[axis];
  TgCut cuts[TG_MAX_NDIM] = { { FALSE, 0, 0, 0 } };

  if (start <= 0 && (stop == G_MAXINT64 || (size != TG_UNKNOWN && stop >= size)))
    return piece;

  if (size != TG_UNKNOWN && stop >= size)
    stop = tg_slice_last (1);
  cuts[axis] = (TgCut) { TRUE, MAX (start, 0), stop, 1 };

  return tg_rewriter_slice (rewriter, piece, cuts);
}

/* slice_of_pieces (xs, s, t, a, k): of the pieces, joined along the one axis that is cut, those
 * that are seen. */
TG_RULE_MAKES (slice_of_pieces)
{
  TgVariable *whole = arguments[0].variable;
  gint64 axis = tg_variable_find_int (whole, "axis"), offset = 0, n_elements, start, stop;
  gint64 size = whole->type->shape[axis];
  gsize n_cuts;
  const gint64 *axes = g_variant_get_fixed_array (arguments[3].attribute, &n_cuts,
                                                  sizeof (gint64));
  const gint64 *steps = g_variant_get_fixed_array (arguments[4].attribute, &n_cuts,
                                                   sizeof (gint64));
  g_autoptr (GPtrArray) pieces = g_ptr_array_new ();

  if (n_cuts != 1 || axes[0] != axis || steps[0] != 1
      || !tg_rule_argument_get_integer (&arguments[1], &start)
      || !tg_rule_argument_get_integer (&arguments[2], &stop))
    return NULL;

  if (size != TG_UNKNOWN)
    tg_slice_clip (size, &start, &stop, 1, &n_elements);
  if (start < 0 || stop < 0 || start >= stop)
    return NULL;

  for (guint i = 0; i < whole->n_inputs && offset < stop; i++)
    {
      TgVariable *piece = whole->inputs[i];
      gint64 length = piece->type->shape[axis];

      if (length == TG_UNKNOWN && i + 1 < whole->n_inputs)
        return NULL;

      if (length == TG_UNKNOWN || (start < offset + length && length > 0))
        g_ptr_array_add (pieces, cut_piece (rewriter, piece, axis, start - offset,
                                            stop == G_MAXINT64 ? stop : stop - offset));
      offset += MAX (length, 0);
    }

  return pieces->len > 0 ? join_pieces (rewriter, pieces, axis) : NULL;
}

/* piece_at (xs, i, a): the position i of pieces that are joined along the axis a. */
TG_RULE_MAKES (piece_at)
{
  TgVariable *whole = arguments[0].variable;
  gint64 axis = g_variant_get_int64 (arguments[2].attribute), size = whole->type->shape[axis];
  gint64 position;

  if (axis != tg_variable_find_int (whole, "axis")
      || !tg_variable_infer_integer (arguments[1].variable, &position))
    return NULL;

  position += position < 0 && size != TG_UNKNOWN ? size : 0;
  for (guint i = 0; position >= 0 && i < whole->n_inputs; i++)
    {
      gint64 length = whole->inputs[i]->type->shape[axis];

      if (length == TG_UNKNOWN)
        return NULL;

      if (position >= length)
        {
          position -= length;
          continue;
        }

      return tg_rewriter_index_at (rewriter, whole->inputs[i], position, axis);
    }

  return NULL;
}

/* element (xs, i): the tensor number i of those that are stacked. */
TG_RULE_MAKES (element)
{
  TgVariable *whole = arguments[0].variable;
  gint64 position;

  if (!tg_variable_infer_integer (arguments[1].variable, &position))
    return NULL;

  position += position < 0 ? whole->n_inputs : 0;

  return position >= 0 && position < whole->n_inputs ? whole->inputs[position] : NULL;
}

/* flat_pieces (xs): the pieces, and in the place of those that are joined along the same axis
 * themselves, theirs; without those that are empty. */
TG_RULE_MAKES (flat_pieces)
{
  TgVariable *whole = arguments[0].variable;
  gint64 axis = tg_variable_find_int (whole, "axis");
  g_autoptr (GPtrArray) pieces = g_ptr_array_new ();
  gboolean is_changed = FALSE;

  for (guint i = 0; i < whole->n_inputs; i++)
    {
      TgVariable *piece = whole->inputs[i];

      if (piece->op == &tg_ops[TG_OP_CONCAT] && tg_variable_find_int (piece, "axis") == axis
          && piece->type->dtype == whole->type->dtype)
        {
          for (guint k = 0; k < piece->n_inputs; k++)
            g_ptr_array_add (pieces, piece->inputs[k]);
          is_changed = TRUE;
        }
      else if (piece->type->shape[axis] == 0 && (i + 1 < whole->n_inputs || pieces->len > 0))
        is_changed = TRUE;
      else
        g_ptr_array_add (pieces, piece);
    }

  return is_changed ? join_pieces (rewriter, pieces, axis) : NULL;
}

/* Whether `piece` is x[start:stop] along one axis.  However large that is, x[stop:] goes on. */
static gboolean
read_piece (TgVariable *piece,
            gint64      axis,
            gint64     *start,
            gint64     *stop)
{
  const gint64 *axes, *steps;
  gsize n_axes, n_steps;
  TgRuleArgument bounds[2];

  if (piece->op != &tg_ops[TG_OP_SLICE])
    return FALSE;

  axes = tg_variable_find_ints (piece, "axis", &n_axes);
  steps = tg_variable_find_ints (piece, "step", &n_steps);
  if (n_axes != 1 || axes[0] != axis || steps[0] != 1)
    return FALSE;

  bounds[0].variable = piece->inputs[1];
  bounds[1].variable = piece->inputs[2];

  return tg_rule_argument_get_integer (&bounds[0], start)
         && tg_rule_argument_get_integer (&bounds[1], stop) && *start >= 0 && *stop >= *start;
}

/* rejoined_pieces (xs): the same with slices that go on where the one before ended as one. */
TG_RULE_MAKES (rejoined_pieces)
{
  TgVariable *whole = arguments[0].variable;
  gint64 axis = tg_variable_find_int (whole, "axis"), from = 0, end = -1, start, stop;
  g_autoptr (GPtrArray) pieces = g_ptr_array_new ();
  TgVariable *source = NULL;

  for (guint i = 0; i < whole->n_inputs; i++)
    {
      TgVariable *piece = whole->inputs[i];

      if (!read_piece (piece, axis, &start, &stop))
        source = NULL;
      else if (i > 0 && piece->inputs[0] == source && start == end)
        {
          pieces->pdata[pieces->len - 1] = cut_piece (rewriter, source, axis, from, stop);
          end = stop;
          continue;
        }
      else
        {
          source = piece->inputs[0];
          from = start;
          end = stop;
        }

      g_ptr_array_add (pieces, piece);
    }

  return pieces->len < whole->n_inputs ? join_pieces (rewriter, pieces, axis) : NULL;
}

/* The variable that `part` is the position number `index` of along the axis, or NULL. */
static TgVariable *
find_whole (TgVariable *part,
            gint64      index,
            gint64      axis)
{
  gint64 position;

  if (part->op != &tg_ops[TG_OP_INDEX] || tg_variable_find_int (part, "axis") != axis
      || !tg_variable_infer_integer (part->inputs[1], &position) || position != index)
    return NULL;

  return part->inputs[0];
}

/* unstacked (xs): what all parts of were taken, and are stacked again. */
TG_RULE_MAKES (unstacked)
{
  TgVariable *stack = arguments[0].variable;
  gint64 axis = tg_variable_find_int (stack, "axis");
  TgVariable *whole = find_whole (stack->inputs[0], 0, axis);

  if (whole == NULL || whole->type->shape[axis] != stack->n_inputs)
    return NULL;

  for (guint i = 1; i < stack->n_inputs; i++)
    {
      if (find_whole (stack->inputs[i], i, axis) != whole)
        return NULL;
    }

  return whole;
}

/* shape_of_sizes (xs): the shape of what the sizes of all axes of are stacked. */
TG_RULE_MAKES (shape_of_sizes)
{
  TgVariable *stack = arguments[0].variable, *source = NULL;

  for (guint i = 0; i < stack->n_inputs; i++)
    {
      TgVariable *size = stack->inputs[i];
      gboolean chosen[TG_MAX_NDIM];

      if (size->op != &tg_ops[TG_OP_SIZE] || size->inputs[0]->type->ndim != stack->n_inputs
          || (source != NULL && size->inputs[0] != source))
        return NULL;

      source = size->inputs[0];
      tg_attribute_get_axes (size->attributes[0], source->type->ndim, chosen);
      for (guint k = 0; k < source->type->ndim; k++)
        {
          if (chosen[k] != (k == i))
            return NULL;
        }
    }

  return tg_rewriter_apply (rewriter, &tg_ops[TG_OP_SHAPE], &source, 1, NULL);
}

/* What has the shape to which a number is repeated. */
static TgVariable *
find_shaped (TgVariable *x)
{
  while (x->op == &tg_ops[TG_OP_BROADCAST_TO] && x->inputs[1]->op == &tg_ops[TG_OP_SHAPE])
    x = x->inputs[1]->inputs[0];

  return x;
}

/* needed_shapes (xs): the shape that tensors have together, without those that change nothing. */
TG_RULE_MAKES (needed_shapes)
{
  TgVariable *whole = arguments[0].variable;
  g_autoptr (GPtrArray) needed = g_ptr_array_new ();
  gboolean is_simpler = whole->n_inputs == 1;

  for (guint i = 0; i < whole->n_inputs; i++)
    {
      TgVariable *x = find_shaped (whole->inputs[i]);
      gboolean is_needed = x->type->ndim > 0;

      is_simpler = is_simpler || x != whole->inputs[i];
      for (guint k = 0; is_needed && k < needed->len; k++)
        is_needed = !facts->have_shape (facts->data, x, needed->pdata[k]);

      if (is_needed)
        g_ptr_array_add (needed, x);
    }

  if (needed->len == 0 || (needed->len == whole->n_inputs && !is_simpler))
    return NULL;

  return tg_rewriter_apply (rewriter, &tg_ops[needed->len == 1 ? TG_OP_SHAPE
                                                               : TG_OP_BROADCAST_SHAPE],
                            (TgVariable **) needed->pdata, needed->len, NULL);
}
