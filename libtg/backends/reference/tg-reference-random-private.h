/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

#include "tgk.h"

G_BEGIN_DECLS

/* What a state is a counter of, at the first block of the first element. */
TgkDraws  tg_reference_get_draws      (TgTensor         *state);

/* The draws for one element. */
TgkDraws  tg_reference_get_element    (const TgkDraws   *draws,
                                       gsize             element);

/* Whether the values of the parameters are those that the operator takes. */
gboolean  tg_reference_check_draw     (TgVariable       *variable,
                                       TgTensor *const  *inputs,
                                       GError          **error);

/* The bits of a word that uniform numbers of a dtype are made of, in float32 but for float64. */
guint32   tg_reference_get_uniform_bits (TgDType          dtype);

/* A new tensor for blocks of numbers that follow one another, of float64 or float32, whatever the
 * result has in the end; fails where there are too many to number. */
TgTensor *tg_reference_new_blocks     (TgVariable       *variable,
                                       TgTensor         *shape,
                                       GError          **error);

/* A new tensor of the shape in an input; fails where there are too many elements to number. */
TgTensor *tg_reference_new_draw       (TgTensor         *shape,
                                       TgDType           dtype,
                                       GError          **error);

/* The numbers in the dtype of the result; fails where integers are too large for that. */
TgTensor *tg_reference_convert_draw   (TgVariable       *variable,
                                       TgTensor         *numbers,
                                       GError          **error);

G_END_DECLS
