# SPDX-License-Identifier: LGPL-2.1-or-later
"""The rows of the benchmark: what is computed, and of what.

A formula is lines of Python; the last one is the result, those before give names to its parts.  It
is written in the words that each system has (`words` of its class), and in the names of the inputs
and of the sizes, which are known when it is compiled.
"""

from dataclasses import dataclass, field, replace

import numpy as np

RATE = 0.1  # of steps against the gradient
SMALL, FEW = 7, 200  # what is left of a dimension, and of a size, in tests

LOGISTIC = '1 / (1 + exp(-x))'
OPERATORS = 'where(x > 0.5, tanh(x) * exp(-x), sqrt(log1p(x * x)) + sin(3 * x))'
CHAIN = 'sum(tanhs(x, n))'
REGRESSION = '''
p = 1 / (1 + exp(-(x @ w) - b))
mean(-y * log(p) - (1 - y) * log(1 - p)) + 0.01 * sum(w ** 2)
'''
PERCEPTRON = '''
hidden = tanh(x @ w1 + b1)
cross_entropy(hidden @ w2 + b2, y)
'''
CROSS_ENTROPY = 'cross_entropy(x, y)'
BOX_MULLER = 'sqrt(-2 * log(1 - uniform(n))) * cos(6.283185307179586 * uniform(n))'


@dataclass(frozen=True)
class Input:
    """Normal numbers, times `scale`; or 0 and 1, or with `below` integers that are less.

    They are given as an array or, as a person would type them, as a number or a list.
    """

    shape: tuple = ()
    scale: float = 1
    bits: bool = False
    below: int = 0
    given: str = 'array'

    def draw(self, rng, dtype):
        if self.below:
            return rng.integers(0, self.below, self.shape)
        value = (rng.integers(0, 2, self.shape) if self.bits else
                 self.scale * rng.standard_normal(self.shape))
        return np.asarray(value, dtype) if self.given == 'array' else value.tolist()

    def shrink(self):
        return replace(self, shape=tuple(min(n, SMALL) for n in self.shape),
                       below=min(self.below, SMALL))


@dataclass(frozen=True)
class Row:
    """A formula, and what is asked of it:

    - value: the result;
    - gradient: the result, and its gradients for the inputs `wrt`;
    - step: the result, where the inputs `wrt` are parameters that then move against their
      gradients;
    - product: that of the Hessian for the one input in `wrt` with the input `direction`;
    - draw: the result, of which only moments can be compared.
    """

    name: str
    formula: str
    inputs: dict = field(default_factory=dict)
    kind: str = 'value'
    wrt: tuple = ()
    sizes: dict = field(default_factory=dict)
    moments: tuple = ()  # of a draw: its mean and its deviation
    dtype: str = 'float64'
    keywords: bool = False

    def draw(self):
        """The inputs' values, the same in each process."""
        rng = np.random.default_rng(1)
        return {name: spec.draw(rng, self.dtype) for name, spec in self.inputs.items()}

    def shrink(self):
        """The same, with little to compute."""
        return replace(self, sizes={name: min(n, FEW) for name, n in self.sizes.items()},
                       inputs={name: spec.shrink() for name, spec in self.inputs.items()})

    def compare(self, results, truth):
        """How far results are from the truth, as a part of what would be too far."""
        if self.kind == 'draw':
            (n,) = self.sizes.values()
            results, truth = [[np.mean(x), np.std(x)] for x in results], [self.moments]
            tolerance = 5 / np.sqrt(n)
        else:
            tolerance = 1e-4 if self.dtype == 'float32' else 1e-10
        return max(find_error(x, y) for x, y in zip(results, truth, strict=True)) / tolerance


def find_error(result, truth):
    """The largest error, relative to the largest number."""
    result, truth = np.asarray(result, np.float64), np.asarray(truth, np.float64)
    if result.shape != truth.shape:
        return np.inf
    error = np.max(np.abs(result - truth)) / max(np.max(np.abs(truth)), 1e-300)
    return np.inf if np.isnan(error) else error


def list_calls():
    number, vector, matrix = (Input(shape, given='list') for shape in ((), (3,), (2, 2)))
    return [
        Row('call, one number', 'x + 1', {'x': number}),
        Row('call, two numbers', 'x + y', {'x': number, 'y': number}),
        Row('call, two keywords', 'x + y', {'x': number, 'y': number}, keywords=True),
        Row('call, a list of 3', 'x + 1', {'x': vector}),
        Row('call, lists of 2 x 2', 'x + 1', {'x': matrix}),
        Row('call, an array of 3', 'x + 1', {'x': Input((3,))}),
        Row('call, 3 x 3 times 3', 'x @ y', {'x': Input((3, 3)), 'y': Input((3,))}),
    ]


def list_elementwise():
    for power in (3, 5, 7):
        yield Row(f'logistic, 10^{power}', LOGISTIC, {'x': Input((10 ** power,))})
    for dtype in ('float32', 'float64'):
        yield Row(f'12 operators, 10^6, {dtype}', OPERATORS, {'x': Input((10 ** 6,))}, dtype=dtype)


def list_models():
    # The tutorial's weights, of scale 1, make p exactly 1: a cost of nan in most systems.
    regression = {'x': Input((400, 784)), 'y': Input((400,), bits=True),
                  'w': Input((784,), scale=0.01), 'b': Input()}
    perceptron = {'x': Input((128, 784)), 'y': Input((128,), below=10),
                  'w1': Input((784, 500), scale=0.05), 'b1': Input((500,)),
                  'w2': Input((500, 10), scale=0.05), 'b2': Input((10,))}
    classes = {'x': Input((256, 10_000)), 'y': Input((256,), below=10_000)}
    return [
        Row('regression, step, 400 x 784', REGRESSION, regression, 'step', ('w', 'b')),
        Row('perceptron, step, 784-500-10, float32', PERCEPTRON, perceptron, 'step',
            ('w1', 'b1', 'w2', 'b2'), dtype='float32'),
        Row('regression, Hessian times vector', REGRESSION,
            regression | {'direction': Input((784,))}, 'product', ('w',)),
        Row('cross-entropy, gradient, 256 x 10000', CROSS_ENTROPY, classes, 'gradient', ('x',)),
    ]


def list_reductions():
    yield Row('log-sum-exp, rows of 4096 x 1024', 'logsumexp(x, axis=1)',
              {'x': Input((4096, 1024))})
    for name in ('sum', 'mean', 'max', 'argmax'):
        for axis in (0, 1):
            yield Row(f'{name}, axis {axis} of 2048 x 2048', f'{name}(x, axis={axis})',
                      {'x': Input((2048, 2048))})


def list_products():
    for name, *shapes in (('1024 x 1024 times 1024 x 1024', (1024, 1024), (1024, 1024)),
                          ('2048 x 2048 times 2048', (2048, 2048), (2048,)),
                          ('64 of 64 x 64 times 64 x 64', (64, 64, 64), (64, 64, 64))):
        yield Row(f'product, {name}', 'x @ y', dict(zip('xy', map(Input, shapes))))


def list_draws():
    for name, formula, moments in (('uniform', 'uniform(n)', (0.5, 12 ** -0.5)),
                                   ('normal', 'normal(n)', (0, 1)),
                                   ('Box-Muller', BOX_MULLER, (0, 1))):
        yield Row(f'{name}, 10^6', formula, {}, 'draw', sizes={'n': 10 ** 6},
                  moments=moments)


def list_chains():
    for n in (500, 2000, 20_000):
        yield Row(f'{n} tanh, gradient', CHAIN, {'x': Input((100,))}, 'gradient', ('x',), {'n': n})


ROWS = {row.name: row for rows in (
    list_calls, list_elementwise, list_models, list_reductions, list_products, list_draws,
    list_chains) for row in rows()}

# What is measured in a process that does nothing else: what, of which row, and whether what the
# system keeps on disk is there from an earlier process.
FRESH = {
    'import': ('import', 'logistic, 10^3', False),
    'peak memory, logistic, 10^7': ('memory', 'logistic, 10^7', False),
} | {
    f'{state}: {name}': ('first', name, state == 'cached')
    for name in ('logistic, 10^3', '12 operators, 10^6, float64', 'regression, step, 400 x 784',
                 'perceptron, step, 784-500-10, float32', '500 tanh, gradient',
                 '2000 tanh, gradient', '20000 tanh, gradient')
    for state in ('cold', 'cached')}
