# SPDX-License-Identifier: LGPL-2.1-or-later
"""Theano's tutorial, line by line, with names taken from gi.repository.Tg."""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Tg
from gi.repository import Tg as T
from gi.repository.Tg import RandomStreams, function, grad, shared


def sigmoid(x):
    return 1 / (1 + np.exp(-np.asarray(x, 'float64')))


def test_logistic_of_a_number_is_a_0d_array():
    x = T.dscalar()
    s = 1 / (1 + T.exp(-x))
    logistic = function([x], s)

    assert repr(logistic(0)) == 'array(0.5)'
    assert logistic(-1.5) == pytest.approx(sigmoid(-1.5), rel=1e-15)


def test_logistic_of_a_matrix():
    x = T.dmatrix('x')
    s = 1 / (1 + T.exp(-x))
    logistic = function([x], s)

    result = logistic([[0, 1], [1.5, -1]])

    assert isinstance(result, np.ndarray) and result.dtype == np.float64
    np.testing.assert_allclose(result, sigmoid([[0, 1], [1.5, -1]]), rtol=1e-15)


def test_two_ways_to_write_the_logistic():
    x = T.dmatrix('x')
    s1, s2 = 1 / (1 + T.exp(-x)), (1 + T.tanh(x / 2)) / 2
    values = [[0, 1], [-1, -2]]

    np.testing.assert_allclose(function([x], s1)(values), function([x], s2)(values), rtol=1e-14)


def test_an_output_may_be_named_twice():
    x = T.dmatrix('x')
    s = 1 / (1 + T.exp(-x))

    results = function([x], [s, s])([[0, 1], [1.5, -1]])

    assert isinstance(results, list) and len(results) == 2
    for result in results:
        np.testing.assert_allclose(result, sigmoid([[0, 1], [1.5, -1]]), rtol=1e-15)


def test_several_outputs():
    a, b = T.dmatrices('a', 'b')
    difference = a - b
    f = function([a, b], [difference, abs(difference), difference ** 2])

    results = f([[1, 1], [1, 1]], [[0, 1], [2, 3]])

    np.testing.assert_array_equal(results, [[[1, 0], [-1, -2]], [[1, 0], [1, 2]], [[1, 0], [1, 4]]])


@pytest.mark.parametrize('kind', ['pairs', 'dictionary'])
def test_accumulator_returns_the_value_before(kind):
    state = shared(0)
    inc = T.iscalar('inc')
    if kind == 'pairs':
        accumulator = function([inc], state, updates=[(state, state + inc)])
    else:
        accumulator = function([inc], state, updates={state: state + inc})

    assert state.get_value() == 0 and state.get_value().dtype == np.int64
    assert repr(accumulator(1)) == 'array(0)'
    assert repr(state.get_value()) == 'array(1)'
    assert repr(accumulator(300)) == 'array(1)'
    assert repr(state.get_value()) == 'array(301)'
    state.set_value(-1)
    assert repr(accumulator(3)) == 'array(-1)'
    assert repr(state.get_value()) == 'array(2)'


def test_functions_share_a_variable():
    state = shared(0)
    inc = T.iscalar('inc')
    accumulator = function([inc], state, updates=[(state, state + inc)])
    decrementor = function([inc], state, updates=[(state, state - inc)])

    accumulator(10)

    assert decrementor(2) == 10
    assert state.get_value() == 8


def test_givens_replace_a_shared_variable():
    state = shared(0)
    inc = T.iscalar('inc')
    fn_of_state = state * 2 + inc
    foo = T.lscalar('foo')
    skip_shared = function([inc, foo], fn_of_state, givens=[(state, foo)])

    assert skip_shared(1, 3) == 7
    assert state.get_value() == 0


def test_random_streams_draw_anew_each_call():
    srng = RandomStreams(seed=234)
    rv_u = srng.uniform((2, 2))
    rv_n = srng.normal((2, 2))
    f = function([], rv_u)
    g = function([], rv_n)

    first, second = f(), f()

    assert first.shape == second.shape == g().shape == (2, 2)
    assert np.all((first >= 0) & (first < 1)) and np.all(first != second)
    assert np.all(g() != g())


def test_a_random_variable_is_one_draw_a_call():
    srng = RandomStreams(seed=234)
    rv = srng.uniform((2, 2))

    np.testing.assert_array_equal(function([], rv - rv)(), np.zeros((2, 2)))
    np.testing.assert_array_equal(function([], rv + rv - 2 * rv)(), np.zeros((2, 2)))


def test_streams_of_one_seed_draw_the_same():
    draws = []
    for _ in range(2):
        srng = RandomStreams(seed=902340)
        f = function([], [srng.uniform((3,)), srng.normal((3,))])
        draws.append([f(), f()])

    np.testing.assert_array_equal(draws[0], draws[1])
    assert not np.array_equal(draws[0][0][0], function([], RandomStreams(1).uniform((3,)))())


def test_box_muller():
    srng = RandomStreams(seed=234)
    u1, u2 = srng.uniform((5000,)), srng.uniform((5000,))
    z = T.sqrt(-2 * T.log(u1)) * T.cos(2 * np.pi * u2)

    drawn_u1, drawn_u2, normal = function([], [u1, u2, z])()

    np.testing.assert_allclose(
        normal, np.sqrt(-2 * np.log(drawn_u1)) * np.cos(2 * np.pi * drawn_u2), rtol=1e-13)
    assert abs(normal.mean()) < 5 / np.sqrt(normal.size)
    assert abs(normal.var() - 1) < 5 * np.sqrt(2 / normal.size)


def test_gradient_of_a_square():
    x = T.dscalar('x')
    f = function([x], grad(x ** 2, x))

    assert f(4) == 8
    assert f(94.2) == pytest.approx(188.4, rel=1e-15)


def test_gradient_of_the_logistic():
    x = T.dmatrix('x')
    s = T.sum(1 / (1 + T.exp(-x)))
    values = np.array([[0, 1], [-1, -2]])

    result = function([x], T.grad(s, x))(values)

    np.testing.assert_allclose(result, sigmoid(values) * (1 - sigmoid(values)), rtol=1e-14)


def make_logistic_regression(outputs):
    """The tutorial's program, and a step of the same in numpy."""
    rng = np.random.RandomState(22)
    n, features = 40, 7
    data = rng.randn(n, features), rng.randint(size=n, low=0, high=2)
    start = rng.randn(features)

    x, y = T.dmatrix('x'), T.dvector('y')
    w, b = shared(start, name='w'), shared(0., name='b')
    p_1 = 1 / (1 + T.exp(-T.dot(x, w) - b))
    prediction = p_1 > 0.5
    xent = -y * T.log(p_1) - (1 - y) * T.log(1 - p_1)
    cost = xent.mean() + 0.01 * (w ** 2).sum()
    gw, gb = T.grad(cost, [w, b])
    train = function(inputs=[x, y], outputs=[prediction, xent] if outputs else [],
                     updates=((w, w - 0.1 * gw), (b, b - 0.1 * gb)))
    predict = function(inputs=[x], outputs=prediction)

    def step(w, b):
        p = sigmoid(data[0] @ w + b)
        error = (p - data[1]) / n
        xent = -data[1] * np.log(p) - (1 - data[1]) * np.log(1 - p)
        new_w = w - 0.1 * (error @ data[0] + 0.02 * w)
        return p > 0.5, xent, new_w, b - 0.1 * error.sum()

    return data, w, b, train, predict, step


def test_logistic_regression():
    data, w, b, train, predict, step = make_logistic_regression(outputs=True)
    numpy_w, numpy_b = w.get_value(), b.get_value()

    for _ in range(100):
        prediction, xent = train(*data)
        numpy_prediction, numpy_xent, numpy_w, numpy_b = step(numpy_w, numpy_b)
        assert prediction.dtype == np.bool_
        np.testing.assert_array_equal(prediction, numpy_prediction)
        np.testing.assert_allclose(xent, numpy_xent, rtol=1e-10)

    np.testing.assert_allclose(w.get_value(), numpy_w, rtol=1e-10)
    np.testing.assert_allclose(b.get_value(), numpy_b, rtol=1e-10)
    np.testing.assert_array_equal(predict(data[0]), step(numpy_w, numpy_b)[0])


def test_logistic_regression_without_outputs():
    data, w, b, train, _, step = make_logistic_regression(outputs=False)
    numpy_w, numpy_b = w.get_value(), b.get_value()

    for _ in range(20):
        assert train(*data) == []
        numpy_w, numpy_b = step(numpy_w, numpy_b)[2:]

    np.testing.assert_allclose(w.get_value(), numpy_w, rtol=1e-12)
    np.testing.assert_allclose(b.get_value(), numpy_b, rtol=1e-12)


def test_types_make_symbols():
    kind = T.TensorType('uint32', (False, True))

    assert str(kind) == 'u32[?, 1]' and kind == T.TensorType('uint32', (None, 1))
    assert kind('x').name == 'x' and kind().type == kind == kind().type('y').type
    assert T.as_tensor_variable(T.dvector(), name='row', ndim=2).broadcastable == (True, False)
    with pytest.raises(ValueError, match='^expected at most 0 dimensions, not 1$'):
        T.as_tensor_variable([1, 2], ndim=0)


def test_symbols_without_names():
    assert [str(x.type) for x in T.fmatrices(2)] == ['f32[?, ?]'] * 2 and T.dscalars() == []


def test_shared_variables_with_patterns():
    b = shared(np.ones((1, 3)), broadcastable=(True, False))
    b.set_value(np.ones((1, 5)))

    assert b.type.shape == (1, None)


def test_casts_to_the_dtype_of_the_configuration():
    assert T.cast(T.ivector(), 'floatX').dtype == T.config.floatX == 'float64'


def test_join_is_concatenate():
    x, y = T.dmatrices('x', 'y')
    f = function([x, y], T.join(1, x, y))

    assert f([[1]], [[2]]).tolist() == [[1, 2]]


def test_patterns_that_are_none():
    with pytest.raises(ValueError) as error:
        T.dmatrix().dimshuffle(0, 'x', 2)
    assert str(error.value) == (
        "dimshuffle: expected 'x' and each of 2 axes at most once, not (0, 'x', 2)")


def test_names_can_all_be_imported():
    assert T is Tg
    assert all(hasattr(Tg, name) for name in (
        'scalar vector matrix tensor3 tensor4 row col dscalar fmatrix ivector lrow dcols dmatrices '
        'shared function grad RandomStreams dot exp dimshuffle switch').split())


def test_the_jacobian():
    x = T.dvector('x')
    f = function([x], T.jacobian(x ** 2, x))

    np.testing.assert_array_equal(f([4, 4]), [[8, 0], [0, 8]])


def test_the_hessian():
    x = T.dvector('x')
    f = function([x], T.hessian((x ** 2).sum(), x))

    np.testing.assert_array_equal(f([4, 4]), [[2, 0], [0, 2]])


def test_the_r_operator():
    W, V = T.dmatrices('W', 'V')
    x = T.dvector('x')
    f = function([W, V, x], T.Rop(T.dot(x, W), W, V))

    np.testing.assert_array_equal(f([[1, 1], [1, 1]], [[2, 2], [2, 2]], [0, 1]), [2, 2])


def test_the_l_operator():
    W = T.dmatrix('W')
    v, x = T.dvectors('v', 'x')
    f = function([v, x], T.Lop(T.dot(x, W), W, v), givens={W: np.ones((2, 2))})

    np.testing.assert_array_equal(f([2, 2], [0, 1]), [[0, 0], [2, 2]])


@pytest.mark.parametrize('product', [
    lambda y, x, v: grad((grad(y, x) * v).sum(), x),
    lambda y, x, v: T.Rop(grad(y, x), x, v),
    T.hessian_times_vector,
])
def test_the_hessian_times_a_vector(product):
    x, v = T.dvectors('x', 'v')
    f = function([x, v], product((x ** 2).sum(), x, v))

    np.testing.assert_array_equal(f([4, 4], [2, 2]), [4, 4])
