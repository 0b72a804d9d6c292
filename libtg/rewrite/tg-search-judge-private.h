/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-formula-private.h"
#include "tg-range-private.h"

G_BEGIN_DECLS

/* How wrong a form is, in bits. */
typedef struct
{
  double *errors; /* at each point; nan where there is no truth, at corners infinite or 0 */
  double  mean;
  double  worst;
  guint   n_known;
} TgMeasured;

/* Who decides whether a form may take the place of what is written: points that no form was chosen
 * by, and the truth there. */
typedef struct
{
  const TgFormula *written;
  TgSample        *points; /* drawn ones, and then corners */
  double          *truth;
  guint            n_drawn;
  TgMeasured       before; /* what is written */
  gboolean         spares_guards; /* the derivative of a form with a guard is twice as long */
} TgJudge;

void     tg_judge_init    (TgJudge         *self,
                           const TgFormula *written,
                           const TgRange   *ranges,
                           guint            n_drawn,
                           TgReach          reach);
void     tg_judge_clear   (TgJudge         *self);

/* Whether what is written is right already, or nothing can be said of it. */
gboolean tg_judge_is_good (const TgJudge   *self);

/* Whether a form is better than what is written, and nowhere worse where that is right; its mean
 * error then.  A form that is nan where what is written is a number gets that number there. */
gboolean tg_judge_accepts (const TgJudge   *self,
                           TgFormula      **form,
                           double          *error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgJudge, tg_judge_clear)

G_END_DECLS
