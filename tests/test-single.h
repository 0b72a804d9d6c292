/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <string.h>

/* How wrong the words of f32 may be that have a kernel of their own: what computes in floats by
 * 1.1 ulp, by 4 if it is special, and by half an ulp and a bit what computes in doubles. */
typedef struct
{
  const char *name;
  double      most;
} SingleWord;

#define FLOAT_1(word) { #word, 1.1 },
#define SPECIAL_1(word) { #word, 4 },
#define SINGLE_1(word) { #word, 0.51 },
#define SINGLE_2(word)
#define NARROW_1(word)
#define NARROW_2(word)
#define NARROW_3(word)
#define NARROW_4(word)
#define SAME_1(word)
#define SAME_2(word)

static const SingleWord single_words[] = {
#include "narrow.h"
};

#define N_SINGLE_WORDS (sizeof single_words / sizeof *single_words)

/* Of any other word too, which is rounded from a double. */
static inline double
get_most_single (const char *name)
{
  for (size_t k = 0; k < N_SINGLE_WORDS; k++)
    if (strcmp (single_words[k].name, name) == 0)
      return single_words[k].most;

  return 0.51;
}
