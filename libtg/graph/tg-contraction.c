/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-contraction-private.h"

#include "tg-error.h"
#include "tg-form-private.h"

/* A term of an index text, such as "...ik". */
typedef struct
{
  const char *letters; /* behind the ellipsis */
  guint       n_letters;
  gboolean    ellipsis;
} Term;

static gboolean
read_term (const char  *text,
           gsize        length,
           Term        *term)
{
  term->ellipsis = length >= 3 && strncmp (text, "...", 3) == 0;
  term->letters = text + (term->ellipsis ? 3 : 0);
  term->n_letters = (guint) (length - (term->ellipsis ? 3 : 0));

  for (guint i = 0; i < term->n_letters; i++)
    {
      if (!g_ascii_isalpha (term->letters[i])
          || memchr (term->letters, term->letters[i], i) != NULL)
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_terms (const char  *index,
            Term         terms[3],
            GError     **error)
{
  const char *comma = strchr (index, ',');
  const char *arrow = strstr (index, "->");

  if (comma != NULL && arrow != NULL && comma < arrow
      && read_term (index, (gsize) (comma - index), &terms[0])
      && read_term (comma + 1, (gsize) (arrow - comma - 1), &terms[1])
      && read_term (arrow + 2, strlen (arrow + 2), &terms[2]))
    return TRUE;

  g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
               "subscripts must be like \"ik,kj->ij\", with no letter twice in a term, not \"%s\"",
               index);

  return FALSE;
}

static gboolean
term_fits (const Term *term,
           guint       ndim)
{
  return term->ellipsis ? ndim >= term->n_letters : ndim == term->n_letters;
}

static char *
without_blanks (const char *text)
{
  g_auto (GStrv) parts = g_strsplit (text, " ", -1);

  return g_strjoinv (NULL, parts);
}

char *
tg_contraction_find (const TgOpInfo  *op,
                     const char      *subscripts,
                     guint            x_ndim,
                     guint            y_ndim,
                     GError         **error)
{
  if (subscripts != NULL)
    return without_blanks (subscripts);

  for (guint i = 0; i < TG_OP_MAX_INDEX_LINES && op->index[i] != NULL; i++)
    {
      g_autofree char *index = without_blanks (op->index[i]);
      Term terms[3];

      if (!read_terms (index, terms, error))
        return NULL;

      if (term_fits (&terms[0], x_ndim) && term_fits (&terms[1], y_ndim))
        return g_steal_pointer (&index);
    }

  g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
               "there is no such product of %u and %u dimensions", x_ndim, y_ndim);

  return NULL;
}

static gboolean
contains (const Term *term,
          char        letter)
{
  return memchr (term->letters, letter, term->n_letters) != NULL;
}

/* A letter that stands in one operand alone would be summed without a product: its gradient could
 * not be written as a contraction, and sum () says it better. */
static gboolean
check_letters (const Term  terms[3],
               GError    **error)
{
  for (guint t = 0; t < 3; t++)
    {
      for (guint i = 0; i < terms[t].n_letters; i++)
        {
          char letter = terms[t].letters[i];

          if (!contains (&terms[(t + 1) % 3], letter) && !contains (&terms[(t + 2) % 3], letter))
            {
              g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
                           "the letter “%c” stands in one term alone", letter);
              return FALSE;
            }
        }
    }

  if (terms[2].ellipsis && !terms[0].ellipsis && !terms[1].ellipsis)
    {
      g_set_error_literal (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE,
                           "the result has an ellipsis, but no operand has one");
      return FALSE;
    }

  return TRUE;
}

gboolean
tg_contraction_init (TgContraction  *self,
                     const char     *index,
                     guint           x_ndim,
                     guint           y_ndim,
                     GError        **error)
{
  const guint ndim[2] = { x_ndim, y_ndim };
  guint8 number[256] = { 0, };
  guint batch[3] = { 0, };
  Term terms[3];

  if (!read_terms (index, terms, error) || !check_letters (terms, error))
    return FALSE;

  *self = (TgContraction) { 0, };
  for (guint t = 0; t < 2; t++)
    {
      if (!term_fits (&terms[t], ndim[t]))
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "\"%s\" does not fit %u and %u dimensions", index, x_ndim, y_ndim);
          return FALSE;
        }

      batch[t] = ndim[t] - terms[t].n_letters;
      self->n_batch = MAX (self->n_batch, batch[t]);
    }

  batch[2] = terms[2].ellipsis ? self->n_batch : 0;
  self->n_letters = self->n_batch;

  for (guint t = 0; t < 3; t++)
    {
      self->ndim[t] = batch[t] + terms[t].n_letters;
      if (self->ndim[t] > TG_MAX_NDIM)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "the result would have more than %d dimensions", TG_MAX_NDIM);
          return FALSE;
        }

      for (guint i = 0; i < batch[t]; i++)
        self->letters[t][i] = (guint8) (self->n_batch - batch[t] + i);

      for (guint i = 0; i < terms[t].n_letters; i++)
        {
          guchar letter = (guchar) terms[t].letters[i];

          if (number[letter] == 0)
            number[letter] = (guint8) ++self->n_letters;

          self->letters[t][batch[t] + i] = (guint8) (number[letter] - 1);
        }
    }

  if (self->n_letters > TG_MAX_NDIM)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                   "the product would go along more than %d dimensions", TG_MAX_NDIM);
      return FALSE;
    }

  return TRUE;
}

gboolean
tg_contraction_sizes (const TgContraction  *self,
                      const gint64         *x_shape,
                      const gint64         *y_shape,
                      gint64               *sizes,
                      GError              **error)
{
  const gint64 *shapes[2] = { x_shape, y_shape };

  for (guint i = 0; i < self->n_letters; i++)
    sizes[i] = i < self->n_batch ? 1 : TG_UNKNOWN;

  for (guint t = 0; t < 2; t++)
    {
      for (guint i = 0; i < self->ndim[t]; i++)
        {
          guint letter = self->letters[t][i];
          gint64 before = sizes[letter];

          if (letter < self->n_batch)
            {
              if (!tg_shape_broadcast (&sizes[letter], 1, &shapes[t][i], 1))
                {
                  g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST,
                                       "the leading dimensions cannot be broadcast together");
                  return FALSE;
                }
            }
          else if (!tg_dimension_unify (&sizes[letter], shapes[t][i]))
            {
              g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH,
                           "dimensions that belong together differ: %" G_GINT64_FORMAT
                           " and %" G_GINT64_FORMAT, before, shapes[t][i]);
              return FALSE;
            }
        }
    }

  return TRUE;
}

char *
tg_variable_dup_index (TgVariable *self)
{
  GVariant *subscripts = tg_variable_find (self, "subscripts");

  return tg_contraction_find (self->op,
                              subscripts != NULL ? g_variant_get_string (subscripts, NULL) : NULL,
                              self->inputs[0]->type->ndim, self->inputs[1]->type->ndim, NULL);
}

/* It was read without an error when the variable was made. */
const TgContraction *
tg_variable_get_contraction (TgVariable *self)
{
  TgContraction *contraction = g_atomic_pointer_get (&self->contraction);
  g_autofree char *index = NULL;

  if (contraction != NULL)
    return contraction;

  index = tg_variable_dup_index (self);
  contraction = g_new (TgContraction, 1);
  if (!tg_contraction_init (contraction, index, self->inputs[0]->type->ndim,
                            self->inputs[1]->type->ndim, NULL))
    g_assert_not_reached ();

  /* Another thread may have been faster. */
  if (!g_atomic_pointer_compare_and_exchange (&self->contraction, NULL, contraction))
    g_free (contraction);

  return g_atomic_pointer_get (&self->contraction);
}

gboolean
tg_infer_contract (TgApply  *apply,
                   GError  **error)
{
  GVariant *subscripts = tg_apply_find (apply, "subscripts");
  guint x_ndim, y_ndim;
  const gint64 *x_shape = tg_apply_get_shape (apply, 0, &x_ndim);
  const gint64 *y_shape = tg_apply_get_shape (apply, 1, &y_ndim);
  gint64 sizes[TG_MAX_NDIM];
  g_autofree char *index = NULL;
  TgContraction contraction;

  index = tg_contraction_find (apply->op,
                               subscripts != NULL ? g_variant_get_string (subscripts, NULL) : NULL,
                               x_ndim, y_ndim, error);
  if (index == NULL
      || !tg_contraction_init (&contraction, index, x_ndim, y_ndim, error)
      || !tg_contraction_sizes (&contraction, x_shape, y_shape, sizes, error))
    return FALSE;

  apply->ndim = contraction.ndim[2];
  for (guint i = 0; i < apply->ndim; i++)
    apply->shape[i] = sizes[contraction.letters[2][i]];

  return TRUE;
}
