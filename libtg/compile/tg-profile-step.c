/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-profile-private.h"

/* Operators of a step that are named in text for people. */
#define MAX_NAMES 12

/**
 * TgProfileStep:
 *
 * What a function computes in one go: one operator, or several that run in one loop; how long that
 * took, what it read and wrote, and how much it computed.
 */

G_DEFINE_FINAL_TYPE (TgProfileStep, tg_profile_step, G_TYPE_OBJECT)

static void
tg_profile_step_finalize (GObject *object)
{
  g_ptr_array_unref (TG_PROFILE_STEP (object)->variables);

  G_OBJECT_CLASS (tg_profile_step_parent_class)->finalize (object);
}

static void
tg_profile_step_class_init (TgProfileStepClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_profile_step_finalize;
}

static void
tg_profile_step_init (TgProfileStep *self)
{
  self->variables = g_ptr_array_new_with_free_func (g_object_unref);
}

/**
 * tg_profile_step_get_kind:
 * @self: a step
 *
 * Gets how the backend computes it: `loop` for elementwise operators in one pass over memory,
 * `reduction`, `product`, `draw`, or `operator` for one that runs alone in a plain loop.
 *
 * Returns: the word
 */
const char *
tg_profile_step_get_kind (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), NULL);

  return self->kind;
}

/**
 * tg_profile_step_get_n_variables:
 * @self: a step
 *
 * Gets how many variables the step computes, also those that no memory gets.
 *
 * Returns: the number, at least 1
 */
guint
tg_profile_step_get_n_variables (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), 0);

  return self->variables->len;
}

/**
 * tg_profile_step_get_variable:
 * @self: a step
 * @index: the number of a variable
 *
 * Gets a variable of the optimised graph that the step computes, in the order in which it does.
 *
 * Returns: (transfer none): the variable
 */
TgVariable *
tg_profile_step_get_variable (TgProfileStep *self,
                              guint          index)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), NULL);
  g_return_val_if_fail (index < self->variables->len, NULL);

  return self->variables->pdata[index];
}

/**
 * tg_profile_step_get_n_calls:
 * @self: a step
 *
 * Gets how often the step ran.
 *
 * Returns: the number
 */
guint64
tg_profile_step_get_n_calls (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), 0);

  return self->n_calls;
}

/**
 * tg_profile_step_get_seconds:
 * @self: a step
 *
 * Gets how long the step took, in all calls.
 *
 * Returns: the time in seconds
 */
double
tg_profile_step_get_seconds (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), 0);

  return (double) self->nanoseconds * 1e-9;
}

/**
 * tg_profile_step_get_bytes:
 * @self: a step
 *
 * Gets how much memory the step read and wrote, in all calls: each operand and each result once.
 *
 * Returns: the number of bytes
 */
double
tg_profile_step_get_bytes (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), 0);

  return self->bytes;
}

/**
 * tg_profile_step_get_operations:
 * @self: a step
 *
 * Gets how much the step computed, in all calls: an elementwise operator counts once for each
 * element of its result, a reduction once for each of its input, and a product twice for each
 * product of elements that is added. What moves elements counts nothing.
 *
 * Returns: the number
 */
double
tg_profile_step_get_operations (TgProfileStep *self)
{
  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), 0);

  return self->operations;
}

void
tg_profile_append_names (GString         *text,
                         const GPtrArray *variables)
{
  for (guint i = 0; i < MIN (variables->len, MAX_NAMES); i++)
    {
      const TgVariable *variable = variables->pdata[i];

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", variable->op->name);
    }

  if (variables->len > MAX_NAMES)
    g_string_append_printf (text, " and %u more", variables->len - MAX_NAMES);
}

/**
 * tg_profile_step_to_string:
 * @self: a step
 *
 * Writes the step in a line: its kind, and the operators.
 *
 * Returns: (transfer full): the text
 */
char *
tg_profile_step_to_string (TgProfileStep *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_PROFILE_STEP (self), NULL);

  text = g_string_new (self->kind);
  g_string_append (text, ": ");
  tg_profile_append_names (text, self->variables);

  return g_string_free (text, FALSE);
}
