/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-random-private.h"

#include "tg-attribute-private.h"
#include "tg-error.h"

/* The integers below n in a random order; the position of the first in the draw is `first`. */
static void
draw_permutation (const TgkDraws *draws,
                  gsize           first,
                  gint64         *order,
                  gsize           n)
{
  for (gsize i = 0; i < n; i++)
    order[i] = (gint64) i;

  for (gsize i = n; i > 1; i--)
    {
      TgkDraws element = tg_reference_get_element (draws, first + i - 1);
      gsize other = (gsize) tgk_draw_below (&element, i);
      gint64 moved = order[i - 1];

      order[i - 1] = order[other];
      order[other] = moved;
    }
}

TgTensor *
tg_reference_run_random_permutation (TgVariable       *variable,
                                     TgTensor *const  *inputs,
                                     GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  g_autoptr (TgTensor) numbers = tg_reference_new_draw (inputs[1], TG_DTYPE_INT64, error);
  gsize n;

  if (numbers == NULL)
    return NULL;

  n = (gsize) numbers->shape[numbers->ndim - 1];
  for (gsize first = 0; first < numbers->n_elements; first += n)
    draw_permutation (&draws, first, (gint64 *) (gpointer) numbers->data + first, n);

  return tg_reference_convert_draw (variable, numbers, error);
}

/* Puts the parts of a row, of some bytes each, in the order, or back. */
static void
move_parts (const char   *source,
            char         *target,
            const gint64 *order,
            gsize         n,
            gsize         size,
            gboolean      inverse)
{
  for (gsize i = 0; i < n; i++)
    {
      gsize from = inverse ? i : (gsize) order[i];
      gsize to = inverse ? (gsize) order[i] : i;

      memcpy (target + to * size, source + from * size, size);
    }
}

/* The axis first, where all move together, or else last, where each row has its own order. */
static void
order_axes (guint    ndim,
            gint64   axis,
            gboolean together,
            gint64   axes[TG_MAX_NDIM],
            gint64   inverse[TG_MAX_NDIM])
{
  guint n = 0;

  if (together)
    axes[n++] = axis;
  for (guint i = 0; i < ndim; i++)
    {
      if (i != axis)
        axes[n++] = i;
    }
  if (!together)
    axes[n] = axis;

  for (guint i = 0; i < ndim; i++)
    inverse[axes[i]] = i;
}

static TgTensor *
shuffle (TgVariable       *variable,
         TgTensor *const  *inputs,
         gboolean          inverse,
         GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  TgTensor *x = inputs[1];
  gint64 axis = tg_variable_find_int (variable, "axis");
  gboolean together = tg_variable_find_bool (variable, "together");
  gsize n = (gsize) x->shape[axis];
  gsize n_rows = together || n == 0 ? 1 : x->n_elements / n;
  gsize size = tg_dtype_get_size (x->dtype);
  gint64 axes[TG_MAX_NDIM], back[TG_MAX_NDIM];
  g_autofree gint64 *order = g_new (gint64, n + 1);
  g_autoptr (TgTensor) permuted = NULL;
  g_autoptr (TgTensor) source = NULL;
  g_autoptr (TgTensor) target = NULL;

  if (MAX (x->n_elements, n) > G_MAXUINT32)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "at most 2^32 elements can be shuffled");
      return NULL;
    }

  order_axes (x->ndim, axis, together, axes, back);
  permuted = tg_tensor_permute_dims (x, axes, x->ndim, error);
  source = permuted != NULL ? tg_tensor_copy (permuted, x->dtype, error) : NULL;
  target = source != NULL ? tg_tensor_copy (source, x->dtype, error) : NULL;
  if (target == NULL)
    return NULL;

  size *= together && n > 0 ? x->n_elements / n : 1;
  for (gsize i = 0; i < n_rows && x->n_elements > 0; i++)
    {
      draw_permutation (&draws, i * n, order, n);
      move_parts (source->data + i * n * size, target->data + i * n * size, order, n, size,
                  inverse);
    }

  return tg_tensor_permute_dims (target, back, x->ndim, error);
}

TgTensor *
tg_reference_run_random_shuffle (TgVariable       *variable,
                                 TgTensor *const  *inputs,
                                 GError          **error)
{
  return shuffle (variable, inputs, FALSE, error);
}

TgTensor *
tg_reference_run_random_unshuffle (TgVariable       *variable,
                                   TgTensor *const  *inputs,
                                   GError          **error)
{
  return shuffle (variable, inputs, TRUE, error);
}
