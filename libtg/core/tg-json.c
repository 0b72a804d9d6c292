/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-json-private.h"

void
tg_json_append_string (GString    *text,
                       const char *value)
{
  if (value == NULL)
    {
      g_string_append (text, "null");
      return;
    }

  g_string_append_c (text, '"');
  for (const char *next = value; *next != '\0'; next++)
    {
      if (*next == '"' || *next == '\\')
        g_string_append_printf (text, "\\%c", *next);
      else if ((guchar) *next < 0x20)
        g_string_append_printf (text, "\\u%04x", (guchar) *next);
      else
        g_string_append_c (text, *next);
    }
  g_string_append_c (text, '"');
}
