/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* One operator to be run.  Values live in slots. */
typedef struct
{
  TgVariable *variable;    /* the operator, its attributes, and names for messages */
  guint       first_input; /* where, among the program's input numbers, those of this one begin */
  guint       output;
} TgInstruction;

/* What a backend is handed. */
typedef struct
{
  GPtrArray *variables;    /* one a slot; owned */
  guint      n_inputs;     /* the first slots: arguments of the call, then shared values */
  guint      n_shared;
  GArray    *constants;    /* guint: slots of constants */
  GArray    *instructions; /* TgInstruction, in an order that may run */
  GArray    *operands;     /* guint: slots */
  GArray    *last_uses;    /* guint for each slot: the instruction after which it is not needed */
  GArray    *outputs;      /* guint: slots of the results, then of the new shared values */
} TgProgram;

#define TG_NEVER_RELEASED G_MAXUINT

static inline const guint *
tg_program_get_operands (const TgProgram     *self,
                         const TgInstruction *instruction)
{
  return &g_array_index (self->operands, guint, instruction->first_input);
}

/* Makes a program of outputs; the shared variables that they need are found. */
TgProgram *tg_program_new    (TgVariable *const  *inputs,
                              guint               n_inputs,
                              TgVariable *const  *outputs,
                              guint               n_outputs,
                              GError            **error);
void       tg_program_free   (TgProgram          *self);

/* Sets the error that an output needs a symbol which is no input; FALSE. */
gboolean   tg_program_fail_missing (TgVariable   *variable,
                                    GError      **error);

/* Fills `last_uses`. */
void       tg_program_find_last_uses (TgProgram  *self);

/* Whether each slot is filled before it is used, once, and no output released. */
gboolean   tg_program_verify (const TgProgram    *self,
                              GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgProgram, tg_program_free)

G_END_DECLS
