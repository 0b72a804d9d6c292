/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Loops compiled by LLVM compute the same bits as those of the reference, which are C; a nan is a
 * nan.
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include "tg-cpu-code-private.h"
#include "tg-elf-loader-private.h"
#include "tg-llvm-private.h"
#include "tg-reference-private.h"

#include "test-loops.h"

#define MOST_OPERANDS 5
#define N_POINTS 3000
#define MOST_COUNT 70

/* The machines of which code can run here, from the oldest on. */
typedef struct
{
  const char  *name;
  TgLlvmTarget target;
} Machine;

static const Machine machines[] =
{
  { "2 lanes", { NULL, "x86-64-v2", "+avx,+fma" } },
  { "4 lanes", { NULL, "x86-64-v3", "" } },
  { "8 lanes", { NULL, "x86-64-v4", "" } },
  { "host", { NULL, NULL, NULL } },
};

static gboolean
runs_here (const Machine *machine)
{
#ifdef __x86_64__
  __builtin_cpu_init ();
  if (strstr (machine->name, "8") != NULL)
    return __builtin_cpu_supports ("avx512f") && __builtin_cpu_supports ("avx512bw")
           && __builtin_cpu_supports ("avx512dq") && __builtin_cpu_supports ("avx512vl");
  return machine->target.cpu == NULL
         || (__builtin_cpu_supports ("avx2") && __builtin_cpu_supports ("fma"));
#else
  return machine->target.cpu == NULL;
#endif
}

static gboolean
same_elements (TgDType     dtype,
               const char *a,
               const char *b,
               gsize       i)
{
  gsize size = tg_dtype_get_size (dtype);

  if (memcmp (a + i * size, b + i * size, size) == 0)
    return TRUE;
  if (dtype == TG_DTYPE_FLOAT64)
    return isnan (((const double *) a)[i]) && isnan (((const double *) b)[i]);

  return dtype == TG_DTYPE_FLOAT32 && isnan (((const float *) a)[i])
         && isnan (((const float *) b)[i]);
}

static void
assert_same (const char *what,
             TgDType     dtype,
             gsize       count,
             const char *expected,
             const char *found,
             char *const *inputs)
{
  for (gsize i = 0; i < count; i++)
    if (!same_elements (dtype, expected, found, i))
      {
        const double *x = (const double *) inputs[0];

        g_error ("%s of %s: %.17g instead of %.17g at %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                 " (%a)", what, tg_dtype_get_name (dtype),
                 dtype == TG_DTYPE_FLOAT64 ? ((const double *) found)[i] : 0.0,
                 dtype == TG_DTYPE_FLOAT64 ? ((const double *) expected)[i] : 0.0, i, count,
                 dtype == TG_DTYPE_FLOAT64 ? x[i] : 0.0);
      }
}

/* Runs the code on arrays without alignment, and the reference on the same numbers. */
static void
compare_counts (TgOpId        op,
                TgDType       dtype,
                TgCpuCode    *code,
                const char   *what)
{
  const TgOpInfo *info = &tg_ops[op];
  TgDType result = get_result (info, dtype);
  gsize size = tg_dtype_get_size (result);
  g_autofree char *expected = g_malloc0 (N_POINTS * size);
  g_autofree char *found = g_malloc0 (N_POINTS * size + size);
  gint64 strides[MOST_OPERANDS] = { (gint64) size };
  char *inputs[MOST_OPERANDS] = { NULL }, *data[MOST_OPERANDS];

  for (guint k = 0; k < info->n_inputs; k++)
    {
      TgDType of_input = info->inputs[k].kind == TG_INPUT_BOOL ? TG_DTYPE_BOOL : dtype;

      inputs[k] = make_points (of_input, N_POINTS, op * 8 + k);
      strides[k + 1] = (gint64) tg_dtype_get_size (of_input);
    }

  data[0] = expected;
  memcpy (data + 1, inputs, sizeof inputs - sizeof *inputs);
  tg_reference_kernels[op][dtype].loop (N_POINTS, data, strides, NULL);

  for (gsize count = 0; count <= MOST_COUNT; count++)
    {
      gsize from = count * 31;

      data[0] = found + from * size;
      for (guint k = 0; k < info->n_inputs; k++)
        data[k + 1] = inputs[k] + (gsize) strides[k + 1] * from;
      memset (found, 0x55, N_POINTS * size + size);
      tg_cpu_code_run (code, count, data);
      assert_same (what, result, count, expected + from * size, data[0], data + 1);
      g_assert_cmphex ((guint8) found[(from + count) * size], ==, 0x55);
    }

  data[0] = found;
  memcpy (data + 1, inputs, sizeof inputs - sizeof *inputs);
  tg_cpu_code_run (code, N_POINTS, data);
  assert_same (what, result, N_POINTS, expected, found, inputs);
  for (guint k = 0; k < info->n_inputs; k++)
    g_free (inputs[k]);
}

static GPtrArray *
list_loops (TgDType dtype,
            GArray *ops)
{
  GPtrArray *loops = g_ptr_array_new_with_free_func ((GDestroyNotify) loop_free);

  for (TgOpId op = 0; op < TG_N_OPS; op++)
    if (tg_llvm_supports (op, dtype))
      {
        g_ptr_array_add (loops, loop_new_apply (op, dtype));
        g_array_append_val (ops, op);
      }

  return loops;
}

static GBytes *
compile (GPtrArray          *loops,
         const TgLlvmTarget *target)
{
  g_autoptr (GError) error = NULL;
  GBytes *object = tg_llvm_compile ((const TgCpuLoop *const *) loops->pdata, loops->len, target,
                                    &error);

  g_assert_no_error (error);
  return object;
}

static TgElfCode *
load (GBytes *object)
{
  g_autoptr (GError) error = NULL;
  TgElfCode *code = tg_elf_code_new (object, &error);

  g_assert_no_error (error);
  return code;
}

static TgCpuCode *
get_loop (TgElfCode       *code,
          const char      *name,
          const TgCpuLoop *loop)
{
  gpointer func = tg_elf_code_lookup (code, name);

  g_assert_nonnull (func);
  return tg_cpu_code_new ((TgCpuLoopFunc) func, loop);
}

static void
compare_dtype (const Machine *machine,
               TgDType        dtype)
{
  g_autoptr (GArray) ops = g_array_new (FALSE, FALSE, sizeof (TgOpId));
  g_autoptr (GPtrArray) loops = list_loops (dtype, ops);
  g_autoptr (GBytes) object = compile (loops, &machine->target);
  g_autoptr (TgElfCode) code = load (object);
  gsize n_compiled = 0;

  for (guint i = 0; i < loops->len; i++)
    {
      TgOpId op = g_array_index (ops, TgOpId, i);
      g_autofree char *name = g_strdup_printf ("loop%u", i);
      g_autofree char *what = g_strdup_printf ("%s with %s, %s", tg_ops[op].name, machine->name,
                                               tg_dtype_get_name (dtype));
      g_autoptr (TgCpuCode) loop = get_loop (code, name, g_ptr_array_index (loops, i));

      compare_counts (op, dtype, loop, what);
      n_compiled++;
    }

  g_test_message ("%s, %s: %" G_GSIZE_FORMAT " operators, %" G_GSIZE_FORMAT " bytes", machine->name,
                  tg_dtype_get_name (dtype), n_compiled, g_bytes_get_size (object));
}

static void
test_operators_are_those_of_the_reference (gconstpointer data)
{
  const Machine *machine = data;

  if (!runs_here (machine))
    {
      g_test_skip ("this machine has no such instructions");
      return;
    }

  for (TgDType dtype = 0; dtype < TG_N_DTYPES; dtype++)
    compare_dtype (machine, dtype);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/llvm/operators/%s", machines[i].name);

      g_test_add_data_func (path, &machines[i], test_operators_are_those_of_the_reference);
    }

  return g_test_run ();
}
