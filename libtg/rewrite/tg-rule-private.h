/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-op-private.h"
#include "tg-rule.h"

G_BEGIN_DECLS

#define TG_RULE_MAX_LETTERS 9
#define TG_RULE_MAX_CONDITIONS 6

typedef enum
{
  TG_PATTERN_LETTER, /* any expression, the same wherever the letter stands */
  TG_PATTERN_NUMBER, /* a constant, all elements of which have this value */
  TG_PATTERN_APPLY,
  TG_PATTERN_FORM, /* on the left: any operator of a form, for which the letter stands */
  TG_PATTERN_CALL, /* on the right: what a function makes of letters */
} TgPatternKind;

typedef struct _TgPattern TgPattern;
typedef struct _TgRuleFunction TgRuleFunction;

/* One side of a rule, or of a comparison among its conditions. */
struct _TgPattern
{
  TgPatternKind   kind;
  guint           letter;
  double          number;
  const TgOpInfo *op;
  guint           n_inputs;
  TgPattern      *inputs[TG_OP_MAX_INPUTS];
  gboolean        is_list; /* whether the only input, a letter, stands for a whole list */
  /* For each parameter: the letter that stands for its value, the value, or the call that makes
   * it.  With none it is anything on the left, and the default on the right. */
  int             attribute_letters[TG_OP_MAX_PARAMETERS]; /* -1: none */
  GVariant       *attributes[TG_OP_MAX_PARAMETERS];
  TgPattern      *attribute_calls[TG_OP_MAX_PARAMETERS];
  TgOpForm        form;
  const TgRuleFunction *function;
  guint           n_arguments;
  guint           arguments[TG_RULE_MAX_LETTERS];
};

typedef struct _TgConditionWord TgConditionWord;

/* What stands between "if" or "assuming" and the next comma. */
typedef struct
{
  gboolean               assumed;    /* after "assuming": where it cannot be proven, the trace
                                        says so; after "if", the rule does not apply then */
  char                  *text;
  const TgConditionWord *word;       /* or NULL for a comparison */
  guint                  n_letters;  /* what the word is said of; an attribute too may be one */
  guint                  letters[3];
  const TgOpInfo        *comparison;
  TgPattern             *sides[2];
} TgCondition;

/* A letter stands for an expression or, where it is the value of a parameter, for that. */
typedef struct
{
  char     *name;
  gboolean  is_attribute;
} TgLetter;

struct _TgRule
{
  GObject      parent_instance;
  char        *name;
  char        *file;
  guint        line;
  char        *text;        /* the algebra, as written */
  TgPromise    promise;
  gsize        has_algebra; /* whether what follows from the text has been read */
  gboolean     is_search;   /* for the search among equal forms alone: it need not simplify */
  gboolean     is_final;    /* once nothing is differentiated any more */
  guint        shaping;     /* letters whose shape the left side has and the right side may lack */
  gboolean     elementwise; /* both sides are elementwise throughout */
  gboolean     shortens;    /* the right side has fewer operators, numbers and letters */
  guint        n_letters;
  TgLetter    *letters;    /* TG_RULE_MAX_LETTERS of them */
  guint        n_conditions;
  TgCondition *conditions; /* TG_RULE_MAX_CONDITIONS of them */
  TgPattern   *left;
  TgPattern   *right;
};

struct _TgRuleSet
{
  GObject    parent_instance;
  GPtrArray *rules; /* TgRule, in the order of the text */
  gsize      index; /* a TgRuleIndex, once one was asked for */
};

/* The word for one promise, and the promise of a word; NULL and none where there is no such. */
const char      *tg_promise_get_name    (TgPromise     promise);
TgPromise        tg_promise_from_name   (const char   *name,
                                         gsize         length);

/* Reads the rules of `text` into `rules`; where `is_trusted`, their algebra once it is needed. */
gboolean         tg_rules_read          (const char   *text,
                                         const char   *file,
                                         gboolean      is_trusted,
                                         GPtrArray    *rules,
                                         GError      **error);

/* Sets the sides and the conditions of a rule, unless they are set. */
void             tg_rule_read_algebra   (TgRule       *rule);

/* Reads one side of a rule, which gets the letters that are new in it. */
TgPattern       *tg_pattern_read        (TgRule       *rule,
                                         const char   *text,
                                         GError      **error);

/* Whether an operator that is not elementwise gives back the shape of its first input. */
gboolean         tg_op_keeps_shape      (const TgOpInfo *op);

TgPattern       *tg_pattern_new_letter  (guint         letter);
TgPattern       *tg_pattern_new_number  (double        number);
void             tg_pattern_free        (TgPattern    *pattern);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgPattern, tg_pattern_free)

G_END_DECLS
