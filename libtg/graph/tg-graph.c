/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-graph-private.h"

#include "tg-traverse-private.h"

/**
 * TgGraph:
 *
 * Outputs, the inputs that they are functions of, and all that lies between.
 *
 * As a list it has each variable once, inputs before those that use them.
 */
struct _TgGraph
{
  GObject    parent_instance;
  char      *name;
  GPtrArray *inputs;
  GPtrArray *outputs;
  GPtrArray *updated;   /* variables that get new values */
  GPtrArray *values;    /* those values */
  GPtrArray *variables; /* borrowed from the outputs and values */
};

static GType
tg_graph_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return TG_TYPE_VARIABLE;
}

static guint
tg_graph_get_n_items (GListModel *model)
{
  return TG_GRAPH (model)->variables->len;
}

static gpointer
tg_graph_get_item (GListModel *model,
                   guint       position)
{
  TgGraph *self = TG_GRAPH (model);

  return position < self->variables->len ? g_object_ref (self->variables->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = tg_graph_get_item_type;
  interface->get_n_items = tg_graph_get_n_items;
  interface->get_item = tg_graph_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TgGraph, tg_graph, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
tg_graph_finalize (GObject *object)
{
  TgGraph *self = TG_GRAPH (object);

  g_clear_pointer (&self->variables, g_ptr_array_unref);
  g_clear_pointer (&self->inputs, g_ptr_array_unref);
  g_clear_pointer (&self->outputs, g_ptr_array_unref);
  g_clear_pointer (&self->updated, g_ptr_array_unref);
  g_clear_pointer (&self->values, g_ptr_array_unref);
  g_clear_pointer (&self->name, g_free);

  G_OBJECT_CLASS (tg_graph_parent_class)->finalize (object);
}

static void
tg_graph_class_init (TgGraphClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_graph_finalize;
}

static void
tg_graph_init (TgGraph *self)
{
  self->inputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->outputs = g_ptr_array_new_with_free_func (g_object_unref);
  self->updated = g_ptr_array_new_with_free_func (g_object_unref);
  self->values = g_ptr_array_new_with_free_func (g_object_unref);
}

void
tg_graph_add_update (TgGraph    *self,
                     TgVariable *updated,
                     TgVariable *value)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();

  g_ptr_array_add (self->updated, g_object_ref (updated));
  g_ptr_array_add (self->values, g_object_ref (value));
  tg_graph_get_printable (self, results);
  g_ptr_array_unref (self->variables);
  self->variables = tg_traverse ((TgVariable *const *) results->pdata, results->len, NULL);
}

TgPrintable
tg_graph_get_printable (TgGraph   *self,
                        GPtrArray *results)
{
  g_ptr_array_extend (results, self->outputs, NULL, NULL);
  g_ptr_array_extend (results, self->values, NULL, NULL);

  return (TgPrintable) {
    .name = self->name,
    .n_inputs = self->inputs->len,
    .inputs = (TgVariable *const *) self->inputs->pdata,
    .n_outputs = results->len,
    .outputs = (TgVariable *const *) results->pdata,
    .n_updates = self->updated->len,
    .updated = (TgVariable *const *) self->updated->pdata,
  };
}

TgGraph *
tg_graph_new_named (const char        *name,
                    TgVariable *const *inputs,
                    gsize              n_inputs,
                    TgVariable *const *outputs,
                    gsize              n_outputs)
{
  TgGraph *self = g_object_new (TG_TYPE_GRAPH, NULL);

  self->name = g_strdup (name);
  for (gsize i = 0; i < n_inputs; i++)
    g_ptr_array_add (self->inputs, g_object_ref (inputs[i]));
  for (gsize i = 0; i < n_outputs; i++)
    g_ptr_array_add (self->outputs, g_object_ref (outputs[i]));

  self->variables = tg_traverse (outputs, n_outputs, NULL);

  return self;
}

/**
 * tg_graph_new:
 * @inputs: (array length=n_inputs): variables that others depend on
 * @n_inputs: how many there are
 * @outputs: (array length=n_outputs): variables to be computed
 * @n_outputs: how many there are
 *
 * Creates a graph.
 *
 * Returns: (transfer full): a new graph
 */
TgGraph *
tg_graph_new (TgVariable *const *inputs,
              gsize              n_inputs,
              TgVariable *const *outputs,
              gsize              n_outputs)
{
  g_return_val_if_fail (inputs != NULL || n_inputs == 0, NULL);
  g_return_val_if_fail (outputs != NULL || n_outputs == 0, NULL);

  return tg_graph_new_named ("f", inputs, n_inputs, outputs, n_outputs);
}

/**
 * tg_graph_get_n_inputs:
 * @self: a graph
 *
 * Gets the number of inputs.
 *
 * Returns: the number
 */
guint
tg_graph_get_n_inputs (TgGraph *self)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), 0);

  return self->inputs->len;
}

/**
 * tg_graph_get_input:
 * @self: a graph
 * @index: which one, from 0
 *
 * Gets an input.
 *
 * Returns: (transfer none) (nullable): the variable, or %NULL where there is none
 */
TgVariable *
tg_graph_get_input (TgGraph *self,
                    guint    index)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  return index < self->inputs->len ? self->inputs->pdata[index] : NULL;
}

/**
 * tg_graph_get_n_outputs:
 * @self: a graph
 *
 * Gets the number of outputs.
 *
 * Returns: the number
 */
guint
tg_graph_get_n_outputs (TgGraph *self)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), 0);

  return self->outputs->len;
}

/**
 * tg_graph_get_output:
 * @self: a graph
 * @index: which one, from 0
 *
 * Gets an output.
 *
 * Returns: (transfer none) (nullable): the variable, or %NULL where there is none
 */
TgVariable *
tg_graph_get_output (TgGraph *self,
                     guint    index)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  return index < self->outputs->len ? self->outputs->pdata[index] : NULL;
}

/**
 * tg_graph_get_n_updates:
 * @self: a graph
 *
 * Gets the number of variables that the graph gives new values, as text read by
 * [func@Tg.parse_function] says by `update`.
 *
 * Returns: the number
 */
guint
tg_graph_get_n_updates (TgGraph *self)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), 0);

  return self->updated->len;
}

/**
 * tg_graph_get_updated:
 * @self: a graph
 * @index: which one, from 0
 *
 * Gets a variable that the graph gives a new value.
 *
 * Returns: (transfer none) (nullable): the variable, or %NULL where there is none
 */
TgVariable *
tg_graph_get_updated (TgGraph *self,
                      guint    index)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  return index < self->updated->len ? self->updated->pdata[index] : NULL;
}

/**
 * tg_graph_get_new_value:
 * @self: a graph
 * @index: which one, from 0
 *
 * Gets the new value of [method@Tg.Graph.get_updated].
 *
 * Returns: (transfer none) (nullable): the expression, or %NULL where there is none
 */
TgVariable *
tg_graph_get_new_value (TgGraph *self,
                        guint    index)
{
  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  return index < self->values->len ? self->values->pdata[index] : NULL;
}

/**
 * tg_graph_to_string:
 * @self: a graph
 *
 * Writes the graph as a function in the notation, which [func@Tg.parse_function] reads.
 *
 * Returns: (transfer full): the text
 */
char *
tg_graph_to_string (TgGraph *self)
{
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  TgPrintable printable;

  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  printable = tg_graph_get_printable (self, results);

  return tg_print (&printable);
}
