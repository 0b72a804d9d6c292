/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-place.h"

G_BEGIN_DECLS

/* What variables remember of where they were made, one pile of it for each thread.  Whoever pushes
 * says why, and pops the same. */
typedef enum
{
  TG_ORIGIN_PLACE,    /* a person said where the thread is */
  TG_ORIGIN_TEXT,     /* a place in the notation */
  TG_ORIGIN_SCOPE,    /* a name scope */
  TG_ORIGIN_VARIABLE, /* the library makes variables for another that is already there */
} TgOriginKind;

typedef struct
{
  TgOriginKind  kind;
  TgPlace      *place; /* NULL: that of the finder, if any */
  char         *scope; /* a GRefString, or NULL */
} TgOrigin;

/* The top of the pile, or NULL; borrowed until the next push or pop. */
const TgOrigin *tg_origin_get            (void);

/* Whether anything of that kind is in the pile. */
gboolean        tg_origin_is_inside      (TgOriginKind  kind);

/* Takes `place` and `scope`. */
void            tg_origin_push           (TgOriginKind  kind,
                                          TgPlace      *place,
                                          char         *scope);
void            tg_origin_pop            (TgOriginKind  kind);

/* What is made until the pop has the origin of `variable`. */
void            tg_origin_push_variable  (TgVariable   *variable);

/* Line and column in a text, which itself is at `outer`. */
void            tg_origin_push_text      (TgPlace      *outer,
                                          guint         line,
                                          guint         column);

/* Where the thread is, as far as that is known. */
TgPlace        *tg_origin_dup_place      (void);

/* The name scope of the thread: a GRefString, or NULL. */
char           *tg_origin_dup_scope      (void);

/* Gives a new variable the origin that is due. */
void            tg_origin_mark           (TgVariable   *variable);

/* Puts " (made at train.py, line 12)" behind a message about a variable, if that is known. */
void            tg_origin_add_place      (TgVariable   *variable,
                                          GError      **error);

/* The same where an operator cannot be applied.  A place that a person gave is that of the call,
 * which others find in the trace of an exception; then come the inputs from other places. */
void            tg_origin_add_inputs     (TgVariable *const *inputs,
                                          guint              n_inputs,
                                          GError           **error);

G_END_DECLS
