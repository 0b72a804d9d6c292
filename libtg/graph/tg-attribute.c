/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-attribute-private.h"

#include "tg-error.h"

GVariant *
tg_attribute_ints (const gint64 *values,
                   gsize         n_values)
{
  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, values, n_values, sizeof (gint64));
}

GVariant *
tg_attribute_axes (const gint64 *axes,
                   gsize         n_axes)
{
  GVariant *array = axes != NULL ? tg_attribute_ints (axes, n_axes) : NULL;

  return g_variant_new_maybe (G_VARIANT_TYPE ("ax"), array);
}

GVariant *
tg_attribute_dtype (TgDType dtype)
{
  /* An unknown number becomes the empty name, which the check below refuses. */
  return g_variant_new_string (tg_dtype_is_valid (dtype) ? tg_dtype_get_symbol (dtype) : "");
}

/* All are made here, in normal form: then equal ones have equal bytes.  g_variant_equal() would
 * print what it does not trust. */
gboolean
tg_attribute_equal (GVariant *a,
                    GVariant *b)
{
  gsize size = g_variant_get_size (a);

  return a == b
         || (g_variant_type_equal (g_variant_get_type (a), g_variant_get_type (b))
             && size == g_variant_get_size (b)
             && (size == 0 || memcmp (g_variant_get_data (a), g_variant_get_data (b), size) == 0));
}

GVariant *
tg_variable_find (TgVariable *self,
                  const char *name)
{
  for (guint i = 0; self->op != NULL && i < self->op->n_parameters; i++)
    {
      if (strcmp (self->op->parameters[i].name, name) == 0)
        return self->attributes[i];
    }

  return NULL;
}

gboolean
tg_variable_find_bool (TgVariable *self,
                       const char *name)
{
  return g_variant_get_boolean (tg_variable_find (self, name));
}

gint64
tg_variable_find_int (TgVariable *self,
                      const char *name)
{
  return g_variant_get_int64 (tg_variable_find (self, name));
}

const char *
tg_variable_find_text (TgVariable *self,
                       const char *name)
{
  return g_variant_get_string (tg_variable_find (self, name), NULL);
}

const gint64 *
tg_variable_find_ints (TgVariable *self,
                       const char *name,
                       gsize      *n_values)
{
  return g_variant_get_fixed_array (tg_variable_find (self, name), n_values, sizeof (gint64));
}

void
tg_attribute_get_axes (GVariant *attribute,
                       guint     ndim,
                       gboolean  chosen[TG_MAX_NDIM])
{
  g_autoptr (GVariant) array = g_variant_get_maybe (attribute);
  const gint64 *axes;
  gsize n_axes;

  for (guint i = 0; i < ndim; i++)
    chosen[i] = array == NULL;

  if (array == NULL)
    return;

  axes = g_variant_get_fixed_array (array, &n_axes, sizeof (gint64));
  for (gsize i = 0; i < n_axes; i++)
    chosen[axes[i]] = TRUE;
}

gboolean
tg_attribute_check (const TgParameterInfo  *parameter,
                    GVariant               *value,
                    GError                **error)
{
  static const struct
  {
    const char *type;
    const char *what;
  } kinds[] = {
    [TG_PARAMETER_AXES] = { "max", "a list of axes" },
    [TG_PARAMETER_INTS] = { "ax", "a list of integers" },
    [TG_PARAMETER_INT] = { "x", "an integer" },
    [TG_PARAMETER_FLOAT] = { "d", "a number" },
    [TG_PARAMETER_BOOL] = { "b", "true or false" },
    [TG_PARAMETER_DTYPE] = { "s", "a dtype" },
    [TG_PARAMETER_STRING] = { "s", "text" },
  };

  if (!g_variant_is_of_type (value, G_VARIANT_TYPE (kinds[parameter->kind].type)))
    {
      g_autofree char *text = g_variant_print (value, FALSE);

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ATTRIBUTE, "%s must be %s, not %s",
                   parameter->name, kinds[parameter->kind].what, text);
      return FALSE;
    }

  if (parameter->kind == TG_PARAMETER_DTYPE)
    {
      TgDType dtype;

      return tg_dtype_from_name (g_variant_get_string (value, NULL), &dtype, error);
    }

  return TRUE;
}
