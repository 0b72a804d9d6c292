/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
gboolean tg_verify_grad (TgVariable         *expression,
                         TgVariable *const  *wrt,
                         gsize               n_wrt,
                         TgTensor *const    *points,
                         gsize               n_points,
                         gdouble             tolerance,
                         GError            **error);

G_END_DECLS
