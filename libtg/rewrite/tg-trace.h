/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-graph.h"
#include "tg-rule.h"

G_BEGIN_DECLS

#define TG_TYPE_TRACE_STEP (tg_trace_step_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgTraceStep, tg_trace_step, TG, TRACE_STEP, GObject)

TG_AVAILABLE_IN_ALL
TgRule *tg_trace_step_get_rule (TgTraceStep *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_trace_step_get_before (TgTraceStep *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_trace_step_get_after (TgTraceStep *self);

TG_AVAILABLE_IN_ALL
const char *tg_trace_step_get_assumption (TgTraceStep *self);

TG_AVAILABLE_IN_ALL
const char *tg_trace_step_get_reason (TgTraceStep *self);

TG_AVAILABLE_IN_ALL
char *tg_trace_step_to_string (TgTraceStep *self);

#define TG_TYPE_TRACE (tg_trace_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgTrace, tg_trace, TG, TRACE, GObject)

TG_AVAILABLE_IN_ALL
TgGraph *tg_trace_dup_graph (TgTrace *self,
                             guint    n_steps);

TG_AVAILABLE_IN_ALL
char *tg_trace_to_string (TgTrace *self);

TG_AVAILABLE_IN_ALL
char *tg_trace_to_json (TgTrace *self);

G_END_DECLS
