/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-loop-private.h"
#include "tg-elf-loader-private.h"

G_BEGIN_DECLS

/* Machine code of loops, with a TgCpuLoopFunc for each, loop0 and so on; those with operators that
 * are not compiled have none.  From the cache, in no time, or NULL where they are not there. */
TgElfCode *tg_code_find       (const TgCpuLoop *const *loops,
                               guint                   n_loops);
/* Compiles them, which takes milliseconds for each, and puts them into the cache. */
TgElfCode *tg_code_compile    (const TgCpuLoop *const *loops,
                               guint                   n_loops,
                               GError                **error);
/* What the machine code of a loop is made of, LLVM's text and the instructions: for people. */
char      *tg_code_print      (const TgCpuLoop        *loop,
                               GError                **error);
/* Whether all operators of a loop can be compiled; FALSE with an error where nothing can. */
gboolean   tg_code_supports   (const TgCpuLoop        *loop,
                               GError                **error);
/* The key of what these loops are compiled to: it differs where the loops do, the machine, or what
 * of libtg and LLVM makes the code.  `machine` is NULL for this one. */
char        *tg_code_make_key          (const TgCpuLoop *const *loops,
                                        guint                   n_loops,
                                        const char             *machine);
/* What there is to know about the processor without LLVM. */
char        *tg_code_describe_machine  (void);

/* Loads the compiler, if there is one; it stays. */
gboolean   tg_code_load       (GError                **error);

G_END_DECLS
