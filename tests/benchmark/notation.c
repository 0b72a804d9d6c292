/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What printing and reading a graph of 100,000 operators cost, and of a tenth of them, the fastest
 * of several times: both are linear where the time for a node is the same. */
#include <time.h>

#include <tg.h>

#define N_TIMES 3

static gdouble
get_milliseconds (clock_t start)
{
  return (gdouble) (clock () - start) * 1000 / CLOCKS_PER_SEC;
}

static TgGraph *
make_chain (guint n_nodes)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) node = g_object_ref (x);

  for (guint i = 0; i < n_nodes; i++)
    {
      TgVariable *next = i % 2 == 0 ? tg_add (node, x, NULL) : tg_exp (node, NULL);

      g_object_unref (node);
      node = next;
    }

  return tg_graph_new (&x, 1, &node, 1);
}

static void
measure (guint n_nodes)
{
  g_autoptr (TgGraph) graph = make_chain (n_nodes);
  gdouble printing = G_MAXDOUBLE, reading = G_MAXDOUBLE;

  for (guint i = 0; i < N_TIMES; i++)
    {
      clock_t start = clock ();
      g_autofree char *text = tg_graph_to_string (graph);
      g_autoptr (TgGraph) again = NULL;

      printing = MIN (printing, get_milliseconds (start));
      start = clock ();
      again = tg_parse_function (text, NULL);
      reading = MIN (reading, get_milliseconds (start));
      g_assert_nonnull (again);
    }

  g_print ("%6u operators: printed in %.0f ms, read in %.0f ms\n", n_nodes, printing, reading);
}

int
main (void)
{
  measure (10000);
  measure (100000);

  return 0;
}
