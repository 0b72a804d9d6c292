/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-rewriter-private.h"

G_BEGIN_DECLS

/* What a letter stands for: one of the two. */
typedef struct
{
  TgVariable *variable;
  GVariant   *attribute;
} TgRuleArgument;

/* A function that the right side of a rule may call, for what algebra cannot say: it makes the
 * value of a parameter, or an expression.  Where there is none, the rule does not apply. */
struct _TgRuleFunction
{
  const char  *name;
  guint        n_arguments;
  /* Owned, not floating; or NULL. */
  GVariant   *(* compute) (const TgRuleArgument *arguments);
  /* Borrowed from the rewriter, or NULL. */
  TgVariable *(* make)    (TgRewriter           *rewriter,
                           const TgFacts        *facts,
                           const TgRuleArgument *arguments);
};

const TgRuleFunction *tg_rule_function_find    (const char      *name);

/* Calls the function of a pattern that is a call. */
GVariant             *tg_rule_function_compute (const TgPattern *pattern,
                                                const TgMatch   *match);
TgVariable           *tg_rule_function_make    (const TgPattern *pattern,
                                                const TgMatch   *match,
                                                TgRewriter      *rewriter,
                                                const TgFacts   *facts);

/* The functions themselves; the table in tg-rule-function.c names them. */
#define TG_RULE_COMPUTES(name) \
  GVariant *tg_rule_##name (const TgRuleArgument *arguments)
#define TG_RULE_MAKES(name) \
  TgVariable *tg_rule_##name (TgRewriter           *rewriter, \
                              const TgFacts        *facts, \
                              const TgRuleArgument *arguments)

TG_RULE_COMPUTES (composed);
TG_RULE_COMPUTES (images);
TG_RULE_COMPUTES (order_without);
TG_RULE_COMPUTES (reduced_axes);
TG_RULE_COMPUTES (squeezed_axes);
TG_RULE_COMPUTES (expanded_axes);
TG_RULE_COMPUTES (old_axes);
TG_RULE_COMPUTES (new_axes);
TG_RULE_COMPUTES (other_axes);
TG_RULE_COMPUTES (inner_axes);
TG_RULE_MAKES (positions);
TG_RULE_MAKES (joined_slices);
TG_RULE_MAKES (real_slice);
TG_RULE_MAKES (sliced_inside);
TG_RULE_MAKES (indexed_inside);
TG_RULE_MAKES (index_of_slice);
TG_RULE_MAKES (slice_at);
TG_RULE_MAKES (slice_of_pieces);
TG_RULE_MAKES (piece_at);
TG_RULE_MAKES (element);
TG_RULE_MAKES (flat_pieces);
TG_RULE_MAKES (rejoined_pieces);
TG_RULE_MAKES (unstacked);
TG_RULE_MAKES (shape_of_sizes);
TG_RULE_MAKES (needed_shapes);
TG_RULE_MAKES (index_of_repeated);
TG_RULE_MAKES (slice_of_repeated);
TG_RULE_MAKES (index_of_reduction);
TG_RULE_MAKES (slice_of_reduction);
TG_RULE_MAKES (index_of_softmax);
TG_RULE_MAKES (index_of_product);
TG_RULE_MAKES (slice_of_product);
TG_RULE_MAKES (transposed_inside);
TG_RULE_MAKES (reshaped_inside);
TG_RULE_MAKES (less_repeated);
TG_RULE_MAKES (repeated_later);
TG_RULE_MAKES (operand);
TG_RULE_MAKES (thinner_reduction);
TG_RULE_MAKES (reduction_of_repeated);
TG_RULE_MAKES (reduction_of_transposed);
TG_RULE_MAKES (products_on_diagonal);

/* The value of a vector of one integer that is a constant. */
gboolean    tg_rule_argument_get_integer (const TgRuleArgument *self,
                                          gint64               *value);

/* A constant of this rewriter; borrowed. */
TgVariable *tg_rewriter_add_integers (TgRewriter     *self,
                                      const gint64   *values,
                                      gsize           n_values);

G_END_DECLS
