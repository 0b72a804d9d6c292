/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-cpu-draw-private.h"
#include "tg-reference-random-private.h"

/* The bytes of numbers that one counter makes, and that a loop makes at least. */
#define BLOCK 16
#define MULTIPLE (TG_CPU_DRAW_MULTIPLE * BLOCK)

/* Blocks after which it is time to see whether the call is cancelled. */
#define PATIENCE (64 * 1024)

static TgCpuDrawLoop
choose_loop (TgVariable *variable)
{
  const TgCpuDrawLoops *loops = tg_cpu_get_draw_loops ();
  gboolean is_wide = variable->type->dtype == TG_DTYPE_FLOAT64;

  if (variable->op == &tg_ops[TG_OP_RANDOM_NORMAL])
    return is_wide ? loops->normal_f64 : loops->normal_f32;

  return is_wide ? loops->uniform_f64 : loops->uniform_f32;
}

TgTensor *
tg_cpu_run_draw (TgVariable          *variable,
                 TgTensor *const     *inputs,
                 const TgRunOptions  *options,
                 GError             **error)
{
  const TgCpuDrawLoops *loops = tg_cpu_get_draw_loops ();
  TgCpuDrawLoop loop = choose_loop (variable);
  guint32 bits = tg_reference_get_uniform_bits (variable->type->dtype);
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  g_autoptr (TgTensor) result = tg_reference_new_blocks (variable, inputs[1], error);
  gsize n_bytes;

  if (result == NULL)
    return NULL;

  n_bytes = result->n_elements * tg_dtype_get_size (result->dtype);
  for (gsize done = 0; done < n_bytes; done += TG_CPU_DRAW_BLOCKS * BLOCK)
    {
      TgCpuDrawWords words __attribute__ ((aligned (64)));
      char last[TG_CPU_DRAW_BLOCKS * BLOCK];
      gsize n = MIN (n_bytes - done, sizeof last);
      gsize n_blocks = (n + MULTIPLE - 1) / MULTIPLE * TG_CPU_DRAW_MULTIPLE;
      gboolean is_whole = n == n_blocks * BLOCK;

      if (draws.counter[0] % PATIENCE == 0 && !tg_run_options_check (options, error))
        return NULL;

      loops->make_words (n_blocks, &draws, words);
      loop (n_blocks, words, bits, is_whole ? result->data + done : last);
      if (!is_whole)
        memcpy (result->data + done, last, n);
      draws.counter[0] += TG_CPU_DRAW_BLOCKS;
    }

  return g_steal_pointer (&result);
}
