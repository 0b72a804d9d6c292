/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-shared-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_RANDOM_STREAMS (tg_random_streams_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgRandomStreams, tg_random_streams, TG, RANDOM_STREAMS, GObject)

TG_AVAILABLE_IN_ALL
TgRandomStreams *tg_random_streams_new (guint64 seed);

TG_AVAILABLE_IN_ALL
guint64 tg_random_streams_get_seed (TgRandomStreams *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_uniform (TgRandomStreams  *self,
                                       TgVariable       *shape,
                                       TgVariable       *low,
                                       TgVariable       *high,
                                       TgDType           dtype,
                                       GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_normal (TgRandomStreams  *self,
                                      TgVariable       *shape,
                                      TgVariable       *mean,
                                      TgVariable       *deviation,
                                      TgDType           dtype,
                                      GError          **error);

G_END_DECLS
