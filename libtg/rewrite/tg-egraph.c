/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-egraph-private.h"

#include <math.h>

#include "tg-scalar-private.h"

#define TABLE_SIZE 8192

/* Ranges of parts depend on each other; they only become narrower, and need not do so to the
 * end. */
#define RANGE_ROUNDS 3

/* Of so many points at least what is said to be equal must be known. */
#define MIN_EVIDENCE 3

TgEGraph *
tg_egraph_new (TgDType            dtype,
               const TgSample    *sample,
               const mpfr_prec_t *precisions,
               const TgRange     *leaves,
               guint              max_nodes)
{
  TgEGraph *self = g_new0 (TgEGraph, 1);

  g_assert (max_nodes <= TABLE_SIZE / 2);
  g_assert (sample->n_points <= 64);
  self->dtype = dtype;
  self->sample = sample;
  self->precisions = precisions;
  self->leaves = leaves;
  self->nodes = g_array_new (FALSE, TRUE, sizeof (TgENode));
  self->classes = g_array_new (FALSE, TRUE, sizeof (TgEClass));
  self->members = g_array_new (FALSE, FALSE, sizeof (guint16));
  self->table = g_new (guint16, TABLE_SIZE);
  memset (self->table, 0xff, TABLE_SIZE * sizeof (guint16));
  for (guint p = 0; p < sample->n_points; p++)
    self->n_limb_bytes += mpfr_custom_get_size (precisions[p]);
  self->max_nodes = max_nodes;
  self->max_work = G_MAXUINT;
  self->may_assume = TRUE;
  self->counted = G_MAXUINT64;
  self->given = TG_EGRAPH_NONE;

  return self;
}

void
tg_egraph_free (TgEGraph *self)
{
  for (guint i = 0; i < self->classes->len; i++)
    {
      TgEClass *class = tg_egraph_get_class (self, i);

      g_free (class->reals);
      g_free (class->limbs);
      g_free (class->truth);
      g_free (class->values);
    }

  g_array_unref (self->nodes);
  g_array_unref (self->classes);
  g_array_unref (self->members);
  g_free (self->table);
  g_free (self);
}

guint16
tg_egraph_find (const TgEGraph *self,
                guint16         class)
{
  while (tg_egraph_get_class (self, class)->parent != class)
    class = tg_egraph_get_class (self, class)->parent;

  return class;
}

static guint
hash_node (const TgENode *node)
{
  union { double number; guint64 bits; } value = { node->number };
  guint64 hash = ((guint64) node->kind << 16) + (guint64) node->op + ((guint64) node->leaf << 24);

  for (guint i = 0; i < node->n_inputs; i++)
    hash = (hash ^ node->inputs[i]) * 0x9e3779b97f4a7c15;
  hash = (hash ^ value.bits) * 0x9e3779b97f4a7c15;

  return (guint) (hash >> 40);
}

static gboolean
is_same (const TgENode *a,
         const TgENode *b)
{
  return a->kind == b->kind && a->op == b->op && a->leaf == b->leaf
         && memcmp (&a->number, &b->number, sizeof (double)) == 0
         && memcmp (a->inputs, b->inputs, a->n_inputs * sizeof (guint16)) == 0;
}

/* The inputs of a node as they are now; those that commute in the order of their numbers. */
static void
make_canonical (const TgEGraph *self,
                TgENode        *node)
{
  for (guint i = 0; i < node->n_inputs; i++)
    node->inputs[i] = tg_egraph_find (self, node->inputs[i]);

  if (node->kind == TG_FORMULA_APPLY && tg_ops[node->op].commutes
      && node->inputs[0] > node->inputs[1])
    {
      guint16 first = node->inputs[0];

      node->inputs[0] = node->inputs[1];
      node->inputs[1] = first;
    }
}

/* The slot where a node is, or would be. */
static guint16 *
find_slot (const TgEGraph *self,
           const TgENode  *node)
{
  guint slot = hash_node (node) % TABLE_SIZE;

  while (self->table[slot] != TG_EGRAPH_NONE
         && !is_same (tg_egraph_get_node (self, self->table[slot]), node))
    slot = (slot + 1) % TABLE_SIZE;

  return &self->table[slot];
}

static TgRange
find_range (const TgEGraph *self,
            const TgENode  *node)
{
  TgRange inputs[TG_OP_MAX_INPUTS];

  if (node->kind == TG_FORMULA_LEAF)
    return self->leaves[node->leaf];

  if (node->kind == TG_FORMULA_NUMBER)
    return tg_range_of_number (node->number);

  for (guint i = 0; i < node->n_inputs; i++)
    inputs[i] = tg_egraph_get_class (self, node->inputs[i])->range;

  return tg_range_apply (&tg_ops[node->op], inputs, node->n_inputs);
}

static void
find_real (const TgEGraph *self,
           const TgENode  *node,
           guint           point,
           TgReal         *real)
{
  const TgReal *inputs[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < node->n_inputs; i++)
    inputs[i] = &tg_egraph_get_class (self, node->inputs[i])->reals[point];

  if (node->kind == TG_FORMULA_LEAF)
    tg_real_set_double (real, tg_sample_get (self->sample, node->leaf, point));
  else if (node->kind == TG_FORMULA_NUMBER)
    tg_real_set_double (real, node->number);
  else
    tg_real_apply (node->op, real, inputs);
}

static void
find_truth (TgEGraph      *self,
            const TgENode *node,
            TgEClass      *class)
{
  guint n_points = self->sample->n_points;
  char *limbs = class->limbs = g_malloc (self->n_limb_bytes);

  class->reals = g_new (TgReal, n_points);
  class->truth = g_new (double, n_points);
  class->values = g_new (double, n_points);
  for (guint p = 0; p < n_points; p++)
    {
      tg_real_init_in_place (&class->reals[p], self->precisions[p], limbs);
      limbs += mpfr_custom_get_size (self->precisions[p]);
      find_real (self, node, p, &class->reals[p]);
      self->work += node->kind == TG_FORMULA_APPLY
                      ? 1 + tg_real_get_work (node->op, self->precisions[p]) : 1;
      if (!tg_real_round (&class->reals[p], self->dtype, &class->truth[p])
          || !isfinite (class->truth[p]))
        class->truth[p] = NAN;
    }
}

guint16
tg_egraph_look_up (const TgEGraph *self,
                   TgENode        *node)
{
  guint16 found;

  make_canonical (self, node);
  found = *find_slot (self, node);

  return found != TG_EGRAPH_NONE ? tg_egraph_find (self, tg_egraph_get_node (self, found)->class)
                                 : TG_EGRAPH_NONE;
}

/* Adds a node and a class for it. */
static guint16
add_node (TgEGraph *self,
          TgENode  *node)
{
  TgEClass class = { .parent = (guint16) self->classes->len, .best = TG_EGRAPH_NONE };
  TgDTypeRule rule = tg_ops[node->kind == TG_FORMULA_APPLY ? node->op : TG_OP_ADD].rule;
  guint16 known = tg_egraph_look_up (self, node);

  if (known != TG_EGRAPH_NONE || tg_egraph_is_full (self))
    return known;

  class.is_truth = rule == TG_RULE_COMPARE || rule == TG_RULE_LOGICAL || rule == TG_RULE_CLASSIFY;
  class.is_number = node->kind == TG_FORMULA_NUMBER;
  class.number = node->number;
  class.range = find_range (self, node);
  find_truth (self, node, &class);
  node->class = class.parent;
  *find_slot (self, node) = (guint16) self->nodes->len;
  g_array_append_vals (self->nodes, node, 1);
  g_array_append_vals (self->classes, &class, 1);

  return class.parent;
}

guint16
tg_egraph_add_leaf (TgEGraph *self,
                    guint     leaf)
{
  return add_node (self, &(TgENode) { .kind = TG_FORMULA_LEAF, .leaf = leaf });
}

guint16
tg_egraph_add_number (TgEGraph *self,
                      double    number)
{
  /* Zero has one sign: as real numbers both are the same. */
  return add_node (self, &(TgENode) { .kind = TG_FORMULA_NUMBER,
                                      .number = number == 0 ? 0 : number });
}

/* Whether an operator of numbers is exactly a number of the dtype. */
static gboolean
fold (const TgEGraph *self,
      TgOpId          op,
      const guint16  *inputs,
      double         *number)
{
  const TgReal *arguments[TG_OP_MAX_INPUTS];
  TgReal reals[TG_OP_MAX_INPUTS], result;
  guint n_inputs = tg_ops[op].n_inputs;
  gboolean is_exact;

  for (guint i = 0; i < n_inputs; i++)
    {
      if (!tg_egraph_get_class (self, inputs[i])->is_number)
        return FALSE;
    }

  for (guint i = 0; i < n_inputs; i++)
    {
      tg_real_init (&reals[i], 53);
      tg_real_set_double (&reals[i], tg_egraph_get_class (self, inputs[i])->number);
      arguments[i] = &reals[i];
    }

  tg_real_init (&result, self->dtype == TG_DTYPE_FLOAT32 ? 24 : 53);
  tg_real_apply (op, &result, arguments);
  is_exact = result.error == TG_REAL_EXACT && tg_real_round (&result, self->dtype, number)
             && isfinite (*number) && fabs (*number) < 0x1p100
             && (*number == 0 || fabs (*number) > 0x1p-100);
  for (guint i = 0; i < n_inputs; i++)
    tg_real_clear (&reals[i]);
  tg_real_clear (&result);

  return is_exact;
}

guint16
tg_egraph_add_apply (TgEGraph      *self,
                     TgOpId         op,
                     const guint16 *inputs,
                     const TgRule  *rule)
{
  TgENode node = { .kind = TG_FORMULA_APPLY, .op = op, .n_inputs = tg_ops[op].n_inputs,
                   .rule = rule };
  double number;

  /* Nothing could be said of it. */
  if (!tg_real_has (op) || !tg_scalar_has (op))
    return TG_EGRAPH_NONE;

  for (guint i = 0; i < node.n_inputs; i++)
    {
      if (inputs[i] == TG_EGRAPH_NONE)
        return TG_EGRAPH_NONE;
      node.inputs[i] = tg_egraph_find (self, inputs[i]);
    }

  if (fold (self, op, node.inputs, &number))
    return tg_egraph_add_number (self, number);

  return add_node (self, &node);
}

guint16
tg_egraph_add_formula (TgEGraph        *self,
                       const TgFormula *formula,
                       const TgRule    *rule)
{
  g_autofree guint16 *classes = g_new (guint16, formula->items->len);

  for (guint i = 0; i < formula->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (formula, i);
      guint16 inputs[TG_OP_MAX_INPUTS];

      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = classes[item->inputs[k]];

      if (item->kind == TG_FORMULA_LEAF)
        classes[i] = tg_egraph_add_leaf (self, item->leaf);
      else if (item->kind == TG_FORMULA_NUMBER)
        classes[i] = tg_egraph_add_number (self, self->dtype == TG_DTYPE_FLOAT32
                                                   ? (double) (float) item->number
                                                   : item->number);
      else
        classes[i] = tg_egraph_add_apply (self, item->op, inputs, rule);
    }

  return classes[formula->items->len - 1];
}

static gboolean
is_refuted (const TgEClass *a,
            const TgEClass *b,
            guint           n_points)
{
  if (a->is_number && b->is_number && a->number != b->number)
    return TRUE;

  for (guint p = 0; p < n_points; p++)
    {
      if (!tg_real_may_equal (&a->reals[p], &b->reals[p]))
        return TRUE;
    }

  return FALSE;
}

/* Whether enough is known of both to believe that they are equal. */
static gboolean
has_evidence (const TgEClass *a,
              const TgEClass *b,
              guint           n_points)
{
  guint n_known = 0;

  for (guint p = 0; p < n_points; p++)
    n_known += !isnan (a->truth[p]) && !isnan (b->truth[p]);

  return n_known >= MIN_EVIDENCE;
}

/* Where one of two equal forms is not defined, the other one says what the class is. */
static void
take_over (TgEClass       *class,
           const TgEClass *other,
           guint           n_points)
{
  for (guint p = 0; p < n_points; p++)
    {
      if (!isnan (class->truth[p]) || isnan (other->truth[p]))
        continue;

      tg_real_set (&class->reals[p], &other->reals[p]);
      class->truth[p] = other->truth[p];
    }
}

gboolean
tg_egraph_union (TgEGraph *self,
                 guint16   a,
                 guint16   b)
{
  TgEClass *first, *second;

  a = tg_egraph_find (self, a);
  b = tg_egraph_find (self, b);
  if (a == b)
    return FALSE;

  /* The older one stays: what is written is there first. */
  first = tg_egraph_get_class (self, MIN (a, b));
  second = tg_egraph_get_class (self, MAX (a, b));
  if (first->is_truth != second->is_truth)
    return FALSE;

  if (is_refuted (first, second, self->sample->n_points))
    {
      self->n_false++;
      return FALSE;
    }

  if (!has_evidence (first, second, self->sample->n_points))
    return FALSE;

  second->parent = MIN (a, b);
  first->range = tg_range_intersect (first->range, second->range);
  if (second->is_number)
    {
      first->is_number = TRUE;
      first->number = second->number;
    }
  take_over (first, second, self->sample->n_points);

  return TRUE;
}

/* Puts all nodes into the table anew; whether some classes became one by it. */
static gboolean
hash_again (TgEGraph *self)
{
  gboolean has_changed = FALSE;

  memset (self->table, 0xff, TABLE_SIZE * sizeof (guint16));
  for (guint i = 0; i < self->nodes->len; i++)
    {
      TgENode *node = tg_egraph_get_node (self, i);
      guint16 *slot;

      if (node->is_dropped)
        continue;

      make_canonical (self, node);
      node->class = tg_egraph_find (self, node->class);
      slot = find_slot (self, node);
      if (*slot == TG_EGRAPH_NONE)
        *slot = (guint16) i;
      else
        {
          has_changed |= tg_egraph_union (self, node->class,
                                          tg_egraph_get_node (self, *slot)->class);
          node->is_dropped = TRUE;
        }
    }

  return has_changed;
}

/* Operators whose inputs have turned out to be numbers. */
static gboolean
fold_again (TgEGraph *self)
{
  guint n_nodes = self->nodes->len;
  gboolean has_changed = FALSE;

  for (guint i = 0; i < n_nodes; i++)
    {
      const TgENode *node = tg_egraph_get_node (self, i);
      guint16 class = tg_egraph_find (self, node->class), folded;
      double number;

      if (node->is_dropped || node->kind != TG_FORMULA_APPLY
          || tg_egraph_get_class (self, class)->is_number
          || !fold (self, node->op, node->inputs, &number))
        continue;

      folded = tg_egraph_add_number (self, number);
      has_changed |= folded != TG_EGRAPH_NONE && tg_egraph_union (self, class, folded);
    }

  return has_changed;
}

static void
list_members (TgEGraph *self)
{
  guint16 next = 0;

  self->n_live = 0;
  for (guint i = 0; i < self->classes->len; i++)
    tg_egraph_get_class (self, i)->n_members = 0;

  for (guint i = 0; i < self->nodes->len; i++)
    {
      TgENode *node = tg_egraph_get_node (self, i);

      node->class = tg_egraph_find (self, node->class);
      if (!node->is_dropped)
        {
          tg_egraph_get_class (self, node->class)->n_members++;
          self->n_live++;
        }
    }

  for (guint i = 0; i < self->classes->len; i++)
    {
      TgEClass *class = tg_egraph_get_class (self, i);

      class->first = next;
      next += class->n_members;
      class->n_members = 0;
    }

  g_array_set_size (self->members, next);
  for (guint i = 0; i < self->nodes->len; i++)
    {
      TgENode *node = tg_egraph_get_node (self, i);
      TgEClass *class = tg_egraph_get_class (self, node->class);

      if (!node->is_dropped)
        g_array_index (self->members, guint16, class->first + class->n_members++) = (guint16) i;
    }
}

static void
narrow_ranges (TgEGraph *self)
{
  for (guint round = 0; round < RANGE_ROUNDS; round++)
    {
      for (guint i = 0; i < self->nodes->len; i++)
        {
          TgENode *node = tg_egraph_get_node (self, i);
          TgEClass *class = tg_egraph_get_class (self, node->class);

          if (!node->is_dropped)
            class->range = tg_range_intersect (class->range, find_range (self, node));
        }
    }
}

static void
list_operators (TgEGraph *self)
{
  memset (self->by_op, 0xff, sizeof self->by_op);
  for (guint i = 0; i < self->classes->len; i++)
    tg_egraph_get_class (self, i)->operators = 0;

  for (guint i = self->nodes->len; i > 0; i--)
    {
      TgENode *node = tg_egraph_get_node (self, i - 1);

      if (node->is_dropped || node->kind != TG_FORMULA_APPLY)
        continue;

      node->next = self->by_op[node->op];
      self->by_op[node->op] = (guint16) (i - 1);
      tg_egraph_get_class (self, node->class)->operators |= (guint64) 1 << node->op % 64;
    }
}

void
tg_egraph_rebuild (TgEGraph *self)
{
  while (hash_again (self) || fold_again (self))
    continue;

  list_members (self);
  list_operators (self);
  narrow_ranges (self);
}
