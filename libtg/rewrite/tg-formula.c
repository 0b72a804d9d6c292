/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-formula-private.h"

#include "tg-number-private.h"
#include "tg-scalar-private.h"
#include "tg-traverse-private.h"

/* 1 + 1e-300 needs the last. */
const mpfr_prec_t tg_formula_precisions[TG_FORMULA_N_PRECISIONS] = { 192, 640, 1400, 2400 };

TgFormula *
tg_formula_new (TgDType dtype,
                guint   n_leaves)
{
  TgFormula *self = g_new (TgFormula, 1);

  *self = (TgFormula) { g_array_new (FALSE, TRUE, sizeof (TgFormulaItem)), n_leaves, dtype };

  return self;
}

TgFormula *
tg_formula_copy (const TgFormula *self)
{
  TgFormula *copy = g_new (TgFormula, 1);

  *copy = (TgFormula) { g_array_copy (self->items), self->n_leaves, self->dtype };

  return copy;
}

void
tg_formula_free (TgFormula *self)
{
  g_array_unref (self->items);
  g_free (self);
}

static guint
add_item (TgFormula           *self,
          const TgFormulaItem *item)
{
  g_array_append_vals (self->items, item, 1);

  return self->items->len - 1;
}

guint
tg_formula_add_leaf (TgFormula *self,
                     guint      leaf)
{
  return add_item (self, &(TgFormulaItem) { .kind = TG_FORMULA_LEAF, .leaf = leaf });
}

guint
tg_formula_add_number (TgFormula *self,
                       double     number)
{
  return add_item (self, &(TgFormulaItem) { .kind = TG_FORMULA_NUMBER, .number = number });
}

guint
tg_formula_add_apply (TgFormula   *self,
                      TgOpId       op,
                      const guint *inputs,
                      guint        n_inputs)
{
  TgFormulaItem item = { .kind = TG_FORMULA_APPLY, .op = op, .n_inputs = n_inputs };

  for (guint i = 0; i < n_inputs; i++)
    item.inputs[i] = inputs[i];

  return add_item (self, &item);
}

guint
tg_formula_append (TgFormula       *self,
                   const TgFormula *other)
{
  guint offset = self->items->len;

  for (guint i = 0; i < other->items->len; i++)
    {
      TgFormulaItem item = *tg_formula_get (other, i);

      for (guint k = 0; k < item.n_inputs; k++)
        item.inputs[k] += offset;
      add_item (self, &item);
    }

  return self->items->len - 1;
}

TgFormula *
tg_formula_new_part (const TgFormula *self,
                     guint            last)
{
  TgFormula *part = tg_formula_new (self->dtype, self->n_leaves);
  g_autofree gboolean *is_used = g_new0 (gboolean, last + 1);
  g_autofree guint *places = g_new (guint, last + 1);

  is_used[last] = TRUE;
  for (guint i = last + 1; i > 0; i--)
    {
      const TgFormulaItem *item = tg_formula_get (self, i - 1);

      for (guint k = 0; k < item->n_inputs && is_used[i - 1]; k++)
        is_used[item->inputs[k]] = TRUE;
    }

  for (guint i = 0; i <= last; i++)
    {
      TgFormulaItem item = *tg_formula_get (self, i);

      if (!is_used[i])
        continue;
      for (guint k = 0; k < item.n_inputs; k++)
        item.inputs[k] = places[item.inputs[k]];
      places[i] = add_item (part, &item);
    }

  return part;
}

TgFormula *
tg_formula_new_from_variable (TgVariable        *variable,
                              TgVariable *const *leaves,
                              guint              n_leaves)
{
  g_autoptr (TgFormula) self = tg_formula_new (TG_DTYPE_FLOAT64, n_leaves);
  g_autoptr (GPtrArray) order = tg_traverse (&variable, 1, NULL);
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *part = order->pdata[i];
      guint leaf = 0, inputs[TG_OP_MAX_INPUTS];
      double number;

      while (leaf < n_leaves && leaves[leaf] != part)
        leaf++;

      for (guint k = 0; k < part->n_inputs && k < TG_OP_MAX_INPUTS; k++)
        inputs[k] = GPOINTER_TO_UINT (g_hash_table_lookup (numbers, part->inputs[k]));

      if (leaf < n_leaves)
        tg_formula_add_leaf (self, leaf);
      else if (part->op != NULL && part->op->form == TG_FORM_ELEMENTWISE
               && part->op->n_parameters == 0)
        tg_formula_add_apply (self, tg_op_info_get_id (part->op), inputs, part->n_inputs);
      else if (tg_variable_get_number (part, &number))
        tg_formula_add_number (self, number);
      else
        return NULL;

      g_hash_table_insert (numbers, part, GUINT_TO_POINTER (i));
    }

  return g_steal_pointer (&self);
}

static double
round_to_dtype (TgDType dtype,
                double  number)
{
  return dtype == TG_DTYPE_FLOAT32 ? (double) (float) number : number;
}

void
tg_formula_compute (const TgFormula *self,
                    const TgSample  *sample,
                    double          *values)
{
  guint n_points = sample->n_points;

  for (guint i = 0; i < self->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self, i);

      for (guint p = 0; p < n_points; p++)
        {
          double inputs[TG_OP_MAX_INPUTS], *value = &values[i * n_points + p];

          for (guint k = 0; k < item->n_inputs; k++)
            inputs[k] = values[item->inputs[k] * n_points + p];

          if (item->kind == TG_FORMULA_LEAF)
            *value = tg_sample_get (sample, item->leaf, p);
          else if (item->kind == TG_FORMULA_NUMBER)
            *value = round_to_dtype (self->dtype, item->number);
          else
            *value = tg_scalar_apply (item->op, self->dtype, inputs);
        }
    }
}

void
tg_formula_compute_reals (const TgFormula *self,
                          const TgSample  *sample,
                          guint            point,
                          mpfr_prec_t      precision,
                          TgReal          *reals)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self, i);
      const TgReal *inputs[TG_OP_MAX_INPUTS];

      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = &reals[item->inputs[k]];

      tg_real_init (&reals[i], precision);
      if (item->kind == TG_FORMULA_LEAF)
        tg_real_set_double (&reals[i], tg_sample_get (sample, item->leaf, point));
      else if (item->kind == TG_FORMULA_NUMBER)
        tg_real_set_double (&reals[i], round_to_dtype (self->dtype, item->number));
      else
        tg_real_apply (item->op, &reals[i], inputs);
    }
}

gboolean
tg_formula_is_slow (const TgFormula *self)
{
  for (guint i = 0; i < self->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self, i);

      if (item->kind != TG_FORMULA_APPLY)
        continue;

      switch ((guint) item->op)
        {
        case TG_OP_GAMMA:
        case TG_OP_LGAMMA:
        case TG_OP_DIGAMMA:
        case TG_OP_LBETA:
        case TG_OP_LGAMMA_DIFFERENCE:
        case TG_OP_STIRLING_ERROR:
          return TRUE;
        default:
          break;
        }
    }

  return FALSE;
}

gboolean
tg_formula_settle (const TgFormula *self,
                   const TgSample  *sample,
                   guint            point,
                   double          *truth,
                   guint           *level)
{
  guint n_items = self->items->len;
  g_autofree TgReal *reals = g_new (TgReal, n_items);
  guint n_levels = tg_formula_is_slow (self) ? 1 : TG_FORMULA_N_PRECISIONS;

  for (*level = 0; *level < n_levels; (*level)++)
    {
      gboolean is_settled;

      tg_formula_compute_reals (self, sample, point, tg_formula_precisions[*level], reals);
      is_settled = tg_real_round (&reals[n_items - 1], self->dtype, truth);
      for (guint i = 0; i < n_items; i++)
        tg_real_clear (&reals[i]);
      if (is_settled)
        return isfinite (*truth);
    }

  return FALSE;
}

double
tg_formula_find_truth (const TgFormula *self,
                       const TgSample  *sample,
                       guint            point)
{
  double truth;
  guint level;

  return tg_formula_settle (self, sample, point, &truth, &level) ? truth : NAN;
}

/* In additions; kernels differ, but not by so much that it would matter for a choice between
 * forms of the same accuracy. */
double
tg_op_get_cost (TgOpId op)
{
  const TgOpInfo *info = &tg_ops[op];

  switch ((guint) op)
    {
    case TG_OP_ADD:
    case TG_OP_SUBTRACT:
    case TG_OP_MULTIPLY:
    case TG_OP_SQUARE:
    case TG_OP_NEGATIVE:
    case TG_OP_ABS:
    case TG_OP_POSITIVE:
    case TG_OP_MAXIMUM:
    case TG_OP_MINIMUM:
    case TG_OP_WHERE:
      return 1;
    case TG_OP_DIVIDE:
    case TG_OP_RECIPROCAL:
    case TG_OP_SQRT:
      return 4;
    case TG_OP_POW:
    case TG_OP_ATAN2:
      return 20;
    default:
      if (info->rule == TG_RULE_COMPARE || info->rule == TG_RULE_LOGICAL)
        return 1;
      return g_str_has_prefix (info->where, "elementwise.op") ? 10 : 20;
    }
}

double
tg_formula_get_cost (const TgFormula *self)
{
  double cost = 0;

  for (guint i = 0; i < self->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self, i);

      if (item->kind == TG_FORMULA_APPLY)
        cost += tg_op_get_cost (item->op);
    }

  return cost;
}

char *
tg_formula_to_string (const TgFormula *self)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < self->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (self, i);

      if (item->kind == TG_FORMULA_LEAF)
        g_string_append_printf (text, "%%%u = leaf %u", i, item->leaf);
      else if (item->kind == TG_FORMULA_NUMBER)
        g_string_append_printf (text, "%%%u = %.17g", i, item->number);
      else
        g_string_append_printf (text, "%%%u = %s", i, tg_ops[item->op].name);

      for (guint k = 0; k < item->n_inputs; k++)
        g_string_append_printf (text, " %%%u", item->inputs[k]);
      g_string_append (text, i + 1 < self->items->len ? "; " : "");
    }

  return g_string_free (text, FALSE);
}

/* The place of a float among all floats of its dtype, which are in the order of their bits. */
static double
find_place (TgDType dtype,
            double  number)
{
  union { double number; gint64 bits; } wide = { number };
  union { float number; gint32 bits; } narrow = { (float) number };
  gint64 bits = dtype == TG_DTYPE_FLOAT32 ? narrow.bits : wide.bits;
  gint64 sign = dtype == TG_DTYPE_FLOAT32 ? G_MININT32 : G_MININT64;

  return (double) (bits < 0 ? sign - bits : bits);
}

/* The difference of places, where doubles can hold it. */
static double
count_between (TgDType dtype,
               double  a,
               double  b)
{
  union { double number; gint64 bits; } first = { a }, second = { b };

  if (dtype == TG_DTYPE_FLOAT64 && signbit (a) == signbit (b))
    return fabs ((double) (first.bits - second.bits));

  return fabs (find_place (dtype, a) - find_place (dtype, b));
}

double
tg_bits_between (TgDType dtype,
                 double  a,
                 double  b)
{
  if (isnan (a) || isnan (b))
    return dtype == TG_DTYPE_FLOAT32 ? 32 : 64;

  return a == b ? 0 : log2 (1 + count_between (dtype, a, b));
}
