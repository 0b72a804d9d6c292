/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rewrite-private.h"

#include <string.h>

#include "tg-rule-private.h"

gboolean
tg_rewrite_allows (const TgRewriteOptions *options,
                   const TgRule           *rule)
{
  if (!(rule->promise & options->promises) || (rule->is_final && !options->is_final))
    return FALSE;

  return options->excluded == NULL || !(g_hash_table_contains (options->excluded, rule->name)
                                        || g_hash_table_contains (options->excluded, rule->file));
}

gboolean
tg_rewrite_may_assume (const TgRewriteOptions *options)
{
  return options->promises > TG_PROMISE_EXACT;
}

gboolean
tg_rewrite_take_word (const char *word,
                      TgPromise  *promises,
                      GHashTable *excluded)
{
  TgPromise promise = tg_promise_from_name (word, strlen (word));

  if (word[0] == '-' && word[1] != '\0')
    g_hash_table_add (excluded, g_strdup (word + 1));
  else if (promise == TG_PROMISE_NONE)
    return FALSE;

  *promises |= promise;

  return TRUE;
}

void
tg_rewrite_options_init (TgRewriteOptions *self,
                         GHashTable       *excluded)
{
  const char *text = g_getenv ("TG_MODE");
  g_auto (GStrv) words = g_strsplit (text != NULL ? text : "", ",", -1);

  *self = (TgRewriteOptions) { .excluded = excluded };
  for (guint i = 0; words[i] != NULL; i++)
    tg_rewrite_take_word (g_strstrip (words[i]), &self->promises, excluded);

  if (self->promises == TG_PROMISE_FAST || self->promises == TG_PROMISE_NONE)
    self->promises |= TG_PROMISE_DEFAULT;
}
