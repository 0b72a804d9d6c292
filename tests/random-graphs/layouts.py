# SPDX-License-Identifier: LGPL-2.1-or-later
"""Calls of the operators that take shapes, positions and axes, such as fit the values there are.

Each function takes a generator, of which it uses the random numbers and the variables, and gives a
text of the notation and the variables for its letters.
"""

import math

import numpy as np
from interpreter import COMPLEX, LETTERS, Refused

WRITERS = {}


def writes(*names):
    def register(function):
        WRITERS.update(dict.fromkeys(names, function))
        return function
    return register


def write_layout(generator, name):
    if name not in WRITERS:
        raise Refused(name)
    return WRITERS[name](generator, name)


def positive_axis(g, ndim):
    return g.rng.randrange(ndim)


def either_axis(g, ndim):
    """One axis, from either end."""
    if not ndim:
        raise Refused
    return g.rng.randrange(-ndim, ndim)


def array_of(g, least=0):
    node = g.pick(lambda node: g.known[node].ndim >= least)
    return node, g.known[node].shape


def positions(g, size, shape):
    """Positions along an axis, as text; those of nothing are none."""
    if not size:
        raise Refused
    values = np.array([g.rng.randrange(-size, size) for _ in range(math.prod(shape))], int)
    return str(values.reshape(shape).tolist())


def factors(g, n):
    """A shape of so many elements."""
    shape = [1] * g.rng.randint(1, 3)
    for prime in (2, 3, 5, 7):
        while n and n % prime == 0:
            n //= prime
            shape[g.rng.randrange(len(shape))] *= prime
    return [*shape, n] if n != 1 else shape


@writes('reshape')
def reshape(g, name):
    node, shape = array_of(g)
    if g.rng.random() < 0.25:
        return 'reshape(reshape(x, [-1]), shape(x))', {'x': node}
    to = factors(g, math.prod(shape))
    if g.rng.random() < 0.3 and 0 not in to:
        to[g.rng.randrange(len(to))] = -1
    return f'reshape(x, {to})', {'x': node}


@writes('broadcast_to')
def broadcast_to(g, name):
    node, shape = array_of(g)
    if g.rng.random() < 0.3:
        other = g.pick_beside(node, same_dtype=False)
        return 'broadcast_to(x, broadcast_shape([x, y]))', {'x': node, 'y': other}
    to = [g.rng.choice([1, 2, 3]) if size == 1 else size for size in shape]
    return f'broadcast_to(x, {[g.rng.choice([1, 2])] * g.rng.randint(0, 1) + to})', {'x': node}


@writes('sum_to')
def sum_to(g, name):
    node, shape = array_of(g)
    to = [1 if g.rng.random() < 0.4 else size for size in shape][g.rng.randint(0, len(shape)):]
    return f'sum_to(x, {to})', {'x': node}


@writes('permute_dims', 'matrix_transpose')
def permute_dims(g, name):
    node, shape = array_of(g, 2)
    axes = list(range(len(shape)))
    g.rng.shuffle(axes)
    if name == 'matrix_transpose':
        return 'matrix_transpose(x)', {'x': node}
    return f'permute_dims(x, axes={axes})', {'x': node}


@writes('expand_dims')
def expand_dims(g, name):
    node, shape = array_of(g)
    return f'expand_dims(x, axis=[{g.rng.randint(-len(shape) - 1, len(shape))}])', {'x': node}


@writes('squeeze')
def squeeze(g, name):
    node, shape = array_of(g)
    units = [axis for axis, size in enumerate(shape) if size == 1]
    return f'squeeze(x, axis={units[:g.rng.randint(0, len(units))]})', {'x': node}


@writes('concat', 'stack')
def concat(g, name):
    node, shape = array_of(g, int(name == 'concat'))
    other = g.pick(lambda other: g.known[other].shape == shape)
    axis = either_axis(g, len(shape) + (name == 'stack'))
    return f'{name}([{g.rng.choice(["x, y", "x, y, x", "y", "x, 2 * y"])}], axis={axis})', {
        'x': node, 'y': other}


@writes('index', 'unindex')
def index(g, name):
    node, shape = array_of(g, 1)
    axis = either_axis(g, len(shape))
    if name == 'index':
        return f'index(x, {positions(g, shape[axis], ())}, axis={axis})', {'x': node}
    to = list(shape)
    axis = positive_axis(g, len(shape) + 1)
    to.insert(axis, g.rng.choice([1, 2]))
    return f'unindex(x, {to}, {positions(g, to[axis], ())}, axis={axis})', {'x': node}


@writes('slice', 'unslice')
def slices(g, name):
    node, shape = array_of(g, 1)
    axis = positive_axis(g, len(shape))
    start, stop = g.rng.randint(-5, 5), g.rng.choice([None, None, *range(-5, 6)])
    step = g.rng.choice([1, 1, 2, -1, -2])
    key = slice(start, stop, step)
    n = len(range(*key.indices(shape[axis])))
    last = 2 ** 63 - 1 if step > 0 else -2 ** 63
    text = f'[{start}], [{last if stop is None else stop}], axis=[{axis}], step=[{step}])'
    if name == 'slice':
        return f'slice(x, {text}', {'x': node}
    cut = f'slice(x, [0], [{n}], axis=[{axis}], step=[1])'
    return f'unslice({cut}, {list(shape)}, {text}', {'x': node}


@writes('diagonal', 'undiagonal', 'trace', 'tril', 'triu')
def diagonal(g, name):
    node, shape = array_of(g, 2)
    axes = g.rng.sample(range(len(shape)), 2)
    offset = g.rng.randint(-2, 2)
    if name in ('tril', 'triu'):
        return f'{name}(x, k={offset})', {'x': node}
    text = f'offset={offset}, axis1={axes[0]}, axis2={axes[1]})'
    if name == 'undiagonal':
        return f'undiagonal(diagonal(x, {text}, shape(x), {text}', {'x': node}
    return f'{name}(x, {text}', {'x': node}


@writes('take', 'untake')
def take(g, name):
    node, shape = array_of(g, 1)
    axis = positive_axis(g, len(shape))
    if name == 'take':
        few = g.rng.choice([(), (1,), (3,), (2, 2)])
        return f'take(x, {positions(g, shape[axis], few)}, axis={axis})', {'x': node}
    to = [*shape[:axis], g.rng.randint(1, 4), *shape[axis + 1:]]
    return (f'untake(x, {to}, {positions(g, to[axis], (shape[axis],))}, axis={axis}, '
            f'accumulate={g.flag()})', {'x': node})


@writes('take_along_axis', 'untake_along_axis')
def take_along_axis(g, name):
    node, shape = array_of(g, 1)
    axis = positive_axis(g, len(shape))
    if 0 in shape:
        raise Refused
    if name == 'take_along_axis' and g.rng.random() < 0.5:
        node, shape = g.pick(lambda node: g.known[node].ndim and node.dtype not in COMPLEX), None
        axis = positive_axis(g, g.known[node].ndim)
        return f'take_along_axis(x, argsort(x, axis={axis}), axis={axis})', {'x': node}
    indices = positions(g, shape[axis], shape)
    if name == 'take_along_axis':
        return f'take_along_axis(x, {indices}, axis={axis})', {'x': node}
    return (f'untake_along_axis(x, {list(shape)}, {indices}, axis={axis}, accumulate={g.flag()})',
            {'x': node})


@writes('take_nd', 'untake_nd')
def take_nd(g, name):
    node, shape = array_of(g, 1)
    if 0 in shape:
        raise Refused
    if name == 'take_nd':
        n = g.rng.randint(1, min(2, len(shape)))
        indices = [[g.rng.randrange(-size, size) for size in shape[:n]]
                   for _ in range(g.rng.randint(1, 3))]
        return f'take_nd(x, {indices})', {'x': node}
    indices = [[g.rng.randrange(3)] for _ in range(shape[0])]
    return (f'untake_nd(x, {[3, *shape[1:]]}, {indices}, accumulate={g.flag()})', {'x': node})


@writes('matmul', 'dot', 'outer', 'vecdot')
def matmul(g, name):
    node, shape = array_of(g, 1)
    others = {'outer': lambda other: len(other) == 1, 'vecdot': lambda other: other == shape}
    fits = others.get(name, lambda other: other[-2:][:1] == shape[-1:])
    other = g.pick(lambda other: g.known[other].ndim >= 1 and fits(g.known[other].shape))
    if name == 'matmul' and g.rng.random() < 0.3 and len(shape) == 2:
        return 'matmul(x, permute_dims(x, axes=[1, 0]))', {'x': node}
    if name == 'vecdot':
        return f'vecdot(x, y, axis={either_axis(g, len(shape))})', {'x': node, 'y': other}
    return f'{name}(x, y)', {'x': node, 'y': other}


@writes('einsum', 'tensordot')
def einsum(g, name):
    node, shape = array_of(g, 2)
    other = g.pick(lambda other: g.known[other].ndim == 2)
    if name == 'tensordot' or len(shape) != 2:
        return f'tensordot(x, x, x_axes=[{len(shape) - 1}], y_axes=[{len(shape) - 1}])', {'x': node}
    second = g.known[other].shape
    letters = {0: 'i', 1: 'j'}
    pair = [next((letters[a] for a in (0, 1) if shape[a] == size), 'kl'[b])
            for b, size in enumerate(second)]
    pair = pair if pair[0] != pair[1] else ['i', 'k'] if shape[0] == second[0] else ['j', 'k']
    result = [letter for letter in ['i', 'j', *pair]
              if not (letter in 'ij' and letter in pair) or g.rng.random() < 0.4]
    result = list(dict.fromkeys(result))
    g.rng.shuffle(result)
    return f'einsum(x, y, subscripts="ij,{"".join(pair)}->{"".join(result)}")', {
        'x': node, 'y': other}


@writes('astype')
def astype(g, name):
    return f'astype(x, dtype={LETTERS[g.any_dtype()]})', {'x': array_of(g)[0]}


@writes('with_gradient')
def with_gradient(g, name):
    return 'with_gradient([x * x, x], gradient="2 * x1 * g")', {'x': array_of(g)[0]}


@writes('assume')
def assume(g, name):
    """What is true of the values."""
    node = g.pick(lambda node: node.dtype in LETTERS and node.dtype not in COMPLEX
                  and node.dtype != 'bool')
    value = g.known[node]
    if not value.size or not np.isfinite(value).all():
        raise Refused
    low, high = float(value.min()), float(value.max())
    # What else has the shape of the values is to be disturbed, and yet within.
    low, high = low - abs(low) / 4, high + abs(high) / 4
    text = g.rng.choice([f'low={low!r}', f'high={high!r}', f'low={low!r}, high={high!r}'])
    nonzero = ', nonzero=true' if (value != 0).all() and g.rng.random() < 0.5 else ''
    return f'assume(x, {text}{nonzero})', {'x': node}


@writes('check_positive')
def check_positive(g, name):
    return 'check_positive(abs(x) + 1)', {'x': g.pick(lambda node: 'int' not in node.dtype)}


@writes('shape', 'size', 'broadcast_shape')
def shape_of(g, name):
    node, shape = array_of(g)
    text = {'shape': 'shape(x)', 'size': f'size(x, axis={g.axes(len(shape))})',
            'broadcast_shape': 'broadcast_shape([x, 1])'}[name]
    return g.rng.choice([text, f'2 * {text}']), {'x': node}


@writes('full', 'zeros', 'ones', 'eye', 'arange', 'linspace')
def made(g, name):
    node, shape = array_of(g)
    dtype = LETTERS[g.any_dtype()]
    text = {
        'full': f'full({list(shape)}, {g.literal(node)}) * x',
        'zeros': f'zeros(shape(x), dtype={dtype}) + x',
        'ones': f'ones(shape(x), dtype={dtype}) * x',
        'eye': f'eye({g.rng.randint(0, 3)}, {g.rng.randint(0, 3)}, k={g.rng.randint(-1, 1)}, '
               f'dtype={dtype})',
        'arange': f'arange({g.rng.choice(["0, size(x), 1", "2, -3, -1", "0.0, 1.0, 0.25"])})',
        'linspace': f'linspace(x, {g.literal(node)}, num={g.rng.randint(0, 4)})',
    }[name]
    if name == 'linspace':
        node = g.pick(lambda node: g.known[node].ndim == 0)
    return text, {'x': node}


@writes('product_of_others')
def product_of_others(g, name):
    node, shape = array_of(g)
    return f'{name}(x, axis={g.axes(len(shape))})', {'x': node}


@writes('softmax', 'log_softmax')
def softmax(g, name):
    node, shape = array_of(g, 1)
    return f'{name}(x, axis=[{either_axis(g, len(shape))}])', {'x': node}


@writes('cumulative_sum', 'cumulative_prod', 'diff')
def cumulative(g, name):
    node, shape = array_of(g, 1)
    return f'{name}(x, axis={either_axis(g, len(shape))})', {'x': node}


@writes('sort', 'argsort')
def sort(g, name):
    node, shape = array_of(g, 1)
    return f'{name}(x, axis={either_axis(g, len(shape))}, descending={g.flag()})', {'x': node}


@writes('searchsorted')
def searchsorted(g, name):
    node = g.pick(lambda node: g.known[node].ndim == 1)
    return (f'searchsorted(sort(x), y, side={g.rng.choice(["left", "right"])})',
            {'x': node, 'y': g.pick(lambda other: other.dtype == node.dtype)})


@writes('nonzero')
def nonzero(g, name):
    return 'nonzero(x)', {'x': array_of(g, 1)[0]}


@writes('angle', 'deg2rad', 'rad2deg', 'isclose', 'allclose', 'isin')
def composite(g, name):
    node, _ = array_of(g)
    other = g.pick_beside(node)
    return (f'{name}(x, y)', {'x': node, 'y': other}) if name.startswith('is') or \
        name == 'allclose' else (f'{name}(x)', {'x': node})


@writes('moveaxis', 'swapaxes', 'flip', 'roll')
def rearrange(g, name):
    node, shape = array_of(g, 1)
    a, b = either_axis(g, len(shape)), either_axis(g, len(shape))
    parameters = {'moveaxis': f'source=[{a}], destination=[{b}]',
                  'swapaxes': f'axis1={a}, axis2={b}', 'flip': f'axis={g.axes(len(shape))}',
                  'roll': f'shift=[{g.rng.randint(-4, 4)}], axis=[{a}]'}[name]
    return f'{name}(x, {parameters})', {'x': node}


@writes('tile', 'repeat')
def tile(g, name):
    node, shape = array_of(g)
    if name == 'tile':
        return f'tile(x, {[g.rng.randint(1, 2) for _ in shape]})', {'x': node}
    return f'repeat(x, {g.rng.randint(0, 2)}, axis={g.axes(min(len(shape), 1))})', {'x': node}
