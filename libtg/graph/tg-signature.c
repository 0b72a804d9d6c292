/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-signature-private.h"

static void
clear_symbol (gpointer data)
{
  TgSymbol *symbol = data;

  g_clear_pointer (&symbol->type, tg_tensor_type_unref);
  g_clear_pointer (&symbol->name, g_free);
  g_clear_pointer (&symbol->label, g_free);
  g_clear_pointer (&symbol->title, g_free);
  g_clear_pointer (&symbol->preset, g_free);
}

/* The words behind a type; those of a default value have a name behind them. */
static const struct
{
  const char    *word;
  TgSymbolFlags  flag;
} words[] = {
  { "strict", TG_SYMBOL_STRICT }, { "lossless", TG_SYMBOL_LOSSLESS },
  { "lossy", TG_SYMBOL_LOSSY }, { "borrow", TG_SYMBOL_BORROW },
  { "constant", TG_SYMBOL_CONSTANT },
};

void
tg_symbol_print_flags (GString      *text,
                       TgSymbolFlags flags)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (flags & words[i].flag)
        g_string_append_printf (text, " %s", words[i].word);
    }
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

/* Takes the token after a word, of the kind that it needs, as text. */
static gboolean
read_text (TgLexer      *lexer,
           TgTokenKind   kind,
           char        **text,
           GError      **error)
{
  if (*text != NULL)
    return tg_lexer_fail (lexer, "no word twice", error);

  if (!tg_lexer_advance (lexer, error))
    return FALSE;

  if (lexer->token.kind != kind)
    return tg_lexer_fail (lexer, kind == TG_TOKEN_NAME ? "a name" : "a text", error);

  *text = kind == TG_TOKEN_NAME ? tg_token_dup (lexer->token)
                                : tg_token_dup_string (lexer->token);

  return TRUE;
}

static gboolean
read_flag (TgLexer   *lexer,
           TgSymbol  *symbol,
           GError   **error)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (!tg_lexer_is_word (lexer, words[i].word))
        continue;

      if (symbol->flags & words[i].flag)
        return tg_lexer_fail (lexer, "no word twice", error);

      symbol->flags |= words[i].flag;
      return TRUE;
    }

  return tg_lexer_fail (lexer, "“,” or “)”", error);
}

/* Reads the words behind a type, of which those beside have but one. */
static gboolean
read_words (TgLexer   *lexer,
            TgSymbol  *symbol,
            gboolean   is_beside,
            GError   **error)
{
  while (lexer->token.kind == TG_TOKEN_NAME)
    {
      gboolean success;

      if (is_beside != tg_lexer_is_word (lexer, "constant"))
        return tg_lexer_fail (lexer, "“,” or “)”", error);

      if (tg_lexer_is_word (lexer, "named"))
        success = read_text (lexer, TG_TOKEN_STRING, &symbol->title, error);
      else if (tg_lexer_is_word (lexer, "default") || tg_lexer_is_word (lexer, "own"))
        {
          symbol->flags |= tg_lexer_is_word (lexer, "own") ? TG_SYMBOL_OWN : 0;
          success = read_text (lexer, TG_TOKEN_NAME, &symbol->preset, error);
        }
      else
        success = read_flag (lexer, symbol, error);

      if (!success || !tg_lexer_advance (lexer, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
read_type (TgLexer   *lexer,
           TgSymbol  *symbol,
           GError   **error)
{
  g_autofree char *dtype_name = NULL;
  gint64 shape[TG_MAX_NDIM];
  TgDType dtype;
  guint ndim;

  dtype_name = tg_token_dup (lexer->token);
  if (lexer->token.kind != TG_TOKEN_NAME || !tg_dtype_from_name (dtype_name, &dtype, NULL))
    return tg_lexer_fail (lexer, "a dtype, such as “f64”", error);

  if (!tg_lexer_advance (lexer, error) || !read_dimensions (lexer, shape, &ndim, error))
    return FALSE;

  symbol->type = tg_tensor_type_new (dtype, shape, ndim, error);
  if (symbol->type == NULL)
    g_prefix_error (error, "%u:%u: ", symbol->line, symbol->column);

  return symbol->type != NULL;
}

/* Reads a symbol, of a name that was not there before. */
static gboolean
read_symbol (TgLexer     *lexer,
             GArray      *symbols,
             gboolean     is_beside,
             GHashTable  *names,
             GError     **error)
{
  TgSymbol empty = { .line = lexer->token.line, .column = lexer->token.column };
  TgSymbol *symbol;

  if (lexer->token.kind != TG_TOKEN_NAME)
    return tg_lexer_fail (lexer, "the name of a parameter", error);

  g_array_append_val (symbols, empty);
  symbol = &g_array_index (symbols, TgSymbol, symbols->len - 1);
  symbol->name = tg_token_dup (lexer->token);
  if (!g_hash_table_add (names, g_strdup (symbol->name)))
    return tg_lexer_fail (lexer, "a name that is not there yet", error);

  if (!tg_lexer_advance (lexer, error))
    return FALSE;

  if (lexer->token.kind == TG_TOKEN_STRING)
    {
      symbol->label = tg_token_dup_string (lexer->token);
      if (!tg_lexer_advance (lexer, error))
        return FALSE;
    }

  return tg_lexer_expect (lexer, ":", error) && read_type (lexer, symbol, error)
         && read_words (lexer, symbol, is_beside, error);
}

gboolean
tg_signature_read (TgLexer  *lexer,
                   GArray   *parameters,
                   GArray   *beside,
                   GError  **error)
{
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
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

      if (!read_symbol (lexer, symbols, symbols == beside, names, error))
        return FALSE;
    }

  return tg_lexer_advance (lexer, error);
}

gboolean
tg_signature_follows (const TgLexer *lexer)
{
  TgLexer ahead = *lexer;

  if (ahead.token.kind != TG_TOKEN_NAME || !tg_lexer_advance (&ahead, NULL))
    return FALSE;

  if (ahead.token.kind == TG_TOKEN_STRING)
    return TRUE;

  if (!tg_lexer_is (&ahead, "(") || !tg_lexer_advance (&ahead, NULL))
    return FALSE;

  if (tg_lexer_is (&ahead, ";"))
    return TRUE;

  if (tg_lexer_is (&ahead, ")"))
    return tg_lexer_advance (&ahead, NULL) && tg_lexer_is (&ahead, "=");

  return ahead.token.kind == TG_TOKEN_NAME && tg_lexer_advance (&ahead, NULL)
         && (tg_lexer_is (&ahead, ":") || ahead.token.kind == TG_TOKEN_STRING);
}
