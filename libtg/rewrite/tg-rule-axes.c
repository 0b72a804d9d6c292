/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-function-private.h"

#include "tg-attribute-private.h"

/* Arithmetic of axes, for the values of parameters on the right side of rules. */

/* The axes that a parameter names, be it one, a list or some of all; FALSE where it is all. */
static gboolean
get_axes (GVariant *attribute,
          gint64    axes[TG_MAX_NDIM],
          gsize    *n_axes)
{
  g_autoptr (GVariant) array = NULL;
  const gint64 *values;

  if (g_variant_is_of_type (attribute, G_VARIANT_TYPE_INT64))
    {
      axes[0] = g_variant_get_int64 (attribute);
      *n_axes = 1;
      return TRUE;
    }

  array = g_variant_is_of_type (attribute, G_VARIANT_TYPE_MAYBE) ? g_variant_get_maybe (attribute)
                                                                 : g_variant_ref (attribute);
  if (array == NULL)
    return FALSE;

  values = g_variant_get_fixed_array (array, n_axes, sizeof (gint64));
  memcpy (axes, values, *n_axes * sizeof (gint64));

  return TRUE;
}

static gboolean
contains (const gint64 *axes,
          gsize         n_axes,
          gint64        axis)
{
  for (gsize i = 0; i < n_axes; i++)
    {
      if (axes[i] == axis)
        return TRUE;
    }

  return FALSE;
}

/* Axes as a parameter of the kind that `like` is of. */
static GVariant *
make_like (GVariant     *like,
           const gint64 *axes,
           gsize         n_axes)
{
  GVariant *value;

  if (g_variant_is_of_type (like, G_VARIANT_TYPE_INT64))
    value = g_variant_new_int64 (axes[0]);
  else if (g_variant_is_of_type (like, G_VARIANT_TYPE_MAYBE))
    value = tg_attribute_axes (axes, n_axes);
  else
    value = tg_attribute_ints (axes, n_axes);

  return g_variant_ref_sink (value);
}

/* composed (a, b): the order that axes have after the order a and then the order b. */
TG_RULE_COMPUTES (composed)
{
  gint64 first[TG_MAX_NDIM], second[TG_MAX_NDIM], order[TG_MAX_NDIM];
  gsize n_axes;

  get_axes (arguments[0].attribute, first, &n_axes);
  get_axes (arguments[1].attribute, second, &n_axes);
  for (gsize i = 0; i < n_axes; i++)
    order[i] = first[second[i]];

  return make_like (arguments[0].attribute, order, n_axes);
}

/* images (p, a): what the axes a are before the order p. */
TG_RULE_COMPUTES (images)
{
  gint64 order[TG_MAX_NDIM], axes[TG_MAX_NDIM];
  gsize n_order, n_axes;

  get_axes (arguments[0].attribute, order, &n_order);
  if (!get_axes (arguments[1].attribute, axes, &n_axes))
    return g_variant_ref (arguments[1].attribute);

  for (gsize i = 0; i < n_axes; i++)
    axes[i] = order[axes[i]];

  return make_like (arguments[1].attribute, axes, n_axes);
}

/* order_without (p, a): what is left of the order p once the axes a are gone. */
TG_RULE_COMPUTES (order_without)
{
  gint64 order[TG_MAX_NDIM], axes[TG_MAX_NDIM], rest[TG_MAX_NDIM];
  gsize n_order, n_axes, n_rest = 0;

  get_axes (arguments[0].attribute, order, &n_order);
  if (!get_axes (arguments[1].attribute, axes, &n_axes))
    return NULL;

  for (gsize i = 0; i < n_order; i++)
    {
      if (contains (axes, n_axes, (gint64) i))
        continue;

      rest[n_rest] = order[i];
      for (gsize k = 0; k < n_axes; k++)
        rest[n_rest] -= order[axes[k]] < order[i];
      n_rest++;
    }

  return make_like (arguments[0].attribute, rest, n_rest);
}

/* Which axis has `axis` others before it besides those of a list. */
static gint64
find_place (const gint64 *axes,
            gsize         n_axes,
            gint64        axis)
{
  gint64 place = 0;

  while (contains (axes, n_axes, place) || axis-- > 0)
    place++;

  return place;
}

static GVariant *
join (GVariant *first,
      GVariant *second,
      gboolean  is_kept)
{
  gint64 axes[TG_MAX_NDIM], others[TG_MAX_NDIM];
  gsize n_axes, n_others, n_all;

  if (!get_axes (first, axes, &n_axes) || !get_axes (second, others, &n_others))
    return g_variant_ref_sink (tg_attribute_axes (NULL, 0));

  n_all = n_axes;
  for (gsize i = 0; i < n_others; i++)
    {
      gint64 axis = is_kept ? others[i] : find_place (axes, n_axes, others[i]);

      if (!contains (axes, n_axes, axis))
        axes[n_all++] = axis;
    }

  return make_like (first, axes, n_all);
}

/* reduced_axes (a, b, k): those that reducing the axes a and then b reduces, where k tells whether
 * reduced axes are kept. */
TG_RULE_COMPUTES (reduced_axes)
{
  return join (arguments[0].attribute, arguments[1].attribute,
               g_variant_get_boolean (arguments[2].attribute));
}

/* squeezed_axes (a, b): those that are gone after the axes a and then b went. */
TG_RULE_COMPUTES (squeezed_axes)
{
  return join (arguments[0].attribute, arguments[1].attribute, FALSE);
}

/* expanded_axes (a, b): those that are new after the axes a and then b came. */
TG_RULE_COMPUTES (expanded_axes)
{
  gint64 first[TG_MAX_NDIM], axes[TG_MAX_NDIM];
  gsize n_first, n_axes;

  get_axes (arguments[0].attribute, first, &n_first);
  get_axes (arguments[1].attribute, axes, &n_axes);
  for (gsize i = 0; i < n_first; i++)
    axes[n_axes + i] = find_place (axes, n_axes, first[i]);

  return make_like (arguments[0].attribute, axes, n_first + n_axes);
}

/* How many axes of a list stand before `axis`. */
static gint64
count_before (const gint64 *axes,
              gsize         n_axes,
              gint64        axis)
{
  gint64 n_before = 0;

  for (gsize i = 0; i < n_axes; i++)
    n_before += axes[i] < axis;

  return n_before;
}

/* old_axes (e, a): what the axes a are where the axes e are not there; none of a may be one. */
TG_RULE_COMPUTES (old_axes)
{
  gint64 added[TG_MAX_NDIM], axes[TG_MAX_NDIM];
  gsize n_added, n_axes;

  if (!get_axes (arguments[0].attribute, added, &n_added)
      || !get_axes (arguments[1].attribute, axes, &n_axes))
    return NULL;

  for (gsize i = 0; i < n_axes; i++)
    {
      if (contains (added, n_added, axes[i]))
        return NULL;

      axes[i] -= count_before (added, n_added, axes[i]);
    }

  return make_like (arguments[1].attribute, axes, n_axes);
}

/* new_axes (e, a): what the axes a are where the axes e are there too. */
TG_RULE_COMPUTES (new_axes)
{
  gint64 added[TG_MAX_NDIM], axes[TG_MAX_NDIM];
  gsize n_added, n_axes;

  if (!get_axes (arguments[0].attribute, added, &n_added)
      || !get_axes (arguments[1].attribute, axes, &n_axes))
    return NULL;

  for (gsize i = 0; i < n_axes; i++)
    axes[i] = find_place (added, n_added, axes[i]);

  return make_like (arguments[1].attribute, axes, n_axes);
}

/* other_axes (e, a): the axes e but a, counted without a, which is one axis. */
TG_RULE_COMPUTES (other_axes)
{
  gint64 axes[TG_MAX_NDIM], rest[TG_MAX_NDIM];
  gint64 axis = g_variant_get_int64 (arguments[1].attribute);
  gsize n_axes, n_rest = 0;

  if (!get_axes (arguments[0].attribute, axes, &n_axes))
    return NULL;

  for (gsize i = 0; i < n_axes; i++)
    {
      if (axes[i] != axis)
        rest[n_rest++] = axes[i] - (axis < axes[i]);
    }

  return make_like (arguments[0].attribute, rest, n_rest);
}

/* inner_axes (e, a): those of the new axes e that are left once the axes a are gone again, all of
 * which must be new. */
TG_RULE_COMPUTES (inner_axes)
{
  gint64 added[TG_MAX_NDIM], gone[TG_MAX_NDIM], rest[TG_MAX_NDIM];
  gsize n_added, n_gone, n_rest = 0;

  if (!get_axes (arguments[0].attribute, added, &n_added)
      || !get_axes (arguments[1].attribute, gone, &n_gone))
    return NULL;

  for (gsize i = 0; i < n_gone; i++)
    {
      if (!contains (added, n_added, gone[i]))
        return NULL;
    }

  for (gsize i = 0; i < n_added; i++)
    {
      if (!contains (gone, n_gone, added[i]))
        rest[n_rest++] = added[i] - count_before (gone, n_gone, added[i]);
    }

  return make_like (arguments[0].attribute, rest, n_rest);
}

/* positions (p): the axes p as a vector. */
TG_RULE_MAKES (positions)
{
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes;

  if (!get_axes (arguments[0].attribute, axes, &n_axes))
    return NULL;

  return tg_rewriter_add_integers (rewriter, axes, n_axes);
}
