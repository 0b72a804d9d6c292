# SPDX-License-Identifier: LGPL-2.1-or-later
"""What PyTensor or JAX computes for the problems in a JSON file: peers.py NAME PROBLEMS RESULTS.

A problem has the names of its inputs with their shapes, the expression in its ways, the input of
the gradient or null, and points.  The results are, for each problem, way and point, the elements;
an error's text stands for the points of a way that the peer does not take.
"""

import json
import os
import sys

import numpy as np


def lift(function):
    """The function, of Python's numbers as of float64."""
    return lambda *inputs, **options: function(
        *(np.float64(x) if isinstance(x, (int, float)) else x for x in inputs), **options)


class PyTensor:
    def __init__(self):
        os.environ.setdefault('PYTENSOR_FLAGS', 'linker=vm,cxx=')  # others take seconds for each
        import pytensor
        import pytensor.tensor as tensor

        self.pytensor, self.tensor = pytensor, tensor
        self.functions = {name: lift(getattr(tensor, name)) for name in (
            'exp', 'log', 'log1p', 'sqrt', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh', 'erf',
            'erfc', 'gamma', 'abs', 'maximum', 'minimum', 'where', 'sum', 'mean', 'prod', 'max',
            'diagonal')} | {
            'asin': tensor.arcsin, 'acos': tensor.arccos, 'atan': tensor.arctan,
            'atanh': tensor.arctanh, 'lgamma': tensor.gammaln,
            'cbrt': lambda x: x ** (1 / 3),
            'size': lambda x, axis=None: x.size if axis is None else x.shape[axis]}
        self.version = pytensor.__version__

    def make(self, text, inputs, wrt):
        symbols = {name: self.tensor.tensor(name, dtype='float64', shape=tuple(shape))
                   for name, shape in inputs}
        result = eval(text, {'__builtins__': {}, 'true': True} | self.functions | symbols)
        if wrt:
            result = self.tensor.grad(result, symbols[wrt])
        return self.pytensor.function(list(symbols.values()), result, on_unused_input='ignore')


class JAX:
    def __init__(self):
        import jax

        jax.config.update('jax_enable_x64', True)
        jax.config.update('jax_platforms', 'cpu')
        import jax.numpy as numpy
        from jax.scipy import special

        self.jax = jax
        self.functions = {name: getattr(numpy, name) for name in (
            'exp', 'log', 'log1p', 'sqrt', 'cbrt', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh',
            'abs', 'maximum', 'minimum', 'where', 'sum', 'mean', 'prod', 'max', 'diagonal')} | {
            'asin': numpy.arcsin, 'acos': numpy.arccos, 'atan': numpy.arctan,
            'atanh': numpy.arctanh, 'erf': special.erf, 'erfc': special.erfc,
            'gamma': special.gamma, 'lgamma': special.gammaln, 'size': numpy.size}
        self.version = jax.__version__

    def make(self, text, inputs, wrt):
        names = [name for name, _ in inputs]

        def compute(*values):
            return eval(text, {'__builtins__': {}, 'true': True} | self.functions
                        | dict(zip(names, values)))
        return self.jax.jit(self.jax.grad(compute, names.index(wrt)) if wrt else compute)


def compute(peer, text, problem):
    try:
        function = peer.make(text, problem['inputs'], problem['wrt'])
        return [[float(x) for x in np.ravel(function(*map(np.float64, point)))]
                for point in problem['points']]
    except Exception as error:  # whatever a peer raises, it is its answer
        return f'{type(error).__name__}: {error}'


def main(name, source, target):
    peer = {'PyTensor': PyTensor, 'JAX': JAX}[name]()
    with open(source, encoding='utf-8') as file:
        problems = json.load(file)
    results = [[compute(peer, text, problem) for text in problem['ways']] for problem in problems]
    with open(target, 'w', encoding='utf-8') as file:
        json.dump({'version': peer.version, 'results': results}, file)


if __name__ == '__main__':
    main(*sys.argv[1:])
