/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-number-private.h"

#include <math.h>

/* Larger constants are not looked through: whoever writes so many equal numbers writes one. */
#define MAX_ELEMENTS 64

static gboolean
read_element (TgTensor *value,
              gsize     index,
              double   *number)
{
  g_autoptr (TgTensor) element = NULL;

  if (!tg_dtype_in_set (value->dtype, TG_DTYPE_SET_ORDERED))
    return FALSE;

  if (value->dtype == TG_DTYPE_FLOAT64)
    *number = ((const double *) (gconstpointer) value->data)[index];
  else if (value->dtype == TG_DTYPE_FLOAT32)
    *number = (double) ((const float *) (gconstpointer) value->data)[index];
  else if (value->dtype == TG_DTYPE_BOOL)
    *number = value->data[index] != 0;
  else if (value->dtype == TG_DTYPE_INT64)
    *number = (double) ((const gint64 *) (gconstpointer) value->data)[index];
  else
    {
      element = tg_tensor_copy (value, TG_DTYPE_FLOAT64, NULL);
      return element != NULL && read_element (element, index, number);
    }

  /* Beyond that, not every integer is a number of float64. */
  return !tg_dtype_in_set (value->dtype, TG_DTYPE_SET_INTEGER)
         || fabs (*number) <= 9007199254740992.0;
}

gboolean
tg_variable_get_number (TgVariable *self,
                        double     *number)
{
  g_autoptr (TgTensor) dense = NULL;
  TgTensor *value;

  if (!TG_IS_CONSTANT (self))
    return FALSE;

  value = TG_CONSTANT (self)->value;
  if (value->n_elements == 0 || value->n_elements > MAX_ELEMENTS)
    return FALSE;

  dense = tg_tensor_make_contiguous (value, NULL);
  if (dense == NULL || !read_element (dense, 0, number))
    return FALSE;

  for (gsize i = 1; i < dense->n_elements; i++)
    {
      double other;

      if (!read_element (dense, i, &other) || other != *number
          || signbit (other) != signbit (*number))
        return FALSE;
    }

  return TRUE;
}

gboolean
tg_variable_get_repeated_number (TgVariable *self,
                                 double     *number)
{
  if (self->op == &tg_ops[TG_OP_BROADCAST_TO])
    self = self->inputs[0];

  return tg_variable_get_number (self, number);
}

TgVariable *
tg_variable_new_number (double number)
{
  gboolean is_integer = fabs (number) < 9007199254740992.0 && number == floor (number)
                        && !(number == 0 && signbit (number));

  return is_integer ? tg_constant_new_integer ((gint64) number) : tg_constant_new_double (number);
}
