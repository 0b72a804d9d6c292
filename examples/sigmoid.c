/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The logistic function of each element of a matrix. */
#include <tg.h>

static TgTensor *
call_logistic (TgTensor  *values,
               GError   **error)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  TgVariable *x = tg_scope_keep (scope, tg_variable_new ("x", TG_DTYPE_FLOAT64, 2));
  TgVariable *s = tg_scope_parse (scope, "1 / (1 + exp(-x))", error);
  g_autoptr (TgFunction) logistic = NULL;
  g_autofree TgTensor **outputs = NULL;

  if (s != NULL)
    logistic = tg_function_new (&x, 1, &s, 1, error);

  if (logistic != NULL)
    outputs = tg_function_call (logistic, &values, 1, NULL, error);

  return outputs != NULL ? outputs[0] : NULL;
}

int
main (void)
{
  const gdouble numbers[] = { 0, 1, -1, -2 };
  const gint64 shape[] = { 2, 2 };
  g_autoptr (TgTensor) values = tg_tensor_new_doubles (numbers, 4, shape, 2, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (TgTensor) result = call_logistic (values, &error);
  g_autofree char *text = NULL;

  if (result == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  text = tg_tensor_to_string (result);
  g_print ("%s\n", text);

  return 0;
}
