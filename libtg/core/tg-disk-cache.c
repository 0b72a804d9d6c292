/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-disk-cache-private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * An entry is a file that has the name of the key: a mark, the length of the value, a checksum of
 * key and value, and the value.  It is written elsewhere first, so that there is never half of
 * one; what a crash of the system leaves of one has another checksum.
 */

#define MARK "tg data\1"
#define CHECKSUM_BYTES 32
#define MOST_ENTRY_BYTES (64 * 1024 * 1024)
#define MOST_BYTES (256 * 1024 * 1024)

/* What a small file takes on most disks. */
#define BLOCK_BYTES 4096

typedef struct
{
  char    mark[8];
  guint64 length;
  guint8  checksum[CHECKSUM_BYTES];
} Header;

struct _TgDiskCache
{
  int     folder;
  guint64 most_bytes;
  GMutex  mutex;
  gint64  bytes;      /* at least so many are there; -1 until somebody has looked */
};

typedef struct
{
  char   *name;
  guint64 size;
  gint64  used;
} Entry;

/* Whether nobody but this user and root can have put something there. */
static gboolean
is_private (int         fd,
            mode_t      kind,
            struct stat *status)
{
  return fstat (fd, status) == 0 && (status->st_mode & S_IFMT) == kind
         && status->st_uid == geteuid () && (status->st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

TgDiskCache *
tg_disk_cache_new (const char *folder,
                   guint64     most_bytes)
{
  TgDiskCache *self;
  struct stat status;
  int fd;

  /* A program with the rights of another user takes no code from where its caller says. */
  if (getuid () != geteuid () || getgid () != getegid ())
    return NULL;

  g_mkdir_with_parents (folder, 0700);
  fd = open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return NULL;
  if (!is_private (fd, S_IFDIR, &status))
    {
      close (fd);
      return NULL;
    }

  self = g_new0 (TgDiskCache, 1);
  self->folder = fd;
  self->most_bytes = most_bytes;
  self->bytes = -1;
  g_mutex_init (&self->mutex);
  return self;
}

void
tg_disk_cache_free (TgDiskCache *self)
{
  g_mutex_clear (&self->mutex);
  close (self->folder);
  g_free (self);
}

TgDiskCache *
tg_disk_cache_get_default (void)
{
  static gsize made = 0;
  static TgDiskCache *cache;

  if (g_once_init_enter (&made))
    {
      g_autofree char *folder = g_build_filename (g_get_user_cache_dir (), "libtg", NULL);

      cache = tg_disk_cache_new (folder, MOST_BYTES);
      g_once_init_leave (&made, 1);
    }

  return cache;
}

static void
make_checksum (const char *key,
               const void *value,
               gsize       length,
               guint8      checksum[CHECKSUM_BYTES])
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  gsize size = CHECKSUM_BYTES;

  g_checksum_update (sum, (const guchar *) key, (gssize) strlen (key) + 1);
  g_checksum_update (sum, value, (gssize) length);
  g_checksum_get_digest (sum, checksum, &size);
}

static gboolean
read_all (int   fd,
          void *to,
          gsize length)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = read (fd, (char *) to + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }

  return TRUE;
}

static gboolean
write_all (int         fd,
           const void *from,
           gsize       length)
{
  for (gsize done = 0; done < length;)
    {
      gssize n = write (fd, (const char *) from + done, length - done);

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return FALSE;
      done += (gsize) n;
    }

  return TRUE;
}

static GBytes *
read_entry (int         fd,
            const char *key)
{
  g_autofree char *value = NULL;
  guint8 checksum[CHECKSUM_BYTES];
  struct stat status;
  guint64 length;
  Header header;

  if (!is_private (fd, S_IFREG, &status) || status.st_size < (goffset) sizeof header
      || status.st_size > MOST_ENTRY_BYTES || !read_all (fd, &header, sizeof header))
    return NULL;

  length = GUINT64_FROM_LE (header.length);
  if (memcmp (header.mark, MARK, sizeof header.mark) != 0
      || length != (guint64) status.st_size - sizeof header)
    return NULL;

  value = g_try_malloc (length);
  if (value == NULL || !read_all (fd, value, length))
    return NULL;

  make_checksum (key, value, length, checksum);
  if (memcmp (checksum, header.checksum, sizeof checksum) != 0)
    return NULL;

  return g_bytes_new_take (g_steal_pointer (&value), length);
}

GBytes *
tg_disk_cache_load (TgDiskCache *self,
                    const char  *key)
{
  int fd = openat (self->folder, key, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  GBytes *value;

  if (fd < 0)
    return NULL;

  value = read_entry (fd, key);
  if (value != NULL)
    futimens (fd, NULL);
  close (fd);
  return value;
}

/* What a file of so many bytes takes. */
static guint64
get_room (guint64 bytes)
{
  return (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES * BLOCK_BYTES;
}

static gint
compare_use (gconstpointer a,
             gconstpointer b)
{
  const Entry *first = a, *second = b;

  return (first->used > second->used) - (first->used < second->used);
}

static void
clear_entry (gpointer entry)
{
  g_free (((Entry *) entry)->name);
}

/* Everything in the folder, also what a process has left that was killed while it wrote. */
static GArray *
list_entries (TgDiskCache *self,
              guint64     *bytes)
{
  GArray *entries = g_array_new (FALSE, FALSE, sizeof (Entry));
  int fd = openat (self->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *folder = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *found;

  *bytes = 0;
  g_array_set_clear_func (entries, clear_entry);
  if (folder == NULL)
    {
      if (fd >= 0)
        close (fd);
      return entries;
    }

  while ((found = readdir (folder)) != NULL)
    {
      struct stat status;
      Entry entry;

      if (fstatat (self->folder, found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0
          || !S_ISREG (status.st_mode))
        continue;

      entry.name = g_strdup (found->d_name);
      entry.size = get_room ((guint64) status.st_size);
      entry.used = (gint64) status.st_mtim.tv_sec * G_USEC_PER_SEC + status.st_mtim.tv_nsec / 1000;
      *bytes += entry.size;
      g_array_append_val (entries, entry);
    }

  closedir (folder);
  return entries;
}

/* A quarter at least becomes free, so that the folder is not read each time. */
static void
make_room (TgDiskCache *self)
{
  guint64 bytes;
  g_autoptr (GArray) entries = list_entries (self, &bytes);

  if (bytes > self->most_bytes)
    {
      g_array_sort (entries, compare_use);
      for (guint i = 0; i < entries->len && bytes > self->most_bytes / 4 * 3; i++)
        {
          const Entry *entry = &g_array_index (entries, Entry, i);

          if (unlinkat (self->folder, entry->name, 0) == 0)
            bytes -= entry->size;
        }
    }

  self->bytes = (gint64) bytes;
}

static void
count_bytes (TgDiskCache *self,
             guint64      more)
{
  g_mutex_lock (&self->mutex);
  if (self->bytes >= 0)
    self->bytes += (gint64) more;
  if (self->bytes < 0 || (guint64) self->bytes > self->most_bytes)
    make_room (self);
  g_mutex_unlock (&self->mutex);
}

void
tg_disk_cache_store (TgDiskCache *self,
                     const char  *key,
                     GBytes      *value)
{
  static gint n_written;
  g_autofree char *name = NULL;
  gsize length;
  const void *data = g_bytes_get_data (value, &length);
  Header header = { .length = GUINT64_TO_LE (length) };
  gboolean written;
  int fd;

  if (length + sizeof header > MOST_ENTRY_BYTES)
    return;

  name = g_strdup_printf (".%" G_PID_FORMAT "-%d-%08x", getpid (),
                          g_atomic_int_add (&n_written, 1), g_random_int ());
  fd = openat (self->folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (fd < 0)
    return;

  memcpy (header.mark, MARK, sizeof header.mark);
  make_checksum (key, data, length, header.checksum);
  written = write_all (fd, &header, sizeof header) && write_all (fd, data, length);
  written = close (fd) == 0 && written;
  if (written && renameat (self->folder, name, self->folder, key) == 0)
    count_bytes (self, get_room (sizeof header + length));
  else
    unlinkat (self->folder, name, 0);
}
