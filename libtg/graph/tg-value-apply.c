/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-value-private.h"

#include "tg-attribute-private.h"
#include "tg-variables-private.h"

/* Operators applied to what text gives: by position or by name, inputs or parameters. */

/* What an operator takes for a parameter, from what the text gives. */
static GVariant *
adapt_literal (const TgParameterInfo *parameter,
               GVariant              *literal)
{
  GVariant *adapted = g_variant_ref (literal);

  if (g_variant_is_of_type (literal, G_VARIANT_TYPE_INT64)
      && (parameter->kind == TG_PARAMETER_AXES || parameter->kind == TG_PARAMETER_INTS))
    {
      gint64 integer = g_variant_get_int64 (literal);

      g_variant_unref (adapted);
      adapted = g_variant_ref_sink (tg_attribute_ints (&integer, 1));
    }

  if (g_variant_is_of_type (literal, G_VARIANT_TYPE_INT64)
      && parameter->kind == TG_PARAMETER_FLOAT)
    {
      g_variant_unref (adapted);
      adapted = g_variant_ref_sink (g_variant_new_double ((gdouble) g_variant_get_int64 (literal)));
    }

  if (g_variant_is_of_type (adapted, G_VARIANT_TYPE ("ax")) && parameter->kind == TG_PARAMETER_AXES)
    {
      GVariant *list = adapted;

      adapted = g_variant_ref_sink (g_variant_new_maybe (NULL, list));
      g_variant_unref (list);
    }

  return adapted;
}

static GVariant *
get_preset (const TgParameterInfo *parameter)
{
  g_autoptr (GVariant) literal = NULL;

  if (parameter->preset == NULL)
    return NULL;

  if (strcmp (parameter->preset, "[]") == 0)
    return g_variant_ref_sink (tg_attribute_ints (NULL, 0));

  if (parameter->kind != TG_PARAMETER_STRING && parameter->kind != TG_PARAMETER_FLOAT)
    literal = tg_literal_from_word (parameter->preset);

  if (parameter->kind == TG_PARAMETER_STRING)
    literal = g_variant_new_string (parameter->preset);
  else if (parameter->kind == TG_PARAMETER_FLOAT)
    literal = g_variant_new_double (g_ascii_strtod (parameter->preset, NULL));
  else if (literal == NULL)
    {
      const char *digits = parameter->preset + (parameter->preset[0] == '[' ? 1 : 0);

      literal = g_variant_new_int64 (g_ascii_strtoll (digits, NULL, 10));
    }

  g_variant_ref_sink (literal);

  return adapt_literal (parameter, literal);
}

/* Where an argument goes: an input's or, from the number of inputs on, a parameter's place. */
static guint
find_place (const TgOpInfo *op,
            const char     *keyword)
{
  for (guint i = 0; i < op->n_inputs; i++)
    {
      if (strcmp (op->inputs[i].name, keyword) == 0)
        return i;
    }

  for (guint i = 0; i < op->n_parameters; i++)
    {
      if (strcmp (op->parameters[i].name, keyword) == 0)
        return op->n_inputs + i;
    }

  return G_MAXUINT;
}

TgVariable *
tg_value_apply_given (const TgOpInfo     *op,
                      TgVariable *const  *inputs,
                      gsize               n_inputs,
                      GVariant *const    *given,
                      GError            **error)
{
  GVariant *attributes[TG_OP_MAX_PARAMETERS] = { NULL, };
  TgVariable *result = NULL;
  gboolean complete = TRUE;

  for (guint i = 0; i < op->n_parameters && complete; i++)
    {
      attributes[i] = given[i] != NULL ? adapt_literal (&op->parameters[i], given[i])
                                       : get_preset (&op->parameters[i]);
      complete = attributes[i] != NULL
                 || tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s: %s must be given", op->name,
                                   op->parameters[i].name);
    }

  if (complete)
    result = tg_variable_new_apply (tg_op_info_get_id (op), inputs, n_inputs, attributes, error);

  for (guint i = 0; i < op->n_parameters; i++)
    g_clear_pointer (&attributes[i], g_variant_unref);

  return result;
}

/* Arguments of `op`, sorted into inputs and parameters. */
static gboolean
sort_arguments (const TgOpInfo *op,
                TgValue        *values,
                guint           n_values,
                GPtrArray      *inputs,
                GVariant      **given,
                GError        **error)
{
  guint n_places = op->n_inputs + op->n_parameters;

  for (guint i = 0; i < n_values; i++)
    {
      guint place = values[i].keyword != NULL ? find_place (op, values[i].keyword) : i;

      if (place >= n_places && values[i].keyword != NULL)
        return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "%s has no argument “%s”", op->name,
                              values[i].keyword);

      if (i > 0 && values[i].keyword == NULL && values[i - 1].keyword != NULL)
        return tg_parse_fail (TG_PARSE_ERROR_SYNTAX, error,
                              "%s: arguments by position come before those by name", op->name);

      if (place >= n_places)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s takes %u argument%s, not %u",
                              op->name, n_places, n_places > 1 ? "s" : "", n_values);

      if (place < op->n_inputs ? inputs->pdata[place] != NULL
                               : given[place - op->n_inputs] != NULL)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s: %s is given twice", op->name,
                              values[i].keyword);

      if (place >= op->n_inputs && values[i].literal == NULL)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s: %s must be written out", op->name,
                              op->parameters[place - op->n_inputs].name);

      if (place >= op->n_inputs)
        {
          given[place - op->n_inputs] = values[i].literal;
          continue;
        }

      inputs->pdata[place] = tg_value_dup_variable (&values[i], error);
      if (inputs->pdata[place] == NULL)
        return FALSE;
    }

  for (guint i = 0; i < op->n_inputs; i++)
    {
      if (inputs->pdata[i] == NULL)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "%s: %s must be given", op->name,
                              op->inputs[i].name);
    }

  return TRUE;
}

/* Arguments of an operator that takes any number of tensors: a list of them, or each by itself. */
static gboolean
sort_tensors (const TgOpInfo *op,
              TgValue        *values,
              guint           n_values,
              GPtrArray      *inputs,
              GVariant      **given,
              GError        **error)
{
  guint n_inputs = 0, n_tensors;
  TgValue *tensors = values;

  while (n_inputs < n_values && values[n_inputs].keyword == NULL)
    n_inputs++;

  n_tensors = n_inputs;
  if (n_inputs == 1 && values[0].list != NULL)
    {
      tensors = (TgValue *) (gpointer) values[0].list->data;
      n_tensors = values[0].list->len;
    }

  for (guint i = 0; i < n_tensors; i++)
    {
      TgVariable *variable = tg_value_dup_variable (&tensors[i], error);

      if (variable == NULL)
        return FALSE;

      g_ptr_array_add (inputs, variable);
    }

  for (guint i = n_inputs; i < n_values; i++)
    {
      guint place = find_place (op, values[i].keyword != NULL ? values[i].keyword : "");

      if (place < op->n_inputs || place == G_MAXUINT || values[i].literal == NULL)
        return tg_parse_fail (TG_PARSE_ERROR_VALUE, error,
                              "%s takes tensors, then parameters by name", op->name);
      given[place - op->n_inputs] = values[i].literal;
    }

  return TRUE;
}

TgVariable *
tg_value_apply (const TgOpInfo *op,
                TgValue        *values,
                guint           n_values,
                GError        **error)
{
  g_autoptr (GPtrArray) inputs = tg_variables_new ();
  GVariant *given[TG_OP_MAX_PARAMETERS] = { NULL, };

  if (!op->variadic)
    g_ptr_array_set_size (inputs, (gint) op->n_inputs);

  if (op->variadic ? !sort_tensors (op, values, n_values, inputs, given, error)
                   : !sort_arguments (op, values, n_values, inputs, given, error))
    return NULL;

  return tg_value_apply_given (op, (TgVariable *const *) inputs->pdata, inputs->len, given, error);
}
