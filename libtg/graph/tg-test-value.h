/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
gboolean tg_variable_set_test_value (TgVariable  *self,
                                     TgTensor    *value,
                                     GError     **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_variable_dup_test_value (TgVariable *self);

G_END_DECLS
