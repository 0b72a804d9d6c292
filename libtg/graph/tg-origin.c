/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-origin-private.h"

#include "tg-place-private.h"
#include "tg-variable-private.h"

/* How many inputs a message says the places of. */
#define MAX_INPUTS 4

static void
clear_origin (gpointer data)
{
  TgOrigin *origin = data;

  g_clear_pointer (&origin->place, tg_place_unref);
  g_clear_pointer (&origin->scope, g_ref_string_release);
}

static void
free_pile (gpointer pile)
{
  g_array_unref (pile);
}

/* A GArray of TgOrigin for each thread that has pushed one. */
static GPrivate piles = G_PRIVATE_INIT (free_pile);

const TgOrigin *
tg_origin_get (void)
{
  GArray *pile = g_private_get (&piles);

  return pile != NULL && pile->len > 0 ? &g_array_index (pile, TgOrigin, pile->len - 1) : NULL;
}

gboolean
tg_origin_is_inside (TgOriginKind kind)
{
  GArray *pile = g_private_get (&piles);

  for (guint i = 0; pile != NULL && i < pile->len; i++)
    {
      if (g_array_index (pile, TgOrigin, i).kind == kind)
        return TRUE;
    }

  return FALSE;
}

void
tg_origin_push (TgOriginKind  kind,
                TgPlace      *place,
                char         *scope)
{
  TgOrigin origin = { kind, place, scope };
  GArray *pile = g_private_get (&piles);

  if (pile == NULL)
    {
      pile = g_array_new (FALSE, FALSE, sizeof (TgOrigin));
      g_array_set_clear_func (pile, clear_origin);
      g_private_set (&piles, pile);
    }

  g_array_append_val (pile, origin);
}

void
tg_origin_pop (TgOriginKind kind)
{
  GArray *pile = g_private_get (&piles);

  g_return_if_fail (pile != NULL && pile->len > 0);
  g_return_if_fail (g_array_index (pile, TgOrigin, pile->len - 1).kind == kind);

  g_array_set_size (pile, pile->len - 1);
}

TgPlace *
tg_origin_dup_place (void)
{
  const TgOrigin *top = tg_origin_get ();

  return top != NULL && top->place != NULL ? tg_place_ref (top->place) : tg_place_find ();
}

char *
tg_origin_dup_scope (void)
{
  const TgOrigin *top = tg_origin_get ();

  return top != NULL && top->scope != NULL ? g_ref_string_acquire (top->scope) : NULL;
}

void
tg_origin_push_variable (TgVariable *variable)
{
  const TgOrigin *top = tg_origin_get ();
  TgPlace *place = variable->place != NULL ? variable->place : top != NULL ? top->place : NULL;

  tg_origin_push (TG_ORIGIN_VARIABLE, place != NULL ? tg_place_ref (place) : NULL,
                  variable->scope != NULL ? g_ref_string_acquire (variable->scope) : NULL);
}

void
tg_origin_push_text (TgPlace *outer,
                     guint    line,
                     guint    column)
{
  tg_origin_push (TG_ORIGIN_TEXT, tg_place_new_in_text (outer, line, column),
                  tg_origin_dup_scope ());
}

void
tg_origin_mark (TgVariable *variable)
{
  const TgOrigin *top = tg_origin_get ();

  if (top != NULL && top->scope != NULL)
    variable->scope = g_ref_string_acquire (top->scope);
  variable->place = top != NULL && top->place != NULL ? tg_place_ref (top->place)
                                                      : tg_place_find ();
}

static void
append (GError     **error,
        const char  *what)
{
  char *message;

  if (error == NULL || *error == NULL || *what == '\0')
    return;

  message = g_strdup_printf ("%s (%s)", (*error)->message, what);
  g_free ((*error)->message);
  (*error)->message = message;
}

static void
append_place (GString    *text,
              const char *what,
              TgPlace    *place)
{
  g_autofree char *place_text = tg_place_to_string (place);

  g_string_append_printf (text, "%s%s%smade at %s", text->len > 0 ? "; " : "", what,
                          *what != '\0' ? " " : "", place_text);
}

void
tg_origin_add_place (TgVariable  *variable,
                     GError     **error)
{
  g_autoptr (GString) text = g_string_new (NULL);

  if (!tg_place_is_known (variable->place))
    return;

  append_place (text, "", variable->place);
  append (error, text->str);
}

void
tg_origin_add_inputs (TgVariable *const  *inputs,
                      guint               n_inputs,
                      GError            **error)
{
  const TgOrigin *top = tg_origin_get ();
  g_autoptr (TgPlace) here = tg_origin_dup_place ();
  g_autoptr (GString) text = g_string_new (NULL);
  guint n_places = 0;

  if (top != NULL && top->kind != TG_ORIGIN_TEXT && tg_place_is_known (top->place))
    append_place (text, "", top->place);

  for (guint i = 0; i < n_inputs && n_places < MAX_INPUTS; i++)
    {
      g_autofree char *what = NULL;
      TgPlace *place = inputs[i]->place;

      if (!tg_place_is_known (place) || tg_place_is_beside (place, here)
          || (i > 0 && inputs[i] == inputs[i - 1]))
        continue;

      what = inputs[i]->name != NULL ? g_strdup (inputs[i]->name)
                                     : g_strdup_printf ("input %u", i + 1);
      append_place (text, what, place);
      n_places++;
    }

  append (error, text->str);
}
