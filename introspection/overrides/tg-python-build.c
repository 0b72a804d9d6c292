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

/* More dimensions there are not. */
#define MAX_INTEGERS 32

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

/* The integers of a list, a tuple or a range, or a single one; FALSE where it is something else. */
static gboolean
read_integers (PyObject *value,
               gint64    integers[MAX_INTEGERS],
               gsize    *n_integers)
{
  PyObject *list;
  Py_ssize_t length;
  gboolean are_integers = TRUE;
  int overflow = 0;

  if (PyLong_CheckExact (value))
    {
      integers[0] = PyLong_AsLongLongAndOverflow (value, &overflow);
      *n_integers = 1;
      return overflow == 0;
    }

  if (!PyList_CheckExact (value) && !PyTuple_CheckExact (value) && !PyRange_Check (value))
    return FALSE;

  /* A range may be too long to be made a list. */
  length = PySequence_Size (value);
  list = length >= 0 && length <= MAX_INTEGERS ? PySequence_Fast (value, "") : NULL;
  if (list == NULL)
    {
      PyErr_Clear ();
      return FALSE;
    }

  *n_integers = (gsize) length;
  for (gsize i = 0; i < *n_integers && are_integers; i++)
    {
      PyObject *item = PySequence_Fast_GET_ITEM (list, (Py_ssize_t) i);

      are_integers = PyLong_CheckExact (item);
      if (are_integers)
        integers[i] = PyLong_AsLongLongAndOverflow (item, &overflow);
      are_integers = are_integers && overflow == 0;
    }

  Py_DECREF (list);

  return are_integers;
}

/* Likewise for a vector of integers, such as a shape. */
static TgVariable *
variable_from_integers (PyObject *value)
{
  gint64 integers[MAX_INTEGERS];
  gsize n_integers;

  if (read_integers (value, integers, &n_integers))
    return tg_constant_new_integers (integers, n_integers);

  if (PyObject_TypeCheck (value, &PyGObject_Type))
    {
      GObject *object = pygobject_get (value);

      if (object != NULL && TG_IS_VARIABLE (object)
          && tg_variable_get_ndim (TG_VARIABLE (object)) > 0)
        return TG_VARIABLE (g_object_ref (object));
    }

  return NULL;
}

/* An input of one of the table's kinds; NULL for what is left to operators.py. */
static TgVariable *
input_from_value (const char *kind,
                  PyObject   *value)
{
  if (strcmp (kind, "ints") == 0)
    return variable_from_integers (value);

  if (strcmp (kind, "any") == 0 || strcmp (kind, "bool") == 0 || strcmp (kind, "int") == 0)
    return variable_from_value (value);

  return NULL;
}

/* What make_operator knows about an operator: names and kinds are those of the table. */
typedef struct
{
  TgOp      *op;
  gsize      n_inputs;
  gsize      n_parameters;
  char     **input_kinds;
  char     **names;
  char     **kinds;
  char     **presets;
  PyObject  *slow;
} Operator;

static void
free_operator (PyObject *capsule)
{
  Operator *self = PyCapsule_GetPointer (capsule, NULL);

  g_object_unref (self->op);
  g_strfreev (self->input_kinds);
  g_strfreev (self->names);
  g_strfreev (self->kinds);
  g_strfreev (self->presets);
  Py_DECREF (self->slow);
  g_free (self);
}

/* Floating: the value of a parameter, or NULL for what is left to operators.py. */
static GVariant *
parameter_from_value (const char *kind,
                      PyObject   *value)
{
  gint64 integers[MAX_INTEGERS];
  gsize n_integers;

  if (strcmp (kind, "bool") == 0)
    return PyBool_Check (value) ? g_variant_new_boolean (value == Py_True) : NULL;

  if (strcmp (kind, "float") == 0 && PyFloat_CheckExact (value))
    return g_variant_new_double (PyFloat_AS_DOUBLE (value));

  if (!read_integers (value, integers, &n_integers))
    return NULL;

  if (strcmp (kind, "int") == 0 || strcmp (kind, "float") == 0)
    return PyLong_CheckExact (value) ? g_variant_new_int64 (integers[0]) : NULL;

  if (strcmp (kind, "axes") != 0 && strcmp (kind, "ints") != 0)
    return NULL;

  return g_variant_new_fixed_array (G_VARIANT_TYPE_INT64, integers, n_integers, sizeof (gint64));
}

/* Whether this is the parameter's default, which need not be said.  Defaults of other kinds than
 * these are said. */
static gboolean
is_preset (const char *preset,
           PyObject   *value)
{
  return (value == Py_None && strcmp (preset, "all") == 0)
         || (value == Py_False && strcmp (preset, "false") == 0);
}

/* The parameters that are no defaults, in a dictionary, or NULL where all are. */
static gboolean
read_parameters (const Operator   *self,
                 PyObject *const  *args,
                 GVariant        **parameters)
{
  GVariantBuilder builder;
  gboolean is_empty = TRUE;

  *parameters = NULL;
  for (gsize i = 0; i < self->n_parameters; i++)
    {
      GVariant *value;

      if (is_preset (self->presets[i], args[i]))
        continue;

      value = parameter_from_value (self->kinds[i], args[i]);
      if (value == NULL)
        {
          if (!is_empty)
            g_variant_builder_clear (&builder);
          return FALSE;
        }

      if (is_empty)
        g_variant_builder_init (&builder, G_VARIANT_TYPE_VARDICT);
      is_empty = FALSE;
      g_variant_builder_add (&builder, "{sv}", self->names[i], value);
    }

  if (!is_empty)
    *parameters = g_variant_builder_end (&builder);

  return TRUE;
}

/* What make_operator returns; its own data are a capsule with the operator. */
static PyObject *
apply (PyObject        *data,
       PyObject *const *args,
       Py_ssize_t       n_args)
{
  const Operator *self = PyCapsule_GetPointer (data, NULL);
  TgVariable *inputs[MAX_INPUTS];
  TgVariable *result = NULL;
  GVariant *parameters = NULL;
  gsize n_inputs = 0;
  gboolean is_quick = (gsize) n_args == self->n_inputs + self->n_parameters
                      && read_parameters (self, args + self->n_inputs, &parameters);
  GError *error = NULL;

  for (gsize i = 0; i < self->n_inputs && is_quick; i++)
    {
      TgVariable *input = input_from_value (self->input_kinds[i], args[i]);

      is_quick = input != NULL;
      if (is_quick)
        inputs[n_inputs++] = input;
    }

  if (is_quick)
    result = tg_op_apply (self->op, inputs, n_inputs, parameters, &error);
  else if (parameters != NULL)
    g_variant_unref (g_variant_ref_sink (parameters));

  for (gsize i = 0; i < n_inputs; i++)
    g_object_unref (inputs[i]);

  if (!is_quick)
    return PyObject_Vectorcall (self->slow, args, (size_t) n_args, NULL);

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
  PyObject *op, *slow, *capsule, *function;
  Operator *self;

  if (!PyArg_ParseTuple (args, "OO", &op, &slow))
    return NULL;

  if (!PyObject_TypeCheck (op, &PyGObject_Type) || !TG_IS_OP (pygobject_get (op))
      || tg_op_is_variadic (TG_OP (pygobject_get (op))))
    {
      PyErr_SetString (PyExc_TypeError, "expected a Tg.Op that takes a number of inputs");
      return NULL;
    }

  self = g_new0 (Operator, 1);
  self->op = g_object_ref (TG_OP (pygobject_get (op)));
  self->input_kinds = tg_op_dup_input_kinds (self->op);
  self->names = tg_op_dup_parameter_names (self->op);
  self->kinds = tg_op_dup_parameter_kinds (self->op);
  self->presets = tg_op_dup_parameter_defaults (self->op);
  self->n_inputs = MIN (g_strv_length (self->input_kinds), MAX_INPUTS);
  self->n_parameters = g_strv_length (self->names);
  self->slow = Py_NewRef (slow);

  capsule = PyCapsule_New (self, NULL, free_operator);
  function = capsule != NULL ? PyCFunction_New (&apply_method, capsule) : NULL;
  Py_XDECREF (capsule);

  return function;
}

static PyMethodDef methods[] = {
  { "make_operator", make_operator, METH_VARARGS,
    "A function that applies an operator; it leaves to another function what it does not know." },
  { "record_places", record_places, METH_O,
    "Lets variables remember the innermost frame whose file is in none of these folders." },
  { NULL, NULL, 0, NULL },
};

int
tg_python_build_register (PyObject *module)
{
  return PyModule_AddFunctions (module, methods);
}
