/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-elf-loader-private.h"

#include <elf.h>
#include <string.h>

/* How many bytes a relocation changes, and 0 if it is not one of those that compilers use where
 * code and constants are close to each other. */
guint
tg_elf_get_width (guint machine,
                  guint kind)
{
  if (machine == EM_X86_64)
    switch (kind)
      {
      case R_X86_64_64:
        return 8;
      case R_X86_64_PC32:
      case R_X86_64_PLT32:
      case R_X86_64_32:
      case R_X86_64_32S:
        return 4;
      default:
        return 0;
      }

  if (machine == EM_AARCH64)
    switch (kind)
      {
      case R_AARCH64_ABS64:
        return 8;
      case R_AARCH64_PREL32:
      case R_AARCH64_CALL26:
      case R_AARCH64_JUMP26:
      case R_AARCH64_ADR_PREL_PG_HI21:
      case R_AARCH64_ADD_ABS_LO12_NC:
      case R_AARCH64_LDST8_ABS_LO12_NC:
      case R_AARCH64_LDST16_ABS_LO12_NC:
      case R_AARCH64_LDST32_ABS_LO12_NC:
      case R_AARCH64_LDST64_ABS_LO12_NC:
      case R_AARCH64_LDST128_ABS_LO12_NC:
        return 4;
      default:
        return 0;
      }

  return 0;
}

static void
write_32 (guint8 *place,
          guint64 value)
{
  guint32 word = GUINT32_TO_LE ((guint32) value);

  memcpy (place, &word, sizeof word);
}

static void
write_64 (guint8 *place,
          guint64 value)
{
  value = GUINT64_TO_LE (value);
  memcpy (place, &value, sizeof value);
}

/* Puts `n` bits of value into an instruction, above the lowest `shift` ones. */
static void
set_field (guint8 *place,
           guint64 value,
           guint   n,
           guint   shift)
{
  guint32 mask = ((G_GUINT64_CONSTANT (1) << n) - 1) & G_MAXUINT32, word;

  memcpy (&word, place, sizeof word);
  word = GUINT32_FROM_LE (word);
  write_32 (place, (word & ~(mask << shift)) | ((guint32) value & mask) << shift);
}

static gboolean
fits_signed (guint64 value,
             guint   n_bits)
{
  guint64 half = G_GUINT64_CONSTANT (1) << (n_bits - 1);

  return value + half < 2 * half;
}

static gboolean
relocate_x86_64 (guint   kind,
                 guint8 *place,
                 guint64 address,
                 guint64 target)
{
  switch (kind)
    {
    case R_X86_64_64:
      write_64 (place, target);
      return TRUE;
    case R_X86_64_PC32:
    case R_X86_64_PLT32:
      write_32 (place, target - address);
      return fits_signed (target - address, 32);
    case R_X86_64_32:
      write_32 (place, target);
      return target <= G_MAXUINT32;
    case R_X86_64_32S:
      write_32 (place, target);
      return fits_signed (target, 32);
    default:
      return FALSE;
    }
}

/* The lower twelve bits of an address, for an instruction that takes units of so many bytes. */
static gboolean
set_low_bits (guint8 *place,
              guint64 target,
              guint   log_unit)
{
  guint64 low = target & 0xfff;

  set_field (place, low >> log_unit, 12 - log_unit, 10);
  return (low & ((1u << log_unit) - 1)) == 0;
}

static gboolean
relocate_aarch64 (guint   kind,
                  guint8 *place,
                  guint64 address,
                  guint64 target)
{
  guint64 distance = target - address, pages = (target >> 12) - (address >> 12);

  switch (kind)
    {
    case R_AARCH64_ABS64:
      write_64 (place, target);
      return TRUE;
    case R_AARCH64_PREL32:
      write_32 (place, distance);
      return fits_signed (distance, 32);
    case R_AARCH64_CALL26:
    case R_AARCH64_JUMP26:
      set_field (place, distance >> 2, 26, 0);
      return fits_signed (distance, 28) && (distance & 3) == 0;
    case R_AARCH64_ADR_PREL_PG_HI21:
      set_field (place, pages, 2, 29);
      set_field (place, pages >> 2, 19, 5);
      return fits_signed (pages << 12, 33);
    case R_AARCH64_ADD_ABS_LO12_NC:
    case R_AARCH64_LDST8_ABS_LO12_NC:
      return set_low_bits (place, target, 0);
    case R_AARCH64_LDST16_ABS_LO12_NC:
      return set_low_bits (place, target, 1);
    case R_AARCH64_LDST32_ABS_LO12_NC:
      return set_low_bits (place, target, 2);
    case R_AARCH64_LDST64_ABS_LO12_NC:
      return set_low_bits (place, target, 3);
    case R_AARCH64_LDST128_ABS_LO12_NC:
      return set_low_bits (place, target, 4);
    default:
      return FALSE;
    }
}

/* FALSE where the target is too far away, or the kind is not known. */
gboolean
tg_elf_relocate (guint    machine,
                 guint    kind,
                 guint8  *place,
                 guint64  address,
                 guint64  target)
{
  if (machine == EM_X86_64)
    return relocate_x86_64 (kind, place, address, target);
  if (machine == EM_AARCH64)
    return relocate_aarch64 (kind, place, address, target);

  return FALSE;
}
