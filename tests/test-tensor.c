/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Values: memory that is looked at and not copied, views, and what is refused. */

#include <math.h>

#include <tg.h>

static const gdouble numbers[] = { 1, 2, 3, 4, 5, 6 };

static TgTensor *
make_matrix (void)
{
  return tg_tensor_new_doubles (numbers, 6, (gint64[]) { 2, 3 }, 2, NULL);
}

static void
assert_doubles (TgTensor      *tensor,
                const gdouble *expected,
                gsize          n_expected)
{
  gsize n_doubles;
  g_autofree gdouble *doubles = tg_tensor_dup_doubles (tensor, &n_doubles);

  g_assert_cmpmem (doubles, n_doubles * sizeof (gdouble), expected,
                   n_expected * sizeof (gdouble));
}

#define ASSERT_DOUBLES(tensor, ...)                                           \
  G_STMT_START {                                                              \
    const gdouble expected[] = { __VA_ARGS__ };                               \
    assert_doubles (tensor, expected, G_N_ELEMENTS (expected));               \
  } G_STMT_END

static void
count (gpointer user_data)
{
  ++*(int *) user_data;
}

static void
test_memory_is_looked_at_in_place (void)
{
  gdouble memory[] = { 1, 2, 3, 4, 5, 6 };
  const gint64 shape[] = { 3, 2 };
  const gint64 strides[] = { -16, 8 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensor) view = NULL;
  int n_released = 0;
  TgTensor *tensor;

  tensor = tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, shape, 2, strides, 2,
                                      (guint64) (gsize) &memory[4], count, &n_released, &error);
  g_assert_no_error (error);
  ASSERT_DOUBLES (tensor, 5, 6, 3, 4, 1, 2);
  g_assert_cmpuint (tg_tensor_get_address (tensor), ==, (guint64) (gsize) &memory[4]);
  g_assert_false (tg_tensor_is_contiguous (tensor));

  view = tg_tensor_index (tensor, 0, -1, &error);
  tg_tensor_unref (tensor);
  g_assert_cmpint (n_released, ==, 0);
  ASSERT_DOUBLES (view, 1, 2);
  g_clear_pointer (&view, tg_tensor_unref);
  g_assert_cmpint (n_released, ==, 1);
}

static void
test_memory_is_released_where_it_cannot_be_used (void)
{
  gdouble memory[2] = { 1, 2 };
  const gint64 shape[] = { -2 };
  const gint64 huge[] = { G_MAXINT64 };
  const gint64 wild[] = { G_MAXINT64 / 2 };
  const guint64 address = (guint64) (gsize) memory;
  g_autoptr (GError) error = NULL;
  int n_released = 0;

  g_assert_null (tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, shape, 1, NULL, 0, address, count,
                                            &n_released, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, huge, 1, NULL, 0, address, count,
                                            &n_released, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, (gint64[]) { 5 }, 1, wild, 1,
                                            address, count, &n_released, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_SIZE);
  g_clear_error (&error);
  g_assert_null (tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, (gint64[]) { 5 }, 1, NULL, 0, 0,
                                            count, &n_released, &error));
  g_assert_error (error, TG_RUN_ERROR, TG_RUN_ERROR_MEMORY);
  g_assert_cmpint (n_released, ==, 4);
}

static void
test_odd_memory_is_copied (void)
{
  char bytes[1 + 2 * sizeof (gdouble)] = { 0, };
  const guint8 booleans[] = { 0, 1, 2, 255 };
  g_autoptr (TgTensor) unaligned = NULL;
  g_autoptr (TgTensor) odd = NULL;
  int n_released = 0;

  memcpy (bytes + 1, numbers, 2 * sizeof (gdouble));
  unaligned = tg_tensor_new_from_memory (TG_DTYPE_FLOAT64, (gint64[]) { 2 }, 1, NULL, 0,
                                         (guint64) (gsize) (bytes + 1), count, &n_released, NULL);
  ASSERT_DOUBLES (unaligned, 1, 2);
  odd = tg_tensor_new_from_memory (TG_DTYPE_BOOL, (gint64[]) { 4 }, 1, NULL, 0,
                                   (guint64) (gsize) booleans, count, &n_released, NULL);
  ASSERT_DOUBLES (odd, 0, 1, 1, 1);
  g_assert_cmpint (n_released, ==, 2);
}

static void
test_bytes_go_in_and_out_without_a_copy (void)
{
  g_autoptr (GBytes) bytes = g_bytes_new_static (numbers, sizeof numbers);
  g_autoptr (TgTensor) tensor = tg_tensor_new (TG_DTYPE_FLOAT64, (gint64[]) { 2, 3 }, 2, bytes,
                                               NULL);
  g_autoptr (GBytes) out = tg_tensor_dup_bytes (tensor);
  g_autoptr (GError) error = NULL;

  g_assert_true (g_bytes_get_data (out, NULL) == (gconstpointer) numbers);
  g_assert_true (g_bytes_equal (bytes, out));
  g_assert_null (tg_tensor_new (TG_DTYPE_FLOAT64, (gint64[]) { 7 }, 1, bytes, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH);
}

static void
test_views (void)
{
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (TgTensor) turned = tg_tensor_permute_dims (matrix, (gint64[]) { 1, 0 }, 2, NULL);
  g_autoptr (TgTensor) row = tg_tensor_index (matrix, 0, 1, NULL);
  g_autoptr (TgTensor) back = tg_tensor_slice (row, 0, -1, G_MININT64, -2, NULL);
  g_autoptr (TgTensor) joined = tg_tensor_reshape (matrix, (gint64[]) { -1 }, 1, NULL);
  g_autoptr (TgTensor) copied = tg_tensor_reshape (turned, (gint64[]) { 6 }, 1, NULL);
  g_autoptr (TgTensor) wide = tg_tensor_broadcast_to (row, (gint64[]) { 2, 3 }, 2, NULL);

  ASSERT_DOUBLES (turned, 1, 4, 2, 5, 3, 6);
  ASSERT_DOUBLES (row, 4, 5, 6);
  ASSERT_DOUBLES (back, 6, 4);
  ASSERT_DOUBLES (joined, 1, 2, 3, 4, 5, 6);
  ASSERT_DOUBLES (copied, 1, 4, 2, 5, 3, 6);
  ASSERT_DOUBLES (wide, 4, 5, 6, 4, 5, 6);
  g_assert_cmpuint (tg_tensor_get_address (turned), ==, tg_tensor_get_address (matrix));
  g_assert_cmpuint (tg_tensor_get_address (joined), ==, tg_tensor_get_address (matrix));
  g_assert_cmpuint (tg_tensor_get_address (copied), !=, tg_tensor_get_address (matrix));
}

static void
test_views_that_cannot_be (void)
{
  g_autoptr (TgTensor) matrix = make_matrix ();
  g_autoptr (GError) error = NULL;

  g_assert_null (tg_tensor_reshape (matrix, (gint64[]) { 4, -1 }, 2, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_MISMATCH);
  g_clear_error (&error);
  g_assert_null (tg_tensor_permute_dims (matrix, (gint64[]) { 0, 0 }, 2, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
  g_clear_error (&error);
  g_assert_null (tg_tensor_broadcast_to (matrix, (gint64[]) { 2, 4 }, 2, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_BROADCAST);
  g_clear_error (&error);
  g_assert_null (tg_tensor_slice (matrix, 2, 0, 1, 1, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_AXIS);
  g_clear_error (&error);
  g_assert_null (tg_tensor_slice (matrix, 0, 0, 1, 0, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX);
  g_clear_error (&error);
  g_assert_null (tg_tensor_index (matrix, 1, -4, &error));
  g_assert_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_INDEX);
}

static void
test_nothing_has_shapes (void)
{
  g_autoptr (TgTensor) nothing = tg_tensor_new_zeros (TG_DTYPE_FLOAT64, (gint64[]) { 2, 0, 3 }, 3,
                                                      NULL);
  g_autoptr (TgTensor) reshaped = tg_tensor_reshape (nothing, (gint64[]) { 0, 5 }, 2, NULL);
  g_autoptr (TgTensor) sliced = tg_tensor_slice (nothing, 0, 5, 9, 1, NULL);
  g_autoptr (TgTensor) number = tg_tensor_new_double (2.5);
  g_autoptr (TgTensor) repeated = tg_tensor_broadcast_to (number, (gint64[]) { 0 }, 1, NULL);
  g_autofree char *text = tg_tensor_to_string (nothing);
  gdouble value;

  g_assert_cmpuint (tg_tensor_get_n_elements (nothing), ==, 0);
  g_assert_cmpint (tg_tensor_get_shape (reshaped, NULL)[1], ==, 5);
  g_assert_cmpint (tg_tensor_get_shape (sliced, NULL)[0], ==, 0);
  g_assert_cmpuint (tg_tensor_get_n_elements (repeated), ==, 0);
  g_assert_cmpstr (text, ==, "array([], shape=(2, 0, 3), dtype=float64)");
  g_assert_cmpuint (tg_tensor_get_ndim (number), ==, 0);
  g_assert_true (tg_tensor_get_double (number, &value, NULL));
  g_assert_cmpfloat (value, ==, 2.5);
  g_assert_false (tg_tensor_get_double (nothing, &value, NULL));
}

static void
test_equal_goes_by_bits (void)
{
  const gdouble values[] = { NAN, -0.0 };
  const gdouble others[] = { NAN, 0.0 };
  const gint64 shape[] = { 2 };
  g_autoptr (TgTensor) first = tg_tensor_new_doubles (values, 2, shape, 1, NULL);
  g_autoptr (TgTensor) same = tg_tensor_new_doubles (values, 2, shape, 1, NULL);
  g_autoptr (TgTensor) other = tg_tensor_new_doubles (others, 2, shape, 1, NULL);
  g_autoptr (TgTensor) narrow = tg_tensor_astype (first, TG_DTYPE_FLOAT32, NULL);
  g_autoptr (TgTensor) column = tg_tensor_reshape (first, (gint64[]) { 2, 1 }, 2, NULL);

  g_assert_true (tg_tensor_equal (first, same));
  g_assert_false (tg_tensor_equal (first, other));
  g_assert_false (tg_tensor_equal (first, narrow));
  g_assert_false (tg_tensor_equal (first, column));
}

static void
test_dtypes_promote (void)
{
  static const struct { const char *first, *second, *common; } rows[] = {
    { "bool", "bool", "bool" }, { "bool", "i32", "i32" }, { "i32", "i64", "i64" },
    { "i32", "f32", "f64" }, { "i64", "f32", "f64" }, { "bool", "f32", "f32" },
    { "f32", "f64", "f64" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      TgDType first, second;

      g_assert_true (tg_dtype_from_name (rows[i].first, &first, NULL));
      g_assert_true (tg_dtype_from_name (rows[i].second, &second, NULL));
      g_assert_cmpstr (tg_dtype_get_symbol (tg_dtype_promote (first, second)), ==, rows[i].common);
      g_assert_cmpstr (tg_dtype_get_symbol (tg_dtype_promote (second, first)), ==, rows[i].common);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD_TEST(path, name) g_test_add_func ("/tensor/" path, test_##name)
  ADD_TEST ("memory-is-looked-at-in-place", memory_is_looked_at_in_place);
  ADD_TEST ("memory-is-released-where-it-cannot-be-used",
            memory_is_released_where_it_cannot_be_used);
  ADD_TEST ("odd-memory-is-copied", odd_memory_is_copied);
  ADD_TEST ("bytes-go-in-and-out-without-a-copy", bytes_go_in_and_out_without_a_copy);
  ADD_TEST ("views", views);
  ADD_TEST ("views-that-cannot-be", views_that_cannot_be);
  ADD_TEST ("nothing-has-shapes", nothing_has_shapes);
  ADD_TEST ("equal-goes-by-bits", equal_goes_by_bits);
  ADD_TEST ("dtypes-promote", dtypes_promote);
#undef ADD_TEST

  return g_test_run ();
}
