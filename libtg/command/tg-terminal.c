/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-terminal.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static gboolean
has_colours (void)
{
  const char *no_color = g_getenv ("NO_COLOR");
  const char *terminal = g_getenv ("TERM");

  return isatty (STDOUT_FILENO) && (no_color == NULL || no_color[0] == '\0')
         && g_strcmp0 (terminal, "dumb") != 0;
}

char *
tg_terminal_paint (TgColour    colour,
                   const char *text)
{
  static const char *const codes[] = {
    [TG_COLOUR_TITLE] = "1", [TG_COLOUR_NAME] = "36", [TG_COLOUR_GOOD] = "32",
    [TG_COLOUR_BAD] = "31", [TG_COLOUR_FAINT] = "2",
  };

  return has_colours () ? g_strdup_printf ("\033[%sm%s\033[0m", codes[colour], text)
                        : g_strdup (text);
}

void
tg_terminal_print (const char *format,
                   ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  fputs (text, stdout);
}

void
tg_terminal_print_title (const char *title)
{
  g_autofree char *painted = tg_terminal_paint (TG_COLOUR_TITLE, title);

  tg_terminal_print ("%s\n", painted);
}

static guint
get_sign_width (gunichar sign)
{
  return g_unichar_iszerowidth (sign) ? 0 : g_unichar_iswide (sign) ? 2 : 1;
}

guint
tg_terminal_get_width (const char *text)
{
  guint width = 0;

  for (const char *c = text; *c != '\0'; c = g_utf8_next_char (c))
    width += get_sign_width (g_utf8_get_char (c));

  return width;
}

char *
tg_terminal_pad (const char *text,
                 guint       width)
{
  guint own = tg_terminal_get_width (text);

  return g_strdup_printf ("%s%*s", text, (int) (MAX (width, own) - own), "");
}

void
tg_terminal_print_block (guint       indent,
                         const char *mark,
                         const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *margin = tg_terminal_pad (i == 0 ? mark : "", indent);

      tg_terminal_print ("%s%s\n", margin, lines[i]);
    }
}

/* Splits a message into line, column and the rest. */
static gboolean
read_place (const char  *message,
            guint64     *line,
            guint64     *column,
            const char **rest)
{
  char *end;

  *line = g_ascii_strtoull (message, &end, 10);
  if (end == message || *end != ':' || !g_ascii_isdigit (end[1]))
    return FALSE;

  *column = g_ascii_strtoull (end + 1, &end, 10);
  *rest = end + 2;

  return *line > 0 && *column > 0 && end[0] == ':' && end[1] == ' ';
}

/* As many blanks as the beginning of a line is wide; columns of messages are bytes. */
static char *
make_margin (const char *line,
             gsize       n_bytes)
{
  GString *margin = g_string_new (NULL);
  const char *end = line + MIN (n_bytes, strlen (line));

  if (!g_utf8_validate (line, -1, NULL))
    return g_string_free (margin, FALSE);

  for (const char *c = line; c < end; c = g_utf8_next_char (c))
    {
      gunichar sign = g_utf8_get_char (c);

      if (sign == '\t')
        g_string_append_c (margin, '\t');
      else
        g_string_append_printf (margin, "%*s", (int) get_sign_width (sign), "");
    }

  return g_string_free (margin, FALSE);
}

void
tg_terminal_point (GError     **error,
                   const char  *file,
                   const char  *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autofree char *message = NULL;
  g_autofree char *margin = NULL;
  const char *rest, *shown;
  guint64 line, column;

  if (error == NULL || *error == NULL)
    return;

  if (!read_place ((*error)->message, &line, &column, &rest) || line > g_strv_length (lines))
    {
      if (file != NULL)
        g_prefix_error (error, "%s: ", file);
      return;
    }

  message = g_steal_pointer (&(*error)->message);
  shown = lines[line - 1];
  margin = make_margin (shown, column - 1);
  (*error)->message = g_strdup_printf ("%s%s%" G_GUINT64_FORMAT ":%" G_GUINT64_FORMAT
                                       ": %s\n  %s\n  %s^",
                                       file != NULL ? file : "", file != NULL ? ":" : "", line,
                                       column, rest, shown, margin);
}

void
tg_terminal_append_json (GString    *json,
                         const char *text)
{
  g_string_append_c (json, '"');
  for (const char *c = text; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_printf (json, "\\%c", *c);
      else if ((guchar) *c < 0x20)
        g_string_append_printf (json, "\\u%04x", (guchar) *c);
      else
        g_string_append_c (json, *c);
    }
  g_string_append_c (json, '"');
}
