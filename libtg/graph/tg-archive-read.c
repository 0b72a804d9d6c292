/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-archive-private.h"

#include "tg-error.h"
#include "tg-npy-private.h"
#include "tg-zip-private.h"

/* A text, or a value and the variable that was made of it. */
typedef struct
{
  char       *name;
  guint64     offset;
  char       *text;
  TgTensor   *value;
  TgVariable *variable;
} Member;

struct _TgArchive
{
  GPtrArray  *members;
  GPtrArray  *texts;  /* those of the members that are texts */
  GHashTable *names;  /* name → member */
};

static void
member_free (gpointer data)
{
  Member *member = data;

  g_clear_pointer (&member->value, tg_tensor_unref);
  g_clear_object (&member->variable);
  g_free (member->name);
  g_free (member->text);
  g_free (member);
}

void
tg_archive_free (TgArchive *self)
{
  g_hash_table_unref (self->names);
  g_ptr_array_unref (self->texts);
  g_ptr_array_unref (self->members);
  g_free (self);
}

/* Text that has a sign of UTF-8 at every place. */
static char *
read_text (const char  *member,
           GBytes      *contents,
           GError     **error)
{
  gsize size;
  const char *data = g_bytes_get_data (contents, &size);
  const char *end = data;
  const char *start = data;
  guint line = 1;

  if (size == 0 || g_utf8_validate (data, (gssize) size, &end))
    return g_strndup (data, size);

  for (const char *c = data; c < end; c++)
    {
      line += *c == '\n';
      start = *c == '\n' ? c + 1 : start;
    }

  g_set_error (error, TG_PARSE_ERROR, TG_PARSE_ERROR_SYNTAX,
               "%s:%u:%u: byte 0x%02x is no UTF-8", member, line, (guint) (end - start) + 1,
               (guchar) *end);

  return NULL;
}

static gboolean
read_member (Member      *member,
             GBytes      *bytes,
             TgZipEntry  *entry,
             GError     **error)
{
  g_autoptr (GBytes) contents = tg_zip_unpack (bytes, entry, error);

  if (contents == NULL)
    return FALSE;

  if (g_str_has_suffix (member->name, TG_ARCHIVE_TEXT))
    {
      member->text = read_text (member->name, contents, error);
      return member->text != NULL;
    }

  if (!g_str_has_suffix (member->name, TG_ARCHIVE_VALUE))
    {
      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                   "byte %" G_GUINT64_FORMAT ": %s: this is neither a .tg nor a .npy file",
                   entry->offset, entry->name);
      return FALSE;
    }

  member->value = tg_npy_read (contents, error);
  if (member->value == NULL)
    g_prefix_error (error, "byte %" G_GUINT64_FORMAT ": %s: ", entry->offset, entry->name);

  return member->value != NULL;
}

static gboolean
read_members (TgArchive  *self,
              GBytes     *bytes,
              GError    **error)
{
  g_autoptr (GArray) entries = tg_zip_read (bytes, error);

  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      TgZipEntry *entry = &g_array_index (entries, TgZipEntry, i);
      Member *member = g_new0 (Member, 1);

      member->name = g_strdup (entry->name);
      member->offset = entry->offset;
      g_ptr_array_add (self->members, member);
      if (!g_hash_table_insert (self->names, member->name, member))
        {
          g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME,
                       "byte %" G_GUINT64_FORMAT ": the name “%s” is there twice", entry->offset,
                       entry->name);
          return FALSE;
        }

      if (!read_member (member, bytes, entry, error))
        return FALSE;

      if (member->text != NULL)
        g_ptr_array_add (self->texts, member);
    }

  return entries != NULL;
}

TgArchive *
tg_archive_new (GBytes  *bytes,
                GError **error)
{
  g_autoptr (TgArchive) self = g_new (TgArchive, 1);

  self->members = g_ptr_array_new_with_free_func (member_free);
  self->texts = g_ptr_array_new ();
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  if (!read_members (self, bytes, error))
    return NULL;

  if (self->texts->len == 0)
    {
      g_set_error_literal (error, TG_FILE_ERROR, TG_FILE_ERROR_FORMAT,
                           "byte 0: this is no .tg file: it has no text");
      return NULL;
    }

  return g_steal_pointer (&self);
}

guint
tg_archive_get_n_texts (TgArchive *self)
{
  return self->texts->len;
}

const char *
tg_archive_get_name (TgArchive *self,
                     guint      index)
{
  return ((Member *) self->texts->pdata[index])->name;
}

G_GNUC_PRINTF (4, 5)
static gboolean
fail_symbol (const TgSymbol *symbol,
             TgParseError    code,
             GError        **error,
             const char     *format,
             ...)
{
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error (error, TG_PARSE_ERROR, (gint) code, "%u:%u: %s", symbol->line, symbol->column,
               message);

  return FALSE;
}

/* The name itself, with no name scope of the thread that loads. */
static void
set_name (TgVariable *variable,
          const char *name)
{
  g_free (variable->name);
  variable->name = name != NULL && name[0] != '\0' ? g_strdup (name) : NULL;
}

/* Makes the variable of a value, for all texts. */
static gboolean
make_variable (Member          *member,
               const TgSymbol  *symbol,
               GError         **error)
{
  const char *label = symbol->label != NULL ? symbol->label : symbol->name;
  g_autofree char *found = tg_shape_describe (member->value->dtype, member->value->shape,
                                              member->value->ndim);

  if (!tg_tensor_type_matches (symbol->type, member->value))
    return fail_symbol (symbol, TG_PARSE_ERROR_VALUE, error, "the value of %s is of type %s",
                        symbol->name, found);

  if (symbol->flags & TG_SYMBOL_CONSTANT)
    {
      member->variable = tg_constant_new (member->value);
      label = symbol->label;
    }
  else
    member->variable = tg_shared_variable_new_with_type (member->value, symbol->type, NULL, error);

  set_name (member->variable, label);

  return TRUE;
}

static TgVariable *
find_beside (TgArchive       *self,
             const TgSymbol  *symbol,
             GError         **error)
{
  g_autofree char *name = g_strconcat (symbol->name, TG_ARCHIVE_VALUE, NULL);
  Member *member = g_hash_table_lookup (self->names, name);
  gboolean is_constant = (symbol->flags & TG_SYMBOL_CONSTANT) != 0;

  if (member == NULL)
    {
      fail_symbol (symbol, TG_PARSE_ERROR_NAME, error, "there is no value “%s”", name);
      return NULL;
    }

  if (member->variable == NULL && !make_variable (member, symbol, error))
    return NULL;

  if (is_constant != TG_IS_CONSTANT (member->variable)
      || !tg_tensor_type_equal (member->variable->type, symbol->type))
    {
      fail_symbol (symbol, TG_PARSE_ERROR_VALUE, error,
                   "%s is something else here than in other texts, or than its value",
                   symbol->name);
      return NULL;
    }

  return member->variable;
}

/* A default value is that of a shared variable. */
static gboolean
check_preset (const TgExpression  *expression,
              const TgSymbol      *symbol,
              GError             **error)
{
  for (guint i = 0; symbol->preset != NULL && i < expression->beside->len; i++)
    {
      const TgSymbol *beside = &g_array_index (expression->beside, TgSymbol, i);

      if (strcmp (beside->name, symbol->preset) == 0 && !(beside->flags & TG_SYMBOL_CONSTANT))
        return TRUE;
    }

  return symbol->preset == NULL
         || fail_symbol (symbol, TG_PARSE_ERROR_NAME, error,
                         "there is no shared variable “%s” for its default value",
                         symbol->preset);
}

static gboolean
make_inputs (TgArchived  *archived,
             GError     **error)
{
  const TgExpression *expression = archived->expression;

  for (guint i = 0; i < expression->parameters->len; i++)
    {
      const TgSymbol *symbol = &g_array_index (expression->parameters, TgSymbol, i);
      TgVariable *input = tg_variable_new_with_type (NULL, symbol->type);

      set_name (input, symbol->label != NULL ? symbol->label : symbol->name);
      g_ptr_array_add (archived->inputs, input);
      if (!check_preset (expression, symbol, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
build (TgArchive   *self,
       TgArchived  *archived,
       GError     **error)
{
  const TgExpression *expression = archived->expression;
  g_autoptr (GPtrArray) names = g_ptr_array_new ();
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();
  TgBindings bindings = { 0, };

  if (!make_inputs (archived, error))
    return FALSE;

  for (guint i = 0; i < expression->beside->len; i++)
    {
      TgVariable *variable = find_beside (self, &g_array_index (expression->beside, TgSymbol, i),
                                          error);

      if (variable == NULL)
        return FALSE;
      g_ptr_array_add (archived->beside, g_object_ref (variable));
    }

  for (guint i = 0; i < expression->parameters->len; i++)
    g_ptr_array_add (names, g_array_index (expression->parameters, TgSymbol, i).name);
  for (guint i = 0; i < expression->beside->len; i++)
    g_ptr_array_add (names, g_array_index (expression->beside, TgSymbol, i).name);

  g_ptr_array_extend (variables, archived->inputs, NULL, NULL);
  g_ptr_array_extend (variables, archived->beside, NULL, NULL);
  bindings.n_variables = names->len;
  bindings.names = (const char *const *) names->pdata;
  bindings.variables = (TgVariable *const *) variables->pdata;
  archived->outputs = tg_expression_build (expression, &bindings, error);

  return archived->outputs != NULL;
}

gboolean
tg_archive_build (TgArchive   *self,
                  guint        index,
                  TgArchived  *archived,
                  GError     **error)
{
  Member *member = self->texts->pdata[index];
  gsize length = strlen (member->name) - strlen (TG_ARCHIVE_TEXT);

  archived->inputs = g_ptr_array_new_with_free_func (g_object_unref);
  archived->beside = g_ptr_array_new_with_free_func (g_object_unref);
  archived->expression = tg_expression_new (member->text, error);

  if (archived->expression != NULL
      && (archived->expression->name == NULL || strlen (archived->expression->name) != length
          || strncmp (archived->expression->name, member->name, length) != 0))
    g_set_error_literal (error, TG_PARSE_ERROR, TG_PARSE_ERROR_NAME,
                         "1:1: expected a function of the name that the text has");
  else if (archived->expression != NULL && build (self, archived, error))
    return TRUE;

  g_prefix_error (error, "%s:", member->name);

  return FALSE;
}

void
tg_archived_clear (TgArchived *archived)
{
  g_clear_pointer (&archived->expression, tg_expression_free);
  g_clear_pointer (&archived->inputs, g_ptr_array_unref);
  g_clear_pointer (&archived->beside, g_ptr_array_unref);
  g_clear_pointer (&archived->outputs, g_ptr_array_unref);
}

gboolean
tg_archive_check_values (TgArchive  *self,
                         GError    **error)
{
  for (guint i = 0; i < self->members->len; i++)
    {
      Member *member = self->members->pdata[i];

      if (member->value == NULL || member->variable != NULL)
        continue;

      g_set_error (error, TG_FILE_ERROR, TG_FILE_ERROR_NAME,
                   "byte %" G_GUINT64_FORMAT ": %s: no text names this value", member->offset,
                   member->name);
      return FALSE;
    }

  return TRUE;
}
