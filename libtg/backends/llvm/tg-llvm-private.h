/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "tg-cpu-loop-private.h"

G_BEGIN_DECLS

/* What the module that contains LLVM gives away.  libtg opens it when it first has something to
 * compile, so this header has nothing of LLVM, and the module needs nothing of libtg. */

/* For what machine to compile.  Of the host's all three are NULL.  Of another one, `cpu` is a name
 * of LLVM's and `features` a list like "+avx2,+fma", which need not have what x86-64-v2, -v3 or
 * -v4 as `cpu` imply. */
typedef struct
{
  const char *triple;
  const char *cpu;
  const char *features;
} TgLlvmTarget;

/* An ELF object with a TgCpuLoopFunc for each loop, loop0 and so on.  Loops that have what is not
 * supported, here or by that machine, are left out. */
TG_AVAILABLE_IN_ALL
GBytes   *tg_llvm_compile  (const TgCpuLoop *const *loops,
                            guint                   n_loops,
                            const TgLlvmTarget     *target,
                            GError                **error);

/* The same for people: LLVM's own text before optimisation, and the machine's instructions. */
TG_AVAILABLE_IN_ALL
char     *tg_llvm_print    (const TgCpuLoop *const *loops,
                            guint                   n_loops,
                            const TgLlvmTarget     *target,
                            GError                **error);
TG_AVAILABLE_IN_ALL
char     *tg_llvm_print_assembly (const TgCpuLoop *const *loops,
                                  guint                   n_loops,
                                  const TgLlvmTarget     *target,
                                  GError                **error);

/* Whether an operator that computes in `dtype` can be compiled, for a machine that has fused
 * multiply-add: not those whose kernels are so long that it takes longer than they are worth. */
TG_AVAILABLE_IN_ALL
gboolean  tg_llvm_supports (TgOpId                  op,
                            TgDType                 dtype);

typedef GBytes   *(* TgLlvmCompileFunc)  (const TgCpuLoop *const *loops,
                                          guint                   n_loops,
                                          const TgLlvmTarget     *target,
                                          GError                **error);
typedef char     *(* TgLlvmPrintFunc)    (const TgCpuLoop *const *loops,
                                          guint                   n_loops,
                                          const TgLlvmTarget     *target,
                                          GError                **error);
typedef gboolean  (* TgLlvmSupportsFunc) (TgOpId                  op,
                                          TgDType                 dtype);

G_END_DECLS
