# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bits of error of the expressions in tests/catalogue/, as written and as libtg computes them.

The error is log2 (1 + floats between the result and the truth), 64 where the result is nan, and
its mean over points that a seed draws.  The truth is mpmath's, at a precision that settles it.
Run it for the problems that are not recognised, the worst first: measure.py [FILE...].
"""

import random
import struct
import sys
from collections import namedtuple
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import written
from gi.repository import GLib, Tg
from truth import find_truth

FOLDER = Path(__file__).resolve().parent
FILES = ('expressions', 'arrays', 'gradients', 'hamming')
POINTS = 32
MODES = (None, 'accurate')

# What is to be computed: the inputs with their specifications, and the ways to write it, which are
# equal as real numbers; for a gradient the input that it is for.
Problem = namedtuple('Problem', 'name inputs ways wrt')

# For each way of a problem its mean errors: as written, then in each mode.
Row = namedtuple('Row', 'problem n_points errors')


def read(name):
    """The problems of a file."""
    text = (FOLDER / f'{name}.txt').read_text(encoding='utf-8')
    for line in text.replace('\n  ', ' ').splitlines():  # an indented line goes on
        if line and line[0] not in '#[':
            title, inputs, *ways = (' '.join(part.split()) for part in line.split('|'))
            inputs = [spec.split() for spec in inputs.split(',')]
            yield Problem(title, inputs, ways, inputs[0][0] if name == 'gradients' else None)


def ordinal(number):
    """Of a float its place among all of them."""
    bits = struct.unpack('<q', struct.pack('<d', number))[0]
    return bits if bits >= 0 else -(bits & 0x7fffffffffffffff)


def bits_of_error(result, truth):
    if np.isnan(result):
        return 64.
    return float(np.log2(1 + abs(ordinal(float(result)) - ordinal(float(truth)))))


def get_shape(spec):
    """Of an input; () of a number."""
    text = spec[1]
    return tuple(int(size) for size in text[1:-1].split('x')) if text[0] == '[' else ()


def draw_array(rng, point, spec):
    """An array: of a normal distribution with a scale and an offset, which has both signs where it
    is written so; of numbers from a range; or of numbers at a relative distance from another's."""
    name, _, law, *parameters = spec
    shape = get_shape(spec)
    size = int(np.prod(shape))
    if law == 'range':
        return np.array([draw(rng, [[name, *parameters]])[name]
                         for _ in range(size)]).reshape(shape)
    steps = np.array([rng.gauss(0, 1) for _ in range(size)]).reshape(shape)
    if law == 'near':
        return point[parameters[0]] * (1 + float(parameters[1]) * steps)
    scale, offset = parameters
    sign = rng.choice([-1, 1]) if offset[0] == '±' else 1
    return steps * float(scale) + sign * float(offset.lstrip('±'))


def draw(rng, inputs):
    """A point: a number or an array for each input."""
    point = {}
    for name, low, *rest in inputs:
        if low[0] == '[':
            point[name] = draw_array(rng, point, [name, low, *rest])
            continue
        if low == '~':
            sign = rng.choice([-1, 1])
            point[name] = point[rest[0]] * (1 + sign * 10 ** rng.uniform(-15, 0) * 0.5)
            continue
        low, high = float(low), float(rest[0])
        size = np.exp(rng.uniform(np.log(abs(low)), np.log(high)))
        point[name] = float(size * (rng.choice([-1, 1]) if low < 0 else 1))
    return point


def has_arrays(problem):
    return any(get_shape(spec) for spec in problem.inputs)


def sample(problem, n_points=POINTS):
    """Points, and the elements of the truth at each; arrays have many, so they are fewer."""
    rng = random.Random(problem.name)
    for _ in range(max(n_points // 4, 2) if has_arrays(problem) else n_points):
        point = draw(rng, problem.inputs)
        truth = find_truth(problem.ways[0], point, problem.wrt)
        if truth is not None:
            yield point, truth


def make_function(problem, text, mode, knows_shapes=True):
    """The function in a mode of libtg."""
    shapes = [get_shape(spec) for spec in problem.inputs]
    symbols = [Tg.tensor('float64', shape if knows_shapes else (None,) * len(shape), name)
               for shape, (name, *_) in zip(shapes, problem.inputs)]
    expression = Tg.parse(text, *symbols)
    if problem.wrt:
        expression = Tg.grad(expression, symbols[0])
    function = Tg.function(symbols, expression, mode=mode, on_unused_input='ignore')
    return lambda point: function(*point.values())


def make_functions(problem, text, modes=MODES):
    """Functions of a point: as written, then in each mode."""
    return [lambda point: written.evaluate(text, point, problem.wrt),
            *(make_function(problem, text, mode) for mode in modes)]


def compare(results, points):
    """The mean error of what a system gives at the points."""
    errors = [bits_of_error(x, exact) for result, (_, truth) in zip(results, points)
              for x, exact in zip(np.ravel(result), truth) if exact is not None]
    return float(np.mean(errors))


def measure(problem, n_points=POINTS, modes=MODES):
    points = list(sample(problem, n_points))
    return Row(problem, len(points), [
        [compare([function(point) for point, _ in points], points)
         for function in make_functions(problem, text, modes)] for text in problem.ways])


def measure_file(name, **options):
    return [measure(problem, **options) for problem in read(name)]


def get_stem(problem):
    """What is before a colon: cases of one problem share it."""
    return problem.name.split(':')[0]


def find_worst(row):
    """For each system its error in the way that it knows least about."""
    return [max(column) for column in zip(*row.errors)]


def print_worst(name, rows):
    found = [find_worst(row)[1] for row in rows]
    print(f'{name}: {sum(bits <= 2 for bits in found)} of {len(rows)} within 2 bits, '
          f'mean {np.mean(found):.2f}')
    for row in sorted(rows, key=lambda row: -find_worst(row)[1]):
        for text, errors in zip(row.problem.ways, row.errors):
            if errors[1] > 1.5 or min(errors[1:]) > errors[0] + 0.5:
                print(f'  {row.problem.name:32} {row.n_points:3} points',
                      *(f'{bits:6.2f}' for bits in errors), text)
        if find_worst(row)[0] < 2 or row.n_points < 2:
            print(f'  {row.problem.name:32} {row.n_points:3} points, as written', row.errors)


if __name__ == '__main__':
    for name in sys.argv[1:] or FILES:
        print_worst(name, measure_file(name))
