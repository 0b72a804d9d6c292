/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-search-private.h"

/* Parts of a formula that are functions of one thing alone, a leaf or what rules have found, and
 * lose accuracy: with a series in their place, the whole may be accurate. */

/* Things that parts are functions of, and parts that are tried. */
#define MAX_ARGUMENTS 12
#define MAX_PARTS 8

/* An error in bits that is worth a series. */
#define BAD 1.5

/* What the whole must gain, at the mean, if a part is accurate. */
#define MIN_GAIN 1

typedef struct
{
  guint16    class;
  TgFormula *function; /* of one leaf */
  TgFormula *argument; /* what that is */
} Part;

static void
part_clear (gpointer data)
{
  Part *self = data;

  tg_formula_free (self->function);
  tg_formula_free (self->argument);
}

/* Whether an operator is a function whose argument is of interest. */
static gboolean
is_function (const TgENode *node)
{
  return node->kind == TG_FORMULA_APPLY && node->n_inputs == 1
         && tg_op_get_cost (node->op) >= 4;
}

static void
add_argument (const TgEGraph *graph,
              guint16         class,
              GArray         *arguments)
{
  class = tg_egraph_find (graph, class);
  for (guint i = 0; i < arguments->len; i++)
    {
      if (g_array_index (arguments, guint16, i) == class)
        return;
    }

  if (!tg_egraph_get_class (graph, class)->is_number && arguments->len < MAX_ARGUMENTS)
    g_array_append_val (arguments, class);
}

/* Leaves, and what functions are taken of. */
static GArray *
list_arguments (const TgEGraph *graph)
{
  GArray *arguments = g_array_new (FALSE, FALSE, sizeof (guint16));

  for (guint kind = 0; kind < 2; kind++)
    {
      for (guint i = 0; i < graph->nodes->len; i++)
        {
          const TgENode *node = tg_egraph_get_node (graph, i);

          if (node->is_dropped)
            continue;
          if (kind == 0 && node->kind == TG_FORMULA_LEAF)
            add_argument (graph, node->class, arguments);
          if (kind == 1 && is_function (node))
            add_argument (graph, node->inputs[0], arguments);
        }
    }

  return arguments;
}

/* Finds for each class a node by which it is computed from the argument alone; NONE where there is
 * no such node.  For the argument itself it is what was chosen. */
static guint16 *
find_ways (const TgEGraph *graph,
           guint16         argument)
{
  guint16 *ways = g_new (guint16, graph->classes->len);
  gboolean has_changed = TRUE;

  memset (ways, 0xff, graph->classes->len * sizeof (guint16));
  ways[argument] = tg_egraph_get_class (graph, argument)->best;
  while (has_changed)
    {
      has_changed = FALSE;
      for (guint i = 0; i < graph->nodes->len; i++)
        {
          const TgENode *node = tg_egraph_get_node (graph, i);
          gboolean is_known = node->kind != TG_FORMULA_LEAF && !node->is_dropped
                              && ways[node->class] == TG_EGRAPH_NONE;

          for (guint k = 0; k < node->n_inputs && is_known; k++)
            is_known = ways[node->inputs[k]] != TG_EGRAPH_NONE;
          if (is_known)
            ways[node->class] = (guint16) i;
          has_changed |= is_known;
        }
    }

  return ways;
}

/* The class as a formula of the argument, which is its only leaf. */
static TgFormula *
make_function (const TgEGraph *graph,
               const guint16  *ways,
               guint16         argument,
               guint16         class)
{
  TgFormula *formula = tg_formula_new (graph->dtype, 1);
  g_autofree int *items = g_new (int, graph->nodes->len);

  memset (items, 0xff, graph->nodes->len * sizeof (int));
  items[ways[argument]] = (int) tg_formula_add_leaf (formula, 0);
  tg_egraph_append (graph, ways, ways[class], formula, items);

  return formula;
}

/* The form of the root in which the part is a series in the argument. */
static TgFormula *
make_form (TgEGraph        *graph,
           guint16          root,
           guint16          part,
           const TgFormula *function,
           const TgFormula *argument,
           gboolean         at_infinity)
{
  g_autoptr (TgFormula) formula = tg_formula_copy (argument);
  g_autofree int *items = g_new (int, graph->nodes->len);
  guint series;

  if (!tg_search_append_series (function, at_infinity, formula, argument->items->len - 1, &series))
    return NULL;

  memset (items, 0xff, graph->nodes->len * sizeof (int));
  items[tg_egraph_get_class (graph, part)->best] = (int) series;
  if (root != part)
    tg_egraph_append (graph, NULL, tg_egraph_get_class (graph, root)->best, formula, items);

  return g_steal_pointer (&formula);
}

/* Adds forms of the root in which the part is a series, if the root is better where the part is
 * accurate. */
static void
add_forms (TgEGraph   *graph,
           guint16     root,
           double      before,
           const Part *part,
           GPtrArray  *candidates)
{
  graph->given = part->class;
  tg_egraph_choose (graph);
  for (guint i = 0; i < 2 && tg_egraph_get_class (graph, root)->error < before - MIN_GAIN; i++)
    {
      TgFormula *form = make_form (graph, root, part->class, part->function, part->argument,
                                   i == 1);

      if (form != NULL)
        g_ptr_array_add (candidates, form);
    }

  graph->given = TG_EGRAPH_NONE;
}

/* Whether a class loses accuracy that what it is made of has, or is the whole. */
static gboolean
is_bad (const TgEGraph *graph,
        guint16         root,
        guint16         class)
{
  const TgEClass *info = tg_egraph_get_class (graph, class);
  const TgENode *node;

  if (info->parent != class || info->n_members == 0 || info->best == TG_EGRAPH_NONE
      || info->error <= BAD)
    return FALSE;

  node = tg_egraph_get_node (graph, info->best);
  for (guint i = 0; i < node->n_inputs && class != root; i++)
    {
      if (tg_egraph_get_class (graph, node->inputs[i])->error > BAD)
        return FALSE;
    }

  return TRUE;
}

/* What is bad, and a function of one thing alone. */
static GArray *
list_parts (TgEGraph *graph,
            guint16   root)
{
  g_autoptr (GArray) arguments = list_arguments (graph);
  g_autofree gboolean *is_done = g_new0 (gboolean, graph->classes->len);
  GArray *parts = g_array_new (FALSE, FALSE, sizeof (Part));

  g_array_set_clear_func (parts, part_clear);
  for (guint i = 0; i < arguments->len && parts->len < MAX_PARTS; i++)
    {
      guint16 argument = g_array_index (arguments, guint16, i);
      guint16 best = tg_egraph_get_class (graph, argument)->best;
      g_autofree guint16 *ways = NULL;

      if (best == TG_EGRAPH_NONE)
        continue;

      ways = find_ways (graph, argument);

      /* The whole first, and what is written before what rules made of it. */
      for (guint k = 0; k <= graph->classes->len && parts->len < MAX_PARTS; k++)
        {
          Part part = { .class = k == 0 ? root : (guint16) (k - 1) };

          if (part.class == argument || ways[part.class] == TG_EGRAPH_NONE || is_done[part.class]
              || !is_bad (graph, root, part.class))
            continue;

          is_done[part.class] = TRUE;
          part.function = make_function (graph, ways, argument, part.class);
          part.argument = tg_egraph_extract (graph, best);
          g_array_append_val (parts, part);
        }
    }

  return parts;
}

void
tg_search_add_series (TgEGraph  *graph,
                      guint16    root,
                      GPtrArray *candidates)
{
  g_autoptr (GArray) parts = NULL;
  double before;

  tg_egraph_choose (graph);
  before = tg_egraph_get_class (graph, root)->error;
  parts = list_parts (graph, root);
  for (guint i = 0; i < parts->len; i++)
    add_forms (graph, root, before, &g_array_index (parts, Part, i), candidates);
}
