# SPDX-License-Identifier: LGPL-2.1-or-later
"""What NumPy makes of each operator that a graph may hold, as references.py has it.

A function takes the arrays, their dtype already the common one, and the parameters by name.  It
does not ask for the dtype of the elements, so that it serves for arrays of Python's objects too.
"""

import mpmath
import numpy as np
import scipy.special
from references import ACCURATE, ELEMENTWISE

BIG = 2 ** 62


def as_index(value):
    return tuple(int(i) for i in np.atleast_1d(value))


def as_axes(axis, ndim):
    """Axes of a parameter, as NumPy takes them."""
    return tuple(range(ndim)) if axis is None else tuple(axis)


# Elementwise

def integer_power(x, y):
    """Exactly, with the lowest bits kept; what is a fraction is cut off."""
    n_bits = 8 * x.dtype.itemsize
    signed = x.dtype.kind == 'i'

    def compute(a, b):
        a, b = int(a), int(b)
        if b < 0:
            return 0 if abs(a) != 1 else a ** -b
        result = pow(a, b, 1 << n_bits)
        return result - (1 << n_bits) if signed and result >> (n_bits - 1) else result
    return np.asarray(np.frompyfunc(compute, 2, 1)(x, y)).astype(x.dtype)


def power(x, y):
    if x.dtype.kind not in 'fc':
        return integer_power(x, y)
    return np.power(x.astype(np.result_type(x.dtype, 'float64')), y)


def shift(move):
    """By as many places as there are bits, or by a negative number, all bits leave."""
    def compute(x, y):
        n_bits = 8 * x.dtype.itemsize
        inside = (y >= 0) & (y.astype('float64') < n_bits)
        gone = np.where(x < 0, -1, 0).astype(x.dtype) if move is np.right_shift else x * 0
        return np.where(inside, move(x, np.where(inside, y, 0).astype(x.dtype)), gone)
    return compute


def powers(x, y):
    """`x` to the power of `y`, also where that is far out of the range of floats."""
    if x <= 0:
        return x ** y if abs(y) < 1e4 else mpmath.nan
    exponent = y * mpmath.log(x)
    if abs(exponent) > 1e6:
        return mpmath.inf if exponent > 0 else mpmath.mpf(0)
    return mpmath.exp(exponent)


# Of those of ACCURATE that take long; and which need no more than a hundred digits.
FASTER = ACCURATE | {
    'powm1': lambda x, y: powers(x, y) - 1,
    'compound': lambda x, y: powers(1 + x, y),
    'compoundm1': lambda x, y: powers(1 + x, y) - 1,
    'stirling_error': lambda x: 1 / (12 * x) if x > 1e30 else ACCURATE['stirling_error'](x),
    'lgamma_difference': lambda x, y: y * mpmath.log(x) if x > 1e30 and abs(y) < x * 1e-20 else (
        ACCURATE['lgamma_difference'](x, y)),
    'lbeta': lambda x, y: mpmath.loggamma(min(x, y)) - FASTER['lgamma_difference'](
        max(x, y), min(x, y)) if max(x, y) > 1e30 and min(x, y) > 0 else ACCURATE['lbeta'](x, y),
}
GAMMAS = {'lbeta', 'lgamma_difference', 'stirling_error', 'ndtr', 'log_ndtr', 'logerfc'}


def with_digits(function, most=900):
    """A function of mpmath, with as many digits as differences of the arguments may lose."""
    def compute(*values):
        values = [float(value) for value in values]
        sizes = [abs(np.log10(abs(value))) for value in values if value and np.isfinite(value)]
        with mpmath.workdps(min(int(40 + 2.5 * max(sizes, default=0)), most)):
            try:
                result = function(*map(mpmath.mpf, values))
            except (ValueError, ZeroDivisionError, OverflowError):
                return np.nan
            return float(result) if isinstance(result, (int, mpmath.mpf)) else np.nan
    return np.vectorize(compute, otypes=['float64'])


def in_double(function):
    return lambda *arrays: function(*(np.asarray(a, 'float64') for a in arrays))


def polygamma(n, x):
    """SciPy's takes as many steps as a negative number is large; nan there is not compared."""
    found = scipy.special.polygamma(np.asarray(n, 'float64'), np.maximum(x, -1e4))
    return np.where(x < -1e4, np.nan, found)


def at_poles(function, pole, at_infinity):
    """With C's values at the negative integers, or where SciPy has others."""
    def compute(x):
        x = np.asarray(x, 'float64')
        with np.errstate(all='ignore'):
            result = np.where((x < 0) & (x == np.floor(x)), pole, function(x))
        return np.where(x == -np.inf, at_infinity, result)
    return compute


def log1p(z):
    """NumPy's loses the digits of complex numbers next to zero."""
    if not np.iscomplexobj(z):
        return np.log1p(z)
    x, y = np.asarray(z.real, 'float64'), np.asarray(z.imag, 'float64')
    with np.errstate(all='ignore'):
        near = 0.5 * np.log1p(2 * x + x * x + y * y) + 1j * np.arctan2(y, 1 + x)
    return np.where((np.abs(x) < 1e-3) & (np.abs(y) < 1e-3), near, np.log1p(z)).astype(z.dtype)


NUMPY_ELEMENTWISE = {name: function for name, (function, _) in ELEMENTWISE.items()} | {
    name: in_double(with_digits(function, 60 if name in GAMMAS else 900))
    for name, function in FASTER.items()} | {
    'pow': power,
    'bitwise_left_shift': shift(np.left_shift),
    'bitwise_right_shift': shift(np.right_shift),
    'gamma': at_poles(scipy.special.gamma, np.nan, np.nan),
    'lgamma': at_poles(scipy.special.gammaln, np.inf, np.inf),
    'digamma': at_poles(scipy.special.digamma, np.nan, np.nan),
    'trigamma': at_poles(lambda x: polygamma(1, x), np.inf, np.nan),
    'polygamma': in_double(polygamma),
    'log1mexp': in_double(lambda x: np.where(x < -0.7, np.log1p(-np.exp(x)),
                                             np.log(-np.expm1(x)))),
    'where': lambda condition, x, y: np.where(condition, x, y),
    'log1p': log1p,
}


# Contractions

def contract(subscripts, x, y):
    """The sum of products over the letters that the result has not."""
    operands, result = subscripts.replace(' ', '').split('->')
    letters = sorted(set(operands) - {','})
    aligned = []
    for part, array in zip(operands.split(','), (x, y)):
        order = sorted(range(len(part)), key=lambda i, part=part: part[i])
        sizes = iter(np.transpose(array, order).shape)
        aligned.append(np.transpose(array, order).reshape(
            [next(sizes) if letter in part else 1 for letter in letters]))
    product = aligned[0] * aligned[1]
    total = product.sum(tuple(i for i, a in enumerate(letters) if a not in result))
    kept = [letter for letter in letters if letter in result]
    return np.transpose(total, [kept.index(letter) for letter in result])


CONTRACT = {
    'matmul': lambda x, y: np.matmul(x, y),
    'dot': lambda x, y: np.dot(x, y) if x.ndim and y.ndim else x * y,
    'outer': lambda x, y: np.outer(x, y),
    'einsum': lambda x, y, subscripts: contract(subscripts, x, y),
}


# Reductions of any dtype; those of numbers with a fixed one are in `reduce_numbers`.

def total(x, axes, keepdims):
    return np.sum(x, axis=axes, keepdims=keepdims)


def mean(x, axes, keepdims):
    n = np.prod([x.shape[axis] for axis in axes], dtype='int64')
    with np.errstate(all='ignore'):
        return np.sum(x, axis=axes, keepdims=keepdims) / np.float64(n)


def log_sum_exp(x, axes, keepdims):
    with np.errstate(all='ignore'):
        return scipy.special.logsumexp(x, axis=axes, keepdims=keepdims)


def vector_norm(x, axes, keepdims):
    largest = np.max(np.abs(x), axis=axes, keepdims=True, initial=0)
    scale = np.where((largest > 0) & np.isfinite(largest), largest, 1)
    result = np.sqrt(np.sum(np.square(x / scale), axis=axes, keepdims=True)) * scale
    return result if keepdims else np.squeeze(result, axes)


REDUCE = {
    'sum': total,
    'prod': lambda x, axes, keepdims: np.prod(x, axis=axes, keepdims=keepdims),
    'mean': mean,
    'logsumexp': log_sum_exp,
    'vector_norm': vector_norm,
    'max': lambda x, axes, keepdims: np.max(x, axis=axes, keepdims=keepdims),
    'min': lambda x, axes, keepdims: np.min(x, axis=axes, keepdims=keepdims),
    'any': lambda x, axes, keepdims: np.any(x != 0, axis=axes, keepdims=keepdims),
    'all': lambda x, axes, keepdims: np.all(x != 0, axis=axes, keepdims=keepdims),
}


def arg_extreme(function):
    def compute(x, axis, keepdims):
        if axis is None or len(axis) == x.ndim > 1:
            position = np.asarray(function(x.reshape(-1)))
            return position.reshape((1,) * x.ndim) if keepdims else position
        return np.asarray(function(x, axis=axis[0], keepdims=keepdims))
    return compute


# Layout, and the rest

def slice_key(ndim, start, stop, axis, step):
    key = [slice(None)] * ndim
    for a, first, last, by in zip(axis, as_index(start), as_index(stop), step):
        key[a] = slice(first, last, by)
    return tuple(key)


def key_for(axis, position):
    return (slice(None),) * axis + (position,)


def put(x, shape, key):
    result = np.zeros(as_index(shape), x.dtype)
    result[key] = x
    return result


def undiagonal(x, shape, offset, axis1, axis2):
    result = np.zeros(as_index(shape), x.dtype)
    view = np.diagonal(result, offset, axis1, axis2)
    view.flags.writeable = True
    view[...] = x
    return result


def scatter(x, shape, places, accumulate):
    """Zeros, where the parts of an array go to their places, in row-major order."""
    result = np.zeros(as_index(shape), x.dtype)
    for there, here in places:
        result[there] = result[there] + x[here] if accumulate else x[here]
    return result


def untake(x, shape, indices, axis, accumulate):
    return scatter(x, shape, [
        (key_for(axis, int(indices[place])), (slice(None),) * axis + place)
        for place in np.ndindex(indices.shape)], accumulate)


def untake_along_axis(x, shape, indices, axis, accumulate):
    axis %= x.ndim
    return scatter(x, shape, [
        ((*place[:axis], int(indices[place]), *place[axis + 1:]), place)
        for place in np.ndindex(indices.shape)], accumulate)


def untake_nd(x, shape, indices, accumulate):
    return scatter(x, shape, [(tuple(map(int, indices[place])), place)
                              for place in np.ndindex(indices.shape[:-1])], accumulate)


def squeeze(x, axis):
    return np.squeeze(x, as_axes(axis, x.ndim)) if axis is not None else np.squeeze(x)


def product_of_others(x, axis):
    axes = [a % x.ndim for a in as_axes(axis, x.ndim)]
    result = np.empty_like(x)
    for place in np.ndindex(x.shape):
        rest = tuple(slice(None) if a in axes else place[a] for a in range(x.ndim))
        others = np.array(x[rest])
        others[tuple(place[a] for a in sorted(axes))] = 1
        result[place] = np.prod(others, dtype=x.dtype)
    return result


def sort(x, axis, descending):
    return np.flip(np.sort(x, axis), axis) if descending else np.sort(x, axis)


def argsort(x, axis, descending):
    if not descending:
        return np.argsort(x, axis, kind='stable')
    order = np.argsort(np.flip(x, axis), axis, kind='stable')
    return np.flip(x.shape[axis] - 1 - order, axis)


def sum_to(x, shape):
    shape = as_index(shape)
    x = np.sum(x, axis=tuple(range(x.ndim - len(shape))))
    return np.sum(x, axis=tuple(i for i, size in enumerate(shape) if size == 1), keepdims=True)


def take_nd(x, indices):
    shape = indices.shape[:-1] + x.shape[indices.shape[-1]:]
    return np.broadcast_to(x[tuple(np.moveaxis(indices, -1, 0))], shape)


def shape_of(x, axis):
    return np.array(np.prod([x.shape[a] for a in as_axes(axis, x.ndim)], dtype='int64'))


def eye(n, m, k, dtype):
    return np.eye(int(n), int(m), k)


OTHERS = {
    'reshape': lambda x, shape: np.reshape(x, as_index(shape)),
    'broadcast_to': lambda x, shape: np.broadcast_to(x, as_index(shape)),
    'sum_to': sum_to,
    'permute_dims': lambda x, axes: np.transpose(x, axes),
    'expand_dims': lambda x, axis: np.expand_dims(x, tuple(axis)),
    'squeeze': squeeze,
    'concat': lambda *xs, axis: np.concatenate(xs, axis),
    'stack': lambda *xs, axis: np.stack(xs, axis),
    'index': lambda x, index, axis: x[key_for(axis % x.ndim, int(index))],
    'unindex': lambda x, shape, index, axis: put(
        x, shape, key_for(axis % np.size(shape), int(index))),
    'slice': lambda x, start, stop, axis, step: x[slice_key(x.ndim, start, stop, axis, step)],
    'unslice': lambda x, shape, start, stop, axis, step: put(
        x, shape, slice_key(x.ndim, start, stop, axis, step)),
    'diagonal': lambda x, offset, axis1, axis2: np.diagonal(x, offset, axis1, axis2),
    'undiagonal': undiagonal,
    'take': lambda x, indices, axis: np.take(x, indices, axis),
    'untake': lambda x, shape, indices, axis, accumulate: untake(
        x, shape, indices, axis % np.size(shape), accumulate),
    'take_along_axis': lambda x, indices, axis: np.take_along_axis(x, indices, axis),
    'untake_along_axis': untake_along_axis,
    'take_nd': take_nd,
    'untake_nd': untake_nd,
    'with_gradient': lambda *xs, gradient: xs[0],
    'assume': lambda x, **_: x,
    'check_positive': lambda x, zero: x,
    'shape': lambda x: np.array(x.shape, 'int64'),
    'size': shape_of,
    'full': lambda shape, value: np.full(as_index(shape), value),
    'zeros': lambda shape, dtype: np.zeros(as_index(shape)),
    'ones': lambda shape, dtype: np.ones(as_index(shape)),
    'eye': eye,
    'product_of_others': product_of_others,
    'broadcast_shape': lambda *xs: np.array(np.broadcast_shapes(*(x.shape for x in xs)), 'int64'),
    'sort': sort,
    'argsort': argsort,
    'searchsorted': lambda x, y, side: np.asarray(np.searchsorted(x, y, side)),
    'nonzero': lambda x: np.array(np.nonzero(x), 'int64').reshape(x.ndim, -1),
    'argmax': arg_extreme(np.argmax),
    'argmin': arg_extreme(np.argmin),
}


def softmax(x, axis):
    return scipy.special.softmax(x, axis=as_axes(axis, x.ndim)) if x.size else x


def log_softmax(x, axis):
    """SciPy's loses the digits of the largest element, where its share is nearly all."""
    if not x.size:
        return x
    axes = as_axes(axis, x.ndim)
    largest = np.max(x, axis=axes, keepdims=True)
    with np.errstate(all='ignore'):
        powers = np.where(x == largest, 0, np.exp(x - largest))
        others = np.sum(powers, axis=axes, keepdims=True)
        several = np.sum(x == largest, axis=axes, keepdims=True) - 1
        return (x - largest) - np.log1p(others + several)


# Sums among the others, which are computed in twice the width as these are.
SCATTERED_SUMS = {'sum_to', 'untake', 'untake_along_axis', 'untake_nd', 'product_of_others'}

NUMBERS = {
    'softmax': softmax,
    'log_softmax': log_softmax,
    'cumulative_sum': lambda x, axis: np.cumsum(x, axis),
    'cumulative_prod': lambda x, axis: np.cumprod(x, axis),
    'arange': lambda start, stop, step: np.arange(start[()], stop[()], step[()]),
}
