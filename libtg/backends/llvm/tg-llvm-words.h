/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The words that operators are declared with, emit_<word>_<kind> (), for the kinds f64, f32,
 * signed, unsigned and bool: the kernels, and what words.h and integer.h of kernels/ write in C.
 */

#include "tg-llvm-notation.h"
#include "notation.h"

#include "rounding.h"
#include "exponential.h"
#include "logarithm.h"
#include "power.h"
#include "trigonometric.h"
#include "error.h"
#include "reflection.h"
#include "gamma.h"
#include "polygamma.h"
#include "binary.h"
#include "differences.h"
#include "single.h"

#include "unmap.h"

#define TGK_FLOAT32
#include "tg-llvm-notation.h"
#include "notation.h"

#include "float32.h"

#define WORD(name, kind, ...) \
  static G_GNUC_UNUSED LLVMValueRef emit_##name##_##kind (TgLlvmEmitter *emitter, __VA_ARGS__)

/* What is computed in float64 lanes, and what float32 lanes give as well. */
#define FLOAT_1(word)
#define SPECIAL_1(word)
#define SINGLE_1(word) WORD (word, f32, VF a) { return NARROW (word##_single, WIDEN (a)); }
#define SINGLE_2(word) \
  WORD (word, f32, VF a, VF b) { return NARROW (word##_single, WIDEN (a), WIDEN (b)); }
#define NARROW_1(word) WORD (word, f32, VF a) { return NARROW (word, WIDEN (a)); }
#define NARROW_2(word) \
  WORD (word, f32, VF a, VF b) { return NARROW (word, WIDEN (a), WIDEN (b)); }
#define NARROW_3(word) \
  WORD (word, f32, VF a, VF b, VF c) { return NARROW (word, WIDEN (a), WIDEN (b), WIDEN (c)); }
#define NARROW_4(word) \
  WORD (word, f32, VF a, VF b, VF c, VF d) \
  { return NARROW (word, WIDEN (a), WIDEN (b), WIDEN (c), WIDEN (d)); }
#define SAME_1(word) WORD (word, f32, VF a) { return emit_##word##_f64 (emitter, a); }
#define SAME_2(word) \
  WORD (word, f32, VF a, VF b) { return emit_##word##_f64 (emitter, a, b); }

#include "narrow.h"

/* A constant of the type that a value has. */
static LLVMValueRef
tg_llvm_like (TgLlvmEmitter *emitter,
              LLVMValueRef   a,
              double         value)
{
  if (emitter->failed)
    return a;

  return tg_llvm_is_real (a) ? tg_llvm_real (emitter, LLVMTypeOf (a), value)
                             : tg_llvm_integer (emitter, LLVMTypeOf (a), (guint64) (gint64) value);
}

#define LIKE(a, value) tg_llvm_like (emitter, a, value)

/* The words of floats that are one operation. */
#define WORDS_OF_FLOAT(kind) \
  WORD (add, kind, VF a, VF b) { return ADD (a, b); } \
  WORD (sub, kind, VF a, VF b) { return SUB (a, b); } \
  WORD (mul, kind, VF a, VF b) { return MUL (a, b); } \
  WORD (div, kind, VF a, VF b) { return DIV (a, b); } \
  WORD (neg, kind, VF a) { return NEG (a); } \
  WORD (abs, kind, VF a) { return FABS (a); } \
  WORD (square, kind, VF a) { return MUL (a, a); } \
  WORD (reciprocal, kind, VF a) { return DIV (LIKE (a, 1), a); } \
  WORD (sqrt, kind, VF a) { return SQRT (a); } \
  WORD (fma, kind, VF a, VF b, VF c) { return FMA (a, b, c); } \
  WORD (floor, kind, VF a) { return FLOOR (a); } \
  WORD (ceil, kind, VF a) { return CEIL (a); } \
  WORD (trunc, kind, VF a) { return TRUNC (a); } \
  WORD (round, kind, VF a) { return RINT (a); } \
  WORD (conj, kind, VF a) { return a; } \
  WORD (real, kind, VF a) { return a; } \
  WORD (imag, kind, VF a) { return LIKE (a, 0); } \
  WORD (isnan, kind, VF a) { return NE (a, a); } \
  WORD (isinf, kind, VF a) { return EQ (FABS (a), LIKE (a, INFINITY)); } \
  WORD (isfinite, kind, VF a) { return LT (FABS (a), LIKE (a, INFINITY)); } \
  WORD (eq, kind, VF a, VF b) { return EQ (a, b); } \
  WORD (ne, kind, VF a, VF b) { return NE (a, b); } \
  WORD (lt, kind, VF a, VF b) { return LT (a, b); } \
  WORD (le, kind, VF a, VF b) { return LE (a, b); } \
  WORD (gt, kind, VF a, VF b) { return GT (a, b); } \
  WORD (ge, kind, VF a, VF b) { return GE (a, b); } \
  WORD (sel, kind, VB m, VF a, VF b) { return SEL (m, a, b); }

WORDS_OF_FLOAT (f64)
WORDS_OF_FLOAT (f32)

/* Signed or not, as the predicate is. */
#define IS(relation, a, b) tg_llvm_compare (emitter, LLVMInt##relation, a, b)

WORD (signbit, f64, VF a)
{
  return IS (SLT, ASI (a), KI (0));
}

SAME_1 (signbit)

WORD (nextafter, f32, VF x, VF y)
{
  VI one = ISEL (NE (GT (y, x), GT (x, K (0.0))), KI (-1), KI (1));
  VF next = ASF (IADD (ASI (x), one));
  VF tiny = COPYSIGN (K (0x1p-149), y);
  VB nan = OR (NE (x, x), NE (y, y));

  return SEL (nan, ADD (x, y), SEL (EQ (x, y), y, SEL (EQ (x, K (0.0)), tiny, next)));
}

/* The integers; a shift by too much is one by zero, which is not chosen. */
#define SHIFTED(shift, a, b, otherwise) \
  SEL (IS (ULT, b, tg_llvm_n_bits (emitter, b)), \
       shift (a, SEL (IS (ULT, b, tg_llvm_n_bits (emitter, b)), b, LIKE (b, 0))), otherwise)

static LLVMValueRef
tg_llvm_n_bits (TgLlvmEmitter *emitter,
                LLVMValueRef   a)
{
  if (emitter->failed)
    return a;

  return LIKE (a, LLVMGetIntTypeWidth (LLVMGetElementType (LLVMTypeOf (a))));
}

#define ISAR(a, b) tg_llvm_binary (emitter, LLVMAShr, a, b)
#define INEG(a) ISUB (LIKE (a, 0), a)

#define WORDS_OF_INTEGER(kind, s) \
  WORD (add, kind, VI a, VI b) { return IADD (a, b); } \
  WORD (sub, kind, VI a, VI b) { return ISUB (a, b); } \
  WORD (mul, kind, VI a, VI b) { return IMUL (a, b); } \
  WORD (neg, kind, VI a) { return INEG (a); } \
  WORD (square, kind, VI a) { return IMUL (a, a); } \
  WORD (max, kind, VI a, VI b) { return SEL (IS (s##GT, a, b), a, b); } \
  WORD (min, kind, VI a, VI b) { return SEL (IS (s##LT, a, b), a, b); } \
  WORD (floor, kind, VI a) { return a; } \
  WORD (ceil, kind, VI a) { return a; } \
  WORD (trunc, kind, VI a) { return a; } \
  WORD (round, kind, VI a) { return a; } \
  WORD (round_away, kind, VI a) { return a; } \
  WORD (conj, kind, VI a) { return a; } \
  WORD (real, kind, VI a) { return a; } \
  WORD (imag, kind, VI a) { return LIKE (a, 0); } \
  WORD (bit_and, kind, VI a, VI b) { return IAND (a, b); } \
  WORD (bit_or, kind, VI a, VI b) { return IOR (a, b); } \
  WORD (bit_xor, kind, VI a, VI b) { return IXOR (a, b); } \
  WORD (bit_not, kind, VI a) { return IXOR (a, LIKE (a, -1)); } \
  WORD (shift_left, kind, VI a, VI b) { return SHIFTED (SHLV, a, b, LIKE (a, 0)); } \
  WORD (eq, kind, VI a, VI b) { return IS (EQ, a, b); } \
  WORD (ne, kind, VI a, VI b) { return IS (NE, a, b); } \
  WORD (lt, kind, VI a, VI b) { return IS (s##LT, a, b); } \
  WORD (le, kind, VI a, VI b) { return IS (s##LE, a, b); } \
  WORD (gt, kind, VI a, VI b) { return IS (s##GT, a, b); } \
  WORD (ge, kind, VI a, VI b) { return IS (s##GE, a, b); } \
  WORD (sel, kind, VB m, VI a, VI b) { return SEL (m, a, b); }

WORDS_OF_INTEGER (signed, S)
WORDS_OF_INTEGER (unsigned, U)

WORD (abs, signed, VI a)
{
  return SEL (IS (SLT, a, LIKE (a, 0)), INEG (a), a);
}

WORD (abs, unsigned, VI a)
{
  return a;
}

WORD (sign, signed, VI a)
{
  VI sign = ISAR (a, ISUB (tg_llvm_n_bits (emitter, a), LIKE (a, 1)));

  return SEL (IS (SGT, a, LIKE (a, 0)), LIKE (a, 1), sign);
}

WORD (sign, unsigned, VI a)
{
  return SEL (IS (UGT, a, LIKE (a, 0)), LIKE (a, 1), a);
}

WORD (shift_right, signed, VI a, VI b)
{
  return SHIFTED (ISAR, a, b, ISAR (a, ISUB (tg_llvm_n_bits (emitter, a), LIKE (a, 1))));
}

WORD (shift_right, unsigned, VI a, VI b)
{
  return SHIFTED (SHRV, a, b, LIKE (a, 0));
}

/* Division by 0 and -1 is division by 1, which never traps. */
WORD (floor_divide, signed, VI a, VI b)
{
  VB by_0 = IS (EQ, b, LIKE (b, 0)), by_minus_1 = IS (EQ, b, LIKE (b, -1));
  VI divisor = SEL (OR (by_0, by_minus_1), LIKE (b, 1), b);
  VI quotient = tg_llvm_binary (emitter, LLVMSDiv, a, divisor);
  VI rest = ISUB (a, IMUL (quotient, divisor));
  VB differ = IS (SLT, IXOR (a, divisor), LIKE (a, 0));
  VB down = AND (IS (NE, rest, LIKE (a, 0)), differ);
  VI floor = SEL (down, ISUB (quotient, LIKE (a, 1)), quotient);

  return SEL (by_0, LIKE (a, 0), SEL (by_minus_1, INEG (a), floor));
}

WORD (remainder, signed, VI a, VI b)
{
  VB no_rest = OR (IS (EQ, b, LIKE (b, 0)), IS (EQ, b, LIKE (b, -1)));
  VI divisor = SEL (no_rest, LIKE (b, 1), b);
  VI rest = ISUB (a, IMUL (tg_llvm_binary (emitter, LLVMSDiv, a, divisor), divisor));
  VB differ = IS (SLT, IXOR (rest, divisor), LIKE (a, 0));

  return SEL (AND (IS (NE, rest, LIKE (a, 0)), differ), IADD (rest, divisor), rest);
}

WORD (floor_divide, unsigned, VI a, VI b)
{
  VB by_0 = IS (EQ, b, LIKE (b, 0));

  return SEL (by_0, b, tg_llvm_binary (emitter, LLVMUDiv, a, SEL (by_0, LIKE (b, 1), b)));
}

WORD (remainder, unsigned, VI a, VI b)
{
  VI divisor = SEL (IS (EQ, b, LIKE (b, 0)), LIKE (b, 1), b);

  return ISUB (a, IMUL (tg_llvm_binary (emitter, LLVMUDiv, a, divisor), divisor));
}

WORD (pow, unsigned, VI a, VI b)
{
  return tg_llvm_whole_power (emitter, a, b);
}

/* Of a negative power only that of 1 and -1 is not below one. */
WORD (pow, signed, VI a, VI b)
{
  VB negative = IS (SLT, b, LIKE (b, 0));
  VI odd = IAND (b, LIKE (b, 1));
  VI of_minus_1 = SEL (IS (EQ, odd, LIKE (b, 0)), LIKE (a, 1), a);
  VI others = SEL (IS (EQ, a, LIKE (a, -1)), of_minus_1, LIKE (a, 0));
  VI inverse = SEL (IS (EQ, a, LIKE (a, 1)), a, others);
  VI whole = tg_llvm_whole_power (emitter, a, SEL (negative, LIKE (b, 0), b));

  return SEL (negative, inverse, whole);
}

/* Masks */
WORD (and, bool, VB a, VB b) { return AND (a, b); }
WORD (or, bool, VB a, VB b) { return OR (a, b); }
WORD (xor, bool, VB a, VB b) { return NE (a, b); }
WORD (not, bool, VB a) { return NOT (a); }
WORD (add, bool, VB a, VB b) { return OR (a, b); }
WORD (mul, bool, VB a, VB b) { return AND (a, b); }
WORD (max, bool, VB a, VB b) { return OR (a, b); }
WORD (min, bool, VB a, VB b) { return AND (a, b); }
WORD (bit_and, bool, VB a, VB b) { return AND (a, b); }
WORD (bit_or, bool, VB a, VB b) { return OR (a, b); }
WORD (bit_xor, bool, VB a, VB b) { return NE (a, b); }
WORD (bit_not, bool, VB a) { return NOT (a); }
WORD (eq, bool, VB a, VB b) { return IS (EQ, a, b); }
WORD (ne, bool, VB a, VB b) { return NE (a, b); }
WORD (lt, bool, VB a, VB b) { return IS (ULT, a, b); }
WORD (le, bool, VB a, VB b) { return IS (ULE, a, b); }
WORD (gt, bool, VB a, VB b) { return IS (UGT, a, b); }
WORD (ge, bool, VB a, VB b) { return IS (UGE, a, b); }
WORD (sel, bool, VB m, VB a, VB b) { return SEL (m, a, b); }

#include "unmap.h"
