/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-buffer-private.h"
#include "tg-loop-private.h"
#include "tg-tensor.h"

G_BEGIN_DECLS

struct _TgTensorType
{
  gatomicrefcount ref_count;
  TgDType         dtype;
  guint           ndim;
  gint64          shape[]; /* -1: not known before the function runs */
};

struct _TgTensor
{
  gatomicrefcount  ref_count;
  TgDType          dtype;
  guint            ndim;
  gsize            n_elements;
  TgBuffer        *buffer;
  char            *data;    /* the first element, somewhere in the buffer */
  gint64          *strides; /* bytes; points behind the shape */
  gint64           shape[];
};

/* A new tensor whose maker still has to fill `data`; filled with 0xff bytes (nan, -1)
 * under TG_DEBUG=check.  Fails where the size overflows or memory is short. */
TgTensor *tg_tensor_new_uninitialised (TgDType        dtype,
                                       const gint64  *shape,
                                       gsize          n_shape,
                                       GError       **error);

/* A look at a buffer that begins at `data`; NULL for `strides` is row-major. */
TgTensor *tg_tensor_new_in_buffer (TgBuffer      *buffer,
                                   TgDType        dtype,
                                   guint          ndim,
                                   const gint64  *shape,
                                   const gint64  *strides,
                                   char          *data);

/* Another look at the buffer of `base`. */
TgTensor *tg_tensor_new_view (TgTensor     *base,
                              guint         ndim,
                              const gint64 *shape,
                              const gint64 *strides,
                              char         *data);

/* A row-major copy of the elements, cast to `dtype`. */
TgTensor *tg_tensor_copy            (TgTensor  *base,
                                     TgDType    dtype,
                                     GError   **error);

/* `base` itself where it is row-major without gaps, or else a copy that is. */
TgTensor *tg_tensor_make_contiguous (TgTensor  *base,
                                     GError   **error);

/* Copies, casting, elements of `source` to `target` of the same shape. */
void      tg_tensor_copy_elements   (TgTensor  *target,
                                     TgTensor  *source);

/* The inner loop of such a copy: operands are the target and the source. */
TgInnerLoop tg_tensor_get_cast_loop (TgDType   from,
                                     TgDType   to);

/* Where a slice begins and ends that does not say so. */
gint64    tg_slice_first            (gint64     step);
gint64    tg_slice_last             (gint64     step);

/* What a slice of an axis of `size` elements looks at, by Python's rules. */
void      tg_slice_clip             (gint64     size,
                                     gint64    *start,
                                     gint64    *stop,
                                     gint64     step,
                                     gint64    *n_elements);

/* "nan", "inf" or "-inf", as the first element is that is one of them, and its index; or NULL. */
const char *tg_tensor_find_not_finite (TgTensor *self,
                                       gint64   *index);

/* Whether the tensor has the dtype, and a shape that the type allows. */
gboolean  tg_tensor_type_matches    (TgTensorType *self,
                                     TgTensor     *tensor);

G_END_DECLS
