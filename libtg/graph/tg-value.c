/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-value-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-form-private.h"
#include "tg-operators.h"

gboolean
tg_parse_fail (TgParseError   code,
               GError       **error,
               const char    *format,
               ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);

  g_set_error_literal (error, TG_PARSE_ERROR, (int) code, message);

  return FALSE;
}

static void
clear_value (gpointer data)
{
  TgValue *self = data;

  g_clear_object (&self->variable);
  g_clear_object (&self->bounds[0]);
  g_clear_object (&self->bounds[1]);
  g_clear_pointer (&self->literal, g_variant_unref);
  g_clear_pointer (&self->list, g_array_unref);
}

GArray *
tg_value_array_new (void)
{
  GArray *array = g_array_new (FALSE, FALSE, sizeof (TgValue));

  g_array_set_clear_func (array, clear_value);

  return array;
}

static gboolean
is_type (GVariant   *literal,
         const char *type)
{
  return literal != NULL && g_variant_is_of_type (literal, G_VARIANT_TYPE (type));
}

GVariant *
tg_literal_from_word (const char *name)
{
  TgDType dtype;

  if (strcmp (name, "true") == 0 || strcmp (name, "false") == 0)
    return g_variant_new_boolean (name[0] == 't');

  if (strcmp (name, "inf") == 0)
    return g_variant_new_double (INFINITY);

  if (strcmp (name, "nan") == 0)
    return g_variant_new_double (NAN);

  if (strcmp (name, "pi") == 0)
    return g_variant_new_double (G_PI);

  if (strcmp (name, "all") == 0)
    return tg_attribute_axes (NULL, 0);

  if (tg_dtype_from_name (name, &dtype, NULL))
    return tg_attribute_dtype (dtype);

  return NULL;
}

GVariant *
tg_literal_negate (GVariant *literal)
{
  if (is_type (literal, "x"))
    {
      gint64 integer = g_variant_get_int64 (literal);

      /* The smallest integer stands for its opposite, which has no place of its own. */
      if (integer > 0 || integer == G_MININT64)
        return g_variant_new_int64 (integer > 0 ? -integer : integer);
    }

  if (is_type (literal, "d") && !signbit (g_variant_get_double (literal)))
    return g_variant_new_double (-g_variant_get_double (literal));

  return NULL;
}

static gboolean
is_list (GVariant *literal)
{
  return is_type (literal, "ab") || is_type (literal, "ax") || is_type (literal, "ad")
         || is_type (literal, "a(dd)") || is_type (literal, "av");
}

/* What a list of these is: "ab", "ax", "ad" or "a(dd)", "av" for lists of lists, or NULL. */
static const char *
find_list_type (const TgValue *values,
                guint          n_values)
{
  guint n_booleans = 0, n_integers = 0, n_numbers = 0, n_complexes = 0, n_lists = 0;

  for (guint i = 0; i < n_values; i++)
    {
      n_booleans += is_type (values[i].literal, "b") ? 1 : 0;
      n_integers += is_type (values[i].literal, "x") ? 1 : 0;
      n_numbers += is_type (values[i].literal, "d") ? 1 : 0;
      n_complexes += is_type (values[i].literal, "(dd)") ? 1 : 0;
      n_lists += is_list (values[i].literal) ? 1 : 0;
    }

  if (n_integers == n_values)
    return "ax";

  if (n_integers + n_numbers == n_values)
    return "ad";

  if (n_integers + n_numbers + n_complexes == n_values)
    return "a(dd)";

  return n_booleans == n_values ? "ab" : n_lists == n_values ? "av" : NULL;
}

static void
get_parts (GVariant *literal,
           gdouble  *real,
           gdouble  *imaginary)
{
  *imaginary = 0;
  if (is_type (literal, "(dd)"))
    g_variant_get (literal, "(dd)", real, imaginary);
  else
    *real = is_type (literal, "x") ? (gdouble) g_variant_get_int64 (literal)
                                   : g_variant_get_double (literal);
}

GVariant *
tg_literal_list (const TgValue *values,
                 guint          n_values)
{
  const char *type = find_list_type (values, n_values);
  GVariantBuilder builder;

  if (type == NULL)
    return NULL;

  g_variant_builder_init (&builder, G_VARIANT_TYPE (type));
  for (guint i = 0; i < n_values; i++)
    {
      GVariant *literal = values[i].literal;
      gdouble real, imaginary;

      if (type[1] == 'v')
        {
          g_variant_builder_add (&builder, "v", literal);
          continue;
        }

      if (type[1] == 'b' || type[1] == 'x')
        {
          g_variant_builder_add_value (&builder, literal);
          continue;
        }

      get_parts (literal, &real, &imaginary);
      if (type[1] == 'd')
        g_variant_builder_add (&builder, "d", real);
      else
        g_variant_builder_add (&builder, "(dd)", real, imaginary);
    }

  return g_variant_builder_end (&builder);
}

GVariant *
tg_literal_complex (GVariant *real,
                    GVariant *imaginary)
{
  gdouble parts[2], none;

  if ((!is_type (real, "x") && !is_type (real, "d"))
      || (!is_type (imaginary, "x") && !is_type (imaginary, "d")))
    return NULL;

  get_parts (real, &parts[0], &none);
  get_parts (imaginary, &parts[1], &none);

  return g_variant_new ("(dd)", parts[0], parts[1]);
}

/* The numbers of nested lists.  All are kept as integers too: not all of these are doubles. */
typedef struct
{
  TgDType  dtype;
  GArray  *complexes; /* gdouble[2] */
  GArray  *integers;
  gint64   shape[TG_MAX_NDIM];
  guint    ndim;
} Elements;

static void
append_numbers (Elements *self,
                GVariant *list)
{
  gsize n_children = g_variant_n_children (list);

  for (gsize i = 0; i < n_children; i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (list, i);
      gint64 integer = is_type (child, "x") ? g_variant_get_int64 (child)
                       : is_type (child, "b") ? g_variant_get_boolean (child) : 0;
      gdouble parts[2] = { (gdouble) integer, 0 };

      if (is_type (child, "d") || is_type (child, "(dd)"))
        get_parts (child, &parts[0], &parts[1]);

      g_array_append_val (self->complexes, parts);
      g_array_append_val (self->integers, integer);
    }

  self->dtype = tg_dtype_promote (self->dtype, is_type (list, "ab") ? TG_DTYPE_BOOL
                                               : is_type (list, "ax") ? TG_DTYPE_INT64
                                               : is_type (list, "ad") ? TG_DTYPE_FLOAT64
                                                                      : TG_DTYPE_COMPLEX128);
}

/* Level by level: the lists of one must be equally long, and all or none of them hold lists. */
static gboolean
flatten (Elements *self,
         GVariant *list)
{
  g_autoptr (GPtrArray) level = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);

  g_ptr_array_add (level, g_variant_ref (list));
  while (level->len > 0 && self->ndim < TG_MAX_NDIM)
    {
      g_autoptr (GPtrArray) below = NULL;
      gboolean nested = is_type (level->pdata[0], "av");
      gsize length = g_variant_n_children (level->pdata[0]);

      below = g_ptr_array_new_with_free_func ((GDestroyNotify) g_variant_unref);
      for (guint i = 0; i < level->len; i++)
        {
          GVariant *item = level->pdata[i];

          if (g_variant_n_children (item) != length || is_type (item, "av") != nested)
            return FALSE;

          if (!nested)
            append_numbers (self, item);

          for (gsize k = 0; k < length && nested; k++)
            {
              g_autoptr (GVariant) child = g_variant_get_child_value (item, k);

              g_ptr_array_add (below, g_variant_get_variant (child));
            }
        }

      self->shape[self->ndim++] = (gint64) length;
      g_ptr_array_unref (level);
      level = g_steal_pointer (&below);
    }

  return level->len == 0;
}

static TgVariable *
constant_from_lists (GVariant *list,
                     GError  **error)
{
  g_autoptr (GArray) complexes = g_array_new (FALSE, FALSE, 2 * sizeof (gdouble));
  g_autoptr (GArray) integers = g_array_new (FALSE, FALSE, sizeof (gint64));
  Elements elements = { TG_DTYPE_BOOL, complexes, integers, { 0, }, 0 };
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (TgTensor) tensor = NULL;
  g_autoptr (TgTensor) converted = NULL;
  gboolean is_inexact;
  GArray *numbers;

  if (!flatten (&elements, list))
    {
      g_set_error_literal (error, TG_PARSE_ERROR, TG_PARSE_ERROR_VALUE,
                           "the lists in a list must be equally long");
      return NULL;
    }

  is_inexact = tg_dtype_in_set (elements.dtype, TG_DTYPE_SET_INEXACT);
  numbers = is_inexact ? complexes : integers;
  bytes = g_bytes_new (numbers->data, numbers->len * g_array_get_element_size (numbers));
  tensor = tg_tensor_new (is_inexact ? TG_DTYPE_COMPLEX128 : TG_DTYPE_INT64, elements.shape,
                          elements.ndim, bytes, error);
  converted = tensor != NULL ? tg_tensor_astype (tensor, elements.dtype, error) : NULL;

  return converted != NULL ? tg_constant_new (converted) : NULL;
}

static TgVariable *
stack_elements (const TgValue *self,
                GError       **error)
{
  g_autoptr (GPtrArray) elements = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < self->list->len; i++)
    {
      TgVariable *element = tg_value_dup_variable (&g_array_index (self->list, TgValue, i), error);

      if (element == NULL)
        return NULL;

      g_ptr_array_add (elements, element);
    }

  return tg_variable_new_vector ((TgVariable *const *) elements->pdata, elements->len, error);
}

TgVariable *
tg_value_dup_variable (const TgValue *self,
                       GError       **error)
{
  GVariant *literal = self->literal;

  if (self->variable != NULL)
    return g_object_ref (self->variable);

  if (literal == NULL && self->list != NULL)
    return stack_elements (self, error);

  if (is_type (literal, "x"))
    return tg_constant_new_integer (g_variant_get_int64 (literal));

  if (is_type (literal, "d"))
    return tg_constant_new_double (g_variant_get_double (literal));

  if (is_type (literal, "(dd)"))
    {
      gdouble real, imaginary;

      get_parts (literal, &real, &imaginary);
      return tg_constant_new_complex (real, imaginary);
    }

  if (is_type (literal, "b"))
    return tg_constant_new_boolean (g_variant_get_boolean (literal));

  if (is_type (literal, "ax"))
    {
      gsize n_values;
      const gint64 *values = g_variant_get_fixed_array (literal, &n_values, sizeof (gint64));

      return tg_constant_new_integers (values, n_values);
    }

  if (is_list (literal))
    return constant_from_lists (literal, error);

  g_set_error_literal (error, TG_PARSE_ERROR, TG_PARSE_ERROR_VALUE,
                       "a value is needed here: a variable, a number or a list of numbers");

  return NULL;
}

/* A slice that takes all is not worth an operator. */
static gboolean
takes_all (const TgValue *self)
{
  gint64 bounds[2];

  return self->step == 1
         && tg_variable_infer_integer (self->bounds[0], &bounds[0])
         && tg_variable_infer_integer (self->bounds[1], &bounds[1])
         && bounds[0] == tg_slice_first (1) && bounds[1] == tg_slice_last (1);
}

/* Slices all axes that have one, at once. */
static TgVariable *
apply_slices (TgVariable    *x,
              const TgValue *values,
              const gint64  *axes,
              guint          n_values,
              GError       **error)
{
  TgVariable *bounds[2][TG_MAX_NDIM];
  g_autoptr (TgVariable) starts = NULL;
  g_autoptr (TgVariable) stops = NULL;
  gint64 sliced[TG_MAX_NDIM], steps[TG_MAX_NDIM];
  guint n_sliced = 0;

  for (guint i = 0; i < n_values; i++)
    {
      if (!values[i].is_slice || takes_all (&values[i]))
        continue;

      bounds[0][n_sliced] = values[i].bounds[0];
      bounds[1][n_sliced] = values[i].bounds[1];
      sliced[n_sliced] = axes[i];
      steps[n_sliced++] = values[i].step;
    }

  if (n_sliced == 0)
    return g_object_ref (x);

  starts = tg_variable_new_vector (bounds[0], n_sliced, error);
  stops = tg_variable_new_vector (bounds[1], n_sliced, error);

  return tg_slice (x, starts, stops, sliced, n_sliced, steps, n_sliced, error);
}

TgVariable *
tg_value_index (TgVariable    *indexed,
                const TgValue *values,
                guint          n_values,
                GError       **error)
{
  gint64 axes[TG_MAX_NDIM] = { 0, };
  guint ndim = indexed->type->ndim, n_axes = n_values, axis = 0;
  TgVariable *result;

  for (guint i = 0; i < n_values; i++)
    n_axes -= values[i].is_ellipsis ? 1 : 0;

  if (n_axes > ndim || n_values > n_axes + 1)
    {
      g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX,
                   "%u indices, of which one may be “...”, for %u dimensions", n_values, ndim);
      return NULL;
    }

  for (guint i = 0; i < n_values; i++)
    {
      axes[i] = axis;
      axis += values[i].is_ellipsis ? ndim - n_axes : 1;
    }

  result = apply_slices (indexed, values, axes, n_values, error);

  /* From the last axis on, so that those still to come stay where they are. */
  for (guint i = n_values; i-- > 0 && result != NULL;)
    {
      g_autoptr (TgVariable) before = NULL;
      g_autoptr (TgVariable) position = NULL;

      if (values[i].is_slice || values[i].is_ellipsis)
        continue;

      before = result;
      position = tg_value_dup_variable (&values[i], error);
      result = tg_index (before, position, axes[i], error);
    }

  return result;
}
