# SPDX-License-Identifier: LGPL-2.1-or-later
"""What each operator of the table computes, by numpy and scipy, and arrays to try it on."""

import re

import gi

gi.require_version('Tg', '1')

import mpmath
import numpy as np
import scipy.special
from gi.repository import Tg

OPS = {op.get_name(): op for op in Tg.Op.list()}
# Those that numpy has.
DTYPES = {dtype.value_nick: dtype for dtype in Tg.DType.__enum_values__.values()
          if dtype != Tg.DType.BFLOAT16}
TOLERANCE = {'float16': 2e-3, 'float32': 2e-6, 'float64': 2e-14, 'complex64': 2e-6,
             'complex128': 2e-14}


def as_float(reference):
    """Operators of the rule “float” compute in float64 where there are integers or booleans."""
    return lambda *values: reference(*(
        np.asarray(value, np.result_type(value.dtype, 'float64')) for value in values))


def divide_integers(function):
    def reference(x, y):
        with np.errstate(divide='ignore'):
            return function(x, y)
    return reference


def power(x, y):
    dtype = np.result_type(x.dtype, y.dtype)
    if dtype.kind in 'fc':
        return np.power(x.astype(np.result_type(dtype, 'float64')), y)
    return np.trunc(np.power(np.asarray(x, 'float64'), y)).astype('int64').astype(dtype)


def make_complex(x, y):
    result = np.empty(np.broadcast_shapes(x.shape, y.shape), 'complex128')
    result.real, result.imag = x, y
    return result


def sign(x):
    if x.dtype.kind != 'c':
        return np.sign(x)
    magnitude = np.abs(x)
    return np.where(magnitude == 0, 0, x / np.where(magnitude == 0, 1, magnitude))


def next_after(x, y):
    dtype = np.result_type(x.dtype, y.dtype)
    dtype = dtype if dtype.kind == 'f' else 'float64'
    return np.nextafter(x.astype(dtype), y.astype(dtype))


def whole(function):
    """Integers are rounded already."""
    return lambda x: function(x) if x.dtype.kind in 'fc' else x


def exactly(function):
    """The function of numbers of 700 digits, rounded; nan where it is not real."""
    def compute(*values):
        with mpmath.workdps(700):
            try:
                result = function(*map(mpmath.mpf, map(float, values)))
            except (ValueError, ZeroDivisionError, OverflowError):
                return np.nan
            return float(result) if isinstance(result, (int, mpmath.mpf)) else np.nan

    return lambda *arrays: np.vectorize(compute, otypes=['float64'])(*arrays).astype(
        np.result_type(*arrays))


ACCURATE = {
    'log1pmx': lambda x: mpmath.log(1 + x) - x,
    'expm1mx': lambda x: mpmath.exp(x) - 1 - x,
    'exprel': lambda x: (mpmath.exp(x) - 1) / x if x else 1,
    'cosm1': lambda x: mpmath.cos(x) - 1,
    'coshm1': lambda x: mpmath.cosh(x) - 1,
    'powm1': lambda x, y: x ** y - 1,
    'sqrt1pm1': lambda x: mpmath.sqrt(1 + x) - 1,
    'compound': lambda x, y: (1 + x) ** y,
    'compoundm1': lambda x, y: (1 + x) ** y - 1,
    'logexpm1': lambda x: mpmath.log(mpmath.exp(x) - 1),
    'logsubexp': lambda x, y: mpmath.log(mpmath.exp(x) - mpmath.exp(y)),
    'logcosh': lambda x: mpmath.log(mpmath.cosh(x)),
    'xmsin': lambda x: x - mpmath.sin(x),
    'sinhmx': lambda x: mpmath.sinh(x) - x,
    'tanmx': lambda x: mpmath.tan(x) - x,
    'xmtanh': lambda x: x - mpmath.tanh(x),
    'langevin': lambda x: mpmath.coth(x) - 1 / x if x else 0,
    'recipmcot': lambda x: 1 / x - mpmath.cot(x) if x else 0,
    'ndtr': mpmath.ncdf,
    'log_ndtr': lambda x: mpmath.log1p(-mpmath.ncdf(-x)) if x > 0 else mpmath.log(mpmath.ncdf(x)),
    'logerfc': lambda x: mpmath.log(mpmath.erfc(x)),
    'stirling_error': lambda x: mpmath.loggamma(x + 1) - (
        (x + 0.5) * mpmath.log(x) - x + mpmath.log(2 * mpmath.pi) / 2),
    'sum_of_products': lambda a, b, c, d: (
        a * b + c * d if max(abs(a * b), abs(c * d)) < 1e308 else mpmath.nan),
    'lbeta': lambda x, y: mpmath.loggamma(x) + mpmath.loggamma(y) - mpmath.loggamma(x + y),
    'lgamma_difference': lambda x, y: mpmath.loggamma(x + y) - mpmath.loggamma(x),
    'root_sum': lambda b, x, y: b + mpmath.sqrt(b * b + x * y),
    'log_ratio': lambda x, y: mpmath.log(x) - mpmath.log(y),
    'exp_difference': lambda x, y: mpmath.exp(x) - mpmath.exp(y),
    'kl_div': lambda x, y: mpmath.nan if x < 0 or y < 0 else (
        x * mpmath.log(x / y) - x + y if x else y),
}


# For each elementwise operator what it computes, and the dtype of its result: that of the promoted
# inputs, a floating-point one or bool.
ELEMENTWISE = {
    'add': (np.add, 'promote'),
    'subtract': (np.subtract, 'promote'),
    'multiply': (np.multiply, 'promote'),
    'divide': (as_float(np.divide), 'float'),
    'floor_divide': (divide_integers(np.floor_divide), 'promote'),
    'remainder': (divide_integers(np.remainder), 'promote'),
    'pow': (power, 'promote'),
    'negative': (np.negative, 'promote'),
    'abs': (np.abs, 'real'),
    'sign': (sign, 'promote'),
    'square': (np.square, 'promote'),
    'reciprocal': (as_float(np.reciprocal), 'float'),
    'sqrt': (as_float(np.sqrt), 'float'),
    'maximum': (np.maximum, 'promote'),
    'minimum': (np.minimum, 'promote'),
    'exp': (as_float(np.exp), 'float'),
    'expm1': (as_float(np.expm1), 'float'),
    'exp2': (as_float(np.exp2), 'float'),
    'log': (as_float(np.log), 'float'),
    'log1p': (as_float(np.log1p), 'float'),
    'log2': (as_float(np.log2), 'float'),
    'log10': (as_float(np.log10), 'float'),
    'sigmoid': (as_float(scipy.special.expit), 'float'),
    'softplus': (as_float(lambda x: np.logaddexp(x, 0)), 'float'),
    'erf': (as_float(scipy.special.erf), 'float'),
    'erfc': (as_float(scipy.special.erfc), 'float'),
    'erfcx': (as_float(scipy.special.erfcx), 'float'),
    'erfinv': (as_float(scipy.special.erfinv), 'float'),
    'erfcinv': (as_float(scipy.special.erfcinv), 'float'),
    'gamma': (as_float(scipy.special.gamma), 'float'),
    'lgamma': (as_float(scipy.special.gammaln), 'float'),
    'digamma': (as_float(scipy.special.digamma), 'float'),
    'trigamma': (as_float(lambda x: scipy.special.polygamma(1, x)), 'float'),
    'logit': (as_float(scipy.special.logit), 'float'),
    'log1mexp': (as_float(lambda x: np.log(-np.expm1(x))), 'float'),
    'logaddexp': (as_float(np.logaddexp), 'float'),
    'xlogy': (as_float(scipy.special.xlogy), 'float'),
    'xlog1py': (as_float(scipy.special.xlog1py), 'float'),
    'cbrt': (as_float(np.cbrt), 'float'),
    **{name: (as_float(exactly(function)), 'float') for name, function in ACCURATE.items()},
    'hypot': (as_float(np.hypot), 'float'),
    'copysign': (as_float(np.copysign), 'float'),
    'nextafter': (next_after, 'float'),
    'signbit': (as_float(np.signbit), 'bool'),
    'sin': (as_float(np.sin), 'float'),
    'cos': (as_float(np.cos), 'float'),
    'tan': (as_float(np.tan), 'float'),
    'asin': (as_float(np.arcsin), 'float'),
    'acos': (as_float(np.arccos), 'float'),
    'atan': (as_float(np.arctan), 'float'),
    'atan2': (as_float(np.arctan2), 'float'),
    'sinh': (as_float(np.sinh), 'float'),
    'cosh': (as_float(np.cosh), 'float'),
    'tanh': (as_float(np.tanh), 'float'),
    'asinh': (as_float(np.arcsinh), 'float'),
    'acosh': (as_float(np.arccosh), 'float'),
    'atanh': (as_float(np.arctanh), 'float'),
    'floor': (whole(np.floor), 'promote'),
    'ceil': (whole(np.ceil), 'promote'),
    'trunc': (whole(np.trunc), 'promote'),
    'round': (whole(np.rint), 'promote'),
    'round_half_away_from_zero': (whole(lambda x: np.trunc(x + np.copysign(0.5, x))), 'promote'),
    'clip': (lambda x, low, high: np.minimum(np.maximum(x, low), high), 'promote'),
    'positive': (lambda x: x, 'promote'),
    'complex': (make_complex, 'complex'),
    'real': (np.real, 'real'),
    'imag': (lambda x: np.imag(x).copy(), 'real'),
    'conj': (np.conj, 'promote'),
    'bitwise_and': (np.bitwise_and, 'promote'),
    'bitwise_or': (np.bitwise_or, 'promote'),
    'bitwise_xor': (np.bitwise_xor, 'promote'),
    'bitwise_invert': (np.invert, 'promote'),
    'bitwise_left_shift': (np.left_shift, 'promote'),
    'bitwise_right_shift': (np.right_shift, 'promote'),
    'equal': (np.equal, 'bool'),
    'not_equal': (np.not_equal, 'bool'),
    'less': (np.less, 'bool'),
    'less_equal': (np.less_equal, 'bool'),
    'greater': (np.greater, 'bool'),
    'greater_equal': (np.greater_equal, 'bool'),
    'logical_and': (np.logical_and, 'bool'),
    'logical_or': (np.logical_or, 'bool'),
    'logical_xor': (np.logical_xor, 'bool'),
    'logical_not': (np.logical_not, 'bool'),
    'isnan': (as_float(np.isnan), 'bool'),
    'isinf': (as_float(np.isinf), 'bool'),
    'isfinite': (as_float(np.isfinite), 'bool'),
    'where': (lambda condition, x, y: np.where(condition != 0, x, y), 'promote'),
    'stop_gradient': (np.copy, 'promote'),
    'zero_grad': (np.copy, 'promote'),
    'undefined_grad': (np.copy, 'promote'),
    'grad_clip': (lambda *values: np.copy(np.broadcast_arrays(*values)[0]), 'promote'),
}


def wide(function):
    """Reductions are computed in twice the width, sums of integers in 64 bits."""
    def reference(x, **options):
        dtype = {'f': 'float64', 'c': 'complex128', 'u': 'uint64'}.get(x.dtype.kind, 'int64')
        result = function(x, dtype=dtype, **options)
        return result.astype(x.dtype if x.dtype.kind in 'fc' else dtype)
    return reference


def mean(x, **options):
    result = np.mean(x, dtype=np.result_type(x.dtype, 'float64'), **options)
    return result.astype(x.dtype) if x.dtype.kind in 'fc' else result


def logsumexp(x, axis, keepdims):
    with np.errstate(divide='ignore'):
        return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


def in_double(function):
    """In float64 whatever the dtype is, and then rounded."""
    def compute(x, axis=None, keepdims=False):
        result = function(x.astype('float64'), axis, keepdims)
        return np.asarray(result).astype(x.dtype if x.dtype.kind == 'f' else 'float64')
    return compute


REDUCE = {
    'sum': wide(np.sum),
    'prod': wide(np.prod),
    'mean': mean,
    'logsumexp': in_double(logsumexp),
    'vector_norm': in_double(lambda x, axis, keepdims: np.sqrt(np.sum(
        np.square(x), axis=axis, keepdims=keepdims))),
    'max': np.max,
    'min': np.min,
    'any': np.any,
    'all': np.all,
    'argmax': np.argmax,
    'argmin': np.argmin,
}


def as_inexact(x, result):
    """What is computed in float64, as the dtype that belongs to `x`."""
    return np.asarray(result).astype(x.dtype if x.dtype.kind in 'f' else
                                     'float32' if x.dtype == 'complex64' else 'float64')


def sum_to(x, shape):
    x = x.sum(tuple(range(x.ndim - len(shape))), dtype=x.dtype)
    units = tuple(i for i, size in enumerate(shape) if size == 1)
    return x.sum(units, keepdims=True, dtype=x.dtype)


def put(shape, key, x):
    result = np.zeros(shape, x.dtype)
    result[key] = x
    return result


def product_of_others(x, axis):
    result = np.empty_like(x)
    for position in np.ndindex(x.shape):
        rest = np.moveaxis(x, axis, -1)[tuple(np.delete(position, axis))]
        result[position] = np.prod(np.delete(rest, position[axis]))
    return result


def cast(x, dtype):
    """Of what does not fit an unsigned integer, C says nothing: here it becomes 0."""
    dtype = np.dtype(dtype)
    if x.dtype.kind == 'c' and dtype.kind not in 'bc':
        x = x.real
    if dtype.kind == 'u' and x.dtype.kind == 'f':
        x = np.where(x <= -1, 0, x)
    return x.astype(dtype)


# For each of the other operators cases: the shapes of its arrays, the expression and what numpy
# makes of the same arrays.
CASES = {
    'matmul': [
        (shapes, lambda x, y: Tg.matmul(x, y), np.matmul)
        for shapes in ([(3,), (3,)], [(2, 3), (3,)], [(3,), (3, 4)], [(2, 3), (3, 4)],
                       [(5, 2, 3), (3, 4)], [(5, 1, 2, 3), (4, 3, 2)], [(3,), (5, 3, 2)],
                       [(5, 2, 3), (3,)], [(0, 3), (3, 2)], [(2, 0), (0, 3)])],
    'dot': [
        (shapes, lambda x, y: Tg.dot(x, y), np.dot)
        for shapes in ([(), ()], [(), (2, 3)], [(2, 3), ()], [(3,), (3,)], [(2, 3), (3,)],
                       [(2, 3), (3, 4)], [(3,), (3, 2)], [(4, 2, 3), (3,)], [(4, 2, 3), (3, 2)],
                       [(0,), (0,)], [(2, 0), (0, 3)])],
    'outer': [
        (shapes, lambda x, y: Tg.outer(x, y), np.outer)
        for shapes in ([(3,), (4,)], [(1,), (5,)], [(0,), (2,)])],
    'einsum': [
        (shapes, lambda x, y, text=text: Tg.einsum(text, x, y),
         lambda x, y, text=text: np.einsum(text, x, y))
        for shapes, text in (([(2, 3), (3, 4)], 'ik,kj->ij'), ([(2, 3), (4, 3)], 'ik,jk->ji'),
                             ([(3,), (3,)], 'i,i->'), ([(2, 3, 4), (2, 4)], 'bij,bj->bi'),
                             ([(2, 3), (4,)], 'ij,k->kji'), ([(0, 3), (3, 2)], 'ik,kj->ij'))],
    'reshape': [
        ([(2, 6)], lambda x: x.reshape((3, 4)), lambda x: x.reshape(3, 4)),
        ([(2, 6)], lambda x: x.reshape(4, -1), lambda x: x.reshape(4, -1)),
        ([(2, 3)], lambda x: Tg.reshape(x, [x.shape[1], 1, -1]), lambda x: x.reshape(3, 1, 2)),
        ([()], lambda x: x.reshape((1, 1)), lambda x: x.reshape(1, 1)),
        ([(1, 1)], lambda x: x.reshape(()), lambda x: x.reshape(())),
        ([(0, 3)], lambda x: x.reshape((3, 0, 2)), lambda x: x.reshape(3, 0, 2))],
    'broadcast_to': [
        ([shape], lambda x, to=to: Tg.broadcast_to(x, to), lambda x, to=to: np.broadcast_to(x, to))
        for shape, to in (((), (2, 3)), ((3,), (2, 3)), ((2, 1), (4, 2, 3)), ((1, 3), (0, 3)))],
    'sum_to': [
        ([shape], lambda x, to=to: Tg.sum_to(x, to), lambda x, to=to: sum_to(x, to))
        for shape, to in (((2, 3), ()), ((2, 3), (3,)), ((4, 2, 3), (2, 1)), ((0, 3), (1, 3)))],
    'permute_dims': [
        ([shape], lambda x, axes=axes: Tg.permute_dims(x, axes),
         lambda x, axes=axes: np.transpose(x, axes))
        for shape, axes in (((), ()), ((2, 3), (1, 0)), ((2, 3, 4), (2, 0, 1)), ((2, 0), (-1, 0)))],
    'expand_dims': [
        ([(2, 3)], lambda x, axis=axis: Tg.expand_dims(x, axis),
         lambda x, axis=axis: np.expand_dims(x, axis))
        for axis in (0, 1, -1, (0, -1), (1, 2), ())],
    'squeeze': [
        ([(1, 3, 1)], lambda x, axis=axis: Tg.squeeze(x, axis),
         lambda x, axis=axis: np.squeeze(x, axis))
        for axis in (0, -1, (0, 2), ())],
    'concat': [
        (shapes, lambda *xs, axis=axis: Tg.concat(xs, axis),
         lambda *xs, axis=axis: np.concatenate(xs, axis))
        for shapes, axis in (([(2, 3), (4, 3)], 0), ([(2, 3), (2, 1), (2, 0)], -1), ([(3,)], 0))],
    'stack': [
        (shapes, lambda *xs, axis=axis: Tg.stack(xs, axis=axis),
         lambda *xs, axis=axis: np.stack(xs, axis))
        for shapes, axis in (([(), ()], 0), ([(2, 3)] * 3, 0), ([(2, 3)] * 2, -1),
                             ([(0,)] * 2, 1))],
    'index': [
        ([(3, 4)], lambda x: Tg.index(x, 1), lambda x: x[1]),
        ([(3, 4)], lambda x: Tg.index(x, -1, axis=1), lambda x: x[:, -1]),
        ([(3, 4)], lambda x: Tg.index(x, Tg.size(x) // 6, axis=-1), lambda x: x[:, 2])],
    'unindex': [
        ([(4,)], lambda x: Tg.unindex(x, (3, 4), 1), lambda x: put((3, 4), 1, x)),
        ([(3,)], lambda x: Tg.unindex(x, (3, 4), -1, axis=1),
         lambda x: put((3, 4), (slice(None), -1), x))],
    'slice': [
        ([(5, 6)], lambda x: Tg.slice(x, [1], [4], [0], [2]), lambda x: x[1:4:2]),
        ([(5, 6)], lambda x: Tg.slice(x, [-1, 1], [0, 99], [1, 0], [-2, 1]),
         lambda x: x[1:99, -1:0:-2]),
        ([(5, 6)], lambda x: Tg.slice(x, [4], [2], [-2], [1]), lambda x: x[4:2]),
        ([(5, 0)], lambda x: Tg.slice(x, [1], [4], [1], [1]), lambda x: x[:, 1:4])],
    'unslice': [
        ([(2, 6)], lambda x: Tg.unslice(x, (5, 6), [1], [4], [0], [2]),
         lambda x: put((5, 6), slice(1, 4, 2), x)),
        ([(5, 3)], lambda x: Tg.unslice(x, (5, 6), [-1], [0], [-1], [-2]),
         lambda x: put((5, 6), (slice(None), slice(-1, 0, -2)), x))],
    'astype': [
        ([(2, 3)], lambda x, dtype=dtype: Tg.astype(x, dtype),
         lambda x, dtype=dtype: cast(x, dtype))
        for dtype in DTYPES],
    'with_gradient': [
        ([(2, 3)], lambda x: Tg.with_gradient([x * x, x], '2 * x1 * g'), lambda x: x * x),
        ([(2, 3), (3,)],
         lambda x, y: Tg.with_gradient([x * y, x, y], 'g * x2, sum (g * x1, axis=0)'),
         lambda x, y: x * y)],
    'assume': [
        ([(2, 3)], lambda x: Tg.assume(x, low=-100, nonzero=True), lambda x: x)],
    'shape': [
        ([shape], lambda x: Tg.shape(x), lambda x: np.array(x.shape, 'int64'))
        for shape in ((), (2, 3), (4, 0, 1))],
    'size': [
        ([(2, 3, 4)], lambda x, axis=axis: Tg.size(x, axis),
         lambda x, axis=axis: np.array(np.prod(np.array(x.shape)[list(axis)] if axis else x.shape)))
        for axis in (None, (0,), (1, 2))],
    'full': [
        ([()], lambda x: Tg.full((2, 3), x), lambda x: np.full((2, 3), x)),
        ([()], lambda x: Tg.full((), x), lambda x: np.full((), x)),
        ([()], lambda x: Tg.full((0, 2), x, 'int32'), lambda x: np.full((0, 2), x, 'int32'))],
    'zeros': [
        ([(3,)], lambda x: Tg.zeros((x.shape[0], 2), x.dtype), lambda x: np.zeros((3, 2), x.dtype)),
        ([(3,)], lambda x: Tg.zeros(4), lambda x: np.zeros(4))],
    'ones': [
        ([(3,)], lambda x: Tg.ones((x.shape[0], 2), x.dtype), lambda x: np.ones((3, 2), x.dtype)),
        ([(3,)], lambda x: Tg.ones(()), lambda x: np.ones(()))],
    'eye': [
        ([(3,)], lambda x, n=n, m=m, k=k: Tg.eye(n, m, k, x.dtype),
         lambda x, n=n, m=m, k=k: np.eye(n, m, k, x.dtype))
        for n, m, k in ((3, None, 0), (3, 5, 1), (4, 2, -2), (0, 3, 0), (2, 2, 7))],
    'check_positive': [
        ([(2, 3)], lambda x: Tg.check_positive(Tg.square(x), True), np.square),
        ([(2, 3)], lambda x: Tg.check_positive(Tg.square(x) + 1), lambda x: np.square(x) + 1)],
    'product_of_others': [
        ([(2, 3)], lambda x: Tg.product_of_others(x, 1), lambda x: product_of_others(x, 1)),
        ([(2, 3)], lambda x: Tg.product_of_others(x * np.array([1, 0, 1], x.dtype), 1),
         lambda x: product_of_others(x * np.array([1, 0, 1], x.dtype), 1))],
    'diagonal': [
        ([shape], lambda x, a=arguments: Tg.diagonal(x, *a),
         lambda x, a=arguments: np.diagonal(x, *a))
        for shape, arguments in (((3, 4), ()), ((3, 4), (1,)), ((3, 4), (-2,)), ((3, 4), (9,)),
                                 ((2, 3, 4), (0, 1, 2)), ((2, 3, 4), (1, -1, 0)), ((0, 2), ()))],
    'undiagonal': [
        ([(3,)], lambda x: Tg.undiagonal(x, (3, 3)), np.diag),
        ([(2,)], lambda x: Tg.undiagonal(x, (3, 3), -1), lambda x: np.diag(x, -1)),
        ([(2, 3)], lambda x: Tg.undiagonal(x, (3, 2, 4), 0, 0, 2),
         lambda x: np.stack([np.eye(3, 4, dtype=x.dtype) * row[:, None] for row in x], 1))],
    'take': [
        ([shape], lambda x, i=indices, a=axis: Tg.take(x, i, a),
         lambda x, i=indices, a=axis: np.take(x, np.array(i, 'int64'), a))
        for shape, indices, axis in (((4,), [2, 0, 0], 0), ((4, 3), [-1, 2], 0), ((4, 3), [1], -1),
                                     ((4, 3), 1, 1), ((2, 4, 3), [[0, 3], [1, -2]], 1),
                                     ((4, 3), [], 0))],
    'untake': [
        ([(3,)], lambda x: Tg.untake(x, (4,), [2, 0, 2]),
         lambda x: np.array([x[1], 0, x[0] + x[2], 0], x.dtype)),
        ([(2, 2, 3)], lambda x: Tg.untake(x, (2, 5), [[0, -1, 1], [2, 2, 3]], 1),
         lambda x: np.stack([np.array([row[0, 0], row[0, 2], row[1, 0] + row[1, 1], row[1, 2],
                                       row[0, 1]], x.dtype) for row in x]))],
    'take_along_axis': [
        ([shape], lambda x, i=indices, a=axis: Tg.take_along_axis(x, i, a),
         lambda x, i=indices, a=axis: np.take_along_axis(x, np.array(i), a))
        for shape, indices, axis in (((4,), [2, 0, 0], 0), ((2, 3), [[0, -1], [2, 1]], 1),
                                     ((2, 3), [[0, 1, 1]], 0))],
    'untake_along_axis': [
        ([(2, 3)], lambda x: Tg.untake_along_axis(x, (2, 4), [[0, 3, 0], [1, 1, -2]], 1),
         lambda x: np.array([[x[0, 0] + x[0, 2], 0, 0, x[0, 1]],
                             [0, x[1, 0] + x[1, 1], x[1, 2], 0]], x.dtype))],
    'take_nd': [
        ([shape], lambda x, i=indices: Tg.take_nd(x, i),
         lambda x, i=np.array(indices): x[tuple(np.moveaxis(i, -1, 0))])
        for shape, indices in (((3, 4), [[0, 1], [-1, -2]]), ((3, 4), [2, 3]),
                               ((3, 4, 2), [[[0, 1]], [[2, -1]]]), ((3, 4), [[1], [1]]))],
    'untake_nd': [
        ([(3,)], lambda x: Tg.untake_nd(x, (2, 3), [[0, 1], [-1, -1], [0, 1]]),
         lambda x: np.array([[0, x[0] + x[2], 0], [0, 0, x[1]]], x.dtype))],
    'polygamma': [
        ([(3, 4)], lambda x, n=n: Tg.polygamma(n, Tg.abs(x) + 1),
         lambda x, n=n: as_inexact(x, scipy.special.polygamma(
             n, np.abs(x.astype('float64')) + 1)))
        for n in range(5)],
    'broadcast_shape': [
        (shapes, lambda *xs: Tg.broadcast_shape(xs),
         lambda *xs: np.array(np.broadcast_shapes(*(x.shape for x in xs)), 'int64'))
        for shapes in ([(2, 1), (3,)], [()], [(0, 3), (1, 1)], [(4, 1, 3), (2, 1), (1,)])],
    'cumulative_sum': [
        ([shape], lambda x, a=axis: Tg.cumulative_sum(x, a),
         lambda x, a=axis: wide(np.cumsum)(x, axis=a))
        for shape, axis in (((4,), 0), ((2, 3), 1), ((2, 3, 4), -2), ((3, 0), 0), ((0,), 0))],
    'softmax': [
        ([shape], lambda x, a=axis: Tg.softmax(x, axis=a),
         lambda x, a=axis: in_double(lambda x, *_: scipy.special.softmax(x, axis=a))(x))
        for shape, axis in (((4,), 0), ((2, 3), 1), ((2, 3), None), ((2, 3, 4), (0, -1)))],
    'log_softmax': [
        ([shape], lambda x, a=axis: Tg.log_softmax(x, axis=a),
         lambda x, a=axis: in_double(lambda x, *_: scipy.special.log_softmax(x, axis=a))(x))
        for shape, axis in (((4,), 0), ((2, 3), 1), ((2, 3), None), ((2, 3, 4), (0, -1)))],
    'cumulative_prod': [
        ([shape], lambda x, a=axis: Tg.cumulative_prod(x, a),
         lambda x, a=axis: wide(np.cumprod)(x, axis=a))
        for shape, axis in (((4,), 0), ((2, 3), 1), ((2, 3, 4), -2), ((0,), 0))],
    'sort': [
        ([shape], lambda x, a=axis: Tg.sort(x, a), lambda x, a=axis: np.sort(x, a))
        for shape, axis in (((5,), 0), ((3, 4), -1), ((3, 4), 0), ((2, 3, 4), 1), ((0, 2), 0))] + [
        ([(3, 4)], lambda x: Tg.sort(x, -1, True), lambda x: np.flip(np.sort(x, -1), -1))],
    'argsort': [
        ([shape], lambda x, a=axis: Tg.argsort(x, a),
         lambda x, a=axis: np.argsort(x, a, kind='stable'))
        for shape, axis in (((5,), 0), ((3, 4), -1), ((3, 4), 0), ((2, 0), 1))],
    'searchsorted': [
        ([(5,), shape], lambda x, y, side=side: Tg.searchsorted(Tg.sort(x), y, side),
         lambda x, y, side=side: np.searchsorted(np.sort(x), y, side))
        for shape in ((), (4,), (2, 3)) for side in ('left', 'right')],
    'nonzero': [
        ([shape], lambda x: Tg.stack(Tg.nonzero(x)),
         lambda x: np.array(np.nonzero(x), 'int64'))
        for shape in ((6,), (3, 4), (2, 0), (2, 2, 2))],
    'var': [
        ([shape], lambda x, a=axis, c=correction, k=keepdims: Tg.var(x, a, c, k),
         lambda x, a=axis, c=correction, k=keepdims: as_inexact(x, np.var(
             x.astype('float64'), axis=a, ddof=c, keepdims=k)))
        for shape, axis, correction, keepdims in (
            ((4,), None, 0, False), ((3, 4), (0,), 1, True), ((3, 4), (0, 1), 0.5, False),
            ((2, 0), None, 1, False),
            ((2, 0), None, 1, False),
            ((2, 3, 2), (0, 2), 0, False))],
    'std': [
        ([shape], lambda x, a=axis, c=correction, k=keepdims: Tg.std(x, a, c, k),
         lambda x, a=axis, c=correction, k=keepdims: as_inexact(x, np.std(
             x.astype('float64'), axis=a, ddof=c, keepdims=k)))
        for shape, axis, correction, keepdims in (
            ((4,), None, 0, False), ((3, 4), (0,), 1, True), ((2, 3, 2), (0, 2), 0, False))],
    'ptp': [
        ([(3, 4)], lambda x, a=axis, k=keepdims: Tg.ptp(x, a, k),
         lambda x, a=axis, k=keepdims: np.max(x, a, keepdims=k) - np.min(x, a, keepdims=k))
        for axis, keepdims in ((None, False), ((1,), True), ((0, 1), False))],
    'count_nonzero': [
        ([(3, 4)], lambda x, a=axis, k=keepdims: Tg.count_nonzero(x, a, k),
         lambda x, a=axis, k=keepdims: np.asarray(np.count_nonzero(x, axis=a, keepdims=k), 'int64'))
        for axis, keepdims in ((None, False), ((1,), True), ((0, 1), False))],
    'angle': [([(3, 4)], lambda x: Tg.angle(x),
               lambda x: as_inexact(x, np.angle(x.astype('complex128'))))],
    'deg2rad': [([(3, 4)], lambda x: Tg.deg2rad(x),
                 lambda x: as_inexact(x, np.deg2rad(x.astype('float64'))))],
    'rad2deg': [([(3, 4)], lambda x: Tg.rad2deg(x),
                 lambda x: as_inexact(x, np.rad2deg(x.astype('float64'))))],
    'isclose': [
        ([(3, 4), (4,)], lambda x, y: Tg.isclose(x, y), np.isclose),
        ([(3, 4), (4,)], lambda x, y: Tg.isclose(x, y, 0.5, 1), lambda x, y: np.isclose(
            *(v.astype(np.result_type(v.dtype, 'float64')) for v in (x, y)), 0.5, 1))],
    'allclose': [([(3, 4)], lambda x: Tg.allclose(x, x),
                  lambda x: np.asarray(np.allclose(x, x)))],
    'isin': [([(3, 4), (2, 2)], lambda x, y: Tg.isin(x, y), np.isin)],
    'tril': [([shape], lambda x, k=k: Tg.tril(x, k), lambda x, k=k: np.tril(x, k))
             for shape, k in (((3, 4), 0), ((4, 3), 1), ((3, 3), -1), ((2, 3, 3), 0))],
    'triu': [([shape], lambda x, k=k: Tg.triu(x, k), lambda x, k=k: np.triu(x, k))
             for shape, k in (((3, 4), 0), ((4, 3), 1), ((3, 3), -1), ((2, 3, 3), 0))],
    'trace': [([shape], lambda x, a=arguments: Tg.trace(x, *a),
               lambda x, a=arguments: wide(lambda x, dtype: np.asarray(np.trace(x, *a, dtype)))(x))
              for shape, arguments in (((3, 3), (0, 0, 1)), ((3, 4), (1, 0, 1)),
                                       ((2, 3, 4), (0, 1, 2)))],
    'matrix_transpose': [([shape], lambda x: Tg.matrix_transpose(x),
                          lambda x: np.swapaxes(x, -1, -2)) for shape in ((2, 3), (4, 2, 3))],
    'moveaxis': [([(2, 3, 4)], lambda x, a=arguments: Tg.moveaxis(x, *a),
                  lambda x, a=arguments: np.moveaxis(x, *a))
                 for arguments in ((0, -1), (-1, 0), ((0, 1), (1, 0)), ((2, 0), (0, 1)))],
    'swapaxes': [([(2, 3, 4)], lambda x: Tg.swapaxes(x, 0, -1), lambda x: np.swapaxes(x, 0, -1))],
    'flip': [([(2, 3, 4)], lambda x, a=axis: Tg.flip(x, a), lambda x, a=axis: np.flip(x, a))
             for axis in (None, 0, (0, 2), ())],
    'roll': [([shape], lambda x, a=arguments: Tg.roll(x, *a), lambda x, a=arguments: np.roll(x, *a))
             for shape, arguments in (((5,), (2,)), ((2, 3), (-1,)), ((2, 3), (1, 1)),
                                      ((2, 3), ((1, -2), (0, 1))), ((4,), (9, 0)),
                                      ((5,), (-2 ** 63, 0)), ((0, 2), (1, 0)))],
    'tile': [([shape], lambda x, r=repeats: Tg.tile(x, r), lambda x, r=repeats: np.tile(x, r))
             for shape, repeats in (((2,), 3), ((2, 3), (2, 1)), ((2,), (2, 3)), ((2, 3), (2,)),
                                    ((), (2, 2)), ((2, 3), (0, 1)))] + [
        ([(2, 3)], lambda x: Tg.tile(x, [x.shape[0], 1]), lambda x: np.tile(x, (2, 1)))],
    'repeat': [([shape], lambda x, a=arguments: Tg.repeat(x, *a),
                lambda x, a=arguments: np.repeat(x, *a))
               for shape, arguments in (((3,), (2,)), ((2, 3), (2, 0)), ((2, 3), (0, 1)),
                                        ((2, 3), ([2, 0], 0)), ((2, 3), ([1, 2, 3], -1)),
                                        ((2, 3), ([2], 1)), ((2, 2), (3,)))],
    'diff': [([shape], lambda x, a=axis, n=n: Tg.diff(x, n, a),
              lambda x, a=axis, n=n: np.diff(x, n, a))
             for shape, axis, n in (((5,), -1, 1), ((3, 4), 0, 1), ((3, 4), 1, 2), ((3, 4), 1, 0),
                                    ((3, 1), 1, 1))],
    'linspace': [([(), ()], lambda x, y, n=n, e=endpoint: Tg.linspace(x, y, n, endpoint=e),
                  lambda x, y, n=n, e=endpoint: as_inexact(x, np.linspace(
                      x.astype('float64'), y.astype('float64'), n, e)))
                 for n, endpoint in ((5, True), (4, False), (1, True), (0, True), (2, True))],
    'tensordot': [(shapes, lambda x, y, a=axes: Tg.tensordot(x, y, a),
                   lambda x, y, a=axes: np.tensordot(x, y, a))
                  for shapes, axes in (([(2, 3), (3, 4)], 1), ([(2, 3, 4), (3, 4, 2)], 2),
                                       ([(2, 3), (4,)], 0),
                                       ([(2, 3, 4), (4, 5, 2)], ([2, 0], [0, 2])),
                                       ([(2, 3), (3, 2)], ([0], [1])))],
    'vecdot': [(shapes, lambda x, y, a=axis: Tg.vecdot(x, y, a),
                lambda x, y, a=axis: np.sum(np.conj(x) * y, a, dtype=x.dtype))
               for shapes, axis in (([(3,), (3,)], -1), ([(2, 3), (2, 3)], -1),
                                    ([(2, 3), (3,)], -1),
                                    ([(2, 3), (2, 3)], 0), ([(4, 1, 3), (2, 3)], -1))],
}

# These take numbers, not arrays of any dtype, and have tests of their own; those of random numbers
# are in test-random.py.
RANDOM = {name for name in OPS if name.startswith('random_') or name.endswith('_slope')}
OTHERS = {'arange'} | RANDOM


# Values, and arrays that lie in memory in many ways

def draw(rng, shape, dtype):
    """Random numbers with a few digits, so that sums of them are not mere rounding."""
    if dtype == 'bool':
        return rng.random(shape) < 0.5
    if dtype.startswith('int'):
        return rng.integers(-4, 5, shape).astype(dtype)
    if dtype.startswith('uint'):
        return rng.integers(0, 9, shape).astype(dtype)
    if dtype.startswith('complex'):
        return (draw(rng, shape, 'float64') + 1j * draw(rng, shape, 'float64')).astype(dtype)
    return (rng.integers(-300, 301, shape) / 128).astype(dtype)


def draw_inside(rng, op, shapes, dtypes):
    """Random arrays for an elementwise operator, all of whose elements are in its domain."""
    names = op.dup_input_names()
    arrays = [draw(rng, shape, dtype) for shape, dtype in zip(shapes, dtypes)]
    for _ in range(200):
        if op.get_domain() is None or any(array.dtype.kind == 'c' for array in arrays):
            return arrays
        inside = eval(op.get_domain(), dict(zip(names, arrays)))
        if np.all(inside):
            return arrays
        for clause in op.get_domain().split('&'):
            spoken_of = [i for i, name in enumerate(names) if re.search(rf'\b{name}\b', clause)]
            i = spoken_of[0]
            if len(spoken_of) == 1:
                arrays[i] = np.where(eval(clause, {names[i]: arrays[i]}), arrays[i],
                                     draw(rng, shapes[i], dtypes[i]))
            elif dtypes[i] != 'bool':  # the first is to be greater than the others
                arrays[i] = (np.abs(arrays[i]) + 9).astype(dtypes[i])
    return None


def scatter(array, layout):
    """The same elements in memory of another layout."""
    if layout == 'transposed' and array.ndim > 0:
        return np.asfortranarray(array)
    if layout == 'strided' and array.ndim > 0:
        wide = np.repeat(array, 2, axis=-1)
        return wide[..., ::2]
    if layout == 'reversed' and array.ndim > 0:
        return np.ascontiguousarray(array[::-1])[::-1]
    if layout == 'broadcast' and array.ndim > 0 and array.size > 0:
        return np.broadcast_to(array[:1], array.shape)
    return array


LAYOUTS = ('contiguous', 'transposed', 'strided', 'reversed', 'broadcast')


def make_symbols(arrays):
    return [Tg.tensor(array.dtype, (None,) * array.ndim, f'x{i}') for i, array in enumerate(arrays)]


def compare(result, expected, dtype=None):
    expected = np.asarray(expected)
    dtype = np.dtype(dtype or expected.dtype)
    assert result.dtype == dtype
    assert result.shape == expected.shape
    if dtype.kind in 'fc':
        tolerance = TOLERANCE[dtype.name]
        np.testing.assert_allclose(result, expected.astype(dtype), rtol=tolerance, atol=tolerance)
    else:
        np.testing.assert_array_equal(result, expected)
