/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

G_BEGIN_DECLS

/* The loops of operators over elements that follow each other in memory, compiled for one set of
 * instructions after the other.  Of reductions, accumulators follow each other too, or there is
 * one, with a stride of 0; those of operators that select, or sum products, are NULL. */
extern const TgReferenceKernel tg_cpu_kernels_baseline[TG_N_OPS][TG_N_DTYPES];
#ifdef TG_HAVE_X86_64_LEVELS
extern const TgReferenceKernel tg_cpu_kernels_v3[TG_N_OPS][TG_N_DTYPES];
extern const TgReferenceKernel tg_cpu_kernels_v4[TG_N_OPS][TG_N_DTYPES];
#endif

/* Those for the best instructions of this machine, or what the environment variable TG_CPU says:
 * x86-64, x86-64-v3 or x86-64-v4.  All compute the same bits. */
const TgReferenceKernel *tg_cpu_get_kernel  (TgOpId  op,
                                             TgDType dtype);

/* The name of those instructions. */
const char              *tg_cpu_get_level   (void);

G_END_DECLS
