/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <Python.h>

/* What a file adds to the module gi._tg; -1 with an exception where it cannot. */
int tg_python_add_dlpack (PyObject *module);
