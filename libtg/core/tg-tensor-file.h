/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tg-tensor.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_from_npy (GBytes  *bytes,
                                  GError **error);

TG_AVAILABLE_IN_ALL
GBytes *tg_tensor_dup_npy (TgTensor  *self,
                           GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_load (const char  *path,
                          GError     **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_map (const char  *path,
                         GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_save (TgTensor    *self,
                         const char  *path,
                         GError     **error);

TG_AVAILABLE_IN_ALL
TgTensor **tg_parse_npz (GBytes    *bytes,
                         char    ***names,
                         gsize     *n_tensors,
                         GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor **tg_load_npz (const char   *path,
                        char       ***names,
                        gsize        *n_tensors,
                        GError      **error);

TG_AVAILABLE_IN_ALL
gboolean tg_save_npz (const char         *path,
                      const char *const  *names,
                      TgTensor *const    *tensors,
                      gsize               n_tensors,
                      gboolean            compress,
                      GError            **error);

G_END_DECLS
