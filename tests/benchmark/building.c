/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a node costs in processor time: graphs of 100,000 elementwise operators, the fastest of
 * several times. */
#include <time.h>

#include <tg.h>

#define N_NODES 100000
#define N_TIMES 9

typedef TgVariable *(* MakeFunc) (TgVariable *x,
                                  TgVariable *before);

static TgVariable *
add (TgVariable *x,
     TgVariable *before)
{
  return tg_add (before, x, NULL);
}

/* Each node in a line of its own, as in a program. */
static TgVariable *
add_here (TgVariable *x,
          TgVariable *before)
{
  static guint line;

  tg_place_push (__FILE__, ++line, G_STRFUNC);

  return tg_place_leave (tg_add (before, x, NULL));
}

static TgVariable *
take_exp (TgVariable *x,
          TgVariable *before G_GNUC_UNUSED)
{
  return tg_exp (x, NULL);
}

/* Nanoseconds a node; `make` is given `x` and the node before. */
static gdouble
measure (MakeFunc make,
         guint    ndim)
{
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, ndim);
  g_autofree TgVariable **nodes = g_new (TgVariable *, N_NODES + 1);
  gdouble fastest = G_MAXDOUBLE;

  for (guint k = 0; k < N_TIMES; k++)
    {
      clock_t start = clock ();

      nodes[0] = x;
      for (guint i = 0; i < N_NODES; i++)
        nodes[i + 1] = make (x, nodes[i]);
      fastest = MIN (fastest, (gdouble) (clock () - start) / CLOCKS_PER_SEC);

      for (guint i = N_NODES; i > 0; i--)
        g_object_unref (nodes[i]);
    }

  return fastest * 1e9 / N_NODES;
}

int
main (void)
{
  g_print ("nanoseconds a node in C\n");
  g_print ("chain of scalars     %6.0f\n", measure (add, 0));
  g_print ("chain of matrices    %6.0f\n", measure (add, 2));
  g_print ("wide, of scalars     %6.0f\n", measure (take_exp, 0));
  g_print ("wide, of matrices    %6.0f\n", measure (take_exp, 2));
  g_print ("with the place       %6.0f\n", measure (add_here, 2));

  return 0;
}
