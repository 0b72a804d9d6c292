/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-profile.h"

#include "tg-program-private.h"

G_BEGIN_DECLS

struct _TgProfileStep
{
  GObject      parent_instance;
  const char  *kind;
  GPtrArray   *variables;   /* TgVariable */
  guint64      n_calls;
  gint64       nanoseconds;
  double       bytes;
  double       operations;
};

/* What a function collects as it runs, from any thread, and what its copies show. */
TgProfile *tg_profile_new      (void);
TgProfile *tg_profile_copy     (TgProfile         *self);

/* Names the operators that make variables, not more than a person likes to read. */
void       tg_profile_append_names (GString         *text,
                                    const GPtrArray *variables);

/* Nanoseconds of a clock that only goes on. */
gint64     tg_profile_now      (void);

/* A call that began at that moment and is at its end. */
void       tg_profile_add_call (TgProfile         *self,
                                gint64             begin);

/* Instructions that ran together, and have filled slots that are not released yet.  `kind` is
 * static. */
void       tg_profile_add_step (TgProfile         *self,
                                const char        *kind,
                                const TgProgram   *program,
                                const guint       *instructions,
                                guint              n_instructions,
                                TgTensor *const   *slots,
                                gint64             begin);

G_END_DECLS
