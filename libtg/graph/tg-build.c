/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-expression-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-name-scope-private.h"
#include "tg-operators.h"
#include "tg-origin-private.h"
#include "tg-value-private.h"

/* From an expression that was read to variables.  Items are visited in order, with a stack of
 * values; names that the text itself gives, by “let”, take the place of those of the bindings. */
typedef struct
{
  const TgExpression *expression;
  const TgBindings   *bindings;
  const TgItem       *item;
  GArray             *stack; /* TgValue */
  GHashTable         *names; /* name → variable, borrowed from the bindings or `kept` */
  GPtrArray          *kept;
  GPtrArray          *updates; /* new values */
} Builder;

/* Takes the variable; NULL, with an error set, is passed on. */
static gboolean
push_variable (Builder    *self,
               TgVariable *variable)
{
  TgValue value = { .variable = variable };

  if (variable != NULL)
    g_array_append_val (self->stack, value);

  return variable != NULL;
}

static gboolean
push_literal (Builder  *self,
              GVariant *literal)
{
  TgValue value = { .literal = g_variant_ref_sink (literal) };

  g_array_append_val (self->stack, value);

  return TRUE;
}

static TgValue *
get_values (Builder *self,
            guint    n_values)
{
  /* An empty array has no memory yet, and even 0 may not be added to a NULL.  */
  return n_values > 0 ? &g_array_index (self->stack, TgValue, self->stack->len - n_values) : NULL;
}

static void
drop_values (Builder *self,
             guint    n_values)
{
  g_array_set_size (self->stack, self->stack->len - n_values);
}

static gboolean
build_name (Builder  *self,
            GError  **error)
{
  const TgBindings *bindings = self->bindings;
  const char *name = self->item->text;
  TgVariable *variable = g_hash_table_lookup (self->names, name);
  GVariant *word;

  if (variable != NULL)
    return push_variable (self, g_object_ref (variable));

  for (guint i = 0; bindings->op != NULL && i < bindings->op->n_parameters; i++)
    {
      if (strcmp (bindings->op->parameters[i].name, name) == 0)
        return push_literal (self, bindings->attributes[i]);
    }

  word = tg_literal_from_word (name);
  if (word != NULL)
    return push_literal (self, word);

  return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "there is no variable “%s”", name);
}

static gboolean
build_apply (Builder        *self,
             const TgOpInfo *op,
             guint           n_values,
             GError        **error)
{
  TgVariable *result = tg_value_apply (op, get_values (self, n_values), n_values, error);

  drop_values (self, n_values);

  return push_variable (self, result);
}

static gboolean
build_operator (Builder  *self,
                GError  **error)
{
  const char *sign = self->item->text;
  gboolean prefix = self->item->n_arguments == 1;
  TgValue *value = get_values (self, 1);
  GVariant *negative = prefix && sign[0] == '-' ? tg_literal_negate (value->literal) : NULL;

  if (negative != NULL)
    {
      drop_values (self, 1);
      return push_literal (self, negative);
    }

  return build_apply (self, tg_op_info_find_sign (sign, prefix), self->item->n_arguments, error);
}

/* inverse_permutation (axes): the one function of attributes that gradients need. */
static gboolean
build_inverse_permutation (Builder  *self,
                           GError  **error)
{
  TgValue *value = get_values (self, self->item->n_arguments);
  g_autofree gint64 *inverse = NULL;
  const gint64 *axes;
  gsize n_axes;

  if (self->item->n_arguments != 1 || value->literal == NULL
      || !g_variant_is_of_type (value->literal, G_VARIANT_TYPE ("ax")))
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "inverse_permutation takes a list of axes");

  axes = g_variant_get_fixed_array (value->literal, &n_axes, sizeof (gint64));
  inverse = g_new0 (gint64, n_axes + 1);
  for (gsize i = 0; i < n_axes; i++)
    {
      if (axes[i] < 0 || axes[i] >= (gint64) n_axes)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "there is no axis %" G_GINT64_FORMAT,
                              axes[i]);
      inverse[axes[i]] = (gint64) i;
    }

  drop_values (self, 1);

  return push_literal (self, tg_attribute_ints (inverse, n_axes));
}

/* Of a number a constant of that dtype. */
static gboolean
convert_value (Builder  *self,
               TgDType   dtype,
               GError  **error)
{
  TgValue *value = get_values (self, 1);
  g_autoptr (TgVariable) variable = NULL;
  TgVariable *result;

  variable = tg_value_dup_variable (value, error);
  if (variable == NULL)
    return push_variable (self, NULL);

  if (value->literal != NULL)
    {
      g_autoptr (TgTensor) tensor = tg_tensor_astype (TG_CONSTANT (variable)->value, dtype, error);

      result = tensor != NULL ? tg_constant_new (tensor) : NULL;
    }
  else
    result = tg_astype (variable, dtype, error);

  drop_values (self, 1);

  return push_variable (self, result);
}

/* f32 (0.5) is a constant of that dtype, f32 (x) a conversion. */
static gboolean
build_conversion (Builder  *self,
                  TgDType   dtype,
                  GError  **error)
{
  if (self->item->n_arguments != 1)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s takes one argument", self->item->text);

  return convert_value (self, dtype, error);
}

/* cast_like (x, y): x in the dtype of y, which expansions do not know. */
static gboolean
build_cast_like (Builder  *self,
                 GError  **error)
{
  TgValue *values = get_values (self, self->item->n_arguments);
  TgDType dtype;

  if (self->item->n_arguments != 2 || values[1].variable == NULL)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "cast_like takes a value and a variable");

  dtype = values[1].variable->type->dtype;
  drop_values (self, 1);

  return convert_value (self, dtype, error);
}

/* complex (re, im) of two numbers is a number. */
static GVariant *
find_complex (Builder *self)
{
  TgValue *values = self->item->n_arguments == 2 ? get_values (self, 2) : NULL;

  if (values == NULL || strcmp (self->item->text, "complex") != 0
      || values[0].keyword != NULL || values[1].keyword != NULL
      || values[0].literal == NULL || values[1].literal == NULL)
    return NULL;

  return tg_literal_complex (values[0].literal, values[1].literal);
}

static gboolean
build_call (Builder  *self,
            GError  **error)
{
  const char *name = self->item->text;
  const TgOpInfo *op = tg_op_info_find (name);
  GVariant *number = find_complex (self);
  TgDType dtype;

  if (number != NULL)
    {
      drop_values (self, 2);
      return push_literal (self, number);
    }

  if (op != NULL)
    return build_apply (self, op, self->item->n_arguments, error);

  if (tg_dtype_from_name (name, &dtype, NULL))
    return build_conversion (self, dtype, error);

  if (strcmp (name, "inverse_permutation") == 0)
    return build_inverse_permutation (self, error);

  if (strcmp (name, "cast_like") == 0)
    return build_cast_like (self, error);

  return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "there is no operator “%s”", name);
}

static gboolean
build_list (Builder  *self,
            GError  **error)
{
  guint n_values = self->item->n_arguments;
  TgValue *values = get_values (self, n_values);
  TgValue list = { .depth = 1 };
  GVariant *literal;

  for (guint i = 0; i < n_values; i++)
    list.depth = MAX (list.depth, values[i].depth + 1);

  if (list.depth > TG_MAX_NDIM)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "more than %d lists are in each other",
                          TG_MAX_NDIM);

  literal = tg_literal_list (values, n_values);
  if (literal != NULL)
    list.literal = g_variant_ref_sink (literal);

  /* The elements move from the stack to the list. */
  list.list = tg_value_array_new ();
  for (guint i = 0; i < n_values; i++)
    {
      g_array_append_val (list.list, values[i]);
      values[i] = (TgValue) { NULL, };
    }

  drop_values (self, n_values);
  g_array_append_val (self->stack, list);

  return TRUE;
}

static gboolean
build_slice (Builder  *self,
             GError  **error)
{
  guint present = self->item->present;
  guint n_values = (guint) __builtin_popcount (present);
  TgValue *values = get_values (self, n_values);
  TgValue slice = { .is_slice = TRUE, .step = 1 };

  if (present & 4)
    {
      GVariant *step = values[n_values - 1].literal;

      if (step == NULL || !g_variant_is_of_type (step, G_VARIANT_TYPE_INT64))
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error,
                              "the step of a slice must be written out");
      slice.step = g_variant_get_int64 (step);
    }

  for (guint i = 0; i < 2; i++)
    {
      gint64 preset = i == 0 ? tg_slice_first (slice.step) : tg_slice_last (slice.step);

      if (present & (1u << i))
        slice.bounds[i] = tg_value_dup_variable (values++, error);
      else
        slice.bounds[i] = tg_constant_new_integer (preset);

      if (slice.bounds[i] == NULL)
        {
          g_clear_object (&slice.bounds[0]);
          return push_variable (self, NULL);
        }
    }

  drop_values (self, n_values);
  g_array_append_val (self->stack, slice);

  return TRUE;
}

static gboolean
build_index (Builder  *self,
             GError  **error)
{
  guint n_values = self->item->n_arguments;
  TgValue *values = get_values (self, n_values + 1);
  g_autoptr (TgVariable) indexed = tg_value_dup_variable (&values[0], error);
  TgVariable *result;

  if (indexed == NULL)
    return push_variable (self, NULL);

  result = tg_value_index (indexed, values + 1, n_values, error);
  drop_values (self, n_values + 1);

  return push_variable (self, result);
}

/* What a person's text calls a part is its name, unless the printer made it up. */
static void
name_let (Builder    *self,
          TgVariable *variable)
{
  const TgItem *item = self->item;

  if (self->bindings->op != NULL || variable->op == NULL || variable->name != NULL)
    return;

  if (item->label != NULL)
    variable->name = item->label[0] != '\0' ? g_strdup (item->label) : NULL;
  else if (!tg_notation_is_temporary (item->text))
    variable->name = tg_name_scope_apply (item->text);
}

static gboolean
build_update (Builder  *self,
              GError  **error)
{
  TgVariable *variable = tg_value_dup_variable (get_values (self, 1), error);

  if (variable == NULL)
    return FALSE;

  drop_values (self, 1);
  g_ptr_array_add (self->updates, variable);

  return TRUE;
}

static gboolean
build_let (Builder  *self,
           GError  **error)
{
  TgVariable *variable = tg_value_dup_variable (get_values (self, 1), error);

  if (variable == NULL)
    return push_variable (self, NULL);

  drop_values (self, 1);
  name_let (self, variable);
  g_ptr_array_add (self->kept, variable);
  g_hash_table_replace (self->names, (gpointer) self->item->text, variable);

  return TRUE;
}

static gboolean
is_negated (Builder *self)
{
  const TgItem *items = (const TgItem *) (gpointer) self->expression->items->data;
  const TgItem *next = self->item + 1;

  return next < items + self->expression->items->len && next->kind == TG_ITEM_OPERATOR
         && next->n_arguments == 1 && next->text[0] == '-';
}

static gboolean
build_item (Builder  *self,
            GError  **error)
{
  const TgItem *item = self->item;
  TgValue ellipsis = { .is_ellipsis = TRUE };

  switch (item->kind)
    {
    case TG_ITEM_INTEGER:
      if (item->integer == G_MININT64 && !is_negated (self))
        return tg_parse_fail (TG_PARSE_ERROR_NUMBER, error, "%s is too large", item->text);
      return push_literal (self, g_variant_new_int64 (item->integer));

    case TG_ITEM_FLOAT:
      return push_literal (self, g_variant_new_double (item->number));

    case TG_ITEM_STRING:
      return push_literal (self, g_variant_new_string (item->text));

    case TG_ITEM_NAME:
      return build_name (self, error);

    case TG_ITEM_ELLIPSIS:
      g_array_append_val (self->stack, ellipsis);
      return TRUE;

    case TG_ITEM_OPERATOR:
      return build_operator (self, error);

    case TG_ITEM_CALL:
      return build_call (self, error);

    case TG_ITEM_KEYWORD:
      get_values (self, 1)->keyword = item->text;
      return TRUE;

    case TG_ITEM_LIST:
      return build_list (self, error);

    case TG_ITEM_SLICE:
      return build_slice (self, error);

    case TG_ITEM_INDEX:
      return build_index (self, error);

    case TG_ITEM_UPDATE:
      return build_update (self, error);

    case TG_ITEM_LET:
    default:
      return build_let (self, error);
    }
}

/* Errors keep their domain and get the place in front, unless the text is the library's own. */
static gpointer
add_place (Builder  *self,
           GError  **error)
{
  if (self->bindings->op != NULL)
    return NULL;

  g_prefix_error (error, "%u:%u: ", self->item->line, self->item->column);

  return NULL;
}

/* Variables of a person's text remember where in it they were made; those of the gradient lines of
 * the operator table have the origin of the operator. */
static gboolean
build_item_at (Builder  *self,
               TgPlace  *outer,
               GError  **error)
{
  gboolean built;

  if (self->bindings->op != NULL)
    return build_item (self, error);

  tg_origin_push_text (outer, self->item->line, self->item->column);
  built = build_item (self, error);
  tg_origin_pop (TG_ORIGIN_TEXT);

  return built;
}

GPtrArray *
tg_expression_build (const TgExpression *self,
                     const TgBindings   *bindings,
                     GError            **error)
{
  g_autoptr (GArray) stack = tg_value_array_new ();
  g_autoptr (GHashTable) names = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr (GPtrArray) kept = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgPlace) outer = bindings->op == NULL ? tg_origin_dup_place () : NULL;
  Builder builder = {
    .expression = self, .bindings = bindings, .stack = stack, .names = names, .kept = kept,
    .updates = updates,
  };

  /* Of two variables with one name, the first is meant. */
  for (guint i = bindings->n_variables; i-- > 0;)
    g_hash_table_insert (names, (gpointer) bindings->names[i], bindings->variables[i]);

  for (guint i = 0; i < self->items->len; i++)
    {
      builder.item = &g_array_index (self->items, TgItem, i);
      if (!build_item_at (&builder, outer, error))
        return add_place (&builder, error);
    }

  for (guint i = 0; i < stack->len; i++)
    {
      TgVariable *output = tg_value_dup_variable (&g_array_index (stack, TgValue, i), error);

      if (output == NULL)
        return add_place (&builder, error);

      g_ptr_array_add (outputs, output);
    }

  for (guint i = 0; i < updates->len; i++)
    g_ptr_array_add (outputs, g_object_ref (updates->pdata[i]));

  return g_steal_pointer (&outputs);
}
