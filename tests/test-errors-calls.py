# SPDX-License-Identifier: LGPL-2.1-or-later
"""Mistakes in calls: each gets an error that names function, shapes, dtypes and variable.

Messages are compared whole.  After each, shared values are as before.
"""

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, Tg
from messages import check, symbols

# Mistakes of a call

def test_wrong_inputs():
    x, v, s = Tg.dmatrix('x'), Tg.dvector('v'), Tg.tensor('float32', (None, 3), 's')
    f = Tg.function([x, v], x @ v, name='product')
    g = Tg.function([s], s * 2)

    check(lambda: f(np.ones(3), np.ones(3)), Tg.RunError.INPUT,
          'product: the input x: f64[?, ?] cannot be a value of type f64[3]')
    check(lambda: f(np.ones((2, 3)), np.ones(4)), Tg.ShapeError.MISMATCH,
          'product: matmul (x: f64[2, 3], v: f64[4]): dimensions that belong together differ: '
          '3 and 4')
    check(lambda: g(np.ones((2, 4), 'float32')), Tg.RunError.INPUT,
          'function: the input s: f32[?, 3] cannot be a value of type f32[2, 4]')
    check(lambda: g(np.ones((2, 3))), Tg.RunError.INPUT,
          'function: the input s: f32[?, 3] cannot be a value of type f64[2, 3] without loss: '
          'array([[1., 1., 1.], [1., 1., 1.]])')


@pytest.mark.parametrize('args, kwargs, message', [
    ((), {}, 'sum: the input x is missing'),
    ((1,), {}, 'sum: the input y is missing'),
    ((1, 2, 3), {}, 'sum: expected at most 2 values, not 3'),
    ((1,), {'z': 3}, 'sum: the input y is missing'),
    ((1, 2), {'z': 3}, 'sum: there is no input “z”'),
    ((1, 2), {'x': 3}, 'sum: the input “x” has two values'),
    ((None, 2), {}, 'x: expected a number or an array, not None'),
    (('a', 2), {}, 'x: expected a number or an array, not str'),
    ((1, 'b'), {}, 'y: expected a number or an array, not str'),
    ((Tg.dscalar(), 2), {}, 'x: expected a value, not a symbolic variable'),
])
def test_wrong_calls(args, kwargs, message):
    x, y = Tg.dscalars('x', 'y')
    f = Tg.function([x, y], x + y, name='sum')

    with pytest.raises((TypeError, ValueError)) as error:
        f(*args, **kwargs)

    assert str(error.value) == message
    assert f(1, 2) == 3


def test_ragged_lists():
    x = Tg.dmatrix('x')
    f = Tg.function([x], x)

    with pytest.raises(ValueError, match='^x: .*inhomogeneous'):
        f([[1, 2], [3]])


# Mistakes in what functions are told about inputs, modes and copies

FUNCTION = {
    'a default of another kind': (
        lambda n, **_: Tg.function([Tg.In(n, value=1.5)], n), Tg.RunError.INPUT,
        'function: the default value: the input n: i64[] cannot be a value of type f64[] without '
        'loss: array(1.5)'),
    'a default of another shape': (
        lambda v, **_: Tg.function([Tg.In(v, value=2)], v, name='f'), Tg.RunError.INPUT,
        'f: the default value: the input v: f64[?] cannot be a value of type f64[]'),
    'a default that is not strictly of the dtype': (
        lambda s, **_: Tg.function([Tg.In(s, value=2, strict=True)], s), Tg.RunError.INPUT,
        'function: the default value: the input s: f64[] cannot be a value of type i64[]: it is '
        'strict'),
    'a shared default of another type': (
        lambda v, count, **_: Tg.function([Tg.In(v, value=count)], v), Tg.CompileError.INPUT,
        'function: count: i64[] cannot hold the default of the input v: f64[?]: the types differ'),
    'an update without a default': (
        lambda s, **_: Tg.function([Tg.In(s, update=s + 1)], s), Tg.CompileError.UPDATE,
        'function: the input s: f64[] has an update, but no default value'),
    'an update of a default of another type': (
        lambda s, v, **_: Tg.function([Tg.In(s, value=1, update=v), v], s), Tg.CompileError.UPDATE,
        'function: s: f64[] cannot be updated by a value of type f64[?]: the number of dimensions '
        'differs'),
    'a default updated twice': (
        lambda w, v, **_: Tg.function([Tg.In(v, value=w, update=v * 2)], w, updates={w: w + 1}),
        Tg.CompileError.UPDATE, 'function: w: f64[3] is updated twice'),
    'an input that is shared': (
        lambda w, **_: Tg.function([Tg.In(w)], w), Tg.CompileError.INPUT,
        'function: w: f64[3] cannot be an input: it is shared; use givens'),
    'an input twice': (
        lambda s, **_: Tg.function([s, Tg.In(s, name='t')], s), Tg.CompileError.INPUT,
        'function: s: f64[] is an input twice'),
    'an input that is not used': (
        lambda s, v, **_: Tg.function([s, v], s), Tg.CompileError.UNUSED,
        'function: the input v: f64[?] is not used by any output or update'),
    'an unknown mode': (
        lambda s, **_: Tg.function([s], s, mode='slow'), Tg.CompileError.MODE,
        'there is no mode “slow”: a mode is a backend (cpu, reference), a promise (exact, '
        'real, stable, fast), accurate, check, check-finite, threads=number or -rule, or several '
        'of them with commas between'),
    'an unknown backend': (
        lambda **_: Tg.Mode().set_backend('llvm'), Tg.CompileError.MODE,
        'there is no backend “llvm”; those that there are: cpu, reference'),
    'a swap of a variable that is not there': (
        lambda w, count, **_: Tg.function([], w).copy(swap={count: count}), Tg.CompileError.GIVEN,
        'function: copy: count: i64[] cannot be swapped: it is not a shared variable of the '
        'function'),
    'a swap for another type': (
        lambda w, count, **_: Tg.function([], w).copy(swap={w: count}), Tg.CompileError.GIVEN,
        'function: copy: w: f64[3] cannot be swapped for count: i64[]: the types differ'),
    'a swap for a symbol': (
        lambda w, v, **_: Tg.function([], w).copy(swap={w: v}), Tg.CompileError.GIVEN,
        'function: copy: w: f64[3] cannot be swapped for v: f64[?], which is not shared'),
    'a swap that updates twice': (
        lambda w, **_: Tg.function([], [], updates={w: w + 1, (o := Tg.shared(np.zeros(3), 'o')):
                                                    o + 1}).copy(swap={w: o}),
        Tg.CompileError.UPDATE, 'function: copy: o: f64[3] is updated twice'),
}


@pytest.mark.parametrize('mistake', FUNCTION)
def test_functions(mistake):
    action, code, message = FUNCTION[mistake]
    variables = symbols()

    check(lambda: action(**variables), code, message)

    assert variables['w'].get_value().tolist() == [0, 0, 0] and variables['count'].get_value() == 0


@pytest.mark.parametrize('action, message', [
    (lambda x: Tg.function(x, x), 'inputs: expected a list of variables, not one variable'),
    (lambda x: Tg.function([1], x), 'inputs[0]: expected a variable, not int'),
    (lambda x: Tg.function([Tg.In(1)], x), 'In: expected a variable, not int'),
    (lambda x: Tg.function([x], x, updates=[x]),
     'updates: expected a dictionary or a list of pairs, not Variable'),
    (lambda x: Tg.function([x], x, no_default_updates=x),
     'no_default_updates: expected True or a list, not one variable'),
    (lambda x: Tg.function([x], x).copy(swap={x: 2}), 'swap: expected a variable, not int'),
    (lambda x: Tg.In(x, value='a'), 'x: expected a number or an array, not str'),
    (lambda x: Tg.function([x], x, on_unused_input='no'),
     "on_unused_input: expected 'raise', 'warn' or 'ignore', not 'no'"),
])
def test_wrong_parts_of_functions(action, message):
    with pytest.raises((TypeError, ValueError)) as error:
        action(Tg.dscalar('x'))

    assert str(error.value) == message


# What a call is given: the inputs, a mode, the arguments, the error.
CALL = {
    'a value that is too precise': (
        lambda: [Tg.In(Tg.fscalar('s'), allow_downcast=False)], None, [0.1], Tg.RunError.INPUT,
        'f: the input s: f32[] cannot be a value of type f64[] without loss: array(0.1)'),
    'an integer that is none': (
        lambda: [Tg.lscalar('n')], None, [2.5], Tg.RunError.INPUT,
        'f: the input n: i64[] cannot be a value of type f64[] without loss: array(2.5)'),
    'many values': (
        lambda: [Tg.lvector('n')], None, [np.ones(9)], Tg.RunError.INPUT,
        'f: the input n: i64[?] cannot be a value of type f64[9] without loss'),
    'a strict dtype': (
        lambda: [Tg.In(Tg.fvector('v'), strict=True)], None, [np.ones(2)], Tg.RunError.INPUT,
        'f: the input v: f32[?] cannot be a value of type f64[2]: it is strict'),
    'an integer that is too large': (
        lambda: [Tg.In(Tg.iscalar('n'), allow_downcast=False)], None, [2**31], Tg.RunError.INPUT,
        'f: the input n: i32[] cannot be a value of type i64[] without loss: array(2147483648)'),
    'a shape that is known': (
        lambda: [Tg.tensor('float64', (3,), 'v')], None, [np.ones(4)], Tg.RunError.INPUT,
        'f: the input v: f64[3] cannot be a value of type f64[4]'),
    'a shared default of the wrong size': (
        lambda: [Tg.In(Tg.tensor('float64', (3,), 'v'),
                       value=Tg.shared(np.ones(4), shape=(None,)))],
        None, [], Tg.RunError.INPUT,
        'f: the input v: f64[3] cannot be a value of type f64[4]'),
    'nan as an argument': (
        lambda: [Tg.dmatrix('x')], 'check-finite', [[[1, 2], [np.nan, 0]]],
        Tg.RunError.NOT_FINITE, 'f: x: f64[?, ?] is nan at [1, 0]'),
    'inf in single precision': (
        lambda: [Tg.fvector('x')], 'check-finite', [[1, -np.inf]],
        Tg.RunError.NOT_FINITE, 'f: x: f32[?] is -inf at [1]'),
    'inf in half precision': (
        lambda: [Tg.tensor('bfloat16', (None,), 'x')], 'check-finite', [[1, np.inf]],
        Tg.RunError.NOT_FINITE, 'f: x: bf16[?] is inf at [1]'),
    'nan as an imaginary part': (
        lambda: [Tg.tensor('complex64', (), 'x')], 'check-finite', [complex(1, np.nan)],
        Tg.RunError.NOT_FINITE, 'f: x: c64[] is nan'),
    'inf as a result': (
        lambda: [Tg.dmatrix('x')], 'check-finite', [np.full((2, 2), 800.)],
        Tg.RunError.NOT_FINITE, 'f: exp (x: f64[2, 2]): the result is inf at [0, 0]'),
}


@pytest.mark.parametrize('mistake', CALL)
def test_calling(mistake):
    make_inputs, mode, arguments, code, message = CALL[mistake]
    inputs = make_inputs()
    variable = inputs[0].variable if isinstance(inputs[0], Tg.In) else inputs[0]
    w = Tg.shared(5)
    f = Tg.function(inputs, Tg.exp(variable), updates={w: w + 1}, name='f', mode=mode)

    check(lambda: f(*arguments), code, message)

    assert w.get_value() == 5


def test_a_shared_value_that_is_not_finite():
    w, x = Tg.shared([1, np.inf], 'w'), Tg.dscalar('x')
    f = Tg.function([x], w * x, mode='check-finite')

    check(lambda: f(1), Tg.RunError.NOT_FINITE, 'function: w: f64[2] is inf at [1]')

    w.set_value([1, 2])
    assert f(2).tolist() == [2, 4]


def test_defaults_after_a_mistake():
    x, y = Tg.dvectors('x', 'y')
    f = Tg.function([x, Tg.In(y, value=[1, 2], update=x + y)], y, name='f')

    check(lambda: f([1, 2, 3]), Tg.ShapeError.BROADCAST,
          'f: add (x: f64[3], y: f64[2]): the shapes cannot be broadcast together')

    assert f['y'].tolist() == [1, 2]
    with pytest.raises(KeyError) as error:
        f['x']
    assert error.value.args == ('f: no input x has a default value',)


def test_a_cancelled_call():
    w = Tg.shared(1)
    f = Tg.function([], [], updates={w: w + 1})
    cancellable = Gio.Cancellable.new()
    cancellable.cancel()
    cancellable.push_current()

    check(f, Gio.IOErrorEnum.CANCELLED, 'function: the call was cancelled')

    cancellable.pop_current()
    assert w.get_value() == 1


# What only the values show: the expression, right values, wrong ones and the error.
RUN = {
    'broadcast': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], lambda x, y: Tg.exp(x + y),
        [np.ones((2, 3)), np.ones((1, 3))], [np.ones((2, 3)), np.ones((4, 3))],
        Tg.ShapeError.BROADCAST,
        'f: add (x: f64[2, 3], y: f64[4, 3]): the shapes cannot be broadcast together'),
    'product': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], Tg.matmul,
        [np.ones((2, 3)), np.ones((3, 1))], [np.ones((2, 3)), np.ones((2, 3))],
        Tg.ShapeError.MISMATCH,
        'f: matmul (x: f64[2, 3], y: f64[2, 3]): dimensions that belong together differ: 3 '
        'and 2'),
    'repetitions': (
        lambda: [Tg.lvector('n')], lambda n: Tg.repeat([1., 2.], n), [[2, 0]], [[3, -1]],
        Tg.RunError.VALUE, 'f: check_positive (n: i64[2]): x must be 0 or more, not -1'),
    'reshape': (
        lambda: [Tg.dmatrix('x')], lambda x: x.reshape(4, -1),
        [np.ones((2, 6))], [np.ones((2, 3))], Tg.ShapeError.MISMATCH,
        'f: reshape (x: f64[2, 3], [4, -1]: i64[2]): cannot reshape f64[2, 3] into [4, ?]: 6 '
        'elements are not a multiple of 4'),
    'broadcast_to': (
        lambda: [Tg.dvector('x')], lambda x: Tg.broadcast_to(x, (2, 3)),
        [np.ones(3)], [np.ones(2)], Tg.ShapeError.BROADCAST,
        'f: broadcast_to (x: f64[2], [2, 3]: i64[2]): cannot broadcast f64[2] to [2, 3]'),
    'index': (
        lambda: [Tg.dvector('x'), Tg.lscalar('i')], lambda x, i: x[i],
        [np.ones(3), -3], [np.ones(3), 3], Tg.ShapeError.INDEX,
        'f: index (x: f64[3], i: i64[]): index 3 is out of bounds for axis 0 of size 3'),
    'concat': (
        lambda: [Tg.dmatrix('x'), Tg.dmatrix('y')], lambda x, y: Tg.concat([x, y]),
        [np.ones((2, 3)), np.ones((1, 3))], [np.ones((2, 3)), np.ones((2, 2))],
        Tg.ShapeError.MISMATCH,
        'f: concat (x: f64[2, 3], y: f64[2, 2]): tensors 0 and 1 have the sizes 3 and 2 '
        'along axis 1'),
    'stack': (
        lambda: [Tg.dvector('x'), Tg.dvector('y')], lambda x, y: Tg.stack([x, y]),
        [np.ones(3), np.ones(3)], [np.ones(3), np.ones(2)], Tg.ShapeError.MISMATCH,
        'f: stack (x: f64[3], y: f64[2]): tensors 0 and 1 have the sizes 3 and 2 along axis '
        '0'),
    'squeeze': (
        lambda: [Tg.dmatrix('x')], lambda x: Tg.squeeze(x, 0),
        [np.ones((1, 3))], [np.ones((2, 3))], Tg.ShapeError.MISMATCH,
        'f: squeeze (x: f64[2, 3]): axis 0 has size 2, not 1'),
    'empty maximum': (
        lambda: [Tg.dmatrix('x')], lambda x: x.max(axis=1),
        [np.ones((1, 3))], [np.ones((2, 0))], Tg.ShapeError.EMPTY,
        'f: max (x: f64[2, 0]): there is no element to choose from'),
    'negative size': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.zeros((2, n)), [3], [-3],
        Tg.ShapeError.SIZE,
        'f: zeros (stack(2, n): i64[2]): shape [2, -3] has a negative dimension'),
    'too large a size': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.zeros((n, n)), [3], [2**40],
        Tg.ShapeError.SIZE,
        'f: zeros (stack(n, n): i64[2]): shape [1099511627776, 1099511627776] is too large '
        'for memory'),
    'a negative standard deviation': (
        lambda: [Tg.dvector('sigma')], lambda sigma: Tg.RandomStreams(1).normal(2, 0., sigma) * 0,
        [[1, 2]], [[1, -2]], Tg.RunError.VALUE,
        'f: check_positive (sigma: f64[2]): x must be 0 or more, not -2'),
    'a negative width': (
        lambda: [Tg.dscalar('low')], lambda low: Tg.RandomStreams(1).uniform(2, low) * 0,
        [0.5], [1.5], Tg.RunError.VALUE,
        'f: check_positive (1.0 - low: f64[]): x must be 0 or more, not -0.5'),
    'a probability that is none': (
        lambda: [Tg.dscalar('p')], lambda p: Tg.RandomStreams(1).bernoulli(2, p) * 0, [0.5],
        [np.nan], Tg.RunError.VALUE,
        'f: random_binomial (random_state_0: i64[3], [2]: i64[1], 1: i64[], p: f64[]): p must be '
        'between 0 and 1, not nan'),
    'a negative shape': (
        lambda: [Tg.dscalar('a')], lambda a: Tg.RandomStreams(1).gamma(2, a) * 0, [0.5], [-0.5],
        Tg.RunError.VALUE,
        'f: random_gamma (random_state_0: i64[3], [2]: i64[1], a: f64[]): a must be 0 or more, '
        'not -0.5'),
    'a shape of a beta distribution': (
        lambda: [Tg.dscalar('b')], lambda b: Tg.RandomStreams(1).beta(2, 1., b) * 0, [0.5], [0.],
        Tg.RunError.VALUE,
        'f: random_log_gamma (random_state_0 + [0, 0, 1]: i64[3], [2]: i64[1], b: f64[]): a must '
        'be more than 0, not 0'),
    'a mean without end': (
        lambda: [Tg.dscalar('lam')], lambda lam: Tg.RandomStreams(1).poisson(2, lam) * 0, [0.5],
        [np.inf], Tg.RunError.VALUE,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[]): lam must be '
        'between 0 and 9.2e18, not inf'),
    'no room for a count': (
        lambda: [Tg.dscalar('lam')],
        lambda lam: Tg.RandomStreams(1).poisson(2, lam, dtype='int8') * 0, [0.5], [1000.],
        Tg.RunError.VALUE,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[]): numbers were drawn '
        'that int8 has no room for'),
    'trials that are not whole': (
        lambda: [Tg.dscalar('n')], lambda n: Tg.RandomStreams(1).multinomial(1, n) * 0, [2.],
        [2.5], Tg.RunError.VALUE,
        'f: random_multinomial (random_state_0: i64[3], [1]: i64[1], n: f64[], [0.5, 0.5]: '
        'f64[2]): n must be a whole number between 0 and 2^53, not 2.5'),
    'integers the wrong way round': (
        lambda: [Tg.lvector('low')], lambda low: Tg.RandomStreams(1).integers(low, 3) * 0,
        [[1, 2]], [[1, 4]], Tg.RunError.VALUE,
        'f: random_integers (random_state_0: i64[3], broadcast_shape(low, 3): i64[1], low: '
        'i64[2], 3: i64[]): low must be less than high, not 4 and 3'),
    'probabilities of too much': (
        lambda: [Tg.dvector('p')], lambda p: Tg.RandomStreams(1).categorical(2, p) * 0,
        [[0.5, 0.5]], [[0.5, 0.6]], Tg.RunError.VALUE,
        'f: random_categorical (random_state_0: i64[3], [2]: i64[1], p: f64[2]): p must sum to 1 '
        'along its last axis, not to 1.1'),
    'too many choices': (
        lambda: [Tg.dvector('p')], lambda p: Tg.RandomStreams(1).choice(2, 3, False, p) * 0,
        [[0.5, 0.5, 0]], [[0, 1, 0]], Tg.RunError.VALUE,
        'f: random_choice (random_state_0: i64[3], [2]: i64[1], p: f64[3]): p has only 1 elements '
        'above 0, of which 2 cannot be drawn without one of them twice'),
    'a parameter of another shape than the draw': (
        lambda: [Tg.dvector('lam')], lambda lam: Tg.RandomStreams(1).poisson(2, lam) * 0,
        [[1, 2]], [[1, 2, 3]], Tg.ShapeError.BROADCAST,
        'f: random_poisson (random_state_0: i64[3], [2]: i64[1], lam: f64[3]): cannot broadcast '
        'f64[3] to [2]'),
    'step 0': (
        lambda: [Tg.lscalar('n')], lambda n: Tg.arange(0, 3, n), [1], [0],
        Tg.ShapeError.SIZE,
        'f: arange (0: i64[], 3: i64[], n: i64[]): step must not be 0'),
}


@pytest.mark.parametrize('mistake', RUN)
def test_running(mistake):
    make_symbols, expression, right, wrong, code, message = RUN[mistake]
    inputs = make_symbols()
    w = Tg.shared(5)
    f = Tg.function(inputs, [expression(*inputs), w], updates={w: w + 1}, name='f',
                    mode='reference')
    expected = f(*right)

    check(lambda: f(*wrong), code, message)

    assert w.get_value() == 6
    np.testing.assert_array_equal(f(*right)[0], expected[0])
    assert w.get_value() == 7


def test_a_draw_that_fails_leaves_its_state():
    sigma = Tg.dscalar('sigma')
    variable = Tg.RandomStreams(1).normal(3, 0., sigma)
    f = Tg.function([sigma], variable)
    f(1)

    check(lambda: f(-1), Tg.RunError.VALUE,
          'function: check_positive (sigma: f64[]): x must be 0 or more, not -1')

    assert variable.rng.get_value().tolist() == [1, 0, 1]


def test_updates_are_all_or_nothing():
    x = Tg.dvector('x')
    first, second, third = Tg.shared(1.), Tg.shared(np.zeros(3), 'second'), Tg.shared(1)
    f = Tg.function([x], first, updates=[(first, first * 2), (second, second + x),
                                         (third, third + 1)])

    check(lambda: f(np.ones(2)), Tg.ShapeError.BROADCAST,
          'function: add (second: f64[3], x: f64[2]): the shapes cannot be broadcast together')

    assert (first.get_value(), third.get_value()) == (1, 1)
    assert second.get_value().tolist() == [0, 0, 0]
    f([1, 2, 3])
    assert (first.get_value(), third.get_value()) == (2, 2)
    assert second.get_value().tolist() == [1, 2, 3]


def test_an_update_that_does_not_fit_undoes_the_others():
    n = Tg.lscalar('n')
    first, second = Tg.shared(1.), Tg.shared(np.zeros(3), 'second')
    f = Tg.function([n], [], updates=[(first, first * 2), (second, Tg.ones(n))])

    check(lambda: f(2), Tg.RunError.UPDATE,
          'function: second: f64[3] cannot be updated by a value of type f64[2]')

    assert first.get_value() == 1 and second.get_value().tolist() == [0, 0, 0]
    f(3)
    assert first.get_value() == 2 and second.get_value().tolist() == [1, 1, 1]


def test_shared_values_keep_their_type():
    w = Tg.shared(np.zeros(3), 'w')

    check(lambda: w.set_value(np.ones(4)), Tg.TypeError.DTYPE,
          'w: f64[3] cannot hold a value of type f64[4]')
    check(lambda: Tg.shared(np.zeros(2), 'w', shape=(3,)), Tg.TypeError.DTYPE,
          'w: f64[3] cannot hold a value of type f64[2]')

    assert w.get_value().tolist() == [0, 0, 0]
