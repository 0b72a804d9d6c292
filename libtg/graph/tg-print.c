/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-print-private.h"

#include "tg-attribute-private.h"
#include "tg-expression-private.h"
#include "tg-form-private.h"
#include "tg-traverse-private.h"
#include "tg-value-private.h"

/* Text that is inlined nests no deeper and grows no longer than this; the rest is given a name. */
#define MAX_DEPTH 40
#define MAX_LENGTH 400

/* Constants up to this size are written out; others stand beside the text. */
#define MAX_ELEMENTS 64

/* How a variable is written where it is used. */
typedef struct
{
  char *text;
  guint precedence; /* G_MAXUINT: needs no parentheses */
  guint depth;
} Phrase;

typedef struct
{
  GHashTable *phrases;  /* variable → Phrase */
  GHashTable *uses;     /* variable → how often it is used */
  GHashTable *names;    /* name that is taken → the last number put behind it */
  GString    *beside;
  GString    *lets;
  GHashTable *fixed;    /* variable → the name that it has in all texts of a file, or NULL */
  gboolean    is_exact;
  guint       n_temporaries;
} Printer;

static void
phrase_free (gpointer data)
{
  Phrase *phrase = data;

  g_free (phrase->text);
  g_free (phrase);
}

static Phrase *
add_phrase (Printer    *self,
            TgVariable *variable,
            char       *text,
            guint       precedence,
            guint       depth)
{
  Phrase *phrase = g_new (Phrase, 1);

  *phrase = (Phrase) { text, precedence, depth };
  g_hash_table_insert (self->phrases, variable, phrase);

  return phrase;
}

/* Words that mean something where a name of a variable stands. */
static gboolean
is_word (const char *name)
{
  g_autoptr (GVariant) word = tg_literal_from_word (name);

  if (word != NULL)
    g_variant_ref_sink (word);

  return word != NULL || strcmp (name, "let") == 0;
}

char *
tg_print_take_name (GHashTable *names,
                    const char *wish)
{
  g_autofree char *base = g_strcanon (g_strdup (wish), G_CSET_a_2_z G_CSET_A_2_Z "_0123456789",
                                      '_');
  guint number;
  char *name;

  if (base[0] == '\0' || g_ascii_isdigit (base[0]) || is_word (base))
    {
      char *prefixed = g_strconcat ("_", base, NULL);

      g_free (base);
      base = prefixed;
    }

  name = g_strdup (base);
  number = GPOINTER_TO_UINT (g_hash_table_lookup (names, base));
  while (g_hash_table_contains (names, name))
    {
      g_free (name);
      name = g_strdup_printf ("%s_%u", base, ++number);
    }

  g_hash_table_insert (names, g_strdup (base), GUINT_TO_POINTER (MAX (number, 1)));
  if (strcmp (name, base) != 0)
    g_hash_table_insert (names, g_strdup (name), GUINT_TO_POINTER (1));

  return name;
}

static char *
take_name (Printer    *self,
           TgVariable *variable,
           const char *wish)
{
  const char *fixed = self->fixed != NULL ? g_hash_table_lookup (self->fixed, variable) : NULL;

  if (fixed != NULL)
    return g_strdup (fixed);

  return tg_print_take_name (self->names, variable->name != NULL ? variable->name : wish);
}

/* The name of the variable, where reading `name` would give it another. */
static void
append_label (Printer    *self,
              GString    *text,
              TgVariable *variable,
              const char *name)
{
  const char *read = variable->op != NULL && tg_notation_is_temporary (name) ? NULL : name;

  if (!self->is_exact || g_strcmp0 (variable->name, read) == 0)
    return;

  g_string_append_c (text, ' ');
  tg_print_string (text, variable->name != NULL ? variable->name : "");
}

static char *
take_temporary (Printer *self)
{
  g_autofree char *wish = g_strdup_printf ("t%u", ++self->n_temporaries);

  return tg_print_take_name (self->names, wish);
}

static gboolean
has_nan (TgTensor *value)
{
  g_autoptr (TgTensor) dense = tg_tensor_make_contiguous (value, NULL);
  g_autoptr (GString) text = g_string_new (NULL);

  if (dense != NULL)
    tg_print_elements (text, dense);

  return strstr (text->str, "nan") != NULL;
}

/* Of a nan, text does not have the bits. */
gboolean
tg_print_stands_beside (TgVariable *variable,
                        gboolean    is_exact)
{
  TgTensor *value = TG_CONSTANT (variable)->value;

  return value->n_elements > MAX_ELEMENTS || (value->n_elements == 0 && value->ndim != 1)
         || (is_exact && !variable->weak && has_nan (value));
}

static void
print_constant (Printer    *self,
                TgVariable *variable)
{
  TgTensor *value = TG_CONSTANT (variable)->value;
  g_autoptr (TgTensor) dense = tg_tensor_make_contiguous (value, NULL);
  GString *text;
  guint precedence;

  if (dense == NULL || tg_print_stands_beside (variable, self->is_exact))
    {
      char *name = take_name (self, variable, "c");
      g_autofree char *type = tg_tensor_type_to_string (variable->type);

      g_string_append_printf (self->beside, "%s%s", self->beside->len > 0 ? ", " : "", name);
      if (variable->name != NULL)
        append_label (self, self->beside, variable, name);
      g_string_append_printf (self->beside, ": %s", type);
      if (self->is_exact)
        tg_symbol_print_flags (self->beside, TG_SYMBOL_CONSTANT);
      add_phrase (self, variable, name, G_MAXUINT, 0);
      return;
    }

  text = g_string_new (NULL);
  tg_print_elements (text, dense);
  if (!variable->weak && !(value->dtype == TG_DTYPE_INT64 && value->ndim == 1))
    {
      g_string_prepend_c (text, '(');
      g_string_prepend (text, tg_dtype_get_symbol (value->dtype));
      g_string_append_c (text, ')');
    }

  precedence = text->str[0] == '-' ? tg_notation_precedence ("-", TRUE) : G_MAXUINT;
  add_phrase (self, variable, g_string_free (text, FALSE), precedence, 0);
}

/* A side of an operator, in parentheses where it binds less tightly than its place asks. */
static void
append_side (Printer    *self,
             GString    *text,
             TgVariable *side,
             guint       least)
{
  Phrase *phrase = g_hash_table_lookup (self->phrases, side);

  g_string_append_printf (text, phrase->precedence >= least ? "%s" : "(%s)", phrase->text);
}

static void
print_infix (Printer    *self,
             GString    *text,
             TgVariable *variable,
             guint       precedence)
{
  gboolean power = strcmp (variable->op->infix, "**") == 0;
  gboolean comparison = variable->op->rule == TG_RULE_COMPARE;

  append_side (self, text, variable->inputs[0], power || comparison ? precedence + 1 : precedence);
  g_string_append_printf (text, " %s ", variable->op->infix);
  append_side (self, text, variable->inputs[1],
               power ? tg_notation_precedence ("-", TRUE) : precedence + 1);
}

static void
print_call (Printer    *self,
            GString    *text,
            TgVariable *variable)
{
  g_string_append (text, variable->op->name);
  g_string_append (text, variable->op->variadic ? "([" : "(");
  for (guint i = 0; i < variable->n_inputs; i++)
    {
      g_string_append (text, i > 0 ? ", " : "");
      append_side (self, text, variable->inputs[i], 0);
    }

  g_string_append (text, variable->op->variadic ? "]" : "");
  tg_print_attributes (text, variable);
  g_string_append_c (text, ')');
}

/* One bound of a slice: a number, or a variable; nothing where it is as by default. */
static void
print_bound (Printer    *self,
             GString    *text,
             TgVariable *bounds,
             guint       number,
             gint64      preset)
{
  gsize n_values;
  g_autofree gint64 *values = tg_variable_dup_integers (bounds, &n_values);
  gint64 value;

  if (values != NULL && values[number] != preset)
    g_string_append_printf (text, "%" G_GINT64_FORMAT, values[number]);

  if (values == NULL
      && !(tg_variable_infer_integer (bounds->inputs[number], &value) && value == preset))
    append_side (self, text, bounds->inputs[number], 0);
}

static void
print_slices (Printer    *self,
              GString    *text,
              TgVariable *variable)
{
  gsize n_axes;
  const gint64 *axes = tg_variable_find_ints (variable, "axis", &n_axes);
  const gint64 *steps = tg_variable_find_ints (variable, "step", &n_axes);
  gint64 axis = 0;

  for (guint i = 0; i < n_axes; i++)
    {
      for (; axis < axes[i]; axis++)
        g_string_append (text, ":, ");
      axis++;

      print_bound (self, text, variable->inputs[1], i, tg_slice_first (steps[i]));
      g_string_append_c (text, ':');
      print_bound (self, text, variable->inputs[2], i, tg_slice_last (steps[i]));
      if (steps[i] != 1)
        g_string_append_printf (text, ":%" G_GINT64_FORMAT, steps[i]);
      g_string_append (text, i + 1 < n_axes ? ", " : "");
    }
}

/* x[0], x[..., -1], x[1:, ::2] */
static void
print_index (Printer    *self,
             GString    *text,
             TgVariable *variable)
{
  append_side (self, text, variable->inputs[0], G_MAXUINT);
  g_string_append_c (text, '[');
  if (variable->op == &tg_ops[TG_OP_SLICE])
    print_slices (self, text, variable);
  else
    {
      gint64 axis = tg_variable_find_int (variable, "axis");

      if (axis > 0 && axis == variable->type->ndim)
        g_string_append (text, "..., ");
      else
        for (gint64 i = 0; i < axis; i++)
          g_string_append (text, ":, ");

      append_side (self, text, variable->inputs[1], 0);
    }
  g_string_append_c (text, ']');
}

/* Whether an index says all: bounds that were computed as a vector have no place in one. */
static gboolean
is_index (TgVariable *variable)
{
  gsize n_axes;
  const gint64 *axes;

  if (variable->op == &tg_ops[TG_OP_INDEX])
    return TRUE;

  if (variable->op != &tg_ops[TG_OP_SLICE])
    return FALSE;

  axes = tg_variable_find_ints (variable, "axis", &n_axes);
  for (gsize i = 1; i < n_axes; i++)
    {
      if (axes[i] < axes[i - 1])
        return FALSE;
    }

  for (guint i = 1; i < 3; i++)
    {
      if (!TG_IS_CONSTANT (variable->inputs[i])
          && variable->inputs[i]->op != &tg_ops[TG_OP_STACK])
        return FALSE;
    }

  return n_axes > 0;
}

/* -(2) is read as a number; the operator is spelled out. */
static gboolean
is_prefixable (TgVariable *variable)
{
  return variable->op->prefix != NULL
         && !(TG_IS_CONSTANT (variable->inputs[0]) && variable->inputs[0]->weak
              && variable->op == &tg_ops[TG_OP_NEGATIVE]);
}

static void
print_apply (Printer    *self,
             TgVariable *variable)
{
  GString *text = g_string_new (NULL);
  guint precedence = G_MAXUINT, depth = 0;

  for (guint i = 0; i < variable->n_inputs; i++)
    {
      Phrase *input = g_hash_table_lookup (self->phrases, variable->inputs[i]);

      depth = MAX (depth, input->depth + 1);
    }

  if (variable->op->infix != NULL)
    {
      precedence = tg_notation_precedence (variable->op->infix, FALSE);
      print_infix (self, text, variable, precedence);
    }
  else if (is_prefixable (variable))
    {
      precedence = tg_notation_precedence (variable->op->prefix, TRUE);
      g_string_append (text, variable->op->prefix);
      append_side (self, text, variable->inputs[0], precedence);
    }
  else if (is_index (variable))
    print_index (self, text, variable);
  else
    print_call (self, text, variable);

  add_phrase (self, variable, g_string_free (text, FALSE), precedence, depth);
}

/* Gives the phrase a name of its own where it is used again, has a name, or is long. */
static void
name_phrase (Printer    *self,
             TgVariable *variable,
             gboolean    is_output)
{
  Phrase *phrase = g_hash_table_lookup (self->phrases, variable);
  guint n_uses = GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, variable));
  gboolean is_named = variable->name != NULL
                      && (self->is_exact || !tg_notation_is_temporary (variable->name));
  char *name;

  if (n_uses < 2 && ((is_output && !(self->is_exact && is_named))
                     || (!is_named && phrase->depth < MAX_DEPTH
                         && strlen (phrase->text) < MAX_LENGTH)))
    return;

  name = is_named ? take_name (self, variable, NULL) : take_temporary (self);
  g_string_append_printf (self->lets, "let %s", name);
  append_label (self, self->lets, variable, name);
  g_string_append_printf (self->lets, " = %s;\n", phrase->text);
  add_phrase (self, variable, name, G_MAXUINT, 0);
}

static void
declare (Printer    *self,
         GString    *text,
         TgVariable *variable)
{
  g_autofree char *type = tg_tensor_type_to_string (variable->type);
  char *name = take_name (self, variable, "x");

  g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", name);
  append_label (self, text, variable, name);
  g_string_append_printf (text, ": %s", type);
  add_phrase (self, variable, name, G_MAXUINT, 0);
}

static void
count_use (Printer    *self,
           TgVariable *variable)
{
  guint n_uses = GPOINTER_TO_UINT (g_hash_table_lookup (self->uses, variable));

  g_hash_table_insert (self->uses, variable, GUINT_TO_POINTER (n_uses + 1));
}

static void
print_phrases (Printer           *self,
               const TgPrintable *printable,
               GPtrArray         *order)
{
  g_autoptr (GHashTable) outputs = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < printable->n_outputs; i++)
    {
      g_hash_table_add (outputs, printable->outputs[i]);
      count_use (self, printable->outputs[i]);
    }

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (g_hash_table_contains (self->phrases, variable))
        continue;

      for (guint k = 0; k < variable->n_inputs; k++)
        count_use (self, variable->inputs[k]);

      if (variable->op == NULL && variable->name != NULL && !TG_IS_CONSTANT (variable))
        declare (self, self->beside, variable);
    }

  for (guint i = 0; i < order->len; i++)
    {
      TgVariable *variable = order->pdata[i];

      if (g_hash_table_contains (self->phrases, variable))
        continue;

      if (TG_IS_CONSTANT (variable))
        print_constant (self, variable);
      else if (variable->op == NULL)
        declare (self, self->beside, variable);
      else
        {
          print_apply (self, variable);
          name_phrase (self, variable, g_hash_table_contains (outputs, variable));
        }
    }
}

static void
append_lines (GString    *text,
              const char *lines,
              const char *indent)
{
  g_auto (GStrv) parts = g_strsplit (lines, "\n", -1);

  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (parts[i][0] != '\0')
        g_string_append_printf (text, "%s%s\n", indent, parts[i]);
    }
}

/* Declares the inputs; what holds their defaults, and is updated, stands beside them. */
static void
print_inputs (Printer           *self,
              const TgPrintable *printable,
              GString           *inputs)
{
  for (guint i = 0; i < printable->n_inputs; i++)
    {
      const TgPrintInput *options = printable->input_options != NULL
                                      ? &printable->input_options[i] : NULL;
      TgVariable *preset = options != NULL ? options->preset : NULL;
      Phrase *phrase;

      declare (self, inputs, printable->inputs[i]);
      if (options == NULL)
        continue;

      tg_symbol_print_flags (inputs, options->flags);
      if (options->title != NULL)
        {
          g_string_append (inputs, " named ");
          tg_print_string (inputs, options->title);
        }

      if (preset == NULL)
        continue;

      if (!g_hash_table_contains (self->phrases, preset))
        declare (self, self->beside, preset);
      phrase = g_hash_table_lookup (self->phrases, preset);
      g_string_append_printf (inputs, " %s %s", options->flags & TG_SYMBOL_OWN ? "own" : "default",
                              phrase->text);
    }

  for (guint i = 0; i < printable->n_updates; i++)
    {
      if (!g_hash_table_contains (self->phrases, printable->updated[i]))
        declare (self, self->beside, printable->updated[i]);
    }
}

/* New values, then results. */
static void
print_outputs (Printer           *self,
               const TgPrintable *printable,
               gboolean           lines,
               GString           *text)
{
  guint n_results = printable->n_outputs - printable->n_updates;

  for (guint i = 0; i < printable->n_updates; i++)
    {
      Phrase *shared = g_hash_table_lookup (self->phrases, printable->updated[i]);
      Phrase *value = g_hash_table_lookup (self->phrases, printable->outputs[n_results + i]);

      g_string_append_printf (text, "  update %s = %s;\n", shared->text, value->text);
    }

  for (guint i = 0; i < n_results; i++)
    {
      Phrase *output = g_hash_table_lookup (self->phrases, printable->outputs[i]);
      const TgResult *options = printable->result_options != NULL
                                  ? &printable->result_options[i] : NULL;

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : lines ? "  " : "", output->text);
      if (options != NULL && options->name != NULL)
        {
          g_string_append (text, " as ");
          tg_print_string (text, options->name);
        }

      if (options != NULL && options->borrow)
        g_string_append (text, " borrow");
    }
}

/* Names that other texts of the file use are taken in this one. */
static void
take_fixed_names (GHashTable *names,
                  GHashTable *fixed)
{
  GHashTableIter iter;
  gpointer name;

  if (fixed == NULL)
    return;

  g_hash_table_iter_init (&iter, fixed);
  while (g_hash_table_iter_next (&iter, NULL, &name))
    g_hash_table_insert (names, g_strdup (name), GUINT_TO_POINTER (1));
}

static GHashTable *
make_set (TgVariable *const *variables,
          guint              n_variables)
{
  GHashTable *set = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_variables; i++)
    g_hash_table_add (set, variables[i]);

  return set;
}

char *
tg_print (const TgPrintable *printable)
{
  g_autoptr (GHashTable) stops = make_set (printable->inputs, printable->n_inputs);
  g_autoptr (GPtrArray) order = tg_traverse (printable->outputs, printable->n_outputs, stops);
  g_autoptr (GHashTable) phrases = g_hash_table_new_full (NULL, NULL, NULL, phrase_free);
  g_autoptr (GHashTable) uses = g_hash_table_new (NULL, NULL);
  g_autoptr (GHashTable) names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr (GString) beside = g_string_new (NULL);
  g_autoptr (GString) lets = g_string_new (NULL);
  g_autoptr (GString) inputs = g_string_new (NULL);
  Printer self = {
    phrases, uses, names, beside, lets, printable->beside, printable->is_exact, 0,
  };
  GString *text = g_string_new (NULL);
  gboolean lines;

  take_fixed_names (names, printable->beside);
  print_inputs (&self, printable, inputs);
  print_phrases (&self, printable, order);

  lines = printable->name != NULL && (lets->len > 0 || printable->n_updates > 0);
  if (printable->name != NULL)
    {
      g_string_append (text, printable->name);
      if (printable->label != NULL)
        {
          g_string_append_c (text, ' ');
          tg_print_string (text, printable->label);
        }
      g_string_append_printf (text, "(%s%s%s) =%s", inputs->str, beside->len > 0 ? "; " : "",
                              beside->str, lines ? "\n" : " ");
    }

  append_lines (text, lets->str, lines ? "  " : "");
  print_outputs (&self, printable, lines, text);

  return g_string_free (text, FALSE);
}

/**
 * tg_variable_to_string:
 * @self: a variable
 *
 * Writes the expression in the notation; what is used several times is given a name by `let`.
 *
 * Returns: (transfer full): the text
 */
char *
tg_variable_to_string (TgVariable *self)
{
  TgPrintable printable = { .n_outputs = 1, .outputs = &self };

  g_return_val_if_fail (TG_IS_VARIABLE (self), NULL);

  return tg_print (&printable);
}
