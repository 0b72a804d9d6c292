/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-mode-private.h"

#include "tg-enum-types.h"
#include "tg-error.h"

/**
 * TgMode:
 *
 * How functions are compiled and run: by which backend, and what is checked on the way.
 *
 * It also says which rewrite rules the optimiser uses: what they must promise, which ones are left
 * out, and which are a person's own.
 *
 * Functions that are given none have that of the environment variable `TG_MODE`, if it is set, or
 * else that of [ctor@Tg.Mode.new]. Gradients recognise what that allows, too, whatever functions
 * are made of them. A mode may also be written as text, such as `reference,check-finite`; see
 * [ctor@Tg.Mode.new_from_string]. A function keeps a copy of the mode that it was built with.
 */

enum
{
  PROP_0,
  PROP_BACKEND,
  PROP_CHECK,
  PROP_CHECK_FINITE,
  PROP_N_THREADS,
  PROP_PROMISES,
  PROP_ACCURACY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (TgMode, tg_mode, G_TYPE_OBJECT)

static void
tg_mode_finalize (GObject *object)
{
  TgMode *self = TG_MODE (object);

  g_hash_table_unref (self->excluded);
  g_ptr_array_unref (self->rules);

  G_OBJECT_CLASS (tg_mode_parent_class)->finalize (object);
}

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

    case PROP_N_THREADS:
      g_value_set_uint (value, self->n_threads);
      break;

    case PROP_PROMISES:
      g_value_set_flags (value, self->promises);
      break;

    case PROP_ACCURACY:
      g_value_set_enum (value, self->accuracy);
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

    case PROP_N_THREADS:
      tg_mode_set_n_threads (self, g_value_get_uint (value));
      break;

    case PROP_PROMISES:
      tg_mode_set_promises (self, g_value_get_flags (value));
      break;

    case PROP_ACCURACY:
      tg_mode_set_accuracy (self, g_value_get_enum (value));
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

  object_class->finalize = tg_mode_finalize;
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

  /**
   * TgMode:n-threads: (getter get_n_threads) (setter set_n_threads)
   *
   * How many threads work for one call, or 0 for as many as `TG_NUM_THREADS` says.
   */
  properties[PROP_N_THREADS] =
    g_param_spec_uint ("n-threads", NULL, NULL, 0, TG_MAX_THREADS, 0, flags | G_PARAM_READWRITE);

  /**
   * TgMode:promises: (getter get_promises) (setter set_promises)
   *
   * What rewrite rules must promise to be used.
   */
  properties[PROP_PROMISES] =
    g_param_spec_flags ("promises", NULL, NULL, TG_TYPE_PROMISE, TG_PROMISE_DEFAULT,
                        flags | G_PARAM_READWRITE);

  /**
   * TgMode:accuracy: (getter get_accuracy) (setter set_accuracy)
   *
   * How much time the optimiser takes to look for accurate forms.
   */
  properties[PROP_ACCURACY] =
    g_param_spec_enum ("accuracy", NULL, NULL, TG_TYPE_ACCURACY, TG_ACCURACY_NORMAL,
                       flags | G_PARAM_READWRITE);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
tg_mode_init (TgMode *self)
{
  self->backend = tg_backend_get_default ();
  self->promises = TG_PROMISE_DEFAULT;
  self->excluded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->rules = g_ptr_array_new_with_free_func (g_object_unref);
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
 * `cpu`, which is the default, has vector instructions and passes over memory that several
 * operators share; `reference` has plain loops, an operator at a time.
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
 * tg_mode_get_n_threads:
 * @self: a mode
 *
 * Gets how many threads work for one call.
 *
 * Returns: the number of threads, or 0 for as many as `TG_NUM_THREADS` says
 */
guint
tg_mode_get_n_threads (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), 0);

  return self->n_threads;
}

/**
 * tg_mode_set_n_threads:
 * @self: a mode
 * @n_threads: the number of threads, at most 1024, or 0
 *
 * Sets how many threads work for one call; the thread of the call is one of them.
 *
 * With 0, which is the default, there are as many as the environment variable `TG_NUM_THREADS`
 * says, or else as there are processors that the process may use. Results are the same bits,
 * whatever the number.
 */
void
tg_mode_set_n_threads (TgMode *self,
                       guint   n_threads)
{
  g_return_if_fail (TG_IS_MODE (self));
  g_return_if_fail (n_threads <= TG_MAX_THREADS);

  if (self->n_threads == n_threads)
    return;

  self->n_threads = n_threads;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_THREADS]);
}

/**
 * tg_mode_get_promises:
 * @self: a mode
 *
 * Gets what rewrite rules must promise to be used.
 *
 * Returns: the promises, any of which is enough
 */
TgPromise
tg_mode_get_promises (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), TG_PROMISE_NONE);

  return self->promises;
}

/**
 * tg_mode_set_promises:
 * @self: a mode
 * @promises: any of which is enough
 *
 * Sets what rewrite rules must promise to be used. Without any, functions compute what is written.
 *
 * With %TG_PROMISE_EXACT alone, results are the same bits as without rewriting.
 */
void
tg_mode_set_promises (TgMode    *self,
                      TgPromise  promises)
{
  g_return_if_fail (TG_IS_MODE (self));

  if (self->promises == promises)
    return;

  self->promises = promises;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PROMISES]);
}

/**
 * tg_mode_get_accuracy:
 * @self: a mode
 *
 * Gets how much time the optimiser takes to look for accurate forms.
 *
 * Returns: the time, as one of two
 */
TgAccuracy
tg_mode_get_accuracy (TgMode *self)
{
  g_return_val_if_fail (TG_IS_MODE (self), TG_ACCURACY_NORMAL);

  return self->accuracy;
}

/**
 * tg_mode_set_accuracy:
 * @self: a mode
 * @accuracy: normal or high
 *
 * Sets how much time the optimiser takes to look for accurate forms.
 */
void
tg_mode_set_accuracy (TgMode     *self,
                      TgAccuracy  accuracy)
{
  g_return_if_fail (TG_IS_MODE (self));

  if (self->accuracy == accuracy)
    return;

  self->accuracy = accuracy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACCURACY]);
}

/**
 * tg_mode_exclude:
 * @self: a mode
 * @name: the name of a rule, such as `log1p`, or of a file of rules, such as `real.rules`
 *
 * Leaves out a rule, or all rules of a file. `search` is the choice of elementwise work by measured
 * error.
 */
void
tg_mode_exclude (TgMode     *self,
                 const char *name)
{
  g_return_if_fail (TG_IS_MODE (self));
  g_return_if_fail (name != NULL);

  g_hash_table_add (self->excluded, g_strdup (name));
}

/**
 * tg_mode_add_rules:
 * @self: a mode
 * @rules: rules
 *
 * Has a person's own rules tried, before those of the library and behind those that were added
 * before.
 */
void
tg_mode_add_rules (TgMode    *self,
                   TgRuleSet *rules)
{
  g_return_if_fail (TG_IS_MODE (self));
  g_return_if_fail (TG_IS_RULE_SET (rules));

  g_ptr_array_add (self->rules, g_object_ref (rules));
}

static void
copy_names (GHashTable *to,
            GHashTable *from)
{
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, from);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_hash_table_add (to, g_strdup (name));
}

/* The mode of functions that are not given one: what TG_MODE says, if anything. */
static TgMode *
new_default (void)
{
  const char *text = g_getenv ("TG_MODE");
  g_autoptr (GError) error = NULL;
  TgMode *self;

  if (text == NULL || text[0] == '\0')
    return tg_mode_new ();

  self = tg_mode_new_from_string (text, &error);
  if (self != NULL)
    return self;

  g_warning ("TG_MODE: %s", error->message);

  return tg_mode_new ();
}

TgMode *
tg_mode_copy (TgMode *self)
{
  TgMode *copy;

  if (self == NULL)
    return new_default ();

  copy = tg_mode_new ();
  copy->backend = self->backend;
  copy->check = self->check;
  copy->check_finite = self->check_finite;
  copy->n_threads = self->n_threads;
  copy->promises = self->promises;
  copy->accuracy = self->accuracy;
  copy_names (copy->excluded, self->excluded);
  g_ptr_array_extend (copy->rules, self->rules, (GCopyFunc) (gpointer) g_object_ref, NULL);

  return copy;
}
