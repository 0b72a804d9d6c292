/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-backend.h"
#include "tg-mode.h"

G_BEGIN_DECLS

struct _TgMode
{
  GObject          parent_instance;
  const TgBackend *backend;
  gboolean         check;
  gboolean         check_finite;
  guint            n_threads; /* or 0: as many as there are for all */
  TgPromise        promises;
  TgAccuracy       accuracy;
  GHashTable      *excluded; /* names of rules and of their files */
  GPtrArray       *rules;    /* TgRuleSet */
};

/* A mode like `self`, or where that is NULL the one of functions that are not given any. */
TgMode *tg_mode_copy (TgMode *self);

G_END_DECLS
