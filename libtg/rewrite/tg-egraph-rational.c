/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-egraph-private.h"

/* What a class is as a quotient: a polynomial of other classes, expanded and collected, over a
 * product of polynomials that stay apart, since what is expanded cancels.  1/(x+1) - 2/x + 1/(x-1)
 * becomes 2/((x+1) x (x-1)) so, which rules alone find among many other forms only. */

#define MAX_TERMS 12
#define MAX_FACTORS 5
#define MAX_ATOMS 4
#define MAX_POWER 6
#define MAX_DEPTH 8

/* Larger coefficients might not be exact any more. */
#define MAX_COEFFICIENT 0x1p40

/* Longer numerators are no better than what is there. */
#define MAX_NUMERATOR 3

typedef struct
{
  double coefficient;
  guint8 powers[MAX_ATOMS];
} Term;

typedef struct
{
  guint n_terms;
  Term  terms[MAX_TERMS];
} Polynomial;

typedef struct
{
  Polynomial numerator;
  guint      n_factors;
  Polynomial factors[MAX_FACTORS];
} Rational;

typedef struct
{
  TgEGraph *graph;
  guint     n_atoms;
  guint16   atoms[MAX_ATOMS];
} Ring;

static Polynomial
make_number (double number)
{
  Polynomial result = { .n_terms = number != 0 };

  result.terms[0].coefficient = number;

  return result;
}

static gboolean
add_term (Polynomial *self,
          const Term *term)
{
  for (guint i = 0; i < self->n_terms; i++)
    {
      if (memcmp (self->terms[i].powers, term->powers, MAX_ATOMS) != 0)
        continue;

      self->terms[i].coefficient += term->coefficient;
      if (self->terms[i].coefficient == 0)
        self->terms[i] = self->terms[--self->n_terms];

      return TRUE;
    }

  if (self->n_terms == MAX_TERMS || fabs (term->coefficient) > MAX_COEFFICIENT)
    return FALSE;

  self->terms[self->n_terms++] = *term;

  return TRUE;
}

static gboolean
add (Polynomial       *self,
     const Polynomial *other,
     double            sign)
{
  for (guint i = 0; i < other->n_terms; i++)
    {
      Term term = other->terms[i];

      term.coefficient *= sign;
      if (!add_term (self, &term))
        return FALSE;
    }

  return TRUE;
}

static gboolean
multiply (Polynomial       *self,
          const Polynomial *other)
{
  Polynomial result = { 0 };

  for (guint i = 0; i < self->n_terms; i++)
    {
      for (guint k = 0; k < other->n_terms; k++)
        {
          Term term = self->terms[i];

          term.coefficient *= other->terms[k].coefficient;
          for (guint a = 0; a < MAX_ATOMS; a++)
            {
              term.powers[a] += other->terms[k].powers[a];
              if (term.powers[a] > MAX_POWER)
                return FALSE;
            }

          if (!add_term (&result, &term))
            return FALSE;
        }
    }

  *self = result;

  return TRUE;
}

static gboolean
is_equal (const Polynomial *a,
          const Polynomial *b)
{
  Polynomial difference = *a;

  return add (&difference, b, -1) && difference.n_terms == 0;
}

/* Takes `factor` out of a list of factors; whether it was there. */
static gboolean
take_factor (Polynomial       *factors,
             guint            *n_factors,
             const Polynomial *factor)
{
  for (guint i = 0; i < *n_factors; i++)
    {
      if (is_equal (&factors[i], factor))
        {
          factors[i] = factors[--*n_factors];
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
add_factor (Rational         *self,
            const Polynomial *factor)
{
  if (self->n_factors == MAX_FACTORS)
    return FALSE;

  self->factors[self->n_factors++] = *factor;

  return TRUE;
}

/* Multiplies the numerator and the denominator with the factors of `other` that `self` lacks. */
static gboolean
extend (Rational       *self,
        const Rational *other)
{
  Polynomial factors[MAX_FACTORS];
  guint n_factors = self->n_factors;

  memcpy (factors, self->factors, sizeof factors);
  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!take_factor (factors, &n_factors, &other->factors[i])
          && (!multiply (&self->numerator, &other->factors[i])
              || !add_factor (self, &other->factors[i])))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_rational (Rational       *self,
              const Rational *other,
              double          sign)
{
  Rational extended = *other;

  return extend (&extended, self) && extend (self, other)
         && add (&self->numerator, &extended.numerator, sign);
}

static gboolean
multiply_rational (Rational       *self,
                   const Rational *other)
{
  if (!multiply (&self->numerator, &other->numerator))
    return FALSE;

  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!add_factor (self, &other->factors[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
divide_rational (Rational       *self,
                 const Rational *other)
{
  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!multiply (&self->numerator, &other->factors[i]))
        return FALSE;
    }

  return other->numerator.n_terms > 0 && add_factor (self, &other->numerator);
}

static gboolean
make_atom (Ring     *ring,
           guint16   class,
           Rational *result)
{
  guint atom = 0;

  while (atom < ring->n_atoms && ring->atoms[atom] != class)
    atom++;

  if (atom == MAX_ATOMS)
    return FALSE;

  ring->atoms[atom] = class;
  ring->n_atoms = MAX (ring->n_atoms, atom + 1);
  *result = (Rational) { .numerator = make_number (1) };
  result->numerator.terms[0].powers[atom] = 1;

  return TRUE;
}

static const TgENode *
find_arithmetic (const TgEGraph *graph,
                 guint16         class)
{
  const TgEClass *info = tg_egraph_get_class (graph, class);

  for (guint i = 0; i < info->n_members; i++)
    {
      const TgENode *node = tg_egraph_get_node (graph, tg_egraph_get_member (graph, info, i));

      if (node->kind != TG_FORMULA_APPLY)
        return NULL;

      if (node->op == TG_OP_ADD || node->op == TG_OP_SUBTRACT || node->op == TG_OP_MULTIPLY
          || node->op == TG_OP_DIVIDE || node->op == TG_OP_NEGATIVE || node->op == TG_OP_SQUARE
          || node->op == TG_OP_RECIPROCAL)
        return node;
    }

  return NULL;
}

static gboolean
combine (const TgENode  *node,
         Rational       *first,
         const Rational *second)
{
  Rational one = { .numerator = make_number (1) }, other = *first;

  switch ((guint) node->op)
    {
    case TG_OP_ADD:
      return add_rational (first, second, 1);
    case TG_OP_SUBTRACT:
      return add_rational (first, second, -1);
    case TG_OP_MULTIPLY:
      return multiply_rational (first, second);
    case TG_OP_DIVIDE:
      return divide_rational (first, second);
    case TG_OP_SQUARE:
      return multiply_rational (first, &other);
    case TG_OP_RECIPROCAL:
      *first = one;
      return divide_rational (first, &other);
    default:
      *first = (Rational) { 0 };
      return add_rational (first, &other, -1);
    }
}

/* The depth of the calls has a bound; what lies deeper is an atom. */
static gboolean
convert (Ring     *ring,
         guint16   class,
         guint     depth,
         Rational *result)
{
  const TgEClass *info = tg_egraph_get_class (ring->graph, class);
  const TgENode *node = find_arithmetic (ring->graph, class);
  Rational second = { 0 };

  if (info->is_number && info->number == floor (info->number)
      && fabs (info->number) < MAX_COEFFICIENT)
    {
      *result = (Rational) { .numerator = make_number (info->number) };
      return TRUE;
    }

  if (node == NULL || info->is_number || depth == MAX_DEPTH)
    return make_atom (ring, class, result);

  return convert (ring, node->inputs[0], depth + 1, result)
         && (node->n_inputs == 1 || convert (ring, node->inputs[1], depth + 1, &second))
         && combine (node, result, &second);
}

static guint16
apply (Ring    *ring,
       TgOpId   op,
       guint16  first,
       guint16  second)
{
  return tg_egraph_add_apply (ring->graph, op, (guint16[]) { first, second }, NULL);
}

static guint16
build_term (Ring       *ring,
            const Term *term)
{
  guint16 result = tg_egraph_add_number (ring->graph, fabs (term->coefficient));
  gboolean is_one = fabs (term->coefficient) == 1;

  for (guint i = 0; i < ring->n_atoms; i++)
    {
      for (guint k = 0; k < term->powers[i]; k++)
        {
          result = is_one ? ring->atoms[i] : apply (ring, TG_OP_MULTIPLY, result, ring->atoms[i]);
          is_one = FALSE;
        }
    }

  return result;
}

/* Positive terms first, so that no sign is left over. */
static guint16
build_polynomial (Ring             *ring,
                  const Polynomial *self)
{
  guint16 result = TG_EGRAPH_NONE;

  for (guint pass = 0; pass < 2; pass++)
    {
      for (guint i = 0; i < self->n_terms; i++)
        {
          gboolean is_negative = self->terms[i].coefficient < 0;
          guint16 term;

          if (is_negative != (pass == 1))
            continue;

          term = build_term (ring, &self->terms[i]);
          if (term == TG_EGRAPH_NONE)
            return TG_EGRAPH_NONE;
          if (result != TG_EGRAPH_NONE)
            result = apply (ring, is_negative ? TG_OP_SUBTRACT : TG_OP_ADD, result, term);
          else
            result = is_negative ? apply (ring, TG_OP_NEGATIVE, term, 0) : term;
          if (result == TG_EGRAPH_NONE)
            return TG_EGRAPH_NONE;
        }
    }

  return result == TG_EGRAPH_NONE ? tg_egraph_add_number (ring->graph, 0) : result;
}

/* The monomial that all terms have in common, which is taken out of them. */
static Term
take_content (const Ring *ring,
              Polynomial *self)
{
  Term content = self->terms[0];

  for (guint i = 1; i < self->n_terms; i++)
    {
      for (guint a = 0; a < ring->n_atoms; a++)
        content.powers[a] = MIN (content.powers[a], self->terms[i].powers[a]);

      if (fmod (self->terms[i].coefficient, content.coefficient) != 0)
        content.coefficient = 1;
    }

  for (guint i = 0; i < self->n_terms; i++)
    {
      self->terms[i].coefficient /= content.coefficient;
      for (guint a = 0; a < ring->n_atoms; a++)
        self->terms[i].powers[a] -= content.powers[a];
    }

  return content;
}

static guint16
build_rational (Ring     *ring,
                Rational *self)
{
  Polynomial content = { .n_terms = 1 };
  guint16 result, denominator = TG_EGRAPH_NONE;

  if (self->numerator.n_terms == 0)
    return tg_egraph_add_number (ring->graph, 0);

  content.terms[0] = take_content (ring, &self->numerator);
  for (guint a = 0; a < ring->n_atoms; a++)
    {
      Polynomial atom = make_number (1);

      atom.terms[0].powers[a] = 1;
      while (content.terms[0].powers[a] > 0
             && take_factor (self->factors, &self->n_factors, &atom))
        content.terms[0].powers[a]--;
    }

  if (take_factor (self->factors, &self->n_factors, &self->numerator))
    self->numerator = make_number (1);
  if (self->numerator.n_terms == 1 && self->numerator.terms[0].coefficient == 1)
    result = build_polynomial (ring, &content);
  else
    result = apply (ring, TG_OP_MULTIPLY, build_polynomial (ring, &content),
                    build_polynomial (ring, &self->numerator));

  for (guint i = 0; i < self->n_factors; i++)
    {
      guint16 factor = build_polynomial (ring, &self->factors[i]);

      denominator = denominator == TG_EGRAPH_NONE
                      ? factor : apply (ring, TG_OP_MULTIPLY, denominator, factor);
    }

  return denominator == TG_EGRAPH_NONE ? result
                                       : apply (ring, TG_OP_DIVIDE, result, denominator);
}

void
tg_egraph_add_rational (TgEGraph *self)
{
  guint n_nodes = self->nodes->len;

  for (guint i = 0; i < n_nodes; i++)
    {
      const TgENode *node = tg_egraph_get_node (self, i);
      guint16 class = tg_egraph_find (self, node->class), built;
      Ring ring = { .graph = self };
      Rational rational;

      if (node->is_dropped || node->kind != TG_FORMULA_APPLY
          || (node->op != TG_OP_ADD && node->op != TG_OP_SUBTRACT && node->op != TG_OP_DIVIDE)
          || !convert (&ring, class, 0, &rational) || rational.numerator.n_terms > MAX_NUMERATOR)
        continue;

      /* Of what is not written only sums that all but vanish are of interest. */
      if (node->rule != NULL && (rational.numerator.n_terms > 1 || rational.n_factors > 0))
        continue;

      built = build_rational (&ring, &rational);
      if (built != TG_EGRAPH_NONE)
        tg_egraph_union (self, class, built);
    }

  tg_egraph_rebuild (self);
}
