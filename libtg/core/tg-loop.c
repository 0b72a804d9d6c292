/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-loop-private.h"

#include <string.h>

typedef struct
{
  gint64 size;
  gint64 count;
  gint64 strides[TG_LOOP_MAX_OPERANDS];
} Dimension;

typedef struct
{
  guint     n_operands;
  guint     ndim;
  Dimension dimensions[TG_MAX_NDIM + 1]; /* from the outermost on */
} Loop;

/* There is room for more operands than most loops have. */
static void
copy_dimension (const Loop      *self,
                Dimension       *target,
                const Dimension *source)
{
  memcpy (target, source, G_STRUCT_OFFSET (Dimension, strides)
                            + self->n_operands * sizeof (gint64));
}

/* How far in memory a step goes, over all operands. */
static guint64
get_reach (Loop            *self,
           const Dimension *dimension)
{
  guint64 reach = 0;

  for (guint k = 0; k < self->n_operands; k++)
    {
      gint64 stride = dimension->strides[k];

      reach += stride < 0 ? -(guint64) stride : (guint64) stride;
    }

  return reach;
}

/* Keeps the dimensions sorted; of equals, the last one given stays the innermost. */
static void
add_dimension (Loop            *self,
               const Dimension *dimension)
{
  guint64 reach = get_reach (self, dimension);
  guint i = self->ndim++;

  for (; i > 0 && get_reach (self, &self->dimensions[i - 1]) < reach; i--)
    copy_dimension (self, &self->dimensions[i], &self->dimensions[i - 1]);

  copy_dimension (self, &self->dimensions[i], dimension);
}

/* Whether a step along `outer` goes where a walk along `inner` ends, in all operands. */
static gboolean
can_join (Loop            *self,
          const Dimension *outer,
          const Dimension *inner)
{
  for (guint k = 0; k < self->n_operands; k++)
    if (outer->strides[k] != inner->strides[k] * inner->size)
      return FALSE;

  return TRUE;
}

static void
join_dimensions (Loop *self)
{
  guint last = 0;

  for (guint i = 1; i < self->ndim; i++)
    {
      Dimension *outer = &self->dimensions[last];
      Dimension *inner = &self->dimensions[i];

      if (can_join (self, outer, inner))
        inner->size *= outer->size;
      else
        last++;
      if (last < i)
        copy_dimension (self, &self->dimensions[last], inner);
    }

  self->ndim = last + 1;
}

/* FALSE where there is nothing to visit.  The room for dimensions is large, and filled as far as it
 * is used. */
static gboolean
prepare (Loop                *self,
         gsize                ndim,
         const gint64        *shape,
         guint                n_operands,
         const gint64 *const *strides)
{
  g_return_val_if_fail (ndim <= TG_MAX_NDIM, FALSE);
  g_return_val_if_fail (n_operands <= TG_LOOP_MAX_OPERANDS, FALSE);

  self->n_operands = n_operands;
  self->ndim = 0;
  for (gsize i = 0; i < ndim; i++)
    {
      Dimension dimension;

      if (shape[i] == 0)
        return FALSE;

      if (shape[i] == 1)
        continue;

      dimension.size = shape[i];
      dimension.count = 0;
      for (guint k = 0; k < self->n_operands; k++)
        dimension.strides[k] = strides[k][i];
      add_dimension (self, &dimension);
    }

  if (self->ndim == 0)
    add_dimension (self, &(const Dimension) { .size = 1 });

  join_dimensions (self);
  return TRUE;
}

/* Moves on by one step of all dimensions but some inner ones; FALSE at the end. */
static gboolean
advance (Loop  *self,
         guint  n_inner,
         char **data)
{
  for (guint i = self->ndim - n_inner; i-- > 0;)
    {
      Dimension *dimension = &self->dimensions[i];
      gboolean is_over = ++dimension->count == dimension->size;
      gint64 n_steps = is_over ? 1 - dimension->size : 1;

      for (guint k = 0; k < self->n_operands; k++)
        data[k] += n_steps * dimension->strides[k];

      if (!is_over)
        return TRUE;

      dimension->count = 0;
    }

  return FALSE;
}

/* Goes to a step of the loop, counted from its begin: the dimensions but the innermost, of which
 * the number of steps is returned. */
static gsize
move_to (Loop  *self,
         char **data,
         gsize  step)
{
  gsize rest = step / (gsize) self->dimensions[self->ndim - 1].size;

  for (guint i = self->ndim - 1; i-- > 0 && rest > 0;)
    {
      Dimension *dimension = &self->dimensions[i];

      dimension->count = (gint64) (rest % (gsize) dimension->size);
      rest /= (gsize) dimension->size;
      for (guint k = 0; k < self->n_operands; k++)
        data[k] += dimension->count * dimension->strides[k];
    }

  return step % (gsize) self->dimensions[self->ndim - 1].size;
}

void
tg_loop_run_part (gsize                ndim,
                  const gint64        *shape,
                  guint                n_operands,
                  char *const         *data,
                  const gint64 *const *strides,
                  gsize                begin,
                  gsize                end,
                  TgInnerLoop          inner,
                  gpointer             user_data)
{
  Loop loop;
  const Dimension *innermost;
  char *current[TG_LOOP_MAX_OPERANDS];
  gsize skipped;

  if (!prepare (&loop, ndim, shape, n_operands, strides))
    return;

  innermost = &loop.dimensions[loop.ndim - 1];
  for (guint k = 0; k < n_operands; k++)
    current[k] = data[k];

  skipped = begin > 0 ? move_to (&loop, current, begin) : 0;
  do
    {
      gsize n = MIN ((gsize) innermost->size - skipped, end - begin);
      char *lent[TG_LOOP_MAX_OPERANDS];

      for (guint k = 0; k < n_operands; k++)
        lent[k] = current[k] + (gint64) skipped * innermost->strides[k];
      inner (n, lent, innermost->strides, user_data);
      begin += n;
      skipped = 0;
    }
  while (begin < end && advance (&loop, 1, current));
}

void
tg_loop_run (gsize                ndim,
             const gint64        *shape,
             guint                n_operands,
             char *const         *data,
             const gint64 *const *strides,
             TgInnerLoop          inner,
             gpointer             user_data)
{
  tg_loop_run_part (ndim, shape, n_operands, data, strides, 0, G_MAXSIZE, inner, user_data);
}

void
tg_loop_run_planes (gsize                ndim,
                    const gint64        *shape,
                    guint                n_operands,
                    char *const         *data,
                    const gint64 *const *strides,
                    TgPlaneLoop          inner,
                    gpointer             user_data)
{
  Loop loop;
  char *current[TG_LOOP_MAX_OPERANDS];
  const Dimension *rows;

  if (!prepare (&loop, ndim, shape, n_operands, strides))
    return;

  if (loop.ndim == 1)
    {
      copy_dimension (&loop, &loop.dimensions[loop.ndim++], &loop.dimensions[0]);
      loop.dimensions[0] = (Dimension) { .size = 1 };
    }

  rows = &loop.dimensions[loop.ndim - 2];
  memcpy (current, data, n_operands * sizeof (char *));
  do
    {
      char *lent[TG_LOOP_MAX_OPERANDS];

      memcpy (lent, current, n_operands * sizeof (char *));
      inner ((gsize) rows[1].size, (gsize) rows->size, lent, rows[1].strides, rows->strides,
             user_data);
    }
  while (advance (&loop, 2, current));
}
