/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-real-private.h"
#include "tg-sample-private.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_FORMULA_LEAF,   /* an unknown number */
  TG_FORMULA_NUMBER,
  TG_FORMULA_APPLY,
} TgFormulaKind;

typedef struct
{
  TgFormulaKind kind;
  TgOpId        op;
  guint         n_inputs;
  guint         inputs[TG_OP_MAX_INPUTS]; /* items before this one */
  guint         leaf;
  double        number;
} TgFormulaItem;

/* Elementwise operators of leaves and numbers, inputs before their users; the last is the
 * result. */
typedef struct
{
  GArray *items; /* TgFormulaItem */
  guint   n_leaves;
  TgDType dtype; /* that it is computed in: float64 or float32 */
} TgFormula;

TgFormula *tg_formula_new           (TgDType               dtype,
                                     guint                 n_leaves);
TgFormula *tg_formula_copy          (const TgFormula      *self);
void       tg_formula_free          (TgFormula            *self);

guint      tg_formula_add_leaf      (TgFormula            *self,
                                     guint                 leaf);
guint      tg_formula_add_number    (TgFormula            *self,
                                     double                number);
guint      tg_formula_add_apply     (TgFormula            *self,
                                     TgOpId                op,
                                     const guint          *inputs,
                                     guint                 n_inputs);

static inline guint
tg_formula_add_binary (TgFormula *self,
                       TgOpId     op,
                       guint      first,
                       guint      second)
{
  return tg_formula_add_apply (self, op, (guint[]) { first, second }, 2);
}

/* Puts the items of another formula of the same leaves behind the own ones; the last of them. */
guint      tg_formula_append        (TgFormula            *self,
                                     const TgFormula      *other);

/* The formula of one of the items. */
TgFormula *tg_formula_new_part      (const TgFormula      *self,
                                     guint                 last);

static inline const TgFormulaItem *
tg_formula_get (const TgFormula *self,
                guint            index)
{
  return &g_array_index (self->items, TgFormulaItem, index);
}

/* The formula that is written with `leaves` for its leaves; NULL where there is something else
 * than elementwise operators and numbers. */
TgFormula *tg_formula_new_from_variable (TgVariable        *variable,
                                         TgVariable *const *leaves,
                                         guint              n_leaves);

/* Computes each item at each point, as a backend does: values[item * n_points + point]. */
void       tg_formula_compute       (const TgFormula      *self,
                                     const TgSample       *sample,
                                     double               *values);

/* The precisions in which the truth is looked for, one after the other, in bits. */
#define TG_FORMULA_N_PRECISIONS 4
extern const mpfr_prec_t tg_formula_precisions[TG_FORMULA_N_PRECISIONS];

/* Computes each item at one point in real numbers; `reals` are initialised here.  */
void       tg_formula_compute_reals (const TgFormula      *self,
                                     const TgSample       *sample,
                                     guint                 point,
                                     mpfr_prec_t           precision,
                                     TgReal               *reals);

/* Finds the first of the precisions, as `level`, that settles what the formula really is at a
 * point; FALSE where none does, or where that is no real number. */
gboolean   tg_formula_settle        (const TgFormula      *self,
                                     const TgSample       *sample,
                                     guint                 point,
                                     double               *truth,
                                     guint                *level);

/* What that is, or nan. */
double     tg_formula_find_truth    (const TgFormula      *self,
                                     const TgSample       *sample,
                                     guint                 point);

/* Whether it has an operator that takes MPFR milliseconds in many bits: then few must do. */
gboolean   tg_formula_is_slow       (const TgFormula      *self);

double     tg_formula_get_cost      (const TgFormula      *self);
double     tg_op_get_cost           (TgOpId                op);

char      *tg_formula_to_string     (const TgFormula      *self);

/* The logarithm of one plus the floats between both, to base 2: 0 where they are equal. */
double     tg_bits_between          (TgDType               dtype,
                                     double                a,
                                     double                b);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgFormula, tg_formula_free)

G_END_DECLS
