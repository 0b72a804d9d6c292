/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Every operator that says what it is in terms of others, against that: its
 * spec is parsed by the library and evaluated by MPFR, in so many bits that
 * nothing is lost even where numbers of any two binades are added.
 */

#include <tg.h>

#include "test-ulp.h"

#include "tg-formula-private.h"
#include "tg-op-private.h"
#include "tg-truth-private.h"
#include "tg-variable-private.h"

#define PRECISION 2400
#define N_POINTS 1000

/* Of them so many are evaluated by MPFR; under valgrind, where that takes a minute, fewer. */
static guint n_evaluated = N_POINTS;

/* In ulp: float64 is computed, float32 is float64 rounded once more.  Special functions, and those
 * of accurate.op, may have 4. */
static double
get_allowed (const TgOpInfo *op)
{
  gboolean is_special = op == &tg_ops[TG_OP_ERFC] || op == &tg_ops[TG_OP_SIGMOID]
                        || op == &tg_ops[TG_OP_SOFTPLUS]
                        || g_str_has_prefix (op->where, "accurate.op");

  return is_special ? 4 : 1.1;
}

/* An operator, its spec, and a function that computes the former and says where that is defined. */
typedef struct
{
  const TgOpInfo *op;
  guint           n_inputs;
  TgVariable     *inputs[TG_OP_MAX_INPUTS];
  TgFunction     *function;
} Sample;

static TgVariable *
parse (Sample     *self,
       const char *text)
{
  g_autoptr (GError) error = NULL;
  TgVariable *result = tg_parse (text, self->inputs, self->n_inputs, &error);

  g_assert_no_error (error);

  return result;
}

static void
sample_init (Sample         *self,
             const TgOpInfo *op,
             TgDType         dtype)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) applied = NULL;
  g_autoptr (TgVariable) domain = NULL;

  *self = (Sample) { .op = op, .n_inputs = op->n_inputs };
  for (guint i = 0; i < self->n_inputs; i++)
    self->inputs[i] = tg_variable_new (op->inputs[i].name, dtype, 1);

  applied = tg_variable_new_apply (tg_op_info_get_id (op), self->inputs, self->n_inputs, NULL,
                                   &error);
  g_assert_no_error (error);
  domain = parse (self, op->domain != NULL ? op->domain : "true");
  self->function = tg_function_new (self->inputs, self->n_inputs,
                                    (TgVariable *[]) { applied, domain }, 2, &error);
  if (op->domain == NULL)
    g_assert_no_error (error);
}

static void
sample_clear (Sample *self)
{
  for (guint i = 0; i < self->n_inputs; i++)
    g_object_unref (self->inputs[i]);
  g_object_unref (self->function);
}

static TgFormula *
read_spec (const TgOpInfo *op)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) spec = NULL;
  TgVariable *arguments[TG_OP_MAX_INPUTS];
  TgFormula *formula;

  for (guint i = 0; i < op->n_inputs; i++)
    arguments[i] = tg_variable_new (op->inputs[i].name, TG_DTYPE_FLOAT64, 0);

  spec = tg_parse (op->spec, arguments, op->n_inputs, &error);
  g_assert_no_error (error);
  formula = tg_formula_new_from_variable (spec, arguments, op->n_inputs);
  g_assert_nonnull (formula);
  for (guint i = 0; i < op->n_inputs; i++)
    g_object_unref (arguments[i]);

  return formula;
}

/* What MPFR makes of an operator, or of what its spec says; infinity is a number here. */
static void
evaluate (TgOpId       op,
          mpfr_ptr     result,
          mpfr_srcptr *inputs)
{
  g_autoptr (TgFormula) spec = NULL;
  g_autofree __mpfr_struct *values = NULL;
  guint n_items;

  if (tg_truth_has (op))
    {
      tg_truth_apply (op, result, inputs);
      return;
    }

  spec = read_spec (&tg_ops[op]);
  n_items = spec->items->len;
  values = g_new (__mpfr_struct, n_items);
  for (guint i = 0; i < n_items; i++)
    {
      const TgFormulaItem *item = tg_formula_get (spec, i);
      mpfr_srcptr arguments[TG_OP_MAX_INPUTS];

      mpfr_init2 (&values[i], PRECISION);
      for (guint k = 0; k < item->n_inputs; k++)
        arguments[k] = &values[item->inputs[k]];

      if (item->kind == TG_FORMULA_APPLY)
        evaluate (item->op, &values[i], arguments);
      else if (item->kind == TG_FORMULA_LEAF)
        mpfr_set (&values[i], inputs[item->leaf], MPFR_RNDN);
      else
        mpfr_set_d (&values[i], item->number, MPFR_RNDN);
    }

  mpfr_set (result, &values[n_items - 1], MPFR_RNDN);
  for (guint i = 0; i < n_items; i++)
    mpfr_clear (&values[i]);
}

/* The value of the operator where the inputs are `points`. */
static void
evaluate_at (Sample        *self,
             const gdouble *points,
             mpfr_t         result)
{
  mpfr_t values[TG_OP_MAX_INPUTS];
  mpfr_srcptr inputs[TG_OP_MAX_INPUTS];

  for (guint i = 0; i < self->n_inputs; i++)
    {
      mpfr_init2 (values[i], PRECISION);
      mpfr_set_d (values[i], points[i], MPFR_RNDN);
      inputs[i] = values[i];
    }

  evaluate (tg_op_info_get_id (self->op), result, inputs);
  for (guint i = 0; i < self->n_inputs; i++)
    mpfr_clear (values[i]);
}

/* Finite points, since infinity less infinity is not what a spec means; and of one input not so
 * large that MPFR's exponentials would overflow as well. */
static gdouble
draw_point (const Sample *self,
            uint64_t     *state,
            TgDType       dtype,
            unsigned int  number)
{
  for (;;)
    {
      gdouble x = point (state, number, -8, 8);

      if (dtype == TG_DTYPE_FLOAT32)
        x = (gfloat) x;
      if (isfinite (x) && (self->n_inputs > 1 || fabs (x) < 0x1p40))
        return x;

      /* A corner that will not do is followed by points at random. */
      number += 2 * G_N_ELEMENTS (corners);
    }
}

static void
draw_points (const Sample *self,
             uint64_t     *state,
             TgDType       dtype,
             gdouble       points[TG_OP_MAX_INPUTS][N_POINTS])
{
  for (guint i = 0; i < self->n_inputs; i++)
    {
      for (guint k = 0; k < N_POINTS; k++)
        points[i][k] = draw_point (self, state, dtype,
                                   k + i * 2 * (guint) G_N_ELEMENTS (corners));
    }
}

static TgTensor *
make_tensor (const gdouble *points,
             TgDType        dtype)
{
  const gint64 shape[] = { N_POINTS };
  g_autoptr (TgTensor) doubles = tg_tensor_new_doubles (points, N_POINTS, shape, 1, NULL);

  return tg_tensor_astype (doubles, dtype, NULL);
}

/* Whether e to the power of it is beyond the range of MPFR, and a spec of it says nothing. */
static gboolean
is_beyond_reach (const gdouble *here,
                 guint          n_inputs)
{
  for (guint i = 0; i < n_inputs; i++)
    {
      if (fabs (here[i]) > 0x1p30)
        return TRUE;
    }

  return FALSE;
}

/* logaddexp is a difference of larger terms where the greater number is between -log 2 and 0; there
 * the error is below 2^-55.  Logarithms of quotients of gamma functions have zeros, too. */
static gboolean
is_close_enough (const TgOpInfo *op,
                 gdouble         result,
                 mpfr_srcptr     exact)
{
  gboolean is_gamma = op == &tg_ops[TG_OP_LBETA] || op == &tg_ops[TG_OP_LGAMMA_DIFFERENCE];
  gboolean is_close;
  mpfr_t error;

  if (op != &tg_ops[TG_OP_LOGADDEXP] && op != &tg_ops[TG_OP_LOGSUBEXP] && !is_gamma)
    return FALSE;

  mpfr_init2 (error, PRECISION);
  mpfr_sub_d (error, exact, result, MPFR_RNDN);
  is_close = fabs (mpfr_get_d (error, MPFR_RNDN))
             < (op == &tg_ops[TG_OP_LOGSUBEXP] ? 0x1p-50 : 0x1p-55);
  mpfr_clear (error);

  return is_close;
}

static void
check_spec (const TgOpInfo *op,
            TgDType         dtype)
{
  const Format *format = dtype == TG_DTYPE_FLOAT32 ? &f32 : &f64;
  gdouble points[TG_OP_MAX_INPUTS][N_POINTS];
  TgTensor *inputs[TG_OP_MAX_INPUTS];
  g_autofree TgTensor **outputs = NULL;
  g_autofree gdouble *results = NULL;
  g_autofree gdouble *defined = NULL;
  g_autoptr (GError) error = NULL;
  uint64_t state = g_str_hash (op->name);
  double worst = 0, worst_at = 0, worst_next = 0;
  guint n_checked = 0;
  gsize n_defined, n_results;
  Sample sample;
  mpfr_t exact;

  sample_init (&sample, op, dtype);
  draw_points (&sample, &state, dtype, points);
  for (guint i = 0; i < sample.n_inputs; i++)
    inputs[i] = make_tensor (points[i], dtype);

  outputs = tg_function_call (sample.function, inputs, sample.n_inputs, NULL, &error);
  g_assert_no_error (error);
  results = tg_tensor_dup_doubles (outputs[0], &n_results);
  defined = tg_tensor_dup_doubles (outputs[1], &n_defined);
  mpfr_init2 (exact, PRECISION);

  for (guint k = 0; k < n_evaluated; k++)
    {
      gdouble here[TG_OP_MAX_INPUTS];
      double error_here;

      if (defined[n_defined == 1 ? 0 : k] == 0)
        continue;

      for (guint i = 0; i < sample.n_inputs; i++)
        here[i] = points[i][k];

      evaluate_at (&sample, here, exact);
      if ((!mpfr_number_p (exact) && is_beyond_reach (here, sample.n_inputs))
          || is_close_enough (op, results[k], exact))
        {
          n_checked++;
          continue;
        }

      error_here = mpfr_zero_p (exact) && results[k] == 0
                     ? 0 : error_in_ulp (results[k], exact, format);
      n_checked++;
      if (error_here > worst)
        worst = error_here, worst_at = here[0], worst_next = here[sample.n_inputs - 1];
    }

  g_test_message ("%-14s %-8s %3u points, %.3f ulp at %a, %a", op->name,
                  tg_dtype_get_name (dtype), n_checked, worst, worst_at, worst_next);
  g_assert_cmpfloat (worst, <=, get_allowed (op));
  g_assert_cmpuint (n_checked, >, n_evaluated / 8);

  mpfr_clear (exact);
  for (guint i = 0; i < sample.n_inputs; i++)
    tg_tensor_unref (inputs[i]);
  for (guint i = 0; i < 2; i++)
    tg_tensor_unref (outputs[i]);
  sample_clear (&sample);
}

static void
test_spec (gconstpointer data)
{
  check_spec (data, TG_DTYPE_FLOAT64);
  check_spec (data, TG_DTYPE_FLOAT32);
}

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  if (g_getenv ("TG_TEST_POINTS") != NULL)
    n_evaluated = (guint) MIN (g_ascii_strtoull (g_getenv ("TG_TEST_POINTS"), NULL, 10) / 10,
                               N_POINTS);
  mpfr_set_emin (mpfr_get_emin_min ());
  mpfr_set_emax (mpfr_get_emax_max ());

  for (guint i = 0; i < TG_N_OPS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/specs/%s", tg_ops[i].name);

      if (tg_ops[i].spec != NULL)
        g_test_add_data_func (path, &tg_ops[i], test_spec);
    }

  result = g_test_run ();
  mpfr_free_cache ();

  return result;
}
