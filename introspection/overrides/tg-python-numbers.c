/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Python's own numbers and lists of them, as arguments of calls. */
#include "config.h"

#include "tg-python-private.h"

#include <float.h>
#include <math.h>

/* Lists nested deeper than tensors have dimensions are left to others. */
#define MAX_NDIM 32

/* The dtypes that numbers and lists of Python are quickly made into. */
static gboolean
takes_numbers (TgDType dtype)
{
  return dtype == TG_DTYPE_FLOAT64 || dtype == TG_DTYPE_FLOAT32 || dtype == TG_DTYPE_INT64
         || dtype == TG_DTYPE_INT32 || dtype == TG_DTYPE_BOOL;
}

/* Whether a number of Python has the same value as a float32. */
static gboolean
is_float32 (double value)
{
  return isnan (value) || (double) (float) value == value;
}

/* Whether all integers up to that one are numbers of a significand of so many digits. */
static gboolean
is_exact (gint64 integer,
          guint  n_digits)
{
  const gint64 end = G_GINT64_CONSTANT (1) << n_digits;

  return integer >= -end && integer <= end;
}

/* Writes a number of Python as an element; FALSE where that needs a closer look. */
static gboolean
write_number (PyObject *number,
              TgDType   dtype,
              gboolean  exact,
              gpointer  element)
{
  double value;
  long long integer;
  int overflow = 0;

  if (dtype == TG_DTYPE_BOOL)
    {
      *(guint8 *) element = number == Py_True;
      return PyBool_Check (number);
    }

  if (PyFloat_CheckExact (number))
    {
      value = PyFloat_AS_DOUBLE (number);
      if (dtype == TG_DTYPE_FLOAT64)
        *(double *) element = value;
      else
        *(float *) element = (float) value;

      return dtype == TG_DTYPE_FLOAT64
             || (dtype == TG_DTYPE_FLOAT32 && (!exact || is_float32 (value)));
    }

  if (!PyLong_CheckExact (number))
    return FALSE;

  integer = PyLong_AsLongLongAndOverflow (number, &overflow);
  if (overflow != 0)
    return FALSE;

  switch (dtype)
    {
    case TG_DTYPE_FLOAT64:
      *(double *) element = (double) integer;
      return !exact || is_exact (integer, DBL_MANT_DIG);

    case TG_DTYPE_FLOAT32:
      *(float *) element = (float) integer;
      return !exact || is_exact (integer, FLT_MANT_DIG);

    case TG_DTYPE_INT32:
      *(gint32 *) element = (gint32) integer;
      return integer >= G_MININT32 && integer <= G_MAXINT32;

    default:
      *(gint64 *) element = integer;
      return TRUE;
    }
}

/* Writes the elements of nested lists one behind the other.  FALSE where they are not rectangular,
 * or no numbers that fit. */
static gboolean
write_numbers (PyObject      *list,
               TgDType        dtype,
               gboolean       exact,
               const gint64  *shape,
               gsize          ndim,
               gsize          item_size,
               char         **position)
{
  PyObject **items;

  if (ndim == 0)
    {
      gboolean fits = write_number (list, dtype, exact, *position);

      *position += item_size;

      return fits;
    }

  if ((!PyList_Check (list) && !PyTuple_Check (list))
      || PySequence_Fast_GET_SIZE (list) != shape[0])
    return FALSE;

  items = PySequence_Fast_ITEMS (list);
  for (gint64 i = 0; i < shape[0]; i++)
    {
      if (!write_numbers (items[i], dtype, exact, shape + 1, ndim - 1, item_size, position))
        return FALSE;
    }

  return TRUE;
}

TgTensor *
tg_python_new_from_numbers (PyObject *value,
                            TgDType   dtype,
                            gboolean  exact)
{
  gsize item_size = tg_dtype_get_size (dtype);
  gint64 shape[MAX_NDIM];
  gsize ndim = 0, n_elements = 1;
  PyObject *part = value;
  char *elements, *position;

  if (!takes_numbers (dtype))
    return NULL;

  for (; PyList_Check (part) || PyTuple_Check (part); part = PySequence_Fast_GET_ITEM (part, 0))
    {
      if (ndim == MAX_NDIM || PySequence_Fast_GET_SIZE (part) == 0
          || !g_size_checked_mul (&n_elements, n_elements,
                                  (gsize) PySequence_Fast_GET_SIZE (part)))
        return NULL;

      shape[ndim++] = PySequence_Fast_GET_SIZE (part);
    }

  elements = position = g_try_malloc_n (n_elements, item_size);
  if (elements == NULL
      || !write_numbers (value, dtype, exact, shape, ndim, item_size, &position))
    {
      g_free (elements);
      return NULL;
    }

  return tg_tensor_new_from_memory (dtype, shape, ndim, NULL, 0, (guint64) (gsize) elements,
                                    g_free, elements, NULL);
}
