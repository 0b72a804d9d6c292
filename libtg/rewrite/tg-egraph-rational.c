/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-egraph-private.h"
#include "tg-polynomial-private.h"

/* What a class is as a quotient: a polynomial of other classes, expanded and collected, over a
 * product of polynomials that stay apart, since what is expanded cancels.  1/(x+1) - 2/x + 1/(x-1)
 * becomes 2/((x+1) x (x-1)) so, which rules alone find among many other forms only.  Differences
 * of atoms are taken out of the numerator; where it has a root, it is multiplied by its
 * conjugate. */

#define MAX_DEPTH 8

/* Longer numerators are no better than what is there. */
#define MAX_NUMERATOR 3

/* Roots that are done away with, one after the other. */
#define MAX_CONJUGATES 3

/* Sums that cancel so much, as a power of two, at so many points, are looked at again. */
#define MIN_CANCELLED 5
#define MIN_POINTS 2

/* Numbers with more digits are atoms. */
#define UNIT 0x1p-20
#define MAX_NUMBER 0x1p30

typedef struct
{
  TgEGraph  *graph;
  guint      n_atoms;
  guint16    atoms[TG_MAX_ATOMS];
  TgRational squares[TG_MAX_ATOMS]; /* of those atoms that are roots */
  gboolean   is_root[TG_MAX_ATOMS];
} Ring;

static gboolean convert (Ring       *ring,
                         guint16     class,
                         guint       depth,
                         TgRational *result);

static const TgENode *
find_member (const TgEGraph *graph,
             guint16         class,
             gboolean        is_root)
{
  const TgEClass *info = tg_egraph_get_class (graph, class);

  for (guint i = 0; i < info->n_members; i++)
    {
      const TgENode *node = tg_egraph_get_node (graph, tg_egraph_get_member (graph, info, i));

      /* What a leaf is besides has that leaf in it. */
      if (node->kind != TG_FORMULA_APPLY)
        return NULL;

      switch ((guint) node->op)
        {
        case TG_OP_SQRT:
        case TG_OP_HYPOT:
          if (is_root)
            return node;
          break;
        case TG_OP_ADD:
        case TG_OP_SUBTRACT:
        case TG_OP_MULTIPLY:
        case TG_OP_DIVIDE:
        case TG_OP_NEGATIVE:
        case TG_OP_SQUARE:
        case TG_OP_RECIPROCAL:
          if (!is_root)
            return node;
          break;
        default:
          break;
        }
    }

  return NULL;
}

/* What the square of an atom is that is a root. */
static void
find_square (Ring  *ring,
             guint  atom,
             guint  depth)
{
  const TgENode *node = find_member (ring->graph, ring->atoms[atom], TRUE);
  TgRational *square = &ring->squares[atom], other;

  ring->is_root[atom] = FALSE;
  if (node == NULL || depth >= MAX_DEPTH || !convert (ring, node->inputs[0], depth + 1, square))
    return;

  if (node->op == TG_OP_HYPOT)
    {
      TgRational first = *square;

      if (!tg_rational_multiply (square, &first)
          || !convert (ring, node->inputs[1], depth + 1, &other))
        return;

      first = other;
      if (!tg_rational_multiply (&other, &first) || !tg_rational_add (square, &other, 1))
        return;
    }

  /* The class may be a square by what rules have found. */
  ring->is_root[atom] = !tg_polynomial_has (&square->numerator, atom);
}

static gboolean
make_atom (Ring       *ring,
           guint16     class,
           guint       depth,
           TgRational *result)
{
  guint atom = 0;
  TgPolynomial polynomial;

  while (atom < ring->n_atoms && ring->atoms[atom] != class)
    atom++;

  if (atom == TG_MAX_ATOMS)
    return FALSE;

  if (atom == ring->n_atoms)
    {
      ring->atoms[ring->n_atoms++] = class;
      find_square (ring, atom, depth);
    }

  polynomial = tg_polynomial_new_atom (atom);
  *result = tg_rational_new (&polynomial);

  return TRUE;
}

static gboolean
combine (const TgENode    *node,
         TgRational       *first,
         const TgRational *second)
{
  TgPolynomial number = tg_polynomial_new (node->op == TG_OP_NEGATIVE ? -1 : 1);
  TgRational other = *first;

  switch ((guint) node->op)
    {
    case TG_OP_ADD:
      return tg_rational_add (first, second, 1);
    case TG_OP_SUBTRACT:
      return tg_rational_add (first, second, -1);
    case TG_OP_MULTIPLY:
      return tg_rational_multiply (first, second);
    case TG_OP_DIVIDE:
      return tg_rational_divide (first, second);
    case TG_OP_SQUARE:
      return tg_rational_multiply (first, &other);
    case TG_OP_RECIPROCAL:
      *first = tg_rational_new (&number);
      return tg_rational_divide (first, &other);
    default:
      *first = tg_rational_new (&number);
      return tg_rational_multiply (first, &other);
    }
}

/* Puts squares in the place of those of roots. */
static gboolean
reduce (const Ring *ring,
        TgRational *self)
{
  for (guint atom = 0; atom < ring->n_atoms; atom++)
    {
      const TgRational *square = &ring->squares[atom];

      if (ring->is_root[atom] && square->n_factors == 0 && square->divisor.coefficient == 1
          && memcmp (square->divisor.powers, (guint8[TG_MAX_ATOMS]) { 0 }, TG_MAX_ATOMS) == 0
          && !tg_polynomial_replace_square (&self->numerator, atom, &square->numerator))
        return FALSE;
    }

  return TRUE;
}

/* The depth of the calls has a bound; what lies deeper is an atom. */
static gboolean
convert (Ring       *ring,
         guint16     class,
         guint       depth,
         TgRational *result)
{
  const TgEClass *info = tg_egraph_get_class (ring->graph, class);
  const TgENode *node = find_member (ring->graph, class, FALSE);
  TgRational second = { 0 };

  if (info->is_number && fmod (info->number, UNIT) == 0 && fabs (info->number) < MAX_NUMBER)
    {
      TgPolynomial number = tg_polynomial_new (info->number);

      *result = tg_rational_new (&number);
      return TRUE;
    }

  if (node == NULL || info->is_number || depth >= MAX_DEPTH)
    return make_atom (ring, class, depth, result);

  return convert (ring, node->inputs[0], depth + 1, result)
         && (node->n_inputs == 1 || convert (ring, node->inputs[1], depth + 1, &second))
         && combine (node, result, &second) && reduce (ring, result);
}

/* Multiplies with the conjugate of the numerator: a + b s becomes (a a - b b s s) / (a - b s). */
static gboolean
conjugate (const Ring *ring,
           guint       atom,
           TgRational *self)
{
  TgPolynomial a, b, root = tg_polynomial_new_atom (atom), other, one = tg_polynomial_new (1);
  TgRational product, divisor, square;

  if (!tg_polynomial_split (&self->numerator, atom, &a, &b) || a.n_terms == 0)
    return FALSE;

  /* The divisor first, since then the parts are squared. */
  other = b;
  if (!tg_polynomial_multiply (&other, &root))
    return FALSE;
  divisor = tg_rational_new (&a);
  if (!tg_polynomial_add (&divisor.numerator, &other, -1))
    return FALSE;

  square = tg_rational_new (&b);
  other = b;
  if (!tg_polynomial_multiply (&square.numerator, &other)
      || !tg_rational_multiply (&square, &ring->squares[atom]))
    return FALSE;

  product = tg_rational_new (&a);
  other = a;
  if (!tg_polynomial_multiply (&product.numerator, &other)
      || !tg_rational_add (&product, &square, -1) || !reduce (ring, &product))
    return FALSE;

  square = *self;
  square.numerator = one;

  return tg_rational_multiply (&product, &square) && tg_rational_divide (&product, &divisor)
         && (*self = product, TRUE);
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
multiply (Ring    *ring,
          guint16  first,
          guint16  second)
{
  return first == TG_EGRAPH_NONE ? second : apply (ring, TG_OP_MULTIPLY, first, second);
}

/* NONE where it is one. */
static guint16
build_term (Ring             *ring,
            const TgMonomial *term)
{
  double size = fabs (term->coefficient);
  guint16 result = size == 1 ? TG_EGRAPH_NONE : tg_egraph_add_number (ring->graph, size);

  for (guint i = 0; i < ring->n_atoms; i++)
    {
      for (guint k = 0; k < term->powers[i]; k++)
        result = multiply (ring, result, ring->atoms[i]);
    }

  return result;
}

static guint16
build_term_or_one (Ring             *ring,
                   const TgMonomial *term)
{
  guint16 result = build_term (ring, term);

  return result == TG_EGRAPH_NONE ? tg_egraph_add_number (ring->graph, 1) : result;
}

/* Positive terms first, so that no sign is left over. */
static guint16
build_polynomial (Ring               *ring,
                  const TgPolynomial *self)
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

          term = build_term_or_one (ring, &self->terms[i]);
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

  return result;
}

static guint16
build_rational (Ring             *ring,
                const TgRational *self,
                const TgProduct  *product)
{
  guint16 result = build_term (ring, &product->content);
  guint16 denominator = build_term (ring, &self->divisor);

  if (self->numerator.n_terms == 0)
    return tg_egraph_add_number (ring->graph, 0);

  for (guint i = 0; i < product->n_factors; i++)
    result = multiply (ring, result, build_polynomial (ring, &product->factors[i]));
  if (self->numerator.n_terms > 1)
    result = multiply (ring, result, build_polynomial (ring, &self->numerator));
  if (result == TG_EGRAPH_NONE)
    result = tg_egraph_add_number (ring->graph, 1);
  if (product->content.coefficient < 0)
    result = apply (ring, TG_OP_NEGATIVE, result, 0);

  for (guint i = 0; i < self->n_factors; i++)
    denominator = multiply (ring, denominator, build_polynomial (ring, &self->factors[i]));

  return denominator == TG_EGRAPH_NONE ? result
                                       : apply (ring, TG_OP_DIVIDE, result, denominator);
}

/* Whether a sum is much smaller than what it is the sum of. */
static gboolean
cancels (const TgEGraph *graph,
         const TgENode  *node)
{
  const TgEClass *sum = tg_egraph_get_class (graph, tg_egraph_find (graph, node->class));
  const TgEClass *first;
  guint n_points = 0;

  if (node->kind != TG_FORMULA_APPLY || (node->op != TG_OP_ADD && node->op != TG_OP_SUBTRACT))
    return FALSE;

  first = tg_egraph_get_class (graph, tg_egraph_find (graph, node->inputs[0]));

  for (guint p = 0; p < graph->sample->n_points; p++)
    n_points += ldexp (fabs (sum->truth[p]), MIN_CANCELLED) < fabs (first->truth[p]);

  return n_points >= MIN_POINTS;
}

/* Adds what the class is, and what it is without roots in the numerator. */
static void
add_forms (TgEGraph *self,
           guint16   class,
           gboolean  is_written,
           gboolean  has_cancelled)
{
  Ring ring = { .graph = self };
  TgRational rational;

  if (!convert (&ring, class, 0, &rational))
    return;

  for (guint i = 0; i <= MAX_CONJUGATES; i++)
    {
      TgRational form = rational;
      TgProduct product;
      guint atom = 0;
      guint16 built;

      if (!tg_rational_cancel (&form, &product))
        return;

      /* Of what is not written only sums that all but vanish are of interest. */
      if (form.numerator.n_terms <= MAX_NUMERATOR
          && (is_written || has_cancelled || (form.numerator.n_terms < 2 && form.n_factors == 0)))
        {
          built = build_rational (&ring, &form, &product);
          if (built != TG_EGRAPH_NONE)
            tg_egraph_union (self, class, built);
        }

      while (atom < ring.n_atoms
             && !(ring.is_root[atom] && has_cancelled && conjugate (&ring, atom, &rational)))
        atom++;
      if (atom == ring.n_atoms)
        return;
    }
}

void
tg_egraph_add_rational (TgEGraph *self,
                        gboolean  is_again)
{
  guint n_nodes = self->nodes->len;

  for (guint i = 0; i < n_nodes; i++)
    {
      const TgENode *node = tg_egraph_get_node (self, i);
      gboolean has_cancelled = cancels (self, node);

      if (node->is_dropped || node->kind != TG_FORMULA_APPLY || (is_again && !has_cancelled)
          || (node->op != TG_OP_ADD && node->op != TG_OP_SUBTRACT && node->op != TG_OP_DIVIDE))
        continue;

      add_forms (self, tg_egraph_find (self, node->class), node->rule == NULL, has_cancelled);
    }

  tg_egraph_rebuild (self);
}
