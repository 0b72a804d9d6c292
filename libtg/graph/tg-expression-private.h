/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-signature-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_ITEM_INTEGER,
  TG_ITEM_FLOAT,
  TG_ITEM_STRING,
  TG_ITEM_NAME,
  TG_ITEM_ELLIPSIS,
  TG_ITEM_OPERATOR, /* takes one or two values; `text` is the sign */
  TG_ITEM_CALL,     /* takes n_arguments; `text` is the name */
  TG_ITEM_KEYWORD,  /* marks the value before it; `text` is the name */
  TG_ITEM_LIST,     /* takes n_arguments */
  TG_ITEM_SLICE,    /* takes those parts that `present` has: start 1, stop 2, step 4 */
  TG_ITEM_INDEX,    /* takes what is indexed, then n_arguments */
  TG_ITEM_LET,      /* takes a value and names it */
  TG_ITEM_UPDATE,   /* takes a value, the next of the new ones */
} TgItemKind;

typedef struct
{
  TgItemKind  kind;
  guint       n_arguments;
  guint       present;
  const char *text;
  const char *label;       /* of a let: the name of the variable where it differs, or NULL */
  gint64      integer;
  gdouble     number;
  guint       line;
  guint       column;
} TgItem;

/* What a text says about a result. */
typedef struct
{
  const char *name; /* or NULL */
  gboolean    borrow;
} TgResult;

/* Text of the notation, understood: items in the order in which they are computed, so that neither
 * reader nor builder needs recursion. */
typedef struct
{
  char         *name;         /* of a function, or NULL for an expression */
  char         *label;        /* the function's name where it differs, or NULL */
  GArray       *parameters;   /* TgSymbol */
  GArray       *beside;       /* TgSymbol: shared variables and large constants */
  GArray       *items;        /* TgItem */
  GArray       *results;      /* TgResult, one for each output */
  GArray       *updates;      /* guint: which one beside gets a new value */
  GStringChunk *texts;
} TgExpression;

/* What the names in an expression mean. */
typedef struct
{
  guint              n_variables;
  const char *const *names;
  TgVariable *const *variables;
  const TgOpInfo    *op;         /* whose parameters are known by name too, or NULL */
  GVariant *const   *attributes;
} TgBindings;

TgExpression *tg_expression_new      (const char         *text,
                                      GError            **error);
void          tg_expression_free     (TgExpression       *self);

/* The variables of the outputs, then the new values; messages name line and column. */
GPtrArray    *tg_expression_build    (const TgExpression *self,
                                      const TgBindings   *bindings,
                                      GError            **error);

/* Whether the printer makes up such names, for parts that have none: t1, t2, … */
gboolean      tg_notation_is_temporary (const char      *name);

/* The sign's place among the others: the higher, the tighter it binds. */
guint         tg_notation_precedence (const char         *sign,
                                      gboolean            prefix);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgExpression, tg_expression_free)

G_END_DECLS
