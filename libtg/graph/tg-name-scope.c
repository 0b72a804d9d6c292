/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-name-scope-private.h"

#include <string.h>

#include "tg-origin-private.h"

static const char *
get_scope (void)
{
  const TgOrigin *top = tg_origin_get ();

  return top != NULL ? top->scope : NULL;
}

/**
 * tg_name_scope_push:
 * @name: the name of a part of a model, such as `layer1`
 *
 * Begins a name scope of this thread, inside the one that there is.
 *
 * Names given from now on begin with it, as in `layer1/w`, and variables made from now on belong to
 * it; see [method@Tg.Variable.get_scope]. Each call needs one of [func@Tg.name_scope_pop].
 */
void
tg_name_scope_push (const char *name)
{
  const TgOrigin *top = tg_origin_get ();
  TgPlace *place = top != NULL && top->place != NULL ? tg_place_ref (top->place) : NULL;
  g_autofree char *scope = NULL;

  g_return_if_fail (name != NULL && *name != '\0');

  scope = tg_name_scope_apply (name);
  tg_origin_push (TG_ORIGIN_SCOPE, place, g_ref_string_new_intern (scope));
}

/**
 * tg_name_scope_pop:
 *
 * Ends the name scope that [func@Tg.name_scope_push] began.
 */
void
tg_name_scope_pop (void)
{
  tg_origin_pop (TG_ORIGIN_SCOPE);
}

/**
 * tg_name_scope_dup:
 *
 * Gets the name scope of this thread, such as `decoder/layer1`.
 *
 * Returns: (transfer full) (nullable): the scope, or %NULL where there is none
 */
char *
tg_name_scope_dup (void)
{
  return g_strdup (get_scope ());
}

char *
tg_name_scope_apply (const char *name)
{
  const char *scope = get_scope ();

  if (name == NULL || scope == NULL)
    return g_strdup (name);

  /* A name that was read from a variable of the scope, and is given back. */
  if (g_str_has_prefix (name, scope) && name[strlen (scope)] == '/')
    return g_strdup (name);

  return g_strdup_printf ("%s/%s", scope, name);
}

const char *
tg_name_scope_strip (const char *name)
{
  const char *slash = strrchr (name, '/');

  return slash != NULL && slash[1] != '\0' ? slash + 1 : name;
}
