/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-form-private.h"

G_BEGIN_DECLS

/* Whether the parameters of a random operator are values that it takes; NULL are those that are not
 * known yet.  Fails with an error of the domain and code. */
gboolean tg_random_check_parameters (const TgOpInfo    *op,
                                     GVariant *const   *attributes,
                                     TgVariable *const *inputs,
                                     TgTensor *const   *values,
                                     guint              n_inputs,
                                     GQuark             domain,
                                     gint               code,
                                     GError           **error);

G_END_DECLS
