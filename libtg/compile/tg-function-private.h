/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-function-input-private.h"
#include "tg-function.h"
#include "tg-mode-private.h"
#include "tg-pipeline-private.h"

G_BEGIN_DECLS

/* A result: what callers call it, and whether it may use memory of an argument. */
typedef struct
{
  char     *name;
  gboolean  borrow;
} TgFunctionOutput;

struct _TgFunction
{
  GObject    parent_instance;
  char      *name;
  TgGraph   *graph;
  GPtrArray *source;  /* TgVariable: results, then new values, before they were optimised */
  TgTrace   *trace;   /* what the optimiser made of the graph, and of new values */
  TgMode    *mode;
  GPtrArray *inputs;  /* TgFunctionInput */
  GArray    *outputs; /* TgFunctionOutput */
  GPtrArray *updated; /* TgSharedVariable, which get the last outputs of the program */
  GPtrArray *locked;  /* the same, in the order in which every function locks them */
  TgProgram *program;
  const TgBackend *backend;
  gpointer   plan;    /* what the backend made of the program */
  TgProfile *profile; /* of all calls while profiling was on */
  gint       is_profiling;
};

/* An array of TgFunctionOutput, which owns the names. */
GArray     *tg_function_outputs_new (void);
void        tg_function_outputs_add (GArray     *outputs,
                                     const char *name,
                                     gboolean    borrow);

/* Takes references; `updated` has the variables that get the last outputs of `program`, which it
 * takes as a whole. */
TgFunction *tg_function_new_from_program (const char *name,
                                          TgMode     *mode,
                                          TgGraph    *graph,
                                          GPtrArray  *source,
                                          TgTrace    *trace,
                                          GPtrArray  *inputs,
                                          GArray     *outputs,
                                          GPtrArray  *updated,
                                          TgProgram  *program);

/* The results of a call, and the number of them.  Updates are in place when it returns; what is
 * left is to notify of them.  `inputs` has NULL where the default is meant. */
TgTensor  **tg_function_compute             (TgFunction       *self,
                                             TgTensor *const  *inputs,
                                             gsize             n_inputs,
                                             GCancellable     *cancellable,
                                             GError          **error);
void        tg_function_notify_updates      (TgFunction       *self);

/* The inputs of a call in the function's order, NULL where none is given; the last `n_names` of
 * those that are given have names. */
TgTensor  **tg_function_bind                (TgFunction         *self,
                                             TgTensor *const    *inputs,
                                             gsize               n_inputs,
                                             const char *const  *names,
                                             gsize               n_names,
                                             GError            **error);

G_END_DECLS
