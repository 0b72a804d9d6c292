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
void tg_random_streams_seed (TgRandomStreams *self,
                             guint64          seed);

TG_AVAILABLE_IN_ALL
gboolean tg_random_streams_seed_variable (TgRandomStreams  *self,
                                          TgVariable       *variable,
                                          guint64           seed,
                                          GError          **error);

TG_AVAILABLE_IN_ALL
TgSharedVariable *tg_random_streams_find_state (TgRandomStreams *self,
                                                TgVariable      *variable);

TG_AVAILABLE_IN_ALL
TgTensor *tg_random_streams_dup_states (TgRandomStreams *self);

TG_AVAILABLE_IN_ALL
gboolean tg_random_streams_set_states (TgRandomStreams  *self,
                                       TgTensor         *states,
                                       GError          **error);

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

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_truncated_normal (TgRandomStreams  *self,
                                                TgVariable       *shape,
                                                TgVariable       *mean,
                                                TgVariable       *deviation,
                                                TgVariable       *low,
                                                TgVariable       *high,
                                                TgDType           dtype,
                                                GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_exponential (TgRandomStreams  *self,
                                           TgVariable       *shape,
                                           TgVariable       *scale,
                                           TgDType           dtype,
                                           GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_gamma (TgRandomStreams  *self,
                                     TgVariable       *shape,
                                     TgVariable       *a,
                                     TgVariable       *scale,
                                     TgDType           dtype,
                                     GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_chisquare (TgRandomStreams  *self,
                                         TgVariable       *shape,
                                         TgVariable       *df,
                                         TgDType           dtype,
                                         GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_beta (TgRandomStreams  *self,
                                    TgVariable       *shape,
                                    TgVariable       *a,
                                    TgVariable       *b,
                                    TgDType           dtype,
                                    GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_poisson (TgRandomStreams  *self,
                                       TgVariable       *shape,
                                       TgVariable       *lam,
                                       TgDType           dtype,
                                       GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_binomial (TgRandomStreams  *self,
                                        TgVariable       *shape,
                                        TgVariable       *n,
                                        TgVariable       *p,
                                        TgDType           dtype,
                                        GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_bernoulli (TgRandomStreams  *self,
                                         TgVariable       *shape,
                                         TgVariable       *p,
                                         TgDType           dtype,
                                         GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_integers (TgRandomStreams  *self,
                                        TgVariable       *shape,
                                        TgVariable       *low,
                                        TgVariable       *high,
                                        gboolean          closed,
                                        TgDType           dtype,
                                        GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_categorical (TgRandomStreams  *self,
                                           TgVariable       *shape,
                                           TgVariable       *p,
                                           TgDType           dtype,
                                           GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_multinomial (TgRandomStreams  *self,
                                           TgVariable       *shape,
                                           TgVariable       *n,
                                           TgVariable       *p,
                                           TgDType           dtype,
                                           GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_choice (TgRandomStreams  *self,
                                      TgVariable       *shape,
                                      TgVariable       *p,
                                      TgDType           dtype,
                                      GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_permutation (TgRandomStreams  *self,
                                           TgVariable       *shape,
                                           TgDType           dtype,
                                           GError          **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_random_streams_shuffle (TgRandomStreams  *self,
                                       TgVariable       *x,
                                       gint64            axis,
                                       gboolean          together,
                                       GError          **error);

G_END_DECLS
