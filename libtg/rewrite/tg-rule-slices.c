/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-cut-private.h"

#include "tg-form-private.h"
#include "tg-tensor-private.h"

/* What slices of slices, of joined pieces and of elementwise results are.  All take what the
 * operator "slice" takes: x, start, stop, axis, step. */

/* The slice of `n_elements`, written as short as it can be. */
static TgCut
make_cut (gint64 size,
          gint64 start,
          gint64 step,
          gint64 n_elements)
{
  gint64 stop = start + step * (n_elements - 1) + (step > 0 ? 1 : -1);

  if (n_elements == 0)
    return (TgCut) { TRUE, 0, 0, 1 };

  if (step > 0 ? stop >= size : stop < 0)
    stop = tg_slice_last (step);

  if (step < 0 && start == size - 1)
    start = tg_slice_first (step);

  return (TgCut) { TRUE, start, stop, step };
}

static gboolean
is_reversal (const TgCut *cut)
{
  return cut->step == -1 && cut->start == tg_slice_first (-1) && cut->stop == tg_slice_last (-1);
}

static gint64
add_saturated (gint64 a,
               gint64 b)
{
  gint64 sum;

  return __builtin_add_overflow (a, b, &sum) ? G_MAXINT64 : sum;
}

static gint64
multiply_saturated (gint64 a,
                    gint64 b)
{
  gint64 product;

  return __builtin_mul_overflow (a, b, &product) ? G_MAXINT64 : product;
}

/* The second slice of the first one, as one of the axis itself. */
static gboolean
join_cuts (const TgCut *first,
           const TgCut *second,
           gint64     size,
           TgCut       *joined)
{
  gint64 start = first->start, stop = first->stop, n_first;
  gint64 offset = second->start, end = second->stop, n_second;

  if (size != TG_UNKNOWN)
    {
      tg_slice_clip (size, &start, &stop, first->step, &n_first);
      tg_slice_clip (n_first, &offset, &end, second->step, &n_second);
      *joined = make_cut (size, start + offset * first->step, first->step * second->step,
                          n_second);
      return TRUE;
    }

  if (is_reversal (first) && is_reversal (second))
    {
      joined->is_cut = FALSE;
      return TRUE;
    }

  /* What counts from the end is somewhere else once the end is. */
  if (first->step < 0 || second->step < 0 || start < 0 || stop < 0 || offset < 0 || end < 0)
    return FALSE;

  *joined = (TgCut) {
    TRUE, add_saturated (start, multiply_saturated (offset, first->step)),
    MIN (stop, add_saturated (start, multiply_saturated (end, first->step))),
    multiply_saturated (first->step, second->step),
  };

  return TRUE;
}

/* joined_slices (x, s, t, a, k, u, v, b, l): the slice u, v, b, l of the slice s, t, a, k of x. */
TG_RULE_MAKES (joined_slices)
{
  TgVariable *x = arguments[0].variable;
  TgCut first[TG_MAX_NDIM], second[TG_MAX_NDIM];

  if (!tg_cuts_read (arguments + 1, first) || !tg_cuts_read (arguments + 5, second))
    return NULL;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      TgCut joined = first[i].is_cut ? first[i] : second[i];

      if (first[i].is_cut && second[i].is_cut
          && !join_cuts (&first[i], &second[i], x->type->shape[i], &joined))
        return NULL;

      first[i] = joined;
    }

  return tg_rewriter_slice (rewriter, x, first);
}

static gboolean
takes_all (const TgCut *cut,
           gint64     size)
{
  gint64 start = cut->start, stop = cut->stop, n_elements;

  if (size == TG_UNKNOWN)
    return cut->step == 1 && start == 0 && stop == tg_slice_last (1);

  tg_slice_clip (size, &start, &stop, cut->step, &n_elements);

  return n_elements == size && (cut->step == 1 || size <= 1);
}

/* real_slice (x, s, t, a, k): the slice without the axes that it leaves whole. */
TG_RULE_MAKES (real_slice)
{
  TgVariable *x = arguments[0].variable;
  TgCut cuts[TG_MAX_NDIM];
  gboolean is_shorter = FALSE;

  if (!tg_cuts_read (arguments + 1, cuts))
    return NULL;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      gboolean is_whole = cuts[i].is_cut && takes_all (&cuts[i], x->type->shape[i]);

      cuts[i].is_cut = cuts[i].is_cut && !is_whole;
      is_shorter = is_shorter || is_whole;
    }

  return is_shorter ? tg_rewriter_slice (rewriter, x, cuts) : NULL;
}

/* Whether the sizes along an axis are certainly the same; `axis` is one of `whole`, counted from
 * the end as broadcasting does. */
static gboolean
have_same_size (const TgFacts *facts,
                TgVariable    *part,
                TgVariable    *whole,
                guint          axis)
{
  guint skipped = whole->type->ndim - part->type->ndim;
  gint64 size = part->type->shape[axis - skipped];

  return (size != TG_UNKNOWN && size == whole->type->shape[axis])
         || (skipped == 0 && facts->have_shape (facts->data, part, whole)
             && facts->have_shape (facts->data, whole, part));
}

/* The cuts as they are for an input of an elementwise operator; FALSE where that is not known. */
static gboolean
cut_input (const TgFacts *facts,
           TgVariable    *input,
           TgVariable    *whole,
           const TgCut     *cuts,
           TgCut            own[TG_MAX_NDIM])
{
  guint skipped = whole->type->ndim - input->type->ndim;

  memset (own, 0, TG_MAX_NDIM * sizeof (TgCut));
  for (guint i = skipped; i < whole->type->ndim; i++)
    {
      if (!cuts[i].is_cut)
        continue;

      if (have_same_size (facts, input, whole, i))
        own[i - skipped] = cuts[i];
      else if (input->type->shape[i - skipped] != 1 || whole->type->shape[i] == TG_UNKNOWN)
        return FALSE;
    }

  return TRUE;
}

/* sliced_inside (y, s, t, a, k): what is computed of the slices of the inputs of y, which is not
 * used as a whole. */
TG_RULE_MAKES (sliced_inside)
{
  TgVariable *y = arguments[0].variable;
  TgVariable *inputs[TG_OP_MAX_INPUTS];
  TgCut cuts[TG_MAX_NDIM];

  if (facts->count_uses (facts->data, y) > 1 || !tg_cuts_read (arguments + 1, cuts))
    return NULL;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      TgCut own[TG_MAX_NDIM];

      if (!cut_input (facts, y->inputs[i], y, cuts, own))
        return NULL;

      inputs[i] = tg_rewriter_slice (rewriter, y->inputs[i], own);
      if (inputs[i] == NULL)
        return NULL;
    }

  return tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes);
}

/* indexed_inside (y, i, a): likewise for one position of the axis a. */
TG_RULE_MAKES (indexed_inside)
{
  TgVariable *y = arguments[0].variable;
  guint axis = (guint) g_variant_get_int64 (arguments[2].attribute);
  TgVariable *inputs[TG_OP_MAX_INPUTS];

  if (facts->count_uses (facts->data, y) > 1)
    return NULL;

  for (guint i = 0; i < y->n_inputs; i++)
    {
      TgVariable *input = y->inputs[i];
      guint skipped = y->type->ndim - input->type->ndim;

      inputs[i] = input;
      if (axis < skipped)
        continue;

      if (!have_same_size (facts, input, y, axis))
        return NULL;

      inputs[i] = tg_rewriter_index (rewriter, input, arguments[1].variable, axis - skipped);
      if (inputs[i] == NULL)
        return NULL;
    }

  return tg_rewriter_apply (rewriter, y->op, inputs, y->n_inputs, y->attributes);
}

/* index_of_slice (x, s, t, a, k, i, b): the position i of the axis b of a slice of x. */
TG_RULE_MAKES (index_of_slice)
{
  TgVariable *x = arguments[0].variable;
  guint axis = (guint) g_variant_get_int64 (arguments[6].attribute);
  gint64 size = x->type->shape[axis], position, start, stop, n_elements = -1;
  TgCut cuts[TG_MAX_NDIM];

  if (!tg_variable_infer_integer (arguments[5].variable, &position)
      || !tg_cuts_read (arguments + 1, cuts) || !cuts[axis].is_cut)
    return NULL;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (i != axis && cuts[i].is_cut)
        return NULL;
    }

  start = cuts[axis].start;
  stop = cuts[axis].stop;
  if (size != TG_UNKNOWN)
    tg_slice_clip (size, &start, &stop, cuts[axis].step, &n_elements);
  if (position < 0)
    position += n_elements;

  /* Where a slice of an axis of unknown size begins and ends is not known if it is cut short. */
  if (position < 0
      || (size == TG_UNKNOWN && (start < 0 || cuts[axis].step < 0 || stop != tg_slice_last (1))))
    return NULL;

  return tg_rewriter_index_at (rewriter, x, start + position * cuts[axis].step, axis);
}

/* slice_at (x, i, a): the slice that takes the positions i of the axis a, which are a constant. */
TG_RULE_MAKES (slice_at)
{
  TgVariable *x = arguments[0].variable;
  guint axis = (guint) g_variant_get_int64 (arguments[2].attribute);
  gint64 size = x->type->shape[axis];
  gsize n_values;
  g_autofree gint64 *values = tg_variable_dup_integers (arguments[1].variable, &n_values);
  TgCut cuts[TG_MAX_NDIM] = { { FALSE, 0, 0, 0 } };

  if (values == NULL || n_values == 0 || size == TG_UNKNOWN)
    return NULL;

  for (gsize i = 0; i < n_values; i++)
    {
      values[i] += values[i] < 0 ? size : 0;
      if (values[i] < 0 || values[i] >= size
          || (i > 0 && values[i] - values[i - 1] != values[1] - values[0]))
        return NULL;
    }

  if (n_values > 1 && values[1] == values[0])
    return NULL;

  cuts[axis] = make_cut (size, values[0], n_values > 1 ? values[1] - values[0] : 1,
                         (gint64) n_values);

  return tg_rewriter_slice (rewriter, x, cuts);
}
