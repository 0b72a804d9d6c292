/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The module gi._tg: calls of functions, and numpy arrays without copies.  It does what is common
 * and quick; overrides/python/ does the rest, and all of it where this module is absent. */
#include "config.h"

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <numpy/arrayobject.h>
#include <pygobject.h>

#include "tg-python-private.h"

/* Calls of so many values have room for them on the stack. */
#define FEW_INPUTS 64

/* What functions.py calls attributes. */
static PyObject *single_name;
static PyObject *call_slowly_name;

/* Of each dtype that of numpy; numpy has no bfloat16. */
static const int numpy_types[] = {
  [TG_DTYPE_BOOL] = NPY_BOOL,
  [TG_DTYPE_INT8] = NPY_INT8,
  [TG_DTYPE_INT16] = NPY_INT16,
  [TG_DTYPE_INT32] = NPY_INT32,
  [TG_DTYPE_INT64] = NPY_INT64,
  [TG_DTYPE_UINT8] = NPY_UINT8,
  [TG_DTYPE_UINT16] = NPY_UINT16,
  [TG_DTYPE_UINT32] = NPY_UINT32,
  [TG_DTYPE_UINT64] = NPY_UINT64,
  [TG_DTYPE_FLOAT16] = NPY_FLOAT16,
  [TG_DTYPE_BFLOAT16] = NPY_NOTYPE,
  [TG_DTYPE_FLOAT32] = NPY_FLOAT32,
  [TG_DTYPE_FLOAT64] = NPY_FLOAT64,
  [TG_DTYPE_COMPLEX64] = NPY_COMPLEX64,
  [TG_DTYPE_COMPLEX128] = NPY_COMPLEX128,
};

/* Of what is used of numpy's functions nothing is there before; FALSE with an exception where numpy
 * cannot be imported.  That takes longer than all else that an import of Tg does. */
static gboolean
load_numpy (void)
{
  return PyArray_API != NULL || _import_array () == 0;
}

/* Finds the dtype whose elements lie in memory as those of the array do. */
static gboolean
dtype_from_array (PyArrayObject *array,
                  TgDType       *dtype)
{
  if (!PyArray_ISBEHAVED_RO (array))
    return FALSE;

  for (gsize i = G_N_ELEMENTS (numpy_types); i-- > 0;)
    {
      if (numpy_types[i] == NPY_NOTYPE
          || !PyArray_EquivTypenums (PyArray_TYPE (array), numpy_types[i]))
        continue;

      *dtype = (TgDType) i;
      return TRUE;
    }

  return FALSE;
}

/* The last tensor that looks at an array may go in any thread, and while an exception is on its
 * way, which the array's own destruction must not clear. */
static void
release_array (gpointer array)
{
  PyGILState_STATE state;
  PyObject *type, *value, *traceback;

  if (!Py_IsInitialized ())
    return;

  state = PyGILState_Ensure ();
  PyErr_Fetch (&type, &value, &traceback);
  Py_DECREF ((PyObject *) array);
  PyErr_Restore (type, value, traceback);
  PyGILState_Release (state);
}

static TgTensor *
tensor_new_from_array (PyArrayObject *array,
                       TgDType        dtype)
{
  gint64 shape[NPY_MAXDIMS], strides[NPY_MAXDIMS];
  gsize ndim = (gsize) PyArray_NDIM (array);
  GError *error = NULL;
  TgTensor *tensor;

  for (gsize i = 0; i < ndim; i++)
    {
      shape[i] = PyArray_DIMS (array)[i];
      strides[i] = PyArray_STRIDES (array)[i];
    }

  tensor = tg_tensor_new_from_memory (dtype, shape, ndim, strides, ndim,
                                      (guint64) (gsize) PyArray_DATA (array),
                                      release_array, Py_NewRef ((PyObject *) array), &error);
  pyg_error_check (&error);

  return tensor;
}

static void
free_capsule (PyObject *capsule)
{
  tg_tensor_unref (PyCapsule_GetPointer (capsule, NULL));
}

/* Takes the tensor, which lives as long as the array does; of bfloat16, a copy in float32 does. */
static PyObject *
array_new_from_tensor (TgTensor *tensor)
{
  npy_intp dimensions[NPY_MAXDIMS], steps[NPY_MAXDIMS];
  gsize ndim;
  const gint64 *shape = tg_tensor_get_shape (tensor, &ndim);
  const gint64 *strides = tg_tensor_get_strides (tensor, &ndim);
  PyObject *capsule, *array;

  if (tg_tensor_get_dtype (tensor) == TG_DTYPE_BFLOAT16)
    {
      TgTensor *wide = tg_tensor_astype (tensor, TG_DTYPE_FLOAT32, NULL);

      tg_tensor_unref (tensor);
      return wide != NULL ? array_new_from_tensor (wide) : PyErr_NoMemory ();
    }

  capsule = PyCapsule_New (tensor, NULL, free_capsule);
  if (capsule == NULL)
    {
      tg_tensor_unref (tensor);
      return NULL;
    }

  for (gsize i = 0; i < ndim; i++)
    {
      dimensions[i] = (npy_intp) shape[i];
      steps[i] = (npy_intp) strides[i];
    }

  array = PyArray_New (&PyArray_Type, (int) ndim, dimensions,
                       numpy_types[tg_tensor_get_dtype (tensor)], steps,
                       (void *) (gsize) tg_tensor_get_address (tensor), 0, 0, NULL);
  if (array == NULL)
    {
      Py_DECREF (capsule);
      return NULL;
    }

  PyArray_CLEARFLAGS ((PyArrayObject *) array, NPY_ARRAY_WRITEABLE);
  if (PyArray_SetBaseObject ((PyArrayObject *) array, capsule) < 0)
    Py_CLEAR (array);

  return array;
}

static PyObject *
array_to_tensor (PyObject *module G_GNUC_UNUSED,
                 PyObject *argument)
{
  TgDType dtype;
  TgTensor *tensor;

  if (!load_numpy ())
    return NULL;

  if (!PyArray_Check (argument) || !dtype_from_array ((PyArrayObject *) argument, &dtype))
    {
      PyErr_SetString (PyExc_TypeError, "expected an aligned array of a dtype that Tg has");
      return NULL;
    }

  tensor = tensor_new_from_array ((PyArrayObject *) argument, dtype);

  return tensor != NULL ? pyg_boxed_new (TG_TYPE_TENSOR, tensor, FALSE, TRUE) : NULL;
}

static PyObject *
tensor_to_array (PyObject *module G_GNUC_UNUSED,
                 PyObject *argument)
{
  if (!load_numpy ())
    return NULL;

  if (!pyg_boxed_check (argument, TG_TYPE_TENSOR))
    {
      PyErr_SetString (PyExc_TypeError, "expected a Tg.Tensor");
      return NULL;
    }

  return array_new_from_tensor (tg_tensor_ref (pyg_boxed_get (argument, TgTensor)));
}

/* Makes a tensor of a value that the input certainly takes; NULL for all others. */
static TgTensor *
tensor_new_from_value (PyObject        *value,
                       TgFunctionInput *input)
{
  TgDType dtype = tg_variable_get_dtype (tg_function_input_get_variable (input));
  TgDowncast downcast = tg_function_input_get_downcast (input);
  TgDType own;

  if (PyArray_Check (value))
    {
      if (!dtype_from_array ((PyArrayObject *) value, &own)
          || (own != dtype && downcast != TG_DOWNCAST_ALWAYS))
        return NULL;

      return tensor_new_from_array ((PyArrayObject *) value, own);
    }

  if (PyFloat_Check (value) && dtype == TG_DTYPE_FLOAT64)
    return tg_tensor_new_double (PyFloat_AS_DOUBLE (value));

  if (tg_function_input_get_strict (input))
    return NULL;

  return tg_python_new_from_numbers (value, dtype, downcast != TG_DOWNCAST_WEAK);
}

/* The value that is given for a name, or NULL. */
static PyObject *
find_named (const char      *name,
            PyObject        *names,
            PyObject *const *values)
{
  for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE (names); i++)
    {
      const char *given = PyUnicode_AsUTF8 (PyTuple_GET_ITEM (names, i));

      if (given == NULL)
        PyErr_Clear ();
      else if (strcmp (given, name) == 0)
        return values[i];
    }

  return NULL;
}

/* Puts the values of a call in the order of the inputs, NULL where the default is meant; FALSE
 * unless there is one or a default for each input, and no other. */
static gboolean
bind_values (TgFunctionInput **inputs,
             gsize             n_inputs,
             PyObject *const  *args,
             gsize             n_args,
             PyObject         *names,
             PyObject        **values)
{
  gsize n_names = names != NULL ? (gsize) PyTuple_GET_SIZE (names) : 0;

  if (n_args > n_inputs)
    return FALSE;

  for (gsize i = 0; i < n_args; i++)
    values[i] = args[i];

  for (gsize i = n_args; i < n_inputs; i++)
    {
      const char *name = tg_function_input_get_name (inputs[i]);

      values[i] = names != NULL && name != NULL ? find_named (name, names, args + n_args) : NULL;
      if (values[i] != NULL)
        n_names--;
      else if (tg_function_input_get_shared (inputs[i]) == NULL)
        return FALSE;
    }

  return n_names == 0;
}

static PyObject *
pack_dictionary (TgFunction *function,
                 TgTensor  **outputs,
                 gsize       n_outputs)
{
  PyObject *result = PyDict_New ();

  for (gsize i = 0; i < n_outputs && result != NULL; i++)
    {
      const char *name = tg_function_get_output_name (function, (guint) i);
      PyObject *array = array_new_from_tensor (g_steal_pointer (&outputs[i]));

      if (array == NULL || PyDict_SetItemString (result, name, array) < 0)
        Py_CLEAR (result);

      Py_XDECREF (array);
    }

  return result;
}

static PyObject *
pack_list (TgTensor **outputs,
           gsize      n_outputs)
{
  PyObject *result = PyList_New ((Py_ssize_t) n_outputs);

  for (gsize i = 0; i < n_outputs && result != NULL; i++)
    {
      PyObject *array = array_new_from_tensor (g_steal_pointer (&outputs[i]));

      if (array != NULL)
        PyList_SET_ITEM (result, (Py_ssize_t) i, array);
      else
        Py_CLEAR (result);
    }

  return result;
}

/* Gives the outputs the form that they were asked for in: alone, a dictionary or a list. */
static PyObject *
pack_outputs (PyObject   *self,
              TgFunction *function,
              TgTensor  **outputs,
              gsize       n_outputs)
{
  PyObject *result = NULL;
  PyObject *single = PyObject_GetAttr (self, single_name);

  if (single == Py_True && n_outputs == 1)
    result = array_new_from_tensor (g_steal_pointer (&outputs[0]));
  else if (single != NULL && n_outputs > 0 && tg_function_get_output_name (function, 0) != NULL)
    result = pack_dictionary (function, outputs, n_outputs);
  else if (single != NULL)
    result = pack_list (outputs, n_outputs);

  for (gsize i = 0; i < n_outputs; i++)
    g_clear_pointer (&outputs[i], tg_tensor_unref);
  Py_XDECREF (single);

  return result;
}

static PyObject *
call_slowly (PyObject *const *args,
             Py_ssize_t       n_args,
             PyObject        *names)
{
  return PyObject_VectorcallMethod (call_slowly_name, args, (size_t) n_args, names);
}

/* Makes tensors of the values; how many of them, up to one that needs a closer look. */
static gsize
make_tensors (TgFunctionInput **inputs,
              PyObject        **values,
              TgTensor        **tensors,
              gsize             n_inputs)
{
  for (gsize i = 0; i < n_inputs; i++)
    {
      tensors[i] = values[i] != NULL ? tensor_new_from_value (values[i], inputs[i]) : NULL;
      if (values[i] != NULL && tensors[i] == NULL)
        return i;
    }

  return n_inputs;
}

/* Calls the function that is the first argument, with room for three pointers for each input. */
static PyObject *
call_in_room (TgFunction      *function,
              gsize            n_inputs,
              gpointer        *room,
              PyObject *const *args,
              Py_ssize_t       n_args,
              PyObject        *names)
{
  TgFunctionInput **inputs = (TgFunctionInput **) room;
  PyObject **values = (PyObject **) (room + n_inputs);
  TgTensor **tensors = (TgTensor **) (room + 2 * n_inputs);
  TgTensor **outputs = NULL;
  gsize n_made, n_outputs = 0;
  GError *error = NULL;
  PyObject *result;

  for (gsize i = 0; i < n_inputs; i++)
    inputs[i] = tg_function_get_input_options (function, (guint) i);

  if (!bind_values (inputs, n_inputs, args + 1, (gsize) n_args - 1, names, values))
    return call_slowly (args, n_args, names);

  n_made = make_tensors (inputs, values, tensors, n_inputs);
  if (n_made == n_inputs)
    {
      Py_BEGIN_ALLOW_THREADS
      outputs = tg_function_call (function, tensors, n_inputs, &n_outputs, &error);
      Py_END_ALLOW_THREADS
    }

  for (gsize i = 0; i < n_made; i++)
    g_clear_pointer (&tensors[i], tg_tensor_unref);

  if (n_made < n_inputs)
    return PyErr_Occurred () ? NULL : call_slowly (args, n_args, names);

  if (pyg_error_check (&error))
    return NULL;

  result = pack_outputs (args[0], function, outputs, n_outputs);
  g_free (outputs);

  return result;
}

/* Function.__call__: the first argument is the function. */
static PyObject *
call (PyObject        *module G_GNUC_UNUSED,
      PyObject *const *args,
      Py_ssize_t       n_args,
      PyObject        *names)
{
  gpointer few[3 * FEW_INPUTS];
  g_autofree gpointer *many = NULL;
  TgFunction *function;
  gsize n_inputs;

  if (n_args < 1 || !pygobject_check (args[0], &PyGObject_Type)
      || !TG_IS_FUNCTION (pygobject_get (args[0])))
    {
      PyErr_SetString (PyExc_TypeError, "expected a Tg.Function");
      return NULL;
    }

  if (!load_numpy ())
    return NULL;

  function = TG_FUNCTION (pygobject_get (args[0]));
  n_inputs = tg_function_get_n_inputs (function);
  if (n_inputs > FEW_INPUTS)
    many = g_new (gpointer, 3 * n_inputs);

  return call_in_room (function, n_inputs, many != NULL ? many : few, args, n_args, names);
}

static PyMethodDef call_method = {
  "__call__", (PyCFunction) (void (*) (void)) call, METH_FASTCALL | METH_KEYWORDS,
  "Computes the outputs, as arrays, of values of the inputs, given by position or by name.",
};

static PyMethodDef methods[] = {
  { "array_to_tensor", array_to_tensor, METH_O, "A tensor that looks at the memory of an array." },
  { "tensor_to_array", tensor_to_array, METH_O, "An array that looks at the memory of a tensor." },
  { NULL, NULL, 0, NULL },
};

static struct PyModuleDef definition = {
  PyModuleDef_HEAD_INIT,
  .m_name = "gi._tg",
  .m_doc = "The quick part of the override of Tg.",
  .m_size = -1,
  .m_methods = methods,
};

/* A method keeps no function alive, as an object stored on the function would. */
static PyObject *
make_call_method (void)
{
  PyObject *function = PyCFunction_New (&call_method, NULL);
  PyObject *method = function != NULL ? PyInstanceMethod_New (function) : NULL;

  Py_XDECREF (function);

  return method;
}

PyMODINIT_FUNC PyInit__tg (void);

PyMODINIT_FUNC
PyInit__tg (void)
{
  PyObject *pygobject, *module, *method;

  pygobject = pygobject_init (3, 42, 0);
  if (pygobject == NULL)
    return NULL;

  Py_DECREF (pygobject);
  single_name = PyUnicode_InternFromString ("_single");
  call_slowly_name = PyUnicode_InternFromString ("_call_slowly");
  module = PyModule_Create (&definition);
  method = make_call_method ();
  if (single_name == NULL || call_slowly_name == NULL || module == NULL
      || method == NULL || tg_python_add_dlpack (module) < 0
      || tg_python_build_register (module) < 0
      || PyModule_AddObject (module, "call", method) < 0)
    {
      Py_XDECREF (method);
      Py_CLEAR (module);
    }

  return module;
}
