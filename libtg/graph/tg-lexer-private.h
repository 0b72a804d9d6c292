/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-version.h"

G_BEGIN_DECLS

typedef enum
{
  TG_TOKEN_END,
  TG_TOKEN_INTEGER,
  TG_TOKEN_FLOAT,
  TG_TOKEN_STRING,
  TG_TOKEN_NAME,
  TG_TOKEN_SIGN,
} TgTokenKind;

typedef struct
{
  TgTokenKind kind;
  const char *start;
  gsize       length;
  guint       line;
  guint       column;
} TgToken;

/* Reads text of the notation word by word; `token` is the present one. */
typedef struct
{
  const char *position;
  guint       line;
  const char *line_start;
  TgToken     token;
} TgLexer;

gboolean tg_lexer_init       (TgLexer        *self,
                              const char     *text,
                              GError        **error);
gboolean tg_lexer_advance    (TgLexer        *self,
                              GError        **error);
gboolean tg_lexer_is         (TgLexer        *self,
                              const char     *sign);
gboolean tg_lexer_is_word    (const TgLexer  *self,
                              const char     *word);
/* Advances where the present token is `sign`; an error otherwise. */
gboolean tg_lexer_expect     (TgLexer        *self,
                              const char     *sign,
                              GError        **error);
char    *tg_token_dup        (TgToken         token);
/* A text without the backslashes in it. */
char    *tg_token_dup_string (TgToken         token);

/* "expected …, not “x”", with line and column; for use as a return value: FALSE. */
gboolean tg_lexer_fail       (TgLexer        *self,
                              const char     *expected,
                              GError        **error);

G_END_DECLS
