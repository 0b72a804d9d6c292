/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgVariable *tg_op_apply (TgOp               *self,
                         TgVariable *const  *inputs,
                         gsize               n_inputs,
                         GVariant           *parameters,
                         GError            **error);

G_END_DECLS
