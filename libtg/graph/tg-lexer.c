/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-lexer-private.h"

#include <string.h>

#include "tg-error.h"

/* Long ones first, so that each is read whole. */
static const char *const signs[] = {
  "...", "**", "//", "==", "!=", "<=", ">=", "<<", ">>", "+", "-", "*", "/", "%", "@", "<", ">",
  "&", "|", "^", "~", "(", ")", "[", "]", ",", ":", ";", "=", "?",
};

char *
tg_token_dup (TgToken token)
{
  return g_strndup (token.start, token.length);
}

char *
tg_token_dup_string (TgToken token)
{
  char *text = g_malloc (token.length + 1);
  char *end = text;

  for (gsize i = 0; i < token.length; i++)
    {
      char escaped = token.start[i] == '\\' && i + 1 < token.length ? token.start[i + 1] : '\0';

      if (escaped == '"' || escaped == '\\' || escaped == 'n')
        {
          *end++ = escaped == 'n' ? '\n' : escaped;
          i++;
        }
      else
        *end++ = token.start[i];
    }

  *end = '\0';

  return text;
}

gboolean
tg_lexer_is_word (const TgLexer *self,
                  const char    *word)
{
  return self->token.kind == TG_TOKEN_NAME && self->token.length == strlen (word)
         && strncmp (self->token.start, word, self->token.length) == 0;
}

gboolean
tg_lexer_is (TgLexer    *self,
             const char *sign)
{
  return self->token.kind == TG_TOKEN_SIGN
         && strlen (sign) == self->token.length
         && strncmp (self->token.start, sign, self->token.length) == 0;
}

gboolean
tg_lexer_fail (TgLexer     *self,
               const char  *expected,
               GError     **error)
{
  g_autofree char *found = tg_token_dup (self->token);

  if (self->token.kind == TG_TOKEN_END)
    g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX, "%u:%u: expected %s, not the end",
                 self->token.line, self->token.column, expected);
  else
    g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX, "%u:%u: expected %s, not “%s”",
                 self->token.line, self->token.column, expected, found);

  return FALSE;
}

gboolean
tg_lexer_expect (TgLexer     *self,
                 const char  *sign,
                 GError     **error)
{
  g_autofree char *expected = NULL;

  if (tg_lexer_is (self, sign))
    return tg_lexer_advance (self, error);

  expected = g_strdup_printf ("“%s”", sign);

  return tg_lexer_fail (self, expected, error);
}

static void
skip_blanks (TgLexer *self)
{
  while (*self->position != '\0')
    {
      if (*self->position == '#')
        self->position += strcspn (self->position, "\n");
      else if (*self->position == '\n')
        {
          self->line++;
          self->line_start = ++self->position;
        }
      else if (g_ascii_isspace (*self->position))
        self->position++;
      else
        return;
    }
}

static const char *
read_number (const char  *start,
             TgTokenKind *kind)
{
  const char *end = start;

  *kind = TG_TOKEN_INTEGER;
  while (g_ascii_isdigit (*end))
    end++;

  if (*end == '.' && end[1] != '.')
    {
      *kind = TG_TOKEN_FLOAT;
      end++;
      while (g_ascii_isdigit (*end))
        end++;
    }

  if (*end == 'e' || *end == 'E')
    {
      const char *exponent = end + 1;

      if (*exponent == '+' || *exponent == '-')
        exponent++;

      if (g_ascii_isdigit (*exponent))
        {
          *kind = TG_TOKEN_FLOAT;
          end = exponent;
          while (g_ascii_isdigit (*end))
            end++;
        }
    }

  return end;
}

static gboolean
read_string (TgLexer  *self,
             GError  **error)
{
  const char *text = self->position + 1;
  gsize length = 0;

  /* A backslash is before a quotation mark, or another backslash, that is part of the text; \n is
   * the end of a line in it. */
  while (text[length] != '\0' && text[length] != '\n' && text[length] != '"')
    length += text[length] == '\\' && (text[length + 1] == '"' || text[length + 1] == '\\') ? 2 : 1;

  if (text[length] != '"')
    {
      g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX, "%u:%u: the text does not end",
                   self->token.line, self->token.column);
      return FALSE;
    }

  self->token.kind = TG_TOKEN_STRING;
  self->token.start++;
  self->token.length = length;
  self->position += length + 2;

  return TRUE;
}

static gboolean
read_sign (TgLexer  *self,
           GError  **error)
{
  g_autofree char *character = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (signs); i++)
    {
      gsize length = strlen (signs[i]);

      if (self->position[0] == signs[i][0] && strncmp (self->position, signs[i], length) == 0)
        {
          self->token.kind = TG_TOKEN_SIGN;
          self->token.length = length;
          self->position += self->token.length;
          return TRUE;
        }
    }

  character = g_utf8_get_char_validated (self->position, -1) < 0x110000
                ? g_utf8_substring (self->position, 0, 1)
                : g_strdup_printf ("byte 0x%02x", (guchar) *self->position);
  g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX, "%u:%u: unknown sign “%s”",
               self->token.line, self->token.column, character);

  return FALSE;
}

gboolean
tg_lexer_advance (TgLexer  *self,
                  GError  **error)
{
  const char *end;

  skip_blanks (self);
  self->token.start = self->position;
  self->token.length = 0;
  self->token.line = self->line;
  self->token.column = (guint) (self->position - self->line_start) + 1;

  if (*self->position == '\0')
    {
      self->token.kind = TG_TOKEN_END;
      return TRUE;
    }

  if (*self->position == '"')
    return read_string (self, error);

  if (g_ascii_isdigit (*self->position)
      || (*self->position == '.' && g_ascii_isdigit (self->position[1])))
    end = read_number (self->position, &self->token.kind);
  else if (g_ascii_isalpha (*self->position) || *self->position == '_')
    {
      self->token.kind = TG_TOKEN_NAME;
      for (end = self->position; g_ascii_isalnum (*end) || *end == '_'; end++)
        continue;
    }
  else
    return read_sign (self, error);

  self->token.length = (gsize) (end - self->position);
  self->position = end;

  return TRUE;
}

/* Fails where a text that is no UTF-8 stops being so. */
static gboolean
check_bytes (const char  *text,
             GError     **error)
{
  guint line = 1;
  const char *start = text;
  const char *end;

  if (g_utf8_validate (text, -1, &end))
    return TRUE;

  for (const char *c = text; c < end; c++)
    {
      line += *c == '\n';
      start = *c == '\n' ? c + 1 : start;
    }

  g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX, "%u:%u: byte 0x%02x is no UTF-8",
               line, (guint) (end - start) + 1, (guchar) *end);

  return FALSE;
}

gboolean
tg_lexer_init (TgLexer     *self,
               const char  *text,
               GError     **error)
{
  if (!check_bytes (text, error))
    return FALSE;

  *self = (TgLexer) { .position = text, .line = 1, .line_start = text };

  return tg_lexer_advance (self, error);
}
