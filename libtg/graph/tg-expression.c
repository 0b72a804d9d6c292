/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-expression-private.h"

#include <errno.h>
#include <math.h>

#include "tg-error.h"
#include "tg-reader-private.h"

/* Reads expressions, with a stack of signs and brackets that are not done. */

typedef enum
{
  OPEN_SIGN,
  OPEN_PARENTHESIS,
  OPEN_CALL,
  OPEN_LIST,
  OPEN_INDEX,
} OpenKind;

/* Something begun: a sign that waits for its right side, or a bracket. */
typedef struct
{
  OpenKind    kind;
  guint       precedence;
  guint       n_arguments;
  guint       n_colons;
  guint       present;
  const char *text;
  const char *keyword;
  guint       line;
  guint       column;
} Open;

enum
{
  PRECEDENCE_COMPARISON = 1,
  PRECEDENCE_PREFIX = 8,
  PRECEDENCE_POWER = 9,
};

guint
tg_notation_precedence (const char *sign,
                        gboolean    prefix)
{
  static const struct
  {
    const char *sign;
    guint       precedence;
  } table[] = {
    { "==", PRECEDENCE_COMPARISON }, { "!=", PRECEDENCE_COMPARISON },
    { "<", PRECEDENCE_COMPARISON }, { "<=", PRECEDENCE_COMPARISON },
    { ">", PRECEDENCE_COMPARISON }, { ">=", PRECEDENCE_COMPARISON },
    { "|", 2 }, { "^", 3 }, { "&", 4 }, { "<<", 5 }, { ">>", 5 }, { "+", 6 }, { "-", 6 },
    { "*", 7 }, { "/", 7 }, { "//", 7 }, { "%", 7 }, { "@", 7 }, { "**", PRECEDENCE_POWER },
  };

  if (prefix)
    return PRECEDENCE_PREFIX;

  for (guint i = 0; i < G_N_ELEMENTS (table); i++)
    {
      if (strcmp (table[i].sign, sign) == 0)
        return table[i].precedence;
    }

  return 0;
}

gboolean
tg_notation_is_temporary (const char *name)
{
  return name[0] == 't' && name[1] != '\0' && name[1] != '0'
         && name[1 + strspn (name + 1, "0123456789")] == '\0';
}

TgItem *
tg_reader_emit (TgReader   *self,
                TgItemKind  kind,
                const char *text,
                guint       line,
                guint       column)
{
  TgItem item = { .kind = kind, .text = text, .line = line, .column = column };

  g_array_append_val (self->result->items, item);

  return &g_array_index (self->result->items, TgItem, self->result->items->len - 1);
}

GArray *
tg_reader_open_new (void)
{
  return g_array_new (FALSE, FALSE, sizeof (Open));
}

static TgItem *
emit_token (TgReader   *self,
            TgItemKind  kind)
{
  TgToken token = self->lexer.token;
  const char *text = g_string_chunk_insert_len (self->result->texts, token.start,
                                                (gssize) token.length);

  return tg_reader_emit (self, kind, text, token.line, token.column);
}

/* A string, without the backslashes before quotation marks and other backslashes. */
static void
emit_string (TgReader *self)
{
  g_autofree char *plain = tg_token_dup_string (self->lexer.token);
  TgItem *item = emit_token (self, TG_ITEM_STRING);

  item->text = g_string_chunk_insert (self->result->texts, plain);
}

static Open *
get_top (TgReader *self)
{
  return self->open->len > 0 ? &g_array_index (self->open, Open, self->open->len - 1) : NULL;
}

static void
push (TgReader *self,
      OpenKind  kind,
      guint     precedence,
      guint     n_arguments)
{
  TgToken token = self->lexer.token;
  Open open = {
    .kind = kind, .precedence = precedence, .n_arguments = n_arguments,
    .line = token.line, .column = token.column,
    .text = g_string_chunk_insert_len (self->result->texts, token.start, (gssize) token.length),
  };

  g_array_append_val (self->open, open);
}

static void
pop (TgReader *self)
{
  g_array_set_size (self->open, self->open->len - 1);
}

/* Ends the signs that bind at least as tightly as `precedence`. */
static void
reduce (TgReader *self,
        guint     precedence)
{
  Open *top;

  while ((top = get_top (self)) != NULL && top->kind == OPEN_SIGN
         && top->precedence >= precedence)
    {
      tg_reader_emit (self, TG_ITEM_OPERATOR, top->text, top->line, top->column)->n_arguments =
        top->n_arguments;
      pop (self);
    }
}

static gboolean
read_number (TgReader  *self,
             GError   **error)
{
  TgItem *item;
  gboolean is_float = self->lexer.token.kind == TG_TOKEN_FLOAT;

  item = emit_token (self, is_float ? TG_ITEM_FLOAT : TG_ITEM_INTEGER);
  errno = 0;
  if (is_float)
    item->number = g_ascii_strtod (item->text, NULL);
  else if (strcmp (item->text, "9223372036854775808") == 0)
    item->integer = G_MININT64; /* to be negated, which the builder checks */
  else
    item->integer = g_ascii_strtoll (item->text, NULL, 10);

  if (errno == ERANGE && (!is_float || isinf (item->number)))
    {
      g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_NUMBER, "%u:%u: %s is too large",
                   item->line, item->column, item->text);
      return FALSE;
    }

  self->wants_value = FALSE;

  return tg_lexer_advance (&self->lexer, error);
}

/* A name: of a variable, of a function to be called, or of an argument. */
static gboolean
read_name (TgReader  *self,
           GError   **error)
{
  TgToken name = self->lexer.token;
  Open *top = get_top (self);

  if (!tg_lexer_advance (&self->lexer, error))
    return FALSE;

  if (tg_lexer_is (&self->lexer, "="))
    {
      if (top == NULL || top->kind != OPEN_CALL || top->keyword != NULL)
        return tg_lexer_fail (&self->lexer, "an operator", error);

      top->keyword = g_string_chunk_insert_len (self->result->texts, name.start,
                                                (gssize) name.length);
      return tg_lexer_advance (&self->lexer, error);
    }

  if (tg_lexer_is (&self->lexer, "("))
    {
      push (self, OPEN_CALL, 0, 0);
      top = get_top (self);
      top->text = g_string_chunk_insert_len (self->result->texts, name.start,
                                             (gssize) name.length);
      top->line = name.line;
      top->column = name.column;
      return tg_lexer_advance (&self->lexer, error);
    }

  tg_reader_emit (self, TG_ITEM_NAME,
        g_string_chunk_insert_len (self->result->texts, name.start, (gssize) name.length),
        name.line, name.column);
  self->wants_value = FALSE;

  return TRUE;
}

/* A bracket may close, or a part of a slice be absent, where a value could stand. */
static gboolean
may_be_absent (TgReader *self)
{
  Open *top = get_top (self);

  if (top == NULL)
    return FALSE;

  if (top->kind == OPEN_CALL && top->n_arguments == 0 && top->keyword == NULL)
    return tg_lexer_is (&self->lexer, ")");

  if (top->kind == OPEN_LIST && top->n_arguments == 0)
    return tg_lexer_is (&self->lexer, "]");

  if (top->kind == OPEN_INDEX)
    return tg_lexer_is (&self->lexer, ":")
           || (top->n_colons > 0
               && (tg_lexer_is (&self->lexer, ",") || tg_lexer_is (&self->lexer, "]")));

  return FALSE;
}

static gboolean
read_value (TgReader  *self,
            GError   **error)
{
  TgLexer *lexer = &self->lexer;

  switch (lexer->token.kind)
    {
    case TG_TOKEN_INTEGER:
    case TG_TOKEN_FLOAT:
      return read_number (self, error);

    case TG_TOKEN_STRING:
      emit_string (self);
      self->wants_value = FALSE;
      return tg_lexer_advance (lexer, error);

    case TG_TOKEN_NAME:
      return read_name (self, error);

    case TG_TOKEN_SIGN:
      if (tg_lexer_is (lexer, "-") || tg_lexer_is (lexer, "~"))
        push (self, OPEN_SIGN, PRECEDENCE_PREFIX, 1);
      else if (tg_lexer_is (lexer, "("))
        push (self, OPEN_PARENTHESIS, 0, 0);
      else if (tg_lexer_is (lexer, "["))
        push (self, OPEN_LIST, 0, 0);
      else if (tg_lexer_is (lexer, "...") && get_top (self) != NULL
               && get_top (self)->kind == OPEN_INDEX)
        {
          emit_token (self, TG_ITEM_ELLIPSIS);
          self->wants_value = FALSE;
        }
      else
        break;

      return tg_lexer_advance (lexer, error);

    case TG_TOKEN_END:
    default:
      break;
    }

  return tg_lexer_fail (lexer, "an expression", error);
}

static gboolean
read_infix (TgReader  *self,
            guint      precedence,
            GError   **error)
{
  Open *top;

  /* A power binds to the right: 2 ** 3 ** 2 is 2 ** (3 ** 2). */
  reduce (self, precedence == PRECEDENCE_POWER ? precedence + 1
                                               : MAX (precedence, PRECEDENCE_COMPARISON + 1));
  top = get_top (self);
  if (precedence == PRECEDENCE_COMPARISON && top != NULL && top->kind == OPEN_SIGN)
    return tg_lexer_fail (&self->lexer, "“&” between two comparisons", error);

  push (self, OPEN_SIGN, precedence, 2);
  self->wants_value = TRUE;

  return tg_lexer_advance (&self->lexer, error);
}

/* Ends an argument of a bracket; `present` tells whether there is a value before the sign. */
static void
end_argument (TgReader *self,
              gboolean  present)
{
  Open *top = get_top (self);

  if (top->keyword != NULL)
    {
      tg_reader_emit (self, TG_ITEM_KEYWORD, top->keyword, self->lexer.token.line,
            self->lexer.token.column);
      top->keyword = NULL;
    }

  if (top->n_colons > 0)
    {
      if (present)
        top->present |= 1u << top->n_colons;
      tg_reader_emit (self, TG_ITEM_SLICE, NULL, top->line, top->column)->present = top->present;
      top->n_colons = top->present = 0;
      present = TRUE;
    }

  top->n_arguments += present ? 1 : 0;
}

static gboolean
close_bracket (TgReader  *self,
               gboolean   present,
               GError   **error)
{
  static const TgItemKind kinds[] = {
    [OPEN_CALL] = TG_ITEM_CALL, [OPEN_LIST] = TG_ITEM_LIST, [OPEN_INDEX] = TG_ITEM_INDEX,
  };
  gboolean round = tg_lexer_is (&self->lexer, ")");
  Open *top = get_top (self);

  if (top == NULL || round != (top->kind == OPEN_PARENTHESIS || top->kind == OPEN_CALL))
    return tg_lexer_fail (&self->lexer, "an operator or the end", error);

  if (top->kind != OPEN_PARENTHESIS)
    {
      end_argument (self, present);
      tg_reader_emit (self, kinds[top->kind], top->text, top->line, top->column)->n_arguments =
        top->n_arguments;
    }

  pop (self);
  self->wants_value = FALSE;

  return tg_lexer_advance (&self->lexer, error);
}

/* Reads what may follow a value, or stand in place of one that is absent. */
static gboolean
read_separator (TgReader  *self,
                gboolean   present,
                GError   **error)
{
  TgLexer *lexer = &self->lexer;
  Open *top;

  reduce (self, PRECEDENCE_COMPARISON);
  top = get_top (self);
  self->wants_value = TRUE;

  if (tg_lexer_is (lexer, ")") || tg_lexer_is (lexer, "]"))
    return close_bracket (self, present, error);

  if (tg_lexer_is (lexer, ",") && top != NULL && top->kind != OPEN_PARENTHESIS)
    {
      end_argument (self, present);
      return tg_lexer_advance (lexer, error);
    }

  if (tg_lexer_is (lexer, ":") && top != NULL && top->kind == OPEN_INDEX && top->n_colons < 2)
    {
      if (present)
        top->present |= 1u << top->n_colons;
      top->n_colons++;
      return tg_lexer_advance (lexer, error);
    }

  return tg_lexer_fail (lexer, top != NULL ? "an operator or a closing bracket"
                                           : "an operator or the end", error);
}

gboolean
tg_reader_read_expression (TgReader  *self,
                           GError   **error)
{
  TgLexer *lexer = &self->lexer;

  self->wants_value = TRUE;
  for (;;)
    {
      gboolean success;

      if (self->wants_value)
        success = may_be_absent (self) ? read_separator (self, FALSE, error)
                                       : read_value (self, error);
      else if (self->open->len == 0 && lexer->token.kind == TG_TOKEN_END)
        return TRUE;
      else
        {
          g_autofree char *sign = tg_token_dup (lexer->token);
          guint precedence = lexer->token.kind == TG_TOKEN_SIGN
                               ? tg_notation_precedence (sign, FALSE) : 0;
          Open *top;

          if (precedence > 0)
            success = read_infix (self, precedence, error);
          else if (tg_lexer_is (lexer, "["))
            {
              push (self, OPEN_INDEX, 0, 0);
              self->wants_value = TRUE;
              success = tg_lexer_advance (lexer, error);
            }
          else
            {
              reduce (self, PRECEDENCE_COMPARISON);
              top = get_top (self);
              if (top == NULL && (lexer->token.kind == TG_TOKEN_END || tg_lexer_is (lexer, ",")
                                  || tg_lexer_is (lexer, ";") || tg_lexer_is_word (lexer, "as")
                                  || tg_lexer_is_word (lexer, "borrow")))
                return TRUE;
              success = read_separator (self, TRUE, error);
            }
        }

      if (!success)
        return FALSE;
    }
}
