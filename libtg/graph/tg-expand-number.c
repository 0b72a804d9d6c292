/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"
#include "tg-operators.h"
#include "tg-variables-private.h"

/* Composite operators that compute: how depends on numbers of dimensions or on parameters. */

/* The mean of the squares or, with a correction, their sum by less than their number. */
TgVariable *
tg_expand_var (TgApply  *apply,
               GError  **error)
{
  TgVariable *x = apply->inputs[0];
  gdouble correction = g_variant_get_double (tg_apply_find (apply, "correction"));
  gboolean keepdims = g_variant_get_boolean (tg_apply_find (apply, "keepdims"));
  gboolean chosen[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes = 0;
  g_autoptr (TgVariable) center = NULL;
  g_autoptr (TgVariable) distance = NULL;
  g_autoptr (TgVariable) squares = NULL;
  g_autoptr (TgVariable) sum = NULL;
  g_autoptr (TgVariable) size = NULL;
  g_autoptr (TgVariable) less = NULL;
  g_autoptr (TgVariable) none = tg_constant_new_integer (0);
  g_autoptr (TgVariable) difference = NULL;
  g_autoptr (TgVariable) freedom = NULL;
  g_autoptr (TgVariable) divisor = NULL;

  if (!tg_apply_normalise_axes (apply, x->type->ndim, chosen, error))
    return NULL;

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (chosen[i])
        axes[n_axes++] = i;
    }

  center = tg_mean (x, axes, n_axes, TRUE, error);
  distance = tg_subtract (x, center, error);
  squares = tg_square (distance, error);
  if (correction == 0 || squares == NULL)
    return tg_mean (squares, axes, n_axes, keepdims, error);

  sum = tg_sum (squares, axes, n_axes, keepdims, error);
  size = tg_size (x, axes, n_axes, error);
  less = tg_constant_new_double (correction);
  difference = tg_subtract (size, less, error);
  freedom = tg_maximum (difference, none, error);
  divisor = tg_astype (freedom, squares->type->dtype, error);

  return tg_divide (sum, divisor, error);
}

/* An operator for each difference is meant for a few of them. */
#define MOST_DIFFERENCES 1000

TgVariable *
tg_expand_diff (TgApply  *apply,
                GError  **error)
{
  gint64 n = tg_apply_find_int (apply, "n");
  g_autoptr (TgVariable) result = g_object_ref (apply->inputs[0]);
  guint axis;

  if (!tg_apply_normalise_axis (apply, result->type->ndim, &axis, error))
    return NULL;

  /* No more than there are elements make a difference. */
  if (result->type->shape[axis] != TG_UNKNOWN)
    n = MIN (n, result->type->shape[axis]);

  if (n < 0 || n > MOST_DIFFERENCES)
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
                   "n must be between 0 and %d, not %" G_GINT64_FORMAT, MOST_DIFFERENCES, n);
      return NULL;
    }

  for (gint64 i = 0; i < n; i++)
    {
      g_autoptr (TgVariable) x = g_steal_pointer (&result);
      g_autoptr (TgVariable) left = tg_variable_cut_at (x, axis, 0, -1, error);
      g_autoptr (TgVariable) right = tg_variable_cut_at (x, axis, 1, tg_slice_last (1), error);

      result = tg_subtract (right, left, error);
    }

  return g_steal_pointer (&result);
}

TgVariable *
tg_expand_linspace (TgApply  *apply,
                    GError  **error)
{
  TgVariable *start = apply->inputs[0], *stop = apply->inputs[1];
  gint64 num = tg_apply_find_int (apply, "num");
  gboolean endpoint = tg_apply_find_bool (apply, "endpoint");
  gint64 before_last = MAX (num, 1) - 1;
  gint64 n_steps = endpoint ? before_last : num;
  g_autoptr (TgVariable) zero = tg_constant_new_integer (0);
  g_autoptr (TgVariable) one = tg_constant_new_integer (1);
  g_autoptr (TgVariable) count = tg_constant_new_integer (num);
  g_autoptr (TgVariable) last = tg_constant_new_integer (before_last);
  g_autoptr (TgVariable) divisor = tg_constant_new_integer (MAX (n_steps, 1));
  g_autoptr (TgVariable) end = NULL;
  g_autoptr (TgVariable) distance = NULL;
  g_autoptr (TgVariable) step = NULL;
  g_autoptr (TgVariable) numbers = NULL;
  g_autoptr (TgVariable) like = NULL;
  g_autoptr (TgVariable) way = NULL;
  g_autoptr (TgVariable) result = NULL;
  g_autoptr (TgVariable) is_last = NULL;

  if (num < 0 || start->type->ndim != 0 || stop->type->ndim != 0)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           num < 0 ? "num must not be negative" : "start and stop must be 0-d");
      return NULL;
    }

  /* Unsigned integers have no negative distance. */
  end = stop->type->dtype == apply->dtype ? g_object_ref (stop)
                                          : tg_astype (stop, apply->dtype, error);
  distance = tg_subtract (end, start, error);
  step = tg_divide (distance, divisor, error);
  numbers = tg_arange (zero, count, one, error);
  if (step == NULL || numbers == NULL)
    return NULL;

  like = tg_astype (numbers, step->type->dtype, error);
  way = tg_multiply (like, step, error);
  result = tg_add (start, way, error);
  if (!endpoint || num < 2)
    return g_steal_pointer (&result);

  /* The last is `stop` to the bit, whatever the rounding. */
  is_last = tg_equal (numbers, last, error);

  return tg_where (is_last, stop, result, error);
}

/* Letters for the axes of an operand: those of `shared` for the contracted ones, in order. */
static gboolean
name_axes (TgVariable   *x,
           const char   *name,
           const gint64 *axes,
           gsize         n_axes,
           char          first_free,
           GString      *term,
           GString      *result,
           GError      **error)
{
  char letters[TG_MAX_NDIM] = { 0, };

  for (gsize i = 0; i < n_axes; i++)
    {
      guint axis;

      if (!tg_axis_normalise (axes[i], x->type->ndim, name, &axis, error))
        return FALSE;

      if (letters[axis] != 0)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice", axis);
          return FALSE;
        }

      letters[axis] = (char) ('a' + i);
    }

  for (guint i = 0; i < x->type->ndim; i++)
    {
      if (letters[i] == 0)
        {
          letters[i] = first_free++;
          g_string_append_c (result, letters[i]);
        }
      g_string_append_c (term, letters[i]);
    }

  return TRUE;
}

TgVariable *
tg_expand_tensordot (TgApply  *apply,
                     GError  **error)
{
  TgVariable *x = apply->inputs[0], *y = apply->inputs[1];
  gsize n_axes[2];
  const gint64 *x_axes = tg_apply_find_ints (apply, "x_axes", &n_axes[0]);
  const gint64 *y_axes = tg_apply_find_ints (apply, "y_axes", &n_axes[1]);
  g_autoptr (GString) term = g_string_new (NULL);
  g_autoptr (GString) result = g_string_new (NULL);

  if (n_axes[0] != n_axes[1] || x->type->ndim + y->type->ndim > 26)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                           n_axes[0] != n_axes[1] ? "x_axes and y_axes must name as many axes"
                                                  : "there are more than 26 axes");
      return NULL;
    }

  if (!name_axes (x, "x_axes", x_axes, n_axes[0], 'A', term, result, error))
    return NULL;

  g_string_append_c (term, ',');
  if (!name_axes (y, "y_axes", y_axes, n_axes[1], (char) ('A' + x->type->ndim), term, result,
                  error))
    return NULL;

  g_string_append_printf (term, "->%s", result->str);

  return tg_einsum (x, y, term->str, error);
}

TgVariable *
tg_expand_vecdot (TgApply  *apply,
                  GError  **error)
{
  gint64 axis = tg_apply_find_int (apply, "axis");
  const gint64 last = -1;
  g_autoptr (TgVariable) conjugate = NULL;
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) y = NULL;

  conjugate = tg_dtype_in_set (apply->inputs[0]->type->dtype, TG_DTYPE_SET_COMPLEX)
                ? tg_conj (apply->inputs[0], error) : g_object_ref (apply->inputs[0]);
  x = tg_moveaxis (conjugate, &axis, 1, &last, 1, error);
  y = tg_moveaxis (apply->inputs[1], &axis, 1, &last, 1, error);

  return tg_einsum (x, y, "...i,...i->...", error);
}
