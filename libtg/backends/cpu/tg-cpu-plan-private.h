/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-cpu-code-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_CPU_TASK_LOOP,      /* elementwise operators in one pass over memory */
  TG_CPU_TASK_REDUCTION,
  TG_CPU_TASK_SOFTMAX,   /* or its logarithm, or both */
  TG_CPU_TASK_PRODUCT,
  TG_CPU_TASK_DRAW,      /* uniform or normal numbers */
  TG_CPU_TASK_SHAPE,     /* what nothing but the shape is needed of */
  TG_CPU_TASK_OTHER,     /* what the reference backend has a loop for */
} TgCpuTaskKind;

/* Instructions that are run together, and perhaps a reduction of what one of them makes, or a
 * product that they scale and add to something. */
typedef struct
{
  TgCpuTaskKind  kind;
  guint          level;      /* tasks of one do not know of each other */
  guint          first;      /* among the plan's instructions */
  guint          n_instructions;
  TgCpuCode     *code;       /* of a loop */
  guint          fold;       /* the reduction that is part of the loop, or TG_CPU_NOWHERE */
  guint          product;    /* that a loop alone needs, or the second one of products, or
                              * TG_CPU_NOWHERE */
  GArray        *released;   /* guint: slots that nothing needs any more, or NULL */
} TgCpuTask;

/* A program in the order in which this backend runs it. */
struct _TgCpuPlan
{
  const TgProgram *program;
  GArray          *order;       /* guint: instructions */
  GArray          *makers;      /* guint for each slot: the place in that order of what fills
                                 * it, or TG_CPU_NOWHERE */
  GArray          *users;       /* guint: the places of what uses slots, a slot after the other */
  GArray          *first_users; /* guint for each slot: where its users begin, and last the end */
  guint8          *is_output;   /* for each slot */
  guint8          *is_folded;   /* for each place: whether it is part of a loop elsewhere */
  guint8          *is_late;     /* for each slot: whether those that use it compute what they need
                                 * of it (tg-cpu-softmax.c, tg-cpu-sparse.c) */
  GArray          *tasks;       /* TgCpuTask */
  GHashTable      *parts;       /* guint64 → TgCpuCode: parts of loops, for shapes that need them */
  GMutex           lock;        /* of the parts */
};

#define TG_CPU_NOWHERE G_MAXUINT

TgCpuPlan       *tg_cpu_plan_new      (const TgProgram *program);
void             tg_cpu_plan_free     (TgCpuPlan       *self);

/* How an operator is run whose elements are needed. */
TgCpuTaskKind    tg_cpu_plan_get_kind (TgVariable      *variable);

/* Gives products to the tasks that they are run with. */
void             tg_cpu_plan_move_products (TgCpuPlan  *self);

/* Lines on how it is run. */
void             tg_cpu_plan_describe   (const TgCpuPlan *self,
                                         GString         *text);

/* The machine code of its loops, as text. */
char            *tg_cpu_plan_print_code (const TgCpuPlan *self,
                                         GError         **error);

/* The code for so many instructions of a loop; NULL where it would have too many operands. */
TgCpuCode       *tg_cpu_plan_get_part (TgCpuPlan       *self,
                                       guint            first,
                                       guint            n);

/* The same, a new one; also with the reduction at a place, if that is not TG_CPU_NOWHERE. */
TgCpuCode       *tg_cpu_code_new      (const TgCpuPlan *plan,
                                       guint            first,
                                       guint            n,
                                       guint            fold);

/* Whether there are loops for a dtype.  Of complex numbers compilers make vectors that round
 * otherwise than single ones. */
gboolean         tg_cpu_takes_dtype   (TgDType          dtype);

/* Whether a loop may have that operator. */
gboolean         tg_cpu_code_takes    (TgVariable      *variable);

/* Whether anything but instructions from `first` on, `n` of them, needs what a slot has. */
gboolean   tg_cpu_plan_needs (const TgCpuPlan *self,
                              guint            slot,
                              guint            first,
                              guint            n);

gboolean   tg_cpu_run_softmax     (const TgCpuPlan     *plan,
                                   const TgCpuTask     *task,
                                   TgTensor           **slots,
                                   const TgRunOptions  *options,
                                   GError             **error);

/* The elements that an instruction takes of a logarithm of softmax. */
gboolean   tg_cpu_run_taken       (const TgCpuPlan      *plan,
                                   const TgInstruction  *instruction,
                                   TgTensor            **slots,
                                   const TgRunOptions   *options,
                                   GError              **error);

static inline const TgInstruction *
tg_cpu_plan_get (const TgCpuPlan *self,
                 guint            place)
{
  return &g_array_index (self->program->instructions, TgInstruction,
                         g_array_index (self->order, guint, place));
}

G_END_DECLS
