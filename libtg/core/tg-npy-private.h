/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-tensor.h"

G_BEGIN_DECLS

/* The tensor in the contents of a .npy file; it looks at `bytes` where it can. */
TgTensor *tg_npy_read  (GBytes    *bytes,
                        GError   **error);

/* The contents of a .npy file in two parts: what goes before the elements, and those. */
gboolean  tg_npy_write (TgTensor  *tensor,
                        GBytes   **header,
                        GBytes   **elements,
                        GError   **error);

G_END_DECLS
