/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-vectorize-private.h"

#include "tg-contraction-private.h"
#include "tg-operators.h"

/* How the forms whose operators share code go along with a batch. */

TgVariable *
tg_batch_insert_axes (TgVariable  *variable,
                      guint        n_axes,
                      GError     **error)
{
  gint64 axes[TG_MAX_NDIM];

  if (n_axes == 0)
    return g_object_ref (variable);

  for (guint i = 0; i < n_axes && i < TG_MAX_NDIM; i++)
    axes[i] = i + 1;

  return tg_expand_dims (variable, axes, n_axes, error);
}

static void
clear_inputs (TgVariable **inputs,
              guint        n_inputs)
{
  for (guint i = 0; i < n_inputs; i++)
    g_clear_object (&inputs[i]);
  g_free (inputs);
}

/* Axes of size 1 keep the batch in front of the dimensions that broadcasting aligns at the end. */
TgVariable *
tg_batch_elementwise (TgBatch  *batch,
                      GError  **error)
{
  TgVariable *node = batch->node;
  TgVariable **inputs = g_new0 (TgVariable *, node->n_inputs);
  TgVariable *result;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      guint missing = batch->is_batched[i] ? node->type->ndim - node->inputs[i]->type->ndim : 0;

      inputs[i] = tg_batch_insert_axes (batch->inputs[i], missing, error);
    }

  result = tg_variable_new_apply (tg_op_info_get_id (node->op), inputs, node->n_inputs,
                                  node->attributes, error);
  clear_inputs (inputs, node->n_inputs);

  return result;
}

/* Axes of kind AXES, one larger; all but the first where they were all. */
static GVariant *
shift_axes (GVariant *attribute,
            guint     ndim)
{
  gboolean chosen[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes = 0;

  tg_attribute_get_axes (attribute, ndim, chosen);
  for (guint i = 0; i < ndim; i++)
    {
      if (chosen[i])
        axes[n_axes++] = i + 1;
    }

  return tg_attribute_axes (axes, n_axes);
}

/* An axis that is counted from the last stays what it is. */
static gint64
shift_axis (gint64 axis)
{
  return axis < 0 ? axis : axis + 1;
}

static GVariant *
shift_ints (GVariant *attribute)
{
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes;
  const gint64 *before = g_variant_get_fixed_array (attribute, &n_axes, sizeof (gint64));

  for (gsize i = 0; i < n_axes && i < TG_MAX_NDIM; i++)
    axes[i] = shift_axis (before[i]);

  return tg_attribute_ints (axes, n_axes);
}

TgVariable *
tg_batch_shift_axes (TgVariable         *node,
                     TgVariable *const  *inputs,
                     GError            **error)
{
  GVariant *attributes[TG_OP_MAX_PARAMETERS];
  guint ndim = MAX (node->inputs[0]->type->ndim, node->type->ndim);

  for (guint i = 0; i < node->op->n_parameters; i++)
    {
      const TgParameterInfo *parameter = &node->op->parameters[i];
      gboolean is_axis = g_str_has_prefix (parameter->name, "axis");

      attributes[i] = node->attributes[i];
      if (is_axis && parameter->kind == TG_PARAMETER_AXES)
        attributes[i] = shift_axes (attributes[i], ndim);
      else if (is_axis && parameter->kind == TG_PARAMETER_INTS)
        attributes[i] = shift_ints (attributes[i]);
      else if (is_axis && parameter->kind == TG_PARAMETER_INT)
        attributes[i] = g_variant_new_int64 (shift_axis (g_variant_get_int64 (attributes[i])));
    }

  return tg_variable_new_apply (tg_op_info_get_id (node->op), inputs, node->n_inputs, attributes,
                                error);
}

/* A position among all elements: the elements become a row for each part of the batch. */
static TgVariable *
select_in_rows (TgBatch  *batch,
                GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (GVariant) axes = g_variant_ref_sink (shift_axes (tg_variable_find (node, "axis"),
                                                              node->inputs[0]->type->ndim));
  g_autoptr (GVariant) list = g_variant_get_maybe (axes);
  g_autoptr (TgVariable) length = NULL;
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) rows = NULL;
  g_autoptr (TgVariable) selected = NULL;
  GVariant *attributes[TG_OP_MAX_PARAMETERS];
  gsize n_axes;
  const gint64 *numbers = g_variant_get_fixed_array (list, &n_axes, sizeof (gint64));

  length = tg_size (batch->inputs[0], numbers != NULL ? numbers : (gint64[]) { 0 }, n_axes, error);
  shape = tg_variable_new_vector ((TgVariable *[]) { batch->size, length }, 2, error);
  rows = tg_reshape (batch->inputs[0], shape, error);
  if (rows == NULL)
    return NULL;

  for (guint i = 0; i < node->op->n_parameters; i++)
    {
      attributes[i] = node->attributes[i];
      if (strcmp (node->op->parameters[i].name, "axis") == 0)
        attributes[i] = tg_attribute_axes ((gint64[]) { 1 }, 1);
      else if (strcmp (node->op->parameters[i].name, "keepdims") == 0)
        attributes[i] = g_variant_new_boolean (FALSE);
    }

  selected = tg_variable_new_apply (tg_op_info_get_id (node->op), &rows, 1, attributes, error);

  return selected != NULL ? tg_batch_insert_axes (selected, node->type->ndim, error) : NULL;
}

TgVariable *
tg_batch_reduce (TgBatch  *batch,
                 GError  **error)
{
  TgVariable *node = batch->node;
  gboolean chosen[TG_MAX_NDIM];
  guint ndim = node->inputs[0]->type->ndim;
  guint n_chosen = 0;

  tg_attribute_get_axes (tg_variable_find (node, "axis"), ndim, chosen);
  for (guint i = 0; i < ndim; i++)
    n_chosen += chosen[i] ? 1 : 0;

  if (node->op->select != NULL && n_chosen != 1)
    return select_in_rows (batch, error);

  return tg_batch_shift_axes (node, batch->inputs, error);
}

/* A letter that is not in the text. */
static char
find_letter (const char *text)
{
  for (char letter = 'a'; letter <= 'z'; letter++)
    {
      if (strchr (text, letter) == NULL)
        return letter;
    }

  for (char letter = 'A'; letter < 'Z'; letter++)
    {
      if (strchr (text, letter) == NULL)
        return letter;
    }

  return 'Z';
}

/* The batch as the first of the dimensions of the ellipsis. */
static TgVariable *
contract_in_ellipsis (TgBatch            *batch,
                      const char *const  *letters,
                      const guint        *n_ellipsis,
                      GError            **error)
{
  g_autofree char *text = g_strdup_printf ("...%s,...%s->...%s", letters[0], letters[1],
                                           letters[2]);
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) y = NULL;
  guint most = MAX (n_ellipsis[0], n_ellipsis[1]);

  x = tg_batch_insert_axes (batch->inputs[0], batch->is_batched[0] ? most - n_ellipsis[0] : 0,
                            error);
  y = tg_batch_insert_axes (batch->inputs[1], batch->is_batched[1] ? most - n_ellipsis[1] : 0,
                            error);

  return tg_einsum (x, y, text, error);
}

/* The first axis behind those of the ellipsis. */
static TgVariable *
move_batch (TgVariable  *variable,
            guint        n_ellipsis,
            GError     **error)
{
  gint64 axes[TG_MAX_NDIM];

  for (guint i = 0; i < variable->type->ndim; i++)
    axes[i] = i < n_ellipsis ? i + 1 : i == n_ellipsis ? 0 : i;

  return tg_permute_dims (variable, axes, variable->type->ndim, error);
}

/* The batch as a letter, where the ellipsis is summed over: letters stand behind it. */
static TgVariable *
contract_by_letter (TgBatch            *batch,
                    const char *const  *letters,
                    const guint        *n_ellipsis,
                    const char         *before,
                    GError            **error)
{
  const char *dots[2] = { g_str_has_prefix (before, "...") ? "..." : "",
                          strstr (before, ",...") != NULL ? "..." : "" };
  char letter[2] = { find_letter (before), '\0' };
  g_autofree char *text = NULL;
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) y = NULL;

  text = g_strdup_printf ("%s%s%s,%s%s%s->%s%s",
                          dots[0], batch->is_batched[0] ? letter : "", letters[0],
                          dots[1], batch->is_batched[1] ? letter : "", letters[1],
                          letter, letters[2]);
  x = batch->is_batched[0] ? move_batch (batch->inputs[0], n_ellipsis[0], error)
                           : g_object_ref (batch->inputs[0]);
  y = batch->is_batched[1] ? move_batch (batch->inputs[1], n_ellipsis[1], error)
                           : g_object_ref (batch->inputs[1]);

  return tg_einsum (x, y, text, error);
}

TgVariable *
tg_batch_contract (TgBatch  *batch,
                   GError  **error)
{
  g_autofree char *text = tg_variable_dup_index (batch->node);
  g_auto (GStrv) sides = g_strsplit (text, "->", 2);
  g_auto (GStrv) terms = g_strsplit (sides[0], ",", 2);
  const char *letters[3] = { terms[0], terms[1], sides[1] };
  gboolean has_ellipsis[3];
  guint n_ellipsis[2];

  for (guint i = 0; i < 3; i++)
    {
      has_ellipsis[i] = g_str_has_prefix (letters[i], "...");
      letters[i] += has_ellipsis[i] ? 3 : 0;
      if (i < 2)
        n_ellipsis[i] = batch->node->inputs[i]->type->ndim - (guint) strlen (letters[i]);
    }

  if (has_ellipsis[2] || (!has_ellipsis[0] && !has_ellipsis[1]))
    return contract_in_ellipsis (batch, letters, n_ellipsis, error);

  return contract_by_letter (batch, letters, n_ellipsis, text, error);
}
