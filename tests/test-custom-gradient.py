# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions with gradients of their own."""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg


@Tg.custom_gradient
def log1pexp(x):
    """The example of JAX's manual: what the operators give is nan for large x."""
    return Tg.log1p(Tg.exp(x)), lambda g: g * (1 - 1 / (1 + Tg.exp(x)))


def round_straight_through(x):
    return Tg.custom_gradient(Tg.round(x), x, lambda g: g)


def scale(x, y):
    """x * y, with a gradient that needs the value and a shared variable."""
    value = x * y
    return Tg.custom_gradient(value, [x, y], lambda g: [g * value * WEIGHT, Tg.tanh(g) + y])


WEIGHT = Tg.shared(np.array([1., 2, 4]), 'weight')


def read_back(expression, *symbols):
    """The expression after it was printed and parsed."""
    return Tg.parse(expression.to_string(), *symbols)


def test_a_stable_gradient():
    x = Tg.dscalar('x')
    naive = Tg.grad(Tg.log1p(Tg.exp(x)), x)
    f = Tg.function([x], [log1pexp(x), Tg.grad(log1pexp(x), x), naive])

    assert f(100)[:2] == [100, 1]
    assert f(1000)[1] == f(1000)[2] == 1  # the naive one is recognised
    for point in (-3., 0.5, 3):
        value, gradient, good = f(point)
        assert value == pytest.approx(np.logaddexp(0, point), rel=1e-15)
        assert gradient == pytest.approx(good, rel=1e-14)


def test_second_gradients_come_from_the_first():
    Tg.verify_grad(log1pexp, [np.array([0.5, -2])])
    Tg.verify_grad(lambda x: Tg.grad(log1pexp(x).sum(), x), [np.array([0.5, -2])])


def test_straight_through_a_step():
    x = Tg.dvector('x')
    y = round_straight_through(x)
    f = Tg.function([x], [y, Tg.grad((y ** 2).sum(), x), Tg.jvp(y, x, [5, 7]), Tg.jacobian(y, x)])

    value, gradient, tangent, jacobian = f([0.75, 2.25])

    np.testing.assert_array_equal(value, [1, 2])
    np.testing.assert_array_equal(gradient, [2, 4])
    np.testing.assert_array_equal(tangent, [5, 7])
    np.testing.assert_array_equal(jacobian, np.eye(2))


def test_gradients_are_text():
    x = Tg.dvector('x')
    y = log1pexp(x)

    assert y.to_string() == ('with_gradient([log1p(exp(x)), x], '
                             'gradient="g * (1 - 1 / (1 + exp(x1)))")')


def test_what_else_a_gradient_needs_becomes_an_input():
    x, y, g = Tg.dvectors('x', 'y', 'g')
    z = scale(x, y)
    gradients = Tg.vjp(z, [x, y], g)
    f = Tg.function([x, y, g], [z, *gradients])
    points = np.array([[1., 2, 3], [4, 5, 6], [7, 8, 9]])

    assert z.get_n_inputs() == 4
    value, first, second = f(*points)
    np.testing.assert_array_equal(value, points[0] * points[1])
    np.testing.assert_array_equal(first, points[2] * value * [1, 2, 4])
    np.testing.assert_allclose(second, np.tanh(points[2]) + points[1])
    with pytest.raises(GLib.Error) as error:
        Tg.grad(z.sum(), WEIGHT)
    assert error.value.matches(Tg.GradError.quark(), Tg.GradError.DISCONNECTED)


def test_large_constants_become_inputs():
    x = Tg.dvector('x')
    weights = np.arange(100.)
    y = Tg.custom_gradient(2 * x, x, lambda g: g * weights)

    gradient = Tg.function([x], Tg.grad(y.sum(), x))(np.ones(100))

    assert y.get_n_inputs() == 3
    np.testing.assert_array_equal(gradient, weights)


def test_gradients_are_summed_back_or_repeated():
    x, y = Tg.dmatrix('x'), Tg.dvector('y')
    z = Tg.custom_gradient(x + y, [x, y], lambda g: (3, g * x))
    f = Tg.function([x, y], Tg.grad(z.sum(), [x, y]))

    first, second = f([[1, 2], [3, 4]], [5, 6])

    np.testing.assert_array_equal(first, [[3, 3], [3, 3]])
    np.testing.assert_array_equal(second, [4, 6])


def test_absent_gradients_are_zero():
    x = Tg.dvector('x')
    y = Tg.custom_gradient(x * 2, x, lambda g: None)

    np.testing.assert_array_equal(Tg.function([x], Tg.grad(y.sum(), x))([1, 2]), [0, 0])


def test_gradients_within_gradients():
    """The text of a gradient has a gradient of its own, in quotation marks in quotation marks."""
    x = Tg.dvector('x')
    y = Tg.custom_gradient(
        Tg.sin(x), x, lambda g: Tg.custom_gradient(g * 3, [g, x], lambda h: [h * 5, h * x]))
    again = read_back(y, x)

    assert again.to_string() == y.to_string()
    for z in (y, again):
        gradient = Tg.grad(z.sum(), x)
        f = Tg.function([x], [gradient, Tg.grad(gradient.sum(), x)])
        np.testing.assert_array_equal(f([2, 4]), [[3, 3], [2, 4]])


@pytest.mark.parametrize('function', [log1pexp, round_straight_through, lambda x: scale(x, x)])
def test_printed_and_read_is_the_same(function):
    x, g = Tg.dvectors('x', 'g')
    expression = function(x)
    again = read_back(expression, x, WEIGHT)

    results = Tg.function([x, g], [Tg.vjp(expression, x, g), Tg.vjp(again, x, g)])(
        [0.25, 1, -2], [3, 1, 2])

    np.testing.assert_array_equal(*results)


def test_a_batch_of_values_with_gradients():
    """Inputs that are the same all along the batch have the sum of its gradients."""
    x, y, g = Tg.dvectors('x', 'y', 'g')
    xs, gs = Tg.dmatrix('xs'), Tg.dmatrix('gs')
    once = Tg.function([x, y, g], Tg.vjp(scale(x, y), [x, y], g))
    many = Tg.vectorize(scale(x, y), {x: xs})
    f = Tg.function([xs, y, gs], [many, *Tg.vjp(many, [xs, y], gs)])
    rng = np.random.default_rng(1)
    points, directions, other = rng.random((4, 3)), rng.random((4, 3)), rng.random(3)

    value, first, second = f(points, other, directions)

    expected = [once(point, other, direction) for point, direction in zip(points, directions)]
    np.testing.assert_allclose(value, points * other)
    np.testing.assert_allclose(first, [pair[0] for pair in expected])
    np.testing.assert_allclose(second, sum(pair[1] for pair in expected))


def test_a_batch_of_broadcast_values():
    x, y = Tg.dmatrix('x'), Tg.dvector('y')
    ys = Tg.dmatrix('ys')
    product = Tg.custom_gradient(x * y, [x, y], lambda g: [g * y, g * x])
    many = Tg.vectorize(product, {y: ys})
    f = Tg.function([x, ys], Tg.grad(many.sum(), [x, ys]))
    matrix, points = np.arange(6.).reshape(2, 3), np.arange(12.).reshape(4, 3)

    first, second = f(matrix, points)

    np.testing.assert_array_equal(first, [points.sum(axis=0)] * 2)
    np.testing.assert_array_equal(second, [matrix.sum(axis=0)] * 4)


def test_gradients_that_do_not_fit_a_batch_are_an_error():
    x, xs = Tg.dvector('x'), Tg.dmatrix('xs')
    flags = Tg.parse('with_gradient([x > 0, x, y > 0], gradient="g * x1, g")', x,
                     y=Tg.dscalar('y'))

    with pytest.raises(GLib.Error, match='sum_to is not defined for bool'):
        Tg.vectorize(flags, {x: xs})


def test_float32_stays():
    x = Tg.fvector('x')
    y = Tg.custom_gradient(x * 2, x, lambda g: g * np.float64(3))

    assert (y.dtype, Tg.grad(y.sum(), x).dtype) == ('float32', 'float32')
    np.testing.assert_array_equal(Tg.function([x], Tg.grad(y.sum(), x))(
        np.ones(2, 'float32')), [3, 3])
