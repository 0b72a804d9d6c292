/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <cblas.h>

#include "tg-contraction-private.h"
#include "tg-cpu-pool-private.h"

/* Sums of products as products of matrices: letters of x and the result are rows, those of y and
 * the result columns, those of x and y are summed over; for the others, and where there are several
 * of a kind, there is a loop around. */

/* Fewer multiplications are not worth a call. */
#define MIN_PRODUCTS 32

/* So many of them, some 20 microseconds, are worth another thread. */
#define MIN_WORK (512 * 1024)
#define MAX_CHUNKS 1024

/* The sizes of tiles of large products, and the elements of one where a vector is a factor. */
#define MIN_TILE 128
#define LONG_TILE 512
#define TILE_MULTIPLE 16
#define VECTOR_WORK (64 * 1024)

enum { X, Y, RESULT, N_OPERANDS };

typedef enum { ROW, COLUMN, SUMMED, BATCH, N_KINDS } LetterKind;

typedef struct
{
  gint64     size;
  gint64     strides[N_OPERANDS]; /* in elements */
  LetterKind kind;
} Letter;

typedef struct
{
  TgDType dtype;
  guint   n_letters;
  guint   n_summed;             /* of the letters, which are the first ones */
  Letter  letters[TG_MAX_NDIM];
  Letter  inner[BATCH];         /* of each kind but BATCH, those of the matrices */
} Product;

/* The threads of OpenBLAS spin on after each product, and take the time of others. */
static gpointer
set_threads (gpointer data G_GNUC_UNUSED)
{
  openblas_set_num_threads (1);

  return NULL;
}

/* FALSE where elements do not lie as those of an array do. */
static gboolean
read_letters (Product             *self,
              const TgContraction *contraction,
              TgTensor *const     *tensors,
              const gint64        *sizes)
{
  gint64 size = (gint64) tg_dtype_get_size (self->dtype);
  gboolean has[TG_MAX_NDIM][N_OPERANDS] = { { FALSE, } };

  for (guint i = 0; i < contraction->n_letters; i++)
    self->letters[i] = (Letter) { .size = sizes[i] };

  for (guint t = 0; t < N_OPERANDS; t++)
    {
      for (guint i = 0; i < contraction->ndim[t]; i++)
        {
          guint letter = contraction->letters[t][i];
          gboolean is_repeated = tensors[t]->shape[i] == 1;

          if (tensors[t]->strides[i] % size != 0)
            return FALSE;

          self->letters[letter].strides[t] = is_repeated ? 0 : tensors[t]->strides[i] / size;
          has[letter][t] = !is_repeated;
        }
    }

  for (guint i = 0; i < contraction->n_letters; i++)
    {
      Letter letter = self->letters[i];

      if (letter.size == 1)
        continue;

      letter.kind = !has[i][RESULT] ? SUMMED
                    : has[i][X] && has[i][Y] ? BATCH
                    : has[i][X] ? ROW : COLUMN;
      self->letters[self->n_letters++] = letter;
    }

  return TRUE;
}

/* Two letters of a kind are one where a step along the first goes where the second one ends. */
static void
join_letters (Product *self)
{
  for (guint i = 0; i < self->n_letters; i++)
    {
      for (guint k = 0; k < self->n_letters; k++)
        {
          Letter *outer = &self->letters[i];
          Letter *inner = &self->letters[k];
          gboolean fits = i != k && outer->kind == inner->kind;

          for (guint t = 0; t < N_OPERANDS && fits; t++)
            fits = outer->strides[t] == inner->strides[t] * inner->size;
          if (!fits)
            continue;

          inner->size *= outer->size;
          *outer = self->letters[--self->n_letters];
          i = G_MAXUINT; /* from the start */
          break;
        }
    }
}

static guint64
get_reach (const Letter *letter)
{
  guint64 reach = 0;

  for (guint t = 0; t < N_OPERANDS; t++)
    reach += (guint64) ABS (letter->strides[t]);

  return reach;
}

/* Takes a letter of each kind for the matrices, the one whose steps are the shortest. */
static void
choose_inner (Product *self)
{
  for (guint kind = 0; kind < BATCH; kind++)
    {
      guint chosen = G_MAXUINT;

      self->inner[kind] = (Letter) { .size = 1, .kind = kind };
      for (guint i = 0; i < self->n_letters; i++)
        {
          if (self->letters[i].kind == kind
              && (chosen == G_MAXUINT
                  || get_reach (&self->letters[i]) < get_reach (&self->letters[chosen])))
            chosen = i;
        }

      if (chosen == G_MAXUINT)
        continue;

      self->inner[kind] = self->letters[chosen];
      self->letters[chosen] = self->letters[--self->n_letters];
    }
}

/* Brings the letters to the front that are summed over. */
static void
sort_letters (Product *self)
{
  self->n_summed = 0;
  for (guint i = 0; i < self->n_letters; i++)
    {
      Letter letter = self->letters[i];

      if (letter.kind != SUMMED)
        continue;

      self->letters[i] = self->letters[self->n_summed];
      self->letters[self->n_summed++] = letter;
    }
}

/* How a matrix lies in memory: one of the strides is 1, the other one not less than what is between
 * two rows.  FALSE where BLAS knows no such matrix. */
static gboolean
find_layout (gint64    rows,
             gint64    columns,
             gint64    row_stride,
             gint64    column_stride,
             gboolean *is_transposed,
             gint64   *leading)
{
  if ((column_stride == 1 || columns == 1) && (row_stride >= MAX (columns, 1) || rows == 1))
    {
      *is_transposed = FALSE;
      *leading = rows == 1 ? MAX (columns, 1) : row_stride;
      return TRUE;
    }

  *is_transposed = TRUE;
  *leading = columns == 1 ? MAX (rows, 1) : column_stride;

  return (row_stride == 1 || rows == 1) && (column_stride >= MAX (rows, 1) || columns == 1);
}

typedef enum { MATRIX_MATRIX, MATRIX_VECTOR, VECTOR_MATRIX } ProductKind;

typedef struct
{
  ProductKind kind;
  gboolean    transposed[N_OPERANDS];
  gint64      leading[N_OPERANDS];
} Layout;

static gboolean
find_matrix (const Product *self,
             Layout        *layout,
             guint          operand,
             LetterKind     rows,
             LetterKind     columns)
{
  return find_layout (self->inner[rows].size, self->inner[columns].size,
                      self->inner[rows].strides[operand], self->inner[columns].strides[operand],
                      &layout->transposed[operand], &layout->leading[operand])
         && layout->leading[operand] <= G_MAXINT32;
}

static gboolean
is_vector (const Product *self,
           guint          operand,
           LetterKind     kind)
{
  const Letter *letter = &self->inner[kind];

  return letter->size == 1
         || (letter->strides[operand] > 0 && letter->strides[operand] <= G_MAXINT32);
}

static gboolean
find_layouts (const Product *self,
              Layout        *layout)
{
  for (guint kind = 0; kind < BATCH; kind++)
    {
      if (self->inner[kind].size > G_MAXINT32)
        return FALSE;
    }

  if (self->inner[COLUMN].size == 1 && is_vector (self, Y, SUMMED) && is_vector (self, RESULT, ROW)
      && find_matrix (self, layout, X, ROW, SUMMED))
    {
      layout->kind = MATRIX_VECTOR;
      return TRUE;
    }

  if (self->inner[ROW].size == 1 && is_vector (self, X, SUMMED)
      && is_vector (self, RESULT, COLUMN) && find_matrix (self, layout, Y, SUMMED, COLUMN))
    {
      layout->kind = VECTOR_MATRIX;
      return TRUE;
    }

  layout->kind = MATRIX_MATRIX;

  return find_matrix (self, layout, X, ROW, SUMMED) && find_matrix (self, layout, Y, SUMMED, COLUMN)
         && find_matrix (self, layout, RESULT, ROW, COLUMN);
}

static int
get_step (const Letter *letter,
          guint         operand)
{
  return letter->size == 1 ? 1 : (int) letter->strides[operand];
}

static CBLAS_TRANSPOSE
get_transpose (gboolean is_transposed)
{
  return is_transposed ? CblasTrans : CblasNoTrans;
}

/* Adds products to the result. */
#define DEFINE_MULTIPLY(T, prefix)                                            \
static void                                                                   \
multiply_vector_##prefix (const Layout *layout,                               \
                          guint         matrix,                               \
                          const Letter *rows,                                 \
                          const Letter *columns,                              \
                          const T      *a,                                    \
                          const T      *x,                                    \
                          int           x_step,                               \
                          T            *result,                               \
                          int           result_step,                          \
                          gboolean      by_columns)                           \
{                                                                             \
  gboolean is_transposed = layout->transposed[matrix];                        \
                                                                              \
  cblas_##prefix##gemv (CblasRowMajor, get_transpose (is_transposed != by_columns), \
                        (int) (is_transposed ? columns : rows)->size,         \
                        (int) (is_transposed ? rows : columns)->size, 1, a,   \
                        (int) layout->leading[matrix], x, x_step, 1, result, result_step); \
}                                                                             \
                                                                              \
static void                                                                   \
multiply_##prefix (const Letter  inner[BATCH],                                \
                   const Layout *layout,                                      \
                   const T      *x,                                           \
                   const T      *y,                                           \
                   T            *result)                                      \
{                                                                             \
  const Letter *m = &inner[ROW], *n = &inner[COLUMN], *k = &inner[SUMMED];    \
  gboolean is_turned = layout->transposed[RESULT];                            \
                                                                              \
  if (layout->kind == MATRIX_VECTOR)                                          \
    multiply_vector_##prefix (layout, X, m, k, x, y, get_step (k, Y), result, \
                              get_step (m, RESULT), FALSE);                   \
  else if (layout->kind == VECTOR_MATRIX)                                     \
    multiply_vector_##prefix (layout, Y, k, n, y, x, get_step (k, X), result, \
                              get_step (n, RESULT), TRUE);                    \
  else                                                                        \
    cblas_##prefix##gemm (is_turned ? CblasColMajor : CblasRowMajor,          \
                          get_transpose (layout->transposed[X] != is_turned), \
                          get_transpose (layout->transposed[Y] != is_turned), \
                          (int) m->size, (int) n->size, (int) k->size, 1,     \
                          x, (int) layout->leading[X], y, (int) layout->leading[Y], 1, \
                          result, (int) layout->leading[RESULT]);             \
}

DEFINE_MULTIPLY (float, s)
DEFINE_MULTIPLY (double, d)

/* A product of matrices for each value of the other letters.  Where the matrices are large they are
 * cut to tiles, which depends on their shape alone: another tile may have other bits. */
typedef struct
{
  const Product   *product;
  const Layout    *layout;
  TgTensor *const *tensors;
  gsize            n_matrices;
  gsize            n_together;      /* tiles of a chunk */
  gint64           n_tiles[SUMMED]; /* of rows and columns */
  gint64           tile[SUMMED];
} Division;

/* Moves on by one step of some letters; FALSE at the end, where all is as at the beginning. */
static gboolean
advance (const Letter *letters,
         guint         n_letters,
         gint64       *counts,
         gint64        places[N_OPERANDS])
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
move_to (const Letter *letters,
         guint         n_letters,
         gsize         step,
         gint64       *counts,
         gint64        places[N_OPERANDS])
{
  for (guint i = 0; i < n_letters; i++)
    {
      counts[i] = (gint64) (step % (gsize) letters[i].size);
      step /= (gsize) letters[i].size;
      for (guint t = 0; t < N_OPERANDS; t++)
        places[t] += counts[i] * letters[i].strides[t];
    }
}

/* Where several letters are summed over, a product of matrices for each is added. */
static void
run_matrices (const Division *self,
              const Letter    inner[BATCH],
              gint64          places[N_OPERANDS])
{
  const Product *product = self->product;
  TgTensor *const *tensors = self->tensors;
  gint64 counts[TG_MAX_NDIM];

  for (guint i = 0; i < product->n_summed; i++)
    counts[i] = 0;

  do
    {
      if (product->dtype == TG_DTYPE_FLOAT32)
        multiply_s (inner, self->layout, (const float *) (gpointer) tensors[X]->data + places[X],
                    (const float *) (gpointer) tensors[Y]->data + places[Y],
                    (float *) (gpointer) tensors[RESULT]->data + places[RESULT]);
      else
        multiply_d (inner, self->layout, (const double *) (gpointer) tensors[X]->data + places[X],
                    (const double *) (gpointer) tensors[Y]->data + places[Y],
                    (double *) (gpointer) tensors[RESULT]->data + places[RESULT]);
    }
  while (advance (product->letters, product->n_summed, counts, places));
}

static void
run_tile (const Division *self,
          gsize           tile,
          const gint64    matrices[N_OPERANDS])
{
  const Letter *whole = self->product->inner;
  gsize numbers[] = { tile / (gsize) self->n_tiles[COLUMN], tile % (gsize) self->n_tiles[COLUMN] };
  Letter inner[] = { whole[ROW], whole[COLUMN], whole[SUMMED] };
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
  const Letter *letters = self->product->letters + self->product->n_summed;
  guint n_letters = self->product->n_letters - self->product->n_summed;
  gsize n_tiles = (gsize) (self->n_tiles[ROW] * self->n_tiles[COLUMN]);
  gsize begin = chunk * self->n_together;
  gsize end = MIN (begin + self->n_together, self->n_matrices * n_tiles);
  gint64 counts[TG_MAX_NDIM];
  gint64 places[N_OPERANDS] = { 0 };

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
cut (Division   *self,
     LetterKind  kind,
     gint64      smallest)
{
  gint64 size = self->product->inner[kind].size;
  gint64 n_tiles = MAX (size / smallest, 1);

  self->tile[kind] = ((size - 1) / n_tiles + TILE_MULTIPLE) / TILE_MULTIPLE * TILE_MULTIPLE;
  self->n_tiles[kind] = (size - 1) / self->tile[kind] + 1;
}

/* OpenBLAS copies both matrices of each product, and one of them for each of its steps along the
 * other one: so tiles are long in that direction.  The rows of a matrix that a vector is multiplied
 * with are read from memory, no less than a page of each. */
static void
choose_tiles (Division *self)
{
  const Letter *inner = self->product->inner;
  LetterKind outer = self->layout->transposed[RESULT] ? COLUMN : ROW;
  gint64 vector_tile = MAX (VECTOR_WORK / inner[SUMMED].size, LONG_TILE);

  if (self->layout->kind == MATRIX_MATRIX)
    {
      cut (self, outer, CLAMP (inner[outer].size / 4, MIN_TILE, 2 * MIN_TILE));
      cut (self, outer == ROW ? COLUMN : ROW, LONG_TILE);
      return;
    }

  cut (self, ROW, vector_tile);
  cut (self, COLUMN, vector_tile);
}

/* FALSE where the run was cancelled. */
static gboolean
run_product (const Product      *product,
             const Layout       *layout,
             TgTensor *const    *tensors,
             const TgRunOptions *options)
{
  Division division = { .product = product, .layout = layout, .tensors = tensors,
                        .n_matrices = 1 };
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
prepare (Product             *self,
         Layout              *layout,
         const TgContraction *contraction,
         TgTensor *const     *tensors,
         const gint64        *sizes)
{
  self->dtype = tensors[RESULT]->dtype;
  self->n_letters = 0;
  if (!read_letters (self, contraction, tensors, sizes))
    return FALSE;

  join_letters (self);
  choose_inner (self);
  sort_letters (self);

  return find_layouts (self, layout);
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

TgTensor *
tg_cpu_run_contract (TgVariable          *variable,
                     TgTensor *const     *inputs,
                     const TgRunOptions  *options,
                     GError             **error)
{
  static GOnce once = G_ONCE_INIT;
  const TgContraction *contraction = tg_variable_get_contraction (variable);
  TgTensor *tensors[N_OPERANDS] = { inputs[X], inputs[Y], NULL };
  g_autoptr (TgTensor) x = NULL;
  g_autoptr (TgTensor) y = NULL;
  gint64 sizes[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];
  Product product;
  Layout layout;

  if (variable->compute != TG_DTYPE_FLOAT32 && variable->compute != TG_DTYPE_FLOAT64)
    return tg_reference_run_contract (variable, inputs, error);

  if (!tg_contraction_sizes (contraction, inputs[X]->shape, inputs[Y]->shape, sizes, error))
    return NULL;

  if (!is_worth_a_call (contraction, sizes))
    return tg_reference_run_contract (variable, inputs, error);

  for (guint i = 0; i < contraction->ndim[RESULT]; i++)
    shape[i] = sizes[contraction->letters[RESULT][i]];

  tensors[RESULT] = tg_tensor_new_zeros (variable->compute, shape, contraction->ndim[RESULT],
                                         error);
  if (tensors[RESULT] == NULL)
    return NULL;

  g_once (&once, set_threads, NULL);
  if (!prepare (&product, &layout, contraction, tensors, sizes))
    {
      tensors[X] = x = tg_tensor_copy (inputs[X], variable->compute, error);
      tensors[Y] = y = x != NULL ? tg_tensor_copy (inputs[Y], variable->compute, error) : NULL;
      if (y == NULL || !prepare (&product, &layout, contraction, tensors, sizes))
        {
          tg_tensor_unref (tensors[RESULT]);
          return y != NULL ? tg_reference_run_contract (variable, inputs, error) : NULL;
        }
    }

  if (run_product (&product, &layout, tensors, options))
    return tensors[RESULT];

  tg_tensor_unref (tensors[RESULT]);
  tg_run_options_fail (error);

  return NULL;
}
