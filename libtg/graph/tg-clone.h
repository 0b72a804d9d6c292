/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgVariable **tg_clone (TgVariable *const  *outputs,
                       gsize               n_outputs,
                       TgVariable *const  *variables,
                       gsize               n_variables,
                       TgVariable *const  *replacements,
                       gsize               n_replacements,
                       gboolean            strict,
                       gboolean            share_inputs,
                       gsize              *n_clones,
                       GError            **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_variable_clone (TgVariable *self);

G_END_DECLS
