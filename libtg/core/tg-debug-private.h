/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-version.h"

G_BEGIN_DECLS

/* What TG_DEBUG, a list of words, switches on; "all" and "help" work too. */
typedef enum
{
  TG_DEBUG_CHECK = 1 << 0,   /* verify programs between passes, fill new buffers with nan */
  TG_DEBUG_COMPILE = 1 << 1, /* say what each pass did */
  TG_DEBUG_REWRITE = 1 << 3, /* print each rewrite as it happens */
  TG_DEBUG_RUN = 1 << 2,     /* print each operator with its shapes as it runs */
  TG_DEBUG_PERF = 1 << 4,    /* name compiled loops for the profiler perf */
} TgDebugFlags;

gboolean    tg_debug_enabled (TgDebugFlags flag);

/* The folder that TG_DUMP names, or NULL. */
const char *tg_debug_get_dump_folder (void);

#define TG_NOTE(FLAG, ...)                                                    \
  G_STMT_START {                                                              \
    if (tg_debug_enabled (TG_DEBUG_##FLAG))                                   \
      g_printerr (__VA_ARGS__);                                               \
  } G_STMT_END

G_END_DECLS
