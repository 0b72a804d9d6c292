/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-name-scope.h"

G_BEGIN_DECLS

/* A name as it is in the scope of the thread: "layer1/w" for "w"; NULL for NULL. */
char       *tg_name_scope_apply (const char *name);

/* The part of a name behind its scopes: "w" of "layer1/w". */
const char *tg_name_scope_strip (const char *name);

G_END_DECLS
