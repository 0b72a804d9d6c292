/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-elf-loader-private.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#if defined (__x86_64__)
# define HOST_MACHINE EM_X86_64
#elif defined (__aarch64__)
# define HOST_MACHINE EM_AARCH64
#else
# define HOST_MACHINE EM_NONE
#endif

/* What is more than this is no code of ours. */
#define MOST_BYTES (64 * 1024 * 1024)
#define MOST_ALIGNMENT 4096

#define NOT_LOADED G_MAXSIZE

typedef struct
{
  guint8 *address;
  gsize   size;
} Function;

struct _TgElfCode
{
  guint8     *memory;
  gsize       size;
  GHashTable *functions; /* name → Function */
};

typedef struct
{
  const guint8 *bytes;
  gsize         size;
  guint         machine;
  guint         n_sections;
  Elf64_Shdr   *sections;
  gsize        *offsets;  /* of each section in memory, or NOT_LOADED */
  guint         symbols;  /* the section that has them */
  gsize         n_symbols;
  TgElfCode    *code;
} Object;

static gboolean
fail (GError    **error,
      const char *what)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "The object of machine code %s", what);
  return FALSE;
}

static gboolean
has_range (gsize   size,
           guint64 offset,
           guint64 length)
{
  return offset <= size && length <= size - offset;
}

static gboolean
read_sections (Object  *object,
               GError **error)
{
  Elf64_Ehdr header;

  if (object->size < sizeof header || object->size > MOST_BYTES)
    return fail (error, "has no header");
  memcpy (&header, object->bytes, sizeof header);
  if (memcmp (header.e_ident, ELFMAG, SELFMAG) != 0 || header.e_ident[EI_CLASS] != ELFCLASS64
      || header.e_ident[EI_DATA] != ELFDATA2LSB || header.e_type != ET_REL)
    return fail (error, "is no relocatable ELF file");
  if (header.e_machine != HOST_MACHINE || G_BYTE_ORDER != G_LITTLE_ENDIAN)
    return fail (error, "is not for this machine");
  if (header.e_shentsize != sizeof (Elf64_Shdr)
      || !has_range (object->size, header.e_shoff, header.e_shnum * sizeof (Elf64_Shdr)))
    return fail (error, "has no table of sections");

  object->machine = header.e_machine;
  object->n_sections = header.e_shnum;
  object->sections = g_new (Elf64_Shdr, object->n_sections);
  memcpy (object->sections, object->bytes + header.e_shoff,
          object->n_sections * sizeof (Elf64_Shdr));
  object->offsets = g_new (gsize, object->n_sections);
  for (guint i = 0; i < object->n_sections; i++)
    {
      const Elf64_Shdr *section = &object->sections[i];

      object->offsets[i] = NOT_LOADED;
      if (section->sh_type != SHT_NULL && section->sh_type != SHT_NOBITS
          && !has_range (object->size, section->sh_offset, section->sh_size))
        return fail (error, "has a section outside of itself");
    }

  return TRUE;
}

/* Gives each section that code needs a place, one behind the other. */
static gboolean
place_sections (Object  *object,
                GError **error)
{
  gsize end = 0;

  for (guint i = 0; i < object->n_sections; i++)
    {
      const Elf64_Shdr *section = &object->sections[i];
      gsize alignment = MAX (section->sh_addralign, 1);

      if (!(section->sh_flags & SHF_ALLOC) || section->sh_size == 0)
        continue;
      if (section->sh_flags & (SHF_WRITE | SHF_TLS) || section->sh_type == SHT_NOBITS)
        return fail (error, "has data that change");
      if (alignment > MOST_ALIGNMENT || (alignment & (alignment - 1)) != 0)
        return fail (error, "has a section of no valid alignment");

      end = (end + alignment - 1) & ~(alignment - 1);
      object->offsets[i] = end;
      end += section->sh_size;
      if (end > MOST_BYTES)
        return fail (error, "is too large");
    }

  object->code->size = end;
  return TRUE;
}

static gboolean
copy_sections (Object  *object,
               GError **error)
{
  TgElfCode *code = object->code;
  gpointer memory;

  if (code->size == 0)
    return TRUE;

  memory = mmap (NULL, code->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
                   "There is no memory for machine code: %s", g_strerror (errno));
      return FALSE;
    }

  code->memory = memory;
  for (guint i = 0; i < object->n_sections; i++)
    if (object->offsets[i] != NOT_LOADED)
      memcpy (code->memory + object->offsets[i], object->bytes + object->sections[i].sh_offset,
              object->sections[i].sh_size);

  return TRUE;
}

static gboolean
find_symbols (Object  *object,
              GError **error)
{
  for (guint i = 0; i < object->n_sections; i++)
    {
      const Elf64_Shdr *section = &object->sections[i];

      if (section->sh_type != SHT_SYMTAB)
        continue;
      if (object->symbols != 0 || section->sh_entsize != sizeof (Elf64_Sym)
          || section->sh_link >= object->n_sections
          || object->sections[section->sh_link].sh_type != SHT_STRTAB)
        return fail (error, "has no valid table of symbols");

      object->symbols = i;
      object->n_symbols = section->sh_size / sizeof (Elf64_Sym);
    }

  return TRUE;
}

static void
read_symbol (Object    *object,
             gsize      index,
             Elf64_Sym *symbol)
{
  const Elf64_Shdr *section = &object->sections[object->symbols];

  memcpy (symbol, object->bytes + section->sh_offset + index * sizeof *symbol, sizeof *symbol);
}

/* Whether the symbol is a place in memory. */
static gboolean
is_loaded (Object          *object,
           const Elf64_Sym *symbol)
{
  return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx < object->n_sections
         && object->offsets[symbol->st_shndx] != NOT_LOADED
         && symbol->st_value <= object->sections[symbol->st_shndx].sh_size;
}

static gboolean
apply_relocation (Object           *object,
                  guint             section,
                  const Elf64_Rela *relocation,
                  GError          **error)
{
  guint kind = (guint) ELF64_R_TYPE (relocation->r_info);
  gsize index = ELF64_R_SYM (relocation->r_info);
  guint width = tg_elf_get_width (object->machine, kind);
  Elf64_Sym symbol;
  guint64 target;
  guint8 *place;

  if (width == 0)
    return fail (error, "has a relocation of a kind that is not known");
  if (!has_range (object->sections[section].sh_size, relocation->r_offset, width))
    return fail (error, "has a relocation outside of its section");
  if (index >= object->n_symbols)
    return fail (error, "has a relocation for no symbol");

  read_symbol (object, index, &symbol);
  if (!is_loaded (object, &symbol))
    return fail (error, "refers to what is not in it");

  place = object->code->memory + object->offsets[section] + relocation->r_offset;
  target = (guint64) (guintptr) object->code->memory + object->offsets[symbol.st_shndx]
           + symbol.st_value + (guint64) relocation->r_addend;
  if (!tg_elf_relocate (object->machine, kind, place, (guint64) (guintptr) place, target))
    return fail (error, "has a relocation that does not reach");

  return TRUE;
}

static gboolean
apply_relocations (Object  *object,
                   GError **error)
{
  for (guint i = 0; i < object->n_sections; i++)
    {
      const Elf64_Shdr *section = &object->sections[i];

      if (section->sh_type == SHT_REL)
        return fail (error, "has relocations of the short form");
      if (section->sh_type != SHT_RELA)
        continue;
      if (section->sh_info >= object->n_sections || section->sh_entsize != sizeof (Elf64_Rela))
        return fail (error, "has relocations of no section");
      if (object->offsets[section->sh_info] == NOT_LOADED)
        continue;

      for (gsize at = 0; at + sizeof (Elf64_Rela) <= section->sh_size; at += sizeof (Elf64_Rela))
        {
          Elf64_Rela relocation;

          memcpy (&relocation, object->bytes + section->sh_offset + at, sizeof relocation);
          if (!apply_relocation (object, section->sh_info, &relocation, error))
            return FALSE;
        }
    }

  return TRUE;
}

static gboolean
list_functions (Object  *object,
                GError **error)
{
  const Elf64_Shdr *names;

  if (object->symbols == 0)
    return TRUE;

  names = &object->sections[object->sections[object->symbols].sh_link];
  for (gsize i = 0; i < object->n_symbols; i++)
    {
      const char *first = (const char *) object->bytes + names->sh_offset;
      Function *function;
      Elf64_Sym symbol;

      read_symbol (object, i, &symbol);
      if (ELF64_ST_TYPE (symbol.st_info) != STT_FUNC)
        continue;
      if (!is_loaded (object, &symbol)
          || symbol.st_value == object->sections[symbol.st_shndx].sh_size
          || symbol.st_name >= names->sh_size
          || memchr (first + symbol.st_name, '\0', names->sh_size - symbol.st_name) == NULL)
        return fail (error, "has a function without place or name");

      function = g_new (Function, 1);
      function->address = object->code->memory + object->offsets[symbol.st_shndx]
                          + symbol.st_value;
      function->size = symbol.st_size;
      g_hash_table_insert (object->code->functions, g_strdup (first + symbol.st_name), function);
    }

  return TRUE;
}

/* From here on the memory cannot be written, and it never can be while it can be executed. */
static gboolean
make_executable (TgElfCode *code,
                 GError   **error)
{
  if (code->memory == NULL)
    return TRUE;

  __builtin___clear_cache ((char *) code->memory, (char *) code->memory + code->size);
  if (mprotect (code->memory, code->size, PROT_READ | PROT_EXEC) == 0)
    return TRUE;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno),
               "Memory cannot be made executable: %s", g_strerror (errno));
  return FALSE;
}

TgElfCode *
tg_elf_code_new (GBytes  *bytes,
                 GError **error)
{
  g_autoptr (TgElfCode) code = g_new0 (TgElfCode, 1);
  Object object = { .code = code };
  gboolean loaded;

  object.bytes = g_bytes_get_data (bytes, &object.size);
  code->functions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  loaded = read_sections (&object, error) && place_sections (&object, error)
           && copy_sections (&object, error) && find_symbols (&object, error)
           && apply_relocations (&object, error) && list_functions (&object, error)
           && make_executable (code, error);
  g_free (object.sections);
  g_free (object.offsets);
  return loaded ? g_steal_pointer (&code) : NULL;
}

void
tg_elf_code_free (TgElfCode *self)
{
  g_clear_pointer (&self->functions, g_hash_table_unref);
  if (self->memory != NULL)
    munmap (self->memory, self->size);
  g_free (self);
}

gpointer
tg_elf_code_lookup (TgElfCode  *self,
                    const char *name)
{
  const Function *function = g_hash_table_lookup (self->functions, name);

  return function != NULL ? function->address : NULL;
}

gsize
tg_elf_code_get_size (TgElfCode  *self,
                      const char *name)
{
  const Function *function = g_hash_table_lookup (self->functions, name);

  return function != NULL ? function->size : 0;
}
