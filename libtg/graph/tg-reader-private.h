/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-expression-private.h"
#include "tg-lexer-private.h"

G_BEGIN_DECLS

/* On the way from text to a TgExpression. */
typedef struct
{
  TgLexer       lexer;
  TgExpression *result;
  GArray       *open;        /* signs and brackets that are not done */
  gboolean      wants_value;
} TgReader;

TgItem   *tg_reader_emit            (TgReader    *self,
                                     TgItemKind   kind,
                                     const char  *text,
                                     guint        line,
                                     guint        column);

/* Reads one expression, up to the sign or the end behind it. */
gboolean  tg_reader_read_expression (TgReader    *self,
                                     GError     **error);

/* Makes the array for `open`. */
GArray   *tg_reader_open_new        (void);

G_END_DECLS
