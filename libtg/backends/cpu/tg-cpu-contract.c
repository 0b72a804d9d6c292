/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <string.h>

#include "tg-cpu-pool-private.h"
#include "tg-cpu-product-private.h"

/* Fewer multiplications are not worth a call. */
#define MIN_PRODUCTS 32

/* So many of them, some 20 microseconds, are worth another thread. */
#define MIN_WORK (512 * 1024)
#define MAX_CHUNKS 1024

/* The sizes of tiles of large products, and what takes a tenth of a second. */
#define MIN_TILE 256
#define MAX_TILE 512
#define LONG_TILE 2048
#define TILE_MULTIPLE 16
#define MAX_WORK 4e9

/* The least size of one where a vector is a factor, and the elements of its matrix. */
#define VECTOR_TILE 512
#define VECTOR_WORK (64 * 1024)

/* A product of matrices for each value of the other letters.  Where the matrices are large they are
 * cut to tiles, which depends on their shape alone: another tile may have other bits. */
typedef struct
{
  const TgCpuProduct *product;
  TgTensor *const    *tensors;
  gsize               n_matrices;
  gsize               n_together;      /* tiles of a chunk */
  gint64              n_tiles[SUMMED]; /* of rows and columns */
  gint64              tile[SUMMED];
} Division;

/* Moves on by one step of some letters; FALSE at the end, where all is as at the beginning. */
static gboolean
advance (const TgCpuLetter *letters,
         guint              n_letters,
         gint64            *counts,
         gint64             places[N_OPERANDS])
{
  for (guint i = 0; i < n_letters; i++)
    {
      gboolean is_over = ++counts[i] == letters[i].size;
      gint64 n_steps = is_over ? 1 - letters[i].size : 1;

      for (guint t = 0; t < N_OPERANDS; t++)
        places[t] += n_steps * letters[i].strides[t];
      if (!is_over)
        return TRUE;

      counts[i] = 0;
    }

  return FALSE;
}

/* The same by many steps from the beginning. */
static void
move_to (const TgCpuLetter *letters,
         guint              n_letters,
         gsize              step,
         gint64            *counts,
         gint64             places[N_OPERANDS])
{
  for (guint i = 0; i < n_letters; i++)
    {
      counts[i] = (gint64) (step % (gsize) letters[i].size);
      step /= (gsize) letters[i].size;
      for (guint t = 0; t < N_OPERANDS; t++)
        places[t] += counts[i] * letters[i].strides[t];
    }
}

/* Where several letters are summed over, a product of matrices for each is added to the first. */
static void
run_matrices (const Division    *self,
              const TgCpuLetter  inner[BATCH],
              gint64             places[N_OPERANDS])
{
  const TgCpuProduct *product = self->product;
  gint64 counts[TG_MAX_NDIM] = { 0, };
  gboolean is_first = TRUE;

  do
    {
      tg_cpu_product_multiply (product, inner, self->tensors, places, is_first);
      is_first = FALSE;
    }
  while (advance (product->letters, product->n_summed, counts, places));
}

static void
run_tile (const Division *self,
          gsize           tile,
          const gint64    matrices[N_OPERANDS])
{
  const TgCpuLetter *whole = self->product->inner;
  gsize numbers[] = { tile / (gsize) self->n_tiles[COLUMN], tile % (gsize) self->n_tiles[COLUMN] };
  TgCpuLetter inner[] = { whole[ROW], whole[COLUMN], whole[SUMMED] };
  gint64 places[] = { matrices[X], matrices[Y], matrices[RESULT] };

  for (guint kind = 0; kind < SUMMED; kind++)
    {
      gint64 begin = (gint64) numbers[kind] * self->tile[kind];

      inner[kind].size = MIN (self->tile[kind], whole[kind].size - begin);
      for (guint t = 0; t < N_OPERANDS; t++)
        places[t] += begin * whole[kind].strides[t];
    }

  run_matrices (self, inner, places);
}

static void
run_chunk (guint    chunk,
           gpointer user_data)
{
  const Division *self = user_data;
  const TgCpuLetter *letters = self->product->letters + self->product->n_summed;
  guint n_letters = self->product->n_letters - self->product->n_summed;
  gsize n_tiles = (gsize) (self->n_tiles[ROW] * self->n_tiles[COLUMN]);
  gsize begin = chunk * self->n_together;
  gsize end = MIN (begin + self->n_together, self->n_matrices * n_tiles);
  gint64 counts[TG_MAX_NDIM];
  gint64 places[N_OPERANDS] = { 0, };

  move_to (letters, n_letters, begin / n_tiles, counts, places);
  for (gsize i = begin; i < end; i++)
    {
      if (n_tiles > 1)
        run_tile (self, i % n_tiles, places);
      else
        run_matrices (self, self->product->inner, places);
      if ((i + 1) % n_tiles == 0)
        advance (letters, n_letters, counts, places);
    }
}

/* Cuts rows or columns to tiles of about the same size, so many at least. */
static void
cut (Division        *self,
     TgCpuLetterKind  kind,
     gint64           smallest)
{
  gint64 size = self->product->inner[kind].size;
  gint64 n_tiles = MAX (size / smallest, 1);

  self->tile[kind] = ((size - 1) / n_tiles + TILE_MULTIPLE) / TILE_MULTIPLE * TILE_MULTIPLE;
  self->n_tiles[kind] = (size - 1) / self->tile[kind] + 1;
}

/* OpenBLAS copies both matrices of each product, and one of them for each of its steps along the
 * other one: so there are few tiles, and these are long in that direction.  The rows of a matrix
 * that a vector is multiplied with are read from memory, no less than a page of each. */
static void
choose_tiles (Division *self)
{
  const TgCpuLetter *inner = self->product->inner;
  TgCpuLetterKind outer = self->product->transposed[RESULT] ? COLUMN : ROW;
  double n_long;

  if (self->product->kind != MATRIX_MATRIX)
    {
      gint64 tile = MAX (VECTOR_WORK / inner[SUMMED].size, VECTOR_TILE);

      cut (self, ROW, tile);
      cut (self, COLUMN, tile);
      return;
    }

  cut (self, outer, CLAMP (inner[outer].size / 8, MIN_TILE, MAX_TILE));
  n_long = MAX_WORK / ((double) self->tile[outer] * (double) inner[SUMMED].size);
  cut (self, outer == ROW ? COLUMN : ROW, (gint64) CLAMP (n_long, MAX_TILE, LONG_TILE));
}

/* FALSE where the run was cancelled. */
static gboolean
run_product (const TgCpuProduct *product,
             TgTensor *const    *tensors,
             const TgRunOptions *options)
{
  Division division = { .product = product, .tensors = tensors, .n_matrices = 1 };
  double n_products = 1;
  gsize n_tiles, n_chunks;

  for (guint i = 0; i < product->n_letters; i++)
    {
      n_products *= (double) product->letters[i].size;
      if (i >= product->n_summed)
        division.n_matrices *= (gsize) product->letters[i].size;
    }
  for (guint kind = 0; kind < BATCH; kind++)
    n_products *= (double) product->inner[kind].size;

  choose_tiles (&division);
  n_tiles = division.n_matrices * (gsize) (division.n_tiles[ROW] * division.n_tiles[COLUMN]);
  n_chunks = (gsize) CLAMP (n_products / MIN_WORK, 1, MAX_CHUNKS);
  division.n_together = (n_tiles - 1) / MIN (n_chunks, n_tiles) + 1;

  return tg_cpu_pool_run ((guint) ((n_tiles - 1) / division.n_together + 1), run_chunk, &division,
                          options);
}

static gboolean
is_worth_a_call (const TgContraction *contraction,
                 const gint64        *sizes)
{
  double n_products = 1;

  for (guint i = 0; i < contraction->n_letters; i++)
    n_products *= (double) sizes[i];

  return n_products >= MIN_PRODUCTS;
}

/* A tensor for the result, or NULL where the reference backend computes it, or fails. */
static TgTensor *
make_result (TgVariable       *variable,
             TgTensor *const  *inputs,
             gint64           *sizes)
{
  const TgContraction *contraction = tg_variable_get_contraction (variable);
  gint64 shape[TG_MAX_NDIM];

  if ((variable->compute != TG_DTYPE_FLOAT32 && variable->compute != TG_DTYPE_FLOAT64)
      || !tg_contraction_sizes (contraction, inputs[X]->shape, inputs[Y]->shape, sizes, NULL)
      || !is_worth_a_call (contraction, sizes))
    return NULL;

  for (guint i = 0; i < contraction->ndim[RESULT]; i++)
    shape[i] = sizes[contraction->letters[RESULT][i]];

  return tg_tensor_new_uninitialised (variable->compute, shape, contraction->ndim[RESULT], NULL);
}

TgTensor *
tg_cpu_run_contract (TgVariable          *variable,
                     TgTensor *const     *inputs,
                     const TgRunOptions  *options,
                     GError             **error)
{
  const TgContraction *contraction = tg_variable_get_contraction (variable);
  gint64 sizes[TG_MAX_NDIM];
  g_autoptr (TgTensor) result = make_result (variable, inputs, sizes);
  g_autoptr (TgTensor) x = NULL;
  g_autoptr (TgTensor) y = NULL;
  TgTensor *tensors[N_OPERANDS] = { inputs[X], inputs[Y], result };
  TgCpuProduct product;

  if (result == NULL)
    return tg_reference_run_contract (variable, inputs, error);

  if (!tg_cpu_product_init (&product, contraction, tensors, sizes))
    {
      tensors[X] = x = tg_tensor_copy (inputs[X], variable->compute, error);
      tensors[Y] = y = x != NULL ? tg_tensor_copy (inputs[Y], variable->compute, error) : NULL;
      if (y == NULL)
        return NULL;
      if (!tg_cpu_product_init (&product, contraction, tensors, sizes))
        return tg_reference_run_contract (variable, inputs, error);
    }

  if (run_product (&product, tensors, options))
    return g_steal_pointer (&result);

  tg_run_options_fail (error);

  return NULL;
}

TgTensor *
tg_cpu_add_contract (TgVariable         *variable,
                     TgTensor *const    *inputs,
                     double              factor,
                     TgTensor           *addend,
                     const TgRunOptions *options)
{
  gint64 sizes[TG_MAX_NDIM];
  g_autoptr (TgTensor) result = make_result (variable, inputs, sizes);
  TgTensor *tensors[N_OPERANDS] = { inputs[X], inputs[Y], result };
  TgCpuProduct product;

  if (result == NULL || result->ndim != addend->ndim || !tg_tensor_is_contiguous (addend)
      || memcmp (result->shape, addend->shape, result->ndim * sizeof (gint64)) != 0
      || !tg_cpu_product_init (&product, tg_variable_get_contraction (variable), tensors, sizes)
      || product.kind != MATRIX_MATRIX)
    return NULL;

  product.factor = factor;
  product.addend = addend;

  return run_product (&product, tensors, options) ? g_steal_pointer (&result) : NULL;
}

gboolean
tg_cpu_run_contract_pair (TgVariable          *variable,
                          TgTensor            *x,
                          TgTensor *const      ys[2],
                          TgTensor            *results[2],
                          const TgRunOptions  *options)
{
  gint64 sizes[TG_MAX_NDIM];
  g_autoptr (TgTensor) first = make_result (variable, (TgTensor *[]) { x, ys[0] }, sizes);
  g_autoptr (TgTensor) second = NULL;
  TgTensor *tensors[N_OPERANDS] = { x, ys[0], first };
  TgCpuProduct product;

  if (first == NULL || ys[0]->shape[0] != ys[1]->shape[0] || ys[0]->strides[0] != ys[1]->strides[0]
      || !tg_cpu_product_init (&product, tg_variable_get_contraction (variable), tensors, sizes)
      || !tg_cpu_product_may_pair (&product))
    return FALSE;

  product.second[Y] = ys[1];
  product.second[RESULT] = second = tg_tensor_new_uninitialised (first->dtype, first->shape,
                                                                 first->ndim, NULL);
  if (second == NULL || !run_product (&product, tensors, options))
    return FALSE;

  results[0] = g_steal_pointer (&first);
  results[1] = g_steal_pointer (&second);

  return TRUE;
}
