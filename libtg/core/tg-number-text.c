/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-number-text-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tgk.h"

#include "tg-dtype-private.h"

/* At most so many digits follow the point. */
#define PRECISION 8

/* As many as tell all numbers of float64 apart. */
#define MAX_DIGITS 17

/* digits * 10^exponent, without a zero at the end of the digits. */
typedef struct
{
  guint64 digits;
  int     exponent;
} Decimal;

/* The numbers of an array, which share a format. */
typedef struct
{
  const gdouble *values;
  gsize          n_values;
  TgDType        dtype;
  gboolean       is_imaginary; /* the sign is always written, and “j” behind */
} Floats;

static Decimal
strip_zeros (Decimal decimal)
{
  while (decimal.digits != 0 && decimal.digits % 10 == 0)
    {
      decimal.digits /= 10;
      decimal.exponent++;
    }

  return decimal;
}

static int
count_digits (Decimal decimal)
{
  int n_digits = 1;

  for (guint64 rest = decimal.digits; rest >= 10; rest /= 10)
    n_digits++;

  return n_digits;
}

static Decimal
round_to_digits (gdouble value,
                 int     n_digits)
{
  Decimal decimal = { 0, 0 };
  char text[64];
  char *c;

  if (value == 0)
    return decimal;

  g_snprintf (text, sizeof text, "%.*e", n_digits - 1, fabs (value));

  /* Whatever the locale has for a point is skipped. */
  for (c = text; *c != 'e'; c++)
    if (g_ascii_isdigit (*c))
      decimal.digits = decimal.digits * 10 + (guint64) g_ascii_digit_value (*c);

  decimal.exponent = atoi (c + 1) - (n_digits - 1);
  return strip_zeros (decimal);
}

/* The nearest number of the dtype. */
static gdouble
round_to_dtype (gdouble value,
                TgDType dtype)
{
  switch (dtype)
    {
    case TG_DTYPE_FLOAT16:
      return tgk_cast_f16_f64 (tgk_f16_of_f64 (value));
    case TG_DTYPE_BFLOAT16:
      return tgk_cast_bf16_f64 (tgk_bf16_of_f64 (value));
    case TG_DTYPE_FLOAT32:
      return (gdouble) (gfloat) value;
    default:
      return value;
    }
}

static gboolean
is_read_as (Decimal decimal,
            gdouble value,
            TgDType dtype)
{
  char text[64];

  g_snprintf (text, sizeof text, "%" G_GUINT64_FORMAT "e%d", decimal.digits, decimal.exponent);

  if (dtype == TG_DTYPE_FLOAT32)
    return (gdouble) strtof (text, NULL) == fabs (value);

  return round_to_dtype (strtod (text, NULL), dtype) == fabs (value);
}

/* The shortest decimal that is read as the value again. */
static Decimal
shorten (gdouble value,
         TgDType dtype)
{
  for (int n_digits = 1; n_digits < MAX_DIGITS; n_digits++)
    {
      Decimal decimal = round_to_digits (value, n_digits);
      Decimal above = decimal;

      if (is_read_as (decimal, value, dtype))
        return decimal;

      /* The neighbour below a power of two is closer than the one above. */
      for (int i = count_digits (decimal); i < n_digits; i++)
        {
          above.digits *= 10;
          above.exponent--;
        }
      above.digits++;
      if (is_read_as (above, value, dtype))
        return strip_zeros (above);
    }

  return round_to_digits (value, MAX_DIGITS);
}

/* The digits that are shown where `n_digits` are allowed. */
static Decimal
shorten_to_digits (gdouble value,
                   TgDType dtype,
                   int     n_digits)
{
  Decimal shortest = shorten (value, dtype);

  return count_digits (shortest) <= n_digits ? shortest : round_to_digits (value, n_digits);
}

/* Very large and very small numbers, or both together, have an exponent. */
static gboolean
needs_exponent (const Floats *self)
{
  gdouble least = G_MAXDOUBLE;
  gdouble most = 0;
  gdouble ratio;

  for (gsize i = 0; i < self->n_values; i++)
    {
      gdouble magnitude = fabs (self->values[i]);

      if (magnitude == 0 || !isfinite (magnitude))
        continue;

      least = MIN (least, magnitude);
      most = MAX (most, magnitude);
    }

  ratio = round_to_dtype (most / least, self->dtype);
  return most > 0 && (most >= 1e8 || least < 1e-4 || ratio > 1000);
}

static const char *
get_sign (const Floats *self,
          gdouble       value)
{
  if (signbit (value) && !isnan (value))
    return "-";

  return self->is_imaginary ? "+" : "";
}

static char *
write_special (const Floats *self,
               gdouble       value)
{
  return g_strconcat (get_sign (self, value), isnan (value) ? "nan" : "inf", NULL);
}

static char *
write_plain (const Floats *self,
             gdouble       value)
{
  Decimal decimal = shorten (value, self->dtype);
  GString *text = g_string_new (NULL);
  int n_after;

  /* Digits before the point are not made up, those after it are limited. */
  if (decimal.exponent > 0)
    decimal = round_to_digits (value, count_digits (decimal) + decimal.exponent);
  else if (-decimal.exponent > PRECISION)
    decimal = round_to_digits (value, count_digits (decimal) + decimal.exponent + PRECISION);

  n_after = MAX (-decimal.exponent, 0);
  g_string_printf (text, "%0*" G_GUINT64_FORMAT, n_after + 1, decimal.digits);
  for (int i = 0; i < decimal.exponent; i++)
    g_string_append_c (text, '0');
  g_string_insert_c (text, (gssize) text->len - n_after, '.');
  g_string_prepend (text, get_sign (self, value));

  return g_string_free (text, FALSE);
}

static void
write_plain_texts (const Floats *self,
                   GStrv         texts)
{
  gsize n_after = 0;

  for (gsize i = 0; i < self->n_values; i++)
    if (isfinite (self->values[i]))
      {
        texts[i] = write_plain (self, self->values[i]);
        n_after = MAX (n_after, strlen (strchr (texts[i], '.')));
      }

  for (gsize i = 0; i < self->n_values; i++)
    if (texts[i] != NULL)
      {
        char *text = texts[i];
        const char *point = strchr (text, '.');

        texts[i] = g_strdup_printf ("%.*s%-*s", (int) (point - text), text, (int) n_after, point);
        g_free (text);
      }
}

static int
get_leading_exponent (Decimal decimal)
{
  return decimal.digits == 0 ? 0 : decimal.exponent + count_digits (decimal) - 1;
}

static void
write_exponent_texts (const Floats *self,
                      GStrv         texts)
{
  int n_digits = 1;
  int exponent_width = 2;

  for (gsize i = 0; i < self->n_values; i++)
    if (isfinite (self->values[i]))
      {
        Decimal decimal = shorten_to_digits (self->values[i], self->dtype, PRECISION + 1);

        n_digits = MAX (n_digits, count_digits (decimal));
        if (ABS (get_leading_exponent (decimal)) >= 100)
          exponent_width = 3;
      }

  for (gsize i = 0; i < self->n_values; i++)
    if (isfinite (self->values[i]))
      {
        gdouble value = self->values[i];
        Decimal decimal = shorten (value, self->dtype);
        int exponent;
        g_autofree char *digits = NULL;

        /* All have as many digits, and those beyond the shortest are not made up. */
        if (count_digits (decimal) != n_digits)
          decimal = round_to_digits (value, n_digits);

        /* Padded with zeros, of which as many are used as are needed. */
        exponent = get_leading_exponent (decimal);
        digits = g_strdup_printf ("%" G_GUINT64_FORMAT "%0*d", decimal.digits, n_digits, 0);
        texts[i] = g_strdup_printf ("%s%c.%.*se%c%0*d", get_sign (self, value), digits[0],
                                    n_digits - 1, digits + 1, exponent < 0 ? '-' : '+',
                                    exponent_width, ABS (exponent));
      }
}

static void
align_right (GStrv texts,
             gsize n_texts)
{
  gsize width = 0;

  for (gsize i = 0; i < n_texts; i++)
    width = MAX (width, strlen (texts[i]));

  for (gsize i = 0; i < n_texts; i++)
    {
      char *text = texts[i];

      texts[i] = g_strdup_printf ("%*s", (int) width, text);
      g_free (text);
    }
}

static void
write_floats (const Floats *self,
              GStrv         texts)
{
  if (needs_exponent (self))
    write_exponent_texts (self, texts);
  else
    write_plain_texts (self, texts);

  for (gsize i = 0; i < self->n_values; i++)
    if (texts[i] == NULL)
      texts[i] = write_special (self, self->values[i]);
}

static void
write_reals (TgDType       dtype,
             gconstpointer elements,
             gsize         n_elements,
             GStrv         texts)
{
  g_autofree gdouble *values = g_new (gdouble, n_elements);
  Floats floats = { values, n_elements, dtype, FALSE };

  for (gsize i = 0; i < n_elements; i++)
    switch (dtype)
      {
      case TG_DTYPE_FLOAT16:
        values[i] = tgk_cast_f16_f64 (((const guint16 *) elements)[i]);
        break;
      case TG_DTYPE_BFLOAT16:
        values[i] = tgk_cast_bf16_f64 (((const guint16 *) elements)[i]);
        break;
      case TG_DTYPE_FLOAT32:
        values[i] = (gdouble) ((const gfloat *) elements)[i];
        break;
      default:
        values[i] = ((const gdouble *) elements)[i];
      }

  write_floats (&floats, texts);
}

/* Puts “j” behind the digits, and before the blanks that align them. */
static char *
mark_imaginary (const char *text)
{
  gsize length = strlen (text);

  while (length > 0 && text[length - 1] == ' ')
    length--;

  return g_strdup_printf ("%.*sj%s", (int) length, text, text + length);
}

/* Real parts have a format of their own, and so have imaginary ones. */
static void
write_complexes (TgDType       dtype,
                 gconstpointer elements,
                 gsize         n_elements,
                 GStrv         texts)
{
  gboolean is_single = dtype == TG_DTYPE_COMPLEX64;
  g_autofree gdouble *values = g_new (gdouble, n_elements);
  g_auto (GStrv) reals = g_new0 (char *, n_elements + 1);
  g_auto (GStrv) imaginaries = g_new0 (char *, n_elements + 1);

  for (gsize part = 0; part < 2; part++)
    {
      Floats floats = { values, n_elements, is_single ? TG_DTYPE_FLOAT32 : TG_DTYPE_FLOAT64,
                        part == 1 };
      GStrv written = part == 0 ? reals : imaginaries;

      for (gsize i = 0; i < n_elements; i++)
        values[i] = is_single ? (gdouble) ((const gfloat *) elements)[2 * i + part]
                              : ((const gdouble *) elements)[2 * i + part];

      write_floats (&floats, written);
      align_right (written, n_elements);
    }

  for (gsize i = 0; i < n_elements; i++)
    {
      g_autofree char *imaginary = mark_imaginary (imaginaries[i]);

      texts[i] = g_strconcat (reals[i], imaginary, NULL);
    }
}

static char *
write_exact (TgDType       dtype,
             gconstpointer elements,
             gsize         i)
{
  switch (dtype)
    {
    case TG_DTYPE_BOOL:
      return g_strdup (((const guint8 *) elements)[i] ? " True" : "False");
    case TG_DTYPE_INT8:
      return g_strdup_printf ("%d", ((const gint8 *) elements)[i]);
    case TG_DTYPE_INT16:
      return g_strdup_printf ("%d", ((const gint16 *) elements)[i]);
    case TG_DTYPE_INT32:
      return g_strdup_printf ("%d", ((const gint32 *) elements)[i]);
    case TG_DTYPE_INT64:
      return g_strdup_printf ("%" G_GINT64_FORMAT, ((const gint64 *) elements)[i]);
    case TG_DTYPE_UINT8:
      return g_strdup_printf ("%u", ((const guint8 *) elements)[i]);
    case TG_DTYPE_UINT16:
      return g_strdup_printf ("%u", ((const guint16 *) elements)[i]);
    case TG_DTYPE_UINT32:
      return g_strdup_printf ("%u", ((const guint32 *) elements)[i]);
    case TG_DTYPE_UINT64:
      return g_strdup_printf ("%" G_GUINT64_FORMAT, ((const guint64 *) elements)[i]);
    case TG_DTYPE_FLOAT16:
    case TG_DTYPE_BFLOAT16:
    case TG_DTYPE_FLOAT32:
    case TG_DTYPE_FLOAT64:
    case TG_DTYPE_COMPLEX64:
    case TG_DTYPE_COMPLEX128:
    default:
      g_return_val_if_reached (g_strdup (""));
    }
}

GStrv
tg_number_texts_new (TgDType       dtype,
                     gconstpointer elements,
                     gsize         n_elements)
{
  GStrv texts = g_new0 (char *, n_elements + 1);

  if (tg_dtype_in_set (dtype, TG_DTYPE_SET_FLOAT))
    write_reals (dtype, elements, n_elements, texts);
  else if (tg_dtype_in_set (dtype, TG_DTYPE_SET_COMPLEX))
    write_complexes (dtype, elements, n_elements, texts);
  else
    for (gsize i = 0; i < n_elements; i++)
      texts[i] = write_exact (dtype, elements, i);

  align_right (texts, n_elements);
  return texts;
}
