# SPDX-License-Identifier: LGPL-2.1-or-later
"""Graphs with values for their inputs."""

import gi

gi.require_version('Tg', '1')

import numpy as np
from gi.repository import Tg
from interpreter import Program, walk


class Case:
    """A graph, values for its inputs, and the nodes."""

    def __init__(self, symbols, outputs, values):
        self.symbols, self.outputs, self.values = symbols, outputs, values
        self.program = Program(symbols, outputs)
        self.graph = Tg.Graph.new(symbols, outputs)

    def __str__(self):
        return self.graph.to_string()

    def size(self):
        """The number of operators."""
        return sum(node.name is not None for node in self.program.nodes)


def make_case(symbols, outputs, values):
    """Without the inputs that nothing needs."""
    needed = set(walk(outputs, {}))
    kept = [i for i, symbol in enumerate(symbols) if symbol in needed]
    return Case([symbols[i] for i in kept], outputs, [np.asarray(values[i]) for i in kept])


def read_case(text, *values):
    """The case of a function in the notation."""
    graph = Tg.parse(text)
    symbols = [graph.get_input(i) for i in range(graph.get_n_inputs())]
    outputs = [graph.get_output(i) for i in range(graph.get_n_outputs())]
    dtypes = [symbol.get_dtype().value_nick for symbol in symbols]
    return Case(symbols, outputs, [np.array(value, 'float32' if dtype == 'bfloat16' else dtype)
                                   for value, dtype in zip(values, dtypes)])
