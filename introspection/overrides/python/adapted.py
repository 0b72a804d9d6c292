# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions of the array API standard and of numpy whose arguments are not those of an operator."""

import math
import operator

from .base import Tg, np, ops
from .operators import as_variables
from .variables import Variable, as_variable, convert, has_variable

__all__ = [
    'arange', 'asarray', 'astype', 'broadcast_arrays', 'clip', 'concat', 'cumulative_prod',
    'cumulative_sum', 'diff', 'e', 'einsum', 'empty', 'empty_like', 'eye', 'full', 'full_like',
    'inc_subtensor', 'inf', 'isin', 'linspace', 'meshgrid', 'nan', 'newaxis', 'nonzero',
    'ones_like', 'pi', 'reshape', 'searchsorted', 'set_subtensor', 'split', 'take', 'tensordot',
    'transpose', 'unstack', 'zeros_like',
]


e, inf, nan, newaxis, pi = math.e, math.inf, math.nan, None, math.pi


# Creation

def _cast(x, dtype):
    return x if dtype is None else ops.astype(x, dtype)


def arange(start, stop=None, step=1, dtype=None):
    """A vector of numbers from `start`, or 0, up to, but without, `stop`, in steps of `step`."""
    if stop is None:
        start, stop = 0, start
    return _cast(ops.arange(start, stop, step), dtype)


def asarray(value, dtype=None, copy=None):
    """The variable `value`, or a constant for a number, a nested list or an array.

    Variables never change, so nobody sees whether there was a `copy`.
    """
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


def full(shape, fill_value, dtype=None):
    """A tensor of the shape `shape`, each element of which is the number `fill_value`."""
    return ops.full(shape, _cast(fill_value, dtype))


def zeros_like(x, dtype=None):
    """Zeros of the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return ops.zeros(x.shape, dtype or x.dtype)


def ones_like(x, dtype=None):
    """Ones of the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return ops.ones(x.shape, dtype or x.dtype)


def full_like(x, fill_value, dtype=None):
    """`fill_value` in the shape and, by default, the dtype of `x`."""
    x = as_variable(x)
    return full(x.shape, fill_value, dtype or x.dtype)


def meshgrid(*xs, indexing='xy'):
    """The coordinates of the points of a grid: a list with a variable for each vector of `xs`.

    With `indexing` 'ij' each vector runs along its own axis; with 'xy' the first two change places.
    """
    if indexing not in ('xy', 'ij'):
        raise ValueError(f"meshgrid: indexing: expected 'xy' or 'ij', not {indexing!r}")
    return Tg.meshgrid(as_variables(xs), indexing == 'xy') if xs else []


# Manipulation

def astype(x, dtype, copy=True):
    """The elements of `x`, in the same shape, converted to `dtype`.

    Variables never change, so nobody sees whether there was a `copy`.
    """
    return _astype(x, dtype)


_astype = ops.astype


def reshape(x, shape, ndim=None, copy=None):
    """The elements of `x`, whose dtype stays, in the shape `shape`.

    A dimension of -1 follows from the others.  A vector of unknown length needs the number of
    dimensions, `ndim`.
    """
    if ndim is not None and isinstance(shape, Tg.Variable):
        shape = [shape[i] for i in range(ndim)]
    return _reshape(x, shape)


_reshape = ops.reshape


def broadcast_arrays(*xs):
    """A list of the variables `xs`, repeated so that all have the shape that they have together."""
    return Tg.broadcast_arrays(as_variables(xs))


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
        if n_splits is None:
            raise TypeError('split: expected a list of sizes, or one and n_splits')
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


def _as_part(value, part):
    """What goes into a part: lists, like numbers, have no dtype of their own."""
    if isinstance(value, (list, tuple)) and not has_variable(value):
        return Tg.Constant.new(convert(value, part))
    return as_variable(value)


def set_subtensor(part, value):
    """A variable like x, where `part` is x[...], but with `value` in the place of the part."""
    return Tg.set_subtensor(_get_whole(part, 'set_subtensor'), part, _as_part(value, part))


def inc_subtensor(part, value):
    """A variable like x, where `part` is x[...], but with `value` added to the part."""
    return Tg.inc_subtensor(_get_whole(part, 'inc_subtensor'), part, _as_part(value, part))


# Searching and statistics

def nonzero(x, return_matrix=False):
    """The positions of the elements of `x` that are not zero: a vector for each axis.

    With `return_matrix` they are the rows of a matrix.
    """
    x = as_variable(x)
    if x.ndim == 0:
        raise ValueError('nonzero: expected at least one dimension, not 0')
    rows = _nonzero(x)
    return rows if return_matrix else tuple(ops.index(rows, i) for i in range(x.ndim))


_nonzero = ops.nonzero


def searchsorted(x, y, side='left', sorter=None):
    """The positions in the sorted vector `x` at which the elements of `y` would keep it in order.

    With the `side` 'left' they go before elements equal to them, with 'right' behind.  `x` need not
    be sorted if `sorter` has the positions that sort it.
    """
    return _searchsorted(x if sorter is None else _take(x, sorter, 0), y, side)


_searchsorted = ops.searchsorted


def isin(x, y, invert=False):
    """Whether each element of `x` is among those of `y`, or with `invert` is not.

    These are booleans in the shape of `x`.
    """
    found = _isin(x, y)
    return ops.logical_not(found) if invert else found


_isin = ops.isin


def diff(x, n=1, axis=-1, prepend=None, append=None):
    """The differences of elements of `x` that are neighbours along `axis`, taken `n` times.

    `prepend` and `append` are put before and behind `x` first.
    """
    parts = [part for part in (prepend, x, append) if part is not None]
    return _diff(concat(parts, axis) if len(parts) > 1 else x, axis, n)


_diff = ops.diff


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


for _function in (astype, clip, cumulative_prod, cumulative_sum, diff, isin, nonzero, searchsorted,
                  take, tensordot):
    setattr(Variable, _function.__name__, _function)
