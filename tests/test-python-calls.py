# SPDX-License-Identifier: LGPL-2.1-or-later
"""The Python binding: inputs and outputs with options, modes, copies, calls in other threads."""

import asyncio
import collections
import threading

import gi

gi.require_version('Tg', '1')

import numpy as np
import pytest
from gi.repository import Gio, GLib, Tg


# Inputs

def test_defaults_and_names():
    x, y, z = Tg.dscalars('x', 'y', 'z')
    f = Tg.function([x, Tg.In(y, value=2), Tg.In(z, name='scale', value=10)], (x + y) * z)

    assert f(1) == 30 and f(1, 3) == 40 and f(1, 3, 1) == 4
    assert f(1, scale=1) == 3 and f(scale=1, x=5) == 7 and f(y=0, x=1) == 10


def test_defaults_can_be_read_and_set():
    x, y = Tg.dscalar('x'), Tg.dvector('y')
    f = Tg.function([x, Tg.In(y, value=[1, 2])], x * y)

    assert f['y'].tolist() == f[y].tolist() == f[1].tolist() == [1, 2]
    f[y] = [3, 4, 5]
    assert f(2).tolist() == [6, 8, 10]
    with pytest.raises(KeyError, match='x'):
        f['x']


def test_a_default_is_a_copy():
    x = Tg.dvector('x')
    memory = np.ones(2)
    f = Tg.function([Tg.In(x, value=memory)], x * 2)

    memory[0] = 5

    assert f().tolist() == [2, 2]


def test_defaults_of_shared_variables_are_those_of_the_moment():
    x = Tg.dvector('x')
    w = Tg.shared(np.ones(2), 'w', shape=(None,))
    f = Tg.function([Tg.In(x, value=w)], x * 2)

    assert f().tolist() == [2, 2]
    w.set_value([5, 6, 7])
    assert f().tolist() == [10, 12, 14] and f([1]).tolist() == [2]


def test_defaults_that_are_updated():
    n, step = Tg.lscalars('n', 'step')
    counter = Tg.function([step, Tg.In(n, value=0, update=n + step)], n)

    assert [counter(1), counter(5), counter(1)] == [0, 1, 6]
    assert counter(1, n=100) == 100 and counter(1) == 101 and counter['n'] == 102


@pytest.mark.parametrize('dtype, value, kept', [
    ('float32', 0.5, True), ('float32', 0.1, False), ('float32', 3, True), ('float64', 0.1, True),
    ('float32', 2**24 + 1, False), ('float32', [0.5, 0.1], False), ('float32', [0.5, 2], True),
    ('float32', np.float64(0.5), False), ('float32', np.array(0.5), False), ('int32', 5, True),
    ('int64', 1.0, True), ('int64', 1.5, False), ('int32', 2**31, False), ('float64', 3, True),
    ('float64', 2**53 + 1, False), ('float64', np.float32(0.1), True), ('bool', True, True),
    ('bool', 1, True), ('bool', 2, False), ('int64', [1.0, 2], True),
    ('float32', float('inf'), True), ('bfloat16', 0.5, True), ('bfloat16', 0.1, False),
    ('bfloat16', 257, False), ('float16', [1, 2.5], True), ('float16', 1e6, False),
    ('uint8', 255, True), ('uint8', -1, False), ('complex64', 1 + 2j, True),
    ('complex64', 0.1j, False), ('float64', 1j, False), ('complex64', float('nan'), True),
])
def test_without_downcast_values_stay_what_they_are(dtype, value, kept):
    x = Tg.tensor(dtype, (None,) * np.ndim(value), 'x')
    for f in (Tg.function([Tg.In(x, allow_downcast=False)], x),
              Tg.function([x], x, allow_input_downcast=False)):
        if kept:
            result = f(value)
            assert result.dtype.name == dtype.replace('bfloat16', 'float32')
            np.testing.assert_array_equal(result, value)
        else:
            with pytest.raises(GLib.Error, match='without loss'):
                f(value)


@pytest.mark.parametrize('dtype, value', [
    ('float32', 0.1), ('float32', np.array(0.1)), ('int64', 1.5), ('int32', [1.7, -1.7]),
    ('int32', np.array([2.5, -2.5])), ('float32', [1, 2]), ('int32', np.array([7])),
    ('float64', np.array([1, 2], 'uint8')), ('int32', np.array([1.5], 'float16')), ('bool', 3),
])
def test_with_downcast_all_are_converted(dtype, value):
    x = Tg.tensor(dtype, (None,) * np.ndim(value), 'x')
    for f in (Tg.function([Tg.In(x, allow_downcast=True)], x),
              Tg.function([x], x, allow_input_downcast=True)):
        np.testing.assert_array_equal(f(value), np.asarray(value).astype(dtype))


def test_strict_inputs_take_their_own_dtype_alone():
    x = Tg.dvector('x')
    f = Tg.function([Tg.In(x, strict=True)], x)

    assert f(np.ones(2)).tolist() == [1, 1] and f([1.5]).tolist() == [1.5]
    for value in ([1], np.ones(2, 'float32'), np.ones(2, 'int32')):
        with pytest.raises(GLib.Error, match='strict'):
            f(value)
    i = Tg.lscalar('i')
    assert Tg.function([Tg.In(i, strict=True)], i)(3) == 3


def test_borrowed_arrays_go_in_without_a_copy():
    x = Tg.dvector('x')
    memory = np.ones(3)

    def is_view(entry, output):
        return np.shares_memory(Tg.function([entry], output)(memory), memory)

    assert not is_view(x, x) and not is_view(x, [x[1:]][0])
    assert is_view(Tg.In(x, borrow=True), x) and is_view(Tg.In(x, mutable=True), x[1:])
    assert is_view(x, Tg.Out(x, borrow=True)) and not is_view(x, Tg.Out(x))
    with pytest.raises(ValueError, match='mutable'):
        Tg.In(x, mutable=True, borrow=False)


def test_outputs_with_options_keep_their_form():
    x = Tg.dscalar('x')

    assert Tg.function([x], Tg.Out(x * 2))(1) == 2
    assert Tg.function([x], [Tg.Out(x), x])(1) == [1, 1]
    assert Tg.function([x], {'a': Tg.Out(x, borrow=True)})(1) == {'a': 1}


# Functions

def test_updates_may_be_any_pairs():
    for make in (dict, list, collections.OrderedDict, tuple):
        v, w = Tg.shared(1), Tg.shared(2)
        f = Tg.function([], [v, w], updates=make([(v, w), (w, v)]))
        assert f() == [1, 2] and f() == [2, 1]


def test_default_updates_may_be_left_out():
    streams = Tg.RandomStreams(3)
    u, v = streams.uniform((2,)), streams.uniform((2,))
    moving, still = Tg.function([], u), Tg.function([], u, no_default_updates=True)

    assert moving().tolist() != moving().tolist()
    assert still().tolist() == still().tolist()
    with pytest.raises(TypeError, match='no_default_updates'):
        Tg.function([], u, no_default_updates=[u, 3])
    w = Tg.shared(1)
    assert Tg.function([], w, no_default_updates=[w])() == 1


def test_modes():
    x = Tg.dscalar('x')
    mode = Tg.Mode('reference', check_finite=True)

    assert repr(mode) == '<Tg.Mode reference,check-finite>'
    assert repr(Tg.Mode()) == '<Tg.Mode cpu,exact,real,stable>'
    assert Tg.Mode(accuracy='high').accuracy == Tg.Accuracy.HIGH
    with pytest.raises(ValueError, match="^accuracy: expected 'normal' or 'high', not 'most'$"):
        Tg.Mode(accuracy='most')
    assert Tg.function([x], x).mode.check_finite is False
    for given, backend in ((mode, 'reference'), ('check-finite', 'cpu'),
                           ('check, check-finite', 'cpu'), ('reference,check-finite', 'reference')):
        f = Tg.function([x], 1 / x, mode=given)
        assert f.mode.check_finite and f.mode.backend == backend and f(4) == 0.25
        with pytest.raises(GLib.Error, match='divide.*the result is inf'):
            f(0)
    mode.check_finite = False
    assert f.mode.check_finite


def test_copies():
    v, w = Tg.shared(1., 'v'), Tg.shared(10., 'w')
    x = Tg.dscalar('x')
    f = Tg.function([Tg.In(x, value=1, update=x + 1)], {'sum': x + v}, updates={v: v + x})
    g = f.copy(swap={v: w})

    assert [f(), f()] == [{'sum': 2}, {'sum': 4}] and v.get_value() == 4
    assert [g(), g()] == [{'sum': 11}, {'sum': 13}] and w.get_value() == 13
    still = f.copy(delete_updates=True, name='still')
    assert still.name == 'still' and f.copy().name == f.name == 'function'
    assert still(1) == still(1) == {'sum': 5} and v.get_value() == 4 and f['x'] == 3


def test_copies_of_functions_of_expressions():
    x, v, w = Tg.dscalar('x'), Tg.shared(1.), Tg.shared(2.)
    y = x * v
    f = Tg.function([y], Tg.exp(y * 0) + y * v)

    assert f(3) == 4 and f.copy(swap={v: w})(3) == 7


def test_copies_of_functions_that_draw():
    streams = Tg.RandomStreams(5)
    f = Tg.function([], streams.uniform((2,)))
    g = f.copy()

    assert f().tolist() != g().tolist()


# Calls

@pytest.mark.parametrize('dtype, value', [
    ('float64', [[1, 2.5], [True, 4]]), ('float64', ((1, 2), [3, 4])), ('int64', [[2**40], [-1]]),
    ('int32', [[[1, 2]]]), ('float32', [[0.1]]), ('bool', [[True, False]]), ('float64', [[]]),
    ('float64', [np.ones(2), [1, 2]]), ('float64', [[np.float32(1), np.int8(2)]]),
    ('float32', 16777217), ('int32', True),
])
def test_lists_become_what_numpy_makes_of_them(dtype, value):
    x = Tg.tensor(dtype, (None,) * np.ndim(value), 'x')
    result = Tg.function([x], x)(value)

    np.testing.assert_array_equal(result, np.array(value, dtype))
    assert result.dtype == dtype


def test_a_list_that_holds_itself():
    x = Tg.dvector('x')
    endless = []
    endless.append(endless)

    with pytest.raises((ValueError, RecursionError)):
        Tg.function([x], x)(endless)


def test_a_call_is_a_future():
    x = Tg.dvector('x')
    w = Tg.shared(1.)
    f = Tg.function([x, Tg.In(Tg.dscalar('y'), value=2)], x * w, updates={w: w * 2},
                    on_unused_input='ignore')
    futures = [f.call_async([1, 2]), f.call_async(x=[1, 2], y=3)]

    assert sorted(float(future.result(10)[0]) for future in futures) == [1, 2]
    assert w.get_value() == 4
    with pytest.raises(TypeError, match='missing'):
        f.call_async().result(10)


def make_slow():
    """A function that takes seconds, of many operators."""
    x = Tg.dmatrix('x')
    y = x
    for _ in range(3000):
        y = Tg.cos(y)
    w = Tg.shared(0)
    return Tg.function([x], y.sum(), updates={w: w + 1}, name='slow'), w, np.zeros((500, 500))


def test_a_call_can_be_cancelled():
    f, w, value = make_slow()
    future = f.call_async(value)

    assert future.cancel()
    with pytest.raises(GLib.Error, match='slow: the call was cancelled') as error:
        future.result(10)
    assert error.value.matches(Gio.io_error_quark(), Gio.IOErrorEnum.CANCELLED)
    assert w.get_value() == 0 and not future.cancel()


def test_a_call_is_awaited():
    x = Tg.dscalar('x')
    f = Tg.function([x], x * 2)
    slow, w, value = make_slow()

    async def main():
        assert await f.call_async(4) == 8
        assert await asyncio.gather(f.call_async(1), f.call_async(2)) == [2, 4]
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(slow.call_async(value), 0.02)

    asyncio.run(main())
    assert w.get_value() == 0


def test_threads_share_a_variable():
    w = Tg.shared(np.zeros(2))
    step = Tg.function([], w, updates={w: w + [1, -1]})
    torn = []

    def run():
        for _ in range(300):
            before = step()
            if before[0] != -before[1]:
                torn.append(before)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not torn and w.get_value().tolist() == [1200, -1200]


def test_a_function_may_have_very_many_inputs():
    n = 100_000
    xs = [Tg.dscalar() for _ in range(n)]
    f = Tg.function(xs, Tg.stack(xs).sum())

    assert f(*range(n)) == n * (n - 1) / 2
