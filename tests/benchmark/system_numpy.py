# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by NumPy, whose float64 is the truth.  Gradients are written by hand."""

from functools import partial

import numpy as np
import rows
from system import System


def logsumexp(x, axis):
    greatest = np.max(x, axis=axis, keepdims=True)
    return (greatest + np.log(np.sum(np.exp(x - greatest), axis=axis, keepdims=True))).squeeze(axis)


def cross_entropy(z, y):
    return np.mean(logsumexp(z, axis=1) - z[np.arange(len(y)), y])


def differentiate_cross_entropy(x, y):
    """The cost and its gradient for `x`."""
    lines = np.arange(len(y))
    x = x - np.max(x, axis=1, keepdims=True)
    of_labels = x[lines, y]
    gradient = np.exp(x)
    totals = np.sum(gradient, axis=1)
    gradient /= totals[:, None]
    gradient[lines, y] -= 1
    gradient /= len(y)
    return np.mean(np.log(totals) - of_labels), gradient


def differentiate_regression(x, y, w, b):
    z = x @ w + b
    p = 1 / (1 + np.exp(-z))
    cost = np.mean(-y * np.log(p) - (1 - y) * np.log(1 - p)) + 0.01 * np.sum(w ** 2)
    slope = (p - y) / len(y)
    return cost, x.T @ slope + 0.02 * w, np.sum(slope)


def differentiate_perceptron(x, y, w1, b1, w2, b2):
    hidden = np.tanh(x @ w1 + b1)
    cost, slope = differentiate_cross_entropy(hidden @ w2 + b2, y)
    below = slope @ w2.T * (1 - hidden * hidden)
    return cost, x.T @ below, np.sum(below, axis=0), hidden.T @ slope, np.sum(slope, axis=0)


def differentiate_chain(x, n):
    gradient = np.ones_like(x)
    for _ in range(n):
        x = np.tanh(x)
        gradient *= 1 - x * x
    return np.sum(x), gradient


def multiply_regression(x, y, w, b, direction):
    """The product of the Hessian for `w` with a direction."""
    p = 1 / (1 + np.exp(-(x @ w) - b))
    return x.T @ (p * (1 - p) * (x @ direction)) / len(y) + 0.02 * direction


GRADIENTS = {
    rows.CROSS_ENTROPY: differentiate_cross_entropy,
    rows.REGRESSION: differentiate_regression,
    rows.PERCEPTRON: differentiate_perceptron,
    rows.CHAIN: differentiate_chain,
}


class NumPy(System):
    words = {name: getattr(np, name) for name in (
        'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'mean', 'max',
        'argmax')} | {'logsumexp': logsumexp, 'cross_entropy': cross_entropy}

    def __init__(self):
        rng = np.random.default_rng(1)
        self.words = self.words | {'uniform': rng.random, 'normal': rng.standard_normal}
        super().__init__()

    def value(self, row):
        function = self.write(row)
        if all(spec.given == 'array' for spec in row.inputs.values()):
            return function
        return lambda *args, **kwargs: function(*map(np.asarray, args), **{
            name: np.asarray(value) for name, value in kwargs.items()})

    def gradient(self, row, values):
        return partial(GRADIENTS[row.formula], *values.values(), **row.sizes)

    def step(self, row, values):
        differentiate = GRADIENTS[row.formula]

        def step():
            cost, *gradients = differentiate(**values)
            for name, gradient in zip(row.wrt, gradients):
                values[name] = values[name] - rows.RATE * gradient
            return cost
        return step

    def product(self, row, values):
        return partial(multiply_regression, **values)

    def draw(self, row, values):
        return self.write(row)


class Truth(NumPy):
    """The same numbers, in float64 also where others compute in float32."""

    def take(self, value):
        return value.astype(np.float64) if value.dtype == np.float32 else value
