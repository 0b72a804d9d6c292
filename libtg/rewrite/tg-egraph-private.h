/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-formula-private.h"
#include "tg-range-private.h"
#include "tg-rule-private.h"

G_BEGIN_DECLS

/* A node that no class takes any more, or a class that there is not. */
#define TG_EGRAPH_NONE G_MAXUINT16

typedef struct
{
  TgFormulaKind kind;
  TgOpId        op;
  guint         n_inputs;
  guint16       inputs[TG_OP_MAX_INPUTS]; /* classes */
  guint         leaf;
  double        number;
  guint16       class;
  guint16       next;       /* of the same operator, once it is rebuilt */
  gboolean      is_dropped; /* it was found to be another node, or not to be what its class is */
  const TgRule *rule;       /* what made it, or NULL for what is written */
} TgENode;

/* Forms that are equal. */
typedef struct
{
  guint16   parent;      /* itself, unless it has become a part of another one */
  guint16   first;       /* in `members` of the e-graph, once it is rebuilt */
  guint16   n_members;
  guint64   operators;   /* of its members: bit `op % 64` for each */
  gboolean  is_truth;    /* whether it is a truth value, and not a number */
  gboolean  is_number;
  double    number;
  TgRange   range;
  TgReal   *reals;       /* what it really is, at each point; `limbs` are their digits */
  char     *limbs;
  double   *truth;       /* the same, rounded; nan where that is not settled */
  guint16   best;        /* the node that was chosen, and what it computes and is wrong by */
  double   *values;
  double    error;
  double    cost;
} TgEClass;

/* Equal forms of one formula, each part of them there once.  (M. Willsey et al., "egg: Fast and
 * extensible equality saturation", 2021.)  What is said to be equal is held against the truth at
 * the points of a sample. */
typedef struct
{
  TgDType         dtype;
  const TgSample *sample;
  const mpfr_prec_t *precisions; /* at each point */
  gsize           n_limb_bytes; /* of a number at all points */
  const TgRange  *leaves;
  GArray         *nodes;    /* TgENode */
  GArray         *classes;  /* TgEClass */
  GArray         *members;  /* guint16: nodes, by class */
  guint16         by_op[TG_N_OPS]; /* the first node of each operator */
  guint16        *table;    /* of nodes, by hash */
  guint           max_nodes;
  guint           work;     /* products of real numbers, or what takes as long */
  guint           max_work;
  gboolean        may_assume;
  guint           n_false;  /* equalities that the truth refuted */
  guint64         counted;  /* points that count for a choice, a bit for each */
  guint16         given;    /* a class that is computed by other means, or TG_EGRAPH_NONE */
  guint           n_live;   /* nodes that are not dropped, when it was rebuilt */
} TgEGraph;

TgEGraph  *tg_egraph_new         (TgDType            dtype,
                                  const TgSample    *sample,
                                  const mpfr_prec_t *precisions,
                                  const TgRange     *leaves,
                                  guint              max_nodes);
void       tg_egraph_free        (TgEGraph          *self);

static inline TgENode *
tg_egraph_get_node (const TgEGraph *self,
                    guint           node)
{
  return &g_array_index (self->nodes, TgENode, node);
}

static inline TgEClass *
tg_egraph_get_class (const TgEGraph *self,
                     guint           class)
{
  return &g_array_index (self->classes, TgEClass, class);
}

static inline guint16
tg_egraph_get_member (const TgEGraph *self,
                      const TgEClass *class,
                      guint           index)
{
  return g_array_index (self->members, guint16, class->first + index);
}

/* Whether nothing more can be added. */
static inline gboolean
tg_egraph_is_full (const TgEGraph *self)
{
  return self->nodes->len >= self->max_nodes || self->work >= self->max_work;
}

/* The class that a class has become a part of. */
guint16    tg_egraph_find        (const TgEGraph    *self,
                                  guint16            class);

/* Each gives the class of a node, which may be there already; TG_EGRAPH_NONE where there is no
 * room. */
guint16    tg_egraph_add_leaf    (TgEGraph          *self,
                                  guint              leaf);
guint16    tg_egraph_add_number  (TgEGraph          *self,
                                  double             number);
guint16    tg_egraph_add_apply   (TgEGraph          *self,
                                  TgOpId             op,
                                  const guint16     *inputs,
                                  const TgRule      *rule);
guint16    tg_egraph_add_formula (TgEGraph          *self,
                                  const TgFormula   *formula,
                                  const TgRule      *rule);

/* The class of a node that is there already, or TG_EGRAPH_NONE. */
guint16    tg_egraph_look_up     (const TgEGraph    *self,
                                  TgENode           *node);

/* Makes two classes one, if the truth does not refute it; whether they were two. */
gboolean   tg_egraph_union       (TgEGraph          *self,
                                  guint16            a,
                                  guint16            b);

/* Finds what has become equal by what was made equal, and lists the members of classes. */
void       tg_egraph_rebuild     (TgEGraph          *self);

/* Applies rules once; whether they may find something new if they are applied again. */
gboolean   tg_egraph_grow        (TgEGraph          *self,
                                  GPtrArray         *rules);

/* Adds for sums and quotients what they are as a quotient of polynomials; if it is done again, for
 * sums that cancel alone. */
void       tg_egraph_add_rational (TgEGraph         *self,
                                   gboolean          is_again);

/* Chooses a node for each class by the error of what it computes. */
void       tg_egraph_choose      (TgEGraph          *self);

/* The formula of what was chosen, with `node` for the class that is asked for. */
TgFormula *tg_egraph_extract     (TgEGraph          *self,
                                  guint16            node);

/* Appends a node to a formula, with what was chosen for other classes, or `ways`, a node for each
 * class, where that is not NULL; its item.  `items` has the item for each node, or -1; it must have
 * that of a class that is given. */
guint      tg_egraph_append      (const TgEGraph    *self,
                                  const guint16     *ways,
                                  guint16            node,
                                  TgFormula         *formula,
                                  int               *items);

/* The members of a class in the order of their error, at most `n_nodes`; their number. */
guint      tg_egraph_rank        (TgEGraph          *self,
                                  guint16            class,
                                  guint16           *nodes,
                                  guint              n_nodes);

/* Members of a class each of which is right where those before it are wrong. */
guint      tg_egraph_cover       (TgEGraph          *self,
                                  guint16            class,
                                  guint16           *nodes,
                                  guint              n_nodes);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgEGraph, tg_egraph_free)

G_END_DECLS
