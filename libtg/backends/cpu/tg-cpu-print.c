/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-cpu-plan-private.h"

#include "tg-code-private.h"

static void
count_operator (const TgCpuPlan *plan,
                guint            place,
                GHashTable      *counts,
                GPtrArray       *ops)
{
  gpointer op = (gpointer) tg_cpu_plan_get (plan, place)->variable->op;
  guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, op));

  if (count == 0)
    g_ptr_array_add (ops, op);
  g_hash_table_insert (counts, op, GUINT_TO_POINTER (count + 1));
}

/* How often each operator is run by tasks of a kind, in the order in which they are first. */
static void
append_operators (const TgCpuPlan *plan,
                  TgCpuTaskKind    kind,
                  GString         *text)
{
  g_autoptr (GHashTable) counts = g_hash_table_new (NULL, NULL);
  g_autoptr (GPtrArray) ops = g_ptr_array_new ();

  for (guint i = 0; i < plan->tasks->len; i++)
    {
      const TgCpuTask *task = &g_array_index (plan->tasks, TgCpuTask, i);

      for (guint k = 0; k < task->n_instructions && task->kind == kind; k++)
        count_operator (plan, task->first + k, counts, ops);
      if (kind == TG_CPU_TASK_PRODUCT && task->product != TG_CPU_NOWHERE)
        count_operator (plan, task->product, counts, ops);
    }

  for (guint i = 0; i < ops->len; i++)
    {
      guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, ops->pdata[i]));

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "",
                              ((const TgOpInfo *) ops->pdata[i])->name);
      if (count > 1)
        g_string_append_printf (text, " (%u times)", count);
    }
}

void
tg_cpu_plan_describe (const TgCpuPlan *self,
                      GString         *text)
{
  static const struct
  {
    TgCpuTaskKind  kind;
    const char    *title;
  } kinds[] = {
    { TG_CPU_TASK_REDUCTION, "reductions" },
    { TG_CPU_TASK_SOFTMAX, "softmax" },
    { TG_CPU_TASK_PRODUCT, "products" },
    { TG_CPU_TASK_DRAW, "draws" },
    { TG_CPU_TASK_SHAPE, "only shapes" },
    { TG_CPU_TASK_OTHER, "by plain loops" },
  };
  guint n_tasks[G_N_ELEMENTS (kinds) + 1] = { 0, };
  guint n_elementwise = 0, n_folds = 0;

  for (guint i = 0; i < self->tasks->len; i++)
    {
      const TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);

      n_tasks[task->kind]++;
      n_tasks[TG_CPU_TASK_PRODUCT] += task->product != TG_CPU_NOWHERE;
      n_folds += task->fold != TG_CPU_NOWHERE;
      if (task->kind == TG_CPU_TASK_LOOP)
        n_elementwise += task->n_instructions;
    }

  if (n_tasks[TG_CPU_TASK_LOOP] > 0)
    g_string_append_printf (text, "  %u loop%s of %u elementwise operator%s",
                            n_tasks[TG_CPU_TASK_LOOP], n_tasks[TG_CPU_TASK_LOOP] == 1 ? "" : "s",
                            n_elementwise, n_elementwise == 1 ? "" : "s");
  if (n_folds > 0)
    g_string_append_printf (text, " and %u reduction%s", n_folds, n_folds == 1 ? "" : "s");
  if (n_tasks[TG_CPU_TASK_LOOP] > 0)
    g_string_append_c (text, '\n');

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (n_tasks[kinds[i].kind] == 0)
        continue;

      g_string_append_printf (text, "  %s: ", kinds[i].title);
      append_operators (self, kinds[i].kind, text);
      g_string_append_c (text, '\n');
    }
}

static void
append_title (const TgCpuPlan *plan,
              const TgCpuTask *task,
              guint            number,
              GString         *text)
{
  g_autoptr (GPtrArray) variables = g_ptr_array_new ();

  for (guint i = 0; i < task->n_instructions; i++)
    g_ptr_array_add (variables, tg_cpu_plan_get (plan, task->first + i)->variable);

  g_string_append_printf (text, "; Loop %u: ", number);
  tg_profile_append_names (text, variables);
  g_string_append_c (text, '\n');
}

char *
tg_cpu_plan_print_code (const TgCpuPlan *self,
                        GError         **error)
{
  g_autoptr (GString) text = g_string_new (NULL);
  guint number = 0;

  for (guint i = 0; i < self->tasks->len; i++)
    {
      const TgCpuTask *task = &g_array_index (self->tasks, TgCpuTask, i);
      g_autoptr (GError) reason = NULL;
      g_autofree char *code = NULL;

      if (task->kind != TG_CPU_TASK_LOOP)
        continue;

      append_title (self, task, ++number, text);
      if (tg_code_supports (&task->code->loop, &reason))
        code = tg_code_print (&task->code->loop, &reason);

      if (reason != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&reason));
          return NULL;
        }

      g_string_append (text, code != NULL ? code
                             : "; It has operators that are not compiled: kernels of the library "
                               "run it.\n");
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}
