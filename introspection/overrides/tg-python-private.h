/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <tg.h>

/* What a file adds to the module gi._tg; -1 with an exception where it cannot. */
int tg_python_add_dlpack (PyObject *module);

/* Makes a tensor of a number or of nested lists of numbers; NULL, without an exception, where that
 * needs a closer look, as it does for empty lists.  With `exact` no number may change. */
TgTensor *tg_python_new_from_numbers (PyObject *value,
                                      TgDType   dtype,
                                      gboolean  exact);

/* Adds to the module what makes variables quickly; -1 with an exception set where that fails. */
int tg_python_build_register (PyObject *module);
