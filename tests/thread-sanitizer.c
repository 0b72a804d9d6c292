/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* What the thread sanitizer does not know: which functions of GLib order threads.
 *
 * GLib is not built with the sanitizer, and its locks are system calls and atomic operations of its
 * own.  In a build with -Db_sanitize=thread these functions are linked into the C tests, before
 * GLib's: they tell the sanitizer what happens before what, and then do what GLib's do. */

#include "config.h"

#include <dlfcn.h>

#include <gio/gio.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* The function of GLib that has the name of the one that asks. */
#define REAL(function) ((__typeof__ (&function)) find_real (#function))

static gpointer
find_real (const char *name)
{
  gpointer function = dlsym (RTLD_NEXT, name);

  if (function == NULL)
    g_error ("%s: %s", name, dlerror ());

  return function;
}

#undef g_object_ref
#undef g_object_unref
#undef g_task_run_in_thread

void
g_mutex_lock (GMutex *mutex)
{
  static void (* real) (GMutex *);

  if (g_atomic_pointer_get (&real) == NULL)
    g_atomic_pointer_set (&real, REAL (g_mutex_lock));

  real (mutex);
  __tsan_acquire (mutex);
}

void
g_mutex_unlock (GMutex *mutex)
{
  static void (* real) (GMutex *);

  if (g_atomic_pointer_get (&real) == NULL)
    g_atomic_pointer_set (&real, REAL (g_mutex_unlock));

  __tsan_release (mutex);
  real (mutex);
}

/* It unlocks and locks by functions of GLib's own. */
void
g_cond_wait (GCond  *cond,
             GMutex *mutex)
{
  static void (* real) (GCond *, GMutex *);

  if (g_atomic_pointer_get (&real) == NULL)
    g_atomic_pointer_set (&real, REAL (g_cond_wait));

  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

/* Who gives the last reference back frees what the others have used. */
void
(g_atomic_ref_count_inc) (gatomicrefcount *count)
{
  __atomic_add_fetch (count, 1, __ATOMIC_RELAXED);
}

gboolean
(g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  return __atomic_sub_fetch (count, 1, __ATOMIC_ACQ_REL) == 0;
}

void
g_object_unref (gpointer object)
{
  __tsan_release (object);
  __tsan_acquire (object);
  REAL (g_object_unref) (object);
}

/* A task is handed to a thread with all that it needs, and back with its result. */
static void
run_task (GTask        *task,
          gpointer      source,
          gpointer      task_data,
          GCancellable *cancellable)
{
  GTaskThreadFunc function;

  __tsan_acquire (task);
  function = (GTaskThreadFunc) g_object_get_data (G_OBJECT (task), "thread-sanitizer");
  function (task, source, task_data, cancellable);
}

void
g_task_run_in_thread (GTask           *task,
                      GTaskThreadFunc  function)
{
  g_object_set_data (G_OBJECT (task), "thread-sanitizer", (gpointer) function);
  __tsan_release (task);
  REAL (g_task_run_in_thread) (task, run_task);
}

void
g_task_return_pointer (GTask          *task,
                       gpointer        result,
                       GDestroyNotify  result_destroy)
{
  __tsan_release (task);
  REAL (g_task_return_pointer) (task, result, result_destroy);
}

gpointer
g_task_propagate_pointer (GTask   *task,
                          GError **error)
{
  __tsan_acquire (task);

  return REAL (g_task_propagate_pointer) (task, error);
}
