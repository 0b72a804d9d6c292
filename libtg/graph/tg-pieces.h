/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgVariable **tg_unstack (TgVariable  *x,
                         gint64       axis,
                         gsize       *n_parts,
                         GError     **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_split (TgVariable    *x,
                       const gint64  *sizes,
                       gsize          n_sizes,
                       gint64         axis,
                       gsize         *n_parts,
                       GError       **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_meshgrid (TgVariable *const  *xs,
                          gsize               n_xs,
                          gboolean            swap_first,
                          gsize              *n_results,
                          GError            **error);

TG_AVAILABLE_IN_ALL
TgVariable **tg_broadcast_arrays (TgVariable *const  *xs,
                                  gsize               n_xs,
                                  gsize              *n_results,
                                  GError            **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_index_with_arrays (TgVariable         *x,
                                  const gint64       *axes,
                                  gsize               n_axes,
                                  TgVariable *const  *indices,
                                  gsize               n_indices,
                                  GError            **error);

G_END_DECLS
