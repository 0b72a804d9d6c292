/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-graph-file.h"

#include "tg-archive-private.h"
#include "tg-error.h"
#include "tg-graph-private.h"

/* The graph of the one text that there is. */
static TgGraph *
make_graph (TgArchive *archive,
            GError   **error)
{
  g_auto (TgArchived) archived = { NULL, };
  TgGraph *graph;
  guint n_results;

  if (tg_archive_get_n_texts (archive) != 1)
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                   "byte 0: the file has %u texts and not one, so it is no graph",
                   tg_archive_get_n_texts (archive));
      return NULL;
    }

  if (!tg_archive_build (archive, 0, &archived, error)
      || !tg_archive_check_values (archive, error))
    return NULL;

  n_results = archived.outputs->len - archived.expression->updates->len;
  graph = tg_graph_new_named (archived.expression->label != NULL ? archived.expression->label
                                                                 : archived.expression->name,
                              (TgVariable *const *) archived.inputs->pdata, archived.inputs->len,
                              (TgVariable *const *) archived.outputs->pdata, n_results);
  for (guint i = 0; i < archived.expression->updates->len; i++)
    tg_graph_add_update (graph,
                         archived.beside->pdata[g_array_index (archived.expression->updates,
                                                               guint, i)],
                         archived.outputs->pdata[n_results + i]);

  return graph;
}

/**
 * tg_graph_new_from_bytes:
 * @bytes: the contents of a .tg file
 * @error: return location for a [error@Tg.ParseError] or [error@Tg.FileError]
 *
 * Reads a graph from memory that holds what [method@Tg.Graph.save] writes.
 *
 * Nothing in a file is ever executed. Messages begin with the place of the mistake: line and column
 * of a text, or the byte at which a part of the file begins.
 *
 * Returns: (transfer full): a new graph, whose shared variables are new too
 */
TgGraph *
tg_graph_new_from_bytes (GBytes  *bytes,
                         GError **error)
{
  g_autoptr (TgArchive) archive = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  archive = tg_archive_new (bytes, error);

  return archive != NULL ? make_graph (archive, error) : NULL;
}

/**
 * tg_graph_load:
 * @path: (type filename): a .tg file
 * @error: return location for a [error@Tg.ParseError], [error@Tg.FileError] or
 *   [error@GLib.FileError]
 *
 * Reads a graph from a file; see [ctor@Tg.Graph.new_from_bytes].
 *
 * Returns: (transfer full): a new graph
 */
TgGraph *
tg_graph_load (const char  *path,
               GError     **error)
{
  g_autoptr (GBytes) bytes = NULL;
  TgGraph *self;

  g_return_val_if_fail (path != NULL, NULL);

  bytes = tg_archive_load (path, error);
  self = bytes != NULL ? tg_graph_new_from_bytes (bytes, error) : NULL;
  if (bytes != NULL && self == NULL)
    g_prefix_error (error, "%s: ", path);

  return self;
}

/**
 * tg_graph_to_bytes:
 * @self: a graph
 * @error: return location for a [error@Tg.CompileError] or [error@Tg.RunError]
 *
 * Writes a graph to memory as [method@Tg.Graph.save] does to a file.
 *
 * Returns: (transfer full): the contents of a .tg file
 */
GBytes *
tg_graph_to_bytes (TgGraph  *self,
                   GError  **error)
{
  g_autoptr (TgArchiveWriter) writer = NULL;
  g_autoptr (GPtrArray) results = g_ptr_array_new ();
  TgPrintable printable;

  g_return_val_if_fail (TG_IS_GRAPH (self), NULL);

  writer = tg_archive_writer_new ();
  printable = tg_graph_get_printable (self, results);
  if (!tg_archive_writer_collect (writer, &printable, error))
    return NULL;

  tg_archive_writer_add (writer, printable);

  return tg_archive_writer_finish (writer, error);
}

/**
 * tg_graph_save:
 * @self: a graph
 * @path: (type filename): where to write it; a file that is there already is replaced
 * @error: return location for a [error@Tg.CompileError], [error@Tg.RunError] or
 *   [error@GLib.FileError]
 *
 * Writes a graph to a .tg file: a ZIP archive of its text in the notation, and of the values of
 * shared variables and large constants as .npy files.
 *
 * Every variable that the outputs need must be an input, a constant or shared. Names, dtypes,
 * shapes and values are those of the original when the file is loaded.
 *
 * Returns: whether the file was written
 */
gboolean
tg_graph_save (TgGraph     *self,
               const char  *path,
               GError     **error)
{
  g_autoptr (GBytes) bytes = NULL;

  g_return_val_if_fail (TG_IS_GRAPH (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  bytes = tg_graph_to_bytes (self, error);

  return bytes != NULL && tg_archive_save (bytes, path, error);
}
