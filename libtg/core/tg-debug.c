/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "tg-debug-private.h"

typedef struct
{
  const char   *word;
  TgDebugFlags  flag;
  const char   *meaning;
} DebugWord;

static const DebugWord debug_words[] = {
  { "check", TG_DEBUG_CHECK, "verify programs between passes, fill new buffers with nan" },
  { "compile", TG_DEBUG_COMPILE, "say what each pass did" },
  { "perf", TG_DEBUG_PERF, "name compiled loops for perf, in /tmp/perf-PID.map" },
  { "rewrite", TG_DEBUG_REWRITE, "print each rewrite as it happens" },
  { "run", TG_DEBUG_RUN, "print each operator with its shapes as it runs" },
};

static void
print_help (void)
{
  g_printerr ("TG_DEBUG is a list of words, separated by commas:\n");
  for (gsize i = 0; i < G_N_ELEMENTS (debug_words); i++)
    g_printerr ("  %-8s %s\n", debug_words[i].word, debug_words[i].meaning);
  g_printerr ("  %-8s %s\n", "all", "all of these, without those that are named too");
  g_printerr ("  %-8s %s\n", "help", "print this");
}

static guint
parse_flags (const char *text)
{
  GDebugKey keys[G_N_ELEMENTS (debug_words)];

  if (g_strcmp0 (text, "help") == 0)
    {
      print_help ();
      return 0;
    }

  for (gsize i = 0; i < G_N_ELEMENTS (debug_words); i++)
    keys[i] = (GDebugKey) { debug_words[i].word, debug_words[i].flag };

  return g_parse_debug_string (text, keys, G_N_ELEMENTS (keys));
}

gboolean
tg_debug_enabled (TgDebugFlags flag)
{
  static gsize parsed;
  static guint flags;

  if (g_once_init_enter (&parsed))
    {
      flags = parse_flags (g_getenv ("TG_DEBUG"));
      g_once_init_leave (&parsed, 1);
    }

  return (flags & flag) != 0;
}

const char *
tg_debug_get_dump_folder (void)
{
  const char *folder = g_getenv ("TG_DUMP");

  return folder != NULL && *folder != '\0' ? folder : NULL;
}
