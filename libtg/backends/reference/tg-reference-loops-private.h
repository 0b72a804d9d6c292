/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

#include "tgk.h"

/* The loops of the operators: what opgen.py writes of the declarations calls these macros.  R is
 * the type of the result, A, B, C those of inputs, ACC that of an accumulator. */

#define READ(T, k) (*(const T *) (gconstpointer) data[k])
#define WRITE(T, k) (*(T *) (gpointer) data[k])

#define BEGIN_LOOP(name)                                                      \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides,                                                  \
      gpointer      user_data)                                                \
{                                                                             \
  for (gsize step = 0; step < count; step++)                                  \
    {

#define END_LOOP(n_operands)                                                  \
      for (guint k = 0; k < (n_operands); k++)                                \
        data[k] += strides[k];                                                \
    }                                                                         \
}

#define ELEMENTWISE_1(name, R, result, A, a)                                  \
BEGIN_LOOP (name)                                                             \
      const A a = READ (A, 1);                                                \
      WRITE (R, 0) = result;                                                  \
END_LOOP (2)

#define ELEMENTWISE_2(name, R, result, A, a, B, b)                            \
BEGIN_LOOP (name)                                                             \
      const A a = READ (A, 1);                                                \
      const B b G_GNUC_UNUSED = READ (B, 2);                                  \
      WRITE (R, 0) = result;                                                  \
END_LOOP (3)

#define ELEMENTWISE_3(name, R, result, A, a, B, b, C, c)                      \
BEGIN_LOOP (name)                                                             \
      const A a = READ (A, 1);                                                \
      const B b G_GNUC_UNUSED = READ (B, 2);                                  \
      const C c G_GNUC_UNUSED = READ (C, 3);                                  \
      WRITE (R, 0) = result;                                                  \
END_LOOP (4)

#define ELEMENTWISE_4(name, R, result, A, a, B, b, C, c, D, d)                \
BEGIN_LOOP (name)                                                             \
      const A a = READ (A, 1);                                                \
      const B b = READ (B, 2);                                                \
      const C c = READ (C, 3);                                                \
      const D d = READ (D, 4);                                                \
      WRITE (R, 0) = result;                                                  \
END_LOOP (5)

/* A sum that stays in its place is kept in a register, with what it may have lost. */
#define BEGIN_SUM(name, ACC)                                                  \
static void                                                                   \
name (gsize         count,                                                    \
      char        **data,                                                     \
      const gint64 *strides,                                                  \
      gpointer      user_data)                                                \
{                                                                             \
  ACC acc = READ (ACC, 0);                                                    \
  ACC lost G_GNUC_UNUSED = 0;                                                 \
                                                                              \
  for (gsize step = 0; step < count; step++)                                  \
    {                                                                         \
      if (strides[0] != 0)                                                    \
        acc = READ (ACC, 0);

#define END_SUM(ACC, sum, n_operands)                                         \
      if (strides[0] != 0)                                                    \
        WRITE (ACC, 0) = acc;                                                 \
      for (guint k = 0; k < (n_operands); k++)                                \
        data[k] += strides[k];                                                \
    }                                                                         \
                                                                              \
  if (strides[0] == 0)                                                        \
    WRITE (ACC, 0) = sum;                                                     \
}

/* Operands: accumulator, x. */
#define FOLD(name, ACC, A, result)                                            \
BEGIN_LOOP (name)                                                             \
      const ACC acc = READ (ACC, 0);                                          \
      const ACC x = (ACC) READ (A, 1);                                        \
      WRITE (ACC, 0) = result;                                                \
END_LOOP (2)

/* The same, of the best of numbers, for which there may be a quicker way. */
#define FOLD_BEST(name, ACC, A, result, is_better) FOLD (name, ACC, A, result)

/* The same, of a sum: what its roundings lose is summed beside it; that is nan once the sum is
 * infinite.  (D. E. Knuth, "The Art of Computer Programming", volume 2, section 4.2.2.) */
#define FOLD_SUM(name, ACC, A)                                                \
BEGIN_SUM (name, ACC)                                                         \
      const ACC x = (ACC) READ (A, 1);                                        \
      const ACC before = acc;                                                 \
                                                                              \
      acc = before + x;                                                       \
      lost += (before - (acc - (acc - before))) + (x - (acc - before));       \
END_SUM (ACC, lost == lost ? acc + lost : acc, 2)

/* Operands: result, accumulator; user_data is the number of elements that were folded. */
#define FINISH(name, ACC, R, result)                                          \
BEGIN_LOOP (name##_finish)                                                    \
      const ACC acc = READ (ACC, 1);                                          \
      const ACC n G_GNUC_UNUSED = (ACC) *(const gsize *) user_data;           \
      WRITE (R, 0) = (R) (result);                                            \
END_LOOP (2)

/* The same, of reductions that know what a first pass has found.  Operands: accumulator, x, center;
 * result, accumulator, center. */
#define FOLD_CENTERED(name, ACC, A, result)                                   \
BEGIN_LOOP (name)                                                             \
      const ACC acc = READ (ACC, 0);                                          \
      const ACC x = (ACC) READ (A, 1);                                        \
      const ACC center = READ (ACC, 2);                                       \
      WRITE (ACC, 0) = result;                                                \
END_LOOP (3)

#define FINISH_CENTERED(name, ACC, R, result)                                 \
BEGIN_LOOP (name##_finish)                                                    \
      const ACC acc = READ (ACC, 1);                                          \
      const ACC center = READ (ACC, 2);                                       \
      WRITE (R, 0) = (R) (result);                                            \
END_LOOP (3)

/* Operands: accumulator, x, y. */
#define CONTRACT(name, ACC, A, result)                                        \
BEGIN_SUM (name, ACC)                                                         \
      const ACC x = (ACC) READ (A, 1);                                        \
      const ACC y = (ACC) READ (A, 2);                                        \
                                                                              \
      acc = result;                                                           \
END_SUM (ACC, acc, 3)

/* Operands: position, x.  At each it walks along an axis; where it holds, x becomes acc. */
#define SELECT(name, A, holds)                                                \
BEGIN_LOOP (name)                                                             \
      const TgReferenceAxis *axis = user_data;                                \
      gint64 position = 0;                                                    \
      A acc = READ (A, 1);                                                    \
                                                                              \
      for (gint64 i = 1; i < axis->size; i++)                                 \
        {                                                                     \
          const char *element = data[1] + i * axis->stride;                   \
          const A x = *(const A *) (gconstpointer) element;                   \
                                                                              \
          if (holds)                                                          \
            {                                                                 \
              acc = x;                                                        \
              position = i;                                                   \
            }                                                                 \
        }                                                                     \
      WRITE (gint64, 0) = position;                                           \
END_LOOP (2)
