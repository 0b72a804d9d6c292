/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-private.h"

#include "tg-attribute-private.h"
#include "tg-error.h"
#include "tg-expression-private.h"
#include "tg-rule-function-private.h"
#include "tg-value-private.h"

/* From an expression that was read to a pattern: letters take the place of variables. */

/* What an item of an expression became. */
typedef struct
{
  TgPattern  *pattern;
  GVariant   *literal;
  GArray     *list;    /* Value */
  const char *keyword;
} Value;

typedef struct
{
  TgRule *rule;
  GArray *stack; /* Value */
} Reader;

static void
clear_value (gpointer data)
{
  Value *value = data;

  g_clear_pointer (&value->pattern, tg_pattern_free);
  g_clear_pointer (&value->literal, g_variant_unref);
  g_clear_pointer (&value->list, g_array_unref);
}

static GArray *
new_values (void)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (Value));

  g_array_set_clear_func (values, clear_value);

  return values;
}

static Value *
get_values (Reader *self,
            guint   n_values)
{
  return &g_array_index (self->stack, Value, self->stack->len - n_values);
}

static void
drop (Reader *self,
      guint   n_values)
{
  g_array_set_size (self->stack, self->stack->len - n_values);
}

static void
push (Reader *self,
      Value   value)
{
  if (value.literal != NULL)
    g_variant_ref_sink (value.literal);

  g_array_append_val (self->stack, value);
}

static gboolean
find_letter (TgRule     *rule,
             const char *name,
             guint      *letter,
             GError    **error)
{
  for (*letter = 0; *letter < rule->n_letters; (*letter)++)
    {
      if (strcmp (rule->letters[*letter].name, name) == 0)
        return TRUE;
    }

  if (rule->n_letters == TG_RULE_MAX_LETTERS)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "a rule has at most %d letters",
                          TG_RULE_MAX_LETTERS);

  rule->letters[rule->n_letters++].name = g_strdup (name);

  return TRUE;
}

static gboolean
get_number (GVariant *literal,
            double   *number)
{
  if (literal == NULL)
    return FALSE;

  if (g_variant_is_of_type (literal, G_VARIANT_TYPE_INT64))
    *number = (double) g_variant_get_int64 (literal);
  else if (g_variant_is_of_type (literal, G_VARIANT_TYPE_DOUBLE))
    *number = g_variant_get_double (literal);
  else if (g_variant_is_of_type (literal, G_VARIANT_TYPE_BOOLEAN))
    *number = g_variant_get_boolean (literal);
  else
    return FALSE;

  return TRUE;
}

/* Takes the pattern of a value, which may be a number. */
static TgPattern *
take_pattern (Value   *value,
              GError **error)
{
  double number;

  if (value->pattern != NULL
      && (value->pattern->kind != TG_PATTERN_CALL || value->pattern->function->make != NULL))
    return g_steal_pointer (&value->pattern);

  if (get_number (value->literal, &number))
    return tg_pattern_new_number (number);

  tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "an expression is expected, not a list or text");

  return NULL;
}

static TgPattern *
new_apply (const TgOpInfo *op)
{
  TgPattern *pattern = g_new0 (TgPattern, 1);

  pattern->kind = TG_PATTERN_APPLY;
  pattern->op = op;
  for (guint i = 0; i < TG_OP_MAX_PARAMETERS; i++)
    pattern->attribute_letters[i] = -1;

  return pattern;
}

static gboolean
add_input (TgPattern  *pattern,
           Value      *value,
           GError    **error)
{
  TgPattern *input;

  if (pattern->n_inputs == TG_OP_MAX_INPUTS)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s has too many inputs",
                          pattern->op->name);

  input = take_pattern (value, error);
  if (input == NULL)
    return FALSE;

  pattern->inputs[pattern->n_inputs++] = input;

  return TRUE;
}

static gboolean
add_inputs (TgPattern  *pattern,
            Value      *value,
            GError    **error)
{
  if (value->list == NULL)
    return add_input (pattern, value, error);

  for (guint i = 0; i < value->list->len; i++)
    {
      if (!add_input (pattern, &g_array_index (value->list, Value, i), error))
        return FALSE;
    }

  return TRUE;
}

static GVariant *
convert_attribute (const TgParameterInfo *parameter,
                   GVariant              *literal)
{
  double number;

  if (parameter->kind == TG_PARAMETER_AXES && g_variant_is_of_type (literal, G_VARIANT_TYPE ("ax")))
    return g_variant_ref_sink (g_variant_new_maybe (NULL, literal));

  if (parameter->kind == TG_PARAMETER_FLOAT && get_number (literal, &number))
    return g_variant_ref_sink (g_variant_new_double (number));

  return g_variant_ref (literal);
}

static gboolean
add_attribute (Reader      *self,
               TgPattern   *pattern,
               guint        number,
               Value       *value,
               GError     **error)
{
  const TgParameterInfo *parameter = &pattern->op->parameters[number];

  if (value->pattern != NULL && value->pattern->kind == TG_PATTERN_LETTER)
    {
      pattern->attribute_letters[number] = (int) value->pattern->letter;
      self->rule->letters[value->pattern->letter].is_attribute = TRUE;
      return TRUE;
    }

  if (value->pattern != NULL && value->pattern->kind == TG_PATTERN_CALL
      && value->pattern->function->compute != NULL)
    {
      pattern->attribute_calls[number] = g_steal_pointer (&value->pattern);
      return TRUE;
    }

  if (value->literal == NULL)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s is neither a letter nor a value",
                          parameter->name);

  g_clear_pointer (&pattern->attributes[number], g_variant_unref);
  pattern->attributes[number] = convert_attribute (parameter, value->literal);

  return tg_attribute_check (parameter, pattern->attributes[number], error);
}

/* An argument with a keyword is an attribute, or an input that is named. */
static gboolean
add_keyword (Reader     *self,
             TgPattern  *pattern,
             Value      *value,
             GError    **error)
{
  for (guint i = 0; i < pattern->op->n_parameters; i++)
    {
      if (strcmp (pattern->op->parameters[i].name, value->keyword) == 0)
        return add_attribute (self, pattern, i, value, error);
    }

  if (pattern->n_inputs < pattern->op->n_inputs
      && strcmp (pattern->op->inputs[pattern->n_inputs].name, value->keyword) == 0)
    return add_inputs (pattern, value, error);

  return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "%s has no parameter “%s”",
                        pattern->op->name, value->keyword);
}

static gboolean
apply (Reader          *self,
       const TgOpInfo  *op,
       guint            n_values,
       GError         **error)
{
  g_autoptr (TgPattern) pattern = new_apply (op);
  Value *values = get_values (self, n_values);

  for (guint i = 0; i < n_values; i++)
    {
      if (!(values[i].keyword != NULL ? add_keyword (self, pattern, &values[i], error)
                                      : add_inputs (pattern, &values[i], error)))
        return FALSE;
    }

  pattern->is_list = op->variadic && pattern->n_inputs == 1 && values[0].list == NULL
                     && pattern->inputs[0]->kind == TG_PATTERN_LETTER;
  if (!op->variadic && pattern->n_inputs != op->n_inputs)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s takes %u inputs, not %u", op->name,
                          op->n_inputs, pattern->n_inputs);

  drop (self, n_values);
  push (self, (Value) { .pattern = g_steal_pointer (&pattern) });

  return TRUE;
}

/* The letters of a call or of a form. */
static gboolean
add_letters (Reader     *self,
             TgPattern  *pattern,
             guint       n_values,
             GError    **error)
{
  Value *values = get_values (self, n_values);

  for (guint i = 0; i < n_values; i++)
    {
      if (values[i].pattern == NULL || values[i].pattern->kind != TG_PATTERN_LETTER)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "only letters may stand there");

      pattern->arguments[pattern->n_arguments++] = values[i].pattern->letter;
    }

  drop (self, n_values);

  return TRUE;
}

/* elementwise (x) or reduction (x): any operator of the form. */
static gboolean
read_form (Reader    *self,
           TgOpForm   form,
           guint      n_values,
           GError   **error)
{
  g_autoptr (TgPattern) pattern = tg_pattern_new_letter (0);

  if (n_values != 1 || self->rule->left != NULL)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "a form stands on the left, of one letter");

  if (!add_letters (self, pattern, 1, error))
    return FALSE;

  pattern->kind = TG_PATTERN_FORM;
  pattern->form = form;
  pattern->letter = pattern->arguments[0];
  push (self, (Value) { .pattern = g_steal_pointer (&pattern) });

  return TRUE;
}

static gboolean
read_function (Reader                *self,
               const TgRuleFunction  *function,
               guint                  n_values,
               GError               **error)
{
  g_autoptr (TgPattern) pattern = tg_pattern_new_letter (0);

  if (n_values != function->n_arguments || self->rule->left == NULL || self->rule->right != NULL)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "“%s” stands on the right, of %u letters",
                          function->name, function->n_arguments);

  if (!add_letters (self, pattern, n_values, error))
    return FALSE;

  pattern->kind = TG_PATTERN_CALL;
  pattern->function = function;
  push (self, (Value) { .pattern = g_steal_pointer (&pattern) });

  return TRUE;
}

static gboolean
read_name (Reader        *self,
           const TgItem  *item,
           GError       **error)
{
  GVariant *literal = tg_literal_from_word (item->text);
  guint letter;

  if (literal != NULL)
    {
      push (self, (Value) { .literal = literal });
      return TRUE;
    }

  if (!find_letter (self->rule, item->text, &letter, error))
    return FALSE;

  push (self, (Value) { .pattern = tg_pattern_new_letter (letter) });

  return TRUE;
}

static gboolean
read_operator (Reader        *self,
               const TgItem  *item,
               GError       **error)
{
  gboolean prefix = item->n_arguments == 1;
  Value *value = get_values (self, 1);
  GVariant *negative = prefix && item->text[0] == '-' ? tg_literal_negate (value->literal) : NULL;

  if (negative == NULL)
    return apply (self, tg_op_info_find_sign (item->text, prefix), item->n_arguments, error);

  drop (self, 1);
  push (self, (Value) { .literal = negative });

  return TRUE;
}

static gboolean
read_call (Reader        *self,
           const TgItem  *item,
           GError       **error)
{
  const TgOpInfo *op = tg_op_info_find (item->text);
  const TgRuleFunction *function = op == NULL ? tg_rule_function_find (item->text) : NULL;

  if (function != NULL)
    return read_function (self, function, item->n_arguments, error);

  if (op == NULL && (strcmp (item->text, "elementwise") == 0
                     || strcmp (item->text, "reduction") == 0))
    return read_form (self, item->text[0] == 'e' ? TG_FORM_ELEMENTWISE : TG_FORM_REDUCE,
                      item->n_arguments, error);

  if (op == NULL || op->form == TG_FORM_COMPOSITE)
    return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "there is no operator “%s” in graphs",
                          item->text);

  return apply (self, op, item->n_arguments, error);
}

/* Numbers alone are a value; anything else is a list of inputs. */
static gboolean
read_list (Reader       *self,
           const TgItem *item)
{
  guint n_values = item->n_arguments;
  Value *values = get_values (self, n_values);
  g_autofree gint64 *numbers = g_new0 (gint64, n_values + 1);
  Value result = { NULL, };
  gboolean is_literal = TRUE;

  for (guint i = 0; i < n_values; i++)
    {
      is_literal = is_literal && values[i].literal != NULL
                   && g_variant_is_of_type (values[i].literal, G_VARIANT_TYPE_INT64);
      if (is_literal)
        numbers[i] = g_variant_get_int64 (values[i].literal);
    }

  if (is_literal)
    result.literal = tg_attribute_ints (numbers, n_values);
  else
    {
      result.list = new_values ();
      for (guint i = 0; i < n_values; i++)
        {
          g_array_append_val (result.list, values[i]);
          values[i] = (Value) { NULL, };
        }
    }

  drop (self, n_values);
  push (self, result);

  return TRUE;
}

static gboolean
read_item (Reader        *self,
           const TgItem  *item,
           GError       **error)
{
  switch (item->kind)
    {
    case TG_ITEM_INTEGER:
      push (self, (Value) { .literal = g_variant_new_int64 (item->integer) });
      return TRUE;

    case TG_ITEM_FLOAT:
      push (self, (Value) { .literal = g_variant_new_double (item->number) });
      return TRUE;

    case TG_ITEM_STRING:
      push (self, (Value) { .literal = g_variant_new_string (item->text) });
      return TRUE;

    case TG_ITEM_NAME:
      return read_name (self, item, error);

    case TG_ITEM_OPERATOR:
      return read_operator (self, item, error);

    case TG_ITEM_CALL:
      return read_call (self, item, error);

    case TG_ITEM_KEYWORD:
      get_values (self, 1)->keyword = item->text;
      return TRUE;

    case TG_ITEM_LIST:
      return read_list (self, item);

    case TG_ITEM_ELLIPSIS:
    case TG_ITEM_SLICE:
    case TG_ITEM_INDEX:
    case TG_ITEM_LET:
    case TG_ITEM_UPDATE:
    default:
      return tg_parse_fail (TG_PARSE_ERROR_SYNTAX, error, "a rule has no indices and no “let”");
    }
}

TgPattern *
tg_pattern_read (TgRule      *rule,
                 const char  *text,
                 GError     **error)
{
  g_autoptr (TgExpression) expression = tg_expression_new (text, error);
  g_autoptr (GArray) stack = new_values ();
  Reader reader = { rule, stack };

  if (expression == NULL)
    return NULL;

  for (guint i = 0; i < expression->items->len; i++)
    {
      const TgItem *item = &g_array_index (expression->items, TgItem, i);

      if (!read_item (&reader, item, error))
        {
          g_prefix_error (error, "%u:%u: ", item->line, item->column);
          return NULL;
        }
    }

  return take_pattern (get_values (&reader, 1), error);
}
