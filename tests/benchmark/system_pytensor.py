# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by PyTensor, with Numba or with C."""

from functools import partial

import numpy as np
import pytensor
import pytensor.tensor as tensor
from pytensor.gradient import hessian_vector_product
from pytensor.tensor.random.utils import RandomStream
from rows import RATE
from system import System


def cross_entropy(z, y):
    return -tensor.mean(tensor.special.log_softmax(z, axis=1)[tensor.arange(y.shape[0]), y])


class PyTensor(System):
    words = {name: getattr(tensor, name) for name in (
        'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'mean', 'max',
        'argmax', 'logsumexp')} | {'cross_entropy': cross_entropy}
    mode = 'NUMBA'

    def __init__(self):
        streams = RandomStream(1)
        self.words = self.words | {'uniform': lambda n: streams.uniform(0, 1, size=(n,)),
                                   'normal': lambda n: streams.normal(0, 1, size=(n,))}
        super().__init__()

    def compile(self, symbols, outputs, **options):
        return pytensor.function(list(symbols.values()), outputs, mode=self.mode,
                                 on_unused_input='ignore', **options)

    def declare(self, values):
        return {name: tensor.tensor(name, dtype=np.asarray(value).dtype.name,
                                    shape=(None,) * np.ndim(value))
                for name, value in values.items()}

    def value(self, row):
        symbols = self.declare(row.draw())
        return self.compile(symbols, self.write(row)(**symbols))

    def gradient(self, row, values):
        symbols = self.declare(values)
        cost = self.write(row)(**symbols)
        outputs = [cost, *pytensor.grad(cost, [symbols[name] for name in row.wrt])]
        return partial(self.compile(symbols, outputs), *values.values())

    def step(self, row, values):
        given = {name: value for name, value in values.items() if name not in row.wrt}
        inputs = self.declare(given)
        parameters = {name: pytensor.shared(values[name], name) for name in row.wrt}
        cost = self.write(row)(**inputs, **parameters)
        weights = list(parameters.values())
        rate = np.asarray(RATE, row.dtype)
        updates = [(w, w - rate * g) for w, g in zip(weights, pytensor.grad(cost, weights))]
        return partial(self.compile(inputs, cost, updates=updates), *given.values())

    def product(self, row, values):
        symbols = self.declare(values)
        cost = self.write(row)(**symbols)
        (output,) = hessian_vector_product(cost, [symbols[name] for name in row.wrt],
                                           [symbols['direction']])
        return partial(self.compile(symbols, output), *values.values())

    def draw(self, row, values):
        return self.compile({}, self.write(row)())


class PyTensorC(PyTensor):
    mode = 'CVM'
