/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_PROFILE_STEP (tg_profile_step_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgProfileStep, tg_profile_step, TG, PROFILE_STEP, GObject)

TG_AVAILABLE_IN_ALL
const char *tg_profile_step_get_kind (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
guint tg_profile_step_get_n_variables (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_profile_step_get_variable (TgProfileStep *self,
                                          guint          index);

TG_AVAILABLE_IN_ALL
guint64 tg_profile_step_get_n_calls (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
double tg_profile_step_get_seconds (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
double tg_profile_step_get_bytes (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
double tg_profile_step_get_operations (TgProfileStep *self);

TG_AVAILABLE_IN_ALL
char *tg_profile_step_to_string (TgProfileStep *self);

#define TG_TYPE_PROFILE (tg_profile_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgProfile, tg_profile, TG, PROFILE, GObject)

TG_AVAILABLE_IN_ALL
guint64 tg_profile_get_n_calls (TgProfile *self);

TG_AVAILABLE_IN_ALL
double tg_profile_get_seconds (TgProfile *self);

TG_AVAILABLE_IN_ALL
char *tg_profile_to_string (TgProfile *self);

TG_AVAILABLE_IN_ALL
char *tg_profile_to_json (TgProfile *self);

G_END_DECLS
