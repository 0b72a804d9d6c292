/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-op-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_CPU_STEP_LOAD,  /* reads an element of an operand */
  TG_CPU_STEP_CAST,  /* converts a value to another dtype */
  TG_CPU_STEP_APPLY, /* an elementwise operator */
  TG_CPU_STEP_STORE, /* writes a value to an operand */
} TgCpuStepKind;

/* What is done with each element.  Values have numbers: each is made by one step, once. */
typedef struct
{
  TgCpuStepKind kind;
  TgOpId        op;                       /* of APPLY */
  TgDType       dtype;                    /* of the inputs of APPLY, but those that are conditions;
                                           * or else of the operand, or of the result of CAST */
  guint         value;                    /* that it makes; of STORE none */
  guint         n_inputs;
  guint         inputs[TG_OP_MAX_INPUTS]; /* values */
  guint         operand;                  /* of LOAD and STORE */
} TgCpuStep;

/* Elementwise operators that are computed together, an element after the other.  Operands lie in
 * memory, where one element follows the other, as arrays of the dtype of the step that moves them.
 * An operand may be written where another one is read: at the same place, after that. */
typedef struct
{
  GArray *steps;      /* TgCpuStep, values before what uses them */
  GArray *dtypes;     /* TgDType of each value */
  guint   n_operands;
} TgCpuLoop;

/* Machine code of one works on whole vectors: for a count of elements that is a multiple of this,
 * and not 0.  `data` has the operands; see tg-cpu-native-private.h for other counts. */
#define TG_CPU_LOOP_MULTIPLE 16

typedef void (* TgCpuLoopFunc) (gsize        count,
                                char *const *data);

G_END_DECLS
