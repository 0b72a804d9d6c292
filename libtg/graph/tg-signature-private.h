/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-lexer-private.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

/* A name with dtype and shape, as in "x: f64[?]". */
typedef struct
{
  char         *name;
  TgTensorType *type;
  guint         line;
  guint         column;
} TgSymbol;

GArray   *tg_symbol_array_new  (void);

/* Whether a function begins here: "name (", then a parameter "name :", or ")", or ";". */
gboolean  tg_signature_follows (const TgLexer *lexer);

/* Reads "(x: f64[?]; w: f64[3])": parameters, then what stands beside them. */
gboolean  tg_signature_read    (TgLexer       *lexer,
                                GArray        *parameters,
                                GArray        *beside,
                                GError       **error);

G_END_DECLS
