/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-program-private.h"

#include "tg-error.h"
#include "tg-origin-private.h"
#include "tg-traverse-private.h"

void
tg_program_free (TgProgram *self)
{
  g_ptr_array_unref (self->variables);
  g_array_unref (self->constants);
  g_array_unref (self->instructions);
  g_array_unref (self->operands);
  g_array_unref (self->last_uses);
  g_array_unref (self->outputs);
  g_free (self);
}

static guint
add_slot (TgProgram  *self,
          GHashTable *slots,
          TgVariable *variable)
{
  guint slot = self->variables->len;

  g_ptr_array_add (self->variables, g_object_ref (variable));
  g_hash_table_insert (slots, variable, GUINT_TO_POINTER (slot));

  return slot;
}

static guint
get_slot (GHashTable *slots,
          TgVariable *variable)
{
  return GPOINTER_TO_UINT (g_hash_table_lookup (slots, variable));
}

static void
add_instruction (TgProgram  *self,
                 GHashTable *slots,
                 TgVariable *variable)
{
  TgInstruction instruction = { .variable = variable, .first_input = self->operands->len };

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      guint slot = get_slot (slots, variable->inputs[i]);

      g_array_append_val (self->operands, slot);
    }

  instruction.output = add_slot (self, slots, variable);
  g_array_append_val (self->instructions, instruction);
}

static void
add_constant (TgProgram  *self,
              GHashTable *slots,
              TgVariable *variable)
{
  guint slot = add_slot (self, slots, variable);

  g_array_append_val (self->constants, slot);
}

gboolean
tg_program_fail_missing (TgVariable  *variable,
                         GError     **error)
{
  g_autofree char *text = tg_variable_describe (variable, variable->type);

  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MISSING_INPUT,
               "an output needs %s, which is not among the inputs", text);
  tg_origin_add_place (variable, error);

  return FALSE;
}

static gboolean
add_variables (TgProgram   *self,
               GHashTable  *slots,
               GPtrArray   *order,
               GError     **error)
{
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (TG_IS_SHARED_VARIABLE (variable) && !g_hash_table_contains (slots, variable))
        {
          add_slot (self, slots, variable);
          self->n_shared++;
        }
    }

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (g_hash_table_contains (slots, variable))
        continue;

      if (variable->op != NULL)
        add_instruction (self, slots, variable);
      else if (TG_IS_CONSTANT (variable))
        add_constant (self, slots, variable);
      else
        return tg_program_fail_missing (variable, error);
    }

  return TRUE;
}

TgProgram *
tg_program_new (TgVariable *const *inputs,
                guint              n_inputs,
                TgVariable *const *outputs,
                guint              n_outputs,
                GError           **error)
{
  g_autoptr (TgProgram) self = g_new0 (TgProgram, 1);
  g_autoptr (GHashTable) slots = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) stops = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) order = NULL;

  self->variables = g_ptr_array_new_with_free_func (g_object_unref);
  self->constants = g_array_new (FALSE, FALSE, sizeof (guint));
  self->instructions = g_array_new (FALSE, FALSE, sizeof (TgInstruction));
  self->operands = g_array_new (FALSE, FALSE, sizeof (guint));
  self->last_uses = g_array_new (FALSE, FALSE, sizeof (guint));
  self->outputs = g_array_new (FALSE, FALSE, sizeof (guint));
  self->n_inputs = n_inputs;

  for (guint i = 0; i < n_inputs; i++)
    {
      g_hash_table_add (stops, inputs[i]);
      add_slot (self, slots, inputs[i]);
    }

  order = tg_traverse (outputs, n_outputs, stops);
  if (!add_variables (self, slots, order, error))
    return NULL;

  for (guint i = 0; i < n_outputs; i++)
    {
      guint slot = get_slot (slots, outputs[i]);

      g_array_append_val (self->outputs, slot);
    }

  return g_steal_pointer (&self);
}

void
tg_program_find_last_uses (TgProgram *self)
{
  guint *last_uses;

  g_array_set_size (self->last_uses, self->variables->len);
  last_uses = (guint *) (gpointer) self->last_uses->data;
  for (guint i = 0; i < self->variables->len; i++)
    last_uses[i] = TG_NEVER_RELEASED;

  for (guint i = 0; i < self->instructions->len; i++)
    {
      const TgInstruction *instruction = &g_array_index (self->instructions, TgInstruction, i);
      const guint *operands = tg_program_get_operands (self, instruction);

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        last_uses[operands[k]] = i;
    }

  for (guint i = 0; i < self->outputs->len; i++)
    last_uses[g_array_index (self->outputs, guint, i)] = TG_NEVER_RELEASED;
}

static gboolean
fail_verify (const char *what,
             guint       number,
             GError    **error)
{
  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_INVALID,
               "the program is wrong: %s in instruction %u", what, number);

  return FALSE;
}

gboolean
tg_program_verify (const TgProgram *self,
                   GError         **error)
{
  g_autofree gboolean *filled = g_new0 (gboolean, self->variables->len + 1);
  const guint *last_uses = (const guint *) (gconstpointer) self->last_uses->data;

  for (guint i = 0; i < self->variables->len; i++)
    {
      TgVariable *variable = self->variables->pdata[i];

      filled[i] = variable->op == NULL || i < self->n_inputs;
    }

  for (guint i = 0; i < self->instructions->len; i++)
    {
      const TgInstruction *instruction = &g_array_index (self->instructions, TgInstruction, i);
      const guint *operands = tg_program_get_operands (self, instruction);

      for (guint k = 0; k < instruction->variable->n_inputs; k++)
        {
          if (!filled[operands[k]])
            return fail_verify ("a value is used before it is made", i, error);
          if (self->last_uses->len > 0 && last_uses[operands[k]] < i)
            return fail_verify ("a value is used after its last use", i, error);
        }

      if (filled[instruction->output])
        return fail_verify ("a value is made twice", i, error);

      filled[instruction->output] = TRUE;
    }

  for (guint i = 0; i < self->outputs->len; i++)
    {
      if (!filled[g_array_index (self->outputs, guint, i)])
        return fail_verify ("an output is not made", self->instructions->len, error);
    }

  return TRUE;
}
