/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The C mapping of the notation: a value is one double, an integer one
 * uint64_t, a mask one bool. It is the reference that other mappings are
 * compared with, bit for bit.
 *
 * Every word rounds once, as IEEE 754 says. So compile with
 * -ffp-contract=off, and never with -ffast-math or a part of it.
 */

#ifdef __FAST_MATH__
# error "The kernels rely on IEEE arithmetic: do not compile them with -ffast-math."
#endif

#define VF double
#define VI uint64_t
#define VB bool
#define VP TgkPair
#define VW TgkWide

typedef struct
{
  double hi;
  double lo;
} TgkPair;

typedef struct
{
  uint64_t hi;
  uint64_t lo;
} TgkWide;

static inline uint64_t
tgk_bits_of (double x)
{
  uint64_t bits;

  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static inline double
tgk_of_bits (uint64_t bits)
{
  double x;

  memcpy (&x, &bits, sizeof x);
  return x;
}

/* Shifts copies of the sign in; C leaves that to the compiler. */
static inline uint64_t
tgk_shift_signed (uint64_t a, unsigned int n)
{
  return (a >> n) | ((0 - (a >> 63)) << (63 - n) << 1);
}

/* The upper half of the 128-bit product, from products of 32-bit halves. */
static inline uint64_t
tgk_multiply_high (uint64_t a, uint64_t b)
{
  uint64_t a0 = a & UINT32_MAX, a1 = a >> 32;
  uint64_t b0 = b & UINT32_MAX, b1 = b >> 32;
  uint64_t mid = a1 * b0 + ((a0 * b0) >> 32);

  return a1 * b1 + (mid >> 32) + (((mid & UINT32_MAX) + a0 * b1) >> 32);
}

/* Two's complement to double, without a cast whose result C leaves open. */
static inline double
tgk_to_double (uint64_t a)
{
  return a >> 63 ? -(double) (0 - a) : (double) a;
}

/* Kernels and calls of them */
#define KERNEL(type, name, ...) static inline type tgk_##name##_f64 (__VA_ARGS__)
#define CALL(name, ...) tgk_##name##_f64 (__VA_ARGS__)

/* Floating point */
#define K(c) ((double) (c))
#define PAIR(hi, lo) ((TgkPair) { (hi), (lo) })
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define DIV(a, b) ((a) / (b))
#define FMA(a, b, c) fma (a, b, c)
#define NEG(a) (-(a))
#define FABS(a) fabs (a)
#define COPYSIGN(a, b) copysign (a, b)
#define SQRT(a) sqrt (a)
#define FMOD(a, b) fmod (a, b)
#define FLOOR(a) floor (a)
#define CEIL(a) ceil (a)
#define TRUNC(a) trunc (a)
#define RINT(a) rint (a)
#define SCALE(a, n) CALL (scale, a, n)

/* Masks; a comparison with nan is false, but for NE */
#define EQ(a, b) ((a) == (b))
#define NE(a, b) ((a) != (b))
#define LT(a, b) ((a) < (b))
#define LE(a, b) ((a) <= (b))
#define GT(a, b) ((a) > (b))
#define GE(a, b) ((a) >= (b))
#define AND(m, n) ((m) && (n))
#define OR(m, n) ((m) || (n))
#define NOT(m) (!(m))
#define SEL(m, a, b) ((m) ? (a) : (b))
#define RARE(m, a, b) ((m) ? (a) : (b))

/* Integers of 64 bits, which wrap; n is a constant, but for SHLV and SHRV */
#define KI(c) ((uint64_t) (c))
#define WIDE(hi, lo) ((TgkWide) { (hi), (lo) })
#define ASI(a) tgk_bits_of (a)
#define ASF(i) tgk_of_bits (i)
#define ITOF(i) tgk_to_double (i)
#define IADD(i, j) ((i) + (j))
#define ISUB(i, j) ((i) - (j))
#define IMUL(i, j) ((i) * (j))
#define IMULHI(i, j) tgk_multiply_high (i, j)
#define IAND(i, j) ((i) & (j))
#define IOR(i, j) ((i) | (j))
#define IXOR(i, j) ((i) ^ (j))
#define SHL(i, n) ((i) << (n))
#define SHR(i, n) ((i) >> (n))
#define SAR(i, n) tgk_shift_signed (i, n)
#define SHLV(i, j) ((i) << (j))
#define SHRV(i, j) ((i) >> (j))
#define IEQ(i, j) ((i) == (j))
#define ILTU(i, j) ((i) < (j))
#define ISEL(m, i, j) ((m) ? (i) : (j))
#define LOOKUP(table, i) ((table)[i])
