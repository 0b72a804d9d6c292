/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-backend.h"

G_BEGIN_DECLS

/* A piece of some work, which no other piece waits for. */
typedef void (* TgCpuChunkFunc) (guint    chunk,
                                 gpointer user_data);

/* More chunks than threads, so that those that are held up do less. */
#define TG_CPU_CHUNKS_PER_THREAD 8

/* How many threads a run may use. */
guint    tg_cpu_pool_get_n_threads (const TgRunOptions *options);

/* Runs all chunks of some work, by as many threads as a run may use; this one is among them.  What
 * is computed must not depend on how many there are.  Returns when all is done, FALSE where the run
 * was cancelled on the way. */
gboolean tg_cpu_pool_run           (guint               n_chunks,
                                    TgCpuChunkFunc      func,
                                    gpointer            user_data,
                                    const TgRunOptions *options);

G_END_DECLS
