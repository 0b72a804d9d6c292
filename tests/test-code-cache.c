/* SPDX-License-Identifier: LGPL-2.1-or-later */

/*
 * Machine code is loaded from objects, and from a folder of them, and damage to either is noticed.
 */

#include "config.h"

#include <elf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "tg-code-private.h"
#include "tg-cpu-native-private.h"
#include "tg-disk-cache-private.h"
#include "tg-elf-loader-private.h"
#include "tg-op-private.h"

#include "test-loops.h"

#define KEY "0123456789abcdef"

/* What an object has, in this order: no section, code, constants, relocations, symbols, names. */
typedef struct
{
  Elf64_Ehdr header;
  Elf64_Shdr sections[6];
  guint8     code[16];
  guint32    constants[4];
  Elf64_Rela relocations[1];
  Elf64_Sym  symbols[3];
  char       names[16];
} Sample;

static void
describe (Sample *sample,
          guint   index,
          guint32 type,
          guint64 flags,
          gsize   offset,
          gsize   size,
          gsize   entry)
{
  Elf64_Shdr *section = &sample->sections[index];

  section->sh_type = type;
  section->sh_flags = flags;
  section->sh_offset = offset;
  section->sh_size = size;
  section->sh_entsize = entry;
  section->sh_addralign = 16;
}

#define DESCRIBE(index, type, flags, part, entry) \
  describe (sample, index, type, flags, G_STRUCT_OFFSET (Sample, part), sizeof sample->part, entry)

/* int get (void) gives the third constant, 42. */
static void
make_sample (Sample *sample)
{
  static const guint8 code[] = { 0x8b, 0x05, 0, 0, 0, 0, 0xc3 };

  memset (sample, 0, sizeof *sample);
  memcpy (sample->header.e_ident, ELFMAG, SELFMAG);
  sample->header.e_ident[EI_CLASS] = ELFCLASS64;
  sample->header.e_ident[EI_DATA] = ELFDATA2LSB;
  sample->header.e_type = ET_REL;
  sample->header.e_machine = EM_X86_64;
  sample->header.e_shoff = G_STRUCT_OFFSET (Sample, sections);
  sample->header.e_shentsize = sizeof (Elf64_Shdr);
  sample->header.e_shnum = G_N_ELEMENTS (sample->sections);
  DESCRIBE (1, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, code, 0);
  DESCRIBE (2, SHT_PROGBITS, SHF_ALLOC, constants, 0);
  DESCRIBE (3, SHT_RELA, 0, relocations, sizeof (Elf64_Rela));
  DESCRIBE (4, SHT_SYMTAB, 0, symbols, sizeof (Elf64_Sym));
  DESCRIBE (5, SHT_STRTAB, 0, names, 0);
  sample->sections[3].sh_info = 1;
  sample->sections[3].sh_link = 4;
  sample->sections[4].sh_link = 5;

  memcpy (sample->code, code, sizeof code);
  sample->constants[2] = 42;
  sample->relocations[0].r_offset = 2;
  sample->relocations[0].r_info = ELF64_R_INFO (1, R_X86_64_PC32);
  sample->relocations[0].r_addend = 8 - 4;
  sample->symbols[1].st_shndx = 2;
  sample->symbols[2].st_shndx = 1;
  sample->symbols[2].st_name = 1;
  sample->symbols[2].st_info = ELF64_ST_INFO (STB_GLOBAL, STT_FUNC);
  strcpy (sample->names + 1, "get");
}

static TgElfCode *
load (const void *bytes,
      gsize       size,
      GError    **error)
{
  /* A copy that ends where it ends, so that a sanitizer sees what is read behind it. */
  g_autoptr (GBytes) object = g_bytes_new (bytes, size);

  return tg_elf_code_new (object, error);
}

static void
test_code_is_loaded (void)
{
#ifdef __x86_64__
  g_autoptr (GError) error = NULL;
  g_autoptr (TgElfCode) code = NULL;
  Sample sample;
  int (* get) (void);

  make_sample (&sample);
  code = load (&sample, sizeof sample, &error);
  g_assert_no_error (error);
  get = (int (*) (void)) tg_elf_code_lookup (code, "get");
  g_assert_nonnull (get);
  g_assert_cmpint (get (), ==, 42);
  g_assert_null (tg_elf_code_lookup (code, "got"));
#else
  g_test_skip ("the code is for x86-64");
#endif
}

static void
test_what_is_not_in_an_object_is_an_error (void)
{
#ifdef __x86_64__
  Sample sample;

#define CHANGED(change, what) \
  G_STMT_START \
    { \
      g_autoptr (GError) error = NULL; \
      make_sample (&sample); \
      change; \
      g_assert_null (load (&sample, sizeof sample, &error)); \
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA); \
      g_assert_cmpstr (error->message, ==, "The object of machine code " what); \
    } \
  G_STMT_END

  CHANGED (sample.symbols[1].st_shndx = SHN_UNDEF, "refers to what is not in it");
  CHANGED (sample.header.e_machine = EM_386, "is not for this machine");
  CHANGED (sample.header.e_type = ET_DYN, "is no relocatable ELF file");
  CHANGED (sample.sections[2].sh_flags |= SHF_WRITE, "has data that change");
  CHANGED (sample.sections[2].sh_size = G_MAXUINT64 - 8, "has a section outside of itself");
  CHANGED (sample.sections[2].sh_addralign = 24, "has a section of no valid alignment");
  CHANGED (sample.relocations[0].r_offset = 13, "has a relocation outside of its section");
  CHANGED (sample.relocations[0].r_addend = G_MAXUINT32, "has a relocation that does not reach");
  CHANGED (sample.relocations[0].r_info = ELF64_R_INFO (3, R_X86_64_PC32),
           "has a relocation for no symbol");
  CHANGED (sample.relocations[0].r_info = ELF64_R_INFO (1, R_X86_64_TPOFF32),
           "has a relocation of a kind that is not known");
  CHANGED (sample.symbols[2].st_name = 16, "has a function without place or name");
#else
  g_test_skip ("the object is for x86-64");
#endif
}

/* Code is loaded or is not; it is not run, since a byte of it may be another one. */
static void
test_damage_is_no_crash (void)
{
  guint64 state = 1;
  guint n_loaded = 0;
  Sample sample;

  for (gsize size = 0; size < sizeof sample; size++)
    {
      g_autoptr (TgElfCode) code = NULL;

      make_sample (&sample);
      code = load (&sample, size, NULL);
    }

  for (guint i = 0; i < 20000; i++)
    {
      g_autoptr (TgElfCode) code = NULL;
      guint n_changes = 1 + i % 3;

      make_sample (&sample);
      for (guint k = 0; k < n_changes; k++)
        {
          guint64 bits = next_bits (&state);
          guint8 *byte = (guint8 *) &sample + bits % sizeof sample;

          *byte = i & 1 ? (guint8) (*byte ^ 1u << (bits >> 32 & 7)) : (guint8) (bits >> 40);
        }
      code = load (&sample, sizeof sample, NULL);
      n_loaded += code != NULL;
    }

  g_test_message ("%u of 20000 were loaded", n_loaded);
}

static guint32
relocate (guint   kind,
          guint32 before,
          guint64 address,
          guint64 target,
          gboolean reaches)
{
  guint32 word = GUINT32_TO_LE (before);
  gboolean done = tg_elf_relocate (EM_AARCH64, kind, (guint8 *) &word, address, target);

  g_assert_cmpuint (tg_elf_get_width (EM_AARCH64, kind), ==, 4);
  g_assert_cmpint (done, ==, reaches);
  return GUINT32_FROM_LE (word);
}

/* Of adrp x0; add x0, x0; ldr d0, [x0]; ldr q0, [x0]; bl. */
static void
test_arm_addresses_are_put_into_instructions (void)
{
  g_assert_cmphex (relocate (R_AARCH64_ADR_PREL_PG_HI21, 0x90000000, 0x401000, 0x412345, TRUE), ==,
                   0xb0000080);
  g_assert_cmphex (relocate (R_AARCH64_ADR_PREL_PG_HI21, 0x90000000, 0x412000, 0x401008, TRUE), ==,
                   0xf0ffff60);
  g_assert_cmphex (relocate (R_AARCH64_ADD_ABS_LO12_NC, 0x91000000, 0x401000, 0x412345, TRUE), ==,
                   0x910d1400);
  g_assert_cmphex (relocate (R_AARCH64_LDST64_ABS_LO12_NC, 0xfd400000, 0x401000, 0x412348, TRUE),
                   ==, 0xfd41a400);
  g_assert_cmphex (relocate (R_AARCH64_LDST128_ABS_LO12_NC, 0x3dc00000, 0x401000, 0x412340, TRUE),
                   ==, 0x3dc0d000);
  relocate (R_AARCH64_LDST128_ABS_LO12_NC, 0x3dc00000, 0x401000, 0x412348, FALSE);
  g_assert_cmphex (relocate (R_AARCH64_CALL26, 0x94000000, 0x401000, 0x400ffc, TRUE), ==,
                   0x97ffffff);
  relocate (R_AARCH64_CALL26, 0x94000000, 0, 0x8000000, FALSE);
}

typedef struct
{
  char        *folder;
  TgDiskCache *cache;
} Fixture;

static void
set_up (Fixture      *fixture,
        gconstpointer data)
{
  fixture->folder = g_dir_make_tmp ("tg-cache-XXXXXX", NULL);
  fixture->cache = tg_disk_cache_new (fixture->folder, 1024 * 1024);
  g_assert_nonnull (fixture->cache);
}

static void
tear_down (Fixture      *fixture,
           gconstpointer data)
{
  g_autoptr (GDir) folder = NULL;
  const char *name;

  g_chmod (fixture->folder, 0700);
  folder = g_dir_open (fixture->folder, 0, NULL);
  while ((name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (fixture->folder);
  tg_disk_cache_free (fixture->cache);
  g_free (fixture->folder);
}

static guint
count_files (Fixture *fixture)
{
  g_autoptr (GDir) folder = g_dir_open (fixture->folder, 0, NULL);
  guint n = 0;

  while (g_dir_read_name (folder) != NULL)
    n++;
  return n;
}

static void
store_text (TgDiskCache *cache,
            const char  *key,
            const char  *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

  tg_disk_cache_store (cache, key, bytes);
}

static void
assert_text (TgDiskCache *cache,
             const char  *key,
             const char  *text)
{
  g_autoptr (GBytes) found = tg_disk_cache_load (cache, key);

  if (text == NULL)
    {
      g_assert_null (found);
      return;
    }

  g_assert_nonnull (found);
  g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), text, strlen (text));
}

static void
test_what_is_stored_is_loaded (Fixture      *fixture,
                               gconstpointer data)
{
  g_autoptr (TgDiskCache) other = tg_disk_cache_new (fixture->folder, 64 * 1024);

  assert_text (fixture->cache, KEY, NULL);
  store_text (fixture->cache, KEY, "code");
  assert_text (fixture->cache, KEY, "code");
  assert_text (fixture->cache, "fedcba", NULL);
  assert_text (other, KEY, "code");
  store_text (other, KEY, "other code");
  assert_text (fixture->cache, KEY, "other code");
  g_assert_cmpuint (count_files (fixture), ==, 1);
}

static void
test_damaged_entries_are_replaced (Fixture      *fixture,
                                   gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, KEY, NULL);
  g_autofree char *whole = NULL;
  gsize size;

  store_text (fixture->cache, KEY, "this is code");
  g_assert_true (g_file_get_contents (path, &whole, &size, NULL));
  for (gsize i = 0; i < size; i++)
    {
      whole[i] ^= 4;
      g_assert_true (g_file_set_contents (path, whole, (gssize) size, NULL));
      g_assert_cmpint (g_chmod (path, 0600), ==, 0);
      assert_text (fixture->cache, KEY, NULL);
      whole[i] ^= 4;

      g_assert_true (g_file_set_contents (path, whole, (gssize) i, NULL));
      assert_text (fixture->cache, KEY, NULL);
    }

  store_text (fixture->cache, KEY, "this is code");
  assert_text (fixture->cache, KEY, "this is code");
}

static void
test_an_entry_has_its_key (Fixture      *fixture,
                           gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, KEY, NULL);
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);

  store_text (fixture->cache, KEY, "code");
  g_assert_cmpint (g_rename (path, other), ==, 0);
  assert_text (fixture->cache, "other", NULL);
}

static void
test_what_others_can_write_is_not_used (Fixture      *fixture,
                                        gconstpointer data)
{
  g_autofree char *path = g_build_filename (fixture->folder, KEY, NULL);
  g_autofree char *link = g_build_filename (fixture->folder, "link", NULL);

  store_text (fixture->cache, KEY, "code");
  g_assert_cmpint (symlink (path, link), ==, 0);
  assert_text (fixture->cache, "link", NULL);
  g_assert_cmpint (g_chmod (path, 0620), ==, 0);
  assert_text (fixture->cache, KEY, NULL);

  for (guint i = 0; i < 2; i++)
    {
      g_assert_cmpint (g_chmod (fixture->folder, i == 0 ? 0770 : 0707), ==, 0);
      g_assert_null (tg_disk_cache_new (fixture->folder, 64 * 1024));
    }

  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_clear_pointer (&fixture->cache, tg_disk_cache_free);
  fixture->cache = tg_disk_cache_new (fixture->folder, 64 * 1024);
  g_assert_nonnull (fixture->cache);
}

static void
test_failures_are_silent (Fixture      *fixture,
                          gconstpointer data)
{
  g_autofree char *file = g_build_filename (fixture->folder, KEY, NULL);
  g_autofree char *inside = g_build_filename (file, "libtg", NULL);

  store_text (fixture->cache, KEY, "code");
  g_assert_null (tg_disk_cache_new (file, 64 * 1024));
  g_assert_null (tg_disk_cache_new (inside, 64 * 1024));

  /* Root may write where it may not. */
  g_assert_cmpint (g_chmod (fixture->folder, 0500), ==, 0);
  store_text (fixture->cache, "new", "new code");
  assert_text (fixture->cache, KEY, "code");
  if (geteuid () != 0)
    assert_text (fixture->cache, "new", NULL);

  /* A folder that is gone. */
  g_assert_cmpint (g_chmod (fixture->folder, 0700), ==, 0);
  g_remove (file);
  g_clear_pointer (&file, g_free);
  file = g_build_filename (fixture->folder, "new", NULL);
  g_remove (file);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  store_text (fixture->cache, KEY, "code");
  assert_text (fixture->cache, KEY, NULL);
  g_assert_cmpint (g_mkdir (fixture->folder, 0700), ==, 0);
}

static void
test_the_oldest_entries_go (Fixture      *fixture,
                            gconstpointer data)
{
  g_autofree char *text = g_strnfill (100 * 1024, 'x');
  g_autoptr (TgDiskCache) second = tg_disk_cache_new (fixture->folder, 1024 * 1024);

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *key = g_strdup_printf ("%02u", i);

      store_text (i % 3 ? fixture->cache : second, key, text);
      assert_text (fixture->cache, "00", text); /* which is used, so it stays */
      g_usleep (2000);
    }

  assert_text (fixture->cache, "01", NULL);
  assert_text (fixture->cache, "29", text);
  g_assert_cmpuint (count_files (fixture), <=, 20);
  g_assert_cmpuint (count_files (fixture), >=, 5);
}

/* A disk has no room for millions of them. */
static void
test_small_entries_count_a_block (Fixture      *fixture,
                                  gconstpointer data)
{
  g_autoptr (TgDiskCache) small = tg_disk_cache_new (fixture->folder, 64 * 1024);

  for (guint i = 0; i < 50; i++)
    {
      g_autofree char *key = g_strdup_printf ("%02u", i);

      store_text (small, key, "ab");
    }

  assert_text (small, "49", "ab");
  g_assert_cmpuint (count_files (fixture), <=, 16);
}

static gpointer
use_cache (gpointer data)
{
  TgDiskCache *cache = data;

  for (guint i = 0; i < 200; i++)
    {
      g_autofree char *key = g_strdup_printf ("%u", i % 7);
      g_autofree char *text = g_strnfill (1 + i % 7 * 5000, 'x');
      g_autoptr (GBytes) found = tg_disk_cache_load (cache, key);

      if (found != NULL)
        g_assert_cmpmem (g_bytes_get_data (found, NULL), g_bytes_get_size (found), text,
                         strlen (text));
      store_text (cache, key, text);
    }

  return NULL;
}

static void
test_threads_share_a_folder (Fixture      *fixture,
                             gconstpointer data)
{
  GThread *threads[4];

  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    threads[i] = g_thread_new ("cache", use_cache, fixture->cache);
  for (guint i = 0; i < G_N_ELEMENTS (threads); i++)
    g_thread_join (threads[i]);
  g_assert_cmpuint (count_files (fixture), ==, 7);
}

static char *
make_key (TgOpId      op,
          TgDType     dtype,
          const char *machine)
{
  g_autoptr (TgCpuLoop) loop = loop_new_apply (op, dtype);

  return tg_code_make_key ((const TgCpuLoop *const *) &loop, 1, machine);
}

static void
test_keys_differ_as_code_does (void)
{
  g_autofree char *key = make_key (TG_OP_EXP, TG_DTYPE_FLOAT64, NULL);
  g_autofree char *same = make_key (TG_OP_EXP, TG_DTYPE_FLOAT64, NULL);
  g_autofree char *op = make_key (TG_OP_LOG, TG_DTYPE_FLOAT64, NULL);
  g_autofree char *dtype = make_key (TG_OP_EXP, TG_DTYPE_FLOAT32, NULL);
  g_autofree char *machine = make_key (TG_OP_EXP, TG_DTYPE_FLOAT64, "another machine");
  g_autoptr (TgCpuLoop) sum = loop_new ();
  guint x = loop_load (sum, TG_DTYPE_FLOAT64, 1), y = loop_load (sum, TG_DTYPE_FLOAT64, 2);
  TgCpuLoop *loops[2] = { sum, sum };
  g_autofree char *once = NULL, *twice = NULL, *other = NULL;

  g_assert_cmpstr (key, ==, same);
  g_assert_cmpuint (strlen (key), ==, 64);
  g_assert_cmpstr (key, !=, op);
  g_assert_cmpstr (key, !=, dtype);
  g_assert_cmpstr (key, !=, machine);

  loop_store (sum, loop_apply_2 (sum, TG_OP_SUBTRACT, x, y), 0);
  once = tg_code_make_key ((const TgCpuLoop *const *) loops, 1, NULL);
  twice = tg_code_make_key ((const TgCpuLoop *const *) loops, 2, NULL);
  g_array_index (sum->steps, TgCpuStep, 2).inputs[0] = y;
  g_array_index (sum->steps, TgCpuStep, 2).inputs[1] = x;
  other = tg_code_make_key ((const TgCpuLoop *const *) loops, 1, NULL);
  g_assert_cmpstr (once, !=, twice);
  g_assert_cmpstr (once, !=, other);
}

/* Negates what operand 1 has, in whole vectors. */
static void
negate (gsize        count,
        char *const *data)
{
  g_assert_cmpuint (count, >, 0);
  g_assert_cmpuint (count % TG_CPU_LOOP_MULTIPLE, ==, 0);
  for (gsize i = 0; i < count; i++)
    ((float *) data[0])[i] = -((float *) data[1])[i];
}

static void
test_code_runs_for_any_count (void)
{
  g_autoptr (TgCpuLoop) loop = loop_new_apply (TG_OP_NEGATIVE, TG_DTYPE_FLOAT32);
  g_autoptr (TgCpuNative) code = tg_cpu_native_new (negate, loop);

  for (gsize count = 0; count < 40; count++)
    {
      g_autofree float *x = g_new (float, count), *y = g_new (float, count);

      for (gsize i = 0; i < count; i++)
        x[i] = (float) i;
      tg_cpu_native_run (code, count, (char *[]) { (char *) y, (char *) x });
      tg_cpu_native_run (code, count, (char *[]) { (char *) x, (char *) x });
      for (gsize i = 0; i < count; i++)
        {
          g_assert_cmpfloat (x[i], ==, -(float) i);
          g_assert_cmpfloat (y[i], ==, -(float) i);
        }
    }
}

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/loader/code-is-loaded", test_code_is_loaded);
  g_test_add_func ("/loader/missing-parts", test_what_is_not_in_an_object_is_an_error);
  g_test_add_func ("/loader/damage", test_damage_is_no_crash);
  g_test_add_func ("/loader/arm", test_arm_addresses_are_put_into_instructions);
  g_test_add_func ("/code/any-count", test_code_runs_for_any_count);
  g_test_add_func ("/cache/keys", test_keys_differ_as_code_does);
  ADD ("/cache/stored", test_what_is_stored_is_loaded);
  ADD ("/cache/damaged", test_damaged_entries_are_replaced);
  ADD ("/cache/renamed", test_an_entry_has_its_key);
  ADD ("/cache/private", test_what_others_can_write_is_not_used);
  ADD ("/cache/failures", test_failures_are_silent);
  ADD ("/cache/oldest", test_the_oldest_entries_go);
  ADD ("/cache/small-entries", test_small_entries_count_a_block);
  ADD ("/cache/threads", test_threads_share_a_folder);
  return g_test_run ();
}
