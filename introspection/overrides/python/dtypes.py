# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the array API standard asks about dtypes and shapes."""

import typing

from .base import Tg, np, ops
from .values import as_dtype
from .variables import as_variable

__all__ = ['broadcast_shapes', 'can_cast', 'finfo', 'iinfo', 'isdtype', 'result_type']


def broadcast_shapes(*shapes):
    """The shape that tensors of these shapes, tuples of numbers, have together."""
    return np.broadcast_shapes(*shapes)


def result_type(*values):
    """The dtype of what an operator makes of these: variables, arrays, numbers and dtypes."""
    if not values:
        raise TypeError('result_type: expected at least one variable or dtype')
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


class _FloatInfo(typing.NamedTuple):
    """What there is to know about a floating-point dtype; of a complex one, about its parts."""

    dtype: str
    bits: int
    eps: float
    max: float
    min: float
    smallest_normal: float


def finfo(dtype):
    """What there is to know about a floating-point dtype: bits, eps, max, min, smallest_normal."""
    name = as_dtype(dtype).value_nick
    if not isdtype(name, ('real floating', 'complex floating')):
        raise TypeError(f'finfo: expected a floating-point dtype, not {name}')
    if name == 'bfloat16':  # which numpy does not know: a float32 without 16 bits
        limits = np.finfo('float32')
        largest = float(2 - 2.0**-7) * 2.0**127
        return _FloatInfo(name, 16, 2.0**-7, largest, -largest, float(limits.smallest_normal))
    limits = np.finfo(name)
    return _FloatInfo(limits.dtype.name, limits.bits, *(float(getattr(limits, field)) for field in (
        'eps', 'max', 'min', 'smallest_normal')))


class _IntegerInfo(typing.NamedTuple):
    """What there is to know about an integer dtype."""

    dtype: str
    bits: int
    max: int
    min: int


def iinfo(dtype):
    """What there is to know about an integer dtype: bits, max, min."""
    name = as_dtype(dtype).value_nick
    if not isdtype(name, 'integral'):
        raise TypeError(f'iinfo: expected an integer dtype, not {name}')
    limits = np.iinfo(name)
    return _IntegerInfo(name, limits.bits, limits.max, limits.min)
