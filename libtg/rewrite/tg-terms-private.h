/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Longer sums and products are taken apart no further: what is left of them is one term. */
#define TG_MAX_TERMS 12

/* A term of a sum, or a factor of a product. */
typedef struct
{
  TgVariable *variable;
  int         sign;      /* of a term; of a factor the exponent: 1 or -1 */
  gboolean    is_number;
  double      number;    /* the value where it is one, without the sign */
} TgTerm;

/* A sum or a product as it is meant: flat, whichever way its operators are put into each other. */
typedef struct
{
  gboolean is_product;
  gboolean is_negative; /* of a product */
  guint    n_terms;
  TgTerm   terms[TG_MAX_TERMS];
} TgTerms;

/* Makes an operator of two inputs, or of one where the second is NULL. */
typedef TgVariable * (* TgMakeFunc) (gpointer    data,
                                     TgOpId      op,
                                     TgVariable *first,
                                     TgVariable *second);

gboolean    tg_op_is_sum      (const TgOpInfo *op);
gboolean    tg_op_is_product  (const TgOpInfo *op);

/* Takes a sum or a product apart; a variable that is neither is the only term. */
void        tg_terms_init     (TgTerms        *self,
                               TgVariable     *variable,
                               gboolean        is_product);

/* Whether one is the other, or its opposite where `sign` is -1, whichever way their sums and
 * products are written. */
gboolean    tg_terms_match    (TgVariable     *variable,
                               TgVariable     *other,
                               int             sign);

/* The sum or product of those terms whose bit is in `mask`, or of those without `extra` where
 * that is NULL; `extra` comes first.  Borrowed variables; the result is owned, NULL where there is
 * nothing to add up. */
TgVariable *tg_terms_build    (const TgTerms  *self,
                               guint           mask,
                               gboolean        is_negative,
                               TgVariable     *extra,
                               TgMakeFunc      make,
                               gpointer        data);

G_END_DECLS
