/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-print-private.h"

#include <math.h>

#include "tgk.h"

#include "tg-attribute-private.h"

/* Numbers, tensors and attributes in the notation. */

void
tg_print_float (GString *text,
                gdouble  number)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];

  for (int digits = 15; digits <= 17; digits++)
    {
      char format[8];

      g_snprintf (format, sizeof format, "%%.%dg", digits);
      g_ascii_formatd (buffer, sizeof buffer, format, number);
      if (g_ascii_strtod (buffer, NULL) == number)
        break;
    }

  if (isnan (number))
    g_string_append (text, signbit (number) ? "-nan" : "nan");
  else
    g_string_append (text, buffer);

  if (isfinite (number) && strpbrk (buffer, ".e") == NULL)
    g_string_append (text, ".0");
}

/* An integer beyond those that the notation reads is written as the one with the same bits. */
static gint64
read_integer (TgDType     dtype,
              const char *data)
{
  switch (dtype)
    {
    case TG_DTYPE_INT8:
      return *(const gint8 *) data;
    case TG_DTYPE_INT16:
      return *(const gint16 *) (gconstpointer) data;
    case TG_DTYPE_INT32:
      return *(const gint32 *) (gconstpointer) data;
    case TG_DTYPE_UINT8:
      return *(const guint8 *) data;
    case TG_DTYPE_UINT16:
      return *(const guint16 *) (gconstpointer) data;
    case TG_DTYPE_UINT32:
      return *(const guint32 *) (gconstpointer) data;
    case TG_DTYPE_INT64:
    case TG_DTYPE_UINT64:
    default:
      return *(const gint64 *) (gconstpointer) data;
    }
}

static gdouble
read_float (TgDType     dtype,
            const char *data)
{
  switch (dtype)
    {
    case TG_DTYPE_FLOAT16:
      return tgk_cast_f16_f64 (*(const guint16 *) (gconstpointer) data);
    case TG_DTYPE_BFLOAT16:
      return tgk_cast_bf16_f64 (*(const guint16 *) (gconstpointer) data);
    case TG_DTYPE_FLOAT32:
      return (gdouble) *(const gfloat *) (gconstpointer) data;
    case TG_DTYPE_FLOAT64:
    default:
      return *(const gdouble *) (gconstpointer) data;
    }
}

static void
print_element (GString    *text,
               TgTensor   *tensor,
               const char *data)
{
  TgDType part = tg_dtype_to_real (tensor->dtype);

  switch (tg_dtype_get_kind (tensor->dtype))
    {
    case TG_DTYPE_KIND_BOOL:
      g_string_append (text, *(const guint8 *) data ? "true" : "false");
      break;

    case TG_DTYPE_KIND_INTEGER:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, read_integer (tensor->dtype, data));
      break;

    case TG_DTYPE_KIND_COMPLEX:
      g_string_append (text, "complex(");
      tg_print_float (text, read_float (part, data));
      g_string_append (text, ", ");
      tg_print_float (text, read_float (part, data + tg_dtype_get_size (part)));
      g_string_append_c (text, ')');
      break;

    case TG_DTYPE_KIND_FLOAT:
    default:
      tg_print_float (text, read_float (tensor->dtype, data));
    }
}

/* Lists in lists, without recursion: a bracket opens and closes where an axis begins and ends. */
void
tg_print_elements (GString  *text,
                   TgTensor *tensor)
{
  gsize item_size = tg_dtype_get_size (tensor->dtype);

  for (gsize i = 0; i < tensor->n_elements; i++)
    {
      gsize period = 1;
      guint n_brackets = 0;

      for (guint axis = tensor->ndim; axis-- > 0;)
        {
          period *= (gsize) tensor->shape[axis];
          n_brackets += i % period == 0 ? 1 : 0;
        }

      g_string_append (text, i > 0 ? ", " : "");
      for (guint k = 0; k < n_brackets; k++)
        g_string_append_c (text, '[');

      print_element (text, tensor, tensor->data + i * item_size);

      period = 1;
      for (guint axis = tensor->ndim; axis-- > 0;)
        {
          period *= (gsize) tensor->shape[axis];
          if ((i + 1) % period == 0)
            g_string_append_c (text, ']');
        }
    }

  if (tensor->n_elements == 0)
    g_string_append (text, "[]");
}

static void
print_axes (GString      *text,
            const gint64 *axes,
            gsize         n_axes)
{
  g_string_append_c (text, '[');
  for (gsize i = 0; i < n_axes; i++)
    g_string_append_printf (text, "%s%" G_GINT64_FORMAT, i > 0 ? ", " : "", axes[i]);
  g_string_append_c (text, ']');
}

void
tg_print_string (GString    *text,
                 const char *string)
{
  g_string_append_c (text, '"');
  for (const char *c = string; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\' || *c == '\n')
        g_string_append_c (text, '\\');

      g_string_append_c (text, *c == '\n' ? 'n' : *c);
    }

  g_string_append_c (text, '"');
}

static void
print_attribute (GString               *text,
                 const TgParameterInfo *parameter,
                 GVariant              *value)
{
  g_autoptr (GVariant) list = NULL;
  const gint64 *axes;
  gsize n_axes;

  switch (parameter->kind)
    {
    case TG_PARAMETER_AXES:
      list = g_variant_get_maybe (value);
      if (list == NULL)
        {
          g_string_append (text, "all");
          break;
        }

      axes = g_variant_get_fixed_array (list, &n_axes, sizeof (gint64));
      if (n_axes == 1)
        g_string_append_printf (text, "%" G_GINT64_FORMAT, axes[0]);
      else
        print_axes (text, axes, n_axes);
      break;

    case TG_PARAMETER_INTS:
      axes = g_variant_get_fixed_array (value, &n_axes, sizeof (gint64));
      print_axes (text, axes, n_axes);
      break;

    case TG_PARAMETER_INT:
      g_string_append_printf (text, "%" G_GINT64_FORMAT, g_variant_get_int64 (value));
      break;

    case TG_PARAMETER_FLOAT:
      tg_print_float (text, g_variant_get_double (value));
      break;

    case TG_PARAMETER_BOOL:
      g_string_append (text, g_variant_get_boolean (value) ? "true" : "false");
      break;

    case TG_PARAMETER_DTYPE:
      g_string_append (text, g_variant_get_string (value, NULL));
      break;

    case TG_PARAMETER_STRING:
    default:
      tg_print_string (text, g_variant_get_string (value, NULL));
      break;
    }
}

void
tg_print_attributes (GString    *text,
                     TgVariable *variable)
{
  for (guint i = 0; i < variable->op->n_parameters; i++)
    {
      const TgParameterInfo *parameter = &variable->op->parameters[i];
      g_autoptr (GString) value = g_string_new (NULL);

      print_attribute (value, parameter, variable->attributes[i]);
      if (g_strcmp0 (value->str, parameter->preset) != 0)
        g_string_append_printf (text, ", %s=%s", parameter->name, value->str);
    }
}
