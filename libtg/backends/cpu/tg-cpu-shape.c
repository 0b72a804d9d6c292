/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-private.h"

#include "tg-contraction-private.h"

/* Of some values nothing but the shape is asked: gradients are brought to the shape of what they
 * are for, and that may be a sum of which no element is used. */

TgTensor *
tg_cpu_make_hollow (double         number,
                    TgDType        dtype,
                    const gint64  *shape,
                    guint          ndim,
                    GError       **error)
{
  g_autoptr (TgTensor) given = tg_tensor_new_double (number);
  g_autoptr (TgTensor) element = tg_tensor_astype (given, dtype, error);

  return element != NULL ? tg_tensor_broadcast_to (element, shape, ndim, error) : NULL;
}

/* FALSE where shapes do not fit. */
static gboolean
find_shape (TgVariable      *variable,
            const guint     *operands,
            TgTensor *const *slots,
            gint64          *shape)
{
  const TgContraction *contraction;
  gint64 sizes[TG_MAX_NDIM];
  gboolean fits = TRUE;

  for (guint i = 0; i < variable->type->ndim; i++)
    shape[i] = 1;

  if (variable->op->form != TG_FORM_CONTRACT)
    {
      for (guint i = 0; i < variable->n_inputs && fits; i++)
        fits = tg_shape_broadcast (shape, variable->type->ndim, slots[operands[i]]->shape,
                                   slots[operands[i]]->ndim);
      return fits;
    }

  contraction = tg_variable_get_contraction (variable);
  fits = tg_contraction_sizes (contraction, slots[operands[0]]->shape, slots[operands[1]]->shape,
                               sizes, NULL);
  for (guint i = 0; i < variable->type->ndim && fits; i++)
    shape[i] = sizes[contraction->letters[2][i]];

  return fits;
}

gboolean
tg_cpu_run_shape (const TgProgram      *program,
                  const TgInstruction  *instruction,
                  TgTensor            **slots,
                  const TgRunOptions   *options,
                  GError              **error)
{
  TgVariable *variable = instruction->variable;
  gint64 shape[TG_MAX_NDIM];

  /* The operator itself knows how to say what is wrong. */
  if (!find_shape (variable, tg_program_get_operands (program, instruction), slots, shape))
    return tg_reference_run_instruction (program, instruction, NULL, slots, options, error);

  slots[instruction->output] = tg_cpu_make_hollow (0, variable->type->dtype, shape,
                                                   variable->type->ndim, error);

  return slots[instruction->output] != NULL;
}
