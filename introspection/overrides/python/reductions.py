# SPDX-License-Identifier: LGPL-2.1-or-later
"""Statistics and orders, with the arguments of the array API and of Theano."""

from .base import ops
from .values import as_dtype
from .variables import Variable, as_variable

__all__ = ['argsort', 'mean', 'prod', 'sort', 'std', 'sum', 'var']


def _make_sum(name):
    function = getattr(ops, name)

    def reduce(x, axis=None, dtype=None, keepdims=False, acc_dtype=None):
        if dtype is acc_dtype is None:
            return function(x, axis, keepdims)
        x = as_variable(x)
        result = function(ops.astype(x, acc_dtype or dtype), axis, keepdims)
        wanted = as_dtype(dtype or function(x, axis, keepdims).dtype)
        return result if result.get_dtype() == wanted else ops.astype(result, wanted)

    reduce.__name__ = reduce.__qualname__ = name
    reduce.__doc__ = f"""{function.__doc__}

With `dtype` that is the dtype of the result, and what is computed in; `acc_dtype` is another one to
compute in.
"""
    return reduce


sum, prod, mean = map(_make_sum, ('sum', 'prod', 'mean'))


def _make_spread(name):
    function = getattr(ops, name)

    def spread(x, axis=None, correction=0, keepdims=False, ddof=None):
        return function(x, axis, correction if ddof is None else ddof, keepdims)

    spread.__name__ = spread.__qualname__ = name
    spread.__doc__ = f"""{function.__doc__}

`ddof` is numpy's name of `correction`.
"""
    return spread


var, std = map(_make_spread, ('var', 'std'))


def _make_order(name):
    function = getattr(ops, name)

    def order(x, axis=-1, descending=False, stable=True):
        return function(ops.reshape(x, -1), 0, descending) if axis is None else (
            function(x, axis, descending))

    order.__name__ = order.__qualname__ = name
    order.__doc__ = f"""{function.__doc__}

With the `axis` None it is that of all elements.  Equal elements always keep their order, as if
`stable`.
"""
    return order


sort, argsort = map(_make_order, ('sort', 'argsort'))

for _function in (argsort, mean, prod, sort, std, sum, var):
    setattr(Variable, _function.__name__, _function)
