# SPDX-License-Identifier: LGPL-2.1-or-later
"""Where in a program variables were made, and name scopes."""

import contextlib
import os
import sys

import gi

from .base import Tg, _tg, override

__all__ = ['Place', 'name_scope']


class Place(Tg.Place):
    """A place in a program: a file, a line and a function."""

    file = property(lambda self: self.get_file(), doc='The name of the file, or None.')
    line = property(lambda self: self.get_line(), doc='The line in the file, from 1.')
    function = property(lambda self: self.get_function(), doc='The function, or None.')
    text_line = property(lambda self: self.get_text_line(), doc='The line in parsed text, or 0.')
    text_column = property(lambda self: self.get_text_column(),
                           doc='The column in parsed text, or 0.')

    def __repr__(self):
        return self.to_string()


Place = override(Place)

# Frames in these are not what a person wrote.
_INTERNAL = (os.path.dirname(override.__code__.co_filename) + os.sep,
             os.path.dirname(gi.__file__) + os.sep)


def _find_place(*_):
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename.startswith(_INTERNAL):
        frame = frame.f_back
    code = frame and frame.f_code
    return code and Tg.Place.new(code.co_filename, frame.f_lineno, code.co_name)


if _tg:
    _tg.record_places(_INTERNAL)
else:
    Tg.Place.set_finder(_find_place)


@contextlib.contextmanager
def name_scope(name):
    """A part of a model: within it names of variables begin with `name/`, as in 'layer1/w'."""
    if not name:
        raise ValueError('a name scope needs a name')
    Tg.name_scope_push(name)
    try:
        yield Tg.name_scope_dup()
    finally:
        Tg.name_scope_pop()
