# SPDX-License-Identifier: LGPL-2.1-or-later
"""Sets of distinct elements, as in the array API standard."""

import collections

from .base import ops
from .variables import as_variable

__all__ = ['unique_all', 'unique_counts', 'unique_inverse', 'unique_values']

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
    in_order = ops.take(flat, order, 0)
    is_new = ops.concat([ops.ones(1, 'bool'), ops.not_equal(in_order[1:], in_order[:-1])])
    is_new = is_new[:ops.size(x)]
    starts = ops.index(ops.nonzero(is_new), 0)
    numbers = ops.cumulative_sum(is_new, 0) - 1
    inverse = ops.untake(numbers, ops.shape(flat), order, 0)
    counts = ops.concat([starts[1:], ops.reshape(ops.size(x), 1)])[:ops.size(starts)] - starts
    return UniqueAll(ops.take(in_order, starts, 0), ops.take(order, starts, 0),
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
