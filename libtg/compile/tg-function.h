/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-graph.h"
#include "tg-shared-variable.h"

G_BEGIN_DECLS

#define TG_TYPE_FUNCTION (tg_function_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgFunction, tg_function, TG, FUNCTION, GObject)

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_new (TgVariable *const  *inputs,
                             gsize               n_inputs,
                             TgVariable *const  *outputs,
                             gsize               n_outputs,
                             GError            **error);

TG_AVAILABLE_IN_ALL
const char *tg_function_get_name (TgFunction *self);

TG_AVAILABLE_IN_ALL
guint tg_function_get_n_inputs (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgVariable *tg_function_get_input (TgFunction *self,
                                   guint       index);

TG_AVAILABLE_IN_ALL
guint tg_function_get_n_outputs (TgFunction *self);

TG_AVAILABLE_IN_ALL
const char *tg_function_get_output_name (TgFunction *self,
                                         guint       index);

TG_AVAILABLE_IN_ALL
TgGraph *tg_function_dup_graph (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgTensor **tg_function_call (TgFunction       *self,
                             TgTensor *const  *inputs,
                             gsize             n_inputs,
                             gsize            *n_outputs,
                             GError          **error);

TG_AVAILABLE_IN_ALL
TgTensor *tg_function_call_single (TgFunction  *self,
                                   TgTensor    *input,
                                   GError     **error);

#define TG_TYPE_FUNCTION_BUILDER (tg_function_builder_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgFunctionBuilder, tg_function_builder, TG, FUNCTION_BUILDER, GObject)

TG_AVAILABLE_IN_ALL
TgFunctionBuilder *tg_function_builder_new (void);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_name (TgFunctionBuilder *self,
                                   const char        *name);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_allow_unused_inputs (TgFunctionBuilder *self,
                                                  gboolean           allow);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_input (TgFunctionBuilder *self,
                                    TgVariable        *variable);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_output (TgFunctionBuilder *self,
                                     TgVariable        *variable,
                                     const char        *name);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_update (TgFunctionBuilder *self,
                                     TgVariable        *shared,
                                     TgVariable        *value);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_given (TgFunctionBuilder *self,
                                    TgVariable        *variable,
                                    TgVariable        *replacement);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_builder_build (TgFunctionBuilder  *self,
                                       GError            **error);

G_END_DECLS
