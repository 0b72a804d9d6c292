/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-pieces.h"

#include "tg-error.h"
#include "tg-form-private.h"
#include "tg-operators.h"
#include "tg-variables-private.h"

/* Functions of several operators, most of which make several variables. */

/* The sizes of a variable, but for one axis. */
static GPtrArray *
list_sizes (TgVariable  *x,
            guint        axis,
            TgVariable  *size,
            GError     **error)
{
  g_autoptr (GPtrArray) sizes = tg_variables_new ();

  if (size == NULL || !tg_variable_add_sizes (x, 0, sizes, error))
    return NULL;

  g_object_unref (sizes->pdata[axis]);
  sizes->pdata[axis] = g_object_ref (size);

  return g_steal_pointer (&sizes);
}

/* `x`, whose size along the axis must be `size`: if that is not known before, the run finds out,
 * since the elements do not fill another shape. */
static TgVariable *
expect_size (TgVariable  *x,
             guint        axis,
             gint64       size,
             GError     **error)
{
  g_autoptr (TgVariable) expected = tg_constant_new_integer (size);
  g_autoptr (GPtrArray) sizes = NULL;
  g_autoptr (TgVariable) shape = NULL;

  if (x == NULL)
    return NULL;

  if (x->type->shape[axis] == size)
    return g_object_ref (x);

  if (x->type->shape[axis] != TG_UNKNOWN)
    {
      g_autofree char *text = tg_variable_describe (x, x->type);

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                   "split (%s): the sizes do not fill axis %u", text, axis);
      return NULL;
    }

  sizes = list_sizes (x, axis, expected, error);
  shape = sizes != NULL ? tg_variable_new_shape (sizes, error) : NULL;

  return tg_reshape (x, shape, error);
}

/* `part`, which is what is left of the axis of `x` without `total`: not less than nothing. */
static TgVariable *
expect_rest (TgVariable  *x,
             TgVariable  *part,
             guint        axis,
             gint64       total,
             GError     **error)
{
  g_autoptr (TgVariable) used = tg_constant_new_integer (total);
  g_autoptr (TgVariable) size = NULL;
  g_autoptr (TgVariable) rest = NULL;
  g_autoptr (GPtrArray) sizes = NULL;
  g_autoptr (TgVariable) shape = NULL;

  if (part == NULL)
    return NULL;

  if (x->type->shape[axis] != TG_UNKNOWN)
    return x->type->shape[axis] >= total ? g_object_ref (part)
                                         : expect_size (x, axis, total, error);

  size = tg_variable_new_size (x, axis, error);
  rest = tg_subtract (size, used, error);
  sizes = list_sizes (x, axis, rest, error);
  shape = sizes != NULL ? tg_variable_new_shape (sizes, error) : NULL;

  return tg_broadcast_to (part, shape, error);
}

/**
 * tg_unstack:
 * @x: a variable
 * @axis: an axis whose size is known
 * @n_parts: (out) (optional): how many parts there are
 * @error: return location for an error
 *
 * Takes a variable apart along an axis, which the parts do not have.
 *
 * Returns: (transfer full) (array length=n_parts): the parts, or %NULL with @error set, unless @x
 *   is %NULL
 */
TgVariable **
tg_unstack (TgVariable  *x,
            gint64       axis,
            gsize       *n_parts,
            GError     **error)
{
  g_autoptr (GPtrArray) parts = tg_variables_new ();
  guint normal;

  if (n_parts != NULL)
    *n_parts = 0;

  if (x == NULL)
    return NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (x), NULL);

  if (!tg_axis_normalise (axis, x->type->ndim, "axis", &normal, error))
    {
      g_prefix_error (error, "unstack: ");
      return NULL;
    }

  if (x->type->shape[normal] == TG_UNKNOWN)
    {
      g_autofree char *text = tg_variable_describe (x, x->type);

      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                   "unstack (%s): the size of axis %u must be known", text, normal);
      return NULL;
    }

  for (gint64 i = 0; i < x->type->shape[normal]; i++)
    {
      g_autoptr (TgVariable) position = tg_constant_new_integer (i);

      g_ptr_array_add (parts, tg_index (x, position, normal, error));
    }

  return tg_variables_dup_array (parts, n_parts);
}

/* What the parts have together, and how many are free to have what is left. */
static gboolean
add_sizes (const gint64  *sizes,
           gsize          n_sizes,
           gsize         *n_free,
           gint64        *total,
           GError       **error)
{
  *n_free = 0;
  *total = 0;
  for (gsize i = 0; i < n_sizes; i++)
    {
      *n_free += sizes[i] == -1 ? 1 : 0;
      if (sizes[i] < -1 || *n_free > 1)
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                               "split: the sizes must not be negative, but for one -1");
          return FALSE;
        }

      if (__builtin_add_overflow (*total, MAX (sizes[i], 0), total))
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                               "split: the sizes are too large for memory");
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * tg_split:
 * @x: a variable
 * @sizes: (array length=n_sizes): the sizes of the parts along @axis; one may be -1, for what the
 *   others leave
 * @n_sizes: how many there are
 * @axis: the axis
 * @n_parts: (out) (optional): how many parts there are: @n_sizes
 * @error: return location for an error
 *
 * Takes a variable apart into parts of given sizes.
 *
 * When the function runs, it is an error if the sizes are not together that of the axis.
 *
 * Returns: (transfer full) (array length=n_parts): the parts, or %NULL with @error set, unless @x
 *   is %NULL
 */
TgVariable **
tg_split (TgVariable    *x,
          const gint64  *sizes,
          gsize          n_sizes,
          gint64         axis,
          gsize         *n_parts,
          GError       **error)
{
  g_autoptr (GPtrArray) parts = tg_variables_new ();
  g_autoptr (TgVariable) whole = NULL;
  gint64 total, offset = 0;
  gsize n_free;
  guint normal;

  if (n_parts != NULL)
    *n_parts = 0;

  if (x == NULL)
    return NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (x), NULL);
  g_return_val_if_fail (sizes != NULL || n_sizes == 0, NULL);

  if (!tg_axis_normalise (axis, x->type->ndim, "axis", &normal, error))
    {
      g_prefix_error (error, "split: ");
      return NULL;
    }

  if (!add_sizes (sizes, n_sizes, &n_free, &total, error))
    return NULL;

  whole = n_free == 0 ? expect_size (x, normal, total, error) : g_object_ref (x);
  if (whole == NULL)
    return NULL;

  for (gsize i = 0; i < n_sizes; i++)
    {
      g_autoptr (TgVariable) part = NULL;
      gint64 stop;

      /* From the free part on, places are counted from the end. */
      if (sizes[i] == -1)
        {
          stop = offset - total;
          part = tg_variable_cut_at (whole, normal, offset, stop < 0 ? stop : tg_slice_last (1),
                                     error);
          g_ptr_array_add (parts, expect_rest (whole, part, normal, total, error));
          offset = stop;
          continue;
        }

      stop = offset + sizes[i];
      part = tg_variable_cut_at (whole, normal, offset,
                                 offset < 0 && stop == 0 ? tg_slice_last (1) : stop, error);
      g_ptr_array_add (parts, expect_size (part, normal, sizes[i], error));
      offset = stop;
    }

  return tg_variables_dup_array (parts, n_parts);
}

/**
 * tg_broadcast_arrays:
 * @xs: (array length=n_xs): variables
 * @n_xs: how many there are
 * @n_results: (out) (optional): how many results there are: @n_xs
 * @error: return location for an error
 *
 * Repeats variables so that all have the shape that they have together.
 *
 * Returns: (transfer full) (array length=n_results): the results, or %NULL with @error set, unless
 *   a variable is %NULL
 */
TgVariable **
tg_broadcast_arrays (TgVariable *const  *xs,
                     gsize               n_xs,
                     gsize              *n_results,
                     GError            **error)
{
  g_autoptr (GPtrArray) results = tg_variables_new ();
  g_autoptr (TgVariable) shape = NULL;

  g_return_val_if_fail (xs != NULL || n_xs == 0, NULL);

  if (n_results != NULL)
    *n_results = 0;

  if (!tg_variables_are_complete (xs, n_xs))
    return NULL;

  if (n_xs > 0)
    {
      shape = tg_broadcast_shape (xs, n_xs, error);
      if (shape == NULL)
        return NULL;
    }

  for (gsize i = 0; i < n_xs; i++)
    g_ptr_array_add (results, tg_broadcast_to (xs[i], shape, error));

  return tg_variables_dup_array (results, n_results);
}

/**
 * tg_meshgrid:
 * @xs: (array length=n_xs): vectors
 * @n_xs: how many there are, at most 32
 * @swap_first: whether the first vector runs along the second axis, and the second along the first,
 *   as in a picture ("xy"), instead of each along its own ("ij")
 * @n_results: (out) (optional): how many results there are: @n_xs
 * @error: return location for an error
 *
 * Makes the coordinates of the points of a grid: one result for each vector, all of the grid's
 * shape.
 *
 * Returns: (transfer full) (array length=n_results): the coordinates, or %NULL with @error set,
 *   unless a variable is %NULL
 */
TgVariable **
tg_meshgrid (TgVariable *const  *xs,
             gsize               n_xs,
             gboolean            swap_first,
             gsize              *n_results,
             GError            **error)
{
  g_autoptr (GPtrArray) spread = tg_variables_new ();

  g_return_val_if_fail (xs != NULL || n_xs == 0, NULL);

  if (n_results != NULL)
    *n_results = 0;

  if (!tg_variables_are_complete (xs, n_xs))
    return NULL;

  for (gsize i = 0; i < n_xs; i++)
    {
      gsize own = swap_first && n_xs > 1 && i < 2 ? 1 - i : i;
      gint64 axes[TG_MAX_NDIM];
      gsize n_axes = 0;

      if (xs[i]->type->ndim != 1 || n_xs > TG_MAX_NDIM)
        {
          g_autofree char *text = tg_variable_describe (xs[i], xs[i]->type);

          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "meshgrid: %s must be one of at most %d vectors", text, TG_MAX_NDIM);
          return NULL;
        }

      for (gsize axis = 0; axis < n_xs; axis++)
        {
          if (axis != own)
            axes[n_axes++] = (gint64) axis;
        }

      g_ptr_array_add (spread, tg_expand_dims (xs[i], axes, n_axes, error));
    }

  return tg_broadcast_arrays ((TgVariable *const *) spread->pdata, spread->len, n_results, error);
}

/* Indices broadcast against each other, and next to each other along a new last axis. */
static TgVariable *
join_indices (TgVariable *const  *indices,
              gsize               n_indices,
              GError            **error)
{
  gsize n_wide;
  TgVariable **wide = tg_broadcast_arrays (indices, n_indices, &n_wide, error);
  g_autoptr (GPtrArray) integers = tg_variables_new ();

  if (wide == NULL)
    return NULL;

  for (gsize i = 0; i < n_wide; i++)
    {
      g_ptr_array_add (integers, wide[i]->type->dtype == TG_DTYPE_INT64
                                   ? g_object_ref (wide[i])
                                   : tg_astype (wide[i], TG_DTYPE_INT64, error));
      g_object_unref (wide[i]);
    }
  g_free (wide);

  return tg_stack ((TgVariable *const *) integers->pdata, integers->len, -1, error);
}

/* The axes, counted from the first one; they must ascend. */
static gboolean
normalise_indexed_axes (TgVariable    *x,
                        const gint64  *axes,
                        gsize          n_axes,
                        gint64        *normal,
                        GError       **error)
{
  for (gsize i = 0; i < n_axes; i++)
    {
      guint axis;

      if (!tg_axis_normalise (axes[i], x->type->ndim, "axis", &axis, error))
        {
          g_prefix_error (error, "index_with_arrays: ");
          return FALSE;
        }

      normal[i] = axis;
      if (i > 0 && normal[i] <= normal[i - 1])
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                               "index_with_arrays: the axes must be in ascending order");
          return FALSE;
        }
    }

  return TRUE;
}

/**
 * tg_index_with_arrays:
 * @x: a variable
 * @axes: (array length=n_axes): axes of @x in ascending order
 * @n_axes: how many there are
 * @indices: (array length=n_indices): integers, which are broadcast against each other: the
 *   positions along each of @axes
 * @n_indices: how many there are: @n_axes
 * @error: return location for an error
 *
 * Takes the elements, or parts, of @x at the positions that belong together, as NumPy's indexing
 * with arrays of integers does.
 *
 * The axes of the indices stand in the result where @axes were, or first where other axes lie
 * between these.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable *
tg_index_with_arrays (TgVariable         *x,
                      const gint64       *axes,
                      gsize               n_axes,
                      TgVariable *const  *indices,
                      gsize               n_indices,
                      GError            **error)
{
  gint64 normal[TG_MAX_NDIM], places[TG_MAX_NDIM], from[TG_MAX_NDIM], to[TG_MAX_NDIM];
  gboolean are_adjacent = TRUE;
  g_autoptr (TgVariable) joined = NULL;
  g_autoptr (TgVariable) moved = NULL;
  g_autoptr (TgVariable) parts = NULL;
  guint n_new;

  g_return_val_if_fail (axes != NULL || n_axes == 0, NULL);
  g_return_val_if_fail (indices != NULL || n_indices == 0, NULL);

  if (x == NULL || !tg_variables_are_complete (indices, n_indices))
    return NULL;

  if (n_axes != n_indices || n_axes == 0 || n_axes > x->type->ndim)
    {
      g_autofree char *text = tg_variable_describe (x, x->type);

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                   "index_with_arrays (%s): there must be as many indices as axes, and at least "
                   "one, not %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT, text, n_indices, n_axes);
      return NULL;
    }

  if (!normalise_indexed_axes (x, axes, n_axes, normal, error))
    return NULL;

  if (n_axes == 1)
    return tg_take (x, indices[0], normal[0], error);

  for (gsize i = 0; i < n_axes; i++)
    {
      are_adjacent = are_adjacent && normal[i] == normal[0] + (gint64) i;
      places[i] = (gint64) i;
    }

  joined = join_indices (indices, n_indices, error);
  moved = tg_moveaxis (x, normal, n_axes, places, n_axes, error);
  parts = tg_take_nd (moved, joined, error);
  if (parts == NULL || !are_adjacent || normal[0] == 0)
    return g_steal_pointer (&parts);

  n_new = joined->type->ndim - 1;
  for (guint i = 0; i < n_new; i++)
    {
      from[i] = i;
      to[i] = normal[0] + i;
    }

  return tg_moveaxis (parts, from, n_new, to, n_new, error);
}
