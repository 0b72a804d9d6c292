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

/* Large blocks that are given up are kept for the next ones that need as much: of fresh memory the
 * system clears each page, which takes longer than most loops do.  This is all that calls share. */
#define MIN_KEPT (256 * 1024)
#define MAX_KEPT (256 * 1024 * 1024)
#define N_KEPT 16

typedef struct
{
  gpointer data;
  gsize    n_bytes;
} Block;

static struct
{
  GMutex lock;
  guint  n_blocks;
  gsize  n_bytes;
  Block  blocks[N_KEPT]; /* the oldest first */
} kept;

/* Memory checkers are to see who uses what was given up. */
static gboolean
may_keep (gsize n_bytes)
{
#ifdef __SANITIZE_ADDRESS__
  return FALSE;
#else
  return n_bytes >= MIN_KEPT && n_bytes <= MAX_KEPT / 2 && !tg_debug_enabled (TG_DEBUG_CHECK);
#endif
}

static Block
take_block (guint number)
{
  Block block = kept.blocks[number];

  kept.n_blocks--;
  kept.n_bytes -= block.n_bytes;
  memmove (&kept.blocks[number], &kept.blocks[number + 1],
           (kept.n_blocks - number) * sizeof (Block));

  return block;
}

static gpointer
find_kept (gsize n_bytes)
{
  gpointer data = NULL;

  if (!may_keep (n_bytes))
    return NULL;

  g_mutex_lock (&kept.lock);
  for (guint i = kept.n_blocks; i-- > 0 && data == NULL;)
    {
      if (kept.blocks[i].n_bytes == n_bytes)
        data = take_block (i).data;
    }
  g_mutex_unlock (&kept.lock);

  return data;
}

static void
give_up (gpointer data,
         gsize    n_bytes)
{
  gpointer freed[N_KEPT + 1];
  guint n_freed = 0;

  if (!may_keep (n_bytes))
    {
      free (data);
      return;
    }

  g_mutex_lock (&kept.lock);
  while (kept.n_blocks == N_KEPT || kept.n_bytes + n_bytes > MAX_KEPT)
    freed[n_freed++] = take_block (0).data;
  kept.blocks[kept.n_blocks++] = (Block) { data, n_bytes };
  kept.n_bytes += n_bytes;
  g_mutex_unlock (&kept.lock);

  while (n_freed > 0)
    free (freed[--n_freed]);
}

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
  self->n_bytes = 0;

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
  self->n_bytes = 0;

  return self;
}

static TgBuffer *
new_aligned (gsize    n_bytes,
             GError **error)
{
  gsize n_lines = n_bytes / ALIGNMENT + 1;
  gpointer data = find_kept (n_lines * ALIGNMENT);
  TgBuffer *self;

  if (data == NULL)
    data = aligned_alloc (ALIGNMENT, n_lines * ALIGNMENT);

  if (data != NULL)
    {
      self = tg_buffer_new (data, NULL, NULL);
      self->n_bytes = n_lines * ALIGNMENT;
      return self;
    }

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
  else if (self->n_bytes > 0)
    give_up (self->data, self->n_bytes);
  g_free (self);
}
