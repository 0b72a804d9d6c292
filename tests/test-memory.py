# SPDX-License-Identifier: LGPL-2.1-or-later
"""Memory: calls and functions leave none behind, and arrays outlive all that made them."""

import gc
import os
import pickle
import subprocess
import sys
import weakref

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import GLib, Tg

MEBIBYTE = 1 << 20


def get_resident_bytes():
    gc.collect()
    with open('/proc/self/statm', encoding='ascii') as file:
        return int(file.read().split()[1]) * os.sysconf('SC_PAGE_SIZE')


def measure_growth(action, times, warm_up):
    for _ in range(warm_up):
        action()
    before = get_resident_bytes()
    for _ in range(times):
        action()
    return get_resident_bytes() - before


def make_training():
    x, y = Tg.dmatrix('x'), Tg.dvector('y')
    w, b = Tg.shared(np.zeros(3), 'w'), Tg.shared(0., 'b')
    p = Tg.sigmoid(x @ w + b)
    cost = ((p - y) ** 2).mean()
    gw, gb = Tg.grad(cost, [w, b])
    return Tg.function([x, y], {'cost': cost, 'p': p}, updates=[(w, w - gw), (b, b - gb)])


@pytest.mark.parametrize('values', [
    (np.ones((4, 3)), np.ones(4)),
    ([[1, 2, 3]] * 4, [1, 0, 1, 0]),
], ids=['arrays', 'lists'])
def test_calls_leave_memory_where_it_was(values):
    train = make_training()

    assert measure_growth(lambda: train(*values), 100_000, 5_000) < MEBIBYTE


def test_large_results_take_the_memory_of_those_before():
    script = '''
import numpy as np
from gi.repository import Tg
x = Tg.dvector('x')
f = Tg.function([x], Tg.exp(x))
value = np.ones(1_000_000)
places = set()
for i in range(20):
    result = f(value)
    places.add(result.__array_interface__['data'][0])
    assert (result == np.e).all()
    value[0] = 1
print(len(places))
'''
    environment = os.environ | {'TG_DEBUG': '', 'MALLOC_CHECK_': ''}
    process = subprocess.run([sys.executable, '-c', script], stdout=subprocess.PIPE, check=True,
                             env=environment)

    assert int(process.stdout) <= 2


def test_calls_that_fail_leave_memory_where_it_was():
    train = make_training()
    wrong = np.ones((4, 3)), np.ones(5)

    def call():
        with pytest.raises(GLib.Error):
            train(*wrong)
        with pytest.raises(TypeError):
            train(np.ones((4, 3)))

    assert measure_growth(call, 5_000, 1_000) < MEBIBYTE


def test_values_leave_memory_where_it_was():
    w = Tg.shared(np.zeros(1000))

    def exchange():
        w.set_value(w.get_value() + 1)
        w.get_value(borrow=True)
        np.asarray(Tg.as_tensor(np.ones(1000))).sum()

    assert measure_growth(exchange, 20_000, 2_000) < MEBIBYTE


def test_gradients_leave_memory_where_it_was():
    x, v = Tg.dvectors('x', 'v')

    def differentiate():
        y = Tg.custom_gradient(Tg.exp(x) * x.max(), x, lambda g: g * Tg.sin(x))
        cost = (Tg.grad_clip(y, -1, 1) ** 2).sum()
        Tg.grad(cost, [x, v], disconnected_inputs='ignore', known_grads={y: v},
                consider_constant=[cost])
        Tg.vjp(y, x, v), Tg.jvp(y, x, v), Tg.hvp(cost, x, v), Tg.jacobian(y, x)
        for wrong in (lambda: Tg.grad(cost, v), lambda: Tg.jvp(y, x, cost),
                      lambda: Tg.vectorize(Tg.arange(cost), {cost: v})):
            with pytest.raises(GLib.Error):
                wrong()

    assert measure_growth(differentiate, 1000, 500) < MEBIBYTE


def test_exchange_leaves_memory_where_it_was(tmp_path):
    tensor = Tg.as_tensor(np.ones((10, 100)))
    path = tmp_path / 'x.npz'

    def exchange():
        Tg.from_dlpack(tensor)[::2, None, 3].tolist()
        np.from_dlpack(tensor.T)
        tensor.__dlpack__(max_version=(1, 0))
        pickle.loads(pickle.dumps([tensor, Tg.shared(1.), tensor.dup_tensor_type()]))
        Tg.savez_compressed(path, tensor, x=tensor)
        Tg.load(path)
        with pytest.raises(GLib.Error):
            Tg.Tensor.load(str(path))

    assert measure_growth(exchange, 600, 150) < MEBIBYTE


def test_functions_leave_memory_where_it_was():
    def make():
        x = Tg.dvector('x')
        w = Tg.shared(np.ones(3))
        f = Tg.function([x], [Tg.exp(x * w)], updates={w: w + Tg.grad((x * w).sum(), w)})
        f(np.ones(3))

    assert measure_growth(make, 1_000, 200) < MEBIBYTE


def test_functions_die_without_the_garbage_collector():
    gc.collect()
    gc.disable()
    try:
        x = Tg.dscalar('x')
        functions = [Tg.function([x], x + i) for i in range(1_000)]
        references = [weakref.ref(function) for function in functions]
        alive = [0]

        def count_down(*_):
            alive[0] -= 1

        for function in functions:
            alive[0] += 1
            function(1)
            function.weak_ref(count_down)
        del function, functions

        assert alive == [0]
        assert not any(reference() for reference in references)
    finally:
        gc.enable()


def test_arrays_outlive_functions():
    x = Tg.dvector('x')
    function = Tg.function([x], x * 2)
    result = function(np.arange(1000.))
    view = result[::2]
    del function, x, result
    gc.collect()
    [np.ones(1000) for _ in range(100)]

    np.testing.assert_array_equal(view, np.arange(0, 2000, 4))


def test_arrays_outlive_tensors_and_shared_variables():
    tensor = Tg.as_tensor([1., 2., 3.])
    shared = Tg.shared(np.full(1000, 7.))
    arrays = np.asarray(tensor), shared.get_value(borrow=True)
    del tensor
    shared.set_value(np.zeros(1000))
    del shared
    gc.collect()
    [np.ones(1000) for _ in range(100)]

    assert arrays[0].tolist() == [1, 2, 3]
    assert np.all(arrays[1] == 7)


class Watched(bytearray):
    """Memory of arrays that can be watched while it dies."""


@pytest.mark.skipif('TG_PYTHON_NO_EXTENSION' in os.environ, reason='arrays are copied')
def test_foreign_memory_is_released_once():
    released = []
    memory = Watched(np.arange(10.).tobytes())
    weakref.finalize(memory, released.append, True)
    array = np.frombuffer(memory)
    tensors = [Tg.as_tensor(array), Tg.as_tensor(array)]
    tensors.append(tensors[0].slice(0, 2, 8, 2))
    del array, memory
    gc.collect()

    assert released == []
    assert np.asarray(tensors[2]).tolist() == [2, 4, 6]
    tensors.clear()
    gc.collect()
    assert released == [True]


def test_arguments_are_not_kept():
    x = Tg.dvector('x')
    w = Tg.shared(np.zeros(10))
    f = Tg.function([x], x.sum(), updates=[(w, w + x)])
    array = np.arange(10.)
    references = sys.getrefcount(array)

    f(array)
    with pytest.raises(GLib.Error):
        f(np.ones(11))

    assert sys.getrefcount(array) == references


def test_memory_is_released_while_an_exception_is_on_its_way():
    """The last reference to an array goes with the error that a call raises."""
    x, y = Tg.dvectors('x', 'y')
    f = Tg.function([x, y], x + y)

    for _ in range(100):
        with pytest.raises(GLib.Error, match='add'):
            f(np.ones(2), np.ones(3))


DEEP = '''
import resource
import sys
resource.setrlimit(resource.RLIMIT_STACK, (8 << 20, 8 << 20))
sys.setrecursionlimit(1000)

import threading
threading.stack_size(8 << 20)

def main():
    import numpy as np
    from gi.repository import Tg

    x = Tg.dscalar('x')
    y = x
    for _ in range(100_000):
        y = Tg.sin(y) + 0.5
    text = repr(y)
    assert len(text) > 100_000, len(text)
    gradient = Tg.grad(y, x)
    f = Tg.function([x], [y, gradient])

    value, slope = 0.25, 1.0
    for _ in range(100_000):
        slope *= np.cos(value)
        value = np.sin(value) + 0.5
    result = f(0.25)
    assert abs(result[0] - value) < 1e-9 and abs(result[1] - slope) < 1e-9, (result, value, slope)
    assert len(f.dup_graph().to_dot()) > 100_000
    dead = []
    y.weak_ref(dead.append, True)
    f.weak_ref(dead.append, True)
    del f, gradient, y
    assert dead == [True, True], dead
    print('done')

thread = threading.Thread(target=main)
thread.start()
thread.join()
'''


def test_a_chain_of_100_000_nodes_needs_no_deep_stack():
    result = subprocess.run([sys.executable, '-c', DEEP], capture_output=True, text=True,
                            check=False)

    assert (result.stdout, result.returncode) == ('done\n', 0), result.stderr


@pytest.mark.parametrize('build', [
    lambda x: Tg.exp(x + 1) * True,
    lambda x: x.sum(axis=(0, 1), keepdims=True).reshape(-1, 1),
    lambda x: x[0, 1:] / Tg.zeros((2, 3)),
    lambda x: Tg.parse('tanh(x) + 1', x),
    lambda x: Tg.clone(x * 2, {x: x + 1}),
    lambda x: pytest.raises(GLib.Error, lambda: x.sum(axis=7)),
    lambda x: pytest.raises(TypeError, lambda: x.sum(axis='0', keepdims=True)),
])
def test_expressions_leave_no_memory_behind(build):
    x = Tg.dmatrix('x')

    with Tg.name_scope('layer1'):
        assert measure_growth(lambda: build(x), 20_000, 2_000) < MEBIBYTE


def test_evaluated_variables_leave_no_memory_behind():
    x = Tg.dscalar('x')

    def evaluate():
        y = Tg.exp(x) + 1
        y.eval({x: 0})
        y.eval({x: 1})

    assert measure_growth(evaluate, 10_000, 1_000) < MEBIBYTE
