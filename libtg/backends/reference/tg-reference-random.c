/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tgk.h"

#include "tg-error.h"

/* A draw is a function of its state and of the position of an element: a block of the generator, of
 * four words, makes two numbers of float64 or four of float32.
 *
 *   key      the seed, 64 bits
 *   counter  the number of the block, that of the stream, and that of the draw, 32, 32 and 64 bits
 */
typedef struct
{
  guint32 key[2];
  guint32 counter[4];
} Generator;

typedef union
{
  gdouble f64[2];
  gfloat  f32[4];
} Block;

typedef void (* BlockFunc) (const guint32  words[4],
                            Block         *block);

static void
make_uniform_f64 (const guint32  words[4],
                  Block         *block)
{
  for (guint i = 0; i < 2; i++)
    block->f64[i] = tgk_uniform_f64 (words[2 * i], words[2 * i + 1]);
}

static void
make_uniform_f32 (const guint32  words[4],
                  Block         *block)
{
  for (guint i = 0; i < 4; i++)
    block->f32[i] = tgk_uniform_f32 (words[i]);
}

static void
make_normal_f64 (const guint32  words[4],
                 Block         *block)
{
  make_uniform_f64 (words, block);
  tgk_normal_pair_f64 (block->f64[0], block->f64[1], &block->f64[0], &block->f64[1]);
}

static void
make_normal_f32 (const guint32  words[4],
                 Block         *block)
{
  make_uniform_f32 (words, block);
  for (guint i = 0; i < 4; i += 2)
    tgk_normal_pair_f32 (block->f32[i], block->f32[i + 1], &block->f32[i], &block->f32[i + 1]);
}

static Generator
make_generator (TgTensor *state)
{
  const gint64 *numbers = tg_reference_get_integers (state);
  guint64 seed = (guint64) numbers[0];
  guint64 draw = (guint64) numbers[2];

  return (Generator) {
    .key = { (guint32) seed, (guint32) (seed >> 32) },
    .counter = { 0, (guint32) numbers[1], (guint32) draw, (guint32) (draw >> 32) },
  };
}

static TgTensor *
run (TgVariable       *variable,
     TgTensor *const  *inputs,
     BlockFunc         f32,
     BlockFunc         f64,
     GError          **error)
{
  Generator generator = make_generator (inputs[0]);
  TgDType dtype = variable->type->dtype;
  gboolean is_wide = dtype == TG_DTYPE_FLOAT64;
  gsize item_size = tg_dtype_get_size (dtype);
  gsize block_size = (is_wide ? 2 : 4) * item_size;
  g_autoptr (TgTensor) result = NULL;
  gsize n_bytes;

  result = tg_tensor_new_uninitialised (dtype, tg_reference_get_integers (inputs[1]),
                                        inputs[1]->n_elements, error);
  if (result == NULL)
    return NULL;

  n_bytes = result->n_elements * item_size;
  if (n_bytes / block_size > G_MAXUINT32)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "a draw has at most 2^33 numbers");
      return NULL;
    }

  for (gsize start = 0; start < n_bytes; start += block_size)
    {
      guint32 words[4];
      Block block;

      tgk_philox4x32_10 (generator.counter, generator.key, words);
      (is_wide ? f64 : f32) (words, &block);
      memcpy (result->data + start, &block, MIN (block_size, n_bytes - start));
      generator.counter[0]++;
    }

  return g_steal_pointer (&result);
}

TgTensor *
tg_reference_run_random_uniform (TgVariable       *variable,
                                 TgTensor *const  *inputs,
                                 GError          **error)
{
  return run (variable, inputs, make_uniform_f32, make_uniform_f64, error);
}

TgTensor *
tg_reference_run_random_normal (TgVariable       *variable,
                                TgTensor *const  *inputs,
                                GError          **error)
{
  return run (variable, inputs, make_normal_f32, make_normal_f64, error);
}
