/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-code-private.h"

#include <dlfcn.h>

#include "tg-code-cache-private.h"
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

/* Opens the module once, and remembers it if that fails. */
static TgLlvmCompileFunc
find_compiler (GError **error)
{
  static gsize tried = 0;
  static TgLlvmCompileFunc compile;
  static char *message;

  if (g_once_init_enter (&tried))
    {
      void *module = open_module (&message);

      if (module != NULL)
        compile = (TgLlvmCompileFunc) dlsym (module, "tg_llvm_compile");
      g_once_init_leave (&tried, 1);
    }

  if (compile == NULL)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "There is no compiler of loops: %s",
                 message != NULL ? message : "its module is another one");

  return compile;
}

gboolean
tg_code_load (GError **error)
{
  return find_compiler (error) != NULL;
}

TgElfCode *
tg_code_find (const TgCpuLoop *const *loops,
              guint                   n_loops)
{
  TgCodeCache *cache = tg_code_cache_get_default ();
  g_autofree char *key = NULL;
  g_autoptr (GBytes) object = NULL;

  if (cache == NULL)
    return NULL;

  key = tg_code_make_key (loops, n_loops, NULL);
  object = tg_code_cache_load (cache, key);
  return object != NULL ? tg_elf_code_new (object, NULL) : NULL;
}

TgElfCode *
tg_code_compile (const TgCpuLoop *const *loops,
                 guint                   n_loops,
                 GError                **error)
{
  TgCodeCache *cache = tg_code_cache_get_default ();
  TgLlvmCompileFunc compile = find_compiler (error);
  g_autoptr (GBytes) object = NULL;
  TgElfCode *code;

  if (compile == NULL)
    return NULL;

  object = compile (loops, n_loops, NULL, error);
  code = object != NULL ? tg_elf_code_new (object, error) : NULL;
  if (code != NULL && cache != NULL)
    {
      g_autofree char *key = tg_code_make_key (loops, n_loops, NULL);

      tg_code_cache_store (cache, key, object);
    }

  return code;
}
