/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-op-private.h"

/**
 * TgOp:
 *
 * An operator, such as `exp` or `sum`: its name, what it does, and what is known about it.
 *
 * Operators are declared in the `.op` files of libtg; each has one object, the same in every graph.
 */
struct _TgOp
{
  GObject         parent_instance;
  const TgOpInfo *info;
};

G_DEFINE_FINAL_TYPE (TgOp, tg_op, G_TYPE_OBJECT)

static void
tg_op_class_init (TgOpClass *klass G_GNUC_UNUSED)
{
}

static void
tg_op_init (TgOp *self G_GNUC_UNUSED)
{
}

TgOpId
tg_op_info_get_id (const TgOpInfo *info)
{
  return (TgOpId) (info - tg_ops);
}

static gpointer
index_names (gpointer data G_GNUC_UNUSED)
{
  GHashTable *table = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < TG_N_OPS; i++)
    g_hash_table_insert (table, (gpointer) tg_ops[i].name, (gpointer) &tg_ops[i]);

  return table;
}

const TgOpInfo *
tg_op_info_find (const char *name)
{
  static GOnce once = G_ONCE_INIT;

  return g_hash_table_lookup (g_once (&once, index_names, NULL), name);
}

const TgOpInfo *
tg_op_info_find_sign (const char *sign,
                      gboolean    prefix)
{
  for (guint i = 0; i < TG_N_OPS; i++)
    {
      if (g_strcmp0 (prefix ? tg_ops[i].prefix : tg_ops[i].infix, sign) == 0)
        return &tg_ops[i];
    }

  return NULL;
}

TgInputInfo
tg_op_info_get_input (const TgOpInfo *info,
                      guint           index)
{
  return info->inputs[info->variadic ? 0 : index];
}

static gpointer
make_objects (gpointer data G_GNUC_UNUSED)
{
  TgOp **objects = g_new (TgOp *, TG_N_OPS);

  for (guint i = 0; i < TG_N_OPS; i++)
    {
      objects[i] = g_object_new (TG_TYPE_OP, NULL);
      objects[i]->info = &tg_ops[i];
    }

  return objects;
}

TgOp *
tg_op_from_info (const TgOpInfo *info)
{
  static GOnce once = G_ONCE_INIT;
  TgOp **objects = g_once (&once, make_objects, NULL);

  return objects[tg_op_info_get_id (info)];
}

const TgOpInfo *
tg_op_get_info (TgOp *op)
{
  return op->info;
}

/**
 * tg_op_lookup:
 * @name: a name, such as `exp`
 *
 * Finds the operator of that name.
 *
 * Returns: (transfer none) (nullable): the operator, or %NULL
 */
TgOp *
tg_op_lookup (const char *name)
{
  const TgOpInfo *info;

  g_return_val_if_fail (name != NULL, NULL);

  info = tg_op_info_find (name);

  return info != NULL ? tg_op_from_info (info) : NULL;
}

/**
 * tg_op_list:
 *
 * Lists all operators, in the order of the reference.
 *
 * Returns: (transfer full): a list of [class@Tg.Op]
 */
GListModel *
tg_op_list (void)
{
  GListStore *list = g_list_store_new (TG_TYPE_OP);

  for (guint i = 0; i < TG_N_OPS; i++)
    g_list_store_append (list, tg_op_from_info (&tg_ops[i]));

  return G_LIST_MODEL (list);
}

/**
 * tg_op_get_name:
 * @self: an operator
 *
 * Gets the name, as in C without the prefix `tg_`.
 *
 * Returns: the name
 */
const char *
tg_op_get_name (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->name;
}

/**
 * tg_op_get_form:
 * @self: an operator
 *
 * Gets what the operator has in common with others.
 *
 * Returns: the form
 */
TgOpForm
tg_op_get_form (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), TG_FORM_OPAQUE);

  return self->info->form;
}

/**
 * tg_op_get_summary:
 * @self: an operator
 *
 * Gets a sentence that says what the operator computes.
 *
 * Returns: the sentence
 */
const char *
tg_op_get_summary (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->summary;
}

/**
 * tg_op_get_documentation:
 * @self: an operator
 *
 * Gets what there is to say beyond the summary, a paragraph a line.
 *
 * Returns: (nullable): the text
 */
const char *
tg_op_get_documentation (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->documentation;
}

/**
 * tg_op_get_result:
 * @self: an operator
 *
 * Gets in words which shape and dtype the result has, as far as the summary does not say so.
 *
 * Returns: one or more sentences
 */
const char *
tg_op_get_result (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->result;
}

/**
 * tg_op_get_spec:
 * @self: an operator
 *
 * Gets the expression, in the notation, that the operator computes with less error or less work.
 *
 * Returns: (nullable): the expression, or %NULL for a primitive operator
 */
const char *
tg_op_get_spec (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->spec != NULL ? self->info->spec : self->info->expands;
}

/**
 * tg_op_get_domain:
 * @self: an operator
 *
 * Gets the condition, in the notation, under which the operator is defined and differentiable.
 *
 * Returns: (nullable): the condition, or %NULL where it is everywhere
 */
const char *
tg_op_get_domain (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->domain;
}

/**
 * tg_op_get_infix:
 * @self: an operator
 *
 * Gets the sign that the notation writes between the two inputs.
 *
 * Returns: (nullable): the sign, such as `+`
 */
const char *
tg_op_get_infix (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), NULL);

  return self->info->infix;
}

/**
 * tg_op_is_variadic:
 * @self: an operator
 *
 * Tells whether the operator takes any number of inputs from one on.
 *
 * Returns: whether it does
 */
gboolean
tg_op_is_variadic (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), FALSE);

  return self->info->variadic;
}

/**
 * tg_op_is_differentiable:
 * @self: an operator
 *
 * Tells whether the operator has a gradient, be it zero, for floating-point inputs.
 *
 * Returns: whether it has
 */
gboolean
tg_op_is_differentiable (TgOp *self)
{
  g_return_val_if_fail (TG_IS_OP (self), FALSE);

  if (self->info->form == TG_FORM_CONTRACT)
    return TRUE;

  if (self->info->form == TG_FORM_COMPOSITE)
    return self->info->rule == TG_RULE_PROMOTE || self->info->rule == TG_RULE_FLOAT
           || self->info->rule == TG_RULE_REAL || self->info->rule == TG_RULE_SUM;

  for (guint i = 0; i < self->info->n_inputs; i++)
    {
      const char *grad = self->info->inputs[i].grad;

      if (grad != NULL && strcmp (grad, "undefined") != 0 && strcmp (grad, "disconnected") != 0)
        return TRUE;
    }

  return FALSE;
}

/**
 * tg_op_accepts:
 * @self: an operator
 * @dtype: a dtype
 *
 * Tells whether the operator takes inputs of that dtype.
 *
 * Returns: whether it does
 */
gboolean
tg_op_accepts (TgOp    *self,
               TgDType  dtype)
{
  g_return_val_if_fail (TG_IS_OP (self), FALSE);

  return tg_dtype_in_set (dtype, self->info->accepts);
}

/**
 * tg_op_dup_input_names:
 * @self: an operator
 *
 * Gets the names of the inputs; one stands for all those of a variadic operator.
 *
 * Returns: (transfer full): the names
 */
char **
tg_op_dup_input_names (TgOp *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (TG_IS_OP (self), NULL);

  for (guint i = 0; i < self->info->n_inputs; i++)
    g_strv_builder_add (builder, self->info->inputs[i].name);

  return g_strv_builder_end (builder);
}

/**
 * tg_op_dup_input_kinds:
 * @self: an operator
 *
 * Gets what each input may be: `any`, `bool`, `int` (a 0-d integer), `ints` (a vector of integers)
 * or `positions` (integers in any number of dimensions).
 *
 * Returns: (transfer full): the kinds
 */
char **
tg_op_dup_input_kinds (TgOp *self)
{
  static const char *const kinds[] = { "any", "bool", "int", "ints", "positions" };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (TG_IS_OP (self), NULL);

  for (guint i = 0; i < self->info->n_inputs; i++)
    g_strv_builder_add (builder, kinds[self->info->inputs[i].kind]);

  return g_strv_builder_end (builder);
}

/**
 * tg_op_dup_parameter_names:
 * @self: an operator
 *
 * Gets the names of the parameters, which follow the inputs.
 *
 * Returns: (transfer full): the names
 */
char **
tg_op_dup_parameter_names (TgOp *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (TG_IS_OP (self), NULL);

  for (guint i = 0; i < self->info->n_parameters; i++)
    g_strv_builder_add (builder, self->info->parameters[i].name);

  return g_strv_builder_end (builder);
}

/**
 * tg_op_dup_parameter_kinds:
 * @self: an operator
 *
 * Gets what each parameter is: `axes`, `ints`, `int`, `float`, `bool`, `dtype` or `string`.
 *
 * Returns: (transfer full): the kinds
 */
char **
tg_op_dup_parameter_kinds (TgOp *self)
{
  static const char *const kinds[] = {
    "axes", "ints", "int", "float", "bool", "dtype", "string",
  };
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (TG_IS_OP (self), NULL);

  for (guint i = 0; i < self->info->n_parameters; i++)
    g_strv_builder_add (builder, kinds[self->info->parameters[i].kind]);

  return g_strv_builder_end (builder);
}

/**
 * tg_op_dup_parameter_defaults:
 * @self: an operator
 *
 * Gets the values, in the notation, of parameters that are not given; the empty text for those
 * that must be.
 *
 * Returns: (transfer full): the values
 */
char **
tg_op_dup_parameter_defaults (TgOp *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  g_return_val_if_fail (TG_IS_OP (self), NULL);

  for (guint i = 0; i < self->info->n_parameters; i++)
    {
      const char *preset = self->info->parameters[i].preset;

      g_strv_builder_add (builder, preset != NULL ? preset : "");
    }

  return g_strv_builder_end (builder);
}
