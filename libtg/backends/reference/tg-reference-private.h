/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-backend.h"
#include "tg-loop-private.h"

G_BEGIN_DECLS

/* Plain loops over strided arrays, an operator at a time: the truth that other backends are
 * compared with. */
extern const TgBackend tg_reference_backend;

/* What computes an operator in one dtype. */
typedef struct
{
  TgInnerLoop loop;
  TgInnerLoop center;      /* of reductions in two passes: the first one */
  TgInnerLoop finish;      /* of reductions: from the accumulator to the result */
  TgDType     accumulator; /* in which sums and the like are computed */
} TgReferenceKernel;

extern const TgReferenceKernel tg_reference_kernels[TG_N_OPS][TG_N_DTYPES];

/* What the inner loop of an operator that selects is told: how to walk along the axis. */
typedef struct
{
  gint64 size;
  gint64 stride;
} TgReferenceAxis;

/* What runs a fold is told: its loop over accumulators, elements and perhaps centers. */
typedef struct
{
  TgInnerLoop loop;
  guint       n_operands;
  gint64      sizes[3]; /* of the elements of each */
  gssize      lost;     /* bytes from an accumulator to what is lost beside it, or 0 */
} TgReferenceFold;

/* One pass of a reduction over the elements; strides of accumulators are 0 along axes that are
 * folded. */
typedef struct
{
  TgReferenceFold  fold;
  gsize            n_elements;
  gsize            n_accumulators; /* which follow each other */
  guint            ndim;
  const gint64    *shape;
  char            *data[3];
  const gint64    *strides[3];
} TgReferencePass;

typedef gboolean (* TgReferencePassFunc) (const TgReferencePass  *pass,
                                          gconstpointer           data,
                                          GError                **error);

const TgReferenceKernel *tg_reference_get_kernel (TgVariable *variable);

/* The value of `variable`, of inputs that have the dtype it computes in; messages say what is
 * wrong, and leave it to the caller to say where. */
typedef TgTensor *(* TgReferenceFunc) (TgVariable       *variable,
                                       TgTensor *const  *inputs,
                                       GError          **error);

TgTensor *tg_reference_run_elementwise (TgVariable       *variable,
                                        TgTensor *const  *inputs,
                                        GError          **error);
TgTensor *tg_reference_run_reduce      (TgVariable       *variable,
                                        TgTensor *const  *inputs,
                                        GError          **error);
TgTensor *tg_reference_run_contract    (TgVariable       *variable,
                                        TgTensor *const  *inputs,
                                        GError          **error);

#define TG_OP_FUNCTION(ID, name)                                              \
TgTensor *tg_reference_run_##name (TgVariable       *variable,                \
                                   TgTensor *const  *inputs,                  \
                                   GError          **error);
#include "tg-op-functions.h"
#undef TG_OP_FUNCTION

/* The same by another backend, which knows what the run is asked for. */
typedef TgTensor *(* TgReferenceOverride) (TgVariable          *variable,
                                           TgTensor *const     *inputs,
                                           const TgRunOptions  *options,
                                           GError             **error);

/* Fills the slot of an instruction by a function for its operator, or by the one of this backend
 * where that is NULL; errors say where. */
gboolean      tg_reference_run_instruction (const TgProgram      *program,
                                            const TgInstruction  *instruction,
                                            TgReferenceOverride   override,
                                            TgTensor            **slots,
                                            const TgRunOptions   *options,
                                            GError              **error);

/* A reduction by the loops of a kernel, whose passes `run` runs, with data of its own, where it is
 * not NULL. */
TgTensor     *tg_reference_reduce_with     (TgVariable               *variable,
                                            TgTensor                 *x,
                                            const TgReferenceKernel  *kernel,
                                            TgReferencePassFunc       run,
                                            gconstpointer             data,
                                            GError                  **error);

/* The shape that the inputs have together. */
gboolean      tg_reference_broadcast    (TgVariable       *variable,
                                         TgTensor *const  *inputs,
                                         gint64            shape[TG_MAX_NDIM],
                                         guint            *ndim,
                                         GError          **error);

/* A contiguous tensor of the elements of `value`, broadcast to a shape. */
TgTensor     *tg_reference_fill         (TgDType           dtype,
                                         const gint64     *shape,
                                         guint             ndim,
                                         TgTensor         *value,
                                         GError          **error);

/* Copies `x` to `place`, a part of new zeros, which x must fill. */
gboolean      tg_reference_fill_place   (TgTensor         *place,
                                         TgTensor         *x,
                                         GError          **error);

/* The elements of an input that is a vector of integers, or a 0-d one. */
const gint64 *tg_reference_get_integers (TgTensor         *input);

G_END_DECLS
