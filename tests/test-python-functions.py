# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python binding: shared variables, functions and their calls, gradients, random streams."""

import os
import subprocess
import sys

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg

# Shared variables

def test_shared_values():
    assert Tg.shared(0).dtype == 'int64' and Tg.shared(0.).dtype == 'float64'
    assert Tg.shared([[1, 2]]).get_value().tolist() == [[1, 2]]
    assert Tg.shared(np.float32(1)).dtype == 'float32' and Tg.shared(True).dtype == 'bool'
    w = Tg.shared(np.zeros(3), 'w')
    assert w.name == 'w' and w.type.shape == (3,)
    w.value = [1, 2, 3]
    assert w.value.tolist() == [1, 2, 3]


def test_shared_shapes_may_be_loose():
    w = Tg.shared(np.zeros((2, 3)), shape=(None, 3))

    w.set_value(np.ones((5, 3)))

    assert w.get_value().shape == (5, 3)
    with pytest.raises(GLib.Error):
        w.set_value(np.ones((5, 4)))


def test_a_change_of_value_is_notified():
    w = Tg.shared(0., 'w')
    seen = []
    w.connect('notify::value', lambda variable, _: seen.append(float(variable.value)))

    w.set_value(1)
    Tg.function([], [], updates=[(w, w + 1)])()

    assert seen == [1, 2]


# Functions

def test_outputs_in_the_form_asked_for():
    x = Tg.dscalar('x')

    assert Tg.function([x], x * 2)(1) == 2
    assert Tg.function([x], [x * 2])(1) == [2]
    assert Tg.function([x], (x, x + 1))(1) == [1, 2]
    assert Tg.function([x], {'double': x * 2, 'same': x})(3) == {'double': 6, 'same': 3}
    assert Tg.function([], [])() == Tg.function([])() == []
    assert Tg.function([x], None, on_unused_input='ignore')(1) == []
    assert Tg.function([], 3)() == 3


def test_the_form_survives_the_wrapper():
    x = Tg.dscalar('x')
    functions = [Tg.function([x], x), Tg.function([x], [x]), Tg.function([x], {'x': x})]
    model = Gio.ListStore.new(Tg.Function.__gtype__)
    for function in functions:
        model.append(function)
    del functions, function

    assert [model[i](1) for i in range(3)] == [1, [1], {'x': 1}]


def test_functions_made_in_c_return_lists():
    x = Tg.dscalar('x')

    assert Tg.Function.new([x], [x * 2])(4) == [8]


def test_arguments_by_name():
    x, y, z = Tg.dscalars('x', 'y', 'z')
    f = Tg.function([x, y, z], x - 2 * y + 3 * z)

    assert f(1, 2, 3) == f(1, 2, z=3) == f(z=3, y=2, x=1) == 6


def test_names_need_not_be_ascii():
    x = Tg.dscalar('größe')

    assert Tg.function([x], x * 2)(größe=3) == 6


def test_givens():
    x, y = Tg.dscalars('x', 'y')
    w = Tg.shared(1.)

    assert Tg.function([y], x * 2, givens={x: y + 1})(3) == 8
    assert Tg.function([], x * 2, givens=[(x, 5)])() == 10
    assert Tg.function([x], w * 2, givens=[(w, x)])(7) == 14


def test_eval():
    x, y = Tg.dvector('x'), Tg.dscalar('y')

    assert (x * y).eval({x: [1, 2], y: 3}).tolist() == [3, 6]
    assert Tg.arange(3).eval().tolist() == [0, 1, 2]


def test_unused_inputs():
    x, y = Tg.dscalars('x', 'y')

    with pytest.raises(GLib.Error):
        Tg.function([x, y], x)
    with pytest.warns(UserWarning, match='y'):
        assert Tg.function([x, y], x, on_unused_input='warn')(1, 2) == 1
    assert Tg.function([x, y], x, on_unused_input='ignore')(1, 2) == 1
    with pytest.raises(ValueError, match="'raise', 'warn' or 'ignore'"):
        Tg.function([x], x, on_unused_input='never')


def test_update_by_a_number_takes_the_dtype_of_the_variable():
    w = Tg.shared(np.float32(1))

    Tg.function([], [], updates={w: 3})()

    assert w.get_value() == 3 and w.get_value().dtype == np.float32


def test_functions_print_themselves():
    x = Tg.dscalar('x')

    assert 'exp(x)' in repr(Tg.function([x], Tg.exp(x)))


@pytest.mark.parametrize('dtype, values', [
    ('float64', [1, 1.5, True, [1, 2.5], np.float32(1.5), np.int32(3), np.array([1, 2], 'int32'),
                 np.array([True]), np.array([1, 2], 'uint8'), [], 2**40]),
    ('float32', [1, 1.5, [0.1], np.float32(2), np.array([1], 'int8'), np.array([True])]),
    ('int64', [1, True, [1, 2], np.int32(4), np.array([True, False]), []]),
    ('int32', [1, -2**31, [2**31 - 1], np.array([1], 'int16')]),
    ('bool', [True, [True, False], np.bool_(True)]),
])
def test_values_that_are_converted(dtype, values):
    for value in values:
        x = Tg.tensor(dtype, (None,) * np.ndim(value), 'x')
        result = Tg.function([x], x)(value)
        assert result.dtype == dtype
        np.testing.assert_array_equal(result, np.asarray(value, dtype))


@pytest.mark.parametrize('dtype, values', [
    ('float32', [np.float64(1), np.array([1.]), np.array([1]), np.int64(1)]),
    ('int64', [1.5, 1., [0.5], np.float64(1), np.array([1.], 'float32'), 2**63]),
    ('int32', [2**31, [-2**31 - 1], np.int64(1), np.array([1])]),
    ('bool', [1, 0.5, [1], np.array([1])]),
])
def test_values_that_are_not_converted(dtype, values):
    for value in values:
        x = Tg.tensor(dtype, (None,) * np.ndim(value), 'x')
        f = Tg.function([x], x)
        symbol = f'({dtype}|{dtype[0]}{dtype[-2:]})'
        with pytest.raises((GLib.Error, OverflowError), match=f'x.*{symbol}'):
            f(value)


# Gradients

def test_grad_of_one_or_many():
    x, y = Tg.dscalars('x', 'y')
    cost = x ** 2 * y

    assert isinstance(Tg.grad(cost, x), Tg.Variable)
    assert [g.eval({x: 3, y: 2}) for g in Tg.grad(cost, [x, y])[:1]] == [12]
    assert isinstance(Tg.grad(cost, (x, y)), list)


def test_disconnected_inputs():
    x, y = Tg.dscalar('x'), Tg.dvector('y')

    with pytest.raises(GLib.Error):
        Tg.grad(x, y)
    assert Tg.grad(x ** 2, y, disconnected_inputs='ignore').eval({y: [1, 2]}).tolist() == [0, 0]
    with pytest.warns(UserWarning, match='y'):
        Tg.grad(x ** 2, y, disconnected_inputs='warn')


def test_verify_grad():
    rng = np.random.default_rng(1)

    Tg.verify_grad(lambda x, y: Tg.tanh(x @ y), [rng.random((2, 3)), rng.random((3, 4))])


# Random streams

def test_random_streams():
    streams = Tg.RandomStreams(7)
    n = Tg.lscalar('n')

    assert streams.get_seed() == 7
    assert streams.uniform().eval().shape == ()
    assert streams.uniform(size=3).eval().shape == (3,)
    assert streams.normal((n, 2)).eval({n: 4}).shape == (4, 2)
    assert streams.uniform((2,), dtype='float32').eval().dtype == np.float32
    wide = streams.uniform((1000,), low=-3, high=5).eval()
    assert -3 <= wide.min() < -2 and 4 < wide.max() < 5
    normal = streams.normal((10000,), avg=10, std=0.1).eval()
    assert abs(normal.mean() - 10) < 0.01 and abs(normal.std() - 0.1) < 0.01
    assert Tg.RandomStreams().get_seed() != Tg.RandomStreams().get_seed()


# With and without the extension module

def test_other_threads_run_during_a_call():
    script = '''
import threading, time
import numpy as np
from gi.repository import Tg
x = Tg.dmatrix('x')
f = Tg.function([x], Tg.lgamma(Tg.sin(x @ x)).sum())
value = np.ones((800, 800))
ticks = 0
done = False
def tick():
    global ticks
    while not done:
        ticks += 1
        time.sleep(0.0005)
thread = threading.Thread(target=tick)
thread.start()
time.sleep(0.01)
before = ticks
f(value)
print(ticks - before)
done = True
thread.join()
'''
    process = subprocess.run([sys.executable, '-c', script], stdout=subprocess.PIPE, check=True)

    assert int(process.stdout) > 3


@pytest.mark.skipif('TG_PYTHON_NO_EXTENSION' in os.environ, reason='this is that run')
def test_all_this_without_the_extension():
    """The tests of Python and of the tutorial, in pure Python."""
    here = os.path.dirname(__file__)
    files = [os.path.join(here, name) for name in (
        'test-python.py', 'test-python-calls.py', 'test-python-functions.py', 'test-tutorial.py')]

    subprocess.run([sys.executable, '-m', 'pytest', '-q', '-p', 'no:cacheprovider', '-c',
                    os.path.join(here, 'pytest.ini'), '-k', 'not go_in_without_a_copy', *files],
                   env={**os.environ, 'TG_PYTHON_NO_EXTENSION': '1'}, check=True)
