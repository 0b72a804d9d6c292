/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-op-private.h"
#include "tg-shape-private.h"
#include "tg-shared-variable.h"
#include "tg-tensor-private.h"
#include "tg-variable.h"

G_BEGIN_DECLS

/* Almost all operators have no more inputs. */
#define TG_VARIABLE_FEW 2

/* Immutable but for its name, its test value and its companions. */
struct _TgVariable
{
  GObject         parent_instance;
  TgTensorType   *type;
  char           *name;
  const TgOpInfo *op;         /* NULL: a symbol, a constant or shared */
  guint           n_inputs;
  TgVariable    **inputs;
  GVariant      **attributes; /* one for each parameter of `op` */
  TgDType         compute;    /* what `op` computes in */
  gboolean        weak;       /* a number of a program's text, or made of such numbers alone:
                                 its dtype gives way to that of other inputs */
  gpointer        contraction; /* a TgContraction, once one was asked for; atomic */
  TgPlace        *place;      /* where it was made, or NULL */
  char           *scope;      /* the name scope it was made in, a GRefString, or NULL */
  TgTensor       *test_value; /* or NULL */
  GSList         *companions; /* GObject: what lives as long as it does; any thread may put one in
                                 front, so it is read and written atomically */
  TgVariable     *few[TG_VARIABLE_FEW]; /* room for `inputs`, where it suffices */
};

struct _TgVariableClass
{
  GObjectClass parent_class;
};

struct _TgConstant
{
  TgVariable  parent_instance;
  TgTensor   *value;
};

struct _TgConstantClass
{
  TgVariableClass parent_class;
};

struct _TgSharedVariable
{
  TgVariable  parent_instance;
  GMutex      update_lock; /* held by the one function that computes the next value */
  TgTensor   *value;       /* guarded by tg_shared_values_lock () */
  TgVariable *default_argument;
  TgVariable *default_update;
};

struct _TgSharedVariableClass
{
  TgVariableClass parent_class;
};

/* Applies an operator.  Takes `attributes`, one floating reference for each parameter.  Returns
 * NULL and leaves `error` alone where an input is NULL: the first mistake is the one reported. */
TgVariable *tg_variable_new_apply (TgOpId              id,
                                   TgVariable *const  *inputs,
                                   gsize               n_inputs,
                                   GVariant *const    *attributes,
                                   GError            **error);

/* The same operator and attributes with other inputs. */
TgVariable *tg_variable_new_like  (TgVariable         *self,
                                   TgVariable *const  *inputs,
                                   GError            **error);

/* "x: f64[3]", or the beginning of the expression where there is no name. */
char       *tg_variable_describe  (TgVariable         *self,
                                   TgTensorType       *type);

/* "add (x: f64[3], y: f64[4])"; `types` may replace the inputs' own. */
char       *tg_apply_describe     (const TgOpInfo      *op,
                                   TgVariable *const   *inputs,
                                   guint                n_inputs,
                                   TgTensorType *const *types);

/* Elements of a constant vector of integers, or NULL where `self` is something else. */
gint64     *tg_variable_dup_integers (TgVariable *self,
                                      gsize      *n_values);

/* A vector of 0-d integers: a constant where all of them are, a stack otherwise. */
TgVariable *tg_variable_new_vector   (TgVariable *const  *elements,
                                      gsize               n_elements,
                                      GError            **error);

/* What functions make of the variable unless they are told otherwise: `update`, an expression of
 * the symbol `argument`, which stands for the variable.  (An expression of the variable itself
 * would own its owner.) */
void        tg_shared_variable_set_default_update (TgSharedVariable *self,
                                                   TgVariable       *argument,
                                                   TgVariable       *update);

void        tg_shared_variable_notify_value       (TgSharedVariable *self);

/* The values of shared variables change together, under this lock. */
void        tg_shared_values_lock    (void);
void        tg_shared_values_unlock  (void);

/* The lock of one variable is held while a function computes its next value. */
void        tg_shared_variable_lock_update   (TgSharedVariable *self);
void        tg_shared_variable_unlock_update (TgSharedVariable *self);

G_END_DECLS
