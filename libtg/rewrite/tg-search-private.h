/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-egraph-private.h"
#include "tg-formula-private.h"
#include "tg-range-private.h"
#include "tg-rewrite-private.h"

G_BEGIN_DECLS

/* The part of the time to rewrite a graph that goes by before the search. */
#define TG_SHARE_OF_RULES 0.2

/* Where it may assume, rules may that say what they assume.  Where it is thorough, series and
 * branches are among the forms.  Where it is final, nothing is differentiated any more. */
typedef enum
{
  TG_SEARCH_MAY_ASSUME = 1 << 0,
  TG_SEARCH_IS_THOROUGH = 1 << 1,
  TG_SEARCH_IS_FINAL = 1 << 2,
} TgSearchFlags;

/* What a search found out. */
typedef struct
{
  double before;  /* mean error at points that it did not choose by, in bits */
  double after;
  guint  n_nodes; /* of the e-graph */
  guint  n_false; /* equalities of rules that the truth refuted */
} TgSearchResult;

/* What became of a graph. */
typedef struct
{
  guint n_clusters;   /* different ones that were measured */
  guint n_searched;   /* of them, those that lose accuracy */
  guint n_nodes;      /* of the e-graphs of these */
  guint n_improved;   /* places where a cluster was replaced */
  guint n_left;       /* for which the budget did not suffice */
} TgSearchSummary;

/* The form of a formula that has the least error over the ranges of its leaves, or NULL where none
 * is better than what is written.  `rules` are TgRule. */
TgFormula *tg_search_formula (const TgFormula  *written,
                              const TgRange    *ranges,
                              GPtrArray        *rules,
                              TgSearchFlags     flags,
                              TgSearchResult   *result);

/* Points at which what is written is settled, and the precision that it takes; NULL where there
 * are too few. */
TgSample  *tg_search_choose_points (const TgFormula *written,
                                    const TgRange   *ranges,
                                    guint            seed,
                                    guint            n_points,
                                    TgReach          reach,
                                    mpfr_prec_t     *precisions);

/* Sets the first points of a sample, and what is written at them; where there are too few at which
 * that is known, nan for the rest. */
void       tg_search_draw_known (const TgFormula *written,
                                 const TgRange   *ranges,
                                 guint            seed,
                                 guint            n_points,
                                 TgReach          reach,
                                 TgSample        *sample,
                                 double          *truth);

/* Adds forms of a class to candidates, which are TgFormula: each is good where others are not. */
void       tg_search_add_forms  (TgEGraph        *graph,
                                 guint16          root,
                                 GPtrArray       *candidates);

/* Appends the series of a formula of one leaf, at 0 or at infinity, where an item stands for the
 * leaf; FALSE where there is none. */
gboolean   tg_search_append_series (const TgFormula *written,
                                    gboolean         at_infinity,
                                    TgFormula       *formula,
                                    guint            base,
                                    guint           *result);

/* Adds forms of a class in which a part that cancels, a function of one thing alone, is a series
 * in that. */
void       tg_search_add_series (TgEGraph        *graph,
                                 guint16          root,
                                 GPtrArray       *candidates);

/* Adds series in the relative difference of two leaves, or of a leaf to one, where that being small
 * is what accuracy is lost by. */
void       tg_search_add_near   (const TgEGraph  *graph,
                                 guint16          root,
                                 const TgFormula *written,
                                 GPtrArray       *candidates);

/* Candidates side by side, each where it is best along some leaf or part of what is written; NULL
 * where there is no truth. */
TgFormula *tg_search_branch  (const TgFormula  *written,
                              const TgRange    *ranges,
                              GPtrArray        *candidates);

/* The elementwise rules that options allow: TgRule, borrowed from their sets. */
GPtrArray *tg_search_list_rules (const TgRewriteOptions *options);

/* Replaces, in place, clusters of elementwise operators that lose accuracy, and tells the trace,
 * which may be NULL.  `summary` may be NULL.  Once it is cancelled, what is left stays as it is. */
void       tg_search         (GPtrArray              *outputs,
                              const TgRewriteOptions *options,
                              TgTrace                *trace,
                              TgSearchSummary        *summary);

G_END_DECLS
