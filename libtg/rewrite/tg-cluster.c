/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cluster-private.h"

#include "tg-number-private.h"
#include "tg-scalar-private.h"
#include "tg-traverse-private.h"

static gboolean
is_float (TgDType dtype)
{
  return dtype == TG_DTYPE_FLOAT64 || dtype == TG_DTYPE_FLOAT32;
}

/* A 0-d constant; one with a shape of its own may be what gives the result its shape. */
static gboolean
get_number (TgVariable *variable,
            double     *number)
{
  return variable->type->ndim == 0 && tg_variable_get_number (variable, number)
         && isfinite (*number);
}

/* Whether an operator may take it as it is, without a change of its dtype that is seen nowhere. */
static gboolean
is_operand (TgVariable *input,
            TgDType     compute)
{
  double number;

  return input->type->dtype == compute || input->type->dtype == TG_DTYPE_BOOL
         || (input->weak && get_number (input, &number));
}

static gboolean
computes_truth (TgVariable *variable)
{
  return variable->op->rule == TG_RULE_LOGICAL;
}

gboolean
tg_cluster_takes (TgVariable *variable)
{
  const TgOpInfo *op = variable->op;

  if (op == NULL || op->form != TG_FORM_ELEMENTWISE || op->n_parameters > 0 || op->variadic
      || !tg_scalar_has (tg_op_info_get_id (op)) || !tg_real_has (tg_op_info_get_id (op)))
    return FALSE;

  if (!is_float (variable->compute) && !computes_truth (variable))
    return FALSE;

  if (variable->type->dtype != variable->compute && variable->type->dtype != TG_DTYPE_BOOL)
    return FALSE;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (!is_operand (variable->inputs[i], variable->compute))
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_cluster_joins (TgVariable *user,
                  TgVariable *input)
{
  return user->compute == input->compute || user->compute == TG_DTYPE_BOOL
         || input->compute == TG_DTYPE_BOOL;
}

/* Whether `variable` is inside the region of a root that computes in `dtype`. */
static gboolean
is_inside (TgVariable *variable,
           TgDType     dtype,
           GHashTable *stops)
{
  return tg_cluster_takes (variable) && !g_hash_table_contains (stops, variable)
         && (variable->compute == dtype || computes_truth (variable));
}

/* What the region does not contain, but its operators take. */
static GHashTable *
find_border (TgVariable *root,
             GHashTable *stops)
{
  GHashTable *border = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) queue = g_ptr_array_new ();

  g_ptr_array_add (queue, root);
  for (guint next = 0; next < queue->len; next++)
    {
      TgVariable *variable = queue->pdata[next];

      for (guint i = 0; i < variable->n_inputs; i++)
        {
          TgVariable *input = variable->inputs[i];

          if (!g_hash_table_add (seen, input))
            continue;

          if (queue->len < TG_CLUSTER_MAX_ITEMS && is_inside (input, root->compute, stops))
            g_ptr_array_add (queue, input);
          else
            g_hash_table_add (border, input);
        }
    }

  return border;
}

static guint
add_leaf (TgCluster     *self,
          TgVariable    *variable,
          const TgFacts *facts)
{
  TgRange range = facts->get_range (facts->data, variable);

  if (variable->type->dtype == TG_DTYPE_BOOL)
    range = (TgRange) { 0, 1, FALSE, TRUE };

  self->ranges = g_renew (TgRange, self->ranges, self->leaves->len + 1);
  self->ranges[self->leaves->len] = range;
  g_ptr_array_add (self->leaves, variable);

  return tg_formula_add_leaf (self->formula, self->leaves->len - 1);
}

TgCluster *
tg_cluster_new (TgVariable    *root,
                GHashTable    *stops,
                const TgFacts *facts)
{
  g_autoptr (TgCluster) self = g_new0 (TgCluster, 1);
  g_autoptr (GHashTable) border = find_border (root, stops);
  g_autoptr (GPtrArray) order = tg_traverse (&root, 1, border);
  g_autoptr (GHashTable) items = g_hash_table_new (NULL, NULL);

  self->root = root;
  self->leaves = g_ptr_array_new ();
  self->formula = tg_formula_new (root->compute, 0);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];
      guint inputs[TG_OP_MAX_INPUTS], item;
      double number;

      if (!g_hash_table_contains (border, variable))
        {
          for (guint k = 0; k < variable->n_inputs; k++)
            inputs[k] = GPOINTER_TO_UINT (g_hash_table_lookup (items, variable->inputs[k]));
          item = tg_formula_add_apply (self->formula, tg_op_info_get_id (variable->op), inputs,
                                       variable->n_inputs);
        }
      else if (get_number (variable, &number))
        item = tg_formula_add_number (self->formula, number);
      else
        item = add_leaf (self, variable, facts);

      g_hash_table_insert (items, variable, GUINT_TO_POINTER (item));
    }

  self->formula->n_leaves = self->leaves->len;

  return g_steal_pointer (&self);
}

void
tg_cluster_free (TgCluster *self)
{
  g_clear_pointer (&self->formula, tg_formula_free);
  g_clear_pointer (&self->leaves, g_ptr_array_unref);
  g_free (self->ranges);
  g_free (self);
}

GBytes *
tg_cluster_get_key (const TgCluster *self)
{
  g_autoptr (GByteArray) key = g_byte_array_new ();

  g_byte_array_append (key, (const guint8 *) &self->formula->dtype, sizeof (TgDType));
  for (guint i = 0; i < self->formula->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self->formula, i);
      guint head[3] = { item->kind, item->op, item->leaf };

      g_byte_array_append (key, (const guint8 *) head, sizeof head);
      g_byte_array_append (key, (const guint8 *) item->inputs, item->n_inputs * sizeof (guint));
      g_byte_array_append (key, (const guint8 *) &item->number, sizeof (double));
    }

  for (guint i = 0; i < self->leaves->len; i++)
    {
      const TgRange *range = &self->ranges[i];
      double ends[4] = { range->low, range->high, range->is_nonzero, range->is_integer };

      g_byte_array_append (key, (const guint8 *) ends, sizeof ends);
    }

  return g_byte_array_free_to_bytes (g_steal_pointer (&key));
}

/* Leaves that have a shape, and are not in the formula any more. */
static void
list_lost (const TgCluster *self,
           const TgFormula *formula,
           GPtrArray       *lost)
{
  for (guint i = 0; i < self->leaves->len; i++)
    {
      TgVariable *leaf = self->leaves->pdata[i];
      gboolean is_there = leaf->type->ndim == 0;

      for (guint k = 0; k < formula->items->len && !is_there; k++)
        {
          const TgFormulaItem *item = tg_formula_get (formula, k);

          is_there = item->kind == TG_FORMULA_LEAF && item->leaf == i;
        }

      if (!is_there)
        g_ptr_array_add (lost, leaf);
    }
}

TgVariable *
tg_cluster_build (const TgCluster *self,
                  const TgFormula *formula,
                  TgRewriter      *rewriter)
{
  g_autofree TgVariable **variables = g_new (TgVariable *, formula->items->len);
  g_autoptr (GPtrArray) lost = g_ptr_array_new ();
  TgVariable *result;

  for (guint i = 0; i < formula->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (formula, i);
      TgVariable *inputs[TG_OP_MAX_INPUTS];

      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = variables[item->inputs[k]];

      if (item->kind == TG_FORMULA_LEAF)
        variables[i] = self->leaves->pdata[item->leaf];
      else if (item->kind == TG_FORMULA_APPLY)
        variables[i] = tg_rewriter_apply (rewriter, &tg_ops[item->op], inputs, item->n_inputs,
                                          NULL);
      else
        {
          g_autoptr (TgVariable) number = tg_variable_new_number (item->number);

          variables[i] = tg_rewriter_intern (rewriter, number);
        }

      if (variables[i] == NULL)
        return NULL;
    }

  list_lost (self, formula, lost);
  result = variables[formula->items->len - 1];
  if (result == self->root)
    return NULL;

  return tg_rewriter_fit (rewriter, result, self->root, (TgVariable *const *) lost->pdata,
                          lost->len);
}
