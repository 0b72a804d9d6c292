/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Attributes are GVariants; these make floating ones.  NULL axes are all axes. */
GVariant     *tg_attribute_axes     (const gint64 *axes,
                                     gsize         n_axes);
GVariant     *tg_attribute_ints     (const gint64 *values,
                                     gsize         n_values);
GVariant     *tg_attribute_dtype    (TgDType       dtype);

gboolean      tg_attribute_equal    (GVariant     *a,
                                     GVariant     *b);

/* Reading them from a variable, by the name of the parameter. */
GVariant     *tg_variable_find      (TgVariable   *self,
                                     const char   *name);
gboolean      tg_variable_find_bool (TgVariable   *self,
                                     const char   *name);
gint64        tg_variable_find_int  (TgVariable   *self,
                                     const char   *name);
const char   *tg_variable_find_text (TgVariable   *self,
                                     const char   *name);
const gint64 *tg_variable_find_ints (TgVariable   *self,
                                     const char   *name,
                                     gsize        *n_values);

/* Which of `ndim` axes a value of kind AXES names. */
void          tg_attribute_get_axes (GVariant     *attribute,
                                     guint         ndim,
                                     gboolean      chosen[TG_MAX_NDIM]);

/* Whether `value` has the GVariant type of the parameter; fails with a message otherwise. */
gboolean      tg_attribute_check    (const TgParameterInfo  *parameter,
                                     GVariant               *value,
                                     GError                **error);

G_END_DECLS
