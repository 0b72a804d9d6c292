/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <glib/gi18n.h>

#include "tg-source.h"
#include "tg-terminal.h"

static gboolean
run (TgOptions  *options,
     GError    **error)
{
  g_autoptr (TgSource) source = tg_source_new (options, NULL, error);
  g_autoptr (GPtrArray) gradients = NULL;
  g_autoptr (GPtrArray) optimised = NULL;
  g_autofree char *text = NULL;

  if (source != NULL)
    gradients = tg_source_differentiate (source, options->wrt, error);
  if (gradients != NULL && !options->written)
    optimised = tg_source_optimise (source, options, gradients, error);
  if (gradients == NULL || (optimised == NULL && !options->written))
    return FALSE;

  text = tg_source_to_string (source, options->written ? gradients : optimised);
  tg_terminal_print ("%s\n", text);

  return TRUE;
}

const TgCommand tg_command_grad = {
  .name = "grad",
  .summary = N_("Differentiates a formula and simplifies the gradient."),
  .description = N_("One gradient of a formula is printed as a formula; several, and those of a\n"
                    "function, as a function. What is printed can be read again."),
  .examples = "  tg grad 'log(1 + exp(x))' --wrt x\n"
              "  tg grad 'x * y**2' --wrt x --wrt y\n"
              "  tg grad 'f(x: f64[?]) = sum(tanh(x))' | tg eval - --set x=[1,2]",
  .options = "wrt written declare assume function mode accuracy",
  .run = run,
};
