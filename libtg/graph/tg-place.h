/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_PLACE (tg_place_get_type ())

TG_AVAILABLE_IN_ALL
GType tg_place_get_type (void) G_GNUC_CONST;

TG_AVAILABLE_IN_ALL
TgPlace *tg_place_new (const char *file,
                       guint       line,
                       const char *function);

TG_AVAILABLE_IN_ALL
TgPlace *tg_place_ref (TgPlace *self);

TG_AVAILABLE_IN_ALL
void tg_place_unref (TgPlace *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgPlace, tg_place_unref)

TG_AVAILABLE_IN_ALL
const char *tg_place_get_file (TgPlace *self);

TG_AVAILABLE_IN_ALL
guint tg_place_get_line (TgPlace *self);

TG_AVAILABLE_IN_ALL
const char *tg_place_get_function (TgPlace *self);

TG_AVAILABLE_IN_ALL
guint tg_place_get_text_line (TgPlace *self);

TG_AVAILABLE_IN_ALL
guint tg_place_get_text_column (TgPlace *self);

TG_AVAILABLE_IN_ALL
char *tg_place_to_string (TgPlace *self);

/**
 * TgPlaceFinder:
 * @user_data: what [func@Tg.Place.set_finder] was given
 *
 * Finds the place in a person's program that a thread is in, when it makes a variable.
 *
 * Returns: (transfer full) (nullable): the place, or %NULL where it is not known
 */
typedef TgPlace *(* TgPlaceFinder) (gpointer user_data);

TG_AVAILABLE_IN_ALL
void tg_place_set_finder (TgPlaceFinder   finder,
                          gpointer        user_data,
                          GDestroyNotify  destroy);

TG_AVAILABLE_IN_ALL
void tg_place_push (const char *file,
                    guint       line,
                    const char *function);

TG_AVAILABLE_IN_ALL
void tg_place_pop (void);

#ifndef __GI_SCANNER__

TG_AVAILABLE_IN_ALL
TgVariable *tg_place_leave (TgVariable *variable);

/* For C alone: the value of an expression that makes variables, such as tg_exp (x, &error); they
 * remember this line. */
#define TG_HERE(expression) \
  (tg_place_push (__FILE__, __LINE__, G_STRFUNC), tg_place_leave (expression))

#endif

G_END_DECLS
