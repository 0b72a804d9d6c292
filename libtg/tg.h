/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define TG_INSIDE

#include "tg-version.h"

#include "tg-accuracy.h"
#include "tg-clone.h"
#include "tg-custom-gradient.h"
#include "tg-dtype.h"
#include "tg-enum-types.h"
#include "tg-error.h"
#include "tg-eval.h"
#include "tg-function-input.h"
#include "tg-function.h"
#include "tg-grad.h"
#include "tg-graph.h"
#include "tg-jacobian.h"
#include "tg-mode.h"
#include "tg-name-scope.h"
#include "tg-op-apply.h"
#include "tg-op.h"
#include "tg-operators.h"
#include "tg-parse.h"
#include "tg-pieces.h"
#include "tg-place.h"
#include "tg-random-streams.h"
#include "tg-rule.h"
#include "tg-scope.h"
#include "tg-shared-variable.h"
#include "tg-subtensor.h"
#include "tg-tensor-dlpack.h"
#include "tg-tensor-file.h"
#include "tg-tensor-type.h"
#include "tg-tensor.h"
#include "tg-test-value-mode.h"
#include "tg-test-value.h"
#include "tg-trace.h"
#include "tg-variable.h"
#include "tg-vectorize.h"
#include "tg-verify-grad.h"

#undef TG_INSIDE
