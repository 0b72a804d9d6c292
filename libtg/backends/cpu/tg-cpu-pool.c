/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-pool-private.h"

#include <fenv.h>
#include <pthread.h>
#include <signal.h>

/* The threads of this process, which all runs share.  A run does its work itself, and whoever is
 * idle helps: it takes the next chunk that nobody has taken.  So no run ever waits for a thread
 * that has not come, however busy the machine is, and one that is itself a chunk cannot lock up. */

typedef struct
{
  TgCpuChunkFunc   func;
  gpointer         user_data;
  GCancellable    *cancellable;
  guint            n_chunks;
  int              next;         /* atomic: the first chunk that nobody has taken */
  int              n_left;       /* atomic: chunks that are not done */
  int              is_cancelled; /* atomic */
  guint            n_wanted;     /* threads that may still come to help */
  fenv_t           environment;  /* how numbers are rounded, for all threads */
  GCond            done;
  GList            link;         /* in the list of jobs */
  gatomicrefcount  ref_count;
} Job;

static struct
{
  GMutex lock;
  GCond  has_work;
  GQueue jobs;
  guint  n_threads;
  guint  n_idle;
} pool;

static gpointer
read_n_threads (gpointer data G_GNUC_UNUSED)
{
  const char *text = g_getenv ("TG_NUM_THREADS");
  guint64 n_threads;

  if (text != NULL && text[0] != '\0')
    {
      if (g_ascii_string_to_unsigned (text, 10, 1, TG_MAX_THREADS, &n_threads, NULL))
        return GUINT_TO_POINTER ((guint) n_threads);

      g_warning ("TG_NUM_THREADS: expected a number from 1 to %d, not “%s”", TG_MAX_THREADS, text);
    }

  return GUINT_TO_POINTER (g_get_num_processors ());
}

guint
tg_cpu_pool_get_n_threads (const TgRunOptions *options)
{
  static GOnce once = G_ONCE_INIT;

  return options->n_threads > 0 ? options->n_threads
                                : GPOINTER_TO_UINT (g_once (&once, read_n_threads, NULL));
}

static void
unref_job (Job *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_cond_clear (&self->done);
  g_free (self);
}

static void
run_chunks (Job *self)
{
  guint chunk;

  while ((chunk = (guint) g_atomic_int_add (&self->next, 1)) < self->n_chunks)
    {
      if (g_cancellable_is_cancelled (self->cancellable))
        g_atomic_int_set (&self->is_cancelled, TRUE);
      else
        self->func (chunk, self->user_data);

      if (!g_atomic_int_dec_and_test (&self->n_left))
        continue;

      g_mutex_lock (&pool.lock);
      g_cond_signal (&self->done);
      g_mutex_unlock (&pool.lock);
    }
}

static Job *
find_job (void)
{
  for (GList *link = pool.jobs.head; link != NULL; link = link->next)
    {
      Job *job = link->data;

      if (job->n_wanted > 0 && (guint) g_atomic_int_get (&job->next) < job->n_chunks)
        return job;
    }

  return NULL;
}

/* Each thread that wakes up wakes others, so that the first one soon has time to work. */
static void
wake_threads (const Job *job)
{
  for (guint i = 0; i < MIN (2, MIN (job->n_wanted, pool.n_idle)); i++)
    g_cond_signal (&pool.has_work);
}

static gpointer
help (gpointer data G_GNUC_UNUSED)
{
  g_mutex_lock (&pool.lock);
  for (;;)
    {
      Job *job = find_job ();

      if (job == NULL)
        {
          pool.n_idle++;
          g_cond_wait (&pool.has_work, &pool.lock);
          pool.n_idle--;
          continue;
        }

      job->n_wanted--;
      g_atomic_ref_count_inc (&job->ref_count);
      wake_threads (job);
      g_mutex_unlock (&pool.lock);

      fesetenv (&job->environment);
      run_chunks (job);
      unref_job (job);
      g_mutex_lock (&pool.lock);
    }

  return NULL;
}

/* Only the thread that forks lives on in the child, which starts others when it needs them.  Nobody
 * may hold the lock at that moment. */
static void
before_fork (void)
{
  g_mutex_lock (&pool.lock);
}

static void
after_fork (void)
{
  g_mutex_unlock (&pool.lock);
}

static void
begin_child (void)
{
  g_mutex_unlock (&pool.lock);
  g_cond_init (&pool.has_work);
  g_queue_init (&pool.jobs);
  pool.n_threads = 0;
  pool.n_idle = 0;
}

static gpointer
watch_forks (gpointer data G_GNUC_UNUSED)
{
  pthread_atfork (before_fork, after_fork, begin_child);

  return NULL;
}

/* Signals are for the threads of the program, some of which may wait for them. */
static void
start_threads (guint n_threads)
{
  sigset_t all, before;

  if (pool.n_threads >= n_threads)
    return;

  sigfillset (&all);
  pthread_sigmask (SIG_SETMASK, &all, &before);
  while (pool.n_threads < n_threads)
    {
      GThread *thread = g_thread_try_new ("tg-cpu", help, NULL, NULL);

      /* The work is done without. */
      if (thread == NULL)
        break;

      g_thread_unref (thread);
      pool.n_threads++;
    }
  pthread_sigmask (SIG_SETMASK, &before, NULL);
}

/* Does the chunks one after the other. */
static gboolean
run_alone (guint               n_chunks,
           TgCpuChunkFunc      func,
           gpointer            user_data,
           const TgRunOptions *options)
{
  for (guint i = 0; i < n_chunks; i++)
    {
      if (g_cancellable_is_cancelled (options->cancellable))
        return FALSE;

      func (i, user_data);
    }

  return TRUE;
}

gboolean
tg_cpu_pool_run (guint               n_chunks,
                 TgCpuChunkFunc      func,
                 gpointer            user_data,
                 const TgRunOptions *options)
{
  static GOnce once = G_ONCE_INIT;
  guint n_threads = n_chunks > 1 ? MIN (n_chunks, tg_cpu_pool_get_n_threads (options)) : 1;
  gboolean is_done;
  Job *job;

  if (n_threads == 1)
    return run_alone (n_chunks, func, user_data, options);

  g_once (&once, watch_forks, NULL);
  job = g_new0 (Job, 1);
  job->func = func;
  job->user_data = user_data;
  job->cancellable = options->cancellable;
  job->n_chunks = n_chunks;
  job->n_left = (int) n_chunks;
  job->n_wanted = n_threads - 1;
  job->link.data = job;
  g_cond_init (&job->done);
  g_atomic_ref_count_init (&job->ref_count);
  fegetenv (&job->environment);

  g_mutex_lock (&pool.lock);
  start_threads (n_threads - 1);
  g_queue_push_tail_link (&pool.jobs, &job->link);
  wake_threads (job);
  g_mutex_unlock (&pool.lock);

  run_chunks (job);

  g_mutex_lock (&pool.lock);
  g_queue_unlink (&pool.jobs, &job->link);
  while (g_atomic_int_get (&job->n_left) > 0)
    g_cond_wait (&job->done, &pool.lock);
  g_mutex_unlock (&pool.lock);

  is_done = !g_atomic_int_get (&job->is_cancelled);
  unref_job (job);

  return is_done;
}
