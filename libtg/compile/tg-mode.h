/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include <glib-object.h>

#include "tg-version.h"

G_BEGIN_DECLS

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
char *tg_mode_to_string (TgMode *self);

G_END_DECLS
