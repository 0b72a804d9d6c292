/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_ACCURACY_NODE (tg_accuracy_node_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgAccuracyNode, tg_accuracy_node, TG, ACCURACY_NODE, GObject)

TG_AVAILABLE_IN_ALL
TgVariable *tg_accuracy_node_get_variable (TgAccuracyNode *self);

TG_AVAILABLE_IN_ALL
gdouble tg_accuracy_node_get_local_error (TgAccuracyNode *self);

TG_AVAILABLE_IN_ALL
gdouble tg_accuracy_node_get_total_error (TgAccuracyNode *self);

#define TG_TYPE_ACCURACY_REPORT (tg_accuracy_report_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgAccuracyReport, tg_accuracy_report, TG, ACCURACY_REPORT, GObject)

TG_AVAILABLE_IN_ALL
TgAccuracyReport *tg_accuracy (TgVariable        *expression,
                               TgVariable *const *variables,
                               gsize              n_variables,
                               const gdouble     *lows,
                               gsize              n_lows,
                               const gdouble     *highs,
                               gsize              n_highs,
                               GError           **error);

TG_AVAILABLE_IN_ALL
gdouble tg_accuracy_report_get_mean_error (TgAccuracyReport *self,
                                           gboolean          optimised);

TG_AVAILABLE_IN_ALL
gdouble tg_accuracy_report_get_worst_error (TgAccuracyReport *self,
                                            gboolean          optimised);

TG_AVAILABLE_IN_ALL
TgVariable **tg_accuracy_report_list_skipped (TgAccuracyReport *self,
                                              gsize            *n_variables);

TG_AVAILABLE_IN_ALL
char *tg_accuracy_report_to_string (TgAccuracyReport *self);

TG_AVAILABLE_IN_ALL
char *tg_accuracy_report_to_json (TgAccuracyReport *self);

G_END_DECLS
