/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <string.h>

#include "tg-cpu-kernels-private.h"
#include "tg-cpu-pool-private.h"

/* Cuts passes of reductions along one axis, which depends on shapes and strides alone.  Along one
 * that is kept, chunks have accumulators of their own already; along one that is folded they get
 * some, which are combined when all are there. */

/* Elements of a chunk: some 20 microseconds.  More chunks than this need no machine. */
#define MIN_WORK (64 * 1024)
#define MAX_CHUNKS 256

/* A chunk of the axis whose elements follow each other is no shorter than this. */
#define MIN_ROW 512

/* For each accumulator of a chunk so many elements, or else combining them takes too long. */
#define MIN_FOLDED 256

/* So many chunks are enough to leave an axis that is folded alone. */
#define ENOUGH 32

typedef struct
{
  const TgReferencePass *pass;
  const TgCpuFolding    *folding;
  TgOpId                 combined;   /* by that operator */
  gboolean               keeps_lost; /* whether it can say what it loses */
  guint                  axis;
  gboolean               is_kept;
  guint                  n_chunks;
  gint64                 n_together;
  gsize                  n_bytes;    /* of the accumulators of a chunk */
  TgTensor              *partial;    /* accumulators of all chunks, then what their sums lost */
} Cut;

static gint64
get_stride (const TgReferencePass *pass,
            guint                  axis)
{
  return ABS (pass->strides[1][axis]);
}

/* How many chunks an axis would give. */
static guint
count_chunks (const TgReferencePass *pass,
              guint                  axis,
              guint                  innermost)
{
  gint64 size = pass->shape[axis];
  gsize n_chunks = MIN (pass->n_elements / MIN_WORK, MAX_CHUNKS);

  if (pass->strides[0][axis] == 0)
    n_chunks = MIN (n_chunks, pass->n_elements / pass->n_accumulators / MIN_FOLDED);

  return (guint) MIN (n_chunks, (gsize) (axis == innermost ? size / MIN_ROW : size));
}

/* FALSE where the pass is better left whole. */
static gboolean
choose_axis (Cut *self)
{
  const TgReferencePass *pass = self->pass;
  guint innermost = 0;

  for (guint i = 1; i < pass->ndim; i++)
    {
      if (pass->shape[i] > 1
          && (pass->shape[innermost] == 1 || get_stride (pass, i) <= get_stride (pass, innermost)))
        innermost = i;
    }

  for (guint i = 0; i < pass->ndim; i++)
    {
      guint n_chunks = count_chunks (pass, i, innermost);
      gboolean is_kept = pass->strides[0][i] != 0;
      guint before = MIN (self->n_chunks, ENOUGH);
      gboolean is_better = MIN (n_chunks, ENOUGH) > before;

      if (MIN (n_chunks, ENOUGH) == before)
        is_better = is_kept != self->is_kept ? is_kept
                                             : get_stride (pass, i) > get_stride (pass, self->axis);
      if (n_chunks < 2 || !is_better)
        continue;

      self->axis = i;
      self->is_kept = is_kept;
      self->n_chunks = n_chunks;
    }

  if (self->n_chunks < 2)
    return FALSE;

  self->n_together = (pass->shape[self->axis] - 1) / self->n_chunks + 1;
  self->n_chunks = (guint) ((pass->shape[self->axis] - 1) / self->n_together + 1);

  return TRUE;
}

static void
run_chunk (guint    chunk,
           gpointer user_data)
{
  const Cut *self = user_data;
  const TgReferencePass *pass = self->pass;
  TgReferenceFold fold = pass->fold;
  gint64 begin = chunk * self->n_together;
  gint64 shape[TG_MAX_NDIM];
  char *data[3];

  memcpy (shape, pass->shape, pass->ndim * sizeof (gint64));
  shape[self->axis] = MIN (self->n_together, shape[self->axis] - begin);
  for (guint k = 0; k < fold.n_operands; k++)
    data[k] = pass->data[k] + begin * pass->strides[k][self->axis];

  if (self->partial != NULL)
    {
      data[0] = self->partial->data + chunk * self->n_bytes;
      memcpy (data[0], pass->data[0], self->n_bytes);
      if (self->keeps_lost)
        {
          fold.lost = (gssize) (self->n_chunks * self->n_bytes);
          memset (data[0] + fold.lost, 0, self->n_bytes);
        }
    }

  tg_loop_run (pass->ndim, shape, fold.n_operands, data, pass->strides, self->folding->row, &fold);
}

/* Each accumulator by itself, as if what the chunks have found were elements. */
static void
combine (const Cut *self)
{
  const TgReferencePass *pass = self->pass;
  gint64 size = pass->fold.sizes[0];
  gsize n = self->n_chunks * (self->keeps_lost ? 2 : 1);
  const TgReferenceKernel *kernel = tg_cpu_get_kernel (self->combined,
                                                       self->folding->kernel->accumulator);
  TgReferenceFold fold = { .loop = kernel->loop, .n_operands = 2, .sizes = { size, size } };

  for (gsize i = 0; i < self->n_bytes; i += (gsize) size)
    {
      char *data[] = { pass->data[0] + i, self->partial->data + i };
      const gint64 strides[] = { 0, (gint64) self->n_bytes };

      self->folding->row (n, data, strides, &fold);
    }
}

/* Passes that find a center look for the largest of something, and those that know it add. */
static void
choose_combination (Cut *self)
{
  const TgReferenceKernel *kernel = self->folding->kernel;

  self->combined = self->folding->op;
  if (kernel->center != NULL)
    self->combined = self->pass->fold.loop == kernel->center ? TG_OP_MAX : TG_OP_SUM;

  self->keeps_lost = kernel->accumulator == TG_DTYPE_FLOAT64
                     && (self->combined == TG_OP_SUM || self->combined == TG_OP_MEAN);
}

static gboolean
run_cut (Cut     *self,
         GError **error)
{
  const TgReferencePass *pass = self->pass;
  g_autoptr (TgTensor) partial = NULL;

  choose_combination (self);
  self->n_bytes = pass->n_accumulators * (gsize) pass->fold.sizes[0];
  if (!self->is_kept)
    {
      gint64 shape[] = { self->keeps_lost ? 2 : 1, self->n_chunks, (gint64) self->n_bytes };

      self->partial = partial = tg_tensor_new_uninitialised (TG_DTYPE_UINT8, shape, 3, error);
      if (partial == NULL)
        return FALSE;
    }

  if (!tg_cpu_pool_run (self->n_chunks, run_chunk, self, self->folding->options))
    return tg_run_options_fail (error);

  if (partial != NULL)
    combine (self);

  return TRUE;
}

gboolean
tg_cpu_fold (const TgReferencePass  *pass,
             gconstpointer           data,
             GError                **error)
{
  const TgCpuFolding *folding = data;

  if (pass->n_elements >= 2 * MIN_WORK)
    {
      Cut cut = { .pass = pass, .folding = folding };

      if (choose_axis (&cut))
        return run_cut (&cut, error);
    }

  tg_loop_run (pass->ndim, pass->shape, pass->fold.n_operands, pass->data, pass->strides,
               folding->row, (gpointer) &pass->fold);

  return TRUE;
}
