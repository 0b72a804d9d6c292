/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-shared-variable.h"

G_BEGIN_DECLS

/**
 * TgDowncast:
 * @TG_DOWNCAST_WEAK: only numbers that have no dtype, such as Python's, as far as the input's dtype
 *   is of no lower kind: a language's own float may become a `float32`
 * @TG_DOWNCAST_NEVER: nothing that could lose information is converted
 * @TG_DOWNCAST_ALWAYS: every value is converted
 *
 * Which values an input takes whose conversion to its dtype could lose information.
 *
 * A tensor has a dtype, so for calls in C the first two are the same.
 */
typedef enum
{
  TG_DOWNCAST_WEAK,
  TG_DOWNCAST_NEVER,
  TG_DOWNCAST_ALWAYS,
} TgDowncast;

#define TG_TYPE_FUNCTION_INPUT (tg_function_input_get_type ())

TG_AVAILABLE_IN_ALL
G_DECLARE_FINAL_TYPE (TgFunctionInput, tg_function_input, TG, FUNCTION_INPUT, GObject)

TG_AVAILABLE_IN_ALL
TgFunctionInput *tg_function_input_new (TgVariable *variable);

TG_AVAILABLE_IN_ALL
TgVariable *tg_function_input_get_variable (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
const char *tg_function_input_get_name (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_name (TgFunctionInput *self,
                                 const char      *name);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_value (TgFunctionInput *self,
                                  TgTensor        *value);

TG_AVAILABLE_IN_ALL
TgSharedVariable *tg_function_input_get_shared (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_shared (TgFunctionInput  *self,
                                   TgSharedVariable *shared);

TG_AVAILABLE_IN_ALL
TgVariable *tg_function_input_get_update (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_update (TgFunctionInput *self,
                                   TgVariable      *update);

TG_AVAILABLE_IN_ALL
gboolean tg_function_input_get_strict (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_strict (TgFunctionInput *self,
                                   gboolean         strict);

TG_AVAILABLE_IN_ALL
TgDowncast tg_function_input_get_downcast (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_downcast (TgFunctionInput *self,
                                     TgDowncast       downcast);

TG_AVAILABLE_IN_ALL
gboolean tg_function_input_get_borrow (TgFunctionInput *self);

TG_AVAILABLE_IN_ALL
void tg_function_input_set_borrow (TgFunctionInput *self,
                                   gboolean         borrow);

G_END_DECLS
