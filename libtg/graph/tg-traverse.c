/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-traverse-private.h"

typedef struct
{
  TgVariable *variable;
  guint       next_input;
} Visit;

GPtrArray *
tg_traverse (TgVariable *const *outputs,
             gsize              n_outputs,
             GHashTable        *stops)
{
  GPtrArray *order = g_ptr_array_new ();
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Visit));

  for (gsize i = 0; i < n_outputs; i++)
    {
      Visit root = { outputs[i], 0 };

      if (g_hash_table_add (seen, outputs[i]))
        g_array_append_val (stack, root);

      while (stack->len > 0)
        {
          Visit *top = &g_array_index (stack, Visit, stack->len - 1);
          TgVariable *variable = top->variable;
          gboolean stop = stops != NULL && g_hash_table_contains (stops, variable);

          if (!stop && top->next_input < variable->n_inputs)
            {
              Visit input = { variable->inputs[top->next_input++], 0 };

              if (g_hash_table_add (seen, input.variable))
                g_array_append_val (stack, input);
            }
          else
            {
              g_ptr_array_add (order, variable);
              g_array_set_size (stack, stack->len - 1);
            }
        }
    }

  return order;
}

static TgVariable *
substitute_inputs (TgVariable  *variable,
                   GHashTable  *made,
                   GError     **error)
{
  g_autofree TgVariable **inputs = g_new (TgVariable *, variable->n_inputs + 1);
  gboolean changed = FALSE;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      inputs[i] = g_hash_table_lookup (made, variable->inputs[i]);
      changed = changed || inputs[i] != variable->inputs[i];
    }

  return changed ? tg_variable_new_like (variable, inputs, error) : g_object_ref (variable);
}

GPtrArray *
tg_substitute (TgVariable *const  *outputs,
               gsize               n_outputs,
               GHashTable         *replacements,
               GError            **error)
{
  g_autoptr (GPtrArray) order = NULL;
  g_autoptr (GHashTable) made = g_hash_table_new_full (NULL, NULL, NULL, g_object_unref);
  GPtrArray *copies;

  /* Where nothing is replaced, a large graph need not be walked. */
  if (g_hash_table_size (replacements) > 0)
    order = tg_traverse (outputs, n_outputs, replacements);

  for (guint i = 0; order != NULL && i < order->len; i++)
    {
      TgVariable *variable = g_ptr_array_index (order, i);
      TgVariable *replacement = g_hash_table_lookup (replacements, variable);
      TgVariable *copy;

      if (replacement != NULL)
        copy = g_object_ref (replacement);
      else
        copy = substitute_inputs (variable, made, error);

      if (copy == NULL)
        return NULL;

      g_hash_table_insert (made, variable, copy);
    }

  copies = g_ptr_array_new_with_free_func (g_object_unref);
  for (gsize i = 0; i < n_outputs; i++)
    {
      TgVariable *copy = g_hash_table_lookup (made, outputs[i]);

      g_ptr_array_add (copies, g_object_ref (copy != NULL ? copy : outputs[i]));
    }

  return copies;
}
