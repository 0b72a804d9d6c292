/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

#include "tg-rule-private.h"
#include "tg-trace-private.h"

G_BEGIN_DECLS

/* How a graph is rewritten. */
typedef struct
{
  TgPromise   promises; /* what rules must at least promise */
  GHashTable *excluded; /* names of rules and of files that are not used, or NULL */
  GPtrArray  *rules;    /* TgRuleSet: a person's own, tried before the library's; or NULL */
  GHashTable *stops;    /* TgVariable that stay as they are, and what they depend on; or NULL */
  gboolean    is_final; /* whether nothing is differentiated any more */
  gboolean    is_thorough; /* whether series and branches are among the forms to choose from */
  /* Computes an operator whose inputs are constants, or NULL. */
  TgTensor *(* evaluate) (TgVariable *variable, GError **error);
  GCancellable *cancellable; /* looked at between steps; or NULL */
  /* Is told which part of the work is done, from 0 to 1; or NULL. */
  void (* report) (gpointer data, double fraction);
  gpointer report_data;
} TgRewriteOptions;

/* Takes a word of a mode that says something of rules: what they must promise, or behind a minus
 * sign which of them is left out.  FALSE where it is another word. */
gboolean tg_rewrite_take_word (const char *word,
                               TgPromise  *promises,
                               GHashTable *excluded);

/* How a graph is rewritten that is no function yet, as TG_MODE has it; `excluded` is a set of
 * strings that it owns, empty before. */
void tg_rewrite_options_init (TgRewriteOptions *self,
                              GHashTable       *excluded);

/* Whether a rule may be used at all. */
gboolean tg_rewrite_allows (const TgRewriteOptions *options,
                            const TgRule           *rule);

/* Whether what cannot be proven may be taken for granted: under a narrow promise it may not. */
gboolean tg_rewrite_may_assume (const TgRewriteOptions *options);

/* Fails where it was cancelled. */
gboolean tg_rewrite_check_cancelled (GCancellable  *cancellable,
                                     GError       **error);

/* Rewrites outputs, in place, and tells the trace, which may be NULL.  Fails where rules go round
 * in a circle, or it was cancelled; the outputs are as before then. */
gboolean tg_rewrite (GPtrArray               *outputs,
                     const TgRewriteOptions  *options,
                     TgTrace                 *trace,
                     GError                 **error);

G_END_DECLS
