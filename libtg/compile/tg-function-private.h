/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-function.h"
#include "tg-pipeline-private.h"

G_BEGIN_DECLS

/* Takes the program of a compilation.  `output_names` has an entry, or NULL, for each result. */
TgFunction *tg_function_new_from_compilation (TgCompilation *compilation,
                                              TgGraph       *graph,
                                              GPtrArray     *output_names);

G_END_DECLS
