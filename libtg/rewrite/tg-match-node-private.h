/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-matcher-private.h"

G_BEGIN_DECLS

typedef enum
{
  TG_MATCH_LETTER,
  TG_MATCH_NUMBER,
  TG_MATCH_FORM,
  TG_MATCH_APPLY,
  TG_MATCH_SUM,
  TG_MATCH_PRODUCT,
} TgMatchNodeKind;

typedef struct _TgMatchNode TgMatchNode;

/* A part of a sum or a product, with its sign or its exponent. */
typedef struct
{
  TgMatchNode *node;
  int          sign;
  gboolean     is_number; /* a letter that a condition says to be one */
} TgMatchPart;

struct _TgMatchNode
{
  TgMatchNodeKind  kind;
  const TgPattern *pattern;
  guint            n_parts;
  TgMatchPart      parts[TG_MAX_TERMS];
  gboolean         is_negative; /* of a product */
  gboolean         takes_rest;  /* whether the last part is a letter that may be several terms */
  gboolean         is_operand;  /* whether the whole has its shape */
};

struct _TgMatcher
{
  TgRule      *rule;
  TgMatchNode *root;
  TgOpSet      needs; /* what must be among the terms, or the inputs, of whatever matches */
};

G_END_DECLS
