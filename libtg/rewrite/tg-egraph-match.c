/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-condition-private.h"
#include "tg-egraph-private.h"

/* Ways in which one node may match a rule, and those of all nodes that one round goes after. */
#define MAX_WAYS 24
#define MAX_MATCHES 60

/* Rules that shorten come first, since others fill the e-graph with what these do away with. */
#define SHORTENING_ROUNDS 3

/* The classes that letters stand for. */
typedef struct
{
  guint16 letters[TG_RULE_MAX_LETTERS];
} Way;

typedef struct
{
  guint n;
  Way   ways[MAX_WAYS];
} Ways;

typedef struct
{
  const TgRule *rule;
  guint16       class;
  Way           way;
} Found;

static void
add_way (Ways      *ways,
         const Way *way)
{
  if (ways->n < MAX_WAYS)
    ways->ways[ways->n++] = *way;
}

static void match (const TgEGraph  *self,
                   const TgPattern *pattern,
                   guint16          class,
                   const Ways      *before,
                   Ways            *after);

/* Whether a class certainly does not match: asked of most classes first, since it is quick. */
static gboolean
is_out_of_question (const TgEGraph  *self,
                    const TgPattern *pattern,
                    guint16          class)
{
  const TgEClass *info = tg_egraph_get_class (self, class);

  if (pattern->kind == TG_PATTERN_NUMBER)
    return !info->is_number || info->number != pattern->number;

  return pattern->kind == TG_PATTERN_APPLY
         && !(info->operators >> tg_op_info_get_id (pattern->op) % 64 & 1);
}

static void
match_inputs (const TgEGraph  *self,
              const TgPattern *pattern,
              const guint16   *inputs,
              const Ways      *before,
              Ways            *after)
{
  Ways rooms[2];
  const Ways *now = before;

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      if (is_out_of_question (self, pattern->inputs[i], inputs[i]))
        return;
    }

  for (guint i = 0; i < pattern->n_inputs && now->n > 0; i++)
    {
      Ways *next = &rooms[i % 2];

      next->n = 0;
      match (self, pattern->inputs[i], inputs[i], now, next);
      now = next;
    }

  for (guint i = 0; i < now->n; i++)
    add_way (after, &now->ways[i]);
}

static void
match_letter (const TgPattern *pattern,
              guint16          class,
              const Ways      *before,
              Ways            *after)
{
  for (guint i = 0; i < before->n; i++)
    {
      Way way = before->ways[i];
      guint16 *letter = &way.letters[pattern->letter];

      if (*letter == TG_EGRAPH_NONE)
        *letter = class;
      if (*letter == class)
        add_way (after, &way);
    }
}

/* Adds to `after` each way of `before` in as many ways as the class matches the pattern; the depth
 * of the calls is that of the pattern. */
static void
match (const TgEGraph  *self,
       const TgPattern *pattern,
       guint16          class,
       const Ways      *before,
       Ways            *after)
{
  const TgEClass *info = tg_egraph_get_class (self, class);
  TgOpId op;

  if (pattern->kind == TG_PATTERN_LETTER)
    {
      match_letter (pattern, class, before, after);
      return;
    }

  if (pattern->kind == TG_PATTERN_NUMBER)
    {
      for (guint i = 0; i < before->n && info->is_number && info->number == pattern->number; i++)
        add_way (after, &before->ways[i]);
      return;
    }

  op = tg_op_info_get_id (pattern->op);
  for (guint i = 0; i < info->n_members; i++)
    {
      const TgENode *node = tg_egraph_get_node (self, tg_egraph_get_member (self, info, i));

      if (node->kind != TG_FORMULA_APPLY || node->op != op)
        continue;

      match_inputs (self, pattern, node->inputs, before, after);
      if (pattern->op->commutes && node->inputs[0] != node->inputs[1])
        match_inputs (self, pattern, (guint16[]) { node->inputs[1], node->inputs[0] }, before,
                      after);
    }
}

/* What a side of a condition is at a point, by what letters really are. */
static void
find_side (const TgEGraph  *self,
           const TgPattern *pattern,
           const Way       *way,
           guint            point,
           TgReal          *side)
{
  TgReal inputs[TG_OP_MAX_INPUTS];
  const TgReal *arguments[TG_OP_MAX_INPUTS];

  tg_real_init (side, self->precisions[point]);
  if (pattern->kind == TG_PATTERN_LETTER)
    tg_real_set (side, &tg_egraph_get_class (self, way->letters[pattern->letter])->reals[point]);
  else if (pattern->kind == TG_PATTERN_NUMBER)
    tg_real_set_double (side, pattern->number);
  else
    {
      for (guint i = 0; i < pattern->n_inputs; i++)
        {
          find_side (self, pattern->inputs[i], way, point, &inputs[i]);
          arguments[i] = &inputs[i];
        }
      tg_real_apply (tg_op_info_get_id (pattern->op), side, arguments);
      for (guint i = 0; i < pattern->n_inputs; i++)
        tg_real_clear (&inputs[i]);
    }
}

static gboolean
holds_at_point (const TgEGraph    *self,
                const TgCondition *condition,
                const Way         *way,
                guint              point)
{
  TgReal sides[2], result;
  const TgReal *arguments[] = { &sides[0], &sides[1] };
  gboolean fails;

  for (guint i = 0; i < 2; i++)
    find_side (self, condition->sides[i], way, point, &sides[i]);

  tg_real_init (&result, 2);
  tg_real_apply (tg_op_info_get_id (condition->comparison), &result, arguments);
  fails = result.error == TG_REAL_EXACT && mpfr_zero_p (result.value);
  tg_real_clear (&result);
  for (guint i = 0; i < 2; i++)
    tg_real_clear (&sides[i]);

  return !fails;
}

static gboolean
holds_at_points (const TgEGraph    *self,
                 const TgCondition *condition,
                 const Way         *way)
{
  for (guint p = 0; p < self->sample->n_points; p++)
    {
      if (!holds_at_point (self, condition, way, p))
        return FALSE;
    }

  return TRUE;
}

/* What a word says of all that is equal to a class. */
static gboolean
word_holds (const TgEGraph        *self,
            const TgConditionWord *word,
            const TgEClass        *class)
{
  const TgSubject subject = {
    .dtype = class->is_truth ? TG_DTYPE_BOOL : self->dtype,
    .is_constant = class->is_number,
    .is_number = class->is_number,
    .number = class->number,
  };

  return tg_condition_judge (word, &subject);
}

static gboolean
condition_holds (const TgEGraph    *self,
                 const TgCondition *condition,
                 const Way         *way)
{
  TgRange letters[TG_RULE_MAX_LETTERS];

  if (condition->word != NULL)
    return word_holds (self, condition->word,
                       tg_egraph_get_class (self, way->letters[condition->letters[0]]));

  for (guint i = 0; i < TG_RULE_MAX_LETTERS; i++)
    letters[i] = way->letters[i] != TG_EGRAPH_NONE
                   ? tg_egraph_get_class (self, way->letters[i])->range : TG_RANGE_ALL;

  return tg_comparison_holds (condition, letters)
         || (condition->assumed && self->may_assume && holds_at_points (self, condition, way));
}

static guint16
build (TgEGraph        *self,
       const TgPattern *pattern,
       const Way       *way,
       const TgRule    *rule)
{
  guint16 inputs[TG_OP_MAX_INPUTS];

  if (pattern->kind == TG_PATTERN_LETTER)
    return way->letters[pattern->letter];

  if (pattern->kind == TG_PATTERN_NUMBER)
    return tg_egraph_add_number (self, pattern->number);

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      inputs[i] = build (self, pattern->inputs[i], way, rule);
      if (inputs[i] == TG_EGRAPH_NONE)
        return TG_EGRAPH_NONE;
    }

  return tg_egraph_add_apply (self, tg_op_info_get_id (pattern->op), inputs, rule);
}

/* What that would be if it is there already; else nothing is built. */
static guint16
find_built (const TgEGraph  *self,
            const TgPattern *pattern,
            const Way       *way)
{
  TgENode node = { .kind = TG_FORMULA_NUMBER, .number = pattern->number };

  if (pattern->kind == TG_PATTERN_LETTER)
    return tg_egraph_find (self, way->letters[pattern->letter]);

  if (pattern->kind == TG_PATTERN_APPLY)
    {
      node = (TgENode) { .kind = TG_FORMULA_APPLY, .op = tg_op_info_get_id (pattern->op),
                         .n_inputs = pattern->n_inputs };
      for (guint i = 0; i < pattern->n_inputs; i++)
        {
          node.inputs[i] = find_built (self, pattern->inputs[i], way);
          if (node.inputs[i] == TG_EGRAPH_NONE)
            return TG_EGRAPH_NONE;
        }
    }

  return tg_egraph_look_up (self, &node);
}

static void
find_matches (const TgEGraph *self,
              const TgRule   *rule,
              GArray         *found)
{
  Ways before, ways;
  TgOpId op = tg_op_info_get_id (rule->left->op);
  guint n_before = found->len;

  before.n = 1;
  memset (before.ways[0].letters, 0xff, sizeof before.ways[0].letters);
  for (guint16 i = self->by_op[op]; i != TG_EGRAPH_NONE && found->len < n_before + MAX_MATCHES;
       i = tg_egraph_get_node (self, i)->next)
    {
      const TgENode *node = tg_egraph_get_node (self, i);

      ways.n = 0;
      match_inputs (self, rule->left, node->inputs, &before, &ways);
      if (rule->left->op->commutes && node->inputs[0] != node->inputs[1])
        match_inputs (self, rule->left, (guint16[]) { node->inputs[1], node->inputs[0] }, &before,
                      &ways);

      for (guint k = 0; k < ways.n; k++)
        g_array_append_val (found, ((Found) { rule, node->class, ways.ways[k] }));
    }
}

static gboolean
apply (TgEGraph    *self,
       const Found *found)
{
  guint16 right = find_built (self, found->rule->right, &found->way);

  if (right == tg_egraph_find (self, found->class))
    return FALSE;

  for (guint i = 0; i < found->rule->n_conditions; i++)
    {
      if (!condition_holds (self, &found->rule->conditions[i], &found->way))
        return FALSE;
    }

  right = build (self, found->rule->right, &found->way, found->rule);

  return right != TG_EGRAPH_NONE && tg_egraph_union (self, found->class, right);
}

/* Applies once those rules that shorten, or those that do not; whether something changed. */
static gboolean
apply_rules (TgEGraph  *self,
             GPtrArray *rules,
             gboolean   shorten)
{
  g_autoptr (GArray) found = g_array_new (FALSE, FALSE, sizeof (Found));
  guint n_nodes = self->nodes->len;
  gboolean has_changed = FALSE;

  for (guint i = 0; i < rules->len; i++)
    {
      const TgRule *rule = rules->pdata[i];

      if (rule->shortens == shorten)
        find_matches (self, rule, found);
    }

  for (guint i = 0; i < found->len; i++)
    has_changed |= apply (self, &g_array_index (found, Found, i));

  has_changed |= self->nodes->len > n_nodes;
  tg_egraph_rebuild (self);

  return has_changed && !tg_egraph_is_full (self);
}

static void
shorten (TgEGraph  *self,
         GPtrArray *rules)
{
  for (guint round = 0; round < SHORTENING_ROUNDS && apply_rules (self, rules, TRUE); round++)
    continue;
}

gboolean
tg_egraph_grow (TgEGraph  *self,
                GPtrArray *rules)
{
  guint n_nodes = self->nodes->len;
  gboolean has_changed;

  shorten (self, rules);
  has_changed = apply_rules (self, rules, FALSE);
  shorten (self, rules);

  return has_changed || self->nodes->len > n_nodes;
}
