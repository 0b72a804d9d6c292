/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-tensor-type.h"

G_BEGIN_DECLS

#define TG_TYPE_TENSOR (tg_tensor_get_type ())

typedef struct _TgTensor TgTensor;

/**
 * TgReleaseFunc:
 * @user_data: what was passed along with the function
 *
 * Called once, when the last tensor that uses some foreign memory is gone.
 *
 * It may be called from any thread.
 */
typedef void (* TgReleaseFunc) (gpointer user_data);

TG_AVAILABLE_IN_ALL
GType tg_tensor_get_type (void) G_GNUC_CONST;

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new (TgDType        dtype,
                         const gint64  *shape,
                         gsize          n_shape,
                         GBytes        *bytes,
                         GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_from_memory (TgDType         dtype,
                                     const gint64   *shape,
                                     gsize           n_shape,
                                     const gint64   *strides,
                                     gsize           n_strides,
                                     guint64         address,
                                     TgReleaseFunc   release,
                                     gpointer        user_data,
                                     GError        **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_zeros (TgDType        dtype,
                               const gint64  *shape,
                               gsize          n_shape,
                               GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_double (gdouble value);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_integer (gint64 value);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_complex (gdouble real,
                                 gdouble imaginary);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_boolean (gboolean value);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_doubles (const gdouble  *values,
                                 gsize           n_values,
                                 const gint64   *shape,
                                 gsize           n_shape,
                                 GError        **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_new_integers (const gint64  *values,
                                  gsize          n_values,
                                  const gint64  *shape,
                                  gsize          n_shape,
                                  GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_ref (TgTensor *self);

TG_AVAILABLE_IN_ALL
void tg_tensor_unref (TgTensor *self);

TG_AVAILABLE_IN_ALL
TgDType tg_tensor_get_dtype (TgTensor *self);

TG_AVAILABLE_IN_ALL
guint tg_tensor_get_ndim (TgTensor *self);

TG_AVAILABLE_IN_ALL
const gint64 *tg_tensor_get_shape (TgTensor *self,
                                   gsize    *n_shape);

TG_AVAILABLE_IN_ALL
const gint64 *tg_tensor_get_strides (TgTensor *self,
                                     gsize    *n_strides);

TG_AVAILABLE_IN_ALL
gsize tg_tensor_get_n_elements (TgTensor *self);

TG_AVAILABLE_IN_ALL
TgTensorType *tg_tensor_dup_tensor_type (TgTensor *self);

TG_AVAILABLE_IN_ALL
guint64 tg_tensor_get_address (TgTensor *self);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_is_contiguous (TgTensor *self);

TG_AVAILABLE_IN_ALL
GBytes *tg_tensor_dup_bytes (TgTensor *self);

TG_AVAILABLE_IN_ALL
gdouble *tg_tensor_dup_doubles (TgTensor *self,
                                gsize    *n_doubles);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_get_double (TgTensor  *self,
                               gdouble   *value,
                               GError   **error);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_get_integer (TgTensor  *self,
                                gint64    *value,
                                GError   **error);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_equal (TgTensor *self,
                          TgTensor *other);

TG_AVAILABLE_IN_ALL
char *tg_tensor_to_string (TgTensor *self);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_astype (TgTensor  *self,
                            TgDType    dtype,
                            GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_reshape (TgTensor      *self,
                             const gint64  *shape,
                             gsize          n_shape,
                             GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_permute_dims (TgTensor      *self,
                                  const gint64  *axes,
                                  gsize          n_axes,
                                  GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_broadcast_to (TgTensor      *self,
                                  const gint64  *shape,
                                  gsize          n_shape,
                                  GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_slice (TgTensor  *self,
                           guint      axis,
                           gint64     start,
                           gint64     stop,
                           gint64     step,
                           GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_index (TgTensor  *self,
                           guint      axis,
                           gint64     index,
                           GError   **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_tensor_get (TgTensor  *self,
                         gint64     index,
                         GError   **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgTensor, tg_tensor_unref)

G_END_DECLS
