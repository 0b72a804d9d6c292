/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-expression-private.h"

G_BEGIN_DECLS

/* How a function takes an input. */
typedef struct
{
  TgSymbolFlags  flags;
  const char    *title;   /* what callers call it, or NULL */
  TgVariable    *preset;  /* the shared variable that holds its default value, or NULL */
} TgPrintInput;

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
  gboolean           is_exact;   /* for files: with all names, and no nan in the text */
  const char        *label;      /* what the function is called */
  GHashTable        *beside;     /* variable → its name in all texts of a file, or NULL */
  const TgPrintInput *input_options;   /* one for each input, or NULL */
  const TgResult     *result_options;  /* one for each output, or NULL */
} TgPrintable;

/* Whether a constant is too large to be written out, or, in a file, not exactly what is read. */
gboolean tg_print_stands_beside (TgVariable        *variable,
                                 gboolean           is_exact);

/* A name like `wish` that the notation can read and nothing in `names` has, where it enters it. */
char *tg_print_take_name  (GHashTable        *names,
                           const char        *wish);

/* A text in quotation marks. */
void  tg_print_string     (GString           *text,
                           const char        *string);

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
