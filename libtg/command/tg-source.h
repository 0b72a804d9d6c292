/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-command.h"

G_BEGIN_DECLS

/* What is taken for granted of a variable. */
typedef struct
{
  double   low;
  double   high;
  gboolean nonzero;
} TgAssumption;

/* A formula as a person gave it, with its variables. */
typedef struct
{
  char       *file;           /* where it was read, or NULL */
  gboolean    is_expression;  /* it has no name and no header */
  TgGraph    *graph;          /* as it is written */
  GPtrArray  *symbols;        /* TgVariable: what needs values */
  GPtrArray  *presets;        /* TgTensor: their default values, or NULL */
  GPtrArray  *shared;         /* TgVariable: what has values */
  GPtrArray  *outputs;        /* TgVariable; new values of variables last */
  GPtrArray  *labels;         /* char *: of each output */
  GHashTable *assumptions;    /* TgVariable → TgAssumption */
} TgSource;

/* Reads the formula that is asked for. What is not declared has the type of its value, of name →
 * TgTensor, or else is an f64 scalar. */
TgSource     *tg_source_new       (const TgOptions   *options,
                                   GHashTable        *values,
                                   GError           **error);
void          tg_source_free      (TgSource          *self);

/* The variable of that name, for an option of that name. */
TgVariable   *tg_source_find      (TgSource          *self,
                                   const char        *option,
                                   const char        *name,
                                   GError           **error);

/* Compiles outputs, which may use what is assumed; with `is_written` as they are written. */
TgFunction   *tg_source_compile   (TgSource          *self,
                                   const TgOptions   *options,
                                   GPtrArray         *outputs,
                                   gboolean           is_written,
                                   GError           **error);

/* What the function computes, as people wrote it: with the variables that something is assumed of,
 * not the operators that say so. */
GPtrArray    *tg_source_list_computed (TgSource      *self,
                                       TgFunction    *function);

/* What outputs become when they are compiled. */
GPtrArray    *tg_source_optimise  (TgSource          *self,
                                   const TgOptions   *options,
                                   GPtrArray         *outputs,
                                   GError           **error);

/* The outputs in the notation, with a header where the formula has one, or where they are many. */
char         *tg_source_to_string (TgSource          *self,
                                   GPtrArray         *outputs);

/* Reads comparisons of one variable with numbers, such as `0 < x <= 1`. */
gboolean      tg_source_assume    (TgSource          *self,
                                   char             **comparisons,
                                   GError           **error);

/* Outputs with operators that say what is assumed, and without them. */
GPtrArray    *tg_source_add_assumptions    (TgSource   *self,
                                            GPtrArray  *outputs,
                                            GError    **error);
TgVariable   *tg_source_remove_assumptions (TgSource   *self,
                                            TgVariable *variable);

/* The gradients of a formula with one output for the variables that are named, or for all. */
GPtrArray    *tg_source_differentiate      (TgSource   *self,
                                            char      **names,
                                            GError    **error);

/* A TgAccuracyReport of each output, in the ranges that are given and that are assumed. */
GPtrArray    *tg_source_measure            (TgSource   *self,
                                            GPtrArray  *outputs,
                                            char      **ranges,
                                            GError    **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgSource, tg_source_free)

G_END_DECLS
