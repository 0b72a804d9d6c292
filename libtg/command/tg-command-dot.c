/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tg-source.h"
#include "tg-terminal.h"

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (TgSource) source = tg_source_new (options, NULL, error);
  g_autoptr (GPtrArray) outputs = NULL;
  g_autoptr (TgGraph) graph = NULL;
  g_autofree char *text = NULL;

  if (source == NULL)
    return FALSE;

  outputs = options->gradient || options->wrt != NULL
              ? tg_source_differentiate (source, options->wrt, error)
              : g_ptr_array_ref (source->outputs);
  if (outputs != NULL && options->optimised)
    {
      g_autoptr (GPtrArray) written = g_steal_pointer (&outputs);

      outputs = tg_source_optimise (source, options, written, error);
    }
  if (outputs == NULL)
    return FALSE;

  graph = outputs == source->outputs
            ? g_object_ref (source->graph)
            : tg_graph_new ((TgVariable *const *) source->symbols->pdata, source->symbols->len,
                            (TgVariable *const *) outputs->pdata, outputs->len);
  text = tg_graph_to_dot (graph);
  tg_terminal_print ("%s", text);

  return TRUE;
}

const TgCommand tg_command_dot = {
  .name = "dot",
  .summary = N_("Draws the graph of a formula, in Graphviz's language."),
  .description = N_("Boxes are operators, ellipses inputs, notes constants, cylinders shared\n"
                    "variables; thick lines are around outputs."),
  .examples = "  tg dot 'log(1 + exp(x))' --optimised | dot -Tsvg > graph.svg\n"
              "  tg dot 'sum((x - y)**2)' --declare 'x: f64[?], y: f64[?]' --wrt x",
  .options = "optimised gradient wrt declare assume function mode accuracy",
  .run = run,
};
