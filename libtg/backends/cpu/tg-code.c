/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-code-private.h"

#include <dlfcn.h>

#include "tg-cpu-kernels-private.h"
#include "tg-disk-cache-private.h"
#include "tg-llvm-private.h"

#define MODULE "libtg-llvm-1.so"

/* A build is used without having been installed; then TG_MODULE_DIR says where the module is. */
static void *
open_module (char **message)
{
  const char *folder = g_getenv ("TG_MODULE_DIR");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : MODULEDIR, MODULE, NULL);
  /* LLVM cannot be unloaded: it leaves destructors of threads behind. */
  void *module = dlopen (path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);

  if (module == NULL)
    *message = g_strdup (dlerror ());

  return module;
}

/* What the module has under that name.  It is opened once, and it is remembered if that fails. */
static gpointer
find_symbol (const char  *name,
             GError     **error)
{
  static gsize tried = 0;
  static void *module;
  static char *message;
  gpointer symbol;

  if (g_once_init_enter (&tried))
    {
      module = open_module (&message);
      g_once_init_leave (&tried, 1);
    }

  symbol = module != NULL ? dlsym (module, name) : NULL;
  if (symbol == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no compiler of loops: %s",
                 message != NULL ? message : "its module is another one");

  return symbol;
}

/* What to compile for, if that is less than this machine; or NULL. */
static const TgLlvmTarget *
get_target (TgLlvmTarget *lower)
{
  *lower = (TgLlvmTarget) { .cpu = tg_cpu_get_lower_level () };

  return lower->cpu != NULL ? lower : NULL;
}

gboolean
tg_code_load (GError **error)
{
  return find_symbol ("tg_llvm_compile", error) != NULL;
}

TgElfCode *
tg_code_find (const TgCpuLoop *const *loops,
              guint                   n_loops)
{
  TgDiskCache *cache = tg_disk_cache_get_default ();
  g_autofree char *key = NULL;
  g_autoptr (GBytes) object = NULL;

  if (cache == NULL)
    return NULL;

  key = tg_code_make_key (loops, n_loops, NULL);
  object = tg_disk_cache_load (cache, key);
  return object != NULL ? tg_elf_code_new (object, NULL) : NULL;
}

TgElfCode *
tg_code_compile (const TgCpuLoop *const *loops,
                 guint                   n_loops,
                 GError                **error)
{
  TgDiskCache *cache = tg_disk_cache_get_default ();
  TgLlvmCompileFunc compile = (TgLlvmCompileFunc) find_symbol ("tg_llvm_compile", error);
  g_autoptr (GBytes) object = NULL;
  TgLlvmTarget lower;
  TgElfCode *code;

  if (compile == NULL)
    return NULL;

  object = compile (loops, n_loops, get_target (&lower), error);
  code = object != NULL ? tg_elf_code_new (object, error) : NULL;
  if (code != NULL && cache != NULL)
    {
      g_autofree char *key = tg_code_make_key (loops, n_loops, NULL);

      tg_disk_cache_store (cache, key, object);
    }

  return code;
}

char *
tg_code_print (const TgCpuLoop *loop,
               GError         **error)
{
  TgLlvmPrintFunc print = (TgLlvmPrintFunc) find_symbol ("tg_llvm_print", error);
  TgLlvmPrintFunc print_assembly = NULL;
  g_autofree char *text = NULL;
  g_autofree char *assembly = NULL;
  TgLlvmTarget lower;

  if (print != NULL)
    print_assembly = (TgLlvmPrintFunc) find_symbol ("tg_llvm_print_assembly", error);
  if (print_assembly == NULL)
    return NULL;

  text = print (&loop, 1, get_target (&lower), error);
  assembly = text != NULL ? print_assembly (&loop, 1, get_target (&lower), error) : NULL;

  return assembly != NULL ? g_strconcat (text, "\n", assembly, NULL) : NULL;
}

gboolean
tg_code_supports (const TgCpuLoop *loop,
                  GError         **error)
{
  TgLlvmSupportsFunc supports = (TgLlvmSupportsFunc) find_symbol ("tg_llvm_supports", error);

  for (guint i = 0; supports != NULL && i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);

      if (step->kind == TG_CPU_STEP_APPLY && !supports (step->op, step->dtype))
        return FALSE;
    }

  return supports != NULL;
}
