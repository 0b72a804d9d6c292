/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rewriter-private.h"

#include <math.h>

#include "tg-attribute-private.h"
#include "tg-form-private.h"
#include "tg-number-private.h"
#include "tg-operators.h"
#include "tg-traverse-private.h"
#include "tg-value-private.h"

/* Equal constants of more elements than this are not looked for. */
#define MAX_COMPARED 64

/* All integers up to it are numbers of float64. */
#define LARGEST_INTEGER 9007199254740992.0

static guint
mix (guint hash,
     guint value)
{
  return (hash ^ value) * 2654435761u;
}

static guint
hash_constant (TgVariable *variable)
{
  TgTensor *value = TG_CONSTANT (variable)->value;
  guint hash = mix (value->dtype, value->ndim * 2 + (variable->weak ? 1 : 0));

  if (value->n_elements > MAX_COMPARED)
    return g_direct_hash (variable);

  for (guint i = 0; i < value->ndim; i++)
    hash = mix (hash, (guint) value->shape[i]);

  /* The first element is enough to tell most constants from each other. */
  for (gsize i = 0; value->n_elements > 0 && i < tg_dtype_get_size (value->dtype); i++)
    hash = mix (hash, (guchar) value->data[i]);

  return hash;
}

/* Equal variables have the same hash.  Inputs are interned already, so that pointers tell. */
static guint
hash_variable (gconstpointer data)
{
  const TgVariable *variable = data;
  guint hash, sum = 0;

  if (variable->op == NULL)
    return TG_IS_CONSTANT (variable) ? hash_constant ((TgVariable *) variable)
                                     : g_direct_hash (variable);

  hash = mix (tg_op_info_get_id (variable->op), variable->n_inputs);
  for (guint i = 0; i < variable->n_inputs; i++)
    {
      guint input = g_direct_hash (variable->inputs[i]);

      sum += mix (input, 17);
      hash = variable->op->commutes ? hash : mix (hash, input);
    }

  return variable->op->commutes ? mix (hash, sum) : hash;
}

static gboolean
constants_are_equal (TgVariable *a,
                     TgVariable *b)
{
  TgTensor *first = TG_CONSTANT (a)->value, *second = TG_CONSTANT (b)->value;
  g_autoptr (TgTensor) dense_first = NULL;
  g_autoptr (TgTensor) dense_second = NULL;

  if (a->weak != b->weak || first->dtype != second->dtype || first->ndim != second->ndim
      || first->n_elements != second->n_elements || first->n_elements > MAX_COMPARED
      || memcmp (first->shape, second->shape, first->ndim * sizeof (gint64)) != 0)
    return FALSE;

  dense_first = tg_tensor_make_contiguous (first, NULL);
  dense_second = tg_tensor_make_contiguous (second, NULL);

  return dense_first != NULL && dense_second != NULL
         && memcmp (dense_first->data, dense_second->data,
                    first->n_elements * tg_dtype_get_size (first->dtype)) == 0;
}

static gboolean
attributes_are_equal (const TgVariable *a,
                      const TgVariable *b)
{
  for (guint i = 0; i < a->op->n_parameters; i++)
    {
      if (!tg_attribute_equal (a->attributes[i], b->attributes[i]))
        return FALSE;
    }

  return TRUE;
}

static gboolean
variables_are_equal (gconstpointer a,
                     gconstpointer b)
{
  const TgVariable *first = a, *second = b;

  if (first == second)
    return TRUE;

  if (first->op == NULL || second->op == NULL)
    return first->op == second->op && TG_IS_CONSTANT (first) && TG_IS_CONSTANT (second)
           && constants_are_equal ((TgVariable *) first, (TgVariable *) second);

  if (first->op != second->op || first->n_inputs != second->n_inputs
      || !attributes_are_equal (first, second))
    return FALSE;

  if (first->op->commutes && first->inputs[0] == second->inputs[1]
      && first->inputs[1] == second->inputs[0])
    return TRUE;

  return memcmp (first->inputs, second->inputs, first->n_inputs * sizeof (TgVariable *)) == 0;
}

void
tg_rewriter_init (TgRewriter *self)
{
  *self = (TgRewriter) {
    .interned = g_hash_table_new_full (hash_variable, variables_are_equal, g_object_unref, NULL),
    .ranges = g_hash_table_new_full (NULL, NULL, NULL, g_free),
    .sources = g_hash_table_new (NULL, NULL),
    .uses = g_hash_table_new (NULL, NULL),
    .normal = g_hash_table_new (NULL, NULL),
    .kept = g_ptr_array_new_with_free_func (g_object_unref),
  };
}

void
tg_rewriter_clear (TgRewriter *self)
{
  g_hash_table_unref (self->normal);
  g_hash_table_unref (self->uses);
  g_hash_table_unref (self->sources);
  g_hash_table_unref (self->ranges);
  g_hash_table_unref (self->interned);
  g_ptr_array_unref (self->kept);
}

TgVariable *
tg_rewriter_intern (TgRewriter *self,
                    TgVariable *variable)
{
  TgVariable *equal = g_hash_table_lookup (self->interned, variable);

  if (equal != NULL)
    return equal;

  g_hash_table_add (self->interned, g_object_ref (variable));

  return variable;
}

/* Takes the new variable. */
static TgVariable *
keep (TgRewriter *self,
      TgVariable *variable)
{
  TgVariable *kept = variable != NULL ? tg_rewriter_intern (self, variable) : NULL;

  g_clear_object (&variable);

  return kept;
}

static TgVariable *
find (TgRewriter        *self,
      const TgOpInfo    *op,
      TgVariable *const *inputs,
      guint              n_inputs,
      GVariant *const   *attributes)
{
  /* Not an object, but as much of one as is compared. */
  TgVariable probe = {
    .op = op, .n_inputs = n_inputs, .inputs = (TgVariable **) inputs,
    .attributes = (GVariant **) attributes,
  };

  for (guint i = 0; i < op->n_parameters; i++)
    {
      if (attributes[i] == NULL)
        return NULL;
    }

  return g_hash_table_lookup (self->interned, &probe);
}

/* Whether numbers stay exact: integers without a dtype are computed in 64 bits. */
static gboolean
is_exact (TgVariable *variable)
{
  double numbers[2] = { 0, 0 };

  if (tg_dtype_in_set (variable->type->dtype, TG_DTYPE_SET_FLOAT))
    return TRUE;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      if (i == 2 || !tg_variable_get_number (variable->inputs[i], &numbers[i]))
        return FALSE;
    }

  return fabs (numbers[0]) + fabs (numbers[1]) <= LARGEST_INTEGER
         && fabs (numbers[0] * numbers[1]) <= LARGEST_INTEGER;
}

static gboolean
is_wide_enough (TgRewriter *self,
                TgVariable *variable)
{
  if (self->least == TG_DTYPE_BOOL || variable->op->form != TG_FORM_ELEMENTWISE
      || variable->op->rule == TG_RULE_COMPARE || variable->op->rule == TG_RULE_LOGICAL)
    return TRUE;

  if (variable->weak)
    return is_exact (variable);

  return tg_dtype_is_lossless (tg_dtype_to_real (self->least),
                               tg_dtype_to_real (variable->compute));
}

TgVariable *
tg_rewriter_apply (TgRewriter        *self,
                   const TgOpInfo    *op,
                   TgVariable *const *inputs,
                   guint              n_inputs,
                   GVariant *const   *attributes)
{
  TgVariable *result = find (self, op, inputs, n_inputs, attributes);

  if (result == NULL)
    result = keep (self, tg_value_apply_given (op, inputs, n_inputs, attributes, NULL));

  return result != NULL && is_wide_enough (self, result) ? result : NULL;
}

TgVariable *
tg_rewriter_apply_like (TgRewriter        *self,
                        TgVariable        *variable,
                        TgVariable *const *inputs)
{
  TgVariable *result = find (self, variable->op, inputs, variable->n_inputs,
                             variable->attributes);

  if (result == NULL)
    result = keep (self, tg_variable_new_like (variable, inputs, NULL));

  if (result == NULL || result->type->dtype != variable->type->dtype
      || result->type->ndim != variable->type->ndim || result->weak != variable->weak)
    return NULL;

  return result;
}

TgVariable *
tg_rewriter_rebuild (TgRewriter        *self,
                     TgVariable        *variable,
                     TgVariable *const *inputs)
{
  gsize n_bytes = variable->n_inputs * sizeof (TgVariable *);
  TgVariable *result = NULL;

  if (variable->op != NULL && memcmp (inputs, variable->inputs, n_bytes) != 0)
    result = tg_rewriter_apply_like (self, variable, inputs);

  return tg_rewriter_intern (self, result != NULL ? result : variable);
}

TgVariable *
tg_rewriter_make (gpointer    self,
                  TgOpId      op,
                  TgVariable *first,
                  TgVariable *second)
{
  TgVariable *inputs[2] = { first, second };
  TgVariable *result;

  if (first == NULL)
    return NULL;

  result = tg_rewriter_apply (self, &tg_ops[op], inputs, second != NULL ? 2 : 1, NULL);

  return result != NULL ? g_object_ref (result) : NULL;
}

/* A variable on its way: what became of it so far, and how many of the inputs of that are done. */
typedef struct
{
  TgVariable *variable;
  TgVariable *current;
  guint       next_input;
} Visit;

static void
push (GArray     *stack,
      TgVariable *variable)
{
  Visit visit = { variable, variable, 0 };

  g_array_append_val (stack, visit);
}

/* The variable with its inputs as the walk has settled them. */
static TgVariable *
settle_inputs (TgRewriter *self,
               TgVariable *variable)
{
  g_autofree TgVariable **inputs = g_new (TgVariable *, variable->n_inputs + 1);

  for (guint i = 0; i < variable->n_inputs; i++)
    inputs[i] = g_hash_table_lookup (self->normal, variable->inputs[i]);

  return tg_rewriter_rebuild (self, variable, inputs);
}

/* Takes one step of the walk with the variable on top of the stack. */
static void
advance (TgRewriter    *self,
         GArray        *stack,
         TgReplaceFunc  replace,
         gpointer       data)
{
  Visit *top = &g_array_index (stack, Visit, stack->len - 1);
  TgVariable *settled, *result;

  while (top->next_input < top->current->n_inputs)
    {
      TgVariable *input = top->current->inputs[top->next_input++];

      if (!g_hash_table_contains (self->normal, input))
        {
          push (stack, input);
          return;
        }
    }

  settled = settle_inputs (self, top->current);
  result = g_hash_table_lookup (self->normal, settled);
  if (result == NULL)
    {
      TgVariable *replacement = replace (data, settled);

      if (replacement != NULL && replacement != settled)
        {
          top->current = replacement;
          top->next_input = 0;
          return;
        }

      result = settled;
    }

  g_hash_table_insert (self->normal, settled, result);
  g_hash_table_insert (self->normal, top->current, result);
  g_hash_table_insert (self->normal, top->variable, result);
  g_array_set_size (stack, stack->len - 1);
}

void
tg_rewriter_walk (TgRewriter    *self,
                  GPtrArray     *outputs,
                  TgReplaceFunc  replace,
                  gpointer       data)
{
  g_autoptr (GArray) stack = g_array_new (FALSE, FALSE, sizeof (Visit));

  for (guint i = 0; i < outputs->len; i++)
    {
      TgVariable *output = outputs->pdata[i], *result;

      if (!g_hash_table_contains (self->normal, output))
        push (stack, output);

      while (stack->len > 0)
        advance (self, stack, replace, data);

      result = g_hash_table_lookup (self->normal, output);
      outputs->pdata[i] = g_object_ref (result);
      g_ptr_array_add (self->kept, output);
    }
}

void
tg_rewriter_count_uses (TgRewriter *self,
                        GPtrArray  *outputs)
{
  g_autoptr (GPtrArray) order = tg_traverse ((TgVariable *const *) outputs->pdata, outputs->len,
                                             NULL);

  g_hash_table_remove_all (self->uses);
  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      for (guint k = 0; k < variable->n_inputs; k++)
        {
          gpointer input = variable->inputs[k];
          guint n_uses = GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, input));

          g_hash_table_insert (self->uses, input, GUINT_TO_POINTER (n_uses + 1));
        }
    }

  for (guint i = 0; i < outputs->len; i++)
    {
      guint n_uses = GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, outputs->pdata[i]));

      g_hash_table_insert (self->uses, outputs->pdata[i], GUINT_TO_POINTER (n_uses + 1));
    }
}
