/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-egraph-private.h"
#include "tg-scalar-private.h"

/* Values of parts change those of the whole; forms hardly ever need as many rounds. */
#define MAX_ROUNDS 12

/* Errors as near as that, in bits, are the same: then costs decide. */
#define TIE 0.1

/* Computes a node from what was chosen for its inputs; the mean of the error, or INFINITY where
 * nothing is chosen for one yet. */
static double
measure (const TgEGraph *self,
         const TgENode  *node,
         double         *values,
         double         *cost)
{
  const TgEClass *class = tg_egraph_get_class (self, node->class);
  guint n_points = self->sample->n_points, n_known = 0;
  double sum = 0;

  *cost = node->kind == TG_FORMULA_APPLY ? tg_op_get_cost (node->op) : 0;
  for (guint i = 0; i < node->n_inputs; i++)
    {
      const TgEClass *input = tg_egraph_get_class (self, node->inputs[i]);

      if (input->best == TG_EGRAPH_NONE)
        return INFINITY;
      *cost += input->cost;
    }

  for (guint p = 0; p < n_points; p++)
    {
      double inputs[TG_OP_MAX_INPUTS];

      for (guint i = 0; i < node->n_inputs; i++)
        inputs[i] = tg_egraph_get_class (self, node->inputs[i])->values[p];

      if (node->kind == TG_FORMULA_LEAF)
        values[p] = tg_sample_get (self->sample, node->leaf, p);
      else if (node->kind == TG_FORMULA_NUMBER)
        values[p] = node->number;
      else
        values[p] = tg_scalar_apply (node->op, self->dtype, inputs);

      if (!isnan (class->truth[p]) && (self->counted >> p & 1))
        {
          sum += tg_bits_between (self->dtype, values[p], class->truth[p]);
          n_known++;
        }
    }

  return n_known > 0 ? sum / n_known : 0;
}

/* Whether the form that was chosen for `from` has a part that is `class`. */
static gboolean
is_part (const TgEGraph *self,
         guint16         class,
         const TgENode  *from)
{
  g_autofree guint16 *stack = g_new (guint16, self->classes->len + TG_OP_MAX_INPUTS);
  g_autofree gboolean *is_seen = g_new0 (gboolean, self->classes->len);
  guint n_left = 0;
  const TgENode *node = from;

  for (;;)
    {
      for (guint i = 0; i < node->n_inputs; i++)
        {
          if (node->inputs[i] == class)
            return TRUE;

          if (!is_seen[node->inputs[i]] && node->inputs[i] != self->given)
            {
              is_seen[node->inputs[i]] = TRUE;
              stack[n_left++] = node->inputs[i];
            }
        }

      if (n_left == 0)
        return FALSE;
      node = tg_egraph_get_node (self, tg_egraph_get_class (self, stack[--n_left])->best);
    }
}

static gboolean
is_better (double error,
           double cost,
           double than_error,
           double than_cost)
{
  if (fabs (error - than_error) <= TIE)
    return cost < than_cost;

  return error < than_error;
}

/* Measures the members of a class again; whether something changed. */
static gboolean
choose_member (TgEGraph *self,
               guint16   number,
               double   *values)
{
  TgEClass *class = tg_egraph_get_class (self, number);
  guint n_bytes = self->sample->n_points * sizeof (double);
  gboolean has_changed = FALSE;

  if (class->best != TG_EGRAPH_NONE)
    {
      double before = class->error;

      class->error = measure (self, tg_egraph_get_node (self, class->best), class->values,
                              &class->cost);
      has_changed = fabs (before - class->error) > TIE;
    }

  for (guint i = 0; i < class->n_members; i++)
    {
      guint16 member = tg_egraph_get_member (self, class, i);
      const TgENode *node = tg_egraph_get_node (self, member);
      double cost, error;

      if (member == class->best)
        continue;

      error = measure (self, node, values, &cost);
      if (!isfinite (error)
          || (class->best != TG_EGRAPH_NONE
              && (!is_better (error, cost, class->error, class->cost)
                  || is_part (self, number, node))))
        continue;

      class->best = member;
      class->error = error;
      class->cost = cost;
      memcpy (class->values, values, n_bytes);
      has_changed = TRUE;
    }

  return has_changed;
}

/* What is computed by other means is as good as it can be there. */
static void
choose_given (TgEGraph *self)
{
  TgEClass *class = tg_egraph_get_class (self, self->given);

  class->best = tg_egraph_get_member (self, class, 0);
  class->error = 0;
  class->cost = 0;
  memcpy (class->values, class->truth, self->sample->n_points * sizeof (double));
}

void
tg_egraph_choose (TgEGraph *self)
{
  g_autofree double *values = g_new (double, self->sample->n_points);
  gboolean has_changed = TRUE;

  for (guint i = 0; i < self->classes->len; i++)
    tg_egraph_get_class (self, i)->best = TG_EGRAPH_NONE;
  if (self->given != TG_EGRAPH_NONE)
    choose_given (self);

  for (guint round = 0; has_changed && round < MAX_ROUNDS; round++)
    {
      has_changed = FALSE;
      for (guint i = 0; i < self->classes->len; i++)
        {
          if (tg_egraph_get_class (self, i)->parent == i && i != self->given)
            has_changed |= choose_member (self, (guint16) i, values);
        }
    }
}

guint
tg_egraph_rank (TgEGraph *self,
                guint16   class,
                guint16  *nodes,
                guint     n_nodes)
{
  const TgEClass *info = tg_egraph_get_class (self, class);
  g_autofree double *values = g_new (double, self->sample->n_points);
  g_autofree double *errors = g_new (double, n_nodes);
  guint n_ranked = 0;

  for (guint i = 0; i < info->n_members; i++)
    {
      guint16 member = tg_egraph_get_member (self, info, i);
      const TgENode *node = tg_egraph_get_node (self, member);
      double cost, error = measure (self, node, values, &cost);
      guint place = n_ranked;

      if (!isfinite (error) || is_part (self, class, node))
        continue;

      error += cost * 1e-3;
      while (place > 0 && errors[place - 1] > error)
        place--;
      if (place >= n_nodes)
        continue;

      n_ranked = MIN (n_ranked + 1, n_nodes);
      for (guint k = n_ranked - 1; k > place; k--)
        {
          nodes[k] = nodes[k - 1];
          errors[k] = errors[k - 1];
        }
      nodes[place] = member;
      errors[place] = error;
    }

  return n_ranked;
}

/* The errors of a member at all points; FALSE where it cannot be chosen. */
static gboolean
find_errors (const TgEGraph *self,
             guint16         class,
             guint16         member,
             double         *errors)
{
  const TgEClass *info = tg_egraph_get_class (self, class);
  const TgENode *node = tg_egraph_get_node (self, member);
  double cost;

  if (!isfinite (measure (self, node, errors, &cost)) || is_part (self, class, node))
    return FALSE;

  for (guint p = 0; p < self->sample->n_points; p++)
    errors[p] = isnan (info->truth[p]) ? 0 : tg_bits_between (self->dtype, errors[p],
                                                              info->truth[p]);

  return TRUE;
}

guint
tg_egraph_cover (TgEGraph *self,
                 guint16   class,
                 guint16  *nodes,
                 guint     n_nodes)
{
  const TgEClass *info = tg_egraph_get_class (self, class);
  guint n_points = self->sample->n_points, n_chosen = 0;
  g_autofree double *errors = g_new (double, info->n_members * n_points);
  g_autofree double *least = g_new (double, n_points);
  g_autofree gboolean *is_usable = g_new (gboolean, info->n_members);

  for (guint i = 0; i < info->n_members; i++)
    is_usable[i] = find_errors (self, class, tg_egraph_get_member (self, info, i),
                                &errors[i * n_points]);
  for (guint p = 0; p < n_points; p++)
    least[p] = 64;

  while (n_chosen < n_nodes)
    {
      double most = 0;
      guint best = 0;

      for (guint i = 0; i < info->n_members; i++)
        {
          double gain = 0;

          for (guint p = 0; p < n_points && is_usable[i]; p++)
            gain += MAX (least[p] - errors[i * n_points + p], 0);
          if (gain > most)
            {
              most = gain;
              best = i;
            }
        }

      if (most < TIE * n_points)
        break;

      nodes[n_chosen++] = tg_egraph_get_member (self, info, best);
      for (guint p = 0; p < n_points; p++)
        least[p] = MIN (least[p], errors[best * n_points + p]);
    }

  return n_chosen;
}

guint
tg_egraph_append (const TgEGraph *self,
                  const guint16  *ways,
                  guint16         node,
                  TgFormula      *formula,
                  int            *items)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (guint16));

  g_array_append_val (stack, node);
  while (stack->len > 0)
    {
      guint16 number = g_array_index (stack, guint16, stack->len - 1);
      const TgENode *top = tg_egraph_get_node (self, number);
      guint inputs[TG_OP_MAX_INPUTS], n_waiting = 0;

      for (guint i = 0; i < top->n_inputs && items[number] < 0; i++)
        {
          guint16 chosen = ways != NULL ? ways[top->inputs[i]]
                                        : tg_egraph_get_class (self, top->inputs[i])->best;

          inputs[i] = (guint) items[chosen];
          if (items[chosen] < 0)
            {
              g_array_append_val (stack, chosen);
              n_waiting++;
            }
        }

      if (n_waiting > 0)
        continue;

      g_array_set_size (stack, stack->len - 1);
      if (items[number] >= 0)
        continue;

      if (top->kind == TG_FORMULA_LEAF)
        items[number] = (int) tg_formula_add_leaf (formula, top->leaf);
      else if (top->kind == TG_FORMULA_NUMBER)
        items[number] = (int) tg_formula_add_number (formula, top->number);
      else
        items[number] = (int) tg_formula_add_apply (formula, top->op, inputs, top->n_inputs);
    }

  return (guint) items[node];
}

TgFormula *
tg_egraph_extract (TgEGraph *self,
                   guint16   node)
{
  TgFormula *formula = tg_formula_new (self->dtype, self->sample->n_leaves);
  g_autofree int *items = g_new (int, self->nodes->len);

  memset (items, 0xff, self->nodes->len * sizeof (int));
  tg_egraph_append (self, NULL, node, formula, items);

  return formula;
}
