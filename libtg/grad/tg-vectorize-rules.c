/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-vectorize-private.h"

#include "tg-form-private.h"
#include "tg-operators.h"
#include "tg-variables-private.h"

/* How single operators go along with a batch: as the line “vectorize” of their declaration says, or
 * by a function here. */

TgVariable *
tg_batch_repeat (TgVariable  *variable,
                 TgVariable  *size,
                 GError     **error)
{
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) shape = NULL;

  g_ptr_array_add (sizes, g_object_ref (size));
  if (!tg_variable_add_sizes (variable, 0, sizes, error))
    return NULL;

  shape = tg_variable_new_shape (sizes, error);

  return tg_broadcast_to (variable, shape, error);
}

/* The elements of a vector, constants where they are known, behind the size of the batch. */
static GPtrArray *
list_sizes (TgBatch     *batch,
            TgVariable  *shape,
            GError     **error)
{
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);
  gsize n_values;
  g_autofree gint64 *values = tg_variable_infer_integers (shape, &n_values);

  g_ptr_array_add (sizes, g_object_ref (batch->size));
  for (gsize i = 0; i < n_values; i++)
    {
      g_autoptr (TgVariable) place = tg_constant_new_integer ((gint64) i);
      TgVariable *size = values[i] != TG_UNKNOWN_VALUE ? tg_constant_new_integer (values[i])
                                                       : tg_index (shape, place, 0, error);

      if (size == NULL)
        return NULL;

      g_ptr_array_add (sizes, size);
    }

  return g_steal_pointer (&sizes);
}

static TgVariable *
prepend_size (TgBatch     *batch,
              TgVariable  *shape,
              GError     **error)
{
  g_autoptr (GPtrArray) sizes = list_sizes (batch, shape, error);

  return sizes != NULL ? tg_variable_new_shape (sizes, error) : NULL;
}

/* The inputs, each with the batch, and shapes with its size in front. */
static GPtrArray *
complete_inputs (TgBatch  *batch,
                 GError  **error)
{
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < batch->node->n_inputs; i++)
    {
      TgInputInfo info = tg_op_info_get_input (batch->node->op, i);
      TgVariable *input = batch->inputs[i];
      gboolean has_batch = info.kind == TG_INPUT_ANY
                           || (info.kind == TG_INPUT_POSITIONS
                               && g_strcmp0 (batch->node->op->vectorize, "along") == 0);

      if (info.kind == TG_INPUT_INTS && strcmp (info.name, "shape") == 0)
        input = prepend_size (batch, input, error);
      else if (has_batch && !batch->is_batched[i])
        input = tg_batch_repeat (input, batch->size, error);
      else
        g_object_ref (input);

      if (input == NULL)
        return NULL;

      g_ptr_array_add (inputs, input);
    }

  return g_steal_pointer (&inputs);
}

/* “same”, or “axes” and “along”: parameters called axis are counted from one further. */
static TgVariable *
batch_as_declared (TgBatch  *batch,
                   GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (GPtrArray) inputs = complete_inputs (batch, error);

  if (inputs == NULL)
    return NULL;

  if (strcmp (node->op->vectorize, "same") != 0)
    return tg_batch_shift_axes (node, (TgVariable *const *) inputs->pdata, error);

  return tg_variable_new_apply (tg_op_info_get_id (node->op), (TgVariable *const *) inputs->pdata,
                                inputs->len, node->attributes, error);
}

/* A size of -1 is written out, since it would not follow for a batch without a part. */
static TgVariable *
batch_reshape (TgBatch  *batch,
               GError  **error)
{
  g_autoptr (GPtrArray) sizes = list_sizes (batch, batch->inputs[1], error);
  g_autoptr (TgVariable) others = tg_constant_new_integer (1);
  g_autoptr (TgVariable) total = NULL;
  g_autoptr (TgVariable) shape = NULL;
  gint64 axes[TG_MAX_NDIM];
  guint ndim = batch->node->inputs[0]->type->ndim;
  guint place = 0;
  gint64 value;

  if (sizes == NULL)
    return NULL;

  for (guint i = 1; i < sizes->len; i++)
    {
      g_autoptr (TgVariable) before = NULL;

      if (tg_variable_infer_integer (sizes->pdata[i], &value) && value == -1)
        {
          place = i;
          continue;
        }

      before = g_steal_pointer (&others);
      others = tg_multiply (before, sizes->pdata[i], error);
    }

  for (guint i = 0; i < ndim; i++)
    axes[i] = i + 1;

  if (place > 0)
    {
      total = tg_size (batch->inputs[0], axes, ndim, error);
      g_object_unref (sizes->pdata[place]);
      sizes->pdata[place] = tg_floor_divide (total, others, error);
    }

  shape = tg_variable_new_shape (sizes, error);

  return tg_reshape (batch->inputs[0], shape, error);
}

static TgVariable *
batch_broadcast_to (TgBatch  *batch,
                    GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (TgVariable) shape = prepend_size (batch, batch->inputs[1], error);
  g_autoptr (TgVariable) x = NULL;

  x = tg_batch_insert_axes (batch->inputs[0], node->type->ndim - node->inputs[0]->type->ndim,
                            error);

  return tg_broadcast_to (x, shape, error);
}

static TgVariable *
batch_sum_to (TgBatch  *batch,
              GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (TgVariable) shape = prepend_size (batch, batch->inputs[1], error);
  g_autoptr (TgVariable) x = g_object_ref (batch->inputs[0]);
  guint n_axes = node->inputs[0]->type->ndim - node->type->ndim;
  gint64 axes[TG_MAX_NDIM];

  for (guint i = 0; i < n_axes; i++)
    axes[i] = i + 1;

  if (n_axes > 0)
    {
      g_autoptr (TgVariable) before = g_steal_pointer (&x);

      x = tg_sum (before, axes, n_axes, FALSE, error);
    }

  return tg_sum_to (x, shape, error);
}

static TgVariable *
batch_permute_dims (TgBatch  *batch,
                    GError  **error)
{
  gsize n_axes;
  const gint64 *axes = tg_variable_find_ints (batch->node, "axes", &n_axes);
  gint64 shifted[TG_MAX_NDIM + 1] = { 0, };

  for (gsize i = 0; i < n_axes; i++)
    shifted[i + 1] = axes[i] + 1;

  return tg_permute_dims (batch->inputs[0], shifted, n_axes + 1, error);
}

static TgVariable *
batch_shape (TgBatch  *batch,
             GError  **error)
{
  g_autoptr (GPtrArray) sizes = g_ptr_array_new_with_free_func (g_object_unref);

  batch->shared = TRUE;

  return tg_variable_add_sizes (batch->inputs[0], 1, sizes, error)
           ? tg_variable_new_shape (sizes, error) : NULL;
}

static TgVariable *
batch_size (TgBatch  *batch,
            GError  **error)
{
  batch->shared = TRUE;

  return tg_batch_shift_axes (batch->node, batch->inputs, error);
}

/* Positions are the same all along the batch, or it is theirs alone, and goes to the front. */
static TgVariable *
batch_take (TgBatch  *batch,
            GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (TgVariable) taken = NULL;
  gint64 axis = tg_variable_find_int (node, "axis");
  gint64 axes[TG_MAX_NDIM];

  if (batch->is_batched[0])
    return tg_batch_shift_axes (node, batch->inputs, error);

  taken = tg_take (batch->inputs[0], batch->inputs[1], axis, error);
  if (taken == NULL)
    return NULL;

  if (axis < 0)
    axis += node->inputs[0]->type->ndim;
  for (guint i = 0; i < taken->type->ndim; i++)
    axes[i] = i == 0 ? axis : i <= axis ? i - 1 : i;

  return tg_permute_dims (taken, axes, taken->type->ndim, error);
}

/* The axis `from` at the place `to`; the others keep their order. */
static TgVariable *
move_axis (TgVariable  *variable,
           guint        from,
           guint        to,
           GError     **error)
{
  gint64 axes[TG_MAX_NDIM];
  guint other = 0;

  for (guint i = 0; i < variable->type->ndim; i++)
    {
      other += i != to && other == from ? 1 : 0;
      axes[i] = i == to ? from : other++;
    }

  return tg_permute_dims (variable, axes, variable->type->ndim, error);
}

/* Along how many axes an element of the positions of take_nd goes. */
static guint
get_depth (TgVariable *positions)
{
  return (guint) positions->type->shape[positions->type->ndim - 1];
}

/* The batch goes behind the axes that the positions are for, and so stays as it is. */
static TgVariable *
batch_take_nd (TgBatch  *batch,
               GError  **error)
{
  TgVariable *positions = batch->node->inputs[1];
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) taken = NULL;

  if (!batch->is_batched[0])
    return tg_variable_new_like (batch->node, batch->inputs, error);

  x = move_axis (batch->inputs[0], 0, get_depth (positions), error);
  taken = tg_take_nd (x, batch->inputs[1], error);

  return taken != NULL ? move_axis (taken, positions->type->ndim - 1, 0, error) : NULL;
}

static TgVariable *
batch_untake_nd (TgBatch  *batch,
                 GError  **error)
{
  TgVariable *positions = batch->node->inputs[2];
  guint depth = get_depth (positions);
  g_autoptr (GPtrArray) sizes = list_sizes (batch, batch->inputs[1], error);
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) x = NULL;
  g_autoptr (TgVariable) put = NULL;

  if (sizes == NULL)
    return NULL;

  g_ptr_array_insert (sizes, (gint) depth, g_ptr_array_steal_index (sizes, 0));
  shape = tg_variable_new_shape (sizes, error);
  x = move_axis (batch->inputs[0], 0, positions->type->ndim - 1, error);
  put = tg_untake_nd (x, shape, batch->inputs[2],
                      tg_variable_find_bool (batch->node, "accumulate"), error);

  return put != NULL ? move_axis (put, depth, 0, error) : NULL;
}

static TgVariable *
batch_searchsorted (TgBatch  *batch,
                    GError  **error)
{
  return batch->is_batched[0] ? tg_batch_fail (batch, "x", error)
                              : tg_variable_new_like (batch->node, batch->inputs, error);
}

static TgVariable *
batch_broadcast_shape (TgBatch  *batch,
                       GError  **error)
{
  TgVariable *node = batch->node;
  g_autoptr (GPtrArray) inputs = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (TgVariable) shape = NULL;
  g_autoptr (TgVariable) first = tg_constant_new_integers ((gint64[]) { 1 }, 1);
  g_autoptr (TgVariable) last = tg_constant_new_integers ((gint64[]) { G_MAXINT64 }, 1);
  guint ndim = (guint) node->type->shape[0];

  batch->shared = TRUE;
  for (guint i = 0; i < node->n_inputs; i++)
    {
      guint missing = batch->is_batched[i] ? ndim - node->inputs[i]->type->ndim : 0;
      TgVariable *input = tg_batch_insert_axes (batch->inputs[i], missing, error);

      if (input == NULL)
        return NULL;

      g_ptr_array_add (inputs, input);
    }

  shape = tg_broadcast_shape ((TgVariable *const *) inputs->pdata, inputs->len, error);

  return tg_slice (shape, first, last, (gint64[]) { 0 }, 1, (gint64[]) { 1 }, 1, error);
}

static TgVariable *
batch_full (TgBatch  *batch,
            GError  **error)
{
  g_autoptr (TgVariable) shape = prepend_size (batch, batch->inputs[0], error);
  g_autoptr (TgVariable) value = tg_batch_insert_axes (batch->inputs[1], batch->node->type->ndim,
                                                       error);

  return tg_broadcast_to (value, shape, error);
}

gboolean
tg_batch_takes_positions (TgBatch *batch)
{
  const TgOpInfo *op = batch->node->op;

  return g_strcmp0 (op->vectorize, "along") == 0
         || ((op == &tg_ops[TG_OP_TAKE] || op == &tg_ops[TG_OP_TAKE_ND]) && !batch->is_batched[0]);
}

TgBatchRule
tg_batch_find_rule (const TgOpInfo *op)
{
  static const TgBatchRule rules[TG_N_OPS] = {
    [TG_OP_RESHAPE] = batch_reshape,
    [TG_OP_BROADCAST_TO] = batch_broadcast_to,
    [TG_OP_SUM_TO] = batch_sum_to,
    [TG_OP_PERMUTE_DIMS] = batch_permute_dims,
    [TG_OP_SHAPE] = batch_shape,
    [TG_OP_SIZE] = batch_size,
    [TG_OP_FULL] = batch_full,
    [TG_OP_TAKE] = batch_take,
    [TG_OP_TAKE_ND] = batch_take_nd,
    [TG_OP_UNTAKE_ND] = batch_untake_nd,
    [TG_OP_SEARCHSORTED] = batch_searchsorted,
    [TG_OP_BROADCAST_SHAPE] = batch_broadcast_shape,
    [TG_OP_WITH_GRADIENT] = tg_batch_with_gradient,
  };

  switch (op->form)
    {
    case TG_FORM_ELEMENTWISE:
      return tg_batch_elementwise;

    case TG_FORM_REDUCE:
      return tg_batch_reduce;

    case TG_FORM_CONTRACT:
      return tg_batch_contract;

    case TG_FORM_LAYOUT:
    case TG_FORM_OPAQUE:
    case TG_FORM_RANDOM:
    default:
      return op->vectorize != NULL ? batch_as_declared : rules[tg_op_info_get_id (op)];
    }
}
