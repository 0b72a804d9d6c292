/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-range-private.h"

G_BEGIN_DECLS

/* Points at which formulas are compared: the same ones for the same arguments. */
typedef struct
{
  TgDType  dtype;
  guint    n_leaves;
  guint    n_points;
  double  *values; /* that of a leaf at a point: [leaf * n_points + point] */
} TgSample;

/* Where points lie that no range bounds: all floats count, or the numbers that people use most. */
typedef enum
{
  TG_REACH_USUAL,
  TG_REACH_ALL,
} TgReach;

/* Draws a point: a number for each leaf.  `seed` tells sequences of points apart. */
void      tg_sample_draw  (const TgRange *ranges,
                           guint          n_leaves,
                           TgDType        dtype,
                           guint          seed,
                           guint          index,
                           TgReach        reach,
                           double        *point);

TgSample *tg_sample_new   (TgDType        dtype,
                           guint          n_leaves,
                           guint          n_points);
/* Points from the first of a sequence on. */
TgSample *tg_sample_new_drawn (const TgRange *ranges,
                               guint          n_leaves,
                               TgDType        dtype,
                               guint          seed,
                               guint          n_points,
                               TgReach        reach);
void      tg_sample_free  (TgSample      *self);

static inline void
tg_sample_set (TgSample     *self,
               guint         index,
               const double *point)
{
  for (guint i = 0; i < self->n_leaves; i++)
    self->values[i * self->n_points + index] = point[i];
}

static inline double
tg_sample_get (const TgSample *self,
               guint           leaf,
               guint           index)
{
  return self->values[leaf * self->n_points + index];
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgSample, tg_sample_free)

G_END_DECLS
