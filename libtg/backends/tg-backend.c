/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-backend.h"

#include "tg-reference-private.h"

const TgBackend *
tg_backend_get_default (void)
{
  return &tg_reference_backend;
}
