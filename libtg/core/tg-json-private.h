/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Appends a string of JSON, or null. */
void tg_json_append_string (GString    *text,
                            const char *value);

G_END_DECLS
