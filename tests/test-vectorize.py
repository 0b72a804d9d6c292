# SPDX-License-Identifier: LGPL-2.1-or-later
"""What Tg.vectorize() writes, against a loop."""

import itertools

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from hypothesis import given
from hypothesis import strategies as st
from references import CASES, DTYPES, ELEMENTWISE, OPS, REDUCE, draw, draw_inside, make_symbols
from sizes import examples

@pytest.mark.parametrize('name', [*ELEMENTWISE, *REDUCE, *CASES.keys() - {'nonzero'}])
def test_vectorized_operators(name):
    """Each operator along a new axis, in all its cases, is what it is at each place."""
    rng = np.random.default_rng(28)
    dtype = 'float64' if OPS[name].accepts(DTYPES['float64']) else 'int64'
    samples = []
    if name in ELEMENTWISE:
        shapes = [(2, 3), (3,), (), (2, 1)][:len(OPS[name].dup_input_names())]
        samples.append((getattr(Tg, name), [draw_inside(rng, OPS[name], shapes,
                                                        [dtype] * len(shapes))
                                            for _ in range(4)]))
    elif name in REDUCE:
        for axis, keepdims in itertools.product([None, 1, (0, 2), ()], [False, True]):
            if not name.startswith('arg') or axis in (None, 1):
                samples.append((lambda x, axis=axis, keepdims=keepdims:
                                getattr(Tg, name)(x, axis=axis, keepdims=keepdims),
                                rng.random((4, 1, 2, 3, 2))))
    else:
        for shapes, expression, _ in CASES[name]:
            samples.append((expression, [[draw(rng, shape, dtype) for shape in shapes]
                                         for _ in range(4)]))
    for expression, points in samples:
        symbols = make_symbols(points[0])
        output = expression(*symbols)
        one = Tg.function(symbols, output, on_unused_input='ignore')
        stacked = [np.stack(values) for values in zip(*points)]
        for chosen in itertools.product([False, True], repeat=len(symbols)):
            if not any(chosen) or (name == 'searchsorted' and chosen[0]):
                continue
            wide = {symbol: Tg.tensor(dtype, (None,) * value.ndim)
                    for symbol, value, choice in zip(symbols, stacked, chosen) if choice}
            inputs = [wide.get(symbol, symbol) for symbol in symbols]
            many = Tg.function(inputs, Tg.vectorize(output, wide), on_unused_input='ignore')
            result = many(*(value if choice else value[0]
                            for value, choice in zip(stacked, chosen)))
            expected = [one(*(value[i if choice else 0]
                              for value, choice in zip(stacked, chosen))) for i in range(4)]
            assert result.dtype == np.stack(expected).dtype
            np.testing.assert_allclose(result, np.stack(expected), rtol=1e-14, atol=1e-14)


UNARY = [Tg.tanh, Tg.sin, lambda x: x.sum(axis=-1, keepdims=True), lambda x: x - x.mean(),
         lambda x: x / (1 + x.shape[0]), lambda x: x.reshape((-1, 1)), lambda x: x.T,
         lambda x: Tg.where(x > 0, x, -x), lambda x: x.max(axis=0), lambda x: x[None],
         lambda x: Tg.concat([x, 2 * x]), lambda x: x[::-1], lambda x: x.size * x,
         lambda x: Tg.stack([x, x + 1], axis=-1), lambda x: Tg.zeros_like(x) + x.argmax(),
         lambda x: Tg.broadcast_to(x, [2, *(x.shape[i] for i in range(x.ndim))])]


@examples(60, derandomize=False)
@given(data=st.data())
def test_random_graphs_along_a_new_axis(data):
    rng = np.random.default_rng(data.draw(st.integers(0, 100)))
    shapes = data.draw(st.lists(st.sampled_from([(3,), (2, 3), (1, 3), (2, 1, 3)]), min_size=2,
                                max_size=2))
    batched = data.draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    arrays = [rng.normal(size=(5, *shape)) for shape in shapes]
    symbols = make_symbols([array[0] for array in arrays])
    pool = list(symbols)
    for _ in range(data.draw(st.integers(1, 8))):
        chosen = data.draw(st.sampled_from(pool))
        if data.draw(st.booleans()):
            pool.append(data.draw(st.sampled_from([Tg.add, Tg.multiply, Tg.maximum]))(
                chosen, data.draw(st.sampled_from(symbols)).sum(axis=0)))
        elif chosen.ndim in range(1, 5):
            pool.append(data.draw(st.sampled_from(UNARY))(chosen))
    output = pool[-1]
    one = Tg.function(symbols, output, on_unused_input='ignore')
    points = [[array[i if choice else 0] for array, choice in zip(arrays, batched)]
              for i in range(5)]
    try:
        expected = np.stack([one(*point) for point in points])
    except GLib.Error:
        return  # the shapes did not fit
    wide = {symbol: Tg.tensor('float64', (None,) * array.ndim)
            for symbol, array, choice in zip(symbols, arrays, batched) if choice}
    many = Tg.function([wide.get(symbol, symbol) for symbol in symbols],
                       Tg.vectorize(output, wide), on_unused_input='ignore')
    result = many(*(array if choice else array[0] for array, choice in zip(arrays, batched)))
    np.testing.assert_allclose(result, expected, rtol=1e-13, atol=1e-13)


def test_what_does_not_depend_on_the_batch_is_repeated():
    x, y, xs = Tg.dvector('x'), Tg.dscalar('y'), Tg.dmatrix('xs')
    f = Tg.function([xs, y], Tg.vectorize([y * 2, x.sum(), x.shape[0]], {x: xs}))

    for result, expected in zip(f(np.ones((4, 3)), 5), ([10] * 4, [3] * 4, [3] * 4)):
        np.testing.assert_array_equal(result, expected)


def test_several_variables():
    x, y = Tg.dscalars('x', 'y')
    xs, ys = Tg.dvectors('xs', 'ys')
    f = Tg.function([xs, ys], Tg.vectorize(x / y, {x: xs, y: ys}))

    np.testing.assert_array_equal(f([1, 2, 3], [2, 2, 2]), [0.5, 1, 1.5])


def test_variables_inside():
    x = Tg.dvector('x')
    y = Tg.exp(x)
    ys = Tg.dmatrix('ys')

    f = Tg.function([x, ys], Tg.vectorize(x * y, {y: ys}))

    np.testing.assert_array_equal(f([1, 2], [[3, 4], [5, 6]]), [[3, 8], [5, 12]])


def test_a_batch_of_a_batch():
    x, a = Tg.dvector('x'), Tg.dmatrix('a')
    xs, xss = Tg.dmatrix('xs'), Tg.dtensor3('xss')
    once = Tg.vectorize(a @ x, {x: xs})
    f = Tg.function([a, xss], Tg.vectorize(once, {xs: xss}))
    rng = np.random.default_rng(30)
    matrix, points = rng.random((2, 3)), rng.random((4, 5, 3))

    np.testing.assert_allclose(f(matrix, points), points @ matrix.T)


def test_empty_batches():
    x, xs = Tg.dmatrix('x'), Tg.dtensor3('xs')
    f = Tg.function([xs], Tg.vectorize([x.reshape((3, -1)), x.argmax(), x.sum()], {x: xs}))

    assert [result.shape for result in f(np.ones((0, 2, 6)))] == [(0, 3, 4), (0,), (0,)]
    assert [result.shape for result in f(np.ones((5, 2, 6)))] == [(5, 3, 4), (5,), (5,)]


def test_gradients_for_each_example():
    w, x, xs = Tg.dvector('w'), Tg.dvector('x'), Tg.dmatrix('xs')
    gradient = Tg.grad(Tg.softplus(w @ x), w)
    f = Tg.function([w, xs], Tg.vectorize(gradient, {x: xs}))
    weights, points = np.array([1., -2]), np.random.default_rng(31).normal(size=(6, 2))

    expected = points / (1 + np.exp(-points @ weights))[:, None]
    np.testing.assert_allclose(f(weights, points), expected, rtol=1e-14)


@pytest.mark.parametrize('axis', [0, 1, -1])
@pytest.mark.parametrize('take', [Tg.take, Tg.take_along_axis])
def test_positions_that_differ(take, axis):
    x, i = Tg.dmatrix('x'), Tg.lmatrix('i')
    many = Tg.ltensor3('is')
    one = Tg.function([x, i], take(x, i, axis=axis))
    f = Tg.function([x, many], Tg.vectorize(take(x, i, axis=axis), {i: many}))
    values, positions = np.arange(9.).reshape(3, 3), np.arange(36).reshape(4, 3, 3) % 3

    np.testing.assert_array_equal(f(values, positions), [one(values, each) for each in positions])
