/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-condition-private.h"

#include <float.h>
#include <math.h>

#include "tg-attribute-private.h"
#include "tg-number-private.h"

/* A word that conditions are written in, and what it says: of the values of one expression, or of
 * the expressions of a graph. */
struct _TgConditionWord
{
  const char *name;
  guint       n_letters;
  gboolean (* judge) (const TgSubject *subject);
  gboolean (* holds) (const TgCondition *condition,
                      const TgMatch     *match,
                      const TgFacts     *facts);
};

static TgVariable *
get_variable (const TgCondition *condition,
              const TgMatch     *match,
              guint              number)
{
  return match->variables[condition->letters[number]];
}

static gboolean
is_constant (const TgSubject *subject)
{
  return subject->is_constant;
}

static gboolean
is_number (const TgSubject *subject)
{
  return subject->is_number;
}

static gboolean
is_float (const TgSubject *subject)
{
  return tg_dtype_in_set (subject->dtype, TG_DTYPE_SET_FLOAT);
}

static gboolean
is_inexact (const TgSubject *subject)
{
  return tg_dtype_in_set (subject->dtype, TG_DTYPE_SET_INEXACT);
}

static gboolean
is_real (const TgSubject *subject)
{
  return tg_dtype_in_set (subject->dtype, TG_DTYPE_SET_ORDERED);
}

static gboolean
is_integer (const TgSubject *subject)
{
  return tg_dtype_in_set (subject->dtype, TG_DTYPE_SET_INTEGER);
}

static gboolean
is_boolean (const TgSubject *subject)
{
  return tg_dtype_in_set (subject->dtype, TG_DTYPE_SET_BOOL);
}

/* Within the range of every float of 32 bits, so that the reciprocal is exact there too. */
static gboolean
is_power_of_two (const TgSubject *subject)
{
  int exponent;

  return subject->is_number && fabs (frexp (subject->number, &exponent)) == 0.5
         && abs (exponent) < 120;
}

static gboolean
is_whole (const TgSubject *subject)
{
  return subject->is_number && subject->number == floor (subject->number)
         && fabs (subject->number) < 9007199254740992.0;
}

static gboolean
is_even (const TgSubject *subject)
{
  return is_whole (subject) && fmod (subject->number, 2) == 0;
}

static gboolean
is_scalar (const TgCondition *condition,
           const TgMatch     *match,
           const TgFacts     *facts G_GNUC_UNUSED)
{
  return get_variable (condition, match, 0)->type->ndim == 0;
}

static gboolean
is_vector (const TgCondition *condition,
           const TgMatch     *match,
           const TgFacts     *facts G_GNUC_UNUSED)
{
  return get_variable (condition, match, 0)->type->ndim == 1;
}

static gboolean
is_matrix (const TgCondition *condition,
           const TgMatch     *match,
           const TgFacts     *facts G_GNUC_UNUSED)
{
  return get_variable (condition, match, 0)->type->ndim == 2;
}

static gboolean
is_once (const TgCondition *condition,
         const TgMatch     *match,
         const TgFacts     *facts)
{
  return facts->count_uses (facts->data, get_variable (condition, match, 0)) < 2;
}

static gboolean
have_same_shape (const TgCondition *condition,
                 const TgMatch     *match,
                 const TgFacts     *facts)
{
  TgVariable *first = get_variable (condition, match, 0);
  TgVariable *second = get_variable (condition, match, 1);

  return first->type->ndim == second->type->ndim
         && facts->have_shape (facts->data, first, second)
         && facts->have_shape (facts->data, second, first);
}

static gboolean
have_same_dtype (const TgCondition *condition,
                 const TgMatch     *match,
                 const TgFacts     *facts G_GNUC_UNUSED)
{
  return get_variable (condition, match, 0)->type->dtype
         == get_variable (condition, match, 1)->type->dtype;
}

static gboolean
have_same_ndim (const TgCondition *condition,
                const TgMatch     *match,
                const TgFacts     *facts G_GNUC_UNUSED)
{
  return get_variable (condition, match, 0)->type->ndim
         == get_variable (condition, match, 1)->type->ndim;
}

/* The number of elements along the axes that an attribute names, or -1 where it is not known. */
static gint64
count_along (const TgTensorType *type,
             GVariant           *attribute)
{
  g_autoptr (GVariant) array = NULL;
  const gint64 *axes = NULL;
  gsize n_axes = type->ndim;
  gint64 count = 1;

  if (!g_variant_is_of_type (attribute, G_VARIANT_TYPE ("max")))
    return -1;

  array = g_variant_get_maybe (attribute);
  if (array != NULL)
    axes = g_variant_get_fixed_array (array, &n_axes, sizeof (gint64));

  for (gsize i = 0; i < n_axes; i++)
    {
      gint64 size = type->shape[axes != NULL ? (gsize) axes[i] : i];

      if (size < 0)
        return -1;
      count *= size;
    }

  return count;
}

/* unit_axes (x, a): whether the axes that the attribute names all have size 1. */
static gboolean
are_unit_axes (const TgCondition *condition,
               const TgMatch     *match,
               const TgFacts     *facts G_GNUC_UNUSED)
{
  return count_along (get_variable (condition, match, 0)->type,
                      match->attributes[condition->letters[1]]) == 1;
}

/* Of a word (c, x, a) the number c, and how many elements x has along the axes; FALSE where one of
 * them is not known, or there is none. */
static gboolean
get_number_and_count (const TgCondition *condition,
                      const TgMatch     *match,
                      double            *number,
                      double            *count)
{
  *count = (double) count_along (get_variable (condition, match, 1)->type,
                                 match->attributes[condition->letters[2]]);

  return *count > 0 && tg_variable_get_number (get_variable (condition, match, 0), number);
}

/* counts (c, x, a): whether the number is the count. */
static gboolean
is_count (const TgCondition *condition,
          const TgMatch     *match,
          const TgFacts     *facts G_GNUC_UNUSED)
{
  double number, count;

  return get_number_and_count (condition, match, &number, &count) && number == count;
}

/* shares (c, x, a): whether it is the reciprocal of that. */
static gboolean
is_share (const TgCondition *condition,
          const TgMatch     *match,
          const TgFacts     *facts G_GNUC_UNUSED)
{
  double number, count;

  return get_number_and_count (condition, match, &number, &count) && number == 1 / count;
}

/* normal (c, d, x): whether the product of two numbers, in the dtype of x, neither overflows nor
 * has fewer digits than they have. */
static gboolean
have_normal_product (const TgCondition *condition,
                     const TgMatch     *match,
                     const TgFacts     *facts G_GNUC_UNUSED)
{
  TgVariable *first = get_variable (condition, match, 0);
  TgVariable *second = get_variable (condition, match, 1);
  TgDType dtype = tg_dtype_to_real (get_variable (condition, match, 2)->type->dtype);
  double a, b, product;

  if (!tg_variable_get_number (first, &a) || !tg_variable_get_number (second, &b))
    return FALSE;

  product = fabs (a * b);
  if (product == 0 || !tg_dtype_in_set (dtype, TG_DTYPE_SET_FLOAT))
    return TRUE;

  switch ((guint) dtype)
    {
    case TG_DTYPE_FLOAT16:
      return product >= 0x1p-14 && product <= 0x1p15;
    case TG_DTYPE_FLOAT64:
      return product >= DBL_MIN && product <= DBL_MAX;
    default:
      return product >= (double) FLT_MIN && product <= 0x1p127;
    }
}

/* exact_difference (c, d, x): whether the difference of two numbers is a number of the dtype of x,
 * a float. */
static gboolean
have_exact_difference (const TgCondition *condition,
                       const TgMatch     *match,
                       const TgFacts     *facts G_GNUC_UNUSED)
{
  TgDType dtype = get_variable (condition, match, 2)->type->dtype;
  double a, b, difference;

  if ((dtype != TG_DTYPE_FLOAT32 && dtype != TG_DTYPE_FLOAT64)
      || !tg_variable_get_number (get_variable (condition, match, 0), &a)
      || !tg_variable_get_number (get_variable (condition, match, 1), &b))
    return FALSE;

  difference = a - b;

  return difference + b == a && a - difference == b
         && (dtype == TG_DTYPE_FLOAT64 || (double) (float) difference == difference);
}

static const gint64 *
get_integers (const TgCondition *condition,
              const TgMatch     *match,
              guint              number,
              gsize             *n_values)
{
  return g_variant_get_fixed_array (match->attributes[condition->letters[number]], n_values,
                                    sizeof (gint64));
}

static gboolean
is_identity (const TgCondition *condition,
             const TgMatch     *match,
             const TgFacts     *facts G_GNUC_UNUSED)
{
  gsize n_axes;
  const gint64 *axes = get_integers (condition, match, 0, &n_axes);

  for (gsize i = 0; i < n_axes; i++)
    {
      if (axes[i] != (gint64) i)
        return FALSE;
    }

  return TRUE;
}

/* Whether one order of axes after the other is that from before. */
static gboolean
are_inverse (const TgCondition *condition,
             const TgMatch     *match,
             const TgFacts     *facts G_GNUC_UNUSED)
{
  gsize n_first, n_second;
  const gint64 *first = get_integers (condition, match, 0, &n_first);
  const gint64 *second = get_integers (condition, match, 1, &n_second);

  for (gsize i = 0; i < n_first; i++)
    {
      if (n_first != n_second || first[second[i]] != (gint64) i)
        return FALSE;
    }

  return TRUE;
}

/* dtype (x, d): whether x has the dtype that the attribute names. */
static gboolean
is_of_dtype (const TgCondition *condition,
             const TgMatch     *match,
             const TgFacts     *facts G_GNUC_UNUSED)
{
  GVariant *attribute = match->attributes[condition->letters[1]];
  TgDType dtype;

  return tg_dtype_from_name (g_variant_get_string (attribute, NULL), &dtype, NULL)
         && get_variable (condition, match, 0)->type->dtype == dtype;
}

static gboolean
get_dtype (const TgCondition *condition,
           const TgMatch     *match,
           guint              number,
           TgDType           *dtype)
{
  GVariant *attribute = match->attributes[condition->letters[number]];

  return tg_dtype_from_name (g_variant_get_string (attribute, NULL), dtype, NULL);
}

/* passes (x, d, e): whether every number of x becomes the same in the dtype e by way of d, which
 * holds it.  Integers wrap around where floating-point numbers do not. */
static gboolean
is_passed_on (const TgCondition *condition,
              const TgMatch     *match,
              const TgFacts     *facts G_GNUC_UNUSED)
{
  TgDType from = get_variable (condition, match, 0)->type->dtype, by, to;

  if (!get_dtype (condition, match, 1, &by) || !get_dtype (condition, match, 2, &to)
      || !tg_dtype_is_lossless (from, by))
    return FALSE;

  return !tg_dtype_in_set (from, TG_DTYPE_SET_INTEGER) || tg_dtype_in_set (by, TG_DTYPE_SET_INTEGER)
         || !tg_dtype_in_set (to, TG_DTYPE_SET_INTEGER) || tg_dtype_is_lossless (from, to);
}

/* has_shape (x, s): whether x certainly has the shape that the constant s says, in which -1 is the
 * size that the others leave. */
static gboolean
has_constant_shape (const TgCondition *condition,
                    const TgMatch     *match,
                    const TgFacts     *facts G_GNUC_UNUSED)
{
  TgTensorType *type = get_variable (condition, match, 0)->type;
  gsize n_values, n_free = 0;
  g_autofree gint64 *values = tg_variable_dup_integers (get_variable (condition, match, 1),
                                                        &n_values);

  if (values == NULL || n_values != type->ndim)
    return FALSE;

  for (gsize i = 0; i < n_values; i++)
    {
      if (values[i] == -1)
        n_free++;
      else if (values[i] != type->shape[i] || values[i] == 0)
        return FALSE;
    }

  return n_free < 2;
}

/* among (e, a): whether the axis a is one of e. */
static gboolean
is_among (const TgCondition *condition,
          const TgMatch     *match,
          const TgFacts     *facts G_GNUC_UNUSED)
{
  gboolean chosen[TG_MAX_NDIM];

  tg_attribute_get_axes (match->attributes[condition->letters[0]], TG_MAX_NDIM, chosen);

  return chosen[g_variant_get_int64 (match->attributes[condition->letters[1]])];
}

static gboolean
has_unit_axis (TgVariable *variable,
               guint       axis)
{
  return variable->type->ndim == 2 && variable->type->shape[axis] == 1;
}

static gboolean
is_column (const TgCondition *condition,
           const TgMatch     *match,
           const TgFacts     *facts G_GNUC_UNUSED)
{
  return has_unit_axis (get_variable (condition, match, 0), 1);
}

static gboolean
is_row (const TgCondition *condition,
        const TgMatch     *match,
        const TgFacts     *facts G_GNUC_UNUSED)
{
  return has_unit_axis (get_variable (condition, match, 0), 0);
}

/* unit_matrix (x): whether x is a constant with ones on its diagonal, and zeros elsewhere. */
static gboolean
is_unit_matrix (const TgCondition *condition,
                const TgMatch     *match,
                const TgFacts     *facts G_GNUC_UNUSED)
{
  TgVariable *x = get_variable (condition, match, 0);
  g_autofree double *elements = NULL;
  gsize n_elements;
  gint64 size = x->type->ndim == 2 ? x->type->shape[0] : 0;

  if (!TG_IS_CONSTANT (x) || x->type->ndim != 2 || size != x->type->shape[1]
      || tg_dtype_in_set (x->type->dtype, TG_DTYPE_SET_COMPLEX))
    return FALSE;

  elements = tg_tensor_dup_doubles (TG_CONSTANT (x)->value, &n_elements);
  for (gint64 i = 0; i < size * size; i++)
    {
      if (elements[i] != (i / size == i % size))
        return FALSE;
    }

  return TRUE;
}

static const TgConditionWord words[] = {
  { "constant", 1, is_constant, NULL },
  { "number", 1, is_number, NULL },
  { "scalar", 1, NULL, is_scalar },
  { "vector", 1, NULL, is_vector },
  { "matrix", 1, NULL, is_matrix },
  { "once", 1, NULL, is_once },
  { "float", 1, is_float, NULL },
  { "inexact", 1, is_inexact, NULL },
  { "real", 1, is_real, NULL },
  { "integer", 1, is_integer, NULL },
  { "boolean", 1, is_boolean, NULL },
  { "power_of_two", 1, is_power_of_two, NULL },
  { "whole", 1, is_whole, NULL },
  { "even", 1, is_even, NULL },
  { "same_shape", 2, NULL, have_same_shape },
  { "same_dtype", 2, NULL, have_same_dtype },
  { "same_ndim", 2, NULL, have_same_ndim },
  { "unit_axes", 2, NULL, are_unit_axes },
  { "among", 2, NULL, is_among },
  { "column", 1, NULL, is_column },
  { "row", 1, NULL, is_row },
  { "unit_matrix", 1, NULL, is_unit_matrix },
  { "counts", 3, NULL, is_count },
  { "shares", 3, NULL, is_share },
  { "normal", 3, NULL, have_normal_product },
  { "exact_difference", 3, NULL, have_exact_difference },
  { "identity", 1, NULL, is_identity },
  { "inverse", 2, NULL, are_inverse },
  { "dtype", 2, NULL, is_of_dtype },
  { "passes", 3, NULL, is_passed_on },
  { "has_shape", 2, NULL, has_constant_shape },
};

const TgConditionWord *
tg_condition_find_word (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    {
      if (strcmp (words[i].name, name) == 0)
        return &words[i];
    }

  return NULL;
}

guint
tg_condition_count (const TgConditionWord *word)
{
  return word->n_letters;
}

gboolean
tg_condition_judge (const TgConditionWord *word,
                    const TgSubject       *subject)
{
  return word->judge != NULL ? word->judge (subject) : word->holds == is_once;
}

static gboolean
word_holds (const TgCondition *condition,
            const TgMatch     *match,
            const TgFacts     *facts)
{
  const TgConditionWord *word = condition->word;
  TgSubject subject;
  TgVariable *variable;

  if (word->holds != NULL)
    return word->holds (condition, match, facts);

  variable = get_variable (condition, match, 0);
  subject.dtype = variable->type->dtype;
  subject.is_constant = TG_IS_CONSTANT (variable);
  subject.is_number = tg_variable_get_number (variable, &subject.number);

  return word->judge (&subject);
}

static TgRange
find_range (const TgPattern *pattern,
            const TgRange   *letters)
{
  TgRange inputs[TG_OP_MAX_INPUTS];

  if (pattern->kind == TG_PATTERN_LETTER)
    return letters[pattern->letter];

  if (pattern->kind == TG_PATTERN_NUMBER)
    return tg_range_of_number (pattern->number);

  for (guint i = 0; i < pattern->n_inputs; i++)
    inputs[i] = find_range (pattern->inputs[i], letters);

  return tg_range_apply (pattern->op, inputs, pattern->n_inputs);
}

gboolean
tg_comparison_holds (const TgCondition *condition,
                     const TgRange     *letters)
{
  return tg_range_proves (condition->comparison, find_range (condition->sides[0], letters),
                          find_range (condition->sides[1], letters));
}

static void
find_ranges (const TgMatch *match,
             const TgFacts *facts,
             TgRange       *ranges)
{
  for (guint i = 0; i < TG_RULE_MAX_LETTERS; i++)
    ranges[i] = match->variables[i] != NULL
                  ? facts->get_range (facts->data, match->variables[i]) : TG_RANGE_ALL;
}

gboolean
tg_condition_holds (const TgCondition *condition,
                    const TgMatch     *match,
                    const TgFacts     *facts)
{
  TgRange ranges[TG_RULE_MAX_LETTERS];

  if (condition->word != NULL)
    return word_holds (condition, match, facts);

  find_ranges (match, facts, ranges);

  return tg_comparison_holds (condition, ranges);
}

gboolean
tg_condition_fails (const TgCondition *condition,
                    const TgMatch     *match,
                    const TgFacts     *facts)
{
  static const TgOpId opposites[][2] = {
    { TG_OP_EQUAL, TG_OP_NOT_EQUAL }, { TG_OP_NOT_EQUAL, TG_OP_EQUAL },
    { TG_OP_LESS, TG_OP_GREATER_EQUAL }, { TG_OP_GREATER_EQUAL, TG_OP_LESS },
    { TG_OP_GREATER, TG_OP_LESS_EQUAL }, { TG_OP_LESS_EQUAL, TG_OP_GREATER },
  };
  TgRange ranges[TG_RULE_MAX_LETTERS];
  TgCondition opposite = *condition;

  if (condition->word != NULL)
    return !word_holds (condition, match, facts);

  for (guint i = 0; i < G_N_ELEMENTS (opposites); i++)
    {
      if (condition->comparison == &tg_ops[opposites[i][0]])
        opposite.comparison = &tg_ops[opposites[i][1]];
    }

  find_ranges (match, facts, ranges);

  return tg_comparison_holds (&opposite, ranges);
}
