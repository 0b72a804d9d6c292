/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <mpfr.h>

#include "tg-op-private.h"

G_BEGIN_DECLS

/* Elementwise operators that MPFR has, as functions of real numbers. */

gboolean tg_truth_has   (TgOpId       op);

/* Sets the result, in its precision; nan where the operator is not defined, or out of reach. */
void     tg_truth_apply (TgOpId       op,
                         mpfr_ptr     result,
                         mpfr_srcptr *inputs);

G_END_DECLS
