/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* How long it takes to read the library's rules, and to rewrite graphs of several sizes, in
 * processor time. */

#include <time.h>

#include "tg-rewrite-private.h"
#include "tg-rule-index-private.h"

#include <tg.h>

#define REPETITIONS 3

static double
get_milliseconds (clock_t start)
{
  return 1000.0 * (double) (clock () - start) / CLOCKS_PER_SEC;
}

/* Once a process: what the first function pays. */
static void
measure_reading (void)
{
  clock_t start = clock ();
  TgRuleSet *rules = tg_rule_set_get_default ();
  double reading = get_milliseconds (start);

  start = clock ();
  tg_rule_set_get_index (rules);
  g_print ("%u rules: %.2f ms to read, %.2f ms to index\n",
           g_list_model_get_n_items (G_LIST_MODEL (rules)), reading, get_milliseconds (start));
}

/* Takes the variable and gives back what is made of it. */
#define STEP(x, made)                                                         \
  G_STMT_START                                                                \
    {                                                                         \
      TgVariable *next = (made);                                              \
                                                                              \
      g_object_unref (x);                                                     \
      (x) = next;                                                             \
    }                                                                         \
  G_STMT_END

/* Layers of 5 operators, none of which any rule shortens. */
static TgVariable *
make_layers (guint n_nodes)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  TgVariable *y = g_object_ref (x);

  for (guint i = 0; i < n_nodes / 5; i++)
    {
      g_autoptr (TgVariable) weight = tg_constant_new_double (1.5 + i);
      g_autoptr (TgVariable) bias = tg_constant_new_double (0.25 + i);

      STEP (y, tg_multiply (y, weight, NULL));
      STEP (y, tg_add (y, bias, NULL));
      STEP (y, tg_tanh (y, NULL));
      STEP (y, tg_maximum (y, x, NULL));
      STEP (y, tg_subtract (y, x, NULL));
    }

  return y;
}

/* Layers of 5 operators that move and fold elements, two of which always meet. */
static TgVariable *
make_layouts (guint n_nodes)
{
  static const gint64 order[] = { 1, 0 }, axes[] = { 0 };
  TgVariable *y = tg_variable_new ("x", TG_DTYPE_FLOAT64, 2);

  for (guint i = 0; i < n_nodes / 5; i++)
    {
      g_autoptr (TgVariable) total = NULL;

      STEP (y, tg_permute_dims (y, order, 2, NULL));
      STEP (y, tg_sin (y, NULL));
      STEP (y, tg_permute_dims (y, order, 2, NULL));
      total = tg_sum (y, axes, 1, TRUE, NULL);
      STEP (y, tg_add (y, total, NULL));
    }

  return y;
}

static void
measure_graph (const char *name,
               TgVariable *(* make) (guint n_nodes),
               guint       n_nodes)
{
  g_autoptr (GHashTable) excluded = g_hash_table_new (g_str_hash, g_str_equal);
  TgRewriteOptions options = { .promises = TG_PROMISE_DEFAULT, .excluded = excluded };
  g_autoptr (TgVariable) output = make (n_nodes);
  double least = G_MAXDOUBLE;

  /* What the search takes says searching.c. */
  g_hash_table_add (excluded, (gpointer) tg_rule_of_step (TG_STEP_SEARCH)->name);
  for (guint i = 0; i < REPETITIONS; i++)
    {
      g_autoptr (GPtrArray) outputs = g_ptr_array_new_with_free_func (g_object_unref);
      g_autoptr (GError) error = NULL;
      clock_t start = clock ();

      g_ptr_array_add (outputs, g_object_ref (output));
      if (!tg_rewrite (outputs, &options, NULL, &error))
        g_error ("%s", error->message);
      least = MIN (least, get_milliseconds (start));
    }

  g_print ("%-8s %7u nodes: %7.1f ms, %5.2f µs a node\n", name, n_nodes, least,
           1000 * least / n_nodes);
}

int
main (void)
{
  static const guint sizes[] = { 1000, 20000, 100000 };

  measure_reading ();
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    measure_graph ("layers", make_layers, sizes[i]);
  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    measure_graph ("layouts", make_layouts, sizes[i]);

  return 0;
}
