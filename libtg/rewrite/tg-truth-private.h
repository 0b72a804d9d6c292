/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <mpfr.h>

#include "tg-op-private.h"

G_BEGIN_DECLS

/* Elementwise operators as functions of real numbers, in the precision of the result. */

/* Whether MPFR computes the operator itself. */
gboolean tg_truth_is_native (TgOpId    op);

/* Whether MPFR computes the operator, or what its spec says. */
gboolean tg_truth_has      (TgOpId       op);

/* Sets the result; nan where the operator is not defined, or out of reach. */
void     tg_truth_apply    (TgOpId       op,
                            mpfr_ptr     result,
                            mpfr_srcptr *inputs);

G_END_DECLS
