/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-rule-private.h"

#include "tg-condition-private.h"
#include "tg-error.h"
#include "tg-value-private.h"

/* Rules as text:
 *
 *   file       = { "#" comment | "[" promise [ "search" | "final" ] "]" | rule }
 *   rule       = name ":" expression "=>" expression
 *                [ "if" conditions ] [ "assuming" conditions ]
 *   conditions = condition { "," condition }
 *   condition  = word "(" letter { "," letter } ")" | expression comparison expression
 *
 * where expressions are of the notation; a line that is indented goes on with the one before.  A
 * letter that is the only input of an operator of lists stands for the list.  On the left, a form
 * may stand, "elementwise (x)" or "reduction (x)": any operator of it, called x.  On the right, and
 * there also for the value of a parameter, functions of letters may stand (tg-rule-function.c). */

/* Errors say where they are in the text that was read, as “1:column: ”, which is `offset` bytes
 * into a longer one; always FALSE. */
static gboolean
shift_error (GError **error,
             gsize    offset)
{
  g_autofree char *message = g_steal_pointer (&(*error)->message);
  char *rest;
  guint64 column = g_ascii_strtoull (message + strlen ("1:"), &rest, 10);

  (*error)->message = g_strdup_printf ("1:%" G_GUINT64_FORMAT "%s", column + offset, rest);

  return FALSE;
}

/* word (letter, letter) */
static gboolean
read_word (TgRule       *rule,
           TgCondition  *condition,
           char        **letters,
           GError      **error)
{
  for (guint i = 0; letters[i] != NULL; i++)
    {
      const char *name = g_strstrip (letters[i]);
      guint letter = 0;

      while (letter < rule->n_letters && strcmp (rule->letters[letter].name, name) != 0)
        letter++;

      if (letter == rule->n_letters)
        return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "1:1: there is no letter “%s”", name);

      if (condition->n_letters < G_N_ELEMENTS (condition->letters))
        condition->letters[condition->n_letters] = letter;
      condition->n_letters++;
    }

  if (condition->n_letters == tg_condition_count (condition->word))
    return TRUE;

  return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "1:1: “%s” needs %u letters",
                        condition->text, tg_condition_count (condition->word));
}

static gboolean
read_comparison (TgRule       *rule,
                 TgCondition  *condition,
                 GError      **error)
{
  g_autoptr (TgPattern) pattern = tg_pattern_read (rule, condition->text, error);

  if (pattern == NULL)
    return FALSE;

  if (pattern->kind != TG_PATTERN_APPLY || pattern->op->rule != TG_RULE_COMPARE)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error,
                          "1:1: “%s” is neither a comparison nor a word", condition->text);

  condition->comparison = pattern->op;
  condition->sides[0] = g_steal_pointer (&pattern->inputs[0]);
  condition->sides[1] = g_steal_pointer (&pattern->inputs[1]);

  return TRUE;
}

static gboolean
read_condition (TgRule      *rule,
                const char  *text,
                gboolean     assumed,
                GError     **error)
{
  TgCondition *condition = &rule->conditions[rule->n_conditions];
  g_autofree char *plain = g_strstrip (g_strdup (text));
  char *open = strchr (plain, '(');
  g_autofree char *name = open != NULL ? g_strndup (plain, (gsize) (open - plain)) : NULL;
  gsize length = strlen (plain);

  if (rule->n_conditions == TG_RULE_MAX_CONDITIONS)
    return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "1:1: a rule has at most %d conditions",
                          TG_RULE_MAX_CONDITIONS);

  rule->n_conditions++;
  condition->assumed = assumed;
  condition->text = g_strdup (plain);
  condition->word = name != NULL ? tg_condition_find_word (g_strstrip (name)) : NULL;
  if (condition->word != NULL && plain[length - 1] == ')')
    {
      g_autofree char *inside = g_strndup (open + 1, (gsize) (plain + length - 2 - open));
      g_auto (GStrv) letters = g_strsplit (inside, ",", -1);

      return read_word (rule, condition, letters, error);
    }

  return read_comparison (rule, condition, error);
}

/* Conditions with commas between them, but for those in brackets. */
static gboolean
read_conditions (TgRule      *rule,
                 const char  *whole,
                 const char  *text,
                 gboolean     assumed,
                 GError     **error)
{
  const char *start = text;
  guint depth = 0;

  for (const char *next = text;; next++)
    {
      if (*next == '\0' || (*next == ',' && depth == 0))
        {
          g_autofree char *part = g_strndup (start, (gsize) (next - start));

          if (!read_condition (rule, part, assumed, error))
            return shift_error (error, (gsize) (start - whole) + strspn (start, " \t"));

          start = next + 1;
        }

      if (*next == '\0')
        return TRUE;

      depth += *next == '(';
      depth -= *next == ')' && depth > 0;
    }
}

/* Every letter of the right must be one of the left. */
static gboolean
check_letters (TgRule   *rule,
               guint     n_left,
               GError  **error)
{
  if (n_left == rule->n_letters)
    return TRUE;

  return tg_parse_fail (TG_PARSE_ERROR_NAME, error, "1:1: “%s” is not on the left",
                        rule->letters[n_left].name);
}

static guint
count_nodes (const TgPattern *pattern)
{
  guint n_nodes = 1;

  for (guint i = 0; pattern->kind == TG_PATTERN_APPLY && i < pattern->n_inputs; i++)
    n_nodes += count_nodes (pattern->inputs[i]);

  return n_nodes;
}

static gboolean
is_elementwise (const TgPattern *pattern)
{
  if (pattern->kind != TG_PATTERN_APPLY)
    return pattern->kind == TG_PATTERN_LETTER || pattern->kind == TG_PATTERN_NUMBER;

  for (guint i = 0; i < pattern->n_inputs; i++)
    {
      if (!is_elementwise (pattern->inputs[i]))
        return FALSE;
    }

  return pattern->op->form == TG_FORM_ELEMENTWISE;
}

gboolean
tg_op_keeps_shape (const TgOpInfo *op)
{
  switch (tg_op_info_get_id (op))
    {
    case TG_OP_ASTYPE:
    case TG_OP_ASSUME:
    case TG_OP_WITH_GRADIENT:
    case TG_OP_SORT:
    case TG_OP_ARGSORT:
    case TG_OP_SOFTMAX:
    case TG_OP_LOG_SOFTMAX:
    case TG_OP_CUMULATIVE_SUM:
    case TG_OP_CUMULATIVE_PROD:
      return TRUE;
    default:
      return FALSE;
    }
}

/* The letters, a bit for each, that a side computes elements of, and so has the shape of. */
static guint
find_operands (const TgPattern *pattern)
{
  guint letters = 0;

  if (pattern->kind == TG_PATTERN_LETTER)
    return 1u << pattern->letter;

  if (pattern->kind != TG_PATTERN_APPLY)
    return 0;

  if (tg_op_keeps_shape (pattern->op))
    return find_operands (pattern->inputs[0]);

  if (pattern->op->form != TG_FORM_ELEMENTWISE)
    return 0;

  for (guint i = 0; i < pattern->n_inputs; i++)
    letters |= find_operands (pattern->inputs[i]);

  return letters;
}

/* Cuts `text` at the first `mark` and returns what is behind it, or NULL. */
static char *
cut (char       *text,
     const char *mark)
{
  char *found = strstr (text, mark);

  if (found == NULL)
    return NULL;

  *found = '\0';

  return found + strlen (mark);
}

static gboolean
read_algebra (TgRule      *rule,
              const char  *whole,
              char        *left,
              GError     **error)
{
  char *assumed = cut (left, " assuming ");
  char *conditions = cut (left, " if ");
  char *right = cut (left, "=>");
  guint n_left;

  rule->letters = g_new0 (TgLetter, TG_RULE_MAX_LETTERS);
  rule->conditions = g_new0 (TgCondition, TG_RULE_MAX_CONDITIONS);
  if (right == NULL)
    return tg_parse_fail (TG_PARSE_ERROR_SYNTAX, error, "1:%u: expected “=>”",
                          (guint) (left + strlen (left) - whole) + 1);

  rule->left = tg_pattern_read (rule, left, error);
  if (rule->left == NULL)
    return shift_error (error, (gsize) (left - whole));

  if (rule->left->kind != TG_PATTERN_APPLY && rule->left->kind != TG_PATTERN_FORM)
    {
      tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "1:1: the left must be an operator");
      return shift_error (error, (gsize) (left - whole) + strspn (left, " \t"));
    }

  n_left = rule->n_letters;
  rule->right = tg_pattern_read (rule, right, error);
  if (rule->right == NULL)
    return shift_error (error, (gsize) (right - whole));

  if ((conditions != NULL && !read_conditions (rule, whole, conditions, FALSE, error))
      || (assumed != NULL && !read_conditions (rule, whole, assumed, TRUE, error)))
    return FALSE;

  if (!check_letters (rule, n_left, error))
    return shift_error (error, (gsize) (right - whole) + strspn (right, " \t"));

  rule->shaping = find_operands (rule->left) & ~find_operands (rule->right);
  rule->elementwise = is_elementwise (rule->left) && is_elementwise (rule->right);
  rule->shortens = count_nodes (rule->right) < count_nodes (rule->left);

  return TRUE;
}

/* What the heading before a rule, or else the name of the file, says of rules. */
typedef struct
{
  TgPromise promise;
  gboolean  is_search;
  gboolean  is_final;
} Kind;

static gboolean
read_heading (const char  *line,
              Kind        *kind,
              GError     **error)
{
  g_autofree char *inside = g_strstrip (g_strdup (line + 1));
  g_auto (GStrv) words = NULL;

  if (!g_str_has_suffix (inside, "]"))
    return tg_parse_fail (TG_PARSE_ERROR_SYNTAX, error, "1:1: expected “]”");

  inside[strlen (inside) - 1] = '\0';
  words = g_strsplit_set (inside, " ", -1);
  *kind = (Kind) { TG_PROMISE_NONE, FALSE, FALSE };
  for (guint i = 0; words[i] != NULL; i++)
    {
      TgPromise promise = tg_promise_from_name (words[i], strlen (words[i]));

      if (strcmp (words[i], "search") == 0)
        kind->is_search = TRUE;
      else if (strcmp (words[i], "final") == 0)
        kind->is_final = TRUE;
      else if (promise != TG_PROMISE_NONE)
        kind->promise = promise;
      else
        return tg_parse_fail (TG_PARSE_ERROR_NAME, error,
                              "1:1: “%s” is none of exact, real, stable, fast, search and final",
                              words[i]);
    }

  if (kind->promise != TG_PROMISE_NONE)
    return TRUE;

  return tg_parse_fail (TG_PARSE_ERROR_VALUE, error, "1:1: a heading must say what is promised");
}

/* Makes of a place in the piece of text that was read one in the file. */
static void
place_error (GError     *error,
             const char *piece,
             const char *file,
             guint       line)
{
  g_autofree char *message = g_steal_pointer (&error->message);
  char *rest;
  guint64 column = g_ascii_strtoull (message + strlen ("1:"), &rest, 10);

  for (const char *end = strchr (piece, '\n');
       end != NULL && (guint64) (end - piece) + 1 < column; end = strchr (piece, '\n'))
    {
      column -= (guint64) (end - piece) + 1;
      piece = end + 1;
      line++;
    }

  error->message = g_strdup_printf ("%s:%u:%" G_GUINT64_FORMAT "%s", file, line, column, rest);
}

static void
join_lines (char *text)
{
  for (char *end = strchr (text, '\n'); end != NULL; end = strchr (end, '\n'))
    *end = ' ';
}

/* The text is used up. */
static TgRule *
read_rule (char        *text,
           char        *file,
           guint        line,
           const Kind  *kind,
           gboolean     is_trusted,
           GError     **error)
{
  g_autoptr (TgRule) rule = NULL;
  char *algebra = strchr (text, ':');

  if (algebra == NULL || algebra == text)
    {
      tg_parse_fail (TG_PARSE_ERROR_SYNTAX, error, "1:1: expected “name: left => right”");
      return NULL;
    }

  join_lines (text);
  *algebra++ = '\0';
  rule = g_object_new (TG_TYPE_RULE, NULL);
  rule->name = g_strstrip (g_strdup (text));
  rule->text = g_strstrip (g_strdup (algebra));
  rule->file = g_ref_string_acquire (file);
  rule->line = line;
  rule->promise = kind->promise;
  rule->is_search = kind->is_search;
  rule->is_final = kind->is_final;

  if (!is_trusted && !read_algebra (rule, text, algebra, error))
    return NULL;

  return g_steal_pointer (&rule);
}

static void
read_trusted (TgRule *rule)
{
  g_autofree char *copy = g_strdup (rule->text);
  g_autoptr (GError) error = NULL;

  if (!read_algebra (rule, copy, copy, &error))
    g_error ("%s:%u: %s", rule->file, rule->line, error->message);
}

/* Functions may be made in several threads, and a rule may be about several operators. */
void
tg_rule_read_algebra (TgRule *rule)
{
  if (!g_once_init_enter (&rule->has_algebra))
    return;

  if (rule->left == NULL)
    read_trusted (rule);
  g_once_init_leave (&rule->has_algebra, TRUE);
}

/* The text from `start` to the end of the last line that goes on with it. */
static const char *
find_end (const char *start)
{
  const char *end = start + strcspn (start, "\n");

  while (*end == '\n' && (end[1] == ' ' || end[1] == '\t'))
    end += 1 + strcspn (end + 1, "\n");

  return end;
}

/* A heading, or a rule, which is added, or an empty line. */
static void
read_piece (const char  *start,
            const char  *end,
            char        *file,
            guint        line,
            Kind        *kind,
            gboolean     is_trusted,
            GPtrArray   *rules,
            GError     **error)
{
  g_autofree char *piece = g_strndup (start, (gsize) (end - start));

  if (piece[0] == '[')
    read_heading (piece, kind, error);
  else if (piece[strspn (piece, " \t\r\n")] != '\0')
    {
      TgRule *rule = read_rule (piece, file, line, kind, is_trusted, error);

      if (rule != NULL)
        g_ptr_array_add (rules, rule);
    }
}

gboolean
tg_rules_read (const char  *text,
               const char  *file,
               gboolean     is_trusted,
               GPtrArray   *rules,
               GError     **error)
{
  Kind kind = { tg_promise_from_name (file, strcspn (file, ".")), FALSE, FALSE };
  g_autoptr (GRefString) name = g_ref_string_new (file);
  guint line = 1;

  if (kind.promise == TG_PROMISE_NONE)
    kind.promise = TG_PROMISE_REAL;
  for (const char *start = text; *start != '\0';)
    {
      const char *end = find_end (start);
      GError *problem = NULL;

      if (*start != '#' && *start != '\n')
        read_piece (start, end, name, line, &kind, is_trusted, rules, &problem);
      if (problem != NULL)
        {
          place_error (problem, start, file, line);
          g_propagate_error (error, problem);
          return FALSE;
        }

      for (; start < end; start++)
        line += *start == '\n';
      if (*start == '\n')
        {
          start++;
          line++;
        }
    }

  return TRUE;
}
