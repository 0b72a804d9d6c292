/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-match-node-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-number-private.h"

/* A pattern is matched with goals: this pattern against that variable, and then the next goal.  All
 * ways to do so are tried in turn, so that of several that fit the parts one fits the whole.  The
 * depth of the calls is the size of the pattern. */

typedef TgMatchNode Node;
typedef TgMatchPart Part;

typedef struct _Goal Goal;

/* What is still to be matched. */
struct _Goal
{
  const Node    *node;
  TgVariable    *variable;    /* for a node as a whole, or else: */
  const TgTerms *terms;       /* for its parts from `part` on */
  guint          part;
  guint          used;        /* terms that parts before have taken, a bit for each */
  int            flip;
  const Goal    *next;
};

typedef struct
{
  const TgMatcher *matcher;
  const TgFacts   *facts;
  TgMakeFunc       make;
  gpointer         data;
  TgFinding       *finding;
  TgDType          dtype;      /* of the whole */
} Search;

void
tg_finding_init (TgFinding *self)
{
  *self = (TgFinding) {
    .made = g_ptr_array_new_with_free_func (g_object_unref), .numbers = g_ptr_array_new ()
  };
}

void
tg_finding_clear (TgFinding *self)
{
  g_ptr_array_unref (self->made);
  g_ptr_array_unref (self->numbers);
}

static gboolean match (Search     *self,
                       const Goal *goal);

/* Everything fits; the conditions decide. */
static gboolean
finish (Search *self)
{
  TgRule *rule = self->matcher->rule;

  self->finding->assumed = 0;
  for (guint i = 0; i < rule->n_conditions; i++)
    {
      const TgCondition *condition = &rule->conditions[i];

      if (tg_condition_holds (condition, &self->finding->letters, self->facts))
        continue;

      if (!condition->assumed
          || tg_condition_fails (condition, &self->finding->letters, self->facts))
        return FALSE;

      self->finding->assumed |= 1u << i;
    }

  return TRUE;
}

/* Whether one expression is the other, or its opposite; to the bit where the rule is exact. */
static gboolean
is_same (const Search *self,
         TgVariable   *bound,
         TgVariable   *variable,
         int           sign)
{
  /* Integers inside a whole of floats wrap around. */
  return self->matcher->rule->promise != TG_PROMISE_EXACT
         && (variable->type->dtype == self->dtype
             || !tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_BITS))
         && tg_terms_match (bound, variable, sign);
}

static gboolean
match_letter (Search     *self,
              guint       letter,
              TgVariable *variable,
              const Goal *next)
{
  TgVariable **bound = &self->finding->letters.variables[letter];

  if (*bound != NULL)
    return (*bound == variable || is_same (self, *bound, variable, 1)) && match (self, next);

  *bound = variable;
  if (match (self, next))
    return TRUE;

  *bound = NULL;

  return FALSE;
}

/* Attributes that are letters are bound as those are; `bound` says which, to be undone. */
static gboolean
match_attributes (Search          *self,
                  const TgPattern *pattern,
                  TgVariable      *variable,
                  guint           *bound)
{
  for (guint i = 0; i < variable->op->n_parameters; i++)
    {
      int letter = pattern->attribute_letters[i];
      GVariant **value = letter >= 0 ? &self->finding->letters.attributes[letter] : NULL;

      if (pattern->attributes[i] != NULL
          && !tg_attribute_equal (pattern->attributes[i], variable->attributes[i]))
        return FALSE;

      if (value == NULL)
        continue;

      if (*value != NULL && !tg_attribute_equal (*value, variable->attributes[i]))
        return FALSE;

      if (*value == NULL)
        {
          *value = variable->attributes[i];
          *bound |= 1u << letter;
        }
    }

  return TRUE;
}

/* The inputs one after the other, in one order or, where they commute, in both. */
static gboolean
match_inputs (Search     *self,
              const Node *node,
              TgVariable *variable,
              const Goal *next)
{
  Goal goals[TG_OP_MAX_INPUTS];

  for (guint order = 0; order < (node->pattern->op->commutes ? 2 : 1); order++)
    {
      for (guint i = 0; i < node->n_parts; i++)
        goals[i] = (Goal) {
          .node = node->parts[i].node, .variable = variable->inputs[order == 0 ? i : 1 - i],
          .next = i + 1 < node->n_parts ? &goals[i + 1] : next,
        };

      if (match (self, node->n_parts > 0 ? &goals[0] : next))
        return TRUE;
    }

  return FALSE;
}

/* -x, where it is known what x is: b - a is -(a - b), too. */
static gboolean
is_opposite (const Search *self,
             const Node   *node,
             TgVariable   *variable)
{
  TgVariable *bound;

  if (node->pattern->op != &tg_ops[TG_OP_NEGATIVE] || node->parts[0].node->kind != TG_MATCH_LETTER)
    return FALSE;

  bound = self->finding->letters.variables[node->parts[0].node->pattern->letter];

  return bound != NULL && is_same (self, bound, variable, -1);
}

static gboolean
match_apply (Search     *self,
             const Node *node,
             TgVariable *variable,
             const Goal *next)
{
  const TgPattern *pattern = node->pattern;
  guint bound = 0;

  if (is_opposite (self, node, variable))
    return match (self, next);

  if (variable->op != pattern->op || (variable->n_inputs != node->n_parts && !pattern->is_list))
    return FALSE;

  /* A list has no variable of its own: what is made of it stands for it. */
  if (match_attributes (self, pattern, variable, &bound)
      && (pattern->is_list ? match_letter (self, pattern->inputs[0]->letter, variable, next)
                           : match_inputs (self, node, variable, next)))
    return TRUE;

  for (guint i = 0; i < TG_RULE_MAX_LETTERS; i++)
    {
      if (bound & (1u << i))
        self->finding->letters.attributes[i] = NULL;
    }

  return FALSE;
}

/* Whether there is a term of that sign among those. */
static gboolean
has_sign (const TgTerms *terms,
          guint          mask,
          int            sign)
{
  for (guint i = 0; i < terms->n_terms; i++)
    {
      if ((mask & (1u << i)) && terms->terms[i].sign == sign)
        return TRUE;
    }

  return FALSE;
}

/* What the leftover terms are together; all of a sum but its root must be taken. */
static gboolean
match_rest (Search        *self,
            const Goal    *goal,
            const Part    *part)
{
  guint mask = ((1u << goal->terms->n_terms) - 1) & ~goal->used;
  gboolean is_negative = goal->terms->is_product
                           ? goal->terms->is_negative != goal->node->is_negative
                           : part->sign * goal->flip < 0;
  TgTerms terms = *goal->terms;
  TgVariable *rest;

  /* A sum is no difference where nothing is subtracted, and what is divided by is no factor. */
  if (mask == 0
      || ((goal->terms->is_product || is_negative)
          && !has_sign (goal->terms, mask, part->sign * goal->flip)))
    return FALSE;

  /* The terms of a letter in the denominator are those that are there, upside down. */
  for (guint i = 0; terms.is_product && part->sign < 0 && i < terms.n_terms; i++)
    {
      if ((mask & (1u << i)) && terms.terms[i].sign > 0)
        return FALSE;
      terms.terms[i].sign = -terms.terms[i].sign;
    }

  if (goal->node == self->matcher->root && goal->terms->is_product)
    is_negative = FALSE;

  rest = tg_terms_build (&terms, mask, is_negative, NULL, self->make, self->data);
  if (rest == NULL)
    return FALSE;

  g_ptr_array_add (self->finding->made, rest);

  return match_letter (self, part->node->pattern->letter, rest, goal->next);
}

static gboolean
part_fits (const Goal   *goal,
           const Part   *part,
           const TgTerm *term)
{
  double number;

  if (part->is_number && !term->is_number)
    return FALSE;

  if (part->node->kind != TG_MATCH_NUMBER)
    return term->sign == part->sign * goal->flip;

  if (!term->is_number)
    return FALSE;

  number = part->node->pattern->number;
  if (goal->terms->is_product)
    return (part->sign > 0 ? number : 1 / number)
           == (term->sign > 0 ? term->number : 1 / term->number);

  number *= part->sign * goal->flip;

  return number == term->number * term->sign
         && signbit (number) == signbit (term->number * term->sign);
}

/* A factor of 1 stands in every reciprocal, and says nothing. */
static gboolean
is_neutral (const TgTerms *terms,
            const TgTerm  *term)
{
  return terms->is_product && term->is_number && term->number == 1
         && term->variable->type->ndim == 0;
}

/* Terms that no part has taken: the root may have some, which the result then has too. */
static gboolean
match_end (Search     *self,
           const Goal *goal)
{
  guint mask = ((1u << goal->terms->n_terms) - 1) & ~goal->used;

  for (guint i = 0; i < goal->terms->n_terms; i++)
    {
      if (is_neutral (goal->terms, &goal->terms->terms[i]))
        mask &= ~(1u << i);
    }

  if (goal->node == self->matcher->root)
    {
      self->finding->rest = mask;
      return match (self, goal->next);
    }

  return mask == 0 && goal->terms->is_negative == goal->node->is_negative
         && match (self, goal->next);
}

static gboolean
match_part (Search     *self,
            const Goal *goal)
{
  const Part *part;

  if (goal->part == goal->node->n_parts)
    return match_end (self, goal);

  part = &goal->node->parts[goal->part];
  if (goal->node->takes_rest && goal->part + 1 == goal->node->n_parts
      && self->finding->letters.variables[part->node->pattern->letter] == NULL)
    {
      if (goal->node == self->matcher->root)
        self->finding->rest = 0;
      return match_rest (self, goal, part);
    }

  for (guint i = 0; i < goal->terms->n_terms; i++)
    {
      Goal others = *goal;
      const TgTerm *term = &goal->terms->terms[i];
      Goal first = { .node = part->node, .variable = term->variable, .next = &others };

      if ((goal->used & (1u << i)) || !part_fits (goal, part, term)
          || (part->node->kind == TG_MATCH_LETTER && is_neutral (goal->terms, term)))
        continue;

      others.part++;
      others.used |= 1u << i;
      if (match (self, &first))
        return TRUE;
    }

  return FALSE;
}

static gboolean
match_terms (Search     *self,
             const Node *node,
             TgVariable *variable,
             const Goal *next)
{
  TgTerms inner;
  TgTerms *terms = node == self->matcher->root ? &self->finding->terms : &inner;
  gboolean has_operator = FALSE;
  Goal goal = { .node = node, .terms = terms, .flip = 1, .next = next };

  if (node->kind == TG_MATCH_SUM ? !tg_op_is_sum (variable->op) : !tg_op_is_product (variable->op))
    return FALSE;

  tg_terms_init (terms, variable, node->kind == TG_MATCH_PRODUCT);
  if (terms->n_terms < node->n_parts)
    return FALSE;

  if (node != self->matcher->root)
    return match_part (self, &goal);

  for (guint i = 0; i < node->n_parts; i++)
    has_operator = has_operator || node->parts[i].node->kind != TG_MATCH_LETTER;

  /* The opposite of what the rule speaks of is as good, but of letters alone, which match all. */
  self->finding->is_negative = terms->is_negative != node->is_negative;
  if (self->finding->is_negative && !has_operator)
    return FALSE;

  if (match_part (self, &goal))
    return TRUE;

  if (node->kind != TG_MATCH_SUM || !has_operator)
    return FALSE;

  goal.flip = -1;
  self->finding->is_negative = TRUE;

  return match_part (self, &goal);
}

/* What is repeated to a shape is a number only where the whole has that shape. */
static gboolean
get_number (const Node *node,
            TgVariable *variable,
            double     *number)
{
  return node->is_operand ? tg_variable_get_repeated_number (variable, number)
                          : tg_variable_get_number (variable, number);
}

static gboolean
match_number (Search     *self,
              const Node *node,
              TgVariable *variable,
              const Goal *next)
{
  GPtrArray *numbers = self->finding->numbers;
  guint n_numbers = numbers->len;
  double number;

  if (!get_number (node, variable, &number) || number != node->pattern->number
      || signbit (number) != signbit (node->pattern->number))
    return FALSE;

  if (node->is_operand && variable->type->ndim > 0)
    g_ptr_array_add (numbers, variable);
  if (match (self, next))
    return TRUE;

  g_ptr_array_set_size (numbers, (int) n_numbers);

  return FALSE;
}

/* Whether a part is computed in integers that wrap around where the whole does not, or in booleans,
 * whose sums and products are choices. */
static gboolean
may_wrap (TgVariable *variable,
          TgDType     whole)
{
  TgDType dtype = variable->type->dtype;

  if (variable->op == NULL || dtype == whole)
    return FALSE;

  if (dtype == TG_DTYPE_BOOL)
    return tg_op_is_sum (variable->op) || tg_op_is_product (variable->op);

  return tg_dtype_in_set (dtype, TG_DTYPE_SET_INTEGER)
         && (variable->op->form == TG_FORM_ELEMENTWISE || variable->op->form == TG_FORM_REDUCE);
}

static gboolean
match (Search     *self,
       const Goal *goal)
{
  if (goal == NULL)
    return finish (self);

  if (goal->terms != NULL)
    return match_part (self, goal);

  if (goal->node->kind > TG_MATCH_NUMBER && may_wrap (goal->variable, self->dtype))
    return FALSE;

  switch (goal->node->kind)
    {
    case TG_MATCH_LETTER:
      return match_letter (self, goal->node->pattern->letter, goal->variable, goal->next);

    case TG_MATCH_NUMBER:
      return match_number (self, goal->node, goal->variable, goal->next);

    case TG_MATCH_FORM:
      return goal->variable->op != NULL && goal->variable->op->form == goal->node->pattern->form
             && match_letter (self, goal->node->pattern->letter, goal->variable, goal->next);

    case TG_MATCH_APPLY:
      return match_apply (self, goal->node, goal->variable, goal->next);

    case TG_MATCH_SUM:
    case TG_MATCH_PRODUCT:
    default:
      return goal->variable->op != NULL
             && match_terms (self, goal->node, goal->variable, goal->next);
    }
}

gboolean
tg_matcher_match (const TgMatcher *self,
                  TgVariable      *variable,
                  const TgFacts   *facts,
                  TgMakeFunc       make,
                  gpointer         data,
                  TgFinding       *finding)
{
  Search search = { self, facts, make, data, finding, variable->type->dtype };
  Goal goal = { .node = self->root, .variable = variable };

  return match (&search, &goal);
}
