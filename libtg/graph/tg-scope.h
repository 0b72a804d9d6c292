/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#ifndef __GI_SCANNER__

/* For C alone: see tg_scope_new(). */
typedef struct _TgScope TgScope;

TG_AVAILABLE_IN_ALL
TgScope *tg_scope_new (void);

TG_AVAILABLE_IN_ALL
void tg_scope_free (TgScope *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_scope_keep (TgScope    *self,
                           TgVariable *variable);

TG_AVAILABLE_IN_ALL
TgVariable *tg_scope_parse (TgScope     *self,
                            const char  *text,
                            GError     **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgScope, tg_scope_free)

#endif

G_END_DECLS
