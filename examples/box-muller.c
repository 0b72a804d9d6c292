/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Normal numbers from two streams of uniform ones, by the formula of Box and Muller. */
#include <tg.h>

static TgVariable *
draw_uniform (TgScope          *scope,
              TgRandomStreams  *streams,
              const char       *name,
              GError          **error)
{
  const gint64 size = 10000;
  TgVariable *shape = tg_scope_keep (scope, tg_constant_new_integers (&size, 1));
  TgVariable *low = tg_scope_keep (scope, tg_constant_new_double (0));
  TgVariable *high = tg_scope_keep (scope, tg_constant_new_double (1));
  TgVariable *u = tg_random_streams_uniform (streams, shape, low, high, TG_DTYPE_FLOAT64, error);

  if (u != NULL)
    tg_variable_set_name (u, name);

  return tg_scope_keep (scope, u);
}

static TgFunction *
make_function (GError **error)
{
  g_autoptr (TgScope) scope = tg_scope_new ();
  g_autoptr (TgRandomStreams) streams = tg_random_streams_new (234);
  TgVariable *outputs[2];
  TgVariable *z;

  if (draw_uniform (scope, streams, "u1", error) == NULL
      || draw_uniform (scope, streams, "u2", error) == NULL)
    return NULL;

  z = tg_scope_parse (scope, "sqrt(-2 * log(u1)) * cos(2 * pi * u2)", error);
  if (z == NULL)
    return NULL;

  tg_variable_set_name (z, "z");
  outputs[0] = tg_scope_keep (scope, tg_parse ("mean(z)", &z, 1, error));
  if (outputs[0] == NULL)
    return NULL;

  outputs[1] = tg_scope_keep (scope, tg_parse ("sqrt(mean((z - mean(z)) ** 2))", &z, 1, error));
  if (outputs[1] == NULL)
    return NULL;

  return tg_function_new (NULL, 0, outputs, 2, error);
}

static gboolean
print_moments (TgFunction  *draw,
               GError     **error)
{
  g_autofree TgTensor **outputs = tg_function_call (draw, NULL, 0, NULL, error);
  g_autoptr (TgTensor) mean = outputs != NULL ? outputs[0] : NULL;
  g_autoptr (TgTensor) deviation = outputs != NULL ? outputs[1] : NULL;
  gdouble m, d;

  if (outputs == NULL
      || !tg_tensor_get_double (mean, &m, error)
      || !tg_tensor_get_double (deviation, &d, error))
    return FALSE;

  g_print ("mean %.6f, deviation %.6f\n", m, d);

  return TRUE;
}

int
main (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (TgFunction) draw = make_function (&error);

  for (guint call = 0; call < 3; call++)
    {
      if (draw == NULL || !print_moments (draw, &error))
        {
          g_printerr ("%s\n", error->message);
          return 1;
        }
    }

  return 0;
}
