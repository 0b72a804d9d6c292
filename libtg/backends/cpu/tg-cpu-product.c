/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-product-private.h"

/* FALSE where elements do not lie as those of an array do. */
static gboolean
read_letters (TgCpuProduct        *self,
              const TgContraction *contraction,
              TgTensor *const     *tensors,
              const gint64        *sizes)
{
  gint64 size = (gint64) tg_dtype_get_size (self->dtype);
  gboolean has[TG_MAX_NDIM][N_OPERANDS] = { { FALSE, } };

  for (guint i = 0; i < contraction->n_letters; i++)
    self->letters[i] = (TgCpuLetter) { .size = sizes[i] };

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
      TgCpuLetter letter = self->letters[i];

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
join_letters (TgCpuProduct *self)
{
  for (guint i = 0; i < self->n_letters; i++)
    {
      for (guint k = 0; k < self->n_letters; k++)
        {
          TgCpuLetter *outer = &self->letters[i];
          TgCpuLetter *inner = &self->letters[k];
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
get_reach (const TgCpuLetter *letter)
{
  guint64 reach = 0;

  for (guint t = 0; t < N_OPERANDS; t++)
    reach += (guint64) ABS (letter->strides[t]);

  return reach;
}

/* Takes a letter of each kind for the matrices, the one whose steps are the shortest. */
static void
choose_inner (TgCpuProduct *self)
{
  for (guint kind = 0; kind < BATCH; kind++)
    {
      guint chosen = G_MAXUINT;

      self->inner[kind] = (TgCpuLetter) { .size = 1, .kind = kind };
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
sort_letters (TgCpuProduct *self)
{
  self->n_summed = 0;
  for (guint i = 0; i < self->n_letters; i++)
    {
      TgCpuLetter letter = self->letters[i];

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

static gboolean
find_matrix (TgCpuProduct    *self,
             guint            operand,
             TgCpuLetterKind  rows,
             TgCpuLetterKind  columns)
{
  return find_layout (self->inner[rows].size, self->inner[columns].size,
                      self->inner[rows].strides[operand], self->inner[columns].strides[operand],
                      &self->transposed[operand], &self->leading[operand])
         && self->leading[operand] <= G_MAXINT32;
}

/* Whether elements of a matrix follow each other along one of its letters. */
static gboolean
has_rows (const TgCpuProduct *self,
          guint               operand,
          TgCpuLetterKind     kind)
{
  const TgCpuLetter *kept = &self->inner[kind];
  const TgCpuLetter *summed = &self->inner[SUMMED];

  return kept->size == 1 || kept->strides[operand] == 1
         || summed->size == 1 || summed->strides[operand] == 1;
}

static gboolean
find_kind (TgCpuProduct *self)
{
  if (self->inner[COLUMN].size == 1 && has_rows (self, X, ROW))
    {
      self->kind = MATRIX_VECTOR;
      return TRUE;
    }

  if (self->inner[ROW].size == 1 && has_rows (self, Y, COLUMN))
    {
      self->kind = VECTOR_MATRIX;
      return TRUE;
    }

  self->kind = MATRIX_MATRIX;
  for (guint kind = 0; kind < BATCH; kind++)
    {
      if (self->inner[kind].size > G_MAXINT32)
        return FALSE;
    }

  return find_matrix (self, X, ROW, SUMMED) && find_matrix (self, Y, SUMMED, COLUMN)
         && find_matrix (self, RESULT, ROW, COLUMN);
}

gboolean
tg_cpu_product_init (TgCpuProduct        *self,
                     const TgContraction *contraction,
                     TgTensor *const     *tensors,
                     const gint64        *sizes)
{
  self->dtype = tensors[RESULT]->dtype;
  self->factor = 1;
  self->addend = NULL;
  self->second[Y] = self->second[RESULT] = NULL;
  self->n_letters = 0;
  if (!read_letters (self, contraction, tensors, sizes))
    return FALSE;

  join_letters (self);
  choose_inner (self);
  sort_letters (self);

  return find_kind (self);
}

gboolean
tg_cpu_product_may_pair (const TgCpuProduct *self)
{
  return self->kind == MATRIX_VECTOR && self->inner[SUMMED].strides[X] == 1;
}
