/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-code-private.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tg-code-private.h"
#include "tg-debug-private.h"

/* When loops become machine code, as the environment variable TG_COMPILE says: `never`; `now`,
 * before they run; or else, once they have run for about as long as that takes, in the background.
 * The first compilation of all is in the call: where a process ends, LLVM would lose what it is
 * making for itself. */
typedef enum
{
  WHEN_NEVER,
  WHEN_LATER,
  WHEN_NOW,
} When;

/* Steps times elements, of about a nanosecond each, after which it pays to look into the cache, to
 * compile in another thread, and to load LLVM in that of the call. */
#define KNOWN ((gsize) 1024 * 1024)
#define WARM ((gsize) 8 * 1024 * 1024)
#define HOT ((gsize) 48 * 1024 * 1024)

static gpointer
read_when (gpointer data G_GNUC_UNUSED)
{
  const char *text = g_getenv ("TG_COMPILE");

  if (g_strcmp0 (text, "now") == 0)
    return GINT_TO_POINTER (WHEN_NOW);

  return GINT_TO_POINTER (g_strcmp0 (text, "never") == 0 ? WHEN_NEVER : WHEN_LATER);
}

static When
get_when (void)
{
  static GOnce once = G_ONCE_INIT;

  return (When) GPOINTER_TO_INT (g_once (&once, read_when, NULL));
}

/* A line of the file in which perf looks for the names of functions that no file has; see
 * tools/perf/Documentation/jit-interface.txt of Linux. */
static void
note_for_perf (const TgCpuCode *self,
               gconstpointer    address,
               gsize            size)
{
  g_autofree char *path = g_strdup_printf ("/tmp/perf-%d.map", (int) getpid ());
  g_autoptr (GString) line = g_string_new (NULL);
  int file = open (path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);

  if (file < 0)
    return;

  g_string_append_printf (line, "%" G_GINTPTR_MODIFIER "x %" G_GSIZE_MODIFIER "x tg loop of",
                          GPOINTER_TO_SIZE (address), size);
  for (guint i = 0; i < self->loop.steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (self->loop.steps, TgCpuStep, i);

      if (step->kind == TG_CPU_STEP_APPLY)
        g_string_append_printf (line, " %s", tg_ops[step->op].name);
    }

  g_string_append_c (line, '\n');
  if (write (file, line->str, line->len) < 0)
    TG_NOTE (COMPILE, "%s cannot be written\n", path);
  close (file);
}

static void
set_code (TgCpuCode *self,
          TgElfCode *elf)
{
  gpointer func = tg_elf_code_lookup (elf, "loop0");

  self->elf = elf;
  if (func != NULL && tg_debug_enabled (TG_DEBUG_PERF))
    note_for_perf (self, func, tg_elf_code_get_size (elf, "loop0"));
  if (func != NULL)
    g_atomic_pointer_set (&self->native, tg_cpu_native_new ((TgCpuLoopFunc) func, &self->loop));
}

/* Atomic: whether LLVM has compiled something. */
static int is_warm;

/* Held while LLVM is at work, and for good once the process ends: it must not end under LLVM. */
static GMutex at_work;
static gboolean is_ending;

static void
wait_for_compiler (void)
{
  g_mutex_lock (&at_work);
  is_ending = TRUE;
}

static gpointer
watch_exit (gpointer data G_GNUC_UNUSED)
{
  atexit (wait_for_compiler);

  return NULL;
}

/* A process does not fork under LLVM either.  The new one has no thread that compiles: what it
 * finds compiled it runs, and the rest stays as it is. */
static void
before_fork (void)
{
  if (!is_ending)
    g_mutex_lock (&at_work);
}

static void
after_fork (void)
{
  if (!is_ending)
    g_mutex_unlock (&at_work);
}

static gpointer
watch_forks (gpointer data G_GNUC_UNUSED)
{
  pthread_atfork (before_fork, after_fork, after_fork);

  return NULL;
}

/* One thread at a time is in LLVM. */
static TgElfCode *
compile_guarded (const TgCpuLoop *const  *loops,
                 guint                    n_loops,
                 GError                 **error)
{
  static GOnce forks = G_ONCE_INIT, ends = G_ONCE_INIT;
  TgElfCode *elf;

  g_once (&forks, watch_forks, NULL);
  g_mutex_lock (&at_work);
  /* What LLVM does at the end is done after what was asked for later than it was loaded. */
  if (tg_code_load (NULL))
    g_once (&ends, watch_exit, NULL);
  elf = tg_code_compile (loops, n_loops, error);
  g_atomic_int_set (&is_warm, TRUE);
  g_mutex_unlock (&at_work);

  return elf;
}

static void
compile (TgCpuCode *self)
{
  const TgCpuLoop *loops[] = { &self->loop };
  g_autoptr (GError) error = NULL;
  TgElfCode *elf = compile_guarded (loops, 1, &error);

  if (elf != NULL)
    set_code (self, elf);
  else
    TG_NOTE (COMPILE, "a loop stays as it is: %s\n", error->message);
}

/* What is in the cache needs no LLVM. */
static gboolean
recall (TgCpuCode *self)
{
  const TgCpuLoop *loops[] = { &self->loop };
  TgElfCode *elf = tg_code_find (loops, 1);

  if (elf != NULL)
    set_code (self, elf);

  return elf != NULL;
}

static void
run_job (gpointer data,
         gpointer user_data G_GNUC_UNUSED)
{
  compile (data);
  tg_cpu_code_unref (data);
}

static gpointer
make_pool (gpointer data G_GNUC_UNUSED)
{
  return g_thread_pool_new (run_job, NULL, 1, FALSE, NULL);
}

static void
compile_elsewhere (TgCpuCode *self)
{
  static GOnce pool = G_ONCE_INIT;

  g_thread_pool_push (g_once (&pool, make_pool, NULL), tg_cpu_code_ref (self), NULL);
}

/* Goes on to the next state, where the loop is worth that; one thread does. */
static void
advance (TgCpuCode *self,
         When       when,
         gsize      work)
{
  gboolean is_now = when == WHEN_NOW;

  if ((is_now || work >= KNOWN)
      && g_atomic_int_compare_and_exchange (&self->state, TG_CPU_CODE_NEW, TG_CPU_CODE_LOOKED_FOR)
      && recall (self))
    g_atomic_int_set (&self->state, TG_CPU_CODE_SETTLED);

  if ((is_now || work >= (g_atomic_int_get (&is_warm) ? WARM : HOT))
      && g_atomic_int_compare_and_exchange (&self->state, TG_CPU_CODE_LOOKED_FOR,
                                            TG_CPU_CODE_SETTLED))
    {
      if (is_now || !g_atomic_int_get (&is_warm))
        compile (self);
      else
        compile_elsewhere (self);
    }
}

const TgCpuNative *
tg_cpu_code_get_native (TgCpuCode *self,
                        gsize      n_elements)
{
  When when = get_when ();

  if (when != WHEN_NEVER && g_atomic_int_get (&self->state) != TG_CPU_CODE_SETTLED)
    advance (self, when,
             (gsize) g_atomic_pointer_add (&self->work,
                                           (gssize) (n_elements * self->loop.steps->len)));

  return g_atomic_pointer_get (&self->native);
}
