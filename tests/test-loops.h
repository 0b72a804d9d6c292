/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Loops as the CPU backend makes them, and numbers to run them on.
 */

#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include "tg-cpu-loop-private.h"
#include "tg-dtype-private.h"

static TgCpuLoop *
loop_new (void)
{
  TgCpuLoop *loop = g_new0 (TgCpuLoop, 1);

  loop->steps = g_array_new (FALSE, TRUE, sizeof (TgCpuStep));
  loop->dtypes = g_array_new (FALSE, FALSE, sizeof (TgDType));
  return loop;
}

static void
loop_free (TgCpuLoop *loop)
{
  g_array_unref (loop->steps);
  g_array_unref (loop->dtypes);
  g_free (loop);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgCpuLoop, loop_free)

static guint
loop_load (TgCpuLoop *loop,
           TgDType    dtype,
           guint      operand)
{
  TgCpuStep step = { .kind = TG_CPU_STEP_LOAD, .dtype = dtype, .operand = operand };

  step.value = loop->dtypes->len;
  loop->n_operands = MAX (loop->n_operands, operand + 1);
  g_array_append_val (loop->dtypes, dtype);
  g_array_append_val (loop->steps, step);
  return step.value;
}

static void
loop_store (TgCpuLoop *loop,
            guint      value,
            guint      operand)
{
  TgCpuStep step = { .kind = TG_CPU_STEP_STORE, .operand = operand, .n_inputs = 1 };

  step.inputs[0] = value;
  step.dtype = g_array_index (loop->dtypes, TgDType, value);
  loop->n_operands = MAX (loop->n_operands, operand + 1);
  g_array_append_val (loop->steps, step);
}

static guint G_GNUC_UNUSED
loop_cast (TgCpuLoop *loop,
           guint      value,
           TgDType    dtype)
{
  TgCpuStep step = { .kind = TG_CPU_STEP_CAST, .dtype = dtype, .n_inputs = 1 };

  step.inputs[0] = value;
  step.value = loop->dtypes->len;
  g_array_append_val (loop->dtypes, dtype);
  g_array_append_val (loop->steps, step);
  return step.value;
}

/* Of operators of numbers the dtype of the result. */
static TgDType
get_result (const TgOpInfo *info,
            TgDType         dtype)
{
  gboolean is_bool = info->rule == TG_RULE_COMPARE || info->rule == TG_RULE_CLASSIFY
                     || info->rule == TG_RULE_LOGICAL;

  return is_bool ? TG_DTYPE_BOOL : dtype;
}

static guint
loop_apply (TgCpuLoop   *loop,
            TgOpId       op,
            TgDType      dtype,
            const guint *inputs)
{
  TgCpuStep step = { .kind = TG_CPU_STEP_APPLY, .op = op, .dtype = dtype };
  TgDType result = get_result (&tg_ops[op], dtype);

  step.n_inputs = tg_ops[op].n_inputs;
  step.value = loop->dtypes->len;
  for (guint i = 0; i < step.n_inputs; i++)
    step.inputs[i] = inputs[i];
  g_array_append_val (loop->dtypes, result);
  g_array_append_val (loop->steps, step);
  return step.value;
}

static guint G_GNUC_UNUSED
loop_apply_1 (TgCpuLoop *loop,
              TgOpId     op,
              guint      x)
{
  return loop_apply (loop, op, g_array_index (loop->dtypes, TgDType, x), &x);
}

static guint G_GNUC_UNUSED
loop_apply_2 (TgCpuLoop *loop,
              TgOpId     op,
              guint      x,
              guint      y)
{
  return loop_apply (loop, op, g_array_index (loop->dtypes, TgDType, x), (guint[]) { x, y });
}

/* Operand 0 = op (operand 1, operand 2, ...). */
static G_GNUC_UNUSED TgCpuLoop *
loop_new_apply (TgOpId  op,
                TgDType dtype)
{
  const TgOpInfo *info = &tg_ops[op];
  TgCpuLoop *loop = loop_new ();
  guint inputs[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < info->n_inputs; i++)
    inputs[i] = loop_load (loop, info->inputs[i].kind == TG_INPUT_BOOL ? TG_DTYPE_BOOL : dtype,
                           i + 1);
  loop_store (loop, loop_apply (loop, op, dtype, inputs), 0);
  return loop;
}

/* Steele, Lea and Flood, Fast splittable pseudorandom number generators (2014). */
static guint64 G_GNUC_UNUSED
next_bits (guint64 *state)
{
  guint64 z = *state += G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return z ^ (z >> 31);
}

/* Edges, whole numbers, numbers near one, all binades, all bits. */
static double G_GNUC_UNUSED
next_float (guint64 *state)
{
  static const double edges[] = {
    0.0, 0x1p-1074, 0x1p-1022, 0x1.fffffffffffffp-1023, 0x1p-149, 0x1p-126, 0x1p-54, 0x1p-53,
    0x1p-28, 0x1p-27, 0x1p-20, 0.25, 0.5, 0.70710678118654752, 0.75, 1.0, 1.5, 2.0, 2.5, 6.0, 20.0,
    40.0, 88.7, 103.9, 127.5, 128.0, 709.78, 710.4758, 745.13, 800.0, 1022.0, 1024.0, 1075.0,
    0x1p27, 0x1p28, 0x1p31, 0x1p32, 0x1p52, 0x1p53, 0x1p63, 0x1p64, 0x1p500, 0x1p900,
    0x1.fffffffffffffp1023, 0x1.fffffep127, 1.5707963267948966, 3.1415926535897931, INFINITY, NAN,
  };
  guint64 kind = next_bits (state), bits = next_bits (state);
  double fraction = ldexp ((double) (bits >> 11), -53), x;

  switch (kind >> 8 & 7)
    {
    case 0:
      x = edges[bits % G_N_ELEMENTS (edges)];
      break;
    case 1:
      x = (double) (bits % 40);
      break;
    case 2:
      x = ldexp (1 + fraction, (int) (kind >> 16 & 2047) - 1074);
      break;
    case 3:
      memcpy (&x, &bits, sizeof x);
      break;
    case 4:
      x = 1 + ldexp (fraction - 0.5, -(int) (kind >> 16 & 63));
      break;
    case 5:
      x = fraction * 800;
      break;
    default:
      x = fraction * 6;
      break;
    }

  return kind & 1 ? -x : x;
}

static guint64 G_GNUC_UNUSED
next_integer (guint64 *state,
              guint    n_bits)
{
  guint64 kind = next_bits (state), bits = next_bits (state);

  switch (kind & 3)
    {
    case 0:
      return bits % 9 - 4;
    case 1:
      return (bits % 3 - 1) + (G_GUINT64_CONSTANT (1) << (n_bits - 1));
    case 2:
      return bits >> (kind >> 8 & 63);
    default:
      return bits;
    }
}

/* As many numbers of a dtype. */
static G_GNUC_UNUSED char *
make_points (TgDType dtype,
             gsize   n,
             guint64 seed)
{
  gsize size = tg_dtype_get_size (dtype);
  char *points = g_malloc (n * size);
  guint64 state = seed * 1000003;

  for (gsize i = 0; i < n; i++)
    if (dtype == TG_DTYPE_BOOL)
      points[i] = next_bits (&state) & 1;
    else if (dtype == TG_DTYPE_FLOAT64)
      ((double *) points)[i] = next_float (&state);
    else if (dtype == TG_DTYPE_FLOAT32)
      ((float *) points)[i] = (float) next_float (&state);
    else
      {
        guint64 integer = GUINT64_TO_LE (next_integer (&state, (guint) size * 8));

        memcpy (points + i * size, &integer, size);
      }

  return points;
}
