/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Terms that are added up at a time, in pairs and pairs of these: so each sum rounds but a few
 * times, and no addition waits for the one before it.  Both are powers of four. */
#define TG_CPU_TERMS 256
#define TG_CPU_FEW_TERMS 16

/* The sum of terms, of which there are to be so many. */
static inline double
tg_cpu_fill_and_add (double *terms,
                     gsize   n_terms,
                     gsize   n_all)
{
  for (gsize i = n_terms; i < n_all; i++)
    terms[i] = 0;
  for (gsize n = n_all / 4; n > 0; n /= 4)
    _Pragma ("GCC ivdep")
    for (gsize i = 0; i < n; i++)
      terms[i] = (terms[i] + terms[i + n]) + (terms[i + 2 * n] + terms[i + 3 * n]);

  return terms[0];
}

/* The sum of at most TG_CPU_TERMS, which it writes over. */
static inline double
tg_cpu_add_terms (double *terms,
                  gsize   n_terms)
{
  return n_terms <= TG_CPU_FEW_TERMS ? tg_cpu_fill_and_add (terms, n_terms, TG_CPU_FEW_TERMS)
                                     : tg_cpu_fill_and_add (terms, n_terms, TG_CPU_TERMS);
}

/* Where passes along rows are run over a part of them at a time, memory is read while the first
 * one goes over a part, and idle while the others compute.  So these ask for what is as far ahead
 * as parts are long, to come into the second cache. */
#define TG_CPU_AHEAD (256 * 1024)
#define CACHE_LINE 64

static inline void
tg_cpu_fetch_ahead (gconstpointer place,
                    gsize         n_bytes)
{
  for (gsize i = 0; i < n_bytes; i += CACHE_LINE)
    __builtin_prefetch ((gconstpointer) ((guintptr) place + TG_CPU_AHEAD + i), 0, 2);
}

G_END_DECLS
