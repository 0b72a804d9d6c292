# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions under the names, and with the arguments, that they have in Theano."""

from . import adapted
from .base import np, ops
from .variables import Constant, SharedVariable, Variable, as_variable

__all__ = [
    'TensorConstant', 'TensorSharedVariable', 'TensorVariable', 'addbroadcast', 'alloc',
    'batched_dot', 'batched_tensordot', 'choose', 'diag', 'dimshuffle', 'fill', 'flatten',
    'get_scalar_constant_value', 'identity_like', 'iround', 'join', 'max_and_argmax', 'mgrid',
    'nonzero_values', 'norm', 'ogrid', 'patternbroadcast', 'ravel', 'round', 'shape_padaxis',
    'shape_padleft', 'shape_padright', 'stacklists', 'tri', 'unbroadcast',
]

# Theano's names, and numpy's, of what has another one here.
ALIASES = {
    'abs_': 'abs', 'and_': 'bitwise_and', 'arccos': 'acos', 'arccosh': 'acosh', 'arcsin': 'asin',
    'arcsinh': 'asinh', 'arctan': 'atan', 'arctan2': 'atan2', 'arctanh': 'atanh',
    'bitwise_not': 'bitwise_invert', 'cast': 'astype', 'concatenate': 'concat', 'conjugate': 'conj',
    'cumprod': 'cumulative_prod', 'cumsum': 'cumulative_sum', 'eq': 'equal', 'gammaln': 'lgamma',
    'ge': 'greater_equal', 'gt': 'greater', 'int_div': 'floor_divide', 'inv': 'reciprocal',
    'invert': 'bitwise_invert', 'le': 'less_equal', 'lt': 'less', 'mod': 'remainder',
    'mul': 'multiply', 'neg': 'negative', 'neq': 'not_equal', 'or_': 'bitwise_or', 'power': 'pow',
    'psi': 'digamma', 'sgn': 'sign', 'sqr': 'square', 'sub': 'subtract', 'switch': 'where',
    'tri_gamma': 'trigamma', 'true_div': 'divide', 'xor': 'bitwise_xor',
}


TensorVariable, TensorConstant, TensorSharedVariable = Variable, Constant, SharedVariable


# Shapes

def alloc(value, *shape):
    """`value`, repeated to the shape `shape`.  The dtype stays."""
    return ops.broadcast_to(value, shape)


def fill(x, value):
    """`value`, whose dtype stays, in the shape of `x`."""
    return ops.broadcast_to(value, as_variable(x).shape)


def identity_like(x):
    """The unit matrix of the shape and the dtype of the matrix `x`."""
    x = as_variable(x)
    return ops.eye(x.shape[0], x.shape[1], 0, x.dtype)


def join(axis, *xs):
    """The tensors `xs`, one behind the other along `axis`."""
    return adapted.concat(xs, axis)


def tri(n, m=None, k=0, dtype='float64'):
    """A matrix of `n` rows with ones on and below its `k`-th diagonal and zeros above it.

    The result has `m` columns, or as many as rows, and the dtype `dtype`.
    """
    return ops.tril(ops.ones((n, n if m is None else m), dtype), k)


def diag(x, k=0):
    """The `k`-th diagonal of a matrix, or the square matrix that has the vector `x` there.

    The dtype stays.
    """
    x = as_variable(x)
    if x.ndim != 1:
        return ops.diagonal(x, k)
    size = ops.size(x) + abs(k)
    return ops.undiagonal(x, (size, size), k)


def flatten(x, ndim=1):
    """`x` with `ndim` dimensions: the last one takes the place of those behind it.

    The dtype stays.
    """
    x = as_variable(x)
    return ops.reshape(x, [ops.size(x, i) for i in range(ndim - 1)] + [-1])


def ravel(x):
    """The elements of `x` in one dimension, in row-major order.  The dtype stays."""
    return flatten(x)


def dimshuffle(x, *pattern):
    """`x` with its axes in the order of `pattern`.

    'x' in the pattern is a new axis; those that are not in it must have size 1.  The dtype stays.
    """
    x = as_variable(x)
    pattern = pattern[0] if len(pattern) == 1 and isinstance(pattern[0], (list, tuple)) else pattern
    kept = [axis for axis in pattern if axis != 'x']
    if len(set(kept)) < len(kept) or not set(kept) <= set(range(x.ndim)):
        raise ValueError(f"dimshuffle: expected 'x' and each of {x.ndim} axes at most once, not "
                         f'{tuple(pattern)}')
    dropped = [axis for axis in range(x.ndim) if axis not in kept]
    x = ops.permute_dims(x, kept + dropped)
    x = ops.squeeze(x, range(len(kept), x.ndim)) if dropped else x
    return ops.expand_dims(x, [i for i, axis in enumerate(pattern) if axis == 'x'])


def shape_padleft(x, n_ones=1):
    """`x` with `n_ones` axes of size 1 before the others.  The dtype stays."""
    return ops.expand_dims(x, range(n_ones))


def shape_padright(x, n_ones=1):
    """`x` with `n_ones` axes of size 1 behind the others.  The dtype stays."""
    return ops.expand_dims(x, range(-n_ones, 0))


def shape_padaxis(x, axis):
    """`x` with a new axis of size 1 at the position `axis`.  The dtype stays."""
    return ops.expand_dims(x, axis)


def addbroadcast(x, *axes):
    """`x`, whose `axes` must have the size 1.  (Here broadcasting needs no pattern.)

    Shape and dtype stay.
    """
    x = as_variable(x)
    return ops.expand_dims(ops.squeeze(x, axes), axes) if axes else x


def unbroadcast(x, *axes):
    """`x` itself: broadcasting is decided when a function runs, and needs no pattern.

    Shape and dtype stay.
    """
    return as_variable(x)


def patternbroadcast(x, broadcastable):
    """`x`, whose axes must have the size 1 where `broadcastable` says so.  The dtype stays."""
    return addbroadcast(x, *(i for i, one in enumerate(broadcastable) if one))


def stacklists(values):
    """A tensor of nested lists of variables, each list an axis."""
    if isinstance(values, (list, tuple)):
        return ops.stack([stacklists(value) for value in values])
    return as_variable(values)


def _make_steps(item):
    """The numbers of a slice; 5j as a step is a number of numbers, as in numpy."""
    start = 0 if item.start is None else item.start
    if isinstance(item.step, complex):
        return ops.linspace(start, item.stop, int(abs(item.step)), True)
    return adapted.arange(start, item.stop, 1 if item.step is None else item.step)


class _Grid:
    """Numbers in the steps of slices: numpy.mgrid and ogrid, of variables too."""

    def __init__(self, is_open):
        self._is_open = is_open

    def __getitem__(self, key):
        slices = key if isinstance(key, tuple) else (key,)
        vectors = [_make_steps(item) for item in slices]
        if self._is_open:
            return [ops.expand_dims(vector, [axis for axis in range(len(vectors)) if axis != i])
                    for i, vector in enumerate(vectors)]
        return adapted.meshgrid(*vectors, indexing='ij')


mgrid, ogrid = _Grid(False), _Grid(True)


# Elements

def nonzero_values(x):
    """The elements of `x` that are not zero, a vector of its dtype."""
    x = as_variable(x)
    return x[adapted.nonzero(x)]


def choose(a, choices):
    """For each element of the integers `a` that of the variable of that number among `choices`."""
    a, *choices = adapted.broadcast_arrays(a, *choices)
    taken = ops.take_along_axis(ops.stack(choices), ops.expand_dims(a, 0), 0)
    return ops.squeeze(taken, 0)


def max_and_argmax(x, axis=None, keepdims=False):
    """A list of the largest of the elements of `x` along `axis`, and its position.

    The results have no axis of `axis`; the second is an int64.
    """
    return [ops.max(x, axis, keepdims), ops.argmax(x, axis, keepdims)]


def round(x, mode='half_to_even'):
    """The integer nearest to `x`: of two the even one or, 'half_away_from_zero', the farther."""
    if mode not in ('half_to_even', 'half_away_from_zero'):
        raise ValueError("round: mode: expected 'half_to_even' or 'half_away_from_zero', "
                         f'not {mode!r}')
    return _round(x) if mode == 'half_to_even' else ops.round_half_away_from_zero(x)


_round = ops.round


def iround(x, mode='half_to_even'):
    """The integer nearest to `x`, as an int64 and in the same shape."""
    return ops.astype(round(x, mode), 'int64')


def get_scalar_constant_value(x):
    """The value, an array, of a 0-d variable that depends on no symbol."""
    x = as_variable(x)
    if x.ndim:
        raise TypeError(f'get_scalar_constant_value: expected 0 dimensions, not {x.ndim}')
    return x.eval()


# Linear algebra

def norm(x, ord=None, axis=None):
    """The norm of the vectors along `axis`, or of all elements: by default the Euclidean one.

    The result has no axis of `axis`, and the dtype of `x`, or of its parts if complex.
    """
    size = ops.abs(x)
    if ord is None or ord == 2:
        return ops.sqrt(ops.sum(ops.square(size), axis))
    if ord in (np.inf, -np.inf):
        return ops.max(size, axis) if ord > 0 else ops.min(size, axis)
    if ord == 0:
        return ops.astype(ops.count_nonzero(x, axis), size.dtype)
    return ops.sum(size ** ord, axis) ** (1 / ord)


def batched_dot(x, y):
    """The products of the matrices or vectors `x` and `y`, for each position of their first axis.

    The result has the promoted dtype of the inputs.
    """
    x, y = as_variable(x), as_variable(y)
    if x.ndim in (1, 2, 3) and y.ndim in (1, 2, 3):
        index = {1: '', 2: 'k', 3: 'ik'}[x.ndim], {1: '', 2: 'k', 3: 'kj'}[y.ndim]
        if 1 not in (x.ndim, y.ndim):
            result = ''.join(index).replace('k', '')
            return ops.einsum(x, y, f'b{index[0]},b{index[1]}->b{result}')
        return ops.einsum(x, y, f'b{"kl"[:x.ndim - 1]},b{"kl"[:y.ndim - 1]}'
                                f'->b{"kl"[:max(x.ndim, y.ndim) - 1]}')
    raise ValueError(f'batched_dot: there is no such product of {x.ndim} and {y.ndim} dimensions')


def _normalise_axis(axis, ndim):
    if not -ndim <= axis < ndim:
        raise ValueError(f'batched_tensordot: axis {axis} is out of range for {ndim} dimensions')
    return axis % ndim


def batched_tensordot(x, y, axes=2):
    """`tensordot` of the parts of `x` and `y` at each position of their first axis.

    Axes are counted with the first one.
    """
    x, y = as_variable(x), as_variable(y)
    if not isinstance(axes, (list, tuple)):
        axes = range(x.ndim - min(axes, x.ndim), x.ndim), range(1, min(axes, x.ndim) + 1)
    x_axes, y_axes = ([_normalise_axis(axis, each.ndim) for axis in some]
                      for some, each in zip(axes, (x, y)))
    pairs = dict(zip(x_axes, y_axes))
    if not len(x_axes) == len(y_axes) == len(pairs) == len(set(y_axes)) or 0 in x_axes + y_axes:
        raise ValueError('batched_tensordot: axes must pair axes behind the first, each once, not '
                         f'{x_axes} with {y_axes}')
    x_index = [chr(ord('a') + i) for i in range(x.ndim)]
    y_index = [chr(ord('A') + i) for i in range(y.ndim)]
    y_index[0] = x_index[0]
    for a, b in pairs.items():
        y_index[b] = x_index[a]
    result = [x_index[i] for i in range(x.ndim) if i not in pairs] + [
        y_index[i] for i in range(1, y.ndim) if i not in pairs.values()]
    return ops.einsum(x, y, f'{"".join(x_index)},{"".join(y_index)}->{"".join(result)}')


for _alias, _name in ALIASES.items():
    setattr(ops, _alias, getattr(adapted, _name, None) or getattr(ops, _name))

for _function in (choose, fill, flatten, nonzero_values, norm, ravel, round):
    setattr(Variable, _function.__name__, _function)
for _alias in ('arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctanh', 'conjugate',
               'cumprod', 'cumsum'):
    setattr(Variable, _alias, getattr(ops, _alias))
for _function in (adapted.zeros_like, adapted.ones_like):
    setattr(Variable, _function.__name__, _function)
