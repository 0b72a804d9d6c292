/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-signature-private.h"

static void
clear_symbol (gpointer data)
{
  TgSymbol *symbol = data;

  g_clear_pointer (&symbol->type, tg_tensor_type_unref);
  g_clear_pointer (&symbol->name, g_free);
}

GArray *
tg_symbol_array_new (void)
{
  GArray *symbols = g_array_new (FALSE, FALSE, sizeof (TgSymbol));

  g_array_set_clear_func (symbols, clear_symbol);

  return symbols;
}

static gboolean
read_dimensions (TgLexer  *lexer,
                 gint64    shape[TG_MAX_NDIM],
                 guint    *ndim,
                 GError  **error)
{
  *ndim = 0;
  if (!tg_lexer_expect (lexer, "[", error))
    return FALSE;

  while (!tg_lexer_is (lexer, "]"))
    {
      if (*ndim > 0 && !tg_lexer_expect (lexer, ",", error))
        return FALSE;

      if (*ndim == TG_MAX_NDIM)
        return tg_lexer_fail (lexer, "at most 32 dimensions", error);

      if (tg_lexer_is (lexer, "?"))
        shape[(*ndim)++] = TG_UNKNOWN;
      else if (lexer->token.kind == TG_TOKEN_INTEGER && lexer->token.length < 19)
        shape[(*ndim)++] = g_ascii_strtoll (lexer->token.start, NULL, 10);
      else
        return tg_lexer_fail (lexer, "a size or “?”", error);

      if (!tg_lexer_advance (lexer, error))
        return FALSE;
    }

  return tg_lexer_advance (lexer, error);
}

static gboolean
read_symbol (TgLexer  *lexer,
             GArray   *symbols,
             GError  **error)
{
  TgSymbol symbol = { .line = lexer->token.line, .column = lexer->token.column };
  g_autofree char *name = NULL;
  g_autofree char *dtype_name = NULL;
  gint64 shape[TG_MAX_NDIM];
  TgDType dtype;
  guint ndim;

  if (lexer->token.kind != TG_TOKEN_NAME)
    return tg_lexer_fail (lexer, "the name of a parameter", error);

  name = tg_token_dup (lexer->token);
  if (!tg_lexer_advance (lexer, error) || !tg_lexer_expect (lexer, ":", error))
    return FALSE;

  dtype_name = tg_token_dup (lexer->token);
  if (lexer->token.kind != TG_TOKEN_NAME || !tg_dtype_from_name (dtype_name, &dtype, NULL))
    return tg_lexer_fail (lexer, "a dtype, such as “f64”", error);

  if (!tg_lexer_advance (lexer, error) || !read_dimensions (lexer, shape, &ndim, error))
    return FALSE;

  symbol.type = tg_tensor_type_new (dtype, shape, ndim, error);
  if (symbol.type == NULL)
    return FALSE;

  symbol.name = g_steal_pointer (&name);
  g_array_append_val (symbols, symbol);

  return TRUE;
}

gboolean
tg_signature_read (TgLexer  *lexer,
                   GArray   *parameters,
                   GArray   *beside,
                   GError  **error)
{
  GArray *symbols = parameters;

  if (!tg_lexer_expect (lexer, "(", error))
    return FALSE;

  while (!tg_lexer_is (lexer, ")"))
    {
      if (tg_lexer_is (lexer, ";") && symbols == parameters)
        symbols = beside;
      else if (symbols->len > 0 && !tg_lexer_is (lexer, ","))
        return tg_lexer_fail (lexer, "“,” or “)”", error);

      if ((tg_lexer_is (lexer, ";") || symbols->len > 0) && !tg_lexer_advance (lexer, error))
        return FALSE;

      if (!read_symbol (lexer, symbols, error))
        return FALSE;
    }

  return tg_lexer_advance (lexer, error);
}

gboolean
tg_signature_follows (const TgLexer *lexer)
{
  TgLexer ahead = *lexer;

  if (ahead.token.kind != TG_TOKEN_NAME || !tg_lexer_advance (&ahead, NULL)
      || !tg_lexer_is (&ahead, "(") || !tg_lexer_advance (&ahead, NULL))
    return FALSE;

  if (tg_lexer_is (&ahead, ";"))
    return TRUE;

  if (tg_lexer_is (&ahead, ")"))
    return tg_lexer_advance (&ahead, NULL) && tg_lexer_is (&ahead, "=");

  return ahead.token.kind == TG_TOKEN_NAME && tg_lexer_advance (&ahead, NULL)
         && tg_lexer_is (&ahead, ":");
}
