/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-buffer-private.h"

#include <stdlib.h>
#include <string.h>

#include "tg-debug-private.h"
#include "tg-error.h"

/* A line of the cache, and the widest vector. */
#define ALIGNMENT 64

/* So little memory is not worth an allocation of its own, which aligned ones are slow at: it lies
 * behind the buffer. */
#define MAX_INLINE 32

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

static TgBuffer *
new_inline (gsize n_bytes)
{
  TgBuffer *self = g_malloc (sizeof (TgBuffer) + n_bytes);

  G_STATIC_ASSERT (sizeof (TgBuffer) % sizeof (gint64) == 0);

  g_atomic_ref_count_init (&self->ref_count);
  self->data = (char *) (self + 1);
  self->release = NULL;

  return self;
}

static TgBuffer *
new_aligned (gsize    n_bytes,
             GError **error)
{
  gsize n_lines = n_bytes / ALIGNMENT + 1;
  gpointer data = aligned_alloc (ALIGNMENT, n_lines * ALIGNMENT);

  if (data != NULL)
    return tg_buffer_new (data, free, data);

  g_set_error (error, TG_RUN_ERROR, TG_RUN_ERROR_MEMORY,
               "there is no memory for %" G_GSIZE_FORMAT " bytes", n_bytes);

  return NULL;
}

TgBuffer *
tg_buffer_new_uninitialised (gsize    n_bytes,
                             GError **error)
{
  TgBuffer *self = n_bytes <= MAX_INLINE ? new_inline (n_bytes) : new_aligned (n_bytes, error);

  if (self != NULL && tg_debug_enabled (TG_DEBUG_CHECK))
    memset (self->data, 0xff, n_bytes);

  return self;
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
