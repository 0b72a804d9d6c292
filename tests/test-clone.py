# SPDX-License-Identifier: LGPL-2.1-or-later
"""Expressions with other variables inside, and their values on the spot."""

import gc
import time

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg
from messages import without_places
from sizes import with_small_stack


def check(action, code, message):
    with pytest.raises(GLib.Error) as error:
        action()
    assert without_places(error.value.message) == message
    assert error.value.matches(type(code).quark(), code)


def test_a_clone_has_other_variables_inside():
    x, y, z = Tg.dvectors('x', 'y', 'z')
    output = Tg.exp(x + y).sum()

    clone = Tg.clone(output, {y: 2 * z})

    assert clone.eval({x: [1, 2], z: [3, 4]}) == np.exp([7, 10]).sum()
    assert output.eval({x: [1, 2], y: [3, 4]}) == np.exp([4, 6]).sum()


def test_several_are_cloned_together():
    x, y = Tg.dscalars('x', 'y')
    shared_part = x * 2
    first, second = Tg.clone([shared_part + 1, shared_part - 1], [(x, y)])

    assert first.get_input(0) is second.get_input(0)
    assert first.eval({y: 3}) == 7 and second.eval({y: 3}) == 5


def test_what_does_not_depend_on_it_is_shared():
    x, y = Tg.dscalars('x', 'y')
    other = Tg.exp(y)

    assert Tg.clone(other, {x: y}) is other
    assert Tg.clone(other + x, {x: y}).get_input(0) is other


def test_an_expression_is_replaced_too():
    x = Tg.dscalar('x')
    y = x + 1

    assert Tg.clone(y * y, {y: x}).eval({x: 3}) == 9
    assert Tg.clone(y, {y: x}) is x


def test_what_is_inside_a_replacement_stays():
    x = Tg.dscalar('x')

    assert Tg.clone(x * 2, {x: x + 1}).eval({x: 3}) == 8


def test_clones_keep_name_and_scope():
    x, y = Tg.dscalars('x', 'y')
    with Tg.name_scope('layer1'):
        h = x * 2
        h.name = 'h'

    clone = Tg.clone(h, {x: y})

    assert (clone.name, clone.scope, clone.place.line) == ('layer1/h', 'layer1', h.place.line)


def test_inputs_can_be_new_ones():
    x, w = Tg.dvector('x'), Tg.shared(np.ones(3), 'w')
    output = x * w

    clone = Tg.clone(output, share_inputs=False)

    new = clone.get_input(0)
    assert new is not x and new.name == 'x' and str(new.type) == str(x.type)
    assert clone.get_input(1) is w
    np.testing.assert_array_equal(clone.eval({new: [1, 2, 3]}), [1, 2, 3])
    check(lambda: clone.eval({x: [1, 2, 3]}), Tg.CompileError.MISSING_INPUT,
          'function: an output needs x: f64[?], which is not among the inputs')


def test_numbers_may_replace_when_not_strict():
    x = Tg.fscalar('x')

    assert Tg.clone(x * 2, {x: np.float64(3)}, strict=False).eval() == 6


def test_types_are_inferred_anew_when_not_strict():
    x, m = Tg.fvector('x'), Tg.dmatrix('m')

    clone = Tg.clone(Tg.exp(x), {x: m}, strict=False)

    assert (clone.dtype, clone.ndim) == ('float64', 2)


@pytest.mark.parametrize('make, code, message', [
    (lambda: Tg.fvector('y'), Tg.TypeError.DTYPE,
     'clone: x: f64[3] cannot be replaced by y: f32[?]: the dtype differs'),
    (lambda: Tg.dmatrix('y'), Tg.ShapeError.NDIM,
     'clone: x: f64[3] cannot be replaced by y: f64[?, ?]: the number of dimensions differs'),
    (lambda: Tg.tensor('float64', (4,), 'y'), Tg.ShapeError.MISMATCH,
     'clone: x: f64[3] cannot be replaced by y: f64[4]: the shape differs'),
])
def test_other_types_are_an_error(make, code, message):
    x = Tg.tensor('float64', (3,), 'x')
    y = make()

    check(lambda: Tg.clone(x * 2, {x: y}), code, message)


def test_what_cannot_be_made_anew_is_an_error():
    x, y, z = Tg.tensor('float64', (3,), 'x'), Tg.tensor('float64', (4,), 'y'), Tg.ones(3)

    check(lambda: Tg.clone(x + z, {x: y}, strict=False), Tg.ShapeError.BROADCAST,
          'clone: add (y: f64[4], ones([3]): f64[3]): the shapes cannot be broadcast together')


@pytest.mark.parametrize('replace', [{3: 4}, {'x': 4}, [(None, 4)]])
def test_what_is_replaced_is_a_variable(replace):
    with pytest.raises(TypeError, match=r'^replace\[0\]: expected a variable, not'):
        Tg.clone(Tg.dscalar(), replace)


def test_a_variable_gives_a_symbol_like_it():
    x = Tg.tensor('float32', (None, 3), 'x')
    w = Tg.shared(1.)

    for variable in (x, Tg.exp(x)):
        clone = variable.clone()
        assert clone is not variable and clone.get_op() is None
        assert str(clone.type) == 'f32[?, 3]' and clone.name == variable.name
    assert w.clone() is w


# Values on the spot

def test_eval_computes():
    x, y = Tg.dvectors('x', 'y')
    z = x + 2 * y

    np.testing.assert_array_equal(z.eval({x: [1, 2], y: [3, 4]}), [7, 10])
    np.testing.assert_array_equal(z.eval({y: [3, 4], x: [1, 2]}), [7, 10])
    np.testing.assert_array_equal(z.eval({x: 5 * np.ones(1), y: np.ones(2)}), [7, 7])
    assert Tg.shared(3).eval() == 3 and Tg.constant(4).eval() == 4
    assert x.eval({x: [1]}) == [1]


def test_eval_takes_expressions_as_inputs():
    x = Tg.dscalar('x')
    y = Tg.exp(x)

    assert (y + 1).eval({y: 2}) == 3
    assert (y + 1).eval({x: 0}) == 2


def test_eval_is_quick_the_second_time():
    x = Tg.dscalar('x')
    y = x
    for _ in range(2000):
        y = y + 1

    def measure():
        start = time.perf_counter()
        assert y.eval({x: 1}) == 2001
        return time.perf_counter() - start

    first = measure()

    assert min(measure() for _ in range(5)) < first


def test_eval_sees_new_shared_values():
    w = Tg.shared(1.)
    y = w * 2
    assert y.eval() == 2

    w.set_value(5.)

    assert y.eval() == 10


def test_an_evaluated_variable_goes_with_its_last_reference():
    gone = []
    x = Tg.dscalar('x')
    y = Tg.exp(x)
    y.weak_ref(lambda: gone.append('y'))
    y.eval({x: 1})

    del y
    gc.collect()

    assert gone == ['y']


def test_many_evaluated_variables_are_freed_without_recursion():
    x = Tg.dscalar('x')
    y = x
    held = []
    for i in range(500):
        y = y + 1
        assert y.eval({x: 1}) == i + 2

    held.append(y)
    del y
    with_small_stack(lambda: (held.clear(), gc.collect()))


def test_mistakes_of_eval():
    x, y = Tg.dvector('x'), Tg.dvector('y')
    z = x + y

    check(lambda: z.eval({x: [1]}), Tg.CompileError.MISSING_INPUT,
          'function: an output needs y: f64[?], which is not among the inputs')
    check(lambda: x.sum().eval({x: [1], y: [2]}), Tg.CompileError.UNUSED,
          'function: the input y: f64[?] is not used by any output or update')
    check(lambda: z.eval({x: np.ones((2, 2)), y: [1]}), Tg.RunError.INPUT,
          'function: the input x: f64[?] cannot be a value of type f64[2, 2]')
    with pytest.raises(TypeError, match='^x: expected a value, not a symbolic variable'):
        z.eval({x: y, y: [1]})
    with pytest.raises(TypeError, match='^eval: expected a variable, not str'):
        z.eval({'x': 1})
    np.testing.assert_array_equal(z.eval({x: [1], y: [2]}), [3])
