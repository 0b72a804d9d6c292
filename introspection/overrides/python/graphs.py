# SPDX-License-Identifier: LGPL-2.1-or-later
"""Graphs and their text."""

from .base import Tg, override
from .exchange import draw
from .variables import check_variables

__all__ = ['Graph', 'parse']


def parse(text, *variables, **named):
    """The expression in `text`, of variables that have the names in it, or are given by name."""
    values = check_variables([*variables, *named.values()], 'variables')
    names = [(variable.name or '').rpartition('/')[2] for variable in variables]
    return Tg.parse_with_names(text, names + list(named), values)


class Graph(Tg.Graph):
    """Inputs and outputs, and in topological order the variables between them."""

    def __repr__(self):
        return self.to_string()

    def _repr_svg_(self):
        return draw(self)


Graph = override(Graph)
