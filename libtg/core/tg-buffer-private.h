/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-tensor.h"

G_BEGIN_DECLS

/* Memory that one or more tensors look at. */
typedef struct
{
  gatomicrefcount  ref_count;
  char            *data;
  TgReleaseFunc    release;
  gpointer         user_data;
  gsize            n_bytes;   /* of memory of our own, or 0 */
} TgBuffer;

/* A buffer of memory that is there already; `release` is called with the last reference gone. */
TgBuffer *tg_buffer_new               (gpointer        data,
                                       TgReleaseFunc   release,
                                       gpointer        user_data);

/* Fails where memory is short. */
TgBuffer *tg_buffer_new_uninitialised (gsize           n_bytes,
                                       GError        **error);

TgBuffer *tg_buffer_ref               (TgBuffer       *self);
void      tg_buffer_unref             (TgBuffer       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgBuffer, tg_buffer_unref)

G_END_DECLS
