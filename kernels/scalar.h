/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The C mapping of the notation: a value is one double, an integer one
 * uint64_t, a mask one bool; or, where TGK_FLOAT32 is defined, a float and
 * uint32_t. It is the reference that other mappings are compared with, bit for
 * bit.
 *
 * Every word rounds once, as IEEE 754 says. So compile with
 * -ffp-contract=off, and never with -ffast-math or a part of it.
 */

#ifdef __FAST_MATH__
# error "The kernels rely on IEEE arithmetic: do not compile them with -ffast-math."
#endif

#ifdef TGK_FLOAT32
# define VF float
# define VI uint32_t
# define NAMED(name) tgk_##name##_f32
# define LIBM(name) name##f
#else
# define VF double
# define VI uint64_t
# define NAMED(name) tgk_##name##_f64
# define LIBM(name) name
#endif

#define VB bool
#define VP NAMED (pair)
#define VW NAMED (wide)

typedef struct
{
  VF hi;
  VF lo;
} VP;

typedef struct
{
  VI hi;
  VI lo;
} VW;

static inline VI
NAMED (bits_of) (VF x)
{
  VI bits;

  memcpy (&bits, &x, sizeof bits);
  return bits;
}

static inline VF
NAMED (of_bits) (VI bits)
{
  VF x;

  memcpy (&x, &bits, sizeof x);
  return x;
}

#ifndef TGK_FLOAT32

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

#endif

/* Kernels and calls of them; of f32, those of f64 too */
#define KERNEL(type, name, ...) static inline type NAMED (name) (__VA_ARGS__)
#define CALL(name, ...) NAMED (name) (__VA_ARGS__)
#define WIDEN(a) ((double) (a))
#define NARROW(name, ...) ((float) tgk_##name##_f64 (__VA_ARGS__))

/* Floating point */
#define K(c) ((VF) (c))
#define PAIR(hi, lo) ((VP) { (hi), (lo) })
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define DIV(a, b) ((a) / (b))
#define FMA(a, b, c) LIBM (fma) (a, b, c)
#define NEG(a) (-(a))
#define FABS(a) LIBM (fabs) (a)
#define COPYSIGN(a, b) LIBM (copysign) (a, b)
#define SQRT(a) LIBM (sqrt) (a)
#define FMOD(a, b) LIBM (fmod) (a, b)
#define FLOOR(a) LIBM (floor) (a)
#define CEIL(a) LIBM (ceil) (a)
#define TRUNC(a) LIBM (trunc) (a)
#define RINT(a) LIBM (rint) (a)
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

/* Integers, which wrap; n is a constant, but for SHLV and SHRV */
#define KI(c) ((VI) (c))
#define WIDE(hi, lo) ((VW) { (hi), (lo) })
#define ASI(a) NAMED (bits_of) (a)
#define ASF(i) NAMED (of_bits) (i)
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
