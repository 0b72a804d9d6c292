/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#if !defined (TG_INSIDE) && !defined (TG_COMPILATION)
# error "Only <tg.h> can be included directly."
#endif

#include "tg-version.h"

G_BEGIN_DECLS

/**
 * TgDType:
 * @TG_DTYPE_BOOL: true or false, one byte
 * @TG_DTYPE_INT8: signed integer of 8 bits
 * @TG_DTYPE_INT16: signed integer of 16 bits
 * @TG_DTYPE_INT32: signed integer of 32 bits
 * @TG_DTYPE_INT64: signed integer of 64 bits
 * @TG_DTYPE_UINT8: unsigned integer of 8 bits
 * @TG_DTYPE_UINT16: unsigned integer of 16 bits
 * @TG_DTYPE_UINT32: unsigned integer of 32 bits
 * @TG_DTYPE_UINT64: unsigned integer of 64 bits
 * @TG_DTYPE_FLOAT16: IEEE 754 binary16; arithmetic is that of float32, rounded once more
 * @TG_DTYPE_BFLOAT16: the upper half of a binary32; arithmetic as of float16
 * @TG_DTYPE_FLOAT32: IEEE 754 binary32
 * @TG_DTYPE_FLOAT64: IEEE 754 binary64
 * @TG_DTYPE_COMPLEX64: two float32, the real and the imaginary part
 * @TG_DTYPE_COMPLEX128: two float64, the real and the imaginary part
 *
 * The type of a tensor's elements: those of the array API standard, and the floating-point ones
 * of 16 bits.
 */
typedef enum /*< underscore_name=tg_dtype >*/
{
  TG_DTYPE_BOOL,
  TG_DTYPE_INT8,
  TG_DTYPE_INT16,
  TG_DTYPE_INT32,
  TG_DTYPE_INT64,
  TG_DTYPE_UINT8,
  TG_DTYPE_UINT16,
  TG_DTYPE_UINT32,
  TG_DTYPE_UINT64,
  TG_DTYPE_FLOAT16,
  TG_DTYPE_BFLOAT16,
  TG_DTYPE_FLOAT32,
  TG_DTYPE_FLOAT64,
  TG_DTYPE_COMPLEX64,
  TG_DTYPE_COMPLEX128,
} TgDType;

TG_AVAILABLE_IN_ALL
const char *tg_dtype_get_name (TgDType dtype);

TG_AVAILABLE_IN_ALL
const char *tg_dtype_get_symbol (TgDType dtype);

TG_AVAILABLE_IN_ALL
gsize tg_dtype_get_size (TgDType dtype);

TG_AVAILABLE_IN_ALL
gboolean tg_dtype_from_name (const char  *name,
                             TgDType     *dtype,
                             GError     **error);

TG_AVAILABLE_IN_ALL
gboolean tg_dtype_can_cast (TgDType from,
                            TgDType to);

TG_AVAILABLE_IN_ALL
TgDType tg_dtype_promote (TgDType first,
                          TgDType second);

G_END_DECLS
