/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable.h"

G_BEGIN_DECLS

/* Whether none of them is NULL, which stands for a mistake that was reported before. */
gboolean     tg_variables_are_complete (TgVariable *const *variables,
                                        gsize              n_variables);

/* The array that a function of the library gives away; NULL where a variable is missing. */
TgVariable **tg_variables_dup_array    (GPtrArray         *variables,
                                        gsize             *n_variables);

/* An empty array that owns its variables, some of which may be missing. */
GPtrArray   *tg_variables_new          (void);

/* How large a variable is along an axis, 0-d: a constant where that is known. */
TgVariable  *tg_variable_new_size      (TgVariable        *self,
                                        guint              axis,
                                        GError           **error);

/* Adds such sizes, from the axis `first` on; FALSE, with an error set, where that fails. */
gboolean     tg_variable_add_sizes     (TgVariable        *self,
                                        guint              first,
                                        GPtrArray         *sizes,
                                        GError           **error);

/* A vector of sizes: a constant where all of them are. */
TgVariable  *tg_variable_new_shape     (GPtrArray         *sizes,
                                        GError           **error);

/* x[start:stop] along an axis, of 0-d integers or of numbers as Python's. */
TgVariable  *tg_variable_cut           (TgVariable        *self,
                                        guint              axis,
                                        TgVariable        *start,
                                        TgVariable        *stop,
                                        GError           **error);
TgVariable  *tg_variable_cut_at        (TgVariable        *self,
                                        guint              axis,
                                        gint64             start,
                                        gint64             stop,
                                        GError           **error);

G_END_DECLS
