/* SPDX-License-Identifier: LGPL-2.1-or-later */

#include "config.h"

#include "tg-code-private.h"

#include <string.h>

#include "tg-code-version.h"
#include "tg-cpu-kernels-private.h"

#if defined (__x86_64__) || defined (__i386__)
# include <cpuid.h>
#elif defined (__aarch64__)
# include <sys/auxv.h>
#endif

#if defined (__x86_64__) || defined (__i386__)
/* What the system saves of the registers. */
static guint64
get_saved_state (guint features)
{
  guint low = 0, high = 0;

  if (features & bit_OSXSAVE)
    __asm__ ("xgetbv" : "=a" (low), "=d" (high) : "c" (0));

  return (guint64) high << 32 | low;
}

char *
tg_code_describe_machine (void)
{
  GString *text = g_string_new ("x86");
  guint a = 0, b = 0, c = 0, d = 0, most = 0;

  if (!__get_cpuid (0, &most, &b, &c, &d))
    return g_string_free (text, FALSE);

  g_string_append_printf (text, " %08x%08x%08x", b, c, d);
  /* Of the first leaf `b` is about the core that this runs on. */
  if (__get_cpuid (1, &a, &b, &c, &d))
    g_string_append_printf (text, " %08x %08x%08x %" G_GINT64_MODIFIER "x", a, c, d,
                            get_saved_state (c));
  for (guint i = 0; i < 2; i++)
    if (__get_cpuid_count (7, i, &a, &b, &c, &d))
      g_string_append_printf (text, " %08x%08x%08x%08x", a, b, c, d);
  if (__get_cpuid (0x80000001, &a, &b, &c, &d))
    g_string_append_printf (text, " %08x%08x", c, d);

  return g_string_free (text, FALSE);
}
#elif defined (__aarch64__)
char *
tg_code_describe_machine (void)
{
  g_autofree char *all = NULL;
  char *part = NULL;

  if (g_file_get_contents ("/proc/cpuinfo", &all, NULL, NULL))
    part = strstr (all, "CPU implementer");
  if (part != NULL && strstr (part, "\n\n") != NULL)
    *strstr (part, "\n\n") = '\0';

  return g_strdup_printf ("aarch64 %lx %lx %s", getauxval (AT_HWCAP), getauxval (AT_HWCAP2),
                          part != NULL ? part : "");
}
#else
char *
tg_code_describe_machine (void)
{
  return g_strdup ("other");
}
#endif

/* On a virtual machine cpuid takes microseconds. */
static const char *
get_machine (void)
{
  static gsize done = 0;
  static char *machine;

  if (g_once_init_enter (&done))
    {
      const char *level = tg_cpu_get_lower_level ();
      g_autofree char *whole = tg_code_describe_machine ();

      machine = g_strdup_printf ("%s %s", whole, level != NULL ? level : "");
      g_once_init_leave (&done, 1);
    }

  return machine;
}

static void
add_number (GChecksum *checksum,
            guint      number)
{
  guint32 bytes = GUINT32_TO_LE (number);

  g_checksum_update (checksum, (const guchar *) &bytes, sizeof bytes);
}

static void
add_text (GChecksum  *checksum,
          const char *text)
{
  g_checksum_update (checksum, (const guchar *) text, (gssize) strlen (text) + 1);
}

static void
add_loop (GChecksum       *checksum,
          const TgCpuLoop *loop)
{
  add_number (checksum, loop->n_operands);
  add_number (checksum, loop->steps->len);
  for (guint i = 0; i < loop->steps->len; i++)
    {
      const TgCpuStep *step = &g_array_index (loop->steps, TgCpuStep, i);
      gboolean applies = step->kind == TG_CPU_STEP_APPLY;
      gboolean moves = step->kind == TG_CPU_STEP_LOAD || step->kind == TG_CPU_STEP_STORE;

      add_number (checksum, step->kind);
      add_number (checksum, step->dtype);
      add_number (checksum, applies ? step->op : 0);
      add_number (checksum, moves ? step->operand : 0);
      add_number (checksum, step->kind == TG_CPU_STEP_STORE ? 0 : step->value);
      add_number (checksum, step->kind == TG_CPU_STEP_LOAD ? 0 : step->n_inputs);
      for (guint k = 0; step->kind != TG_CPU_STEP_LOAD && k < step->n_inputs; k++)
        add_number (checksum, step->inputs[k]);
    }

  add_number (checksum, loop->dtypes->len);
  for (guint i = 0; i < loop->dtypes->len; i++)
    add_number (checksum, g_array_index (loop->dtypes, TgDType, i));
}

char *
tg_code_make_key (const TgCpuLoop *const *loops,
                  guint                   n_loops,
                  const char             *machine)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);

  add_text (checksum, TG_CODE_VERSION);
  add_text (checksum, machine != NULL ? machine : get_machine ());
  add_number (checksum, n_loops);
  for (guint i = 0; i < n_loops; i++)
    add_loop (checksum, loops[i]);

  return g_strdup (g_checksum_get_string (checksum));
}
