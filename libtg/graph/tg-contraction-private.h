/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-attribute-private.h"

G_BEGIN_DECLS

/* Each dimension of two operands and of the result has a letter: a small number here.  Letters
 * absent from the result are summed over. */
typedef struct
{
  guint  n_letters;
  guint  n_batch;              /* the first letters: dimensions of the ellipsis, which broadcast */
  guint  ndim[3];              /* x, y and result */
  guint8 letters[3][TG_MAX_NDIM];
} TgContraction;

/* The index text that applies to inputs of so many dimensions, without blanks. */
char     *tg_contraction_find  (const TgOpInfo  *op,
                                const char      *subscripts,
                                guint            x_ndim,
                                guint            y_ndim,
                                GError         **error);

gboolean  tg_contraction_init  (TgContraction   *self,
                                const char      *index,
                                guint            x_ndim,
                                guint            y_ndim,
                                GError         **error);

/* The sizes of all letters from the shapes of x and y, -1 where unknown. */
gboolean  tg_contraction_sizes (const TgContraction *self,
                                const gint64        *x_shape,
                                const gint64        *y_shape,
                                gint64              *sizes,
                                GError             **error);

/* The index text of a variable of this form. */
char                *tg_variable_dup_index       (TgVariable *self);

/* The same, read. */
const TgContraction *tg_variable_get_contraction (TgVariable *self);

G_END_DECLS
