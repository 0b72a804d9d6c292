/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-dtype.h"

G_BEGIN_DECLS

#define TG_TYPE_TENSOR_TYPE (tg_tensor_type_get_type ())

typedef struct _TgTensorType TgTensorType;

TG_AVAILABLE_IN_ALL
GType tg_tensor_type_get_type (void) G_GNUC_CONST;

TG_AVAILABLE_IN_ALL
TgTensorType *tg_tensor_type_new (TgDType       dtype,
                                  const gint64 *shape,
                                  gsize         n_shape,
                                  GError      **error);

TG_AVAILABLE_IN_ALL
TgTensorType *tg_tensor_type_ref (TgTensorType *self);

TG_AVAILABLE_IN_ALL
void tg_tensor_type_unref (TgTensorType *self);

TG_AVAILABLE_IN_ALL
TgDType tg_tensor_type_get_dtype (TgTensorType *self);

TG_AVAILABLE_IN_ALL
guint tg_tensor_type_get_ndim (TgTensorType *self);

TG_AVAILABLE_IN_ALL
const gint64 *tg_tensor_type_get_shape (TgTensorType *self,
                                        gsize        *n_shape);

TG_AVAILABLE_IN_ALL
gboolean tg_tensor_type_equal (TgTensorType *self,
                               TgTensorType *other);

TG_AVAILABLE_IN_ALL
char *tg_tensor_type_to_string (TgTensorType *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgTensorType, tg_tensor_type_unref)

G_END_DECLS
