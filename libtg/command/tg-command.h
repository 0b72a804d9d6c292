/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <tg.h>

G_BEGIN_DECLS

/* What a command line says; each command has some of these options. */
typedef struct
{
  char    *formula;    /* text, the path of a .tg file, or - */
  char   **declare;
  char   **assume;
  char   **range;
  char   **set;
  char   **wrt;
  char    *function;
  char    *mode;
  char    *accuracy;
  char    *output;
  gboolean json;
  gboolean compare;
  gboolean written;
  gboolean optimised;
  gboolean gradient;
} TgOptions;

typedef struct
{
  const char  *name;
  const char  *summary;
  const char  *description; /* what --help says below the options, or NULL */
  const char  *examples;
  const char  *options;     /* their names, with a blank between */
  gboolean   (*run) (TgOptions  *options,
                     GError    **error);
} TgCommand;

extern const TgCommand tg_command_accuracy;
extern const TgCommand tg_command_dot;
extern const TgCommand tg_command_eval;
extern const TgCommand tg_command_explain;
extern const TgCommand tg_command_grad;

/* Mistakes in how the program is called, not in what it is given. */
#define TG_USAGE_ERROR (tg_usage_error_quark ())
#define TG_USAGE_ERROR_FAILED 0

GQuark   tg_usage_error_quark (void);

/* Reads what follows the name of a command. */
gboolean tg_options_read      (TgOptions        *self,
                               const TgCommand  *command,
                               char            **arguments,
                               GError          **error);
void     tg_options_clear     (TgOptions        *self);

/* The mode that is asked for, or that of TG_MODE, or the default. */
gboolean tg_options_get_mode  (const TgOptions  *self,
                               TgMode          **mode,
                               GError          **error);

/* Splits NAME=VALUE, of an option of that name. */
gboolean tg_options_split     (const char       *option,
                               const char       *text,
                               char            **name,
                               char            **value,
                               GError          **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TgOptions, tg_options_clear)

G_END_DECLS
