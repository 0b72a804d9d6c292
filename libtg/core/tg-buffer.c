/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-buffer-private.h"

#include <stdlib.h>
#include <string.h>

#include "tg-debug-private.h"
#include "tg-error.h"

/* A line of the cache, and the widest vector. */
#define ALIGNMENT 64

TgBuffer *
tg_buffer_new (gpointer      data,
               TgReleaseFunc release,
               gpointer      user_data)
{
  TgBuffer *self = g_new (TgBuffer, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->data = data;
  self->release = release;
  self->user_data = user_data;

  return self;
}

TgBuffer *
tg_buffer_new_uninitialised (gsize    n_bytes,
                             GError **error)
{
  gsize n_lines = n_bytes / ALIGNMENT + 1;
  gpointer data = aligned_alloc (ALIGNMENT, n_lines * ALIGNMENT);

  if (data == NULL)
    {
      g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_MEMORY,
                   "there is no memory for %" G_GSIZE_FORMAT " bytes", n_bytes);
      return NULL;
    }

  if (tg_debug_enabled (TG_DEBUG_CHECK))
    memset (data, 0xff, n_bytes);

  return tg_buffer_new (data, free, data);
}

TgBuffer *
tg_buffer_ref (TgBuffer *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
tg_buffer_unref (TgBuffer *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  if (self->release != NULL)
    self->release (self->user_data);
  g_free (self);
}
