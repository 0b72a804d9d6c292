/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-mode-private.h"

#include <string.h>

#include "tg-error.h"
#include "tg-rewrite-private.h"
#include "tg-rule-private.h"

/* Modes as words with commas between. */

#define THREADS "threads="

static gboolean
take_n_threads (TgMode     *self,
                const char *word)
{
  guint64 n_threads;

  if (!g_str_has_prefix (word, THREADS)
      || !g_ascii_string_to_unsigned (word + strlen (THREADS), 10, 1, TG_MAX_THREADS, &n_threads,
                                      NULL))
    return FALSE;

  self->n_threads = (guint) n_threads;

  return TRUE;
}

/* Takes a word as a backend, as a promise, as something to check, as a number of threads, or as the
 * name of a rule behind a minus sign; FALSE where it is none of them. */
static gboolean
add_word (TgMode     *self,
          const char *word)
{
  const TgBackend *backend = tg_backend_find (word);

  if (backend != NULL)
    self->backend = backend;
  else if (tg_rewrite_take_word (word, &self->promises, self->excluded))
    return TRUE;
  else if (g_str_equal (word, "accurate"))
    self->accuracy = TG_ACCURACY_HIGH;
  else if (g_str_equal (word, "check"))
    self->check = TRUE;
  else if (g_str_equal (word, "check-finite"))
    self->check_finite = TRUE;
  else
    return take_n_threads (self, word);

  return TRUE;
}

/**
 * tg_mode_new_from_string:
 * @text: words separated by commas: the name of a backend; what rules must promise, `exact`,
 *   `real`, `stable` or `fast`; `-name` for a rule or a file of rules that is left out; `accurate`;
 *   `check`, `check-finite`; `threads=2`, or another number
 * @error: return location for a [error@Tg.CompileError]
 *
 * Creates a mode from its text. What the text does not mention is as in [ctor@Tg.Mode.new], but
 * that the name of a backend alone, as in `reference`, is a mode in which nothing is rewritten, and
 * that `fast` alone is meant in addition to the other promises.
 *
 * Returns: (transfer full): a new mode, or %NULL with @error set
 */
TgMode *
tg_mode_new_from_string (const char *text,
                         GError    **error)
{
  g_autoptr (TgMode) self = NULL;
  g_auto (GStrv) words = NULL;
  gboolean has_backend = FALSE;

  g_return_val_if_fail (text != NULL, NULL);

  self = tg_mode_new ();
  self->promises = TG_PROMISE_NONE;
  words = g_strsplit (text, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *backends = NULL;

      has_backend = has_backend || tg_backend_find (g_strstrip (words[i])) != NULL;
      if (add_word (self, words[i]))
        continue;

      backends = tg_backend_list_names ();
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MODE,
                   "there is no mode “%s”: a mode is a backend (%s), a promise (exact, real, "
                   "stable, fast), accurate, check, check-finite, threads=number or -rule, or "
                   "several of them with commas between", words[i], backends);
      return NULL;
    }

  if (self->promises == TG_PROMISE_FAST || (self->promises == TG_PROMISE_NONE && !has_backend))
    self->promises |= TG_PROMISE_DEFAULT;

  return g_steal_pointer (&self);
}

/**
 * tg_mode_to_string:
 * @self: a mode
 *
 * Writes a mode as [ctor@Tg.Mode.new_from_string] reads it.
 *
 * Returns: (transfer full): the text
 */
char *
tg_mode_to_string (TgMode *self)
{
  GHashTableIter iter;
  GString *text;
  gpointer name;

  g_return_val_if_fail (TG_IS_MODE (self), NULL);

  text = g_string_new (self->backend->name);
  for (TgPromise promise = TG_PROMISE_EXACT; promise <= TG_PROMISE_FAST; promise <<= 1)
    {
      if (self->promises & promise)
        g_string_append_printf (text, ",%s", tg_promise_get_name (promise));
    }

  g_hash_table_iter_init (&iter, self->excluded);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_string_append_printf (text, ",-%s", (const char *) name);

  g_string_append (text, self->accuracy == TG_ACCURACY_HIGH ? ",accurate" : "");
  g_string_append (text, self->check ? ",check" : "");
  g_string_append (text, self->check_finite ? ",check-finite" : "");
  if (self->n_threads > 0)
    g_string_append_printf (text, "," THREADS "%u", self->n_threads);

  return g_string_free (text, FALSE);
}
