# SPDX-License-Identifier: LGPL-2.1-or-later
"""Forward mode against differences of what numpy computes, and reverse mode against forward mode.

Shapes, parameters and dtypes are drawn by hypothesis; complex numbers are among them.
"""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import mutually_broadcastable_shapes
from references import ELEMENTWISE, OPS, RANDOM, REDUCE, draw_inside, make_symbols
from sizes import examples
from strategies import STRATEGIES, any_axes, flags, precise, shapes

pytestmark = pytest.mark.filterwarnings('ignore::RuntimeWarning')

STEP = 2e-6


def random_numbers(rng, shape, dtype):
    """No two of them are equal, and none is near 0."""
    numbers = rng.uniform(0.5, 1.5, shape) * rng.choice([-1, 1], shape)
    return numbers + 1j * rng.uniform(-1, 1, shape) if dtype == 'complex128' else numbers


@st.composite
def reductions(draw, name):
    shape = draw(shapes(min_size=int(name in ('max', 'min'))))
    axis, keepdims = draw(any_axes(len(shape))), draw(flags)
    return ([shape], lambda x: getattr(Tg, name)(x, axis=axis, keepdims=keepdims),
            precise(lambda x: np.asarray(REDUCE[name](x, axis=axis, keepdims=keepdims))))


CASES = {name: reductions(name) for name in REDUCE} | STRATEGIES
DRAWN = [name for name in CASES if OPS[name].is_differentiable() and name != 'arange']


def check_directions(expression, reference, points, rng):
    """J v by differences, and u* (J v) by reverse mode; the symbols and output of both, if any."""
    symbols = make_symbols(points)
    output = expression(*symbols)
    if output.dtype not in ('float64', 'complex128'):
        return None
    tangents = [random_numbers(rng, point.shape, point.dtype) for point in points]
    sides = [reference(*(point + sign * STEP * tangent
                         for point, tangent in zip(points, tangents))) for sign in (1, -1)]
    if not np.all(np.isfinite(sides)):
        return None
    cotangent = random_numbers(rng, sides[0].shape, output.dtype)
    forward = Tg.jvp(output, symbols, tangents)
    reverse = Tg.vjp(output, symbols, cotangent, disconnected_inputs='ignore')
    product, *gradients = Tg.function(symbols, [forward, *reverse],
                                      on_unused_input='ignore')(*points)

    np.testing.assert_allclose(product, (sides[0] - sides[1]) / (2 * STEP), rtol=1e-7, atol=1e-7)
    assert [gradient.shape for gradient in gradients] == [point.shape for point in points]
    terms = [np.vdot(gradient, tangent).real for gradient, tangent in zip(gradients, tangents)]
    np.testing.assert_allclose(np.vdot(cotangent, product).real, sum(terms), rtol=1e-11,
                               atol=1e-11)
    return symbols, output


@examples(25)
@given(data=st.data())
@pytest.mark.parametrize('name', DRAWN)
def test_random_parameters(name, data):
    sizes, expression, reference = data.draw(CASES[name])
    dtypes = ['float64']
    # The gradient that a user writes is for real numbers here.
    if OPS[name].accepts(Tg.DType.COMPLEX128) and name != 'with_gradient':
        dtypes.append('complex128')
    rng = np.random.default_rng(31)
    points = [random_numbers(rng, size, data.draw(st.sampled_from(dtypes))) for size in sizes]
    assume(name != 'std' or np.all(reference(*points) > 1e-3))  # it has a corner at 0
    try:
        check_directions(expression, reference, points, rng)
    except GLib.Error as error:
        # Of what one element writes over another there is none.
        if not name.startswith('untake'):
            raise
        assert error.matches(Tg.GradError.quark(), Tg.GradError.UNDEFINED)


HOLOMORPHIC = [name for name in ELEMENTWISE
               if OPS[name].is_differentiable() and OPS[name].accepts(Tg.DType.COMPLEX128)
               and name not in ('sign', 'round', 'grad_clip', 'zero_grad', 'where')]


@pytest.mark.parametrize('name', HOLOMORPHIC)
def test_complex_functions(name):
    """Also of second order: the gradient has a tangent, by differences and by both modes."""
    rng = np.random.default_rng(32)
    sizes = [(2, 3), (3,)][:len(OPS[name].dup_input_names())]
    points = [random_numbers(rng, size, 'complex128') * 0.7 for size in sizes]

    symbols, output = check_directions(getattr(Tg, name), ELEMENTWISE[name][0], points, rng)
    if name == 'abs':  # a sign that is complex has no gradient
        return

    cost = Tg.real(output * (1 - 2j)).sum() + Tg.real(output * Tg.conj(output)).sum()
    gradient = Tg.function(symbols, Tg.grad(cost, symbols[0]), on_unused_input='ignore')
    check_directions(lambda *inputs: Tg.clone(Tg.grad(cost, symbols[0]), replace=dict(zip(
        symbols, inputs))), gradient, points, rng)


@examples(25)
@given(data=st.data())
@pytest.mark.parametrize('name', [name for name in ELEMENTWISE if OPS[name].is_differentiable()
                                  and name not in ('grad_clip', 'zero_grad', 'where')])
def test_random_shapes(name, data):
    op = OPS[name]
    n_inputs = len(op.dup_input_names())
    sizes, _ = data.draw(mutually_broadcastable_shapes(num_shapes=n_inputs, min_side=0, max_dims=4,
                                                       max_side=3))
    rng = np.random.default_rng(33)
    points = draw_inside(rng, op, sizes, ['float64'] * n_inputs)
    assume(points is not None)
    points = [point + rng.uniform(1e-3, 2e-3, point.shape) for point in points]
    check_directions(getattr(Tg, name), ELEMENTWISE[name][0], points, rng)


# Those whose draws change with a parameter, at a fixed quantile: no difference of draws shows it.
STATE = [1, 2, 3]
RANDOM_CASES = {
    'random_gamma': lambda a: Tg.random_gamma(STATE, (4, 2, 3), Tg.abs(a)),
    'random_log_gamma': lambda a: Tg.random_log_gamma(STATE, (2, 3), Tg.abs(a)),
    'random_truncated_normal': lambda a: Tg.random_truncated_normal(STATE, (4, 2, 3), a, a[0] + 3),
    'random_shuffle': lambda a: Tg.random_shuffle(STATE, a, 1, False),
    'random_unshuffle': lambda a: Tg.random_unshuffle(STATE, a, 1, False),
}


def test_every_random_operator_with_a_gradient_has_a_case():
    assert RANDOM_CASES.keys() == {name for name in RANDOM if OPS[name].is_differentiable()}


@pytest.mark.parametrize('name', RANDOM_CASES)
def test_random_operators(name):
    a = Tg.dmatrix('a')
    rng = np.random.default_rng(34)
    point, tangent = rng.normal(size=(2, 2, 3))
    output = RANDOM_CASES[name](a)
    cotangent = rng.normal(size=output.eval({a: point}).shape)
    forward, reverse = Tg.function([a], [Tg.jvp(output, a, tangent), Tg.vjp(output, a, cotangent)])(
        point)

    assert np.all(forward != 0)
    assert np.vdot(cotangent, forward) == pytest.approx(np.vdot(reverse, tangent), rel=1e-12)
    if name.endswith('shuffle'):
        value = Tg.function([a], output)
        np.testing.assert_array_equal(forward, value(tangent))
    else:
        with pytest.raises(GLib.Error) as error:
            Tg.grad(Tg.square(Tg.grad(output.sum(), a)).sum(), a)
        assert error.value.matches(Tg.GradError.quark(), Tg.GradError.UNDEFINED)
