# SPDX-License-Identifier: LGPL-2.1-or-later
"""What an expression really is: its graph, computed by mpmath in as many digits as it takes.

Numbers are mpmath's, in arrays of objects.  A nan is what is not a real number, such as log(-1); an
infinity is a number that is too large to be computed, of which nothing is known.  Each result that
is rounded is moved at random by the last bits of the precision (Monte Carlo arithmetic:
D. S. Parker, 1997), so that what is lost in a cancellation is not taken for digits of the truth.
"""

import functools
import random

import mpmath
import numpy as np
from mpmath import mp

from .algebra import OPS, Tg

# Larger arguments of exponentials and periodic functions would need as many bits as they have.
MAX_MAGNITUDE = 2100
# Those that mpmath takes milliseconds for.
SLOW = {'gamma', 'lgamma', 'lbeta', 'lgamma_difference', 'erfinv', 'erfcinv', 'digamma', 'trigamma',
        'stirling_error'}


# What results are moved by; the same each time.
NOISE = random.Random(1)


class Undefined(Exception):
    """There is no such real number."""


def is_nan(x):
    return isinstance(x, (mpmath.mpf, mpmath.mpc)) and mpmath.isnan(x)


def is_unknown(x):
    return isinstance(x, (mpmath.mpf, mpmath.mpc)) and mpmath.isinf(x)


def limited(function):
    """A function of exponential size or period, of arguments that are not too large."""
    def compute(x):
        if x and mpmath.mag(x) > MAX_MAGNITUDE:
            return mp.inf
        return function(x)
    return compute


def above(bound, function):
    def compute(x):
        if not x > bound:
            raise Undefined
        return function(x)
    return compute


def power(x, y):
    if isinstance(x, mpmath.mpc) or isinstance(y, mpmath.mpc):
        return x ** y
    if x == 0:
        if y < 0:
            raise Undefined
        return mp.mpf(y == 0)
    if x < 0 and y != mpmath.floor(y):
        raise Undefined
    if y and mpmath.mag(y) + mpmath.mag(mpmath.mag(x) + 1) > MAX_MAGNITUDE:
        return mp.inf
    if x < 0:
        return (-1 if y % 2 else 1) * mpmath.power(-x, y)
    return mpmath.power(x, y)


def cube_root(x):
    return mpmath.sign(x) * mpmath.cbrt(abs(x))


def log_gamma(x):
    if x <= 0 and x == mpmath.floor(x):
        raise Undefined
    return mpmath.re(mpmath.loggamma(x))


def gamma(x):
    return mp.inf if abs(x) > 1e8 else mpmath.gamma(x)


def divide(x, y):
    if y == 0:
        raise Undefined
    return x / y


def bitwise(function):
    return lambda *values: (bool if isinstance(values[0], bool) else mp.mpf)(
        function(*(v if isinstance(v, bool) else int(v) for v in values)))


def invert_bits(x):
    return not x if isinstance(x, bool) else mp.mpf(~int(x))


def sum_of_products(a, b, c, d):
    return a * b + c * d


# What is exact: neither moved at random, nor anything but the number itself.
EXACT = {
    'negative': lambda x: -x, 'positive': lambda x: +x, 'abs': abs,
    'sign': lambda x: mpmath.sign(x), 'floor': mpmath.floor, 'ceil': mpmath.ceil,
    'trunc': lambda x: mpmath.sign(x) * mpmath.floor(abs(x)),
    'round': lambda x: mpmath.nint(x),
    'maximum': max, 'minimum': min, 'clip': lambda x, low, high: min(max(x, low), high),
    'equal': lambda x, y: x == y, 'not_equal': lambda x, y: x != y,
    'less': lambda x, y: x < y, 'less_equal': lambda x, y: x <= y,
    'greater': lambda x, y: x > y, 'greater_equal': lambda x, y: x >= y,
    'logical_and': lambda x, y: bool(x) and bool(y), 'logical_or': lambda x, y: bool(x) or bool(y),
    'logical_xor': lambda x, y: bool(x) != bool(y), 'logical_not': lambda x: not x,
    'bitwise_and': bitwise(lambda x, y: x & y), 'bitwise_or': bitwise(lambda x, y: x | y),
    'bitwise_xor': bitwise(lambda x, y: x ^ y), 'bitwise_invert': invert_bits,
    'real': mpmath.re, 'imag': mpmath.im, 'conj': mpmath.conj, 'complex': mpmath.mpc,
    'stop_gradient': lambda x: x, 'zero_grad': lambda x: x, 'undefined_grad': lambda x: x,
    'grad_clip': lambda x, low, high: x, 'assume': lambda x: x,
}
ROUNDED = {
    'add': lambda x, y: x + y, 'subtract': lambda x, y: x - y, 'multiply': lambda x, y: x * y,
    'divide': divide, 'pow': power, 'square': lambda x: x * x,
    'reciprocal': lambda x: divide(mp.mpf(1), x),
    'sqrt': mpmath.sqrt, 'cbrt': cube_root, 'hypot': mpmath.hypot,
    'exp': limited(mpmath.exp), 'expm1': limited(mpmath.expm1),
    'exp2': limited(lambda x: mpmath.exp(x * mpmath.ln2)),
    'log': mpmath.log, 'log1p': above(-1, mpmath.log1p), 'log2': lambda x: mpmath.log(x, 2),
    'log10': mpmath.log10,
    'sin': limited(mpmath.sin), 'cos': limited(mpmath.cos), 'tan': limited(mpmath.tan),
    'asin': mpmath.asin, 'acos': mpmath.acos, 'atan': mpmath.atan, 'atan2': mpmath.atan2,
    'sinh': limited(mpmath.sinh), 'cosh': limited(mpmath.cosh), 'tanh': limited(mpmath.tanh),
    'asinh': mpmath.asinh, 'acosh': mpmath.acosh, 'atanh': mpmath.atanh,
    'erf': limited(mpmath.erf), 'erfc': limited(mpmath.erfc),
    'erfcx': limited(lambda x: mpmath.exp(x * x) * mpmath.erfc(x)), 'erfinv': mpmath.erfinv,
    'gamma': gamma, 'lgamma': log_gamma, 'digamma': mpmath.digamma,
    'sum_of_products': sum_of_products,
}


def round_at_random(x):
    """Moves what is rounded by the last five bits, and by no less than some of them."""
    if isinstance(x, mpmath.mpc) or not x or not mpmath.isfinite(x):
        return x
    return x + mpmath.ldexp(x, 5 - mp.prec) * NOISE.choice((-1, 1)) * NOISE.uniform(0.5, 1)


# Their results are exact where they have few digits, as that of sqrt(4).
ALGEBRAIC = {'add', 'subtract', 'multiply', 'square', 'divide', 'reciprocal', 'sqrt', 'cbrt',
             'hypot', 'sum_of_products'}


def is_rounded(name, result, inputs):
    """Whether a result is not the number itself.  In a sum one term may be lost in the other."""
    if isinstance(result, mpmath.mpc) or not any(inputs):
        return False
    if name in ('add', 'subtract', 'hypot') and all(inputs) and (
            abs(result) == max(map(abs, inputs))):
        return True
    is_algebraic = name in ALGEBRAIC or (name == 'pow' and (
        inputs[0] == 1 or inputs[1] == mpmath.floor(inputs[1])))
    return not is_algebraic or result.man.bit_length() > mp.prec - 16


@functools.cache
def find_spec(name):
    """The graph of what the table of operators says that one is, and its inputs."""
    op = OPS[name]
    names = op.dup_input_names()
    symbols = {each: Tg.dscalar(each) for each in names}
    return Tg.parse(op.get_spec(), **symbols), names


def compute_scalar(name, inputs):
    if name in EXACT:
        return EXACT[name](*inputs)
    if name in ROUNDED:
        result = ROUNDED[name](*inputs)
        if isinstance(result, mpmath.mpc) and not any(isinstance(x, mpmath.mpc) for x in inputs):
            raise Undefined
        return round_at_random(result) if is_rounded(name, result, inputs) else result
    spec, names = find_spec(name)
    return evaluate(spec, {each: np.array(x, object) for each, x in zip(names, inputs)})[()]


def apply_scalar(name, *inputs):
    if name == 'where':
        condition, x, y = inputs
        return condition if is_nan(condition) or is_unknown(condition) else x if condition else y
    for check in (is_nan, is_unknown):
        for x in inputs:
            if check(x):
                return x
    try:
        return compute_scalar(name, inputs)
    except (Undefined, ValueError, ZeroDivisionError, mpmath.libmp.libmpf.ComplexResult):
        return mp.nan
    except OverflowError:
        return mp.inf


# Of truth values they take the numbers 0 and 1.
NUMERIC = {*ROUNDED, 'negative', 'positive', 'abs', 'sign', 'floor', 'ceil', 'trunc', 'round',
           'real', 'imag', 'conj', 'complex'}


def as_number(x):
    return mp.mpf(int(x)) if isinstance(x, bool) else x


def apply_elementwise(name, inputs):
    if name in NUMERIC:
        inputs = [np.array(np.frompyfunc(as_number, 1, 1)(x), object) for x in inputs]
    return np.array(np.frompyfunc(functools.partial(apply_scalar, name), len(inputs), 1)(*inputs),
                    object)


def fold(name, x, axes, keepdims):
    """One element of those along the axes, by an operator of two."""
    rest = np.delete(x.shape, axes).astype(int)
    result = np.moveaxis(x, axes, range(len(axes))).reshape(-1, *rest)
    result = functools.reduce(lambda a, b: apply_elementwise(name, [a, b]), result)
    return np.array(np.expand_dims(result, axes) if keepdims else result, object)


def get_axes(variable, name, ndim):
    axes = variable.get_attribute(name).unpack()
    return tuple(range(ndim)) if axes is None else tuple(a % ndim for a in axes)


def multiply_matrices(x, y):
    left = x if x.ndim > 1 else x[None]
    right = y if y.ndim > 1 else y[:, None]
    products = apply_elementwise('multiply', [left[..., :, :, None], right[..., None, :, :]])
    result = fold('add', products, (products.ndim - 2,), False)
    result = result if x.ndim > 1 else result[..., 0, :]
    return result if y.ndim > 1 else result[..., 0]


def reduce(variable, x):
    name, axes = variable.op, get_axes(variable, 'axis', x.ndim)
    keepdims = variable.get_attribute('keepdims').unpack()
    n = mp.mpf(int(np.prod([x.shape[a] for a in axes], dtype=int)))

    def of(function, *inputs):
        return apply_elementwise(function, list(inputs))
    if name in FOLDS:
        return fold(FOLDS[name], x, axes, keepdims)
    if name == 'mean':
        return of('divide', fold('add', x, axes, keepdims), n)
    if name == 'logsumexp':
        return of('log', fold('add', of('exp', x), axes, keepdims))
    if name == 'vector_norm':
        return of('sqrt', fold('add', of('square', x), axes, keepdims))
    raise NotImplementedError(f'no truth of {name}')


FOLDS = {'sum': 'add', 'prod': 'multiply', 'max': 'maximum', 'min': 'minimum',
         'all': 'logical_and', 'any': 'logical_or'}


def normalize(variable, x):
    axes = get_axes(variable, 'axis', x.ndim)
    powers = apply_elementwise('exp', [x])
    result = apply_elementwise('divide', [powers, fold('add', powers, axes, True)])
    return apply_elementwise('log', [result]) if variable.op == 'log_softmax' else result


def sum_to(x, shape):
    if x.ndim > len(shape):
        x = fold('add', x, tuple(range(x.ndim - len(shape))), False)
    axes = tuple(i for i, size in enumerate(shape) if size == 1 and x.shape[i] != 1)
    return fold('add', x, axes, True) if axes else x


@functools.cache
def list_irrationals(precision):
    """Numbers that no float is: in a rule the nearest float stands for them."""
    with mp.workprec(precision):
        two, ten, pi = mp.ln2, mpmath.log(10), mp.pi
        numbers = (two, 1 / two, ten, 1 / ten, mpmath.sqrt(2), 1 / mpmath.sqrt(2), mp.e, pi, pi / 2,
                   pi / 4, 2 * pi, 1 / pi, 2 / pi, mpmath.sqrt(pi), 1 / mpmath.sqrt(pi),
                   2 / mpmath.sqrt(pi), mpmath.sqrt(2 * pi), mpmath.log(2 * pi) / 2,
                   mp.mpf(1) / 3, mp.mpf(2) / 3)
        return {float(x): +x for x in numbers}


def read_constant(variable):
    """The numbers of a constant, with those in the place of which floats were written."""
    values = variable.get_value()
    numbers = list_irrationals(mp.prec)
    if values.ndim == 0 and values.dtype == 'float64' and abs(float(values)) in numbers:
        number = numbers[abs(float(values))]
        return np.array(number if float(values) > 0 else -number, object)
    return as_numbers(values)


def as_numbers(values):
    """An array of numpy's numbers, as exact ones."""
    values = np.asarray(values)
    if values.dtype == bool:
        convert = bool
    elif values.dtype.kind == 'c':
        convert = lambda x: mpmath.mpc(complex(x))
    else:
        convert = lambda x: mp.mpf(int(x) if values.dtype.kind in 'iu' else float(x))
    result = np.empty(values.shape, object)
    for place in np.ndindex(values.shape):
        result[place] = convert(values[place])
    return result


def cast(x, dtype):
    """Between dtypes whose numbers are the same; that is all that rules are about."""
    kind = np.dtype(dtype).kind if dtype != 'bfloat16' else 'f'

    def convert(value):
        if is_nan(value) or is_unknown(value):
            return value
        if kind == 'b':
            return bool(value)
        if kind in 'iu':
            return mp.mpf(int(value))
        return mpmath.mpc(value) if kind == 'c' else mp.mpf(value)
    return np.array(np.frompyfunc(convert, 1, 1)(x), object)


def integers(x):
    return tuple(int(v) for v in np.ravel(x))


def take_slice(variable, x, start, stop):
    places = [slice(None)] * x.ndim
    for axis, step, low, high in zip(variable.get_attribute('axis').unpack(),
                                     variable.get_attribute('step').unpack(),
                                     integers(start), integers(stop)):
        places[axis] = slice(low, high, step)
    return x[tuple(places)]


def take(variable, x, places):
    axis = variable.get_attribute('axis').unpack()
    choose = np.take_along_axis if variable.op == 'take_along_axis' else np.take
    return choose(x, places.astype(int), axis)


MOVES = {
    'index': take, 'take': take, 'take_along_axis': take, 'slice': take_slice,
    'take_nd': lambda v, x, places: x[tuple(np.moveaxis(places.astype(int), -1, 0))],
    'astype': lambda v, x: cast(x, v.dtype),
    'permute_dims': lambda v, x: np.transpose(x, v.get_attribute('axes').unpack()),
    'expand_dims': lambda v, x: np.expand_dims(x, tuple(v.get_attribute('axis').unpack())),
    'squeeze': lambda v, x: np.squeeze(x, tuple(v.get_attribute('axis').unpack())),
    'reshape': lambda v, x, shape: x.reshape(integers(shape)),
    'broadcast_to': lambda v, x, shape: np.broadcast_to(x, integers(shape)),
    'sum_to': lambda v, x, shape: sum_to(x, integers(shape)),
    'shape': lambda v, x: as_numbers(np.array(x.shape, 'int64')),
    'size': lambda v, x: as_numbers(np.array(int(np.prod([x.shape[a] for a in get_axes(
        v, 'axis', x.ndim)], dtype=int)))),
    'broadcast_shape': lambda v, *xs: as_numbers(np.array(np.broadcast_shapes(
        *(x.shape for x in xs)), 'int64')),
    'softmax': normalize, 'log_softmax': normalize,
    'matmul': lambda v, x, y: multiply_matrices(x, y),
}


def apply(variable, inputs):
    name = variable.op
    if name == 'assume':
        return inputs[0]
    if OPS[name].get_form() == Tg.OpForm.ELEMENTWISE:
        result = apply_elementwise(name, inputs)
        return cast(result, 'bool') if variable.dtype == 'bool' else result
    if OPS[name].get_form() == Tg.OpForm.REDUCE:
        return reduce(variable, inputs[0])
    if name in MOVES:
        return np.array(MOVES[name](variable, *inputs), object)
    raise NotImplementedError(f'no truth of {name}')


class Node:
    """A variable as it is seen from Python, looked at once."""

    def __init__(self, variable):
        self.variable = variable
        self.op = variable.get_op().get_name() if variable.get_op() else None
        self.name = variable.get_name()
        self.dtype = variable.get_dtype().value_nick
        self.inputs = tuple(variable.get_input(i) for i in range(variable.get_n_inputs()))
        self.get_attribute = variable.get_attribute


@functools.lru_cache(100)
def list_nodes(variable):
    """The nodes of a graph, inputs first."""
    order = {}

    def visit(each):
        if each not in order:
            node = Node(each)
            for one in node.inputs:
                visit(one)
            order[each] = node
    visit(variable)
    return order


def list_operators(variable):
    return {node.op for node in list_nodes(variable).values()}


def evaluate(variable, values):
    """The numbers of a graph, from those of its symbols by name, at the precision of mpmath."""
    results = {}
    for each, node in list_nodes(variable).items():
        if node.op is not None:
            results[each] = apply(node, [results[one] for one in node.inputs])
        elif isinstance(each, Tg.Constant):
            results[each] = read_constant(each)
        else:
            results[each] = values[node.name]
    return results[variable]
