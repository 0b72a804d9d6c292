/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-cpu-native-private.h"

#include <string.h>

/* Room for the last elements of an operand: those of no dtype are larger than 16 bytes. */
typedef struct
{
  char bytes[TG_CPU_LOOP_MULTIPLE * 16];
} Padding;

TgCpuNative *
tg_cpu_native_new (TgCpuLoopFunc    func,
                   const TgCpuLoop *loop)
{
  TgCpuNative *self = g_new0 (TgCpuNative, 1);

  self->func = func;
  self->n_operands = loop->n_operands;
  self->operands = g_malloc0_n (loop->n_operands, sizeof *self->operands);
  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      if (step->kind != TG_CPU_STEP_LOAD && step->kind != TG_CPU_STEP_STORE)
        continue;

      self->operands[step->operand].size = (guint8) tg_dtype_get_size (step->dtype);
      if (step->kind == TG_CPU_STEP_LOAD)
        self->operands[step->operand].read = TRUE;
      else
        self->operands[step->operand].written = TRUE;
    }

  return self;
}

void
tg_cpu_native_free (TgCpuNative *self)
{
  g_free (self->operands);
  g_free (self);
}

/* What is behind the last element is zero, for which no operator takes longer than for others. */
static void
run_padded (const TgCpuNative *self,
            gsize              from,
            gsize              rest,
            char *const       *data)
{
  Padding *paddings = g_newa (Padding, self->n_operands);
  char **padded = g_newa (char *, self->n_operands);

  for (guint k = 0; k < self->n_operands; k++)
    {
      gsize size = self->operands[k].size;

      padded[k] = paddings[k].bytes;
      if (!self->operands[k].read)
        continue;

      memcpy (padded[k], data[k] + from * size, rest * size);
      memset (padded[k] + rest * size, 0, (TG_CPU_LOOP_MULTIPLE - rest) * size);
    }

  self->func (TG_CPU_LOOP_MULTIPLE, padded);
  for (guint k = 0; k < self->n_operands; k++)
    if (self->operands[k].written)
      memcpy (data[k] + from * self->operands[k].size, padded[k], rest * self->operands[k].size);
}

void
tg_cpu_native_run (const TgCpuNative *self,
                   gsize              count,
                   char *const       *data)
{
  gsize rest = count % TG_CPU_LOOP_MULTIPLE;

  if (count > rest)
    self->func (count - rest, data);
  if (rest > 0)
    run_padded (self, count - rest, rest, data);
}
