/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The kernels against MPFR, and their corners one by one. With --verbose the
 * worst errors found are printed, in units in the last place.
 */

#include <math.h>

#include <glib.h>
#include <mpfr.h>

#include "tgk.h"

#include "test-oracles.h"
#include "test-single.h"
#include "test-ulp.h"

/* Unless TG_TEST_POINTS says otherwise. */
#define N_POINTS 50000

static unsigned int n_points = N_POINTS;

typedef int (* Unary) (mpfr_t, const mpfr_t, mpfr_rnd_t);
typedef int (* Binary) (mpfr_t, const mpfr_t, const mpfr_t, mpfr_rnd_t);

/*
 * Half of the points of a function come from [low, high], with its sign. An absolute
 * error up to the last number is none, where the function is the rest of larger terms.
 */
typedef struct
{
  const char *name;
  double   (* f64) (double x);
  float    (* f32) (float x);
  Unary       mpfr;
  double      low;
  double      high;
  double      allowed;
  double      absolute;
} Kernel;

typedef struct
{
  const char *name;
  double   (* f64) (double x, double y);
  float    (* f32) (float x, float y);
  Binary      mpfr;
  double      allowed;
  double      absolute;
} Kernel2;

static int
mpfr_sigmoid (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  mpfr_neg (result, x, round);
  mpfr_exp (result, result, round);
  mpfr_add_ui (result, result, 1, round);
  return mpfr_ui_div (result, 1, result, round);
}

static int
mpfr_softplus (mpfr_t result, const mpfr_t x, mpfr_rnd_t round)
{
  /* Past 100 the power is only far out of any reach. */
  if (mpfr_cmp_ui (x, 100) > 0)
    return mpfr_set (result, x, round);

  mpfr_exp (result, x, round);
  return mpfr_log1p (result, result, round);
}

#define KERNEL_ROW(word, low, high, ...) \
  { #word, tgk_##word##_f64, tgk_##word##_f32, mpfr_##word, low, high, __VA_ARGS__ }
#define ORACLE_ROW(word, low, high, ...) \
  { #word, tgk_##word##_f64, tgk_##word##_f32, oracle_##word, low, high, __VA_ARGS__ }

static const Kernel kernels[] =
{
  KERNEL_ROW (exp, -746, 710, 1.1, 0),
  KERNEL_ROW (expm1, -40, 710, 1.1, 0),
  KERNEL_ROW (exp2, -1075, 1024, 1.1, 0),
  KERNEL_ROW (log, 0, 4, 1.1, 0),
  KERNEL_ROW (log1p, -1, 4, 1.1, 0),
  KERNEL_ROW (log2, 0, 4, 1.1, 0),
  KERNEL_ROW (log10, 0, 4, 1.1, 0),
  KERNEL_ROW (sin, -10, 10, 1.1, 0),
  KERNEL_ROW (cos, -10, 10, 1.1, 0),
  KERNEL_ROW (tan, -10, 10, 1.1, 0),
  KERNEL_ROW (asin, -1, 1, 1.1, 0),
  KERNEL_ROW (acos, -1, 1, 1.1, 0),
  KERNEL_ROW (atan, -6, 6, 1.1, 0),
  KERNEL_ROW (sinh, -711, 711, 1.1, 0),
  KERNEL_ROW (cosh, -711, 711, 1.1, 0),
  KERNEL_ROW (tanh, -20, 20, 1.1, 0),
  KERNEL_ROW (asinh, -8, 8, 1.1, 0),
  KERNEL_ROW (acosh, 1, 8, 1.1, 0),
  KERNEL_ROW (atanh, -1, 1, 1.1, 0),
  KERNEL_ROW (sigmoid, -746, 40, 4.0, 0),
  KERNEL_ROW (softplus, -746, 40, 4.0, 0),
  KERNEL_ROW (cbrt, -8, 8, 1.1, 0),
  ORACLE_ROW (logit, 0, 1, 1.1, 0),
  ORACLE_ROW (log1mexp, -40, 0, 1.1, 0),
  KERNEL_ROW (erf, -6, 6, 1.1, 0),
  KERNEL_ROW (erfc, -6, 28, 4.0, 0),
  ORACLE_ROW (erfcx, -27, 30, 4.0, 0),
  ORACLE_ROW (erfinv, -1, 1, 4.0, 0),
  ORACLE_ROW (erfcinv, 0, 2, 4.0, 0),
  KERNEL_ROW (gamma, -186, 172, 4.0, 0),
  ORACLE_ROW (lgamma, -25, 25, 4.0, 0),
  KERNEL_ROW (digamma, -25, 25, 4.0, 0x1p-57),
  ORACLE_ROW (trigamma, -25, 25, 4.0, 0),
};

static const Kernel2 kernels2[] =
{
  { "pow", tgk_pow_f64, tgk_pow_f32, mpfr_pow, 1.0, 0 },
  { "atan2", tgk_atan2_f64, tgk_atan2_f32, mpfr_atan2, 1.0, 0 },
  { "hypot", tgk_hypot_f64, tgk_hypot_f32, mpfr_hypot, 1.0, 0 },
  { "logaddexp", tgk_logaddexp_f64, tgk_logaddexp_f32, oracle_logaddexp, 1.0, 0x1p-55 },
  { "xlogy", tgk_xlogy_f64, tgk_xlogy_f32, oracle_xlogy, 1.0, 0 },
  { "xlog1py", tgk_xlog1py_f64, tgk_xlog1py_f32, oracle_xlog1py, 1.0, 0 },
};

static double
kernel_error (const Kernel *kernel, double x, const Format *format)
{
  double got = format == &f32 ? (double) kernel->f32 ((float) x) : kernel->f64 (x);
  double error;
  mpfr_t value;

  mpfr_init2 (value, PRECISION);
  mpfr_set_d (value, x, MPFR_RNDN);
  kernel->mpfr (value, value, MPFR_RNDN);
  error = error_beyond (got, value, format, kernel->absolute);
  mpfr_clear (value);
  return error;
}

static double
kernel2_error (const Kernel2 *kernel, double x, double y, const Format *format)
{
  double got = format == &f32 ? (double) kernel->f32 ((float) x, (float) y) : kernel->f64 (x, y);
  double error;
  mpfr_t a, b;

  mpfr_inits2 (PRECISION, a, b, (mpfr_ptr) NULL);
  mpfr_set_d (a, x, MPFR_RNDN);
  mpfr_set_d (b, y, MPFR_RNDN);
  kernel->mpfr (a, a, b, MPFR_RNDN);
  error = error_beyond (got, a, format, kernel->absolute);
  mpfr_clears (a, b, (mpfr_ptr) NULL);
  return error;
}

/* The oracles of the special functions take ten to a hundred times as long as the others. */
static void
test_kernels_are_accurate (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (kernels); k++)
    {
      const Kernel *kernel = &kernels[k];
      unsigned int n = kernel->allowed > 2 ? n_points / 4 : n_points;
      uint64_t state = k;
      double worst = 0, worst_at = 0, worst32 = 0, worst32_at = 0;

      for (unsigned int i = 0; i < n; i++)
        {
          double x = point (&state, i, kernel->low, kernel->high);
          double error = kernel_error (kernel, x, &f64);

          if (error > worst)
            worst = error, worst_at = x;

          if (i % 4 != 0 && i > 2 * G_N_ELEMENTS (corners))
            continue;
          x = (float) x;
          error = kernel_error (kernel, x, &f32);
          if (error > worst32)
            worst32 = error, worst32_at = x;
        }

      g_test_message ("%-9s f64 %.3f at %a, f32 %.3f at %a",
                      kernel->name, worst, worst_at, worst32, worst32_at);
      g_assert_cmpfloat (worst, <=, kernel->allowed);
      g_assert_cmpfloat (worst32, <=, get_most_single (kernel->name));
    }
}

/* Pairs whose power or angle is in range, and all pairs of corners. */
static void
point2 (uint64_t *state, unsigned int i, double *x, double *y)
{
  const unsigned int n = G_N_ELEMENTS (corners);

  if (i < 4 * n * n)
    {
      *x = i & 1 ? -corners[i / 4 / n] : corners[i / 4 / n];
      *y = i & 2 ? -corners[i / 4 % n] : corners[i / 4 % n];
      return;
    }

  *x = point (state, i / 3, -4, 4);
  switch (i % 3)
    {
    case 0:
      *y = random_between (state, -1, 1) * 745 / log (fabs (*x));
      break;
    case 1:
      *y = point (state, i, -20, 20);
      break;
    default:
      *y = *x * random_binade (state, -8, 8);
    }
}

static void
test_kernels_of_two_are_accurate (void)
{
  for (gsize k = 0; k < G_N_ELEMENTS (kernels2); k++)
    {
      const Kernel2 *kernel = &kernels2[k];
      uint64_t state = k;
      double worst = 0, at_x = 0, at_y = 0, worst32 = 0;

      for (unsigned int i = 0; i < n_points; i++)
        {
          double x, y, error;

          point2 (&state, i, &x, &y);
          error = kernel2_error (kernel, x, y, &f64);
          if (error > worst)
            worst = error, at_x = x, at_y = y;

          error = kernel2_error (kernel, (float) x, (float) y, &f32);
          worst32 = MAX (worst32, error);
        }

      g_test_message ("%-9s f64 %.3f at %a, %a, f32 %.3f",
                      kernel->name, worst, at_x, at_y, worst32);
      g_assert_cmpfloat (worst, <=, kernel->allowed);
      g_assert_cmpfloat (worst32, <=, 0.51);
    }
}

static void
test_extremes_propagate_nan (void)
{
  assert_same (tgk_max_f64 (1, NAN), NAN);
  assert_same (tgk_max_f64 (NAN, 1), NAN);
  assert_same (tgk_min_f64 (1, NAN), NAN);
  assert_same (tgk_min_f32 (NAN, 1), NAN);
  assert_same (tgk_max_f64 (-INFINITY, 2), 2);
  assert_same (tgk_min_f32 (-INFINITY, 2), -INFINITY);
  assert_same (tgk_max_f64 (-0.0, 0), 0);
  assert_same (tgk_max_f64 (0, -0.0), 0);
  assert_same (tgk_min_f64 (-0.0, 0), -0.0);
  assert_same (tgk_min_f32 (0, -0.0), -0.0);

  assert_same (tgk_sign_f64 (NAN), NAN);
  assert_same (tgk_sign_f64 (-0.0), 0);
  assert_same (tgk_sign_f64 (-0x1p-1074), -1);
  assert_same (tgk_sign_f32 (INFINITY), 1);
}

/* What numpy gives for a // b and a % b. */
static const struct { double a, b, quotient, rest; } divisions[] =
{
  { 7, 2, 3, 1 }, { -7, 2, -4, 1 }, { 7, -2, -4, -1 }, { -7, -2, 3, -1 },
  { 6, 3, 2, 0.0 }, { -6, 3, -2, 0.0 }, { 6, -3, -2, -0.0 }, { 0.0, 5, 0.0, 0.0 },
  { -0.0, 5, -0.0, 0.0 }, { 0.5, 4, 0.0, 0.5 }, { -0.5, 4, -1, 3.5 },
  { 1, INFINITY, 0.0, 1 }, { -1, INFINITY, -1, INFINITY }, { 1, -INFINITY, -1, -INFINITY },
  { 1, 0.0, INFINITY, NAN }, { -1, 0.0, -INFINITY, NAN }, { 0.0, 0.0, NAN, NAN },
  { INFINITY, 2, NAN, NAN }, { NAN, 2, NAN, NAN }, { 2, NAN, NAN, NAN },
};

static void
test_floats_divide_as_numpy (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (divisions); i++)
    {
      double a = divisions[i].a, b = divisions[i].b;

      assert_same (tgk_floor_divide_f64 (a, b), divisions[i].quotient);
      assert_same (tgk_remainder_f64 (a, b), divisions[i].rest);
      assert_same (tgk_floor_divide_f32 ((float) a, (float) b), divisions[i].quotient);
      assert_same (tgk_remainder_f32 ((float) a, (float) b), divisions[i].rest);
    }

  assert_same (tgk_floor_divide_f64 (1, 0.1), 9);
  assert_same (tgk_remainder_f64 (1, 0.1), 0x1.9999999999996p-4);
}

static void
test_floats_round_to_even (void)
{
  assert_same (tgk_round_f64 (0.5), 0.0);
  assert_same (tgk_round_f64 (1.5), 2);
  assert_same (tgk_round_f64 (-2.5), -2);
  assert_same (tgk_round_f32 (-0.5f), -0.0);
  assert_same (tgk_floor_f64 (-0.5), -1);
  assert_same (tgk_ceil_f32 (-0.5f), -0.0);
  assert_same (tgk_trunc_f64 (-1.5), -1);
  assert_same (tgk_fma_f64 (1 + 0x1p-52, 1 - 0x1p-52, -1), -0x1p-104);

  g_assert_true (tgk_isnan_f64 (NAN) && !tgk_isnan_f32 (INFINITY));
  g_assert_true (tgk_isinf_f32 (-INFINITY) && !tgk_isinf_f64 (NAN));
  g_assert_true (tgk_isfinite_f64 (0x1p1023) && !tgk_isfinite_f64 (NAN));
}

/* One test for all widths of signed integers. */
#define TEST_INTEGERS(dtype, least, most) \
static void \
test_integers_wrap_##dtype (void) \
{ \
  g_assert_cmpint (tgk_add_##dtype (most, 1), ==, least); \
  g_assert_cmpint (tgk_sub_##dtype (least, 1), ==, most); \
  g_assert_cmpint (tgk_mul_##dtype (most, 2), ==, -2); \
  g_assert_cmpint (tgk_neg_##dtype (least), ==, least); \
  g_assert_cmpint (tgk_abs_##dtype (least), ==, least); \
  g_assert_cmpint (tgk_square_##dtype (most), ==, 1); \
  g_assert_cmpint (tgk_sign_##dtype (least), ==, -1); \
  g_assert_cmpint (tgk_max_##dtype (least, most), ==, most); \
  g_assert_cmpint (tgk_min_##dtype (least, most), ==, least); \
  g_assert_cmpint (tgk_sel_##dtype (true, 3, 4), ==, 3); \
  g_assert_true (tgk_lt_##dtype (least, most) && !tgk_ge_##dtype (least, most)); \
} \
\
static void \
test_integers_divide_as_python_##dtype (void) \
{ \
  for (int a = -20; a <= 20; a++) \
    for (int b = -7; b <= 7; b++) \
      { \
        g_assert_cmpint (tgk_floor_divide_##dtype (a, b), ==, \
                         b == 0 ? 0 : (int) floor ((double) a / b)); \
        g_assert_cmpint (tgk_remainder_##dtype (a, b), ==, \
                         b == 0 ? 0 : a - b * (int) floor ((double) a / b)); \
      } \
\
  g_assert_cmpint (tgk_floor_divide_##dtype (least, -1), ==, least); \
  g_assert_cmpint (tgk_remainder_##dtype (least, -1), ==, 0); \
  g_assert_cmpint (tgk_floor_divide_##dtype (least, 0), ==, 0); \
  g_assert_cmpint (tgk_floor_divide_##dtype (most, least), ==, -1); \
} \
\
static void \
test_integer_powers_##dtype (void) \
{ \
  g_assert_cmpint (tgk_pow_##dtype (3, 4), ==, 81); \
  g_assert_cmpint (tgk_pow_##dtype (-2, 3), ==, -8); \
  g_assert_cmpint (tgk_pow_##dtype (0, 0), ==, 1); \
  g_assert_cmpint (tgk_pow_##dtype (2, sizeof (tgk_neg_##dtype (0)) * 8), ==, 0); \
  g_assert_cmpint (tgk_shift_left_##dtype (3, 2), ==, 12); \
  g_assert_cmpint (tgk_shift_left_##dtype (1, sizeof (tgk_neg_##dtype (0)) * 8), ==, 0); \
  g_assert_cmpint (tgk_shift_left_##dtype (1, -1), ==, 0); \
  g_assert_cmpint (tgk_shift_right_##dtype (-5, 1), ==, -3); \
  g_assert_cmpint (tgk_shift_right_##dtype (-5, 99), ==, -1); \
  g_assert_cmpint (tgk_shift_right_##dtype (5, -1), ==, 0); \
  g_assert_cmpint (tgk_bit_not_##dtype (5), ==, -6); \
  g_assert_cmpint (tgk_bit_xor_##dtype (6, 3), ==, 5); \
  g_assert_cmpint (tgk_pow_##dtype (-1, most), ==, -1); \
  g_assert_cmpint (tgk_pow_##dtype (2, -1), ==, 0); \
  g_assert_cmpint (tgk_pow_##dtype (0, -1), ==, 0); \
  g_assert_cmpint (tgk_pow_##dtype (1, least), ==, 1); \
  g_assert_cmpint (tgk_pow_##dtype (-1, -3), ==, -1); \
  g_assert_cmpint (tgk_pow_##dtype (-1, -4), ==, 1); \
}

TEST_INTEGERS (i64, INT64_MIN, INT64_MAX)
TEST_INTEGERS (i32, INT32_MIN, INT32_MAX)
TEST_INTEGERS (i16, INT16_MIN, INT16_MAX)
TEST_INTEGERS (i8, INT8_MIN, INT8_MAX)

/* And one for those of unsigned integers. */
#define TEST_UNSIGNED(dtype, most) \
static void \
test_unsigned_wrap_##dtype (void) \
{ \
  g_assert_cmpuint (tgk_add_##dtype (most, 2), ==, 1); \
  g_assert_cmpuint (tgk_sub_##dtype (0, 1), ==, most); \
  g_assert_cmpuint (tgk_mul_##dtype (most, most), ==, 1); \
  g_assert_cmpuint (tgk_neg_##dtype (1), ==, most); \
  g_assert_cmpuint (tgk_abs_##dtype (most), ==, most); \
  g_assert_cmpuint (tgk_sign_##dtype (most), ==, 1); \
  g_assert_cmpuint (tgk_floor_divide_##dtype (most, 2), ==, most / 2); \
  g_assert_cmpuint (tgk_floor_divide_##dtype (most, 0), ==, 0); \
  g_assert_cmpuint (tgk_remainder_##dtype (most, 4), ==, 3); \
  g_assert_cmpuint (tgk_remainder_##dtype (most, 0), ==, 0); \
  g_assert_cmpuint (tgk_pow_##dtype (3, 4), ==, 81); \
  g_assert_cmpuint (tgk_pow_##dtype (most, 3), ==, most); \
  g_assert_cmpuint (tgk_shift_right_##dtype (most, 1), ==, most / 2); \
  g_assert_cmpuint (tgk_shift_right_##dtype (most, most), ==, 0); \
  g_assert_cmpuint (tgk_bit_not_##dtype (0), ==, most); \
}

TEST_UNSIGNED (u64, UINT64_MAX)
TEST_UNSIGNED (u32, UINT32_MAX)
TEST_UNSIGNED (u16, UINT16_MAX)
TEST_UNSIGNED (u8, UINT8_MAX)

static void
test_casts_are_defined (void)
{
  static const double unfit[] = { NAN, INFINITY, -INFINITY, 0x1p63, -0x1.8p63, 1e300 };

  for (gsize i = 0; i < G_N_ELEMENTS (unfit); i++)
    {
      g_assert_cmpint (tgk_cast_f64_i64 (unfit[i]), ==, INT64_MIN);
      g_assert_cmpint (tgk_cast_f64_i32 (unfit[i]), ==, INT32_MIN);
      g_assert_cmpint (tgk_cast_f32_i64 ((float) unfit[i]), ==, INT64_MIN);
      g_assert_cmpint (tgk_cast_f32_i32 ((float) unfit[i]), ==, INT32_MIN);
      g_assert_true (tgk_cast_f64_bool (unfit[i]));
    }

  g_assert_cmpint (tgk_cast_f64_i64 (-2.9), ==, -2);
  g_assert_cmpint (tgk_cast_f64_i32 (2147483647.9), ==, INT32_MAX);
  g_assert_cmpint (tgk_cast_f64_i32 (2147483648.0), ==, INT32_MIN);
  g_assert_cmpint (tgk_cast_f64_i32 (-2147483648.9), ==, INT32_MIN);
  g_assert_cmpint (tgk_cast_f64_i64 (-0x1p63), ==, INT64_MIN);
  g_assert_cmpint (tgk_cast_i64_i32 (0x1fffffffe), ==, -2);
  g_assert_cmpint (tgk_cast_i32_i64 (INT32_MIN), ==, INT32_MIN);
  g_assert_cmpint (tgk_cast_f64_i8 (-128.9), ==, -128);
  g_assert_cmpint (tgk_cast_f64_i8 (128), ==, INT8_MIN);
  g_assert_cmpuint (tgk_cast_f32_u8 (255.5f), ==, 255);
  g_assert_cmpuint (tgk_cast_f64_u8 (-0.9), ==, 0);
  g_assert_cmpuint (tgk_cast_f64_u64 (0x1.fffffffffffffp63), ==, 0xfffffffffffff800);
  g_assert_cmpuint (tgk_cast_i64_u16 (-1), ==, UINT16_MAX);
  g_assert_cmpuint (tgk_cast_f64_f16 (65520), ==, 0x7c00);
  g_assert_cmpuint (tgk_cast_f64_f16 (-0x1p-24), ==, 0x8001);
  g_assert_cmpuint (tgk_cast_f64_bf16 (1.00390625), ==, 0x3f80);
  assert_same (tgk_cast_f16_f64 (0x3555), 0.333251953125);
  assert_same (tgk_cast_c128_f64 (tgk_complex_c128 (2, 3)), 2);
  g_assert_true (tgk_cast_c64_bool (tgk_complex_c64 (0, 1)));
  g_assert_cmpint (tgk_cast_bool_i32 (true), ==, 1);
  g_assert_false (tgk_cast_f64_bool (-0.0));
  g_assert_true (tgk_cast_f32_bool (0x1p-149f) && tgk_cast_i64_bool (0x100000000));
  assert_same (tgk_cast_f64_f32 (1e300), INFINITY);
  assert_same (tgk_cast_i64_f32 (16777217), 16777216);
  assert_same (tgk_cast_bool_f64 (true), 1);
}

static void
test_bools_are_logic (void)
{
  for (int i = 0; i < 4; i++)
    {
      bool a = i & 1, b = i & 2;

      g_assert_true (tgk_add_bool (a, b) == (a || b) && tgk_max_bool (a, b) == (a || b));
      g_assert_true (tgk_mul_bool (a, b) == (a && b) && tgk_min_bool (a, b) == (a && b));
      g_assert_true (tgk_or_bool (a, b) == (a || b) && tgk_and_bool (a, b) == (a && b));
      g_assert_true (tgk_xor_bool (a, b) == (a != b) && tgk_ne_bool (a, b) == (a != b));
      g_assert_true (tgk_not_bool (a) == !a && tgk_lt_bool (a, b) == (!a && b));
    }
}

/* The known answers that come with Random123. */
static const struct { uint32_t counter[4], key[2], result[4]; } philox[] =
{
  { { 0, 0, 0, 0 }, { 0, 0 },
    { 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8 } },
  { { 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff }, { 0xffffffff, 0xffffffff },
    { 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd } },
  { { 0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344 }, { 0xa4093822, 0x299f31d0 },
    { 0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1 } },
};

static void
test_philox_has_known_answers (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (philox); i++)
    {
      uint32_t result[4];

      tgk_philox4x32_10 (philox[i].counter, philox[i].key, result);

      for (int word = 0; word < 4; word++)
        g_assert_cmphex (result[word], ==, philox[i].result[word]);
    }
}

static void
test_random_numbers_stay_inside (void)
{
  double edges[2], first, second;
  float first32, second32;

  edges[0] = tgk_uniform_f64 (0, 0);
  edges[1] = tgk_uniform_f64 (UINT32_MAX, UINT32_MAX);
  assert_same (edges[0], 0.0);
  assert_same (edges[1], 1 - 0x1p-53);
  assert_same (tgk_uniform_f32 (UINT32_MAX), 1 - 0x1p-24);

  for (int i = 0; i < 4; i++)
    {
      tgk_normal_pair_f64 (edges[i & 1], edges[i >> 1], &first, &second);
      g_assert_cmpfloat (hypot (first, second), <, 8.6);

      tgk_normal_pair_f32 (tgk_uniform_f32 (i & 1 ? UINT32_MAX : 0), 0.25f, &first32, &second32);
      g_assert_cmpfloat (hypotf (first32, second32), <, 5.8f);
    }
}

/* How the logarithm of the quantile at exp (log_x) of the gamma distribution changes with its
 * shape, from the distribution function for shapes a little apart: most of the bits may cancel. */
static double
exact_gamma_slope (double a, double log_x)
{
  mpfr_t shape, x, step, gamma, values[2], density;
  double result;

  mpfr_inits2 (600, shape, x, step, gamma, values[0], values[1], density, (mpfr_ptr) NULL);
  mpfr_set_d (x, log_x, MPFR_RNDN);
  mpfr_exp (x, x, MPFR_RNDN);
  mpfr_set_d (step, a, MPFR_RNDN);
  mpfr_mul_2si (step, step, -150, MPFR_RNDN);

  for (int i = 0; i < 2; i++)
    {
      mpfr_set_d (shape, a, MPFR_RNDN);
      if (i == 0)
        mpfr_sub (shape, shape, step, MPFR_RNDN);
      else
        mpfr_add (shape, shape, step, MPFR_RNDN);
      mpfr_gamma_inc (values[i], shape, x, MPFR_RNDN);
      mpfr_gamma (gamma, shape, MPFR_RNDN);
      mpfr_div (values[i], values[i], gamma, MPFR_RNDN);
    }

  mpfr_sub (values[1], values[1], values[0], MPFR_RNDN);
  mpfr_div (values[1], values[1], step, MPFR_RNDN);
  mpfr_div_2ui (values[1], values[1], 1, MPFR_RNDN);

  mpfr_set_d (density, log_x, MPFR_RNDN);
  mpfr_mul_d (density, density, a, MPFR_RNDN);
  mpfr_sub (density, density, x, MPFR_RNDN);
  mpfr_exp (density, density, MPFR_RNDN);
  mpfr_set_d (shape, a, MPFR_RNDN);
  mpfr_gamma (gamma, shape, MPFR_RNDN);
  mpfr_div (density, density, gamma, MPFR_RNDN);
  mpfr_div (values[1], values[1], density, MPFR_RNDN);
  result = mpfr_get_d (values[1], MPFR_RNDN);
  mpfr_clears (shape, x, step, gamma, values[0], values[1], density, (mpfr_ptr) NULL);

  return result;
}

static void
test_gamma_slopes_are_accurate (void)
{
  static const double shapes[] = { 1e-3, 0.1, 0.5, 1, 2, 10, 99, 101, 300, 1000 };

  for (unsigned int i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      double a = shapes[i];
      double worst = 0;

      for (double z = -6; z <= 6; z += 0.25)
        {
          double log_x = a >= 1 ? log (a) + z / sqrt (a) : z < 0 ? z / a : log (0.2 + z * z);
          double exact = exact_gamma_slope (a, log_x);

          worst = fmax (worst, fabs (tgk_gamma_quantile_slope_f64 (a, log_x) / exact - 1));
        }

      g_test_message ("gamma slope at shape %g: %.2g", a, worst);
      g_assert_cmpfloat (worst, <, 1e-13);
    }
}

/* Of 256 blocks, and of no more: nothing that rejects numbers can run for ever. */
static void
test_draws_end (void)
{
  TgkDraws draws = { .key = { 1, 2 }, .counter = { 3, 4, 5, 6 } };
  uint32_t words[4], counter[4] = { 3, 4, 5, 6 }, expected[4];

  for (uint32_t i = 0; i < 256; i++)
    {
      counter[3] = 6 + (i << 24);
      tgk_philox4x32_10 (counter, draws.key, expected);
      g_assert_true (tgk_draw_words (&draws, words));
      g_assert_cmpmem (words, sizeof words, expected, sizeof expected);
    }

  g_assert_false (tgk_draw_words (&draws, words));
  assert_same (tgk_random_poisson (&draws, (double[]) { 99.5 }), 99);
  assert_same (tgk_random_binomial (&draws, (double[]) { 99, 0.5 }), 50);
  assert_same (tgk_random_gamma (&draws, (double[]) { 2.5 }), 2.5);
  assert_same (tgk_random_truncated_normal (&draws, (double[]) { 3, 4 }), 3);
  assert_same (tgk_random_truncated_normal (&draws, (double[]) { -3, 4 }), 0);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_points = (unsigned int) g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10);

#define ADD_TEST(path, name) g_test_add_func ("/kernels/" path, test_##name)
  ADD_TEST ("accurate", kernels_are_accurate);
  ADD_TEST ("accurate-of-two", kernels_of_two_are_accurate);
  ADD_TEST ("extremes-propagate-nan", extremes_propagate_nan);
  ADD_TEST ("floats-divide-as-numpy", floats_divide_as_numpy);
  ADD_TEST ("floats-round-to-even", floats_round_to_even);
  ADD_TEST ("integers-wrap/i64", integers_wrap_i64);
  ADD_TEST ("integers-wrap/i32", integers_wrap_i32);
  ADD_TEST ("integers-divide-as-python/i64", integers_divide_as_python_i64);
  ADD_TEST ("integers-divide-as-python/i32", integers_divide_as_python_i32);
  ADD_TEST ("integer-powers/i64", integer_powers_i64);
  ADD_TEST ("integer-powers/i32", integer_powers_i32);
  ADD_TEST ("integers-wrap/i16", integers_wrap_i16);
  ADD_TEST ("integers-wrap/i8", integers_wrap_i8);
  ADD_TEST ("integers-divide-as-python/i16", integers_divide_as_python_i16);
  ADD_TEST ("integers-divide-as-python/i8", integers_divide_as_python_i8);
  ADD_TEST ("integer-powers/i16", integer_powers_i16);
  ADD_TEST ("integer-powers/i8", integer_powers_i8);
  ADD_TEST ("unsigned-wrap/u64", unsigned_wrap_u64);
  ADD_TEST ("unsigned-wrap/u32", unsigned_wrap_u32);
  ADD_TEST ("unsigned-wrap/u16", unsigned_wrap_u16);
  ADD_TEST ("unsigned-wrap/u8", unsigned_wrap_u8);
  ADD_TEST ("casts-are-defined", casts_are_defined);
  ADD_TEST ("bools-are-logic", bools_are_logic);
  ADD_TEST ("philox-has-known-answers", philox_has_known_answers);
  ADD_TEST ("random-numbers-stay-inside", random_numbers_stay_inside);
  ADD_TEST ("gamma-slopes-are-accurate", gamma_slopes_are_accurate);
  ADD_TEST ("draws-end", draws_end);
#undef ADD_TEST

  return g_test_run ();
}
