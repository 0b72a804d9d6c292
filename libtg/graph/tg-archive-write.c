/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-archive-private.h"

#include "tg-error.h"
#include "tg-npy-private.h"
#include "tg-traverse-private.h"
#include "tg-zip-private.h"

struct _TgArchiveWriter
{
  GPtrArray  *members; /* names of texts */
  GPtrArray  *texts;
  GPtrArray  *beside;  /* TgVariable, in the order of the file */
  GHashTable *fixed;   /* variable → its name in the texts */
  GHashTable *names;   /* of variables */
  GHashTable *titles;  /* of texts */
};

TgArchiveWriter *
tg_archive_writer_new (void)
{
  TgArchiveWriter *self = g_new (TgArchiveWriter, 1);

  self->members = g_ptr_array_new_with_free_func (g_free);
  self->texts = g_ptr_array_new_with_free_func (g_free);
  self->beside = g_ptr_array_new_with_free_func (g_object_unref);
  self->fixed = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->titles = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  return self;
}

void
tg_archive_writer_free (TgArchiveWriter *self)
{
  g_ptr_array_unref (self->members);
  g_ptr_array_unref (self->texts);
  g_hash_table_unref (self->fixed);
  g_ptr_array_unref (self->beside);
  g_hash_table_unref (self->names);
  g_hash_table_unref (self->titles);
  g_free (self);
}

static void
add_beside (TgArchiveWriter *self,
            TgVariable      *variable)
{
  const char *wish = variable->name != NULL ? variable->name
                                            : TG_IS_CONSTANT (variable) ? "c" : "x";

  if (g_hash_table_contains (self->fixed, variable))
    return;

  g_ptr_array_add (self->beside, g_object_ref (variable));
  g_hash_table_insert (self->fixed, variable, tg_print_take_name (self->names, wish));
}

/* Names what has a value of its own; a symbol that is no input has none. */
static gboolean
collect (TgArchiveWriter  *self,
         TgVariable       *variable,
         GError          **error)
{
  g_autofree char *text = NULL;

  if (variable->op != NULL)
    return TRUE;

  if (TG_IS_CONSTANT (variable))
    {
      if (tg_print_stands_beside (variable, TRUE))
        add_beside (self, variable);
      return TRUE;
    }

  if (TG_IS_SHARED_VARIABLE (variable))
    {
      add_beside (self, variable);
      return TRUE;
    }

  text = tg_variable_describe (variable, variable->type);
  g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MISSING_INPUT,
               "a file cannot have %s: it is needed, but no input", text);

  return FALSE;
}

gboolean
tg_archive_writer_collect (TgArchiveWriter    *self,
                           const TgPrintable  *printable,
                           GError            **error)
{
  g_autoptr (GHashTable) inputs = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) order = NULL;

  for (guint i = 0; i < printable->n_inputs; i++)
    {
      g_hash_table_add (inputs, printable->inputs[i]);
      if (printable->input_options != NULL && printable->input_options[i].preset != NULL)
        add_beside (self, printable->input_options[i].preset);
    }

  for (guint i = 0; i < printable->n_updates; i++)
    add_beside (self, printable->updated[i]);

  order = tg_traverse (printable->outputs, printable->n_outputs, inputs);
  for (guint i = 0; i < order->len; i++)
    {
      if (!g_hash_table_contains (inputs, order->pdata[i])
          && !collect (self, order->pdata[i], error))
        return FALSE;
    }

  return TRUE;
}

void
tg_archive_writer_add (TgArchiveWriter *self,
                       TgPrintable      printable)
{
  const char *title = printable.name;
  g_autofree char *name = tg_print_take_name (self->titles, title);
  g_autofree char *text = NULL;

  printable.is_exact = TRUE;
  printable.name = name;
  printable.label = strcmp (name, title) != 0 ? title : NULL;
  printable.beside = self->fixed;
  text = tg_print (&printable);
  g_ptr_array_add (self->members, g_strconcat (name, TG_ARCHIVE_TEXT, NULL));
  g_ptr_array_add (self->texts, g_strchomp (g_steal_pointer (&text)));
}

/* The values of all variables at one moment. */
static GPtrArray *
list_values (TgArchiveWriter *self)
{
  GPtrArray *values = g_ptr_array_new_with_free_func ((GDestroyNotify) tg_tensor_unref);

  tg_shared_values_lock ();
  for (guint i = 0; i < self->beside->len; i++)
    {
      TgVariable *variable = self->beside->pdata[i];

      g_ptr_array_add (values, tg_tensor_ref (TG_IS_CONSTANT (variable)
                                                ? TG_CONSTANT (variable)->value
                                                : TG_SHARED_VARIABLE (variable)->value));
    }
  tg_shared_values_unlock ();

  return values;
}

static gboolean
write_value (TgArchiveWriter  *self,
             TgZipWriter      *zip,
             TgVariable       *variable,
             TgTensor         *value,
             GError          **error)
{
  g_autofree char *member = g_strconcat (g_hash_table_lookup (self->fixed, variable),
                                         TG_ARCHIVE_VALUE, NULL);
  g_autoptr (GBytes) header = NULL;
  g_autoptr (GBytes) elements = NULL;

  return tg_npy_write (value, &header, &elements, error)
         && tg_zip_writer_add (zip, member, TG_ZIP_STORED, header, elements, error);
}

static gboolean
write_members (TgArchiveWriter  *self,
               TgZipWriter      *zip,
               GError          **error)
{
  g_autoptr (GPtrArray) values = list_values (self);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);

  for (guint i = 0; i < self->texts->len; i++)
    {
      g_autofree char *text = g_strconcat (self->texts->pdata[i], "\n", NULL);
      g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));

      if (!tg_zip_writer_add (zip, self->members->pdata[i], TG_ZIP_DEFLATED, bytes, nothing,
                              error))
        return FALSE;
    }

  for (guint i = 0; i < self->beside->len; i++)
    {
      if (!write_value (self, zip, self->beside->pdata[i], values->pdata[i], error))
        return FALSE;
    }

  return tg_zip_writer_close (zip, error);
}

GBytes *
tg_archive_writer_finish (TgArchiveWriter  *self,
                          GError          **error)
{
  g_autoptr (GOutputStream) stream = g_memory_output_stream_new_resizable ();
  g_autoptr (TgZipWriter) zip = tg_zip_writer_new (stream, G_MAXUINT32);

  if (!write_members (self, zip, error) || !g_output_stream_close (stream, NULL, error))
    return NULL;

  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (stream));
}

gboolean
tg_archive_save (GBytes      *bytes,
                 const char  *path,
                 GError     **error)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  return g_file_set_contents (path, data, (gssize) size, error);
}

GBytes *
tg_archive_load (const char  *path,
                 GError     **error)
{
  char *contents;
  gsize size;

  if (!g_file_get_contents (path, &contents, &size, error))
    return NULL;

  return g_bytes_new_take (contents, size);
}
