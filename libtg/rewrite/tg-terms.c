/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-terms-private.h"

#include "tg-number-private.h"

gboolean
tg_op_is_sum (const TgOpInfo *op)
{
  return op == &tg_ops[TG_OP_ADD] || op == &tg_ops[TG_OP_SUBTRACT]
         || op == &tg_ops[TG_OP_NEGATIVE];
}

gboolean
tg_op_is_product (const TgOpInfo *op)
{
  return op == &tg_ops[TG_OP_MULTIPLY] || op == &tg_ops[TG_OP_DIVIDE]
         || op == &tg_ops[TG_OP_RECIPROCAL] || op == &tg_ops[TG_OP_NEGATIVE];
}

/* Whether the variable can be taken apart further: an operator of the kind, in the dtype of the
 * whole, since a cast between would round.  Booleans have neither sums nor signs. */
static gboolean
is_open (const TgTerms *self,
         TgVariable    *variable,
         TgDType        dtype)
{
  return variable->op != NULL && variable->type->dtype == dtype && dtype != TG_DTYPE_BOOL
         && (self->is_product ? tg_op_is_product (variable->op) : tg_op_is_sum (variable->op));
}

static TgTerm
make_term (TgVariable *variable,
           int         sign)
{
  TgTerm term = { .variable = variable, .sign = sign };

  term.is_number = tg_variable_get_repeated_number (variable, &term.number);

  return term;
}

/* Puts the inputs of a term in its place. */
static void
open_term (TgTerms *self,
           guint    index)
{
  TgTerm term = self->terms[index];
  TgVariable *variable = term.variable;
  TgOpId op = tg_op_info_get_id (variable->op);
  int second = op == TG_OP_SUBTRACT || op == TG_OP_DIVIDE ? -term.sign : term.sign;

  if (op == TG_OP_NEGATIVE && self->is_product)
    self->is_negative = !self->is_negative;

  if (op == TG_OP_RECIPROCAL || (op == TG_OP_NEGATIVE && !self->is_product))
    term.sign = -term.sign;

  self->terms[index] = make_term (variable->inputs[0], term.sign);
  if (variable->n_inputs < 2)
    return;

  memmove (&self->terms[index + 2], &self->terms[index + 1],
           (self->n_terms - index - 1) * sizeof (TgTerm));
  self->terms[index + 1] = make_term (variable->inputs[1], second);
  self->n_terms++;
}

void
tg_terms_init (TgTerms    *self,
               TgVariable *variable,
               gboolean    is_product)
{
  TgDType dtype = variable->type->dtype;
  guint index = 0;

  self->is_product = is_product;
  self->is_negative = FALSE;
  self->n_terms = 1;
  self->terms[0] = make_term (variable, 1);
  while (index < self->n_terms)
    {
      if (self->n_terms < TG_MAX_TERMS && is_open (self, self->terms[index].variable, dtype))
        open_term (self, index);
      else
        index++;
    }
}

/* Adds a term to what there is so far; FALSE where that cannot be made. */
static gboolean
append (const TgTerms  *self,
        TgVariable    **so_far,
        TgVariable     *variable,
        TgMakeFunc      make,
        gpointer        data)
{
  TgVariable *before = *so_far;

  if (before == NULL)
    {
      *so_far = g_object_ref (variable);
      return TRUE;
    }

  *so_far = make (data, self->is_product ? TG_OP_MULTIPLY : TG_OP_ADD, before, variable);
  g_object_unref (before);

  return *so_far != NULL;
}

/* Takes `positive` and `negative`, each of which may be NULL. */
static TgVariable *
combine (const TgTerms *self,
         TgVariable    *positive,
         TgVariable    *negative,
         TgMakeFunc     make,
         gpointer       data)
{
  g_autoptr (TgVariable) first = positive;
  g_autoptr (TgVariable) second = negative;

  if (second == NULL)
    return g_steal_pointer (&first);

  if (first != NULL)
    return make (data, self->is_product ? TG_OP_DIVIDE : TG_OP_SUBTRACT, first, second);

  if (!self->is_product)
    return make (data, TG_OP_NEGATIVE, second, NULL);

  first = tg_variable_new_number (1);

  return make (data, TG_OP_DIVIDE, first, second);
}

TgVariable *
tg_terms_build (const TgTerms *self,
                guint          mask,
                gboolean       is_negative,
                TgVariable    *extra,
                TgMakeFunc     make,
                gpointer       data)
{
  g_autoptr (TgVariable) positive = extra != NULL ? g_object_ref (extra) : NULL;
  g_autoptr (TgVariable) negative = NULL;
  g_autoptr (TgVariable) result = NULL;
  int flip = is_negative && !self->is_product ? -1 : 1;

  for (guint i = 0; i < self->n_terms; i++)
    {
      const TgTerm *term = &self->terms[i];

      if (!(mask & (1u << i)))
        continue;

      if (!append (self, term->sign * flip > 0 ? &positive : &negative, term->variable, make,
                   data))
        return NULL;
    }

  result = combine (self, g_steal_pointer (&positive), g_steal_pointer (&negative), make, data);
  if (result == NULL || !self->is_product || !is_negative)
    return g_steal_pointer (&result);

  return make (data, TG_OP_NEGATIVE, result, NULL);
}

static gboolean
term_matches (const TgTerm *term,
              const TgTerm *other,
              int           sign)
{
  if (TG_IS_CONSTANT (term->variable) && TG_IS_CONSTANT (other->variable) && term->is_number
      && other->is_number)
    return term->number * term->sign == other->number * (other->sign * sign);

  return term->variable == other->variable && term->sign == other->sign * sign;
}

/* Whether each term of one is among those of the other, which has as many. */
static gboolean
terms_match (const TgTerms *self,
             const TgTerms *other,
             int            sign)
{
  guint used = 0;

  if (self->n_terms != other->n_terms)
    return FALSE;

  for (guint i = 0; i < self->n_terms; i++)
    {
      guint k = 0;

      while (k < other->n_terms
             && ((used & (1u << k)) || !term_matches (&self->terms[i], &other->terms[k], sign)))
        k++;
      if (k == other->n_terms)
        return FALSE;
      used |= 1u << k;
    }

  return TRUE;
}

static gboolean
is_taken_apart (TgVariable *variable,
                gboolean    is_product)
{
  return variable->op != NULL && (is_product ? tg_op_is_product (variable->op)
                                             : tg_op_is_sum (variable->op));
}

gboolean
tg_terms_match (TgVariable *variable,
                TgVariable *other,
                int         sign)
{
  TgTerms first, second;

  if (variable == other)
    return sign > 0;

  if (variable->type->dtype != other->type->dtype || variable->type->ndim != other->type->ndim)
    return FALSE;

  for (gboolean is_product = FALSE; is_product <= TRUE; is_product++)
    {
      if (!is_taken_apart (variable, is_product) && !is_taken_apart (other, is_product))
        continue;

      tg_terms_init (&first, variable, is_product);
      tg_terms_init (&second, other, is_product);
      if (is_product ? terms_match (&first, &second, 1)
                         && (first.is_negative != second.is_negative) == (sign < 0)
                     : terms_match (&first, &second, sign))
        return TRUE;
    }

  return FALSE;
}
