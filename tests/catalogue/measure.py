# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bits of error of the expressions in tests/catalogue/, as written and as libtg computes them.

The error is log2 (1 + floats between the result and the truth), 64 where the result is nan, and
its mean over points that a seed draws.  The truth is mpmath's, at a precision that settles it.
Run it for the problems that are not recognised, the worst first: measure.py [FILE...]; with
--manual, for a table of all in Markdown; with --odd or --even, for those at such places alone.
"""

import math
import random
import struct
import sys
import time
from collections import namedtuple
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import numpy as np
import written
from gi.repository import Tg
from truth import find_truth

FOLDER = Path(__file__).resolve().parent
FILES = ('expressions', 'arrays', 'gradients', 'hamming', 'unseen')
POINTS = 32
MODES = (None, 'accurate')
PLACES = {'--odd': slice(0, None, 2), '--even': slice(1, None, 2)}

# Points that are drawn for one at which the truth is a finite number, at most.
MAX_DRAWN = 40

# What is to be computed: the inputs with their specifications, and the ways to write it, which are
# equal as real numbers; for a gradient the input that it is for.
Problem = namedtuple('Problem', 'name inputs ways wrt')

# For each way of a problem its mean errors: as written, then in each mode; and the seconds that
# compiling it took in each.
Row = namedtuple('Row', 'problem n_points errors seconds')


def read(name):
    """The problems of a file; “grad” before a way is the gradient for the first input."""
    text = (FOLDER / f'{name}.txt').read_text(encoding='utf-8')
    for line in text.replace('\n  ', ' ').splitlines():  # an indented line goes on
        if line and line[0] not in '#[':
            title, inputs, *ways = (' '.join(part.split()) for part in line.split('|'))
            inputs = [spec.split() for spec in inputs.split(',')]
            is_gradient = name == 'gradients' or ways[0].startswith('grad ')
            yield Problem(title, inputs, [way.removeprefix('grad ') for way in ways],
                          inputs[0][0] if is_gradient else None)


def ordinal(number):
    """Of a float its place among all of them."""
    bits = struct.unpack('<q', struct.pack('<d', number))[0]
    return bits if bits >= 0 else -(bits & 0x7fffffffffffffff)


def bits_of_error(result, truth):
    if np.isnan(result):
        return 64.
    return float(np.log2(1 + abs(ordinal(float(result)) - ordinal(float(truth)))))


def from_ordinal(place):
    bits = place if place >= 0 else -place | -1 << 63
    return struct.unpack('<d', struct.pack('<q', bits))[0]


def get_shape(spec):
    """Of an input; () of a number."""
    text = spec[1]
    return tuple(int(size) for size in text[1:-1].split('x')) if text[0] == '[' else ()


def draw_number(rng, point, kind, *ends):
    """A number for an input, which may depend on those before it."""
    if kind == '~':
        sign = rng.choice([-1, 1])
        return point[ends[0]] * (1 + sign * 10 ** rng.uniform(-15, 0) * 0.5)
    if kind in ('any', 'in'):
        low, high = (eval(end, {'abs': abs}, point) for end in ends or ('-max', 'max'))
        return from_ordinal(rng.randint(ordinal(float(low)), ordinal(float(high))))
    low, high = float(kind), float(ends[0])
    # NumPy's functions differ in the last digit from processor to processor.
    size = math.exp(rng.uniform(math.log(abs(low)), math.log(high)))
    return float(size * (rng.choice([-1, 1]) if low < 0 else 1))


def draw_array(rng, point, shape, law, *parameters):
    """An array: of a normal distribution with a scale and an offset, which has both signs where it
    is written so; of numbers from a range; or of numbers at a relative distance from another's."""
    size = int(np.prod(shape))
    if law == 'range':
        return np.array([draw_number(rng, point, *parameters) for _ in range(size)]).reshape(shape)
    steps = np.array([rng.gauss(0, 1) for _ in range(size)]).reshape(shape)
    if law == 'near':
        return point[parameters[0]] * (1 + float(parameters[1]) * steps)
    scale, offset = parameters
    sign = rng.choice([-1, 1]) if offset[0] == '±' else 1
    return steps * float(scale) + sign * float(offset.lstrip('±'))


def draw(rng, inputs):
    """A point: a number or an array for each input."""
    conditions = [' '.join(condition) for name, *condition in inputs if name == 'if']
    while True:
        point = {'max': sys.float_info.max}
        for spec in list_inputs(inputs):
            name, kind, *rest = spec
            point[name] = (draw_array(rng, point, get_shape(spec), *rest) if kind[0] == '['
                           else draw_number(rng, point, kind, *rest))
        del point['max']
        if all(eval(condition, {'abs': abs}, point) for condition in conditions):
            return point


def list_inputs(inputs):
    """Those that are no conditions."""
    return [spec for spec in inputs if spec[0] != 'if']


def covers_all_floats(problem):
    return any(kind in ('any', 'in') for _, kind, *_ in list_inputs(problem.inputs))


def has_arrays(problem):
    return any(get_shape(spec) for spec in list_inputs(problem.inputs))


def sample(problem, n_points=POINTS):
    """Points, and the elements of the truth at each: all over the floats where that is asked for,
    elsewhere where they do not underflow.  Arrays have many elements, so their points are fewer."""
    rng = random.Random(problem.name)
    everywhere = covers_all_floats(problem)
    n_points = max(n_points // 4, 2) if has_arrays(problem) else n_points
    n_found = 0
    for _ in range(n_points * MAX_DRAWN if everywhere else n_points):
        point = draw(rng, problem.inputs)
        truth = find_truth(problem.ways[0], point, problem.wrt, 0 if everywhere else 1e-300)
        if truth is not None:
            yield point, truth
            n_found += 1
        if n_found == n_points:
            return


def is_number(text):
    try:
        return bool(np.isfinite(float(text)))
    except ValueError:
        return False


def assume(symbol, kind, *ends):
    """The symbol, of which libtg knows the range where that is all floats between two numbers."""
    if kind != 'in' or not all(map(is_number, ends)):
        return symbol
    return Tg.assume(symbol, low=float(ends[0]), high=float(ends[1]))


def make_function(problem, text, mode, knows_shapes=True):
    """The function in a mode of libtg, and the seconds that compiling it takes."""
    inputs = list_inputs(problem.inputs)
    shapes = [get_shape(spec) for spec in inputs]
    symbols = [Tg.tensor('float64', shape if knows_shapes else (None,) * len(shape), name)
               for shape, (name, *_) in zip(shapes, inputs)]
    known = {name: assume(symbol, *ends) for symbol, (name, *ends) in zip(symbols, inputs)}
    expression = Tg.parse(text, **known)
    if problem.wrt:
        expression = Tg.grad(expression, known[problem.wrt])
    start = time.process_time()
    function = Tg.function(symbols, expression, mode=mode, on_unused_input='ignore')
    return lambda point: function(*point.values()), time.process_time() - start


def compare(results, points):
    """The mean error of what a system gives at the points."""
    errors = [bits_of_error(x, exact) for result, (_, truth) in zip(results, points)
              for x, exact in zip(np.ravel(result), truth) if exact is not None]
    return float(np.mean(errors))


def measure_way(problem, text, points, modes=MODES):
    """The errors as written and in each mode, and the seconds of each."""
    as_written = [written.evaluate(text, point, problem.wrt) for point, _ in points]
    errors, seconds = [compare(as_written, points)], []
    for mode in modes:
        function, taken = make_function(problem, text, mode)
        errors.append(compare([function(point) for point, _ in points], points))
        seconds.append(taken)
    return errors, seconds


def measure(problem, n_points=POINTS, modes=MODES):
    points = list(sample(problem, n_points))
    ways = [measure_way(problem, text, points, modes) for text in problem.ways]
    return Row(problem, len(points), *zip(*ways))


def measure_file(name, places=slice(None), **options):
    return [measure(problem, **options) for problem in list(read(name))[places]]


def get_stem(problem):
    """What is before a colon: cases of one problem share it."""
    return problem.name.split(':')[0]


def find_worst(row):
    """For each system its error in the way that it knows least about."""
    return [max(column) for column in zip(*row.errors)]


def print_worst(name, rows):
    for i, mode in enumerate(MODES):
        found = [find_worst(row)[1 + i] for row in rows]
        seconds = [taken[i] for row in rows for taken in row.seconds]
        print(f'{name}, {mode or "default"}: {sum(bits <= 2 for bits in found)} of {len(rows)} '
              f'within 2 bits, mean {np.mean(found):.2f}; compiled in '
              f'{1000 * np.median(seconds):.1f} ms, {1000 * max(seconds):.1f} ms at most')
    for row in sorted(rows, key=lambda row: -find_worst(row)[1]):
        for text, errors in zip(row.problem.ways, row.errors):
            if errors[1] > 1.5 or min(errors[1:]) > errors[0] + 0.5:
                print(f'  {row.problem.name:32} {row.n_points:3} points',
                      *(f'{bits:6.2f}' for bits in errors), text)
        if find_worst(row)[0] < 2 or row.n_points < 2:
            print(f'  {row.problem.name:32} {row.n_points:3} points, as written', row.errors)


def print_table(name, rows):
    """Markdown; the problems are those of the file, in its order."""
    print(f'\n## {name.capitalize()}\n\n'
          '| | Expression | As written | libtg | libtg, accurate |\n|---|---|---|---|---|')
    for row in rows:
        for text, errors in zip(row.problem.ways, row.errors):
            print(f'| {row.problem.name} | `{text}` |', *(f'{bits:.1f} |' for bits in errors))
    means = (f'{np.mean(column):.1f} |' for column in zip(*map(find_worst, rows)))
    print('| Mean | |', *means)


def main(arguments):
    options = [argument for argument in arguments if argument.startswith('--')]
    files = [argument for argument in arguments if argument not in options] or FILES
    places = next((PLACES[option] for option in options if option in PLACES), slice(None))
    for name in files:
        show = print_table if '--manual' in options else print_worst
        show(name, measure_file(name, places))


if __name__ == '__main__':
    main(sys.argv[1:])
