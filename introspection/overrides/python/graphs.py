# SPDX-License-Identifier: LGPL-2.1-or-later
"""Graphs and their text."""

import os

from gi.repository import GLib

from .base import Tg, override
from .exchange import draw
from .variables import as_variable, check_variables

__all__ = ['Graph', 'clone', 'parse']


def parse(text, *variables, **named):
    """The expression in `text`, of variables that have the names in it, or are given by name.

    A whole function, such as `f(x: f64[?]) = exp(x)`, is a Tg.Graph of new variables.
    """
    if not variables and not named and Tg.text_is_function(text):
        return Tg.parse_function(text)
    values = check_variables([*variables, *named.values()], 'variables')
    names = [(variable.name or '').rpartition('/')[2] for variable in variables]
    return Tg.parse_with_names(text, names + list(named), values)


def clone(output, replace=None, strict=True, share_inputs=True):
    """`output`, a variable or a list of them, with variables replaced by others.

    `replace` is a dictionary or a list of pairs.  Replacements are of the type of what they
    replace, unless `strict` is false.  Without `share_inputs`, symbols are replaced by new ones.
    """
    single = isinstance(output, Tg.Variable)
    outputs = check_variables([output] if single else output, 'output')
    pairs = replace.items() if hasattr(replace, 'items') else replace or ()
    variables, replacements = zip(*pairs) if pairs else ((), ())
    clones = Tg.clone(outputs, check_variables(variables, 'replace'),
                      [as_variable(value) for value in replacements], strict, share_inputs)
    return clones[0] if single else clones


class Graph(Tg.Graph):
    """Inputs and outputs, and in topological order the variables between them."""

    def save(self, path):
        """Writes it to a .tg file, for `Tg.Graph.load`."""
        super().save(os.fsdecode(path))

    def __reduce__(self):
        return _restore, (bytes(self.to_bytes().get_data()),)

    def __repr__(self):
        return self.to_string()

    def _repr_svg_(self):
        return draw(self)


Graph = override(Graph)


def _restore(data):
    return Tg.Graph.new_from_bytes(GLib.Bytes.new(data))
