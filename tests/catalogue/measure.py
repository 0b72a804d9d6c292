# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bits of error of the expressions in tests/catalogue/, as written and as libtg computes them.

The error is log2 (1 + floats between the result and the truth), 64 where the result is nan, and
its mean over points that a seed draws.  The truth is mpmath's, at a precision that settles it.
Run it for a table, the worst first: measure.py [FILE...]; with --manual, of all in Markdown; with
--mode=MODE, as another mode computes; with --odd or --even, of the entries at such places alone.
"""

import random
import struct
import sys
import time
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
from gi.repository import Tg

FOLDER = Path(__file__).resolve().parent
FILES = ('expressions', 'arrays', 'gradients', 'hamming', 'unseen')
POINTS = 64
PLACES = {'--odd': slice(0, None, 2), '--even': slice(1, None, 2)}

# Points that are drawn for one at which the truth is a finite number, at most.
MAX_DRAWN = 40
MAX_DIGITS = 3000


def read(name):
    """The entries of a file: name, inputs with their specifications, expression."""
    text = (FOLDER / f'{name}.txt').read_text(encoding='utf-8')
    for line in text.replace('\n  ', ' ').splitlines():  # an indented line goes on
        if line and line[0] not in '#[':
            title, inputs, text = (part.strip() for part in line.split('|'))
            yield title, [spec.split() for spec in inputs.split(',')], text


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


def draw_number(rng, point, kind, *ends):
    """A number for an input, which may depend on those before it."""
    if kind == '~':
        sign = rng.choice([-1, 1])
        return point[ends[0]] * (1 + sign * 10 ** rng.uniform(-15, 0) * 0.5)
    if kind in ('any', 'in'):
        low, high = (eval(end, {'abs': abs}, point) for end in ends or ('-max', 'max'))
        return from_ordinal(rng.randint(ordinal(float(low)), ordinal(float(high))))
    low, high = float(kind), float(ends[0])
    size = np.exp(rng.uniform(np.log(abs(low)), np.log(high)))
    return float(size * (rng.choice([-1, 1]) if low < 0 else 1))


def draw(rng, inputs):
    """A point: a number for each input."""
    while True:
        point = {'max': sys.float_info.max}
        for name, *specification in inputs:
            if name != 'if':
                point[name] = draw_number(rng, point, *specification)
        del point['max']
        if all(eval(' '.join(condition), {'abs': abs}, point)
               for name, *condition in inputs if name == 'if'):
            return point


def covers_all_floats(inputs):
    return any(kind in ('any', 'in') for name, kind, *_ in inputs if name != 'if')


def elementwise(function):
    return lambda x, *rest: (np.vectorize(function, otypes=[object])(x, *rest)
                             if isinstance(x, np.ndarray) else function(x, *rest))


FUNCTIONS = {name: elementwise(getattr(mpmath, name)) for name in (
    'exp', 'log', 'sqrt', 'cbrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh',
    'tanh', 'acosh', 'atanh', 'erf', 'erfc', 'gamma', 'log10')} | {
    'log1p': elementwise(lambda x: mpmath.log(1 + x)),
    'lgamma': elementwise(mpmath.loggamma), 'abs': elementwise(abs),
    'maximum': max, 'minimum': min, 'sum': np.sum, 'mean': lambda x: np.sum(x) / len(x),
    'prod': np.prod, 'max': np.max,
}


def evaluate(code, point):
    return eval(code, {'__builtins__': {}} | FUNCTIONS | {
        name: np.array([mpmath.mpf(x) for x in value], object) if isinstance(value, np.ndarray)
        else mpmath.mpf(value) for name, value in point.items()})


def differentiate(code, point, name):
    """By a central difference of a step so small that half of the digits hold."""
    step = mpmath.mpf(10) ** (-mpmath.mp.dps // 3) * abs(mpmath.mpf(point[name]))
    ahead, behind = (evaluate(code, point | {name: mpmath.mpf(point[name]) + sign * step})
                     for sign in (1, -1))
    return (ahead - behind) / (2 * step)


def choose_digits(point):
    """Precisions of which the first has the squares of a point's numbers next to one."""
    values = [abs(x) for value in point.values() for x in np.atleast_1d(value) if x != 0]
    largest = max([abs(np.log10(x)) for x in values], default=0)
    digits = 80 + 2 * int(largest)
    while digits <= MAX_DIGITS:
        yield digits
        digits *= 2


def find_truth(text, point, wrt=None):
    """The value in real numbers, rounded, or None where it is none."""
    code = compile(text, text, 'eval')
    before = None
    for digits in choose_digits(point):
        with mpmath.workdps(digits):
            try:
                value = differentiate(code, point, wrt) if wrt else evaluate(code, point)
            except (ZeroDivisionError, ValueError, OverflowError):
                return None
            values = [+x for x in value] if isinstance(value, np.ndarray) else [value]
            if any(isinstance(x, mpmath.mpc) for x in values):
                return None
            rounded = [float(x) for x in values]
        if rounded == before:
            return rounded if np.all(np.isfinite(rounded)) else None
        before = rounded
    return None


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


def make_functions(text, inputs, modes, dimensions=0):
    """The functions, and the seconds that compiling each of them took; “grad” before an expression
    is the gradient for the first input."""
    inputs = [specification for specification in inputs if specification[0] != 'if']
    symbols = [Tg.tensor('float64', (None,) * dimensions, name) for name, *_ in inputs]
    known = {name: assume(symbol, *specification)
             for symbol, (name, *specification) in zip(symbols, inputs)}
    expression = Tg.parse(text.removeprefix('grad '), **known)
    if text.startswith('grad '):
        expression = Tg.grad(expression, known[inputs[0][0]])
    functions, seconds = [], []
    for mode in modes:
        start = time.process_time()
        functions.append(Tg.function(symbols, expression, mode=mode, on_unused_input='ignore'))
        seconds.append(time.process_time() - start)
    return functions, seconds


def draw_points(rng, inputs, text, n_points):
    """Points with the truth there: all over the floats where it can be rounded, elsewhere where it
    does not underflow."""
    everywhere = covers_all_floats(inputs)
    wrt = inputs[0][0] if text.startswith('grad ') else None
    points = []
    for _ in range(n_points * MAX_DRAWN if everywhere else n_points):
        point = draw(rng, inputs)
        truth = find_truth(text.removeprefix('grad '), point, wrt)
        if truth is not None and (everywhere or abs(truth[0]) > 1e-300):
            points.append((point, truth[0]))
        if len(points) == n_points:
            break
    return points


def measure(entries, modes=('reference', None), n_points=POINTS, seconds=None):
    """For each entry its name and the mean error in each mode; `seconds` gets what compiling took
    in the last of them."""
    for title, inputs, text in entries:
        functions, taken = make_functions(text, inputs, modes)
        points = draw_points(random.Random(title), inputs, text, n_points)
        errors = [[bits_of_error(function(*point.values()), truth) for point, truth in points]
                  for function in functions]
        if seconds is not None:
            seconds.append(taken[-1])
        yield title, len(points), [float(np.mean(column)) for column in errors]


def measure_arrays(entries, modes=('reference', None), n_points=8):
    for title, ((name, size, scale, offset),), text in entries:
        rng = np.random.default_rng(len(title))
        functions, _ = make_functions(text, [[name, 'any']], modes, dimensions=1)
        errors = [[] for _ in modes]
        for _ in range(n_points):
            values = rng.normal(size=int(size)) * float(scale) + float(offset)
            truth = find_truth(text, {name: values})
            for function, column in zip(functions, errors):
                results = np.atleast_1d(function(values))
                column += [bits_of_error(r, t) for r, t in zip(results, truth)
                           if abs(t) > 1e-300]
        yield title, len(errors[0]), [float(np.mean(column)) for column in errors]


def measure_file(name, places=slice(None), **options):
    if name == 'arrays':
        return list(measure_arrays(read(name), **options))
    grad = 'grad ' if name == 'gradients' else ''
    entries = [(title, inputs, grad + text) for title, inputs, text in read(name)]
    return list(measure(entries[places], **options))


def print_worst(name, rows, seconds):
    found = [errors[-1] for _, _, errors in rows]
    print(f'{name}: {sum(bits <= 2 for bits in found)} of {len(rows)} within 2 bits, '
          f'mean {np.mean(found):.2f}, '
          f'{sum(errors[-1] > errors[0] + 1 for _, _, errors in rows)} worse than written')
    if seconds:
        print(f'  compiled in {1000 * np.median(seconds):.1f} ms (median), '
              f'{1000 * max(seconds):.1f} ms (maximum)')
    for title, n_points, (written, bits) in sorted(rows, key=lambda row: -row[2][-1]):
        if bits > 1.5 or bits > written + 0.5:
            print(f'  {title:34} {n_points:3} points {written:6.2f} {bits:6.2f}')


def print_table(name, rows):
    """Markdown; the expressions are those of the file, in its order."""
    print(f'\n## {name.capitalize()}\n\n| | Expression | As written | libtg |\n|---|---|---|---|')
    for (title, _, text), (_, _, (written, bits)) in zip(read(name), rows):
        print(f'| {title} | `{text}` | {written:.1f} | {bits:.1f} |')


def main(arguments):
    options = [argument for argument in arguments if argument.startswith('--')]
    files = [argument for argument in arguments if argument not in options] or FILES
    mode = next((option.removeprefix('--mode=') for option in options if '=' in option), None)
    places = next((PLACES[option] for option in options if option in PLACES), slice(None))
    for name in files:
        seconds = [] if name != 'arrays' else None
        rows = measure_file(name, modes=('reference', mode), **(
            {} if name == 'arrays' else {'places': places, 'seconds': seconds}))
        if '--manual' in options:
            print_table(name, rows)
        else:
            print_worst(name, rows, seconds)


if __name__ == '__main__':
    main(sys.argv[1:])
