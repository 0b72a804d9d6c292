/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-graph.h"

G_BEGIN_DECLS

TG_AVAILABLE_IN_ALL
TgVariable *tg_parse (const char         *text,
                      TgVariable *const  *variables,
                      gsize               n_variables,
                      GError            **error);

TG_AVAILABLE_IN_ALL
TgVariable *tg_parse_with_names (const char         *text,
                                 const char *const  *names,
                                 gsize               n_names,
                                 TgVariable *const  *variables,
                                 gsize               n_variables,
                                 GError            **error);

TG_AVAILABLE_IN_ALL
char **tg_parse_names (const char  *text,
                       GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_text_is_function (const char *text);

TG_AVAILABLE_IN_ALL
TgGraph *tg_parse_function (const char  *text,
                            GError     **error);

G_END_DECLS
