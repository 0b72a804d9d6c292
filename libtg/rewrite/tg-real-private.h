/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <mpfr.h>

#include "tg-op-private.h"

G_BEGIN_DECLS

/* A real number: it is within two to the power of `error` of `value`. */
typedef struct
{
  mpfr_t     value;
  mpfr_exp_t error;
} TgReal;

#define TG_REAL_EXACT (G_MINLONG / 8)
#define TG_REAL_UNKNOWN (G_MAXLONG / 8)

void     tg_real_init        (TgReal              *self,
                              mpfr_prec_t          precision);
void     tg_real_clear       (TgReal              *self);

/* The same in `limbs`, which are mpfr_custom_get_size () of the precision: it is not cleared. */
void     tg_real_init_in_place (TgReal            *self,
                              mpfr_prec_t          precision,
                              void                *limbs);

void     tg_real_set         (TgReal              *self,
                              const TgReal        *other);
void     tg_real_set_double  (TgReal              *self,
                              double               number);

/* Whether operators of real numbers can be computed: by MPFR, or as their spec says. */
gboolean tg_real_has         (TgOpId               op);

/* Computes one, and what is known of the error. */
void     tg_real_apply       (TgOpId               op,
                              TgReal              *result,
                              const TgReal *const *inputs);

/* About how long that takes, in products. */
guint    tg_real_get_work    (TgOpId               op,
                              mpfr_prec_t          precision);

/* The nearest number of a dtype; FALSE where it is not settled which that is. */
gboolean tg_real_round       (const TgReal        *self,
                              TgDType              dtype,
                              double              *number);

/* Whether both may be the same number. */
gboolean tg_real_may_equal   (const TgReal        *a,
                              const TgReal        *b);

G_END_DECLS
