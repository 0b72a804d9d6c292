/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-llvm-emitter-private.h"

/*
 * A loop over whole vectors.  What is left of the elements goes through it once more, from padded
 * copies: so there is but one body to compile, which is what takes time.
 */

typedef struct
{
  LLVMTypeRef  element;
  LLVMTypeRef  stored;  /* the same, but a byte for a bool */
  guint        size;
  gboolean     read;
  gboolean     written;
  LLVMValueRef memory;
  LLVMValueRef padded;
  LLVMValueRef base;    /* one of the two */
} Operand;

typedef struct
{
  TgLlvmEmitter   *e;
  const TgCpuLoop *loop;
  Operand         *operands;
  LLVMTypeRef      size;     /* that of gsize */
  LLVMValueRef     count;
  LLVMValueRef     whole;    /* what of it is in whole vectors */
  LLVMValueRef     rest;
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
      operand->read |= step->kind == TG_CPU_STEP_LOAD;
      operand->written |= step->kind == TG_CPU_STEP_STORE;
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

  place = get_place (f, operand->stored, operand->base, index, type);
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
  store (f, value, get_place (f, operand->stored, operand->base, index, type), operand->size);
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

/* Begins a loop of index = 0, step, 2 step, ..., whose body follows. */
static LLVMValueRef
begin_loop (Function   *f,
            const char *name)
{
  LLVMBasicBlockRef before = LLVMGetInsertBlock (f->e->builder);
  LLVMBasicBlockRef body = add_block (f, name);
  LLVMValueRef zero = number (f, 0), index;

  LLVMBuildBr (f->e->builder, body);
  LLVMPositionBuilderAtEnd (f->e->builder, body);
  index = LLVMBuildPhi (f->e->builder, f->size, "i");
  LLVMAddIncoming (index, &zero, &before, 1);
  return index;
}

/* Ends it, where the index reaches the limit; it had at least one round. */
static void
end_loop (Function         *f,
          LLVMValueRef      index,
          guint             step,
          LLVMValueRef      limit,
          LLVMBasicBlockRef after)
{
  LLVMBasicBlockRef body = LLVMGetInstructionParent (index);
  LLVMBasicBlockRef last = LLVMGetInsertBlock (f->e->builder);
  LLVMValueRef next = LLVMBuildAdd (f->e->builder, index, number (f, step), "");
  LLVMValueRef more = LLVMBuildICmp (f->e->builder, LLVMIntULT, next, limit, "");

  LLVMBuildCondBr (f->e->builder, more, body, after);
  LLVMAddIncoming (index, &next, &last, 1);
  LLVMPositionBuilderAtEnd (f->e->builder, after);
}

/* Copies what is left of the elements to where there is a vector of them, or back. */
static void
emit_copies (Function         *f,
             gboolean          back,
             LLVMBasicBlockRef after)
{
  LLVMValueRef index = begin_loop (f, back ? "back" : "copy");
  LLVMValueRef at = LLVMBuildAdd (f->e->builder, f->whole, index, "");

  for (guint k = 0; k < f->loop->n_operands; k++)
    {
      Operand *operand = &f->operands[k];
      LLVMTypeRef type = operand->stored;
      LLVMValueRef place, padded;

      if (back ? !operand->written : !operand->read)
        continue;

      place = get_place (f, type, operand->memory, at, type);
      padded = get_place (f, type, operand->padded, index, type);
      if (back)
        store (f, load (f, type, padded, operand->size), place, operand->size);
      else
        store (f, load (f, type, place, operand->size), padded, operand->size);
    }

  end_loop (f, index, 1, f->rest, after);
}

/* Finds the operands' memory, and makes room for a vector of each. */
static void
emit_entry (Function *f)
{
  LLVMBuilderRef builder = f->e->builder;
  LLVMValueRef data = LLVMGetParam (f->e->function, 1);
  guint lanes = f->e->machine->lanes;

  for (guint k = 0; k < f->loop->n_operands; k++)
    {
      Operand *operand = &f->operands[k];
      LLVMTypeRef pointer = tg_llvm_pointer_type (f->e, operand->stored), room;
      LLVMValueRef index = number (f, k), place;

      if (operand->stored == NULL)
        continue;

      place = get_place (f, tg_llvm_pointer_type (f->e, LLVMInt8TypeInContext (f->e->context)),
                         data, index, pointer);
      operand->memory = load (f, pointer, place, sizeof (gpointer));
      room = tg_llvm_vector_type (f->e, operand->stored);
      operand->padded = LLVMBuildAlloca (builder, room, "");
      LLVMBuildStore (builder, LLVMConstNull (room), operand->padded);
      operand->padded = LLVMBuildBitCast (builder, operand->padded, pointer, "");
    }

  f->count = LLVMGetParam (f->e->function, 0);
  f->rest = LLVMBuildAnd (builder, f->count, number (f, lanes - 1), "");
  f->whole = LLVMBuildSub (builder, f->count, f->rest, "");
}

static LLVMValueRef
choose (Function         *f,
        LLVMValueRef      first,
        LLVMBasicBlockRef entry,
        LLVMValueRef      second,
        LLVMBasicBlockRef again)
{
  LLVMValueRef chosen = LLVMBuildPhi (f->e->builder, LLVMTypeOf (first), "");

  LLVMAddIncoming (chosen, (LLVMValueRef[]) { first, second },
                   (LLVMBasicBlockRef[]) { entry, again }, 2);
  return chosen;
}

static void
emit_body (Function *f)
{
  LLVMBuilderRef builder = f->e->builder;
  LLVMTypeRef i1 = LLVMInt1TypeInContext (f->e->context);
  LLVMBasicBlockRef entry = LLVMGetInsertBlock (builder);
  LLVMBasicBlockRef vectors = add_block (f, "vectors"), after = add_block (f, "after");
  LLVMBasicBlockRef tail = add_block (f, "tail"), pad = add_block (f, "pad");
  LLVMBasicBlockRef padded = add_block (f, "padded"), back = add_block (f, "back");
  LLVMBasicBlockRef done = add_block (f, "done");
  LLVMValueRef none, limit, whole, index;

  none = LLVMBuildICmp (builder, LLVMIntEQ, f->whole, number (f, 0), "");
  LLVMBuildCondBr (builder, none, tail, vectors);

  LLVMPositionBuilderAtEnd (builder, tail);
  none = LLVMBuildICmp (builder, LLVMIntEQ, f->rest, number (f, 0), "");
  LLVMBuildCondBr (builder, none, done, pad);
  LLVMPositionBuilderAtEnd (builder, pad);
  emit_copies (f, FALSE, padded);
  LLVMBuildBr (builder, vectors);

  LLVMPositionBuilderAtEnd (builder, vectors);
  for (guint k = 0; k < f->loop->n_operands; k++)
    if (f->operands[k].stored != NULL)
      f->operands[k].base = choose (f, f->operands[k].memory, entry, f->operands[k].padded, padded);
  limit = choose (f, f->whole, entry, number (f, f->e->machine->lanes), padded);
  whole = choose (f, LLVMConstInt (i1, 1, FALSE), entry, LLVMConstInt (i1, 0, FALSE), padded);
  index = begin_loop (f, "loop");
  emit_steps (f, index);
  end_loop (f, index, f->e->machine->lanes, limit, after);
  LLVMBuildCondBr (builder, whole, tail, back);

  LLVMPositionBuilderAtEnd (builder, back);
  emit_copies (f, TRUE, done);
  LLVMBuildRetVoid (builder);
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
  tg_llvm_set_width (e, TG_DTYPE_FLOAT64);
  if (!find_operands (&f))
    {
      tg_llvm_fail (e);
      return;
    }

  LLVMPositionBuilderAtEnd (e->builder, add_block (&f, "entry"));
  emit_entry (&f);
  emit_body (&f);
}
