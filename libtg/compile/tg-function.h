/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include <gio/gio.h>

#include "tg-function-input.h"
#include "tg-graph.h"
#include "tg-mode.h"
#include "tg-profile.h"
#include "tg-trace.h"

G_BEGIN_DECLS

/**
 * TgUnusedInput:
 * @TG_UNUSED_INPUT_RAISE: it is an error
 * @TG_UNUSED_INPUT_WARN: GLib's log gets a warning
 * @TG_UNUSED_INPUT_IGNORE: nothing, and calls still give it a value
 *
 * What becomes of an input that no output and no update needs.
 */
typedef enum
{
  TG_UNUSED_INPUT_RAISE,
  TG_UNUSED_INPUT_WARN,
  TG_UNUSED_INPUT_IGNORE,
} TgUnusedInput;

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
TgFunctionInput *tg_function_get_input_options (TgFunction *self,
                                                guint       index);

TG_AVAILABLE_IN_ALL
int tg_function_find_input (TgFunction *self,
                            const char *name);

TG_AVAILABLE_IN_ALL
guint tg_function_get_n_outputs (TgFunction *self);

TG_AVAILABLE_IN_ALL
const char *tg_function_get_output_name (TgFunction *self,
                                         guint       index);

TG_AVAILABLE_IN_ALL
TgGraph *tg_function_dup_graph (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgTrace *tg_function_dup_trace (TgFunction *self);

TG_AVAILABLE_IN_ALL
char *tg_function_explain (TgFunction *self);

TG_AVAILABLE_IN_ALL
char *tg_function_dup_code (TgFunction  *self,
                            GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_function_get_profiling (TgFunction *self);

TG_AVAILABLE_IN_ALL
void tg_function_set_profiling (TgFunction *self,
                                gboolean    profiling);

TG_AVAILABLE_IN_ALL
TgProfile *tg_function_dup_profile (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgVariable **tg_function_list_cancellations (TgFunction *self,
                                             gsize      *n_variables);

TG_AVAILABLE_IN_ALL
TgGraph *tg_function_dup_optimised_graph (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgMode *tg_function_dup_mode (TgFunction *self);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_copy (TgFunction         *self,
                              const char         *name,
                              gboolean            delete_updates,
                              TgVariable *const  *shared,
                              gsize               n_shared,
                              TgVariable *const  *replacements,
                              gsize               n_replacements,
                              GError            **error);

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

TG_AVAILABLE_IN_ALL
TgTensor **tg_function_call_named (TgFunction         *self,
                                   TgTensor *const    *inputs,
                                   gsize               n_inputs,
                                   const char *const  *names,
                                   gsize               n_names,
                                   gsize              *n_outputs,
                                   GError            **error);

TG_AVAILABLE_IN_ALL
void tg_function_call_async (TgFunction          *self,
                             TgTensor *const     *inputs,
                             gsize                n_inputs,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data);

TG_AVAILABLE_IN_ALL
TgTensor **tg_function_call_finish (TgFunction    *self,
                                    GAsyncResult  *result,
                                    gsize         *n_outputs,
                                    GError       **error);

TG_AVAILABLE_IN_ALL
void tg_function_call_named_async (TgFunction          *self,
                                   TgTensor *const     *inputs,
                                   gsize                n_inputs,
                                   const char *const   *names,
                                   gsize                n_names,
                                   GCancellable        *cancellable,
                                   GAsyncReadyCallback  callback,
                                   gpointer             user_data);

TG_AVAILABLE_IN_ALL
TgTensor **tg_function_call_named_finish (TgFunction    *self,
                                          GAsyncResult  *result,
                                          gsize         *n_outputs,
                                          GError       **error);

#define TG_TYPE_FUNCTION_BUILDER (tg_function_builder_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgFunctionBuilder, tg_function_builder, TG, FUNCTION_BUILDER, GObject)

TG_AVAILABLE_IN_ALL
TgFunctionBuilder *tg_function_builder_new (void);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_name (TgFunctionBuilder *self,
                                   const char        *name);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_mode (TgFunctionBuilder *self,
                                   TgMode            *mode);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_on_unused_input (TgFunctionBuilder *self,
                                              TgUnusedInput      on_unused_input);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_downcast (TgFunctionBuilder *self,
                                       TgDowncast         downcast);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_input (TgFunctionBuilder *self,
                                    TgVariable        *variable);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_input_options (TgFunctionBuilder *self,
                                            TgFunctionInput   *input);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_output (TgFunctionBuilder *self,
                                     TgVariable        *variable,
                                     const char        *name);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_borrowed_output (TgFunctionBuilder *self,
                                              TgVariable        *variable,
                                              const char        *name);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_update (TgFunctionBuilder *self,
                                     TgVariable        *shared,
                                     TgVariable        *value);

TG_AVAILABLE_IN_ALL
void tg_function_builder_set_no_default_updates (TgFunctionBuilder *self,
                                                 gboolean           no_default_updates);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_no_default_update (TgFunctionBuilder *self,
                                                TgVariable        *shared);

TG_AVAILABLE_IN_ALL
void tg_function_builder_add_given (TgFunctionBuilder *self,
                                    TgVariable        *variable,
                                    TgVariable        *replacement);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_builder_build (TgFunctionBuilder  *self,
                                       GError            **error);

TG_AVAILABLE_IN_ALL
void tg_function_builder_build_async (TgFunctionBuilder   *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data);

TG_AVAILABLE_IN_ALL
TgFunction *tg_function_builder_build_finish (TgFunctionBuilder  *self,
                                              GAsyncResult       *result,
                                              GError            **error);

TG_AVAILABLE_IN_ALL
double tg_function_builder_get_progress (TgFunctionBuilder *self);

G_END_DECLS
