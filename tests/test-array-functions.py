# SPDX-License-Identifier: LGPL-2.1-or-later
"""Functions of the array API standard, numpy and Theano that are more than an operator."""

import math

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

pytestmark = pytest.mark.filterwarnings('ignore::DeprecationWarning')

V = np.arange(24.).reshape(2, 3, 4)
X = Tg.dtensor3('x')


def run(expression, *values):
    """The value of an expression of X, or of a list of them."""
    return Tg.function([X], expression, on_unused_input='ignore')(V, *values)


def same(result, expected):
    expected = np.asarray(expected)
    assert (result.dtype, result.shape) == (expected.dtype, expected.shape)
    np.testing.assert_allclose(result, expected, rtol=1e-14)


# Indexing

I, J = np.array([0, 1, 1]), np.array([2, 0, 1])
KEYS = {
    'rows': [1, 0],
    'pairs': (I, J),
    'last axes': (slice(None), [0, 2], [1, 3]),
    'apart': ([0, 1], slice(None), [1, 3]),
    'one and many': (0, [1, 2]),
    'new axes': (None, [1, 0], None, slice(1, 3)),
    'ellipsis': (..., [3, 1]),
    'mask': V > 5,
    'mask of an axis': (slice(None), np.array([True, False, True])),
    'mask of two axes': (slice(None), V[0] > 5),
    'new axis before arrays': (slice(None), None, [0, 1], [2, 3]),
    'slices and new axes': (1, slice(None, None, 2), None),
    'positions and new axes': (None, 0, None, 1, None),
    'array, new axis, one': ([0, 1], None, 0),
    'broadcast': (slice(None), np.array([[2], [0]]), np.array([0, 1, 2])),
    'none': ([], slice(2)),
    'reversed': (slice(None, None, -1), ..., [0, 0]),
}


@pytest.mark.parametrize('key', KEYS.values(), ids=KEYS)
def test_index(key):
    key = key if isinstance(key, tuple) else (key,)
    numpys = tuple(np.array(item, int) if isinstance(item, list) else item for item in key)

    same(run(X[key]), V[numpys])


@pytest.mark.parametrize('key', KEYS.values(), ids=KEYS)
def test_subtensor(key):
    key = key if isinstance(key, tuple) else (key,)
    numpys = tuple(np.array(item, int) if isinstance(item, list) else item for item in key)
    values = np.random.default_rng(1).normal(size=V[numpys].shape)
    put, added = V.copy(), V.copy()
    put[numpys] = values
    np.add.at(added, numpys, values)

    same(run(Tg.set_subtensor(X[key], values)), put)
    same(run(Tg.inc_subtensor(X[key], values)), added)
    same(run(Tg.set_subtensor(X[key], 7)), np.where(put == V, V, 7) if values.size else V)


def test_gradients_of_subtensors():
    y = np.array([10., 20, 30])

    Tg.verify_grad(lambda x, y: (Tg.set_subtensor(x[0, :, 1], y) ** 2).sum(), [V / 10, y])
    Tg.verify_grad(lambda x, y: (Tg.inc_subtensor(x[I, J, 0], y) ** 3).sum(), [V / 10, y / 10])
    # Of values for one place the last one counts, and alone has a gradient.
    a, b = Tg.dvector('a'), Tg.dvector('b')
    cost = (Tg.set_subtensor(a[[1, 1]], b) * [1., 2., 3.]).sum()
    gradients = Tg.function([a, b], Tg.grad(cost, [a, b]))([0, 0, 0], [5, 6])
    same(gradients[0], [1., 0, 3])
    same(gradients[1], [0., 2])


def test_subtensors_that_cannot_be():
    n = Tg.lvector('n')

    with pytest.raises(TypeError, match='expected a variable that was just indexed'):
        Tg.set_subtensor(X, 1)
    with pytest.raises(GLib.Error) as error:
        Tg.set_subtensor(n[1:], Tg.dvector('y'))
    assert error.value.message == ('set_subtensor: y: f64[?] does not fit n: i64[?]: convert it '
                                   'first')


def test_the_last_value_for_a_place():
    y = Tg.dmatrix('y')
    value = np.arange(1., 7).reshape(3, 2)
    kept = Tg.untake(y, (2, 2), [1, 0, 1], 0, accumulate=False)

    same(Tg.function([y], kept)(value), value[[1, 2]])
    same(Tg.function([y], Tg.untake_nd(y, (2, 2), [[1], [0], [1]], False))(value), value[[1, 2]])
    same(Tg.function([y], Tg.untake_along_axis(y, (3, 3), [[0, 0], [1, 2], [2, 2]], 1, False))(
        value), [[2., 0, 0], [0, 3, 4], [0, 0, 6]])
    with pytest.raises(GLib.Error, match='untake .y: .*: there is no gradient for x'):
        Tg.grad(kept.sum(), y)


def test_positions_out_of_bounds():
    i = Tg.lvector('i')
    for expression in (X[i], Tg.take(X, i, 0), X[i, 0], Tg.set_subtensor(X[i], 1)):
        for value in ([2], [-3]):
            with pytest.raises(GLib.Error) as error:
                Tg.function([X, i], expression)(V, value)
            assert f'index {value[0]} is out of bounds for axis 0 of size 2' in error.value.message


def test_a_part_may_have_all_dimensions():
    x = np.ones((1,) * 32)

    same(Tg.take_nd(x, np.zeros(0, int)).eval(), x)
    same(Tg.untake_nd(x, x.shape, np.zeros(0, int)).eval(), x)


# Creation and manipulation

def test_creation():
    same(Tg.arange(3, dtype='int8').eval(), np.arange(3, dtype='int8'))
    same(Tg.asarray([[1, 2]], 'float32').eval(), np.array([[1, 2]], 'float32'))
    same(Tg.empty((2, 3), 'int16').eval(), np.zeros((2, 3), 'int16'))
    same(run(Tg.empty_like(X)), np.zeros((2, 3, 4)))
    same(Tg.linspace(0, 1, 5, 'float32').eval(), np.linspace(0, 1, 5, dtype='float32'))
    same(Tg.linspace(0, 1, 5, endpoint=False).eval(), np.linspace(0, 1, 5, endpoint=False))
    same(Tg.tri(3, 4, 1).eval(), np.tri(3, 4, 1))
    same(Tg.identity_like(np.zeros((2, 3), 'float32')).eval(), np.eye(2, 3, dtype='float32'))
    same(run(Tg.fill(X, 2.)), np.full((2, 3, 4), 2.))


@pytest.mark.parametrize('indexing', ['xy', 'ij'])
def test_meshgrid(indexing):
    vectors = [1, 2, 3], [4., 5.], [6]

    for n in (1, 2, 3):
        results = Tg.function([], Tg.meshgrid(*vectors[:n], indexing=indexing))()
        for result, expected in zip(results, np.meshgrid(*vectors[:n], indexing=indexing)):
            same(result, expected)
    with pytest.raises(ValueError, match="indexing: expected 'xy' or 'ij', not 'ji'"):
        Tg.meshgrid([1], indexing='ji')
    with pytest.raises(GLib.Error, match='meshgrid: x: f64.* must be one of at most 32 vectors'):
        Tg.meshgrid(X)


def test_grids_of_slices():
    for result, expected in zip(Tg.function([], list(Tg.mgrid[0:2, 1:4]))(), np.mgrid[0:2, 1:4]):
        same(result, expected)
    for result, expected in zip(Tg.function([], Tg.ogrid[0:2, 1:6:2])(), np.ogrid[0:2, 1:6:2]):
        same(result, expected)


def test_parts():
    for sizes in ([1, 2, 1], [1, -1, 1], [-1], [4, -1], [0, -1, 3], [-1, 4, 0]):
        ends = np.cumsum([4 - sum(s for s in sizes if s > 0) if s == -1 else s for s in sizes])
        for part, expected in zip(run(Tg.split(X, sizes, axis=2)), np.split(V, ends[:-1], 2)):
            same(part, expected)
    for part, expected in zip(run(Tg.split(X, 1, 3, axis=1)), np.split(V, 3, 1)):
        same(part, expected)
    for sizes in ([1, 2], [2, 3], [3, -1, 2], [5, -1]):
        with pytest.raises(GLib.Error):
            run(Tg.split(X, sizes, axis=2))
    known = Tg.tensor('float64', (2, 4), 'k')
    with pytest.raises(GLib.Error) as error:
        Tg.split(known, [1, 2], axis=1)
    assert error.value.message == 'split (k: f64[2, 4]): the sizes do not fill axis 1'
    same(Tg.function([known], Tg.unstack(known)[1])(V[0, :2]), V[0, 1])
    with pytest.raises(GLib.Error, match='unstack .x: f64.*: the size of axis 0 must be known'):
        Tg.unstack(X)


def test_broadcasting():
    y = Tg.dvector('y')
    wide = Tg.broadcast_arrays(X, y, 1)
    results = Tg.function([X, y], wide)(V, [1, 2, 3, 4])

    for result, expected in zip(results, np.broadcast_arrays(V, [1., 2, 3, 4], 1)):
        same(result, expected)
    assert Tg.broadcast_shapes((2, 1), (3,)) == (2, 3)
    assert len(Tg.broadcast_arrays()) == len(Tg.meshgrid()) == 0
    with pytest.raises(GLib.Error):
        Tg.function([X, y], wide)(V, [1, 2, 3])


def test_theanos_shapes():
    same(run(Tg.shape_padleft(X, 2)), V[None, None])
    same(run(Tg.shape_padright(X)), V[..., None])
    same(run(Tg.shape_padaxis(X, 1)), V[:, None])
    same(run(X.flatten(2)), V.reshape(2, 12))
    same(run(X.ravel()), V.ravel())
    same(run(Tg.concat([X, X[:, :1]], None)), np.concatenate([V, V[:, :1]], None))
    same(run(Tg.stacklists([[X[0, 0], X[1, 1]], [X[0, 1], X[1, 2]]])),
         [[V[0, 0], V[1, 1]], [V[0, 1], V[1, 2]]])
    same(run(Tg.unbroadcast(X, 0)), V)
    same(run(Tg.patternbroadcast(X[:, :1], [False, True, False])), V[:, :1])
    same(Tg.diag([1., 2.], 1).eval(), np.diag([1., 2.], 1))
    same(run(Tg.diag(X[0])), np.diag(V[0]))


# Elements

def test_elements():
    same(run(X.clip(3, None)), np.maximum(V, 3))
    same(run(X.clip(None, 3)), np.minimum(V, 3))
    same(run(X.clip(3, 5)), V.clip(3, 5))
    same(run(Tg.nonzero(X % 5)[1]), np.nonzero(V % 5)[1])
    same(run(Tg.nonzero_values(X % 5)), (V % 5)[np.nonzero(V % 5)])
    same(run(Tg.take(X, [5, -1])), V.take([5, -1]))
    same(run(Tg.searchsorted([3., 1., 2.], X, sorter=[1, 2, 0])),
         np.searchsorted([3., 1., 2.], V, sorter=[1, 2, 0]))
    same(run(Tg.choose([0, 1, 1, 0], [X, X + 100])), np.choose([0, 1, 1, 0], [V, V + 100]))
    same(run(Tg.iround(X + 0.5)), np.rint(V + 0.5).astype('int64'))
    same(run(Tg.round(X + 0.5, 'half_away_from_zero')), V + 1)
    same(run(Tg.max_and_argmax(X, 1)[1]), V.argmax(1))
    same(Tg.get_scalar_constant_value(Tg.as_variable(2.0) * 3), 6.)


@pytest.mark.parametrize('axis', [None, 1, -1])
def test_running_sums(axis):
    same(run(Tg.cumulative_sum(X, axis)), V.cumsum(axis))
    same(run(X.cumprod(axis)), V.cumprod(axis))
    whole = Tg.cumulative_sum(X, axis, include_initial=True)
    pad = [(1, 0)] if axis is None else [(int(i == axis % 3), 0) for i in range(3)]
    same(run(whole), np.pad(V.cumsum(axis), pad))
    same(run(Tg.cumulative_sum(X, axis, dtype='float32')), V.astype('float32').cumsum(axis))


@pytest.mark.parametrize('ord', [None, 0, 1, 2, 3, np.inf, -np.inf])
def test_norms(ord):
    same(run(X.norm(ord, 1)), np.linalg.norm(V, ord, 1))


@pytest.mark.parametrize('shapes', [[(2, 3), (2, 3)], [(2, 3, 4), (2, 4)], [(2, 3, 4), (2, 4, 5)],
                                    [(2, 4), (2, 4, 5)], [(2,), (2, 3)], [(2,), (2, 3, 4)]])
def test_batched_products(shapes):
    rng = np.random.default_rng(3)
    a, b = (rng.normal(size=shape) for shape in shapes)

    same(Tg.batched_dot(a, b).eval(), np.stack([np.dot(x, y) for x, y in zip(a, b)]))


def test_batched_tensordot():
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(2, 3, 4, 5)), rng.normal(size=(2, 5, 4, 6))

    same(Tg.batched_tensordot(a, b, [[2, 3], [2, 1]]).eval(),
         np.stack([np.tensordot(x, y, [[1, 2], [1, 0]]) for x, y in zip(a, b)]))
    same(Tg.batched_tensordot(a, np.swapaxes(b, 1, 2), 2).eval(),
         np.stack([np.tensordot(x, np.swapaxes(y, 0, 1), 2) for x, y in zip(a, b)]))


@pytest.mark.parametrize('value', [[3, 1, 3, 2, 1, 1], [[2., -1], [2, 5]], [], [7], [True, False],
                                   [-0.0, 0.0]])
def test_unique(value):
    value = np.array(value, float if value == [] else None)
    x = Tg.tensor(value.dtype, (None,) * value.ndim)
    results = Tg.function([x], list(Tg.unique_all(x)))(value)
    values, indices, inverse, counts = np.unique(value, True, True, True)

    for result, expected in zip(results, (values, indices, inverse.reshape(value.shape), counts)):
        same(result, expected)
    same(Tg.function([x], Tg.unique_values(x))(value), values)
    same(Tg.function([x], Tg.unique_counts(x).counts)(value), counts)
    same(Tg.function([x], Tg.unique_inverse(x)[1])(value), inverse.reshape(value.shape))


def test_every_nan_is_one_of_its_own():
    same(Tg.unique_counts(np.array([np.nan, 1, np.nan, 1])).counts.eval(), [2, 1, 1])


# Dtypes

@pytest.mark.parametrize('axes', [[[3], [1]], [[1, 1], [1, 2]], [[1], [1, 2]], [[0], [1]], 3])
def test_axes_that_cannot_be_paired(axes):
    x = Tg.tensor3('x')

    with pytest.raises(ValueError, match='^batched_tensordot: ax'):
        Tg.batched_tensordot(x, x, axes)


@pytest.mark.parametrize('call', [
    lambda x: Tg.tensordot(x, x, axes=2**40), lambda x: Tg.batched_tensordot(x, x, 2**40),
    lambda x: Tg.shape_padleft(x, 2**40), lambda x: Tg.shape_padright(x, 2**64),
    lambda x: Tg.zeros(range(2**40)), lambda x: Tg.sum(x, range(2**64)),
    lambda x: Tg.diff(x, n=2**40),
])
def test_huge_numbers_are_an_error_at_once(call):
    with pytest.raises((ValueError, OverflowError, GLib.Error)):
        call(Tg.dmatrix('x'))


def test_numbers_at_the_ends_of_int64():
    x = np.arange(5.)

    for shift in (-2**63, 2**63 - 1):
        known = Tg.roll(x, shift)
        unknown = Tg.dvector('x')
        expected = np.roll(x, shift % 5)
        same(known.eval(), expected)
        same(Tg.roll(unknown, shift).eval({unknown: x}), expected)
    with pytest.raises(GLib.Error, match='num must not be negative'):
        Tg.linspace(0, 1, -2**63)
    same(Tg.diff(x, n=2**40).eval(), np.zeros(0))


def test_dtypes():
    assert Tg.result_type('int8', 'uint8') == 'int16'
    assert Tg.result_type(Tg.fvector(), 2.5) == 'float32'
    assert Tg.result_type(np.ones(2, 'float32'), 'int64') == 'float64'
    assert Tg.can_cast('int32', 'float64') and not Tg.can_cast('int64', 'float64')
    assert Tg.can_cast(Tg.fvector(), 'complex64') and not Tg.can_cast('int8', 'uint8')
    assert Tg.isdtype('int8', 'integral') and Tg.isdtype('uint8', 'unsigned integer')
    assert Tg.isdtype('float32', ('bool', 'real floating')) and not Tg.isdtype('bool', 'numeric')
    assert Tg.isdtype('complex64', 'complex floating') and Tg.isdtype('int8', np.int8)
    same(run(X.real), V)
    z = Tg.as_variable(1 + 2j)
    assert (float(z.real.eval()), float(z.imag.eval())) == (1, 2)


@pytest.mark.parametrize('dtype', ['float16', 'float32', 'float64', 'complex64', 'complex128'])
def test_limits_of_floats_are_those_of_numpy(dtype):
    limits, expected = Tg.finfo(dtype), np.finfo(dtype)
    assert limits.bits == expected.bits and limits.dtype == expected.dtype
    for name in ('eps', 'max', 'min', 'smallest_normal'):
        assert type(getattr(limits, name)) is float
        assert getattr(limits, name) == getattr(expected, name)


def test_limits_of_bfloat16():
    limits, x = Tg.finfo('bfloat16'), Tg.dscalar('x')
    narrow = Tg.function([x], Tg.astype(Tg.astype(x, 'bfloat16'), 'float64'))

    assert (limits.dtype, limits.bits) == ('bfloat16', 16)
    assert narrow(1 + limits.eps) == 1 + limits.eps and narrow(1 + limits.eps / 4) == 1
    assert narrow(limits.max) == limits.max and narrow(limits.max * 1.01) == np.inf
    assert narrow(limits.smallest_normal) == limits.smallest_normal == 2.0**-126
    assert limits.min == -limits.max


def test_limits_of_integers():
    assert Tg.iinfo('int16') == ('int16', 16, 32767, -32768)
    assert Tg.iinfo('uint64').max == 2**64 - 1
    for function, dtype, kind in ((Tg.finfo, 'int8', 'a floating-point'),
                                  (Tg.iinfo, 'bool', 'an integer')):
        with pytest.raises(TypeError) as error:
            function(dtype)
        assert str(error.value) == f'{function.__name__}: expected {kind} dtype, not {dtype}'


# Arguments of the array API standard, of numpy and of Theano

W = np.array([[3, 1, 3], [1, 2, 1]], 'int8')
F = np.linspace(0.1, 1, 6, dtype='float32').reshape(2, 3)
ARGUMENTS = {
    'sum in a dtype': (lambda: Tg.sum(F, axis=0, dtype='float64'), F.sum(0, 'float64')),
    'sum that keeps a dtype': (lambda: Tg.sum(W, dtype='int8'), W.sum(dtype='int8')),
    'sum computed in a dtype': (lambda: Tg.sum(F, acc_dtype='float64'),
                                np.float32(F.sum(dtype='float64'))),
    'product in a dtype': (lambda: Tg.prod(W, 1, 'float32', True),
                           W.prod(1, 'float32', keepdims=True)),
    'mean in a dtype': (lambda: Tg.mean(W, dtype='float32'), W.mean(dtype='float32')),
    'method': (lambda: Tg.constant(F).mean(1, keepdims=True), F.mean(1, keepdims=True)),
    'correction': (lambda: Tg.var(F, 1, correction=1), F.var(1, ddof=1)),
    'ddof': (lambda: Tg.std(F, axis=0, ddof=1), F.std(0, ddof=1)),
    'sort of all': (lambda: Tg.sort(W, axis=None), np.sort(W, None)),
    'argsort is stable': (lambda: Tg.argsort(W, stable=True), np.argsort(W, kind='stable')),
    'descending': (lambda: Tg.argsort(W, descending=True), [[0, 2, 1], [1, 0, 2]]),
    'differences': (lambda: Tg.diff(F, 2), np.diff(F, 2)),
    'differences of more': (lambda: Tg.diff(F, axis=0, prepend=F[:1], append=F[1:] * 2),
                            np.diff(F, axis=0, prepend=F[:1], append=F[1:] * 2)),
    'not in': (lambda: Tg.isin(W, [1, 2], invert=True), np.isin(W, [1, 2], invert=True)),
    'filled': (lambda: Tg.full(shape=(2,), fill_value=3, dtype='int16'), np.full(2, 3, 'int16')),
    'copies': (lambda: Tg.astype(Tg.asarray(W, copy=True), 'int32', copy=False),
               W.astype('int32')),
    'matrix of positions': (lambda: Tg.nonzero(W > 1, return_matrix=True),
                            np.array(np.nonzero(W > 1))),
    'number of steps': (lambda: Tg.mgrid[0:1:5j][0], np.mgrid[0:1:5j]),
    'a copy': (lambda: Tg.constant(W).copy('copy'), W),
    'quotient': (lambda: divmod(Tg.constant(F), 0.25)[0], divmod(F, np.float32(0.25))[0]),
    'rest': (lambda: divmod(1.0, Tg.constant(F))[1], divmod(np.float32(1), F)[1]),
    'rounded': (lambda: round(Tg.constant(F)), np.round(F)),
    'floor': (lambda: math.floor(Tg.constant(F) * 3), np.floor(F * 3)),
    'ceil': (lambda: math.ceil(Tg.constant(F) * 3), np.ceil(F * 3)),
    'trunc': (lambda: math.trunc(Tg.constant(F) * -3), np.trunc(F * -3)),
    'pi': (lambda: Tg.asarray(F) * Tg.pi, F * np.float32(np.pi)),
}


@pytest.mark.parametrize('name', ARGUMENTS)
def test_arguments(name):
    expression, expected = ARGUMENTS[name]

    result = Tg.function([], expression())()

    assert result.dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(result, expected, rtol=1e-6)


def test_a_shape_of_unknown_length():
    n = Tg.lvector('n')
    f = Tg.function([X, n], X.reshape(n, ndim=2))

    assert f(V, [4, 6]).shape == (4, 6)
    assert X.reshape(n, ndim=2).ndim == 2


def test_parts_take_lists_and_smaller_dtypes():
    f = Tg.fvector('f')
    set_, increased = Tg.set_subtensor(f[:2], [1, 2.5]), Tg.inc_subtensor(f[0], np.int16(3))
    results = Tg.function([f], [set_, increased])([5, 6, 7])

    assert [result.tolist() for result in results] == [[1, 2.5, 7], [8, 6, 7]]
    with pytest.raises(GLib.Error, match=r'f64\[2\] does not fit f: f32\[\?\]: convert it first'):
        Tg.set_subtensor(f[:2], np.ones(2))


def test_an_expression_tells_what_it_is_made_of():
    y = Tg.exp(X)

    assert y.owner is y and y.op.get_name() == 'exp' and y.inputs == [X]
    assert X.owner is None and X.op is None and X.inputs == []
    assert isinstance(y, Tg.TensorVariable) and isinstance(Tg.constant(1), Tg.TensorConstant)
    assert Tg.drow().broadcastable == (True, False) == Tg.drow().type.broadcastable


@pytest.mark.parametrize('action, message', [
    (lambda: X.__setitem__(0, 1),
     'a variable never changes: use Tg.set_subtensor(x[...], value)'),
    (lambda: round(X, 2), 'variables are rounded to integers, without a number of digits'),
    (lambda: Tg.nonzero(3), 'nonzero: expected at least one dimension, not 0'),
    (lambda: Tg.result_type(), 'result_type: expected at least one variable or dtype'),
    (lambda: Tg.split(X, 3), 'split: expected a list of sizes, or one and n_splits'),
    (lambda: 1 in X, 'a symbolic variable has no elements before a function computes it'),
])
def test_messages(action, message):
    with pytest.raises((TypeError, ValueError)) as error:
        action()
    assert str(error.value) == message


def test_a_grid_of_nothing():
    assert Tg.meshgrid() == []
