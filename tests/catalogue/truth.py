# SPDX-License-Identifier: LGPL-2.1-or-later
"""What expressions of the catalogue and their gradients are in real numbers, by mpmath."""

import mpmath
import numpy as np


MAX_DIGITS = 3000
MANY_DIGITS = 600  # of which none is lost where a zero is found, which may be a tiny number before


def elementwise(function):
    of_arrays = np.vectorize(function, otypes=[object])
    return lambda x: of_arrays(x) if isinstance(x, np.ndarray) else function(x)


def choose(condition, x, y):
    return np.where(condition, x, y)[()]


def mean(x, axis=None, keepdims=False):
    total = np.sum(x, axis=axis, keepdims=keepdims)
    return total * np.size(total) / np.size(x)


def size(x, axis=None):
    return mpmath.mpf(np.size(x, axis))


def log1p(x):
    return mpmath.log(1 + x)


FUNCTIONS = {name: elementwise(getattr(mpmath, name)) for name in (
    'exp', 'log', 'sqrt', 'cbrt', 'sin', 'cos', 'tan', 'asin', 'acos', 'atan', 'sinh', 'cosh',
    'tanh', 'acosh', 'atanh', 'erf', 'erfc', 'gamma', 'log10')} | {
    'log1p': elementwise(log1p), 'lgamma': elementwise(mpmath.loggamma), 'abs': abs,
    'maximum': np.maximum, 'minimum': np.minimum, 'where': choose, 'sum': np.sum, 'mean': mean,
    'prod': np.prod, 'max': np.max, 'diagonal': np.diagonal,
    'size': size, 'true': True,
}


def evaluate(code, point):
    return eval(code, {'__builtins__': {}} | FUNCTIONS | point)


def convert(value):
    """A number or an array of floats as one of mpmath's."""
    return (elementwise(mpmath.mpf)(value.astype(object)) if isinstance(value, np.ndarray)
            else mpmath.mpf(value))


def differentiate(code, point, name):
    """By central differences of a step so small that half of the digits hold."""
    value = point[name]
    slopes = np.empty(np.shape(value), object)
    for place in np.ndindex(slopes.shape):
        number = value[place] if place else value
        step = mpmath.mpf(10) ** (-mpmath.mp.dps // 3) * (abs(number) or 1)
        ends = []
        for moved in (number + step, number - step):
            other = moved
            if place:
                other = value.copy()
                other[place] = moved
            ends.append(evaluate(code, point | {name: other}))
        slopes[place] = (ends[0] - ends[1]) / (2 * step)
    return slopes


def choose_digits(point):
    """Precisions of which the first has the squares of a point's numbers next to one."""
    values = np.abs(np.concatenate([np.ravel(value) for value in point.values()]))
    largest = max(np.abs(np.log10(values[values != 0])), default=0)
    digits = 80 + 2 * int(largest)
    while digits <= MAX_DIGITS:
        yield digits
        digits *= 2


def find_truth(text, point, wrt=None, least=1e-300):
    """The elements in real numbers, rounded, or None where not all are finite ones; for an element
    below the least None."""
    code = compile(text, text, 'eval')
    before = None
    for digits in choose_digits(point):
        with mpmath.workdps(digits):
            exact = {name: convert(value) for name, value in point.items()}
            try:
                value = differentiate(code, exact, wrt) if wrt else evaluate(code, exact)
            except (ZeroDivisionError, ValueError, OverflowError):
                return None
            values = np.ravel(np.array(value, object))
            if any(isinstance(x, mpmath.mpc) for x in values):
                return None
            rounded = [None if x != 0 and abs(x) < least else float(+x) for x in values]
        if rounded == before and (digits >= MANY_DIGITS or 0 not in rounded):
            return rounded if all(x is None or np.isfinite(x) for x in rounded) else None
        before = rounded
    return None
