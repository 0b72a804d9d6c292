/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-mode-private.h"

#include <string.h>

#include "tg-error.h"

/**
 * TgMode:
 *
 * How functions are compiled and run: by which backend, and what is checked on the way.
 *
 * A mode may also be written as text, such as `reference,check-finite`; see
 * [ctor@Tg.Mode.new_from_string]. A function keeps a copy of the mode that it was built with.
 */

enum
{
  PROP_0,
  PROP_BACKEND,
  PROP_CHECK,
  PROP_CHECK_FINITE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TgMode, tg_mode, G_TYPE_OBJECT)

static void
tg_mode_get_property (GObject    *object,
                      guint       prop_id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  TgMode *self = TG_MODE (object);

  switch (prop_id)
    {
    case PROP_BACKEND:
      g_value_set_string (value, self->backend->name);
      break;

    case PROP_CHECK:
      g_value_set_boolean (value, self->check);
      break;

    case PROP_CHECK_FINITE:
      g_value_set_boolean (value, self->check_finite);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tg_mode_set_property (GObject      *object,
                      guint         prop_id,
                      const GValue *value,
                      GParamSpec   *pspec)
{
  TgMode *self = TG_MODE (object);

  switch (prop_id)
    {
    case PROP_CHECK:
      tg_mode_set_check (self, g_value_get_boolean (value));
      break;

    case PROP_CHECK_FINITE:
      tg_mode_set_check_finite (self, g_value_get_boolean (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
tg_mode_class_init (TgModeClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY;

  object_class->get_property = tg_mode_get_property;
  object_class->set_property = tg_mode_set_property;

  /**
   * TgMode:backend: (getter get_backend)
   *
   * The name of what runs functions. Set it with [method@Tg.Mode.set_backend].
   */
  properties[PROP_BACKEND] =
    g_param_spec_string ("backend", NULL, NULL, NULL, flags | G_PARAM_READABLE);

  /**
   * TgMode:check: (getter get_check) (setter set_check)
   *
   * Whether the program is verified after each pass of the compiler.
   */
  properties[PROP_CHECK] =
    g_param_spec_boolean ("check", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);

  /**
   * TgMode:check-finite: (getter get_check_finite) (setter set_check_finite)
   *
   * Whether a call fails where a nan or an infinity appears.
   */
  properties[PROP_CHECK_FINITE] =
    g_param_spec_boolean ("check-finite", NULL, NULL, FALSE, flags | G_PARAM_READWRITE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_mode_init (TgMode *self)
{
  self->backend = tg_backend_get_default ();
}

/**
 * tg_mode_new:
 *
 * Creates a mode: the one that functions have unless they are given another.
 *
 * Returns: (transfer full): a new mode
 */
TgMode *
tg_mode_new (void)
{
  return g_object_new (TG_TYPE_MODE, NULL);
}

/* Takes a word as a backend or as something to check; FALSE where it is neither. */
static gboolean
add_word (TgMode     *self,
          const char *word)
{
  const TgBackend *backend = tg_backend_find (word);

  if (backend != NULL)
    self->backend = backend;
  else if (g_str_equal (word, "check"))
    self->check = TRUE;
  else if (g_str_equal (word, "check-finite"))
    self->check_finite = TRUE;
  else
    return FALSE;

  return TRUE;
}

/**
 * tg_mode_new_from_string:
 * @text: words separated by commas: the name of a backend, `check`, `check-finite`
 * @error: return location for a [error@Tg.CompileError]
 *
 * Creates a mode from its text. What the text does not mention is as in [ctor@Tg.Mode.new].
 *
 * Returns: (transfer full): a new mode, or %NULL with @error set
 */
TgMode *
tg_mode_new_from_string (const char *text,
                         GError    **error)
{
  g_autoptr (TgMode) self = NULL;
  g_auto (GStrv) words = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  self = tg_mode_new ();
  words = g_strsplit (text, ",", -1);
  for (guint i = 0; words[i] != NULL; i++)
    {
      g_autofree char *backends = NULL;

      if (add_word (self, g_strstrip (words[i])))
        continue;

      backends = tg_backend_list_names ();
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MODE,
                   "there is no mode “%s”: a mode is a backend (%s), check or check-finite, or "
                   "several of them with commas between", words[i], backends);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * tg_mode_get_backend:
 * @self: a mode
 *
 * Gets the name of what runs functions.
 *
 * Returns: the name
 */
const char *
tg_mode_get_backend (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), NULL);

  return self->backend->name;
}

/**
 * tg_mode_set_backend:
 * @self: a mode
 * @backend: the name of a backend, such as `reference`
 * @error: return location for a [error@Tg.CompileError]
 *
 * Chooses what runs functions.
 *
 * `reference` has plain loops, an operator at a time.
 *
 * Returns: whether there is such a backend
 */
gboolean
tg_mode_set_backend (TgMode      *self,
                     const char  *backend,
                     GError     **error)
{
  const TgBackend *found;
  g_autofree char *names = NULL;

  g_return_val_if_fail (TG_IS_MODE (self), FALSE);
  g_return_val_if_fail (backend != NULL, FALSE);

  found = tg_backend_find (backend);
  if (found == NULL)
    {
      names = tg_backend_list_names ();
      g_set_error (error, TG_COMPILE_ERROR, TG_COMPILE_ERROR_MODE,
                   "there is no backend “%s”; those that there are: %s", backend, names);
      return FALSE;
    }

  if (self->backend != found)
    {
      self->backend = found;
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BACKEND]);
    }

  return TRUE;
}

/**
 * tg_mode_get_check:
 * @self: a mode
 *
 * Gets whether the program is verified after each pass of the compiler.
 *
 * Returns: whether it is
 */
gboolean
tg_mode_get_check (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), FALSE);

  return self->check;
}

/**
 * tg_mode_set_check:
 * @self: a mode
 * @check: whether to verify
 *
 * Sets whether the program is verified after each pass of the compiler, as `TG_DEBUG=check` does
 * for all functions.
 */
void
tg_mode_set_check (TgMode   *self,
                   gboolean  check)
{
  g_return_if_fail (TG_IS_MODE (self));

  if (self->check == !!check)
    return;

  self->check = !!check;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHECK]);
}

/**
 * tg_mode_get_check_finite:
 * @self: a mode
 *
 * Gets whether a call fails where a nan or an infinity appears.
 *
 * Returns: whether it does
 */
gboolean
tg_mode_get_check_finite (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), FALSE);

  return self->check_finite;
}

/**
 * tg_mode_set_check_finite:
 * @self: a mode
 * @check_finite: whether to fail
 *
 * Sets whether a call fails where a nan or an infinity appears: in an argument, in a shared value
 * or in the result of an operator, whichever is first.
 *
 * The error, [error@Tg.RunError.NOT_FINITE], names the operator and the position. As after any
 * failure, shared variables are as before. Constants may be infinite; what is made of them may not.
 */
void
tg_mode_set_check_finite (TgMode   *self,
                          gboolean  check_finite)
{
  g_return_if_fail (TG_IS_MODE (self));

  if (self->check_finite == !!check_finite)
    return;

  self->check_finite = !!check_finite;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CHECK_FINITE]);
}

/**
 * tg_mode_to_string:
 * @self: a mode
 *
 * Writes a mode as [ctor@Tg.Mode.new_from_string] reads it.
 *
 * Returns: (transfer full): the text
 */
char *
tg_mode_to_string (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), NULL);

  return g_strconcat (self->backend->name, self->check ? ",check" : "",
                      self->check_finite ? ",check-finite" : "", NULL);
}

TgMode *
tg_mode_copy (TgMode *self)
{
  TgMode *copy = tg_mode_new ();

  if (self != NULL)
    {
      copy->backend = self->backend;
      copy->check = self->check;
      copy->check_finite = self->check_finite;
    }

  return copy;
}
