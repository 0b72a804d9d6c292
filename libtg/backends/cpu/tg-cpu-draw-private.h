/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-op-private.h"

#include "tgk.h"

G_BEGIN_DECLS

/* The words of so many counters, at most, lie in four arrays, in the lower halves of elements. */
#define TG_CPU_DRAW_BLOCKS 128

typedef guint64 TgCpuDrawWords[4][TG_CPU_DRAW_BLOCKS];

/* Loops take a number of counters that is a multiple of this. */
#define TG_CPU_DRAW_MULTIPLE 16

/* Makes 16 bytes of numbers of each counter; uniform ones of float32 of some bits of the words. */
typedef void (* TgCpuDrawLoop) (gsize          n_blocks,
                                TgCpuDrawWords words,
                                guint32        bits,
                                gpointer       numbers);

/* Compiled for one set of instructions after the other. */
typedef struct
{
  void          (* make_words) (gsize           n_blocks,
                                const TgkDraws *draws,
                                TgCpuDrawWords  words);
  TgCpuDrawLoop uniform_f64;
  TgCpuDrawLoop uniform_f32;
  TgCpuDrawLoop normal_f64;
  TgCpuDrawLoop normal_f32;
} TgCpuDrawLoops;

extern const TgCpuDrawLoops tg_cpu_draw_loops_baseline;
#ifdef TG_HAVE_X86_64_LEVELS
extern const TgCpuDrawLoops tg_cpu_draw_loops_v3;
extern const TgCpuDrawLoops tg_cpu_draw_loops_v4;
#endif

/* Those that belong to the kernels which tg_cpu_get_kernel () finds. */
const TgCpuDrawLoops *tg_cpu_get_draw_loops (void);

G_END_DECLS
