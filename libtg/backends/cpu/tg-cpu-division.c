/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-division-private.h"

#include "tg-cpu-code-private.h"
#include "tg-reference-private.h"

/* Divides reductions along one axis.  Along one that is kept, each part has accumulators of its own
 * already, and adds to them in the same order however many parts there are.  Along one that is
 * folded parts are given some, which are combined in their order: these parts depend on shapes
 * alone. */

/* Steps, times elements, of a part: some 10 microseconds. */
#define MIN_WORK (64 * 1024)

/* So many parts along an axis that is kept are enough: memory has no more for more threads. */
#define ENOUGH 8

#define MAX_PARTS 32

/* A part of an axis that is folded has so many elements for each accumulator, or else combining
 * these takes too long. */
#define MIN_FOLDED 128

/* So few accumulators are combined one by one, which keeps what their sum loses. */
#define FEW 64

/* The largest accumulator. */
#define MAX_SIZE 16

/* A part has so many of the elements that follow each other, and never one along an axis of more:
 * another axis would be the innermost then. */
#define MIN_RUN 256
#define MIN_STEPS 2

typedef struct
{
  const TgCpuReduction *reduction;
  TgCpuPartFunc         func;
  gpointer              user_data;
  guint                 axis;
  gboolean              is_folded;
  guint                 n_parts;
  gsize                 n_accumulators;
  gsize                 n_bytes;      /* of those of a part */
  TgTensor             *partial;      /* those of all parts, where an axis is folded */
  GError               *error;        /* atomic */
} Division;

static gsize
count_elements (const TgCpuReduction *self,
                gboolean              all)
{
  gsize n = 1;

  for (guint i = 0; i < self->ndim; i++)
    n *= all || !self->chosen[i] ? (gsize) self->shape[i] : 1;

  return n;
}

static guint
find_innermost (const TgCpuReduction *self)
{
  guint innermost = 0;

  for (guint i = 1; i < self->ndim; i++)
    {
      if (self->shape[i] > 1
          && (self->shape[innermost] == 1 || self->reaches[i] <= self->reaches[innermost]))
        innermost = i;
    }

  return innermost;
}

/* The axis, of those that are folded or of the others, that gives the most parts, and of equals the
 * one with the largest steps; how many parts. */
static guint
choose_axis (const TgCpuReduction *self,
             gboolean              is_folded,
             guint                *axis)
{
  guint innermost = find_innermost (self);
  gint64 most = 1;

  for (guint i = 0; i < self->ndim; i++)
    {
      gint64 n = MIN (self->shape[i] / (i == innermost ? MIN_RUN : MIN_STEPS), MAX_PARTS);

      if (!self->chosen[i] == !is_folded
          && (n > most || (n == most && self->reaches[i] > self->reaches[*axis])))
        {
          most = n;
          *axis = i;
        }
    }

  return (guint) most;
}

static void
divide (Division *self)
{
  const TgCpuReduction *reduction = self->reduction;
  gsize n_elements = count_elements (reduction, TRUE);
  gsize n_worth_it = n_elements * reduction->n_steps / MIN_WORK;
  gsize n_kept, n_folded;
  guint axis = 0;

  self->n_accumulators = count_elements (reduction, FALSE);
  self->n_parts = 1;
  if (n_worth_it < 2)
    return;

  n_kept = MIN (choose_axis (reduction, FALSE, &self->axis), n_worth_it);
  n_folded = MIN (choose_axis (reduction, TRUE, &axis), n_worth_it);
  n_folded = MIN (n_folded, n_elements / self->n_accumulators / MIN_FOLDED);
  self->is_folded = reduction->combine != NULL && n_kept < ENOUGH && n_folded > n_kept;
  if (self->is_folded)
    self->axis = axis;
  self->n_parts = (guint) (self->is_folded ? n_folded : n_kept);
}

static void
run_part (guint    number,
          gpointer user_data)
{
  Division *self = user_data;
  const TgCpuReduction *reduction = self->reduction;
  TgCpuPart part = { .axis = self->axis };
  g_autoptr (GError) error = NULL;

  memcpy (part.shape, reduction->shape, reduction->ndim * sizeof (gint64));
  if (self->n_parts > 1)
    {
      gint64 size = part.shape[self->axis];

      part.begin = tg_cpu_find_begin (size, self->n_parts, number);
      part.shape[self->axis] = tg_cpu_find_begin (size, self->n_parts, number + 1) - part.begin;
    }

  if (self->partial != NULL)
    {
      part.accumulators = self->partial->data + number * self->n_bytes;
      memcpy (part.accumulators, reduction->accumulators, self->n_bytes);
    }

  if (!self->func (&part, self->user_data, &error)
      && g_atomic_pointer_compare_and_exchange (&self->error, NULL, error))
    error = NULL;
}

static void
combine (const Division *self)
{
  const TgCpuReduction *reduction = self->reduction;
  gint64 size = (gint64) tg_dtype_get_size (reduction->dtype);
  TgReferenceAxis rows = { self->n_parts, (gint64) self->n_bytes };

  if (self->n_accumulators > FEW)
    reduction->combine (self->n_accumulators,
                        (char *[]) { reduction->accumulators, self->partial->data, NULL },
                        (const gint64[]) { size, size }, &rows);

  for (gsize i = 0; i < self->n_bytes && self->n_accumulators <= FEW; i += (gsize) size)
    {
      char found[MAX_PARTS * MAX_SIZE] __attribute__ ((aligned (MAX_SIZE)));

      tg_cpu_move (found, size, self->partial->data + i, (gint64) self->n_bytes, (gsize) size,
                   self->n_parts);
      reduction->combine (self->n_parts,
                          (char *[]) { reduction->accumulators + i, found, NULL },
                          (const gint64[]) { 0, size }, NULL);
    }
}

gboolean
tg_cpu_reduction_is_folded (const TgCpuReduction *self)
{
  Division division = { .reduction = self };

  divide (&division);

  return division.is_folded;
}

gboolean
tg_cpu_reduction_run (const TgCpuReduction  *self,
                      TgCpuPartFunc          func,
                      gpointer               user_data,
                      const TgRunOptions    *options,
                      GError               **error)
{
  Division division = { .reduction = self, .func = func, .user_data = user_data };
  g_autoptr (TgTensor) partial = NULL;

  divide (&division);
  if (division.is_folded)
    {
      division.n_bytes = division.n_accumulators * tg_dtype_get_size (self->dtype);
      division.partial = partial = tg_tensor_new_uninitialised (
        self->dtype, (const gint64[]) { division.n_parts, (gint64) division.n_accumulators }, 2,
        error);
      if (partial == NULL)
        return FALSE;
    }
  else
    {
      guint n_threads = tg_cpu_pool_get_n_threads (options);

      /* Long rows are what memory is fast at. */
      if (n_threads > 1 && division.axis != find_innermost (self))
        n_threads *= TG_CPU_CHUNKS_PER_THREAD;
      division.n_parts = MIN (division.n_parts, n_threads);
    }

  if (division.n_parts == 1)
    run_part (0, &division);
  else if (!tg_cpu_pool_run (division.n_parts, run_part, &division, options)
           && division.error == NULL)
    return tg_run_options_fail (error);

  if (division.error != NULL)
    {
      g_propagate_error (error, division.error);
      return FALSE;
    }

  if (partial != NULL)
    combine (&division);

  return TRUE;
}
