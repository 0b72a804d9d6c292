# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by JAX."""

from functools import partial

import jax

jax.config.update('jax_enable_x64', True)

import jax.numpy as jnp
import numpy as np
from rows import RATE
from system import System


def cross_entropy(z, y):
    return -jnp.mean(jax.nn.log_softmax(z, axis=1)[jnp.arange(len(y)), y])


def wait(function, *args):
    """The function of these arguments, which returns when it is done."""
    return lambda: jax.block_until_ready(function(*args))


class JAX(System):
    words = {name: getattr(jnp, name) for name in (
        'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'mean', 'max',
        'argmax')} | {'logsumexp': jax.nn.logsumexp, 'cross_entropy': cross_entropy}

    take = staticmethod(jnp.asarray)
    give = staticmethod(np.asarray)

    def value(self, row):
        function = jax.jit(self.write(row))
        if all(spec.given == 'array' for spec in row.inputs.values()):
            return lambda *args: function(*args).block_until_ready()
        take = np.asarray if any(spec.shape for spec in row.inputs.values()) else float
        return lambda *args, **kwargs: function(*map(take, args), **{
            name: take(value) for name, value in kwargs.items()}).block_until_ready()

    def differentiate(self, row):
        """A function of the inputs as arguments by name, which gives the cost and gradients."""
        cost = self.write(row)

        def split(parameters, **others):
            return cost(**parameters, **others)
        return jax.value_and_grad(split)

    def split(self, row, values):
        return ({name: values[name] for name in row.wrt},
                {name: value for name, value in values.items() if name not in row.wrt})

    def gradient(self, row, values):
        parameters, others = self.split(row, values)
        differentiate = self.differentiate(row)

        @jax.jit
        def compute(parameters, others):
            cost, gradients = differentiate(parameters, **others)
            return cost, *(gradients[name] for name in row.wrt)
        return wait(compute, parameters, others)

    def step(self, row, values):
        parameters, others = self.split(row, values)
        differentiate = self.differentiate(row)

        @partial(jax.jit, donate_argnums=0)
        def compute(parameters, others):
            cost, gradients = differentiate(parameters, **others)
            return cost, jax.tree.map(lambda w, g: w - RATE * g, parameters, gradients)

        def step():
            nonlocal parameters
            cost, parameters = jax.block_until_ready(compute(parameters, others))
            return cost
        return step

    def product(self, row, values):
        (name,) = row.wrt
        cost = self.write(row)

        @jax.jit
        def compute(w, direction, others):
            gradient = jax.grad(lambda w: cost(direction=None, **{name: w}, **others))
            return jax.jvp(gradient, (w,), (direction,))[1]
        others = {key: value for key, value in values.items() if key not in (name, 'direction')}
        return wait(compute, values[name], values['direction'], others)

    def draw(self, row, values):
        function = self.write(row)

        @jax.jit
        def compute(key):
            self.key = key
            result = function()
            return result, self.key
        key = jax.random.key(1)

        def draw():
            nonlocal key
            result, key = jax.block_until_ready(compute(key))
            return result
        return draw

    def __init__(self):
        self.words = self.words | {'uniform': lambda n: jax.random.uniform(self.split_key(), n),
                                   'normal': lambda n: jax.random.normal(self.split_key(), n)}
        super().__init__()

    def split_key(self):
        self.key, key = jax.random.split(self.key)
        return key
