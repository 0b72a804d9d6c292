/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-function.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
char *tg_function_to_string (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_new_from_bytes (GBytes  *bytes,
                                        TgMode  *mode,
                                        GError **error);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_load (const char  *path,
                              TgMode      *mode,
                              GError     **error);

TG_AVAILABLE_IN_ALL
GBytes *tg_function_to_bytes (TgFunction  *self,
                              GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_function_save (TgFunction  *self,
                           const char  *path,
                           GError     **error);

TG_AVAILABLE_IN_ALL
TgFunction **tg_functions_from_bytes (GBytes  *bytes,
                                      TgMode  *mode,
                                      gsize   *n_functions,
                                      GError **error);

TG_AVAILABLE_IN_ALL
TgFunction **tg_load_functions (const char  *path,
                                TgMode      *mode,
                                gsize       *n_functions,
                                GError     **error);

TG_AVAILABLE_IN_ALL
GBytes *tg_functions_to_bytes (TgFunction *const  *functions,
                               gsize               n_functions,
                               GError            **error);

TG_AVAILABLE_IN_ALL
gboolean tg_save_functions (const char         *path,
                            TgFunction *const  *functions,
                            gsize               n_functions,
                            GError            **error);

G_END_DECLS
