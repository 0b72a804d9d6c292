/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-llvm-emitter-private.h"

#include <string.h>

#include <llvm-c/Analysis.h>
#include <llvm-c/Target.h>
#include <llvm-c/TargetMachine.h>

/* The longest kernel to compile, in instructions before optimisation. */
#define MOST_INSTRUCTIONS 1000

typedef struct
{
  TgLlvmTarget         wanted;
  LLVMTargetMachineRef target_machine;
  char                *triple;
  char                *cpu;
  char                *features;
  TgLlvmMachine        machine;
} Target;

typedef struct
{
  TgLlvmEmitter emitter;
  const Target *target;
} Compiler;

static void
target_free (Target *target)
{
  g_clear_pointer (&target->target_machine, LLVMDisposeTargetMachine);
  g_free ((char *) target->wanted.triple);
  g_free ((char *) target->wanted.cpu);
  g_free ((char *) target->wanted.features);
  g_free (target->triple);
  g_free (target->cpu);
  g_free (target->features);
  g_free (target);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Target, target_free)

/* A machine of LLVM's is for one thread, and takes longer to make than a small loop to compile. */
static GPrivate last_target = G_PRIVATE_INIT ((GDestroyNotify) target_free);

static char *
take_message (char *message)
{
  char *copy = g_strdup (message);

  LLVMDisposeMessage (message);
  return copy;
}

static gboolean
has_feature (const Target *target,
             const char   *feature)
{
  g_auto (GStrv) features = g_strsplit (target->features, ",", -1);

  return g_strv_contains ((const char *const *) features, feature);
}

static void
describe_machine (Target *target)
{
  guint level = 1;

  if (!g_str_has_prefix (target->triple, "x86_64"))
    {
      target->machine = (TgLlvmMachine) { .lanes = 2, .fma = TRUE, .rounding = TRUE };
      return;
    }

  if (g_str_has_prefix (target->cpu, "x86-64-v"))
    level = (guint) g_ascii_digit_value (target->cpu[strlen ("x86-64-v")]);
  target->machine.rounding = level >= 2 || has_feature (target, "+sse4.1");
  target->machine.fma = level >= 3 || has_feature (target, "+fma");
  if (level >= 4 || (has_feature (target, "+avx512f") && has_feature (target, "+avx512vl")
                     && has_feature (target, "+avx512dq") && has_feature (target, "+avx512bw")))
    {
      target->machine.lanes = 8;
      target->machine.scaling = TRUE;
    }
  else
    target->machine.lanes = level >= 3 || has_feature (target, "+avx2") ? 4 : 2;
}

/* That of this machine takes a tenth of a millisecond, and all there are take one. */
static void
initialize_llvm (gboolean all)
{
  static gsize done[2] = { 0, 0 };

  if (!g_once_init_enter (&done[all]))
    return;

  if (all)
    {
      LLVMInitializeAllTargetInfos ();
      LLVMInitializeAllTargets ();
      LLVMInitializeAllTargetMCs ();
      LLVMInitializeAllAsmPrinters ();
    }
  else
    {
      LLVMInitializeNativeTarget ();
      LLVMInitializeNativeAsmPrinter ();
    }
  g_once_init_leave (&done[all], 1);
}

static Target *
target_new (const TgLlvmTarget *wanted,
            GError            **error)
{
  g_autoptr (Target) target = g_new0 (Target, 1);
  LLVMTargetRef kind;
  char *message = NULL;

  initialize_llvm (wanted->triple != NULL);
  target->wanted.triple = g_strdup (wanted->triple);
  target->wanted.cpu = g_strdup (wanted->cpu);
  target->wanted.features = g_strdup (wanted->features);
  target->triple = wanted->triple != NULL ? g_strdup (wanted->triple)
                                          : take_message (LLVMGetDefaultTargetTriple ());
  target->cpu = wanted->cpu != NULL ? g_strdup (wanted->cpu)
                                    : take_message (LLVMGetHostCPUName ());
  target->features = wanted->cpu == NULL ? take_message (LLVMGetHostCPUFeatures ())
                                         : g_strdup (wanted->features ? wanted->features : "");
  describe_machine (target);
  if (LLVMGetTargetFromTriple (target->triple, &kind, &message))
    {
      g_autofree char *text = take_message (message);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "LLVM cannot compile for “%s”: %s",
                   target->triple, text);
      return NULL;
    }

  target->target_machine = LLVMCreateTargetMachine (kind, target->triple, target->cpu,
                                                    target->features, LLVMCodeGenLevelDefault,
                                                    LLVMRelocPIC, LLVMCodeModelDefault);
  return g_steal_pointer (&target);
}

/* Valid until the thread asks for another one. */
static const Target *
find_target (const TgLlvmTarget *wanted,
             GError            **error)
{
  const TgLlvmTarget none = { NULL };
  Target *found = g_private_get (&last_target);

  wanted = wanted != NULL ? wanted : &none;
  if (found != NULL && g_strcmp0 (found->wanted.triple, wanted->triple) == 0
      && g_strcmp0 (found->wanted.cpu, wanted->cpu) == 0
      && g_strcmp0 (found->wanted.features, wanted->features) == 0)
    return found;

  found = target_new (wanted, error);
  g_private_replace (&last_target, found);
  return found;
}

/* Messages of LLVM's that are no errors have nobody to read them. */
static void
ignore_diagnostic (LLVMDiagnosticInfoRef info,
                   void                 *user_data)
{
}

static void
compiler_init (Compiler            *self,
               const TgLlvmMachine *machine)
{
  TgLlvmEmitter *e = &self->emitter;

  *e = (TgLlvmEmitter) { .context = LLVMContextCreate (), .machine = machine };
  LLVMContextSetDiagnosticHandler (e->context, ignore_diagnostic, NULL);
  e->module = LLVMModuleCreateWithNameInContext ("loops", e->context);
  e->builder = LLVMCreateBuilderInContext (e->context);
}

static void
compiler_set_target (Compiler     *self,
                     const Target *target)
{
  LLVMTargetDataRef layout = LLVMCreateTargetDataLayout (target->target_machine);

  self->target = target;
  LLVMSetTarget (self->emitter.module, target->triple);
  LLVMSetModuleDataLayout (self->emitter.module, layout);
  LLVMDisposeTargetData (layout);
}

static void
compiler_clear (Compiler *self)
{
  if (self->emitter.context == NULL)
    return;

  LLVMDisposeBuilder (self->emitter.builder);
  LLVMDisposeModule (self->emitter.module);
  LLVMContextDispose (self->emitter.context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Compiler, compiler_clear)

static void
add_attribute (Compiler   *self,
               const char *name,
               const char *value)
{
  LLVMAttributeRef attribute = LLVMCreateStringAttribute (
    self->emitter.context, name, (unsigned int) strlen (name), value,
    (unsigned int) strlen (value));

  LLVMAddAttributeAtIndex (self->emitter.function, (LLVMAttributeIndex) LLVMAttributeFunctionIndex,
                           attribute);
}

/* Without these LLVM takes vectors of half the width. */
static void
add_attributes (Compiler *self)
{
  g_autofree char *width = g_strdup_printf ("%u", 64 * self->target->machine.lanes);
  unsigned int nounwind = LLVMGetEnumAttributeKindForName ("nounwind", strlen ("nounwind"));

  LLVMAddAttributeAtIndex (self->emitter.function, (LLVMAttributeIndex) LLVMAttributeFunctionIndex,
                           LLVMCreateEnumAttribute (self->emitter.context, nounwind, 0));
  add_attribute (self, "target-cpu", self->target->cpu);
  add_attribute (self, "target-features", self->target->features);
  add_attribute (self, "prefer-vector-width", width);
  add_attribute (self, "min-legal-vector-width", width);
}

/* Emits the operator once, to see how long its kernel is. */
static gboolean
try_operator (TgOpId  op,
              TgDType dtype)
{
  const TgLlvmMachine machine = { .lanes = 2, .fma = TRUE, .rounding = TRUE };
  const TgLlvmOperator *operator = &tg_llvm_operators[op][dtype];
  g_auto (Compiler) compiler = { 0 };
  TgLlvmEmitter *e = &compiler.emitter;
  LLVMTypeRef types[TG_OP_MAX_INPUTS], signature;
  LLVMValueRef inputs[TG_OP_MAX_INPUTS];

  if (operator->emit == NULL)
    return FALSE;

  compiler_init (&compiler, &machine);
  e->limit = MOST_INSTRUCTIONS;
  e->lanes = machine.lanes;
  tg_llvm_set_width (e, dtype);
  for (guint i = 0; i < operator->n_inputs; i++)
    {
      TgDType of_input = operator->conditions & 1u << i ? TG_DTYPE_BOOL : dtype;

      types[i] = tg_llvm_vector_type (e, tg_llvm_element_type (e, of_input));
    }

  signature = LLVMFunctionType (LLVMVoidTypeInContext (e->context), types, operator->n_inputs, 0);
  e->function = LLVMAddFunction (e->module, "try", signature);
  LLVMGetParams (e->function, inputs);
  LLVMPositionBuilderAtEnd (e->builder,
                            LLVMAppendBasicBlockInContext (e->context, e->function, ""));
  operator->emit (e, inputs);
  return !e->failed;
}

gboolean
tg_llvm_supports (TgOpId  op,
                  TgDType dtype)
{
  enum { UNKNOWN, NO, YES };
  static gint known[TG_N_OPS][TG_N_DTYPES];
  gint found;

  g_return_val_if_fail (op < TG_N_OPS && dtype < TG_N_DTYPES, FALSE);

  found = g_atomic_int_get (&known[op][dtype]);
  if (found == UNKNOWN)
    {
      found = try_operator (op, dtype) ? YES : NO;
      g_atomic_int_set (&known[op][dtype], found);
    }

  return found == YES;
}

static gboolean
is_supported (const TgCpuLoop *loop)
{
  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      if (step->kind == TG_CPU_STEP_APPLY && !tg_llvm_supports (step->op, step->dtype))
        return FALSE;
    }

  return TRUE;
}

static gboolean
fill_module (Compiler               *self,
             const TgCpuLoop *const *loops,
             guint                   n_loops,
             GError                **error)
{
  g_autofree char *text = NULL;
  char *message = NULL;

  for (guint i = 0; i < n_loops; i++)
    {
      g_autofree char *name = g_strdup_printf ("loop%u", i);

      if (!is_supported (loops[i]))
        continue;

      self->emitter.failed = FALSE;
      tg_llvm_emit_loop (&self->emitter, loops[i], name);
      if (self->emitter.failed)
        LLVMDeleteFunction (self->emitter.function);
      else
        add_attributes (self);
    }

  if (!LLVMVerifyModule (self->emitter.module, LLVMReturnStatusAction, &message))
    {
      LLVMDisposeMessage (message);
      return TRUE;
    }

  text = take_message (message);
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "A loop is not valid to LLVM: %s", text);
  return FALSE;
}

/* No passes: instcombine takes a fifth of the time that this does, and loops are not faster. */
static GBytes *
emit (Compiler            *self,
      LLVMCodeGenFileType  type,
      GError             **error)
{
  LLVMTargetMachineRef machine = self->target->target_machine;
  LLVMMemoryBufferRef buffer;
  char *message = NULL;
  GBytes *object;

  if (LLVMTargetMachineEmitToMemoryBuffer (machine, self->emitter.module, type, &message,
                                           &buffer))
    {
      g_autofree char *text = take_message (message);

      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "LLVM emits no code: %s", text);
      return NULL;
    }

  object = g_bytes_new (LLVMGetBufferStart (buffer), LLVMGetBufferSize (buffer));
  LLVMDisposeMemoryBuffer (buffer);
  return object;
}

static gboolean
make_module (Compiler                *self,
             const TgCpuLoop *const  *loops,
             guint                    n_loops,
             const TgLlvmTarget      *wanted,
             GError                 **error)
{
  const Target *target = find_target (wanted, error);

  if (target == NULL)
    return FALSE;

  compiler_init (self, &target->machine);
  compiler_set_target (self, target);

  return fill_module (self, loops, n_loops, error);
}

GBytes *
tg_llvm_compile (const TgCpuLoop *const *loops,
                 guint                   n_loops,
                 const TgLlvmTarget     *wanted,
                 GError                **error)
{
  g_auto (Compiler) compiler = { 0 };

  return make_module (&compiler, loops, n_loops, wanted, error)
           ? emit (&compiler, LLVMObjectFile, error) : NULL;
}

char *
tg_llvm_print (const TgCpuLoop *const *loops,
               guint                   n_loops,
               const TgLlvmTarget     *wanted,
               GError                **error)
{
  g_auto (Compiler) compiler = { 0 };

  return make_module (&compiler, loops, n_loops, wanted, error)
           ? take_message (LLVMPrintModuleToString (compiler.emitter.module))
           : NULL;
}

char *
tg_llvm_print_assembly (const TgCpuLoop *const *loops,
                        guint                   n_loops,
                        const TgLlvmTarget     *wanted,
                        GError                **error)
{
  g_auto (Compiler) compiler = { 0 };
  g_autoptr (GBytes) text = NULL;

  if (make_module (&compiler, loops, n_loops, wanted, error))
    text = emit (&compiler, LLVMAssemblyFile, error);

  return text != NULL ? g_strndup (g_bytes_get_data (text, NULL), g_bytes_get_size (text)) : NULL;
}
