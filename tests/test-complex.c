/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The complex kernels against MPFR, in units in the last place of the absolute value, on
 * both sides of the branch cuts. With --verbose the worst errors found are printed.
 */

#include <math.h>

#include <glib.h>
#include <mpfr.h>

#include "tgk.h"

#include "test-ulp.h"

/* What cancels in the textbook's formulas is far less. */
#define DIGITS 640

/* Stands for a zero in the oracle: so small that only the side of a cut is told by it. */
#define NOTHING -4000

#define N_POINTS 3000

static unsigned int n_points = N_POINTS;

typedef struct
{
  mpfr_t re;
  mpfr_t im;
} Number;

typedef void (* Oracle) (Number *z);

static void
number_init (Number *z)
{
  mpfr_inits2 (DIGITS, z->re, z->im, (mpfr_ptr) NULL);
}

static void
number_clear (Number *z)
{
  mpfr_clears (z->re, z->im, (mpfr_ptr) NULL);
}

static void
number_set (Number *z, const Number *from)
{
  mpfr_set (z->re, from->re, MPFR_RNDN);
  mpfr_set (z->im, from->im, MPFR_RNDN);
}

static void
set_part (mpfr_t part, double x)
{
  if (x == 0)
    mpfr_set_si_2exp (part, signbit (x) ? -1 : 1, NOTHING, MPFR_RNDN);
  else
    mpfr_set_d (part, x, MPFR_RNDN);
}

static void
number_set_parts (Number *z, double re, double im)
{
  set_part (z->re, re);
  set_part (z->im, im);
}

static void
number_multiply (Number *z, const Number *w)
{
  mpfr_t re, im;

  mpfr_inits2 (DIGITS, re, im, (mpfr_ptr) NULL);
  mpfr_fmms (re, z->re, w->re, z->im, w->im, MPFR_RNDN);
  mpfr_fmma (im, z->re, w->im, z->im, w->re, MPFR_RNDN);
  mpfr_swap (z->re, re);
  mpfr_swap (z->im, im);
  mpfr_clears (re, im, (mpfr_ptr) NULL);
}

static void
number_reciprocal (Number *z)
{
  mpfr_t square;

  mpfr_init2 (square, DIGITS);
  mpfr_fmma (square, z->re, z->re, z->im, z->im, MPFR_RNDN);
  mpfr_div (z->re, z->re, square, MPFR_RNDN);
  mpfr_div (z->im, z->im, square, MPFR_RNDN);
  mpfr_neg (z->im, z->im, MPFR_RNDN);
  mpfr_clear (square);
}

static void
number_divide (Number *z, const Number *w)
{
  Number inverse;

  number_init (&inverse);
  number_set (&inverse, w);
  number_reciprocal (&inverse);
  number_multiply (z, &inverse);
  number_clear (&inverse);
}

/* i z, or -i z */
static void
number_turn (Number *z, bool back)
{
  mpfr_swap (z->re, z->im);
  mpfr_neg (back ? z->im : z->re, back ? z->im : z->re, MPFR_RNDN);
}

static void
number_square (Number *z)
{
  number_multiply (z, z);
}

static void
number_exp (Number *z)
{
  mpfr_t size;

  mpfr_init2 (size, DIGITS);
  mpfr_exp (size, z->re, MPFR_RNDN);
  mpfr_sin_cos (z->im, z->re, z->im, MPFR_RNDN);
  mpfr_mul (z->re, z->re, size, MPFR_RNDN);
  mpfr_mul (z->im, z->im, size, MPFR_RNDN);
  mpfr_clear (size);
}

static void
number_log (Number *z)
{
  mpfr_t size;

  mpfr_init2 (size, DIGITS);
  mpfr_hypot (size, z->re, z->im, MPFR_RNDN);
  mpfr_atan2 (z->im, z->im, z->re, MPFR_RNDN);
  mpfr_log (z->re, size, MPFR_RNDN);
  mpfr_clear (size);
}

static void
number_sqrt (Number *z)
{
  number_log (z);
  mpfr_div_ui (z->re, z->re, 2, MPFR_RNDN);
  mpfr_div_ui (z->im, z->im, 2, MPFR_RNDN);
  number_exp (z);
}

static void
number_scale (Number *z, unsigned int base, bool divide)
{
  mpfr_t factor;

  mpfr_init2 (factor, DIGITS);
  mpfr_log_ui (factor, base, MPFR_RNDN);
  if (divide)
    mpfr_ui_div (factor, 1, factor, MPFR_RNDN);
  mpfr_mul (z->re, z->re, factor, MPFR_RNDN);
  mpfr_mul (z->im, z->im, factor, MPFR_RNDN);
  mpfr_clear (factor);
}

static void number_exp2 (Number *z) { number_scale (z, 2, false); number_exp (z); }
static void number_log2 (Number *z) { number_log (z); number_scale (z, 2, true); }
static void number_log10 (Number *z) { number_log (z); number_scale (z, 10, true); }

static void
number_expm1 (Number *z)
{
  number_exp (z);
  mpfr_sub_ui (z->re, z->re, 1, MPFR_RNDN);
}

static void
number_log1p (Number *z)
{
  mpfr_add_ui (z->re, z->re, 1, MPFR_RNDN);
  number_log (z);
}

static void
number_sign (Number *z)
{
  mpfr_t size;

  mpfr_init2 (size, DIGITS);
  mpfr_hypot (size, z->re, z->im, MPFR_RNDN);
  mpfr_div (z->re, z->re, size, MPFR_RNDN);
  mpfr_div (z->im, z->im, size, MPFR_RNDN);
  mpfr_clear (size);
}

/* (e^z +- e^-z) / 2 */
static void
number_halves (Number *z, bool add)
{
  Number other;

  number_init (&other);
  mpfr_neg (other.re, z->re, MPFR_RNDN);
  mpfr_neg (other.im, z->im, MPFR_RNDN);
  number_exp (&other);
  number_exp (z);
  (add ? mpfr_add : mpfr_sub) (z->re, z->re, other.re, MPFR_RNDN);
  (add ? mpfr_add : mpfr_sub) (z->im, z->im, other.im, MPFR_RNDN);
  mpfr_div_ui (z->re, z->re, 2, MPFR_RNDN);
  mpfr_div_ui (z->im, z->im, 2, MPFR_RNDN);
  number_clear (&other);
}

static void number_sinh (Number *z) { number_halves (z, false); }
static void number_cosh (Number *z) { number_halves (z, true); }

static void
number_tanh (Number *z)
{
  Number below;

  number_init (&below);
  number_set (&below, z);
  number_sinh (z);
  number_cosh (&below);
  number_divide (z, &below);
  number_clear (&below);
}

static void
number_sin (Number *z)
{
  number_turn (z, false);
  number_sinh (z);
  number_turn (z, true);
}

static void number_cos (Number *z) { number_turn (z, false); number_cosh (z); }
static void
number_tan (Number *z)
{
  number_turn (z, false);
  number_tanh (z);
  number_turn (z, true);
}


/* log (z + sqrt (z^2 + 1)) */
static void
number_asinh (Number *z)
{
  Number root;

  number_init (&root);
  number_set (&root, z);
  number_square (&root);
  mpfr_add_ui (root.re, root.re, 1, MPFR_RNDN);
  number_sqrt (&root);
  mpfr_add (z->re, z->re, root.re, MPFR_RNDN);
  mpfr_add (z->im, z->im, root.im, MPFR_RNDN);
  number_log (z);
  number_clear (&root);
}

/* log (z + sqrt (z + 1) sqrt (z - 1)) */
static void
number_acosh (Number *z)
{
  Number a, b;

  number_init (&a);
  number_init (&b);
  number_set (&a, z);
  number_set (&b, z);
  mpfr_add_ui (a.re, a.re, 1, MPFR_RNDN);
  mpfr_sub_ui (b.re, b.re, 1, MPFR_RNDN);
  number_sqrt (&a);
  number_sqrt (&b);
  number_multiply (&a, &b);
  mpfr_add (z->re, z->re, a.re, MPFR_RNDN);
  mpfr_add (z->im, z->im, a.im, MPFR_RNDN);
  number_log (z);
  number_clear (&a);
  number_clear (&b);
}

/* (log (1 + z) - log (1 - z)) / 2 */
static void
number_atanh (Number *z)
{
  Number other;

  number_init (&other);
  mpfr_ui_sub (other.re, 1, z->re, MPFR_RNDN);
  mpfr_neg (other.im, z->im, MPFR_RNDN);
  number_log (&other);
  number_log1p (z);
  mpfr_sub (z->re, z->re, other.re, MPFR_RNDN);
  mpfr_sub (z->im, z->im, other.im, MPFR_RNDN);
  mpfr_div_ui (z->re, z->re, 2, MPFR_RNDN);
  mpfr_div_ui (z->im, z->im, 2, MPFR_RNDN);
  number_clear (&other);
}

static void
number_asin (Number *z)
{
  number_turn (z, false);
  number_asinh (z);
  number_turn (z, true);
}

static void
number_atan (Number *z)
{
  number_turn (z, false);
  number_atanh (z);
  number_turn (z, true);
}


static void
number_acos (Number *z)
{
  mpfr_t right;

  mpfr_init2 (right, DIGITS);
  number_asin (z);
  mpfr_const_pi (right, MPFR_RNDN);
  mpfr_div_ui (right, right, 2, MPFR_RNDN);
  mpfr_sub (z->re, right, z->re, MPFR_RNDN);
  mpfr_neg (z->im, z->im, MPFR_RNDN);
  mpfr_clear (right);
}

#define COMPLEX_ROW(word, allowed) \
  { #word, tgk_##word##_c128, tgk_##word##_c64, number_##word, allowed }

static const struct
{
  const char     *name;
  TgkComplex128 (* c128) (TgkComplex128 z);
  TgkComplex64  (* c64) (TgkComplex64 z);
  Oracle          oracle;
  double          allowed;
} kernels[] =
{
  COMPLEX_ROW (sign, 4),
  COMPLEX_ROW (square, 4),
  COMPLEX_ROW (reciprocal, 4),
  COMPLEX_ROW (sqrt, 4),
  COMPLEX_ROW (exp, 4),
  COMPLEX_ROW (exp2, 4),
  COMPLEX_ROW (expm1, 4),
  COMPLEX_ROW (log, 4),
  COMPLEX_ROW (log1p, 4),
  COMPLEX_ROW (log2, 4),
  COMPLEX_ROW (log10, 4),
  COMPLEX_ROW (sin, 4),
  COMPLEX_ROW (cos, 4),
  COMPLEX_ROW (tan, 6),
  COMPLEX_ROW (asin, 4),
  COMPLEX_ROW (acos, 4),
  COMPLEX_ROW (atan, 6),
  COMPLEX_ROW (sinh, 4),
  COMPLEX_ROW (cosh, 4),
  COMPLEX_ROW (tanh, 6),
  COMPLEX_ROW (asinh, 4),
  COMPLEX_ROW (acosh, 4),
  COMPLEX_ROW (atanh, 6),
};

/* In ulp of the absolute value of what is exact. That may be infinite where it is out of range,
 * and at the logarithmic poles, which the oracle is but next to. */
static double
complex_error (double re, double im, const Number *exact, const Format *format)
{
  mpfr_t size, a, b;
  long exponent;
  double error;
  bool is_pole;

  mpfr_inits2 (DIGITS, size, a, b, (mpfr_ptr) NULL);
  mpfr_hypot (size, exact->re, exact->im, MPFR_RNDN);
  exponent = MAX (mpfr_get_exp (size), format->least + format->digits);
  is_pole = mpfr_cmp_ui (size, 1000) > 0 && mpfr_cmp_ui (size, 3000) < 0;
  mpfr_sub_d (a, exact->re, re, MPFR_RNDN);
  mpfr_sub_d (b, exact->im, im, MPFR_RNDN);
  mpfr_hypot (a, a, b, MPFR_RNDN);
  mpfr_mul_2si (a, a, format->digits - exponent, MPFR_RNDN);
  error = mpfr_get_d (a, MPFR_RNDN);
  mpfr_clears (size, a, b, (mpfr_ptr) NULL);
  if ((isinf (re) || isinf (im)) && (is_pole || exponent > format->most))
    return 0;

  return isnan (error) ? INFINITY : error;
}

/* Parts of both signs, zeros, and numbers next to 1 and to each other in size. */
static double
part (uint64_t *state, unsigned int kind)
{
  double sign = random_bits (state) & 1 ? 1 : -1;

  switch (kind % 8)
    {
    case 0:
      return sign * 0.0;
    case 1:
      return sign;
    case 2:
      return sign * (1 + random_binade (state, -52, -2));
    case 3:
      return random_binade (state, -300, -30);
    case 4:
      return random_binade (state, -30, 0);
    default:
      return random_binade (state, -6, 7);
    }
}

static void
test_kernels_are_accurate (void)
{
  Number exact;

  number_init (&exact);
  for (gsize k = 0; k < G_N_ELEMENTS (kernels); k++)
    {
      double worst = 0, worst32 = 0, at_x = 0, at_y = 0;
      uint64_t state = k;

      for (unsigned int i = 0; i < n_points; i++)
        {
          double x = part (&state, i), y = part (&state, i / 8), error;
          float u = (float) x, v = (float) y;
          TgkComplex128 wide = kernels[k].c128 (tgk_complex_c128 (x, y));
          TgkComplex64 narrow = kernels[k].c64 (tgk_complex_c64 (u, v));

          if (u == 0 && v == 0)
            continue;

          number_set_parts (&exact, x, y);
          kernels[k].oracle (&exact);
          error = complex_error (__real__ wide, __imag__ wide, &exact, &f64);
          if (error > worst)
            worst = error, at_x = x, at_y = y;

          number_set_parts (&exact, u, v);
          kernels[k].oracle (&exact);
          error = complex_error (__real__ narrow, __imag__ narrow, &exact, &f32);
          worst32 = MAX (worst32, error);
        }

      g_test_message ("%-10s c128 %.3f at %a, %a, c64 %.3f", kernels[k].name, worst, at_x, at_y,
                      worst32);
      g_assert_cmpfloat (worst, <=, kernels[k].allowed);
      g_assert_cmpfloat (worst32, <=, 0.72);
    }

  number_clear (&exact);
}

static void
number_pow (Number *z, const Number *w)
{
  number_log (z);
  number_multiply (z, w);
  number_exp (z);
}

/* Of a power, the C library rounds the logarithm: the error grows with that of the result. */
static double
power_allowed (const Number *z, const Number *w)
{
  Number logarithm;
  double size;

  number_init (&logarithm);
  number_set (&logarithm, z);
  number_log (&logarithm);
  number_multiply (&logarithm, w);
  mpfr_hypot (logarithm.re, logarithm.re, logarithm.im, MPFR_RNDN);
  size = mpfr_get_d (logarithm.re, MPFR_RNDN);
  number_clear (&logarithm);
  return 4 * (1 + size);
}

static void
test_kernels_of_two_are_accurate (void)
{
  static const struct
  {
    const char     *name;
    TgkComplex128 (* c128) (TgkComplex128 a, TgkComplex128 b);
    void         (* oracle) (Number *z, const Number *w);
  } binary[] = {
    { "mul", tgk_mul_c128, number_multiply },
    { "div", tgk_div_c128, number_divide },
    { "pow", tgk_pow_c128, number_pow },
  };
  Number z, w;

  number_init (&z);
  number_init (&w);
  for (gsize k = 0; k < G_N_ELEMENTS (binary); k++)
    {
      double worst = 0;
      uint64_t state = k;

      for (unsigned int i = 0; i < n_points; i++)
        {
          double x = part (&state, i), y = part (&state, i / 8), allowed = 4, error;
          double u = part (&state, i / 3), v = part (&state, i / 5);
          TgkComplex128 got = binary[k].c128 (tgk_complex_c128 (x, y), tgk_complex_c128 (u, v));

          if ((x == 0 && y == 0) || (u == 0 && v == 0))
            continue;

          number_set_parts (&z, x, y);
          number_set_parts (&w, u, v);
          if (binary[k].oracle == number_pow)
            allowed = power_allowed (&z, &w);
          binary[k].oracle (&z, &w);
          error = complex_error (__real__ got, __imag__ got, &z, &f64) / allowed;
          worst = MAX (worst, error);
        }

      g_test_message ("%-10s %.3f of what is allowed", binary[k].name, worst);
      g_assert_cmpfloat (worst, <=, 1.0);
    }

  number_clear (&z);
  number_clear (&w);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_points = (unsigned int) g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10);

  g_test_add_func ("/complex/accurate", test_kernels_are_accurate);
  g_test_add_func ("/complex/accurate-of-two", test_kernels_of_two_are_accurate);

  return g_test_run ();
}
