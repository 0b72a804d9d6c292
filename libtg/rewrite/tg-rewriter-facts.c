/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rewriter-private.h"

#include "tg-attribute-private.h"
#include "tg-number-private.h"
#include "tg-operators.h"
#include "tg-rule-private.h"
#include "tg-scalar-private.h"
#include "tg-traverse-private.h"

/* No constant of more elements is made of others. */
#define MAX_FOLDED 256

/* What is known of a variable that no operator makes. */
static TgRange
find_leaf_range (TgVariable *variable)
{
  TgDType dtype = variable->type->dtype;
  TgRange range = TG_RANGE_ALL;
  double number;

  if (tg_variable_get_number (variable, &number))
    return tg_range_of_number (number);

  range.is_integer = tg_dtype_in_set (dtype, TG_DTYPE_SET_BITS);
  if (dtype == TG_DTYPE_BOOL)
    return (TgRange) { 0, 1, FALSE, TRUE };

  if (range.is_integer && !tg_dtype_is_signed (dtype))
    range.low = 0;

  return range;
}

/* Integers that wrap around may lie anywhere. */
static TgRange
find_range (TgRewriter *self,
            TgVariable *variable)
{
  g_autofree TgRange *inputs = NULL;
  TgRange range;

  if (variable->op == NULL)
    return find_leaf_range (variable);

  if (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_COMPLEX)
      || (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_INTEGER)
          && variable->op->form != TG_FORM_LAYOUT && variable->op->rule != TG_RULE_INDEX
          && variable->op->rule != TG_RULE_INT64))
    return find_leaf_range (variable);

  inputs = g_new (TgRange, variable->n_inputs + 1);
  for (guint i = 0; i < variable->n_inputs; i++)
    inputs[i] = *(const TgRange *) g_hash_table_lookup (self->ranges, variable->inputs[i]);

  range = tg_range_apply (variable->op, inputs, variable->n_inputs);
  if (variable->op == &tg_ops[TG_OP_ASSUME])
    {
      range.low = MAX (range.low, g_variant_get_double (tg_variable_find (variable, "low")));
      range.high = MIN (range.high, g_variant_get_double (tg_variable_find (variable, "high")));
      range.is_nonzero = range.is_nonzero || tg_variable_find_bool (variable, "nonzero");
    }

  return range;
}

TgRange
tg_rewriter_get_range (TgRewriter *self,
                       TgVariable *variable)
{
  const TgRange *known = g_hash_table_lookup (self->ranges, variable);
  g_autoptr (GPtrArray) order = NULL;

  if (known != NULL)
    return *known;

  order = tg_traverse (&variable, 1, self->ranges);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *next = order->pdata[i];
      TgRange range;

      if (g_hash_table_contains (self->ranges, next))
        continue;

      range = find_range (self, next);
      g_hash_table_insert (self->ranges, next, g_memdup2 (&range, sizeof range));
    }

  return *(const TgRange *) g_hash_table_lookup (self->ranges, variable);
}

static gboolean
has_known_shape (TgVariable *variable)
{
  for (guint i = 0; i < variable->type->ndim; i++)
    {
      if (variable->type->shape[i] == TG_UNKNOWN)
        return FALSE;
    }

  return TRUE;
}

/* The one variable that an elementwise operator has its shape from: the others are 0-d, or have
 * the same. */
static TgVariable *
find_source (TgRewriter *self,
             TgVariable *variable)
{
  TgVariable *source = NULL;

  if (variable->op == NULL)
    return variable;

  if (variable->op == &tg_ops[TG_OP_BROADCAST_TO]
      && variable->inputs[1]->op == &tg_ops[TG_OP_SHAPE])
    return g_hash_table_lookup (self->sources, variable->inputs[1]->inputs[0]);

  if (tg_op_keeps_shape (variable->op)
      || (variable->op->form == TG_FORM_ELEMENTWISE && variable->n_inputs == 1))
    return g_hash_table_lookup (self->sources, variable->inputs[0]);

  if (variable->op->form != TG_FORM_ELEMENTWISE)
    return variable;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      TgVariable *other = g_hash_table_lookup (self->sources, variable->inputs[i]);

      if (other->type->ndim == 0 && (variable->type->ndim > 0 || source != NULL))
        continue;

      if (source != NULL && source != other)
        return variable;

      source = other;
    }

  return source != NULL && source->type->ndim == variable->type->ndim ? source : variable;
}

static TgVariable *
get_source (TgRewriter *self,
            TgVariable *variable)
{
  TgVariable *known = g_hash_table_lookup (self->sources, variable);
  g_autoptr (GPtrArray) order = NULL;

  if (known != NULL)
    return known;

  order = tg_traverse (&variable, 1, self->sources);
  for (guint i = 0; i < order->len; i++)
    {
      if (!g_hash_table_contains (self->sources, order->pdata[i]))
        g_hash_table_insert (self->sources, order->pdata[i],
                             find_source (self, order->pdata[i]));
    }

  return g_hash_table_lookup (self->sources, variable);
}

/* Whether broadcasting `variable` against something of the shape of `like` changes nothing. */
static gboolean
has_shape (TgRewriter *self,
           TgVariable *variable,
           TgVariable *like)
{
  guint skipped = like->type->ndim - variable->type->ndim;

  if (variable->type->ndim == 0)
    return TRUE;

  if (variable->type->ndim > like->type->ndim)
    return FALSE;

  if (variable->type->ndim == like->type->ndim
      && get_source (self, variable) == get_source (self, like))
    return TRUE;

  if (!has_known_shape (variable))
    return FALSE;

  for (guint i = 0; i < variable->type->ndim; i++)
    {
      gint64 size = variable->type->shape[i];

      if (size != 1 && size != like->type->shape[skipped + i])
        return FALSE;
    }

  return TRUE;
}

/* For elements of a dtype: the type of numbers that the kernels of scalars take. */
static TgVariable *
fold_scalar (TgVariable *variable)
{
  TgDType dtype = variable->type->dtype;
  double inputs[TG_OP_MAX_INPUTS], result;
  g_autoptr (TgTensor) value = NULL;
  g_autoptr (TgTensor) cast = NULL;

  if (variable->op->form != TG_FORM_ELEMENTWISE || variable->type->ndim > 0
      || variable->compute != dtype
      || (dtype != TG_DTYPE_FLOAT64 && dtype != TG_DTYPE_FLOAT32)
      || !tg_scalar_has (tg_op_info_get_id (variable->op)))
    return NULL;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (!tg_variable_get_number (variable->inputs[i], &inputs[i]))
        return NULL;
      if (dtype == TG_DTYPE_FLOAT32)
        inputs[i] = (double) (float) inputs[i];
    }

  result = tg_scalar_apply (tg_op_info_get_id (variable->op), dtype, inputs);
  value = tg_tensor_new_double (result);
  cast = tg_tensor_astype (value, dtype, NULL);

  return cast != NULL ? tg_constant_new (cast) : NULL;
}

/* The shape of what has a known one, and the number of its elements. */
static TgVariable *
fold_shape (TgVariable *variable)
{
  gboolean chosen[TG_MAX_NDIM];
  TgTensorType *type = variable->inputs[0]->type;
  gint64 n_elements = 1;

  if (variable->op == &tg_ops[TG_OP_SHAPE])
    return has_known_shape (variable->inputs[0])
             ? tg_constant_new_integers (type->shape, type->ndim) : NULL;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), type->ndim, chosen);
  for (guint i = 0; i < type->ndim; i++)
    {
      if (chosen[i] && type->shape[i] == TG_UNKNOWN)
        return NULL;
      if (chosen[i])
        n_elements *= type->shape[i];
    }

  {
    g_autoptr (TgTensor) value = tg_tensor_new_integer (n_elements);

    return tg_constant_new (value);
  }
}

static gboolean
may_fold (TgRewriter *self,
          TgVariable *variable)
{
  gint64 n_elements = 1;

  if (self->evaluate == NULL || variable->op->form == TG_FORM_RANDOM
      || !has_known_shape (variable))
    return FALSE;

  for (guint i = 0; i < variable->type->ndim; i++)
    {
      if (variable->type->shape[i] > MAX_FOLDED)
        return FALSE;
      n_elements *= variable->type->shape[i];
    }

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (!TG_IS_CONSTANT (variable->inputs[i]))
        return FALSE;
    }

  return n_elements <= MAX_FOLDED;
}

TgVariable *
tg_rewriter_fold (TgRewriter *self,
                  TgVariable *variable)
{
  g_autoptr (TgVariable) result = NULL;

  if (variable->op == &tg_ops[TG_OP_SHAPE] || variable->op == &tg_ops[TG_OP_SIZE])
    result = fold_shape (variable);
  else
    result = fold_scalar (variable);

  if (result == NULL && may_fold (self, variable))
    {
      g_autoptr (TgTensor) value = self->evaluate (variable, NULL);

      result = value != NULL ? tg_constant_new (value) : NULL;
    }

  if (result == NULL)
    return NULL;

  result->weak = variable->weak;

  return tg_rewriter_intern (self, result);
}

/* A constant of another dtype, or the cast of something else that loses nothing. */
static TgVariable *
fit_dtype (TgRewriter *self,
           TgVariable *variable,
           TgVariable *old)
{
  TgDType dtype = old->type->dtype;
  g_autoptr (TgVariable) result = NULL;

  if (variable->type->dtype == dtype && variable->weak == old->weak)
    return variable;

  if (TG_IS_CONSTANT (variable) && variable->weak)
    {
      g_autoptr (TgTensor) value = tg_tensor_astype (TG_CONSTANT (variable)->value, dtype, NULL);

      result = value != NULL ? tg_constant_new (value) : NULL;
      if (result != NULL)
        result->weak = old->weak;
    }
  else if (!old->weak && tg_dtype_is_lossless (variable->type->dtype, dtype))
    result = tg_astype (variable, dtype, NULL);

  return result != NULL ? tg_rewriter_intern (self, result) : NULL;
}

/* Repeats `variable` along the axes in which `old` is larger. */
static TgVariable *
broadcast (TgRewriter        *self,
           TgVariable        *variable,
           TgVariable        *old,
           TgVariable *const *lost,
           guint              n_lost)
{
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) result = NULL;

  if (has_known_shape (old))
    shape = tg_constant_new_integers (old->type->shape, old->type->ndim);
  else
    {
      g_autoptr (GPtrArray) all = g_ptr_array_new ();

      g_ptr_array_add (all, variable);
      for (guint i = 0; i < n_lost; i++)
        g_ptr_array_add (all, lost[i]);
      shape = tg_broadcast_shape ((TgVariable *const *) all->pdata, all->len, NULL);
    }

  if (shape == NULL)
    return NULL;

  result = tg_broadcast_to (variable, tg_rewriter_intern (self, shape), NULL);

  return result != NULL ? tg_rewriter_intern (self, result) : NULL;
}

TgVariable *
tg_rewriter_fit (TgRewriter        *self,
                 TgVariable        *variable,
                 TgVariable        *old,
                 TgVariable *const *lost,
                 guint              n_lost)
{
  gboolean is_kept = variable->type->ndim == old->type->ndim;
  TgVariable *result = fit_dtype (self, variable, old);

  if (result == NULL)
    return NULL;

  for (guint i = 0; is_kept && i < old->type->ndim; i++)
    is_kept = old->type->shape[i] == TG_UNKNOWN
              || old->type->shape[i] == variable->type->shape[i];

  for (guint i = 0; is_kept && i < n_lost; i++)
    is_kept = has_shape (self, lost[i], variable);

  if (!is_kept && (old->op->form == TG_FORM_ELEMENTWISE
                   || (variable->type->ndim == 0 && has_known_shape (old))))
    result = broadcast (self, result, old, lost, n_lost);
  else if (!is_kept)
    return NULL;

  if (result == NULL || result->type->dtype != old->type->dtype
      || result->type->ndim != old->type->ndim
      || !tg_shape_is_compatible (result->type->shape, old->type->shape, old->type->ndim))
    return NULL;

  return result;
}

static TgRange
get_range (gpointer    data,
           TgVariable *variable)
{
  return tg_rewriter_get_range (data, variable);
}

static guint
count_uses (gpointer    data,
            TgVariable *variable)
{
  TgRewriter *self = data;

  return GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, variable));
}

static gboolean
have_shape (gpointer    data,
            TgVariable *variable,
            TgVariable *like)
{
  return has_shape (data, variable, like);
}

TgFacts
tg_rewriter_get_facts (TgRewriter *self)
{
  return (TgFacts) { get_range, count_uses, have_shape, self };
}
