/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-lexer-private.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

/* How a function takes an input, and what else a word behind a type says. */
typedef enum
{
  TG_SYMBOL_STRICT = 1 << 0,
  TG_SYMBOL_LOSSLESS = 1 << 1,
  TG_SYMBOL_LOSSY = 1 << 2,
  TG_SYMBOL_BORROW = 1 << 3,
  TG_SYMBOL_OWN = 1 << 4,      /* its default value belongs to the function alone */
  TG_SYMBOL_CONSTANT = 1 << 5, /* of what stands beside: it never changes */
} TgSymbolFlags;

/* A name with dtype and shape, as in "x: f64[?]". */
typedef struct
{
  char         *name;
  char         *label;   /* the name of the variable where it differs; "" is none */
  char         *title;   /* what callers call it where that differs, or NULL */
  char         *preset;  /* what beside the parameters holds its default value, or NULL */
  TgSymbolFlags flags;
  TgTensorType *type;
  guint         line;
  guint         column;
} TgSymbol;

GArray   *tg_symbol_array_new   (void);

/* The words that say it, each behind a blank. */
void      tg_symbol_print_flags (GString       *text,
                                 TgSymbolFlags  flags);

/* Whether a function begins here: "name (", perhaps with a text between, then a parameter "name :",
 * or ")", or ";". */
gboolean  tg_signature_follows  (const TgLexer *lexer);

/* Reads "(x: f64[?]; w: f64[3])": parameters, then what stands beside them. */
gboolean  tg_signature_read     (TgLexer       *lexer,
                                 GArray        *parameters,
                                 GArray        *beside,
                                 GError       **error);

G_END_DECLS
