/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-program-private.h"

G_BEGIN_DECLS

/* A way to run programs. */
typedef struct
{
  const char *name;

  /* Fills the slots of all instructions.  Those of inputs, shared values and constants are filled;
   * a slot may be cleared after its last use. */
  gboolean (* run) (const TgProgram  *program,
                    TgTensor        **slots,
                    GError          **error);
} TgBackend;

/* What functions run on unless they are told otherwise. */
const TgBackend *tg_backend_get_default (void);

G_END_DECLS
