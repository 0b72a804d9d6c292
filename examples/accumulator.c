/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A state that functions share: each call returns the value before its update. */
#include <tg.h>

static TgFunction *
make_function (TgVariable  *state,
               TgVariable  *inc,
               TgVariable  *value,
               GError     **error)
{
  g_autoptr (TgFunctionBuilder) builder = tg_function_builder_new ();

  if (value == NULL)
    return NULL;

  tg_function_builder_add_input (builder, inc);
  tg_function_builder_add_output (builder, state, NULL);
  tg_function_builder_add_update (builder, state, value);

  return tg_function_builder_build (builder, error);
}

static gboolean
call (TgFunction  *function,
      gint64       number,
      TgVariable  *state,
      GError     **error)
{
  g_autoptr (TgTensor) inc = tg_tensor_new_integer (number);
  g_autofree TgTensor **outputs = tg_function_call (function, &inc, 1, NULL, error);
  g_autoptr (TgTensor) before = outputs != NULL ? outputs[0] : NULL;
  g_autoptr (TgTensor) after = tg_shared_variable_dup_value (TG_SHARED_VARIABLE (state));
  gdouble was, is;

  if (before == NULL
      || !tg_tensor_get_double (before, &was, error)
      || !tg_tensor_get_double (after, &is, error))
    return FALSE;

  g_print ("the state was %g and is %g\n", was, is);

  return TRUE;
}

int
main (void)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensor) zero = tg_tensor_new_integer (0);
  TgVariable *state = tg_scope_keep (scope, tg_shared_variable_new (zero, "state"));
  TgVariable *inc = tg_scope_keep (scope, tg_variable_new ("inc", TG_DTYPE_INT64, 0));
  TgVariable *sum = tg_scope_keep (scope, tg_add (state, inc, &error));
  TgVariable *difference = tg_scope_keep (scope, tg_subtract (state, inc, &error));
  g_autoptr (TgFunction) accumulator = make_function (state, inc, sum, &error);
  g_autoptr (TgFunction) decrementor = make_function (state, inc, difference, &error);

  if (accumulator == NULL || decrementor == NULL
      || !call (accumulator, 1, state, &error)
      || !call (accumulator, 300, state, &error)
      || !call (decrementor, 2, state, &error))
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  return 0;
}
