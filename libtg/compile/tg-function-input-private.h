/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-function-input.h"
#include "tg-variable-private.h"

G_BEGIN_DECLS

/* Functions have their own, which change no more. */
struct _TgFunctionInput
{
  GObject           parent_instance;
  TgVariable       *variable;
  char             *name;        /* NULL: that of the variable */
  TgTensor         *value;       /* the default, until a function makes a shared variable of it */
  TgSharedVariable *shared;      /* holds the default */
  gboolean          owns_shared; /* it was made for the function */
  TgVariable       *update;      /* what the default becomes after a call */
  TgDowncast        downcast;
  gboolean          strict;
  gboolean          borrow;
  gboolean          frozen;      /* it is a function's */
};

/* A copy for a function, in which a default is in a shared variable. */
TgFunctionInput *tg_function_input_freeze       (TgFunctionInput  *self,
                                                 GError          **error);

/* Gives a copy that owns its default another one, of the same value. */
void             tg_function_input_renew_shared (TgFunctionInput  *self);

/* `value` as the input takes it. */
TgTensor        *tg_function_input_convert      (TgFunctionInput  *self,
                                                 TgTensor         *value,
                                                 GError          **error);

G_END_DECLS
