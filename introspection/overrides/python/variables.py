# SPDX-License-Identifier: LGPL-2.1-or-later
"""Symbols, constants and shared variables, and what can be made one."""

import operator

from .base import Tg, describe, np, ops, override
from .exchange import Reference, draw
from .values import as_array, as_dtype, as_tensor, make_type, numpy_dtype, own

__all__ = [
    'Constant', 'SharedVariable', 'Variable', 'as_tensor_variable', 'as_variable', 'constant',
    'shared',
]

_FIRST, _LAST = -2**63, 2**63 - 1  # where a slice without bounds begins and ends


def _reject(what):
    def method(self, *args):
        raise TypeError(f'a symbolic variable has no {what} before a function computes it')
    return method


class _Tag:
    """What Theano keeps in `variable.tag`."""

    def __init__(self, variable):
        object.__setattr__(self, '_variable', variable)

    @property
    def test_value(self):
        """The test value; an AttributeError where there is none, as in Theano."""
        value = self._variable.test_value
        if value is None:
            raise AttributeError(f'{self._variable!r} has no test value')
        return value

    def __setattr__(self, name, value):
        if name != 'test_value':
            raise AttributeError(f'a tag has no {name}, but a test_value')
        self._variable.test_value = value


class Variable(Tg.Variable):
    """A symbol, or an operator applied to variables.  Only functions compute values of it."""

    __array_ufunc__ = None  # so that numpy leaves array + variable to __radd__
    __array__ = _reject('elements')
    __bool__ = _reject('truth value (use Tg.where, & and |)')
    __len__ = _reject('length (use x.shape[0])')
    __contains__ = _reject('elements')

    name = property(Tg.Variable.get_name, Tg.Variable.set_name, doc='What people call it.')
    dtype = property(lambda self: self.get_dtype().value_nick, doc='The name of the dtype.')
    ndim = property(lambda self: self.get_ndim(), doc='The number of dimensions.')
    broadcastable = property(lambda self: self.type.broadcastable,
                             doc='Of each dimension, whether its size is known to be 1.')
    type = property(lambda self: self.get_tensor_type(), doc='Dtype and shape, a Tg.TensorType.')
    shape = property(lambda self: ops.shape(self), doc='The shape, a vector of int64.')
    size = property(lambda self: ops.size(self), doc='The number of elements, an int64.')
    place = property(lambda self: self.get_place(), doc='Where it was made, a Tg.Place or None.')
    scope = property(lambda self: self.get_scope(), doc='The name scope it was made in, or None.')
    T = property(lambda self: self.transpose(), doc='It, with its axes in reverse order.')
    mT = property(lambda self: ops.matrix_transpose(self), doc='The matrices in it, transposed.')
    real = property(lambda self: ops.real(self), doc='The real part.')
    imag = property(lambda self: ops.imag(self), doc='The imaginary part.')

    tag = property(lambda self: _Tag(self), doc='Under its name in Theano: the test value.')

    @property
    def test_value(self):
        """A value such as it might have; with Tg.config.compute_test_value operators have one."""
        value = self.dup_test_value()
        return None if value is None else as_array(value)

    @test_value.setter
    def test_value(self, value):
        self.set_test_value(None if value is None else convert(own(value), self))

    def __repr__(self):
        return self.to_string()

    def _repr_svg_(self):
        return draw(self)

    def __pos__(self):
        return self

    def __divmod__(self, other):
        return ops.floor_divide(self, other), ops.remainder(self, other)

    def __rdivmod__(self, other):
        return ops.floor_divide(other, self), ops.remainder(other, self)

    def __round__(self, ndigits=None):
        if ndigits is not None:
            raise TypeError('variables are rounded to integers, without a number of digits')
        return ops.round(self)

    def __floor__(self):
        return ops.floor(self)

    def __ceil__(self):
        return ops.ceil(self)

    def __trunc__(self):
        return ops.trunc(self)

    def __setitem__(self, key, value):
        raise TypeError('a variable never changes: use Tg.set_subtensor(x[...], value)')

    def __iter__(self):
        if self.ndim == 0 or self.type.shape[0] is None:
            raise TypeError('only a variable whose first dimension is known can be iterated over')
        return (self[i] for i in range(self.type.shape[0]))

    def __getitem__(self, key):
        """Indexing as in numpy: by integers, slices, ..., None, and arrays of integers or bools.

        All of these may be variables, also the bounds of slices.
        """
        slices, positions, new_axes = _sort_keys(key, self.ndim)
        result = self
        if slices:
            axes, bounds = zip(*slices)
            starts, stops, steps = zip(*map(_get_bounds, bounds))
            result = ops.slice(result, starts, stops, axes, steps)
        if any(_get_ndim(position) for _, position in positions):
            result = _take_positions(result, positions, new_axes)
        else:
            for axis, position in reversed(positions):
                result = ops.index(result, position, axis)
            if new_axes:
                gone = [axis for axis, _ in positions]
                result = ops.expand_dims(result, [
                    axis - sum(other < axis for other in gone) + i
                    for i, axis in enumerate(new_axes)])
        result._indexed = self  # for set_subtensor () and inc_subtensor ()
        return result

    @property
    def op(self):
        """The Tg.Op that it is the result of, or None."""
        return self.get_op()

    @property
    def inputs(self):
        """The list of variables that its operator is applied to."""
        return [self.get_input(i) for i in range(self.get_n_inputs())]

    @property
    def owner(self):
        """Itself where an operator made it, so that `owner.op` and `owner.inputs` are Theano's."""
        return None if self.op is None else self

    def copy(self, name=None):
        """A variable that equals it, which may have another name."""
        result = ops.astype(self, self.dtype)
        result.name = name
        return result

    def reshape(self, *shape, ndim=None):
        """The elements in another shape; a dimension of -1 follows from the others.

        A vector of unknown length needs the number of dimensions, `ndim`.
        """
        from .adapted import reshape
        return reshape(self, shape[0] if len(shape) == 1 else shape, ndim)

    def transpose(self, *axes):
        """It, with its axes in another order, by default the reverse one."""
        from .adapted import transpose
        return transpose(self, axes if len(axes) > 1 else axes[0] if axes else None)

    def dimshuffle(self, *pattern):
        """It, with its axes in the order of `pattern`, in which 'x' is a new axis of size 1."""
        from .theano import dimshuffle
        return dimshuffle(self, *pattern)

    def eval(self, givens=None):
        """The value, an array, where the variables in the dictionary `givens` have its values.

        The variable keeps the function that computes it for the next time.
        """
        givens = givens or {}
        inputs = [check_variable(variable, 'eval') for variable in givens]
        values = [convert(value, variable) for variable, value in givens.items()]
        return as_array(super().eval(inputs, values))


Variable = override(Variable)


def _sort_keys(key, ndim):
    """Tells apart, in an index, the slices and the positions of axes, and where new axes go."""
    keys = key if isinstance(key, tuple) else (key,)
    keys = tuple(part for item in keys for part in _expand_mask(item))
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
            new_axes.append(axis)
            continue
        if not isinstance(item, slice):
            positions.append((axis, item))
        elif (item.start, item.stop, item.step) != (None, None, None):
            slices.append((axis, item))
        axis += 1
    return slices, positions, new_axes


def _get_ndim(position):
    return position.ndim if isinstance(position, Tg.Variable) else np.ndim(position)


def _expand_mask(item):
    """What an index stands for: a mask for the positions along each of its axes that it has."""
    if isinstance(item, (list, np.ndarray)):
        item = as_variable(np.zeros(0, 'int64') if np.size(item) == 0 else np.asarray(item))
    if isinstance(item, Tg.Variable) and item.dtype == 'bool':
        rows = ops.nonzero(item)
        return [ops.index(rows, i) for i in range(item.ndim)]
    return [item]


def _take_positions(x, positions, new_axes):
    """Indexing by arrays of integers; a single integer then counts as an array of it."""
    if new_axes:
        x = ops.expand_dims(x, [axis + i for i, axis in enumerate(new_axes)])
    axes = [axis + sum(new <= axis for new in new_axes) for axis, _ in positions]
    return Tg.index_with_arrays(x, axes, [as_variable(position) for _, position in positions])


def _get_bounds(item):
    step = 1 if item.step is None else operator.index(item.step)
    first, last = (0, _LAST) if step >= 0 else (_LAST, _FIRST)
    return (first if item.start is None else item.start,
            last if item.stop is None else item.stop,
            step)


class Constant(Tg.Constant):
    """A variable that is a value."""

    value = property(lambda self: as_array(self.get_value()), doc='The value, an array.')

    def __reduce__(self):
        value = self.get_value()
        return Reference('as_variable'), (value.item() if self.is_weak() else value, self.name)


Constant = override(Constant)


class SharedVariable(Tg.SharedVariable):
    """A variable whose value outlives the functions that use it, such as a weight."""

    def get_value(self, borrow=False):
        """The value, an array: a copy, or with `borrow` the memory of the value itself."""
        value = as_array(self.dup_value())
        return value if borrow else value.copy()

    def set_value(self, value, borrow=False):
        """Replaces the value; with `borrow`, by the memory of an array that will not change."""
        super().set_value(convert(value if borrow else own(value), self))

    value = property(get_value, set_value, doc='The value, an array.')

    def __reduce__(self):
        return (Reference('SharedVariable', 'new_with_type'),
                (self.dup_value(), self.get_tensor_type(), self.name))

    def __deepcopy__(self, memo):
        restore, arguments = self.__reduce__()
        return restore(*arguments)


SharedVariable = override(SharedVariable)

_WEAK = {
    bool: Tg.Constant.new_boolean,
    int: Tg.Constant.new_integer,
    float: Tg.Constant.new_double,
    complex: lambda value: Tg.Constant.new_complex(value.real, value.imag),
}


def has_variable(value):
    return isinstance(value, Tg.Variable) or (
        isinstance(value, (list, tuple)) and any(map(has_variable, value)))


def as_variable(value, name=None, ndim=None):
    """The variable `value`, or a constant for a number or an array.

    Python's own numbers are weak: they take the dtype of what they are combined with.  Axes of size
    1 are put in front where the variable is to have `ndim` dimensions.
    """
    if isinstance(value, Tg.Variable):
        variable = value
    elif value is None:
        raise TypeError('expected a variable, a number or an array, not None')
    elif type(value) in _WEAK:
        variable = _WEAK[type(value)](value)
    elif has_variable(value):
        variable = ops.stack(value)
    else:
        variable = Tg.Constant.new(as_tensor(own(value)))
    if ndim is not None and variable.ndim != ndim:
        if variable.ndim > ndim:
            raise ValueError(f'expected at most {ndim} dimensions, not {variable.ndim}')
        variable = ops.expand_dims(variable, range(ndim - variable.ndim))
    if name is not None:
        variable.name = name
    return variable


as_tensor_variable = as_variable


def constant(value, name=None, dtype=None):
    """A constant that is not weak: in the shape of `value`, and its dtype in numpy or `dtype`."""
    tensor = as_tensor(np.array(value))
    variable = Tg.Constant.new(tensor if dtype is None else tensor.astype(as_dtype(dtype)))
    if name is not None:
        variable.name = name
    return variable


def shared(value, name=None, shape=None, borrow=False, broadcastable=None):
    """A shared variable that holds `value`, a number, a nested list or an array.

    In `shape`, None stands for a dimension that later values may change.  `broadcastable` is the
    same by Theano's name: of each dimension, whether it stays 1.
    """
    tensor = as_tensor(value if borrow else own(value))
    if broadcastable is not None:
        shape = [1 if one else None for one in broadcastable]
    if shape is None:
        return Tg.SharedVariable.new(tensor, name)
    return Tg.SharedVariable.new_with_type(tensor, make_type(tensor.dtype, shape), name)


def convert(value, variable):
    """The tensor that stands for `value` where a value of `variable` is needed.

    Python's numbers and lists take its dtype, if they are not of a higher kind; arrays do where
    nothing can be lost.  The others stay as they are, for the library to refuse.
    """
    if isinstance(value, Tg.Tensor):
        return value
    where = f'{variable.name or "a variable without a name"}'
    if has_variable(value):
        raise TypeError(f'{where}: expected a value, not a symbolic variable')
    try:
        dtype, array = numpy_dtype(variable.dtype), np.asarray(value)
        if array.dtype == dtype:
            return as_tensor(array)
        weak = (isinstance(value, (int, float, complex, list, tuple))
                and not isinstance(value, np.generic))
        if weak and array.size == 0:
            return as_tensor(array.astype(dtype))
        whole = array.dtype.kind in 'iu' and dtype.kind in 'iu'  # a list says no size, and no sign
        if not (weak and whole) and not np.can_cast(array.dtype, dtype,
                                                    'same_kind' if weak else 'safe'):
            return as_tensor(value)
    except (TypeError, ValueError) as error:
        raise type(error)(f'{where}: {error}') from None
    converted = array.astype(dtype)
    if dtype.kind in 'iu' and not np.array_equal(array, converted):
        raise OverflowError(f'{where}: {value} is out of the range of {dtype}')
    return as_tensor(converted).astype(as_dtype(variable.dtype))


def check_variable(value, what):
    if not isinstance(value, Tg.Variable):
        raise TypeError(f'{what}: expected a variable, not {describe(value)}')
    return value


def check_variables(values, what):
    if isinstance(values, Tg.Variable):
        raise TypeError(f'{what}: expected a list of variables, not one variable')
    if not np.iterable(values):
        raise TypeError(f'{what}: expected a list of variables, not {describe(values)}')
    return [check_variable(value, f'{what}[{i}]') for i, value in enumerate(values)]
