# SPDX-License-Identifier: LGPL-2.1-or-later
"""For each operator that is neither elementwise nor a reduction, all that hypothesis may ask of it.

A strategy draws a case as references.py has them: the shapes of the arrays, the expression, and
what numpy makes of the same arrays.
"""

import functools

import numpy as np
import scipy.special
from gi.repository import Tg
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from references import DTYPES, as_inexact, cast, wide

STRATEGIES = {}


def strategy(*names):
    """Makes a strategy for each of the operators, whose name is the second argument."""
    def register(function):
        for name in names:
            STRATEGIES[name] = st.composite(function)(name)
        return function
    return register


def precise(function):
    """What has sums of products is computed in twice the width, as the library has it."""
    def reference(*arrays, **options):
        dtype = np.result_type(*arrays)
        if dtype.kind not in 'fc':
            return np.asarray(function(*arrays, **options))
        with np.errstate(all='ignore'):
            result = function(*(array.astype(np.result_type(dtype, 'float64')) for array in arrays),
                              **options)
        return np.asarray(result).astype(dtype)
    return reference


# Parts of a case

sizes = st.integers(0, 4)
flags = st.booleans()
offsets = st.integers(-5, 5)


def shapes(least=0, most=4, min_size=0):
    return st.lists(st.integers(min_size, 4), min_size=least, max_size=most).map(tuple)


def one_axis(ndim):
    return st.integers(-ndim, ndim - 1)


@st.composite
def some_axes(draw, ndim, least=0):
    """Axes that differ, as a tuple, from either end."""
    axes = draw(st.permutations(range(ndim)))[:draw(st.integers(min(least, ndim), ndim))]
    return tuple(axis - ndim * draw(flags) for axis in axes)


def any_axes(ndim):
    """What a reduction takes."""
    return st.none() | (one_axis(ndim) | some_axes(ndim) if ndim > 0 else st.just(()))


@st.composite
def two_axes(draw, ndim):
    first, second = draw(st.permutations(range(ndim)))[:2]
    return first - ndim * draw(flags), second - ndim * draw(flags)


@st.composite
def maybe_computed(draw, value):
    """Numbers that the graph may compute: known when it is built, or not before it runs."""
    return Tg.shared(np.array(value, 'int64')) if draw(flags) else value


def positions(size, shape):
    """Positions along an axis, counted from either end; without a part there are none."""
    shape = shape if size > 0 else (*shape[:-1], 0)
    n = int(np.prod(shape))
    return st.lists(st.integers(-size, max(size - 1, 0)), min_size=n, max_size=n).map(
        lambda values: np.array(values, 'int64').reshape(shape))


def key_for(axis, position):
    """Indexes one axis, counted from the start."""
    return (slice(None),) * axis + (position,)


# Contractions

@strategy('matmul')
def matmul(draw, name):
    pair, _ = draw(mutually_broadcastable_shapes(signature=np.matmul.signature, min_side=0,
                                                 max_dims=2, max_side=4))
    return list(pair), Tg.matmul, precise(np.matmul)


@strategy('dot')
def dot(draw, name):
    x, y = draw(shapes()), draw(shapes(most=2))
    if draw(flags):
        x, y = draw(st.permutations([(), x]))
    elif x and y:
        x = (*x[:-1], y[0])
    return [x, y], Tg.dot, precise(np.dot)


@strategy('outer')
def outer(draw, name):
    return [(draw(sizes),), (draw(sizes),)], Tg.outer, precise(np.outer)


@strategy('einsum')
def einsum(draw, name):
    size = {letter: draw(sizes) for letter in 'abcd'[:draw(sizes)]}
    # In which of the two operands and the result a letter stands.
    places = {letter: draw(st.sampled_from(['xy', 'xr', 'yr', 'xyr'])) for letter in size}
    x, y, result = (''.join(draw(st.permutations([a for a in size if place in places[a]])))
                    for place in 'xyr')
    text = f'{x},{y}->{result}'
    return ([tuple(size[letter] for letter in letters) for letters in (x, y)],
            lambda x, y: Tg.einsum(text, x, y), precise(functools.partial(np.einsum, text)))


@strategy('tensordot')
def tensordot(draw, name):
    x, others = draw(shapes(most=3)), draw(shapes(most=2))
    axes = draw(some_axes(len(x)))
    if draw(flags):  # the last ones of the one are the first ones of the other
        axes = tuple(range(len(x) - len(axes), len(x)))
        argument = len(axes)
        y = tuple(x[axis] for axis in axes) + others
    else:
        order = draw(st.permutations(range(len(axes) + len(others))))
        y = tuple(([x[axis] for axis in axes] + list(others))[i] for i in order)
        argument = [list(axes), [order.index(i) for i in range(len(axes))]]
    return ([x, y], lambda x, y: Tg.tensordot(x, y, argument),
            precise(lambda x, y: np.tensordot(x, y, argument)))


@strategy('vecdot')
def vecdot(draw, name):
    pair, _ = draw(mutually_broadcastable_shapes(signature='(k),(k)->()', min_side=0, max_dims=2,
                                                 max_side=4))
    axis = draw(st.integers(-min(map(len, pair)), -1))
    pair = [np.moveaxis(np.empty(shape, 'bool'), -1, axis).shape for shape in pair]
    if len(pair[0]) == len(pair[1]) and draw(flags):
        axis += len(pair[0])

    def reference(x, y):
        ndim = max(x.ndim, y.ndim)
        x, y = (np.moveaxis(v, axis, -1) for v in (x, y))
        return np.sum(np.conj(x) * y, -1, dtype=np.result_type(x, y)).reshape(
            np.broadcast_shapes(x.shape[:-1], y.shape[:-1])[:ndim])
    return pair, lambda x, y: Tg.vecdot(x, y, axis), precise(reference)


# Shapes

@strategy('reshape')
def reshape(draw, name):
    shape = draw(shapes())
    if 0 in shape:
        to = draw(st.permutations([0, *draw(shapes(most=3))]))
    else:
        to = [1] * draw(st.integers(0 if np.prod(shape) == 1 else 1, 4))
        for prime in (2, 3):
            rest = int(np.prod(shape))
            while rest % prime == 0:
                rest //= prime
                to[draw(st.integers(0, len(to) - 1))] *= prime
        if to and draw(flags):
            to[draw(st.integers(0, len(to) - 1))] = -1
    argument = draw(maybe_computed(to))
    return [shape], lambda x: Tg.reshape(x, argument), lambda x: np.reshape(x, to)


@st.composite
def narrowed(draw, shape):
    """A shape that is broadcast to this one."""
    return tuple(1 if draw(flags) else size for size in shape[draw(st.integers(0, len(shape))):])


@strategy('broadcast_to')
def broadcast_to(draw, name):
    to = draw(shapes())
    argument = draw(maybe_computed(to))
    return ([draw(narrowed(to))], lambda x: Tg.broadcast_to(x, argument),
            lambda x: np.broadcast_to(x, to))


@strategy('sum_to')
def sum_to(draw, name):
    shape = draw(shapes())
    to = draw(narrowed(shape))
    argument = draw(maybe_computed(to))

    def reference(x):
        x = x.sum(tuple(range(x.ndim - len(to))), dtype=x.dtype)
        return x.sum(tuple(i for i, size in enumerate(to) if size == 1), keepdims=True,
                     dtype=x.dtype)
    return [shape], lambda x: Tg.sum_to(x, argument), precise(reference)


@strategy('permute_dims')
def permute_dims(draw, name):
    shape = draw(shapes())
    axes = draw(some_axes(len(shape), len(shape)))
    return [shape], lambda x: Tg.permute_dims(x, axes), lambda x: np.transpose(x, axes)


@strategy('expand_dims')
def expand_dims(draw, name):
    shape, n = draw(shapes()), draw(st.integers(0, 3))
    axes = draw(some_axes(len(shape) + n, len(shape) + n))[:n]
    axis = axes[0] if n == 1 and draw(flags) else axes
    return [shape], lambda x: Tg.expand_dims(x, axis), lambda x: np.expand_dims(x, axis)


@strategy('squeeze')
def squeeze(draw, name):
    shape = list(draw(shapes()))
    axes = draw(some_axes(len(shape)))
    for axis in axes:
        shape[axis] = 1
    axis = axes[0] if len(axes) == 1 and draw(flags) else axes
    return [tuple(shape)], lambda x: Tg.squeeze(x, axis), lambda x: np.squeeze(x, axis)


@strategy('concat')
def concat(draw, name):
    shape = draw(shapes(least=1))
    axis = draw(one_axis(len(shape)))
    parts = [(*shape[:axis], draw(sizes), *shape[axis % len(shape) + 1:])
             for _ in range(draw(st.integers(1, 3)))]
    return parts, lambda *xs: Tg.concat(xs, axis), lambda *xs: np.concatenate(xs, axis)


@strategy('stack')
def stack(draw, name):
    shape = draw(shapes())
    axis = draw(one_axis(len(shape) + 1))
    return ([shape] * draw(st.integers(1, 3)), lambda *xs: Tg.stack(xs, axis),
            lambda *xs: np.stack(xs, axis))


@strategy('matrix_transpose')
def matrix_transpose(draw, name):
    return [draw(shapes(least=2))], Tg.matrix_transpose, lambda x: np.swapaxes(x, -1, -2)


@strategy('moveaxis')
def moveaxis(draw, name):
    shape = draw(shapes())
    source = draw(some_axes(len(shape)))
    destination = draw(some_axes(len(shape), len(shape)))[:len(source)]
    return ([shape], lambda x: Tg.moveaxis(x, source, destination),
            lambda x: np.moveaxis(x, source, destination))


@strategy('swapaxes')
def swapaxes(draw, name):
    shape = draw(shapes(least=1))
    axes = draw(one_axis(len(shape))), draw(one_axis(len(shape)))
    return [shape], lambda x: Tg.swapaxes(x, *axes), lambda x: np.swapaxes(x, *axes)


@strategy('flip')
def flip(draw, name):
    shape = draw(shapes())
    axis = draw(any_axes(len(shape)))
    return [shape], lambda x: Tg.flip(x, axis), lambda x: np.flip(x, axis)


@strategy('roll')
def roll(draw, name):
    shape = draw(shapes())
    axis = draw(some_axes(len(shape)))
    if not axis:
        shift = draw(st.integers(-9, 9))
        return [shape], lambda x: Tg.roll(x, shift), lambda x: np.roll(x, shift)
    shift = tuple(draw(st.integers(-9, 9)) for _ in axis)
    return [shape], lambda x: Tg.roll(x, shift, axis), lambda x: np.roll(x, shift, axis)


@strategy('tile')
def tile(draw, name):
    shape = draw(shapes(most=3))
    repeats = draw(st.lists(st.integers(0, 3), max_size=len(shape) + 1))
    argument = draw(maybe_computed(repeats))
    return [shape], lambda x: Tg.tile(x, argument), lambda x: np.tile(x, repeats)


@strategy('repeat')
def repeat(draw, name):
    shape = draw(shapes())
    axis = draw(st.none() | one_axis(len(shape))) if shape else None
    n = int(np.prod(shape)) if axis is None else shape[axis]
    repeats = np.array(draw(st.integers(0, 3) | st.lists(st.integers(0, 3), min_size=n,
                                                         max_size=n)), 'int64')
    argument = draw(maybe_computed(repeats))
    return ([shape], lambda x: Tg.repeat(x, argument, axis), lambda x: np.repeat(x, repeats, axis))


# Parts

@strategy('index', 'unindex')
def index(draw, name):
    shape = draw(shapes(least=1, min_size=1))
    axis = draw(one_axis(len(shape)))
    position = draw(one_axis(shape[axis]))
    argument = draw(maybe_computed(position))
    key = key_for(axis % len(shape), position)
    if name == 'index':
        return [shape], lambda x: Tg.index(x, argument, axis), lambda x: x[key]
    return ([np.empty(shape, 'bool')[key].shape], lambda x: Tg.unindex(x, shape, argument, axis),
            lambda x: put(shape, key, x))


def put(shape, key, x):
    result = np.zeros(shape, x.dtype)
    result[key] = x
    return result


@strategy('slice', 'unslice')
def slices(draw, name):
    shape = draw(shapes())
    axes = draw(some_axes(len(shape)))
    start, stop, step = ([draw(numbers) for _ in axes] for numbers in (
        st.integers(-6, 6), st.integers(-6, 6), st.integers(-3, 3).filter(bool)))
    key = [slice(None)] * len(shape)
    for i, axis in enumerate(axes):
        key[axis] = slice(start[i], stop[i], step[i])
    key = tuple(key)
    start, stop = draw(maybe_computed(start)), draw(maybe_computed(stop))
    if name == 'slice':
        return [shape], lambda x: Tg.slice(x, start, stop, axes, step), lambda x: x[key]
    return ([np.empty(shape, 'bool')[key].shape],
            lambda x: Tg.unslice(x, shape, start, stop, axes, step), lambda x: put(shape, key, x))


@strategy('diagonal', 'undiagonal')
def diagonals(draw, name):
    shape = draw(shapes(least=2))
    arguments = (draw(offsets), *draw(two_axes(len(shape))))
    if name == 'diagonal':
        return ([shape], lambda x: Tg.diagonal(x, *arguments),
                lambda x: np.diagonal(x, *arguments))

    def reference(x):
        result = np.zeros(shape, x.dtype)
        view = np.diagonal(result, *arguments)
        view.flags.writeable = True
        view[...] = x
        return result
    return ([np.diagonal(np.empty(shape, 'bool'), *arguments).shape],
            lambda x: Tg.undiagonal(x, shape, *arguments), reference)


@strategy('trace')
def trace(draw, name):
    shape = draw(shapes(least=2))
    arguments = (draw(offsets), *draw(two_axes(len(shape))))
    return ([shape], lambda x: Tg.trace(x, *arguments),
            wide(lambda x, dtype: np.asarray(np.trace(x, *arguments, dtype))))


def scatter_to(shape, keys_of, accumulate):
    """Zeros, where the parts of an array go to their places, in row-major order."""
    def reference(x):
        result = np.zeros(shape, x.dtype)
        for there, here in keys_of(x):
            result[there] = result[there] + x[here] if accumulate else x[here]
        return result
    return precise(reference) if accumulate else reference


@strategy('take', 'untake')
def take(draw, name):
    shape = draw(shapes(least=1, most=3))
    axis = draw(one_axis(len(shape)))
    indices = draw(positions(shape[axis], draw(shapes(least=int(shape[axis] == 0), most=2))))
    argument = draw(maybe_computed(indices))
    front = axis % len(shape)
    if name == 'take':
        return ([shape], lambda x: Tg.take(x, argument, axis),
                lambda x: np.take(x, indices, axis))
    accumulate = draw(flags)
    return ([(*shape[:front], *indices.shape, *shape[front + 1:])],
            lambda x: Tg.untake(x, shape, argument, axis, accumulate),
            scatter_to(shape, lambda x: [
                (key_for(front, indices[place]), (slice(None),) * front + place)
                for place in np.ndindex(indices.shape)], accumulate))


@strategy('take_along_axis', 'untake_along_axis')
def take_along_axis(draw, name):
    shape = draw(shapes(least=1, most=3))
    axis = draw(one_axis(len(shape)))
    front = axis % len(shape)
    n = draw(sizes) if shape[axis] > 0 else 0
    few = (*shape[:front], n, *shape[front + 1:])
    indices = draw(positions(shape[axis], (int(np.prod(few)),))).reshape(few)
    argument = draw(maybe_computed(indices))
    if name == 'take_along_axis':
        return ([shape], lambda x: Tg.take_along_axis(x, argument, axis),
                lambda x: np.take_along_axis(x, indices, axis))
    accumulate = draw(flags)
    return ([few], lambda x: Tg.untake_along_axis(x, shape, argument, axis, accumulate),
            scatter_to(shape, lambda x: [
                ((*place[:front], indices[place], *place[front + 1:]), place)
                for place in np.ndindex(few)], accumulate))


@strategy('take_nd', 'untake_nd')
def take_nd(draw, name):
    shape = draw(shapes(least=1, most=3))
    n = draw(st.integers(1, len(shape)))
    batch = draw(shapes(most=2)) if 0 not in shape[:n] else (0,)
    indices = np.array([[draw(one_axis(size)) for size in shape[:n]]
                        for _ in range(int(np.prod(batch)))], 'int64').reshape((*batch, n))
    argument = draw(maybe_computed(indices))
    if name == 'take_nd':
        return ([shape], lambda x: Tg.take_nd(x, argument),
                lambda x: x[tuple(np.moveaxis(indices, -1, 0))])
    accumulate = draw(flags)
    return ([(*batch, *shape[n:])], lambda x: Tg.untake_nd(x, shape, argument, accumulate),
            scatter_to(shape, lambda x: [(tuple(indices[place]), place)
                                         for place in np.ndindex(batch)], accumulate))


@strategy('tril', 'triu')
def triangle(draw, name):
    k = draw(offsets)
    return ([draw(shapes(least=2))], lambda x: getattr(Tg, name)(x, k),
            lambda x: getattr(np, name)(x, k))


# Numbers along axes

@strategy('cumulative_sum', 'cumulative_prod')
def cumulative(draw, name):
    shape = draw(shapes(least=1, most=3))
    axis, initial = draw(one_axis(len(shape))), draw(flags)
    function = np.cumsum if name == 'cumulative_sum' else np.cumprod

    def reference(x):
        result = wide(function)(x, axis=axis)
        first = np.full_like(result, name == 'cumulative_prod', shape=tuple(
            1 if i == axis % x.ndim else size for i, size in enumerate(x.shape)))
        return np.concatenate([first, result], axis) if initial else result
    return ([shape], lambda x: getattr(Tg, name)(x, axis, include_initial=initial), reference)


@strategy('softmax', 'log_softmax')
def softmax(draw, name):
    shape = draw(shapes(least=1, most=3))
    axis = draw(one_axis(len(shape)))
    function = getattr(scipy.special, name)
    if 0 in shape:
        return [shape], lambda x: getattr(Tg, name)(x, axis=axis), as_inexact_of(np.copy)
    return ([shape], lambda x: getattr(Tg, name)(x, axis=axis),
            as_inexact_of(lambda x: function(x.astype('float64'), axis=axis)))


def as_inexact_of(function):
    return lambda x: as_inexact(x, function(x))


@strategy('sort')
def sort(draw, name):
    shape = draw(shapes(least=1))
    axis, descending = draw(one_axis(len(shape))), draw(flags)
    return ([shape], lambda x: Tg.sort(x, axis, descending),
            lambda x: np.flip(np.sort(x, axis), axis) if descending else np.sort(x, axis))


@strategy('argsort')
def argsort(draw, name):
    shape = draw(shapes(least=1))
    axis, descending = draw(one_axis(len(shape))), draw(flags)

    def reference(x):
        if not descending:
            return np.argsort(x, axis, kind='stable')
        # From the end, equal ones are in their order again.
        order = np.argsort(np.flip(x, axis), axis, kind='stable')
        return np.flip(x.shape[axis] - 1 - order, axis)
    return [shape], lambda x: Tg.argsort(x, axis, descending), reference


@strategy('searchsorted')
def searchsorted(draw, name):
    side = draw(st.sampled_from(['left', 'right']))
    return ([(draw(st.integers(0, 9)),), draw(shapes(most=3))],
            lambda x, y: Tg.searchsorted(Tg.sort(x), y, side),
            lambda x, y: np.asarray(np.searchsorted(np.sort(x), y, side)))


@strategy('nonzero')
def nonzero(draw, name):
    return ([draw(shapes(least=1))], lambda x: Tg.stack(Tg.nonzero(x)),
            lambda x: np.array(np.nonzero(x), 'int64'))


@strategy('var', 'std')
def variance(draw, name):
    shape = draw(shapes())
    axis, keepdims = draw(any_axes(len(shape))), draw(flags)
    correction = draw(st.sampled_from([0, 1, 0.5, 3]))

    def reference(x):
        with np.errstate(all='ignore'):
            return as_inexact(x, getattr(np, name)(x.astype('float64'), axis=axis, ddof=correction,
                                                   keepdims=keepdims))
    return [shape], lambda x: getattr(Tg, name)(x, axis, correction, keepdims), reference


@strategy('ptp')
def ptp(draw, name):
    shape = draw(shapes(min_size=1))
    axis, keepdims = draw(any_axes(len(shape))), draw(flags)
    return ([shape], lambda x: Tg.ptp(x, axis, keepdims),
            lambda x: np.max(x, axis, keepdims=keepdims) - np.min(x, axis, keepdims=keepdims))


@strategy('count_nonzero')
def count_nonzero(draw, name):
    shape = draw(shapes())
    axis, keepdims = draw(any_axes(len(shape))), draw(flags)
    return ([shape], lambda x: Tg.count_nonzero(x, axis, keepdims),
            lambda x: np.sum(x != 0, axis, keepdims=keepdims, dtype='int64'))


@strategy('product_of_others')
def product_of_others(draw, name):
    shape = draw(shapes(most=3))
    axis = draw(any_axes(len(shape)))

    def reference(x):
        axes = range(x.ndim) if axis is None else np.atleast_1d(axis).astype(int)
        axes = [a % x.ndim for a in axes]
        result = np.empty_like(x)
        for place in np.ndindex(x.shape):
            rest = tuple(slice(None) if a in axes else place[a] for a in range(x.ndim))
            others = np.array(x[rest])
            others[tuple(place[a] for a in sorted(axes))] = 1
            result[place] = np.prod(others, dtype=x.dtype)
        return result
    return [shape], lambda x: Tg.product_of_others(x, axis), precise(reference)


@strategy('diff')
def diff(draw, name):
    shape = draw(shapes(least=1))
    axis, n = draw(one_axis(len(shape))), draw(st.integers(0, 5))
    return [shape], lambda x: Tg.diff(x, n, axis), lambda x: np.diff(x, n, axis)


# Numbers by themselves

@strategy('polygamma')
def polygamma(draw, name):
    n = draw(st.integers(0, 9))
    return ([draw(shapes())], lambda x: Tg.polygamma(n, Tg.abs(x) + 1),
            lambda x: as_inexact(x, scipy.special.polygamma(n, np.abs(x.astype('float64')) + 1)))


@strategy('angle', 'deg2rad', 'rad2deg')
def angle(draw, name):
    return ([draw(shapes())], getattr(Tg, name), lambda x: as_inexact(x, getattr(np, name)(
        x.astype('complex128' if name == 'angle' else 'float64'))))


@strategy('isclose', 'allclose')
def isclose(draw, name):
    pair, _ = draw(mutually_broadcastable_shapes(num_shapes=2, min_side=0, max_dims=4, max_side=4))
    # Powers of 2, so that no bound is rounded.
    arguments = (draw(st.sampled_from([0, 2**-10, 0.5])), draw(st.sampled_from([0, 2**-7, 1])),
                 draw(flags))

    def reference(x, y):
        x, y = (np.where(np.abs(v) > 2, np.nan, v.astype(np.result_type(v, 'float64')))
                for v in (x, y))
        return np.asarray(getattr(np, name)(x, y, *arguments))

    def expression(x, y):
        return getattr(Tg, name)(*(Tg.where(Tg.abs(v) > 2, np.nan, v) for v in (x, y)), *arguments)
    return list(pair), expression, reference


@strategy('isin')
def isin(draw, name):
    return [draw(shapes(most=3)), draw(shapes(most=2))], Tg.isin, np.isin


@strategy('astype')
def astype(draw, name):
    dtype = draw(st.sampled_from(list(DTYPES)))
    return [draw(shapes())], lambda x: Tg.astype(x, dtype), lambda x: cast(x, dtype)


@strategy('assume')
def assume(draw, name):
    return [draw(shapes())], lambda x: Tg.assume(x, -1e300, 1e300), lambda x: x


@strategy('with_gradient')
def with_gradient(draw, name):
    return [draw(shapes())], lambda x: Tg.with_gradient([x * x, x], '2 * x1 * g'), lambda x: x * x


@strategy('check_positive')
def check_positive(draw, name):
    zero = draw(flags)
    return ([draw(shapes())], lambda x: Tg.check_positive(Tg.abs(x) + (1 - zero), zero),
            lambda x: np.abs(x) + np.array(1 - zero, x.dtype))


# Shapes as numbers, and tensors that are made

@strategy('shape')
def shape(draw, name):
    return [draw(shapes())], Tg.shape, lambda x: np.array(x.shape, 'int64')


@strategy('size')
def size(draw, name):
    shape = draw(shapes())
    axis = draw(any_axes(len(shape)))
    return ([shape], lambda x: Tg.size(x, axis), lambda x: np.array(
        x.size if axis is None else np.prod(np.array(x.shape, 'int64')[np.atleast_1d(axis).astype(
            int)], dtype='int64')))


@strategy('broadcast_shape')
def broadcast_shape(draw, name):
    several, result = draw(mutually_broadcastable_shapes(
        num_shapes=draw(st.integers(1, 4)), min_side=0, max_dims=4, max_side=4))
    return (list(several), lambda *xs: Tg.broadcast_shape(xs),
            lambda *xs: np.array(result, 'int64'))


@strategy('full')
def full(draw, name):
    shape, dtype = draw(shapes()), draw(st.none() | st.sampled_from(list(DTYPES)))
    argument = draw(maybe_computed(shape))
    return ([()], lambda x: Tg.full(argument, x, dtype),
            lambda x: np.broadcast_to(x if dtype is None else cast(x, dtype), shape))


@strategy('zeros', 'ones')
def filled(draw, name):
    shape = draw(shapes())
    argument = draw(maybe_computed(shape))
    return ([()], lambda x: getattr(Tg, name)(argument, x.dtype),
            lambda x: getattr(np, name)(shape, x.dtype))


@strategy('eye')
def eye(draw, name):
    n, m, k = draw(sizes), draw(st.none() | sizes), draw(offsets)
    rows = draw(maybe_computed(n))
    return [()], lambda x: Tg.eye(rows, m, k, x.dtype), lambda x: np.eye(n, m, k, x.dtype)


@strategy('arange')
def arange(draw, name):
    numbers = st.integers(-9, 9) | st.integers(-20, 20).map(lambda n: n / 4)
    arguments = draw(numbers), draw(numbers), draw(numbers.filter(bool))
    return [], lambda: Tg.arange(*arguments), lambda: np.arange(*arguments)


@strategy('linspace')
def linspace(draw, name):
    n, endpoint = draw(st.integers(0, 6)), draw(flags)
    return ([(), ()], lambda x, y: Tg.linspace(x, y, n, endpoint=endpoint),
            lambda x, y: as_inexact(x, np.linspace(x.astype('float64'), y.astype('float64'), n,
                                                   endpoint)))
