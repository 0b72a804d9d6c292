/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgTensor *tg_variable_eval (TgVariable        *self,
                            TgVariable *const *inputs,
                            gsize              n_inputs,
                            TgTensor *const   *values,
                            gsize              n_values,
                            GError           **error);

G_END_DECLS
