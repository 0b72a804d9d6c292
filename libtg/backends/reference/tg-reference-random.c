/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-random-private.h"

#include "tg-error.h"
#include "tg-random-parameter-private.h"

/* random.op says what key and counter are: a draw is a function of its state and of the position of
 * an element. */
TgkDraws
tg_reference_get_draws (TgTensor *state)
{
  const gint64 *numbers = tg_reference_get_integers (state);
  guint64 seed = (guint64) numbers[0];
  guint64 draw = (guint64) numbers[2];

  return (TgkDraws) {
    .key = { (guint32) seed, (guint32) (seed >> 32) },
    .counter = { 0, (guint32) numbers[1], (guint32) draw, (guint32) (draw >> 32) },
  };
}

TgkDraws
tg_reference_get_element (const TgkDraws *draws,
                          gsize           element)
{
  TgkDraws copy = *draws;

  copy.counter[0] = (guint32) element;

  return copy;
}

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

/* So few that the numbers are those of a narrower dtype, and stay below 1. */
guint32
tg_reference_get_uniform_bits (TgDType dtype)
{
  if (dtype == TG_DTYPE_FLOAT16)
    return 0xffe00000u;

  return dtype == TG_DTYPE_BFLOAT16 ? 0xff000000u : G_MAXUINT32;
}

TgTensor *
tg_reference_new_blocks (TgVariable  *variable,
                         TgTensor    *shape,
                         GError     **error)
{
  TgDType dtype = variable->type->dtype == TG_DTYPE_FLOAT64 ? TG_DTYPE_FLOAT64 : TG_DTYPE_FLOAT32;
  g_autoptr (TgTensor) result = NULL;

  result = tg_tensor_new_uninitialised (dtype, tg_reference_get_integers (shape),
                                        shape->n_elements, error);
  if (result != NULL
      && result->n_elements * tg_dtype_get_size (dtype) / sizeof (Block) > G_MAXUINT32)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "a draw has at most 2^33 numbers");
      return NULL;
    }

  return g_steal_pointer (&result);
}

static TgTensor *
run_blocks (TgVariable       *variable,
            TgTensor *const  *inputs,
            BlockFunc         function,
            guint32           bits,
            GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  TgTensor *result = tg_reference_new_blocks (variable, inputs[1], error);
  gsize n_bytes;

  if (result == NULL)
    return NULL;

  n_bytes = result->n_elements * tg_dtype_get_size (result->dtype);
  for (gsize start = 0; start < n_bytes; start += sizeof (Block))
    {
      guint32 words[4];
      Block block;

      tgk_philox4x32_10 (draws.counter, draws.key, words);
      for (guint i = 0; i < 4; i++)
        words[i] &= bits;
      function (words, &block);
      memcpy (result->data + start, &block, MIN (sizeof (Block), n_bytes - start));
      draws.counter[0]++;
    }

  return result;
}

TgTensor *
tg_reference_run_random_uniform (TgVariable       *variable,
                                 TgTensor *const  *inputs,
                                 GError          **error)
{
  gboolean is_wide = variable->type->dtype == TG_DTYPE_FLOAT64;

  return run_blocks (variable, inputs, is_wide ? make_uniform_f64 : make_uniform_f32,
                     tg_reference_get_uniform_bits (variable->type->dtype), error);
}

TgTensor *
tg_reference_run_random_normal (TgVariable       *variable,
                                TgTensor *const  *inputs,
                                GError          **error)
{
  gboolean is_wide = variable->type->dtype == TG_DTYPE_FLOAT64;

  return run_blocks (variable, inputs, is_wide ? make_normal_f64 : make_normal_f32,
                     G_MAXUINT32, error);
}

gboolean
tg_reference_check_draw (TgVariable       *variable,
                         TgTensor *const  *inputs,
                         GError          **error)
{
  return tg_random_check_parameters (variable->op, variable->attributes, variable->inputs, inputs,
                                     variable->n_inputs, TG_RUN_ERROR, TG_RUN_ERROR_VALUE, error);
}

TgTensor *
tg_reference_convert_draw (TgVariable  *variable,
                           TgTensor    *numbers,
                           GError     **error)
{
  TgDType dtype = variable->type->dtype;
  g_autoptr (TgTensor) result = tg_tensor_astype (numbers, dtype, error);
  g_autoptr (TgTensor) back = NULL;

  if (result == NULL || tg_dtype_in_set (dtype, TG_DTYPE_SET_FLOAT))
    return g_steal_pointer (&result);

  back = tg_tensor_astype (result, numbers->dtype, error);
  if (back == NULL)
    return NULL;

  if (!tg_tensor_equal (back, numbers))
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_VALUE,
                   "numbers were drawn that %s has no room for", tg_dtype_get_name (dtype));
      return NULL;
    }

  return g_steal_pointer (&result);
}

TgTensor *
tg_reference_new_draw (TgTensor  *shape,
                       TgDType    dtype,
                       GError   **error)
{
  g_autoptr (TgTensor) result = tg_tensor_new_uninitialised (dtype,
                                                             tg_reference_get_integers (shape),
                                                             shape->n_elements, error);

  if (result != NULL && result->n_elements > (gsize) G_MAXUINT32 + 1)
    {
      g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                           "a draw has at most 2^32 numbers");
      return NULL;
    }

  return g_steal_pointer (&result);
}

typedef gdouble (* SampleFunc) (TgkDraws      *draws,
                                const gdouble *parameters);

/* Draws each number by itself, whatever its parameters are. */
static TgTensor *
run_samples (TgVariable       *variable,
             TgTensor *const  *inputs,
             SampleFunc        sample,
             GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  guint n_parameters = variable->n_inputs - 2;
  TgTensor *parameters[2] = { NULL, };
  g_autoptr (TgTensor) first = NULL;
  g_autoptr (TgTensor) second = NULL;
  g_autoptr (TgTensor) numbers = NULL;

  if (!tg_reference_check_draw (variable, inputs, error))
    return NULL;

  numbers = tg_reference_new_draw (inputs[1], TG_DTYPE_FLOAT64, error);
  if (numbers == NULL)
    return NULL;

  for (guint k = 0; k < n_parameters; k++)
    {
      parameters[k] = tg_reference_fill (TG_DTYPE_FLOAT64, numbers->shape, numbers->ndim,
                                         inputs[2 + k], error);
      *(k == 0 ? &first : &second) = parameters[k];
      if (parameters[k] == NULL)
        return NULL;
    }

  for (gsize i = 0; i < numbers->n_elements; i++)
    {
      TgkDraws element = tg_reference_get_element (&draws, i);
      gdouble values[2] = { 0, 0 };

      for (guint k = 0; k < n_parameters; k++)
        values[k] = ((const gdouble *) (gconstpointer) parameters[k]->data)[i];

      ((gdouble *) (gpointer) numbers->data)[i] = sample (&element, values);
    }

  return tg_reference_convert_draw (variable, numbers, error);
}

#define SAMPLES(name)                                                         \
TgTensor *                                                                    \
tg_reference_run_random_##name (TgVariable       *variable,                   \
                                TgTensor *const  *inputs,                     \
                                GError          **error)                      \
{                                                                             \
  return run_samples (variable, inputs, tgk_random_##name, error);            \
}

SAMPLES (truncated_normal)
SAMPLES (gamma)
SAMPLES (log_gamma)
SAMPLES (poisson)
SAMPLES (binomial)

TgTensor *
tg_reference_run_random_integers (TgVariable       *variable,
                                  TgTensor *const  *inputs,
                                  GError          **error)
{
  TgkDraws draws = tg_reference_get_draws (inputs[0]);
  guint64 more = tg_variable_find_bool (variable, "closed") ? 1 : 0;
  TgDType wide = variable->compute == TG_DTYPE_UINT64 ? TG_DTYPE_UINT64 : TG_DTYPE_INT64;
  g_autoptr (TgTensor) numbers = NULL;
  g_autoptr (TgTensor) low = NULL;
  g_autoptr (TgTensor) high = NULL;

  if (!tg_reference_check_draw (variable, inputs, error))
    return NULL;

  numbers = tg_reference_new_draw (inputs[1], wide, error);
  if (numbers == NULL)
    return NULL;

  low = tg_reference_fill (wide, numbers->shape, numbers->ndim, inputs[2], error);
  if (low == NULL)
    return NULL;

  high = tg_reference_fill (wide, numbers->shape, numbers->ndim, inputs[3], error);
  if (high == NULL)
    return NULL;

  for (gsize i = 0; i < numbers->n_elements; i++)
    {
      TgkDraws element = tg_reference_get_element (&draws, i);
      guint64 first = ((const guint64 *) (gconstpointer) low->data)[i];
      guint64 last = ((const guint64 *) (gconstpointer) high->data)[i];

      /* All of 64 bits are 0 numbers, which tgk_draw_below () knows. */
      ((guint64 *) (gpointer) numbers->data)[i] =
        first + tgk_draw_below (&element, last - first + more);
    }

  return tg_reference_convert_draw (variable, numbers, error);
}
