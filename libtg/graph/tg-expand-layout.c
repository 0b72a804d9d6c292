/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"
#include "tg-operators.h"
#include "tg-variables-private.h"

/* Composite operators that move elements: how depends on the number of dimensions. */

static TgVariable *
make_product (TgVariable *first,
              TgVariable *second)
{
  gint64 values[2];
  gint64 product;

  if (tg_variable_infer_integer (first, &values[0])
      && tg_variable_infer_integer (second, &values[1])
      && !__builtin_mul_overflow (values[0], values[1], &product))
    return tg_constant_new_integer (product);

  return tg_multiply (first, second, NULL);
}

/* The element of a vector of integers, as an int64. */
static TgVariable *
make_element (TgVariable *vector,
              gsize       number)
{
  gsize n_values;
  g_autofree gint64 *values = tg_variable_dup_integers (vector, &n_values);
  g_autoptr (TgVariable) position = NULL;
  g_autoptr (TgVariable) element = NULL;

  if (values != NULL)
    return tg_constant_new_integer (values[number]);

  position = tg_constant_new_integer ((gint64) number);
  element = tg_index (vector, position, 0, NULL);

  return tg_astype (element, TG_DTYPE_INT64, NULL);
}

static TgVariable *
flatten (TgVariable *x)
{
  g_autoptr (TgVariable) shape = tg_constant_new_integers ((const gint64[]) { -1 }, 1);

  return tg_reshape (x, shape, NULL);
}

/* The axes `from` moved to the places `to`, in the order of the others. */
static TgVariable *
move_axes (TgVariable  *x,
           const guint *from,
           const guint *to,
           gsize        n_axes,
           GError     **error)
{
  gint64 order[TG_MAX_NDIM];
  gboolean placed[TG_MAX_NDIM] = { FALSE, };
  gboolean moved[TG_MAX_NDIM] = { FALSE, };
  gboolean is_same = TRUE;
  guint next = 0;

  for (gsize i = 0; i < n_axes; i++)
    {
      if (moved[from[i]] || placed[to[i]])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice",
                       moved[from[i]] ? from[i] : to[i]);
          return NULL;
        }

      moved[from[i]] = placed[to[i]] = TRUE;
      order[to[i]] = from[i];
    }

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (placed[i])
        continue;

      while (moved[next])
        next++;
      order[i] = next++;
    }

  for (guint i = 0; i < x->type->ndim; i++)
    is_same = is_same && order[i] == i;

  if (is_same)
    return g_object_ref (x);

  return tg_permute_dims (x, order, x->type->ndim, error);
}

TgVariable *
tg_expand_moveaxis (TgApply  *apply,
                    GError  **error)
{
  gsize n_from, n_to;
  const gint64 *from = tg_apply_find_ints (apply, "source", &n_from);
  const gint64 *to = tg_apply_find_ints (apply, "destination", &n_to);
  guint ndim = apply->inputs[0]->type->ndim;
  guint sources[TG_MAX_NDIM], places[TG_MAX_NDIM];

  if (n_from != n_to || n_from > ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                   "source and destination must name as many axes, at most %u", ndim);
      return NULL;
    }

  for (gsize i = 0; i < n_from; i++)
    {
      if (!tg_axis_normalise (from[i], ndim, "source", &sources[i], error)
          || !tg_axis_normalise (to[i], ndim, "destination", &places[i], error))
        return NULL;
    }

  return move_axes (apply->inputs[0], sources, places, n_from, error);
}

static TgVariable *
swap_axes (TgVariable  *x,
           gint64       axis1,
           gint64       axis2,
           GError     **error)
{
  guint ndim = x->type->ndim;
  gint64 order[TG_MAX_NDIM];
  guint first, second;

  if (!tg_axis_normalise (axis1, ndim, "axis1", &first, error)
      || !tg_axis_normalise (axis2, ndim, "axis2", &second, error))
    return NULL;

  for (guint i = 0; i < ndim; i++)
    order[i] = i == first ? second : i == second ? first : i;

  return tg_permute_dims (x, order, ndim, error);
}

TgVariable *
tg_expand_swapaxes (TgApply  *apply,
                    GError  **error)
{
  return swap_axes (apply->inputs[0], tg_apply_find_int (apply, "axis1"),
                    tg_apply_find_int (apply, "axis2"), error);
}

TgVariable *
tg_expand_matrix_transpose (TgApply  *apply,
                            GError  **error)
{
  if (apply->inputs[0]->type->ndim >= 2)
    return swap_axes (apply->inputs[0], -2, -1, error);

  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "x must have at least 2 dimensions");
  return NULL;
}

TgVariable *
tg_expand_flip (TgApply  *apply,
                GError  **error)
{
  TgVariable *x = apply->inputs[0];
  gboolean chosen[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM], steps[TG_MAX_NDIM], firsts[TG_MAX_NDIM], lasts[TG_MAX_NDIM];
  g_autoptr (TgVariable) start = NULL;
  g_autoptr (TgVariable) stop = NULL;
  gsize n_axes = 0;

  if (!tg_apply_normalise_axes (apply, x->type->ndim, chosen, error))
    return NULL;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (!chosen[i])
        continue;

      axes[n_axes] = i;
      steps[n_axes] = -1;
      firsts[n_axes] = tg_slice_first (-1);
      lasts[n_axes++] = tg_slice_last (-1);
    }

  if (n_axes == 0)
    return g_object_ref (x);

  start = tg_constant_new_integers (firsts, n_axes);
  stop = tg_constant_new_integers (lasts, n_axes);

  return tg_slice (x, start, stop, axes, n_axes, steps, n_axes, error);
}

/* Puts the last `shift` parts first. */
static TgVariable *
roll (TgVariable *x,
      gint64      shift,
      guint       axis)
{
  gint64 size = x->type->shape[axis];
  g_autoptr (TgVariable) begin = tg_constant_new_integer (0);
  g_autoptr (TgVariable) middle = NULL;
  g_autoptr (TgVariable) end = NULL;
  g_autoptr (TgVariable) left = NULL;
  g_autoptr (TgVariable) right = NULL;

  if (size != TG_UNKNOWN)
    {
      middle = tg_constant_new_integer (size > 0 ? (size - shift % size) % size : 0);
      end = tg_constant_new_integer (size);
    }
  else
    {
      g_autoptr (TgVariable) distance = tg_constant_new_integer (shift);
      g_autoptr (TgVariable) moved = NULL;

      /* By no place at all, all are on the left, which is the same. */
      end = tg_variable_new_size (x, axis, NULL);
      moved = tg_remainder (distance, end, NULL);
      middle = tg_subtract (end, moved, NULL);
    }

  left = tg_variable_cut (x, axis, begin, middle, NULL);
  right = tg_variable_cut (x, axis, middle, end, NULL);

  return tg_concat ((TgVariable *[]) { right, left }, 2, axis, NULL);
}

TgVariable *
tg_expand_roll (TgApply  *apply,
                GError  **error)
{
  gsize n_shifts, n_axes;
  const gint64 *shifts = tg_apply_find_ints (apply, "shift", &n_shifts);
  const gint64 *axes = tg_apply_find_ints (apply, "axis", &n_axes);
  g_autoptr (TgVariable) result = g_object_ref (apply->inputs[0]);

  if (n_shifts != MAX (n_axes, 1) && n_shifts != 1)
    {
      g_set_error_literal (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                           "shift must be one number, or have one for each axis");
      return NULL;
    }

  if (n_axes == 0)
    {
      g_autoptr (TgVariable) shape = tg_shape (result, NULL);
      g_autoptr (TgVariable) flat = flatten (result);
      g_autoptr (TgVariable) rolled = roll (flat, shifts[0], 0);

      return tg_reshape (rolled, shape, error);
    }

  for (gsize i = 0; i < n_axes; i++)
    {
      g_autoptr (TgVariable) before = g_steal_pointer (&result);
      guint axis;

      if (!tg_axis_normalise (axes[i], before->type->ndim, "axis", &axis, error))
        return NULL;

      result = roll (before, shifts[n_shifts == 1 ? 0 : i], axis);
    }

  return g_steal_pointer (&result);
}

TgVariable *
tg_expand_tile (TgApply  *apply,
                GError  **error)
{
  TgVariable *x = apply->inputs[0];
  guint n_repeats = (guint) apply->inputs[1]->type->shape[0];
  guint ndim = MAX (x->type->ndim, n_repeats);
  gint64 new_axes[TG_MAX_NDIM];
  g_autoptr (GPtrArray) wide = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) spread = NULL;
  g_autoptr (TgVariable) repeated = NULL;
  g_autoptr (TgVariable) wide_shape = NULL;
  g_autoptr (TgVariable) shape = NULL;
  gsize n_new = 0;

  if (ndim > TG_MAX_NDIM / 2)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "at most %d dimensions can be tiled", TG_MAX_NDIM / 2);
      return NULL;
    }

  /* Each axis gets one before it, along which it is repeated and with which it becomes one. */
  for (guint i = 0; i < ndim; i++)
    {
      gint64 own = (gint64) i - (gint64) (ndim - x->type->ndim);
      gint64 number = (gint64) i - (gint64) (ndim - n_repeats);
      TgVariable *size = own >= 0 ? tg_variable_new_size (x, (guint) own, NULL)
                                  : tg_constant_new_integer (1);
      TgVariable *count = number >= 0 ? make_element (apply->inputs[1], (gsize) number)
                                      : tg_constant_new_integer (1);

      new_axes[n_new++] = 2 * i;
      if (own < 0)
        new_axes[n_new++] = 2 * i + 1;

      g_ptr_array_add (wide, count);
      g_ptr_array_add (wide, size);
      g_ptr_array_add (sizes, make_product (count, size));
    }

  spread = tg_expand_dims (x, new_axes, n_new, error);
  wide_shape = tg_variable_new_shape (wide, NULL);
  shape = tg_variable_new_shape (sizes, NULL);
  repeated = tg_broadcast_to (spread, wide_shape, error);

  return tg_reshape (repeated, shape, error);
}

/* Each part as often as the one number says. */
static TgVariable *
repeat_evenly (TgVariable  *x,
               TgVariable  *repeats,
               guint        axis,
               GError     **error)
{
  const gint64 new_axis = axis + 1;
  g_autoptr (TgVariable) count = tg_astype (repeats, TG_DTYPE_INT64, NULL);
  g_autoptr (GPtrArray) wide = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) spread = tg_expand_dims (x, &new_axis, 1, error);
  g_autoptr (TgVariable) repeated = NULL;
  g_autoptr (TgVariable) wide_shape = NULL;
  g_autoptr (TgVariable) shape = NULL;
  gint64 number;

  if (tg_variable_infer_integer (repeats, &number))
    {
      g_object_unref (count);
      count = tg_constant_new_integer (number);
    }

  for (guint i = 0; i < x->type->ndim; i++)
    {
      TgVariable *size = tg_variable_new_size (x, i, NULL);

      g_ptr_array_add (wide, size);
      g_ptr_array_add (sizes, i == axis ? make_product (size, count) : g_object_ref (size));
      if (i == axis)
        g_ptr_array_add (wide, g_object_ref (count));
    }

  wide_shape = tg_variable_new_shape (wide, NULL);
  shape = tg_variable_new_shape (sizes, NULL);
  repeated = tg_broadcast_to (spread, wide_shape, error);

  return tg_reshape (repeated, shape, error);
}

/* The positions of the parts: as many times each as `repeats` says, which is a vector. */
static TgVariable *
repeat_each (TgVariable  *x,
             TgVariable  *repeats,
             guint        axis,
             GError     **error)
{
  TgVariable *size = tg_variable_new_size (x, axis, NULL);
  g_autoptr (TgVariable) shape = tg_variable_new_vector (&size, 1, NULL);
  g_autoptr (TgVariable) checked = tg_check_positive (repeats, TRUE, error);
  g_autoptr (TgVariable) counts = tg_broadcast_to (checked, shape, error);
  g_autoptr (TgVariable) ends = tg_cumulative_sum (counts, 0, error);
  g_autoptr (TgVariable) total = tg_sum (counts, NULL, 0, FALSE, error);
  g_autoptr (TgVariable) zero = tg_constant_new_integer (0);
  g_autoptr (TgVariable) one = tg_constant_new_integer (1);
  g_autoptr (TgVariable) numbers = tg_arange (zero, total, one, error);
  g_autoptr (TgVariable) positions = tg_searchsorted (ends, numbers, "right", error);

  g_object_unref (size);

  return tg_take (x, positions, axis, error);
}

TgVariable *
tg_expand_repeat (TgApply  *apply,
                  GError  **error)
{
  TgVariable *repeats = apply->inputs[1];
  g_autoptr (GVariant) given = g_variant_get_maybe (tg_apply_find (apply, "axis"));
  g_autoptr (TgVariable) x = given == NULL ? flatten (apply->inputs[0])
                                           : g_object_ref (apply->inputs[0]);
  gsize n_axes = 1;
  const gint64 *axes = given != NULL ? g_variant_get_fixed_array (given, &n_axes, sizeof (gint64))
                                     : NULL;
  guint axis = 0;

  if (n_axes != 1 || repeats->type->ndim > 1)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                           n_axes != 1 ? "axis must be one axis or all"
                                       : "repeats must have 0 dimensions or 1");
      return NULL;
    }

  if (axes != NULL && !tg_axis_normalise (axes[0], x->type->ndim, "axis", &axis, error))
    return NULL;

  return repeats->type->ndim == 0 ? repeat_evenly (x, repeats, axis, error)
                                  : repeat_each (x, repeats, axis, error);
}
