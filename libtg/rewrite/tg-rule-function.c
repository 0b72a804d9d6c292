/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-function-private.h"

#include "tg-variable-private.h"

static const TgRuleFunction functions[] = {
  { "composed", 2, tg_rule_composed, NULL },
  { "images", 2, tg_rule_images, NULL },
  { "order_without", 2, tg_rule_order_without, NULL },
  { "reduced_axes", 3, tg_rule_reduced_axes, NULL },
  { "squeezed_axes", 2, tg_rule_squeezed_axes, NULL },
  { "expanded_axes", 2, tg_rule_expanded_axes, NULL },
  { "old_axes", 2, tg_rule_old_axes, NULL },
  { "new_axes", 2, tg_rule_new_axes, NULL },
  { "other_axes", 2, tg_rule_other_axes, NULL },
  { "inner_axes", 2, tg_rule_inner_axes, NULL },
  { "positions", 1, NULL, tg_rule_positions },
  { "real_slice", 5, NULL, tg_rule_real_slice },
  { "joined_slices", 9, NULL, tg_rule_joined_slices },
  { "sliced_inside", 5, NULL, tg_rule_sliced_inside },
  { "indexed_inside", 3, NULL, tg_rule_indexed_inside },
  { "index_of_slice", 7, NULL, tg_rule_index_of_slice },
  { "slice_at", 3, NULL, tg_rule_slice_at },
  { "slice_of_pieces", 5, NULL, tg_rule_slice_of_pieces },
  { "piece_at", 3, NULL, tg_rule_piece_at },
  { "element", 2, NULL, tg_rule_element },
  { "flat_pieces", 1, NULL, tg_rule_flat_pieces },
  { "rejoined_pieces", 1, NULL, tg_rule_rejoined_pieces },
  { "unstacked", 1, NULL, tg_rule_unstacked },
  { "shape_of_sizes", 1, NULL, tg_rule_shape_of_sizes },
  { "needed_shapes", 1, NULL, tg_rule_needed_shapes },
  { "index_of_repeated", 4, NULL, tg_rule_index_of_repeated },
  { "slice_of_repeated", 6, NULL, tg_rule_slice_of_repeated },
  { "index_of_reduction", 3, NULL, tg_rule_index_of_reduction },
  { "slice_of_reduction", 5, NULL, tg_rule_slice_of_reduction },
  { "index_of_softmax", 3, NULL, tg_rule_index_of_softmax },
  { "index_of_product", 3, NULL, tg_rule_index_of_product },
  { "slice_of_product", 5, NULL, tg_rule_slice_of_product },
  { "transposed_inside", 2, NULL, tg_rule_transposed_inside },
  { "reshaped_inside", 2, NULL, tg_rule_reshaped_inside },
  { "less_repeated", 1, NULL, tg_rule_less_repeated },
  { "repeated_later", 1, NULL, tg_rule_repeated_later },
  { "operand", 1, NULL, tg_rule_operand },
  { "thinner_reduction", 1, NULL, tg_rule_thinner_reduction },
  { "reduction_of_repeated", 1, NULL, tg_rule_reduction_of_repeated },
  { "reduction_of_transposed", 1, NULL, tg_rule_reduction_of_transposed },
  { "products_on_diagonal", 1, NULL, tg_rule_products_on_diagonal },
};

const TgRuleFunction *
tg_rule_function_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (functions); i++)
    {
      if (strcmp (functions[i].name, name) == 0)
        return &functions[i];
    }

  return NULL;
}

static void
find_arguments (const TgPattern *pattern,
                const TgMatch   *match,
                TgRuleArgument   arguments[TG_RULE_MAX_LETTERS])
{
  for (guint i = 0; i < pattern->n_arguments; i++)
    {
      guint letter = pattern->arguments[i];

      arguments[i] = (TgRuleArgument) { match->variables[letter], match->attributes[letter] };
    }
}

GVariant *
tg_rule_function_compute (const TgPattern *pattern,
                          const TgMatch   *match)
{
  TgRuleArgument arguments[TG_RULE_MAX_LETTERS];

  find_arguments (pattern, match, arguments);

  return pattern->function->compute (arguments);
}

TgVariable *
tg_rule_function_make (const TgPattern *pattern,
                       const TgMatch   *match,
                       TgRewriter      *rewriter,
                       const TgFacts   *facts)
{
  TgRuleArgument arguments[TG_RULE_MAX_LETTERS];

  find_arguments (pattern, match, arguments);

  return pattern->function->make (rewriter, facts, arguments);
}

gboolean
tg_rule_argument_get_integer (const TgRuleArgument *self,
                              gint64               *value)
{
  gsize n_values;
  g_autofree gint64 *values = tg_variable_dup_integers (self->variable, &n_values);

  if (values == NULL || n_values != 1)
    return FALSE;

  *value = values[0];

  return TRUE;
}

TgVariable *
tg_rewriter_add_integers (TgRewriter   *self,
                          const gint64 *values,
                          gsize         n_values)
{
  g_autoptr (TgVariable) vector = tg_constant_new_integers (values, n_values);

  return tg_rewriter_intern (self, vector);
}
