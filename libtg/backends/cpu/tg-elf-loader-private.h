/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Machine code in memory, from an ELF object such as compilers make: functions and constants,
 * which call nothing from outside and keep nothing that changes. */
typedef struct _TgElfCode TgElfCode;

/* Any bytes will do: those that are no such object, or a damaged one, are an error. */
TgElfCode *tg_elf_code_new    (GBytes      *object,
                               GError     **error);
/* Nothing of it may run any more. */
void       tg_elf_code_free   (TgElfCode   *self);
/* NULL where there is no function of that name. */
gpointer   tg_elf_code_lookup (TgElfCode   *self,
                               const char  *name);
/* How many bytes the function is said to have. */
gsize      tg_elf_code_get_size (TgElfCode   *self,
                                 const char  *name);

/* Changes what lies at `place`, which will be found at `address`, to refer to `target`; and how
 * many bytes that are, or 0 for a kind of relocation that is not known.  For one machine of ELF's
 * and its own numbers of kinds. */
guint      tg_elf_get_width   (guint        machine,
                               guint        kind);
gboolean   tg_elf_relocate    (guint        machine,
                               guint        kind,
                               guint8      *place,
                               guint64      address,
                               guint64      target);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TgElfCode, tg_elf_code_free)

G_END_DECLS
