# SPDX-License-Identifier: LGPL-2.1-or-later
"""Operators with the arguments of numpy or Theano, and under the names of Theano."""

from . import operators  # they fill `ops`
from .base import ops
from .variables import as_variable

__all__ = [
    'alloc', 'arange', 'dimshuffle', 'einsum', 'eye', 'full', 'full_like', 'ones_like',
    'tensordot', 'transpose', 'zeros_like',
]


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


def tensordot(x, y, axes=2):
    """Products of `x` and `y`, summed over the last `axes` axes of `x` and the first of `y`.

    Or over the axes that a pair of lists names, which belong together in this order.
    """
    x, y = as_variable(x), as_variable(y)
    if isinstance(axes, (list, tuple)):
        x_axes, y_axes = axes
    else:
        x_axes, y_axes = range(x.ndim - axes, x.ndim), range(axes)
    return ops.tensordot(x, y, x_axes, y_axes)


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


# Theano's names of the operators.
for _alias, _name in {
        'and_': 'bitwise_and', 'arccos': 'acos', 'arccosh': 'acosh', 'arcsin': 'asin',
        'arcsinh': 'asinh', 'arctan': 'atan', 'arctan2': 'atan2', 'arctanh': 'atanh',
        'cast': 'astype', 'concatenate': 'concat', 'eq': 'equal', 'ge': 'greater_equal',
        'gt': 'greater', 'int_div': 'floor_divide', 'inv': 'reciprocal', 'invert': 'bitwise_invert',
        'le': 'less_equal', 'lt': 'less', 'mod': 'remainder', 'mul': 'multiply', 'neg': 'negative',
        'neq': 'not_equal', 'or_': 'bitwise_or', 'sqr': 'square', 'sub': 'subtract',
        'switch': 'where', 'true_div': 'divide', 'xor': 'bitwise_xor'}.items():
    setattr(ops, _alias, getattr(ops, _name))
