/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-dtype.h"

G_BEGIN_DECLS

/* As many as NumPy has. */
#define TG_MAX_NDIM 32

/* A dimension that is not known before the function runs. */
#define TG_UNKNOWN ((gint64) -1)

/* "[2, ?]" */
char    *tg_shape_to_string        (const gint64  *shape,
                                    gsize          ndim);

/* "f64[2, ?]" */
char    *tg_shape_describe         (TgDType        dtype,
                                    const gint64  *shape,
                                    gsize          ndim);

gboolean tg_shape_equal            (const gint64  *first,
                                    gsize          first_ndim,
                                    const gint64  *second,
                                    gsize          second_ndim);

/* Fails where there are too many dimensions, or one is below `least`, which is 0 or TG_UNKNOWN. */
gboolean tg_shape_check            (const gint64  *shape,
                                    gsize          ndim,
                                    gint64         least,
                                    GError       **error);

/* Number of elements; fails where a dimension is negative or n * item_size overflows. */
gboolean tg_shape_get_n_elements   (const gint64  *shape,
                                    gsize          ndim,
                                    gsize          item_size,
                                    gsize         *n_elements,
                                    GError       **error);

/* Row-major strides in bytes. */
void     tg_shape_get_strides      (const gint64  *shape,
                                    gsize          ndim,
                                    gsize          item_size,
                                    gint64        *strides);

/* Folds `shape`, aligned right, into `result` of `result_ndim` >= ndim dimensions by NumPy's
 * broadcasting; unknown dimensions may turn out to be anything.  FALSE where it cannot be.
 * (Start with a result of ones.) */
gboolean tg_shape_broadcast        (gint64        *result,
                                    gsize          result_ndim,
                                    const gint64  *shape,
                                    gsize          ndim);

/* Strides that repeat a tensor of `shape` and `strides` over `result` (0 where repeated). */
void     tg_shape_broadcast_strides (const gint64 *shape,
                                     const gint64 *strides,
                                     gsize         ndim,
                                     gsize         result_ndim,
                                     gint64       *result_strides);

/* Whether two dimensions may be equal at run time. */
gboolean tg_shape_is_compatible    (const gint64  *first,
                                    const gint64  *second,
                                    gsize          ndim);

/* Turns -1 into the last axis and so on; fails, naming `what`, where out of range. */
gboolean tg_axis_normalise         (gint64         axis,
                                    gsize          ndim,
                                    const char    *what,
                                    guint         *result,
                                    GError       **error);

G_END_DECLS
