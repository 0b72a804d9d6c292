/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-cpu-code-private.h"
#include "tg-cpu-kernels-private.h"

/* Elements that do not follow each other are brought together so many at a time. */
#define BLOCK 512

/* The largest element. */
#define MAX_SIZE 16

static gpointer
get_lost (const TgReferenceFold *fold,
          char                  *accumulator)
{
  return fold->lost != 0 ? accumulator + fold->lost : NULL;
}

/* Folds along an inner dimension: the loops take elements that follow each other, and accumulators
 * that do so too or stay in their place. */
static void
run_fold (gsize         count,
          char        **data,
          const gint64 *strides,
          gpointer      user_data)
{
  const TgReferenceFold *fold = user_data;
  char elements[BLOCK * MAX_SIZE];
  gboolean is_dense = strides[0] == 0 || strides[0] == fold->sizes[0];
  gsize step = is_dense ? BLOCK : 1;

  if (is_dense && strides[1] == fold->sizes[1])
    {
      fold->loop (count, data, strides, get_lost (fold, data[0]));
      return;
    }

  for (gsize done = 0; done < count; done += step)
    {
      gsize n = MIN (step, count - done);
      char *operands[3] = { data[0] + (gint64) done * strides[0], elements, NULL };

      tg_cpu_move (elements, fold->sizes[1], data[1] + (gint64) done * strides[1], strides[1],
                   (gsize) fold->sizes[1], n);
      if (fold->n_operands > 2)
        operands[2] = data[2] + (gint64) done * strides[2];
      fold->loop (n, operands, is_dense ? strides : (const gint64[]) { 0, 0, 0 },
                  get_lost (fold, operands[0]));
    }
}

TgTensor *
tg_cpu_run_reduce (TgVariable          *variable,
                   TgTensor *const     *inputs,
                   const TgRunOptions  *options,
                   GError             **error)
{
  TgOpId op = tg_op_info_get_id (variable->op);
  const TgReferenceKernel *kernel = tg_cpu_get_kernel (op, variable->compute);
  TgCpuFolding folding = { op, kernel, run_fold, options };

  return tg_reference_reduce_with (variable, inputs[0], kernel, tg_cpu_fold, &folding, error);
}
