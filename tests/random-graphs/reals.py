# SPDX-License-Identifier: LGPL-2.1-or-later
"""What the operators are as functions of real and complex numbers, by mpmath.

Arrays are of dtype object and hold mpf or mpc; nan stands for what is no number, and for what is
too large to be computed.  There are no signed zeros.
"""

import mpmath
import numpy as np
from mpmath import mpf
from operators import FASTER

NAN = mpf('nan')
# Beyond that a power of e has more digits in its exponent than is reasonable.
LARGEST = mpf(10) ** 30
# Beyond the floats, what is left of an angle takes as many digits of pi.
LARGEST_ANGLE = mpf(2) ** 1100
OF_ANGLES = {'cosm1', 'xmsin', 'tanmx', 'recipmcot'}


def bounded(function, largest=LARGEST):
    def compute(*values):
        if any(abs(value) > largest for value in values):
            return NAN
        return function(*values)
    return compute


def derivative_of_digamma(n, x):
    """The `n`-th; from far below zero, mpmath takes a step for each pole."""
    return NAN if x < -1000 else mpmath.psi(int(n), x)


def near(x, y):
    """Whether two numbers agree in all digits but those that rounding takes."""
    return abs(x - y) <= max(abs(x), abs(y)) * mpf(10) ** (-mpmath.mp.dps * 4 // 5)


def subtract(x, y):
    """What cancels to the last digits is zero, whatever digits are left."""
    return mpf(0) if mpmath.isfinite(x) and near(x, y) else x - y


def sign(x):
    return x / abs(x) if x else mpf(0)


def power(x, y):
    if not x:
        return mpf(0) if y > 0 else mpf(1) if not y else NAN
    if abs(y * mpmath.log(abs(x))) > 10 ** 6:
        return NAN
    return x ** y if abs(y) < 1000 else mpmath.exp(y * mpmath.log(x))


def to_integer(function):
    """What is an integer but for its last digits is one."""
    def compute(x):
        if not mpmath.isfinite(x):
            return x
        nearest = mpmath.nint(x)
        return nearest if near(x, nearest) else mpf(function(x))
    return compute


def floor_divide(x, y):
    return to_integer(mpmath.floor)(x / y)


def round_away(x):
    return mpmath.sign(x) * mpmath.floor(abs(x) + mpf(1) / 2)


def extreme(compare):
    def choose(x, y):
        return NAN if mpmath.isnan(x) or mpmath.isnan(y) else compare(x, y)
    return choose


def log_of_power_sum(x, y):
    return max(x, y) + mpmath.log(1 + mpmath.exp(-abs(x - y)))


FUNCTIONS = {
    'add': lambda x, y: subtract(x, -y),
    'subtract': subtract,
    'multiply': lambda x, y: x * y,
    'divide': lambda x, y: x / y,
    'floor_divide': floor_divide,
    'remainder': lambda x, y: subtract(x, y * floor_divide(x, y)),
    'pow': power,
    'negative': lambda x: -x,
    'abs': abs,
    'sign': sign,
    'square': lambda x: x * x,
    'reciprocal': lambda x: 1 / x,
    'sqrt': mpmath.sqrt,
    'cbrt': lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)),
    'hypot': lambda x, y: mpmath.sqrt(x * x + y * y),
    'maximum': extreme(max),
    'minimum': extreme(min),
    'clip': lambda x, low, high: extreme(min)(extreme(max)(x, low), high),
    'exp': bounded(mpmath.exp),
    'expm1': bounded(lambda x: mpmath.exp(x) - 1),
    'exp2': bounded(lambda x: mpf(2) ** x),
    'log': mpmath.log,
    'log1p': lambda x: mpmath.log(1 + x),
    'log2': lambda x: mpmath.log(x) / mpmath.log(2),
    'log10': lambda x: mpmath.log(x) / mpmath.log(10),
    'sin': bounded(mpmath.sin, LARGEST_ANGLE), 'cos': bounded(mpmath.cos, LARGEST_ANGLE),
    'tan': bounded(mpmath.tan, LARGEST_ANGLE),
    'asin': mpmath.asin, 'acos': mpmath.acos, 'atan': mpmath.atan,
    'atan2': mpmath.atan2,
    'sinh': bounded(mpmath.sinh), 'cosh': bounded(mpmath.cosh), 'tanh': bounded(mpmath.tanh),
    'asinh': mpmath.asinh, 'acosh': mpmath.acosh, 'atanh': mpmath.atanh,
    'complex': lambda x, y: mpmath.mpc(x, y),
    'real': lambda x: mpmath.re(x),
    'imag': lambda x: mpmath.im(x),
    'conj': mpmath.conj,
    'floor': to_integer(mpmath.floor), 'ceil': to_integer(mpmath.ceil),
    'trunc': to_integer(lambda x: mpmath.sign(x) * mpmath.floor(abs(x))),
    'round': to_integer(mpmath.nint),
    'round_half_away_from_zero': to_integer(round_away),
    'sigmoid': bounded(lambda x: 1 / (1 + mpmath.exp(-x))),
    'softplus': bounded(lambda x: mpmath.log(1 + mpmath.exp(x))),
    'erf': bounded(mpmath.erf),
    'erfc': bounded(mpmath.erfc),
    'erfcx': bounded(lambda x: mpmath.exp(x * x) * mpmath.erfc(x)),
    'erfinv': mpmath.erfinv,
    'erfcinv': lambda x: mpmath.erfinv(1 - x),
    'gamma': bounded(mpmath.gamma),
    'lgamma': bounded(lambda x: mpmath.log(abs(mpmath.gamma(x))) if abs(x) < 1000
                      else mpmath.re(mpmath.loggamma(x))),
    'digamma': bounded(lambda x: derivative_of_digamma(0, x)),
    'trigamma': bounded(lambda x: derivative_of_digamma(1, x)),
    'polygamma': bounded(derivative_of_digamma),
    'logit': lambda x: mpmath.log(x / (1 - x)),
    'log1mexp': bounded(lambda x: mpmath.log(1 - mpmath.exp(x))),
    'logaddexp': bounded(log_of_power_sum),
    'xlogy': lambda x, y: x * mpmath.log(y) if x else mpf(0),
    'xlog1py': lambda x, y: x * mpmath.log(1 + y) if x else mpf(0),
    'equal': near, 'not_equal': lambda x, y: not near(x, y),
    'less': lambda x, y: x < y and not near(x, y),
    'less_equal': lambda x, y: x <= y or near(x, y),
    'greater': lambda x, y: x > y and not near(x, y),
    'greater_equal': lambda x, y: x >= y or near(x, y),
    'logical_and': lambda x, y: bool(x) and bool(y),
    'logical_or': lambda x, y: bool(x) or bool(y),
    'logical_xor': lambda x, y: bool(x) != bool(y),
    'logical_not': lambda x: not x,
    'isnan': mpmath.isnan, 'isinf': mpmath.isinf, 'isfinite': mpmath.isfinite,
    'signbit': lambda x: x < 0,
    'copysign': lambda x, y: -abs(x) if y < 0 else abs(x),
    'where': lambda condition, x, y: x if condition else y,
} | {name: bounded(function, LARGEST_ANGLE if name in OF_ANGLES else LARGEST)
     for name, function in FASTER.items()} | dict.fromkeys(
    ('positive', 'stop_gradient', 'zero_grad', 'undefined_grad'), lambda x: x) | {
    'grad_clip': lambda x, low, high: x,
    'kl_div': bounded(lambda x, y: x * mpmath.log(x / y) - x + y if x else y),
}


def unknown(*values):
    return NAN


def guarded(function, is_complex):
    """Nan where it is no number, or none of the dtype."""
    def compute(*values):
        try:
            result = function(*values)
        except (ValueError, ZeroDivisionError, OverflowError, TypeError,
                mpmath.libmp.NoConvergence):
            return NAN
        if isinstance(result, mpmath.mpc) and not is_complex:
            return NAN
        return result
    return compute


def as_reals(array):
    """Any array as one of objects."""
    if array.dtype == object:
        return array
    if array.dtype.kind == 'c':
        convert = lambda x: mpmath.mpc(complex(x))  # noqa: E731
    elif array.dtype.kind == 'f':
        convert = lambda x: mpf(float(x))  # noqa: E731
    else:
        convert = lambda x: mpf(int(x))  # noqa: E731
    with np.errstate(all='ignore'):
        return as_objects(np.frompyfunc(convert, 1, 1)(array))


def as_objects(result):
    """What numpy returns bare for 0-d arrays, as an array again."""
    if isinstance(result, np.ndarray):
        return result
    array = np.empty((), object)
    array[()] = result
    return array


def real_parts(array):
    return as_objects(np.frompyfunc(mpmath.re, 1, 1)(array))


def round_to_doubles(array):
    """The nearest complex128 or float64 numbers; nan where that is not known."""
    if array.dtype != object:
        return array

    def convert(x):
        try:
            return complex(x) if isinstance(x, mpmath.mpc) else float(x)
        except OverflowError:
            return np.nan
    with np.errstate(all='ignore'):
        result = np.frompyfunc(convert, 1, 1)(array)
    has_complex = any(isinstance(x, complex) for x in np.ravel(as_objects(result)))
    return np.asarray(as_objects(result), 'complex128' if has_complex else 'float64')


# Reductions and the like, of arrays of objects

def is_nan(x):
    return np.asarray(np.frompyfunc(mpmath.isnan, 1, 1)(x)).astype(bool)


def any_nan(x, axes, keepdims):
    return np.any(is_nan(x), axis=axes, keepdims=keepdims)


def choose_along(function):
    def compute(x, axes, keepdims):
        return np.where(any_nan(x, axes, keepdims), NAN, function(x, axis=axes, keepdims=keepdims))
    return compute


exponential = np.frompyfunc(guarded(FUNCTIONS['exp'], False), 1, 1)
logarithm = np.frompyfunc(guarded(FUNCTIONS['log'], False), 1, 1)
root = np.frompyfunc(mpmath.sqrt, 1, 1)


def mean(x, axes, keepdims):
    n = int(np.prod([x.shape[a] for a in axes]))
    result = np.sum(x, axis=axes, keepdims=keepdims)
    return result / n if n else result * NAN


REDUCE = {
    'mean': mean,
    'logsumexp': lambda x, axes, keepdims: logarithm(
        np.sum(exponential(x), axis=axes, keepdims=keepdims)),
    'vector_norm': lambda x, axes, keepdims: root(np.sum(x * x, axis=axes, keepdims=keepdims)),
    'max': choose_along(np.max),
    'min': choose_along(np.min),
}


def softmax(x, axis):
    powers = exponential(x)
    return powers / np.sum(powers, axis=axis, keepdims=True)


def log_softmax(x, axis):
    return x - logarithm(np.sum(exponential(x), axis=axis, keepdims=True))


OTHERS = {
    'softmax': softmax,
    'log_softmax': log_softmax,
}
