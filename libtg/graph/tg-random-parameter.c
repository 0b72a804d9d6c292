/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-random-parameter-private.h"

#include <math.h>

/* Where a mean is so large that int64 has no room for ten standard deviations more. */
#define GREATEST_MEAN 9.2e18

/* What a parameter must be.  Scales and the like may be nan, as in NumPy; then so are the draws. */
typedef enum
{
  DOMAIN_ANY,
  DOMAIN_NOT_NEGATIVE,
  DOMAIN_POSITIVE,
  DOMAIN_MEAN,
  DOMAIN_COUNT,
  DOMAIN_PROBABILITY,
  DOMAIN_DISTRIBUTION,
} Domain;

static Domain
get_domain (const TgOpInfo  *op,
            GVariant *const *attributes,
            guint            input)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_RANDOM_GAMMA:
      return input == 2 ? DOMAIN_NOT_NEGATIVE : DOMAIN_ANY;

    case TG_OP_RANDOM_LOG_GAMMA:
      return input == 2 ? DOMAIN_POSITIVE : DOMAIN_ANY;

    case TG_OP_RANDOM_POISSON:
      return input == 2 ? DOMAIN_MEAN : DOMAIN_ANY;

    case TG_OP_RANDOM_BINOMIAL:
      return input == 2 ? DOMAIN_COUNT : input == 3 ? DOMAIN_PROBABILITY : DOMAIN_ANY;

    case TG_OP_RANDOM_CATEGORICAL:
    case TG_OP_RANDOM_CHOICE:
      return input == 2 ? DOMAIN_DISTRIBUTION : DOMAIN_ANY;

    case TG_OP_RANDOM_MULTINOMIAL:
      return input == 2 ? DOMAIN_COUNT : input == 3 ? DOMAIN_DISTRIBUTION : DOMAIN_ANY;

    case TG_OP_CHECK_POSITIVE:
      return g_variant_get_boolean (attributes[0]) ? DOMAIN_NOT_NEGATIVE : DOMAIN_POSITIVE;

    default:
      return DOMAIN_ANY;
    }
}

static gboolean
is_in_domain (Domain  domain,
              gdouble x)
{
  switch (domain)
    {
    case DOMAIN_NOT_NEGATIVE:
      return !(x < 0);

    case DOMAIN_POSITIVE:
      return !(x <= 0);

    case DOMAIN_MEAN:
      return x >= 0 && x <= GREATEST_MEAN;

    case DOMAIN_COUNT:
      return x >= 0 && x <= 0x1p53 && floor (x) == x;

    case DOMAIN_PROBABILITY:
    case DOMAIN_DISTRIBUTION:
      return x >= 0 && x <= 1;

    case DOMAIN_ANY:
    default:
      return TRUE;
    }
}

static const char *
describe_domain (Domain domain)
{
  static const char *const texts[] = {
    [DOMAIN_ANY] = "a number",
    [DOMAIN_NOT_NEGATIVE] = "0 or more",
    [DOMAIN_POSITIVE] = "more than 0",
    [DOMAIN_MEAN] = "between 0 and 9.2e18",
    [DOMAIN_COUNT] = "a whole number between 0 and 2^53",
    [DOMAIN_PROBABILITY] = "between 0 and 1",
    [DOMAIN_DISTRIBUTION] = "between 0 and 1",
  };

  return texts[domain];
}

/* What the sum of probabilities of that dtype may differ from 1. */
static gdouble
get_tolerance (TgDType dtype)
{
  gsize size = tg_dtype_in_set (dtype, TG_DTYPE_SET_FLOAT) ? tg_dtype_get_size (dtype) : 8;

  return size >= 8 ? 1e-6 : size >= 4 ? 1e-4 : 1e-2;
}

/* What is wrong with the values of a parameter, if anything; they had a dtype before they were
 * converted to what the operator computes in. */
static char *
find_problem (const char *name,
              Domain      domain,
              TgDType     dtype,
              TgTensor   *value)
{
  gsize n, n_last;
  g_autofree gdouble *numbers = tg_tensor_dup_doubles (value, &n);
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  for (gsize i = 0; i < n; i++)
    {
      if (!is_in_domain (domain, numbers[i]))
        return g_strdup_printf ("%s must be %s, not %s", name, describe_domain (domain),
                                g_ascii_formatd (text, sizeof text, "%.15g", numbers[i]));
    }

  if (domain != DOMAIN_DISTRIBUTION || value->ndim == 0)
    return NULL;

  n_last = (gsize) value->shape[value->ndim - 1];
  if (n_last == 0)
    return g_strdup_printf ("%s must have an element along its last axis", name);

  for (gsize start = 0; start < n; start += n_last)
    {
      gdouble sum = 0;

      for (gsize i = 0; i < n_last; i++)
        sum += numbers[start + i];

      if (!(fabs (sum - 1) <= get_tolerance (dtype)))
        return g_strdup_printf ("%s must sum to 1 along its last axis, not to %s", name,
                                g_ascii_formatd (text, sizeof text, "%.9g", sum));
    }

  return NULL;
}

/* The elements of two parameters, broadcast against each other; FALSE where they cannot be, which
 * the broadcasting to the shape of the draw will say. */
static gboolean
broadcast (TgTensor *const *values,
           TgDType          dtype,
           TgTensor        *results[2])
{
  gint64 shape[TG_MAX_NDIM];
  guint ndim = MAX (values[0]->ndim, values[1]->ndim);

  for (guint i = 0; i < ndim; i++)
    shape[i] = 1;

  for (guint i = 0; i < 2; i++)
    {
      if (!tg_shape_broadcast (shape, ndim, values[i]->shape, values[i]->ndim))
        return FALSE;
    }

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (TgTensor) wide = tg_tensor_broadcast_to (values[i], shape, ndim, NULL);

      results[i] = wide != NULL ? tg_tensor_copy (wide, dtype, NULL) : NULL;
    }

  return results[0] != NULL && results[1] != NULL;
}

static char *
find_integer_problem (TgTensor *const *values,
                      gboolean         closed)
{
  g_autoptr (TgTensor) low = NULL;
  g_autoptr (TgTensor) high = NULL;
  TgTensor *both[2] = { NULL, };
  gboolean is_unsigned = values[0]->dtype == TG_DTYPE_UINT64 || values[1]->dtype == TG_DTYPE_UINT64;
  gboolean fit = broadcast (values, is_unsigned ? TG_DTYPE_UINT64 : TG_DTYPE_INT64, both);

  low = both[0];
  high = both[1];
  for (gsize i = 0; fit && i < low->n_elements; i++)
    {
      gint64 first = ((const gint64 *) (gconstpointer) low->data)[i];
      gint64 last = ((const gint64 *) (gconstpointer) high->data)[i];
      gboolean is_above = is_unsigned ? (guint64) first > (guint64) last : first > last;

      if (!is_above && (first != last || closed))
        continue;

      return is_unsigned
               ? g_strdup_printf ("low must be %s high, not %" G_GUINT64_FORMAT " and %"
                                  G_GUINT64_FORMAT, closed ? "at most" : "less than",
                                  (guint64) first, (guint64) last)
               : g_strdup_printf ("low must be %s high, not %" G_GINT64_FORMAT " and %"
                                  G_GINT64_FORMAT, closed ? "at most" : "less than", first, last);
    }

  return NULL;
}

static char *
find_float_problem (TgTensor *const *values)
{
  g_autoptr (TgTensor) low = NULL;
  g_autoptr (TgTensor) high = NULL;
  TgTensor *both[2] = { NULL, };
  gboolean fit = broadcast (values, TG_DTYPE_FLOAT64, both);
  char text[2][G_ASCII_DTOSTR_BUF_SIZE];

  low = both[0];
  high = both[1];
  for (gsize i = 0; fit && i < low->n_elements; i++)
    {
      gdouble first = ((const gdouble *) (gconstpointer) low->data)[i];
      gdouble last = ((const gdouble *) (gconstpointer) high->data)[i];

      if (first >= last)
        return g_strdup_printf ("low must be less than high, not %s and %s",
                                g_ascii_formatd (text[0], sizeof text[0], "%.15g", first),
                                g_ascii_formatd (text[1], sizeof text[1], "%.15g", last));
    }

  return NULL;
}

gboolean
tg_random_check_parameters (const TgOpInfo    *op,
                            GVariant *const   *attributes,
                            TgVariable *const *inputs,
                            TgTensor *const   *values,
                            guint              n_inputs,
                            GQuark             domain,
                            gint               code,
                            GError           **error)
{
  g_autofree char *problem = NULL;

  for (guint i = 0; i < n_inputs && problem == NULL; i++)
    {
      Domain allowed = get_domain (op, attributes, i);

      if (values[i] != NULL && allowed != DOMAIN_ANY)
        problem = find_problem (op->inputs[i].name, allowed, inputs[i]->type->dtype, values[i]);
    }

  if (problem == NULL && n_inputs == 4 && values[2] != NULL && values[3] != NULL)
    {
      if (op == &tg_ops[TG_OP_RANDOM_INTEGERS])
        problem = find_integer_problem (&values[2], g_variant_get_boolean (attributes[0]));
      else if (op == &tg_ops[TG_OP_RANDOM_TRUNCATED_NORMAL])
        problem = find_float_problem (&values[2]);
    }

  if (problem != NULL)
    g_set_error_literal (error, domain, code, problem);

  return problem == NULL;
}
