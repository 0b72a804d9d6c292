/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Loops compiled by LLVM compute the same bits as those of the reference, which are C; a nan is a
 * nan.
 */

#include "config.h"

#include <stdint.h>
#include <string.h>

#include <glib/gstdio.h>

#include "tg-code-private.h"
#include "tg-cpu-native-private.h"
#include "tg-elf-loader-private.h"
#include "tg-llvm-private.h"
#include "tg-reference-private.h"
#include "tg-tensor-private.h"

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
                TgCpuNative    *code,
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
      tg_cpu_native_run (code, count, data);
      assert_same (what, result, count, expected + from * size, data[0], data + 1);
      g_assert_cmphex ((guint8) found[(from + count) * size], ==, 0x55);
    }

  data[0] = found;
  memcpy (data + 1, inputs, sizeof inputs - sizeof *inputs);
  tg_cpu_native_run (code, N_POINTS, data);
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

static TgCpuNative *
get_loop (TgElfCode       *code,
          const char      *name,
          const TgCpuLoop *loop)
{
  gpointer func = tg_elf_code_lookup (code, name);

  g_assert_nonnull (func);
  return tg_cpu_native_new ((TgCpuLoopFunc) func, loop);
}

static void
compare_dtype (const Machine *machine,
               TgDType        dtype)
{
  g_autoptr (GArray) ops = g_array_new (FALSE, FALSE, sizeof (TgOpId));
  g_autoptr (GPtrArray) loops = list_loops (dtype, ops);
  g_autoptr (GBytes) object = compile (loops, &machine->target);
  g_autoptr (TgElfCode) code = load (object);

  for (guint i = 0; i < loops->len; i++)
    {
      TgOpId op = g_array_index (ops, TgOpId, i);
      g_autofree char *name = g_strdup_printf ("loop%u", i);
      g_autofree char *what = g_strdup_printf ("%s with %s, %s", tg_ops[op].name, machine->name,
                                               tg_dtype_get_name (dtype));
      g_autoptr (TgCpuNative) loop = get_loop (code, name, g_ptr_array_index (loops, i));

      compare_counts (op, dtype, loop, what);
    }

  g_test_message ("%s, %s: %u operators, %" G_GSIZE_FORMAT " bytes", machine->name,
                  tg_dtype_get_name (dtype), loops->len, g_bytes_get_size (object));
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

static TgElfCode *
compile_and_load (TgCpuLoop *const   *loops,
                  guint               n_loops,
                  const TgLlvmTarget *target)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) object = tg_llvm_compile ((const TgCpuLoop *const *) loops, n_loops, target,
                                               &error);

  g_assert_no_error (error);
  return load (object);
}

static gboolean
can_cast (TgDType dtype)
{
  return tg_dtype_get_kind (dtype) != TG_DTYPE_KIND_COMPLEX && dtype != TG_DTYPE_FLOAT16
         && dtype != TG_DTYPE_BFLOAT16;
}

/* What a tensor of these elements is as another dtype. */
static char *
cast_elements (TgDType from,
               TgDType to,
               char   *elements)
{
  const gint64 shape[] = { N_POINTS };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (elements, N_POINTS * tg_dtype_get_size (from));
  g_autoptr (TgTensor) tensor = tg_tensor_new (from, shape, 1, bytes, &error);
  g_autoptr (TgTensor) cast = tg_tensor_astype (tensor, to, &error);

  g_assert_no_error (error);
  return g_memdup2 (cast->data, N_POINTS * tg_dtype_get_size (to));
}

static void
compare_casts (const Machine *machine,
               TgDType        from)
{
  g_autoptr (GPtrArray) loops = g_ptr_array_new_with_free_func ((GDestroyNotify) loop_free);
  g_autofree char *points = make_points (from, N_POINTS, from);
  g_autoptr (TgElfCode) code = NULL;

  for (TgDType to = 0; to < TG_N_DTYPES; to++)
    {
      TgCpuLoop *loop = loop_new ();

      loop_store (loop, loop_cast (loop, loop_load (loop, from, 1), to), 0);
      g_ptr_array_add (loops, loop);
    }

  code = compile_and_load ((TgCpuLoop *const *) loops->pdata, loops->len, &machine->target);
  for (TgDType to = 0; to < TG_N_DTYPES; to++)
    {
      g_autofree char *name = g_strdup_printf ("loop%u", to);
      g_autofree char *what = g_strdup_printf ("cast of %s", tg_dtype_get_name (from));
      g_autofree char *found = g_malloc0 (N_POINTS * 8), *expected = NULL;
      g_autoptr (TgCpuNative) loop = NULL;

      if (!can_cast (to))
        {
          g_assert_null (tg_elf_code_lookup (code, name));
          continue;
        }

      expected = cast_elements (from, to, points);
      loop = get_loop (code, name, g_ptr_array_index (loops, to));
      tg_cpu_native_run (loop, N_POINTS, (char *[]) { found, points });
      assert_same (what, to, N_POINTS, expected, found, &points);
    }
}

static void
test_casts_are_those_of_the_reference (gconstpointer data)
{
  const Machine *machine = data;

  if (!runs_here (machine))
    {
      g_test_skip ("this machine has no such instructions");
      return;
    }

  for (TgDType from = 0; from < TG_N_DTYPES; from++)
    if (can_cast (from))
      compare_casts (machine, from);
}

/* where (tanh (x * y + x) > erf (y), exp (-(x * x)), log1p (|y|)) in float32, from integers. */
static TgCpuLoop *
make_chain (void)
{
  TgCpuLoop *loop = loop_new ();
  guint x = loop_cast (loop, loop_load (loop, TG_DTYPE_INT16, 1), TG_DTYPE_FLOAT32);
  guint y = loop_load (loop, TG_DTYPE_FLOAT32, 2);
  guint line = loop_apply_2 (loop, TG_OP_ADD, loop_apply_2 (loop, TG_OP_MULTIPLY, x, y), x);
  guint left = loop_apply_1 (loop, TG_OP_TANH, line), right = loop_apply_1 (loop, TG_OP_ERF, y);
  guint greater = loop_apply_2 (loop, TG_OP_GREATER, left, right);
  guint square = loop_apply_1 (loop, TG_OP_NEGATIVE, loop_apply_1 (loop, TG_OP_SQUARE, x));
  guint power = loop_apply_1 (loop, TG_OP_EXP, square);
  guint l = loop_apply_1 (loop, TG_OP_LOG1P, loop_apply_1 (loop, TG_OP_ABS, y));
  guint chosen = loop_apply (loop, TG_OP_WHERE, TG_DTYPE_FLOAT32, (guint[]) { greater, power, l });

  loop_store (loop, chosen, 0);
  loop_store (loop, greater, 3);
  return loop;
}

/* An operator of the reference on one element. */
static float
apply (TgOpId op,
       float  x,
       float  y)
{
  float result;
  char *data[] = { (char *) &result, (char *) &x, (char *) &y };

  tg_reference_kernels[op][TG_DTYPE_FLOAT32].loop (1, data, (gint64[]) { 4, 4, 4 }, NULL);
  return result;
}

static void
test_a_chain_is_its_operators (gconstpointer data)
{
  const Machine *machine = data;
  g_autoptr (TgCpuLoop) loop = make_chain ();
  g_autofree char *x = make_points (TG_DTYPE_INT16, N_POINTS, 1);
  g_autofree char *y = make_points (TG_DTYPE_FLOAT32, N_POINTS, 2);
  g_autofree float *expected = g_new (float, N_POINTS), *found = g_new (float, N_POINTS);
  g_autofree char *masks = g_malloc (N_POINTS);
  g_autoptr (TgElfCode) code = NULL;
  g_autoptr (TgCpuNative) run = NULL;

  if (!runs_here (machine))
    {
      g_test_skip ("this machine has no such instructions");
      return;
    }

  code = compile_and_load (&loop, 1, &machine->target);
  run = get_loop (code, "loop0", loop);
  tg_cpu_native_run (run, N_POINTS, (char *[]) { (char *) found, x, y, masks });
  for (guint i = 0; i < N_POINTS; i++)
    {
      float a = ((gint16 *) x)[i], b = ((float *) y)[i], line = a * b + a;
      gboolean greater = apply (TG_OP_TANH, line, 0) > apply (TG_OP_ERF, b, 0);

      g_assert_cmpint (masks[i], ==, greater);
      expected[i] = greater ? apply (TG_OP_EXP, -(a * a), 0) : apply (TG_OP_LOG1P, fabsf (b), 0);
    }
  assert_same ("chain", TG_DTYPE_FLOAT32, N_POINTS, (char *) expected, (char *) found, &x);
}

/* x - y in the place of x, and y - x, which is read before, in that of y. */
static void
test_operands_may_be_overwritten (void)
{
  g_autoptr (TgCpuLoop) loop = loop_new ();
  guint x = loop_load (loop, TG_DTYPE_FLOAT64, 0), y = loop_load (loop, TG_DTYPE_FLOAT64, 1);
  guint difference = loop_apply_2 (loop, TG_OP_SUBTRACT, x, y);
  guint other = loop_apply_2 (loop, TG_OP_SUBTRACT, y, x);
  g_autoptr (TgElfCode) code = NULL;
  g_autoptr (TgCpuNative) run = NULL;

  loop_store (loop, difference, 0);
  loop_store (loop, other, 2);
  code = compile_and_load (&loop, 1, NULL);
  run = get_loop (code, "loop0", loop);
  for (gsize count = 0; count < MOST_COUNT; count++)
    {
      double a[MOST_COUNT], b[MOST_COUNT];

      for (gsize i = 0; i < MOST_COUNT; i++)
        {
          a[i] = (double) i;
          b[i] = 100;
        }
      tg_cpu_native_run (run, count, (char *[]) { (char *) a, (char *) b, (char *) b });
      for (gsize i = 0; i < MOST_COUNT; i++)
        {
          g_assert_cmpfloat (a[i], ==, i < count ? (double) i - 100 : (double) i);
          g_assert_cmpfloat (b[i], ==, i < count ? 100 - (double) i : 100);
        }
    }
}

static void
test_what_is_not_supported_is_left_out (void)
{
  TgCpuLoop *loops[] = {
    loop_new_apply (TG_OP_EXP, TG_DTYPE_FLOAT64),
    loop_new_apply (TG_OP_POLYGAMMA, TG_DTYPE_FLOAT64),
    loop_new_apply (TG_OP_REMAINDER, TG_DTYPE_FLOAT32),
    loop_new_apply (TG_OP_ADD, TG_DTYPE_COMPLEX64),
    loop_new_apply (TG_OP_ADD, TG_DTYPE_FLOAT64),
  };
  const gboolean compiled[][G_N_ELEMENTS (loops)] = {
    { TRUE, FALSE, FALSE, FALSE, TRUE },
    { FALSE, FALSE, FALSE, FALSE, TRUE },
  };
  /* The second has no fused multiply-add. */
  const TgLlvmTarget targets[] = { { NULL, "x86-64-v3", "" }, { NULL, "x86-64", "" } };

#ifdef __x86_64__
  for (guint i = 0; i < G_N_ELEMENTS (targets); i++)
    {
      g_autoptr (TgElfCode) code = compile_and_load (loops, G_N_ELEMENTS (loops), &targets[i]);

      for (guint k = 0; k < G_N_ELEMENTS (loops); k++)
        {
          g_autofree char *name = g_strdup_printf ("loop%u", k);

          g_assert_cmpint (tg_elf_code_lookup (code, name) != NULL, ==, compiled[i][k]);
        }
    }
#endif

  g_assert_true (tg_llvm_supports (TG_OP_EXP, TG_DTYPE_FLOAT64));
  g_assert_false (tg_llvm_supports (TG_OP_EXP, TG_DTYPE_INT64));
  g_assert_false (tg_llvm_supports (TG_OP_EXP, TG_DTYPE_COMPLEX128));
  g_assert_false (tg_llvm_supports (TG_OP_SUM, TG_DTYPE_FLOAT64));
  for (guint k = 0; k < G_N_ELEMENTS (loops); k++)
    loop_free (loops[k]);
}

/* All that there is, for a machine that this is not: LLVM verifies it, and finds instructions. */
static void
test_code_is_made_for_other_machines (void)
{
  const TgLlvmTarget arm = { "aarch64-linux-gnu", "generic", "" };
  const TgLlvmTarget none = { "pdp11-unknown-unix", "generic", "" };

  for (TgDType dtype = 0; dtype < TG_N_DTYPES; dtype++)
    {
      g_autoptr (GArray) ops = g_array_new (FALSE, FALSE, sizeof (TgOpId));
      g_autoptr (GPtrArray) loops = list_loops (dtype, ops);
      g_autoptr (GBytes) object = compile (loops, &arm);
      g_autoptr (GError) error = NULL;
      const guint8 *header = g_bytes_get_data (object, NULL);

      g_assert_cmpmem (header, 4, "\177ELF", 4);
      g_assert_cmphex (header[18], ==, 183); /* EM_AARCH64 */
#ifndef __aarch64__
      g_assert_null (tg_elf_code_new (object, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
      g_clear_error (&error);
#endif

      g_assert_null (tg_llvm_compile ((const TgCpuLoop *const *) loops->pdata, loops->len, &none,
                                      &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED);
    }
}

static void
test_text_is_for_people (void)
{
  g_autoptr (TgCpuLoop) loop = loop_new_apply (TG_OP_ADD, TG_DTYPE_FLOAT64);
  const TgLlvmTarget target = { "x86_64-linux-gnu", "x86-64-v3", "" };
  g_autoptr (GError) error = NULL;
  g_autofree char *text = tg_llvm_print ((const TgCpuLoop *const *) &loop, 1, &target, &error);

  g_assert_no_error (error);
  g_assert_nonnull (strstr (text, "fadd <4 x double>"));
}

static gpointer
compile_exp (gpointer data)
{
  g_autoptr (TgCpuLoop) loop = loop_new_apply (TG_OP_EXP, TG_DTYPE_FLOAT64);
  TgElfCode *code = NULL;

  for (guint i = 0; i < 10; i++)
    {
      g_clear_pointer (&code, tg_elf_code_free);
      code = compile_and_load (&loop, 1, NULL);
    }

  return code;
}

static void
test_threads_compile_at_once (void)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("compile", compile_exp, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    {
      g_autoptr (TgElfCode) code = g_thread_join (threads[i]);

      g_assert_nonnull (tg_elf_code_lookup (code, "loop0"));
    }
}

/* The module, from where it was built: nothing is found before, and then it is. */
static void
test_the_module_fills_the_cache (void)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_BUILT, "..", "libtg", NULL);
  g_autoptr (TgCpuLoop) loop = loop_new_apply (TG_OP_EXP, TG_DTYPE_FLOAT64);
  g_autoptr (TgElfCode) none = tg_code_find ((const TgCpuLoop *const *) &loop, 1);
  g_autoptr (TgElfCode) code = NULL, found = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (none);
  g_setenv ("TG_MODULE_DIR", folder, TRUE);
  code = tg_code_compile ((const TgCpuLoop *const *) &loop, 1, &error);
  g_assert_no_error (error);
  found = tg_code_find ((const TgCpuLoop *const *) &loop, 1);
  g_assert_nonnull (tg_elf_code_lookup (code, "loop0"));
  g_assert_nonnull (tg_elf_code_lookup (found, "loop0"));
}

static void
remove_cache (const char *folder)
{
  g_autofree char *inner = g_build_filename (folder, "libtg", NULL);
  g_autoptr (GDir) dir = g_dir_open (inner, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (inner, name, NULL);

      g_remove (path);
    }
  g_rmdir (inner);
  g_rmdir (folder);
}

static void
add_for_machines (const char   *name,
                  GTestDataFunc test)
{
  for (guint i = 0; i < G_N_ELEMENTS (machines); i++)
    {
      g_autofree char *path = g_strdup_printf ("/llvm/%s/%s", name, machines[i].name);

      g_test_add_data_func (path, &machines[i], test);
    }
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *folder = g_dir_make_tmp ("tg-llvm-XXXXXX", NULL);
  int failed;

  /* Before GLib first looks at it. */
  g_setenv ("XDG_CACHE_HOME", folder, TRUE);
  g_test_init (&argc, &argv, NULL);
  add_for_machines ("operators", test_operators_are_those_of_the_reference);
  add_for_machines ("casts", test_casts_are_those_of_the_reference);
  add_for_machines ("chain", test_a_chain_is_its_operators);
  g_test_add_func ("/llvm/overwritten", test_operands_may_be_overwritten);
  g_test_add_func ("/llvm/not-supported", test_what_is_not_supported_is_left_out);
  g_test_add_func ("/llvm/other-machines", test_code_is_made_for_other_machines);
  g_test_add_func ("/llvm/text", test_text_is_for_people);
  g_test_add_func ("/llvm/threads", test_threads_compile_at_once);
  g_test_add_func ("/llvm/module", test_the_module_fills_the_cache);
  failed = g_test_run ();
  remove_cache (folder);
  return failed;
}
