# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by libtg."""

from functools import partial

import gi

gi.require_version('Tg', '1')

import numpy as np
from gi.repository import Tg
from rows import RATE
from system import System


def cross_entropy(z, y):
    return -Tg.mean(Tg.log_softmax(z, axis=1)[Tg.arange(y.shape[0]), y])


class Libtg(System):
    words = {name: getattr(Tg, name) for name in (
        'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'mean', 'max',
        'argmax', 'logsumexp')} | {'cross_entropy': cross_entropy}

    def __init__(self):
        streams = Tg.RandomStreams(1)
        self.words = self.words | {'uniform': lambda n: streams.uniform((n,)),
                                   'normal': lambda n: streams.normal((n,))}
        super().__init__()

    def declare(self, row, values):
        """A symbol for each input, in its shape as far as the number of dimensions goes."""
        return {name: Tg.tensor(np.asarray(value).dtype, (None,) * np.ndim(value), name)
                for name, value in values.items()}

    def value(self, row):
        symbols = self.declare(row, row.draw())
        return Tg.function(list(symbols.values()), self.write(row)(**symbols))

    def gradient(self, row, values):
        symbols = self.declare(row, values)
        cost = self.write(row)(**symbols)
        outputs = [cost, *Tg.grad(cost, [symbols[name] for name in row.wrt])]
        return partial(Tg.function(list(symbols.values()), outputs), *values.values())

    def step(self, row, values):
        given = {name: value for name, value in values.items() if name not in row.wrt}
        inputs = self.declare(row, given)
        parameters = {name: Tg.shared(values[name], name) for name in row.wrt}
        cost = self.write(row)(**inputs, **parameters)
        weights = list(parameters.values())
        updates = [(w, w - RATE * g) for w, g in zip(weights, Tg.grad(cost, weights))]
        return partial(Tg.function(list(inputs.values()), cost, updates=updates), *given.values())

    def product(self, row, values):
        symbols = self.declare(row, values)
        direction = symbols['direction']
        cost = self.write(row)(**symbols)
        output = Tg.hvp(cost, symbols[row.wrt[0]], direction)
        return partial(Tg.function(list(symbols.values()), output, on_unused_input='ignore'),
                       *values.values())

    def draw(self, row, values):
        return Tg.function([], self.write(row)())
