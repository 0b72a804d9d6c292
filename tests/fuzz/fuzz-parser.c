/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Text of any kind is an expression, a function, or an error with line and column; what was read is
 * printed as text that is read again and printed the same. */

#include <stdio.h>
#include <string.h>
#include <tg.h>

int LLVMFuzzerTestOneInput (const guint8 *data,
                            gsize         size);

static void
check_error (GError *error)
{
  guint line, column;

  g_assert_nonnull (error);
  if (sscanf (error->message, "%u:%u: ", &line, &column) != 2)
    g_error ("no place: %s", error->message);
}

/* Whether it is one. */
static gboolean
check_function (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgGraph) graph = tg_parse_function (text, &error);
  g_autoptr (TgGraph) again = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *printed_again = NULL;

  if (graph == NULL)
    {
      check_error (error);
      return FALSE;
    }

  printed = tg_graph_to_string (graph);
  again = tg_parse_function (printed, &error);
  if (again == NULL)
    g_error ("printed: %s\n%s", printed, error->message);

  printed_again = tg_graph_to_string (again);
  if (strcmp (printed, printed_again) != 0)
    g_error ("printed:\n%s\nthen:\n%s", printed, printed_again);

  return TRUE;
}

static void
check_expression (const char *text)
{
  static const char *const names[] = { "x", "y", "z", "n" };
  g_autoptr (TgVariable) x = tg_variable_new ("x", TG_DTYPE_FLOAT64, 1);
  g_autoptr (TgVariable) y = tg_variable_new ("y", TG_DTYPE_FLOAT32, 2);
  g_autoptr (TgVariable) z = tg_variable_new ("z", TG_DTYPE_COMPLEX128, 0);
  g_autoptr (TgVariable) n = tg_variable_new ("n", TG_DTYPE_INT64, 1);
  TgVariable *variables[] = { x, y, z, n };
  g_autoptr (GError) error = NULL;
  g_autoptr (TgVariable) variable = tg_parse_with_names (text, names, 4, variables, 4, &error);

  if (variable == NULL)
    check_error (error);
  else
    {
      /* As a function, it says what stands beside it. */
      g_autoptr (TgGraph) graph = tg_graph_new (variables, 4, &variable, 1);
      g_autofree char *printed = tg_graph_to_string (graph);

      if (!check_function (printed))
        g_error ("not read: %s", printed);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *text = g_strndup ((const char *) data, size);

  check_function (text);
  if (!tg_text_is_function (text))
    check_expression (text);

  return 0;
}
