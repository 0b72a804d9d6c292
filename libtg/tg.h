/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define TG_INSIDE

#include "tg-version.h"

#include "tg-dtype.h"
#include "tg-enum-types.h"
#include "tg-error.h"
#include "tg-tensor-type.h"
#include "tg-tensor.h"

#undef TG_INSIDE
