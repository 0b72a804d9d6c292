/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-condition-private.h"
#include "tg-terms-private.h"

G_BEGIN_DECLS

/* Operators, a bit for each, and constants. */
typedef struct
{
  guint64 bits[(TG_N_OPS + 64) / 64];
} TgOpSet;

static inline void
tg_op_set_add (TgOpSet *self,
               guint    op)
{
  self->bits[op / 64] |= (guint64) 1 << (op % 64);
}

static inline gboolean
tg_op_set_has_all (const TgOpSet *self,
                   const TgOpSet *needs)
{
  for (guint i = 0; i < G_N_ELEMENTS (self->bits); i++)
    {
      if ((needs->bits[i] & ~self->bits[i]) != 0)
        return FALSE;
    }

  return TRUE;
}

/* The operators that make the terms of a sum or a product, or else the inputs; TG_N_OPS stands for
 * a constant. */
TgOpSet    tg_op_set_of (TgVariable *variable);

/* The left side of a rule, made ready: sums and products are flat. */
typedef struct _TgMatcher TgMatcher;

/* What one match found out besides the letters. */
typedef struct
{
  TgMatch  letters;
  TgTerms  terms;       /* of the whole, where that is a sum or a product */
  guint    rest;        /* those of them that the rule does not speak of */
  gboolean is_negative; /* whether it is the opposite of the left side that was found */
  guint    assumed;     /* conditions that could not be proven, a bit for each */
  GPtrArray *made;      /* variables that stand for several terms; owned */
  GPtrArray *numbers;   /* constants with a shape that is that of the whole; borrowed */
} TgFinding;

TgMatcher *tg_matcher_new    (TgRule           *rule);
void       tg_matcher_free   (TgMatcher        *self);

/* All operators that make sums have one family, all that make products another one. */
TgOpId     tg_op_get_family (const TgOpInfo *op);
TgRule    *tg_matcher_get_rule (const TgMatcher *self);

/* FALSE where it certainly does not match a variable of such parts. */
gboolean   tg_matcher_may_match (const TgMatcher *self,
                                 const TgOpSet   *parts);

/* Whether the variable, and all conditions, are as the rule says. */
gboolean   tg_matcher_match  (const TgMatcher  *self,
                              TgVariable       *variable,
                              const TgFacts    *facts,
                              TgMakeFunc        make,
                              gpointer          data,
                              TgFinding        *finding);

void       tg_finding_init   (TgFinding        *self);
void       tg_finding_clear  (TgFinding        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgMatcher, tg_matcher_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgFinding, tg_finding_clear)

G_END_DECLS
