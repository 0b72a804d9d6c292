/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-polynomial-private.h"

#include <math.h>
#include <string.h>

#define MAX_POWER 8

/* Larger and smaller coefficients than these are given up. */
#define MAX_COEFFICIENT 0x1p40
#define MIN_COEFFICIENT 0x1p-40

TgPolynomial
tg_polynomial_new (double number)
{
  TgPolynomial result = { .n_terms = number != 0 };

  result.terms[0].coefficient = number;

  return result;
}

TgPolynomial
tg_polynomial_new_atom (guint atom)
{
  TgPolynomial result = tg_polynomial_new (1);

  result.terms[0].powers[atom] = 1;

  return result;
}

static gboolean
is_small (double coefficient)
{
  return fabs (coefficient) <= MAX_COEFFICIENT && fabs (coefficient) >= MIN_COEFFICIENT;
}

/* The sum, or the product, where it is exact. */
static gboolean
add_exactly (double  a,
             double  b,
             double *sum)
{
  *sum = a + b;

  return *sum == 0 || (is_small (*sum) && *sum - a == b && *sum - b == a);
}

static gboolean
multiply_exactly (double  a,
                  double  b,
                  double *product)
{
  *product = a * b;

  return is_small (*product) && fma (a, b, -*product) == 0;
}

gboolean
tg_polynomial_has (const TgPolynomial *self,
                   guint               atom)
{
  for (guint i = 0; i < self->n_terms; i++)
    {
      if (self->terms[i].powers[atom] > 0)
        return TRUE;
    }

  return FALSE;
}

static gboolean
add_term (TgPolynomial     *self,
          const TgMonomial *term)
{
  for (guint i = 0; i < self->n_terms; i++)
    {
      double *coefficient = &self->terms[i].coefficient;

      if (memcmp (self->terms[i].powers, term->powers, TG_MAX_ATOMS) != 0)
        continue;

      if (!add_exactly (*coefficient, term->coefficient, coefficient))
        return FALSE;
      if (*coefficient == 0)
        self->terms[i] = self->terms[--self->n_terms];

      return TRUE;
    }

  if (self->n_terms == TG_MAX_MONOMIALS)
    return FALSE;

  self->terms[self->n_terms++] = *term;

  return TRUE;
}

static gboolean
multiply_term (TgMonomial       *self,
               const TgMonomial *other)
{
  for (guint a = 0; a < TG_MAX_ATOMS; a++)
    {
      self->powers[a] += other->powers[a];
      if (self->powers[a] > MAX_POWER)
        return FALSE;
    }

  return multiply_exactly (self->coefficient, other->coefficient, &self->coefficient);
}

gboolean
tg_polynomial_add (TgPolynomial       *self,
                   const TgPolynomial *other,
                   double              factor)
{
  TgPolynomial added = *other;

  for (guint i = 0; i < added.n_terms; i++)
    {
      if (!multiply_exactly (added.terms[i].coefficient, factor, &added.terms[i].coefficient)
          || !add_term (self, &added.terms[i]))
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_polynomial_multiply (TgPolynomial       *self,
                        const TgPolynomial *other)
{
  TgPolynomial result = { 0 };

  for (guint i = 0; i < self->n_terms; i++)
    {
      for (guint k = 0; k < other->n_terms; k++)
        {
          TgMonomial term = self->terms[i];

          if (!multiply_term (&term, &other->terms[k]) || !add_term (&result, &term))
            return FALSE;
        }
    }

  *self = result;

  return TRUE;
}

gboolean
tg_polynomial_is_equal (const TgPolynomial *a,
                        const TgPolynomial *b)
{
  TgPolynomial difference = *a;

  return tg_polynomial_add (&difference, b, -1) && difference.n_terms == 0;
}

TgMonomial
tg_polynomial_take_content (TgPolynomial *self)
{
  TgMonomial content = self->terms[0];

  content.coefficient = fabs (content.coefficient);
  for (guint i = 1; i < self->n_terms; i++)
    {
      for (guint a = 0; a < TG_MAX_ATOMS; a++)
        content.powers[a] = MIN (content.powers[a], self->terms[i].powers[a]);
      content.coefficient = MIN (content.coefficient, fabs (self->terms[i].coefficient));
    }

  for (guint i = 0; i < self->n_terms; i++)
    {
      if (fmod (self->terms[i].coefficient, content.coefficient) != 0)
        content.coefficient = 1;
    }

  for (guint i = 0; i < self->n_terms; i++)
    {
      self->terms[i].coefficient /= content.coefficient;
      for (guint a = 0; a < TG_MAX_ATOMS; a++)
        self->terms[i].powers[a] -= content.powers[a];
    }

  return content;
}

/* Puts a polynomial in the place of an atom. */
static gboolean
substitute (TgPolynomial       *self,
            guint               atom,
            const TgPolynomial *value)
{
  TgPolynomial result = { 0 };

  for (guint i = 0; i < self->n_terms; i++)
    {
      TgPolynomial term = { .n_terms = 1, .terms = { self->terms[i] } };

      term.terms[0].powers[atom] = 0;
      for (guint k = 0; k < self->terms[i].powers[atom]; k++)
        {
          if (!tg_polynomial_multiply (&term, value))
            return FALSE;
        }

      if (!tg_polynomial_add (&result, &term, 1))
        return FALSE;
    }

  *self = result;

  return TRUE;
}

/* Takes out `atom` minus `other`, which does not contain the atom, if it is a factor: what is left
 * where the atom is that plus something has only terms with that something then. */
static gboolean
take_difference (TgPolynomial       *self,
                 guint               atom,
                 const TgPolynomial *other,
                 TgPolynomial       *factor)
{
  TgPolynomial moved = *self, quotient, value = *other;

  *factor = tg_polynomial_new_atom (atom);
  if (!tg_polynomial_add (&value, factor, 1) || !substitute (&moved, atom, &value))
    return FALSE;

  for (guint i = 0; i < moved.n_terms; i++)
    {
      if (moved.terms[i].powers[atom]-- == 0)
        return FALSE;
    }

  quotient = moved;
  if (!tg_polynomial_add (factor, other, -1) || !substitute (&quotient, atom, factor))
    return FALSE;

  *self = quotient;

  return quotient.n_terms > 0;
}

static void
negate (TgPolynomial *self)
{
  for (guint i = 0; i < self->n_terms; i++)
    self->terms[i].coefficient = -self->terms[i].coefficient;
}

/* Of a polynomial and its opposite, one is to be chosen: the one whose first term in the order of
 * powers is positive. */
static gboolean
make_positive (TgPolynomial *self)
{
  const TgMonomial *first = &self->terms[0];

  for (guint i = 1; i < self->n_terms; i++)
    {
      if (memcmp (self->terms[i].powers, first->powers, TG_MAX_ATOMS) > 0)
        first = &self->terms[i];
    }

  if (first->coefficient > 0)
    return FALSE;

  negate (self);

  return TRUE;
}

static gboolean
take_factor_of (TgPolynomial *self,
                guint         atom,
                guint         other,
                int           sign,
                TgPolynomial *factor)
{
  /* The atom itself stands for one. */
  TgPolynomial value = other < atom ? tg_polynomial_new_atom (other) : tg_polynomial_new (1);

  if (other < atom && !tg_polynomial_has (self, other))
    return FALSE;

  value.terms[0].coefficient = sign;
  if (!take_difference (self, atom, &value, factor))
    return FALSE;

  if (make_positive (factor))
    negate (self);

  return TRUE;
}

gboolean
tg_polynomial_take_linear (TgPolynomial *self,
                           TgPolynomial *factor)
{
  for (guint atom = 0; atom < TG_MAX_ATOMS && self->n_terms > 1; atom++)
    {
      if (!tg_polynomial_has (self, atom))
        continue;

      for (guint other = 0; other <= atom; other++)
        {
          if (take_factor_of (self, atom, other, 1, factor)
              || take_factor_of (self, atom, other, -1, factor))
            return TRUE;
        }
    }

  return FALSE;
}

gboolean
tg_polynomial_split (const TgPolynomial *self,
                     guint               atom,
                     TgPolynomial       *without,
                     TgPolynomial       *with)
{
  *without = *with = (TgPolynomial) { 0 };
  for (guint i = 0; i < self->n_terms; i++)
    {
      TgMonomial term = self->terms[i];

      if (term.powers[atom] > 1)
        return FALSE;

      if (term.powers[atom] == 0)
        without->terms[without->n_terms++] = term;
      else
        {
          term.powers[atom] = 0;
          with->terms[with->n_terms++] = term;
        }
    }

  return with->n_terms > 0;
}

gboolean
tg_polynomial_replace_square (TgPolynomial       *self,
                              guint               atom,
                              const TgPolynomial *square)
{
  TgPolynomial result = { 0 };

  for (guint i = 0; i < self->n_terms; i++)
    {
      TgPolynomial term = { .n_terms = 1, .terms = { self->terms[i] } };

      while (term.n_terms > 0 && term.terms[0].powers[atom] > 1)
        {
          for (guint k = 0; k < term.n_terms; k++)
            term.terms[k].powers[atom] -= 2;
          if (!tg_polynomial_multiply (&term, square))
            return FALSE;
        }

      if (!tg_polynomial_add (&result, &term, 1))
        return FALSE;
    }

  *self = result;

  return TRUE;
}

TgRational
tg_rational_new (const TgPolynomial *numerator)
{
  return (TgRational) { .numerator = *numerator, .divisor = { .coefficient = 1 } };
}

/* Takes `factor` out of a list of factors; whether it was there. */
static gboolean
take_factor (TgPolynomial       *factors,
             guint              *n_factors,
             const TgPolynomial *factor)
{
  for (guint i = 0; i < *n_factors; i++)
    {
      if (tg_polynomial_is_equal (&factors[i], factor))
        {
          factors[i] = factors[--*n_factors];
          return TRUE;
        }
    }

  return FALSE;
}

static gboolean
multiply_numerator (TgRational       *self,
                    const TgMonomial *factor)
{
  TgPolynomial polynomial = { .n_terms = 1, .terms = { *factor } };

  return tg_polynomial_multiply (&self->numerator, &polynomial);
}

/* Divides by a polynomial. */
static gboolean
add_factor (TgRational         *self,
            const TgPolynomial *factor)
{
  TgPolynomial rest = *factor;
  TgMonomial content;

  if (rest.n_terms == 0)
    return FALSE;

  content = tg_polynomial_take_content (&rest);
  if (!multiply_term (&self->divisor, &content))
    return FALSE;

  if (rest.n_terms == 1)
    {
      self->divisor.coefficient *= rest.terms[0].coefficient;
      return TRUE;
    }

  if (self->n_factors == TG_MAX_FACTORS)
    return FALSE;

  if (make_positive (&rest))
    self->divisor.coefficient = -self->divisor.coefficient;
  self->factors[self->n_factors++] = rest;

  return TRUE;
}

/* Multiplies the numerator and the denominator with what `self` lacks of the denominator of
 * `other`. */
static gboolean
extend (TgRational       *self,
        const TgRational *other)
{
  TgPolynomial factors[TG_MAX_FACTORS];
  guint n_factors = self->n_factors;
  double own = self->divisor.coefficient, others = other->divisor.coefficient;
  TgMonomial lacking = { .coefficient = others };

  if (fmod (others, own) == 0)
    lacking.coefficient = others / own;
  else if (fmod (own, others) == 0)
    lacking.coefficient = 1;

  for (guint a = 0; a < TG_MAX_ATOMS; a++)
    lacking.powers[a] = other->divisor.powers[a]
                        - MIN (other->divisor.powers[a], self->divisor.powers[a]);
  if (!multiply_numerator (self, &lacking) || !multiply_term (&self->divisor, &lacking))
    return FALSE;

  memcpy (factors, self->factors, sizeof factors);
  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!take_factor (factors, &n_factors, &other->factors[i])
          && (!tg_polynomial_multiply (&self->numerator, &other->factors[i])
              || !add_factor (self, &other->factors[i])))
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_rational_add (TgRational       *self,
                 const TgRational *other,
                 double            factor)
{
  TgRational extended = *other;

  return extend (&extended, self) && extend (self, other)
         && tg_polynomial_add (&self->numerator, &extended.numerator, factor);
}

gboolean
tg_rational_multiply (TgRational       *self,
                      const TgRational *other)
{
  if (!tg_polynomial_multiply (&self->numerator, &other->numerator)
      || !multiply_term (&self->divisor, &other->divisor))
    return FALSE;

  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!add_factor (self, &other->factors[i]))
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_rational_divide (TgRational       *self,
                    const TgRational *other)
{
  for (guint i = 0; i < other->n_factors; i++)
    {
      if (!tg_polynomial_multiply (&self->numerator, &other->factors[i]))
        return FALSE;
    }

  return multiply_numerator (self, &other->divisor) && add_factor (self, &other->numerator);
}

gboolean
tg_rational_cancel (TgRational *self,
                    TgProduct  *product)
{
  TgMonomial *content = &product->content;

  product->n_factors = 0;
  *content = (TgMonomial) { 0 };
  if (self->numerator.n_terms == 0)
    return TRUE;

  *content = tg_polynomial_take_content (&self->numerator);
  for (guint a = 0; a < TG_MAX_ATOMS; a++)
    {
      guint8 common = MIN (content->powers[a], self->divisor.powers[a]);

      content->powers[a] -= common;
      self->divisor.powers[a] -= common;
    }

  if (self->divisor.coefficient < 0)
    {
      self->divisor.coefficient = -self->divisor.coefficient;
      content->coefficient = -content->coefficient;
    }

  if (fmod (content->coefficient, self->divisor.coefficient) == 0)
    {
      content->coefficient /= self->divisor.coefficient;
      self->divisor.coefficient = 1;
    }

  if (self->numerator.n_terms > 1 && make_positive (&self->numerator))
    content->coefficient = -content->coefficient;
  if (take_factor (self->factors, &self->n_factors, &self->numerator))
    self->numerator = tg_polynomial_new (1);

  while (product->n_factors < TG_MAX_FACTORS
         && tg_polynomial_take_linear (&self->numerator, &product->factors[product->n_factors]))
    {
      if (!take_factor (self->factors, &self->n_factors, &product->factors[product->n_factors]))
        product->n_factors++;
    }

  if (self->numerator.n_terms > 1)
    return TRUE;

  /* What is left is one more part of the content. */
  if (!multiply_term (content, &self->numerator.terms[0]))
    return FALSE;
  self->numerator = tg_polynomial_new (1);

  return TRUE;
}
