/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-place.h"

G_BEGIN_DECLS

struct _TgPlace
{
  gatomicrefcount  ref_count;
  char            *file;        /* GRefString, interned */
  char            *function;    /* likewise */
  guint            line;
  guint            text_line;   /* 0: not of text */
  guint            text_column;
};

/* A place in text of the notation, which itself is at `outer`. */
TgPlace  *tg_place_new_in_text (TgPlace *outer,
                                guint    line,
                                guint    column);

/* What the finder says. */
TgPlace  *tg_place_find        (void);

gboolean  tg_place_is_known    (TgPlace *self);

/* Whether both are in the same line, or the same text, so that naming one says enough. */
gboolean  tg_place_is_beside   (TgPlace *self,
                                TgPlace *other);

G_END_DECLS
