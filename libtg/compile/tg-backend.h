/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "tg-profile-private.h"

G_BEGIN_DECLS

/* No machine has more than so many threads that work for one run. */
#define TG_MAX_THREADS 1024

/* What one run is asked for. */
typedef struct
{
  GCancellable *cancellable;  /* looked at between instructions; may be NULL */
  gboolean      check_finite; /* fail where a nan or an infinity appears */
  TgProfile    *profile;      /* gets each step; may be NULL */
  guint         n_threads;    /* that may work for it, or 0 for as many as all others */
} TgRunOptions;

/* A way to run programs. */
typedef struct
{
  const char *name;

  /* What the backend makes of a program once and for all, and frees; NULL where it makes nothing.
   * Programs run in several threads at once, on the same plan. */
  gpointer (* prepare) (const TgProgram *program);
  void     (* release) (gpointer         plan);

  /* Fills the slots of all instructions.  Those of inputs, shared values and constants are filled;
   * a slot may be cleared after its last use. */
  gboolean (* run) (const TgProgram     *program,
                    gpointer             plan,
                    TgTensor           **slots,
                    const TgRunOptions  *options,
                    GError             **error);

  /* Appends lines on how the plan runs the program.  NULL where it runs an operator at a time. */
  void     (* describe) (const TgProgram *program,
                         gpointer         plan,
                         GString         *text);

  /* The machine code that there is or would be for the plan, as text.  NULL where there is none. */
  char    *(* print_code) (gpointer   plan,
                           GError   **error);
} TgBackend;

/* What functions run on unless they are told otherwise. */
const TgBackend *tg_backend_get_default (void);

/* The backend of that name, or NULL. */
const TgBackend *tg_backend_find        (const char *name);

/* All names, with commas between. */
char            *tg_backend_list_names  (void);

/* Sets the error that the run was cancelled; FALSE. */
gboolean         tg_run_options_fail    (GError            **error);

/* Fails where the run was cancelled. */
gboolean         tg_run_options_check   (const TgRunOptions  *self,
                                         GError             **error);

G_END_DECLS
