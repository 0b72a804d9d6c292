/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-tensor.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
guint64 tg_tensor_to_dlpack (TgTensor  *self,
                             gboolean   versioned,
                             GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_from_dlpack (guint64    address,
                                     gboolean   versioned,
                                     GError   **error);

TG_AVAILABLE_IN_ALL
void tg_dlpack_release (guint64  address,
                        gboolean versioned);

G_END_DECLS
