/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Whether the variable is a real constant all elements of which are the same number. */
gboolean    tg_variable_get_number  (TgVariable  *self,
                                     double      *number);

/* The same, also of a constant that is repeated to a shape that is not known before the run. */
gboolean    tg_variable_get_repeated_number (TgVariable *self,
                                             double     *number);

/* A weak number: an integer where `number` is one, so that it gives way to every dtype. */
TgVariable *tg_variable_new_number  (double       number);

G_END_DECLS
