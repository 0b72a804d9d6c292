/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-expression-private.h"

#include "tg-reader-private.h"

/* The notation:
 *
 *   text       = function | { let } expression { "," expression }
 *   function   = name [ text ] "(" [ symbols ] [ ";" symbols ] ")" "=" body
 *   symbols    = name [ text ] ":" dtype "[" [ ( integer | "?" ) { "," … } ] "]" words { "," … }
 *   words      = { "strict" | "lossless" | "lossy" | "borrow" | "constant" | "named" text
 *                | "default" name | "own" name }
 *   body       = { let | update } [ output { "," output } ]
 *   let        = "let" name [ text ] "=" expression ";"
 *   update     = "update" name "=" expression ";"
 *   output     = expression [ "as" text ] [ "borrow" ]
 *   expression = number | text | name | name "(" arguments ")" | "[" list "]"
 *              | expression "[" indices "]" | sign expression | expression sign expression
 *
 * with Python's signs and precedences, comparisons that do not chain, and comments from # on.  A
 * text behind a name is the name of what the notation cannot name so; "" is none.  Symbols behind
 * “;” are shared variables, or constants, whose values stand elsewhere; “update” gives one a new
 * value.  The reader is a precedence parser with a stack of its own. */

static gboolean
read_let (TgReader  *self,
          GError   **error)
{
  g_autofree char *label = NULL;
  TgToken name;
  TgItem *item;

  if (!tg_lexer_advance (&self->lexer, error))
    return FALSE;

  name = self->lexer.token;
  if (name.kind != TG_TOKEN_NAME)
    return tg_lexer_fail (&self->lexer, "a name", error);

  if (!tg_lexer_advance (&self->lexer, error))
    return FALSE;

  if (self->lexer.token.kind == TG_TOKEN_STRING)
    {
      label = tg_token_dup_string (self->lexer.token);
      if (!tg_lexer_advance (&self->lexer, error))
        return FALSE;
    }

  if (!tg_lexer_expect (&self->lexer, "=", error) || !tg_reader_read_expression (self, error))
    return FALSE;

  item = tg_reader_emit (self, TG_ITEM_LET,
               g_string_chunk_insert_len (self->result->texts, name.start, (gssize) name.length),
               name.line, name.column);
  item->label = label != NULL ? g_string_chunk_insert (self->result->texts, label) : NULL;

  return tg_lexer_expect (&self->lexer, ";", error);
}

/* “update” is a word only where a name follows it. */
static gboolean
update_follows (TgReader *self)
{
  TgLexer ahead = self->lexer;

  return self->result->name != NULL && tg_lexer_is_word (&ahead, "update")
         && tg_lexer_advance (&ahead, NULL) && ahead.token.kind == TG_TOKEN_NAME;
}

/* What is updated stands beside the parameters, and is updated once. */
static gboolean
check_update (TgReader  *self,
              guint     *number,
              GError   **error)
{
  TgExpression *result = self->result;
  g_autofree char *name = tg_token_dup (self->lexer.token);

  for (*number = 0; *number < result->beside->len; (*number)++)
    {
      TgSymbol *symbol = &g_array_index (result->beside, TgSymbol, *number);

      if (strcmp (symbol->name, name) == 0 && !(symbol->flags & TG_SYMBOL_CONSTANT))
        break;
    }

  if (*number == result->beside->len)
    return tg_lexer_fail (&self->lexer, "a shared variable, from behind “;”", error);

  for (guint i = 0; i < result->updates->len; i++)
    {
      if (g_array_index (result->updates, guint, i) == *number)
        return tg_lexer_fail (&self->lexer, "a variable that has no update yet", error);
    }

  return TRUE;
}

static gboolean
read_update (TgReader  *self,
             GError   **error)
{
  TgLexer *lexer = &self->lexer;
  guint number;

  if (!tg_lexer_advance (lexer, error) || !check_update (self, &number, error))
    return FALSE;

  g_array_append_val (self->result->updates, number);
  if (!tg_lexer_advance (lexer, error) || !tg_lexer_expect (lexer, "=", error)
      || !tg_reader_read_expression (self, error))
    return FALSE;

  tg_reader_emit (self, TG_ITEM_UPDATE, NULL, lexer->token.line, lexer->token.column);

  return tg_lexer_expect (lexer, ";", error);
}

/* Reads one of the results, and what is said about it. */
static gboolean
read_output (TgReader  *self,
             GError   **error)
{
  TgLexer *lexer = &self->lexer;
  TgResult output = { NULL, };

  if (!tg_reader_read_expression (self, error))
    return FALSE;

  if (self->result->name != NULL && tg_lexer_is_word (lexer, "as"))
    {
      g_autofree char *name = NULL;

      if (!tg_lexer_advance (lexer, error))
        return FALSE;
      if (lexer->token.kind != TG_TOKEN_STRING)
        return tg_lexer_fail (lexer, "the name of an output, as a text", error);

      name = tg_token_dup_string (lexer->token);
      output.name = g_string_chunk_insert (self->result->texts, name);
      if (!tg_lexer_advance (lexer, error))
        return FALSE;
    }

  if (self->result->name != NULL && tg_lexer_is_word (lexer, "borrow"))
    {
      output.borrow = TRUE;
      if (!tg_lexer_advance (lexer, error))
        return FALSE;
    }

  g_array_append_val (self->result->results, output);

  return TRUE;
}

static gboolean
read_body (TgReader  *self,
           GError   **error)
{
  for (;;)
    {
      gboolean is_update = update_follows (self);

      if (!is_update && !tg_lexer_is_word (&self->lexer, "let"))
        break;

      if (!(is_update ? read_update (self, error) : read_let (self, error)))
        return FALSE;
    }

  if (self->lexer.token.kind == TG_TOKEN_END && self->result->name != NULL)
    return TRUE;

  for (;;)
    {
      if (!read_output (self, error))
        return FALSE;

      if (self->lexer.token.kind == TG_TOKEN_END)
        return TRUE;

      if (!tg_lexer_expect (&self->lexer, ",", error))
        return FALSE;
    }
}

static gboolean
read_function (TgReader  *self,
               GError   **error)
{
  TgExpression *result = self->result;

  result->name = tg_token_dup (self->lexer.token);
  if (!tg_lexer_advance (&self->lexer, error))
    return FALSE;

  if (self->lexer.token.kind == TG_TOKEN_STRING)
    {
      result->label = tg_token_dup_string (self->lexer.token);
      if (!tg_lexer_advance (&self->lexer, error))
        return FALSE;
    }

  return tg_signature_read (&self->lexer, result->parameters, result->beside, error)
         && tg_lexer_expect (&self->lexer, "=", error)
         && read_body (self, error);
}

void
tg_expression_free (TgExpression *self)
{
  g_array_unref (self->parameters);
  g_array_unref (self->beside);
  g_array_unref (self->items);
  g_array_unref (self->updates);
  g_array_unref (self->results);
  g_string_chunk_free (self->texts);
  g_free (self->name);
  g_free (self->label);
  g_free (self);
}

TgExpression *
tg_expression_new (const char  *text,
                   GError     **error)
{
  g_autoptr (TgExpression) result = g_new0 (TgExpression, 1);
  g_autoptr (GArray) open = tg_reader_open_new ();
  TgReader reader = { .result = result, .open = open };

  result->parameters = tg_symbol_array_new ();
  result->beside = tg_symbol_array_new ();
  result->items = g_array_new (FALSE, FALSE, sizeof (TgItem));
  result->updates = g_array_new (FALSE, FALSE, sizeof (guint));
  result->results = g_array_new (FALSE, FALSE, sizeof (TgResult));
  result->texts = g_string_chunk_new (256);

  if (!tg_lexer_init (&reader.lexer, text, error)
      || !(tg_signature_follows (&reader.lexer) ? read_function (&reader, error)
                                               : read_body (&reader, error)))
    return NULL;

  return g_steal_pointer (&result);
}
