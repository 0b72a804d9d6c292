/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-variable-private.h"

G_BEGIN_DECLS

/* What a function does, in the notation: a value that is not read back is printed all the same. */
typedef struct
{
  const char        *name;       /* NULL: an expression alone */
  guint              n_inputs;
  TgVariable *const *inputs;
  guint              n_outputs;
  TgVariable *const *outputs;
  guint              n_updates;  /* the last outputs are new values of these shared variables */
  TgVariable *const *updated;
} TgPrintable;

char *tg_print            (const TgPrintable *printable);

/* A number so that reading it gives the same one. */
void  tg_print_float      (GString           *text,
                           gdouble            number);

/* All elements of a contiguous tensor, as nested lists. */
void  tg_print_elements   (GString           *text,
                           TgTensor          *tensor);

/* Parameters that are not as by default: ", axis=1". */
void  tg_print_attributes (GString           *text,
                           TgVariable        *variable);

G_END_DECLS
