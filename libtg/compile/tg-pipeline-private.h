/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-function.h"
#include "tg-mode-private.h"
#include "tg-program-private.h"

G_BEGIN_DECLS

/* A function on its way from what a person wrote to a program. */
typedef struct
{
  const char    *name;
  TgMode        *mode;
  TgUnusedInput  on_unused_input;
  GPtrArray     *inputs;             /* TgVariable */
  GPtrArray     *outputs;            /* TgVariable: results, then new values */
  GPtrArray     *updated;            /* TgVariable: the shared variables that get them */
  GPtrArray     *givens;             /* TgVariable: what is replaced and, next to it, by what */
  GPtrArray     *not_updated;        /* TgVariable: those whose default update does not apply */
  gboolean       no_default_updates; /* none applies */
  GCancellable  *cancellable;        /* or NULL */
  void        (* report) (gpointer data, double fraction); /* is told what is done; or NULL */
  gpointer       report_data;
  GPtrArray     *source;             /* TgVariable: the outputs before they are rewritten */
  TgTrace       *trace;              /* what became of the outputs */
  TgProgram     *program;
} TgCompilation;

gboolean tg_pipeline_run (TgCompilation  *compilation,
                          GError        **error);

G_END_DECLS
