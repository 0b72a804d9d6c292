/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-error.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

/* What text stands for while it is built: a variable, something written out that may become an
 * attribute or a constant, or a part of an index. */
typedef struct
{
  TgVariable *variable;
  GVariant   *literal;   /* b, x, d, (dd), s, ab, ax, ad, a(dd), max, or av of such lists */
  GArray     *list;      /* TgValue: the elements of a list, stacked where it is no literal */
  guint       depth;     /* how many lists are in each other */
  const char *keyword;
  gboolean    is_ellipsis;
  gboolean    is_slice;
  TgVariable *bounds[2];
  gint64      step;
} TgValue;

/* Sets an error; for use as a return value: FALSE. */
gboolean    tg_parse_fail             (TgParseError       code,
                                       GError           **error,
                                       const char        *format,
                                       ...) G_GNUC_PRINTF (3, 4);

GArray     *tg_value_array_new        (void);

/* The variable, or a constant made of the literal. */
TgVariable *tg_value_dup_variable     (const TgValue     *self,
                                       GError           **error);

/* indexed[values...], by NumPy's rules for integers, slices and an ellipsis. */
TgVariable *tg_value_index            (TgVariable        *indexed,
                                       const TgValue     *values,
                                       guint              n_values,
                                       GError           **error);

/* An operator applied to arguments. */
TgVariable *tg_value_apply            (const TgOpInfo    *op,
                                       TgValue           *values,
                                       guint              n_values,
                                       GError           **error);

/* The same, with the values of parameters in the table's order; NULL stands for a default. */
TgVariable *tg_value_apply_given      (const TgOpInfo    *op,
                                       TgVariable *const *inputs,
                                       gsize              n_inputs,
                                       GVariant *const   *given,
                                       GError           **error);

/* Floating: what "true", "pi", "all" or the name of a dtype stands for, or NULL. */
GVariant   *tg_literal_from_word      (const char        *name);

/* Floating: the number with the opposite sign, or NULL for something else. */
GVariant   *tg_literal_negate         (GVariant          *literal);

/* Floating: the complex number of two real ones, or NULL where a part is none. */
GVariant   *tg_literal_complex        (GVariant          *real,
                                       GVariant          *imaginary);

/* Floating: a list of literals, or NULL where a value is none. */
GVariant   *tg_literal_list           (const TgValue     *values,
                                       guint              n_values);

G_END_DECLS
