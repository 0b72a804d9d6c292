/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-rule.h"

G_BEGIN_DECLS

/**
 * TgAccuracy:
 * @TG_ACCURACY_NORMAL: at most about 10 ms for a group of elementwise operators
 * @TG_ACCURACY_HIGH: at most about 100 ms, with series and branches among the forms
 *
 * How much time the optimiser takes to look for the most accurate of equal forms.
 */
typedef enum
{
  TG_ACCURACY_NORMAL,
  TG_ACCURACY_HIGH,
} TgAccuracy;

#define TG_TYPE_MODE (tg_mode_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgMode, tg_mode, TG, MODE, GObject)

TG_AVAILABLE_IN_ALL
TgMode *tg_mode_new (void);

TG_AVAILABLE_IN_ALL
TgMode *tg_mode_new_from_string (const char  *text,
                                 GError     **error);

TG_AVAILABLE_IN_ALL
const char *tg_mode_get_backend (TgMode *self);

TG_AVAILABLE_IN_ALL
gboolean tg_mode_set_backend (TgMode      *self,
                              const char  *backend,
                              GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_mode_get_check (TgMode *self);

TG_AVAILABLE_IN_ALL
void tg_mode_set_check (TgMode   *self,
                        gboolean  check);

TG_AVAILABLE_IN_ALL
gboolean tg_mode_get_check_finite (TgMode *self);

TG_AVAILABLE_IN_ALL
void tg_mode_set_check_finite (TgMode   *self,
                               gboolean  check_finite);

TG_AVAILABLE_IN_ALL
guint tg_mode_get_n_threads (TgMode *self);

TG_AVAILABLE_IN_ALL
void tg_mode_set_n_threads (TgMode *self,
                            guint   n_threads);

TG_AVAILABLE_IN_ALL
TgPromise tg_mode_get_promises (TgMode *self);

TG_AVAILABLE_IN_ALL
void tg_mode_set_promises (TgMode    *self,
                           TgPromise  promises);

TG_AVAILABLE_IN_ALL
TgAccuracy tg_mode_get_accuracy (TgMode *self);

TG_AVAILABLE_IN_ALL
void tg_mode_set_accuracy (TgMode     *self,
                           TgAccuracy  accuracy);

TG_AVAILABLE_IN_ALL
void tg_mode_exclude (TgMode     *self,
                      const char *name);

TG_AVAILABLE_IN_ALL
void tg_mode_add_rules (TgMode    *self,
                        TgRuleSet *rules);

TG_AVAILABLE_IN_ALL
char *tg_mode_to_string (TgMode *self);

G_END_DECLS
