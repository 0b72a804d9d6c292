/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <math.h>

#include "tg-op-private.h"

G_BEGIN_DECLS

/* Where the elements of an expression lie, as real numbers, where it is defined: exp (x) is above
 * zero though it may be rounded to it. */
typedef struct
{
  double   low;
  double   high;
  gboolean is_nonzero; /* none is zero, also where zero lies between the ends */
  gboolean is_integer;
} TgRange;

#define TG_RANGE_ALL ((TgRange) { -INFINITY, INFINITY, FALSE, FALSE })

static inline gboolean
tg_range_excludes_zero (TgRange range)
{
  return range.is_nonzero || range.low > 0 || range.high < 0;
}

TgRange  tg_range_of_number (double          number);

/* The range of an elementwise operator or a reduction applied to inputs of such ranges. */
TgRange  tg_range_apply    (const TgOpInfo *op,
                            const TgRange  *inputs,
                            guint           n_inputs);

/* What both say. */
TgRange  tg_range_intersect (TgRange        a,
                             TgRange        b);

/* Whether the comparison `op` certainly holds, or certainly fails. */
gboolean tg_range_proves   (const TgOpInfo *op,
                            TgRange         left,
                            TgRange         right);

G_END_DECLS
