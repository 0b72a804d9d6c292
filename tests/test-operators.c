/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * What holds for every operator: the type that a graph knows is that of the value, whatever was
 * known of the inputs; and the value does not depend on how the inputs lie in memory, but for the
 * last bits of sums. What the values are, test-operators.py compares with NumPy.
 */

#include <float.h>
#include <math.h>

#include <tg.h>

#include "tg-op-private.h"
#include "tg-tensor-private.h"
#include "tg-traverse-private.h"
#include "tg-variable-private.h"

/* Expressions for the operators that take more than tensors, or tensors whose shapes must fit; T is
 * each dtype that the operator accepts. All others are applied to matrices. */
static const struct
{
  const char *op;
  const char *function;
} samples[] = {
  { "matmul", "f(x: T[2, 3], y: T[3, 4]) = x @ y" },
  { "matmul", "f(x: T[5, 1, 2, 3], y: T[4, 3, 2]) = x @ y" },
  { "matmul", "f(x: T[3], y: T[3]) = x @ y" },
  { "matmul", "f(x: T[3], y: T[2, 3, 2]) = x @ y" },
  { "matmul", "f(x: T[2, 0], y: T[0, 3]) = x @ y" },
  { "dot", "f(x: T[2, 3], y: T[3]) = dot(x, y)" },
  { "dot", "f(x: T[], y: T[3, 2]) = dot(x, y)" },
  { "outer", "f(x: T[2], y: T[3]) = outer(x, y)" },
  { "einsum", "f(x: T[2, 3, 4], y: T[2, 4]) = einsum(x, y, subscripts=\"bij,bj->ib\")" },
  { "sum", "f(x: T[2, 3, 4]) = sum(x, axis=[0, 2])" },
  { "prod", "f(x: T[2, 3, 4]) = prod(x, axis=1, keepdims=true)" },
  { "mean", "f(x: T[2, 0, 4]) = mean(x, axis=2)" },
  { "max", "f(x: T[2, 3, 4]) = max(x, axis=-1)" },
  { "min", "f(x: T[2, 3]) = min(x, axis=0)" },
  { "any", "f(x: T[2, 3]) = any(x, axis=0)" },
  { "all", "f(x: T[2, 3]) = all(x, axis=1, keepdims=true)" },
  { "argmax", "f(x: T[2, 3]) = argmax(x, axis=1)" },
  { "argmin", "f(x: T[2, 3]) = argmin(x, keepdims=true)" },
  { "reshape", "f(x: T[2, 6]) = reshape(x, [3, -1])" },
  { "reshape", "f(x: T[2, 6]) = reshape(x, [shape(x)[1], 2])" },
  { "broadcast_to", "f(x: T[2, 1]) = broadcast_to(x, [4, 2, 3])" },
  { "sum_to", "f(x: T[4, 2, 3]) = sum_to(x, [2, 1])" },
  { "permute_dims", "f(x: T[2, 3, 4]) = permute_dims(x, axes=[2, 0, 1])" },
  { "expand_dims", "f(x: T[2, 3]) = expand_dims(x, axis=[0, -1])" },
  { "squeeze", "f(x: T[1, 3, 1]) = squeeze(x, axis=2)" },
  { "concat", "f(x: T[2, 3], y: T[2, 1]) = concat([x, y, x], axis=1)" },
  { "stack", "f(x: T[2, 3], y: T[2, 3]) = stack([x, y], axis=-1)" },
  { "index", "f(x: T[3, 4]) = x[-1], x[:, shape(x)[0]]" },
  { "unindex", "f(x: T[4]) = unindex(x, [3, 4], 1)" },
  { "slice", "f(x: T[5, 6]) = x[1:4:2, ::-2], x[shape(x)[1] - 4:, 9:]" },
  { "unslice", "f(x: T[2, 3]) = unslice(x, [5, 6], [1, -1], [4, 0], axis=[0, 1], step=[2, -2])" },
  { "astype", "f(x: T[2, 3]) = bool(x), i8(x), u16(x), i64(x), f16(x), bf16(x), f32(x), c64(x)" },
  { "with_gradient",
    "f(x: T[2, 3], y: T[3]) = with_gradient([x, y], gradient=\"sum(g, axis=0)\")" },
  { "size", "f(x: T[2, 3, 4]) = size(x, axis=[0, 2])" },
  { "full", "f(x: T[]) = full([2, 0, 3], x), full([2], x)" },
  { "zeros", "f() = zeros([2, 3]), zeros([], dtype=bool)" },
  { "ones", "f(x: T[2]) = ones(shape(x), dtype=i32)" },
  { "eye", "f() = eye(3, 4, k=1), eye(2, 2, k=-7, dtype=i64)" },
  { "arange", "f(x: T[], y: T[]) = arange(x, y, 1)" },
  { "arange", "f() = arange(7, -3, -2)" },
  { "product_of_others", "f(x: T[2, 3, 4]) = product_of_others(x, axis=[0, 2])" },
  { "clip", "f(x: T[2, 3], y: T[3], z: T[]) = clip(x, y, z)" },
  { "diagonal", "f(x: T[2, 3, 4]) = diagonal(x, offset=1, axis1=2, axis2=0), "
                "diagonal(x, offset=9)" },
  { "undiagonal", "f(x: T[2, 3]) = undiagonal(x, [3, 2, 5], offset=1, axis2=2)" },
  { "take", "f(x: T[2, 3, 4]) = take(x, [2, 0, -1], axis=1), take(x, [[1, 0]], axis=-1)" },
  { "untake", "f(x: T[2, 3, 4]) = untake(x, [2, 5, 4], [2, 0, 2], axis=1)" },
  { "take_along_axis", "f(x: T[2, 3]) = take_along_axis(x, [[2, -1], [0, 0]], axis=1)" },
  { "untake_along_axis", "f(x: T[2, 2]) = untake_along_axis(x, [2, 3], [[2, -1], [0, 0]], "
                         "axis=1)" },
  { "take_nd", "f(x: T[2, 3, 4]) = take_nd(x, [[1, 2], [0, -1]]), take_nd(x, [[1]])" },
  { "untake_nd", "f(x: T[2, 4]) = untake_nd(x, [2, 3, 4], [[1, 2], [0, -1]]), "
                 "untake_nd(x, [3, 4], [[1], [1]], accumulate=false)" },
  { "broadcast_shape", "f(x: T[2, 1], y: T[3]) = broadcast_shape([x, y])" },
  { "cumulative_sum", "f(x: T[2, 3, 4]) = cumulative_sum(x, axis=1)" },
  { "cumulative_prod", "f(x: T[2, 3, 4]) = cumulative_prod(x, axis=-1)" },
  { "sort", "f(x: T[2, 3, 4]) = sort(x, axis=1), sort(x, descending=true)" },
  { "argsort", "f(x: T[2, 3, 4]) = argsort(x, axis=1), argsort(x, descending=true)" },
  { "searchsorted", "f(x: T[3], y: T[2, 3]) = searchsorted(sort(x), y), "
                    "searchsorted(sort(x), y, side=\"right\")" },
  { "nonzero", "f(x: T[2, 3, 2]) = nonzero(x)" },
  { "var", "f(x: T[2, 3]) = var(x), var(x, axis=1, correction=1, keepdims=true)" },
  { "std", "f(x: T[2, 3]) = std(x), std(x, axis=0)" },
  { "moveaxis", "f(x: T[2, 3, 4]) = moveaxis(x, source=[0, 1], destination=[-1, 0])" },
  { "swapaxes", "f(x: T[2, 3, 4]) = swapaxes(x, axis1=0, axis2=-1)" },
  { "flip", "f(x: T[2, 3, 4]) = flip(x), flip(x, axis=[0, 2])" },
  { "roll", "f(x: T[2, 3]) = roll(x, shift=-1), roll(x, shift=[1, 2], axis=[1, 0])" },
  { "tile", "f(x: T[2, 3]) = tile(x, [2, 1, 2]), tile(x, [shape(x)[0]])" },
  { "repeat", "f(x: T[2, 3]) = repeat(x, 2), repeat(x, [2, 0, 1], axis=1)" },
  { "trace", "f(x: T[2, 3, 4]) = trace(x, offset=1)" },
  { "diff", "f(x: T[2, 3]) = diff(x), diff(x, axis=0, n=2)" },
  { "linspace", "f(x: T[], y: T[]) = linspace(x, y, num=5), "
                "linspace(x, y, num=4, endpoint=false)" },
  { "tensordot", "f(x: T[2, 3, 4], y: T[4, 5, 2]) = "
                 "tensordot(x, y, x_axes=[2, 0], y_axes=[0, 2])" },
  { "vecdot", "f(x: T[2, 3], y: T[3]) = vecdot(x, y)" },
  { "random_uniform", "f() = random_uniform([1, 2, 3], [3, 5]), "
                      "random_uniform([1, 2, 3], [7], dtype=f32)" },
  { "random_normal", "f() = random_normal([1, 2, 3], [3, 5]), "
                     "random_normal([1, 2, 3], [7], dtype=f32)" },
  { "random_truncated_normal", "f(x: T[3], y: T[2, 1]) = "
                               "random_truncated_normal([1, 2, 3], [2, 3], -exp(x), exp(y))" },
  { "random_gamma", "f(x: T[3]) = random_gamma([1, 2, 3], [2, 3], x * x, dtype=f32)" },
  { "random_log_gamma", "f(x: T[3]) = random_log_gamma([1, 2, 3], [2, 3], x * x + 1)" },
  { "random_poisson", "f(x: T[3]) = random_poisson([1, 2, 3], [2, 3], x * x, dtype=i32)" },
  { "random_binomial", "f(x: T[3]) = random_binomial([1, 2, 3], [2, 3], 9, 1 / (1 + x * x))" },
  { "random_integers", "f() = random_integers([1, 2, 3], [2, 3], -5, [1, 2, 3], closed=false), "
                       "random_integers([1, 2, 3], [], 2, 2, closed=true, dtype=i32)" },
  { "random_categorical", "f(x: T[2, 3]) = random_categorical([1, 2, 3], [4, 2], "
                          "exp(x) / sum(exp(x), axis=1, keepdims=true))" },
  { "random_multinomial", "f(x: T[2, 3]) = random_multinomial([1, 2, 3], [4, 2], [5, 6], "
                          "exp(x) / sum(exp(x), axis=1, keepdims=true))" },
  { "random_choice", "f(x: T[4]) = random_choice([1, 2, 3], [3], exp(x) / sum(exp(x)))" },
  { "random_permutation", "f() = random_permutation([1, 2, 3], [2, 5], dtype=i32)" },
  { "random_shuffle", "f(x: T[4, 3, 2]) = random_shuffle([1, 2, 3], x), "
                      "random_shuffle([1, 2, 3], x, axis=1, together=false)" },
  { "random_unshuffle", "f(x: T[4, 3, 2]) = random_unshuffle([1, 2, 3], x, axis=-1), "
                        "random_unshuffle([1, 2, 3], x, axis=0, together=false)" },
  { "check_positive", "f(x: T[2, 3]) = check_positive(x * x, zero=true)" },
  { "gamma_quantile_slope", "f(x: T[2, 1], y: T[3]) = gamma_quantile_slope(x * x + 1, y)" },
  { "truncated_normal_quantile_slope", "f(x: T[3]) = truncated_normal_quantile_slope(x, -9.5, 9)" },
};

/* Small numbers of both signs; 0-d ones, which may say how long a result is, grow. */
static TgTensor *
make_value (TgTensorType *type,
            guint         number)
{
  g_autoptr (TgTensor) doubles = tg_tensor_new_uninitialised (TG_DTYPE_FLOAT64, type->shape,
                                                              type->ndim, NULL);

  for (gsize i = 0; i < doubles->n_elements; i++)
    ((gdouble *) (gpointer) doubles->data)[i] =
      type->ndim == 0 ? 2.5 * number : (gdouble) ((i * 7 + number * 3) % 11) / 2 - 2;

  return tg_tensor_astype (doubles, type->dtype, NULL);
}

/* The same elements with gaps between them, the last axis running backwards and first. */
static TgTensor *
scatter (TgTensor *value)
{
  gint64 shape[TG_MAX_NDIM], strides[TG_MAX_NDIM];
  gint64 item_size = (gint64) tg_dtype_get_size (value->dtype);
  g_autoptr (TgTensor) wide = NULL;
  g_autoptr (TgTensor) view = NULL;
  gint64 stride = 2 * item_size;
  gint64 last = 0;
  gint64 length;

  for (guint i = 0; i < value->ndim; i++)
    {
      shape[i] = value->shape[i];
      strides[i] = stride;
      stride *= MAX (shape[i], 1);
    }

  length = stride;
  wide = tg_tensor_new_zeros (TG_DTYPE_BOOL, &length, 1, NULL);
  if (value->ndim > 0 && value->n_elements > 0)
    {
      last = strides[value->ndim - 1] * (shape[value->ndim - 1] - 1);
      strides[value->ndim - 1] *= -1;
    }

  view = tg_tensor_new_in_buffer (wide->buffer, value->dtype, value->ndim, shape, strides,
                                  wide->data + last);
  tg_tensor_copy_elements (view, value);

  return g_steal_pointer (&view);
}

static void
free_tensors (TgTensor **tensors,
              gsize      n_tensors)
{
  for (gsize i = 0; i < n_tensors; i++)
    tg_tensor_unref (tensors[i]);
  g_free (tensors);
}

/* The values of `outputs`, each of which must be of the type that the graph knows. */
static TgTensor **
run (GPtrArray *inputs,
     GPtrArray *outputs,
     TgTensor **values)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();
  g_autoptr (TgFunction) function = NULL;
  g_autoptr (GError) error = NULL;
  TgTensor **results;

  tg_function_builder_set_on_unused_input (builder, TG_UNUSED_INPUT_IGNORE);
  for (guint i = 0; i < inputs->len; i++)
    tg_function_builder_add_input (builder, inputs->pdata[i]);
  for (guint i = 0; i < outputs->len; i++)
    tg_function_builder_add_output (builder, outputs->pdata[i], NULL);

  function = tg_function_builder_build (builder, &error);
  g_assert_no_error (error);
  results = tg_function_call (function, values, inputs->len, NULL, &error);
  g_assert_no_error (error);

  for (guint i = 0; i < outputs->len; i++)
    {
      TgVariable *output = outputs->pdata[i];

      g_assert_true (tg_tensor_type_matches (output->type, results[i]));
    }

  return results;
}

static void
check_same (TgTensor **first,
            TgTensor **second,
            guint      n_outputs)
{
  for (guint i = 0; i < n_outputs; i++)
    g_assert_true (tg_tensor_equal (first[i], second[i]));
}

/* The order in which numbers are summed may depend on where they lie in memory. */
static void
check_near (GPtrArray *outputs,
            TgTensor **first,
            TgTensor **second)
{
  for (guint i = 0; i < outputs->len; i++)
    {
      const TgOpInfo *op = ((TgVariable *) outputs->pdata[i])->op;
      gboolean may_sum = op != NULL && (op->form == TG_FORM_REDUCE || op->form == TG_FORM_OPAQUE);
      g_autoptr (TgTensor) a = NULL;
      g_autoptr (TgTensor) b = NULL;

      if (!may_sum || tg_tensor_equal (first[i], second[i]))
        {
          check_same (&first[i], &second[i], 1);
          continue;
        }

      g_assert_cmpint (first[i]->dtype, ==, TG_DTYPE_FLOAT64);
      a = tg_tensor_make_contiguous (first[i], NULL);
      b = tg_tensor_make_contiguous (second[i], NULL);
      for (gsize k = 0; k < a->n_elements; k++)
        {
          double x = ((const double *) (gconstpointer) a->data)[k];
          double y = ((const double *) (gconstpointer) b->data)[k];

          g_assert_cmpfloat (fabs (x - y), <=, 2 * DBL_EPSILON * fabs (x));
        }
    }
}

/* Symbols like the inputs, of which nothing but the number of dimensions is known. */
static GPtrArray *
forget_shapes (GPtrArray  *inputs,
               GHashTable *replacements)
{
  GPtrArray *symbols = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < inputs->len; i++)
    {
      TgVariable *input = inputs->pdata[i];

      g_ptr_array_add (symbols, tg_variable_new (input->name, input->type->dtype,
                                                 input->type->ndim));
      g_hash_table_insert (replacements, input, symbols->pdata[i]);
    }

  return symbols;
}

static void
check_outputs (GPtrArray *inputs,
               GPtrArray *outputs)
{
  g_autofree TgTensor **values = g_new0 (TgTensor *, inputs->len + 1);
  g_autofree TgTensor **scattered = g_new0 (TgTensor *, inputs->len + 1);
  g_autoptr (GHashTable) replacements = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) symbols = forget_shapes (inputs, replacements);
  g_autoptr (GPtrArray) vague = NULL;
  g_autoptr (GError) error = NULL;
  TgTensor **known, **unknown, **elsewhere;

  for (guint i = 0; i < inputs->len; i++)
    {
      TgVariable *input = inputs->pdata[i];

      values[i] = make_value (input->type, i);
      scattered[i] = scatter (values[i]);
      g_assert_true (tg_tensor_equal (values[i], scattered[i]));
    }

  vague = tg_substitute ((TgVariable *const *) outputs->pdata, outputs->len, replacements, &error);
  g_assert_no_error (error);

  known = run (inputs, outputs, values);
  unknown = run (symbols, vague, values);
  elsewhere = run (inputs, outputs, scattered);
  check_same (known, unknown, outputs->len);
  check_near (outputs, known, elsewhere);

  free_tensors (known, outputs->len);
  free_tensors (unknown, outputs->len);
  free_tensors (elsewhere, outputs->len);
  for (guint i = 0; i < inputs->len; i++)
    {
      tg_tensor_unref (values[i]);
      tg_tensor_unref (scattered[i]);
    }
}

static void
check_function (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgGraph) graph = tg_parse_function (text, &error);
  g_autoptr (GPtrArray) inputs = g_ptr_array_new ();
  g_autoptr (GPtrArray) outputs = g_ptr_array_new ();

  g_assert_no_error (error);
  for (guint i = 0; i < tg_graph_get_n_inputs (graph); i++)
    g_ptr_array_add (inputs, tg_graph_get_input (graph, i));
  for (guint i = 0; i < tg_graph_get_n_outputs (graph); i++)
    g_ptr_array_add (outputs, tg_graph_get_output (graph, i));

  check_outputs (inputs, outputs);
}

/* The operator applied to matrices that are broadcast against each other. */
static char *
make_sample (const TgOpInfo *op)
{
  static const char *const shapes[] = { "2, 3", "3", "2, 1", "" };
  g_autoptr (GString) symbols = g_string_new (NULL);
  g_autoptr (GString) arguments = g_string_new (NULL);

  for (guint i = 0; i < op->n_inputs; i++)
    {
      const char *separator = i > 0 ? ", " : "";

      g_string_append_printf (symbols, "%s%s: T[%s]", separator, op->inputs[i].name, shapes[i]);
      g_string_append_printf (arguments, "%s%s", separator, op->inputs[i].name);
    }

  return g_strdup_printf ("f(%s) = %s(%s)", symbols->str, op->name, arguments->str);
}

static void
check_dtypes (const TgOpInfo *op,
              const char     *sample)
{
  g_auto (GStrv) parts = g_strsplit (sample, ": T[", -1);

  for (guint i = 0; i < TG_N_DTYPES; i++)
    {
      g_autofree char *separator = g_strdup_printf (": %s[", tg_dtype_get_symbol (i));
      g_autofree char *text = g_strjoinv (separator, parts);

      if (tg_dtype_in_set (i, op->accepts))
        check_function (text);
    }
}

static void
test_operator (gconstpointer data)
{
  const TgOpInfo *op = data;
  g_autofree char *simple = NULL;
  gboolean found = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    {
      if (!g_str_equal (samples[i].op, op->name))
        continue;

      found = TRUE;
      check_dtypes (op, samples[i].function);
    }

  if (found)
    return;

  simple = make_sample (op);
  check_dtypes (op, simple);
}

/* An operator given NULL gives NULL, and leaves the error to who made the NULL. */
static void
test_null_passes (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  g_autoptr (TgVariable) nothing = tg_sum (NULL, NULL, 0, FALSE, &error);

  g_assert_null (nothing);
  g_assert_no_error (error);
  g_assert_null (tg_add (x, NULL, &error));
  g_assert_null (tg_add (NULL, x, &error));
  g_assert_null (tg_concat ((TgVariable *[]) { x, NULL }, 2, 0, &error));
  g_assert_no_error (error);

  nothing = tg_exp (tg_add (tg_sum (x, (gint64[]) { 3 }, 1, FALSE, &error), x, &error), &error);
  g_assert_null (nothing);
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
}

/* Of two mistakes in one expression the first is reported. */
static void
test_first_mistake_is_kept (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 0);
  TgVariable *left = tg_sum (x, (gint64[]) { 3 }, 1, FALSE, &error);

  g_assert_null (tg_add (left, tg_concat (NULL, 0, 0, &error), &error));
  g_assert_null (tg_add (left, tg_matmul (x, x, &error), &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
  g_clear_error (&error);

  g_assert_null (tg_vecdot (x, x, 5, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
}

static void
test_samples_are_of_operators (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (samples); i++)
    g_assert_nonnull (tg_op_info_find (samples[i].op));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/operators/null-passes", test_null_passes);
  g_test_add_func ("/operators/first-mistake-is-kept", test_first_mistake_is_kept);
  g_test_add_func ("/operators/samples-are-of-operators", test_samples_are_of_operators);
  for (guint i = 0; i < TG_N_OPS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/operators/%s", tg_ops[i].name);

      g_test_add_data_func (path, &tg_ops[i], test_operator);
    }

  return g_test_run ();
}
