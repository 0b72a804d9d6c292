/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define TG_MAX_ATOMS 8
#define TG_MAX_MONOMIALS 16
#define TG_MAX_FACTORS 6

/* Polynomials of few terms, whose coefficients are exact: what would be rounded, or have too many
 * terms, makes a function fail. */

typedef struct
{
  double coefficient;
  guint8 powers[TG_MAX_ATOMS];
} TgMonomial;

typedef struct
{
  guint      n_terms;
  TgMonomial terms[TG_MAX_MONOMIALS];
} TgPolynomial;

/* A quotient, whose denominator is a product. */
typedef struct
{
  TgPolynomial numerator;
  TgMonomial   divisor;
  guint        n_factors;
  TgPolynomial factors[TG_MAX_FACTORS]; /* each of more than one term */
} TgRational;

/* What was taken out of a numerator. */
typedef struct
{
  TgMonomial   content;
  guint        n_factors;
  TgPolynomial factors[TG_MAX_FACTORS];
} TgProduct;

TgPolynomial tg_polynomial_new      (double              number);
TgPolynomial tg_polynomial_new_atom (guint               atom);

gboolean     tg_polynomial_add      (TgPolynomial       *self,
                                     const TgPolynomial *other,
                                     double              factor);
gboolean     tg_polynomial_multiply (TgPolynomial       *self,
                                     const TgPolynomial *other);
gboolean     tg_polynomial_is_equal (const TgPolynomial *a,
                                     const TgPolynomial *b);

gboolean     tg_polynomial_has      (const TgPolynomial *self,
                                     guint               atom);

/* Takes the greatest monomial out of all terms. */
TgMonomial   tg_polynomial_take_content (TgPolynomial   *self);

/* Takes a factor out that is a difference or a sum of two atoms, or of an atom and one. */
gboolean     tg_polynomial_take_linear (TgPolynomial    *self,
                                        TgPolynomial    *factor);

/* Splits a polynomial into what has an atom to the first power, without that, and what has not;
 * fails where there is a higher power of it. */
gboolean     tg_polynomial_split    (const TgPolynomial *self,
                                     guint               atom,
                                     TgPolynomial       *without,
                                     TgPolynomial       *with);

/* Replaces the square of an atom. */
gboolean     tg_polynomial_replace_square (TgPolynomial       *self,
                                           guint               atom,
                                           const TgPolynomial *square);

TgRational   tg_rational_new        (const TgPolynomial *numerator);
gboolean     tg_rational_add        (TgRational         *self,
                                     const TgRational   *other,
                                     double              factor);
gboolean     tg_rational_multiply   (TgRational         *self,
                                     const TgRational   *other);
gboolean     tg_rational_divide     (TgRational         *self,
                                     const TgRational   *other);

/* Cancels what numerator and denominator have in common, and takes out of the numerator what is a
 * product: its content, and linear factors. */
gboolean     tg_rational_cancel     (TgRational         *self,
                                     TgProduct          *product);

G_END_DECLS
