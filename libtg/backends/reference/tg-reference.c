/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-reference-private.h"

#include "tg-debug-private.h"
#include "tg-error.h"
#include "tg-origin-private.h"

const TgReferenceKernel *
tg_reference_get_kernel (TgVariable *variable)
{
  return &tg_reference_kernels[tg_op_info_get_id (variable->op)][variable->compute];
}

const gint64 *
tg_reference_get_integers (TgTensor *input)
{
  return (const gint64 *) (gconstpointer) input->data;
}

gboolean
tg_reference_broadcast (TgVariable       *variable,
                        TgTensor *const  *inputs,
                        gint64            shape[TG_MAX_NDIM],
                        guint            *ndim,
                        GError          **error)
{
  *ndim = 0;
  for (guint i = 0; i < variable->n_inputs; i++)
    *ndim = MAX (*ndim, inputs[i]->ndim);

  for (guint i = 0; i < *ndim; i++)
    shape[i] = 1;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (!tg_shape_broadcast (shape, *ndim, inputs[i]->shape, inputs[i]->ndim))
        {
          g_set_error_literal (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST,
                               "the shapes cannot be broadcast together");
          return FALSE;
        }
    }

  return TRUE;
}

TgTensor *
tg_reference_fill (TgDType        dtype,
                   const gint64  *shape,
                   guint          ndim,
                   TgTensor      *value,
                   GError       **error)
{
  g_autoptr (TgTensor) repeated = tg_tensor_broadcast_to (value, shape, ndim, error);

  return repeated != NULL ? tg_tensor_copy (repeated, dtype, error) : NULL;
}

static TgReferenceFunc
find_function (TgVariable *variable)
{
  static const TgReferenceFunc functions[TG_N_OPS] = {
#define TG_OP_FUNCTION(ID, name) [TG_OP_##ID] = tg_reference_run_##name,
#include "tg-op-functions.h"
#undef TG_OP_FUNCTION
  };

  switch (variable->op->form)
    {
    case TG_FORM_ELEMENTWISE:
      return tg_reference_run_elementwise;

    case TG_FORM_REDUCE:
      return tg_reference_run_reduce;

    case TG_FORM_CONTRACT:
      return tg_reference_run_contract;

    case TG_FORM_LAYOUT:
    case TG_FORM_OPAQUE:
    case TG_FORM_RANDOM:
    case TG_FORM_COMPOSITE:
    default:
      return functions[tg_op_info_get_id (variable->op)];
    }
}

/* The value in the dtype in which the operator wants it; integers also one behind the other. */
static TgTensor *
prepare_input (TgVariable  *variable,
               guint        number,
               TgTensor    *value,
               GError     **error)
{
  g_autoptr (TgTensor) integers = NULL;

  switch (tg_op_info_get_input (variable->op, number).kind)
    {
    case TG_INPUT_BOOL:
      return tg_tensor_astype (value, TG_DTYPE_BOOL, error);

    case TG_INPUT_INT:
    case TG_INPUT_INTS:
    case TG_INPUT_POSITIONS:
      integers = tg_tensor_astype (value, TG_DTYPE_INT64, error);
      return integers != NULL ? tg_tensor_make_contiguous (integers, error) : NULL;

    case TG_INPUT_ANY:
    default:
      return tg_tensor_astype (value, variable->compute, error);
    }
}

/* Takes the result, which may be wider than the variable. */
static TgTensor *
finish_result (TgVariable  *variable,
               TgTensor    *result,
               GError     **error)
{
  g_autoptr (TgTensor) wide = result;

  return wide != NULL ? tg_tensor_astype (wide, variable->type->dtype, error) : NULL;
}

/* That a call was cancelled is no operator's fault. */
void
tg_reference_add_place (const TgProgram      *program,
                        const TgInstruction  *instruction,
                        TgTensor *const      *slots,
                        GError              **error)
{
  TgVariable *variable = instruction->variable;
  const guint *operands = tg_program_get_operands (program, instruction);
  g_autofree TgTensorType **types = NULL;
  g_autofree char *what = NULL;

  if (error != NULL && g_error_matches (*error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  types = g_new (TgTensorType *, variable->n_inputs);
  for (guint i = 0; i < variable->n_inputs; i++)
    types[i] = tg_tensor_dup_tensor_type (slots[operands[i]]);

  what = tg_apply_describe (variable->op, variable->inputs, variable->n_inputs, types);
  g_prefix_error (error, "%s: ", what);
  tg_origin_add_place (variable, error);

  for (guint i = 0; i < variable->n_inputs; i++)
    tg_tensor_type_unref (types[i]);
}

gboolean
tg_reference_run_instruction (const TgProgram      *program,
                              const TgInstruction  *instruction,
                              TgReferenceOverride   override,
                              TgTensor            **slots,
                              const TgRunOptions   *options,
                              GError              **error)
{
  TgVariable *variable = instruction->variable;
  const guint *operands = tg_program_get_operands (program, instruction);
  TgTensor *few[TG_OP_MAX_INPUTS] = { NULL, };
  g_autofree TgTensor **many = NULL;
  TgTensor **inputs = few;
  TgTensor *result = NULL;
  gboolean is_prepared = TRUE;

  if (variable->n_inputs > G_N_ELEMENTS (few))
    inputs = many = g_new0 (TgTensor *, variable->n_inputs);

  for (guint i = 0; i < variable->n_inputs && is_prepared; i++)
    {
      inputs[i] = prepare_input (variable, i, slots[operands[i]], error);
      is_prepared = inputs[i] != NULL;
    }

  if (is_prepared)
    {
      result = override != NULL ? override (variable, inputs, options, error)
                                : find_function (variable) (variable, inputs, error);
      result = finish_result (variable, result, error);
    }

  for (guint i = 0; i < variable->n_inputs; i++)
    g_clear_pointer (&inputs[i], tg_tensor_unref);

  if (result == NULL)
    tg_reference_add_place (program, instruction, slots, error);

  slots[instruction->output] = result;

  return result != NULL;
}

/* Fails where a value is nan or infinite; `what` names it. */
static gboolean
fail_not_finite (const char   *what,
                 const char   *name,
                 const gint64 *index,
                 guint         ndim,
                 GError      **error)
{
  g_autofree char *at = ndim > 0 ? tg_shape_to_string (index, ndim) : NULL;

  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_NOT_FINITE, "%s is %s%s%s", what, name,
               at != NULL ? " at " : "", at != NULL ? at : "");

  return FALSE;
}

/* Arguments and shared values are as suspicious as results. */
static gboolean
check_finite_inputs (const TgProgram  *program,
                     TgTensor *const  *slots,
                     GError          **error)
{
  for (guint i = 0; i < program->n_inputs + program->n_shared; i++)
    {
      TgVariable *variable = program->variables->pdata[i];
      gint64 index[TG_MAX_NDIM];
      const char *name = tg_tensor_find_not_finite (slots[i], index);
      g_autofree char *what = NULL;

      if (name == NULL)
        continue;

      what = tg_variable_describe (variable, variable->type);

      return fail_not_finite (what, name, index, slots[i]->ndim, error);
    }

  return TRUE;
}

static gboolean
check_finite_result (const TgProgram      *program,
                     const TgInstruction  *instruction,
                     TgTensor *const      *slots,
                     GError              **error)
{
  TgTensor *value = slots[instruction->output];
  gint64 index[TG_MAX_NDIM];
  const char *name = tg_tensor_find_not_finite (value, index);

  if (name == NULL)
    return TRUE;

  fail_not_finite ("the result", name, index, value->ndim, error);
  tg_reference_add_place (program, instruction, slots, error);

  return FALSE;
}

static void
note_instruction (const TgInstruction  *instruction,
                  TgTensor            **slots)
{
  TgTensor *value = slots[instruction->output];
  g_autofree char *text = tg_apply_describe (instruction->variable->op,
                                             instruction->variable->inputs,
                                             instruction->variable->n_inputs, NULL);
  g_autofree char *type = tg_shape_describe (value->dtype, value->shape, value->ndim);

  TG_NOTE (RUN, "%s -> %s\n", text, type);
}

static gboolean
run (const TgProgram     *program,
     gpointer             plan G_GNUC_UNUSED,
     TgTensor           **slots,
     const TgRunOptions  *options,
     GError             **error)
{
  gboolean notes = tg_debug_enabled (TG_DEBUG_RUN);

  if (options->check_finite && !check_finite_inputs (program, slots, error))
    return FALSE;

  for (guint i = 0; i < program->instructions->len; i++)
    {
      const TgInstruction *instruction = &g_array_index (program->instructions, TgInstruction, i);
      const guint *operands = tg_program_get_operands (program, instruction);
      gint64 begin = options->profile != NULL ? tg_profile_now () : 0;

      if (!tg_run_options_check (options, error)
          || !tg_reference_run_instruction (program, instruction, NULL, slots, options, error))
        return FALSE;

      if (options->profile != NULL)
        tg_profile_add_step (options->profile, "operator", program, &i, 1, slots, begin);

      if (options->check_finite && !check_finite_result (program, instruction, slots, error))
        return FALSE;

      if (notes)
        note_instruction (instruction, slots);

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        {
          if (g_array_index (program->last_uses, guint, operands[k]) == i)
            g_clear_pointer (&slots[operands[k]], tg_tensor_unref);
        }
    }

  return TRUE;
}

const TgBackend tg_reference_backend = { .name = "reference", .run = run };
