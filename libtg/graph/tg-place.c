/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-place-private.h"

#include "tg-origin-private.h"

/**
 * TgPlace:
 *
 * A place in a person's program: a file, a line and a function; where a variable was made out of
 * text, also line and column of that.
 *
 * Messages about a variable name its place. Python and JavaScript take note of places by
 * themselves; a C or Vala program does by [func@Tg.Place.push], or in C by
 * `TG_HERE (tg_exp (x, &error))`.
 */

G_DEFINE_BOXED_TYPE (TgPlace, tg_place, tg_place_ref, tg_place_unref)

static char *
intern (const char *text)
{
  return text != NULL ? g_ref_string_new_intern (text) : NULL;
}

/**
 * tg_place_new:
 * @file: (nullable): a file's name, with or without a folder
 * @line: a line in it, from 1
 * @function: (nullable): the function around it
 *
 * Creates a place.
 *
 * Returns: (transfer full): a new place
 */
TgPlace *
tg_place_new (const char *file,
              guint       line,
              const char *function)
{
  TgPlace *self = g_new (TgPlace, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->file = intern (file);
  self->function = intern (function);
  self->line = line;
  self->text_line = self->text_column = 0;

  return self;
}

TgPlace *
tg_place_new_in_text (TgPlace *outer,
                      guint    line,
                      guint    column)
{
  TgPlace *self = g_new0 (TgPlace, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->text_line = line;
  self->text_column = column;
  if (outer == NULL)
    return self;

  self->line = outer->line;
  self->file = outer->file != NULL ? g_ref_string_acquire (outer->file) : NULL;
  self->function = outer->function != NULL ? g_ref_string_acquire (outer->function) : NULL;

  return self;
}

/**
 * tg_place_ref:
 * @self: a place
 *
 * Takes a reference.
 *
 * Returns: (transfer full): the same place
 */
TgPlace *
tg_place_ref (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);

  return self;
}

/**
 * tg_place_unref:
 * @self: (transfer full): a place
 *
 * Gives a reference back; the place is gone with the last one.
 */
void
tg_place_unref (TgPlace *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_clear_pointer (&self->file, g_ref_string_release);
  g_clear_pointer (&self->function, g_ref_string_release);
  g_free (self);
}

/**
 * tg_place_get_file:
 * @self: a place
 *
 * Gets the name of the file, as it was given.
 *
 * Returns: (nullable): the name
 */
const char *
tg_place_get_file (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->file;
}

/**
 * tg_place_get_line:
 * @self: a place
 *
 * Gets the line in the file.
 *
 * Returns: the number of the line, from 1; 0 where there is none
 */
guint
tg_place_get_line (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->line;
}

/**
 * tg_place_get_function:
 * @self: a place
 *
 * Gets the function around the line.
 *
 * Returns: (nullable): the function's name
 */
const char *
tg_place_get_function (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->function;
}

/**
 * tg_place_get_text_line:
 * @self: a place
 *
 * Gets the line in the text that [func@Tg.parse] or its like was given.
 *
 * Returns: the number of the line, from 1; 0 where there was no text
 */
guint
tg_place_get_text_line (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->text_line;
}

/**
 * tg_place_get_text_column:
 * @self: a place
 *
 * Gets the column, in bytes, in the text that [func@Tg.parse] or its like was given.
 *
 * Returns: the number of the column, from 1; 0 where there was no text
 */
guint
tg_place_get_text_column (TgPlace *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->text_column;
}

/**
 * tg_place_to_string:
 * @self: a place
 *
 * Writes the place as messages do: `train.py, line 12`, and `1:7 of the text` for a place in text.
 *
 * Returns: (transfer full): the text
 */
char *
tg_place_to_string (TgPlace *self)
{
  GString *text;

  g_return_val_if_fail (self != NULL, NULL);

  text = g_string_new (NULL);
  if (self->text_line > 0)
    g_string_append_printf (text, "%u:%u of the text%s", self->text_line, self->text_column,
                            self->file != NULL ? " at " : "");

  if (self->file != NULL)
    {
      g_autofree char *base = g_path_get_basename (self->file);

      g_string_append_printf (text, "%s, line %u", base, self->line);
    }

  return g_string_free (text, FALSE);
}

gboolean
tg_place_is_known (TgPlace *self)
{
  return self != NULL && (self->file != NULL || self->text_line > 0);
}

gboolean
tg_place_is_beside (TgPlace *self,
                    TgPlace *other)
{
  /* The texts are interned. */
  return self == other
         || (self != NULL && other != NULL && self->file == other->file
             && self->line == other->line && (self->text_line > 0) == (other->text_line > 0));
}

typedef struct
{
  TgPlaceFinder   find;
  gpointer        user_data;
  GDestroyNotify  destroy;
} Finder;

static Finder installed;

/**
 * tg_place_set_finder:
 * @finder: (scope notified) (closure user_data) (destroy destroy) (nullable): what is asked, in
 *   the thread that makes a variable, for the place in a person's program; it makes no variables
 *   itself
 * @user_data: what @finder is given
 * @destroy: (nullable): frees @user_data
 *
 * Sets how new variables find out where they are made, for the whole process.
 *
 * It is there for language bindings, which know what runs in their language: those of Python and
 * JavaScript set it when they are loaded. Where there is none, variables know what
 * [func@Tg.Place.push] said. Set it before other threads make variables.
 */
void
tg_place_set_finder (TgPlaceFinder   finder,
                     gpointer        user_data,
                     GDestroyNotify  destroy)
{
  Finder before = installed;

  installed = (Finder) { finder, user_data, destroy };

  if (before.destroy != NULL)
    before.destroy (before.user_data);
}

TgPlace *
tg_place_find (void)
{
  return installed.find != NULL ? installed.find (installed.user_data) : NULL;
}

/* The place that this thread pushed last: the next one is likely in the same file and function, and
 * to intern their names again would take longer than to make a node. */
static GPrivate last_pushed = G_PRIVATE_INIT ((GDestroyNotify) tg_place_unref);

static char *
intern_again (char       *known,
              const char *text)
{
  return known != NULL && g_strcmp0 (known, text) == 0 ? g_ref_string_acquire (known)
                                                       : intern (text);
}

static TgPlace *
make_place (const char *file,
            guint       line,
            const char *function)
{
  TgPlace *last = g_private_get (&last_pushed);
  TgPlace *self;

  if (last == NULL)
    self = tg_place_new (file, line, function);
  else if (last->line == line && g_strcmp0 (last->file, file) == 0
           && g_strcmp0 (last->function, function) == 0)
    return tg_place_ref (last);
  else
    {
      self = tg_place_new (NULL, line, NULL);
      self->file = intern_again (last->file, file);
      self->function = intern_again (last->function, function);
    }

  g_private_replace (&last_pushed, tg_place_ref (self));

  return self;
}

/**
 * tg_place_push:
 * @file: (nullable): a file's name, with or without a folder
 * @line: a line in it, from 1
 * @function: (nullable): the function around it
 *
 * Says where this thread is: variables that it makes from now on remember that place.
 *
 * Each call needs one of [func@Tg.Place.pop]. In Vala, that is
 * `Tg.Place.push (Log.FILE, Log.LINE, Log.METHOD)`; C has `TG_HERE ()`, which does both.
 */
void
tg_place_push (const char *file,
               guint       line,
               const char *function)
{
  tg_origin_push (TG_ORIGIN_PLACE, make_place (file, line, function), tg_origin_dup_scope ());
}

/**
 * tg_place_pop:
 *
 * Forgets what the last [func@Tg.Place.push] of this thread said.
 */
void
tg_place_pop (void)
{
  tg_origin_pop (TG_ORIGIN_PLACE);
}

/**
 * tg_place_leave: (skip)
 * @variable: (transfer full) (nullable): a variable
 *
 * The second half of `TG_HERE ()`.
 *
 * Returns: (transfer full) (nullable): @variable
 */
TgVariable *
tg_place_leave (TgVariable *variable)
{
  tg_origin_pop (TG_ORIGIN_PLACE);

  return variable;
}
