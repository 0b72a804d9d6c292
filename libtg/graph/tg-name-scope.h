/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-version.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
void tg_name_scope_push (const char *name);

TG_AVAILABLE_IN_ALL
void tg_name_scope_pop (void);

TG_AVAILABLE_IN_ALL
char *tg_name_scope_dup (void);

G_END_DECLS
