/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The mapping of the kernels' notation to calls of LLVM's builder: emit_exp_f64 () emits what
 * tgk_exp_f64 () computes, and where TGK_FLOAT32 is defined, emit_exp_f32 () what tgk_exp_f32 ()
 * does.  How wide the values are, the emitter knows.  Taken back by unmap.h.
 *
 * Nothing is emitted twice unless a kernel says so: every word is a call of a function.
 */

#include <math.h>
#include <stdint.h>

#include "tg-llvm-emitter-private.h"

#define VF LLVMValueRef
#define VI LLVMValueRef
#define VB LLVMValueRef
#define VP TgLlvmPair
#define VW TgLlvmPair

#ifdef TGK_FLOAT32
# define NAMED(name) emit_##name##_f32
#else
# define NAMED(name) emit_##name##_f64
#endif

#define KERNEL(type, name, ...) \
  static G_GNUC_UNUSED type NAMED (name) (TgLlvmEmitter *emitter, __VA_ARGS__)
#define CALL(name, ...) NAMED (name) (emitter, __VA_ARGS__)
#define WIDEN(a) tg_llvm_widen (emitter, a)
#define NARROW(name, ...) tg_llvm_narrow (emitter, emit_##name##_f64 (emitter, __VA_ARGS__))

/* Floating point */
#define K(c) tg_llvm_real (emitter, emitter->real, (double) (c))
#define PAIR(hi, lo) ((TgLlvmPair) { (hi), (lo) })
#define ADD(a, b) tg_llvm_binary (emitter, LLVMFAdd, a, b)
#define SUB(a, b) tg_llvm_binary (emitter, LLVMFSub, a, b)
#define MUL(a, b) tg_llvm_binary (emitter, LLVMFMul, a, b)
#define DIV(a, b) tg_llvm_binary (emitter, LLVMFDiv, a, b)
#define FMA(a, b, c) tg_llvm_fma (emitter, a, b, c)
#define NEG(a) tg_llvm_negate (emitter, a)
#define FABS(a) tg_llvm_intrinsic (emitter, "llvm.fabs", a, NULL, NULL)
#define COPYSIGN(a, b) tg_llvm_intrinsic (emitter, "llvm.copysign", a, b, NULL)
#define SQRT(a) tg_llvm_intrinsic (emitter, "llvm.sqrt", a, NULL, NULL)
/* A call of libm for each lane. */
#define FMOD(a, b) ((void) (a), (void) (b), tg_llvm_fail (emitter))
#define FLOOR(a) tg_llvm_round (emitter, "llvm.floor", a)
#define CEIL(a) tg_llvm_round (emitter, "llvm.ceil", a)
#define TRUNC(a) tg_llvm_round (emitter, "llvm.trunc", a)
#define RINT(a) tg_llvm_round (emitter, "llvm.rint", a)
#define SCALE(a, n) \
  (tg_llvm_has_scaling (emitter) ? tg_llvm_scale (emitter, a, n) : CALL (scale, a, n))

/* Masks, which NE may compare too */
#define EQ(a, b) tg_llvm_compare_real (emitter, LLVMRealOEQ, a, b)
#define NE(a, b) tg_llvm_differ (emitter, a, b)
#define LT(a, b) tg_llvm_compare_real (emitter, LLVMRealOLT, a, b)
#define LE(a, b) tg_llvm_compare_real (emitter, LLVMRealOLE, a, b)
#define GT(a, b) tg_llvm_compare_real (emitter, LLVMRealOGT, a, b)
#define GE(a, b) tg_llvm_compare_real (emitter, LLVMRealOGE, a, b)
#define AND(m, n) tg_llvm_binary (emitter, LLVMAnd, m, n)
#define OR(m, n) tg_llvm_binary (emitter, LLVMOr, m, n)
#define NOT(m) tg_llvm_binary (emitter, LLVMXor, m, tg_llvm_mask (emitter, TRUE))
#define SEL(m, a, b) tg_llvm_select (emitter, m, a, b)
#define RARE(m, a, b) \
  ({ \
    LLVMValueRef mask_ = (m), often_ = (b), rarely_; \
    TgLlvmRare rare_ = tg_llvm_begin_rare (emitter, mask_); \
    rarely_ = (a); \
    tg_llvm_end_rare (emitter, &rare_, mask_, rarely_, often_); \
  })

/* Integers */
#define KI(c) tg_llvm_integer (emitter, emitter->bits, (uint64_t) (c))
#define WIDE(hi, lo) PAIR (hi, lo)
#define ASI(a) tg_llvm_convert (emitter, LLVMBitCast, a, emitter->bits)
#define ASF(i) tg_llvm_convert (emitter, LLVMBitCast, i, emitter->real)
#define ITOF(i) tg_llvm_convert (emitter, LLVMSIToFP, i, emitter->real)
#define IADD(i, j) tg_llvm_binary (emitter, LLVMAdd, i, j)
#define ISUB(i, j) tg_llvm_binary (emitter, LLVMSub, i, j)
#define IMUL(i, j) tg_llvm_binary (emitter, LLVMMul, i, j)
#define IMULHI(i, j) tg_llvm_multiply_high (emitter, i, j)
#define IAND(i, j) tg_llvm_binary (emitter, LLVMAnd, i, j)
#define IOR(i, j) tg_llvm_binary (emitter, LLVMOr, i, j)
#define IXOR(i, j) tg_llvm_binary (emitter, LLVMXor, i, j)
#define SHL(i, n) SHLV (i, KI (n))
#define SHR(i, n) SHRV (i, KI (n))
#define SAR(i, n) tg_llvm_binary (emitter, LLVMAShr, i, KI (n))
#define SHLV(i, j) tg_llvm_binary (emitter, LLVMShl, i, j)
#define SHRV(i, j) tg_llvm_binary (emitter, LLVMLShr, i, j)
#define IEQ(i, j) tg_llvm_compare (emitter, LLVMIntEQ, i, j)
#define ILTU(i, j) tg_llvm_compare (emitter, LLVMIntULT, i, j)
#define ISEL(m, i, j) tg_llvm_select (emitter, m, i, j)
#define LOOKUP(table, i) tg_llvm_look_up (emitter, #table, table, G_N_ELEMENTS (table), i)
