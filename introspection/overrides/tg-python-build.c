/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How expressions are made quickly: operators of variables and numbers, and the place in a Python
 * program where this happens. */
#include "config.h"

#define PY_SSIZE_T_CLEAN
#define NO_IMPORT_PYGOBJECT
#include <Python.h>
#include <pygobject.h>

#include <tg.h>

#include "tg-python-private.h"

/* The most inputs that an operator of the quick way has. */
#define MAX_INPUTS 4

/* Places that were found lately, by the instruction; a power of two. */
#define N_CACHED 1024

typedef struct
{
  PyObject *code;
  int       instruction;
  gboolean  is_internal; /* a frame of the override: the person's is further out */
  TgPlace  *place;
} Cached;

/* Like all that follows, guarded by the interpreter's lock. */
static Cached cache[N_CACHED];
static PyObject *internal_folders; /* a tuple: what lies in these is no person's program */

static gboolean
is_internal (PyCodeObject *code)
{
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE (internal_folders); i++)
    {
      if (PyUnicode_Tailmatch (code->co_filename, PyTuple_GET_ITEM (internal_folders, i), 0,
                               PY_SSIZE_T_MAX, -1) == 1)
        return TRUE;
    }

  return FALSE;
}

static const Cached *
look_up_frame (PyFrameObject *frame)
{
  PyCodeObject *code = PyFrame_GetCode (frame);
  int instruction = PyFrame_GetLasti (frame);
  gsize key = ((gsize) code >> 4) * 31 + (gsize) instruction;
  Cached *found = &cache[key % N_CACHED];

  if (found->code == (PyObject *) code && found->instruction == instruction)
    {
      Py_DECREF (code);
      return found;
    }

  g_clear_pointer (&found->place, tg_place_unref);
  Py_XDECREF (found->code);
  found->code = (PyObject *) code;
  found->instruction = instruction;
  found->is_internal = is_internal (code);
  if (!found->is_internal)
    found->place = tg_place_new (PyUnicode_AsUTF8 (code->co_filename),
                                 (guint) PyFrame_GetLineNumber (frame),
                                 PyUnicode_AsUTF8 (code->co_name));

  return found;
}

static TgPlace *
find_frame (void)
{
  PyFrameObject *frame = (PyFrameObject *) Py_XNewRef ((PyObject *) PyEval_GetFrame ());
  TgPlace *place = NULL;

  while (frame != NULL && place == NULL)
    {
      const Cached *cached = look_up_frame (frame);
      PyFrameObject *outer = NULL;

      if (!cached->is_internal)
        place = tg_place_ref (cached->place);
      else
        outer = PyFrame_GetBack (frame);

      Py_DECREF (frame);
      frame = outer;
    }

  Py_XDECREF (frame);

  return place;
}

/* Variables are also made by threads that Python knows nothing of. */
static TgPlace *
find_place (gpointer user_data G_GNUC_UNUSED)
{
  PyGILState_STATE state;
  PyObject *type, *value, *traceback;
  TgPlace *place;

  if (!Py_IsInitialized () || PyGILState_GetThisThreadState () == NULL)
    return NULL;

  state = PyGILState_Ensure ();
  PyErr_Fetch (&type, &value, &traceback);
  place = find_frame ();
  PyErr_Restore (type, value, traceback);
  PyGILState_Release (state);

  return place;
}

static PyObject *
record_places (PyObject *module G_GNUC_UNUSED,
               PyObject *folders)
{
  if (!PyTuple_Check (folders))
    {
      PyErr_SetString (PyExc_TypeError, "expected a tuple of folders");
      return NULL;
    }

  Py_XSETREF (internal_folders, Py_NewRef (folders));
  tg_place_set_finder (find_place, NULL, NULL);

  Py_RETURN_NONE;
}

/* A new reference to the variable, or to a weak constant for one of Python's own numbers; NULL for
 * what is left to operators.py. */
static TgVariable *
variable_from_value (PyObject *value)
{
  int overflow;
  gint64 integer;

  if (PyObject_TypeCheck (value, &PyGObject_Type))
    {
      GObject *object = pygobject_get (value);

      return object != NULL && TG_IS_VARIABLE (object) ? TG_VARIABLE (g_object_ref (object)) : NULL;
    }

  if (PyFloat_CheckExact (value))
    return tg_constant_new_double (PyFloat_AS_DOUBLE (value));

  if (PyBool_Check (value))
    return tg_constant_new_boolean (value == Py_True);

  if (!PyLong_CheckExact (value))
    return NULL;

  integer = PyLong_AsLongLongAndOverflow (value, &overflow);

  return overflow == 0 ? tg_constant_new_integer (integer) : NULL;
}

/* What make_operator returns: its own data are the operator and the slow way. */
static PyObject *
apply (PyObject        *data,
       PyObject *const *args,
       Py_ssize_t       n_args)
{
  TgOp *op = TG_OP (pygobject_get (PyTuple_GET_ITEM (data, 0)));
  TgVariable *inputs[MAX_INPUTS];
  TgVariable *result = NULL;
  Py_ssize_t n_inputs = 0;
  GError *error = NULL;

  while (n_inputs < MIN (n_args, MAX_INPUTS)
         && (inputs[n_inputs] = variable_from_value (args[n_inputs])) != NULL)
    n_inputs++;

  if (n_inputs == n_args)
    result = tg_op_apply (op, inputs, (gsize) n_inputs, &error);

  for (Py_ssize_t i = 0; i < n_inputs; i++)
    g_object_unref (inputs[i]);

  if (n_inputs < n_args)
    return PyObject_Vectorcall (PyTuple_GET_ITEM (data, 1), args, (size_t) n_args, NULL);

  if (pyg_error_check (&error))
    return NULL;

  return pygobject_new_full (G_OBJECT (result), TRUE, NULL);
}

static PyMethodDef apply_method = {
  "apply", (PyCFunction) (void (*) (void)) apply, METH_FASTCALL, "Applies an operator.",
};

static PyObject *
make_operator (PyObject *module G_GNUC_UNUSED,
               PyObject *args)
{
  PyObject *op, *slow, *data, *function;

  if (!PyArg_ParseTuple (args, "OO", &op, &slow))
    return NULL;

  if (!PyObject_TypeCheck (op, &PyGObject_Type) || !TG_IS_OP (pygobject_get (op)))
    {
      PyErr_SetString (PyExc_TypeError, "expected a Tg.Op");
      return NULL;
    }

  data = PyTuple_Pack (2, op, slow);
  function = data != NULL ? PyCFunction_New (&apply_method, data) : NULL;
  Py_XDECREF (data);

  return function;
}

static PyMethodDef methods[] = {
  { "make_operator", make_operator, METH_VARARGS,
    "A function that applies an operator without parameters; it leaves to another function what it "
    "does not know." },
  { "record_places", record_places, METH_O,
    "Lets variables remember the innermost frame whose file is in none of these folders." },
  { NULL, NULL, 0, NULL },
};

int
tg_python_build_register (PyObject *module)
{
  return PyModule_AddFunctions (module, methods);
}
