/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-random-streams.h"

G_BEGIN_DECLS

/* The state of a new stream, which functions that use it advance by so many draws. */
TgVariable *tg_random_streams_make_state (TgRandomStreams  *self,
                                          guint             n_draws,
                                          GError          **error);

/* Remembers which state a random variable is drawn from; returns the variable. */
TgVariable *tg_random_streams_remember   (TgVariable       *variable,
                                          TgVariable       *state);

G_END_DECLS
