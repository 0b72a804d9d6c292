/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <llvm-c/Core.h>

#include <glib.h>

#include "tg-llvm-private.h"

G_BEGIN_DECLS

/* What a machine can, as far as it changes what is emitted. */
typedef struct
{
  guint    lanes;      /* of float64 in a vector */
  gboolean fma;        /* or else it is a call of libm for each lane */
  gboolean rounding;   /* the same, of floor and its like */
  gboolean scaling;    /* an instruction multiplies by a power of two */
} TgLlvmMachine;

/* Emits instructions on vectors.  It fails once, and from then on emits nothing: what it is asked
 * for then is any value, of any type. */
typedef struct
{
  LLVMContextRef       context;
  LLVMModuleRef        module;
  LLVMBuilderRef       builder;
  LLVMValueRef         function;
  const TgLlvmMachine *machine;
  gboolean             failed;
  guint                lanes;    /* of any dtype, in the loop at hand */
  guint                n_emitted;
  guint                limit;    /* for the number of instructions; 0 for none */
  LLVMTypeRef          real;     /* the type that VF has at the moment, float32 in words of f32, */
  LLVMTypeRef          bits;     /* and VI, as wide */
} TgLlvmEmitter;

/* Two numbers of a kernel, high and low */
typedef struct
{
  LLVMValueRef hi;
  LLVMValueRef lo;
} TgLlvmPair;

/* The blocks of a RARE. */
typedef struct
{
  LLVMBasicBlockRef before;
  LLVMBasicBlockRef after;
} TgLlvmRare;

/* One element of one operator, of as many elements of its inputs as a vector has lanes. */
typedef LLVMValueRef (* TgLlvmEmitFunc) (TgLlvmEmitter      *e,
                                         const LLVMValueRef *inputs);

/* opgen.py writes this; the function is NULL where there is none. */
typedef struct
{
  TgLlvmEmitFunc emit;
  guint          n_inputs;
  guint          conditions; /* a bit for each input that is a bool, whatever the dtype */
} TgLlvmOperator;

extern const TgLlvmOperator tg_llvm_operators[TG_N_OPS][TG_N_DTYPES];

/* Types */
LLVMTypeRef  tg_llvm_element_type  (TgLlvmEmitter *e,
                                    TgDType        dtype);
LLVMTypeRef  tg_llvm_vector_type   (TgLlvmEmitter *e,
                                    LLVMTypeRef    element);
LLVMTypeRef  tg_llvm_pointer_type  (TgLlvmEmitter *e,
                                    LLVMTypeRef    to);
gboolean     tg_llvm_is_real       (LLVMValueRef   a);
gboolean     tg_llvm_is_signed     (TgDType        dtype);
void         tg_llvm_set_width     (TgLlvmEmitter *e,
                                    TgDType        dtype);

/* Whether there is to be one more instruction. */
gboolean     tg_llvm_step          (TgLlvmEmitter *e);
LLVMValueRef tg_llvm_fail          (TgLlvmEmitter *e);

/* Values that are the same in all lanes */
LLVMValueRef tg_llvm_real          (TgLlvmEmitter *e,
                                    LLVMTypeRef    type,
                                    double         value);
LLVMValueRef tg_llvm_integer       (TgLlvmEmitter *e,
                                    LLVMTypeRef    type,
                                    guint64        value);
LLVMValueRef tg_llvm_mask          (TgLlvmEmitter *e,
                                    gboolean       value);

LLVMValueRef tg_llvm_binary        (TgLlvmEmitter *e,
                                    LLVMOpcode     opcode,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b);
LLVMValueRef tg_llvm_negate        (TgLlvmEmitter *e,
                                    LLVMValueRef   a);
LLVMValueRef tg_llvm_intrinsic     (TgLlvmEmitter *e,
                                    const char    *name,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b,
                                    LLVMValueRef   c);
LLVMValueRef tg_llvm_round         (TgLlvmEmitter *e,
                                    const char    *name,
                                    LLVMValueRef   a);
LLVMValueRef tg_llvm_fma           (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b,
                                    LLVMValueRef   c);
gboolean     tg_llvm_has_scaling   (TgLlvmEmitter *e);
LLVMValueRef tg_llvm_scale         (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    LLVMValueRef   n);
LLVMValueRef tg_llvm_compare_real  (TgLlvmEmitter    *e,
                                    LLVMRealPredicate predicate,
                                    LLVMValueRef      a,
                                    LLVMValueRef      b);
LLVMValueRef tg_llvm_compare       (TgLlvmEmitter   *e,
                                    LLVMIntPredicate predicate,
                                    LLVMValueRef     a,
                                    LLVMValueRef     b);
/* Of floats, where nan differs from all, or of masks. */
LLVMValueRef tg_llvm_differ        (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b);
LLVMValueRef tg_llvm_select        (TgLlvmEmitter *e,
                                    LLVMValueRef   mask,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b);
LLVMValueRef tg_llvm_convert       (TgLlvmEmitter *e,
                                    LLVMOpcode     opcode,
                                    LLVMValueRef   a,
                                    LLVMTypeRef    type);
/* Between these two a word of f32 computes in float64. */
LLVMValueRef tg_llvm_widen         (TgLlvmEmitter *e,
                                    LLVMValueRef   a);
LLVMValueRef tg_llvm_narrow        (TgLlvmEmitter *e,
                                    LLVMValueRef   a);
LLVMValueRef tg_llvm_multiply_high (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b);
/* a multiplied with itself until there are b, which wraps. */
LLVMValueRef tg_llvm_whole_power   (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    LLVMValueRef   b);
LLVMValueRef tg_llvm_look_up       (TgLlvmEmitter *e,
                                    const char    *name,
                                    const guint64 *table,
                                    guint          n,
                                    LLVMValueRef   index);

LLVMValueRef tg_llvm_any           (TgLlvmEmitter *e,
                                    LLVMValueRef   mask);
TgLlvmRare   tg_llvm_begin_rare    (TgLlvmEmitter *e,
                                    LLVMValueRef   mask);
LLVMValueRef tg_llvm_end_rare      (TgLlvmEmitter    *e,
                                    const TgLlvmRare *rare,
                                    LLVMValueRef      mask,
                                    LLVMValueRef      a,
                                    LLVMValueRef      b);

LLVMValueRef tg_llvm_cast          (TgLlvmEmitter *e,
                                    LLVMValueRef   a,
                                    TgDType        from,
                                    TgDType        to);

void         tg_llvm_emit_loop     (TgLlvmEmitter   *e,
                                    const TgCpuLoop *loop,
                                    const char      *name);

G_END_DECLS
