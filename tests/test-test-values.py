# SPDX-License-Identifier: LGPL-2.1-or-later
"""Test values: a mistake that only values show is found in the line that makes it."""

import os
import re
import sys
import threading

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

FILE = os.path.basename(__file__)


@pytest.fixture(params=['ignore', 'raise'])
def mode(request):
    Tg.config.compute_test_value = request.param
    yield request.param
    Tg.config.compute_test_value = 'off'


@pytest.fixture
def raising():
    Tg.config.compute_test_value = 'raise'
    yield
    Tg.config.compute_test_value = 'off'


def make(name, shape, dtype='float64'):
    x = Tg.tensor(dtype, (None,) * len(shape), name)
    x.test_value = np.arange(np.prod(shape), dtype=dtype).reshape(shape)
    return x


def test_off_is_the_default():
    assert Tg.config.compute_test_value == 'off'

    x = make('x', (3,))

    assert (x + x).test_value is None
    (x + make('y', (4,)))  # found out by a function alone


@pytest.mark.parametrize('expression', [
    lambda x, y: x + 2 * y,
    lambda x, y: x @ y.T,
    lambda x, y: Tg.exp(x).sum(axis=0),
    lambda x, y: x[1:, ::2] - x[0, 1],
    lambda x, y: Tg.concat([x, y, x]),
    lambda x, y: x.reshape(-1) * Tg.shared(2.),
    lambda x, y: Tg.grad((x * y).sum(), x),
    lambda x, y: Tg.parse('tanh(x) / (1 + y)', x, y),
    lambda x, y: Tg.clone(x + y, {y: x}),
    lambda x, y: x * x,
    lambda x, y: Tg.std(x, axis=0) + y,
    lambda x, y: Tg.jacobian(x * y, x),
    lambda x, y: Tg.hessian((x * x * y).sum(), x),
    lambda x, y: Tg.grad(Tg.custom_gradient(x * y, x, lambda g: g * 3).sum(), x),
    lambda x, y: Tg.vectorize(Tg.custom_gradient(x * 2, y, lambda g: g + 3),
                              {x: Tg.stack([x, y])}),
])
def test_they_are_what_a_function_computes(mode, expression):
    x, y = make('x', (2, 3)), make('y', (2, 3))

    output = expression(x, y)

    f = Tg.function([x, y], output, on_unused_input='ignore', mode='reference')
    np.testing.assert_array_equal(output.test_value, f(x.test_value, y.test_value))


def test_a_mistake_is_found_in_its_line(mode):
    x, y = make('x', (3,)), make('y', (4,))
    fine = x * 2

    with pytest.raises(GLib.Error) as error:
        line = sys._getframe().f_lineno + 1
        Tg.exp(fine + y)

    assert error.value.message == (
        'test values: add (x * 2: f64[3], y: f64[4]): the shapes cannot be broadcast together '
        f'(made at {FILE}, line {line})')
    assert error.value.matches(Tg.ShapeError.quark(), Tg.ShapeError.BROADCAST)


def test_a_mistake_in_what_an_operator_is_made_of_is_found(mode):
    x = make('x', (0, 3))

    with pytest.raises(GLib.Error) as error:
        Tg.ptp(x, axis=0)

    assert error.value.message.startswith('ptp (x: f64[?, ?]): ')
    assert 'test values: max (x: f64[0, 3]): ' in error.value.message
    assert error.value.message.count('made at') == 1


@pytest.mark.parametrize('expression', [
    lambda x, i: x @ x,
    lambda x, i: x.reshape(4, -1),
    lambda x, i: x[i],
    lambda x, i: Tg.concat([x, x[:, 1:]]),
    lambda x, i: x[:0].max(axis=0),
])
def test_what_only_values_show(mode, expression):
    x, i = make('x', (2, 3)), Tg.lscalar('i')
    i.test_value = 7

    with pytest.raises(GLib.Error) as error:
        expression(x, i)
    assert error.value.message.startswith('test values: ')


def test_an_input_without_one_is_ignored():
    Tg.config.compute_test_value = 'ignore'
    try:
        assert (make('x', (3,)) + Tg.dvector('y')).test_value is None
    finally:
        Tg.config.compute_test_value = 'off'


def test_an_input_without_one_is_an_error(raising):
    x, y = make('x', (3,)), Tg.dvector('y')

    with pytest.raises(GLib.Error) as error:
        x + y

    message = re.sub(r'line \d+', 'line', error.value.message)
    assert message == (f'add (x: f64[?], y: f64[?]): y: f64[?] has no test value (y made at {FILE},'
                       ' line)')


@pytest.mark.parametrize('expression', [
    lambda x: Tg.tile(x, [2, 2]),
    lambda x: Tg.repeat(x, 2, axis=0),
    lambda x: Tg.repeat(x, [1, 2], axis=0),
    lambda x: Tg.roll(x, 1),
    lambda x: Tg.roll(x, 1, axis=0),
    lambda x: Tg.diff(x),
    lambda x: Tg.var(x),
    lambda x: Tg.split(x, [1, -1]),
    lambda x: Tg.meshgrid(x[0], x[1]),
    lambda x: Tg.broadcast_arrays(x, x),
    lambda x: x[[0, 1], [1, 0]],
    lambda x: Tg.set_subtensor(x[0], 1),
])
def test_operators_made_of_others_want_one(raising, expression):
    with pytest.raises(GLib.Error, match=r'x: f64\[\?, \?\] has no test value'):
        expression(Tg.dmatrix('x'))


def test_functions_need_none(raising):
    Tg.config.compute_test_value = 'off'
    x, w = Tg.dscalar('x'), Tg.shared(np.float32(1))
    y, n = x * 2, Tg.exp(Tg.as_variable(1)) * 0 + 1
    Tg.config.compute_test_value = 'raise'

    f = Tg.function([x], y, updates={w: n}, givens={})
    g = Tg.function([], y, givens={x: 3.})

    assert f(1) == 2 and g() == 6 and y.eval({x: 4}) == 8
    assert Tg.config.compute_test_value == 'raise'


def test_gradients_of_older_expressions_need_none(raising):
    Tg.config.compute_test_value = 'off'
    x = Tg.dvector('x')
    y = Tg.concat([x, x]).sum()
    Tg.config.compute_test_value = 'ignore'

    gradient = Tg.grad(y, x)

    np.testing.assert_array_equal(gradient.eval({x: [1, 2]}), [2, 2])


def test_random_states_stay_as_they_are(mode):
    draws = []
    for _ in range(2):
        u = Tg.RandomStreams(3).uniform((2,))
        v = u + 1
        draws.append(Tg.function([], v)())
        np.testing.assert_array_equal(v.test_value, u.test_value + 1)
    Tg.config.compute_test_value = 'off'
    expected = Tg.function([], Tg.RandomStreams(3).uniform((2,)) + 1)()

    np.testing.assert_array_equal(draws, [expected, expected])


def test_each_thread_has_its_own_mode(raising):
    modes = []
    thread = threading.Thread(target=lambda: modes.append(Tg.config.compute_test_value))
    thread.start()
    thread.join()

    assert modes == ['off'] and Tg.config.compute_test_value == 'raise'


def test_shared_variables_and_constants_have_their_values():
    w, c = Tg.shared([1., 2.], 'w'), Tg.constant(3, 'c')

    assert w.test_value.tolist() == [1, 2] and c.test_value == 3
    with pytest.raises(GLib.Error) as error:
        w.test_value = [3., 4.]
    assert error.value.message == 'w: f64[2] has a value of its own, which is its test value'


def test_theano_calls_it_a_tag():
    x = Tg.dvector('x')
    assert not hasattr(x.tag, 'test_value')

    x.tag.test_value = [1, 2]

    assert x.tag.test_value.tolist() == x.test_value.tolist() == [1, 2]
    with pytest.raises(AttributeError, match='a tag has no other'):
        x.tag.other = 3
    x.test_value = None
    assert x.test_value is None


def test_the_type_must_fit():
    x = Tg.tensor('float64', (3,), 'x')

    with pytest.raises(GLib.Error) as error:
        x.test_value = np.ones(4)
    assert error.value.message == 'the test value of x: f64[3] cannot be of type f64[4]'
    with pytest.raises(TypeError, match='^x: expected a number or an array, not str'):
        x.test_value = 'one'
    assert x.test_value is None


def test_later_changes_of_an_array_do_not_matter():
    x, array = Tg.dvector('x'), np.ones(3)
    x.test_value = array

    array[0] = 5

    assert x.test_value.tolist() == [1, 1, 1]


def test_there_is_no_other_mode():
    with pytest.raises(ValueError, match="one of off, ignore, raise, not 'pdb'"):
        Tg.config.compute_test_value = 'pdb'
