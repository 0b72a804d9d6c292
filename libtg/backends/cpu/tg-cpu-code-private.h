/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-backend.h"
#include "tg-cpu-native-private.h"
#include "tg-elf-loader-private.h"
#include "tg-loop-private.h"
#include "tg-tensor-private.h"

G_BEGIN_DECLS

typedef struct _TgCpuPlan TgCpuPlan;

/* A reduction that takes what a loop computes, a block after the other.  Its accumulators are the
 * operand that the values would be written to. */
typedef struct
{
  guint       operand;
  TgInnerLoop loop;
  TgInnerLoop combine;  /* folds accumulators into others */
  TgDType     dtype;    /* of an accumulator */
  gint64      size;
  gboolean    has_rest; /* see tg_cpu_fold_has_rest () */
} TgCpuFold;

/* How far a loop is on its way to machine code: settled is one that someone compiles, or has tried
 * to. */
typedef enum
{
  TG_CPU_CODE_NEW,
  TG_CPU_CODE_LOOKED_FOR,
  TG_CPU_CODE_SETTLED,
} TgCpuCodeState;

/* A loop, and how the blocked vector machine runs it: an operator at a time, over blocks of
 * elements that stay in the cache. */
typedef struct
{
  gatomicrefcount ref_count;
  TgCpuLoop  loop;
  guint      n_inputs;    /* operands that are read; those that are written follow */
  GArray    *slots;       /* guint: of the operands */
  GArray    *reusable;    /* guint64 for each operand that is written: those that are read, a bit
                           * for each, whose memory it may take */
  GArray    *registers;   /* guint for each value: a place in the cache */
  GArray    *stored;      /* gint for each value: the operand it is written to, or -1 */
  GArray    *loops;       /* TgInnerLoop for each step: that of CAST and APPLY */
  TgCpuFold *fold;        /* or NULL */
  guint      n_registers;
  guint      width;       /* the largest size of a value */

  /* The same loop as machine code, once it is worth that; see tg-cpu-tier.c. */
  gsize        work;      /* atomic: steps that were run, times elements */
  int          state;     /* atomic: a TgCpuCodeState */
  TgCpuNative *native;    /* atomic; NULL as long as there is none */
  TgElfCode   *elf;
} TgCpuCode;

TgCpuCode         *tg_cpu_code_ref        (TgCpuCode           *self);
void               tg_cpu_code_unref      (TgCpuCode           *self);

/* Runs the loop over all elements of a shape; strides are in bytes. */
gboolean           tg_cpu_code_run        (TgCpuCode           *self,
                                           guint                ndim,
                                           const gint64        *shape,
                                           char *const         *data,
                                           const gint64 *const *strides,
                                           const TgRunOptions  *options,
                                           GError             **error);

/* Copies elements of a size from one stride in bytes to another. */
void               tg_cpu_move            (char                *target,
                                           gint64               target_stride,
                                           const char          *source,
                                           gint64               source_stride,
                                           gsize                size,
                                           gsize                n);

/* Machine code for a loop that is about to be run for so many elements, or NULL. */
const TgCpuNative *tg_cpu_code_get_native (TgCpuCode           *self,
                                           gsize                n_elements);

G_END_DECLS
