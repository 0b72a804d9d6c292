/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-dtype.h"

G_BEGIN_DECLS

/* The texts, all of one width, that NumPy prints for the elements of an array. */
GStrv tg_number_texts_new (TgDType       dtype,
                           gconstpointer elements,
                           gsize         n_elements);

G_END_DECLS
