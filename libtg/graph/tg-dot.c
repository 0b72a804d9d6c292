/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-graph-private.h"
#include "tg-traverse-private.h"

/* Graphviz's language: variables are nodes, coloured and shaped by what they are. */

/* Constants that are longer do not show their value. */
#define MAX_VALUE_LENGTH 40

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
get_value_label (TgVariable *constant)
{
  g_autofree char *value = tg_variable_to_string (constant);

  return g_utf8_strlen (value, -1) <= MAX_VALUE_LENGTH ? g_steal_pointer (&value)
                                                       : g_strdup ("constant");
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
  else if (TG_IS_CONSTANT (variable))
    {
      g_autofree char *value = get_value_label (variable);

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
    [TG_FORM_ELEMENTWISE] = "fillcolor=\"#99c1f1\"", [TG_FORM_REDUCE] = "fillcolor=\"#f9f06b\"",
    [TG_FORM_CONTRACT] = "fillcolor=\"#ffbe6f\"", [TG_FORM_LAYOUT] = "fillcolor=\"#deddda\"",
    [TG_FORM_OPAQUE] = "fillcolor=\"#cdab8f\"", [TG_FORM_RANDOM] = "fillcolor=\"#dc8add\"",
  };

  if (variable->op != NULL)
    return colours[variable->op->form];

  if (TG_IS_SHARED_VARIABLE (variable))
    return "shape=cylinder, style=filled, fillcolor=\"#8ff0a4\"";

  return TG_IS_CONSTANT (variable) ? "shape=note, style=filled, fillcolor=\"#f6f5f4\""
                                   : "shape=ellipse, style=filled, fillcolor=\"#ffffff\"";
}

typedef struct
{
  GString    *text;
  GHashTable *numbers; /* variable → its number, plus one */
} Drawing;

static guint
get_number (Drawing    *self,
            TgVariable *variable)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (self->numbers, variable)) - 1;
}

static void
draw (Drawing    *self,
      TgVariable *variable)
{
  g_autofree char *label = get_label (variable);
  g_autofree char *type = tg_tensor_type_to_string (variable->type);
  guint number = g_hash_table_size (self->numbers);

  g_hash_table_insert (self->numbers, variable, GUINT_TO_POINTER (number + 1));
  g_string_append_printf (self->text, "  n%u [label=\"", number);
  append_quoted (self->text, label);
  g_string_append_printf (self->text, "%s%s\", %s];\n", label[0] != '\0' ? "\\n" : "", type,
                          get_style (variable));

  for (guint k = 0; k < variable->n_inputs; k++)
    {
      g_string_append_printf (self->text, "  n%u -> n%u",
                              get_number (self, variable->inputs[k]), number);
      if (variable->n_inputs > 1 && !variable->op->commutes)
        g_string_append_printf (self->text, " [label=\"%s\"]",
                                tg_op_info_get_input (variable->op, k).name);
      g_string_append (self->text, ";\n");
    }
}

/* Operands that may not change places have their names, since Graphviz does not always keep their
 * order; new values lead to what they are of. */
static char *
to_dot (const TgPrintable *printable)
{
  Drawing self = { g_string_new ("digraph {\n  ordering=in;\n  node [shape=box, "
                                 "style=\"rounded,filled\", fontname=sans];\n"
                                 "  edge [fontname=sans, fontsize=10];\n"),
                   g_hash_table_new (NULL, NULL) };
  guint n_results = printable->n_outputs - printable->n_updates;
  g_autoptr (GPtrArray) order = tg_traverse (printable->outputs, printable->n_outputs, NULL);

  for (guint i = 0; i < order->len; i++)
    draw (&self, order->pdata[i]);

  for (guint i = 0; i < printable->n_inputs; i++)
    {
      if (!g_hash_table_contains (self.numbers, printable->inputs[i]))
        draw (&self, printable->inputs[i]);
    }

  for (guint i = 0; i < n_results; i++)
    g_string_append_printf (self.text, "  n%u [penwidth=3];\n",
                            get_number (&self, printable->outputs[i]));

  for (guint i = 0; i < printable->n_updates; i++)
    {
      if (!g_hash_table_contains (self.numbers, printable->updated[i]))
        draw (&self, printable->updated[i]);
      g_string_append_printf (self.text,
                              "  n%u -> n%u [style=dashed, constraint=false, label=update];\n",
                              get_number (&self, printable->outputs[n_results + i]),
                              get_number (&self, printable->updated[i]));
    }

  g_hash_table_unref (self.numbers);

  return g_string_free (g_string_append (self.text, "}\n"), FALSE);
}

/**
 * tg_variable_to_dot:
 * @self: a variable
 *
 * Writes the graph behind the variable in Graphviz's language; see [method@Tg.Graph.to_dot].
 *
 * Returns: (transfer full): the text
 */
char *
tg_variable_to_dot (TgVariable *self)
{
  TgPrintable printable = { .n_outputs = 1, .outputs = &self };

  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return to_dot (&printable);
}

/**
 * tg_graph_to_dot:
 * @self: a graph
 *
 * Writes the graph in Graphviz's language.
 *
 * Each variable is a node, however often it is used, with its dtype and shape: operators are boxes,
 * of one colour for each form; inputs are ellipses, constants notes, shared variables cylinders.
 * Where the order of operands matters, an arrow has the operand's name.
 * Outputs have thick lines, and dashed arrows lead from new values to the variables that get them.
 *
 * Returns: (transfer full): the text
 */
char *
tg_graph_to_dot (TgGraph *self)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  TgPrintable printable;

  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  printable = tg_graph_get_printable (self, results);

  return to_dot (&printable);
}
