/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_SHARED_VARIABLE (tg_shared_variable_get_type ())
#define TG_SHARED_VARIABLE(object) \
  (G_TYPE_CHECK_INSTANCE_CAST ((object), TG_TYPE_SHARED_VARIABLE, TgSharedVariable))
#define TG_IS_SHARED_VARIABLE(object) \
  (G_TYPE_CHECK_INSTANCE_TYPE ((object), TG_TYPE_SHARED_VARIABLE))

typedef struct _TgSharedVariable TgSharedVariable;
typedef struct _TgSharedVariableClass TgSharedVariableClass;

TG_AVAILABLE_IN_ALL
GType tg_shared_variable_get_type (void) G_GNUC_CONST;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgSharedVariable, g_object_unref)

TG_AVAILABLE_IN_ALL
TgVariable *tg_shared_variable_new (TgTensor   *value,
                                    const char *name);

TG_AVAILABLE_IN_ALL
TgVariable *tg_shared_variable_new_with_type (TgTensor      *value,
                                              TgTensorType  *tensor_type,
                                              const char    *name,
                                              GError       **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_shared_variable_dup_value (TgSharedVariable *self);

TG_AVAILABLE_IN_ALL
gboolean tg_shared_variable_set_value (TgSharedVariable  *self,
                                       TgTensor          *value,
                                       GError           **error);

G_END_DECLS
