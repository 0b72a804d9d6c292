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
 * @TG_DTYPE_INT32: signed integer of 32 bits
 * @TG_DTYPE_INT64: signed integer of 64 bits
 * @TG_DTYPE_FLOAT32: IEEE 754 binary32
 * @TG_DTYPE_FLOAT64: IEEE 754 binary64
 *
 * The type of a tensor's elements.
 *
 * The numbers leave room for the other types of the array API standard.
 */
typedef enum /*< underscore_name=tg_dtype >*/
{
  TG_DTYPE_BOOL = 0,
  TG_DTYPE_INT32 = 3,
  TG_DTYPE_INT64 = 4,
  TG_DTYPE_FLOAT32 = 11,
  TG_DTYPE_FLOAT64 = 12,
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
TgDType tg_dtype_promote (TgDType first,
                          TgDType second);

G_END_DECLS
