/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-subtensor.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-grad-private.h"
#include "tg-operators.h"

/* To put values in the place of a part is what the gradients of indexing do: from the part back to
 * the whole, operator by operator. */

/* Whether the result consists of elements of the first input, perhaps several times. */
static gboolean
is_part (TgVariable *node)
{
  static const gboolean makes_parts[TG_N_OPS] = {
    [TG_OP_RESHAPE] = TRUE,
    [TG_OP_BROADCAST_TO] = TRUE,
    [TG_OP_PERMUTE_DIMS] = TRUE,
    [TG_OP_EXPAND_DIMS] = TRUE,
    [TG_OP_SQUEEZE] = TRUE,
    [TG_OP_INDEX] = TRUE,
    [TG_OP_SLICE] = TRUE,
    [TG_OP_DIAGONAL] = TRUE,
    [TG_OP_TAKE] = TRUE,
    [TG_OP_TAKE_ALONG_AXIS] = TRUE,
    [TG_OP_TAKE_ND] = TRUE,
  };

  return node->op != NULL && makes_parts[tg_op_info_get_id (node->op)];
}

static gboolean
repeats_elements (TgVariable *node)
{
  return node->op == &tg_ops[TG_OP_TAKE] || node->op == &tg_ops[TG_OP_TAKE_ND]
         || node->op == &tg_ops[TG_OP_TAKE_ALONG_AXIS]
         || node->op == &tg_ops[TG_OP_BROADCAST_TO];
}

/* Of each row of equal places, the last: an axis as long as before is taken whole, and one element
 * of an axis that was of size 1. */
static TgVariable *
narrow (TgVariable  *x,
        TgVariable  *values,
        GError     **error)
{
  g_autoptr (TgVariable) last = tg_constant_new_integer (-1);
  g_autoptr (TgVariable) current = g_object_ref (values);
  g_autoptr (TgVariable) shape = tg_shape (x, error);
  g_autoptr (TgVariable) start = tg_negative (shape, error);
  g_autoptr (TgVariable) stop = NULL;
  gint64 axes[TG_MAX_NDIM], steps[TG_MAX_NDIM], ends[TG_MAX_NDIM];
  guint ndim = x->type->ndim;

  while (current != NULL && current->type->ndim > ndim)
    {
      g_autoptr (TgVariable) before = g_steal_pointer (&current);

      current = tg_index (before, last, 0, error);
    }

  for (guint i = 0; i < ndim; i++)
    {
      axes[i] = i;
      steps[i] = 1;
      ends[i] = tg_slice_last (1);
    }

  if (ndim == 0)
    return g_steal_pointer (&current);

  stop = tg_constant_new_integers (ends, ndim);

  return tg_slice (current, start, stop, axes, ndim, steps, ndim, error);
}

/* The inverse of one operator, where the last of several values for a place is kept. */
static TgVariable *
put_last (TgVariable  *node,
          TgVariable  *values,
          GError     **error)
{
  g_autoptr (TgVariable) shape = tg_shape (node->inputs[0], error);

  if (node->op == &tg_ops[TG_OP_BROADCAST_TO])
    return narrow (node->inputs[0], values, error);

  if (node->op == &tg_ops[TG_OP_TAKE])
    return tg_untake (values, shape, node->inputs[1], tg_variable_find_int (node, "axis"), FALSE,
                      error);

  if (node->op == &tg_ops[TG_OP_TAKE_ND])
    return tg_untake_nd (values, shape, node->inputs[1], FALSE, error);

  return tg_untake_along_axis (values, shape, node->inputs[1],
                               tg_variable_find_int (node, "axis"), FALSE, error);
}

/* `values` in the place of `part` in zeros of the shape of `x`. */
static TgVariable *
put (TgVariable  *x,
     TgVariable  *part,
     TgVariable  *values,
     gboolean     accumulate,
     GError     **error)
{
  g_autoptr (TgVariable) current = g_object_ref (values);
  TgVariable *node = part;

  for (; node != x && is_part (node); node = node->inputs[0])
    {
      g_autoptr (TgVariable) before = g_steal_pointer (&current);

      current = repeats_elements (node) && !accumulate ? put_last (node, before, error)
                                                        : tg_grad_move (node, before, error);
      if (current == NULL)
        return NULL;
    }

  if (node != x)
    {
      g_autofree char *part_text = tg_variable_describe (part, part->type);
      g_autofree char *text = tg_variable_describe (x, x->type);

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS, "%s is not a part of %s",
                   part_text, text);
      return NULL;
    }

  return g_steal_pointer (&current);
}

/* The value in the dtype of the whole, and in the shape of the part. */
static TgVariable *
fit_value (TgVariable  *x,
           TgVariable  *part,
           TgVariable  *value,
           GError     **error)
{
  g_autoptr (TgVariable) shape = tg_shape (part, error);
  g_autoptr (TgVariable) converted = NULL;

  if (!value->weak && tg_dtype_promote (value->type->dtype, x->type->dtype) != x->type->dtype)
    {
      g_autofree char *value_text = tg_variable_describe (value, value->type);
      g_autofree char *text = tg_variable_describe (x, x->type);

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
                   "%s does not fit %s: convert it first", value_text, text);
      return NULL;
    }

  converted = tg_astype (value, x->type->dtype, error);

  return tg_broadcast_to (converted, shape, error);
}

/**
 * tg_inc_subtensor:
 * @x: a variable
 * @part: a part of @x, made by indexing and other operators that move elements
 * @value: what is added to the part; it is broadcast
 * @error: return location for an error
 *
 * Makes a variable like @x, but with @value added to the elements of @part.
 *
 * Where @part has an element of @x several times, all values for it are added.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable *
tg_inc_subtensor (TgVariable  *x,
                  TgVariable  *part,
                  TgVariable  *value,
                  GError     **error)
{
  g_autoptr (TgVariable) fitted = NULL;
  g_autoptr (TgVariable) addition = NULL;

  if (x == NULL || part == NULL || value == NULL)
    return NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (x) && TG_IS_VARIABLE (part), NULL);
  g_return_val_if_fail (TG_IS_VARIABLE (value), NULL);

  fitted = fit_value (x, part, value, error);
  addition = fitted != NULL ? put (x, part, fitted, TRUE, error) : NULL;
  if (addition == NULL)
    {
      g_prefix_error (error, "inc_subtensor: ");
      return NULL;
    }

  return tg_add (x, addition, error);
}

/* For each element of the part its number, from 1 on. */
static TgVariable *
number_elements (TgVariable  *part,
                 GError     **error)
{
  g_autoptr (TgVariable) shape = tg_shape (part, error);
  g_autoptr (TgVariable) one = tg_constant_new_integer (1);
  g_autoptr (TgVariable) count = tg_size (part, NULL, 0, error);
  g_autoptr (TgVariable) end = tg_add (count, one, error);
  g_autoptr (TgVariable) numbers = tg_arange (one, end, one, error);

  return tg_reshape (numbers, shape, error);
}

/**
 * tg_set_subtensor:
 * @x: a variable
 * @part: a part of @x, made by indexing and other operators that move elements
 * @value: what the part is to be; it is broadcast
 * @error: return location for an error
 *
 * Makes a variable like @x, but with @value in the place of the elements of @part.
 *
 * Where @part has an element of @x several times, the last value for it is kept.
 *
 * Returns: (transfer full): a new variable, or %NULL with @error set, unless a variable is %NULL
 */
TgVariable *
tg_set_subtensor (TgVariable  *x,
                  TgVariable  *part,
                  TgVariable  *value,
                  GError     **error)
{
  g_autoptr (TgVariable) fitted = NULL;
  g_autoptr (TgVariable) numbers = NULL;
  g_autoptr (TgVariable) sources = NULL;
  g_autoptr (TgVariable) zero = tg_constant_new_integer (0);
  g_autoptr (TgVariable) least = NULL;
  g_autoptr (TgVariable) is_set = NULL;
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) flat = NULL;
  g_autoptr (TgVariable) padded = NULL;
  g_autoptr (TgVariable) first = NULL;
  g_autoptr (TgVariable) taken = NULL;

  if (x == NULL || part == NULL || value == NULL)
    return NULL;

  g_return_val_if_fail (TG_IS_VARIABLE (x) && TG_IS_VARIABLE (part), NULL);
  g_return_val_if_fail (TG_IS_VARIABLE (value), NULL);

  /* Which element of the part, if any, each element of x becomes; 0 for itself. */
  fitted = fit_value (x, part, value, error);
  numbers = fitted != NULL ? number_elements (part, error) : NULL;
  sources = numbers != NULL ? put (x, part, numbers, FALSE, error) : NULL;
  if (sources == NULL)
    {
      g_prefix_error (error, "set_subtensor: ");
      return NULL;
    }

  /* A first element that is never taken lets an empty part be. */
  shape = tg_constant_new_integers ((const gint64[]) { -1 }, 1);
  flat = tg_reshape (fitted, shape, error);
  least = tg_constant_new_integers ((const gint64[]) { 1 }, 1);
  first = tg_zeros (least, x->type->dtype, error);
  padded = tg_concat ((TgVariable *[]) { first, flat }, 2, 0, error);
  is_set = tg_greater (sources, zero, error);
  taken = tg_take (padded, sources, 0, error);

  return tg_where (is_set, taken, x, error);
}
