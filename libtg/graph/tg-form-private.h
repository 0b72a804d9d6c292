/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-attribute-private.h"

G_BEGIN_DECLS

/* A value that is not known before the function runs, among those of a shape. */
#define TG_UNKNOWN_VALUE G_MININT64

/* An operator on its way to become a variable. */
typedef struct
{
  const TgOpInfo    *op;
  TgVariable *const *inputs;
  guint              n_inputs;
  GVariant         **attributes; /* owned by the caller; may be replaced by a normal form */
  TgDType            compute;
  TgDType            dtype;
  gboolean           weak;
  guint              ndim;       /* from here on for the form to fill */
  gint64             shape[TG_MAX_NDIM];
} TgApply;

typedef gboolean (* TgInferFunc) (TgApply  *apply,
                                  GError  **error);

/* Sets the shape of the result, or says why there is none. */
gboolean tg_form_infer              (TgApply       *apply,
                                     GError       **error);

/* What a composite operator stands for. */
TgVariable *tg_expand               (TgApply       *apply,
                                     GError       **error);

/* One for each form whose operators share it; the other forms name a function for each operator. */
gboolean tg_infer_elementwise       (TgApply       *apply,
                                     GError       **error);
gboolean tg_infer_reduce            (TgApply       *apply,
                                     GError       **error);
gboolean tg_infer_contract          (TgApply       *apply,
                                     GError       **error);

#define TG_OP_FUNCTION(ID, name) gboolean tg_infer_##name (TgApply *apply, GError **error);
#include "tg-op-functions.h"
#undef TG_OP_FUNCTION

#define TG_OP_EXPANSION(ID, name) TgVariable *tg_expand_##name (TgApply *apply, GError **error);
#include "tg-op-expansions.h"
#undef TG_OP_EXPANSION

/* What the forms share. */
GVariant    *tg_apply_find          (TgApply       *apply,
                                     const char    *name);
gboolean     tg_apply_find_bool     (TgApply       *apply,
                                     const char    *name);
gint64       tg_apply_find_int      (TgApply       *apply,
                                     const char    *name);
const char  *tg_apply_find_text     (TgApply       *apply,
                                     const char    *name);
const gint64 *tg_apply_find_ints    (TgApply       *apply,
                                     const char    *name,
                                     gsize         *n_values);
const gint64 *tg_apply_get_shape    (TgApply       *apply,
                                     guint          input,
                                     guint         *ndim);
void         tg_apply_set_shape     (TgApply       *apply,
                                     const gint64  *shape,
                                     guint          ndim);
/* Sorts the axes of the parameter `axis` and counts them from the front. */
gboolean     tg_apply_normalise_axes (TgApply      *apply,
                                      guint         ndim,
                                      gboolean      chosen[TG_MAX_NDIM],
                                      GError      **error);
/* Likewise for a parameter `axis` that is a single axis. */
gboolean     tg_apply_normalise_axis (TgApply      *apply,
                                      guint         ndim,
                                      guint        *axis,
                                      GError      **error);
/* Counts axes from the front, none of which may come twice; the order stays. */
gboolean     tg_apply_normalise_order (TgApply     *apply,
                                       const char  *name,
                                       guint        ndim,
                                       GError     **error);
/* Sets the result's shape to the values of an input; each is a size. */
gboolean     tg_apply_set_shape_from_values (TgApply  *apply,
                                             guint     input,
                                             GError  **error);

/* The value of a 0-d constant integer or boolean; FALSE where it is not known. */
gboolean     tg_variable_infer_integer (TgVariable     *self,
                                        gint64         *value);

/* Whether it is a 0-d constant, of whatever dtype, that equals `number`. */
gboolean     tg_variable_is_number     (TgVariable     *self,
                                        gdouble         number);

/* The shape that variables have together; FALSE where they have none. */
gboolean     tg_variables_broadcast    (TgVariable *const  *variables,
                                        guint               n_variables,
                                        gint64              shape[TG_MAX_NDIM],
                                        guint              *ndim,
                                        GError            **error);

/* The length of the diagonal of a matrix. */
gint64       tg_diagonal_length        (gint64          rows,
                                        gint64          columns,
                                        gint64          offset);

/* The elements of a vector of integers as far as they are known, TG_UNKNOWN_VALUE where not. */
gint64      *tg_variable_infer_integers (TgVariable    *self,
                                         gsize         *n_values);

/* How many integers there are from start up to stop, in steps that are not 0; -1: too many. */
gint64       tg_arange_count        (gint64         start,
                                     gint64         stop,
                                     gint64         step);

/* Whether a tensor, by its number, can be put to the first one along `axis`; -1: has its shape. */
gboolean     tg_piece_fits          (guint          number,
                                     const gint64  *first,
                                     guint          first_ndim,
                                     const gint64  *shape,
                                     guint          ndim,
                                     gint64         axis,
                                     GError       **error);

/* Gives both the same value where one is unknown; FALSE where both are known and differ. */
gboolean     tg_dimension_unify     (gint64        *first,
                                     gint64         second);

G_END_DECLS
