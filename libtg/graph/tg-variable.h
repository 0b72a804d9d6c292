/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-op.h"
#include "tg-tensor.h"

G_BEGIN_DECLS

#define TG_TYPE_VARIABLE (tg_variable_get_type ())
#define TG_VARIABLE(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), TG_TYPE_VARIABLE, TgVariable))
#define TG_IS_VARIABLE(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), TG_TYPE_VARIABLE))

typedef struct _TgPlace TgPlace;

typedef struct _TgVariable TgVariable;
typedef struct _TgVariableClass TgVariableClass;

TG_AVAILABLE_IN_ALL
GType tg_variable_get_type (void) G_GNUC_CONST;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgVariable, g_object_unref)

TG_AVAILABLE_IN_ALL
TgVariable *tg_variable_new (const char *name,
                             TgDType     dtype,
                             guint       ndim);

TG_AVAILABLE_IN_ALL
TgVariable *tg_variable_new_with_type (const char   *name,
                                       TgTensorType *tensor_type);

TG_AVAILABLE_IN_ALL
const char *tg_variable_get_name (TgVariable *self);

TG_AVAILABLE_IN_ALL
void tg_variable_set_name (TgVariable *self,
                           const char *name);

TG_AVAILABLE_IN_ALL
TgTensorType *tg_variable_get_tensor_type (TgVariable *self);

TG_AVAILABLE_IN_ALL
TgDType tg_variable_get_dtype (TgVariable *self);

TG_AVAILABLE_IN_ALL
guint tg_variable_get_ndim (TgVariable *self);

TG_AVAILABLE_IN_ALL
TgOp *tg_variable_get_op (TgVariable *self);

TG_AVAILABLE_IN_ALL
guint tg_variable_get_n_inputs (TgVariable *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_variable_get_input (TgVariable *self,
                                   guint       index);

TG_AVAILABLE_IN_ALL
GVariant *tg_variable_get_attribute (TgVariable *self,
                                     const char *name);

TG_AVAILABLE_IN_ALL
TgPlace *tg_variable_get_place (TgVariable *self);

TG_AVAILABLE_IN_ALL
const char *tg_variable_get_scope (TgVariable *self);

TG_AVAILABLE_IN_ALL
char *tg_variable_to_string (TgVariable *self);

TG_AVAILABLE_IN_ALL
char *tg_variable_to_dot (TgVariable *self);

#define TG_TYPE_CONSTANT (tg_constant_get_type ())
#define TG_CONSTANT(object) (G_TYPE_CHECK_INSTANCE_CAST ((object), TG_TYPE_CONSTANT, TgConstant))
#define TG_IS_CONSTANT(object) (G_TYPE_CHECK_INSTANCE_TYPE ((object), TG_TYPE_CONSTANT))

typedef struct _TgConstant TgConstant;
typedef struct _TgConstantClass TgConstantClass;

TG_AVAILABLE_IN_ALL
GType tg_constant_get_type (void) G_GNUC_CONST;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgConstant, g_object_unref)

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new (TgTensor *value);

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new_double (gdouble value);

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new_integer (gint64 value);

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new_complex (gdouble real,
                                     gdouble imaginary);

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new_boolean (gboolean value);

TG_AVAILABLE_IN_ALL
TgVariable *tg_constant_new_integers (const gint64 *values,
                                      gsize         n_values);

TG_AVAILABLE_IN_ALL
TgTensor *tg_constant_get_value (TgConstant *self);

TG_AVAILABLE_IN_ALL
gboolean tg_constant_is_weak (TgConstant *self);

G_END_DECLS
