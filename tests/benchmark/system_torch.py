# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows by torch, as they are written or compiled."""

from functools import partial

import torch
from rows import RATE
from system import System

torch.set_num_threads(1)


class Torch(System):
    words = {name: getattr(torch, name) for name in (
        'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tanh', 'where', 'sum', 'mean', 'argmax')} | {
        'max': torch.amax, 'logsumexp': lambda x, axis: torch.logsumexp(x, dim=axis),
        'cross_entropy': torch.nn.functional.cross_entropy,
        'uniform': partial(torch.rand, dtype=torch.float64),
        'normal': partial(torch.randn, dtype=torch.float64)}

    take = staticmethod(torch.as_tensor)

    def give(self, result):
        return result.detach().numpy()

    def compile(self, function):
        return function

    def value(self, row):
        function = self.compile(self.write(row))
        if all(spec.given == 'array' for spec in row.inputs.values()):
            return function
        take = partial(torch.tensor, dtype=torch.float64)
        return lambda *args, **kwargs: function(*map(take, args), **{
            name: take(value) for name, value in kwargs.items()})

    def differentiate(self, row, values):
        """A function without arguments, which gives the cost and the gradients."""
        function = self.compile(self.write(row))
        parameters = [values[name].requires_grad_() for name in row.wrt]

        def differentiate():
            cost = function(**values)
            return cost, *torch.autograd.grad(cost, parameters)
        return differentiate

    gradient = differentiate

    def step(self, row, values):
        differentiate = self.differentiate(row, values)

        def step():
            cost, *gradients = differentiate()
            with torch.no_grad():
                for name, gradient in zip(row.wrt, gradients):
                    values[name].sub_(gradient, alpha=RATE)
            return cost
        return step

    def product(self, row, values):
        (name,) = row.wrt
        function = self.write(row)
        gradient = torch.func.grad(lambda w: function(**values | {name: w}))

        def compute(w, direction):
            return torch.func.jvp(gradient, (w,), (direction,))[1]
        return partial(self.compile(compute), values[name], values['direction'])

    def draw(self, row, values):
        return self.compile(self.write(row))


class TorchCompiled(Torch):
    def compile(self, function):
        torch._dynamo.reset()
        return torch.compile(function)
