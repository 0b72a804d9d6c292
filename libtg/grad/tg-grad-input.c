/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-grad-private.h"

#include "tg-attribute-private.h"
#include "tg-contraction-private.h"
#include "tg-error.h"
#include "tg-expression-private.h"
#include "tg-operators.h"
#include "tg-origin-private.h"

/* The gradient and tangent lines of the operator table, each read once. */
static const TgExpression *
get_expression (const TgOpInfo *op,
                guint           input,
                gboolean        tangent)
{
  static gsize expressions[2][TG_N_OPS][TG_OP_MAX_INPUTS];
  gboolean own = tangent && op->inputs[input].tangent != NULL;
  gsize *place = &expressions[own ? 1 : 0][tg_op_info_get_id (op)][input];

  if (g_once_init_enter (place))
    {
      g_autoptr (GError) error = NULL;
      TgExpression *expression = tg_expression_new (own ? op->inputs[input].tangent
                                                        : op->inputs[input].grad, &error);

      if (expression == NULL)
        g_error ("%s: %s", op->where, error->message);

      g_once_init_leave (place, (gsize) expression);
    }

  return (const TgExpression *) *place;
}

/* Where, in the result of concat or stack, the input begins: sizes that are known become one
 * number, or the gradients of many inputs would take quadratic time. */
static TgVariable *
get_offset (TgVariable *node,
            guint       index)
{
  guint axis = (guint) tg_variable_find_int (node, "axis");
  g_autoptr (TgVariable) others = NULL;
  g_autoptr (TgVariable) number = NULL;
  gint64 known = 0;

  if (node->op == &tg_ops[TG_OP_STACK])
    return tg_constant_new_integer (index);

  for (guint i = 0; i < index; i++)
    {
      gint64 size = node->inputs[i]->type->shape[axis];
      g_autoptr (TgVariable) before = NULL;
      g_autoptr (TgVariable) other = NULL;

      if (size != TG_UNKNOWN && !__builtin_add_overflow (known, size, &known))
        continue;

      other = tg_variable_new_size (node->inputs[i], axis, NULL);
      before = g_steal_pointer (&others);
      others = before != NULL ? tg_add (before, other, NULL) : g_object_ref (other);
    }

  if (others != NULL && known == 0)
    return g_steal_pointer (&others);

  number = tg_constant_new_integer (known);

  return others != NULL ? tg_add (number, others, NULL) : g_steal_pointer (&number);
}

/* An input as the operator sees it: in the dtype that it computes in, which weak numbers take
 * anyway, but not from bool. */
static TgVariable *
get_operand (TgVariable *node,
             guint       index)
{
  TgVariable *input = node->inputs[index];

  if (node->op->form != TG_FORM_ELEMENTWISE
      || input->type->dtype == node->compute
      || (input->weak && input->type->dtype != TG_DTYPE_BOOL)
      || tg_op_info_get_input (node->op, index).kind != TG_INPUT_ANY)
    return g_object_ref (input);

  return tg_astype (input, node->compute, NULL);
}

TgVariable *
tg_grad_build (TgVariable  *node,
               guint        index,
               gboolean     tangent,
               TgVariable  *g,
               TgVariable  *result,
               GError     **error)
{
  const TgOpInfo *op = node->op;
  g_autoptr (TgVariable) offset = op->variadic ? get_offset (node, index) : NULL;
  g_autoptr (GPtrArray) operands = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) outputs = NULL;
  const char *names[TG_OP_MAX_INPUTS + 3];
  TgVariable *variables[TG_OP_MAX_INPUTS + 3];
  TgBindings bindings = {
    .names = names, .variables = variables, .op = op, .attributes = node->attributes,
  };
  guint n = 0;

  for (guint i = 0; i < op->n_inputs; i++)
    {
      g_ptr_array_add (operands, get_operand (node, op->variadic ? index : i));
      names[n] = op->variadic ? "x" : op->inputs[i].name;
      variables[n++] = operands->pdata[i];
    }

  names[n] = "g";
  variables[n++] = g;
  names[n] = "result";
  variables[n++] = result;
  if (offset != NULL)
    {
      names[n] = "offset";
      variables[n++] = offset;
    }

  bindings.n_variables = n;
  outputs = tg_expression_build (get_expression (op, op->variadic ? 0 : index, tangent),
                                 &bindings, error);
  if (outputs == NULL)
    {
      g_prefix_error (error, "the %s of %s for %s: ", tangent ? "tangent" : "gradient", op->name,
                      tg_op_info_get_input (op, index).name);
      return NULL;
    }

  return g_object_ref (outputs->pdata[0]);
}

/* Whether a line is of a derivative that may be complex. What moves elements or is linear otherwise
 * is the same for the conjugate, and what a user writes is the gradient itself. */
static gboolean
has_complex_slope (TgVariable *node)
{
  if (!tg_dtype_in_set (node->type->dtype, TG_DTYPE_SET_COMPLEX))
    return FALSE;

  return node->op->form == TG_FORM_ELEMENTWISE || node->op->form == TG_FORM_REDUCE
         || (node->op->form == TG_FORM_OPAQUE && node->op->linear == NULL
             && node->op != &tg_ops[TG_OP_WITH_GRADIENT]);
}

/* The lines say what a small change of the result makes of one of the input; of complex numbers
 * that is the conjugate, as the gradient for x + iy is that for x plus i times that for y. */
static TgVariable *
build_gradient (TgVariable *node,
                guint       index,
                TgVariable *g,
                TgVariable *result,
                GError    **error)
{
  g_autoptr (TgVariable) conjugate = NULL;
  g_autoptr (TgVariable) gradient = NULL;

  if (!has_complex_slope (node))
    return tg_grad_build (node, index, FALSE, g, result, error);

  conjugate = tg_conj (g, error);
  gradient = tg_grad_build (node, index, FALSE, conjugate, result, error);

  return tg_conj (gradient, error);
}

TgVariable *
tg_grad_move (TgVariable  *node,
              TgVariable  *values,
              GError     **error)
{
  return tg_grad_build (node, 0, FALSE, values, node, error);
}

TgVariable *
tg_grad_restore_axes (TgVariable *node,
                      TgVariable *reduced)
{
  gboolean chosen[TG_MAX_NDIM];
  gint64 axes[TG_MAX_NDIM];
  gsize n_axes = 0;

  if (tg_variable_find_bool (node, "keepdims"))
    return g_object_ref (reduced);

  tg_attribute_get_axes (tg_variable_find (node, "axis"), node->inputs[0]->type->ndim, chosen);
  for (guint i = 0; i < node->inputs[0]->type->ndim; i++)
    {
      if (chosen[i])
        axes[n_axes++] = i;
    }

  return n_axes > 0 ? tg_expand_dims (reduced, axes, n_axes, NULL) : g_object_ref (reduced);
}

static TgVariable *
reduce_gradient (TgVariable *node,
                 TgVariable *g,
                 GError    **error)
{
  g_autoptr (TgVariable) wide_g = tg_grad_restore_axes (node, g);
  g_autoptr (TgVariable) wide_result = tg_grad_restore_axes (node, node);

  return build_gradient (node, 0, wide_g, wide_result, error);
}

/* The same contraction with the index lists moved: for ik,kj->ij these are ij,kj->ik and
 * ik,ij->kj. */
static TgVariable *
contract_gradient (TgVariable *node,
                   guint       index,
                   TgVariable *g,
                   GError    **error)
{
  g_autofree char *text = tg_variable_dup_index (node);
  g_auto (GStrv) sides = g_strsplit (text, "->", 2);
  g_auto (GStrv) terms = g_strsplit (sides[0], ",", 2);
  g_autofree char *moved = NULL;
  g_autoptr (TgVariable) other = NULL;

  other = tg_dtype_in_set (node->inputs[1 - index]->type->dtype, TG_DTYPE_SET_COMPLEX)
            ? tg_conj (node->inputs[1 - index], error) : g_object_ref (node->inputs[1 - index]);
  if (index == 0)
    {
      moved = g_strdup_printf ("%s,%s->%s", sides[1], terms[1], terms[0]);
      return tg_einsum (g, other, moved, error);
    }

  moved = g_strdup_printf ("%s,%s->%s", terms[0], sides[1], terms[1]);
  return tg_einsum (other, g, moved, error);
}

/* Whether the dimension `axis`, counted from the last, of an input is that of the result, whatever
 * the unknown sizes turn out to be. */
static gboolean
is_kept (TgVariable *node,
         guint       index,
         guint       axis)
{
  TgTensorType *type = node->inputs[index]->type;

  if (axis >= type->ndim)
    return FALSE;

  if (type->shape[type->ndim - 1 - axis] > 1)
    return TRUE;

  for (guint i = 0; i < node->n_inputs; i++)
    {
      TgTensorType *other = node->inputs[i]->type;

      if (i != index && axis < other->ndim && other->shape[other->ndim - 1 - axis] != 1)
        return FALSE;
    }

  return TRUE;
}

/* Whether both operands of a contraction have an ellipsis, and the other has dimensions in it. */
static gboolean
has_batch_beside (TgVariable *node,
                  guint       index)
{
  g_autofree char *text = tg_variable_dup_index (node);
  guint other = 1 - index;
  TgContraction contraction;

  return g_str_has_prefix (text, "...") && strstr (text, ",...") != NULL
         && tg_contraction_init (&contraction, text, node->inputs[0]->type->ndim,
                                 node->inputs[1]->type->ndim, NULL)
         && contraction.ndim[other] > 0
         && contraction.letters[other][0] < contraction.n_batch;
}

gboolean
tg_grad_may_be_broadcast (TgVariable *node,
                          guint       index)
{
  if (node->op->form == TG_FORM_CONTRACT)
    return has_batch_beside (node, index);

  for (guint axis = 0; axis < node->type->ndim && node->op->form == TG_FORM_ELEMENTWISE; axis++)
    {
      if (!is_kept (node, index, axis))
        return TRUE;
    }

  return FALSE;
}

/* Brings a gradient to the dtype and shape of the input. */
static TgVariable *
fit (TgVariable *node,
     guint       index,
     TgVariable *gradient,
     GError    **error)
{
  TgVariable *input = node->inputs[index];
  g_autoptr (TgVariable) converted = NULL;
  g_autoptr (TgVariable) shape = NULL;

  converted = gradient->type->dtype == input->type->dtype && !gradient->weak
                ? g_object_ref (gradient)
                : tg_astype (gradient, input->type->dtype, error);

  if (!tg_grad_may_be_broadcast (node, index))
    return g_steal_pointer (&converted);

  shape = tg_shape (input, error);

  return tg_sum_to (converted, shape, error);
}

/* Where the line does not hold: the sign of a complex number turns with it, and values that others
 * replaced count for nothing. */
static gboolean
is_excepted (TgVariable *node)
{
  GVariant *accumulate = tg_variable_find (node, "accumulate");

  if (accumulate != NULL)
    return !g_variant_get_boolean (accumulate);

  return node->op == &tg_ops[TG_OP_SIGN]
         && tg_dtype_in_set (node->type->dtype, TG_DTYPE_SET_COMPLEX);
}

TgGradientKind
tg_grad_get_kind (TgVariable  *node,
                  guint        index,
                  GError     **error)
{
  TgInputInfo input = tg_op_info_get_input (node->op, index);
  g_autofree char *what = NULL;

  if (node->op->form == TG_FORM_CONTRACT)
    return TG_GRADIENT_VALUE;

  if (node->op == &tg_ops[TG_OP_WITH_GRADIENT])
    return index > 0 && index <= tg_custom_gradient_count (node) ? TG_GRADIENT_VALUE
                                                                 : TG_GRADIENT_NONE;

  if (g_strcmp0 (input.grad, "0") == 0 && !is_excepted (node))
    return TG_GRADIENT_ZERO;

  /* Sizes, positions and truth values do not change by a little. */
  if (g_strcmp0 (input.grad, "disconnected") == 0 || input.kind != TG_INPUT_ANY)
    return TG_GRADIENT_NONE;

  if (input.grad != NULL && strcmp (input.grad, "undefined") != 0 && !is_excepted (node))
    return TG_GRADIENT_VALUE;

  what = tg_apply_describe (node->op, node->inputs, node->n_inputs, NULL);
  g_set_error (error, TG_GRAD_ERROR, TG_GRAD_ERROR_UNDEFINED, "%s: there is no gradient for %s",
               what, input.name);
  tg_origin_add_place (node, error);

  return TG_GRADIENT_ERROR;
}

TgGradientKind
tg_grad_input (TgVariable  *node,
               guint        index,
               TgVariable  *g,
               TgVariable **gradient,
               GError     **error)
{
  TgGradientKind kind = tg_grad_get_kind (node, index, error);
  g_autoptr (TgVariable) raw = NULL;

  if (kind != TG_GRADIENT_VALUE)
    return kind;

  if (node->op->form == TG_FORM_CONTRACT)
    raw = contract_gradient (node, index, g, error);
  else if (node->op->form == TG_FORM_REDUCE)
    raw = reduce_gradient (node, g, error);
  else if (node->op == &tg_ops[TG_OP_WITH_GRADIENT])
    raw = tg_custom_gradient_build (node, index, g, error);
  else
    raw = build_gradient (node, index, g, node, error);

  *gradient = raw != NULL ? fit (node, index, raw, error) : NULL;

  return *gradient != NULL ? TG_GRADIENT_VALUE : TG_GRADIENT_ERROR;
}
