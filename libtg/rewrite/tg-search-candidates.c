/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Forms of which each is good where those before it are not, so that branches have something to
 * choose from. */

#define MAX_ROUNDS 8
#define MAX_COVER 6

/* What is no worse than that at a point, in bits, needs no other form there. */
#define GOOD 1.5

/* Points around a bad one for which a form is looked for. */
#define N_NEAR 4

/* The place of a number among those of its sign, by size: what the distance of points is taken
 * of. */
static double
find_coordinate (double number)
{
  return number == 0 ? 0 : copysign (1100 + log2 (fabs (number)), number);
}

static double
find_distance (const TgSample *sample,
               guint           a,
               guint           b)
{
  double sum = 0;

  for (guint i = 0; i < sample->n_leaves; i++)
    sum += fabs (find_coordinate (tg_sample_get (sample, i, a))
                 - find_coordinate (tg_sample_get (sample, i, b)));

  return sum;
}

/* Of the points in `bad`, those nearest to one. */
static guint64
find_near (const TgSample *sample,
           guint64         bad,
           guint           point)
{
  guint64 near = 0;

  for (guint n = 0; n < N_NEAR; n++)
    {
      double least = INFINITY;
      guint nearest = point;

      for (guint p = 0; p < sample->n_points; p++)
        {
          double distance = find_distance (sample, p, point);

          if ((bad & ~near) >> p & 1 && distance < least)
            {
              least = distance;
              nearest = p;
            }
        }
      near |= (guint64) 1 << nearest;
    }

  return near;
}

/* Lowers the errors to those of what is chosen for the root. */
static void
lower_errors (const TgEGraph *graph,
              const TgEClass *root,
              double         *errors)
{
  for (guint p = 0; p < graph->sample->n_points; p++)
    {
      if (!isnan (root->truth[p]))
        errors[p] = MIN (errors[p], tg_bits_between (graph->dtype, root->values[p],
                                                     root->truth[p]));
    }
}

static guint64
find_bad (const TgEGraph *graph,
          const TgEClass *root,
          const double   *errors)
{
  guint64 bad = 0;

  for (guint p = 0; p < graph->sample->n_points; p++)
    {
      if (!isnan (root->truth[p]) && errors[p] > GOOD)
        bad |= (guint64) 1 << p;
    }

  return bad;
}

/* Adds the form that is best at some points. */
static void
add_form (TgEGraph  *graph,
          guint16    root,
          guint64    points,
          double    *errors,
          GPtrArray *candidates)
{
  const TgEClass *class = tg_egraph_get_class (graph, root);

  graph->counted = points;
  tg_egraph_choose (graph);
  graph->counted = G_MAXUINT64;
  if (class->best == TG_EGRAPH_NONE)
    return;

  lower_errors (graph, class, errors);
  g_ptr_array_add (candidates, tg_egraph_extract (graph, class->best));
}

void
tg_search_add_forms (TgEGraph  *graph,
                     guint16    root,
                     GPtrArray *candidates)
{
  guint n_points = graph->sample->n_points;
  g_autofree double *errors = g_new (double, n_points);
  const TgEClass *class = tg_egraph_get_class (graph, root);
  guint16 nodes[MAX_COVER];
  guint n_nodes;
  guint64 tried = 0;

  for (guint p = 0; p < n_points; p++)
    errors[p] = INFINITY;

  add_form (graph, root, G_MAXUINT64, errors, candidates);
  n_nodes = tg_egraph_cover (graph, root, nodes, MAX_COVER);
  for (guint i = 0; i < n_nodes; i++)
    g_ptr_array_add (candidates, tg_egraph_extract (graph, nodes[i]));

  for (guint round = 0; round < MAX_ROUNDS; round++)
    {
      guint64 bad = find_bad (graph, class, errors) & ~tried;
      guint point = 0;

      if (bad == 0)
        break;
      while (!(bad >> point & 1))
        point++;
      tried |= (guint64) 1 << point;
      add_form (graph, root, round == 0 ? bad : find_near (graph->sample, bad, point), errors,
                candidates);
    }
}
