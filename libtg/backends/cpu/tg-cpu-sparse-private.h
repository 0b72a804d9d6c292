/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-plan-private.h"

G_BEGIN_DECLS

/* Whether an instruction may make zeros with a few elements that are not in memory. */
gboolean tg_cpu_sparse_takes (const TgCpuPlan      *plan,
                              const TgInstruction  *instruction);

/* Fills the slot of such an instruction: with a zero that is repeated, if that is worth it. */
gboolean tg_cpu_sparse_make  (const TgCpuPlan      *plan,
                              const TgInstruction  *instruction,
                              TgTensor            **slots,
                              const TgRunOptions   *options,
                              GError              **error);

/* Whether a slot has such a zero. */
gboolean tg_cpu_sparse_is_in (const TgCpuPlan      *plan,
                              TgTensor *const      *slots,
                              guint                 slot);

/* Fills that slot with all elements. */
gboolean tg_cpu_sparse_fill  (const TgCpuPlan      *plan,
                              TgTensor            **slots,
                              guint                 slot,
                              const TgRunOptions   *options,
                              GError              **error);

/* A sum of such elements. */
gboolean tg_cpu_sparse_sum   (const TgCpuPlan      *plan,
                              const TgInstruction  *instruction,
                              TgTensor            **slots,
                              const TgRunOptions   *options,
                              GError              **error);

/* What a loop computes at the places of the elements of a slot, which it is to read as operand
 * `number`; before it runs, for it may write over what it reads. */
typedef struct _TgCpuPatch TgCpuPatch;

TgCpuPatch *tg_cpu_patch_new   (const TgCpuPlan      *plan,
                                TgTensor *const      *slots,
                                guint                 number,
                                TgCpuCode            *code,
                                char *const          *data,
                                const gint64 *const  *strides,
                                const TgRunOptions   *options);

/* Puts that there, and frees the patch. */
void        tg_cpu_patch_apply (TgCpuPatch           *self,
                                char *const          *data,
                                const gint64 *const  *strides);

G_END_DECLS
