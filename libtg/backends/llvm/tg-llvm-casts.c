/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-llvm-emitter-private.h"

/* Conversions as kernels/casts.h has them. */

static LLVMValueRef
cast_to_bool (TgLlvmEmitter *e,
              LLVMValueRef   a)
{
  LLVMTypeRef type = LLVMTypeOf (a);

  return tg_llvm_is_real (a)
         ? tg_llvm_compare_real (e, LLVMRealUNE, a, tg_llvm_real (e, type, 0))
         : tg_llvm_compare (e, LLVMIntNE, a, tg_llvm_integer (e, type, 0));
}

/* Of floats that do not fit, of nan too, the least integer.  Where the width of the integer is more
 * than a float can say, the first that is too small is not between two floats. */
static LLVMValueRef
truncate_real (TgLlvmEmitter *e,
               LLVMValueRef   a,
               TgDType        to,
               LLVMTypeRef    type)
{
  LLVMTypeRef f64 = tg_llvm_vector_type (e, LLVMDoubleTypeInContext (e->context));
  guint bits = LLVMGetIntTypeWidth (LLVMGetElementType (type));
  gboolean is_signed = tg_llvm_is_signed (to);
  double above = is_signed ? (double) (G_GUINT64_CONSTANT (1) << (bits - 1))
                           : 2 * (double) (G_GUINT64_CONSTANT (1) << (bits - 1));
  double below = !is_signed ? -1 : bits == 64 ? -above : -above - 1;
  guint64 least = is_signed ? G_GUINT64_CONSTANT (1) << (bits - 1) : 0;
  LLVMValueRef wide = LLVMTypeOf (a) == f64 ? a : tg_llvm_convert (e, LLVMFPExt, a, f64);
  LLVMValueRef fits = tg_llvm_binary (
    e, LLVMAnd,
    tg_llvm_compare_real (e, LLVMRealOGT, wide, tg_llvm_real (e, f64, below)),
    tg_llvm_compare_real (e, LLVMRealOLT, wide, tg_llvm_real (e, f64, above)));
  LLVMValueRef in = tg_llvm_select (e, fits, wide, tg_llvm_real (e, f64, 0));
  LLVMValueRef whole = tg_llvm_convert (e, is_signed ? LLVMFPToSI : LLVMFPToUI, in, type);

  return tg_llvm_select (e, fits, whole, tg_llvm_integer (e, type, least));
}

gboolean
tg_llvm_is_signed (TgDType dtype)
{
  return dtype >= TG_DTYPE_INT8 && dtype <= TG_DTYPE_INT64;
}

LLVMValueRef
tg_llvm_cast (TgLlvmEmitter *e,
              LLVMValueRef   a,
              TgDType        from,
              TgDType        to)
{
  LLVMTypeRef element = tg_llvm_element_type (e, to), type;

  if (e->failed || element == NULL)
    return tg_llvm_fail (e);
  if (from == to)
    return a;
  if (to == TG_DTYPE_BOOL)
    return cast_to_bool (e, a);

  type = tg_llvm_vector_type (e, element);
  if (from == TG_DTYPE_FLOAT64 && to == TG_DTYPE_FLOAT32)
    return tg_llvm_convert (e, LLVMFPTrunc, a, type);
  if (from == TG_DTYPE_FLOAT32 && to == TG_DTYPE_FLOAT64)
    return tg_llvm_convert (e, LLVMFPExt, a, type);
  if (tg_llvm_is_real (a))
    return truncate_real (e, a, to, type);
  if (to == TG_DTYPE_FLOAT32 || to == TG_DTYPE_FLOAT64)
    return tg_llvm_convert (e, tg_llvm_is_signed (from) ? LLVMSIToFP : LLVMUIToFP, a, type);

  if (LLVMGetIntTypeWidth (element) < LLVMGetIntTypeWidth (LLVMGetElementType (LLVMTypeOf (a))))
    return tg_llvm_convert (e, LLVMTrunc, a, type);
  if (LLVMTypeOf (a) == type)
    return a;

  return tg_llvm_convert (e, tg_llvm_is_signed (from) ? LLVMSExt : LLVMZExt, a, type);
}
