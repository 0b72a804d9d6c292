# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Python adds to libtg: operators and indexing, numpy arrays, functions that are called.

The operators are not listed here: their functions are made of the library's table, Tg.Op.list().
The extension module gi._tg has the quick ways; everything also works without it.
"""

from . import (accuracy, adapted, base, debugging, dtypes, exchange, files, functions, gradients,
               graphs, inputs, operators, places, random, reductions, sets, symbols, theano, values,
               variables)
from .base import ops


def __getattr__(name):
    return getattr(ops, name)


# The public names: those that the files above list, and the operators.
__all__ = []
for _module in (values, variables, symbols, adapted, reductions, dtypes, sets, theano, inputs,
                functions, gradients, random, graphs, files, exchange, places, debugging, accuracy):
    __all__ += _module.__all__
    globals().update({name: getattr(_module, name) for name in _module.__all__})
__all__ += [name for name in vars(ops) if name not in __all__]

# GObject would make objects of these without anything in them.
for _name, _maker in {
    'Variable': 'Tg.tensor() and the operators', 'Constant': 'Tg.constant()',
    'SharedVariable': 'Tg.shared()', 'Function': 'Tg.function()', 'FunctionInput': 'Tg.In()',
    'Op': 'Tg.Op.lookup()',
}.items():
    base.reject_calls(getattr(base.Tg, _name), f'a Tg.{_name} is made by {_maker}')

# What the table says of the result of an operator holds in the files above as well.
for _name in adapted.__all__ + theano.__all__:
    _op = base.Tg.Op.lookup(_name)
    if _op and _op.get_result() not in globals()[_name].__doc__:
        globals()[_name].__doc__ += f'\n\n    {_op.get_result()}'
