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

/* A reduction of all elements of a shape.  Of one that selects, the shape has no chosen axes. */
typedef struct
{
  const TgOpInfo          *op;
  const TgReferenceKernel *kernel;
  TgReferenceAxis          axis;       /* of one that selects */
  TgDType                  dtype;      /* of the elements */
  guint                    ndim;
  const gint64            *shape;
  const gboolean          *chosen;     /* the axes that accumulators stay in their place along */
  char                    *data[3];    /* accumulators or positions, elements, perhaps centers */
  const gint64            *strides[3];
} TgReferenceReduction;

/* Runs the loops of one. */
typedef gboolean (* TgReferenceReduceFunc) (const TgReferenceReduction  *reduction,
                                            gpointer                     user_data,
                                            GError                     **error);

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

/* Says which operator failed, and for which shapes: an error alone does not know. */
void          tg_reference_add_place       (const TgProgram      *program,
                                            const TgInstruction  *instruction,
                                            TgTensor *const      *slots,
                                            GError              **error);

/* A reduction by the loops of a kernel, which a function runs. */
TgTensor     *tg_reference_reduce_with     (TgVariable               *variable,
                                            TgTensor                 *x,
                                            const TgReferenceKernel  *kernel,
                                            TgReferenceReduceFunc     run,
                                            gpointer                  user_data,
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
