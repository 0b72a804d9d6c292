# SPDX-License-Identifier: LGPL-2.1-or-later
"""Bits of error of the expressions in tests/catalogue/, as written and as libtg computes them.

The error is log2 (1 + floats between the result and the truth), 64 where the result is nan, and
its mean over points that a seed draws.  The truth is mpmath's, at a precision that settles it.
Run it for a table, the worst first: measure.py [FILE...]; with --manual, of all in Markdown.
"""

import random
import struct
import sys
from pathlib import Path

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
from gi.repository import Tg

FOLDER = Path(__file__).resolve().parent
FILES = ('expressions', 'arrays', 'gradients', 'hamming')
POINTS = 64


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


def draw(rng, inputs):
    """A point: a number for each input."""
    point = {}
    for name, low, *rest in inputs:
        if low == '~':
            sign = rng.choice([-1, 1])
            point[name] = point[rest[0]] * (1 + sign * 10 ** rng.uniform(-15, 0) * 0.5)
            continue
        low, high = float(low), float(rest[0])
        size = np.exp(rng.uniform(np.log(abs(low)), np.log(high)))
        point[name] = float(size * (rng.choice([-1, 1]) if low < 0 else 1))
    return point


def elementwise(function):
    return lambda x, *rest: (np.vectorize(function, otypes=[object])(x, *rest)
                             if isinstance(x, np.ndarray) else function(x, *rest))


FUNCTIONS = {name: elementwise(getattr(mpmath, name)) for name in (
    'exp', 'log', 'sqrt', 'cbrt', 'sin', 'cos', 'tan', 'atan', 'sinh', 'cosh', 'tanh', 'erf',
    'erfc', 'gamma')} | {
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


def find_truth(text, point, wrt=None):
    """The value in real numbers, rounded, or None where it is none."""
    code = compile(text, text, 'eval')
    before = None
    for digits in (80, 160, 400, 800):
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


def make_functions(text, inputs, modes, wrt=None, dimensions=0):
    symbols = [Tg.tensor('float64', (None,) * dimensions, name) for name, *_ in inputs]
    expression = Tg.parse(text, *symbols)
    if wrt:
        expression = Tg.grad(expression, symbols[0])
    return [Tg.function(symbols, expression, mode=mode, on_unused_input='ignore')
            for mode in modes]


def measure(entries, modes=('reference', None), wrt=False, n_points=POINTS):
    """For each entry its name and the mean error in each mode."""
    for title, inputs, text in entries:
        rng = random.Random(title)
        name = inputs[0][0]
        functions = make_functions(text, inputs, modes, wrt)
        errors = [[] for _ in modes]
        for _ in range(n_points):
            point = draw(rng, inputs)
            truth = find_truth(text, point, name if wrt else None)
            if truth is not None and abs(truth[0]) > 1e-300:
                for function, column in zip(functions, errors):
                    column.append(bits_of_error(function(*point.values()), truth[0]))
        yield title, len(errors[0]), [float(np.mean(column)) for column in errors]


def measure_arrays(entries, modes=('reference', None), n_points=8):
    for title, ((name, size, scale, offset),), text in entries:
        rng = np.random.default_rng(len(title))
        functions = make_functions(text, [[name]], modes, dimensions=1)
        errors = [[] for _ in modes]
        for _ in range(n_points):
            values = rng.normal(size=int(size)) * float(scale) + float(offset)
            truth = find_truth(text, {name: values})
            for function, column in zip(functions, errors):
                results = np.atleast_1d(function(values))
                column += [bits_of_error(r, t) for r, t in zip(results, truth)
                           if abs(t) > 1e-300]
        yield title, len(errors[0]), [float(np.mean(column)) for column in errors]


def measure_file(name, **options):
    if name == 'arrays':
        return list(measure_arrays(read(name), **options))
    return list(measure(read(name), wrt=name == 'gradients', **options))


def print_worst(name, rows):
    found = [errors[-1] for _, _, errors in rows]
    print(f'{name}: {sum(bits <= 2 for bits in found)} of {len(rows)} within 2 bits, '
          f'mean {np.mean(found):.2f}')
    for title, n_points, (written, bits) in sorted(rows, key=lambda row: -row[2][-1]):
        if bits > 1.5 or bits > written + 0.5:
            print(f'  {title:34} {n_points:3} points {written:6.2f} {bits:6.2f}')


def print_table(name, rows):
    """Markdown; the expressions are those of the file, in its order."""
    print(f'\n## {name.capitalize()}\n\n| | Expression | As written | libtg |\n|---|---|---|---|')
    for (title, _, text), (_, _, (written, bits)) in zip(read(name), rows):
        print(f'| {title} | `{text}` | {written:.1f} | {bits:.1f} |')


if __name__ == '__main__':
    files = [name for name in sys.argv[1:] if name != '--manual']
    show = print_table if '--manual' in sys.argv else print_worst
    for name in files or FILES:
        show(name, measure_file(name))
