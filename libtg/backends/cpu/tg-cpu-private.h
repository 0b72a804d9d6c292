/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "tg-reference-private.h"

G_BEGIN_DECLS

/* Elementwise operators in as few passes over memory as possible, by vector instructions;
 * reductions, products and draws by their own loops, and the rest as the reference backend does
 * it. */
extern const TgBackend tg_cpu_backend;

TgTensor *tg_cpu_run_reduce   (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);
TgTensor *tg_cpu_run_contract (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);
TgTensor *tg_cpu_run_draw     (TgVariable          *variable,
                               TgTensor *const     *inputs,
                               const TgRunOptions  *options,
                               GError             **error);

G_END_DECLS
