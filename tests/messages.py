# SPDX-License-Identifier: LGPL-2.1-or-later
"""What tests of messages share."""

import re

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg

# " (made at test-errors.py, line 12)", " (x made at …; input 2 made at …)"
_PLACES = re.compile(r' \((?:(?:; )?(?:[\w/ ]+ )?made at (?:\d+:\d+ of the text at )?'
                     r'[\w-]+\.py, line \d+)+\)$')


def without_places(message):
    """The message without the places behind it, which test-places.py looks at."""
    return _PLACES.sub('', message)


def check(action, code, message):
    """The action fails with exactly that error, but for the places behind it."""
    with pytest.raises(GLib.Error) as error:
        action()
    assert without_places(error.value.message) == message
    quark = Gio.io_error_quark() if isinstance(code, Gio.IOErrorEnum) else type(code).quark()
    assert error.value.matches(quark, code)


def symbols():
    """Variables to make mistakes with."""
    return {
        'x': Tg.dmatrix('x'),
        'v': Tg.dvector('v'),
        's': Tg.dscalar('s'),
        'n': Tg.lscalar('n'),
        'b': Tg.tensor('bool', (None,), 'b'),
        'a23': Tg.tensor('float64', (2, 3), 'a'),
        'b45': Tg.tensor('float32', (4, 5), 'b'),
        'w': Tg.shared(np.zeros(3), 'w'),
        'count': Tg.shared(0, 'count'),
    }
