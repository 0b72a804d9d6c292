/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-condition-private.h"
#include "tg-terms-private.h"

G_BEGIN_DECLS

/* What is known of the expressions of one graph while it is rewritten: each is there once, and is
 * asked about once. */
typedef struct
{
  GHashTable *interned; /* TgVariable, equal where operator, attributes and inputs are; owned */
  GHashTable *ranges;   /* TgVariable → TgRange */
  GHashTable *sources;  /* TgVariable → the TgVariable that it has the shape of */
  GHashTable *uses;     /* TgVariable → number of its users */
  GHashTable *normal;   /* TgVariable → what the present walk has made of it */
  GPtrArray  *kept;     /* TgVariable that the tables speak of, and nobody else may own */
  /* What elementwise operators that rules make must at least compute in, or TG_DTYPE_BOOL: they
   * must not round more, nor wrap around sooner. */
  TgDType     least;
  /* Computes an operator whose inputs are constants, or NULL. */
  TgTensor *(* evaluate) (TgVariable *variable, GError **error);
} TgRewriter;

void        tg_rewriter_init        (TgRewriter        *self);
void        tg_rewriter_clear       (TgRewriter        *self);

/* The variable that is equal to `variable`, which may be itself; borrowed. */
TgVariable *tg_rewriter_intern      (TgRewriter        *self,
                                     TgVariable        *variable);

/* An operator applied to variables of this rewriter, or NULL where it cannot be.  Attributes are
 * borrowed, one for each parameter, with NULL for a default. */
TgVariable *tg_rewriter_apply       (TgRewriter        *self,
                                     const TgOpInfo    *op,
                                     TgVariable *const *inputs,
                                     guint              n_inputs,
                                     GVariant *const   *attributes);

/* The same operator with other inputs; NULL where its type would become another. */
TgVariable *tg_rewriter_apply_like  (TgRewriter        *self,
                                     TgVariable        *variable,
                                     TgVariable *const *inputs);

/* The variable with other inputs, unless these are its own or its type would become another. */
TgVariable *tg_rewriter_rebuild     (TgRewriter        *self,
                                     TgVariable        *variable,
                                     TgVariable *const *inputs);

/* A TgMakeFunc; the data is the rewriter, and the result is owned. */
TgVariable *tg_rewriter_make        (gpointer           self,
                                     TgOpId             op,
                                     TgVariable        *first,
                                     TgVariable        *second);

/* `variable`, made to be of the dtype and the shape of `old`, which it has lost where an operand
 * vanished: those are `lost`.  NULL where that cannot be. */
TgVariable *tg_rewriter_fit         (TgRewriter        *self,
                                     TgVariable        *variable,
                                     TgVariable        *old,
                                     TgVariable *const *lost,
                                     guint              n_lost);

/* The constant that an operator of constants is, or NULL. */
TgVariable *tg_rewriter_fold        (TgRewriter        *self,
                                     TgVariable        *variable);

/* What shall stand in the place of a variable whose inputs are settled, or NULL to keep it. */
typedef TgVariable * (* TgReplaceFunc) (gpointer    data,
                                        TgVariable *variable);

/* Replaces, from the inputs to the outputs, until nothing is replaced any more.  Variables that
 * are settled already, in `normal`, stay as they are. */
void        tg_rewriter_walk        (TgRewriter        *self,
                                     GPtrArray         *outputs,
                                     TgReplaceFunc      replace,
                                     gpointer           data);

void        tg_rewriter_count_uses  (TgRewriter        *self,
                                     GPtrArray         *outputs);

TgRange     tg_rewriter_get_range   (TgRewriter        *self,
                                     TgVariable        *variable);
TgFacts     tg_rewriter_get_facts   (TgRewriter        *self);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgRewriter, tg_rewriter_clear)

G_END_DECLS
