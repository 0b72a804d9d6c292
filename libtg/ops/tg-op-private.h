/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-dtype-private.h"
#include "tg-op-ids.h"
#include "tg-op.h"

G_BEGIN_DECLS

#define TG_OP_MAX_INPUTS 4
#define TG_OP_MAX_PARAMETERS 4
#define TG_OP_MAX_INDEX_LINES 5

/* What an input may be, and whether it takes part in the promotion of dtypes. */
typedef enum
{
  TG_INPUT_ANY,       /* takes part */
  TG_INPUT_BOOL,      /* converted to bool */
  TG_INPUT_INT,       /* a 0-d integer */
  TG_INPUT_INTS,      /* a vector of integers */
  TG_INPUT_POSITIONS, /* integers in any number of dimensions */
} TgInputKind;

typedef enum
{
  TG_PARAMETER_AXES,   /* "max": nothing for all, or else axes, sorted and not negative */
  TG_PARAMETER_INTS,   /* "ax" */
  TG_PARAMETER_INT,    /* "x" */
  TG_PARAMETER_FLOAT,  /* "d" */
  TG_PARAMETER_BOOL,   /* "b" */
  TG_PARAMETER_DTYPE,  /* "s": the symbol of a dtype */
  TG_PARAMETER_STRING, /* "s" */
} TgParameterKind;

/* The dtype that an operator computes in, and that of its result. */
typedef enum
{
  TG_RULE_PROMOTE,  /* the promoted dtype of the inputs; the same */
  TG_RULE_FLOAT,    /* the same, but float64 for integers and booleans; the same */
  TG_RULE_REAL,     /* promoted; the same, but of a complex number the dtype of its parts */
  TG_RULE_COMPLEX,  /* as FLOAT; complex */
  TG_RULE_COMPARE,  /* promoted; bool */
  TG_RULE_CLASSIFY, /* as FLOAT; bool */
  TG_RULE_LOGICAL,  /* bool; bool */
  TG_RULE_SUM,      /* promoted, but the widest for integers and booleans; the same */
  TG_RULE_INDEX,    /* promoted; int64 */
  TG_RULE_DTYPE,    /* as the parameter `dtype` says */
  TG_RULE_INT64,    /* int64 */
} TgDTypeRule;

typedef struct
{
  const char *name;
  TgInputKind kind;
  const char *grad;    /* "0": none anywhere; "disconnected": as if the result did not depend on
                          the input; "undefined": there is one, but nobody knows it */
  const char *tangent; /* of the result, where that is not the gradient with `g` for a tangent */
} TgInputInfo;

typedef struct
{
  const char     *name;
  TgParameterKind kind;
  const char     *preset;
} TgParameterInfo;

/* An operator, as its .op file declares it. */
typedef struct
{
  const char     *name;
  TgOpForm        form;
  const char     *where;
  const char     *summary;
  const char     *documentation;
  const char     *result;
  guint           n_inputs;
  gboolean        variadic;
  TgInputInfo     inputs[TG_OP_MAX_INPUTS];
  guint           n_parameters;
  TgParameterInfo parameters[TG_OP_MAX_PARAMETERS];
  TgDTypeRule     rule;
  TgDTypeSet      accepts;
  const char     *infix;
  const char     *prefix;
  const char     *spec;
  const char     *kernel;
  const char     *domain;
  const char     *range;     /* where results lie, such as "(0, inf)" */
  const char     *monotone;  /* "increasing" or "decreasing", over all of its domain */
  gboolean        commutes;  /* whether the two inputs may change places */
  const char     *linear;    /* "yes": in all inputs that take part in the dtype */
  const char     *vectorize; /* how it goes along with one more axis in front: "same", "axes"
                                where its parameters `axis` are then one larger, or "along"
                                where its positions have the axis too */
  const char     *init;
  const char     *center;    /* what a first pass over the elements folds, from -inf on */
  const char     *finish;
  const char     *select;
  const char     *expands;
  const char     *index[TG_OP_MAX_INDEX_LINES];
} TgOpInfo;

extern const TgOpInfo tg_ops[TG_N_OPS];

TgOpId           tg_op_info_get_id     (const TgOpInfo *info);
const TgOpInfo  *tg_op_info_find       (const char     *name);
/* Of signs before an operand, or between two. */
const TgOpInfo  *tg_op_info_find_sign  (const char     *sign,
                                        gboolean        prefix);

/* What input number `index` is, also where the last kind repeats. */
TgInputInfo      tg_op_info_get_input  (const TgOpInfo *info,
                                        guint           index);

/* The one object that stands for `info` in public; borrowed. */
TgOp            *tg_op_from_info       (const TgOpInfo *info);
const TgOpInfo  *tg_op_get_info        (TgOp           *op);

G_END_DECLS
