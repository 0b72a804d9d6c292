/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-loop-private.h"

G_BEGIN_DECLS

/* Machine code of a loop, and what running it needs to know about its operands. */
typedef struct
{
  TgCpuLoopFunc  func;
  guint          n_operands;
  struct
  {
    guint8       size;       /* of an element */
    guint8       read;
    guint8       written;
  }             *operands;
} TgCpuNative;

TgCpuNative *tg_cpu_native_new  (TgCpuLoopFunc      func,
                                 const TgCpuLoop   *loop);
void         tg_cpu_native_free (TgCpuNative       *self);
/* For any count of elements. */
void         tg_cpu_native_run  (const TgCpuNative *self,
                                 gsize              count,
                                 char *const       *data);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgCpuNative, tg_cpu_native_free)

G_END_DECLS
