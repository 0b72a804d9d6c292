# SPDX-License-Identifier: LGPL-2.1-or-later
"""Operators: their functions and methods are made of the table of the library, Tg.Op.list()."""

import functools
import itertools
import math
import operator

from .base import Tg, _tg, np, ops
from .values import as_dtype
from .variables import Variable, as_variable, has_variable

_MANY = 64


def as_variables(values):
    if isinstance(values, Tg.Variable):
        raise TypeError('expected a list of variables, not one variable')
    return [as_variable(value) for value in values]


def _list_items(value):
    """The items of what is like a list: a few, since there are no more dimensions than that."""
    items = list(itertools.islice(value, _MANY + 1)) if np.iterable(value) else [value]
    if len(items) > _MANY:
        raise ValueError(f'expected at most {_MANY} numbers')
    return items


def as_ints(value):
    """The vector that a shape stands for: a number, a list of numbers and variables, a vector."""
    if isinstance(value, Tg.Variable) and value.ndim > 0:
        return value
    items = _list_items(value)
    if not has_variable(items):
        return Tg.Constant.new_integers([operator.index(item) for item in items])
    # Of two dtypes stack takes the larger one, but numbers are weak, and few have room for all.
    return ops.stack([ops.astype(item, 'int64') if isinstance(item, Tg.Variable)
                      and item.dtype.startswith(('int', 'uint')) and item.dtype != 'int64'
                      else item for item in items])


def _as_positions(value):
    if isinstance(value, (list, tuple)) and not value:
        value = np.zeros(0, 'int64')
    return as_variable(value)


def _as_axes(value):
    if value is None:
        return None
    return [operator.index(axis) for axis in _list_items(value)]


_INPUTS = {'any': as_variable, 'bool': as_variable, 'int': as_variable, 'ints': as_ints,
           'positions': _as_positions}
_PARAMETERS = {'axes': _as_axes, 'ints': lambda value: _as_axes(value) or [],
               'int': operator.index, 'float': float, 'bool': bool, 'dtype': as_dtype,
               'string': str}
_DEFAULTS = {'all': 'None', 'false': 'False', 'true': 'True', '[0]': '0', '[]': '()',
             'f64': "'float64'", 'i64': "'int64'", 'left': "'left'"}


def _describe(op):
    paragraphs = [op.get_summary(), *(op.get_documentation() or '').splitlines()]
    if op.get_spec():
        paragraphs.append(f'It computes `{op.get_spec()}`.')
    if op.get_domain():
        paragraphs.append(f'It is defined where `{op.get_domain()}`.')
    paragraphs.append(op.get_result())
    return '\n\n'.join(filter(None, paragraphs))


@functools.cache
def _compile(text):
    """The code of a function, which all operators with the same arguments share."""
    return compile(text, __file__, 'eval')


def _make_operator(op):
    """Makes a function with the names, defaults and documentation of the table."""
    name, names, kinds = op.get_name(), op.dup_input_names(), op.dup_input_kinds()
    parameters = op.dup_parameter_names()
    is_method = not op.is_variadic() and kinds[0] != 'ints'
    call = getattr(Tg.Variable if is_method else Tg, name)
    converters = [as_variables] if op.is_variadic() else [_INPUTS[kind] for kind in kinds]
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

    if _tg and not op.is_variadic() and not {'dtype', 'string'} & {*op.dup_parameter_kinds()}:
        apply = _tg.make_operator(op, apply)

    defaults = [default and '=' + _DEFAULTS.get(default, default)
                for default in op.dup_parameter_defaults()]
    head = ', '.join(names + list(map(operator.add, parameters, defaults)))
    text = f'lambda {head}: apply({", ".join(names + parameters)})'
    function = eval(_compile(text), {'apply': apply, 'inf': math.inf})
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
                         'pow': ops.pow, 'matmul': ops.matmul, 'and': ops.bitwise_and,
                         'or': ops.bitwise_or, 'xor': ops.bitwise_xor,
                         'lshift': ops.bitwise_left_shift,
                         'rshift': ops.bitwise_right_shift}.items():
    setattr(Variable, f'__{_name}__', _function)
    setattr(Variable, f'__r{_name}__', _reflect(_function))

for _name, _function in {'lt': ops.less, 'le': ops.less_equal, 'gt': ops.greater,
                         'ge': ops.greater_equal, 'neg': ops.negative, 'abs': ops.abs,
                         'invert': ops.bitwise_invert}.items():
    setattr(Variable, f'__{_name}__', _function)
