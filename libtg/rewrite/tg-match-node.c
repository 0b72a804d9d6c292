/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-match-node-private.h"

/* Makes the left side of a rule ready to be matched: nested sums and products become flat, and what
 * fits the fewest expressions is looked for first. */

typedef TgMatchNode Node;
typedef TgMatchPart Part;

static void
node_free (Node *self)
{
  for (guint i = 0; i < self->n_parts; i++)
    node_free (self->parts[i].node);

  g_free (self);
}

static Node *compile (const TgPattern *pattern,
                      gboolean         is_flat);

/* Puts the terms of nested sums, or the factors of nested products, into one node. */
static void
flatten (Node            *self,
         const TgPattern *pattern,
         int              sign)
{
  gboolean is_product = self->kind == TG_MATCH_PRODUCT;
  TgOpId op = pattern->kind == TG_PATTERN_APPLY ? tg_op_info_get_id (pattern->op) : TG_N_OPS;
  int second = op == TG_OP_SUBTRACT || op == TG_OP_DIVIDE ? -sign : sign;

  if (op == TG_N_OPS
      || !(is_product ? tg_op_is_product (pattern->op) : tg_op_is_sum (pattern->op))
      || self->n_parts + 2 > TG_MAX_TERMS)
    {
      self->parts[self->n_parts++] = (Part) { compile (pattern, TRUE), sign, FALSE };
      return;
    }

  if (op == TG_OP_NEGATIVE && is_product)
    self->is_negative = !self->is_negative;
  if (op == TG_OP_RECIPROCAL || (op == TG_OP_NEGATIVE && !is_product))
    sign = -sign;

  flatten (self, pattern->inputs[0], sign);
  if (pattern->n_inputs > 1)
    flatten (self, pattern->inputs[1], second);
}

/* A factor of 1 says nothing where there is another one to recognise the product by. */
static void
drop_ones (Node *self)
{
  gboolean has_operator = FALSE;
  guint n_parts = 0;

  for (guint i = 0; i < self->n_parts; i++)
    has_operator = has_operator || self->parts[i].node->kind > TG_MATCH_NUMBER;

  for (guint i = 0; i < self->n_parts; i++)
    {
      Part part = self->parts[i];

      if (has_operator && part.node->kind == TG_MATCH_NUMBER && part.node->pattern->number == 1)
        node_free (part.node);
      else
        self->parts[n_parts++] = part;
    }

  self->n_parts = n_parts;
}

static gboolean
contains_letter (const Node *self,
                 guint       letter)
{
  if (self->kind == TG_MATCH_LETTER)
    return self->pattern->letter == letter;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (contains_letter (self->parts[i].node, letter))
        return TRUE;
    }

  return FALSE;
}

/* In which order parts are matched: operators, which fit least, numbers, letters that other parts
 * have too, and last those that fit everything. */
static guint
get_rank (const Node *self,
          guint       index)
{
  const Node *node = self->parts[index].node;

  if (node->kind != TG_MATCH_LETTER)
    return node->kind == TG_MATCH_NUMBER ? 1 : 0;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (i != index && contains_letter (self->parts[i].node, node->pattern->letter))
        return 2;
    }

  return 3;
}

static void
sort_parts (Node *self)
{
  Part sorted[TG_MAX_TERMS];
  guint n_sorted = 0;

  for (guint rank = 0; rank < 4; rank++)
    {
      for (guint i = 0; i < self->n_parts; i++)
        {
          if (get_rank (self, i) != rank)
            continue;

          sorted[n_sorted++] = self->parts[i];
          self->takes_rest = rank == 3;
        }
    }

  memcpy (self->parts, sorted, n_sorted * sizeof (Part));
}

/* Without `is_flat`, sums and products are matched as they are put together. */
static Node *
compile (const TgPattern *pattern,
         gboolean         is_flat)
{
  Node *self = g_new0 (Node, 1);

  self->pattern = pattern;
  if (pattern->kind == TG_PATTERN_LETTER)
    self->kind = TG_MATCH_LETTER;
  else if (pattern->kind == TG_PATTERN_NUMBER)
    self->kind = TG_MATCH_NUMBER;
  else if (pattern->kind == TG_PATTERN_FORM)
    self->kind = TG_MATCH_FORM;
  else if (is_flat && pattern->op != &tg_ops[TG_OP_NEGATIVE]
           && (tg_op_is_sum (pattern->op) || tg_op_is_product (pattern->op)))
    {
      self->kind = tg_op_is_sum (pattern->op) ? TG_MATCH_SUM : TG_MATCH_PRODUCT;
      flatten (self, pattern, 1);
      if (self->kind == TG_MATCH_PRODUCT)
        drop_ones (self);
      sort_parts (self);
    }
  else
    {
      self->kind = TG_MATCH_APPLY;
      self->n_parts = pattern->n_inputs;
      for (guint i = 0; i < pattern->n_inputs; i++)
        self->parts[i] = (Part) { compile (pattern->inputs[i], is_flat), 1, FALSE };
    }

  return self;
}

/* Sums and products within are matched in whichever of their operators they are written. */
static void
collect_needs (const Node *root,
               TgOpSet    *needs)
{
  for (guint i = 0; i < root->n_parts; i++)
    {
      const Node *node = root->parts[i].node;

      if (node->kind == TG_MATCH_NUMBER)
        tg_op_set_add (needs, TG_N_OPS);
      else if (node->pattern->op != NULL)
        tg_op_set_add (needs, tg_op_get_family (node->pattern->op));
    }
}

/* What has no operator may be a number, and so may what is repeated. */
static void
add_family (TgOpSet    *set,
            TgVariable *variable)
{
  if (variable->op != NULL)
    tg_op_set_add (set, tg_op_get_family (variable->op));

  if (variable->op == NULL || variable->op == &tg_ops[TG_OP_BROADCAST_TO])
    tg_op_set_add (set, TG_N_OPS);
}

TgOpSet
tg_op_set_of (TgVariable *variable)
{
  gboolean is_sum = tg_op_is_sum (variable->op) && variable->n_inputs > 1;
  gboolean is_product = tg_op_is_product (variable->op)
                        && variable->op != &tg_ops[TG_OP_NEGATIVE];
  TgOpSet set = { { 0, } };
  TgTerms terms;

  if (is_sum || is_product)
    {
      tg_terms_init (&terms, variable, is_product);
      for (guint i = 0; i < terms.n_terms; i++)
        {
          add_family (&set, terms.terms[i].variable);
        }
    }

  for (guint i = 0; i < variable->n_inputs; i++)
    add_family (&set, variable->inputs[i]);

  return set;
}

gboolean
tg_matcher_may_match (const TgMatcher *self,
                      const TgOpSet   *parts)
{
  return tg_op_set_has_all (parts, &self->needs);
}

static gboolean
must_be_number (const TgRule *rule,
                guint         letter)
{
  const TgConditionWord *number = tg_condition_find_word ("number");

  for (guint i = 0; i < rule->n_conditions; i++)
    {
      const TgCondition *condition = &rule->conditions[i];

      if (condition->word == number && condition->letters[0] == letter)
        return TRUE;
    }

  return FALSE;
}

/* What conditions say of letters is asked at the end, once for each way to choose among terms; that
 * one is a number can be seen before. */
static void
mark_numbers (Node         *self,
              const TgRule *rule)
{
  for (guint i = 0; i < self->n_parts; i++)
    {
      Node *node = self->parts[i].node;

      self->parts[i].is_number = node->kind == TG_MATCH_LETTER
                                 && must_be_number (rule, node->pattern->letter);
      mark_numbers (node, rule);
    }
}

/* Elementwise operators have the shapes of all their inputs. */
static void
mark_operands (Node *self)
{
  self->is_operand = TRUE;
  if (self->kind <= TG_MATCH_FORM
      || (self->pattern->op->form != TG_FORM_ELEMENTWISE && !tg_op_keeps_shape (self->pattern->op)))
    return;

  for (guint i = 0; i < self->n_parts; i++)
    {
      if (i == 0 || self->pattern->op->form == TG_FORM_ELEMENTWISE)
        mark_operands (self->parts[i].node);
    }
}

TgMatcher *
tg_matcher_new (TgRule *rule)
{
  TgMatcher *self = g_new0 (TgMatcher, 1);

  self->rule = g_object_ref (rule);
  /* What is put together in another way is rounded in another way. */
  self->root = compile (rule->left, rule->promise != TG_PROMISE_EXACT);
  mark_numbers (self->root, rule);
  mark_operands (self->root);
  collect_needs (self->root, &self->needs);

  return self;
}

void
tg_matcher_free (TgMatcher *self)
{
  node_free (self->root);
  g_object_unref (self->rule);
  g_free (self);
}

TgRule *
tg_matcher_get_rule (const TgMatcher *self)
{
  return self->rule;
}

TgOpId
tg_op_get_family (const TgOpInfo *op)
{
  if (op == &tg_ops[TG_OP_SUBTRACT])
    return TG_OP_ADD;

  if (op == &tg_ops[TG_OP_DIVIDE] || op == &tg_ops[TG_OP_RECIPROCAL])
    return TG_OP_MULTIPLY;

  return tg_op_info_get_id (op);
}
