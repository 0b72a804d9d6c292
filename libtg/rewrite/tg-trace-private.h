/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-trace.h"

#include "tg-condition-private.h"

G_BEGIN_DECLS

/* A trace of what becomes of the outputs, as they are written. */
TgTrace *tg_trace_new      (TgVariable *const *inputs,
                            guint              n_inputs,
                            TgVariable *const *outputs,
                            guint              n_outputs);

/* Adds a step.  `assumed` has a bit for each condition of the rule that was not proven; `match`
 * and `reason` may be NULL. */
void     tg_trace_add      (TgTrace           *self,
                            TgRule            *rule,
                            TgVariable        *before,
                            TgVariable        *after,
                            guint              assumed,
                            const TgMatch     *match,
                            const char        *reason);

guint    tg_trace_count    (TgTrace           *self);

/* What the optimiser does that no line of algebra says: a rule of that name, for traces. */
typedef enum
{
  TG_STEP_FOLD,   /* constants in, a constant out */
  TG_STEP_MERGE,  /* the same expression, written twice */
  TG_STEP_SEARCH, /* another form of elementwise work, chosen by measured error */
  TG_N_STEPS,
} TgStepKind;

TgRule  *tg_rule_of_step   (TgStepKind         kind);

G_END_DECLS
