/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-llvm-emitter-private.h"

#include <string.h>

#include <llvm/Config/llvm-config.h>

LLVMTypeRef
tg_llvm_element_type (TgLlvmEmitter *e,
                      TgDType        dtype)
{
  switch (dtype)
    {
    case TG_DTYPE_BOOL:
      return LLVMInt1TypeInContext (e->context);
    case TG_DTYPE_INT8:
    case TG_DTYPE_UINT8:
      return LLVMInt8TypeInContext (e->context);
    case TG_DTYPE_INT16:
    case TG_DTYPE_UINT16:
      return LLVMInt16TypeInContext (e->context);
    case TG_DTYPE_INT32:
    case TG_DTYPE_UINT32:
      return LLVMInt32TypeInContext (e->context);
    case TG_DTYPE_INT64:
    case TG_DTYPE_UINT64:
      return LLVMInt64TypeInContext (e->context);
    case TG_DTYPE_FLOAT32:
      return LLVMFloatTypeInContext (e->context);
    case TG_DTYPE_FLOAT64:
      return LLVMDoubleTypeInContext (e->context);
    case TG_DTYPE_FLOAT16:
    case TG_DTYPE_BFLOAT16:
    case TG_DTYPE_COMPLEX64:
    case TG_DTYPE_COMPLEX128:
    default:
      return NULL;
    }
}

LLVMTypeRef
tg_llvm_vector_type (TgLlvmEmitter *e,
                     LLVMTypeRef    element)
{
  return LLVMVectorType (element, e->lanes);
}

/* Before LLVM 15 pointers have a type, and are cast where they are used. */
LLVMTypeRef
tg_llvm_pointer_type (TgLlvmEmitter *e,
                      LLVMTypeRef    to)
{
#if LLVM_VERSION_MAJOR >= 15
  return LLVMPointerTypeInContext (e->context, 0);
#else
  return LLVMPointerType (to, 0);
#endif
}

gboolean
tg_llvm_is_real (LLVMValueRef a)
{
  LLVMTypeKind kind = LLVMGetTypeKind (LLVMGetElementType (LLVMTypeOf (a)));

  return kind == LLVMDoubleTypeKind || kind == LLVMFloatTypeKind;
}

void
tg_llvm_set_width (TgLlvmEmitter *e,
                   TgDType        dtype)
{
  TgDType integer = dtype == TG_DTYPE_FLOAT32 ? TG_DTYPE_INT32 : TG_DTYPE_INT64;

  e->real = tg_llvm_vector_type (e, tg_llvm_element_type (e, dtype));
  e->bits = tg_llvm_vector_type (e, tg_llvm_element_type (e, integer));
}

gboolean
tg_llvm_step (TgLlvmEmitter *e)
{
  e->n_emitted++;
  if (e->limit > 0 && e->n_emitted > e->limit)
    e->failed = TRUE;

  return !e->failed;
}

LLVMValueRef
tg_llvm_fail (TgLlvmEmitter *e)
{
  e->failed = TRUE;
  return LLVMGetUndef (e->real);
}

static LLVMValueRef
repeat (TgLlvmEmitter *e,
        LLVMValueRef   value)
{
  LLVMValueRef all[16];

  g_assert (e->lanes <= G_N_ELEMENTS (all));
  for (guint i = 0; i < e->lanes; i++)
    all[i] = value;

  return LLVMConstVector (all, e->lanes);
}

LLVMValueRef
tg_llvm_real (TgLlvmEmitter *e,
              LLVMTypeRef    type,
              double         value)
{
  return repeat (e, LLVMConstReal (LLVMGetElementType (type), value));
}

LLVMValueRef
tg_llvm_integer (TgLlvmEmitter *e,
                 LLVMTypeRef    type,
                 guint64        value)
{
  return repeat (e, LLVMConstInt (LLVMGetElementType (type), value, FALSE));
}

LLVMValueRef
tg_llvm_mask (TgLlvmEmitter *e,
              gboolean       value)
{
  return repeat (e, LLVMConstInt (LLVMInt1TypeInContext (e->context), value != 0, FALSE));
}

LLVMValueRef
tg_llvm_binary (TgLlvmEmitter *e,
                LLVMOpcode     opcode,
                LLVMValueRef   a,
                LLVMValueRef   b)
{
  return tg_llvm_step (e) ? LLVMBuildBinOp (e->builder, opcode, a, b, "") : a;
}

LLVMValueRef
tg_llvm_negate (TgLlvmEmitter *e,
                LLVMValueRef   a)
{
  return tg_llvm_step (e) ? LLVMBuildFNeg (e->builder, a, "") : a;
}

/* Calls an intrinsic function of one, two or three arguments that have the type of the result. */
LLVMValueRef
tg_llvm_intrinsic (TgLlvmEmitter *e,
                   const char    *name,
                   LLVMValueRef   a,
                   LLVMValueRef   b,
                   LLVMValueRef   c)
{
  LLVMValueRef arguments[] = { a, b, c };
  guint id, n = c != NULL ? 3 : b != NULL ? 2 : 1;
  LLVMTypeRef type;

  if (!tg_llvm_step (e))
    return a;

  id = LLVMLookupIntrinsicID (name, strlen (name));
  type = LLVMTypeOf (a);
  return LLVMBuildCall2 (e->builder, LLVMIntrinsicGetType (e->context, id, &type, 1),
                         LLVMGetIntrinsicDeclaration (e->module, id, &type, 1), arguments, n, "");
}

LLVMValueRef
tg_llvm_round (TgLlvmEmitter *e,
               const char    *name,
               LLVMValueRef   a)
{
  return e->machine->rounding ? tg_llvm_intrinsic (e, name, a, NULL, NULL) : tg_llvm_fail (e);
}

LLVMValueRef
tg_llvm_fma (TgLlvmEmitter *e,
             LLVMValueRef   a,
             LLVMValueRef   b,
             LLVMValueRef   c)
{
  return e->machine->fma ? tg_llvm_intrinsic (e, "llvm.fma", a, b, c) : tg_llvm_fail (e);
}

/* Whether there is such an instruction for vectors of the width at hand: those of 512 bits. */
gboolean
tg_llvm_has_scaling (TgLlvmEmitter *e)
{
  gboolean is_double = LLVMGetTypeKind (LLVMGetElementType (e->real)) == LLVMDoubleTypeKind;

  return e->machine->scaling && e->lanes == (is_double ? 8 : 16);
}

/* a 2^n, rounded once, where there is that instruction. */
LLVMValueRef
tg_llvm_scale (TgLlvmEmitter *e,
               LLVMValueRef   a,
               LLVMValueRef   n)
{
  const char *name = e->lanes == 8 ? "llvm.x86.avx512.mask.scalef.pd.512"
                                   : "llvm.x86.avx512.mask.scalef.ps.512";
  guint id = LLVMLookupIntrinsicID (name, strlen (name));
  LLVMTypeRef mask = LLVMIntTypeInContext (e->context, e->lanes);
  LLVMTypeRef i32 = LLVMInt32TypeInContext (e->context);
  const guint current_rounding = 4;
  LLVMValueRef arguments[] = { a, n, a, LLVMConstAllOnes (mask),
                               LLVMConstInt (i32, current_rounding, FALSE) };

  if (!tg_llvm_step (e))
    return a;

  return LLVMBuildCall2 (e->builder, LLVMIntrinsicGetType (e->context, id, NULL, 0),
                         LLVMGetIntrinsicDeclaration (e->module, id, NULL, 0), arguments,
                         G_N_ELEMENTS (arguments), "");
}

LLVMValueRef
tg_llvm_compare_real (TgLlvmEmitter    *e,
                      LLVMRealPredicate predicate,
                      LLVMValueRef      a,
                      LLVMValueRef      b)
{
  return tg_llvm_step (e) ? LLVMBuildFCmp (e->builder, predicate, a, b, "") : a;
}

LLVMValueRef
tg_llvm_compare (TgLlvmEmitter   *e,
                 LLVMIntPredicate predicate,
                 LLVMValueRef     a,
                 LLVMValueRef     b)
{
  return tg_llvm_step (e) ? LLVMBuildICmp (e->builder, predicate, a, b, "") : a;
}

LLVMValueRef
tg_llvm_differ (TgLlvmEmitter *e,
                LLVMValueRef   a,
                LLVMValueRef   b)
{
  if (!tg_llvm_step (e))
    return a;

  return tg_llvm_is_real (a) ? LLVMBuildFCmp (e->builder, LLVMRealUNE, a, b, "")
                             : LLVMBuildXor (e->builder, a, b, "");
}

LLVMValueRef
tg_llvm_select (TgLlvmEmitter *e,
                LLVMValueRef   mask,
                LLVMValueRef   a,
                LLVMValueRef   b)
{
  return tg_llvm_step (e) ? LLVMBuildSelect (e->builder, mask, a, b, "") : a;
}

LLVMValueRef
tg_llvm_convert (TgLlvmEmitter *e,
                 LLVMOpcode     opcode,
                 LLVMValueRef   a,
                 LLVMTypeRef    type)
{
  return tg_llvm_step (e) ? LLVMBuildCast (e->builder, opcode, a, type, "") : a;
}

LLVMValueRef
tg_llvm_widen (TgLlvmEmitter *e,
               LLVMValueRef   a)
{
  tg_llvm_set_width (e, TG_DTYPE_FLOAT64);

  return tg_llvm_convert (e, LLVMFPExt, a, e->real);
}

LLVMValueRef
tg_llvm_narrow (TgLlvmEmitter *e,
                LLVMValueRef   a)
{
  tg_llvm_set_width (e, TG_DTYPE_FLOAT32);

  return tg_llvm_convert (e, LLVMFPTrunc, a, e->real);
}

/* As in kernels/scalar.h: there is no such instruction for vectors. */
LLVMValueRef
tg_llvm_multiply_high (TgLlvmEmitter *e,
                       LLVMValueRef   a,
                       LLVMValueRef   b)
{
  LLVMValueRef low = tg_llvm_integer (e, e->bits, G_MAXUINT32);
  LLVMValueRef half = tg_llvm_integer (e, e->bits, 32);
  LLVMValueRef a0 = tg_llvm_binary (e, LLVMAnd, a, low);
  LLVMValueRef a1 = tg_llvm_binary (e, LLVMLShr, a, half);
  LLVMValueRef b0 = tg_llvm_binary (e, LLVMAnd, b, low);
  LLVMValueRef b1 = tg_llvm_binary (e, LLVMLShr, b, half);
  LLVMValueRef lowest = tg_llvm_binary (e, LLVMLShr, tg_llvm_binary (e, LLVMMul, a0, b0), half);
  LLVMValueRef mid = tg_llvm_binary (e, LLVMAdd, tg_llvm_binary (e, LLVMMul, a1, b0), lowest);
  LLVMValueRef other = tg_llvm_binary (e, LLVMAdd, tg_llvm_binary (e, LLVMAnd, mid, low),
                                       tg_llvm_binary (e, LLVMMul, a0, b1));
  LLVMValueRef upper = tg_llvm_binary (e, LLVMAdd, tg_llvm_binary (e, LLVMMul, a1, b1),
                                       tg_llvm_binary (e, LLVMLShr, mid, half));

  return tg_llvm_binary (e, LLVMAdd, upper, tg_llvm_binary (e, LLVMLShr, other, half));
}

static LLVMValueRef
find_table (TgLlvmEmitter *e,
            const char    *name,
            const guint64 *table,
            guint          n)
{
  LLVMTypeRef i64 = LLVMInt64TypeInContext (e->context);
  LLVMValueRef found = LLVMGetNamedGlobal (e->module, name);
  g_autofree LLVMValueRef *elements = NULL;

  if (found != NULL)
    return found;

  elements = g_new (LLVMValueRef, n);
  for (guint i = 0; i < n; i++)
    elements[i] = LLVMConstInt (i64, table[i], FALSE);

  found = LLVMAddGlobal (e->module, LLVMArrayType (i64, n), name);
  LLVMSetInitializer (found, LLVMConstArray (i64, elements, n));
  LLVMSetGlobalConstant (found, TRUE);
  LLVMSetLinkage (found, LLVMPrivateLinkage);
  return found;
}

LLVMValueRef
tg_llvm_look_up (TgLlvmEmitter *e,
                 const char    *name,
                 const guint64 *table,
                 guint          n,
                 LLVMValueRef   index)
{
  LLVMTypeRef i64 = LLVMInt64TypeInContext (e->context);
  LLVMTypeRef types[2];
  LLVMValueRef base, arguments[4];
  guint id = LLVMLookupIntrinsicID ("llvm.masked.gather", strlen ("llvm.masked.gather"));

  if (!tg_llvm_step (e))
    return index;

  base = LLVMBuildBitCast (e->builder, find_table (e, name, table, n),
                           tg_llvm_pointer_type (e, i64), "");
  arguments[0] = LLVMBuildGEP2 (e->builder, i64, base, &index, 1, "");
  arguments[1] = LLVMConstInt (LLVMInt32TypeInContext (e->context), sizeof *table, FALSE);
  arguments[2] = tg_llvm_mask (e, TRUE);
  arguments[3] = tg_llvm_integer (e, e->bits, 0);
  types[0] = e->bits;
  types[1] = LLVMTypeOf (arguments[0]);
  return LLVMBuildCall2 (e->builder, LLVMIntrinsicGetType (e->context, id, types, 2),
                         LLVMGetIntrinsicDeclaration (e->module, id, types, 2), arguments, 4, "");
}

/* Whether the mask holds in a lane, as one bit. */
LLVMValueRef
tg_llvm_any (TgLlvmEmitter *e,
             LLVMValueRef   mask)
{
  LLVMTypeRef whole = LLVMIntTypeInContext (e->context, e->lanes);

  if (!tg_llvm_step (e))
    return mask;

  return LLVMBuildICmp (e->builder, LLVMIntNE,
                        LLVMBuildBitCast (e->builder, mask, whole, ""),
                        LLVMConstInt (whole, 0, FALSE), "");
}

TgLlvmRare
tg_llvm_begin_rare (TgLlvmEmitter *e,
                    LLVMValueRef   mask)
{
  TgLlvmRare rare = { 0 };
  LLVMBasicBlockRef inside;

  if (!tg_llvm_step (e))
    return rare;

  rare.before = LLVMGetInsertBlock (e->builder);
  inside = LLVMAppendBasicBlockInContext (e->context, e->function, "rare");
  rare.after = LLVMAppendBasicBlockInContext (e->context, e->function, "often");
  LLVMBuildCondBr (e->builder, tg_llvm_any (e, mask), inside, rare.after);
  LLVMPositionBuilderAtEnd (e->builder, inside);
  return rare;
}

LLVMValueRef
tg_llvm_end_rare (TgLlvmEmitter    *e,
                  const TgLlvmRare *rare,
                  LLVMValueRef      mask,
                  LLVMValueRef      a,
                  LLVMValueRef      b)
{
  LLVMValueRef chosen = tg_llvm_select (e, mask, a, b);
  LLVMBasicBlockRef blocks[2];
  LLVMValueRef values[2], result;

  if (!tg_llvm_step (e))
    return a;

  blocks[0] = rare->before;
  values[0] = b;
  blocks[1] = LLVMGetInsertBlock (e->builder);
  values[1] = chosen;
  LLVMBuildBr (e->builder, rare->after);
  LLVMPositionBuilderAtEnd (e->builder, rare->after);
  result = LLVMBuildPhi (e->builder, LLVMTypeOf (b), "");
  LLVMAddIncoming (result, values, blocks, 2);
  return result;
}

/* By squaring, until no lane has a bit left. */
LLVMValueRef
tg_llvm_whole_power (TgLlvmEmitter *e,
                     LLVMValueRef   a,
                     LLVMValueRef   b)
{
  LLVMBasicBlockRef before = LLVMGetInsertBlock (e->builder), again, after;
  LLVMValueRef zero, one, power, square, left, longer, odd, next[3];
  LLVMTypeRef type;

  if (!tg_llvm_step (e))
    return a;

  type = LLVMTypeOf (a);
  zero = tg_llvm_integer (e, type, 0);
  one = tg_llvm_integer (e, type, 1);
  again = LLVMAppendBasicBlockInContext (e->context, e->function, "again");
  after = LLVMAppendBasicBlockInContext (e->context, e->function, "power");
  LLVMBuildBr (e->builder, again);
  LLVMPositionBuilderAtEnd (e->builder, again);
  power = LLVMBuildPhi (e->builder, type, "");
  square = LLVMBuildPhi (e->builder, type, "");
  left = LLVMBuildPhi (e->builder, type, "");

  odd = LLVMBuildICmp (e->builder, LLVMIntNE, LLVMBuildAnd (e->builder, left, one, ""), zero, "");
  longer = LLVMBuildMul (e->builder, power, square, "");
  next[0] = LLVMBuildSelect (e->builder, odd, longer, power, "");
  next[1] = LLVMBuildMul (e->builder, square, square, "");
  next[2] = LLVMBuildLShr (e->builder, left, one, "");
  LLVMBuildCondBr (e->builder,
                   tg_llvm_any (e, LLVMBuildICmp (e->builder, LLVMIntNE, next[2], zero, "")),
                   again, after);

  LLVMAddIncoming (power, (LLVMValueRef[]) { one, next[0] },
                   (LLVMBasicBlockRef[]) { before, again }, 2);
  LLVMAddIncoming (square, (LLVMValueRef[]) { a, next[1] },
                   (LLVMBasicBlockRef[]) { before, again }, 2);
  LLVMAddIncoming (left, (LLVMValueRef[]) { b, next[2] },
                   (LLVMBasicBlockRef[]) { before, again }, 2);
  LLVMPositionBuilderAtEnd (e->builder, after);
  return next[0];
}
