/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include <cblas.h>

#include "tg-contraction-private.h"

/* Sums of products as products of matrices: letters of x and the result are rows, those of y and
 * the result columns, those of x and y are summed over; for the others, and where there are several
 * of a kind, there is a loop around. */

/* Fewer multiplications are not worth a call. */
#define MIN_PRODUCTS 32

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
  Letter  letters[TG_MAX_NDIM];
  Letter  inner[3]; /* of each kind but BATCH, those of the matrices */
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
multiply_##prefix (const Product *self,                                       \
                   const Layout  *layout,                                     \
                   const T       *x,                                          \
                   const T       *y,                                          \
                   T             *result)                                     \
{                                                                             \
  const Letter *m = &self->inner[ROW], *n = &self->inner[COLUMN];             \
  const Letter *k = &self->inner[SUMMED];                                     \
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

/* Runs the product of matrices for all values of the other letters, one after the other. */
static void
run_product (const Product *self,
             const Layout  *layout,
             TgTensor      *x,
             TgTensor      *y,
             TgTensor      *result)
{
  gint64 counts[TG_MAX_NDIM] = { 0 };
  gint64 places[N_OPERANDS] = { 0 };
  guint i;

  do
    {
      if (self->dtype == TG_DTYPE_FLOAT32)
        multiply_s (self, layout, (const float *) (gpointer) x->data + places[X],
                    (const float *) (gpointer) y->data + places[Y],
                    (float *) (gpointer) result->data + places[RESULT]);
      else
        multiply_d (self, layout, (const double *) (gpointer) x->data + places[X],
                    (const double *) (gpointer) y->data + places[Y],
                    (double *) (gpointer) result->data + places[RESULT]);

      for (i = 0; i < self->n_letters; i++)
        {
          const Letter *letter = &self->letters[i];
          gboolean is_over = ++counts[i] == letter->size;
          gint64 n_steps = is_over ? 1 - letter->size : 1;

          for (guint t = 0; t < N_OPERANDS; t++)
            places[t] += n_steps * letter->strides[t];
          if (!is_over)
            break;

          counts[i] = 0;
        }
    }
  while (i < self->n_letters);
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
                     const TgRunOptions  *options G_GNUC_UNUSED,
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

  run_product (&product, &layout, tensors[X], tensors[Y], tensors[RESULT]);

  return tensors[RESULT];
}
