/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  TG_COLOUR_TITLE,
  TG_COLOUR_NAME,
  TG_COLOUR_GOOD,
  TG_COLOUR_BAD,
  TG_COLOUR_FAINT,
} TgColour;

/* The text in a colour, where standard output is a terminal that wants them. */
char *tg_terminal_paint        (TgColour     colour,
                                const char  *text);

/* Prints a line in bold. */
void  tg_terminal_print_title  (const char  *title);

/* The text with blanks behind it, so that it takes that many columns. */
char *tg_terminal_pad          (const char  *text,
                                guint        width);

/* Prints text, of several lines maybe, each behind as many columns; the first one has `mark` in
 * them. */
void  tg_terminal_print_block  (guint        indent,
                                const char  *mark,
                                const char  *text);

guint tg_terminal_get_width    (const char  *text);

/* Prints text as it is, in UTF-8. */
void  tg_terminal_print        (const char  *format,
                                ...) G_GNUC_PRINTF (1, 2);

/* Puts a line of `text`, with a sign below, behind a message that begins with line and column in
 * it; `file` goes before it, where there is one. */
void  tg_terminal_point        (GError     **error,
                                const char  *file,
                                const char  *text);

/* Adds text in quotation marks, as in JSON. */
void  tg_terminal_append_json  (GString     *json,
                                const char  *text);

G_END_DECLS
