/* SPDX-License-Identifier: LGPL-2.1-or-later */

/* Capsules of DLPack, in which Python's libraries lend each other arrays: one whose name is
 * "dltensor" belongs to whoever takes it, and is called "used_dltensor" from then on.  See
 * https://dmlc.github.io/dlpack/latest/python_spec.html. */
#include "config.h"

#define PY_SSIZE_T_CLEAN
#define NO_IMPORT_PYGOBJECT
#include <Python.h>
#include <pygobject.h>

#include <tg.h>

#include "tg-python-private.h"

static const char *const names[] = { "dltensor", "dltensor_versioned" };
static const char *const used_names[] = { "used_dltensor", "used_dltensor_versioned" };

/* The destructor of a capsule that nobody took, or that is used already. */
static void
release_capsule (PyObject *capsule)
{
  for (int i = 0; i < 2; i++)
    if (PyCapsule_IsValid (capsule, names[i]))
      tg_dlpack_release ((guint64) (gsize) PyCapsule_GetPointer (capsule, names[i]), i);
}

static PyObject *
tensor_to_dlpack (PyObject *module G_GNUC_UNUSED,
                  PyObject *args)
{
  PyObject *tensor, *capsule;
  GError *error = NULL;
  int versioned;
  guint64 address;

  if (!PyArg_ParseTuple (args, "Op", &tensor, &versioned))
    return NULL;

  if (!pyg_boxed_check (tensor, TG_TYPE_TENSOR))
    {
      PyErr_SetString (PyExc_TypeError, "expected a Tg.Tensor");
      return NULL;
    }

  address = tg_tensor_to_dlpack (pyg_boxed_get (tensor, TgTensor), versioned, &error);
  if (pyg_error_check (&error))
    return NULL;

  capsule = PyCapsule_New ((gpointer) (gsize) address, names[versioned], release_capsule);
  if (capsule == NULL)
    tg_dlpack_release (address, versioned);

  return capsule;
}

static PyObject *
tensor_from_dlpack (PyObject *module G_GNUC_UNUSED,
                    PyObject *capsule)
{
  int versioned = PyCapsule_IsValid (capsule, names[1]);
  GError *error = NULL;
  gpointer structure;
  TgTensor *tensor;

  if (!versioned && !PyCapsule_IsValid (capsule, names[0]))
    {
      PyErr_SetString (PyExc_ValueError, "expected a capsule of DLPack that was not used before");
      return NULL;
    }

  structure = PyCapsule_GetPointer (capsule, names[versioned]);
  if (PyCapsule_SetName (capsule, used_names[versioned]) < 0)
    return NULL;

  tensor = tg_tensor_new_from_dlpack ((guint64) (gsize) structure, versioned, &error);
  if (pyg_error_check (&error))
    return NULL;

  return pyg_boxed_new (TG_TYPE_TENSOR, tensor, FALSE, TRUE);
}

static PyMethodDef methods[] = {
  { "tensor_to_dlpack", tensor_to_dlpack, METH_VARARGS,
    "A capsule that lends the memory of a tensor, of DLPack 1.0 if the second argument is true." },
  { "tensor_from_dlpack", tensor_from_dlpack, METH_O,
    "A tensor that looks at the memory that a capsule lends." },
  { NULL, NULL, 0, NULL },
};

int
tg_python_add_dlpack (PyObject *module)
{
  return PyModule_AddFunctions (module, methods);
}
