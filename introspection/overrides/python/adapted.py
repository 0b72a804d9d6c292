# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions of the array API standard and of numpy whose arguments are not those of an operator."""

import collections
import operator

import numpy as np

from .base import Tg, ops
from .operators import as_variables
from .values import as_dtype, numpy_dtype
from .variables import Variable, as_variable

__all__ = [
    'arange', 'asarray', 'broadcast_arrays', 'broadcast_shapes', 'can_cast', 'clip', 'concat',
    'cumulative_prod', 'cumulative_sum', 'einsum', 'empty', 'empty_like', 'eye', 'finfo', 'full',
    'full_like', 'iinfo', 'inc_subtensor', 'isdtype', 'linspace', 'meshgrid', 'nonzero',
    'ones_like', 'result_type', 'searchsorted', 'set_subtensor', 'split', 'take', 'tensordot',
    'transpose', 'unique_all', 'unique_counts', 'unique_inverse', 'unique_values', 'unstack',
    'zeros_like',
]


# Creation

def _cast(x, dtype):
    return x if dtype is None else ops.astype(x, dtype)


def arange(start, stop=None, step=1, dtype=None):
    """A vector of numbers from `start`, or 0, up to, but without, `stop`, in steps of `step`."""
    if stop is None:
        start, stop = 0, start
    return _cast(ops.arange(start, stop, step), dtype)


def asarray(value, dtype=None):
    """The variable `value`, or a constant for a number, a nested list or an array."""
    return _cast(as_variable(value if isinstance(value, Tg.Variable) else np.array(value)), dtype)


def empty(shape, dtype='float64'):
    """Zeros: a tensor whose elements nobody is to rely on."""
    return ops.zeros(shape, dtype)


def empty_like(x, dtype=None):
    """Zeros of the shape and, by default, the dtype of `x`; nobody is to rely on them."""
    return zeros_like(x, dtype)


def linspace(start, stop, num, dtype=None, endpoint=True):
    """A vector of `num` numbers from `start` to `stop`, the last only with `endpoint`."""
    return _cast(_linspace(start, stop, num, endpoint), dtype)


_linspace = ops.linspace


def einsum(subscripts, x, y):
    """Products of elements of `x` and `y`, summed over the letters that are left of '->' alone.

    The axes of the result are those that stand right of it.
    """
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


def meshgrid(*xs, indexing='xy'):
    """The coordinates of the points of a grid: a list with a variable for each vector of `xs`.

    With `indexing` 'ij' each vector runs along its own axis; with 'xy' the first two change places.
    """
    if indexing not in ('xy', 'ij'):
        raise ValueError(f"meshgrid: indexing must be 'xy' or 'ij', not {indexing!r}")
    return Tg.meshgrid(as_variables(xs), indexing == 'xy')


# Manipulation

def broadcast_arrays(*xs):
    """A list of the variables `xs`, repeated so that all have the shape that they have together."""
    return Tg.broadcast_arrays(as_variables(xs))


def broadcast_shapes(*shapes):
    """The shape that tensors of these shapes, tuples of numbers, have together."""
    return np.broadcast_shapes(*shapes)


def concat(xs, axis=0):
    """The tensors `xs`, one behind the other along `axis`; with None, all of their elements."""
    if axis is None:
        xs, axis = [ops.reshape(x, -1) for x in xs], 0
    return _concat(xs, axis)


_concat = ops.concat


def split(x, splits_size, n_splits=None, axis=0):
    """A list of parts of `x` of the sizes `splits_size` along `axis`.

    One size may be -1; a single number, with `n_splits`, is that of all.  The dtype stays.
    """
    if not np.iterable(splits_size):
        splits_size = [splits_size] * operator.index(n_splits)
    return Tg.split(as_variable(x), [operator.index(size) for size in splits_size], axis)


def unstack(x, axis=0):
    """A list of the parts of `x` along `axis`, whose size must be known.  The dtype stays."""
    return Tg.unstack(as_variable(x), axis)


def take(x, indices, axis=None):
    """The parts of `x` at the positions `indices` of `axis`; without one, of its elements."""
    x = as_variable(x)
    return _take(x, indices, axis) if axis is not None else _take(ops.reshape(x, -1), indices, 0)


_take = ops.take


def _get_whole(part, what):
    if not isinstance(part, Tg.Variable) or not hasattr(part, '_indexed'):
        raise TypeError(f'{what}: expected a variable that was just indexed, such as x[1:3]')
    return part._indexed


def set_subtensor(part, value):
    """A variable like x, where `part` is x[...], but with `value` in the place of the part."""
    return Tg.set_subtensor(_get_whole(part, 'set_subtensor'), part, as_variable(value))


def inc_subtensor(part, value):
    """A variable like x, where `part` is x[...], but with `value` added to the part."""
    return Tg.inc_subtensor(_get_whole(part, 'inc_subtensor'), part, as_variable(value))


# Sets

UniqueAll = collections.namedtuple('UniqueAll', 'values indices inverse_indices counts')
UniqueCounts = collections.namedtuple('UniqueCounts', 'values counts')
UniqueInverse = collections.namedtuple('UniqueInverse', 'values inverse_indices')


def unique_all(x):
    """The distinct elements of `x` in order, with more about each; every nan is one of its own.

    It is a tuple of vectors: `values`, of the dtype of `x`; `indices`, their first positions in
    row-major order; `counts`; and, in the shape of `x`, of `inverse_indices`, the positions of its
    elements among the values.
    """
    x = as_variable(x)
    flat = ops.reshape(x, -1)
    order = ops.argsort(flat)
    in_order = _take(flat, order, 0)
    is_new = _concat([ops.ones(1, 'bool'), ops.not_equal(in_order[1:], in_order[:-1])])
    is_new = is_new[:ops.size(x)]
    starts = ops.index(_nonzero(is_new), 0)
    numbers = ops.cumulative_sum(is_new, 0) - 1
    inverse = ops.untake(numbers, ops.shape(flat), order, 0)
    counts = _concat([starts[1:], ops.reshape(ops.size(x), 1)])[:ops.size(starts)] - starts
    return UniqueAll(_take(in_order, starts, 0), _take(order, starts, 0),
                     ops.reshape(inverse, ops.shape(x)), counts)


def unique_counts(x):
    """The distinct elements of the variable `x`, a vector, and how often each is there."""
    result = unique_all(x)
    return UniqueCounts(result.values, result.counts)


def unique_inverse(x):
    """The distinct elements of `x`, and the variable that has, in its shape, where they are."""
    result = unique_all(x)
    return UniqueInverse(result.values, result.inverse_indices)


def unique_values(x):
    """The distinct elements of the variable `x` in order; every nan is one of its own."""
    return unique_all(x).values


# Searching and statistics

def nonzero(x):
    """The positions of the elements of `x` that are not zero: a vector for each axis."""
    x = as_variable(x)
    rows = _nonzero(x)
    return tuple(ops.index(rows, i) for i in range(x.ndim))


_nonzero = ops.nonzero


def searchsorted(x, y, side='left', sorter=None):
    """The positions in the sorted vector `x` at which the elements of `y` would keep it in order.

    With the `side` 'left' they go before elements equal to them, with 'right' behind.  `x` need not
    be sorted if `sorter` has the positions that sort it.
    """
    return _searchsorted(x if sorter is None else _take(x, sorter, 0), y, side)


_searchsorted = ops.searchsorted


def _make_cumulative(name, neutral):
    function = getattr(ops, name)

    def cumulative(x, axis=None, dtype=None, include_initial=False):
        x = as_variable(x)
        if axis is None:
            x, axis = ops.reshape(x, -1) if x.ndim != 1 else x, 0
        result = function(_cast(x, dtype), axis)
        if include_initial:
            shape = [1 if i == axis % x.ndim else ops.size(x, i) for i in range(x.ndim)]
            first = ops.full(shape, ops.astype(neutral, result.dtype))
            result = _concat([first, result], axis)
        return result

    cumulative.__name__ = cumulative.__qualname__ = name
    cumulative.__doc__ = f"""{function.__doc__}

Without `axis`, it is that of the elements in row-major order.  With `include_initial` the result
begins with {neutral}.
"""
    return cumulative


cumulative_sum = _make_cumulative('cumulative_sum', 0)
cumulative_prod = _make_cumulative('cumulative_prod', 1)


def clip(x, min=None, max=None):
    """`x`, but `min` where it is less, and `max` where it is greater; None is no bound."""
    if min is None or max is None:
        x = as_variable(x)
        return x if min is max is None else ops.minimum(x, max) if min is None else (
            ops.maximum(x, min))
    return _clip(x, min, max)


_clip = ops.clip


# Linear algebra

def tensordot(x, y, axes=2):
    """Products of `x` and `y`, summed over axes of both.

    `axes` is a number, of the last axes of `x` and the first of `y`, or a pair of lists of axes
    that belong together in this order.
    """
    x, y = as_variable(x), as_variable(y)
    if isinstance(axes, (list, tuple)):
        x_axes, y_axes = axes
    else:
        x_axes, y_axes = range(x.ndim - axes, x.ndim), range(axes)
    return ops.tensordot(x, y, x_axes, y_axes)


def transpose(x, axes=None):
    """`x` with its axes in another order, by default the reverse one.  The dtype stays."""
    x = as_variable(x)
    return ops.permute_dims(x, range(x.ndim)[::-1] if axes is None else axes)


# Dtypes

def result_type(*values):
    """The dtype of what an operator makes of these: variables, arrays, numbers and dtypes."""
    variables = [value if isinstance(value, Tg.Variable) else _stand_for(value) for value in values]
    result = variables[0]
    for variable in variables[1:]:
        result = ops.where(True, result, variable)
    return result.dtype


def _stand_for(value):
    if isinstance(value, (bool, int, float, complex, np.ndarray)):
        return as_variable(value)
    return ops.zeros((), value)


def can_cast(from_, to):
    """Whether every value of the dtype, or variable, `from_` has an equal one in the dtype `to`."""
    from_ = as_dtype(from_.dtype if isinstance(from_, Tg.Variable) else from_)
    return Tg.dtype_can_cast(from_, as_dtype(to))


def isdtype(dtype, kind):
    """Whether `dtype` is of a kind, such as 'integral', or is one of a tuple of these or dtypes."""
    name = as_dtype(dtype).value_nick
    if isinstance(kind, tuple):
        return any(isdtype(name, item) for item in kind)
    signed, unsigned = name.startswith('int'), name.startswith('uint')
    floating, complex_ = name.endswith(('float16', 'float32', 'float64')), name[:7] == 'complex'
    kinds = {
        'bool': name == 'bool', 'signed integer': signed, 'unsigned integer': unsigned,
        'integral': signed or unsigned, 'real floating': floating, 'complex floating': complex_,
        'numeric': name != 'bool',
    }
    return kinds[kind] if kind in kinds else name == as_dtype(kind).value_nick


def finfo(dtype):
    """What numpy knows about a floating-point dtype: bits, eps, max, min, smallest_normal."""
    return np.finfo(numpy_dtype(as_dtype(dtype).value_nick))


def iinfo(dtype):
    """What numpy knows about an integer dtype: bits, max, min."""
    return np.iinfo(as_dtype(dtype).value_nick)


for _function in (clip, cumulative_prod, cumulative_sum, nonzero, searchsorted, take, tensordot):
    setattr(Variable, _function.__name__, _function)
