/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-backend.h"

#include "tg-cpu-private.h"
#include "tg-reference-private.h"

/* The first one is the default. */
static const TgBackend *const backends[] = {
  &tg_cpu_backend,
  &tg_reference_backend,
};

const TgBackend *
tg_backend_get_default (void)
{
  return backends[0];
}

const TgBackend *
tg_backend_find (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    if (g_str_equal (name, backends[i]->name))
      return backends[i];

  return NULL;
}

char *
tg_backend_list_names (void)
{
  const char *names[G_N_ELEMENTS (backends) + 1] = { NULL, };

  for (gsize i = 0; i < G_N_ELEMENTS (backends); i++)
    names[i] = backends[i]->name;

  return g_strjoinv (", ", (char **) names);
}

/* The message of GLib would be in the language of the user, unlike all others. */
gboolean
tg_run_options_fail (GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the call was cancelled");

  return FALSE;
}

gboolean
tg_run_options_check (const TgRunOptions *self,
                      GError            **error)
{
  return !g_cancellable_is_cancelled (self->cancellable) || tg_run_options_fail (error);
}
