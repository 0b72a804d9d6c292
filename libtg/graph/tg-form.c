/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"

gboolean
tg_form_infer (TgApply  *apply,
               GError  **error)
{
  static const TgInferFunc functions[TG_N_OPS] = {
#define TG_OP_FUNCTION(ID, name) [TG_OP_##ID] = tg_infer_##name,
#include "tg-op-functions.h"
#undef TG_OP_FUNCTION
  };

  switch (apply->op->form)
    {
    case TG_FORM_ELEMENTWISE:
      return tg_infer_elementwise (apply, error);

    case TG_FORM_REDUCE:
      return tg_infer_reduce (apply, error);

    case TG_FORM_CONTRACT:
      return tg_infer_contract (apply, error);

    case TG_FORM_LAYOUT:
    case TG_FORM_OPAQUE:
    case TG_FORM_RANDOM:
    case TG_FORM_COMPOSITE:
    default:
      return functions[tg_op_info_get_id (apply->op)] (apply, error);
    }
}

GVariant *
tg_apply_find (TgApply    *apply,
               const char *name)
{
  for (guint i = 0; i < apply->op->n_parameters; i++)
    {
      if (strcmp (apply->op->parameters[i].name, name) == 0)
        return apply->attributes[i];
    }

  return NULL;
}

gboolean
tg_apply_find_bool (TgApply    *apply,
                    const char *name)
{
  return g_variant_get_boolean (tg_apply_find (apply, name));
}

gint64
tg_apply_find_int (TgApply    *apply,
                   const char *name)
{
  return g_variant_get_int64 (tg_apply_find (apply, name));
}

const char *
tg_apply_find_text (TgApply    *apply,
                    const char *name)
{
  return g_variant_get_string (tg_apply_find (apply, name), NULL);
}

const gint64 *
tg_apply_find_ints (TgApply    *apply,
                    const char *name,
                    gsize      *n_values)
{
  return g_variant_get_fixed_array (tg_apply_find (apply, name), n_values, sizeof (gint64));
}

static void
replace_attribute (TgApply    *apply,
                   const char *name,
                   GVariant   *value)
{
  for (guint i = 0; i < apply->op->n_parameters; i++)
    {
      if (strcmp (apply->op->parameters[i].name, name) == 0)
        {
          g_variant_unref (apply->attributes[i]);
          apply->attributes[i] = g_variant_ref_sink (value);
        }
    }
}

const gint64 *
tg_apply_get_shape (TgApply *apply,
                    guint    input,
                    guint   *ndim)
{
  TgTensorType *type = apply->inputs[input]->type;

  *ndim = type->ndim;

  return type->shape;
}

void
tg_apply_set_shape (TgApply      *apply,
                    const gint64 *shape,
                    guint         ndim)
{
  apply->ndim = ndim;
  for (guint i = 0; i < ndim; i++)
    apply->shape[i] = shape[i];
}

gboolean
tg_apply_normalise_axes (TgApply   *apply,
                         guint      ndim,
                         gboolean   chosen[TG_MAX_NDIM],
                         GError   **error)
{
  g_autoptr (GVariant) array = g_variant_get_maybe (tg_apply_find (apply, "axis"));
  const gint64 *axes;
  gint64 sorted[TG_MAX_NDIM];
  gsize n_axes, n_sorted = 0;

  for (guint i = 0; i < TG_MAX_NDIM; i++)
    chosen[i] = i < ndim && array == NULL;

  if (array == NULL)
    return TRUE;

  axes = g_variant_get_fixed_array (array, &n_axes, sizeof (gint64));
  for (gsize i = 0; i < n_axes; i++)
    {
      guint axis;

      if (!tg_axis_normalise (axes[i], ndim, "axis", &axis, error))
        return FALSE;

      if (chosen[axis])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice", axis);
          return FALSE;
        }

      chosen[axis] = TRUE;
    }

  for (guint i = 0; i < ndim; i++)
    {
      if (chosen[i])
        sorted[n_sorted++] = i;
    }

  replace_attribute (apply, "axis", tg_attribute_axes (sorted, n_sorted));

  return TRUE;
}

gboolean
tg_apply_normalise_axis (TgApply  *apply,
                         guint     ndim,
                         guint    *axis,
                         GError  **error)
{
  gint64 given = tg_apply_find_int (apply, "axis");

  if (!tg_axis_normalise (given, ndim, "axis", axis, error))
    return FALSE;

  replace_attribute (apply, "axis", g_variant_new_int64 (*axis));

  return TRUE;
}

gboolean
tg_apply_normalise_order (TgApply     *apply,
                          const char  *name,
                          guint        ndim,
                          GError     **error)
{
  gsize n_axes;
  const gint64 *axes = g_variant_get_fixed_array (tg_apply_find (apply, name), &n_axes,
                                                  sizeof (gint64));
  gboolean seen[TG_MAX_NDIM] = { FALSE, };
  gint64 normal[TG_MAX_NDIM];

  for (gsize i = 0; i < n_axes; i++)
    {
      guint axis;

      if (!tg_axis_normalise (axes[i], ndim, "axis", &axis, error))
        return FALSE;

      if (seen[axis])
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS, "axis %u is named twice", axis);
          return FALSE;
        }

      seen[axis] = TRUE;
      normal[i] = axis;
    }

  replace_attribute (apply, name, tg_attribute_ints (normal, n_axes));

  return TRUE;
}

gboolean
tg_variable_infer_integer (TgVariable *self,
                           gint64     *value)
{
  g_autoptr (TgTensor) integer = NULL;

  if (!TG_IS_CONSTANT (self) || self->type->ndim != 0
      || tg_dtype_in_set (self->type->dtype, TG_DTYPE_SET_INEXACT))
    return FALSE;

  integer = tg_tensor_astype (TG_CONSTANT (self)->value, TG_DTYPE_INT64, NULL);
  if (integer == NULL)
    return FALSE;

  *value = *(const gint64 *) (gconstpointer) integer->data;

  return TRUE;
}

gboolean
tg_variable_is_number (TgVariable *self,
                       gdouble     number)
{
  gdouble value;

  return TG_IS_CONSTANT (self) && self->type->ndim == 0
         && tg_tensor_get_double (TG_CONSTANT (self)->value, &value, NULL) && value == number;
}

static gint64 *
infer_stack (TgVariable *self,
             gsize      *n_values)
{
  gint64 *values = g_new (gint64, self->n_inputs);

  *n_values = self->n_inputs;
  for (guint i = 0; i < self->n_inputs; i++)
    {
      if (!tg_variable_infer_integer (self->inputs[i], &values[i]))
        values[i] = TG_UNKNOWN_VALUE;
    }

  return values;
}

gint64 *
tg_variable_dup_integers (TgVariable *self,
                          gsize      *n_values)
{
  g_autoptr (TgTensor) integers = NULL;
  g_autoptr (TgTensor) contiguous = NULL;

  if (!TG_IS_CONSTANT (self) || self->type->ndim != 1)
    return NULL;

  integers = tg_tensor_astype (TG_CONSTANT (self)->value, TG_DTYPE_INT64, NULL);
  contiguous = integers != NULL ? tg_tensor_make_contiguous (integers, NULL) : NULL;
  if (contiguous == NULL)
    return NULL;

  *n_values = contiguous->n_elements;

  return *n_values > 0 ? g_memdup2 (contiguous->data, *n_values * sizeof (gint64))
                       : g_new0 (gint64, 1);
}

gboolean
tg_variables_broadcast (TgVariable *const  *variables,
                        guint               n_variables,
                        gint64              shape[TG_MAX_NDIM],
                        guint              *ndim,
                        GError            **error)
{
  *ndim = 0;
  for (guint i = 0; i < n_variables; i++)
    *ndim = MAX (*ndim, variables[i]->type->ndim);

  for (guint i = 0; i < *ndim; i++)
    shape[i] = 1;

  for (guint i = 0; i < n_variables; i++)
    {
      TgTensorType *type = variables[i]->type;

      if (!tg_shape_broadcast (shape, *ndim, type->shape, type->ndim))
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST,
                               "the shapes cannot be broadcast together");
          return FALSE;
        }
    }

  return TRUE;
}

static gint64 *
infer_broadcast_shape (TgVariable *self,
                       gsize      *n_values)
{
  gint64 *values = g_new (gint64, TG_MAX_NDIM);
  guint ndim;

  tg_variables_broadcast (self->inputs, self->n_inputs, values, &ndim, NULL);
  *n_values = ndim;
  for (guint i = 0; i < ndim; i++)
    values[i] = values[i] == TG_UNKNOWN ? TG_UNKNOWN_VALUE : values[i];

  return values;
}

gint64 *
tg_variable_infer_integers (TgVariable *self,
                            gsize      *n_values)
{
  gint64 *values = tg_variable_dup_integers (self, n_values);

  if (values != NULL)
    return values;

  if (self->op == &tg_ops[TG_OP_STACK])
    return infer_stack (self, n_values);

  if (self->op == &tg_ops[TG_OP_BROADCAST_SHAPE])
    return infer_broadcast_shape (self, n_values);

  *n_values = (gsize) self->type->shape[0];
  values = g_new (gint64, *n_values + 1);
  for (gsize i = 0; i < *n_values; i++)
    {
      values[i] = TG_UNKNOWN_VALUE;
      if (self->op == &tg_ops[TG_OP_SHAPE] && self->inputs[0]->type->shape[i] != TG_UNKNOWN)
        values[i] = self->inputs[0]->type->shape[i];
    }

  return values;
}

gboolean
tg_apply_set_shape_from_values (TgApply  *apply,
                                guint     input,
                                GError  **error)
{
  gsize n_values;
  g_autofree gint64 *values = tg_variable_infer_integers (apply->inputs[input], &n_values);

  apply->ndim = (guint) n_values;
  for (guint i = 0; i < apply->ndim; i++)
    {
      apply->shape[i] = values[i] == TG_UNKNOWN_VALUE ? TG_UNKNOWN : values[i];
      if (values[i] < 0 && values[i] != TG_UNKNOWN_VALUE)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE,
                       "the size of axis %u is negative: %" G_GINT64_FORMAT, i, values[i]);
          return FALSE;
        }
    }

  return TRUE;
}

gboolean
tg_dimension_unify (gint64 *first,
                    gint64  second)
{
  if (*first == TG_UNKNOWN)
    *first = second;

  return second == TG_UNKNOWN || *first == second;
}

gboolean
tg_infer_elementwise (TgApply  *apply,
                      GError  **error)
{
  return tg_variables_broadcast (apply->inputs, apply->n_inputs, apply->shape, &apply->ndim, error);
}

gboolean
tg_infer_reduce (TgApply  *apply,
                 GError  **error)
{
  gboolean keepdims = tg_apply_find_bool (apply, "keepdims");
  gboolean chosen[TG_MAX_NDIM];
  guint ndim, n_chosen = 0;
  const gint64 *shape = tg_apply_get_shape (apply, 0, &ndim);

  if (!tg_apply_normalise_axes (apply, ndim, chosen, error))
    return FALSE;

  for (guint i = 0; i < ndim; i++)
    {
      n_chosen += chosen[i] ? 1 : 0;
      if (!chosen[i])
        apply->shape[apply->ndim++] = shape[i];
      else if (keepdims)
        apply->shape[apply->ndim++] = 1;
    }

  if (apply->op->select != NULL && n_chosen != 1 && n_chosen != ndim)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS,
                   "axis must be one axis or all, not %u of %u", n_chosen, ndim);
      return FALSE;
    }

  return TRUE;
}
