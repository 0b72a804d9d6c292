/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-function-private.h"

G_BEGIN_DECLS

struct _TgFunctionBuilder
{
  GObject        parent_instance;
  char          *name;
  TgMode        *mode;
  TgUnusedInput  on_unused_input;
  TgDowncast     downcast;
  GPtrArray     *inputs;          /* TgFunctionInput */
  GHashTable    *plain;           /* those that were given as their variable alone */
  GPtrArray     *outputs;
  GArray        *output_options;  /* TgFunctionOutput */
  GPtrArray     *updated;
  GPtrArray     *values;
  GPtrArray     *givens;
  GPtrArray     *not_updated;
  gboolean       no_default_updates;
  double         progress;        /* of the last build */
  const char    *missing;         /* what was given as NULL: an expression that could not be made */
};

void tg_function_builder_set_progress (TgFunctionBuilder *self,
                                       double             progress);

G_END_DECLS
