/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-form-private.h"

#include "tg-error.h"
#include "tg-origin-private.h"
#include "tg-test-value-private.h"

char *
tg_apply_describe (const TgOpInfo      *op,
                   TgVariable *const   *inputs,
                   guint                n_inputs,
                   TgTensorType *const *types)
{
  GString *text = g_string_new (op->name);

  g_string_append (text, " (");
  for (guint i = 0; i < n_inputs; i++)
    {
      g_autofree char *input = tg_variable_describe (inputs[i],
                                                     types != NULL ? types[i] : inputs[i]->type);

      if (i >= 4 && n_inputs > 6)
        {
          g_string_append_printf (text, ", and %u more", n_inputs - i);
          break;
        }

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", input);
    }

  return g_string_free (g_string_append (text, ")"), FALSE);
}

static gboolean
check_inputs (TgApply  *apply,
              GError  **error)
{
  for (guint i = 0; i < apply->n_inputs; i++)
    {
      TgInputInfo info = tg_op_info_get_input (apply->op, i);
      TgTensorType *type = apply->inputs[i]->type;

      if (info.kind == TG_INPUT_POSITIONS
          && !tg_dtype_in_set (type->dtype, TG_DTYPE_SET_INTEGER))
        {
          g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE, "%s must be integers, not %s",
                       info.name, tg_dtype_get_name (type->dtype));
          return FALSE;
        }

      if (info.kind != TG_INPUT_INT && info.kind != TG_INPUT_INTS)
        continue;

      if (!tg_dtype_in_set (type->dtype, TG_DTYPE_SET_INTEGER)
          || type->ndim != (info.kind == TG_INPUT_INTS ? 1 : 0))
        {
          g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE, "%s must be %s", info.name,
                       info.kind == TG_INPUT_INTS ? "a vector of integers" : "a 0-d integer");
          return FALSE;
        }

      if (info.kind == TG_INPUT_INTS && type->shape[0] == TG_UNKNOWN)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "the number of elements of %s must be known when the graph is built",
                       info.name);
          return FALSE;
        }

      if (info.kind == TG_INPUT_INTS && type->shape[0] > TG_MAX_NDIM)
        {
          g_set_error (error, TG_SHAPE_ERROR, TG_SHAPE_ERROR_NDIM,
                       "there can be at most %d dimensions", TG_MAX_NDIM);
          return FALSE;
        }
    }

  return TRUE;
}

/* Strong dtypes promote among themselves; weak ones then only raise the kind, to its default. */
static TgDType
promote_inputs (TgApply *apply)
{
  guint strong = 0;
  TgDTypeKind kind = TG_DTYPE_KIND_BOOL;

  apply->weak = apply->op->form == TG_FORM_ELEMENTWISE;
  for (guint i = 0; i < apply->n_inputs; i++)
    {
      TgVariable *input = apply->inputs[i];

      if (tg_op_info_get_input (apply->op, i).kind != TG_INPUT_ANY)
        continue;

      if (input->weak)
        {
          kind = MAX (kind, tg_dtype_get_kind (input->type->dtype));
          continue;
        }

      strong |= 1u << input->type->dtype;
      apply->weak = FALSE;
    }

  return strong != 0 ? tg_dtype_raise (tg_dtype_promote_all (strong), kind)
                     : tg_dtype_of_kind (kind);
}

/* Whether an input's dtype matters: that of zeros and the like is a parameter alone. */
static gboolean
takes_any (TgApply *apply)
{
  for (guint i = 0; i < apply->n_inputs; i++)
    {
      if (tg_op_info_get_input (apply->op, i).kind == TG_INPUT_ANY)
        return TRUE;
    }

  return FALSE;
}

/* Whether the form computes with elements, in a dtype that kernels have. */
static gboolean
is_computed (TgOpForm form)
{
  return form == TG_FORM_ELEMENTWISE || form == TG_FORM_REDUCE || form == TG_FORM_CONTRACT;
}

/* What the elements are computed in, and what the result has before that was widened. */
static TgDType
find_compute (TgApply *apply,
              TgDType  promoted)
{
  gboolean is_inexact = tg_dtype_in_set (promoted, TG_DTYPE_SET_INEXACT);

  switch (apply->op->rule)
    {
    case TG_RULE_FLOAT:
    case TG_RULE_COMPLEX:
    case TG_RULE_CLASSIFY:
      return is_inexact ? promoted : TG_DTYPE_FLOAT64;

    case TG_RULE_LOGICAL:
      return TG_DTYPE_BOOL;

    case TG_RULE_SUM:
      return tg_dtype_of_sum (promoted);

    case TG_RULE_PROMOTE:
    case TG_RULE_REAL:
    case TG_RULE_COMPARE:
    case TG_RULE_INDEX:
    case TG_RULE_INT64:
    case TG_RULE_DTYPE:
    default:
      return promoted;
    }
}

static gboolean
infer_dtype (TgApply  *apply,
             GError  **error)
{
  TgDType promoted = promote_inputs (apply);
  TgDType compute = find_compute (apply, promoted);

  if (takes_any (apply) && !tg_dtype_in_set (promoted, apply->op->accepts))
    {
      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE, "%s is not defined for %s",
                   apply->op->name, tg_dtype_get_name (promoted));
      return FALSE;
    }

  apply->compute = is_computed (apply->op->form) ? tg_dtype_widen (compute) : compute;
  switch (apply->op->rule)
    {
    case TG_RULE_DTYPE:
      return tg_dtype_from_name (tg_apply_find_text (apply, "dtype"), &apply->dtype, error);

    case TG_RULE_COMPARE:
    case TG_RULE_CLASSIFY:
    case TG_RULE_LOGICAL:
      apply->dtype = TG_DTYPE_BOOL;
      return TRUE;

    case TG_RULE_INDEX:
    case TG_RULE_INT64:
      apply->dtype = TG_DTYPE_INT64;
      return TRUE;

    case TG_RULE_REAL:
      apply->dtype = tg_dtype_to_real (compute);
      return TRUE;

    case TG_RULE_COMPLEX:
      apply->dtype = tg_dtype_to_complex (compute);
      return TRUE;

    case TG_RULE_PROMOTE:
    case TG_RULE_FLOAT:
    case TG_RULE_SUM:
    default:
      apply->dtype = compute;
      return TRUE;
    }
}

/* A number of the program's text must fit the integers that it is combined with. */
static gboolean
check_weak (TgApply  *apply,
            GError  **error)
{
  for (guint i = 0; i < apply->n_inputs; i++)
    {
      TgVariable *input = apply->inputs[i];
      gint64 value;

      if (!input->weak || tg_op_info_get_input (apply->op, i).kind != TG_INPUT_ANY
          || !tg_dtype_in_set (apply->compute, TG_DTYPE_SET_INTEGER)
          || !tg_variable_infer_integer (input, &value)
          || tg_dtype_holds_integer (apply->compute, value))
        continue;

      g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_DTYPE,
                   "%" G_GINT64_FORMAT " is out of the range of %s", value,
                   tg_dtype_get_name (apply->compute));
      return FALSE;
    }

  return TRUE;
}

static gboolean
infer (TgApply  *apply,
       GError  **error)
{
  for (guint i = 0; i < apply->op->n_parameters; i++)
    {
      if (!tg_attribute_check (&apply->op->parameters[i], apply->attributes[i], error))
        return FALSE;
    }

  return check_inputs (apply, error)
         && infer_dtype (apply, error)
         && check_weak (apply, error)
         && (apply->op->form == TG_FORM_COMPOSITE || tg_form_infer (apply, error));
}

/* Most operators give back the type of an input, which then serves for both. */
static TgTensorType *
make_type (TgApply  *apply,
           GError  **error)
{
  for (guint i = 0; i < apply->n_inputs; i++)
    {
      TgTensorType *type = apply->inputs[i]->type;

      if (type->dtype == apply->dtype && type->ndim == apply->ndim
          && memcmp (type->shape, apply->shape, apply->ndim * sizeof (gint64)) == 0)
        return tg_tensor_type_ref (type);
    }

  return tg_tensor_type_new (apply->dtype, apply->shape, apply->ndim, error);
}

static TgVariable *
make_variable (TgApply  *apply,
               GError  **error)
{
  g_autoptr (TgTensorType) type = make_type (apply, error);
  TgVariable *self;

  if (type == NULL)
    return NULL;

  self = g_object_new (TG_TYPE_VARIABLE, NULL);
  self->type = g_steal_pointer (&type);
  self->op = apply->op;
  self->compute = apply->compute;
  self->weak = apply->weak;
  self->n_inputs = apply->n_inputs;
  self->inputs = self->n_inputs > TG_VARIABLE_FEW ? g_new (TgVariable *, self->n_inputs)
                                                  : self->few;
  for (guint i = 0; i < apply->n_inputs; i++)
    self->inputs[i] = g_object_ref (apply->inputs[i]);

  if (apply->op->n_parameters > 0)
    self->attributes = g_memdup2 (apply->attributes,
                                  apply->op->n_parameters * sizeof (GVariant *));

  return self;
}

TgVariable *
tg_variable_new_apply (TgOpId             id,
                       TgVariable *const *inputs,
                       gsize              n_inputs,
                       GVariant *const   *attributes,
                       GError           **error)
{
  GVariant *sunk[TG_OP_MAX_PARAMETERS] = { NULL, };
  TgApply apply = {
    .op = &tg_ops[id], .inputs = inputs, .n_inputs = (guint) n_inputs, .attributes = sunk,
  };
  TgVariable *self = NULL;
  /* After the first mistake of an expression, its other parts are not looked at. */
  gboolean failed = error != NULL && *error != NULL;
  gboolean complete = n_inputs > 0 && !failed, expanded = FALSE, has_values = TRUE;

  for (guint i = 0; i < apply.op->n_parameters; i++)
    sunk[i] = g_variant_ref_sink (attributes[i]);

  for (gsize i = 0; i < n_inputs; i++)
    complete = complete && TG_IS_VARIABLE (inputs[i]);

  if (complete && infer (&apply, error))
    {
      expanded = apply.op->form == TG_FORM_COMPOSITE;
      has_values = tg_test_value_check_inputs (inputs, apply.n_inputs, error);
      if (has_values)
        self = expanded ? tg_expand (&apply, error) : make_variable (&apply, error);
    }

  if (complete && self == NULL)
    {
      g_autofree char *what = tg_apply_describe (apply.op, inputs, apply.n_inputs, NULL);

      g_prefix_error (error, "%s: ", what);
      /* The operators that another one is made of have said it, as has a missing test value. */
      if (!expanded && has_values)
        tg_origin_add_inputs (inputs, apply.n_inputs, error);
    }
  else if (n_inputs == 0 && !failed)
    g_set_error (error, TG_TYPE_ERROR, TG_TYPE_ERROR_ARGUMENTS,
                 "%s: there must be at least one tensor", apply.op->name);

  for (guint i = 0; (self == NULL || self->op != apply.op) && i < apply.op->n_parameters; i++)
    g_variant_unref (sunk[i]);

  if (self != NULL && !expanded && !tg_test_value_compute (self, error))
    g_clear_object (&self);

  return self;
}

TgVariable *
tg_variable_new_like (TgVariable         *self,
                      TgVariable *const  *inputs,
                      GError            **error)
{
  TgVariable *copy;

  tg_origin_push_variable (self);
  copy = tg_variable_new_apply (tg_op_info_get_id (self->op), inputs, self->n_inputs,
                                self->attributes, error);
  tg_origin_pop (TG_ORIGIN_VARIABLE);

  if (copy != NULL && self->name != NULL)
    copy->name = g_strdup (self->name);

  return copy;
}
