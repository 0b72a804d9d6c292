/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include <math.h>

#include "tgk.h"

#include "tg-attribute-private.h"

/* Softmax and its logarithm, in float64 whatever the dtype is: one pass finds the largest element,
 * one adds up the powers, one writes. */

#define AT(k) (*(double *) (gpointer) data[k])

#define LOOP(name, n_operands, statement)                                     \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides,                                                  \
      gpointer      user_data G_GNUC_UNUSED)                                  \
{                                                                             \
  for (gsize step = 0; step < count; step++)                                  \
    {                                                                         \
      statement;                                                              \
      for (guint k = 0; k < (n_operands); k++)                                \
        data[k] += strides[k];                                                \
    }                                                                         \
}

/* Operands: the largest, x. */
LOOP (find_largest, 2, AT (0) = tgk_max_f64 (AT (0), AT (1)))

/* Operands: the sum of powers but for the greatest, the number of those, x, the largest. */
LOOP (add_powers, 4, if (AT (2) == AT (3)) AT (1) += 1;
                     else AT (0) += tgk_exp_f64 (AT (2) - AT (3)))

/* What x - m is rounded by counts, where it is large. */
static double
find_power (double x,
            double m)
{
  return tgk_exp_pair_f64 (tgk_two_sum_f64 (x, -m));
}

/* Operands: result, x, the largest, the sum of powers but for the greatest, the number of those. */
LOOP (divide_powers, 5, AT (0) = find_power (AT (1), AT (2)) / (AT (3) + AT (4)))
LOOP (subtract_logarithms, 5,
      AT (0) = (AT (1) - AT (2)) - tgk_log1p_f64 (AT (3) + (AT (4) - 1)))

static TgTensor *
make_accumulators (TgVariable  *variable,
                   TgTensor    *x,
                   double       value,
                   gint64      *strides,
                   GError     **error)
{
  g_autoptr (TgTensor) number = tg_tensor_new_double (value);
  gboolean chosen[TG_MAX_NDIM];
  gint64 shape[TG_MAX_NDIM];
  TgTensor *accumulators;

  tg_attribute_get_axes (tg_variable_find (variable, "axis"), x->ndim, chosen);
  for (guint i = 0; i < x->ndim; i++)
    shape[i] = chosen[i] ? 1 : x->shape[i];

  accumulators = tg_reference_fill (TG_DTYPE_FLOAT64, shape, x->ndim, number, error);
  for (guint i = 0; accumulators != NULL && i < x->ndim; i++)
    strides[i] = chosen[i] ? 0 : accumulators->strides[i];

  return accumulators;
}

static TgTensor *
run (TgVariable   *variable,
     TgTensor     *input,
     TgInnerLoop   write,
     GError      **error)
{
  g_autoptr (TgTensor) x = tg_tensor_copy (input, TG_DTYPE_FLOAT64, error);
  g_autoptr (TgTensor) result = NULL;
  g_autoptr (TgTensor) largest = NULL;
  g_autoptr (TgTensor) others = NULL;
  g_autoptr (TgTensor) n_largest = NULL;
  gint64 strides[TG_MAX_NDIM];

  if (x == NULL)
    return NULL;

  result = tg_tensor_new_uninitialised (TG_DTYPE_FLOAT64, x->shape, x->ndim, error);
  largest = make_accumulators (variable, x, -INFINITY, strides, error);
  others = make_accumulators (variable, x, 0, strides, error);
  n_largest = make_accumulators (variable, x, 0, strides, error);
  if (result == NULL || largest == NULL || others == NULL || n_largest == NULL)
    return NULL;

  tg_loop_run (x->ndim, x->shape, 2, (char *[]) { largest->data, x->data },
               (const gint64 *[]) { strides, x->strides }, find_largest, NULL);
  tg_loop_run (x->ndim, x->shape, 4,
               (char *[]) { others->data, n_largest->data, x->data, largest->data },
               (const gint64 *[]) { strides, strides, x->strides, strides }, add_powers, NULL);
  tg_loop_run (x->ndim, x->shape, 5,
               (char *[]) { result->data, x->data, largest->data, others->data, n_largest->data },
               (const gint64 *[]) { result->strides, x->strides, strides, strides, strides },
               write, NULL);

  return tg_tensor_astype (result, variable->type->dtype, error);
}

TgTensor *
tg_reference_run_softmax (TgVariable       *variable,
                          TgTensor *const  *inputs,
                          GError          **error)
{
  return run (variable, inputs[0], divide_powers, error);
}

TgTensor *
tg_reference_run_log_softmax (TgVariable       *variable,
                              TgTensor *const  *inputs,
                              GError          **error)
{
  return run (variable, inputs[0], subtract_logarithms, error);
}
