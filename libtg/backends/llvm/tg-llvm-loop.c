/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-llvm-emitter-private.h"

/*
 * A loop over whole vectors.  What is left of the elements is not its business: compiling blocks
 * that copy them takes longer than compiling an addition, or twice if the body is there again.
 */

typedef struct
{
  LLVMTypeRef  element;
  LLVMTypeRef  stored;  /* the same, but a byte for a bool */
  guint        size;
  LLVMValueRef memory;
} Operand;

typedef struct
{
  TgLlvmEmitter   *e;
  const TgCpuLoop *loop;
  Operand         *operands;
  LLVMTypeRef      size;     /* that of gsize */
} Function;

static LLVMValueRef
number (Function *f,
        gsize     value)
{
  return LLVMConstInt (f->size, value, FALSE);
}

static LLVMBasicBlockRef
add_block (Function   *f,
           const char *name)
{
  return LLVMAppendBasicBlockInContext (f->e->context, f->e->function, name);
}

static gboolean
find_operands (Function *f)
{
  for (guint i = 0; i < f->loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (f->loop->steps, TgCpuStep, i);
      Operand *operand;

      if (step->kind != TG_CPU_STEP_LOAD && step->kind != TG_CPU_STEP_STORE)
        continue;

      operand = &f->operands[step->operand];
      operand->element = tg_llvm_element_type (f->e, step->dtype);
      operand->stored = step->dtype == TG_DTYPE_BOOL ? LLVMInt8TypeInContext (f->e->context)
                                                     : operand->element;
      if (operand->element == NULL)
        return FALSE;

      operand->size = LLVMGetTypeKind (operand->element) == LLVMDoubleTypeKind ? 8
                      : LLVMGetTypeKind (operand->element) == LLVMFloatTypeKind ? 4
                      : LLVMGetIntTypeWidth (operand->stored) / 8;
    }

  return TRUE;
}

static LLVMValueRef
get_place (Function    *f,
           LLVMTypeRef  element,
           LLVMValueRef base,
           LLVMValueRef index,
           LLVMTypeRef  accessed)
{
  LLVMValueRef place = LLVMBuildGEP2 (f->e->builder, element, base, &index, 1, "");

  return LLVMBuildBitCast (f->e->builder, place, tg_llvm_pointer_type (f->e, accessed), "");
}

static LLVMValueRef
load (Function    *f,
      LLVMTypeRef  type,
      LLVMValueRef place,
      guint        alignment)
{
  LLVMValueRef value = LLVMBuildLoad2 (f->e->builder, type, place, "");

  LLVMSetAlignment (value, alignment);
  return value;
}

static void
store (Function    *f,
       LLVMValueRef value,
       LLVMValueRef place,
       guint        alignment)
{
  LLVMSetAlignment (LLVMBuildStore (f->e->builder, value, place), alignment);
}

static LLVMValueRef
emit_load (Function    *f,
           Operand     *operand,
           LLVMValueRef index)
{
  LLVMTypeRef type = tg_llvm_vector_type (f->e, operand->stored);
  LLVMValueRef place, value;

  if (!tg_llvm_step (f->e))
    return index;

  place = get_place (f, operand->stored, operand->memory, index, type);
  value = load (f, type, place, operand->size);
  if (operand->stored == operand->element)
    return value;

  return LLVMBuildICmp (f->e->builder, LLVMIntNE, value, tg_llvm_integer (f->e, type, 0), "");
}

static void
emit_store (Function    *f,
            Operand     *operand,
            LLVMValueRef index,
            LLVMValueRef value)
{
  LLVMTypeRef type = tg_llvm_vector_type (f->e, operand->stored);

  if (!tg_llvm_step (f->e))
    return;

  if (operand->stored != operand->element)
    value = LLVMBuildZExt (f->e->builder, value, type, "");
  store (f, value, get_place (f, operand->stored, operand->memory, index, type), operand->size);
}

static LLVMValueRef
emit_apply (Function        *f,
            const TgCpuStep *step,
            LLVMValueRef    *values)
{
  TgLlvmEmitFunc emit = tg_llvm_operators[step->op][step->dtype].emit;
  LLVMValueRef inputs[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < step->n_inputs; i++)
    inputs[i] = values[step->inputs[i]];

  tg_llvm_set_width (f->e, step->dtype);
  return emit != NULL ? emit (f->e, inputs) : tg_llvm_fail (f->e);
}

static void
emit_steps (Function    *f,
            LLVMValueRef index)
{
  g_autofree LLVMValueRef *values = g_new0 (LLVMValueRef, f->loop->dtypes->len);

  for (guint i = 0; i < f->loop->steps->len && !f->e->failed; i++)
    {
      const TgCpuStep *step = &g_array_index (f->loop->steps, TgCpuStep, i);
      Operand *operand = &f->operands[step->operand];
      TgDType from;

      switch (step->kind)
        {
        case TG_CPU_STEP_LOAD:
          values[step->value] = emit_load (f, operand, index);
          break;
        case TG_CPU_STEP_CAST:
          from = g_array_index (f->loop->dtypes, TgDType, step->inputs[0]);
          values[step->value] = tg_llvm_cast (f->e, values[step->inputs[0]], from, step->dtype);
          break;
        case TG_CPU_STEP_APPLY:
          values[step->value] = emit_apply (f, step, values);
          break;
        case TG_CPU_STEP_STORE:
          emit_store (f, operand, index, values[step->inputs[0]]);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}

static void
emit_operands (Function *f)
{
  LLVMTypeRef bytes = tg_llvm_pointer_type (f->e, LLVMInt8TypeInContext (f->e->context));
  LLVMValueRef data = LLVMGetParam (f->e->function, 1);

  for (guint k = 0; k < f->loop->n_operands; k++)
    {
      Operand *operand = &f->operands[k];
      LLVMTypeRef pointer;

      if (operand->stored == NULL)
        continue;

      pointer = tg_llvm_pointer_type (f->e, operand->stored);
      operand->memory = load (f, pointer, get_place (f, bytes, data, number (f, k), pointer),
                              sizeof (gpointer));
    }
}

/* The count is at least that of one vector. */
static void
emit_body (Function *f)
{
  LLVMBuilderRef builder = f->e->builder;
  LLVMBasicBlockRef entry = LLVMGetInsertBlock (builder), last;
  LLVMBasicBlockRef body = add_block (f, "body"), done = add_block (f, "done");
  LLVMValueRef index, next, more, zero = number (f, 0);

  LLVMBuildBr (builder, body);
  LLVMPositionBuilderAtEnd (builder, body);
  index = LLVMBuildPhi (builder, f->size, "i");
  emit_steps (f, index);

  next = LLVMBuildAdd (builder, index, number (f, f->e->lanes), "");
  more = LLVMBuildICmp (builder, LLVMIntULT, next, LLVMGetParam (f->e->function, 0), "");
  last = LLVMGetInsertBlock (builder);
  LLVMBuildCondBr (builder, more, body, done);
  LLVMAddIncoming (index, (LLVMValueRef[]) { zero, next }, (LLVMBasicBlockRef[]) { entry, last },
                   2);
  LLVMPositionBuilderAtEnd (builder, done);
  LLVMBuildRetVoid (builder);
}

static gboolean
is_wide (TgLlvmEmitter *e,
         TgDType        dtype)
{
  LLVMTypeRef type = tg_llvm_element_type (e, dtype);

  return type == LLVMDoubleTypeInContext (e->context)
         || type == LLVMInt64TypeInContext (e->context);
}

/* Where operators compute with narrow values alone, a vector has twice as many. */
static guint
count_lanes (TgLlvmEmitter   *e,
             const TgCpuLoop *loop)
{
  guint lanes = e->machine->lanes;

  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      if (step->kind != TG_CPU_STEP_APPLY)
        continue;
      if (is_wide (e, step->dtype))
        return e->machine->lanes;

      lanes = 2 * e->machine->lanes;
    }

  return lanes;
}

/* A function of that name in the module.  If the emitter fails, it is not whole. */
void
tg_llvm_emit_loop (TgLlvmEmitter   *e,
                   const TgCpuLoop *loop,
                   const char      *name)
{
  g_autofree Operand *operands = g_new0 (Operand, loop->n_operands);
  Function f = { .e = e, .loop = loop, .operands = operands };
  LLVMTypeRef byte = LLVMInt8TypeInContext (e->context), parameters[2];
  LLVMTypeRef result = LLVMVoidTypeInContext (e->context);

  f.size = LLVMInt64TypeInContext (e->context);
  parameters[0] = f.size;
  parameters[1] = tg_llvm_pointer_type (e, tg_llvm_pointer_type (e, byte));
  e->function = LLVMAddFunction (e->module, name, LLVMFunctionType (result, parameters, 2, FALSE));
  e->lanes = count_lanes (e, loop);
  tg_llvm_set_width (e, TG_DTYPE_FLOAT64);
  if (!find_operands (&f))
    {
      tg_llvm_fail (e);
      return;
    }

  LLVMPositionBuilderAtEnd (e->builder, add_block (&f, "entry"));
  emit_operands (&f);
  emit_body (&f);
}
