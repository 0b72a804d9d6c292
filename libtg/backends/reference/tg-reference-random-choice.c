/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-random-private.h"

#include "tg-error.h"

/* For each element of a draw the row of `p` that it is drawn from: all but the last axis of `p`,
 * broadcast to the shape of the draw. */
static TgTensor *
number_rows (TgTensor      *p,
             const gint64  *shape,
             guint          ndim,
             GError       **error)
{
  guint n_axes = p->ndim - 1;
  g_autoptr (TgTensor) rows = tg_tensor_new_uninitialised (TG_DTYPE_INT64, p->shape, n_axes, error);

  if (rows == NULL)
    return NULL;

  for (gsize i = 0; i < rows->n_elements; i++)
    ((gint64 *) (gpointer) rows->data)[i] = (gint64) i;

  return tg_reference_fill (TG_DTYPE_INT64, shape, ndim, rows, error);
}

/* The least position whose running sum is greater than a uniform part of the whole: never one that
 * has no probability of its own. */
static gint64
find_position (const gdouble *sums,
               gint64         n,
               gdouble        uniform)
{
  gdouble part = uniform * sums[n - 1];
  gint64 low = 0, high = n - 1;

  while (low < high)
    {
      gint64 middle = low + (high - low) / 2;

      if (sums[middle] > part)
        high = middle;
      else
        low = middle + 1;
    }

  return low;
}

TgTensor *
tg_reference_run_random_categorical (TgVariable       *variable,
                                     TgTensor *const  *inputs,
                                     GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  TgTensor *p = inputs[2];
  g_autoptr (TgTensor) sums = NULL;
  g_autoptr (TgTensor) rows = NULL;
  g_autoptr (TgTensor) numbers = NULL;
  gdouble *sum;
  gint64 n;

  if (!tg_reference_check_draw (variable, inputs, error))
    return NULL;

  numbers = tg_reference_new_draw (inputs[1], TG_DTYPE_INT64, error);
  if (numbers == NULL)
    return NULL;

  rows = number_rows (p, numbers->shape, numbers->ndim, error);
  sums = rows != NULL ? tg_tensor_copy (p, TG_DTYPE_FLOAT64, error) : NULL;
  if (sums == NULL)
    return NULL;

  n = p->shape[p->ndim - 1];
  sum = (gdouble *) (gpointer) sums->data;
  for (gsize i = 0; i < sums->n_elements; i++)
    sum[i] += i % (gsize) n > 0 ? sum[i - 1] : 0;

  for (gsize i = 0; i < numbers->n_elements; i++)
    {
      TgkDraws element = tg_reference_get_element (&draws, i);
      gint64 row = ((const gint64 *) (gconstpointer) rows->data)[i];
      gdouble pair[2] = { 0, 0 };

      tgk_draw_pair (&element, pair);
      ((gint64 *) (gpointer) numbers->data)[i] = find_position (sum + row * n, n, pair[0]);
    }

  return tg_reference_convert_draw (variable, numbers, error);
}

/* Counts for one row: each is binomial, of what those before it have left. */
static void
draw_counts (const TgkDraws *draws,
             gsize           first,
             gdouble         n,
             const gdouble  *p,
             gsize           n_positions,
             gdouble        *counts)
{
  gdouble rest = 0;

  /* What is left of the whole is added up from the end: so the last part is all of it. */
  for (gsize i = n_positions; i-- > 0;)
    counts[i] = rest += p[i];

  for (gsize i = 0; i < n_positions; i++)
    {
      TgkDraws element = tg_reference_get_element (draws, first + i);
      gdouble part = counts[i] > 0 ? p[i] / counts[i] : 0;

      counts[i] = tgk_random_binomial (&element, (gdouble[]) { n, part });
      n -= counts[i];
    }
}

TgTensor *
tg_reference_run_random_multinomial (TgVariable       *variable,
                                     TgTensor *const  *inputs,
                                     GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  TgTensor *p = inputs[3];
  gint64 shape[TG_MAX_NDIM];
  guint ndim = (guint) inputs[1]->n_elements;
  g_autoptr (TgTensor) sizes = NULL;
  g_autoptr (TgTensor) numbers = NULL;
  g_autoptr (TgTensor) rows = NULL;
  g_autoptr (TgTensor) n = NULL;
  g_autoptr (TgTensor) chances = NULL;
  gsize n_positions;

  if (!tg_reference_check_draw (variable, inputs, error))
    return NULL;

  for (guint i = 0; i < ndim; i++)
    shape[i] = tg_reference_get_integers (inputs[1])[i];
  shape[ndim] = p->shape[p->ndim - 1];

  sizes = tg_tensor_new_integers (shape, ndim + 1, (gint64[]) { ndim + 1 }, 1, error);
  numbers = sizes != NULL ? tg_reference_new_draw (sizes, TG_DTYPE_FLOAT64, error) : NULL;
  rows = numbers != NULL ? number_rows (p, shape, ndim, error) : NULL;
  n = rows != NULL ? tg_reference_fill (TG_DTYPE_FLOAT64, shape, ndim, inputs[2], error) : NULL;
  chances = n != NULL ? tg_tensor_copy (p, TG_DTYPE_FLOAT64, error) : NULL;
  if (chances == NULL)
    return NULL;

  n_positions = (gsize) shape[ndim];
  for (gsize i = 0; i < n->n_elements; i++)
    {
      gint64 row = ((const gint64 *) (gconstpointer) rows->data)[i];

      draw_counts (&draws, i * n_positions, ((const gdouble *) (gconstpointer) n->data)[i],
                   (const gdouble *) (gconstpointer) chances->data + row * shape[ndim], n_positions,
                   (gdouble *) (gpointer) numbers->data + i * n_positions);
    }

  return tg_reference_convert_draw (variable, numbers, error);
}

typedef struct
{
  gdouble time;
  gint64  position;
} Arrival;

static int
compare_arrivals (gconstpointer first,
                  gconstpointer second)
{
  const Arrival *a = first, *b = second;

  if (a->time != b->time)
    return a->time < b->time ? -1 : 1;

  return a->position < b->position ? -1 : a->position > b->position;
}

/* Each position waits for an exponential time whose rate is its probability; sorted. */
static Arrival *
draw_arrivals (TgTensor *state,
               TgTensor *p,
               gsize    *n_possible)
{
  TgkDraws draws = tg_reference_get_draws (state);
  gsize n;
  g_autofree gdouble *rates = tg_tensor_dup_doubles (p, &n);
  Arrival *arrivals = g_new (Arrival, n + 1);

  *n_possible = 0;
  for (gsize i = 0; i < n; i++)
    {
      TgkDraws element = tg_reference_get_element (&draws, i);
      gdouble pair[2] = { 0, 0 };

      tgk_draw_pair (&element, pair);
      if (rates[i] > 0)
        arrivals[(*n_possible)++] = (Arrival) { -tgk_log1p_f64 (-pair[0]) / rates[i], (gint64) i };
    }

  qsort (arrivals, *n_possible, sizeof (Arrival), compare_arrivals);

  return arrivals;
}

TgTensor *
tg_reference_run_random_choice (TgVariable       *variable,
                                TgTensor *const  *inputs,
                                GError          **error)
{
  g_autofree Arrival *arrivals = NULL;
  g_autoptr (TgTensor) numbers = NULL;
  gsize n_possible;

  if (!tg_reference_check_draw (variable, inputs, error))
    return NULL;

  numbers = tg_reference_new_draw (inputs[1], TG_DTYPE_INT64, error);
  if (numbers == NULL)
    return NULL;

  if (inputs[2]->n_elements > G_MAXUINT32)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "a choice is from at most 2^32 numbers");
      return NULL;
    }

  arrivals = draw_arrivals (inputs[0], inputs[2], &n_possible);
  if (numbers->n_elements > n_possible)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_VALUE,
                   "p has only %" G_GSIZE_FORMAT " elements above 0, of which %" G_GSIZE_FORMAT
                   " cannot be drawn without one of them twice", n_possible, numbers->n_elements);
      return NULL;
    }

  for (gsize i = 0; i < numbers->n_elements; i++)
    ((gint64 *) (gpointer) numbers->data)[i] = arrivals[i].position;

  return tg_reference_convert_draw (variable, numbers, error);
}
