/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * The kernels as C functions, tgk_<word>_<dtype> (). README.md has the list.
 */

#pragma once

#include <complex.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#undef I
#undef complex

#include "scalar.h"
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
#include "scalar.h"
#include "notation.h"

#include "float32.h"

#include "unmap.h"

#include "integer.h"
#include "words.h"
#include "half.h"
#include "complex-numbers.h"
#include "casts.h"
#include "random.h"
#include "distributions.h"
#include "quantiles.h"
