/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-profile-private.h"

#include <time.h>

#include "tg-contraction-private.h"
#include "tg-json-private.h"
#include "tg-tensor-private.h"

/**
 * TgProfile:
 *
 * How often a function was called, and where the time went; a list of [class@Tg.ProfileStep], in
 * the order in which they ran first.
 *
 * See [method@Tg.Function.set_profiling].
 */
struct _TgProfile
{
  GObject     parent_instance;
  GMutex      lock;
  guint64     n_calls;
  gint64      nanoseconds;
  GPtrArray  *steps;      /* TgProfileStep */
  GHashTable *by_variable; /* the first variable of a step → TgProfileStep */
};

static GType
tg_profile_get_item_type (GListModel *model G_GNUC_UNUSED)
{
  return TG_TYPE_PROFILE_STEP;
}

static guint
tg_profile_get_n_items (GListModel *model)
{
  return TG_PROFILE (model)->steps->len;
}

static gpointer
tg_profile_get_item (GListModel *model,
                     guint       position)
{
  TgProfile *self = TG_PROFILE (model);

  return position < self->steps->len ? g_object_ref (self->steps->pdata[position]) : NULL;
}

static void
list_model_init (GListModelInterface *interface)
{
  interface->get_item_type = tg_profile_get_item_type;
  interface->get_n_items = tg_profile_get_n_items;
  interface->get_item = tg_profile_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TgProfile, tg_profile, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
tg_profile_finalize (GObject *object)
{
  TgProfile *self = TG_PROFILE (object);

  g_hash_table_unref (self->by_variable);
  g_ptr_array_unref (self->steps);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (tg_profile_parent_class)->finalize (object);
}

static void
tg_profile_class_init (TgProfileClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = tg_profile_finalize;
}

static void
tg_profile_init (TgProfile *self)
{
  g_mutex_init (&self->lock);
  self->steps = g_ptr_array_new_with_free_func (g_object_unref);
  self->by_variable = g_hash_table_new (NULL, NULL);
}

TgProfile *
tg_profile_new (void)
{
  return g_object_new (TG_TYPE_PROFILE, NULL);
}

/* Adds a step of no calls yet. */
static TgProfileStep *
add_step (TgProfile  *self,
          const char *kind,
          GPtrArray  *variables)
{
  TgProfileStep *step = g_object_new (TG_TYPE_PROFILE_STEP, NULL);

  step->kind = kind;
  for (guint i = 0; i < variables->len; i++)
    g_ptr_array_add (step->variables, g_object_ref (variables->pdata[i]));
  g_ptr_array_add (self->steps, step);
  g_hash_table_insert (self->by_variable, variables->pdata[0], step);

  return step;
}

TgProfile *
tg_profile_copy (TgProfile *self)
{
  TgProfile *copy = tg_profile_new ();

  g_mutex_lock (&self->lock);
  copy->n_calls = self->n_calls;
  copy->nanoseconds = self->nanoseconds;
  for (guint i = 0; i < self->steps->len; i++)
    {
      TgProfileStep *step = self->steps->pdata[i];
      TgProfileStep *copied = add_step (copy, step->kind, step->variables);

      copied->n_calls = step->n_calls;
      copied->nanoseconds = step->nanoseconds;
      copied->bytes = step->bytes;
      copied->operations = step->operations;
    }
  g_mutex_unlock (&self->lock);

  return copy;
}

gint64
tg_profile_now (void)
{
  struct timespec now;

  clock_gettime (CLOCK_MONOTONIC, &now);

  return (gint64) now.tv_sec * 1000000000 + now.tv_nsec;
}

void
tg_profile_add_call (TgProfile *self,
                     gint64     begin)
{
  gint64 end = tg_profile_now ();

  g_mutex_lock (&self->lock);
  self->n_calls++;
  self->nanoseconds += end - begin;
  g_mutex_unlock (&self->lock);
}

/* The slots that instructions read from memory, and those that they have left there. */
static void
find_traffic (const TgProgram  *program,
              const guint      *instructions,
              guint             n_instructions,
              TgTensor *const  *slots,
              double           *bytes,
              gsize            *largest)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < n_instructions; i++)
    {
      const TgInstruction *instruction = &g_array_index (program->instructions, TgInstruction,
                                                         instructions[i]);
      const guint *operands = tg_program_get_operands (program, instruction);

      for (guint k = 0; k <= instruction->variable->n_inputs; k++)
        {
          guint slot = k < instruction->variable->n_inputs ? operands[k] : instruction->output;
          TgTensor *value = slots[slot];

          if (value == NULL || !g_hash_table_add (seen, GUINT_TO_POINTER (slot)))
            continue;

          *bytes += (double) value->n_elements * (double) tg_dtype_get_size (value->dtype);
          *largest = MAX (*largest, value->n_elements);
        }
    }
}

/* Two for each product of elements that is added. */
static double
count_products (TgVariable *variable,
                TgTensor   *x,
                TgTensor   *y)
{
  const TgContraction *contraction = tg_variable_get_contraction (variable);
  gint64 sizes[3 * TG_MAX_NDIM];
  double count = 2;

  if (x == NULL || y == NULL
      || !tg_contraction_sizes (contraction, x->shape, y->shape, sizes, NULL))
    return 0;

  for (guint i = 0; i < contraction->n_letters; i++)
    count *= (double) sizes[i];

  return count;
}

/* What stays in registers has as many elements as the largest of what does not. */
static double
count_operations (const TgProgram     *program,
                  const TgInstruction *instruction,
                  TgTensor *const     *slots,
                  gsize                largest)
{
  const guint *operands = tg_program_get_operands (program, instruction);
  TgTensor *value = slots[instruction->output];

  switch (instruction->variable->op->form)
    {
    case TG_FORM_ELEMENTWISE:
      return (double) (value != NULL ? value->n_elements : largest);
    case TG_FORM_REDUCE:
      value = slots[operands[0]];
      return (double) (value != NULL ? value->n_elements : largest);
    case TG_FORM_CONTRACT:
      return count_products (instruction->variable, slots[operands[0]], slots[operands[1]]);
    default:
      return 0;
    }
}

static TgProfileStep *
find_step (TgProfile       *self,
           const char      *kind,
           const TgProgram *program,
           const guint     *instructions,
           guint            n_instructions)
{
  g_autoptr (GPtrArray) variables = NULL;
  const TgInstruction *first = &g_array_index (program->instructions, TgInstruction,
                                               instructions[0]);
  TgProfileStep *step = g_hash_table_lookup (self->by_variable, first->variable);

  if (step != NULL)
    return step;

  variables = g_ptr_array_new ();
  for (guint i = 0; i < n_instructions; i++)
    g_ptr_array_add (variables, g_array_index (program->instructions, TgInstruction,
                                               instructions[i]).variable);

  return add_step (self, kind, variables);
}

void
tg_profile_add_step (TgProfile       *self,
                     const char      *kind,
                     const TgProgram *program,
                     const guint     *instructions,
                     guint            n_instructions,
                     TgTensor *const *slots,
                     gint64           begin)
{
  gint64 end = tg_profile_now ();
  double bytes = 0, operations = 0;
  gsize largest = 0;
  TgProfileStep *step;

  find_traffic (program, instructions, n_instructions, slots, &bytes, &largest);
  for (guint i = 0; i < n_instructions; i++)
    operations += count_operations (program, &g_array_index (program->instructions, TgInstruction,
                                                             instructions[i]), slots, largest);

  g_mutex_lock (&self->lock);
  step = find_step (self, kind, program, instructions, n_instructions);
  step->n_calls++;
  step->nanoseconds += end - begin;
  step->bytes += bytes;
  step->operations += operations;
  g_mutex_unlock (&self->lock);
}

/**
 * tg_profile_get_n_calls:
 * @self: a profile
 *
 * Gets how often the function was called, without those calls that failed.
 *
 * Returns: the number
 */
guint64
tg_profile_get_n_calls (TgProfile *self)
{
  g_return_val_if_fail (TG_IS_PROFILE (self), 0);

  return self->n_calls;
}

/**
 * tg_profile_get_seconds:
 * @self: a profile
 *
 * Gets how long the calls took, all together, from when their arguments were there until the
 * results and the updates were.
 *
 * Returns: the time in seconds
 */
double
tg_profile_get_seconds (TgProfile *self)
{
  g_return_val_if_fail (TG_IS_PROFILE (self), 0);

  return (double) self->nanoseconds * 1e-9;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 first = (*(TgProfileStep *const *) a)->nanoseconds;
  gint64 second = (*(TgProfileStep *const *) b)->nanoseconds;

  return first < second ? 1 : first > second ? -1 : 0;
}

/* A rate in 10^9 a second; 0 where nothing took time. */
static double
find_rate (double        amount,
           TgProfileStep *step)
{
  return step->nanoseconds > 0 ? amount / (double) step->nanoseconds : 0;
}

/**
 * tg_profile_to_string:
 * @self: a profile
 *
 * Writes a table of the steps, those that took most time first: the share of the time, the time of
 * one call in microseconds, how many gigabytes and how many 10^9 operations a second.
 *
 * Returns: (transfer full): the text
 */
char *
tg_profile_to_string (TgProfile *self)
{
  g_autoptr (GPtrArray) steps = NULL;
  gint64 inside = 0;
  GString *text;

  g_return_val_if_fail (TG_IS_PROFILE (self), NULL);

  steps = g_ptr_array_copy (self->steps, NULL, NULL);
  g_ptr_array_set_free_func (steps, NULL);
  g_ptr_array_sort (steps, compare_times);
  for (guint i = 0; i < steps->len; i++)
    inside += ((TgProfileStep *) steps->pdata[i])->nanoseconds;

  text = g_string_new (NULL);
  g_string_append_printf (text, "%" G_GUINT64_FORMAT " calls took %.6f s, the steps %.6f s of it\n"
                          "  share     calls     us each     GB/s     10^9/s  step\n",
                          self->n_calls, (double) self->nanoseconds * 1e-9,
                          (double) inside * 1e-9);
  for (guint i = 0; i < steps->len; i++)
    {
      TgProfileStep *step = steps->pdata[i];
      g_autofree char *name = tg_profile_step_to_string (step);

      g_string_append_printf (text, "%6.1f%% %9" G_GUINT64_FORMAT " %11.3f %8.2f %10.2f  %s\n",
                              100.0 * (double) step->nanoseconds / (double) MAX (inside, 1),
                              step->n_calls,
                              (double) step->nanoseconds * 1e-3 / (double) step->n_calls,
                              find_rate (step->bytes, step), find_rate (step->operations, step),
                              name);
    }

  return g_string_free (text, FALSE);
}

static void
append_step_json (GString       *text,
                  TgProfileStep *step)
{
  g_string_append_printf (text, "\n    {\"kind\": \"%s\", \"calls\": %" G_GUINT64_FORMAT
                          ", \"nanoseconds\": %" G_GINT64_FORMAT ", \"bytes\": %.0f, "
                          "\"operations\": %.0f, \"operators\": [",
                          step->kind, step->n_calls, step->nanoseconds, step->bytes,
                          step->operations);
  for (guint i = 0; i < step->variables->len; i++)
    {
      g_string_append (text, i > 0 ? ", " : "");
      tg_json_append_string (text, ((TgVariable *) step->variables->pdata[i])->op->name);
    }
  g_string_append (text, "]}");
}

/**
 * tg_profile_to_json:
 * @self: a profile
 *
 * Writes an object of JSON with the members `calls`, `nanoseconds` and `steps`: a list, in the
 * order in which they ran first, of objects with `kind`, `calls`, `nanoseconds`, `bytes`,
 * `operations` and the names of `operators`.
 *
 * Returns: (transfer full): the text
 */
char *
tg_profile_to_json (TgProfile *self)
{
  GString *text;

  g_return_val_if_fail (TG_IS_PROFILE (self), NULL);

  text = g_string_new (NULL);
  g_string_append_printf (text, "{\n  \"calls\": %" G_GUINT64_FORMAT ",\n  \"nanoseconds\": %"
                          G_GINT64_FORMAT ",\n  \"steps\": [", self->n_calls, self->nanoseconds);
  for (guint i = 0; i < self->steps->len; i++)
    {
      g_string_append (text, i > 0 ? "," : "");
      append_step_json (text, self->steps->pdata[i]);
    }
  g_string_append (text, "\n  ]\n}\n");

  return g_string_free (text, FALSE);
}
