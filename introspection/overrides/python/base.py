# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the other files of the override share."""

import contextlib
import os
import types

from ...module import get_introspection_module
from ...overrides import override as _override

_tg = None
if not os.environ.get('TG_PYTHON_NO_EXTENSION'):
    with contextlib.suppress(ImportError):
        from gi import _tg

Tg = get_introspection_module('Tg')


class _Numpy:
    """numpy, imported with the first of its names: it takes longer than all the rest here."""

    def __getattr__(self, name):
        import numpy
        value = getattr(numpy, name)
        setattr(self, name, value)
        return value


np = _Numpy()

# The operators as functions.  In a namespace of their own they leave Python's sum and slice alone.
ops = types.SimpleNamespace()


def describe(value):
    """What a message calls a value that is not of the right kind."""
    return 'None' if value is None else type(value).__name__


def reject_calls(cls, message):
    """Makes the call of a class, and of those that do not say otherwise, an error."""
    def __init__(self, *args, **kwargs):
        raise TypeError(message)

    cls.__init__ = __init__


def override(cls):
    """Puts a class in the place of the one that the library has."""
    cls.__module__ = __package__  # where gi looks for the namespace
    return _override(cls)
