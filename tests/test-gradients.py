# SPDX-License-Identifier: LGPL-2.1-or-later
"""Every gradient of the table against differences, and what broadcasting does to gradients."""

import itertools
import warnings

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
import scipy.optimize
from gi.repository import GLib, Tg
from references import (CASES, ELEMENTWISE, OPS, RANDOM, REDUCE, draw, draw_inside, make_symbols,
                        sum_to)
from sizes import with_small_stack

# Where differences are good, for operators that have poles.
CURVED = {'reciprocal': (0.5, 2), 'tan': (-1, 1), 'erfcx': (-1, 1), 'gamma': (1, 3),
          'digamma': (1, 3), 'trigamma': (1, 3)}


def sample_elementwise(name):
    """An expression of floating-point inputs and points at which it is smooth, for a gradient."""
    op = OPS[name]
    rng = np.random.default_rng(5)
    n_inputs = len(op.dup_input_names())
    shapes = [(2, 3), (3,), (), (2, 1)][:n_inputs]
    if name in CURVED:
        return getattr(Tg, name), [rng.uniform(*CURVED[name], shapes[0])]
    arrays = [array + rng.uniform(1e-3, 2e-3, array.shape)
              for array in draw_inside(rng, op, shapes, ['float64'] * n_inputs)]
    if name == 'where':
        return lambda x, y: Tg.where(np.array([True, False, True]), x, y), arrays[1:]
    return getattr(Tg, name), arrays


def sample_gradients(name):
    if name in ELEMENTWISE:
        yield sample_elementwise(name)
    elif name in REDUCE:
        for axis, keepdims in itertools.product([None, 1, (0, 2), ()], [False, True]):
            yield (lambda x, axis=axis, keepdims=keepdims:
                   getattr(Tg, name)(x, axis=axis, keepdims=keepdims),
                   [np.random.default_rng(6).uniform(0.5, 1.5, (2, 3, 2))])
    elif name == 'arange':
        yield Tg.arange, [np.array(0.25), np.array(2.5), np.array(0.5)]
    else:
        for shapes, expression, _ in CASES[name]:
            if all(np.prod(shape) > 0 for shape in shapes):
                yield expression, [draw(np.random.default_rng(7), shape, 'float64')
                                   for shape in shapes]


def is_float(expression, points):
    return expression(*make_symbols(points)).dtype == 'float64'


DIFFERENTIABLE = [name for name, op in OPS.items()
                  if op.is_differentiable() and name not in RANDOM]

# Without those whose gradients are made to differ from the slope.
TRUE_GRADIENTS = [name for name in DIFFERENTIABLE if name not in ('grad_clip', 'zero_grad')]


@pytest.mark.parametrize('name', TRUE_GRADIENTS)
def test_gradient(name):
    for expression, points in sample_gradients(name):
        if is_float(expression, points):
            Tg.verify_grad(expression, points)


@pytest.mark.parametrize('name', TRUE_GRADIENTS)
def test_second_gradient(name):
    for expression, points in sample_gradients(name):
        if not is_float(expression, points):
            continue

        def first(*symbols):
            cost = (expression(*symbols) ** 2).sum()
            gradients = Tg.grad(cost, list(symbols), disconnected_inputs='ignore')
            return sum((gradient ** 2).sum() for gradient in gradients)

        Tg.verify_grad(first, points, tolerance=1e-5)


@pytest.mark.parametrize('zeros', [0, 1, 2, 3])
def test_second_gradient_of_a_product_with_zeros(zeros):
    x = Tg.dmatrix('x')
    points = np.array([[2, -3, 5, 7], [0.5, 4, -1, 3]])
    points[0, :zeros] = 0

    # The product is linear in each of its factors, and so is the sum of the others' products.
    expected = np.zeros((2, 4, 2, 4))
    for row, i, j in itertools.product(range(2), range(4), range(4)):
        others = [k for k in range(4) if k not in (i, j)]
        expected[row, i, row, j] = 0 if i == j else points[row, others].prod()

    hessian = Tg.function([x], Tg.hessian(x.prod(axis=1).sum(), x))
    np.testing.assert_allclose(hessian(points), expected, rtol=1e-14)


def test_operators_without_a_gradient_say_so():
    assert {name for name, op in OPS.items() if not op.is_differentiable()} == {
        'any', 'all', 'argmax', 'argmin', 'equal', 'not_equal', 'less', 'less_equal',
        'greater', 'greater_equal', 'bitwise_and', 'bitwise_or', 'bitwise_xor',
        'bitwise_invert', 'bitwise_left_shift', 'bitwise_right_shift', 'logical_and',
        'logical_or', 'logical_xor', 'logical_not', 'isnan', 'isinf', 'isfinite', 'signbit',
        'shape', 'size', 'zeros', 'ones', 'eye', 'random_uniform',
        'random_normal', 'argsort', 'searchsorted', 'nonzero', 'broadcast_shape',
        'count_nonzero', 'isclose', 'allclose', 'isin', 'random_poisson', 'random_binomial',
        'random_integers', 'random_categorical', 'random_multinomial', 'random_choice',
        'random_permutation', 'gamma_quantile_slope', 'truncated_normal_quantile_slope',
        'stop_gradient', 'undefined_grad'}


@pytest.mark.parametrize('function', ['max', 'min'])
def test_equal_extremes_share_the_gradient(function):
    x = Tg.dvector('x')

    gradient = Tg.function([x], Tg.grad(getattr(Tg, function)(x), x))

    np.testing.assert_array_equal(gradient([2, 2, 2, 2]), [0.25] * 4)


def test_gradient_of_a_product_with_zeros():
    x = Tg.dvector('x')
    gradient = Tg.function([x], Tg.grad(x.prod(), x))

    np.testing.assert_array_equal(gradient([2, 0, 3]), [0, 6, 0])
    np.testing.assert_array_equal(gradient([2, 0, 0]), [0, 0, 0])
    np.testing.assert_array_equal(gradient([]), [])


@pytest.mark.parametrize('values, expected', [
    ([2, 3, 4], [1 + 3 + 12, 2 + 8, 6]), ([2, 0, 4], [1, 2 + 8, 0]),
    ([0, 3, 4], [1 + 3 + 12, 0, 0]),
    ([2, 0, 0], [1, 2, 0]), ([0, 0, 5], [1, 0, 0]), ([], []),
])
def test_gradient_of_running_products_with_zeros(values, expected):
    x = Tg.dvector('x')
    gradient = Tg.function([x], Tg.grad(x.cumulative_prod().sum(), x))

    np.testing.assert_array_equal(gradient(values), expected)


def test_elements_that_are_taken_twice_add_their_gradients():
    x, i = Tg.dvector('x'), Tg.lvector('i')
    gradient = Tg.function([x, i], Tg.grad((Tg.take(x, i) * [1., 2., 3.]).sum(), x))

    np.testing.assert_array_equal(gradient([5, 6, 7], [2, 0, -1]), [2, 0, 4])


# Broadcasting is decided at run time

BINARY = [name for name in ELEMENTWISE if name in DIFFERENTIABLE
          and len(OPS[name].dup_input_names()) == 2 and name != 'complex']


@pytest.mark.parametrize('name', BINARY)
def test_dimensions_that_turn_out_to_be_1(name):
    rng = np.random.default_rng(8)
    shapes = [(1, 4), (3, 1)]
    points = [array + 1e-3 for array in draw_inside(rng, OPS[name], shapes, ['float64'] * 2)]
    unknown = Tg.dmatrices('x', 'y')
    known = Tg.drow('x'), Tg.dcol('y')

    results = []
    for symbols in (unknown, known):
        output = getattr(Tg, name)(*symbols)
        gradients = Tg.grad((output * output).sum(), list(symbols), disconnected_inputs='ignore')
        results.append(Tg.function(symbols, [output, *gradients])(*points))

    for shape, result, expected in zip([(3, 4)] + shapes, *results):
        assert result.shape == expected.shape == shape
        np.testing.assert_allclose(result, expected, rtol=1e-13, atol=1e-13)


def test_one_function_broadcasts_or_does_not():
    x, y = Tg.dmatrices('x', 'y')
    f = Tg.function([x, y], [x * y, Tg.grad((x * y).sum(), x)])

    for shapes in ([(2, 3), (2, 3)], [(1, 3), (2, 3)], [(2, 1), (1, 3)], [(1, 1), (0, 3)]):
        a, b = (np.random.default_rng(9).random(shape) for shape in shapes)
        product, gradient = f(a, b)
        np.testing.assert_array_equal(product, a * b)
        np.testing.assert_allclose(gradient, sum_to(np.broadcast_to(b, (a * b).shape), a.shape))


def test_what_broadcasts_at_run_time_works_deep_in_a_graph():
    x, y, z = Tg.dvectors('x', 'y', 'z')
    cost = Tg.sigmoid(Tg.tanh(x * y) + z / (1 + x ** 2)).mean()
    f = Tg.function([x, y, z], Tg.grad(cost, [x, y, z]))

    for sizes in ((1, 5, 1), (5, 1, 5), (1, 1, 4), (3, 3, 1)):
        points = [np.random.default_rng(10).random(size) for size in sizes]
        assert [gradient.size for gradient in f(*points)] == list(sizes)
        for i, gradient in enumerate(f(*points)):
            for k in range(sizes[i]):
                step = [point.copy() for point in points]
                step[i][k] += 1e-6
                after = Tg.function([x, y, z], cost)(*step)
                step[i][k] -= 2e-6
                before = Tg.function([x, y, z], cost)(*step)
                assert gradient[k] == pytest.approx((after - before) / 2e-6, rel=1e-6, abs=1e-9)


# Operators that let values pass, but not their gradients

def evaluate(expression, **values):
    """The value of an expression of symbols with these names."""
    symbols = {name: Tg.tensor('float64', (None,) * np.ndim(value), name)
               for name, value in values.items()}
    outputs = expression(**symbols)
    return Tg.function(list(symbols.values()), outputs, on_unused_input='ignore')(*values.values())


def test_nothing_passes_a_stop():
    x = Tg.dvector('x')

    gradient = Tg.function([x], Tg.grad((Tg.stop_gradient(x) * x).sum(), x))
    with pytest.raises(GLib.Error) as error:
        Tg.grad(Tg.disconnected_grad(x).sum(), x)

    np.testing.assert_array_equal(gradient([2, 3]), [2, 3])
    assert error.value.matches(Tg.GradError.quark(), Tg.GradError.DISCONNECTED)


def test_a_gradient_of_zero_is_connected():
    np.testing.assert_array_equal(
        evaluate(lambda x: Tg.grad(Tg.zero_grad(x).sum(), x), x=[2, 3]), [0, 0])


def test_a_gradient_that_is_undefined():
    x = Tg.dvector('x')

    with pytest.raises(GLib.Error) as error:
        Tg.grad(Tg.undefined_grad(x).sum(), x)

    assert error.value.matches(Tg.GradError.quark(), Tg.GradError.UNDEFINED)


def test_clipped_gradients():
    cotangent = np.array([-3, -0.5, 0, 2, np.nan])

    value, gradient = evaluate(
        lambda x, u: [y := Tg.grad_clip(x, -1, 0.75), Tg.vjp(y, x, u)],
        x=np.arange(5.), u=cotangent)
    tangent = evaluate(lambda x, u: Tg.jvp(Tg.grad_clip(x, -1, 0.75), x, u),
                       x=np.arange(5.), u=cotangent)

    np.testing.assert_array_equal(value, np.arange(5.))
    np.testing.assert_array_equal(gradient, [-1, -0.5, 0, 0.75, np.nan])
    np.testing.assert_array_equal(tangent, cotangent)


def test_tangents_that_nobody_needs():
    """What a shape or a comparison is of need not have a derivative."""
    x, u = Tg.dvectors('x', 'u')
    steep = Tg.undefined_grad(x)
    y = x * Tg.astype(steep > 0, 'float64') + Tg.ones(Tg.shape(steep)) * x

    product = Tg.function([x, u], Tg.jvp(y, x, u))([1, -1], [3, 4])

    np.testing.assert_array_equal(product, [6, 4])
    with pytest.raises(GLib.Error, match='no gradient'):
        Tg.jvp(steep, x, u)


def test_bounds_of_a_clipped_gradient_are_broadcast():
    gradient = evaluate(lambda x, low: Tg.grad((5 * Tg.grad_clip(x, -low, low)).sum(), x),
                        x=np.ones((2, 3)), low=np.array([1., 2, 9]))

    np.testing.assert_array_equal(gradient, [[1, 2, 5]] * 2)


@pytest.mark.parametrize('name', ['stop_gradient', 'zero_grad', 'undefined_grad', 'grad_clip'])
def test_operators_for_gradients_are_printed_and_read(name):
    arguments = 'x, -1, 1' if name == 'grad_clip' else 'x'
    text = f'f(x: f32[?]) = {name}({arguments})'

    assert Tg.parse_function(text).to_string() == text


# Options

def test_known_gradients_take_the_place_of_a_cost():
    a, b = np.array([1., 2, 3]), np.array([4., 5, 6])

    def differentiate(x, u):
        y = Tg.exp(x) * 2
        return Tg.grad(None, x, known_grads={y: u})

    np.testing.assert_allclose(evaluate(differentiate, x=a, u=b), 2 * b * np.exp(a), rtol=1e-15)


def test_known_gradients_replace_what_a_cost_gives():
    def differentiate(x):
        y = x ** 2
        return Tg.grad((y + x).sum(), [x, y], known_grads={y: 10 * Tg.ones_like(y)})

    gradient, known = evaluate(differentiate, x=np.array([1., 2]))

    np.testing.assert_array_equal(gradient, [1 + 20, 1 + 40])
    np.testing.assert_array_equal(known, [10, 10])


def test_known_gradients_of_one_variable_and_what_it_is_made_of():
    def differentiate(x):
        y = 3 * x
        z = y * y
        return Tg.grad(None, x, known_grads={y: 5.0, z: 7.0})

    assert evaluate(differentiate, x=2.) == 15


def test_constants_for_a_gradient():
    def differentiate(x):
        y = x ** 2
        return Tg.grad((y * x).sum(), [x, y], consider_constant=[y])

    gradient, partial = evaluate(differentiate, x=np.array([1., 3]))

    np.testing.assert_array_equal(gradient, [1, 9])
    np.testing.assert_array_equal(partial, [1, 3])


def test_disconnected_inputs():
    x, y = Tg.dvectors('x', 'y')

    for policy in ('ignore', 'warn'):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter('always')
            gradient = Tg.grad(x.sum(), [x, y], disconnected_inputs=policy)[1]
        assert [str(warning.message) for warning in caught] == (policy == 'warn') * [
            'grad: the cost, sum(x): f64[], does not depend on y: f64[?] by differentiable '
            'operators']
        np.testing.assert_array_equal(Tg.function([y], gradient)([5, 6]), [0, 0])
    with pytest.raises(ValueError, match="^disconnected_inputs: expected 'raise', 'warn' or "
                                         "'ignore', not 'forget'$"):
        Tg.grad(x.sum(), y, disconnected_inputs='forget')


def test_gradients_are_called_by_cost_and_variable():
    x, y = Tg.dvectors('x', 'y')
    cost = (Tg.exp(x) * y).sum()
    assert Tg.grad(cost, x).name is None

    cost.name = 'cost'
    assert [gradient.name for gradient in Tg.grad(cost, [x, y])] == ['(dcost/dx)', '(dcost/dy)']
    assert Tg.grad(cost, cost, known_grads={cost: Tg.exp(Tg.dscalar())}).name is None


def test_conditions_have_no_gradient():
    np.testing.assert_array_equal(
        evaluate(lambda x: Tg.grad(Tg.where(x, x, 5.0).sum(), x), x=np.array([0., 2])), [0, 1])


# Products with the Jacobian

def jacobian_by_differences(function, points, i):
    """Central differences of `function`, an array of arrays, for each element of a point."""
    shape = np.shape(function(*points))
    result = np.empty(shape + points[i].shape)
    for position in np.ndindex(points[i].shape):
        step = 6e-6 * max(1, abs(points[i][position]))
        sides = []
        for sign in (1, -1):
            moved = [np.array(point) for point in points]
            moved[i][position] += sign * step
            sides.append(function(*moved))
        result[(..., *position)] = (sides[0] - sides[1]) / (2 * step)
    return result


def sample_smooth(name):
    for expression, points in sample_gradients(name):
        if is_float(expression, points):
            yield expression, points


@pytest.mark.parametrize('name', TRUE_GRADIENTS)
def test_forward_and_reverse_mode(name):
    """J v by differences; and u (J v), (u J) v and the Jacobian itself are the same."""
    rng = np.random.default_rng(20)
    for expression, points in sample_smooth(name):
        symbols = make_symbols(points)
        output = expression(*symbols)
        value = Tg.function(symbols, output)
        tangents = [rng.uniform(-1, 1, point.shape) for point in points]
        cotangent = rng.uniform(-1, 1, value(*points).shape)
        forward = Tg.jvp(output, symbols, tangents)
        reverse = Tg.vjp(output, symbols, cotangent, disconnected_inputs='ignore')
        jacobians = Tg.jacobian(output, symbols, disconnected_inputs='ignore')
        assert forward.type.to_string() == output.type.to_string()
        product, gradients, matrices = (
            Tg.function(symbols, outputs, on_unused_input='ignore')(*points)
            for outputs in (forward, reverse, jacobians))

        expected = sum(np.tensordot(jacobian_by_differences(value, points, i), tangent,
                                    tangent.ndim) for i, tangent in enumerate(tangents))
        np.testing.assert_allclose(product, expected, rtol=1e-6, atol=1e-6)
        for gradient, matrix, tangent in zip(gradients, matrices, tangents):
            assert matrix.shape == product.shape + tangent.shape
            np.testing.assert_allclose(np.tensordot(cotangent, matrix, cotangent.ndim), gradient,
                                       rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(
            sum(np.tensordot(matrix, tangent, tangent.ndim)
                for matrix, tangent in zip(matrices, tangents)), product, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize('name', TRUE_GRADIENTS)
def test_products_with_the_hessian(name):
    """Forward over reverse mode is what reverse over reverse mode gives."""
    rng = np.random.default_rng(21)
    for expression, points in sample_smooth(name):
        symbols = make_symbols(points)
        cost = (expression(*symbols) ** 2).sum()
        vectors = [rng.uniform(-1, 1, point.shape) for point in points]
        products = Tg.hvp(cost, symbols, vectors, disconnected_inputs='ignore')
        gradients = Tg.grad(cost, symbols, disconnected_inputs='ignore')
        expected = Tg.vjp(gradients, symbols, vectors, disconnected_inputs='ignore')
        for product, other in zip(*(Tg.function(symbols, outputs, on_unused_input='ignore')(*points)
                                    for outputs in (products, expected))):
            np.testing.assert_allclose(product, other, rtol=1e-10, atol=1e-10)


@pytest.mark.parametrize('name', BINARY)
def test_tangents_of_dimensions_that_turn_out_to_be_1(name):
    rng = np.random.default_rng(22)
    points = [array + 1e-3 for array in draw_inside(rng, OPS[name], [(1, 4), (3, 1)],
                                                    ['float64'] * 2)]
    tangents = [rng.random(point.shape) for point in points]
    symbols = Tg.dmatrices('x', 'y')
    output = getattr(Tg, name)(*symbols)
    for i, tangent in enumerate(tangents):
        product = Tg.function(symbols, Tg.jvp(output, symbols[i], tangent),
                              on_unused_input='ignore')(*points)
        expected = Tg.function(symbols, Tg.jacobian(output, symbols[i], 'ignore'),
                               on_unused_input='ignore')(*points)
        assert product.shape == (3, 4)
        np.testing.assert_allclose(product, np.tensordot(expected, tangent, 2), rtol=1e-13)


def test_products_with_several_outputs():
    def products(x, y, u, v):
        outputs = [x * y, Tg.sin(x)]
        return (Tg.jvp(outputs, [x, y], [u, v])
                + Tg.vjp([*outputs, outputs[0]], [x, y], [u, v, u]))

    x, y, u, v = np.random.default_rng(23).random((4, 3))
    results = evaluate(products, x=x, y=y, u=u, v=v)
    expected = [u * y + x * v, u * np.cos(x), 2 * u * y + v * np.cos(x), 2 * u * x]

    for result, value in zip(results, expected):
        np.testing.assert_allclose(result, value, rtol=1e-14)


@pytest.mark.parametrize('function', [
    lambda z: z * z, Tg.exp, lambda z: Tg.conj(z) * z ** 3, lambda z: Tg.real(z) * z, Tg.abs,
    lambda z: z / Tg.imag(z), lambda z: z.prod(), lambda z: Tg.complex(Tg.abs(z), Tg.imag(z)),
    lambda z: Tg.outer(z, z), lambda z: Tg.vecdot(z, z[::-1]),
    lambda z: z.mean() * z.cumulative_sum()])
def test_directions_of_complex_numbers(function):
    """The real part of u* (J v) is that of (J' u)* v, for the transpose with respect to it."""
    rng = np.random.default_rng(26)
    point, tangent, cotangent = rng.normal(size=(3, 3, 2)).view('complex128')[..., 0]
    z = Tg.tensor('complex128', (None,), 'z')
    output = function(z)
    value = Tg.function([z], output)
    u = np.resize(cotangent, value(point).shape)
    u = u if output.dtype == 'complex128' else u.real
    forward, reverse = Tg.function([z], [Tg.jvp(output, z, tangent), Tg.vjp(output, z, u)])(point)
    step = 1e-6

    expected = (value(point + step * tangent) - value(point - step * tangent)) / (2 * step)
    np.testing.assert_allclose(forward, expected, rtol=1e-8, atol=1e-8)
    assert np.vdot(u, forward).real == pytest.approx(np.vdot(reverse, tangent).real, rel=1e-12)


def test_absent_tangents_are_zero():
    assert evaluate(lambda x, y: Tg.Rop(x * y, [x, y], [None, 2.0]), x=3., y=5.) == 6
    assert evaluate(lambda x: Tg.jvp(Tg.floor(x), x, 2.0), x=3.) == 0
    assert evaluate(lambda x, y: Tg.jvp(y * 2, x, 2.0), x=3., y=5.) == 0


def test_inner_variables_have_tangents():
    def product(x):
        y = Tg.exp(x)
        return Tg.jvp(x * y, [y], [1.0])

    assert evaluate(product, x=3.) == 3


def test_tangents_keep_float32():
    x = Tg.fvector('x')
    product, gradient = Tg.jvp(Tg.exp(x) * 2, x, x), Tg.Lop(Tg.exp(x) * 2, x, x)

    assert product.dtype == gradient.dtype == 'float32'
    value = np.array([0.5, 1], 'float32')
    for result in Tg.function([x], [product, gradient])(value):
        np.testing.assert_allclose(result, 2 * value * np.exp(value), rtol=1e-6)


def test_tangents_through_other_dtypes():
    def product(x):
        return Tg.jvp(x.astype('float32').astype('float64') ** 2 + x.astype('int64'), x, 1.0)

    assert evaluate(product, x=3.) == 6


# Jacobians and Hessians

def test_jacobians_of_any_shape():
    rng = np.random.default_rng(24)
    a, b = rng.random((2, 3)), rng.random((3, 4, 2))

    def jacobians(x, y):
        return Tg.jacobian(Tg.tanh(Tg.einsum('ik,kjl->ijl', x, y)), [x, y])

    def function(x, y):
        return np.tanh(np.einsum('ik,kjl->ijl', x, y))

    for i, result in enumerate(evaluate(jacobians, x=a, y=b)):
        expected = jacobian_by_differences(function, [a, b], i)
        assert result.shape == expected.shape
        np.testing.assert_allclose(result, expected, rtol=1e-7, atol=1e-9)


def test_closed_forms():
    matrix = np.random.default_rng(25).random((3, 3))
    x = np.array([1., 2, 3])

    np.testing.assert_array_equal(evaluate(lambda x: Tg.jacobian(x, x), x=x), np.eye(3))
    np.testing.assert_array_equal(
        evaluate(lambda x, a: Tg.jacobian(a @ x, x), x=x, a=matrix), matrix)
    np.testing.assert_allclose(
        evaluate(lambda x, a: Tg.hessian(x @ a @ x, x), x=x, a=matrix), matrix + matrix.T)
    np.testing.assert_array_equal(
        evaluate(lambda x: Tg.hessian((x ** 3).sum(), x), x=x), np.diag(6 * x))
    np.testing.assert_array_equal(evaluate(lambda x: Tg.hessian(x.sum(), x), x=x), np.zeros((3, 3)))
    softmax = np.exp(x) / np.exp(x).sum()
    np.testing.assert_allclose(
        evaluate(lambda x: Tg.hessian(Tg.log(Tg.exp(x).sum()), x), x=x),
        np.diag(softmax) - np.outer(softmax, softmax), atol=1e-15)


def test_the_hessian_of_a_function_of_rosenbrock():
    x = np.array([-1.2, 1, 0.7])

    def rosenbrock(x):
        return (100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    full = evaluate(lambda x: Tg.hessian(rosenbrock(x), x), x=x)
    product = evaluate(lambda x, v: Tg.hessian_times_vector(rosenbrock(x), x, v),
                       x=x, v=np.array([1., 2, 3]))

    np.testing.assert_allclose(full, scipy.optimize.rosen_hess(x), rtol=1e-13)
    np.testing.assert_allclose(product, scipy.optimize.rosen_hess_prod(x, [1, 2, 3]), rtol=1e-13)


def test_hessians_of_matrices():
    a = np.random.default_rng(26).random((2, 3))

    hessian = evaluate(lambda x: Tg.hessian((x ** 4).sum(), x), x=a)

    assert hessian.shape == (2, 3, 2, 3)
    np.testing.assert_allclose(hessian.reshape(6, 6), np.diag(12 * a.ravel() ** 2))


def test_jacobians_without_elements():
    x = Tg.dvector('x')
    jacobian = Tg.function([x], Tg.jacobian(Tg.exp(x).reshape((-1, 1)), x))

    assert jacobian(np.zeros(0)).shape == (0, 1, 0)
    assert jacobian(np.zeros(2)).shape == (2, 1, 2)


def test_the_jacobian_of_a_number_is_the_gradient():
    x = Tg.dmatrix('x')
    cost = Tg.exp(x).sum()

    assert Tg.jacobian(cost, x).to_string() == Tg.grad(cost, x).to_string()


def test_jacobians_know_the_shapes_that_are_known():
    x = Tg.tensor('float64', (2, None), 'x')

    assert Tg.jacobian(x[0], x).type.to_string() == 'f64[?, 2, ?]'
    assert Tg.hessian((x ** 2).sum(), x).type.to_string() == 'f64[2, ?, 2, ?]'


def test_jacobians_are_differentiable():
    points = [np.random.default_rng(27).uniform(0.5, 1, 3)]

    Tg.verify_grad(lambda x: Tg.jacobian(Tg.sin(x) * x.sum(), x), points)


# Large graphs

def differentiate_a_long_chain():
    x = Tg.dscalar('x')
    y = x
    for _ in range(5_000):
        y = Tg.sin(y) * 1.5 + y.astype('float32').astype('float64') * 0.25
    products = [Tg.jvp(y, x, 1.0), Tg.vjp(y, x, 1.0)]

    forward, reverse = Tg.function([x], products)(0.5)

    assert forward == pytest.approx(reverse, rel=1e-6)
    wide = Tg.vectorize(y, {x: Tg.dvector('x')})
    assert wide.ndim == 1


def test_long_chains():
    with_small_stack(differentiate_a_long_chain)
