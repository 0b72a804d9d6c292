# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python adds to libtg: operators and indexing, numpy arrays, functions that are called.

The operators are not listed here: their functions are made of the library's table, Tg.Op.list().
The extension module gi._tg has the quick ways; everything also works without it.
"""

import contextlib
import operator
import os
import types
import warnings

import numpy as np
from gi.repository import GLib

from ..module import get_introspection_module
from ..overrides import override

_tg = None
if not os.environ.get('TG_PYTHON_NO_EXTENSION'):
    with contextlib.suppress(ImportError):
        from gi import _tg

Tg = get_introspection_module('Tg')

_DTYPES = {np.dtype(dtype.value_nick): dtype for dtype in Tg.DType.__enum_values__.values()}
_FIRST, _LAST = -2**63, 2**63 - 1  # where a slice without bounds begins and ends

# The operators as functions.  In a namespace of their own they leave Python's sum and slice alone.
ops = types.SimpleNamespace()


def __getattr__(name):
    return getattr(ops, name)


# Dtypes and tensors

def as_dtype(value):
    """The Tg.DType that `value` stands for: a name, a numpy dtype or one of Python's types."""
    if isinstance(value, Tg.DType):
        return value
    dtype = np.dtype(value)
    if dtype not in _DTYPES:
        raise TypeError(f'{dtype} is none of the dtypes {", ".join(map(str, _DTYPES))}')
    return _DTYPES[dtype]


def as_tensor(value):
    """A Tg.Tensor of the numbers in `value`; it looks at the memory of a numpy array."""
    if isinstance(value, Tg.Tensor):
        return value
    array = np.asarray(value)
    if array.dtype.kind not in 'biufc':
        raise TypeError(f'expected a number or an array, not {type(value).__name__}')
    native = array.dtype.newbyteorder('=')
    dtype = as_dtype(native)
    array = np.require(array, native, 'A')
    if _tg:
        return _tg.array_to_tensor(array)
    return Tg.Tensor.new(dtype, array.shape, GLib.Bytes.new(array.tobytes()))


def _own(value):
    """The value, copied if it is an array, which others may change."""
    return np.array(value) if isinstance(value, np.ndarray) else value


class Tensor(Tg.Tensor):
    """A value: numbers of one dtype in n dimensions.  `numpy.asarray` looks at its memory."""

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(self.get_shape()), doc='The size of each dimension.')

    @property
    def __array_interface__(self):
        return {
            'version': 3,
            'shape': self.shape,
            'typestr': np.dtype(self.dtype).str,
            'strides': tuple(self.get_strides()),
            'data': (self.get_address(), True),
        }

    def __repr__(self):
        return self.to_string()


Tensor = override(Tensor)
_as_array = _tg.tensor_to_array if _tg else np.asarray


class TensorType(Tg.TensorType):
    """A dtype and a shape, whose dimensions are None where they are unknown."""

    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    shape = property(lambda self: tuple(None if size < 0 else size for size in self.get_shape()),
                     doc='The size of each dimension.')

    def __repr__(self):
        return self.to_string()


TensorType = override(TensorType)


def _make_type(dtype, shape):
    return Tg.TensorType.new(as_dtype(dtype), [-1 if size is None else size for size in shape])


# Variables

def _reject(what):
    def method(self, *args):
        raise TypeError(f'a symbolic variable has no {what} before a function computes it')
    return method


class Variable(Tg.Variable):
    """A symbol, or an operator applied to variables.  Only functions compute values of it."""

    __array_ufunc__ = None  # so that numpy leaves array + variable to __radd__
    __array__ = _reject('elements')
    __bool__ = _reject('truth value (use Tg.where, & and |)')
    __len__ = _reject('length (use x.shape[0])')

    name = property(Tg.Variable.get_name, Tg.Variable.set_name, doc='What people call it.')
    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    type = property(lambda self: self.get_tensor_type(), doc='Dtype and shape, a Tg.TensorType.')
    shape = property(lambda self: ops.shape(self), doc='The shape, a vector of int64.')
    size = property(lambda self: ops.size(self), doc='The number of elements, an int64.')
    T = property(lambda self: self.transpose(), doc='It, with its axes in reverse order.')

    def __repr__(self):
        return self.to_string()

    def __pos__(self):
        return self

    def __iter__(self):
        if self.ndim == 0 or self.type.shape[0] is None:
            raise TypeError('only a variable whose first dimension is known can be iterated over')
        return (self[i] for i in range(self.type.shape[0]))

    def __getitem__(self, key):
        """Indexing by integers, slices, ... and None, as in numpy; integers may be variables."""
        slices, positions, new_axes = _sort_keys(key, self.ndim)
        result = self
        if slices:
            axes, bounds = zip(*slices)
            starts, stops, steps = zip(*map(_get_bounds, bounds))
            result = ops.slice(result, starts, stops, axes, steps)
        for axis, position in reversed(positions):
            result = ops.index(result, position, axis)
        return ops.expand_dims(result, new_axes) if new_axes else result

    def reshape(self, *shape):
        """The elements in another shape; a dimension of -1 follows from the others."""
        return ops.reshape(self, shape[0] if len(shape) == 1 else shape)

    def flatten(self):
        """The elements in one dimension."""
        return ops.reshape(self, -1)

    ravel = flatten

    def transpose(self, *axes):
        """It, with its axes in another order, by default the reverse one."""
        return transpose(self, axes if len(axes) > 1 else axes[0] if axes else None)

    def dimshuffle(self, *pattern):
        """It, with its axes in the order of `pattern`, in which 'x' is a new axis of size 1."""
        return dimshuffle(self, *pattern)

    def eval(self, givens=None):
        """The value, an array, where the variables in the dictionary `givens` have its values."""
        givens = givens or {}
        return function(list(givens), self)(*givens.values())


Variable = override(Variable)


def _sort_keys(key, ndim):
    """Tells apart, in an index, the slices and the positions of axes, and the new axes."""
    keys = key if isinstance(key, tuple) else (key,)
    n_axes = sum(item is not None and item is not ... for item in keys)
    ellipses = [i for i, item in enumerate(keys) if item is ...]
    if n_axes > ndim or len(ellipses) > 1:
        raise IndexError(f'{n_axes} indices and {len(ellipses)} times ... for {ndim} dimensions')
    for i in ellipses:
        keys = keys[:i] + (slice(None),) * (ndim - n_axes) + keys[i + 1:]

    slices, positions, new_axes = [], [], []
    axis = 0
    for item in keys:
        if item is None:
            new_axes.append(axis - len(positions) + len(new_axes))
            continue
        if not isinstance(item, slice):
            positions.append((axis, item))
        elif (item.start, item.stop, item.step) != (None, None, None):
            slices.append((axis, item))
        axis += 1
    return slices, positions, new_axes


def _get_bounds(item):
    step = 1 if item.step is None else operator.index(item.step)
    first, last = (0, _LAST) if step >= 0 else (_LAST, _FIRST)
    return (first if item.start is None else item.start,
            last if item.stop is None else item.stop,
            step)


class Constant(Tg.Constant):
    """A variable that is a value."""

    value = property(lambda self: _as_array(self.get_value()), doc='The value, an array.')


Constant = override(Constant)


class SharedVariable(Tg.SharedVariable):
    """A variable whose value outlives the functions that use it, such as a weight."""

    def get_value(self, borrow=False):
        """The value, an array: a copy, or with `borrow` the memory of the value itself."""
        value = _as_array(self.dup_value())
        return value if borrow else value.copy()

    def set_value(self, value, borrow=False):
        """Replaces the value; with `borrow`, by the memory of an array that will not change."""
        super().set_value(_convert(value if borrow else _own(value), self))

    value = property(get_value, set_value, doc='The value, an array.')


SharedVariable = override(SharedVariable)

_WEAK = {float: Tg.Constant.new_double, int: Tg.Constant.new_integer, bool: Tg.Constant.new_boolean}


def _has_variable(value):
    return isinstance(value, Tg.Variable) or (
        isinstance(value, (list, tuple)) and any(map(_has_variable, value)))


def as_variable(value, name=None):
    """The variable `value`, or a constant for a number or an array.

    Python's own numbers are weak: they take the dtype of what they are combined with.
    """
    if isinstance(value, Tg.Variable):
        variable = value
    elif value is None:
        raise TypeError('expected a variable, a number or an array, not None')
    elif type(value) in _WEAK:
        variable = _WEAK[type(value)](value)
    elif _has_variable(value):
        variable = ops.stack(value)
    else:
        variable = Tg.Constant.new(as_tensor(_own(value)))
    if name is not None:
        variable.name = name
    return variable


def constant(value, name=None, dtype=None):
    """A constant that is not weak: of the dtype that numpy gives to `value`, or of `dtype`."""
    dtype = None if dtype is None else as_dtype(dtype).value_nick
    return as_variable(np.array(value, dtype), name)


def shared(value, name=None, shape=None, borrow=False):
    """A shared variable that holds `value`, a number, a nested list or an array.

    In `shape`, None stands for a dimension that later values may change.
    """
    tensor = as_tensor(value if borrow else _own(value))
    if shape is None:
        return Tg.SharedVariable.new(tensor, name)
    return Tg.SharedVariable.new_with_type(tensor, _make_type(tensor.dtype, shape), name)


# Symbols

def tensor(dtype='float64', shape=None, name=None, broadcastable=None):
    """A symbol; None in `shape` stands for a dimension that is unknown before a function runs."""
    if shape is None:
        shape = [1 if one else None for one in broadcastable or ()]
    return Tg.Variable.new_with_type(name, _make_type(dtype, shape))


def _make_symbols(prefix, dtype, kind, shape):
    def symbol(name=None, dtype=dtype):
        return tensor(dtype, shape, name)

    def symbols(*names):
        return [symbol(name) for name in names]

    what = f'of {len(shape)} dimensions' + (', of which one is 1' if 1 in shape else '')
    symbol.__doc__ = f'A symbol {what}, by default of {dtype}.'
    symbols.__doc__ = f'A list of symbols {what} and of {dtype}, one for each name.'
    plural = 'matrices' if kind == 'matrix' else kind + 's'
    for name, function in ((prefix + kind, symbol), (prefix + plural, symbols)):
        function.__name__ = function.__qualname__ = name
        setattr(ops, name, function)


for _prefix, _dtype in {'': 'float64', 'i': 'int32', 'l': 'int64', 'f': 'float32',
                        'd': 'float64'}.items():
    for _kind, _shape in {'scalar': (), 'vector': (None,), 'matrix': (None,) * 2, 'row': (1, None),
                          'col': (None, 1), 'tensor3': (None,) * 3, 'tensor4': (None,) * 4}.items():
        _make_symbols(_prefix, _dtype, _kind, _shape)


# Operators

def _as_variables(values):
    if isinstance(values, Tg.Variable):
        raise TypeError('expected a list of variables, not one variable')
    return [as_variable(value) for value in values]


def _as_ints(value):
    """The vector that a shape stands for: a number, a list of numbers and variables, a vector."""
    if isinstance(value, Tg.Variable) and value.ndim > 0:
        return value
    items = list(value) if np.iterable(value) else [value]
    if not _has_variable(items):
        return Tg.Constant.new_integers([operator.index(item) for item in items])
    # Of two dtypes stack takes the larger one, but numbers are weak, and int32 has no room for all.
    return ops.stack([ops.astype(item, 'int64') if getattr(item, 'dtype', None) == 'int32' else item
                      for item in items])


def _as_axes(value):
    if value is None:
        return None
    return [operator.index(axis) for axis in (value if np.iterable(value) else [value])]


_INPUTS = {'any': as_variable, 'bool': as_variable, 'int': as_variable, 'ints': _as_ints}
_PARAMETERS = {'axes': _as_axes, 'ints': _as_axes, 'int': operator.index, 'bool': bool,
               'dtype': as_dtype, 'string': str}
_DEFAULTS = {'all': 'None', 'false': 'False', 'true': 'True', '[0]': '0', 'f64': "'float64'"}


def _describe(op):
    paragraphs = [op.get_summary(), *(op.get_documentation() or '').splitlines()]
    if op.get_spec():
        paragraphs.append(f'It computes `{op.get_spec()}`.')
    if op.get_domain():
        paragraphs.append(f'It is defined where `{op.get_domain()}`.')
    return '\n\n'.join(filter(None, paragraphs))


def _make_operator(op):
    """Makes a function with the names, defaults and documentation of the table."""
    name, names, kinds = op.get_name(), op.dup_input_names(), op.dup_input_kinds()
    parameters = op.dup_parameter_names()
    is_method = not op.is_variadic() and kinds[0] != 'ints'
    call = getattr(Tg.Variable if is_method else Tg, name)
    converters = [_as_variables] if op.is_variadic() else [_INPUTS[kind] for kind in kinds]
    converters += [_PARAMETERS[kind] for kind in op.dup_parameter_kinds()]

    def apply(*values):
        arguments = []
        for argument, convert, value in zip(names + parameters, converters, values):
            try:
                arguments.append(convert(value))
            except (TypeError, ValueError, OverflowError) as error:
                raise type(error)(f'{name}: {argument}: {error}') from None
        if arguments[len(names):][:1] == [[]] and 'axes' in op.dup_parameter_kinds():
            # PyGObject would turn no axes into NULL, which stands for all of them.
            return Tg.parse_with_names(f'{name} (x, axis=[])', ['x'], arguments[:1])
        return call(*arguments)

    defaults = [default and '=' + _DEFAULTS.get(default, default)
                for default in op.dup_parameter_defaults()]
    head = ', '.join(names + list(map(operator.add, parameters, defaults)))
    function = eval(f'lambda {head}: apply({", ".join(names + parameters)})', {'apply': apply})
    function.__name__ = function.__qualname__ = name
    function.__module__ = 'gi.repository.Tg'
    function.__doc__ = _describe(op)
    setattr(ops, name, function)
    if is_method and name not in vars(Variable):
        setattr(Variable, name, function)


def _reflect(function):
    return lambda self, other: function(other, self)


for _op in Tg.Op.list():
    _make_operator(_op)

for _name, _function in {'add': ops.add, 'sub': ops.subtract, 'mul': ops.multiply,
                         'truediv': ops.divide, 'floordiv': ops.floor_divide, 'mod': ops.remainder,
                         'pow': ops.pow, 'matmul': ops.matmul, 'and': ops.logical_and,
                         'or': ops.logical_or, 'xor': ops.logical_xor}.items():
    setattr(Variable, f'__{_name}__', _function)
    setattr(Variable, f'__r{_name}__', _reflect(_function))

for _name, _function in {'lt': ops.less, 'le': ops.less_equal, 'gt': ops.greater,
                         'ge': ops.greater_equal, 'neg': ops.negative, 'abs': ops.abs,
                         'invert': ops.logical_not}.items():
    setattr(Variable, f'__{_name}__', _function)


# Operators with the arguments of numpy or Theano

def arange(start, stop=None, step=1):
    """The numbers from `start`, or 0, up to, but without, `stop`, in steps of `step`."""
    return ops.arange(0, start, step) if stop is None else ops.arange(start, stop, step)


def einsum(subscripts, x, y):
    """Products of elements of `x` and `y`, summed over the letters that are left of '->' alone."""
    return ops.einsum(x, y, subscripts)


def eye(n, m=None, k=0, dtype='float64'):
    """A matrix with ones on its `k`-th diagonal and zeros elsewhere; it is square without `m`."""
    return ops.eye(n, n if m is None else m, k, dtype)


def full(shape, value, dtype=None):
    """A tensor of the shape `shape`, each element of which is the number `value`."""
    return ops.full(shape, value if dtype is None else ops.astype(value, dtype))


def zeros_like(x, dtype=None):
    """Zeros of the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return ops.zeros(x.shape, dtype or x.dtype)


def ones_like(x, dtype=None):
    """Ones of the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return ops.ones(x.shape, dtype or x.dtype)


def full_like(x, value, dtype=None):
    """`value` in the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return full(x.shape, value, dtype or x.dtype)


def alloc(value, *shape):
    """`value`, repeated to the shape `shape`."""
    return ops.broadcast_to(value, shape)


def transpose(x, axes=None):
    """`x` with its axes in another order, by default the reverse one."""
    x = as_variable(x)
    return ops.permute_dims(x, range(x.ndim)[::-1] if axes is None else axes)


def dimshuffle(x, *pattern):
    """`x` with its axes in the order of `pattern`.

    'x' in the pattern is a new axis; axes that are not in it must have the size 1.
    """
    x = as_variable(x)
    pattern = pattern[0] if len(pattern) == 1 and isinstance(pattern[0], (list, tuple)) else pattern
    kept = [axis for axis in pattern if axis != 'x']
    dropped = [axis for axis in range(x.ndim) if axis not in kept]
    x = ops.permute_dims(x, kept + dropped)
    x = ops.squeeze(x, range(len(kept), x.ndim)) if dropped else x
    return ops.expand_dims(x, [i for i, axis in enumerate(pattern) if axis == 'x'])


# Functions

def _convert(value, variable):
    """The tensor that stands for `value` where a value of `variable` is needed.

    Python's numbers and lists take its dtype, if they are not of a higher kind; arrays do where
    nothing can be lost.  The others stay as they are, for the library to refuse.
    """
    if isinstance(value, Tg.Tensor):
        return value
    where = f'{variable.name or "a variable without a name"}'
    if _has_variable(value):
        raise TypeError(f'{where}: expected a value, not a symbolic variable')
    try:
        dtype, array = np.dtype(variable.dtype), np.asarray(value)
        if array.dtype == dtype:
            return as_tensor(array)
        weak = isinstance(value, (int, float, list, tuple)) and not isinstance(value, np.generic)
        if weak and array.size == 0:
            return as_tensor(array.astype(dtype))
        if not np.can_cast(array.dtype, dtype, 'same_kind' if weak else 'safe'):
            return as_tensor(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f'{where}: {error}') from None
    converted = array.astype(dtype)
    if dtype.kind == 'i' and not np.array_equal(array, converted):
        raise OverflowError(f'{where}: {value} is out of the range of {dtype}')
    return as_tensor(converted)


class Function(Tg.Function):
    """A compiled function: call it with values of its inputs, by position or by name."""

    _single = False  # whether a call returns its one output alone, not a list

    def _bind(self, values, named):
        """Puts the values of a call in the order of the inputs."""
        values, named = list(values), dict(named)
        name = self.get_name()
        for i in range(len(values), self.get_n_inputs()):
            variable = self.get_input(i)
            if variable.name not in named:
                raise TypeError(f'{name}: the input {variable} is missing')
            values.append(named.pop(variable.name))
        if named or len(values) > self.get_n_inputs():
            extra = ', '.join(named) or 'too many values'
            raise TypeError(f'{name}: unexpected: {extra}')
        return values

    def _call_slowly(self, *args, **kwargs):
        values = self._bind(args, kwargs)
        inputs = [_convert(value, self.get_input(i)) for i, value in enumerate(values)]
        outputs = [_as_array(output) for output in self.call(inputs)]
        names = [self.get_output_name(i) for i in range(len(outputs))]
        if self._single and len(outputs) == 1:
            return outputs[0]
        return dict(zip(names, outputs)) if names and names[0] is not None else outputs

    __call__ = _tg.call if _tg else _call_slowly

    def __repr__(self):
        return self.dup_graph().to_string()


Function = override(Function)


def _get_pairs(pairs, what):
    """The pairs of a dictionary or a list, the second parts made variables like the first."""
    for pair in pairs.items() if hasattr(pairs, 'items') else pairs or ():
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise TypeError(f'{what} must be a dictionary or a list of pairs')
        old, new = pair
        _check_variable(old, what)
        if not isinstance(new, Tg.Variable):
            new = Tg.Constant.new(_convert(_own(new), old))
        yield old, new


def _check_variable(value, what):
    if not isinstance(value, Tg.Variable):
        raise TypeError(f'{what}: expected a variable, not {type(value).__name__}')
    return value


def _check_variables(values, what):
    if isinstance(values, Tg.Variable):
        raise TypeError(f'{what}: expected a list of variables, not one variable')
    return [_check_variable(value, f'{what}[{i}]') for i, value in enumerate(values)]


def function(inputs=(), outputs=None, updates=None, givens=None, name=None,
             on_unused_input='raise'):
    """Compiles a function of the variables `inputs`.

    It returns an array if `outputs` is a variable, and a list or a dictionary of arrays if it is a
    list or a dictionary of variables.  Shared variables in `updates`, pairs or a dictionary, take
    their new values after the outputs were computed; `givens` replaces variables by others.
    Unused inputs raise an error, or with 'warn' or 'ignore' do not.
    """
    builder = Tg.FunctionBuilder.new()
    builder.set_name(name)
    single = outputs is not None and not isinstance(outputs, (list, tuple, dict))
    for variable in _check_variables(inputs, 'inputs'):
        builder.add_input(variable)
    named = outputs.items() if isinstance(outputs, dict) else (
        (None, output) for output in ([outputs] if single else outputs or ()))
    for key, output in named:
        builder.add_output(as_variable(output), key)
    for shared_variable, value in _get_pairs(updates, 'updates'):
        builder.add_update(shared_variable, value)
    for variable, replacement in _get_pairs(givens, 'givens'):
        builder.add_given(variable, replacement)

    def build(allow):
        builder.set_allow_unused_inputs(allow)
        return builder.build()

    result = _with_policy(on_unused_input, Tg.CompileError.UNUSED, build)
    result._single = single
    return result


def _with_policy(policy, code, action):
    """Calls `action` with whether to allow what the error `code` is; 'warn' makes it a warning."""
    if policy not in ('raise', 'warn', 'ignore'):
        raise ValueError(f"expected 'raise', 'warn' or 'ignore', not {policy!r}")
    try:
        return action(policy == 'ignore')
    except GLib.Error as error:
        if policy != 'warn' or not error.matches(type(code).quark(), code):
            raise
        warnings.warn(error.message, stacklevel=3)
    return action(True)


# Gradients

def grad(cost, wrt, disconnected_inputs='raise'):
    """The gradient of the 0-d `cost` for a variable, or the list of those for a list of variables.

    It is an error if `cost` does not depend on a variable; with 'warn' or 'ignore' it gives zeros.
    """
    single = isinstance(wrt, Tg.Variable)
    variables = _check_variables([wrt] if single else wrt, 'wrt')
    _check_variable(cost, 'cost')

    def differentiate(allow):
        policy = Tg.DisconnectedInputs.IGNORE if allow else Tg.DisconnectedInputs.RAISE
        return Tg.grad(cost, variables, policy)

    gradients = _with_policy(disconnected_inputs, Tg.GradError.DISCONNECTED, differentiate)
    return gradients[0] if single else gradients


def verify_grad(fun, points, tolerance=1e-6):
    """Raises an error where the gradient of `fun` at `points` differs from a numerical estimate.

    `fun` makes an expression of as many variables as there are points, which are arrays.
    """
    tensors = [as_tensor(point) for point in points]
    symbols = [tensor(value.dtype, (None,) * value.ndim, f'x{i}')
               for i, value in enumerate(tensors)]
    Tg.verify_grad(fun(*symbols), symbols, tensors, tolerance)


# Random streams and text

class RandomStreams(Tg.RandomStreams):
    """Makes random variables: each is one draw a call, and independent of the others."""

    def __new__(cls, seed=None):
        return Tg.RandomStreams.new(int.from_bytes(os.urandom(8), 'big') if seed is None else seed)

    def __init__(self, seed=None):
        """A seed, 0 or more, makes the same numbers again; without one they are new each time."""

    def uniform(self, size=(), low=0.0, high=1.0, dtype='float64'):
        """Numbers from the uniform distribution between `low` and `high`, in the shape `size`."""
        return super().uniform(_as_ints(size), as_variable(low), as_variable(high), as_dtype(dtype))

    def normal(self, size=(), avg=0.0, std=1.0, dtype='float64'):
        """Numbers from the normal distribution of mean `avg` and standard deviation `std`."""
        return super().normal(_as_ints(size), as_variable(avg), as_variable(std), as_dtype(dtype))


RandomStreams = override(RandomStreams)


def parse(text, *variables, **named):
    """The expression in `text`, of variables that have the names in it, or are given by name."""
    values = _check_variables([*variables, *named.values()], 'variables')
    return Tg.parse_with_names(text, [value.name for value in variables] + list(named), values)


class Graph(Tg.Graph):
    """Inputs and outputs, and in topological order the variables between them."""

    def __repr__(self):
        return self.to_string()


Graph = override(Graph)

# Theano's names of the operators.
for _alias, _name in {
        'and_': 'logical_and', 'arccos': 'acos', 'arccosh': 'acosh', 'arcsin': 'asin',
        'arcsinh': 'asinh', 'arctan': 'atan', 'arctan2': 'atan2', 'arctanh': 'atanh',
        'cast': 'astype', 'concatenate': 'concat', 'eq': 'equal', 'ge': 'greater_equal',
        'gt': 'greater', 'int_div': 'floor_divide', 'inv': 'reciprocal', 'invert': 'logical_not',
        'le': 'less_equal', 'lt': 'less', 'mod': 'remainder', 'mul': 'multiply', 'neg': 'negative',
        'neq': 'not_equal', 'or_': 'logical_or', 'sqr': 'square', 'sub': 'subtract',
        'switch': 'where', 'true_div': 'divide', 'xor': 'logical_xor'}.items():
    setattr(ops, _alias, getattr(ops, _name))

as_tensor_variable = as_variable

__all__ = [
    'Constant', 'Function', 'Graph', 'RandomStreams', 'SharedVariable', 'Tensor', 'TensorType',
    'Variable', 'alloc', 'arange', 'as_dtype', 'as_tensor', 'as_tensor_variable', 'as_variable',
    'constant', 'dimshuffle', 'einsum', 'eye', 'full', 'full_like', 'function', 'grad', 'ones_like',
    'parse', 'shared', 'tensor', 'transpose', 'verify_grad', 'zeros_like',
]
__all__ += [name for name in vars(ops) if name not in __all__]
