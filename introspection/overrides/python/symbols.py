# SPDX-License-Identifier: LGPL-2.1-or-later
"""Symbols: dmatrix (), fvectors () and their like."""

from .base import Tg, ops
from .debugging import config
from .values import make_type

__all__ = ['tensor']


def tensor(dtype='float64', shape=None, name=None, broadcastable=None):
    """A symbol; None in `shape` stands for a dimension that is unknown before a function runs."""
    if shape is None:
        shape = [1 if one else None for one in broadcastable or ()]
    return Tg.Variable.new_with_type(name, make_type(dtype, shape))


def _make_symbols(prefix, dtype, kind, shape):
    def symbol(name=None, dtype=dtype):
        return tensor(dtype or config.floatX, shape, name)

    def symbols(*names):
        names = [None] * names[0] if names and isinstance(names[0], int) else names
        return [symbol(name) for name in names]

    what = f'of {len(shape)} dimensions' + (', of which one is 1' if 1 in shape else '')
    own = dtype or 'Tg.config.floatX'
    symbol.__doc__ = f'A symbol {what}, by default of {own}.'
    symbols.__doc__ = f'A list of symbols {what} and of {own}, one for each name, or so many.'
    plural = 'matrices' if kind == 'matrix' else kind + 's'
    for name, function in ((prefix + kind, symbol), (prefix + plural, symbols)):
        function.__name__ = function.__qualname__ = name
        setattr(ops, name, function)


for _prefix, _dtype in {'': None, 'b': 'int8', 'w': 'int16', 'i': 'int32', 'l': 'int64',
                        'f': 'float32', 'd': 'float64', 'c': 'complex64',
                        'z': 'complex128'}.items():
    for _kind, _shape in {'scalar': (), 'vector': (None,), 'matrix': (None,) * 2, 'row': (1, None),
                          'col': (None, 1), 'tensor3': (None,) * 3, 'tensor4': (None,) * 4,
                          'tensor5': (None,) * 5, 'tensor6': (None,) * 6,
                          'tensor7': (None,) * 7}.items():
        _make_symbols(_prefix, _dtype, _kind, _shape)
