/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-shape-private.h"

#include "tg-error.h"

static char *
list_sizes (const gint64 *shape,
            gsize         ndim,
            gboolean      with_unknown)
{
  GString *text = g_string_new ("[");

  for (gsize i = 0; i < ndim; i++)
    {
      if (i > 0)
        g_string_append (text, ", ");

      if (with_unknown && shape[i] == TG_UNKNOWN)
        g_string_append_c (text, '?');
      else
        g_string_append_printf (text, "%" G_GINT64_FORMAT, shape[i]);
    }

  g_string_append_c (text, ']');
  return g_string_free (text, FALSE);
}

char *
tg_shape_to_string (const gint64 *shape,
                    gsize         ndim)
{
  return list_sizes (shape, ndim, TRUE);
}

char *
tg_shape_describe (TgDType       dtype,
                   const gint64 *shape,
                   gsize         ndim)
{
  g_autofree char *sizes = tg_shape_to_string (shape, ndim);

  return g_strconcat (tg_dtype_get_symbol (dtype), sizes, NULL);
}

gboolean
tg_shape_equal (const gint64 *first,
                gsize         first_ndim,
                const gint64 *second,
                gsize         second_ndim)
{
  if (first_ndim != second_ndim)
    return FALSE;

  for (gsize i = 0; i < first_ndim; i++)
    if (first[i] != second[i])
      return FALSE;

  return TRUE;
}

gboolean
tg_shape_check (const gint64  *shape,
                gsize          ndim,
                gint64         least,
                GError       **error)
{
  if (ndim > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "%" G_GSIZE_FORMAT " dimensions are more than %d", ndim, TG_MAX_NDIM);
      return FALSE;
    }

  for (gsize i = 0; i < ndim; i++)
    if (shape[i] < least)
      {
        g_autofree char *text = list_sizes (shape, ndim, FALSE);

        g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                     "shape %s has a negative dimension", text);
        return FALSE;
      }

  return TRUE;
}

gboolean
tg_shape_get_n_elements (const gint64  *shape,
                         gsize          ndim,
                         gsize          item_size,
                         gsize         *n_elements,
                         GError       **error)
{
  gboolean is_empty = FALSE;
  gint64 n_bytes = (gint64) item_size;

  if (!tg_shape_check (shape, ndim, 0, error))
    return FALSE;

  /* Without regard to zeros, so that strides cannot overflow either. */
  for (gsize i = 0; i < ndim; i++)
    {
      is_empty = is_empty || shape[i] == 0;

      if (__builtin_mul_overflow (n_bytes, MAX (shape[i], 1), &n_bytes) || n_bytes > G_MAXSSIZE)
        {
          g_autofree char *text = tg_shape_to_string (shape, ndim);

          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "shape %s is too large for memory", text);
          return FALSE;
        }
    }

  *n_elements = is_empty ? 0 : (gsize) n_bytes / item_size;
  return TRUE;
}

void
tg_shape_get_strides (const gint64 *shape,
                      gsize         ndim,
                      gsize         item_size,
                      gint64       *strides)
{
  gint64 stride = (gint64) item_size;

  for (gsize i = ndim; i-- > 0;)
    {
      strides[i] = stride;
      stride *= MAX (shape[i], 1);
    }
}

gboolean
tg_shape_broadcast (gint64       *result,
                    gsize         result_ndim,
                    const gint64 *shape,
                    gsize         ndim)
{
  g_return_val_if_fail (result_ndim >= ndim, FALSE);

  result += result_ndim - ndim;

  for (gsize i = 0; i < ndim; i++)
    {
      if (shape[i] == 1 || shape[i] == result[i])
        continue;

      if (result[i] == 1 || result[i] == TG_UNKNOWN)
        result[i] = shape[i];
      else if (shape[i] != TG_UNKNOWN)
        return FALSE;
    }

  return TRUE;
}

void
tg_shape_broadcast_strides (const gint64 *shape,
                            const gint64 *strides,
                            gsize         ndim,
                            gsize         result_ndim,
                            gint64       *result_strides)
{
  gsize n_new = result_ndim - ndim;

  g_return_if_fail (result_ndim >= ndim);

  for (gsize i = 0; i < n_new; i++)
    result_strides[i] = 0;

  for (gsize i = 0; i < ndim; i++)
    result_strides[n_new + i] = shape[i] == 1 ? 0 : strides[i];
}

gboolean
tg_shape_is_compatible (const gint64 *first,
                        const gint64 *second,
                        gsize         ndim)
{
  for (gsize i = 0; i < ndim; i++)
    if (first[i] != second[i] && first[i] != TG_UNKNOWN && second[i] != TG_UNKNOWN)
      return FALSE;

  return TRUE;
}

gboolean
tg_axis_normalise (gint64       axis,
                   gsize        ndim,
                   const char  *what,
                   guint       *result,
                   GError     **error)
{
  gint64 n_axes = (gint64) ndim;

  if (axis < -n_axes || axis >= n_axes)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                   "%s %" G_GINT64_FORMAT " is out of range for %" G_GSIZE_FORMAT " dimension%s",
                   what, axis, ndim, ndim == 1 ? "" : "s");
      return FALSE;
    }

  *result = (guint) (axis < 0 ? axis + n_axes : axis);
  return TRUE;
}
