# SPDX-License-Identifier: LGPL-2.1-or-later
"""What all systems share, and which there are."""

from dataclasses import dataclass
from functools import partial
from importlib import import_module


@dataclass(frozen=True)
class Kind:
    """Where a system is: its module and class, what imports it, and whether it makes programs."""

    module: str
    title: str
    statement: str
    compiles: bool = True


SYSTEMS = {
    'libtg': Kind('system_libtg', 'Libtg', "import gi; gi.require_version('Tg', '1'); "
                  'from gi.repository import Tg'),
    'NumPy': Kind('system_numpy', 'NumPy', 'import numpy', compiles=False),
    'numexpr': Kind('system_numexpr', 'Numexpr', 'import numexpr'),
    'PyTensor': Kind('system_pytensor', 'PyTensor', 'import pytensor.tensor'),
    'PyTensor C': Kind('system_pytensor', 'PyTensorC', 'import pytensor.tensor'),
    'JAX': Kind('system_jax', 'JAX', 'import jax.numpy'),
    'torch': Kind('system_torch', 'Torch', 'import torch', compiles=False),
    'torch.compile': Kind('system_torch', 'TorchCompiled', 'import torch'),
}


def load(name):
    kind = SYSTEMS[name]
    return getattr(import_module(kind.module), kind.title)()


class System:
    """Makes functions of rows.  `words` is what formulas are written in.

    A kind that a system cannot do by itself is a method that is None.
    """

    words = {}
    gradient = step = product = draw = None

    def __init__(self):
        self.words = self.words | {'tanhs': self.tanhs}

    def tanhs(self, x, n):
        for _ in range(n):
            x = self.words['tanh'](x)
        return x

    def write(self, row, names=None):
        """The formula as a Python function of the inputs or of `names`."""
        *statements, result = row.formula.strip().splitlines()
        names = list(row.inputs) if names is None else names
        lines = [f'def formula({", ".join(names)}):', *statements, f'return {result}']
        scope = self.words | row.sizes
        exec('\n    '.join(lines), scope)
        return scope['formula']

    def take(self, value):
        """An array as the system keeps it."""
        return value

    def give(self, result):
        """An array of NumPy."""
        return result

    def prepare(self, row):
        """A function without arguments that computes the row, and whose results `give` takes."""
        make = getattr(self, row.kind)
        if not make:
            raise NotImplementedError(row.kind)
        values = row.draw()
        if row.kind == 'value':
            given = {name: self.take(value) if row.inputs[name].given == 'array' else value
                     for name, value in values.items()}
            function = make(row)
            return partial(function, **given) if row.keywords else partial(function,
                                                                           *given.values())
        return make(row, {name: self.take(value) for name, value in values.items()})

    def compute(self, function, row):
        """The results of a function that `prepare` made, as arrays; of steps those of three."""
        results = []
        for _ in range(3 if row.kind == 'step' else 1):
            result = function()
            results += result if isinstance(result, (list, tuple)) else [result]
        return [self.give(result) for result in results]
