/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-graph.h"

#include "tg-print-private.h"
#include "tg-traverse-private.h"

/* Graphviz's language: variables are nodes, coloured by what they are. */

static void
append_quoted (GString    *text,
               const char *label)
{
  for (const char *c = label; *c != '\0'; c++)
    {
      if (*c == '"' || *c == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *c);
    }
}

static char *
get_label (TgVariable *variable)
{
  GString *label = g_string_new (NULL);

  if (variable->op != NULL)
    {
      g_string_append (label, variable->op->name);
      tg_print_attributes (label, variable);
    }
  else if (TG_IS_CONSTANT (variable) && variable->type->ndim == 0)
    {
      g_autofree char *value = tg_variable_to_string (variable);

      g_string_append (label, value);
    }

  if (variable->name != NULL)
    g_string_append_printf (label, "%s%s", label->len > 0 ? " → " : "", variable->name);

  return g_string_free (label, FALSE);
}

static const char *
get_style (TgVariable *variable)
{
  static const char *const colours[] = {
    [TG_FORM_ELEMENTWISE] = "#99c1f1", [TG_FORM_REDUCE] = "#f9f06b",
    [TG_FORM_CONTRACT] = "#ffbe6f", [TG_FORM_LAYOUT] = "#deddda",
    [TG_FORM_OPAQUE] = "#cdab8f", [TG_FORM_RANDOM] = "#dc8add",
  };

  if (variable->op != NULL)
    return colours[variable->op->form];

  if (TG_IS_SHARED_VARIABLE (variable))
    return "#8ff0a4";

  return TG_IS_CONSTANT (variable) ? "#f6f5f4" : "#ffffff";
}

static char *
to_dot (TgVariable *const *outputs,
        gsize              n_outputs)
{
  g_autoptr (GPtrArray) order = tg_traverse (outputs, n_outputs, NULL);
  g_autoptr (GHashTable) numbers = g_hash_table_new (NULL, NULL);
  GString *text = g_string_new ("digraph {\n"
                                "  node [shape=box, style=\"rounded,filled\", fontname=sans];\n");

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];
      g_autofree char *label = get_label (variable);
      g_autofree char *type = tg_tensor_type_to_string (variable->type);

      g_hash_table_insert (numbers, variable, GUINT_TO_POINTER (i));
      g_string_append_printf (text, "  n%u [label=\"", i);
      append_quoted (text, label);
      g_string_append_printf (text, "\\n%s\", fillcolor=\"%s\"];\n", type, get_style (variable));

      for (guint k = 0; k < variable->n_inputs; k++)
        g_string_append_printf (text, "  n%u -> n%u;\n",
                                GPOINTER_TO_UINT (g_hash_table_lookup (numbers,
                                                                       variable->inputs[k])),
                                i);
    }

  for (gsize i = 0; i < n_outputs; i++)
    g_string_append_printf (text, "  n%u [penwidth=3];\n",
                            GPOINTER_TO_UINT (g_hash_table_lookup (numbers, outputs[i])));

  return g_string_free (g_string_append (text, "}\n"), FALSE);
}

/**
 * tg_variable_to_dot:
 * @self: a variable
 *
 * Writes the graph behind the variable in Graphviz's language.
 *
 * Returns: (transfer full): the text
 */
char *
tg_variable_to_dot (TgVariable *self)
{
  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return to_dot (&self, 1);
}

/**
 * tg_graph_to_dot:
 * @self: a graph
 *
 * Writes the graph in Graphviz's language.
 *
 * Returns: (transfer full): the text
 */
char *
tg_graph_to_dot (TgGraph *self)
{
  g_autofree TgVariable **outputs = NULL;
  guint n_outputs;

  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  n_outputs = tg_graph_get_n_outputs (self);
  outputs = g_new (TgVariable *, n_outputs + 1);
  for (guint i = 0; i < n_outputs; i++)
    outputs[i] = tg_graph_get_output (self, i);

  return to_dot (outputs, n_outputs);
}
