/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-accuracy-private.h"

#include "tg-number-private.h"
#include "tg-rewrite-private.h"
#include "tg-scalar-private.h"

#define N_POINTS 128
#define SEED_REPORT 3

static void
clear_errors (TgErrors *self)
{
  g_clear_pointer (&self->point, g_free);
}

void
tg_accuracy_section_free (TgAccuracySection *self)
{
  g_clear_object (&self->written);
  g_clear_object (&self->optimised);
  g_clear_pointer (&self->symbols, g_ptr_array_unref);
  g_clear_pointer (&self->nodes, g_ptr_array_unref);
  clear_errors (&self->before);
  clear_errors (&self->after);
  g_free (self);
}

/* A variable for each item of a formula. */
static GPtrArray *
build_items (const TgFormula   *formula,
             TgVariable *const *leaves)
{
  g_autoptr (GPtrArray) variables = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < formula->items->len; i++)
    {
      const TgFormulaItem *item = tg_formula_get (formula, i);
      TgVariable *inputs[TG_OP_MAX_INPUTS], *variable;

      for (guint k = 0; k < item->n_inputs; k++)
        inputs[k] = variables->pdata[item->inputs[k]];

      if (item->kind == TG_FORMULA_LEAF)
        variable = g_object_ref (leaves[item->leaf]);
      else if (item->kind == TG_FORMULA_NUMBER)
        variable = tg_variable_new_number (item->number);
      else
        variable = tg_variable_new_apply (item->op, inputs, item->n_inputs, NULL, NULL);

      if (variable == NULL)
        return NULL;
      g_ptr_array_add (variables, variable);
    }

  return g_steal_pointer (&variables);
}

static TgVariable *
build_last (const TgFormula   *formula,
            TgVariable *const *leaves)
{
  g_autoptr (GPtrArray) variables = build_items (formula, leaves);

  return variables != NULL ? g_object_ref (variables->pdata[variables->len - 1]) : NULL;
}

/* A 0-d symbol for each leaf. */
static GPtrArray *
make_symbols (const TgCluster *cluster)
{
  GPtrArray *symbols = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < cluster->leaves->len; i++)
    {
      TgVariable *leaf = cluster->leaves->pdata[i];
      g_autofree char *name = leaf->name != NULL ? g_strdup (leaf->name)
                                                 : g_strdup_printf ("part%u", i + 1);

      g_ptr_array_add (symbols, tg_variable_new (name, leaf->type->dtype, 0));
    }

  return symbols;
}

/* Symbols that say in which range they are. */
static GPtrArray *
assume_ranges (const TgCluster *cluster,
               GPtrArray       *symbols)
{
  GPtrArray *assumed = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < symbols->len; i++)
    {
      const TgRange *range = &cluster->ranges[i];
      TgVariable *symbol = symbols->pdata[i];
      GVariant *attributes[] = {
        g_variant_new_double (range->low), g_variant_new_double (range->high),
        g_variant_new_boolean (range->is_nonzero),
      };
      TgVariable *variable = tg_variable_new_apply (TG_OP_ASSUME, &symbol, 1, attributes, NULL);

      g_ptr_array_add (assumed, variable != NULL ? variable : g_object_ref (symbol));
    }

  return assumed;
}

/* The formula as a function computes it by default, or NULL where nothing is changed. */
static TgFormula *
optimise (const TgCluster *cluster,
          GPtrArray       *symbols)
{
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT, .is_final = TRUE };
  g_autoptr (GPtrArray) leaves = assume_ranges (cluster, symbols);
  g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
  TgVariable *variable = build_last (cluster->formula, (TgVariable *const *) leaves->pdata);
  guint n_leaves = leaves->len;
  TgFormula *formula;

  if (variable == NULL)
    return NULL;

  g_ptr_array_add (outputs, variable);
  if (!tg_rewrite (outputs, &options, NULL, NULL))
    return NULL;

  /* Rules may have taken the assumption away. */
  for (guint i = 0; i < n_leaves; i++)
    g_ptr_array_add (leaves, g_object_ref (symbols->pdata[i]));
  formula = tg_formula_new_from_variable (outputs->pdata[0], (TgVariable *const *) leaves->pdata,
                                          leaves->len);
  if (formula == NULL)
    return NULL;

  formula->dtype = cluster->formula->dtype;
  formula->n_leaves = n_leaves;
  for (guint i = 0; i < formula->items->len; i++)
    {
      TgFormulaItem *item = &g_array_index (formula->items, TgFormulaItem, i);

      if (item->kind == TG_FORMULA_LEAF)
        item->leaf %= n_leaves;
    }

  return formula;
}

/* The truth of each item at each point: truth[item * n_points + point]. */
static double *
find_truths (const TgFormula *formula,
             const TgSample  *sample)
{
  guint n_items = formula->items->len;
  double *truth = g_new (double, n_items * N_POINTS);
  g_autofree TgReal *reals = g_new (TgReal, n_items);

  for (guint p = 0; p < N_POINTS; p++)
    {
      gboolean is_settled = FALSE;

      for (guint level = 0; level < TG_FORMULA_N_PRECISIONS && !is_settled; level++)
        {
          tg_formula_compute_reals (formula, sample, p, tg_formula_precisions[level],
                                    reals);
          for (guint i = 0; i < n_items; i++)
            {
              double *number = &truth[i * N_POINTS + p];

              is_settled = tg_real_round (&reals[i], formula->dtype, number);
              if (!is_settled || !isfinite (*number))
                *number = NAN;
              tg_real_clear (&reals[i]);
            }
        }
    }

  return truth;
}

static double
find_local_error (const TgFormula *formula,
                  guint            index,
                  const double    *truth)
{
  const TgFormulaItem *item = tg_formula_get (formula, index);
  double sum = 0;
  guint n_known = 0;

  for (guint p = 0; p < N_POINTS; p++)
    {
      double inputs[TG_OP_MAX_INPUTS];
      gboolean is_known = !isnan (truth[index * N_POINTS + p]);

      for (guint k = 0; k < item->n_inputs; k++)
        {
          inputs[k] = truth[item->inputs[k] * N_POINTS + p];
          is_known = is_known && !isnan (inputs[k]);
        }

      if (!is_known)
        continue;

      sum += tg_bits_between (formula->dtype, tg_scalar_apply (item->op, formula->dtype, inputs),
                              truth[index * N_POINTS + p]);
      n_known++;
    }

  return n_known > 0 ? sum / n_known : 0;
}

static void
measure (TgErrors       *errors,
         TgDType         dtype,
         const TgSample *sample,
         const double   *values,
         const double   *truth)
{
  double sum = 0;
  guint worst = 0;

  *errors = (TgErrors) { .point = g_new0 (double, MAX (sample->n_leaves, 1)), .worst = -1 };
  for (guint p = 0; p < N_POINTS; p++)
    {
      double bits = tg_bits_between (dtype, values[p], truth[p]);

      if (isnan (truth[p]))
        continue;

      if (bits > errors->worst)
        {
          errors->worst = bits;
          worst = p;
        }
      sum += bits;
      errors->n_known++;
    }

  errors->mean = errors->n_known > 0 ? sum / errors->n_known : 0;
  errors->worst = MAX (errors->worst, 0);
  for (guint i = 0; i < sample->n_leaves; i++)
    errors->point[i] = tg_sample_get (sample, i, worst);
}

static void
list_nodes (TgAccuracySection *self,
            const TgFormula   *formula,
            const TgSample    *sample,
            const double      *values,
            const double      *truth)
{
  g_autoptr (GPtrArray) variables = build_items (formula,
                                                 (TgVariable *const *) self->symbols->pdata);

  for (guint i = 0; variables != NULL && i < formula->items->len; i++)
    {
      TgErrors total = { 0 };

      if (tg_formula_get (formula, i)->kind != TG_FORMULA_APPLY)
        continue;

      measure (&total, formula->dtype, sample, &values[i * N_POINTS], &truth[i * N_POINTS]);
      g_ptr_array_add (self->nodes,
                       tg_accuracy_node_new (variables->pdata[i],
                                             find_local_error (formula, i, truth), total.mean));
      clear_errors (&total);
    }
}

TgAccuracySection *
tg_accuracy_section_new (const TgCluster *cluster)
{
  g_autoptr (TgAccuracySection) self = g_new0 (TgAccuracySection, 1);
  const TgFormula *written = cluster->formula;
  guint n_items = written->items->len;
  g_autoptr (TgSample) sample = tg_sample_new_drawn (cluster->ranges, written->n_leaves,
                                                     written->dtype, SEED_REPORT, N_POINTS,
                                                     TG_REACH_USUAL);
  g_autoptr (TgFormula) optimised = NULL;
  g_autofree double *values = g_new (double, n_items * N_POINTS);
  g_autofree double *truth = find_truths (written, sample);
  const double *last = &truth[(n_items - 1) * N_POINTS];

  self->symbols = make_symbols (cluster);
  self->nodes = g_ptr_array_new_with_free_func (g_object_unref);
  self->written = build_last (written, (TgVariable *const *) self->symbols->pdata);
  tg_formula_compute (written, sample, values);
  measure (&self->before, written->dtype, sample, &values[(n_items - 1) * N_POINTS], last);
  list_nodes (self, written, sample, values, truth);

  optimised = optimise (cluster, self->symbols);
  if (optimised != NULL)
    {
      g_autofree double *found = g_new (double, optimised->items->len * N_POINTS);

      self->optimised = build_last (optimised, (TgVariable *const *) self->symbols->pdata);
      tg_formula_compute (optimised, sample, found);
      measure (&self->after, written->dtype, sample,
               &found[(optimised->items->len - 1) * N_POINTS], last);
    }
  else
    measure (&self->after, written->dtype, sample, &values[(n_items - 1) * N_POINTS], last);

  if (self->optimised == NULL && self->written != NULL)
    self->optimised = g_object_ref (self->written);

  return self->written != NULL ? g_steal_pointer (&self) : NULL;
}
